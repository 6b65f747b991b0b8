"""Tell the headline rates of every organisation: over every denominator, and held to the standards in force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.constraints import rates
from iapt_audit.definitions.vocabulary import Headline
from iapt_audit.judging import headline, ranges
from iapt_audit.model.columns import CELLS, HUNDRED_PERCENT, SCALE, STANDING, TOTAL, Standing
from iapt_audit.model.periods import first_month, is_period, is_year
from iapt_audit.solver import two_variables
from iapt_audit.solver.dense import systems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iapt_audit.arrays import Ints, Truths
    from iapt_audit.constraints.context import Context
    from iapt_audit.constraints.rates import Box
    from iapt_audit.definitions import Definitions, Population, Rate, Standard
    from iapt_audit.definitions.expressions import Sum


#: A rate of one organisation; the columns of `judging.headline.HEADLINE` and of `denominator_columns` follow.
PLACED = pl.Schema(
    {
        "publication": pl.String(),
        "period": pl.String(),
        "file": CELLS["file"],
        "level": CELLS["level"],
        "org_code": CELLS["org_code"],
        "org_name": CELLS["org_name"],
        "measure": pl.String(),
        "standard": pl.String(),
        "printed": pl.String(),
        "contradicted": pl.Boolean(),
    }
)


def schema(definitions: Definitions) -> pl.Schema:
    """
    Return the columns of the headline.

    For each denominator `ID_low` and `ID_high`, in ten-thousandths of a per cent and rounded outward, null for a hole,
    and `ID_other_run`, true where the count comes from another run and the rate is never exact.
    """
    over: dict[str, pl.DataType] = {}
    for name in definitions.denominators:
        over |= {f"{name}_low": pl.Int64(), f"{name}_high": pl.Int64(), f"{name}_other_run": pl.Boolean()}
    return pl.Schema({**PLACED, **headline.HEADLINE, **over})


def judge_standings(
    context: Context, entangled: Truths, together: rates.CellArrays, broken: Ints | None = None
) -> pl.DataFrame:
    """
    Tell the headline rates of every organisation's total.

    Args:
        context: The cells and definitions.
        entangled: For each cell, whether it hangs together with a suppressed one.
        together: The cells with the bounds that all published figures of an organisation leave each other.
        broken: The cells of figures that contradict each other; a standing that rests on one cannot be determined.

    Returns:
        Rows of `schema`, one a rate and standard in force in the period (one with no standard where none is), with both
        what is known together and what is known at face value: only the gate chooses.
    """
    definitions = context.definitions
    frames = [pl.DataFrame(schema=schema(definitions))]
    doubted = np.zeros(len(context.cells), dtype=bool)
    if broken is not None:
        doubted[broken] = True
    for rate in definitions.rates.values():
        # a standard that we could not confirm gives no standing, nor does one that asks for at most so much
        standards = [each for each in definitions.standards.values() if each.rate == rate.id and each.headline]
        if rate.headline is None and not standards:
            continue
        found = _totals(rate, context)
        frames += [
            _told(found, standard, context, _KnownStandings(entangled, together, doubted))
            for standard, found in _by_standard(found, standards, context)
            if len(found.group)
        ]
    # of two files of one period the later tells
    key = ["publication", "period", "level", "org_code", "measure", "standard"]
    return pl.concat(frames).unique(key, keep="last", maintain_order=True)


@dataclass(frozen=True, slots=True)
class _KnownStandings:
    """What is known of the cells beside their figures: see `judge_standings`."""

    entangled: Truths
    together: rates.CellArrays
    doubted: Truths

    def doubts(self, found: rates.Candidates) -> Truths:
        """Mark the groups of which a figure is contradicted by others."""
        figure = (found.percentage >= 0) & self.doubted[found.percentage]
        doubts: Truths = figure | np.any(self.doubted[found.terms], axis=1)
        return doubts


def _totals(rate: Rate, context: Context) -> rates.Candidates:
    """Gather the totals whose counts are there; a suppressed percentage is none, and counts alone are enough."""
    arrays = context.arrays
    found = context.candidates(rate, printed_only=False)
    groups = context.located.groups[found.group]
    reasons = [-1, list(rates.REASONS).index("suppressed")]
    terms = found.terms
    unassigned = {code for layout in context.definitions.layouts.values() for code in layout.unassigned}
    dated = [number for number, part in enumerate(context.parts) if is_period(part.period)]
    keep = np.flatnonzero(
        np.isin(found.reason, reasons)
        & (groups["breakdown"] == TOTAL).to_numpy()
        & ~groups["org_code"].cast(pl.String).is_in(sorted(unassigned)).to_numpy()
        & np.isin(groups["file"].to_numpy(), dated)
        & (arrays.low[terms] >= 0).all(axis=1)
    )
    printed = np.where(found.reason < 0, found.percentage, -1)
    kept = rates.some(replace(found, percentage=printed), keep)
    return replace(kept, reason=np.full(len(keep), -1))


def _by_standard(
    found: rates.Candidates, standards: list[Standard], context: Context
) -> Iterable[tuple[Standard | None, rates.Candidates]]:
    """Part the groups by the standard in force in their period; those with none come with None."""
    file = context.located.groups["file"].to_numpy()[found.group]
    months = np.array([first_month(part.period) for part in context.parts], dtype=np.str_)
    years = np.array([is_year(part.period) for part in context.parts], dtype=bool)
    held = np.zeros(len(found.group), dtype=bool)
    for standard in standards:
        since = months >= standard.in_force_from
        in_force = since if standard.in_force_to is None else since & (months <= standard.in_force_to)
        in_force &= years | (not standard.yearly)
        here = in_force[file]
        held |= here
        yield standard, rates.some(found, np.flatnonzero(here))
    yield None, rates.some(found, np.flatnonzero(~held))


def _told(
    found: rates.Candidates,
    standard: Standard | None,
    context: Context,
    known: _KnownStandings,
) -> pl.DataFrame:
    rate, arrays = found.rate, context.arrays
    # with no standard any would do to part numerator and denominator; what is said of it is dropped below
    level = int(standard.percentage * SCALE) if standard else SCALE
    extremes, fits = _extremes(found, arrays, level)
    counted = replace(found, percentage=np.where(fits, found.percentage, -1))
    if not fits.all():
        # a printed figure that contradicts its counts tells nothing; the counts by themselves still do
        extremes, fits = _extremes(counted, arrays, level)
    terms = found.terms
    tied: Truths = np.any(arrays.suppressed[terms] | known.entangled[terms], axis=1)
    if standard is not None:
        asked = np.flatnonzero(extremes.undecided & fits & ~tied)
        narrowed, possible = _extremes(rates.some(counted, asked), known.together, level)
        extremes.decide(asked[possible], narrowed.all_reach[possible], narrowed.some_reach[possible])
    told = headline.headline(context.box(counted), extremes, tied, level)
    off = counted.percentage != found.percentage
    told = _with_doubt(told, off, context.box(found), known.doubts(found), level)
    if standard is None:
        told = told.with_columns(
            pl.lit(None).alias(f"{side}_{name}")
            for side in ("exact", "face")
            for name in ("standing", "short_low", "short_high")
        )
    groups = context.located.groups[found.group]
    file = pl.Series(groups["file"].to_numpy())
    columns = schema(context.definitions)
    return (
        pl.concat([groups.drop("breakdown"), told], how="horizontal")
        .with_columns(
            publication=pl.Series([part.publication for part in context.parts], dtype=pl.String).gather(file),
            period=pl.Series([part.period for part in context.parts], dtype=pl.String).gather(file),
            org_name=context.cells["org_name"].gather(pl.Series(found.numerator[:, 0])),
            measure=pl.lit(rate.id),
            standard=pl.lit(standard.id if standard else None),
            printed=context.cells["printed"].gather(pl.Series(np.maximum(found.percentage, 0))),
            has_printed=pl.Series(found.percentage >= 0),
            contradicted=pl.Series(off),
            **_over_denominators(found, context),
        )
        .with_columns(printed=pl.when("has_printed").then("printed"))
        # counts that contradict each other tell nothing
        .filter(pl.Series(fits))
        .select(columns.names())
        .cast(columns)
    )


def _with_doubt(told: pl.DataFrame, off: Truths, box: Box, doubted: Truths, level: int) -> pl.DataFrame:
    """
    Leave open the standings that rest on figures which contradict each other.

    Where it is the rate and its own counts, the standing is told if both say the same.
    """
    print_met = box.value - box.half_width >= level
    print_missed = box.value + box.half_width <= level
    columns = []
    for side in ("exact", "face"):
        standing = told[f"{side}_standing"]
        met, missed = (
            (standing == each).fill_null(value=False).to_numpy() for each in (Standing.MET, Standing.NOT_MET)
        )
        agree = (met & print_met) | (missed & print_missed)
        leave = pl.Series((off & ~agree) | (doubted & ~off))
        undecided = pl.lit(Standing.UNDECIDED.value, dtype=STANDING)
        columns.append(pl.when(leave).then(undecided).otherwise(standing).alias(f"{side}_standing"))
    return told.with_columns(columns)


def _extremes(found: rates.Candidates, arrays: rates.CellArrays, level: int) -> tuple[headline.Extremes, Truths]:
    """Gather what each group can be, and whether it can be at all."""
    extremes = headline.Extremes.none(len(found.group))
    fits = np.zeros(len(found.group), dtype=bool)
    for given in systems(rates.compile_rate(found, arrays, standard=level), arrays.low, arrays.high):
        for part in two_variables.slices(two_variables.merge(given).systems):
            placed = replace(part, group=given.group[part.group])
            extremes.gather(placed, level)
            fits[placed.group] = placed.possible
    return extremes, fits


def _over_denominators(found: rates.Candidates, context: Context) -> dict[str, pl.Series]:
    """Tell the same numerator over every published denominator, from the bounds of the counts alone."""
    box = context.box(found)
    columns: dict[str, pl.Series] = {}
    for name, denominator in context.definitions.denominators.items():
        low, high, other_run = _sum_of(denominator, found, context)
        hole = (low < 0) | (found.rate.headline is not Headline.EVERY_DENOMINATOR)
        rate_low = np.where(hole, -1, ranges.rate_low(box.numerator_low, high))
        rate_high = np.where(hole, -1, ranges.rate_high(box.numerator_high, low))
        if denominator.whole:
            rate_high = np.minimum(rate_high, HUNDRED_PERCENT)
        columns[f"{name}_low"] = pl.Series(rate_low).replace(-1, None)
        columns[f"{name}_high"] = pl.Series(rate_high).replace(-1, None)
        columns[f"{name}_other_run"] = pl.Series(other_run & ~hole)
    return columns


def _sum_of(denominator: Population, found: rates.Candidates, context: Context) -> tuple[Ints, Ints, Truths]:
    """Return the bounds of a denominator in each group, -1 for a hole, and whether a count of it is of another run."""
    formula: Sum = denominator.formula
    cells, other_run = [], np.zeros(len(found.group), dtype=bool)
    for name in formula.names:
        own = context.located.cells(name)[found.group]
        other = context.of_other_runs(name)[found.group]
        other_run |= (own < 0) & (other >= 0)
        cells.append(np.where(own >= 0, own, other))
    terms = np.stack(cells, axis=1)
    hole = (terms < 0).any(axis=1) | (context.arrays.low[terms] < 0).any(axis=1)
    low, high = rates.span(formula, terms, context.arrays)
    return np.where(hole, -1, np.maximum(low, 1)), np.where(hole, -1, np.maximum(high, 1)), other_run
