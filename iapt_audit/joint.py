"""Compile everything that must hold of the figures of a file into one table: its rates and its identities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit import constrain
from iapt_audit.columns import Statistic
from iapt_audit.linear import Linear, Origin
from iapt_audit.systems import UNBOUNDED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iapt_audit.constrain import Candidates
    from iapt_audit.context import Context
    from iapt_audit.definitions import Identity
    from iapt_audit.expressions import Comparison

    Ints = NDArray[np.int64]

#: Stands for no cell.
_NONE = -1


@dataclass(frozen=True, slots=True)
class Joint:
    """
    What must hold of the figures of one file, as one table.

    Its variables are the cells of the file, counted from `first_cell`. A rule that applies in a group has the number
    (its place in `rules`) x `groups` + (the number of the group); `rules` are the ids.
    """

    linear: Linear
    first_cell: int
    cells: int
    rules: tuple[str, ...]
    groups: int

    def rule(self, number: int) -> str:
        """Give the id of a rule that applies in a group."""
        return self.rules[number // self.groups]


@dataclass(frozen=True, slots=True)
class Compiler:
    """
    What is the same for every file: where the groups and cells of each begin, the groups of each rate, the identities.

    `system` gives the system of each group.
    """

    context: Context
    found: Sequence[Candidates]
    system: Ints

    def compile(self, file: int) -> Joint:
        """Write down the rates and identities of a file."""
        context = self.context
        arrays = context.arrays
        groups = len(context.located.groups)
        cells = _range(context.cells["file"], file)
        of_file = _range(context.located.groups["file"], file)
        publication = context.parts[file].publication
        identities = [
            each
            for each in context.definitions.identities
            if each.publication == publication and each.holds == "always"
        ]
        rules = (*(each.rate.id for each in self.found), *(each.id for each in identities))
        parts = []
        for number, each in enumerate(self.found):
            start, end = np.searchsorted(each.group, [of_file.start, of_file.stop])
            if start < end:
                some = constrain.some(each, np.arange(start, end))
                group = some.group[some.reason < 0]
                parts.append(constrain.rate_linear(some, arrays, number * groups + group, self.system[group]))
        if identities:
            measures = sorted({name for each in identities for name in each.rule.names})
            grid = Grid.of(context.cells[cells.start : cells.stop], cells.start, measures)
            group = np.arange(of_file.start, of_file.stop)
            parts += [
                identity_linear(each, number * groups + group, grid, self.system[group])
                for number, each in enumerate(identities, len(self.found))
            ]
        return Joint(Linear.joined(parts).counted_from(cells.start), cells.start, len(cells), rules, groups)


def _range(file: pl.Series, number: int) -> range:
    """Give the rows of a file; those of one file stand together, in the order of their numbers."""
    first, last = file.search_sorted(number, "left"), file.search_sorted(number, "right")
    return range(first, last)


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the counts of some groups stand: `cell` [G, M] by group (from `first` on) and column of `measures`."""

    first: int
    cell: Ints
    measures: dict[str, int]

    @classmethod
    def of(cls, cells: pl.DataFrame, offset: int, measures: Sequence[str]) -> Grid:
        """
        Find the counts of the cells of some files that hold together.

        Args:
            cells: Rows of the tidy frame; groups are numbered without a gap.
            offset: The number of the first of these cells.
            measures: The measures that are looked for.

        Returns:
            The number of each cell, -1 where there is none, or one that is no number, or one that stands twice.
        """
        group = cells["group"].to_numpy().astype(np.int64)
        first = int(group.min()) if len(group) else 0
        place = {measure: column for column, measure in enumerate(measures)}
        column = cells["measure"].replace_strict(place, default=None, return_dtype=pl.Int64).fill_null(_NONE).to_numpy()
        usable = (
            cells.select((pl.col("statistic") == Statistic.COUNT) & pl.col("low").is_not_null() & ~pl.col("repeated"))
            .to_series()
            .fill_null(value=False)
            .to_numpy()
        )
        at = np.flatnonzero(usable & (column >= 0))
        cell = np.full((int(group.max(initial=first)) - first + 1, len(place)), _NONE, dtype=np.int64)
        cell[group[at] - first, column[at]] = at + offset
        return cls(first, cell, place)


def identity_linear(identity: Identity, rule: Ints, grid: Grid, system: Ints) -> Linear:
    """
    Write an identity down for every group of a grid.

    A count that is not there can be anything from 0 up, so that what is left of the identity may still say something.

    Args:
        identity: The identity.
        rule: Its number in each group of the grid.
        grid: Where the counts stand.
        system: The system that each group of the grid belongs to.
    """
    names, signs = signed(identity.rule)
    cell = grid.cell[:, [grid.measures[name] for name in names]]
    known = cell != _NONE
    some = known.sum(axis=1) > 1
    cell, known, rule, system = cell[some], known[some], rule[some], system[some]
    least, most = ~known & (signs > 0), ~known & (signs < 0)
    both = identity.rule.relation == "="
    low = np.where(least.any(axis=1) | (not both), -UNBOUNDED, 0)
    high = np.where(most.any(axis=1), UNBOUNDED, 0)
    says = (low > -UNBOUNDED) | (high < UNBOUNDED)
    coefficient = np.where(known, signs, 0)
    bounds = (low[says], high[says])
    return Linear.of(np.where(known, cell, 0)[says], coefficient[says], bounds, Origin(rule[says], system[says]))


def signed(rule: Comparison) -> tuple[list[str], Ints]:
    """Bring a comparison to the form sum = 0 or sum <= 0: the names, and the sign of each."""
    terms = [(term.name, term.sign) for term in rule.left.terms] + [
        (term.name, -term.sign) for term in rule.right.terms
    ]
    return [name for name, _ in terms], np.array([sign for _, sign in terms], dtype=np.int64)
