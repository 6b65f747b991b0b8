"""Figures that slipped beside a withheld one: found, told by their place, used for nothing; all rows are invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from properties.publisher import SUPPRESSED, Disclosure, Organisation, monthly_csv

from iapt_audit.claims.judge import judge
from iapt_audit.claims.known_figures import KnownFigures
from iapt_audit.definitions import load_default
from iapt_audit.model.findings import Code, Severity
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.results import AuditResult

DEFINITIONS = load_default()
FINISHED = {"M076": "60", "M179": SUPPRESSED, "M191": "30", "M192": "53", "M185": "40", "M186": "67"}
DISCLOSURE = {
    Code.PERCENTAGE_WITHOUT_COUNT, Code.COUNT_WITHOUT_PERCENTAGE, Code.MEAN_WITHOUT_COUNT, Code.FIGURES_HELD_BACK,
}  # fmt: skip


def audited(
    folder: Path, printed: dict[str, str], disclosure: Disclosure = Disclosure.LOCAL, text: str = ""
) -> AuditResult:
    path = folder / "month.csv"
    path.write_text(monthly_csv([Organisation("INV01", disclosure, printed)]) + text, encoding="utf-8")
    return audit([path], DEFINITIONS)


def held_back(found: AuditResult) -> set[str]:
    cells = found.cells.filter("held_back")
    assert {text for name in ("printed", "value", "low", "high") for text in cells[name].to_list()} <= {None}
    return set(cells["measure"].cast(pl.String))


def codes(found: AuditResult) -> dict[Code, Severity]:
    return {each.code: each.severity for each in found.findings if each.code in DISCLOSURE}


def test_a_file_in_order_holds_nothing_back(tmp_path: Path) -> None:
    found = audited(tmp_path, {**FINISHED, "M180": SUPPRESSED})

    assert held_back(found) == set()
    assert codes(found) == {}


@pytest.mark.parametrize("count", [SUPPRESSED, "3", "x", ""])
def test_a_percentage_is_held_back_whatever_hides_its_count(count: str, tmp_path: Path) -> None:
    found = audited(tmp_path, {**FINISHED, "M179": count, "M180": "5"})

    assert "M180" in held_back(found)
    assert found.rates.filter(pl.col("rate").cast(pl.String) == "not_at_caseness")["verdict"].to_list() == [
        "not_checkable"
    ]


def test_a_percentage_over_a_suppressed_count_is_an_error_that_does_not_repeat_it(tmp_path: Path) -> None:
    found = audited(tmp_path, {**FINISHED, "M180": "5"})
    (one,) = [each for each in found.findings if each.code is Code.PERCENTAGE_WITHOUT_COUNT]

    assert one.printed is None
    assert [(each.measure, each.printed) for each in one.cells] == [("M180", None), ("M179", SUPPRESSED)]
    assert codes(found) == {Code.PERCENTAGE_WITHOUT_COUNT: Severity.ERROR}


def test_a_percentage_under_a_printed_count_stays(tmp_path: Path) -> None:
    found = audited(tmp_path, {**FINISHED, "M179": "10", "M180": "17"})

    assert held_back(found) == set()


def test_what_england_prints_is_not_disclosure_controlled(tmp_path: Path) -> None:
    found = audited(tmp_path, {"M076": "60", "M180": "5", "M191": "30", "M192": "52.6"}, Disclosure.ENGLAND)

    assert held_back(found) == set()


def test_a_percentage_without_its_count_is_held_back_where_the_count_may_be_small(tmp_path: Path) -> None:
    small = audited(tmp_path, {"M076": "60", "M180": "5"})
    large = audited(tmp_path, {"M076": "60", "M180": "50"})
    alone = audited(tmp_path, {"M180": "5"})

    assert (held_back(small), held_back(large), held_back(alone)) == ({"M180"}, set(), set())
    assert codes(small) == {Code.FIGURES_HELD_BACK: Severity.NOTE}


def test_a_percentage_without_its_count_is_held_back_where_others_have_theirs(tmp_path: Path) -> None:
    other = monthly_csv([Organisation("INV02", Disclosure.LOCAL, {**FINISHED, "M179": "10", "M180": "17"})])

    found = audited(tmp_path, {"M076": "60", "M180": "50"}, text=other.partition("\n")[2])

    assert held_back(found) == {"M180"}


def test_a_count_whose_percentage_is_suppressed_bounds_nothing(tmp_path: Path) -> None:
    found = audited(tmp_path, {**FINISHED, "M192": SUPPRESSED})

    assert held_back(found) == {"M191"}
    assert found.headline.filter(pl.col("measure") == "recovery").is_empty()
    assert codes(found) == {Code.COUNT_WITHOUT_PERCENTAGE: Severity.ERROR}


@pytest.mark.parametrize(
    ("measure", "text"), [("M141", "3.3"), ("M142", "3"), ("M143", "4"), ("M144", "2"), ("M050", "9")]
)
def test_a_mean_median_most_or_fewest_over_a_suppressed_count_is_held_back(
    measure: str, text: str, tmp_path: Path
) -> None:
    found = audited(tmp_path, {"M076": SUPPRESSED, "M089": "10", measure: text})

    assert held_back(found) == {measure}
    assert codes(found) == {Code.MEAN_WITHOUT_COUNT: Severity.ERROR}


def test_a_mean_over_a_small_count_that_slipped_is_held_back_too(tmp_path: Path) -> None:
    found = audited(tmp_path, {"M076": "3", "M089": "10", "M141": "3.3"})

    assert held_back(found) == {"M076", "M141"}
    assert codes(found) == {Code.FIGURES_HELD_BACK: Severity.NOTE}


@pytest.mark.parametrize("second", ["5", "6"])
def test_a_percentage_that_stands_twice_over_a_suppressed_count_is_held_back_twice(second: str, tmp_path: Path) -> None:
    again = f"2025-06-01,2025-06-30,Provider,All,All,INV01,INVENTED INV01,M180,M180,{second}\n"
    found = audited(tmp_path, {**FINISHED, "M180": "5"}, text=again)

    assert found.cells.filter("held_back").height == 2
    assert "with the same values" in next(each.message for each in found.findings if each.code is Code.KEY_TWICE)


def test_the_sentence_that_the_figures_support_does_not_repeat_a_slipped_percentage(tmp_path: Path) -> None:
    found = audited(tmp_path, {**FINISHED, "M180": "7"})
    book = KnownFigures.of(DEFINITIONS, found)
    from iapt_audit.claims.ask import own_claim

    claim = own_claim(book, measure="not_at_caseness", figure="5%", org="INV01", level="provider", period="2025-06")
    judged = judge(claim, book)

    assert judged.verdict == "not_checkable"
    assert "7" not in (judged.true_sentence or "").replace("2025-06", "").replace("6.9", "")
