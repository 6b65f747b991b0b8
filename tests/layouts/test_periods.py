"""The period of a file without one, from the names of member and zip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from layouts import headers
from layouts.written import csv_bytes, read_one, write

from iapt_audit.definitions import load_default
from iapt_audit.errors.inputs import PeriodUnknownError
from iapt_audit.ingest.recognise import period_in_names
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("psych-ther-ann-rep-csv-2024-25-main2.csv", "2024-25"),
        ("main_2021_22.csv", "2021-22"),
        ("annual 2023 24.csv", "2023-24"),
        ("annual-2023-2024.csv", "2023-24"),
        ("annual202324.csv", "2023-24"),
        ("ther-based-outcomes2324.zip", "2023-24"),
        ("ther-based-outcomes2425-2.zip", "2024-25"),
        ("ther-based-outcomes-2122.zip", "2021-22"),
        ("psych-ther-1920-out-ther-csv.csv", "2019-20"),
        ("annual-2019-2020.csv", "2019-20"),
        # the month in which it came out is no year of it
        ("annual-report-2024-25-sep-2025.csv", "2024-25"),
        ("2025-01-annual-2023-24.csv", "2023-24"),
    ],
)
def test_year_is_found_in_a_name(name: str, period: str) -> None:
    assert period == period_in_names([None, name])


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("iapt-month-Jan-2021-final-data.xlsx", "2021-01"),
        ("iapt-month-june-2021-final-data.csv", "2021-06"),
        ("iapt-month-august-2021-final-data-v2.csv.zip", "2021-08"),
        ("iapt_month_Jan_23_activity.zip", "2023-01"),
        ("iapt_month_dec_22_activity_updated.csv", "2022-12"),
        ("iapt_month_sept_22_activity.csv", "2022-09"),
        ("iapt_month_may_22_activity_updated.csv", "2022-05"),
        ("nhstalkingtherapies_month_feb_2026_activity_performance.csv", "2026-02"),
        ("activity-2024-03.csv", "2024-03"),
        ("activity202403.csv", "2024-03"),
        # the year in which it lies is no month of it
        ("2023-24/iapt_month_mar_2024.csv", "2024-03"),
    ],
)
def test_month_is_found_in_a_name(name: str, period: str) -> None:
    assert period == period_in_names([name], like="2026-02")


@pytest.mark.parametrize(
    "name", ["main.csv", "main-2024.csv", "main-2024-26.csv", "main-123456.csv", "report-1112.csv", "main-20241.csv"]
)
def test_name_without_a_year_leaves_the_period_unknown(name: str) -> None:
    with pytest.raises(PeriodUnknownError):
        period_in_names([name])


def test_four_digits_that_are_a_calendar_year_are_a_year_only_where_names_write_it_short() -> None:
    name = "ther-based-outcomes2021.zip"

    assert period_in_names([name], short_years=True) == "2020-21"
    assert period_in_names(["ther-based-outcomes-2021-22.zip"], short_years=True) == "2021-22"
    with pytest.raises(PeriodUnknownError):
        period_in_names([name])


def test_names_that_give_two_years_are_asked_about() -> None:
    with pytest.raises(PeriodUnknownError, match="2022-23, 2023-24"):
        period_in_names(["main-2023-24.csv", "archive-2022-23.zip"])


def test_table_4_of_2020_21_is_dated_by_the_name_of_its_zip(tmp_path: Path) -> None:
    data = csv_bytes(headers.THERAPY_OUTCOMES, [{"OrganisationType": "England"}], "*")

    only, _ = read_one(tmp_path / "ther-based-outcomes2021.csv", data, load_default())

    assert only.input.period == "2020-21"


@pytest.mark.parametrize(("period", "status"), [("2023-24", "unjudged"), ("2024-03", "unreadable")])
def test_given_period_must_be_of_the_files_kind(period: str, status: str, tmp_path: Path) -> None:
    data = csv_bytes(headers.THERAPY_OUTCOMES, [{"OrganisationType": "England"}], "*")

    actual = audit([write(tmp_path / "table4.csv", data)], load_default(), period=period)

    assert [status] == [each.status for each in actual.inputs]
