"""What hurried and hostile people tried, and what must not be said: all rows here were written for the tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from cli.command import run, squeezed
from properties.publisher import Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import load_default, load_with
from iapt_audit.outputs.queries import organisations
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

ENGLAND = {"M076": "52280", "M179": "2241", "M191": "25012"}
ANNUAL = (
    "OrgType,OrgCode,OrgName,VariableType,VariableA,VariableB,Count_FinishedCourseTreatment,Count_NotAtCaseness,"
    "Count_Recovery,Percentage_Recovery\n"
    "England,All,All,Total,NULL,NULL,1000,100,450,50\n"
    "ICB,QMJ,INVENTED ICB,Total,NULL,NULL,500,50,225,50\n"
    "ICB,UNKNOWN,UNKNOWN,Total,NULL,NULL,100,10,40,44\n"
)


def england(folder: Path, name: str = "made.csv", **printed: str) -> Path:
    path = folder / name
    one = Organisation("England", Disclosure.ENGLAND, ENGLAND | printed)
    path.write_text(monthly_csv([one]), encoding="utf-8")
    return path


def test_a_file_without_a_known_level_does_not_stop_the_next(tmp_path: Path) -> None:
    strange = england(tmp_path, "a.csv", M192="50").read_text(encoding="utf-8").replace(",England,", ",Elsewhere,")
    (tmp_path / "a.csv").write_text(strange, encoding="utf-8")
    england(tmp_path, "b.csv", M192="50")

    found = audit([tmp_path], load_default())

    assert [each.cells for each in found.inputs] == [0, 4]
    assert found.headline["standing"].drop_nulls().to_list() == ["met_only_after_rounding"]


def test_a_standard_of_all_parts_numerator_from_denominator(tmp_path: Path) -> None:
    (tmp_path / "checks" / "standards").mkdir(parents=True)
    (tmp_path / "checks" / "standards" / "all.toml").write_text(
        """
        [[standard]]
        id = "all_recover"
        rate = "recovery"
        population = "finished_at_caseness"
        percentage = "100"
        in_force_from = "2020-04"
        title = "All recover"
        question = "Do all recover?"
        confirmed = true
        reviewed = 2026-11-24
        note = "Written for a test."
        [standard.source]
        title = "A test"
        url = "https://example.org/"
        """,
        encoding="utf-8",
    )
    found = audit([england(tmp_path)], load_with(tmp_path))
    rows = {row["standard"]: row for row in found.headline.to_dicts()}

    assert (rows["all_recover"]["low"], rows["all_recover"]["high"]) == (499_850, 499_851)
    assert rows["all_recover"]["short_low"] == 52_280 - 2_241 - 25_012


def test_the_same_figures_given_twice_are_counted_once(tmp_path: Path) -> None:
    england(tmp_path, "a.csv", M192="50")
    england(tmp_path, "b.csv", M192="50")
    found = audit([tmp_path], load_default())

    assert [each.code for each in found.findings if each.code == "input-twice"] == ["input-twice"]
    assert len(found.rates) == 1
    assert sum(row["met_only_after_rounding"] for row in organisations(found)) == 1


def test_two_files_of_one_period_are_both_judged_and_the_later_tells_the_standing(tmp_path: Path) -> None:
    england(tmp_path, "a.csv", M192="50")
    england(tmp_path, "b.csv", M192="50", M191="25100")
    found = audit([tmp_path], load_default())

    assert [each.code for each in found.findings if each.code == "period-twice"] == ["period-twice"]
    assert len(found.rates) == 2
    assert found.headline["exact_numerator"].to_list() == [25_100]


@pytest.mark.parametrize("given", ["2026-02", None])
def test_an_annual_file_is_not_taken_for_a_month(tmp_path: Path, given: str | None) -> None:
    (tmp_path / "x.csv").write_text(ANNUAL, encoding="utf-8")
    found = audit([tmp_path / "x.csv"], load_default(), period=given)

    assert [each.error.code for each in found.unread if each.error] == ["period_unknown"]


def test_rows_of_no_organisation_are_judged_and_are_no_organisation(tmp_path: Path) -> None:
    (tmp_path / "main-2024-25.csv").write_text(ANNUAL, encoding="utf-8")
    found = audit([tmp_path], load_default())

    assert "UNKNOWN" in found.rates["org_code"].cast(str).to_list()
    assert [row["met"] for row in organisations(found) if row["level"] == "icb"] == [0]
    assert [row["undecided"] for row in organisations(found) if row["level"] == "icb"] == [1]


def test_a_contradicted_headline_is_told_from_its_counts(tmp_path: Path) -> None:
    done = run("audit", england(tmp_path, M192="53"))
    told = squeezed(done.stdout)

    assert done.returncode == 1
    # the print says yes and its counts say no: one of them is wrong, and nobody knows which
    assert told.startswith("Do at least half recover? That cannot be determined in")
    assert "25,012 of 50,039 recovered (49.99%), 8 fewer than the 50% standard requires." in told
    assert "England's printed 53% is contradicted by these counts." in told


def test_no_table_shows_a_missed_standard_as_reached(tmp_path: Path) -> None:
    done = run("audit", england(tmp_path, M192="50"))

    assert "Only after rounding" in done.stdout
    assert "50.0" not in done.stdout


def test_years_and_months_are_counted_apart() -> None:
    told = squeezed(run("demo").stdout)

    assert "The standard was met in 7 of the 13 years here (2012-13 to 2024-25)." in told


def test_dates_that_name_no_month_give_no_standing(tmp_path: Path) -> None:
    path = england(tmp_path, M192="50")
    path.write_text(
        re.sub(r"\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}", "soon", path.read_text(encoding="utf-8")), encoding="utf-8"
    )
    found = audit([path], load_default())

    assert found.headline.is_empty()
    assert "period-not-whole" in {each.code for each in found.findings}
