"""Levels against England: more is proof, less is a note; all rows are invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from properties.publisher import SUPPRESSED, Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import load_default
from iapt_audit.model.findings import Code, Finding, Severity
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

DEFINITIONS = load_default()
MEASURES = ("M001", "M002", "M003", "M023", "M031", "M038", "M056", "M076", "M082", "M179", "M191")
#: Of each of three services, the last of them small.
TRUE = (dict.fromkeys(MEASURES, 200), dict.fromkeys(MEASURES, 100), dict.fromkeys(MEASURES, 7))


def told(folder: Path, services: int = 3, **england: int) -> list[Finding]:
    """Audit the totals of England, some of them another, beside so many services."""
    whole = {measure: sum(service[measure] for service in TRUE) for measure in MEASURES} | england
    organisations = [Organisation("All", Disclosure.ENGLAND, {name: str(count) for name, count in whole.items()})]
    for number, service in enumerate(TRUE[:services]):
        printed = {name: str(5 * ((count + 2) // 5)) for name, count in service.items()}
        organisations.append(Organisation(f"INV{number}", Disclosure.LOCAL, printed))
    path = folder / "month.csv"
    path.write_text(monthly_csv(organisations), encoding="utf-8")
    codes = {Code.LEVELS_CONTRADICTED, Code.LEVELS_SHORT, Code.LEVEL_INCOMPLETE}
    return [each for each in audit([path], DEFINITIONS).findings if each.code in codes]


def test_a_whole_file_is_neither_over_nor_short(tmp_path: Path) -> None:
    assert told(tmp_path) == []


@pytest.mark.parametrize("england", [301, 200])
def test_a_level_that_is_over_england_is_an_error(england: int, tmp_path: Path) -> None:
    (one,) = told(tmp_path, M082=england - 7)

    assert (one.code, one.severity, one.measures) == (Code.LEVELS_CONTRADICTED, Severity.ERROR, ("M082",))
    assert "at least 301, which is more" in one.message


def test_a_level_that_is_short_in_one_count_is_a_note_that_names_it(tmp_path: Path) -> None:
    (one,) = told(tmp_path, M082=320)

    assert (one.code, one.severity, one.measures) == (Code.LEVELS_SHORT, Severity.NOTE, ("M082",))
    assert one.rule == "monthly_provider_sum"
    assert "here 311 at most" in one.message
    assert "does not prove any figure wrong" in one.message


def test_a_file_that_lacks_a_small_service_is_no_error(tmp_path: Path) -> None:
    """With so small a service only the widest of sums shows that it is not there."""
    found = told(tmp_path, services=2)

    assert {each.severity for each in found} == {Severity.NOTE}


def test_a_file_that_lacks_a_large_service_is_said_to_be_incomplete(tmp_path: Path) -> None:
    (one,) = told(tmp_path, services=1)

    assert (one.code, one.severity) == (Code.LEVEL_INCOMPLETE, Severity.NOTE)


def test_over_is_told_even_of_a_file_that_lacks_a_service(tmp_path: Path) -> None:
    found = told(tmp_path, services=1, M082=150)

    assert {each.code for each in found} == {Code.LEVELS_CONTRADICTED, Code.LEVEL_INCOMPLETE}


def test_a_suppressed_count_is_no_less_than_nobody(tmp_path: Path) -> None:
    text = monthly_csv(
        [
            Organisation("All", Disclosure.ENGLAND, {"M179": "10"}),
            Organisation("INV0", Disclosure.LOCAL, {"M179": "10"}),
            Organisation("INV1", Disclosure.LOCAL, {"M179": SUPPRESSED}),
        ]
    )
    path = tmp_path / "month.csv"
    path.write_text(text, encoding="utf-8")

    codes = {each.code for each in audit([path], DEFINITIONS).findings}

    assert codes.isdisjoint({Code.LEVELS_CONTRADICTED, Code.LEVELS_SHORT, Code.LEVEL_INCOMPLETE})
