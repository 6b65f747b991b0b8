"""
Set the outcomes of groups against each other: by deprivation, ethnicity, age, gender, long term condition.

The range of each rate is the one that the audit tells of it everywhere (`judging.ranges`); a rate that is not printed
has that of its counts. So nothing is told of a suppressed count that the file does not tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.constraints import rates as constrain
from iapt_audit.judging import ranges
from iapt_audit.model.columns import CELLS, TOTAL

if TYPE_CHECKING:
    from iapt_audit.constraints.context import Context
    from iapt_audit.definitions import Gap, Rate

#: A group's rate with what it is set against: rates and points in ten-thousandths of a per cent, rounded outward.
GAPS = pl.Schema(
    {
        "publication": pl.String(),
        "period": pl.String(),
        "file": CELLS["file"],
        "level": CELLS["level"],
        "org_code": CELLS["org_code"],
        "gap": pl.String(),
        "measure": pl.String(),
        "group": pl.String(),
        "against": pl.String(),
        "low": pl.Int64(),
        "high": pl.Int64(),
        "points_low": pl.Int64(),
        "points_high": pl.Int64(),
    }
)
_PLACE = ("file", "level", "org_code")


def gaps(context: Context, told: pl.DataFrame) -> pl.DataFrame:
    """
    Return the rate of every group of every organisation and its distance from what it is set against (`GAPS`).

    Args:
        context: The cells and definitions.
        told: The printed rates with their ranges as they may be told (`judging.rates.RATES`).
    """
    definitions = context.definitions
    frames = [pl.DataFrame(schema=GAPS)]
    rates = {name: _rates(definitions.rates[name], context, told) for gap in definitions.gaps for name in gap.rates}
    for gap in definitions.gaps:
        frames += [_gap(gap, name, rates[name], context) for name in gap.rates]
    return pl.concat(frames)


def _rates(rate: Rate, context: Context, told: pl.DataFrame) -> pl.DataFrame:
    """Return the range of the rate of each row: that of the printed rate, or of the counts where none is printed."""
    found = context.candidates(rate, printed_only=False)
    arrays = context.arrays
    reasons = [-1, list(constrain.REASONS).index("suppressed"), list(constrain.REASONS).index("count_suppressed")]
    keep = np.flatnonzero(np.isin(found.reason, reasons) & (arrays.low[found.terms] >= 0).all(axis=1))
    found = constrain.some(found, keep)
    low, high = ranges.by_counts(context.box(found))
    key = [*_PLACE, "breakdown"]
    printed = told.filter((pl.col("rate") == rate.id) & pl.col("low").is_not_null())
    return (
        context.located.groups[found.group]
        .with_columns(counted_low=pl.Series(low), counted_high=pl.Series(high))
        .join(printed.select(*key, "low", "high"), on=key, how="left", maintain_order="left")
        .with_columns(
            pl.col("breakdown").cast(pl.String),
            low=pl.coalesce("low", "counted_low"),
            high=pl.coalesce("high", "counted_high"),
        )
        .drop("counted_low", "counted_high")
    )


def _gap(gap: Gap, measure: str, rates: pl.DataFrame, context: Context) -> pl.DataFrame:
    written = pl.col("breakdown")
    groups = (
        rates.filter(written.str.starts_with(gap.prefix) & written.str.ends_with(gap.suffix))
        .with_columns(group=written.str.strip_prefix(gap.prefix).str.strip_suffix(gap.suffix))
        .filter(~pl.col("group").str.contains(" | ", literal=True) & ~pl.col("group").is_in(gap.leave_out))
    )
    reference = groups.filter(pl.col("group") == gap.against) if gap.against else rates.filter(written == TOTAL)
    beside = reference.select(*_PLACE, reference_low="low", reference_high="high")
    parts = context.parts
    file = pl.col("file").cast(pl.UInt32)
    periods = pl.Series([part.period for part in parts], dtype=pl.String)
    publications = pl.Series([part.publication for part in parts], dtype=pl.String)
    return (
        groups.join(beside, on=list(_PLACE), how="inner", maintain_order="left")
        .with_columns(
            publication=pl.lit(publications).gather(file),
            period=pl.lit(periods).gather(file),
            gap=pl.lit(gap.id),
            measure=pl.lit(measure),
            against=pl.lit(gap.against or TOTAL),
            points_low=pl.col("low") - pl.col("reference_high"),
            points_high=pl.col("high") - pl.col("reference_low"),
        )
        .select(GAPS.names())
        .cast(GAPS)
    )
