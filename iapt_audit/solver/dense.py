"""
Lay the long table of constraints out as dense systems of equal shape, for the engines.

Every system is a group of the table: some integer variables, each a cell with a low and a high, and some constraints
low <= sum of coefficient x variable <= high. Nothing here knows what the cells mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from iapt_audit.arrays import Ints, Truths


#: No bound on this side.
UNBOUNDED = int(np.iinfo(np.int64).max)

#: The one table. A group's rows stand together, in the order constraint, variable; `variable` counts the cells of a
#: group;
#: `low` and `high` are those of the constraint, `UNBOUNDED` (or its negative) where there is none.
CONSTRAINTS = pl.Schema(
    {
        "rule": pl.Categorical(),
        "group": pl.UInt32(),
        "constraint": pl.UInt8(),
        "variable": pl.UInt8(),
        "cell": pl.UInt32(),
        "coefficient": pl.Int64(),
        "low": pl.Int64(),
        "high": pl.Int64(),
    }
)


@dataclass(frozen=True, slots=True)
class Systems:
    """
    Systems of equal shape: G groups, K constraints, V variables.

    `cell` [G, V]; `coefficient` [G, K, V]; `low`, `high` [G, K] of the constraints; `least`, `most` [G, V] of the
    variables.
    """

    group: Ints
    cell: Ints
    coefficient: Ints
    low: Ints
    high: Ints
    least: Ints
    most: Ints

    def __len__(self) -> int:
        """Count the groups."""
        return len(self.group)

    def take(self, which: NDArray[np.bool_] | Ints) -> Systems:
        """Keep some of the groups."""
        return Systems(
            self.group[which], self.cell[which], self.coefficient[which], self.low[which], self.high[which],
            self.least[which], self.most[which],
        )  # fmt: skip

    def narrowed(self, least: Ints, most: Ints) -> Systems:
        """Return the same systems with other bounds of the variables."""
        return Systems(self.group, self.cell, self.coefficient, self.low, self.high, least, most)


@dataclass(frozen=True, slots=True)
class Slices:
    """
    Every solution of systems in two variables, one slice a value of the second.

    `second` [G, W] is the value; `least` and `most` [G, W] what it leaves the first: a slice with least > most has no
    solution. `group` is the position of each system among those given.
    """

    group: Ints
    second: Ints
    least: Ints
    most: Ints

    @property
    def open(self) -> Truths:
        """Mark the slices that hold a solution."""
        opened: Truths = np.less_equal(self.least, self.most)
        return opened

    @property
    def possible(self) -> Truths:
        """Say of each system whether it has a solution."""
        answer: Truths = np.any(self.open, axis=1)
        return answer

    def extreme_ratios(self) -> tuple[Ints, Ints, Ints, Ints]:
        """
        Return the least and the greatest ratio of the first variable to the second that any solution has.

        Returns:
            The two variables of the least ratio of each system, then those of the greatest; 0 and 0 where there is no
            solution. Ratios are kept as pairs and compared crosswise, so that nothing is divided.
        """
        low_n, low_d = np.zeros_like(self.group), np.zeros_like(self.group)
        high_n, high_d = np.zeros_like(self.group), np.zeros_like(self.group)
        is_open = self.open
        # walk along the slices and keep the better pair
        for column in range(self.second.shape[1]):
            here, d = is_open[:, column], self.second[:, column]
            n_low, n_high = self.least[:, column], self.most[:, column]
            lower = here & ((low_d == 0) | (n_low * low_d < low_n * d))
            low_n, low_d = np.where(lower, n_low, low_n), np.where(lower, d, low_d)
            higher = here & ((high_d == 0) | (n_high * high_d > high_n * d))
            high_n, high_d = np.where(higher, n_high, high_n), np.where(higher, d, high_d)
        return low_n, low_d, high_n, high_d

    def witness(self) -> tuple[Ints, Ints]:
        """Return one solution of each possible system: its first open slice, and the least first variable in it."""
        at = self.open.argmax(axis=1)[:, None]
        return np.take_along_axis(self.least, at, 1)[:, 0], np.take_along_axis(self.second, at, 1)[:, 0]


def systems(table: pl.DataFrame, low: Ints, high: Ints) -> Iterator[Systems]:
    """
    Lay out the groups of a table, those of one rule and shape together.

    Args:
        table: Rows of `CONSTRAINTS`.
        low: The least value of each cell, by its number.
        high: The greatest.
    """
    if table.is_empty():
        return
    group = table["group"].to_numpy()
    starts = np.flatnonzero(np.diff(group, prepend=group[0] - 1 if group[0] else 1))
    sizes = np.diff(starts, append=len(group))
    variables = np.maximum.reduceat(table["variable"].to_numpy(), starts).astype(np.int64) + 1
    # like is put with like: one rule, one shape
    rules = table["rule"].to_physical().to_numpy()[starts].astype(np.int64)
    shape = (rules * 65_536 + sizes) * 256 + variables
    columns = {name: table[name].to_numpy() for name in ("cell", "coefficient", "low", "high")}
    for kind in np.unique(shape):
        of_kind = np.flatnonzero(shape == kind)
        size, width = int(sizes[of_kind[0]]), int(variables[of_kind[0]])
        rows = starts[of_kind][:, None] + np.arange(size)[None, :]
        dense = (len(of_kind), size // width, width)
        cell = columns["cell"][rows].reshape(dense)[:, 0, :].astype(np.int64)
        yield Systems(
            group=group[starts[of_kind]].astype(np.int64),
            cell=cell,
            coefficient=columns["coefficient"][rows].reshape(dense),
            low=columns["low"][rows].reshape(dense)[:, :, 0],
            high=columns["high"][rows].reshape(dense)[:, :, 0],
            least=low[cell],
            most=high[cell],
        )
