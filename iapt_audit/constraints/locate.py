"""Find where each concept stands: in which cell of which group, by the names that its publication gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.model.columns import TOTAL, Statistic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from iapt_audit.arrays import Ints, Truths
    from iapt_audit.definitions import MeasureName


#: Stands for no cell.
NONE = -1
#: Stands for a cell whose key occurs twice: it is in no constraint.
TWICE = -2

_ORGANISATION = ("file", "level", "org_code")


@dataclass(frozen=True, slots=True)
class Located:
    """
    Where each concept of each group stands.

    `groups` has one row a file, organisation and breakdown, in the order of their numbers; `places[concept]` gives the
    groups that have it and the cell of each: `TWICE` where its key occurs twice in the file.
    """

    groups: pl.DataFrame
    places: Mapping[str, tuple[NDArray[np.uint32], NDArray[np.int32]]]

    def cells(self, concept: str) -> Ints:
        """Return the cell of a concept in each group, `NONE` where it has none."""
        cell = np.full(len(self.groups), NONE, dtype=np.int64)
        if concept in self.places:
            group, place = self.places[concept]
            cell[group] = place
        return cell


def locate(cells: pl.DataFrame, publications: Sequence[str], names: Sequence[MeasureName]) -> Located:
    """
    Find the cells of each concept, group by group.

    Args:
        cells: The tidy frame; a cell is known by its position.
        publications: The publication of each file number.
        names: What each publication calls the concepts; a name pinned to a breakdown counts as the organisation's
            total's.
    """
    groups = _groups(cells)
    concepts = sorted({name.concept for name in names})
    searches = {
        publication: _Search.of([name for name in names if name.publication == publication], concepts, groups, cells)
        for publication in set(publications)
    }
    # file by file: what is worked out on the way is as long as one file, and not as all of them
    found = [
        searches[publications[file]].through(cells.slice(start, length), start) for start, length, file in _files(cells)
    ]
    return Located(groups.drop("group"), _by_concept(concepts, found))


def _groups(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the first cell of each group, by number."""
    columns = cells.select("group", *_ORGANISATION, "breakdown")
    found = [columns.clear()]
    for start, length, _ in _files(cells):
        of_file = columns.slice(start, length)
        group = of_file["group"].to_numpy()
        least = group.min()
        first = np.full(int(group.max() - least) + 1, NONE, dtype=np.int64)
        # of the cells of a group the first is written last
        first[(group - least)[::-1]] = np.arange(length)[::-1]
        found.append(of_file[first[first != NONE]])
    return pl.concat(found).unique("group", keep="first", maintain_order=True).sort("group")


def _files(cells: pl.DataFrame) -> Iterator[tuple[int, int, int]]:
    """Return where the cells of each file begin, how many there are, and the file's number."""
    start = 0
    for length, file in cells["file"].rle().struct.unnest().iter_rows():
        yield start, length, file
        start += length


@dataclass(frozen=True, slots=True)
class _Found:
    """The cells of a file that go by a concept's name: the number of the concept, the group it counts for, the cell."""

    concept: NDArray[np.int32]
    group: NDArray[np.uint32]
    cell: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Search:
    """
    What a publication calls the concepts: their numbers by the numbers of their names.

    `everywhere` are the names that count in every breakdown; `pinned` those that count in one row of a breakdown, with
    the groups that are such a row, and stand for the total of the row's organisation, which is `total`.
    """

    everywhere: NDArray[np.int32]
    pinned: Sequence[tuple[Truths, dict[int, int]]]
    total: Ints

    @classmethod
    def of(
        cls, names: Sequence[MeasureName], concepts: Sequence[str], groups: pl.DataFrame, cells: pl.DataFrame
    ) -> _Search:
        kinds = (cells.schema["measure"], cells.schema["statistic"])
        number = {concept: place for place, concept in enumerate(concepts)}

        def numbers(some: Sequence[MeasureName]) -> dict[int, int]:
            measure = pl.Series([name.measure for name in some], dtype=kinds[0])
            statistic = pl.Series([name.statistic.value for name in some], dtype=kinds[1])
            keys = figure_keys(measure, statistic)
            return {int(key): number[name.concept] for key, name in zip(keys, some, strict=True)}

        plain = numbers([name for name in names if name.breakdown is None])
        everywhere = np.full(max(plain, default=-1) + 1, NONE, dtype=np.int32)
        everywhere[list(plain)] = list(plain.values())
        written = groups["breakdown"].cast(pl.String).str.to_lowercase()
        by_breakdown: dict[str, list[MeasureName]] = {}
        for name in names:
            if name.breakdown is not None:
                by_breakdown.setdefault(name.breakdown.casefold(), []).append(name)
        total = _totals(groups) if by_breakdown else np.empty(0, dtype=np.int64)
        pinned = [
            ((written == breakdown).fill_null(value=False).to_numpy() & (total != NONE), numbers(here))
            for breakdown, here in by_breakdown.items()
        ]
        return cls(everywhere, pinned, total)

    def through(self, cells: pl.DataFrame, start: int) -> _Found:
        """Search the cells of a file, the first of which has the position given."""
        keys = figure_keys(cells["measure"], cells["statistic"])
        group = cells["group"].to_numpy()
        known = keys < len(self.everywhere)
        concept = (
            np.where(known, self.everywhere[np.where(known, keys, 0)], NONE)
            if len(self.everywhere)
            else (np.full(len(keys), NONE, dtype=np.int32))
        )
        target = group
        for in_row, numbers in self.pinned:
            rows = np.flatnonzero(in_row[group])
            for key, number in numbers.items():
                of_name = rows[keys[rows] == key]
                concept[of_name] = number
                if len(of_name):
                    target = target.copy() if target is group else target
                    target[of_name] = self.total[group[of_name]]
        named = np.flatnonzero(concept != NONE)
        place = np.where(cells["repeated"].to_numpy()[named], TWICE, named + start)
        return _Found(concept[named], target[named], place.astype(np.int32))


def _by_concept(
    concepts: Sequence[str], found: Sequence[_Found]
) -> dict[str, tuple[NDArray[np.uint32], NDArray[np.int32]]]:
    """Gather what was found in each file by concept."""
    by_concept: dict[int, list[tuple[NDArray[np.uint32], NDArray[np.int32]]]] = {}
    for each in found:
        # short numbers are sorted in one pass
        order = np.argsort(each.concept.astype(np.min_scalar_type(len(concepts))), kind="stable")
        group, cell = each.group[order], each.cell[order]
        ends = np.cumsum(np.bincount(each.concept, minlength=len(concepts)))
        for number in np.unique(each.concept).tolist():
            part = slice(ends[number - 1] if number else 0, ends[number])
            by_concept.setdefault(number, []).append((group[part], cell[part]))
    return {
        concepts[number]: (np.concatenate([group for group, _ in parts]), np.concatenate([cell for _, cell in parts]))
        for number, parts in sorted(by_concept.items())
    }


def figure_keys(measure: pl.Series, statistic: pl.Series) -> Ints:
    """Return one number for each pair of measure and statistic."""
    kinds = len(Statistic) + 1
    measures = measure.to_physical().fill_null(0).cast(pl.Int64)
    keys: Ints = (measures * kinds + statistic.to_physical().fill_null(len(Statistic))).to_numpy()
    return keys


def _totals(groups: pl.DataFrame) -> Ints:
    """Return the group of the total of each group's organisation, `NONE` if the file has none."""
    totals = groups.filter(pl.col("breakdown") == TOTAL).unique(_ORGANISATION, keep="first", maintain_order=True)
    found = groups.join(
        totals.select(*_ORGANISATION, total=pl.col("group").cast(pl.Int64)),
        on=list(_ORGANISATION),
        how="left",
        maintain_order="left",
    )
    return found["total"].fill_null(NONE).to_numpy()
