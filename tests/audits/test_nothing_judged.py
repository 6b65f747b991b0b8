"""What was not judged has not passed, in whatever form it is told; every row and figure here was invented."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import jsonschema
import polars as pl
import pytest
from audits.written_tables import (
    LEVEL,
    MEASURE,
    MONTHLY,
    PROVIDER,
    SERVICES,
    VALUE,
    changed,
    month,
    rows_of,
    written,
)
from cli.command import run
from layouts import headers
from layouts.written import csv_bytes

from iapt_audit import Audit, UnjudgedError, UnreadError, audit
from iapt_audit.definitions import load_default
from iapt_audit.definitions.resources import audit_schema
from iapt_audit.integrations.great_expectations.judging import judge
from iapt_audit.integrations.great_expectations.results import told

if TYPE_CHECKING:
    from pathlib import Path

    from audits.written_tables import Row

_BLANK, _NOT_BREAKING = " ", "\N{NO-BREAK SPACE}"


def _values(figure: str) -> list[Row]:
    return changed(month(), VALUE, lambda _: figure)


#: A month of which nothing can be judged, and the reason that is given.
NOTHING = {
    "levels of another word": (changed(month(), LEVEL, lambda _: "Nation"), "no_level"),
    "levels one letter off": (changed(month(), LEVEL, lambda text: f"{text}s"), "no_level"),
    "levels empty": (changed(month(), LEVEL, lambda _: ""), "no_level"),
    "levels lost to a code": (changed(month(), LEVEL, lambda _: "INV01"), "no_level"),
    "figures empty": (_values(""), "no_values"),
    "figures blank": (_values("  "), "no_values"),
    "figures not applicable": (_values("NULL"), "no_values"),
    "figures suppressed": (_values("*"), "all_suppressed"),
    "figures suppressed or not applicable": (
        changed(month(), VALUE, lambda figure: "*" if figure == "*" or "." in figure else "NULL"),
        "all_suppressed",
    ),
    "figures are words": (_values("see note"), "no_numbers"),
    "figures with thousands apart": (_values("1,4,07"), "no_numbers"),
    "figures some empty, some suppressed": (
        changed(month(), VALUE, lambda figure: "" if figure == "*" or "." in figure else "*"),
        "nothing_to_try",
    ),
    "every row twice": ([*month(), *month()], "keys_twice"),
    "one measure of one service": (rows_of("Provider", "INV01", {"M076": "705"}), "nothing_to_try"),
    "percentages without their counts": (rows_of("Provider", "INV01", {"M192": "50", "M195": "48"}), "nothing_to_try"),
}


@pytest.mark.parametrize("kind", NOTHING)
def test_month_of_which_nothing_is_judged_is_unjudged_and_says_why(kind: str, tmp_path: Path) -> None:
    rows, reason = NOTHING[kind]
    path = written(tmp_path / "month.csv", rows)

    done = run("audit", path, "--format", "json")
    content = json.loads(done.stdout)
    (source,) = content["inputs"]

    jsonschema.validate(content, json.loads(audit_schema().read_text(encoding="utf-8")))
    assert done.returncode == 3
    assert (source["status"], source["error"]["code"]) == ("unjudged", reason)
    assert f"month.csv: {source['error']['message']}" in done.stderr
    assert content["summary"]["rates"]["consistent"] == content["summary"]["rates"]["contradicted"] == 0


@pytest.mark.parametrize("kind", ["levels of another word", "figures empty", "figures suppressed", "every row twice"])
def test_no_gate_passes_a_month_of_which_nothing_is_judged(kind: str, tmp_path: Path) -> None:
    rows, reason = NOTHING[kind]
    path = written(tmp_path / "month.csv", rows)
    found = audit(path)
    suites = ET.fromstring(run("audit", path, "--format", "junit").stdout)  # noqa: S314 - our own
    (log,) = json.loads(run("audit", path, "--format", "sarif").stdout)["runs"]
    frame = pl.read_csv(path, infer_schema=False, empty_string_is_null=False).to_pandas()
    checked = told(judge(frame, "monthly_activity/2021-01", load_default(), None), [])

    with pytest.raises(UnjudgedError, match="no figure was judged") as raised:
        found.raise_for_findings()
    assert [each.status for each in raised.value.inputs] == ["unjudged"]
    (failed,) = [
        case
        for case in suites.iter("testcase")
        if case.find("failure") is not None and case.get("classname") == "judged"
    ]
    assert failed.find("failure").get("type") == reason  # type: ignore[union-attr]
    assert not log["invocations"][0]["executionSuccessful"]
    assert log["invocations"][0]["toolExecutionNotifications"][0]["descriptor"]["id"] == reason
    assert (checked["success"], checked["result"]["details"]["unjudged"]["code"]) == (False, reason)
    # the checks of form still say what they found
    assert "findings" in checked["result"]["details"]


@pytest.mark.parametrize("form", ["table", "markdown", "github"])
def test_every_form_for_readers_begins_with_what_was_not_judged(form: str, tmp_path: Path) -> None:
    path = written(tmp_path / "month.csv", _values("*"))

    done = run("audit", path, "--format", form)
    said = " ".join(done.stdout.split())

    assert done.returncode == 3
    assert "no figure was judged: all its 16 figures are suppressed" in said
    assert "Nothing was found" not in said
    assert "1 input audited" not in said
    if form != "github":
        assert said.index("No figure in the input could be judged, which is not a clean bill") < 100


def test_the_page_says_first_what_was_not_judged(tmp_path: Path) -> None:
    path, page = written(tmp_path / "month.csv", _values("*")), tmp_path / "page.html"

    done = run("report", path, "-o", page)
    text = page.read_text(encoding="utf-8")

    assert done.returncode == 3
    assert "No figure in the input could be judged, which is not a clean bill" in text
    assert "Nothing was found wrong" not in text
    assert "0 inputs were audited, nothing was judged of 1" in text


def test_one_good_input_does_not_let_another_pass(tmp_path: Path) -> None:
    good, hidden = written(tmp_path / "good.csv", month()), written(tmp_path / "hidden.csv", _values("*"))

    done = run("audit", good, hidden, "--format", "json")
    content = json.loads(done.stdout)

    assert done.returncode == 3
    assert [each["status"] for each in content["inputs"]] == ["audited", "unjudged"]
    assert content["summary"]["rates"]["consistent"] == 4


def test_an_input_given_twice_is_counted_once_and_passes(tmp_path: Path) -> None:
    one, other = written(tmp_path / "one.csv", month()), written(tmp_path / "other.csv", month())

    done = run("audit", one, other, "--format", "json")
    content = json.loads(done.stdout)

    assert done.returncode == 0
    assert [each["status"] for each in content["inputs"]] == ["audited", "audited"]


def test_a_month_of_a_longer_table_that_is_all_suppressed_does_not_pass(tmp_path: Path) -> None:
    rows = [*month("2026-01"), *changed(month("2026-02"), VALUE, lambda _: "*")]

    done = run("audit", written(tmp_path / "months.csv", rows), "--format", "json")

    assert done.returncode == 3
    assert [each["status"] for each in json.loads(done.stdout)["inputs"]] == ["audited", "unjudged"]


#: How the keys of a sound month may be spelt without any of it getting lost.
SPELT = {
    "a blank behind levels": (LEVEL, lambda text: f"{text} "),
    "a blank before levels": (LEVEL, lambda text: f" {text}"),
    "a tab behind levels": (LEVEL, lambda text: f"{text}\t"),
    "a blank that does not break behind levels": (LEVEL, lambda text: text + _NOT_BREAKING),
    "levels in capitals": (LEVEL, str.upper),
    "levels in small letters": (LEVEL, str.lower),
    "levels in capitals with blanks": (LEVEL, lambda text: f" {text.upper()}  "),
    "a blank behind measures": (MEASURE, lambda text: f"{text} "),
    "measures in small letters": (MEASURE, str.lower),
    "a blank behind codes": (PROVIDER, lambda text: f"{text} "),
    "a blank behind dates": ("REPORTING_PERIOD_START", lambda text: f"{text} "),
    "blanks around names": ("ORG_NAME2", lambda text: f"  {text} "),
}


@pytest.mark.parametrize("kind", SPELT)
def test_keys_are_read_alike_however_they_are_spelt(kind: str, tmp_path: Path) -> None:
    column, change = SPELT[kind]
    sound = audit(written(tmp_path / "sound.csv", month()))

    found = audit(written(tmp_path / "spelt.csv", changed(month(), column, change)))

    found.raise_for_findings()
    assert found.summary["rates"] == sound.summary["rates"]
    same = ["level", "org_code", "org_name", "measure", "printed", "low", "high"]
    assert found.cells.select(same).rows() == sound.cells.select(same).rows()
    (mended,) = found.findings.filter(pl.col("code") == "key-mended")["message"]
    assert f"`{column}` in 16 of 16 rows (100%)" in mended


def test_one_organisation_under_a_padded_code_is_one(tmp_path: Path) -> None:
    rows = [{**row, PROVIDER: f"{row[PROVIDER]} "} if row[MEASURE] in {"M191", "M192"} else row for row in month()]

    found = audit(written(tmp_path / "month.csv", rows))

    assert found.summary["rates"]["consistent"] == 4
    assert set(found.cells["org_code"].cast(pl.String)) == {"England", *SERVICES}


#: What the key columns of a layout do not make one, with a word of the message.
OTHERS = {
    "measures of another name": (changed(month(), MEASURE, lambda text: f"{text}x"), MONTHLY, "`M076x`"),
    "measures empty": (changed(month(), MEASURE, lambda _: ""), MONTHLY, "none of its measures is known"),
    "measures that are names": (changed(month(), MEASURE, lambda _: "Recovery rate"), MONTHLY, "`Recovery rate`"),
    "measures that are numbers": (changed(month(), MEASURE, lambda text: text[1:]), MONTHLY, "none of its measures"),
    "a part of the key more": (
        [{**row, "AgeBand": band} for row in month() for band in ("18 to 64", "65 and over")],
        (*MONTHLY, "AgeBand"),
        "`AgeBand`",
    ),
    "two parts of the key more, one of which tells": (
        [{**row, "AgeBand": band, "Source": "x"} for row in month() for band in ("18 to 64", "65 and over")],
        (*MONTHLY, "Source", "AgeBand"),
        "`AgeBand`",
    ),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_key_columns_alone_make_no_layout(kind: str, tmp_path: Path) -> None:
    rows, header, named = OTHERS[kind]

    done = run("audit", written(tmp_path / "month.csv", rows, header), "--format", "json")
    (source,) = json.loads(done.stdout)["inputs"]

    assert done.returncode == 3
    assert source["status"] == "unknown_layout"
    assert named in source["error"]["message"]


def _tidy(measure: str, statistic: str, value: str, **others: str) -> Row:
    return {
        "reporting_period": "2024-25", "start_date": "2024-04-01", "end_date": "2025-03-31", "org_type": "England",
        "org_code": "All", "org_name": "All", "measure_name": measure, "measure_statistic": statistic,
        "value": value, **others,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "rows", "named"),
    [
        (
            headers.ANNUAL_TIDY,
            [
                _tidy(f"position_{number}", "count", "100", variable_type="therapy_type", variable_a=kind)
                for number in (1, 2)
                for kind in ("cbt", "all_therapies")
            ],
            "`position_1`",
        ),
        (
            [*headers.ANNUAL_TIDY, "measure_time"],
            [
                _tidy("phq", "mean", value, variable_type="PROMs", variable_a="Total", measure_time=when)
                for when, value in (("start", "14.2"), ("end", "8.1"))
            ],
            "`measure_time`",
        ),
    ],
    ids=["position of therapies", "outcome measures"],
)
def test_sibling_table_of_a_tidy_release_is_not_taken_for_the_measures(
    header: list[str], rows: list[Row], named: str, tmp_path: Path
) -> None:
    path = tmp_path / "tidy.csv"
    path.write_bytes(csv_bytes(header, rows))

    with pytest.raises(UnreadError, match=named):
        audit(path)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"Reporting_Month": lambda _: "Feb"}, id="a word alike in all rows"),
        pytest.param({"number": str}, id="the number of the row"),
        pytest.param({"Source": lambda number: f"part {number % 2}"}, id="a word that parts rows already apart"),
    ],
)
def test_column_more_that_is_no_part_of_the_key_is_a_note(more: dict[str, object], tmp_path: Path) -> None:
    ((name, value),) = more.items()
    rows = [{**row, name: value(number)} for number, row in enumerate(month())]  # type: ignore[operator]

    found = audit(written(tmp_path / "month.csv", rows, (*MONTHLY, name)))

    assert found.inputs["status"].to_list() == ["audited"]
    assert [name] in found.findings.filter(pl.col("code") == "measure-unknown")["measures"].to_list()


def test_two_rows_twice_stay_a_finding_whatever_else_tells_them_apart(tmp_path: Path) -> None:
    rows = [{**row, "Source": "one"} for row in month()]
    rows += [{**row, "Source": "two"} for row in rows[-2:]]

    found = audit(written(tmp_path / "month.csv", rows, (*MONTHLY, "Source")))

    assert found.findings.filter(pl.col("code") == "key-twice")["org_code"].to_list() == ["INV03"]


def _told_of(found: Audit, code: str) -> list[str]:
    messages: list[str] = found.findings.filter(pl.col("code") == code)["message"].to_list()
    return messages


@pytest.mark.parametrize(
    ("rows", "code", "told"),
    [
        (
            [*month(), *rows_of("Trust", "INV09", SERVICES["INV01"])],
            "level-unknown",
            "the level `Trust` is unknown and not audited, 4 of 20 rows (20%)",
        ),
        (
            [*month(), *rows_of("Provider", "INV01", {"M999": "5"})],
            "measure-unknown",
            "the measure `M999` is in no definition: it is counted and not judged, 1 of 17 rows (5%)",
        ),
        (
            [*month(), *rows_of("Provider", "INV03", SERVICES["INV03"])],
            "key-twice",
            "none of them is judged, 8 of 20 rows (40%)",
        ),
        (
            [*month(), *rows_of("Provider", "", SERVICES["INV01"])],
            "key-empty",
            "whose figures they are, 4 of 20 rows (20%)",
        ),
        (
            changed(month(), VALUE, lambda figure: figure)
            + rows_of("SubICB", "INV90", dict.fromkeys(SERVICES["INV01"], "*")),
            "part-unjudged",
            "nothing of level sub_icb was judged, 4 of 20 figures (20%): 4 suppressed",
        ),
        (
            [*month(), *rows_of("Provider", "INV04", dict.fromkeys(SERVICES["INV01"], "*"))],
            "part-unjudged",
            "nothing of 1 of 4 organisations (25%) of level provider was judged: INV04",
        ),
    ],
    ids=["a level", "a measure", "an organisation twice", "no organisation", "a known level", "an organisation"],
)
def test_part_that_fell_out_is_told_with_its_share(rows: list[Row], code: str, told: str, tmp_path: Path) -> None:
    # the level of a commissioner has its code on the other side
    rows = [{**row, "ORG_CODE1": "INV90"} if row[LEVEL] == "SubICB" else row for row in rows]
    found = audit(written(tmp_path / "month.csv", rows))

    assert found.inputs["status"].to_list() == ["audited"]
    assert any(told in message for message in _told_of(found, code))


def test_figures_without_any_rule_are_told_to_be_looked_at_for_their_form(tmp_path: Path) -> None:
    layout = load_default().layouts["annual_therapist_role/2022-23"]
    row = dict.fromkeys(layout.identifying, "All") | dict.fromkeys(layout.columns, "10")
    row[layout.keys["level"]] = next(iter(layout.levels))
    path = tmp_path / "therapist-role-2022-23.csv"
    path.write_bytes(csv_bytes(list(row), [row]))

    found = audit(path)

    found.raise_for_findings()
    assert found.inputs["status"].to_list() == ["audited"]
    assert _told_of(found, "form-only")


_CLAIM = ("--figure", "46.3%", "--measure", "recovery", "--period", "2015-16")


@pytest.mark.parametrize("command", ["judge", "trace", "claims"])
def test_no_verdict_is_given_when_none_of_the_data_can_be_used(command: str, tmp_path: Path) -> None:
    arguments = {"judge": _CLAIM, "trace": ("46.3%", "--period", "2015-16"), "claims": ("--year", "2015")}[command]
    empty = written(tmp_path / "empty.csv", _values(""))

    for data, why in ((tmp_path / "missing.csv", "there is no such file"), (empty, "all its 16 figures are empty")):
        done = run(command, *arguments, "--data", data)

        assert done.returncode == 3
        assert done.stdout == ""
        assert why in done.stderr


def test_a_verdict_says_first_which_of_the_data_it_does_without(tmp_path: Path) -> None:
    good, missing = written(tmp_path / "good.csv", month()), tmp_path / "missing.csv"

    done = run("judge", *_CLAIM, "--data", good, "--data", missing)

    assert done.returncode == 3
    assert done.stdout.startswith("Judged without 1 of 2 inputs given: missing.csv\n")
    assert "CONSISTENT" in done.stdout
