"""Find where each concept stands: in which cell of which group, by the names that its publication gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.columns import TOTAL, Statistic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from iapt_audit.definitions import MeasureName

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

#: Stands for no cell.
NONE = -1
#: Stands for a cell whose key occurs twice: it is in no constraint.
TWICE = -2

_ORGANISATION = ("file", "level", "org_code")


@dataclass(frozen=True, slots=True)
class Located:
    """
    Where each concept of each group stands.

    `groups` has one row a file, organisation and breakdown, in the order of their numbers; `cell_of[concept]` gives the
    cell of each group, `NONE` for none and `TWICE` where its key occurs twice in the file.
    """

    groups: pl.DataFrame
    cell_of: Mapping[str, Ints]

    def cells(self, concept: str) -> Ints:
        """Give the cell of a concept in each group, `NONE` where it has none."""
        found = self.cell_of.get(concept)
        return found if found is not None else np.full(len(self.groups), NONE, dtype=np.int64)


def locate(cells: pl.DataFrame, publications: Sequence[str], names: Sequence[MeasureName]) -> Located:
    """
    Find the cells of each concept, group by group.

    Args:
        cells: The tidy frame; a cell is known by its position.
        publications: The publication of each file number.
        names: What each publication calls the concepts; a name pinned to a breakdown counts as the organisation's
            total's.
    """
    groups = cells.select("group", *_ORGANISATION, "breakdown").unique("group", keep="first").sort("group")
    search = _Search.over(cells, sorted({name.concept for name in names}))
    for publication in dict.fromkeys(publications):
        files = [number for number, name in enumerate(publications) if name == publication]
        of_publication = [name for name in names if name.publication == publication]
        mine = cells["file"].is_in(files).to_numpy()
        search.everywhere(mine, [name for name in of_publication if name.breakdown is None])
        search.pinned(mine, groups, [name for name in of_publication if name.breakdown is not None])
    place = np.where(cells["repeated"].to_numpy(), TWICE, np.arange(len(cells)))
    return Located(groups.drop("group"), search.cell_of(place, len(groups)))


@dataclass(frozen=True, slots=True)
class _Search:
    """What is known so far of each cell: the number of its concept, `NONE` for none, and the group it counts for."""

    keys: Ints
    group: Ints
    concepts: list[str]
    concept: Ints
    target: Ints
    kinds: tuple[pl.DataType, pl.DataType]

    @classmethod
    def over(cls, cells: pl.DataFrame, concepts: list[str]) -> _Search:
        group = cells["group"].to_numpy().astype(np.int64)
        kinds = (cells.schema["measure"], cells.schema["statistic"])
        nothing = np.full(len(cells), NONE, dtype=np.int64)
        return cls(_keys(cells["measure"], cells["statistic"]), group, concepts, nothing, group.copy(), kinds)

    def everywhere(self, mine: Truths, names: Sequence[MeasureName]) -> None:
        """Name the cells of a publication that go by these names in every breakdown."""
        number_of = np.full(int(self.keys.max(initial=0)) + 1, NONE, dtype=np.int64)
        for key, number in self._numbers(names).items():
            if key < len(number_of):
                number_of[key] = number
        self.concept[mine] = number_of[self.keys[mine]]

    def pinned(self, mine: Truths, groups: pl.DataFrame, names: Sequence[MeasureName]) -> None:
        """Name the cells that go by these names in one row of a breakdown; they count for the organisation's total."""
        if not names:
            return
        written = groups["breakdown"].cast(pl.String).str.to_lowercase()
        total = _totals(groups)
        for breakdown in dict.fromkeys((name.breakdown or "").casefold() for name in names):
            in_row = (written == breakdown).fill_null(value=False).to_numpy() & (total != NONE)
            rows = np.flatnonzero(mine & in_row[self.group])
            here = [name for name in names if (name.breakdown or "").casefold() == breakdown]
            for key, number in self._numbers(here).items():
                of_name = rows[self.keys[rows] == key]
                self.concept[of_name] = number
                self.target[of_name] = total[self.group[of_name]]

    def cell_of(self, place: Ints, count: int) -> dict[str, Ints]:
        """Give for each concept the cell of each of a number of groups."""
        named = np.flatnonzero(self.concept != NONE)
        order = named[np.argsort(self.concept[named], kind="stable")]
        starts = np.searchsorted(self.concept[order], np.arange(len(self.concepts) + 1))
        found = {}
        for name, start, end in zip(self.concepts, starts[:-1], starts[1:], strict=True):
            if start < end:
                cell = np.full(count, NONE, dtype=np.int64)
                cell[self.target[order[start:end]]] = place[order[start:end]]
                found[name] = cell
        return found

    def _numbers(self, names: Sequence[MeasureName]) -> dict[int, int]:
        measure = pl.Series([name.measure for name in names], dtype=self.kinds[0])
        statistic = pl.Series([name.statistic.value for name in names], dtype=self.kinds[1])
        keys = _keys(measure, statistic)
        return {int(key): self.concepts.index(name.concept) for key, name in zip(keys, names, strict=True)}


def _keys(measure: pl.Series, statistic: pl.Series) -> Ints:
    """Give one number for each pair of measure and statistic."""
    kinds = len(Statistic) + 1
    measures = measure.to_physical().fill_null(0).to_numpy().astype(np.int64)
    keys: Ints = measures * kinds + statistic.to_physical().fill_null(len(Statistic)).to_numpy().astype(np.int64)
    return keys


def _totals(groups: pl.DataFrame) -> Ints:
    """Give the group of the total of each group's organisation, `NONE` if the file has none."""
    totals = groups.filter(pl.col("breakdown") == TOTAL).unique(_ORGANISATION, keep="first", maintain_order=True)
    found = groups.join(
        totals.select(*_ORGANISATION, total=pl.col("group").cast(pl.Int64)),
        on=list(_ORGANISATION),
        how="left",
        maintain_order="left",
    )
    return found["total"].fill_null(NONE).to_numpy()
