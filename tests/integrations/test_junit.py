"""JUnit XML: counted honestly, and whole whatever stands in a name; all rows here were invented."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from integrations.found import (
    INVENTED,
    SLIPPED,
    found,
    hostile_month,
    many_errors,
    month_with_a_slip,
    parsed,
    text,
    write,
)

from iapt_audit.integrations.junit import junit
from iapt_audit.model.findings import Code, Severity
from iapt_audit.selection.narrow import choose

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from xml.etree import ElementTree as ET

    from iapt_audit.results import AuditResult

ERRORS = frozenset({Severity.ERROR})
OUTCOMES = ("failure", "error", "skipped")


def written(audit: AuditResult, failing: Iterable[Severity] = ERRORS) -> ET.Element:
    root = parsed(junit(audit, frozenset(failing), {}))
    for element in (root, *root.iter("testsuite")):
        cases = list(element.iter("testcase"))
        assert int(element.get("tests", -1)) == len(cases)
        for name, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.get(name, -1)) == sum(case.find(outcome) is not None for case in cases)
    return root


def outcomes(root: ET.Element) -> dict[str, str]:
    return {
        case.get("name", ""): next((outcome for outcome in OUTCOMES if case.find(outcome) is not None), "passed")
        for case in root.iter("testcase")
    }


def test_an_input_is_a_suite_and_a_check_a_case() -> None:
    root = written(found(INVENTED))
    (suite,) = root.iter("testsuite")
    told = outcomes(root)

    assert suite.get("name") == "invented_month.csv (2026-02)"
    assert {name for name, outcome in told.items() if outcome != "passed"} == {"recovery"}
    codes = {code.value for code in Code if code is not Code.RATE_CONTRADICTED}
    of_rates = {"recovery", "reliable_improvement", "first_treatment_6_weeks"}
    assert set(told) == codes | of_rates | {"the input is read", "a figure of the input is judged"}


def test_a_case_says_how_many_figures_it_is_about() -> None:
    (case,) = (each for each in written(found(INVENTED)).iter("testcase") if each.get("name") == "recovery")
    failure = case.find("failure")

    assert failure is not None
    assert failure.get("type") == "rate-contradicted"
    assert failure.get("message") == "No true counts give the printed percentage: 1 finding"
    assert "3 consistent\n1 contradicted\n1 not checkable: the percentage is suppressed" in (failure.text or "")
    assert "invented_month.csv, row 21" in (failure.text or "")


@pytest.mark.parametrize(
    ("failing", "expected"), [([], "passed"), (["error"], "passed"), (list(Severity), "failure")], ids=str
)
def test_a_finding_fails_its_case_only_from_the_severity_asked_for(failing: list[Severity], expected: str) -> None:
    told = outcomes(written(found(INVENTED), map(Severity, failing)))

    assert told["measures-absent"] == expected
    assert told["recovery"] == ("failure" if failing else "passed")


def test_a_rate_of_which_nothing_could_be_judged_does_not_pass(tmp_path: Path) -> None:
    kept = [line for line in text().splitlines() if "M191" not in line]
    told = outcomes(written(found(write(tmp_path, "\n".join(kept) + "\n"))))

    assert told["recovery"] == "skipped"


def test_what_was_not_asked_for_does_not_pass() -> None:
    from datetime import UTC, datetime

    today = datetime.now(tz=UTC).date()
    only = outcomes(written(choose(found(INVENTED), only=["disclosure"], today=today)))
    skip = outcomes(written(choose(found(INVENTED), skip=["recovery", "keys"], today=today)))

    assert only["recovery"] == only["key-twice"] == "skipped"
    assert only["percentage-without-count"] == "passed"
    assert skip["recovery"] == skip["key-twice"] == "skipped"
    assert skip["reliable_improvement"] == "passed"


def test_a_waived_finding_is_skipped_with_its_reason() -> None:
    audit = found(INVENTED)
    waived = tuple(replace(each, waived="asked the publisher") for each in audit.published.findings)
    root = written(replace(audit, published=replace(audit.published, findings=waived)))
    (case,) = (each for each in root.iter("testcase") if each.get("name") == "recovery")
    skipped = case.find("skipped")

    assert skipped is not None
    assert skipped.get("message") == "waived: asked the publisher"


def test_an_input_that_was_not_read_is_an_error_and_the_others_are_told(tmp_path: Path) -> None:
    root = written(found(write(tmp_path, "<html></html>", "page.csv"), INVENTED))
    bad, good = root.iter("testsuite")
    error = bad.find("testcase/error")

    assert (bad.get("name"), bad.get("tests"), bad.get("errors")) == ("page.csv", "1", "1")
    assert error is not None
    assert error.get("type") == "other_kind"
    assert good.get("failures") == "1"


def test_hostile_names_and_control_characters_leave_the_xml_whole(tmp_path: Path) -> None:
    root = written(found(write(tmp_path, hostile_month(), "a<b>&\x07.csv")))
    (failure,) = root.iter("failure")

    assert "::error::owned" in (failure.text or "")
    assert "]]><failure/> & \"q\" 'r'" in (failure.text or "")
    assert "\x1b" not in (failure.text or "")
    assert root[0].get("name") == "a<b>&\\x07.csv (2026-02)"


def test_many_findings_are_listed_to_a_limit_and_counted(tmp_path: Path) -> None:
    (failure,) = written(found(write(tmp_path, many_errors(30)))).iter("failure")

    assert (failure.text or "").count("rate-contradicted") == 20
    assert "and 10 more" in (failure.text or "")
    assert failure.get("message", "").endswith("30 findings")


def test_a_small_count_that_slipped_is_not_repeated(tmp_path: Path) -> None:
    output = junit(found(write(tmp_path, month_with_a_slip())), ERRORS, {})

    assert "count-not-disclosure-controlled" in output
    assert SLIPPED not in output


def test_a_finding_of_several_inputs_stands_in_a_suite_of_its_own(tmp_path: Path) -> None:
    revised = text().replace("INVENTED SERVICE ONE", "INVENTED SERVICE 1")
    root = written(found(INVENTED, write(tmp_path, revised)))
    names = [suite.get("name") for suite in root.iter("testsuite")]

    assert names[-1] == "all inputs together"
    assert "period-twice" in {case.get("name") for case in root[-1].iter("testcase")}
