"""Gather the figures that are followed over time: sessions, the second wait, those still waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.model.columns import CELLS, TOTAL

if TYPE_CHECKING:
    from iapt_audit.constraints.context import Context

#: One printed figure a row, of an organisation's total; `low` and `high` are the bounds of a count.
SERIES = pl.Schema(
    {
        "publication": pl.String(),
        "period": pl.String(),
        "file": CELLS["file"],
        "level": CELLS["level"],
        "org_code": CELLS["org_code"],
        "org_name": CELLS["org_name"],
        "section": pl.String(),
        "concept": pl.String(),
        "measure": CELLS["measure"],
        "statistic": CELLS["statistic"],
        "printed": CELLS["printed"],
        "status": CELLS["status"],
        "low": CELLS["low"],
        "high": CELLS["high"],
        "held_back": CELLS["held_back"],
    }
)


def follow(context: Context) -> pl.DataFrame:
    """Return the followed figures of every organisation's total: rows of `SERIES`, in the order of their definition."""
    frames = [pl.DataFrame(schema=SERIES)]
    groups = context.located.groups
    total = (groups["breakdown"] == TOTAL).to_numpy()
    periods = pl.Series([part.period for part in context.parts], dtype=pl.String)
    publications = pl.Series([part.publication for part in context.parts], dtype=pl.String)
    for series in context.definitions.series:
        cell = context.located.cells(series.concept)
        found = cell[np.flatnonzero((cell >= 0) & total)]
        file = context.cells["file"].gather(pl.Series(found)).cast(pl.UInt32)
        frames.append(
            context.cells[found]
            .with_columns(
                publication=publications.gather(file),
                period=periods.gather(file),
                section=pl.lit(series.section),
                concept=pl.lit(series.concept),
            )
            .select(SERIES.names())
            .cast(SERIES)
        )
    # of two files of one period the later tells
    key = ["publication", "period", "level", "org_code", "concept"]
    return pl.concat(frames).unique(key, keep="last", maintain_order=True)
