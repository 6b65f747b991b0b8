"""Every rule on the published figures, by the bounds of its cells alone: none is broken but by what is listed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from iapt_audit import read
from iapt_audit.definitions import RowRule, load_default
from iapt_audit.ingest import ingest
from iapt_audit.model.columns import SCALE, Level, Statistic, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from iapt_audit.definitions import Bands, Definitions, Identity, LevelSum, Parts

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

    AnyRule = Identity | Parts | RowRule | Bands | LevelSum
    #: how many groups were asked, and the period, whether at England, and by how much, of each that breaks the rule
    Answer = tuple[int, list[tuple[str, bool, int]]]
    Sides = tuple[tuple[str, ...], str, tuple[str, ...]]

#: A cell that has no number, or a figure that is not printed.
_NONE = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Grid:
    """One file with a row a group of cells and a column a figure: the bounds of counts, the value of the others."""

    publication: str
    period: str
    column: dict[str, int]
    low: Ints
    high: Ints
    value: Ints
    half_width: Ints
    england: Truths
    #: the groups of each organisation, by level and code and then breakdown
    places: dict[tuple[str, str], dict[str, int]]
    #: levels with a key that stands twice
    twice: frozenset[str]

    @classmethod
    def of(cls, publication: str, period: str, cells: pl.DataFrame) -> Grid:
        twice = frozenset(cells.filter("repeated")["level"].cast(pl.String))
        cells = cells.filter(~pl.col("repeated")).with_columns(
            figure=pl.when(pl.col("statistic") == Statistic.COUNT)
            .then(pl.col("measure").cast(pl.String))
            .otherwise(pl.format("{} {}", pl.col("statistic").cast(pl.String), pl.col("measure").cast(pl.String))),
            group=pl.col("group").rank("dense").cast(pl.Int64) - 1,
        )
        column = {name: index for index, name in enumerate(sorted(cells["figure"].unique()))}
        groups = cells.unique("group").sort("group")
        shape = (len(groups), len(column))
        low, high, value, half_width = (np.full(shape, _NONE) for _ in range(4))
        at = (cells["group"].to_numpy(), cells["figure"].replace_strict(column, return_dtype=pl.Int64).to_numpy())
        low[at], high[at] = (cells[name].cast(pl.Int64).fill_null(_NONE).to_numpy() for name in ("low", "high"))
        printed = pl.when(pl.col("status") == Status.PUBLISHED)
        value[at], half_width[at] = (
            cells.select(printed.then(pl.col(name)).fill_null(_NONE)).to_series().to_numpy()
            for name in ("value", "half_width")
        )
        places: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for level, org, breakdown, group in groups.select(
            pl.col("level", "org_code", "breakdown").cast(pl.String), "group"
        ).iter_rows():
            places[level, org][breakdown] = group
        england = (groups["level"] == Level.ENGLAND).to_numpy()
        return cls(publication, period, column, low, high, value, half_width, england, dict(places), twice)

    def known(self, names: Sequence[str]) -> bool:
        return all(name in self.column for name in names)

    def count(self, names: Sequence[str]) -> tuple[Ints, Ints, Truths]:
        """Return the least and greatest sum of some counts in every group, and where all have a number."""
        at = [self.column[name] for name in names]
        return self.low[:, at].sum(axis=1), self.high[:, at].sum(axis=1), (self.low[:, at] != _NONE).all(axis=1)


def _grids(folder: Path, definitions: Definitions) -> Iterator[Grid]:
    for place in read.find([folder]):
        for found in ingest.ingest(place, definitions, None):
            if found.cells is not None and not found.cells.is_empty():
                yield Grid.of(found.input.publication or "", found.input.period or "", found.cells)


@dataclass(slots=True)
class Seen:
    """How often a rule was asked, and where it is broken: the period, whether at England, and by how much."""

    asked: int
    broken: list[tuple[str, bool, int]]


def _identity(rule: Identity, grid: Grid) -> Answer:
    if not grid.known(rule.rule.names):
        return 0, []
    signed = [(each.name, each.sign) for each in rule.rule.left.terms]
    signed += [(each.name, -each.sign) for each in rule.rule.right.terms]
    more, less = ([name for name, sign in signed if (sign > 0) is wanted] for wanted in (True, False))
    more_low, more_high, more_known = grid.count(more)
    less_low, less_high, less_known = grid.count(less)
    asked = more_known & less_known
    over = np.maximum(more_low - less_high, (less_low - more_high) if rule.rule.relation == "=" else 0)
    broken = np.flatnonzero(asked & (over > 0))
    return int(asked.sum()), [(grid.period, bool(grid.england[at]), int(over[at])) for at in broken]


def _sides(rule: Parts | RowRule, grid: Grid) -> list[Sides]:
    """Return the sums of rows that a rule sets against each other, as less, relation and more."""
    if isinstance(rule, RowRule):
        return [(few, rule.relation, many) for few, many in rule.cases()]
    if grid.period < rule.first_period:
        return []
    sides: list[Sides] = []
    for whole, parts in rule.groups({text for rows in grid.places.values() for text in rows}):
        if rule.relation == "each":
            sides += [((part,), "<=", (whole,)) for part in parts]
        elif rule.relation == "at_least":
            sides.append(((whole,), "<=", parts))
        else:
            sides.append((parts, "=" if rule.relation == "sum" else "<=", (whole,)))
    return sides


def _rows(rule: Parts | RowRule, grid: Grid) -> Answer:
    asked, broken = 0, []
    for few, relation, many in _sides(rule, grid):
        for (level, _), rows in grid.places.items():
            if not all(text in rows for text in (*few, *many)):
                continue
            left, right = ([rows[text] for text in texts] for texts in (few, many))
            known = (grid.low[left + right] != _NONE).all(axis=0)
            over = grid.low[left].sum(axis=0) - grid.high[right].sum(axis=0)
            if relation == "=":
                over = np.maximum(over, grid.low[right].sum(axis=0) - grid.high[left].sum(axis=0))
            asked += int(known.sum())
            broken += [(grid.period, level == Level.ENGLAND, int(each)) for each in over[known & (over > 0)]]
    return asked, broken


def _bands(rule: Bands, grid: Grid) -> Answer:
    figures = {
        kind: grid.column.get(f"{kind} {name}")
        for kind in ("mean", "median", "maximum", "minimum")
        if (name := getattr(rule, kind))
    }
    least_n, most_n, known = grid.count([rule.count])
    values = {kind: grid.value[:, at] for kind, at in figures.items() if at is not None}
    assert set(values) == set(figures)
    for value in values.values():
        known &= value != _NONE
    broken = np.zeros_like(known)
    floor = np.float64(0) + (rule.cuts[-1].up_to + 1 if rule.cuts else 0) * least_n
    band = 0
    for cut in rule.cuts:
        least, most, cut_known = grid.count(cut.count.names)
        known &= cut_known
        if "median" in values:
            broken |= (values["median"] <= cut.up_to * SCALE) & (2 * most < least_n)
            broken |= (values["median"] >= (cut.up_to + 1) * SCALE) & (2 * least > most_n)
        # all that are in the cut have less than the band after it begins with
        floor -= (cut.up_to + 1 - band) * most
        band = cut.up_to + 1
    if "mean" in values:
        half = np.where(known, grid.half_width[:, grid.column[f"mean {rule.mean}"]], 0)
        broken |= (np.where(known, values["mean"], 0) + half) * most_n < floor * SCALE
    if rule.total:
        least, most, total_known = grid.count([rule.total])
        known &= total_known
        smallest, greatest = (np.where(known, values[kind], 0) // SCALE for kind in ("minimum", "maximum"))
        broken |= (values["median"] < values["minimum"]) | (values["median"] > values["maximum"])
        broken |= most < greatest + (least_n - 1) * smallest
        broken |= least > smallest + (most_n - 1) * greatest
    return int(known.sum()), [(grid.period, bool(grid.england[at]), 0) for at in np.flatnonzero(known & broken)]


def _level_sum(rule: LevelSum, grid: Grid) -> Answer:
    of_level = [rows for (level, _), rows in grid.places.items() if level == rule.level]
    if not of_level or rule.level in grid.twice:
        return 0, []
    asked, broken = 0, []
    for breakdown, england in next(rows for (level, _), rows in grid.places.items() if level == Level.ENGLAND).items():
        at = [rows[breakdown] for rows in of_level if breakdown in rows]
        known = (grid.low[[*at, england]] != _NONE).all(axis=0)
        over = np.maximum(grid.low[at].sum(axis=0) - grid.high[england], grid.low[england] - grid.high[at].sum(axis=0))
        asked += int(known.sum())
        broken += [(grid.period, True, int(each)) for each in over[known & (over > 0)]]
    return asked, broken


def _asks(definitions: Definitions) -> list[tuple[AnyRule, Callable[[Grid], Answer]]]:
    return [
        *((rule, partial(_identity, rule)) for rule in definitions.identities),
        *((rule, partial(_rows, rule)) for rule in definitions.parts),
        *((rule, partial(_rows, rule)) for rule in definitions.rows),
        *((rule, partial(_bands, rule)) for rule in definitions.bands),
        *((rule, partial(_level_sum, rule)) for rule in definitions.level_sums),
    ]


@pytest.fixture(scope="module")
def seen(shared_data: Path) -> dict[str, Seen]:
    definitions = load_default()
    found: dict[str, Seen] = defaultdict(lambda: Seen(0, []))
    for folder in ("monthly", "annual", "therapy_outcomes"):
        for grid in _grids(shared_data / folder, definitions):
            for rule, ask in _asks(definitions):
                if rule.publication == grid.publication:
                    asked, broken = ask(grid)
                    found[rule.id].asked += asked
                    found[rule.id].broken += broken
    return dict(found)


def test_no_rule_that_always_holds_is_broken(seen: dict[str, Seen]) -> None:
    always = [rule.id for rule, _ in _asks(load_default()) if rule.holds == "always"]

    assert {name: seen[name].broken for name in always if seen[name].broken} == {}


def test_every_rule_was_asked_of_some_published_figure_but_of_levels_that_these_files_lack(
    seen: dict[str, Seen],
) -> None:
    assert [name for name, each in sorted(seen.items()) if not each.asked] == [
        "annual_sub_icb_sum",
        "monthly_ccg_sum",
        "monthly_icb_sum",
        "monthly_region_sum",
        "monthly_stp_sum",
        "monthly_sub_icb_sum",
        "therapy_ccg_sum",
        "therapy_icb_sum",
        "therapy_stp_sum",
    ]


def test_the_sums_that_nearly_hold_miss_by_little_and_mostly_at_england(seen: dict[str, Seen]) -> None:
    # Fields that can disagree (a first treatment without a treatment contact, a complaint of two measures), and England
    # exact to the unit: no figure is wrong. Of the care clusters some referrals of 2020-21 had two.
    nearly = [rule.id for rule, _ in _asks(load_default()) if rule.holds == "nearly"]

    actual = {
        name: (
            sum(england for _, england, _ in seen[name].broken),
            sum(not england for _, england, _ in seen[name].broken),
            max((over for *_, over in seen[name].broken), default=0),
        )
        for name in nearly
    }
    # those that follow from no construction are called nearly too, though they hold in all that was published
    assert actual == dict.fromkeys(nearly, (0, 0, 0)) | {
        "ended_by_treatments": (19, 2, 27),
        "ended_by_contacts": (8, 0, 3),
        "ended_before_treatment_by_contacts": (12, 2, 27),
        "finished_by_anxiety_measure": (1, 0, 1),
        "contacts_by_medium_and_staff": (0, 0, 0),
        "contacts_by_medium_and_staff_until_2022_03": (0, 0, 0),
        # these hold everywhere, and have been seen in six of eight years only
        "annual_parts_pathway": (0, 0, 0),
        "annual_disability_covers": (0, 0, 0),
        "annual_long_term_condition_covers": (0, 0, 0),
        "annual_cluster_covers": (0, 0, 0),
        "annual_parts_cluster": (9, 28, 98),
        "annual_waits_of_finished": (4, 0, 3),
    }
    assert {period for period, *_ in seen["annual_parts_cluster"].broken} == {"2020-21"}
