"""Run the checkpoint that a table belongs to."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
from great_expectations.core.run_identifier import RunIdentifier

from iapt_audit.definitions import load_default
from iapt_audit.errors.base import ArgumentError
from iapt_audit.errors.inputs import PeriodUnknownError
from iapt_audit.ingest import recognise
from iapt_audit.ingest.ingest import ingest
from iapt_audit.integrations.great_expectations.judging import BATCH
from iapt_audit.integrations.great_expectations.suites import PERIOD, suite_name
from iapt_audit.integrations.great_expectations.tables import table_of, with_signs
from iapt_audit.model.periods import is_period
from iapt_audit.read import Held

if TYPE_CHECKING:
    import polars as pl
    from great_expectations.checkpoint.checkpoint import CheckpointResult
    from great_expectations.data_context import AbstractDataContext

    from iapt_audit.definitions import Definitions, Layout


def checkpoint_of(frame: object, period: str | None = None, definitions: Definitions | None = None) -> str:
    """
    Name the checkpoint that a table belongs to, by its columns.

    Args:
        frame: The rows of a published file, its cells as text: of pandas, polars, pyarrow or what else speaks Arrow.
        period: The month or year that the table is of; needed where no column says it, and held against one that does.
        definitions: The layouts; the shipped ones if left out.

    Raises:
        UnknownLayoutError: If the columns are those of no layout; it names what differs from the nearest.
        UnreadableInputError: If there is no row.
        FrameError: If the frame has lost what the publisher printed.
        PeriodUnknownError: If no column says the period, and it is not given; or if the columns say another.
        ArgumentError: If the period is none.
    """
    layout, _ = _recognised(table_of(frame), period, definitions or load_default())
    return suite_name(layout.id)


def _recognised(table: pl.DataFrame, period: str | None, definitions: Definitions) -> tuple[Layout, list[str]]:
    """Return the layout of a table, and its periods."""
    if period is not None and not is_period(period):
        raise ArgumentError.expected("a period such as 2024-25 or 2026-02", period)
    layout = recognise.layout_of(table.columns, definitions.layouts, period)
    if layout.period_from == "name" and period is None:
        raise PeriodUnknownError.of_frame(layout.id)
    read = [each.input for each in ingest(Held(BATCH, with_signs(table, layout)), definitions, period)]
    for each in read:
        if each.error is not None:
            raise each.error
    # the columns alone may be those of several layouts: its periods and measures tell which it is
    layout = next((definitions.layouts[each.layout] for each in read if each.layout is not None), layout)
    periods = sorted({each.period for each in read if each.period is not None})
    if periods and period is not None and period not in periods:
        raise PeriodUnknownError.of_others(period, periods)
    return layout, periods


def run(
    context: AbstractDataContext,
    frame: object,
    period: str | None = None,
    definitions: Definitions | None = None,
    name: str | None = None,
) -> CheckpointResult:
    """
    Run the checkpoint that a table belongs to.

    Args:
        context: A project that `iapt-audit export gx` wrote.
        frame: The rows of a published file in its order, as `read_csv(..., dtype=str, keep_default_na=False)` gives; or
            any table that `audit` takes.
        period: The month or year that the table is of, such as `2024-25`; needed where no column says it.
        definitions: The layouts; the shipped ones if left out.
        name: What the Data Docs call the run, such as the name of the file; if left out, the period. Signs that no path
            takes become `-`.

    Returns:
        The result; `findings_of` reads it back as findings.

    Raises:
        InputError: As `checkpoint_of`: what is no published table is refused before anything runs.
        ArgumentError: If the period is none.
    """
    table = table_of(frame)
    layout, periods = _recognised(table, period, definitions or load_default())
    # part of a path: other signs than these are refused, or would lead elsewhere
    called = re.sub(r"[^\w.-]+", "-", name or " to ".join(dict.fromkeys([*periods[:1], *periods[-1:]])) or layout.id)
    checkpoint = context.checkpoints.get(suite_name(layout.id))
    return checkpoint.run(
        batch_parameters={"dataframe": frame if isinstance(frame, pd.DataFrame) else table.to_pandas()},
        expectation_parameters={PERIOD: period},
        # without a time it would take one out of the name
        run_id=RunIdentifier(run_name=called, run_time=datetime.now(tz=UTC)),
    )
