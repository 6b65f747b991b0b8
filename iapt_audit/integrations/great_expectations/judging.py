"""Let the engine judge the table of a batch, once for all expectations of a suite."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iapt_audit.definitions import load_default, load_with
from iapt_audit.errors.inputs import InputError, UnknownLayoutError
from iapt_audit.integrations.great_expectations.tables import table_of, with_signs
from iapt_audit.pipeline import audit
from iapt_audit.read import Held

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from iapt_audit.definitions import Definitions
    from iapt_audit.model.findings import Finding

#: What the cells of findings call the batch. It says no year or month, which the engine would take from it.
BATCH = "batch"


@dataclass(frozen=True, slots=True)
class JudgedBatch:
    """
    What an audit found in a batch of so many rows, all of it past the disclosure gate.

    `error` says why there is no audit, `unjudged` why no figure of some period was judged.
    """

    rows: int
    findings: tuple[Finding, ...] = ()
    places: pl.DataFrame | None = None
    error: InputError | None = None
    unjudged: InputError | None = None


def definitions_of(folder: str | None) -> Definitions:
    """Load the shipped definitions, with those of a folder added."""
    return load_default() if folder is None else load_with(Path(folder))


def judge(frame: pd.DataFrame, layout: str, definitions: Definitions, period: str | None) -> JudgedBatch:
    """
    Audit a frame as if it were the file that it was read from.

    Args:
        frame: The rows of a published file, in its order.
        layout: The id of the layout that it should be of.
        definitions: What the file looks like and what must hold.
        period: The period of a layout without a column for it.
    """
    try:
        return _judge(frame, layout, definitions, period)
    except InputError as error:
        return JudgedBatch(len(frame), error=error)


def _judge(frame: pd.DataFrame, layout: str, definitions: Definitions, period: str | None) -> JudgedBatch:
    table = table_of(frame)
    known = definitions.layouts[layout]
    if known.keys["level"] in table.columns:
        table = with_signs(table, known)
    found = audit([Held(BATCH, table)], definitions, period=period)
    for each in found.unread:
        if each.error is not None:
            raise each.error
    layouts = {each.layout for each in found.inputs if each.layout}
    if layout not in layouts:
        raise UnknownLayoutError.another(layout, sorted(layouts))
    unjudged = next((each.error for each in found.unjudged), None)
    return JudgedBatch(len(frame), found.findings, found.places, unjudged=unjudged)
