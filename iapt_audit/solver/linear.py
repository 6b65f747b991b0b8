"""
Hold linear constraints on whole numbers as one long table, a row a term.

A constraint says low <= sum of coefficient x variable <= high. Constraints of one system stand or fall together; those
of different systems share no variable. Nothing here knows what the variables mean.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.solver.dense import UNBOUNDED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.arrays import Ints, Truths


#: Stands for no figure.
NO_FIGURE = -1


@dataclass(frozen=True, slots=True)
class Origin:
    """What makes each of K constraints: its rule, its system, and the printed figure, if one does."""

    rule: Ints
    system: Ints
    figure: Ints | None = None


@dataclass(frozen=True)
class Linear:
    """
    K constraints with T terms: the terms of constraint k begin at `start[k]` and reach to the next start.

    `variable` and `coefficient` [T]; `low` and `high` [K], `UNBOUNDED` (or its negative) where there is none.
    `rule` [K] is the number of the rule that a constraint is of, as it applies in one place; `figure` [K] that of the
    printed figure that makes the constraint, `NO_FIGURE` if it holds whatever is printed; `system` [K] that of its
    system.
    """

    start: Ints
    variable: Ints
    coefficient: Ints
    low: Ints
    high: Ints
    rule: Ints
    figure: Ints
    system: Ints

    def __len__(self) -> int:
        """Count the constraints."""
        return len(self.start)

    @classmethod
    def nothing(cls) -> Linear:
        """Return no constraint at all."""
        return cls(*(np.zeros(0, dtype=np.int64) for _ in range(8)))

    @classmethod
    def of(cls, terms: Ints, coefficients: Ints, bounds: tuple[Ints, Ints], origin: Origin) -> Linear:
        """
        Lay out K constraints of V terms each.

        Args:
            terms: The variables [K, V].
            coefficients: Theirs [K, V] or [V]; a term whose coefficient is 0 is left out.
            bounds: The least and the greatest that each sum can be [K].
            origin: What makes each.
        """
        figure = np.full(len(terms), NO_FIGURE, dtype=np.int64) if origin.figure is None else origin.figure
        if coefficients.ndim == 1 and coefficients.all():
            start = np.arange(len(terms)) * terms.shape[1]
            factors = np.tile(coefficients, len(terms))
            return cls(start, terms.reshape(-1), factors, *bounds, origin.rule, figure, origin.system)
        wide = np.broadcast_to(coefficients, terms.shape)
        stands = wide != 0
        # a constraint without a term still says something of 0
        stands[:, :1] |= ~stands.any(axis=1, keepdims=True)
        length = stands.sum(axis=1)
        start, factors = np.cumsum(length) - length, wide[stands].astype(np.int64)
        return cls(start, terms[stands], factors, *bounds, origin.rule, figure, origin.system)

    @classmethod
    def joined(cls, parts: Sequence[Linear]) -> Linear:
        """Put tables one after the other."""
        if not parts:
            return cls.nothing()
        sizes = np.cumsum([0, *(len(part.variable) for part in parts[:-1])])
        start = np.concatenate([part.start + size for part, size in zip(parts, sizes, strict=True)])
        rest = (
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("variable", "coefficient", "low", "high", "rule", "figure", "system")
        )
        return cls(start, *rest)

    @cached_property
    def length(self) -> Ints:
        """Count the terms of each constraint [K]."""
        length = np.empty_like(self.start)
        np.subtract(self.start[1:], self.start[:-1], out=length[:-1])
        length[-1:] = len(self.variable) - self.start[-1:]
        return length

    @cached_property
    def constraint(self) -> Ints:
        """Return the constraint of each term [T]."""
        return np.repeat(np.arange(len(self)), self.length)

    def take(self, which: Truths | Ints) -> Linear:
        """Keep some of the constraints."""
        kept = np.flatnonzero(which) if which.dtype == bool else which
        length = self.length[kept]
        start = np.cumsum(length) - length
        terms = np.repeat(self.start[kept] - start, length)
        terms += np.arange(len(terms))
        return Linear(
            start, self.variable[terms], self.coefficient[terms], self.low[kept], self.high[kept], self.rule[kept],
            self.figure[kept], self.system[kept],
        )  # fmt: skip

    def counted_from(self, first: int) -> Linear:
        """Count variables and figures from another first."""
        figure = np.where(self.figure == NO_FIGURE, NO_FIGURE, self.figure - first)
        return replace(self, variable=self.variable - first, figure=figure)

    def any_term(self, marked: Truths) -> Truths:
        """Say of each constraint whether one of its terms is marked [T -> K]."""
        answer = np.zeros(len(self), dtype=bool)
        answer[self.constraint[marked]] = True
        return answer

    def reach(self, least: Ints, most: Ints) -> tuple[Ints, Ints]:
        """Return the least and the greatest that each sum can be, from the bounds of each variable alone."""
        smallest, greatest = self.ends(least, most)
        return self.summed(smallest), self.summed(greatest)

    def breakable(self, least: Ints, most: Ints) -> Truths:
        """Say of each constraint whether some values within the bounds break it."""
        lowest, highest = self.reach(least, most)
        broken: Truths = (lowest < self.low) | (highest > self.high)
        return broken

    @property
    def systems(self) -> Ints:
        """Return the numbers of the systems, each once and in order."""
        return distinct(self.system)

    def ends(self, least: Ints, most: Ints) -> tuple[Ints, Ints]:
        """Return the least and the greatest that each term can be [T]."""
        at_least, at_most = self.coefficient * least[self.variable], self.coefficient * most[self.variable]
        return np.minimum(at_least, at_most), np.maximum(at_least, at_most)

    def summed(self, terms: Ints) -> Ints:
        """Add up what stands at the terms of each constraint [T -> K]."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        answer: Ints = np.add.reduceat(terms, self.start)
        return answer

    def hold(self, values: Ints) -> Truths:
        """Say of each constraint whether some values of the variables satisfy it: the plain check of a witness."""
        sums = self.summed(self.coefficient * values[self.variable])
        above = (self.low == -UNBOUNDED) | (sums >= self.low)
        below = (self.high == UNBOUNDED) | (sums <= self.high)
        held: Truths = above & below
        return held


def distinct(numbers: Ints) -> Ints:
    """
    Return numbers each once and in order; made for many that lie close together.

    >>> distinct(np.array([7, 9, 7])).tolist()
    [7, 9]
    """
    if not len(numbers):
        return numbers
    first = int(numbers.min())
    seen = np.zeros(int(numbers.max()) - first + 1, dtype=bool)
    seen[numbers - first] = True
    found: Ints = np.flatnonzero(seen) + first
    return found
