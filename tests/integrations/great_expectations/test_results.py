"""What a run of an expectation gives is what the audit finds; all rows and figures here were invented."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import great_expectations as gx
import pandas as pd
import pytest
from great_expectations.data_context.types.base import ProgressBarsConfig

from iapt_audit.definitions import load_default
from iapt_audit.integrations.great_expectations import ExpectRateToFollowFromCounts, findings_of
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from great_expectations.datasource.fluent.interfaces import Batch

INVENTED = Path(__file__).parents[3] / "examples" / "invented_month.csv"
MONTHLY = "monthly_activity/2021-01"


@pytest.fixture(scope="module")
def batch() -> Batch:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("figures").add_dataframe_asset("month")
    frame = pd.read_csv(INVENTED, dtype=str, keep_default_na=False)
    return asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})


def test_a_rate_that_no_counts_give_fails_with_its_row_and_the_finding_of_the_audit(batch: Batch) -> None:
    result = batch.validate(ExpectRateToFollowFromCounts(layout=MONTHLY, rule="recovery"))

    (expected,) = (each for each in audit([INVENTED], load_default()).findings if each.code == "rate-contradicted")
    (actual,) = findings_of(result)
    rows = sorted(cell.row - 2 for cell in expected.cells)
    assert (False, rows) == (result.success, result.result["unexpected_index_list"])
    assert (expected.id, expected.message) == (actual.id, actual.message)


def test_a_rate_that_follows_passes_beside_one_that_does_not(batch: Batch) -> None:
    result = batch.validate(ExpectRateToFollowFromCounts(layout=MONTHLY, rule="reliable_recovery"))

    assert result.success
    assert findings_of(result) == ()
