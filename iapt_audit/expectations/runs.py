"""Run the checkpoint that a table belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit import recognise
from iapt_audit.definitions import load_default
from iapt_audit.errors import PeriodUnknownError
from iapt_audit.expectations.suites import PERIOD, suite_name
from iapt_audit.expectations.tables import table_of, with_signs

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.checkpoint.checkpoint import CheckpointResult
    from great_expectations.data_context import AbstractDataContext

    from iapt_audit.definitions import Definitions


def checkpoint_of(frame: pd.DataFrame, period: str | None = None, definitions: Definitions | None = None) -> str:
    """
    Name the checkpoint that a table belongs to, by its columns.

    Args:
        frame: The rows of a published file, its cells as text.
        period: The month or year that the table is of; needed where no column says it.
        definitions: The layouts; the shipped ones if left out.

    Raises:
        UnknownLayoutError: If the columns are those of no layout; it names what differs from the nearest.
        UnreadableInputError: If there is no row.
        FrameError: If the frame has lost what the publisher printed.
        PeriodUnknownError: If no column says the period, and it is not given.
    """
    layouts = (definitions or load_default()).layouts
    table = table_of(frame)
    layout = recognise.layout_of(table.columns, layouts, period)
    if layout.period_from == "name" and period is None:
        raise PeriodUnknownError.of_frame(layout.id)
    with_signs(table, layout)
    return suite_name(layout.id)


def run(
    context: AbstractDataContext,
    frame: pd.DataFrame,
    period: str | None = None,
    definitions: Definitions | None = None,
) -> CheckpointResult:
    """
    Run the checkpoint that a table belongs to.

    Args:
        context: A project that `iapt-audit export gx` wrote.
        frame: The rows of a published file in its order, as `read_csv(..., dtype=str, keep_default_na=False)` gives.
        period: The month or year that the table is of, such as `2024-25`; needed where no column says it.
        definitions: The layouts; the shipped ones if left out.

    Returns:
        The result; `findings_of` reads it back as findings.

    Raises:
        InputError: As `checkpoint_of`: what is no published table is refused before anything runs.
    """
    checkpoint = context.checkpoints.get(checkpoint_of(frame, period, definitions))
    return checkpoint.run(batch_parameters={"dataframe": frame}, expectation_parameters={PERIOD: period})
