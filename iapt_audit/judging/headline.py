"""
Say how a headline rate stands to its standard, over all counts that the printed figures allow.

Source: `checks/standards/`; the words are those of design and glossary. `met`: all possible counts reach the standard;
`not_met`: none does, nor the printed figure; `met_only_after_rounding`: none does, and the printed figure reads so;
`undecided`: some do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.judging import ranges
from iapt_audit.model.columns import HUNDRED_PERCENT, STANDING, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.arrays import Ints, Truths
    from iapt_audit.constraints.rates import Box
    from iapt_audit.solver.dense import Slices


#: A rate with its standard: what is known with everything (`exact_`) and at face value (`face_`); `low` and `high` in
#: ten-thousandths of a per cent, rounded outward; `short` in referrals, negative for over. The gate chooses.
HEADLINE = pl.Schema(
    {
        "entangled": pl.Boolean(),
        "decided_together": pl.Boolean(),
        "numerator_low": pl.Int64(),
        "numerator_high": pl.Int64(),
        "denominator_low": pl.Int64(),
        "denominator_high": pl.Int64(),
        "exact_numerator": pl.Int64(),
        "exact_denominator": pl.Int64(),
        **{
            f"{side}_{name}": pl.Int64()
            for side in ("exact", "face")
            for name in ("low", "high", "short_low", "short_high")
        },
        **{f"{side}_standing": STANDING for side in ("exact", "face")},
    }
)


@dataclass(slots=True)
class Extremes:
    """
    The least and greatest of what can be, gathered over the slices of each group.

    The lowest and highest rate are kept as pairs of counts, so that they are compared exactly.
    """

    low_numerator: Ints
    low_denominator: Ints
    high_numerator: Ints
    high_denominator: Ints
    short_low: Ints
    short_high: Ints
    all_reach: Truths
    some_reach: Truths
    met_together: Truths
    missed_together: Truths

    @classmethod
    def none(cls, count: int) -> Extremes:
        """Start with nothing gathered for a number of groups."""
        zeros = np.zeros(count, dtype=np.int64)
        return cls(
            zeros.copy(), zeros + 1, zeros.copy(), zeros + 1, zeros.copy(), zeros.copy(),
            *(np.zeros(count, dtype=bool) for _ in range(4)),
        )  # fmt: skip

    @property
    def undecided(self) -> Truths:
        """Mark the groups in which some of what can be reaches the standard and some does not."""
        return self.some_reach & ~self.all_reach

    def decide(self, at: Ints, all_reach: Truths, some_reach: Truths) -> None:
        """Take in what all published figures together say of some groups."""
        self.met_together[at], self.missed_together[at] = all_reach, ~some_reach

    def gather(self, part: Slices, standard: int) -> None:
        """Gather the solutions of some groups; `standard` is in ten-thousandths of a per cent."""
        is_open, second = part.open, part.second
        low_n, low_d, high_n, high_d = part.extreme_ratios()
        needed = -(-standard * second // HUNDRED_PERCENT)
        large = np.iinfo(np.int64).max
        short_low = np.where(is_open, needed - part.most, large).min(axis=1)
        short_high = np.where(is_open, needed - part.least, -large).max(axis=1)
        at = part.group
        self.low_numerator[at], self.low_denominator[at] = low_n, np.maximum(low_d, 1)
        self.high_numerator[at], self.high_denominator[at] = high_n, np.maximum(high_d, 1)
        self.short_low[at], self.short_high[at] = short_low, short_high
        self.all_reach[at], self.some_reach[at] = short_high <= 0, short_low <= 0


def headline(box: Box, extremes: Extremes, entangled: Truths, standard: int) -> pl.DataFrame:
    """
    Put together what is known of one rate and its standard in each group.

    Args:
        box: What the printed counts and percentage say one by one.
        extremes: What they say together.
        entangled: Whether the group hangs together with a suppressed cell.
        standard: In ten-thousandths of a per cent.

    Returns:
        Rows of `HEADLINE`.
    """
    exact = (box.numerator_low == box.numerator_high) & (box.denominator_low == box.denominator_high)
    reads_met = box.printed & (box.value >= standard)
    own = _RateBounds(
        low=ranges.rate_low(extremes.low_numerator, extremes.low_denominator),
        high=ranges.rate_high(extremes.high_numerator, extremes.high_denominator),
        short_low=extremes.short_low,
        short_high=extremes.short_high,
        all_reach=extremes.all_reach,
        some_reach=extremes.some_reach,
    )
    face = _face(box, standard)
    met, missed = extremes.met_together, extremes.missed_together
    together = np.where(entangled, face.undecided, own.undecided) & (met | missed)
    sides = {"exact": own.decided(met, missed, standard), "face": face.decided(met, missed, standard)}
    return (
        pl.DataFrame(
            {
                "entangled": entangled,
                "decided_together": together,
                "numerator_low": box.numerator_low,
                "numerator_high": box.numerator_high,
                "denominator_low": box.denominator_low,
                "denominator_high": box.denominator_high,
                "exact_numerator": box.numerator_low,
                "exact_denominator": box.denominator_low,
                **{name: column for side, told in sides.items() for name, column in told.columns(side, reads_met)},
                "is_exact": exact,
            }
        )
        .with_columns(
            pl.when("is_exact").then(pl.col("exact_numerator")).alias("exact_numerator"),
            pl.when("is_exact").then(pl.col("exact_denominator")).alias("exact_denominator"),
        )
        .select(*HEADLINE)
        .cast(HEADLINE)
    )


@dataclass(frozen=True, slots=True)
class _RateBounds:
    """What is told of each group: bounds of the rate and of the shortfall, and whether all or some of it reach."""

    low: Ints
    high: Ints
    short_low: Ints
    short_high: Ints
    all_reach: Truths
    some_reach: Truths

    @property
    def undecided(self) -> Truths:
        return self.some_reach & ~self.all_reach

    def decided(self, met: Truths, missed: Truths, standard: int) -> _RateBounds:
        """Decide what is undecided; what a standing says, the bounds then say too, and no more."""
        met, missed = self.undecided & met, self.undecided & missed
        return _RateBounds(
            low=np.where(met, np.maximum(self.low, standard), self.low),
            high=np.where(missed, np.minimum(self.high, standard), self.high),
            short_low=np.where(missed, np.maximum(self.short_low, 1), self.short_low),
            short_high=np.where(met, np.minimum(self.short_high, 0), self.short_high),
            all_reach=self.all_reach | met,
            some_reach=self.some_reach & ~missed,
        )

    def columns(self, side: str, reads_met: Truths) -> Iterator[tuple[str, Ints | list[str]]]:
        """Return the columns of one side of `HEADLINE`."""
        for name in ("low", "high", "short_low", "short_high"):
            yield f"{side}_{name}", getattr(self, name)
        yield f"{side}_standing", _standing(self.all_reach, self.some_reach, reads_met)


def _standing(all_reach: Truths, some_reach: Truths, reads_met: Truths) -> list[str]:
    names = np.select(
        [all_reach, some_reach, reads_met],
        [Standing.MET.value, Standing.UNDECIDED.value, Standing.MET_ONLY_AFTER_ROUNDING.value],
        Standing.NOT_MET.value,
    )
    return [str(name) for name in names]


def _face(box: Box, standard: int) -> _RateBounds:
    """
    Return what each printed figure says by itself.

    The printed percentage bounds the rate by its own half-width; the counts bound it by the least numerator over the
    greatest denominator and the reverse. The two are never combined.
    """
    numerator_high = np.minimum(box.numerator_high, box.denominator_high)
    least, greatest = np.maximum(box.denominator_low, 1), np.maximum(box.denominator_high, 1)
    printed_low, printed_high = box.value - box.half_width, box.value + box.half_width
    low, high = ranges.one_by_one(box)
    all_reach = (box.printed & (printed_low >= standard)) | (box.numerator_low * HUNDRED_PERCENT >= standard * greatest)
    # a printed percentage stands for less than its upper end
    none_reach = (box.printed & (printed_high <= standard)) | (numerator_high * HUNDRED_PERCENT < standard * least)
    short_low = -(-standard * least // HUNDRED_PERCENT) - numerator_high
    short_high = -(-standard * greatest // HUNDRED_PERCENT) - box.numerator_low
    return _RateBounds(
        low=low,
        high=high,
        # what the printed percentage decides by itself, the shortfall says too
        short_low=np.where(none_reach & ~all_reach, np.maximum(short_low, 1), short_low),
        short_high=np.where(all_reach, np.minimum(short_high, 0), short_high),
        all_reach=all_reach,
        some_reach=~none_reach,
    )
