"""Cells as `normalise` makes them; all rows and figures here were invented for the test."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iapt_audit.definitions import load_default
from iapt_audit.ingest.cell_bounds import regime_table
from iapt_audit.ingest.normalise import Normalised, normalise, numbered
from iapt_audit.model.findings import Code, Finding
from iapt_audit.pipeline import audit
from iapt_audit.results import AuditResult

HEADER = (
    "REPORTING_PERIOD_START", "REPORTING_PERIOD_END", "GROUP_TYPE", "ORG_CODE1", "ORG_NAME1", "ORG_CODE2", "ORG_NAME2",
    "MEASURE_ID", "MEASURE_NAME", "MEASURE_VALUE_SUPPRESSED",
)  # fmt: skip
JUNE = ("2025-06-01", "2025-06-30")
JULY = ("2025-07-01", "2025-07-31")
#: M191 is a count, M192 a percentage, M050 a mean, M051 a median
COUNT, PERCENTAGE, MEAN, MEDIAN = "M191", "M192", "M050", "M051"


def _row(
    measure: str, printed: str, *, level: str = "Provider", provider: str = "ABC", dates: tuple[str, str] = JUNE
) -> tuple[str, ...]:
    return (*dates, level, "00X", "Invented CCG", provider, "Invented Trust", measure, "its name", printed)


def _normalise(*rows: tuple[str, ...]) -> list[Normalised]:
    definitions = load_default()
    return normalise(
        pl.DataFrame(rows, schema=HEADER, orient="row"),
        definitions.layouts["monthly_activity/2021-01"],
        definitions,
        None,
    )


def _cell(measure: str, printed: str, *, level: str = "Provider") -> dict[str, object]:
    (only,) = _normalise(_row(measure, printed, level=level))
    return only.cells.row(0, named=True)


def _audit(folder: Path, *rows: tuple[str, ...]) -> AuditResult:
    path = folder / "activity.csv"
    path.write_text("\n".join(",".join(row) for row in (HEADER, *rows)) + "\n", encoding="utf-8")
    return audit([path], load_default())


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("470", "published"),
        ("0", "published"),
        ("007", "published"),
        (" 50 ", "published"),
        ("49.7", "published"),
        ("-3", "published"),
        ("999999999", "published"),
        ("*", "suppressed"),
        (" * ", "suppressed"),
        ("NULL", "not_applicable"),
        ("", "withheld_or_absent"),
        ("   ", "withheld_or_absent"),
        ("**", "suppressed"),
        ("<5", "suppressed"),
        ("[c]", "suppressed"),
        ("null", "withheld_or_absent"),
        ("nan", "withheld_or_absent"),
        ("NaN", "withheld_or_absent"),
        ("-", "withheld_or_absent"),
        ("[z]", "not_applicable"),
        ("1,4,6", "unparseable"),
        ("1 46", "unparseable"),
        ("50%%", "unparseable"),
        ("%", "unparseable"),
        ("50 per cent", "unparseable"),
        ("5.", "unparseable"),
        (".5", "unparseable"),
        ("1e5", "unparseable"),
        ("inf", "unparseable"),
        ("+5", "unparseable"),
        ("--5", "unparseable"),
        ("1.2.3", "unparseable"),
        ("0x10", "unparseable"),
        ("<3", "unparseable"),
        ("5\n6", "unparseable"),
        ("#REF!", "unparseable"),
        ("12345678901", "unparseable"),
        ("\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}", "unparseable"),
        ("\N{ARABIC-INDIC DIGIT FIVE}", "unparseable"),
        ("\N{MINUS SIGN}5", "unparseable"),
    ],
)
@pytest.mark.parametrize("measure", [COUNT, PERCENTAGE, MEAN])
def test_cell_has_a_status_and_its_text_stays(measure: str, printed: str, status: str) -> None:
    actual = _cell(measure, printed)

    assert (printed, status) == (actual["printed"], actual["status"])


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        # in ten-thousandths
        ("0", 0),
        ("50", 500_000),
        (" 50 ", 500_000),
        ("50.0", 500_000),
        ("49.7", 497_000),
        ("0.1", 1_000),
        ("0.0001", 1),
        ("100.05", 1_000_500),
        ("-3.5", -35_000),
        ("999999999", 9_999_999_990_000),
        ("999999999.9999", 9_999_999_999_999),
        # too long to be held exactly
        ("0.00001", None),
        ("*", None),
        ("NULL", None),
        ("", None),
        ("many", None),
    ],
)
def test_value_is_a_whole_number_of_ten_thousandths(printed: str, value: int | None) -> None:
    actual = _cell(PERCENTAGE, printed)

    assert value == actual["value"]


@pytest.mark.parametrize("tenths", range(0, 1001, 7))
def test_value_of_every_percentage_with_a_decimal_is_exact(tenths: int) -> None:
    actual = _cell(PERCENTAGE, f"{tenths // 10}.{tenths % 10}")

    assert tenths * 1_000 == actual["value"]


@pytest.mark.parametrize(
    ("level", "printed", "low", "high", "in_form"),
    [
        ("England", "7", 7, 7, True),
        ("England", "0", 0, 0, True),
        ("England", "25012", 25012, 25012, True),
        ("Provider", "5", 5, 7, True),
        ("Provider", "10", 8, 12, True),
        ("Provider", " 470 ", 468, 472, True),
        ("Provider", "470.0", 468, 472, True),
        ("Provider", "*", 0, 4, True),
        # neither a suppressed nor a rounded count: nothing follows from it
        ("Provider", "7", None, None, False),
        ("Provider", "3", None, None, False),
        ("Provider", "0", None, None, False),
        ("Provider", "472", None, None, False),
        ("Provider", "-5", None, None, False),
        ("Provider", "470.5", None, None, False),
        ("Provider", "470.00001", None, None, False),
        ("England", "7.5", None, None, False),
        ("England", "-1", None, None, False),
        # what was never printed as a figure is in no form to be doubted
        ("Provider", "NULL", None, None, True),
        ("Provider", "", None, None, True),
        ("Provider", "many", None, None, True),
        # England's counts are never suppressed, so a star there stands for nothing known
        ("England", "*", None, None, True),
    ],
)
def test_count_stands_for_the_integers_of_its_level(
    level: str, printed: str, low: int | None, high: int | None, *, in_form: bool
) -> None:
    actual = _cell(COUNT, printed, level=level)

    assert (low, high, in_form) == (actual["low"], actual["high"], actual["in_form"])


@pytest.mark.parametrize("printed", ["50", "49.7", "*", "-3", "120"])
@pytest.mark.parametrize("measure", [PERCENTAGE, MEAN, MEDIAN])
def test_figure_that_is_no_count_has_no_integers_and_is_never_out_of_form(measure: str, printed: str) -> None:
    actual = _cell(measure, printed)

    assert (actual["low"], actual["high"], actual["in_form"]) == (None, None, True)


@pytest.mark.parametrize(
    ("level", "measure", "half_width", "smallest"),
    [
        ("England", COUNT, 0, 0),
        ("England", PERCENTAGE, 500, 0),
        ("England", MEAN, 500, 0),
        ("England", MEDIAN, 0, 0),
        ("Provider", COUNT, 0, 5),
        ("Provider", PERCENTAGE, 5000, 5),
        ("Provider", MEAN, 500, 5),
        ("SubICB", PERCENTAGE, 5000, 5),
        ("SubICB/Provider", PERCENTAGE, 5000, 5),
    ],
)
@pytest.mark.parametrize("printed", ["50", "50.0", "50.00", "*"])
def test_half_width_is_of_the_level_and_never_of_the_digits(
    *, level: str, measure: str, half_width: int, smallest: int, printed: str
) -> None:
    actual = _cell(measure, printed, level=level)

    assert (half_width, smallest) == (actual["half_width"], actual["smallest"])


def test_regime_table_has_a_row_a_level_and_statistic() -> None:
    regimes = load_default().regimes

    actual = regime_table({"England": "england", "Provider": "local"}, regimes)

    assert len(actual) == 2 * 9
    row = actual.filter((pl.col("level") == "Provider") & (pl.col("statistic") == "percentage")).row(0, named=True)
    assert row == {
        "level": "Provider",
        "statistic": "percentage",
        "half_width": 5000,
        "below": 2,
        "above": 2,
        "step": 5,
        "smallest": 5,
        "suppressed_low": 0,
        "suppressed_high": 4,
    }


def test_unknown_level_is_one_note_and_its_rows_are_left_out() -> None:
    (actual,) = _normalise(
        _row(COUNT, "470"), _row(COUNT, "10", level="Galaxy"), _row(PERCENTAGE, "50", level="Galaxy")
    )

    message = "the level `Galaxy` is unknown and not audited, 2 of 3 rows (66%)"
    assert [Finding(Code.LEVEL_UNKNOWN, message)] == actual.findings
    assert (actual.rows, actual.cells["printed"].to_list()) == (3, ["470"])


def test_table_of_unknown_levels_alone_gives_no_cells() -> None:
    (actual,) = _normalise(_row(COUNT, "10", level="Galaxy"), _row(COUNT, "10", level="Moon"))

    assert {Code.LEVEL_UNKNOWN} == {finding.code for finding in actual.findings}
    assert (len(actual.findings), len(actual.cells), actual.rows) == (2, 0, 2)


def test_unknown_measure_is_one_note_and_is_counted_without_a_statistic() -> None:
    (actual,) = _normalise(_row("M9999", "10"), _row("M9999", "7", provider="DEF"), _row(COUNT, "470"))

    assert [
        Finding(
            Code.MEASURE_UNKNOWN,
            "the measure `M9999` is in no definition: it is counted and not judged, 2 of 3 rows (66%)",
            measures=("M9999",),
        )
    ] == actual.findings
    expected = [("M9999", None, None, None), ("M9999", None, None, None), (COUNT, "count", 468, 472)]
    assert expected == actual.cells.select("measure", "statistic", "low", "high").rows()


def test_table_of_unknown_measures_alone_is_read() -> None:
    (actual,) = _normalise(_row("M9999", "10"))

    assert actual.cells.select("printed", "status", "low").rows() == [("10", "published", None)]


@pytest.mark.parametrize(
    ("dates", "why"),
    [
        (("2025-06-01", "2025-06-29"), "is not a whole month"),
        (("2025-06-02", "2025-06-30"), "is not a whole month"),
        (("2025-06-01", "2025-08-31"), "is 3 months and not a whole month"),
        (("2024-04-01", "2025-03-31"), "is 12 months and not a whole month"),
        (("2024-02-01", "2024-02-28"), "is not a whole month"),
        (("01/06/2025", "29/06/2025"), "is not a whole month"),
        # the ends of a month in no order
        (("02/01/2025", "28/02/2025"), "is not a whole month"),
        (("", ""), "cannot be read as dates; write them as 2026-02-01"),
        (("2025-06-31", "2025-06-31"), "cannot be read as dates; write them as 2026-02-01"),
        (("2025-06-01", ""), "cannot be read as dates; write them as 2026-02-01"),
    ],
)
def test_dates_that_are_no_whole_month_are_an_error_told_once(dates: tuple[str, str], why: str) -> None:
    (actual,) = _normalise(_row(COUNT, "470", dates=dates), _row(PERCENTAGE, "50", dates=dates))

    message = f"rows are dated from `{dates[0]}` to `{dates[1]}`, which {why}"
    assert [Finding(Code.PERIOD_NOT_WHOLE, message)] == actual.findings
    assert (actual.period, len(actual.cells)) == ("unknown", 2)


@pytest.mark.parametrize(
    ("dates", "period"),
    [
        (("2024-02-01", "2024-02-29"), "2024-02"),
        (("2025-02-01", "2025-02-28"), "2025-02"),
        (("01/12/2021", "31/12/2021"), "2021-12"),
        (("2025-12-01", "2025-12-31"), "2025-12"),
    ],
)
def test_whole_month_is_not_doubted(dates: tuple[str, str], period: str) -> None:
    (actual,) = _normalise(_row(COUNT, "470", dates=dates))

    assert (period, []) == (actual.period, actual.findings)


def test_both_forms_of_one_month_in_a_file_are_one_period() -> None:
    (actual,) = _normalise(_row(COUNT, "470"), _row(PERCENTAGE, "50", dates=("01/06/2025", "30/06/2025")))

    assert (actual.period, actual.findings, len(actual.cells)) == ("2025-06", [], 2)


def test_two_periods_in_a_file_are_two_parts_and_one_note() -> None:
    june, july = _normalise(
        _row(COUNT, "470"), _row(COUNT, "15", dates=JULY), _row(PERCENTAGE, "50"), _row(MEAN, "7", dates=JULY)
    )

    assert [(part.period, part.cells["printed"].to_list(), part.cells["row"].to_list()) for part in (june, july)] == [
        ("2025-06", ["470", "50"], [2, 4]),
        ("2025-07", ["15", "7"], [3, 5]),
    ]
    message = "the file holds rows of 2 periods, each judged by itself: 2025-06 and 2025-07"
    assert [Finding(Code.PERIODS_DIFFER, message)] == june.findings
    assert july.findings == []


def test_figures_of_two_periods_in_a_file_are_never_divided(tmp_path: Path) -> None:
    # 255 / (510 - 5) prints as 50; July's percentage and June's counts do not meet
    actual = _audit(
        tmp_path,
        _row(COUNT, "255"),
        _row("M076", "510"),
        _row("M179", "5"),
        _row(PERCENTAGE, "50"),
        _row(PERCENTAGE, "90", dates=JULY),
    )

    verdicts = actual.rates.select("file", "verdict", "reason").sort("file").rows()
    assert verdicts == [(0, "consistent", None), (1, "not_checkable", "count_absent")]
    assert not [found.code for found in actual.findings if found.severity == "error"]
    # nothing of July could be tried
    assert [each.status for each in actual.inputs] == ["audited", "unjudged"]
    assert [part.period for part in actual.parts] == ["2025-06", "2025-07"]


def test_key_that_stands_twice_is_marked_on_every_row_of_it() -> None:
    (actual,) = _normalise(
        _row(COUNT, "470"),
        _row(COUNT, "470", provider="DEF"),
        _row(COUNT, "475"),
        _row(PERCENTAGE, "50"),
        _row(COUNT, "470", level="CCG"),
    )

    expected = [True, False, True, False, False]
    assert expected == actual.cells["repeated"].to_list()


def test_key_that_stands_twice_in_an_annual_file_is_marked_by_breakdown() -> None:
    definitions = load_default()
    layout = definitions.layouts["annual_main/2024-25"]
    header = ("OrgType", "OrgCode", "OrgName", "VariableType", "VariableA", "VariableB", "Count_Recovery")
    rows = [
        ("Provider", "ABC", "Invented Trust", "Total", "NULL", "NULL", "470"),
        ("Provider", "ABC", "Invented Trust", "Gender", "Female", "NULL", "235"),
        ("Provider", "ABC", "Renamed Trust", "Gender", "Female", "NULL", "240"),
    ]

    (actual,) = normalise(pl.DataFrame(rows, schema=header, orient="row"), layout, definitions, "2024-25")

    assert actual.cells.select("breakdown", "repeated").rows() == [
        ("Total", False),
        ("Gender | Female", True),
        ("Gender | Female", True),
    ]


@pytest.mark.parametrize("again", ["255", "100"])
def test_key_that_stands_twice_is_in_no_constraint(again: str, tmp_path: Path) -> None:
    # 100 / (510 - 5) prints as 20, so either row alone would decide the 90
    rows = [_row("M076", "510"), _row("M179", "5"), _row(PERCENTAGE, "90"), _row(COUNT, "255")]
    once = _audit(tmp_path, *rows)
    twice = _audit(tmp_path, *rows, _row(COUNT, again))

    assert once.rates.select("verdict", "reason").rows() == [("contradicted", None)]
    assert twice.rates.select("verdict", "reason").rows() == [("not_checkable", "key_twice")]
    assert [found.code for found in twice.findings if found.severity == "error"] == [Code.KEY_TWICE]


def test_percentage_that_stands_twice_is_in_no_constraint(tmp_path: Path) -> None:
    rows = [_row("M076", "510"), _row("M179", "5"), _row(COUNT, "255")]

    actual = _audit(tmp_path, *rows, _row(PERCENTAGE, "90"), _row(PERCENTAGE, "10"))

    assert actual.rates.select("verdict", "reason").rows() == [("not_checkable", "key_twice")] * 2


@pytest.mark.parametrize("printed", ["7", "3", "-5", "many", "NULL", ""])
def test_count_that_is_no_published_count_decides_nothing(printed: str, tmp_path: Path) -> None:
    rows = [_row("M076", "510"), _row("M179", "5"), _row(PERCENTAGE, "90")]
    decided = _audit(tmp_path, *rows, _row(COUNT, "255"))
    actual = _audit(tmp_path, *rows, _row(COUNT, printed))

    assert decided.rates["verdict"].to_list() == ["contradicted"]
    assert actual.rates["verdict"].to_list() == ["not_checkable"]


def test_layout_dated_by_name_needs_a_period() -> None:
    definitions = load_default()
    layout = replace(definitions.layouts["annual_main/2024-25"])

    with pytest.raises(ValueError, match="a layout with no period column needs a period"):
        normalise(pl.DataFrame(), layout, definitions, None)


@given(st.lists(st.integers(0, 5) | st.integers(0, 10**12), max_size=30))
def test_kinds_are_numbered_the_same_whether_looked_up_or_sorted(numbers: list[int]) -> None:
    given_numbers = np.array(numbers, dtype=np.int64)

    place, kind = numbered(given_numbers)

    assert given_numbers[place].tolist() == sorted(set(numbers))
    assert given_numbers[place][kind].tolist() == numbers
