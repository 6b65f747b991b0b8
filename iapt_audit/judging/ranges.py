"""
Return the range of a rate: the least and the greatest that its printed figures allow.

This is the one place where it is worked out, for a table, a sentence, a picture or a program: the rates of an audit
take it from here, and so do the cited figures, which no file holds.

Where no suppressed count hangs together with the rate, its counts and its printed percentage are taken together: every
pair of whole numbers that prints so. Otherwise they are taken one by one, the percentage alone where one is printed, so
that nothing is told of a suppressed count that the file does not tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.constraints import rates as constrain
from iapt_audit.model.columns import HUNDRED_PERCENT, TOTAL
from iapt_audit.solver import two_variables
from iapt_audit.solver.dense import UNBOUNDED, Slices, Systems

if TYPE_CHECKING:
    from iapt_audit.arrays import Ints, Truths
    from iapt_audit.constraints.context import Context
    from iapt_audit.constraints.rates import Box, Candidates, Kinds
    from iapt_audit.definitions import Rate


def rate_low(numerator: Ints, denominator: Ints, per: int = HUNDRED_PERCENT) -> Ints:
    """
    Return rates in ten-thousandths of a per cent, rounded down; a denominator is 1 at least.

    >>> rate_low(np.array([1]), np.array([3])), rate_high(np.array([1]), np.array([3]))
    (array([333333]), array([333334]))
    """
    return numerator * per // np.maximum(denominator, 1)


def rate_high(numerator: Ints, denominator: Ints, per: int = HUNDRED_PERCENT) -> Ints:
    """Return rates in ten-thousandths of a per cent, rounded up; a denominator is 1 at least."""
    return -(-numerator * per // np.maximum(denominator, 1))


@dataclass(frozen=True, slots=True)
class Ranges:
    """The range of each rate in ten-thousandths, rounded outward, and whether any counts print its figure at all."""

    low: Ints
    high: Ints
    possible: Truths


def of_kinds(kinds: Kinds, rate: Rate) -> Ranges:
    """Return the range of one of each kind, counts and printed figure together; 0 to 0 where no counts print so."""
    nothing = np.zeros(kinds.count, dtype=np.int64)
    found = Ranges(nothing, nothing.copy(), np.ones(kinds.count, dtype=bool))
    for given in kinds.systems:
        for part in two_variables.slices(two_variables.merge(given).systems):
            at = given.group[part.group]
            low, high = _of_solutions(part, constrain.per_unit(rate))
            found.low[at], found.high[at], found.possible[at] = low, high, part.possible
    return found


def _of_solutions(part: Slices, per: int) -> tuple[Ints, Ints]:
    low_numerator, low_denominator, high_numerator, high_denominator = part.extreme_ratios()
    return rate_low(low_numerator, low_denominator, per), rate_high(high_numerator, high_denominator, per)


def by_counts(box: Box, per: int = HUNDRED_PERCENT) -> tuple[Ints, Ints]:
    """Return the range that the printed counts allow, each by itself; a part is no more than its whole."""
    low = rate_low(box.numerator_low, box.denominator_high, per)
    if per != HUNDRED_PERCENT:
        return low, rate_high(box.numerator_high, box.denominator_low, per)
    most = np.minimum(box.numerator_high, box.denominator_high)
    return low, np.minimum(rate_high(most, box.denominator_low, per), HUNDRED_PERCENT)


def one_by_one(box: Box, per: int = HUNDRED_PERCENT) -> tuple[Ints, Ints]:
    """Return the range that the printed figure allows by itself, or where none is printed the counts."""
    low, high = by_counts(box, per)
    printed_high = box.value + box.half_width
    if per == HUNDRED_PERCENT:
        printed_high = np.minimum(printed_high, HUNDRED_PERCENT)
    return (
        np.where(box.printed, np.maximum(box.value - box.half_width, 0), low),
        np.where(box.printed, printed_high, high),
    )


def of_judged(found: Candidates, ranges: Ranges, kind: Ints, context: Context, entangled: Truths) -> tuple[Ints, Ints]:
    """
    Return the range of every printed rate as it may be told, -1 where it is not checkable.

    Args:
        found: The groups of a rate.
        ranges: The range of each kind.
        kind: The kind of each checkable group.
        context: The cells and definitions.
        entangled: For each cell, whether it hangs together with a suppressed one.
    """
    low, high = (np.full(len(found.group), -1, dtype=np.int64) for _ in range(2))
    checkable = np.flatnonzero(found.reason < 0)
    chosen = constrain.some(found, checkable)
    box = context.box(chosen)
    per = constrain.per_unit(found.rate)
    apart, counted = one_by_one(box, per), by_counts(box, per)
    terms = chosen.terms
    tied: Truths = np.any(context.arrays.suppressed[terms] | entangled[terms], axis=1)
    # a printed figure that contradicts its counts tells nothing; the counts by themselves still do
    possible = ranges.possible[kind]
    for side, (together, alone, of_counts) in enumerate(zip((ranges.low, ranges.high), apart, counted, strict=True)):
        told = np.where(possible, np.where(tied, alone, together[kind]), of_counts)
        (low, high)[side][checkable] = told
    return low, high


def range_of(
    numerator: tuple[int, int], denominator: tuple[int, int], printed: tuple[int, int] | None
) -> tuple[int, int] | None:
    """
    Return the range of one percentage in ten-thousandths of a per cent, rounded outward, None if no counts print so.

    Args:
        numerator: The least and the greatest that it can be.
        denominator: The same; only values of 1 or more count.
        printed: The least that the printed percentage stands for and the end that it stays under, in ten-thousandths.

    >>> range_of((138, 142), (276, 284), (495_000, 505_000))
    (496402, 503624)
    >>> range_of((138, 142), (276, 284), None), range_of((1, 1), (3, 3), (500_000, 600_000))
    ((485915, 514493), None)
    """
    low, high = printed if printed is not None else (0, 0)
    is_printed = printed is not None
    per = HUNDRED_PERCENT if is_printed else 0
    # the rate is not under the printed figure, and not over it; the numerator is part of the denominator
    constraints = [(per, -low, 0, UNBOUNDED), (per, -high, -UNBOUNDED, -1 if is_printed else 0), (1, -1, -UNBOUNDED, 0)]
    system = Systems(
        group=np.array([0]),
        cell=np.array([[0, 1]]),
        coefficient=np.array([[each[:2] for each in constraints]]),
        low=np.array([[each[2] for each in constraints]]),
        high=np.array([[each[3] for each in constraints]]),
        least=np.array([[numerator[0], max(denominator[0], 1)]]),
        most=np.array([[numerator[1], denominator[1]]]),
    )
    for part in two_variables.slices(system):
        if part.possible[0]:
            least, most = _of_solutions(part, HUNDRED_PERCENT)
            return int(least[0]), int(most[0])
    return None


def overridden(rates: pl.DataFrame, headline: pl.DataFrame) -> pl.DataFrame:
    """
    Take the range of a headline rate from the headline, where all figures of an organisation together decide more.

    Args:
        rates: Rows of `judging.rates.RATES`.
        headline: What has passed the gate.
    """
    decided = headline.filter("decided_together").select(
        "file",
        "level",
        "org_code",
        breakdown=pl.lit(TOTAL).cast(rates.schema["breakdown"]),
        rate=pl.col("measure").cast(rates.schema["rate"]),
        decided_low="low",
        decided_high="high",
    )
    if decided.is_empty():
        return rates
    keys = ["rate", "file", "level", "org_code", "breakdown"]
    return (
        rates.join(decided.unique(keys), on=keys, how="left", maintain_order="left")
        .with_columns(
            low=pl.when(pl.col("low").is_not_null()).then(pl.coalesce("decided_low", "low")),
            high=pl.when(pl.col("high").is_not_null()).then(pl.coalesce("decided_high", "high")),
        )
        .drop("decided_low", "decided_high")
    )
