"""
Say how far rates spread around a centre beyond chance: the limits of a funnel plot.

Source: D. J. Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24 (2005),
1185 to 1202: exact binomial limits, and overdispersion from winsorised z-scores. The limits are drawn and no verdict
rests on them, so they are floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from iapt_audit.model.columns import Level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: The probability between the limits.
LIMITS = (0.95, 0.998)
#: The share of the z-scores at either end that is drawn in before their spread is measured.
WINSORISED = 0.1
#: Of an organisation with fewer referrals no rate is drawn: it could be almost anything.
SMALLEST = 5


@dataclass(frozen=True, slots=True)
class Funnel:
    """
    The organisations of one level and period around a centre.

    `rows` are headline rows from the smallest to the largest, `centre` a ratio, `of_england` whether it is England's
    own, `spread` the overdispersion.
    """

    level: Level
    rows: list[dict[str, Any]]
    centre: float
    of_england: bool
    spread: float

    def counts(self, column: str) -> Floats:
        """Return a count of every organisation, or one end of its bounds."""
        return np.array([row[column] for row in self.rows], dtype=float)


def funnel(now: pl.DataFrame, level: Level) -> Funnel | None:
    """
    Gather the organisations of one level, one rate and one file; None if they are fewer than two, or all alike.

    Args:
        now: Rows of the headline (`Published.headline`), England's among them where there are any.
        level: The level.
    """
    own = now.filter((pl.col("level") == level) & (pl.col("denominator_low") >= SMALLEST))
    rows = own.sort("denominator_low", pl.col("org_code").cast(pl.String)).to_dicts()
    if len(rows) <= 1:
        return None
    england = now.filter(pl.col("level") == Level.ENGLAND).drop_nulls("exact_numerator").to_dicts()
    # a suppressed count leaves a rate too open to say anything of the spread
    firm = [row for row in rows if not row["entangled"]]
    counts = np.array([(row["numerator_low"] + row["numerator_high"]) / 2 for row in firm])
    sizes = np.array([(row["denominator_low"] + row["denominator_high"]) / 2 for row in firm])
    if england:
        centre = england[0]["exact_numerator"] / england[0]["exact_denominator"]
    else:
        centre = float(counts.sum() / sizes.sum()) if firm else 0.0
    if not 0 < centre < 1:
        return None
    return Funnel(level, rows, centre, bool(england), overdispersion(counts, sizes, centre))


def beyond(drawn: Funnel) -> tuple[int, int]:
    """Count the organisations surely below and surely above the outer limits, whichever counts the figures allow."""
    small, large = drawn.counts("denominator_low"), drawn.counts("denominator_high")
    ends = [limits(size, drawn.centre, LIMITS[-1], drawn.spread) for size in (small, large)]
    below = np.minimum(drawn.counts("numerator_high") / small, 1) < np.minimum(ends[0][0], ends[1][0])
    above = drawn.counts("numerator_low") / large > np.maximum(ends[0][1], ends[1][1])
    return int(below.sum()), int(above.sum())


def overdispersion(counts: Floats, sizes: Floats, centre: float) -> float:
    """
    Measure how many times as much rates vary around a centre as chance would let them.

    Args:
        counts: How many of each have what is counted.
        sizes: How many there are in each, all over 0.
        centre: The ratio, 0 to 1, that they vary around.

    Returns:
        The mean square of the z-scores, of which the tenth at either end are drawn in; 1 is chance alone, and under it
        is 1: fewer than chance allows says nothing.

    >>> import numpy as np
    >>> overdispersion(np.array([50.0, 50.0]), np.array([100.0, 100.0]), 0.5)
    1.0
    >>> overdispersion(np.array([70.0, 30.0]), np.array([100.0, 100.0]), 0.5)
    16.0
    """
    if not len(sizes) or not 0 < centre < 1:
        return 1.0
    scores = (counts / sizes - centre) / np.sqrt(centre * (1 - centre) / sizes)
    low, high = np.quantile(scores, [WINSORISED, 1 - WINSORISED], method="nearest")
    return max(1.0, round(float(np.mean(np.clip(scores, low, high) ** 2)), 4))


def limits(sizes: Floats, centre: float, between: float, spread: float = 1.0) -> tuple[Floats, Floats]:
    """
    Return the ratios between which chance leaves a rate of so many, if its true ratio is the centre.

    Args:
        sizes: Numbers of referrals.
        centre: The true ratio, 0 to 1, neither 0 nor 1.
        between: The probability that a rate is between the two.
        spread: What the variance is multiplied by (`overdispersion`); the exact limits are moved out by its root.

    Returns:
        The lower and the upper limit of each size, interpolated between whole counts as the source does.

    >>> import numpy as np
    >>> low, high = limits(np.array([100.0, 1000.0]), 0.5, 0.95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.397, 0.469], [0.593, 0.53])
    """
    tail = (1 - between) / 2
    low, high = (_quantile(sizes, centre, probability) for probability in (tail, 1 - tail))
    root = np.sqrt(spread)
    return np.clip(centre + root * (low - centre), 0, 1), np.clip(centre + root * (high - centre), 0, 1)


def _quantile(sizes: Floats, centre: float, probability: float) -> Floats:
    # scipy.stats would say the same, and takes a second to import
    from scipy.special import bdtr, bdtrik

    whole = sizes.astype(np.int64)
    count = np.ceil(bdtrik(probability, sizes, centre))
    # the inverse may be a step too high where it is a whole number
    count = np.where(bdtr(count - 1, whole, centre) >= probability, count - 1, count)
    reached = bdtr(count, whole, centre)
    before = np.where(count > 0, bdtr(np.maximum(count - 1, 0), whole, centre), 0.0)
    ratio: Floats = (count - (reached - probability) / (reached - before)) / sizes
    return ratio
