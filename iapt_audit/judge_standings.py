"""Hold every organisation's total to the standards in force."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit import constrain, headline, solve
from iapt_audit.columns import CELLS, SCALE, TOTAL
from iapt_audit.inputs import first_month
from iapt_audit.systems import systems

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iapt_audit.context import Context
    from iapt_audit.definitions import Standard

    Truths = NDArray[np.bool_]

#: A rate of one organisation with its standard; the columns of `headline.HEADLINE` follow.
STANDINGS = pl.Schema(
    {
        "publication": pl.String(),
        "period": pl.String(),
        "file": CELLS["file"],
        "level": CELLS["level"],
        "org_code": CELLS["org_code"],
        "org_name": CELLS["org_name"],
        "measure": pl.String(),
        "standard": pl.String(),
        "printed": pl.String(),
        **headline.HEADLINE,
    }
)


def judge_standings(context: Context, entangled: Truths) -> pl.DataFrame:
    """
    Give the standing of every organisation's total against every standard in force in its period.

    Args:
        context: The cells and definitions.
        entangled: For each cell, whether it hangs together with a suppressed one.

    Returns:
        Rows of `STANDINGS`, with both what is known together and what is known at face value: only the gate chooses.
    """
    frames = [_standings(standard, context, entangled) for standard in context.definitions.standards.values()]
    return pl.concat(frames) if frames else pl.DataFrame(schema=STANDINGS)


def _standings(standard: Standard, context: Context, entangled: Truths) -> pl.DataFrame:
    rate, arrays = context.definitions.rates[standard.rate], context.arrays
    found = _totals_in_force(standard, context)
    if not len(found.group):
        return pl.DataFrame(schema=STANDINGS)
    level = int(standard.percentage * SCALE)
    extremes = headline.Extremes.none(len(found.group))
    fits = np.zeros(len(found.group), dtype=bool)
    for given in systems(constrain.compile_rate(found, arrays, standard=level), arrays.low, arrays.high):
        for part in solve.slices(solve.merge(given).systems):
            placed = replace(part, group=given.group[part.group])
            extremes.gather(placed, level)
            fits[placed.group] = placed.possible
    terms = np.concatenate([found.numerator, found.denominator], axis=1)
    tied = (arrays.suppressed[terms] | entangled[terms]).any(axis=1)
    told = headline.headline(context.box(found), extremes, tied, level)
    groups = context.located.groups[found.group]
    parts = {name: [getattr(part, name) for part in context.parts] for name in ("period", "publication")}
    file = groups["file"].to_numpy()
    return (
        pl.concat([groups.drop("breakdown"), told], how="horizontal")
        .with_columns(
            publication=pl.Series(parts["publication"], dtype=pl.String).gather(pl.Series(file)),
            period=pl.Series(parts["period"], dtype=pl.String).gather(pl.Series(file)),
            org_name=context.cells["org_name"].gather(pl.Series(found.numerator[:, 0])),
            measure=pl.lit(rate.id),
            standard=pl.lit(standard.id),
            printed=context.cells["printed"].gather(pl.Series(np.maximum(found.percentage, 0))),
            has_printed=pl.Series(found.percentage >= 0),
        )
        .with_columns(printed=pl.when("has_printed").then("printed"))
        # figures that contradict each other have no standing
        .filter(pl.Series(fits))
        .select(STANDINGS.names())
        .cast(STANDINGS)
    )


def _totals_in_force(standard: Standard, context: Context) -> constrain.Candidates:
    """Gather the totals whose counts are there, in the periods of the standard; a suppressed percentage is none."""
    rate, arrays = context.definitions.rates[standard.rate], context.arrays
    found = context.candidates(rate, printed_only=False)
    groups = context.located.groups[found.group]
    in_force = [
        number
        for number, part in enumerate(context.parts)
        if standard.in_force_from <= first_month(part.period)
        and (standard.in_force_to is None or first_month(part.period) <= standard.in_force_to)
    ]
    reasons = [-1, list(constrain.REASONS).index("suppressed")]
    terms = np.concatenate([found.numerator, found.denominator], axis=1)
    keep = np.flatnonzero(
        np.isin(found.reason, reasons)
        & (groups["breakdown"] == TOTAL).to_numpy()
        & np.isin(groups["file"].to_numpy(), in_force)
        & (arrays.low[terms] >= 0).all(axis=1)
    )
    percentage = np.where(found.reason < 0, found.percentage, -1)[keep]
    return constrain.Candidates(
        rate, found.group[keep], percentage, found.numerator[keep], found.denominator[keep], np.full(len(keep), -1)
    )
