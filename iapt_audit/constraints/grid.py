"""Find where the figures of one file stand: the cell of each statistic and measure, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.constraints.locate import NONE, figure_keys
from iapt_audit.model.columns import Statistic, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iapt_audit.arrays import Ints
    from iapt_audit.definitions.expressions import SumComparison


@dataclass(frozen=True, slots=True)
class Grid:
    """
    Where the figures of a file stand: `cells` [G, F] by group and column; -1 where there is none that can be used.

    `column` gives the column of a statistic and measure.
    """

    cells: Ints
    column: dict[tuple[str, str], int]

    @classmethod
    def of(cls, cells: pl.DataFrame, first_cell: int, first_group: int) -> Grid:
        """
        Find the figures of a file.

        Args:
            cells: The rows of the tidy frame of the file.
            first_cell: The number of the first of them.
            first_group: The number of their first group.

        Returns:
            The number of each cell that holds a count or a figure in form; none that stands twice or is held back.
        """
        is_count = pl.col("statistic") == Statistic.COUNT
        stands = pl.when(is_count).then(pl.col("low").is_not_null()).otherwise(pl.col("status") == Status.PUBLISHED)
        # a count that is held back has no bounds
        apart = pl.col("repeated") | pl.col("held_back")
        usable = cells.select((stands & ~apart).fill_null(value=False)).to_series()
        kind = figure_keys(cells["measure"], cells["statistic"])
        first = np.full(int(kind.max(initial=-1)) + 1, NONE, dtype=np.int64)
        first[kind[::-1]] = np.arange(len(kind))[::-1]
        kinds = np.sort(first[first != NONE])
        column = np.zeros(len(first), dtype=np.int64)
        column[kind[kinds]] = np.arange(len(kinds))
        at = np.flatnonzero(usable.to_numpy())
        group = cells["group"].to_numpy().astype(np.int64) - first_group
        found = np.full((int(group.max(initial=-1)) + 1, len(kinds)), NONE, dtype=np.int64)
        found[group[at], column[kind[at]]] = at + first_cell
        names = cells[kinds].select(pl.col("statistic", "measure").cast(pl.String)).iter_rows()
        return cls(found, {(statistic or "", measure or ""): place for place, (statistic, measure) in enumerate(names)})

    @property
    def measures(self) -> list[str]:
        """Return the measures that are counted."""
        return [measure for statistic, measure in self.column if statistic == Statistic.COUNT]

    def knows(self, rule: SumComparison) -> bool:
        """Return whether the file has two counts of a rule, so that it can say something."""
        return sum((Statistic.COUNT.value, name) in self.column for name in rule.names) > 1

    def count(self, names: Iterable[str]) -> Ints:
        """Return the cells of some counts in each group [G, V]."""
        return np.stack([self.figure(Statistic.COUNT, name) for name in names]).T

    def figure(self, statistic: Statistic, measure: str) -> Ints:
        """Return the cell of a figure in each group [G]."""
        place = self.column.get((statistic.value, measure))
        return self.cells[:, place] if place is not None else np.full(len(self.cells), NONE, dtype=np.int64)


def rows_of(file: pl.Series, number: int) -> range:
    """Return the rows of a file; those of one file stand together, in the order of their numbers."""
    return range(file.search_sorted(number, "left"), file.search_sorted(number, "right"))
