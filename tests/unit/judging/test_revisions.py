"""A year beside its twelve months: every figure here was invented for the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from properties.publisher import Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import load_default
from iapt_audit.judging.revisions import months_of
from iapt_audit.model.findings import Code, Severity
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.model.findings import Finding

YEAR = "2023-24"
DAYS = {"02": "29", "04": "30", "06": "30", "09": "30", "11": "30"}
ANNUAL = "OrgType,OrgCode,OrgName,VariableType,VariableA,VariableB,Count_FinishedCourseTreatment,Count_Recovery"


def months(folder: Path, *organisations: Organisation, without: str = "") -> None:
    for month in months_of(YEAR):
        if month != without:
            end = f"{month}-{DAYS.get(month[-2:], '31')}"
            (folder / f"{month}.csv").write_text(monthly_csv(organisations, f"{month}-01", end), encoding="utf-8")


def year(folder: Path, *rows: str) -> None:
    (folder / f"main-{YEAR}.csv").write_text("\n".join([ANNUAL, *rows]) + "\n", encoding="utf-8")


def noted(folder: Path) -> list[Finding]:
    return [each for each in audit([folder], load_default()).findings if each.code is Code.REVISED]


def england(**printed: str) -> Organisation:
    return Organisation("England", Disclosure.ENGLAND, printed)


def test_englands_year_is_told_with_the_size_of_its_difference_as_a_note(tmp_path: Path) -> None:
    months(tmp_path, england(M076="90", M191="40"))
    year(tmp_path, "England,All,All,Total,NULL,NULL,1085,480")
    (found,) = noted(tmp_path)

    assert found.severity is Severity.NOTE
    assert "the year has 1,085, its twelve months add up to 1,080, a difference of +5 (+0.46%)" in found.message
    assert (found.publication, found.period, found.org_code) == ("annual_main", YEAR, "England")
    assert found.measures == ("FinishedCourseTreatment", "M076")
    assert [cell.printed for cell in found.cells] == ["1085", *["90"] * 12]


def test_a_year_that_is_less_is_told_with_its_sign(tmp_path: Path) -> None:
    months(tmp_path, england(M076="90"))
    year(tmp_path, "England,All,All,Total,NULL,NULL,1079,NULL")

    assert ["a difference of -1 (-0.09%)" in each.message for each in noted(tmp_path)] == [True]


@pytest.mark.parametrize("without", ["2023-04", "2023-11", "2024-03"])
def test_eleven_months_are_not_set_beside_a_year(without: str, tmp_path: Path) -> None:
    months(tmp_path, england(M076="90"), without=without)
    year(tmp_path, "England,All,All,Total,NULL,NULL,1500,NULL")

    assert noted(tmp_path) == []


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        # twelve suppressed counts are 0 to 48
        ("45", None),
        ("50", None),
        ("55", "1 have more in the year than their months can add up to, 0 fewer"),
    ],
)
def test_suppressed_months_stand_for_0_to_4_each(printed: str, expected: str | None, tmp_path: Path) -> None:
    months(tmp_path, Organisation("INV01", Disclosure.LOCAL, {"M076": "*"}))
    year(tmp_path, f"Provider,INV01,INVENTED,Total,NULL,NULL,{printed},NULL")
    found = noted(tmp_path)

    assert [(each.level, each.org_code) for each in found] == ([("provider", None)] if expected else [])
    assert all(expected is not None and expected in each.message for each in found)
    # nothing of a single service stands in the note
    assert all(not each.cells and each.printed is None for each in found)


def test_below_england_a_rounded_year_within_the_bounds_of_its_months_is_no_note(tmp_path: Path) -> None:
    months(tmp_path, Organisation("INV01", Disclosure.LOCAL, {"M076": "100"}))
    # 12 x 98 to 12 x 102, and the year itself stands for two fewer and two more
    year(tmp_path, "Provider,INV01,INVENTED,Total,NULL,NULL,1175,NULL")

    assert noted(tmp_path) == []

    year(tmp_path, "Provider,INV01,INVENTED,Total,NULL,NULL,1170,NULL")
    assert "0 have more in the year than their months can add up to, 1 fewer" in noted(tmp_path)[0].message


def test_a_count_that_slipped_in_one_month_is_in_no_sum(tmp_path: Path) -> None:
    months(tmp_path, Organisation("INV01", Disclosure.LOCAL, {"M076": "100"}), without="2023-05")
    slipped = monthly_csv([Organisation("INV01", Disclosure.LOCAL, {"M076": "101"})], "2023-05-01", "2023-05-31")
    (tmp_path / "2023-05.csv").write_text(slipped, encoding="utf-8")
    year(tmp_path, "Provider,INV01,INVENTED,Total,NULL,NULL,5000,NULL")

    assert noted(tmp_path) == []
