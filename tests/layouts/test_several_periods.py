"""Tables of several whole periods are sound; every row and figure here was invented."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
from audits.written_tables import END, MEASURE, MONTHLY, SERIES_VALUE, START, VALUE, month, rows_of, written
from cli.command import run
from layouts import headers
from layouts.written import csv_bytes

from iapt_audit import audit, schema_for
from iapt_audit.definitions import load_default

if TYPE_CHECKING:
    from pathlib import Path

    from audits.written_tables import Row

SERIES = tuple(SERIES_VALUE if column == VALUE else column for column in MONTHLY)
MONTHS = ("2026-01", "2026-02", "2026-03")
#: What the time series for key measures holds of a service.
KEY = {
    "M001": "815", "M031": "760", "M053": "98", "M055": "100", "M056": "720", "M076": "705", "M1010": "5", "M186": "67",
    "M189": "35", "M192": "50", "M195": "48",
}  # fmt: skip


def _as_series(rows: list[Row]) -> list[Row]:
    return [{**row, SERIES_VALUE: row[VALUE]} for row in rows]


def _master(months: tuple[str, ...] = MONTHS) -> list[Row]:
    return [row for name in months for row in month(name)]


def test_master_of_whole_months_is_judged_month_by_month(tmp_path: Path) -> None:
    done = run("audit", written(tmp_path / "master.csv", _master()), "--format", "json")
    content = json.loads(done.stdout)

    assert done.returncode == 0
    assert [(each["period"], each["status"]) for each in content["inputs"]] == [(name, "audited") for name in MONTHS]
    assert content["summary"]["rates"] == {"consistent": 12, "contradicted": 0, "not_checkable": 0}
    told = {each["code"]: each["message"] for each in content["findings"]}
    assert told["periods-differ"] == (
        "the file holds rows of 3 periods, each judged by itself: 2026-01, 2026-02 and 2026-03"
    )
    # what the file lacks it lacks in each of its months
    assert [each["code"] for each in content["findings"]].count("measures-absent") == 1
    assert told["measures-absent"].endswith("(so in 3 of the 3 periods of the file)")


def test_wrong_figure_of_one_month_is_found_among_the_others(tmp_path: Path) -> None:
    rows = [
        {**row, VALUE: "60"} if (row[START], row[MEASURE], row["ORG_CODE2"]) == ("2026-02-01", "M192", "INV01") else row
        for row in _master()
    ]

    (one,) = audit(written(tmp_path / "master.csv", rows)).findings.filter(pl.col("severity") == "error").to_dicts()

    assert (one["code"], one["period"], one["org_code"]) == ("rate-contradicted", "2026-02", "INV01")


def test_time_series_is_read_as_such_and_lacks_nothing(tmp_path: Path) -> None:
    rows = _as_series([row for name in MONTHS for row in rows_of("Provider", "INV01", KEY, name)])

    found = audit(written(tmp_path / "time_series.csv", rows, SERIES))

    found.raise_for_findings("note")
    assert found.inputs["layout"].unique().to_list() == ["monthly_activity/2021-04-series"]
    assert found.findings.is_empty()
    assert found.summary["rates"]["consistent"] == 3


@pytest.mark.parametrize(
    ("name", "layout"),
    [("2021-03", "monthly_activity/2021-03"), ("2026-03", "monthly_activity/2021-04-series")],
)
def test_month_with_the_columns_of_the_series_is_known_by_its_period(name: str, layout: str, tmp_path: Path) -> None:
    rows = _as_series(month(name))

    assert audit(written(tmp_path / "month.csv", rows, SERIES)).inputs["layout"].to_list() == [layout]


def test_the_series_holds_the_eleven_measures_of_its_definition() -> None:
    layout = load_default().layouts["monthly_activity/2021-04-series"]

    assert set(layout.measures) == set(KEY)
    assert {layout.keys["value"], layout.many_periods} == {SERIES_VALUE, True}


def test_series_on_its_own_header_fits_its_schema(tmp_path: Path) -> None:
    rows = _as_series([row for name in MONTHS for row in rows_of("Provider", "INV01", KEY, name)])
    frame = pl.read_csv(written(tmp_path / "series.csv", rows, SERIES), infer_schema=False, empty_string_is_null=False)

    schema_for("monthly_activity", "2026-02", form="series").validate(frame, lazy=True)


def test_master_of_months_fits_the_schema_of_its_layout(tmp_path: Path) -> None:
    path = written(tmp_path / "master.csv", _master())
    frame = pl.read_csv(path, infer_schema=False, empty_string_is_null=False)

    schema_for("monthly_activity", "2026-02").validate(frame, lazy=True)


@pytest.mark.parametrize(
    "months",
    [("2026-01", "2026-03"), ("2026-03", "2026-01"), ("2026-02",)],
    ids=["one missing", "last first", "one alone"],
)
def test_months_of_a_master_may_be_missing_or_in_any_order(months: tuple[str, ...], tmp_path: Path) -> None:
    found = audit(written(tmp_path / "master.csv", _master(months)))

    found.raise_for_findings()
    assert sorted(found.inputs["period"]) == sorted(months)
    assert ("periods-differ" in found.findings["code"].to_list()) == (len(months) > 1)


def test_period_that_is_no_whole_month_stays_an_error_beside_whole_ones(tmp_path: Path) -> None:
    rows = [{**row, END: "2026-02-14"} if row[START] == "2026-02-01" else row for row in _master()]

    found = audit(written(tmp_path / "master.csv", rows))

    assert found.findings.filter(pl.col("severity") == "error")["code"].to_list() == ["period-not-whole"]


def _tidy(value: dict[tuple[str, str], str], level: str, code: str) -> list[Row]:
    return [
        {
            "reporting_period": "2024-25", "start_date": "2024-04-01", "end_date": "2025-03-31", "org_type": level,
            "org_code": code, "org_name": f"INVENTED {code}", "variable_type": "Total", "variable_a": "NULL",
            "variable_b": "NULL", "measure_name": measure, "measure_statistic": statistic, "value": printed,
        }
        for (measure, statistic), printed in value.items()
    ]  # fmt: skip


def test_tidy_copy_that_keeps_the_publishers_signs_is_sound(tmp_path: Path) -> None:
    figures = {
        ("finished_course_treatment", "count"): "85", ("not_at_caseness", "count"): "*", ("recovery", "count"): "25",
        ("recovery", "percentage"): "30", ("improvement", "count"): "NULL", ("deterioration", "count"): "NA",
    }  # fmt: skip
    path = tmp_path / "measures_annual.csv"
    path.write_bytes(csv_bytes(headers.ANNUAL_TIDY, _tidy(figures, "Provider", "INV01")))

    found = audit(path)

    assert not (found.findings["severity"] == "error").any()
    assert found.summary["rates"]["consistent"] == 1
    assert found.cells.sort("row")["status"].cast(pl.String).to_list() == [
        "published", "suppressed", "published", "published", "not_applicable", "withheld_or_absent"
    ]  # fmt: skip
    # a sign is no part of a breakdown either
    assert found.cells["breakdown"].cast(pl.String).unique().to_list() == ["Total"]


@pytest.mark.parametrize("sign", ["*", "NULL", "NA"])
def test_monthly_tidy_copy_knows_the_publishers_signs(sign: str, tmp_path: Path) -> None:
    row = {
        "reporting_period": "2025-06", "start_date": "2025-06-01", "end_date": "2025-06-30", "group_type": "Provider",
        "org_code1": "all", "org_name1": "all", "org_code2": "INV01", "org_name2": "INVENTED",
        "measure_name": "its_name", "measure_statistic": "count",
    }  # fmt: skip
    figures = {"M076": "85", "M179": sign, "M191": "25", "M192": "30"}
    rows = [{**row, "measure_id": measure, "value": value} for measure, value in figures.items()]
    path = tmp_path / "measures_monthly.csv"
    path.write_bytes(csv_bytes(headers.MONTHLY_TIDY, rows))

    assert "cell-unparseable" not in audit(path).findings["code"].to_list()
