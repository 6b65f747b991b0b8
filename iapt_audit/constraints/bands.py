"""Write down what a printed mean, median, maximum and minimum say of the counts they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.constraints.locate import NONE
from iapt_audit.model.columns import SCALE, Statistic
from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.linear import Linear, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.arrays import Ints, Truths
    from iapt_audit.constraints.grid import Grid
    from iapt_audit.constraints.rates import CellArrays
    from iapt_audit.definitions import Bands


def reads(bands: Bands) -> str:
    """Say how the figures of bands are to be read, for a reader who is to follow it."""
    said = {
        "the mean is no less than if each had the least number of its band": bands.mean and bands.cuts,
        "at least half have the median or less, and at least half the median or more": bands.median and bands.cuts,
        "the sum is no less than if each had the minimum": bands.total and bands.minimum,
        "the sum is no more than if each had the maximum": bands.total and bands.maximum,
    }
    return "; ".join(["", *(text for text, is_said in said.items() if is_said)])


def banded(bands: Bands, grid: Grid, arrays: CellArrays, origin: Origin) -> Iterator[Linear]:
    """
    Write down what the printed figures of bands say of their counts, each figure by itself.

    A mean is no less than if all in a band had its least number. Half of all have the median or less. The sum lies
    between the minimum and the maximum of each times how many there are.
    """
    said = _Said.of(bands, grid, arrays, origin)
    if bands.mean and bands.cuts:
        yield said.by_mean(grid.figure(Statistic.MEAN, bands.mean))
    if bands.median and bands.cuts:
        yield from said.by_median(grid.figure(Statistic.MEDIAN, bands.median))
    if bands.total and bands.minimum:
        yield said.by_end(grid.figure(Statistic.MINIMUM, bands.minimum), 1)
    if bands.total and bands.maximum:
        yield said.by_end(grid.figure(Statistic.MAXIMUM, bands.maximum), -1)


class _Said:
    """Writes what figures say of the counts of one rule: its `terms` [G, V] are the cells of the counts in `place`."""

    def __init__(self, bands: Bands, arrays: CellArrays, origin: Origin, terms: Ints, place: dict[str, int]) -> None:
        """Take the rule and where its counts stand."""
        self.bands, self.arrays, self.origin = bands, arrays, origin
        self.terms, self.place = terms, place
        self.known: Truths = (terms != NONE).all(axis=1)

    @classmethod
    def of(cls, bands: Bands, grid: Grid, arrays: CellArrays, origin: Origin) -> _Said:
        """Find the counts of a rule."""
        cuts = (name for cut in bands.cuts for name in cut.count.names)
        names = list(dict.fromkeys([bands.count, *cuts, *([bands.total] if bands.total else [])]))
        return cls(bands, arrays, origin, grid.count(names), {name: number for number, name in enumerate(names)})

    def by_mean(self, figure: Ints) -> Linear:
        """Say that all begin with 0, and each cut that one is not under adds what it begins with more."""
        most = self.arrays.value[figure] + self.arrays.half_width[figure]
        factors = np.zeros(self.terms.shape, dtype=np.int64)
        factors[:, 0] = most
        begins = 0
        for number, cut in enumerate(self.bands.cuts):
            more = (cut.up_to + 1 - begins) * SCALE
            factors[:, 0] -= more
            factors += self._row({name: sign * more for name, sign in self._under(number).items()})
            begins = cut.up_to + 1
        # a mean no less than what the last cut begins with says nothing; such a figure can be of any size
        usable = (self.arrays.half_width[figure] >= 0) & (most < begins * SCALE)
        return self._written(figure, usable, factors)

    def by_median(self, figure: Ints) -> Iterator[Linear]:
        """Say of each cut that half are under it, or over it."""
        value = self.arrays.value[figure]
        for number, cut in enumerate(self.bands.cuts):
            half = self._row({self.bands.count: -1}) + 2 * self._row(self._under(number))
            yield self._written(figure, (value >= 0) & (value < (cut.up_to + 1) * SCALE), half)
            yield self._written(figure, value > cut.up_to * SCALE, -half)

    def by_end(self, figure: Ints, sign: int) -> Linear:
        """Say that the sum is no less than the minimum for each (1), or no more than the maximum for each (-1)."""
        value = self.arrays.value[figure]
        usable = (value >= 0) & (value % SCALE == 0)
        factors = np.zeros(self.terms.shape, dtype=np.int64)
        factors[:, self.place[self.bands.total]] = sign
        factors[:, self.place[self.bands.count]] -= sign * np.where(usable, value // SCALE, 0)
        return self._written(figure, usable, factors)

    def _row(self, counted: dict[str, int]) -> Ints:
        factors = np.zeros(len(self.place), dtype=np.int64)
        for name, factor in counted.items():
            factors[self.place[name]] += factor
        return factors

    def _under(self, number: int) -> dict[str, int]:
        return {term.name: term.sign for term in self.bands.cuts[number].count.terms}

    def _written(self, figure: Ints, where: Truths, factors: Ints) -> Linear:
        """Write that a sum is 0 or more, in the groups that have its counts and its figure."""
        at = np.flatnonzero(where & self.known & (figure != NONE))
        made = Origin(self.origin.rule[at], self.origin.system[at], figure[at])
        coefficient = np.broadcast_to(factors, self.terms.shape)[at]
        return Linear.of(
            self.terms[at], coefficient, (np.zeros(len(at), dtype=np.int64), np.full(len(at), UNBOUNDED)), made
        )
