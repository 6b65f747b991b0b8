"""
Plant faults in clean figures, one in each organisation and period, and count how many are caught.

    python benchmarks/planted.py [PATHS] [--seed 1] [--blame 300] [--json] [--quick]

Four ways of checking are compared: recomputing every rate from the printed counts with a tolerance, the overlap of
bounds, each rate by its own counts exactly, and everything together. Organisations and periods share no figure, so that
one pass decides a fault in each of them. Where none of the paths is there, monthly files are invented.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import tempfile
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import stages

from iapt_audit import pipeline, read
from iapt_audit.constraints import rates as constrain
from iapt_audit.constraints.context import Context
from iapt_audit.constraints.joint import Compiler
from iapt_audit.definitions import load_default
from iapt_audit.ingest import ingest
from iapt_audit.judging import rates as judge_rates
from iapt_audit.judging.levels import judge_levels
from iapt_audit.model.columns import HUNDRED_PERCENT, SCALE, STATUS, Level, Statistic, Status
from iapt_audit.model.findings import Code
from iapt_audit.model.inputs import Input, Part
from iapt_audit.model.periods import is_year
from iapt_audit.solver.conflict import Case, conflicts
from iapt_audit.solver.decide import decide
from iapt_audit.solver.propagate import propagate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from iapt_audit.constraints.joint import Joint
    from iapt_audit.constraints.locate import Located
    from iapt_audit.constraints.rates import Candidates, CellArrays
    from iapt_audit.definitions import Definitions
    from iapt_audit.solver.linear import Linear

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]
    Json = dict[str, Any]

#: The ways of checking, from the weakest to the strongest.
WAYS = {
    "naive": "recomputed from the printed counts, more than 1 point off",
    "overlap": "the bounds of numerator over denominator do not meet the printed interval",
    "single": "no whole numbers give the printed rate",
    "joint": "everything of an organisation and period together",
}
#: Sizes of service, by the finished courses that are printed: from this many up.
SIZES = {"under 50": 0, "50 to 199": 50, "200 to 499": 200, "500 and more": 500}
TOLERANCE = SCALE
ENGLAND_ROUNDS = 4
MONTHLY, ANNUAL = "monthly_activity", "annual_main"
_NONE = -1


@dataclass(frozen=True)
class Changed(Context):
    """A context in which some figures are others; where each stands has not changed."""

    clean: Context
    figures: CellArrays

    @cached_property
    def arrays(self) -> CellArrays:
        """Return the changed figures."""
        return self.figures

    @cached_property
    def located(self) -> Located:
        """Return the places of the figures, which are those of the clean ones."""
        return self.clean.located

    @classmethod
    def of(cls, clean: Context, figures: CellArrays, cells: pl.DataFrame | None = None) -> Changed:
        """Put other figures in the place of the clean ones; `cells` where signs change too."""
        frame = clean.cells if cells is None else cells
        return cls(frame, clean.inputs, clean.parts, clean.definitions, clean, figures)


@dataclass(frozen=True, slots=True)
class Fault:
    """The figures with one fault in each of some organisations [N], and the cells that are false [N, K]."""

    context: Context
    units: Ints
    cells: Ints


@dataclass(frozen=True, slots=True)
class Seen:
    """
    Whom each way accuses: units by way, and the rates that the three ways that look at single rates accuse.

    `narrowed` are the units of the last way that narrowing alone accuses; `counted` are the systems by how they were
    decided. `over` are the units of England that a level adds up to more than, which the last way accuses, and `short`
    those that one adds up to less than, of which there is a note and no more.
    """

    units: dict[str, Ints]
    rates: dict[str, set[int]]
    narrowed: Ints
    over: Ints
    short: Ints
    counted: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Clean:
    """The clean figures of some files, at the levels that are planted in; a unit is an organisation in one file."""

    context: Context
    england: bool = False

    @cached_property
    def found(self) -> list[Candidates]:
        """Return the groups of each rate."""
        return _found(self.context)

    @cached_property
    def compiler(self) -> Compiler:
        """Return the rules."""
        return Compiler(self.context, self.found)

    @cached_property
    def joints(self) -> list[Joint]:
        """Return the rules of each file on the clean figures."""
        return [self.compiler.compile(range(file, file + 1), "always") for file in range(len(self.context.parts))]

    @cached_property
    def units(self) -> Ints:
        """Return the unit of each group, `_NONE` for those that are not planted in [G]."""
        level = self.context.located.groups["level"]
        chosen = (level == Level.ENGLAND) if self.england else (level != Level.ENGLAND)
        units: Ints = np.where(chosen.to_numpy(), self.compiler.organisation, _NONE)
        return units

    @cached_property
    def unit_of_cell(self) -> Ints:
        """Return the unit of each cell."""
        units: Ints = self.units[self.context.cells["group"].to_numpy().astype(np.int64)]
        return units

    @cached_property
    def counts(self) -> Ints:
        """Return the cells of all printed counts that are planted in."""
        is_count = (self.context.cells["statistic"] == Statistic.COUNT).to_numpy()
        arrays = self.context.arrays
        return np.flatnonzero(is_count & arrays.published & (arrays.low >= 0) & (self.unit_of_cell != _NONE))

    @cached_property
    def rates(self) -> Ints:
        """Return the cells of all printed percentages that can be checked."""
        cells = [each.percentage[each.reason < 0] for each in self.found if each.rate.statistic is Statistic.PERCENTAGE]
        every = np.concatenate(cells)
        here: Ints = every[self.unit_of_cell[every] != _NONE]
        return here

    @cached_property
    def ruled(self) -> dict[str, Ints]:
        """Return the printed counts that some rule holds, by kind of rule: each with those before it."""
        definitions = self.context.definitions
        sums = {each.id for each in definitions.identities if each.rule.relation == "="}
        orders = {each.id for each in definitions.identities} - sums
        kinds: dict[str, Callable[[str], bool]] = {
            "rates": lambda rule: rule in definitions.rates,
            "and sums": lambda rule: rule in sums,
            "and orders": lambda rule: rule in orders,
            "and means, medians and parts": lambda _: True,
        }
        held = np.zeros(len(self.context.cells), dtype=bool)
        found = {}
        for kind, chosen in kinds.items():
            for joint in self.joints:
                every = joint.whole
                numbers = np.unique(every.rule)
                wanted = np.array([chosen(joint.rule(int(each)).id) for each in numbers], dtype=bool)
                part = every.take(wanted[np.searchsorted(numbers, every.rule)])
                held[part.variable[part.coefficient != 0] + joint.first_cell] = True
            found[kind] = self.counts[held[self.counts]]
        return found

    def cell(self, concept: str) -> Ints:
        """Return the cell of a concept in each group that is planted in, `_NONE` where it has no printed figure."""
        cell = self.context.located.cells(concept)
        usable = (cell >= 0) & self.context.arrays.published[cell] & (self.units != _NONE)
        return np.where(usable, cell, _NONE)

    @cached_property
    def size(self) -> Ints:
        """Return the size of each group, as the place in `SIZES` [G]; what is suppressed is small."""
        finished = self.context.located.cells("finished")
        known = (finished >= 0) & self.context.arrays.published[finished]
        count = np.where(known, self.context.arrays.value[finished] // SCALE, 0)
        return np.searchsorted(list(SIZES.values()), count, side="right") - 1

    def bounds(self, cells: Ints, counts: Ints) -> tuple[Ints, Ints]:
        """Return what the publisher's rounding lets printed counts stand for, at the level of their cells."""
        arrays = self.context.arrays
        step = self.steps[cells]
        smallest = arrays.smallest[cells]
        return np.maximum(counts - step // 2, smallest), counts + (step - 1) // 2

    @cached_property
    def steps(self) -> Ints:
        """Return the step that the count of each cell is rounded to."""
        definitions = self.context.definitions
        groups = self.context.located.groups
        step = np.ones(len(groups), dtype=np.int64)
        for number, part in enumerate(self.context.parts):
            layout = definitions.layouts[self.context.inputs[part.input].layout or ""]
            for known in layout.levels.values():
                here = (groups["file"] == number) & (groups["level"] == known.level)
                step[here.to_numpy()] = definitions.regimes[known.regime].count_step
        steps: Ints = step[self.context.cells["group"].to_numpy().astype(np.int64)]
        return steps

    def rounded(self, cells: Ints, counts: Ints) -> Ints:
        """Round counts as they would be printed in the place of some cells, half away from zero."""
        step = self.steps[cells]
        return (2 * counts + step) // (2 * step) * step

    def with_figures(self, cells: Ints, figures: Ints) -> Context:
        """Print other figures in some cells [N, K]: counts with what they can stand for, percentages as they are."""
        arrays = self.context.arrays
        at, new = cells.reshape(-1), figures.reshape(-1)
        value, low, high = arrays.value.copy(), arrays.low.copy(), arrays.high.copy()
        value[at] = new
        counted = at[arrays.low[at] >= 0]
        low[counted], high[counted] = self.bounds(counted, value[counted] // SCALE)
        return Changed.of(self.context, replace(arrays, value=value, low=low, high=high))


def _found(context: Context) -> list[Candidates]:
    return [context.candidates(rate, printed_only=True) for rate in context.definitions.rates.values()]


# The four ways


def accused(clean: Clean, changed: Context) -> Seen:
    """Check all units in each of the four ways."""
    found, figures = _found(changed), changed.arrays
    rates: dict[str, set[int]] = {way: set() for way in WAYS}
    for each in found:
        here = constrain.some(each, np.flatnonzero((each.reason < 0) & (clean.units[each.group] != _NONE)))
        if not len(here.group):
            continue
        rates["naive"].update(here.percentage[_naive(here, figures)].tolist())
        rates["overlap"].update(here.percentage[_apart(here, figures)].tolist())
        rates["single"].update(here.percentage[~judge_rates.possible(here, figures)].tolist())
    units = {way: clean.unit_of_cell[np.array(sorted(cells), dtype=np.int64)] for way, cells in rates.items()}
    joint, narrowed, counted = _together(Compiler(changed, found), clean.units)
    over = short = np.zeros(0, dtype=np.int64)
    if clean.england:
        # one count of England at a time is false, and of the organisations none
        over, short = _of_levels(clean, changed)
        joint, narrowed = np.union1d(joint, over), np.union1d(narrowed, over)
    every = {way: np.unique(each) for way, each in units.items()} | {"joint": joint}
    return Seen(every, rates, narrowed, over, short, counted)


def _naive(found: Candidates, figures: CellArrays) -> Truths:
    """Divide the printed counts, a suppressed one as 0, as who divides columns does; points are of percentages."""
    cells, rate = found.terms, found.rate
    if rate.numerator is None or rate.denominator is None or rate.statistic is not Statistic.PERCENTAGE:
        return np.zeros(len(cells), dtype=bool)
    printed = np.where(figures.suppressed[cells], 0, figures.value[cells] // SCALE)
    split = len(rate.numerator.terms)
    above = printed[:, :split] @ np.array([term.sign for term in rate.numerator.terms])
    below = printed[:, split:] @ np.array([term.sign for term in rate.denominator.terms])
    difference = np.abs(HUNDRED_PERCENT * above - figures.value[found.percentage] * below)
    off: Truths = (below > 0) & (difference > TOLERANCE * below)
    return off


def _apart(found: Candidates, figures: CellArrays) -> Truths:
    """Say of each group whether no quotient within the bounds of the counts meets the printed interval."""
    rate, figure = found.rate, found.percentage
    if rate.numerator is None or rate.denominator is None:
        return np.zeros(len(figure), dtype=bool)
    least, most = constrain.span(rate.numerator, found.numerator, figures)
    fewest, greatest = constrain.span(rate.denominator, found.denominator, figures)
    per = constrain.per_unit(rate)
    low = figures.value[figure] - figures.half_width[figure]
    high = figures.value[figure] + figures.half_width[figure]
    under = (fewest > 0) & (per * most < low * fewest)
    over: Truths = per * least >= high * greatest
    return under | over


def _together(compiler: Compiler, units: Ints) -> tuple[Ints, Ints, Counter[str]]:
    """Decide all systems as the audit does; give the units without a solution, those by narrowing, and a tally."""
    impossible, narrowed = [], []
    counted: Counter[str] = Counter()
    for joint, linear, least, most, start in _systems(compiler, units):
        decided = decide(linear, least, most, start)
        first = propagate(linear.take(np.isin(linear.system, decided.impossible)), least, most)
        for name in ("narrowed", "searched", "solved"):
            counted[name] += getattr(decided, name)
        counted["undecided"] += len(decided.undecided)
        impossible.append(joint.organisation[decided.impossible])
        narrowed.append(joint.organisation[first.impossible])
        if len(joint.across):
            further = propagate(_of_units(joint.whole, joint, units), decided.least, decided.most).impossible
            impossible.append(further)
            narrowed.append(further)
    return np.unique(np.concatenate(impossible)), np.unique(np.concatenate(narrowed)), counted


def _of_levels(clean: Clean, changed: Context) -> tuple[Ints, Ints]:
    """Return the units of England that the organisations of a level add up to more than, and to less than."""
    unit = {
        (part.publication, part.period): int(unit)
        for number, part in enumerate(changed.parts)
        for unit in np.unique(clean.units[(changed.located.groups["file"] == number).to_numpy()])
        if unit != _NONE
    }
    found = judge_levels(changed).findings

    def told(*codes: Code) -> Ints:
        here = [unit[each.publication or "", each.period or ""] for each in found if each.code in codes]
        return np.unique(np.array(here, dtype=np.int64))

    return told(Code.LEVELS_CONTRADICTED), told(Code.LEVELS_SHORT, Code.LEVEL_INCOMPLETE)


def _systems(compiler: Compiler, units: Ints) -> Iterator[tuple[Joint, Linear, Ints, Ints, Ints]]:
    """Return for each file its rules, those within a group, the bounds of its figures, and where to begin."""
    arrays = compiler.context.arrays
    for file in range(len(compiler.context.parts)):
        joint = compiler.compile(range(file, file + 1), "always")
        here = slice(joint.first_cell, joint.first_cell + joint.cells)
        least, most = arrays.low[here], arrays.high[here]
        start = np.where(arrays.suppressed[here], least, arrays.value[here] // SCALE)
        yield joint, joint.linear.take(units[joint.linear.system] != _NONE), least, most, start


def _of_units(whole: Linear, joint: Joint, units: Ints) -> Linear:
    """Keep the systems, each called after the first group of its organisation, that are planted in."""
    return whole.take(units[whole.system] != _NONE) if len(joint.across) else whole


# The faults


@dataclass(frozen=True, slots=True)
class Planter:
    """Plants one fault in each unit that has the figures for it."""

    clean: Clean
    chance: np.random.Generator

    def one_each(self, cells: Ints) -> Ints:
        """Draw one of some cells for each unit."""
        drawn = self.chance.permutation(cells)
        _, first = np.unique(self.clean.unit_of_cell[drawn], return_index=True)
        one: Ints = drawn[first]
        return one

    def _fault(self, cells: Ints, figures: Ints) -> Fault:
        """Print other figures in some cells [N, K], where this makes any difference."""
        differ = (self.clean.context.arrays.value[cells] != figures).any(axis=1)
        order = self.chance.permutation(np.flatnonzero(differ))
        cells, figures = cells[order], figures[order]
        units = self.clean.unit_of_cell[cells[:, 0]]
        units, first = np.unique(units, return_index=True)
        cells, figures = cells[first], figures[first]
        return Fault(self.clean.with_figures(cells, figures), units, cells)

    def _sides(self, count: int) -> Ints:
        return self.chance.choice(np.array([-1, 1]), count)

    def rate_off(self, points: int, concept: str | None = None) -> Fault:
        """Print a percentage so many points off, any of a unit or that of a concept; inwards at either end."""
        every = self.clean.rates
        if concept is not None:
            every = np.intersect1d(every, self.clean.cell(concept))
        cells = self.one_each(every)
        value, by = self.clean.context.arrays.value[cells], points * SCALE
        side = self._sides(len(cells))
        side = np.where(value - by < 0, 1, np.where(value + by > HUNDRED_PERCENT, -1, side))
        return self._fault(cells[:, None], (value + side * by)[:, None])

    def wrong_denominator(self) -> Fault:
        """Print recovery as a share of all that finished."""
        recovery, recovered, finished = self._together("recovery_percentage", "recovered", "finished").T
        values = self.clean.context.arrays.value
        width = 2 * self.clean.context.arrays.half_width[recovery]
        # to the nearest, half up, in the steps that the level is printed in
        share = (2 * HUNDRED_PERCENT * values[recovered] + width * values[finished]) // (2 * width * values[finished])
        return self._fault(recovery[:, None], (share * width)[:, None])

    def _together(self, *concepts: str) -> Ints:
        """Return the cells of some concepts in the groups that have them all [N, K]."""
        cells = np.stack([self.clean.cell(concept) for concept in concepts], axis=1)
        together: Ints = cells[(cells != _NONE).all(axis=1)]
        return together

    def swapped(self, *pairs: tuple[str, str]) -> Fault:
        """Print each of some concepts in the place of another."""
        cells = self._together(*(name for pair in pairs for name in pair))
        other = np.arange(cells.shape[1]).reshape(-1, 2)[:, ::-1].reshape(-1)
        return self._fault(cells, self.clean.context.arrays.value[cells[:, other]])

    def count_wrong(self, cells: Ints, change: Callable[[Ints], Ints]) -> Fault:
        """Print another count, rounded and not suppressed, in one of some cells of each unit where that differs."""
        count = self.clean.context.arrays.value[cells] // SCALE
        wrong = np.maximum(self.clean.rounded(cells, change(count)), self.clean.context.arrays.smallest[cells])
        can = wrong != count
        drawn = self.one_each(cells[can])
        place = np.searchsorted(cells, drawn)
        return self._fault(drawn[:, None], wrong[place][:, None] * SCALE)

    def by_share(self, percent: int) -> Callable[[Ints], Ints]:
        """Move counts by a share, up or down at random."""
        return lambda counts: (2 * counts * (100 + percent * self._sides(len(counts))) + 100) // 200

    def by_one_step(self, cells: Ints) -> Callable[[Ints], Ints]:
        """Move counts by one step of their rounding, up or down at random."""
        return lambda counts: counts + self.clean.steps[cells] * self._sides(len(counts))

    def last_month(self) -> Fault:
        """Print all figures of an organisation as they were a month before."""
        context = self.clean.context
        named = context.cells.select(
            "file", "level", "org_code", "breakdown", "measure", "statistic", cell=pl.int_range(pl.len())
        )
        months = {part.period: number for number, part in enumerate(context.parts)}
        before = {
            number: months[_month_before(part.period)]
            for number, part in enumerate(context.parts)
            if _month_before(part.period) in months
        }
        on = ["file", "level", "org_code", "breakdown", "measure", "statistic"]
        now = named.filter(pl.col("file").is_in(list(before))).with_columns(
            file=pl.col("file").replace_strict(before, return_dtype=pl.UInt16)
        )
        old = now.join(named.rename({"cell": "old"}), on=on, how="left", nulls_equal=True, maintain_order="left")
        # who was not there a month before keeps its figures
        known = old.group_by("file", "level", "org_code").agg(pl.col("old").is_not_null().any())
        old = old.join(known.filter("old").drop("old"), on=["file", "level", "org_code"], maintain_order="left")
        old = old.filter(pl.Series(self.clean.unit_of_cell[old["cell"].to_numpy()] != _NONE))
        source = np.arange(len(named))
        source[old["cell"].to_numpy()] = old["old"].fill_null(_NONE).to_numpy()
        text = context.cells[np.maximum(source, 0)].select("printed", "status", "value", "half_width", "low", "high")
        # a row that was not there then is not there now
        absent = pl.lit(pl.Series(source == _NONE))
        gone = [pl.when(absent).then(None).otherwise(pl.col(name)).alias(name) for name in ("value", "low", "high")]
        status = pl.when(absent).then(pl.lit(Status.WITHHELD_OR_ABSENT.value, dtype=STATUS)).otherwise(pl.col("status"))
        frame = context.cells.with_columns(text.with_columns(*gone, status=status))
        units = np.unique(self.clean.unit_of_cell[old["cell"].to_numpy()])
        changed = Changed.of(context, constrain.CellArrays.of(frame), frame)
        return Fault(changed, units, np.zeros((len(units), 0), dtype=np.int64))


def _month_before(period: str) -> str:
    year, month = (int(each) for each in period.split("-"))
    return f"{year - (month == 1)}-{(month - 2) % 12 + 1:02}"


def _digits_swapped(counts: Ints) -> Ints:
    """Swap the two leading digits of counts of three and more; leave others, and those that would begin with 0."""
    place = 10 ** np.maximum(np.floor(np.log10(np.maximum(counts, 1))).astype(np.int64) - 1, 0)
    first, second = counts // (10 * place), counts // place % 10
    swapped = counts + (second - first) * 10 * place + (first - second) * place
    return np.where((place > 1) & (second > 0), swapped, counts)


def _ten_times(counts: Ints) -> Ints:
    return counts * 10


_OUTCOMES = ("recovered", "reliably_recovered")
_OUTCOME_RATES = ("recovery_percentage", "reliable_recovery_percentage")


def kinds(plant: Planter) -> dict[str, Callable[[], Fault]]:
    """Return what can be planted, by what is said of it."""
    clean = plant.clean
    finished = np.sort(clean.cell("finished")[clean.cell("finished") != _NONE])
    narrow, ruled = clean.ruled["and sums"], list(clean.ruled.values())[-1]
    found: dict[str, Callable[[], Fault]] = {
        **{f"any printed rate ±{points}": partial(plant.rate_off, points) for points in (1, 2, 3, 5)},
        **{f"recovery (M192) ±{points}": partial(plant.rate_off, points, "recovery_percentage") for points in (1, 2)},
        "recovery over finished": plant.wrong_denominator,
        "recovered and reliably recovered (M191, M193) swapped": partial(plant.swapped, _OUTCOMES),
        "the same, and their rates (M192, M195)": partial(plant.swapped, _OUTCOMES, _OUTCOME_RATES),
        "finished (M076) x10": partial(plant.count_wrong, finished, _ten_times),
        "finished, leading digits swapped": partial(plant.count_wrong, finished, _digits_swapped),
        "finished off by 10%": partial(plant.count_wrong, finished, plant.by_share(10)),
    }
    for title, cells in (
        ("any count in a rate or sum", narrow),
        ("any count in a rule", ruled),
        ("any printed count", clean.counts),
    ):
        found |= {
            f"{title} x10": partial(plant.count_wrong, cells, _ten_times),
            f"{title} off by 20%": partial(plant.count_wrong, cells, plant.by_share(20)),
        }
    found["any count in a rule one step off"] = partial(plant.count_wrong, ruled, plant.by_one_step(ruled))
    if not is_year(clean.context.parts[0].period):
        found["last month's block"] = plant.last_month
    return found


# What is counted


def _row(clean: Clean, kind: str, fault: Fault, before: Seen, seen: Seen) -> Json:
    """
    Count who is caught.

    A way that accuses clean figures is given no credit for accusing them again: what counts is a rate it did not accuse
    before.
    """
    caught = {}
    for way in WAYS:
        if way == "joint":
            accused_now = np.setdiff1d(seen.units[way], before.units[way])
        else:
            new = np.array(sorted(seen.rates[way] - before.rates[way]), dtype=np.int64)
            accused_now = np.unique(clean.unit_of_cell[new])
        caught[way] = np.isin(fault.units, accused_now)
    group = clean.context.cells["group"].to_numpy().astype(np.int64)
    of_size = clean.size[group[fault.cells[:, 0]] if fault.cells.size else fault.units]
    sizes = {}
    for place, name in enumerate(SIZES):
        here = of_size == place
        sizes[name] = {"planted": int(here.sum()), **{way: int(caught[way][here].sum()) for way in WAYS}}
    narrowed = int(np.isin(fault.units[caught["joint"]], seen.narrowed).sum())
    levels = {
        "over": int(np.isin(fault.units, np.setdiff1d(seen.over, before.over)).sum()),
        "short": int(np.isin(fault.units, np.setdiff1d(seen.short, before.short)).sum()),
    }
    measures: dict[str, Json] = {}
    if fault.cells.shape[1] == 1:
        named = clean.context.cells["measure"].gather(fault.cells[:, 0]).cast(pl.String).to_list()
        for measure, found in zip(named, caught["joint"], strict=True):
            counted = measures.setdefault(measure, {"planted": 0, "joint": 0})
            counted["planted"] += 1
            counted["joint"] += int(found)
    return {
        "kind": kind,
        "planted": len(fault.units),
        **{way: int(each.sum()) for way, each in caught.items()},
        "narrowed": narrowed,
        "levels": levels,
        "solved": seen.counted["solved"],
        "undecided": seen.counted["undecided"],
        "sizes": sizes,
        "measures": measures,
    }


def false_accusations(clean: Clean) -> tuple[Seen, Json]:
    """Check the clean figures; give whom each way accuses, and how many."""
    seen = accused(clean, clean.context)
    units = len(np.unique(clean.units[clean.units != _NONE]))
    accusations = {way: len(seen.units[way]) for way in WAYS}
    return seen, {
        "units": units,
        "rates": len(clean.rates),
        "units_accused": accusations,
        "rates_accused": {way: len(seen.rates[way]) for way in WAYS if way != "joint"},
        "solved": seen.counted["solved"],
        "searched": seen.counted["searched"],
        "narrowed": seen.counted["narrowed"],
        "undecided": seen.counted["undecided"],
    }


def blame(clean: Clean, faults: dict[str, tuple[Fault, Seen]], sample: int, chance: np.random.Generator) -> Json:
    """Ask of some faults that are caught which figures could be wrong."""
    sizes: list[int] = []
    named = both = rates = 0
    group = clean.context.cells["group"].to_numpy().astype(np.int64)
    began = time.perf_counter()
    for fault, seen in faults.values():
        caught = np.flatnonzero(np.isin(fault.units, seen.units["joint"]))
        drawn = chance.permutation(caught)[: max(1, sample // len(faults))]
        compiler = Compiler(fault.context, _found(fault.context))
        numerator = _numerators(compiler.found)
        wanted = {int(group[fault.cells[at, 0]]): int(fault.cells[at, 0]) for at in drawn}
        for joint, linear, least, most, start in _systems(compiler, clean.units):
            for system in np.intersect1d(list(wanted), linear.system):
                case, old = Case.of_system(int(system), linear, least, most, start)
                told = conflicts(case)
                if not told:
                    # only rules from one row to another, or from a level to England, are broken
                    continue
                cells = {int(old[each]) + joint.first_cell for one in told for each in sum(one.answers, ())}
                cell = wanted[int(system)]
                sizes.append(len(cells))
                named += cell in cells
                if cell in numerator:
                    rates += 1
                    both += not cells.isdisjoint(numerator[cell])
    lengths = Counter(sizes)
    return {
        "asked": len(sizes),
        "true_cell_named": named,
        "mean_length": round(sum(sizes) / max(1, len(sizes)), 2),
        "one_cell": lengths[1],
        "lengths": dict(sorted(lengths.items())),
        "rates": rates,
        "rate_and_numerator": both,
        "seconds": round(time.perf_counter() - began, 1),
    }


def _numerators(found: Sequence[Candidates]) -> dict[int, set[int]]:
    return {
        int(figure): {int(cell) for cell in cells}
        for each in found
        for figure, cells in zip(each.percentage, each.numerator, strict=True)
    }


def coverage(clean: Clean) -> Json:
    """Count the printed counts that some rule holds."""
    return {"counts": len(clean.counts), **{kind: len(cells) for kind, cells in clean.ruled.items()}}


# Faults of the rows of a file: they are planted in its text

Lines = list[str]


def rows_wrong(paths: Sequence[Path], most_files: int, chance: np.random.Generator) -> list[Json]:
    """Plant faults of form in the lines of some files, one for each organisation, and look for their findings."""
    texts = [text for path in paths if (text := _text(path)) is not None]
    chosen = [texts[at] for at in np.unique(np.linspace(0, len(texts) - 1, min(most_files, len(texts))).astype(int))]
    definitions = load_default()
    counted = {kind: [0, 0, 0] for kind in _ROW_FAULTS}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in chosen:
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8")
            read_as = contexts([path])
            if not read_as or read_as[0].parts[0].publication != MONTHLY:
                # where the figure stands in a line is known of the monthly files
                continue
            clean = Clean(read_as[0])
            accused_before = _of_form(path, definitions)
            for kind, (small, change) in _ROW_FAULTS.items():
                cells = clean.counts
                if small:
                    suppressed = clean.context.arrays.suppressed & (clean.unit_of_cell != _NONE)
                    cells = np.flatnonzero(suppressed & (clean.context.arrays.low >= 0))
                drawn = Planter(clean, chance).one_each(cells)
                lines = text.splitlines(keepends=True)
                rows = clean.context.cells[drawn]
                for row in rows["row"]:
                    lines[row - 1] = change(lines[row - 1], int(chance.integers(1, 4)))
                path.write_text("".join(lines), encoding="utf-8")
                whom, wanted = _of_form(path, definitions) - accused_before, set(rows["org_code"].cast(pl.String))
                for at, many in enumerate((len(wanted), len(wanted & whom), len(whom - wanted))):
                    counted[kind][at] += many
    return [
        {"kind": kind, "planted": planted, "form": caught, "false": false}
        for kind, (planted, caught, false) in counted.items()
    ]


def _text(path: Path) -> tuple[str, str] | None:
    """Return the name and text of a table, None of a workbook."""
    if path.suffix == ".csv":
        return path.name, path.read_text(encoding="utf-8-sig")
    if path.suffix != ".zip":
        return None
    with zipfile.ZipFile(path) as archive:
        member = archive.namelist()[0]
        return Path(member).name, archive.read(member).decode("utf-8-sig")


def _of_form(path: Path, definitions: Definitions) -> set[str]:
    """Return the organisations of which a cell stands twice or did not go through disclosure control."""
    codes = {Code.KEY_TWICE, Code.COUNT_NOT_DISCLOSURE_CONTROLLED}
    found = pipeline.audit([path], definitions)
    asked = [each.id for each in found.findings if each.code in codes]
    # a finding is a cause, and its places say of whom
    places = found.published.tables.places
    return {org for name, org in places.select("id", pl.col("org_code").cast(pl.String)).iter_rows() if name in asked}


def _with_last(line: str, change: Callable[[str], str]) -> str:
    """Change the last field of a line, where these files have the figure."""
    *rest, last = next(csv.reader([line]))
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow([*rest, change(last)])
    return written.getvalue()


#: Whether it is a small count that is planted in, and what becomes of the line.
_ROW_FAULTS: dict[str, tuple[bool, Callable[[str, int], str]]] = {
    "a row twice with another value": (
        False,
        lambda line, by: line.rstrip("\r\n") + "\n" + _with_last(line, lambda text: str(int(text) + 5 * by)),
    ),
    "an unrounded count": (False, lambda line, by: _with_last(line, lambda text: str(int(text) + by))),
    "a small count not suppressed": (True, lambda line, by: _with_last(line, lambda _: str(by))),
}


# The whole


def contexts(paths: Sequence[Path]) -> list[Context]:
    """Read files, the monthly ones and the main ones of a year apart."""
    definitions = load_default()
    found = []
    for publication in (MONTHLY, ANNUAL):
        cells: list[pl.DataFrame] = []
        inputs: list[Input] = []
        parts: list[Part] = []
        groups = 0
        for place in read.find(paths):
            for each in ingest.ingest(place, definitions, None):
                source = each.input
                if each.cells is None or each.cells.is_empty() or source.publication != publication:
                    continue
                number = pl.col("group") + pl.lit(groups, dtype=pl.UInt32)
                cells.append(each.cells.with_columns(number, file=pl.lit(len(parts), dtype=pl.UInt16)))
                groups += each.cells["group"].n_unique()
                inputs.append(source)
                parts.append(Part(len(inputs) - 1, source.publication or "", source.period or ""))
        if parts:
            found.append(Context(pl.concat(cells), tuple(inputs), tuple(parts), definitions))
    return found


_RATES_MOVED = tuple(f"any printed rate ±{points}" for points in (3, 5))
_BLAMED = (*_RATES_MOVED, "finished (M076) x10", "any count in a rule x10", "any count in a rule off by 20%")


def _added(one: Json, other: Json) -> Json:
    """Add the numbers of two rows up."""
    both = dict(one)
    for name, value in other.items():
        if isinstance(value, dict):
            both[name] = _added(one.get(name, {}), value)
        else:
            both[name] = one.get(name, 0) + value if isinstance(value, int) else value
    return both


def measured(clean: Clean, seed: int, sample: int, rounds: int) -> Json:
    """Plant every kind of fault in some clean figures so many times, and count."""
    chance = np.random.default_rng(seed)
    began = time.perf_counter()
    before, nothing_planted = false_accusations(clean)
    rows: list[Json] = []
    faults: dict[str, tuple[Fault, Seen]] = {}
    for kind, plant in kinds(Planter(clean, chance)).items():
        row: Json = {}
        for _ in range(rounds):
            fault = plant()
            if not len(fault.units):
                continue
            seen = accused(clean, fault.context)
            row = _added(row, _row(clean, kind, fault, before, seen))
            if kind in _BLAMED:
                faults[kind] = (fault, seen)
        if row:
            rows.append(row)
            told = f"{kind}: {_percent(row['joint'], row['planted'])}, {time.perf_counter() - began:,.0f} s"
            print(told, file=sys.stderr, flush=True)
    return {
        "clean": nothing_planted,
        "kinds": rows,
        "coverage": coverage(clean),
        "blame": blame(clean, faults, sample, chance) if sample and faults else None,
        "seconds": round(time.perf_counter() - began, 1),
    }


def report(found: Json) -> str:
    """Write what was measured as tables."""
    lines = []
    for title, each in found["levels"].items():
        clean, covered = each["clean"], each["coverage"]
        lines += [
            f"{title}: {clean['units']:,} organisations and periods, {clean['rates']:,} percentages.",
            "",
            f"Clean, accused: {_listed(clean['units_accused'])}; of the rates: {_listed(clean['rates_accused'])}.",
            "",
            "| fault | planted | " + " | ".join((*WAYS, *_OF_LEVELS.values(), *SIZES)) + " |",
            "| --- |" + " ---: |" * (1 + len(WAYS) + len(_OF_LEVELS) + len(SIZES)),
        ]
        for row in each["kinds"]:
            sizes = [_percent(of["joint"], of["planted"]) for of in row["sizes"].values()]
            ways = [_percent(row[way], row["planted"]) for way in WAYS]
            ways += [_percent(row["levels"][side], row["planted"]) for side in _OF_LEVELS]
            lines.append(f"| {row['kind']} | {row['planted']:,} | {' | '.join((*ways, *sizes))} |")
        told = [f"{kind} {_percent(many, covered['counts'])}" for kind, many in covered.items() if kind != "counts"]
        caught, narrowed = (sum(row[name] for row in each["kinds"]) for name in ("joint", "narrowed"))
        lines += [
            "",
            f"Of {covered['counts']:,} printed counts some rule holds: {', '.join(told)}.",
            f"Narrowing alone makes {_percent(narrowed, caught)} of the catches.",
            f"{sum(row['solved'] for row in each['kinds']):,} systems went to the solver.",
            f"{sum(row['undecided'] for row in each['kinds']):,} were too hard for it.",
        ]
        if each["blame"]:
            lines.append(f"Blame: {_listed(each['blame'])}.")
        missed = [
            f"{_percent(of['joint'], of['planted'])} of {measure}"
            for measure, of in sorted(
                each["kinds"][3]["measures"].items(), key=lambda item: item[1]["joint"] - item[1]["planted"]
            )[:3]
        ]
        lines += [f"Most missed of {each['kinds'][3]['kind']}: caught {', '.join(missed)}.", ""]
        lines += [f"It took {each['seconds']:,} s.", ""]
    lines += [
        f"{row['kind']}: {row['form']:,} of {row['planted']:,} found, {row['false']:,} others accused."
        for row in found["form"]
    ]
    return "\n".join(lines)


#: The two sides of the levels, which are told at England: only the one is proof, and part of the last way.
_OF_LEVELS = {"over": "levels over (proof)", "short": "levels short (note)"}


def _listed(counted: Json) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {many:,}" for name, many in counted.items() if not isinstance(many, dict)
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def main() -> int:
    """Plant, check, count and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument(
        "paths", nargs="*", type=Path, help="published files or folders; without any, files are invented"
    )
    parser.add_argument("--seed", type=int, default=1, help="where chance begins (default 1)")
    parser.add_argument("--blame", type=int, default=300, help="how many faults to ask the blame of (default 300)")
    parser.add_argument("--json", action="store_true", help="write everything as JSON")
    parser.add_argument("--only", choices=("below", "england"), help="plant below England or in England alone")
    parser.add_argument("--quick", action="store_true", help="two small invented files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = [] if options.quick else [path for path in options.paths if path.exists()]
        if not paths:
            stages.invent(folder, 2, 60 if options.quick else 600)
            paths = [Path(folder)]
        levels = {}
        most_blamed = 20 if options.quick else options.blame
        for context in contexts(paths):
            kind = "annual" if is_year(context.parts[0].period) else "monthly"
            for england in {"below": (False,), "england": (True,), None: (False, True)}[options.only]:
                clean = Clean(context, england)
                title = f"{kind}, {'England' if england else 'below England'}"
                # England is one of a file, and the others are hundreds
                rounds = ENGLAND_ROUNDS if england and not options.quick else 1
                levels[title] = measured(clean, options.seed, min(options.blame, most_blamed), rounds)
        files = [each for path in paths for each in ([path] if path.is_file() else sorted(path.rglob("*")))]
        form = rows_wrong(files, 1 if options.quick else 6, np.random.default_rng(options.seed))
    found = {"levels": levels, "form": form}
    print(json.dumps(found, indent=2) if options.json else report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
