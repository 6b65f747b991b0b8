"""The suites pass on published months and years, but for the errors that are known to stand in them."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from iapt_audit.integrations.great_expectations import findings_of, run
from iapt_audit.model.findings import Severity
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

    from great_expectations.data_context import FileDataContext

    from iapt_audit.definitions import Definitions

FORM = "expect_figures_to_be_in_form"
#: A file, its period where no column says it, and what fails: the expectation, the code and the organisation.
FILES: list[tuple[str, str | None, list[tuple[str, str, str]]]] = [
    ("monthly/nhstalkingtherapies_month_feb_2026_activity_performance.csv.zip", None, []),
    ("monthly/iapt-month-november-2021-final-data.csv.zip", None, []),
    (
        "monthly/nhstalkingtherapies_month_jul_2025_activity_final.csv.zip",
        None,
        [(FORM, "value-negative", "K7Y6R")],
    ),
    ("annual/psych-ther-ann-rep-csv-2024-25-2.zip", "2024-25", []),
    ("annual/psych-ther-ann-rep-csvs-2023-24.zip", "2023-24", [(FORM, "key-twice", "TAF90")]),
    ("annual/psych-ther-ann-2018-19-csvs.zip", "2018-19", []),
    ("therapy_outcomes/ther-based-outcomes2425-2.zip", "2024-25", []),
]


@pytest.mark.parametrize(("name", "period", "fails"), FILES, ids=[name.split("/")[1] for name, _, _ in FILES])
def test_a_published_file_fails_just_where_an_error_is_known(
    *,
    name: str,
    period: str | None,
    fails: list[tuple[str, str, str]],
    shared_data: Path,
    context: FileDataContext,
    definitions: Definitions,
) -> None:
    with zipfile.ZipFile(shared_data / name) as archive:
        (member,) = (each for each in archive.namelist() if each.lower().endswith(".csv"))
        with archive.open(member) as file:
            frame = pd.read_csv(file, dtype=str, keep_default_na=False)

    result = run(context, frame, period)

    found = findings_of(result)
    (suite,) = result.run_results.values()
    failed = [each.expectation_config.type for each in suite.results if each.expectation_config and not each.success]
    errors = [(each.code, each.org_code) for each in found if each.severity is Severity.ERROR]
    assert [kind for kind, _, _ in fails] == failed
    assert [(code, org) for _, code, org in fails] == errors
    assert [each.id for each in audit([shared_data / name], definitions).findings] == [each.id for each in found]
