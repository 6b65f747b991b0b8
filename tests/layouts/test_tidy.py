"""The tidy releases of nhstt, as CSV and as parquet; all rows and figures here were invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from layouts import headers
from layouts.written import csv_bytes, read_all, read_one, write

from iapt_audit.definitions import Definitions, load_default
from iapt_audit.model.findings import Code
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, str]
YEARS = {
    "2012-13": ("2012-04-01", "2013-03-31"),
    "2014-15": ("2014-04-01", "2015-03-31"),
    "2023-24": ("2023-04-01", "2024-03-31"),
}
MONTHS = {"2025-06": ("2025-06-01", "2025-06-30"), "2025-07": ("2025-07-01", "2025-07-31")}
#: 452 of 1,003 - 103 = 50.2%
OUTCOMES = {
    ("finished_course_treatment", "count"): "1003",
    ("not_at_caseness", "count"): "103",
    ("recovery", "count"): "452",
    ("recovery", "percentage"): "50.2",
}


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return load_default()


def _annual(year: str, measure: str, statistic: str, value: str, **others: str) -> Row:
    start, end = YEARS[year]
    return {
        "reporting_period": year, "start_date": start, "end_date": end, "org_type": "England", "org_code": "All",
        "org_name": "All", "variable_type": "Total", "measure_name": measure, "measure_statistic": statistic,
        "value": value, **others,
    }  # fmt: skip


def _outcomes(year: str, **others: str) -> list[Row]:
    return [_annual(year, measure, statistic, value, **others) for (measure, statistic), value in OUTCOMES.items()]


def _monthly(month: str, level: str, measure: str, value: str) -> Row:
    start, end = MONTHS[month]
    return {
        "reporting_period": month, "start_date": start, "end_date": end, "group_type": level, "org_code1": "ONE",
        "org_name1": "Invented ICB", "org_code2": "TWO", "org_name2": "Invented Trust", "measure_id": measure,
        "measure_name": "its_name", "measure_statistic": "count", "value": value,
    }  # fmt: skip


def test_each_year_of_a_tidy_file_is_read_by_the_layout_in_force(definitions: Definitions, tmp_path: Path) -> None:
    rows = [row for year in ("2014-15", "2012-13", "2023-24") for row in _outcomes(year)]

    found = read_all(tmp_path / "measures_annual.csv", csv_bytes(headers.ANNUAL_TIDY, rows), definitions)

    assert {
        ("2012-13", "annual_main/2012-13-tidy", "annual_main", 4),
        ("2014-15", "annual_main/2013-14-tidy", "annual_main", 4),
        ("2023-24", "annual_main/2017-18-tidy", "annual_main", 4),
    } == {(each.input.period, each.input.layout, each.input.publication, each.input.cells) for each in found}
    # several years are no fault of a tidy file; measures that a year lacks are one note, and so are years between
    assert {Code.MEASURES_ABSENT, Code.PERIODS_DIFFER} == {finding.code for each in found for finding in each.findings}


@pytest.mark.parametrize("layout", ["annual_main/2012-13-tidy", "annual_main/2013-14-tidy", "annual_main/2017-18-tidy"])
def test_annual_tidy_header_is_the_layouts(layout: str, definitions: Definitions) -> None:
    assert set(headers.ANNUAL_TIDY) == set(definitions.layouts[layout].identifying)


def test_monthly_tidy_header_is_the_layouts(definitions: Definitions) -> None:
    assert set(headers.MONTHLY_TIDY) == set(definitions.layouts["monthly_activity/2021-01-tidy"].identifying)


@pytest.mark.parametrize(
    ("year", "measure", "printed", "low", "high"),
    [
        # the report of 2012-13 rounded its outcomes to the nearest 10, and not its referrals
        ("2012-13", "referrals_received", "1234", 1234, 1234),
        ("2012-13", "finished_course_treatment", "1230", 1225, 1234),
        ("2012-13", "recovery", "1230", 1225, 1234),
        # worked out from two such counts
        ("2012-13", "not_at_caseness", "1230", 1220, 1239),
        ("2012-13", "no_reliable_change", "1230", 1220, 1239),
        ("2014-15", "finished_course_treatment", "1230", 1230, 1230),
        ("2014-15", "not_at_caseness", "1230", 1230, 1230),
        ("2023-24", "recovery", "1230", 1230, 1230),
    ],
)
def test_count_stands_for_what_its_year_printed(
    *, year: str, measure: str, printed: str, low: int, high: int, definitions: Definitions, tmp_path: Path
) -> None:
    data = csv_bytes(headers.ANNUAL_TIDY, [_annual(year, measure, "count", printed)])

    _, cells = read_one(tmp_path / "measures_annual.csv", data, definitions)

    assert cells.select("printed", "low", "high").rows() == [(printed, low, high)]


def test_rounded_count_that_is_no_multiple_of_10_is_in_no_form(definitions: Definitions, tmp_path: Path) -> None:
    rows = [_annual("2012-13", measure, "count", "1234") for measure in ("recovery", "referrals_received")]

    _, cells = read_one(tmp_path / "measures_annual.csv", csv_bytes(headers.ANNUAL_TIDY, rows), definitions)

    assert cells.select("measure", "in_form").rows() == [("Recovery", False), ("ReferralsReceived", True)]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_tidy_rates_follow_from_their_counts(suffix: str, definitions: Definitions, tmp_path: Path) -> None:
    rows = [*_outcomes("2014-15"), *_outcomes("2023-24")]
    path = tmp_path / f"measures_annual.{suffix}"
    if suffix == "csv":
        write(path, csv_bytes(headers.ANNUAL_TIDY, rows))
    else:
        frame = pl.DataFrame([{name: row.get(name) for name in headers.ANNUAL_TIDY} for row in rows])
        dates = pl.col("start_date", "end_date").str.to_date("%Y-%m-%d")
        frame.with_columns(dates, pl.col("value").cast(pl.Float64)).write_parquet(path)

    actual = audit([path], definitions)

    assert actual.rates.select("rate", "verdict").rows() == [("recovery", "consistent")] * 2
    assert {"note"} == {finding.severity for finding in actual.findings}


@pytest.mark.parametrize("place", range(4), ids=[f"{statistic} {measure}" for measure, statistic in OUTCOMES])
def test_null_is_withheld_or_absent_and_its_rate_is_in_no_verdict(
    place: int, definitions: Definitions, tmp_path: Path
) -> None:
    rows = _outcomes("2023-24", org_type="Provider", org_code="ABC", org_name="Invented Trust")
    for row, value in zip(rows, ("1005", "105", "450", "50"), strict=True):
        row["value"] = value
    rows[place]["value"] = ""

    actual = audit([write(tmp_path / "tidy.csv", csv_bytes(headers.ANNUAL_TIDY, rows))], definitions)

    nulls = actual.cells.filter(pl.col("status") == "withheld_or_absent").select("printed", "low", "high").rows()
    assert nulls == [("", None, None)]
    # a withheld percentage is no printed one; a withheld count leaves its percentage unchecked, and nobody is accused
    judged = actual.rates.select("verdict", "reason").rows()
    assert judged == ([] if place == 3 else [("not_checkable", "count_unusable")])
    assert {"note"} == {finding.severity for finding in actual.findings}


def test_tidy_percentage_that_its_counts_do_not_give_is_contradicted(definitions: Definitions, tmp_path: Path) -> None:
    rows = _outcomes("2014-15")
    rows[3]["value"] = "45.1"

    actual = audit([write(tmp_path / "tidy.csv", csv_bytes(headers.ANNUAL_TIDY, rows))], definitions)

    errors = [(finding.code, finding.period) for finding in actual.findings if finding.severity == "error"]
    assert errors == [(Code.RATE_CONTRADICTED, "2014-15")]


def test_row_of_a_breakdown_is_apart_from_the_total(definitions: Definitions, tmp_path: Path) -> None:
    rows = [*_outcomes("2014-15"), *_outcomes("2014-15", variable_type="Ethnic Group", variable_a="White")]

    _, cells = read_one(tmp_path / "tidy.csv", csv_bytes(headers.ANNUAL_TIDY, rows), definitions)

    assert {"Total", "Ethnic Group | White"} == set(cells["breakdown"])
    assert cells["repeated"].to_list() == [False] * 8


def test_tidy_cell_that_stands_twice_is_known_by_its_statistic_too(definitions: Definitions, tmp_path: Path) -> None:
    rows = [*_outcomes("2014-15"), _annual("2014-15", "recovery", "percentage", "50.2")]

    _, cells = read_one(tmp_path / "tidy.csv", csv_bytes(headers.ANNUAL_TIDY, rows), definitions)

    assert cells["repeated"].to_list() == [False, False, False, True, True]


def test_year_that_its_dates_do_not_bear_out_is_an_error(definitions: Definitions, tmp_path: Path) -> None:
    row = {**_annual("2014-15", "recovery", "count", "1230"), "reporting_period": "2015-16"}

    only, _ = read_one(tmp_path / "tidy.csv", csv_bytes(headers.ANNUAL_TIDY, [row]), definitions)

    message = "rows are dated from `2014-04-01` to `2015-03-31`, which is 2014-15, and the period is called `2015-16`"
    assert [message] == [finding.message for finding in only.findings if finding.code is Code.PERIOD_NOT_WHOLE]
    assert only.input.period == "2014-15"


def test_dates_that_are_no_whole_year_are_an_error(definitions: Definitions, tmp_path: Path) -> None:
    row = {**_annual("2014-15", "recovery", "count", "1230"), "end_date": "2014-04-30"}

    only, _ = read_one(tmp_path / "tidy.csv", csv_bytes(headers.ANNUAL_TIDY, [row]), definitions)

    message = "rows are dated from `2014-04-01` to `2014-04-30`, which is not a whole financial year"
    assert [message] == [finding.message for finding in only.findings if finding.code is Code.PERIOD_NOT_WHOLE]


def test_measure_and_statistic_that_no_definition_knows_are_one_note_each(
    definitions: Definitions, tmp_path: Path
) -> None:
    rows = [_annual("2014-15", "invented", "count", "10"), _annual("2014-15", "recovery", "mode", "10")]

    only, cells = read_one(tmp_path / "tidy.csv", csv_bytes(headers.ANNUAL_TIDY, rows), definitions)

    told = [finding.message for finding in only.findings if finding.code is Code.MEASURE_UNKNOWN]
    expected = [
        f"the measure `{called}` is in no definition: it is counted and not judged, 1 of 2 rows (50%)"
        for called in ("count invented", "mode recovery")
    ]
    assert expected == told
    assert cells.select("measure", "statistic").rows() == [("invented", "count"), ("Recovery", None)]


@pytest.mark.parametrize(
    ("level", "expected", "org_code"),
    [
        ("England", "england", "England"),
        ("CommissioningRegion", "region", "ONE"),
        ("SubICB", "sub_icb", "ONE"),
        ("Provider", "provider", "TWO"),
        ("SubICB/Provider", "pair", "ONE/TWO"),
    ],
)
def test_months_of_a_tidy_file_are_read_apart(
    *, level: str, expected: str, org_code: str, definitions: Definitions, tmp_path: Path
) -> None:
    rows = [
        _monthly("2025-06", level, "M191", "470"),
        _monthly("2025-07", level, "M191", ""),
    ]

    june, july = read_all(tmp_path / "measures_monthly.csv", csv_bytes(headers.MONTHLY_TIDY, rows), definitions)

    assert (june.input.period, july.input.period) == ("2025-06", "2025-07")
    assert {"monthly_activity/2021-01-tidy"} == {june.input.layout, july.input.layout}
    assert june.cells is not None
    assert july.cells is not None
    assert june.cells.select("level", "org_code", "statistic", "status").rows() == [
        (expected, org_code, "count", "published")
    ]
    assert july.cells["status"].to_list() == ["withheld_or_absent"]
    assert {Code.MEASURES_ABSENT} == {finding.code for finding in (*june.findings, *july.findings)}


def test_early_england_file_follows_from_its_counts(shared_data: Path, definitions: Definitions) -> None:
    actual = audit([shared_data / "annual" / "england-2012-13-to-2016-17-tidy.csv"], definitions)

    assert actual.rates["verdict"].value_counts().rows() == [("consistent", 935)]
    assert actual.findings == ()
    assert len(actual.cells) == 2539
