"""
Find the figures that slipped beside a withheld one: no output may repeat them, nor tell what follows from them.

A percentage is withheld with the count it is of, and a mean, median, maximum or minimum with the count it rests on. One
that is printed beside a count that is not gives the count away, or nearly: 5% of 60 is 3. So it is held back, and so
is a count whose percentage alone was withheld.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from iapt_audit.constraints import rates as constrain
from iapt_audit.constraints.locate import NONE, TWICE
from iapt_audit.judging.causes import spread
from iapt_audit.model.columns import HUNDRED_PERCENT, Level, Statistic, Status
from iapt_audit.model.findings import Code, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.arrays import Truths
    from iapt_audit.constraints.context import Context
    from iapt_audit.definitions import Bands, Rate


class _Slip(NamedTuple):
    """A figure that slipped, what it slipped beside (none if the file has no such cell), and the rule of the two."""

    code: Code
    figure: int
    beside: int | None
    rule: str


_MESSAGES = {
    Code.PERCENTAGE_WITHOUT_COUNT: "the percentage is printed but its count is suppressed",
    Code.COUNT_WITHOUT_PERCENTAGE: "the count is printed but its percentage is suppressed",
    Code.MEAN_WITHOUT_COUNT: "the {statistic} is printed but the count it depends on is suppressed",
}


def hold_back_slipped(context: Context) -> tuple[Context, list[Finding]]:
    """
    Hold back what slipped.

    Args:
        context: The cells as they were read.

    Returns:
        The context with those figures held back, and what was found: an error for each that stands beside a suppressed
        one, and a note a rule and file for those whose count is not there to be seen, or slipped itself.
    """
    local = _local(context)
    slips = [slip for rate in context.definitions.rates.values() for slip in _of_rate(rate, context, local)]
    slips += _means(context, local)
    slips += _twice(context, local)
    if not slips:
        return context, []
    hide = np.zeros(len(context.cells), dtype=bool)
    hide[[slip.figure for slip in slips]] = True
    held = context.holding_back(hide)
    return held, _findings(slips, held)


def _local(context: Context) -> Truths:
    """Mark the groups whose figures go through disclosure control."""
    return (context.located.groups["level"] != Level.ENGLAND).to_numpy()


def _alone(rate: Rate) -> bool:
    """Return whether a percentage is of one count: that of a sum is withheld with the sum, which no cell tells."""
    of_one = rate.numerator is not None and len(rate.numerator.terms) == 1
    return of_one and rate.statistic is Statistic.PERCENTAGE and bool(rate.printed)


def _of_rate(rate: Rate, context: Context, local: Truths) -> Iterator[_Slip]:
    """Find the slips of a rate in the groups that have its percentage once."""
    if not _alone(rate):
        return
    found, arrays = context.candidates(rate, printed_only=True), context.arrays
    here = local[found.group]
    found = constrain.some(found, np.flatnonzero(here))
    figure, count = found.percentage, found.numerator[:, 0]
    there = count >= 0
    printed = arrays.published[figure]
    suppressed = there & arrays.suppressed[count]
    unseen = np.where(there, ~arrays.published[count] | arrays.held_back[count], _should_be_there(found, context))
    for at in np.flatnonzero(printed & suppressed):
        yield _Slip(Code.PERCENTAGE_WITHOUT_COUNT, int(figure[at]), int(count[at]), rate.id)
    for at in np.flatnonzero(printed & unseen & ~suppressed & (count != TWICE)):
        beside = int(count[at]) if there[at] else None
        yield _Slip(Code.FIGURES_HELD_BACK, int(figure[at]), beside, rate.id)
    for at in np.flatnonzero(arrays.suppressed[figure] & there & arrays.published[count] & ~arrays.held_back[count]):
        yield _Slip(Code.COUNT_WITHOUT_PERCENTAGE, int(count[at]), int(figure[at]), rate.id)


def _should_be_there(found: constrain.Candidates, context: Context) -> Truths:
    """
    Mark the groups without the count of a percentage in which that tells of a count left out because it is small.

    So it is where the file has the count of others, or where the percentage and what it is a share of leave room for a
    count that is not printed.
    """
    arrays, rate = context.arrays, found.rate
    file = context.located.groups["file"].to_numpy()
    having = context.located.cells(rate.numerator.names[0] if rate.numerator else "") != NONE
    of_others = np.isin(file[found.group], np.unique(file[having]))
    figure, terms = found.percentage, found.denominator
    usable = (arrays.half_width[figure] >= 0) & (terms >= 0).all(axis=1) & (arrays.low[terms] >= 0).all(axis=1)
    small = np.zeros(len(figure), dtype=bool)
    if rate.denominator is not None:
        least, _ = constrain.span(rate.denominator, terms, arrays)
        # the least numerator n that prints so: p - h <= 100 n / d
        small = (arrays.value[figure] - arrays.half_width[figure]) * np.maximum(least, 0) <= HUNDRED_PERCENT * (
            arrays.smallest[figure] - 1
        )
    marked: Truths = of_others | (usable & small)
    return marked


def _means(context: Context, local: Truths) -> Iterator[_Slip]:
    """Find the means, medians, maxima and minima that are printed beside a suppressed count they rest on."""
    publications = [part.publication for part in context.parts]
    ruled = [bands for bands in context.definitions.bands if bands.publication in publications]
    if not ruled:
        return
    named = {name for each in ruled for name in (each.count, *_resting(each).values())} - {""}
    files = [number for number, name in enumerate(publications) if any(each.publication == name for each in ruled)]
    rows = (
        context.cells.lazy()
        .with_row_index("cell")
        .filter(pl.col("file").is_in(files) & pl.col("measure").is_in(sorted(named)))
        .select("cell", "file", "group", "held_back", pl.col("measure", "statistic", "status").cast(pl.String))
        .collect()
    )
    is_printed, is_suppressed = (pl.col("status") == each for each in (Status.PUBLISHED, Status.SUPPRESSED))
    printed = rows.filter(is_printed)
    unseen = rows.filter((is_suppressed | pl.col("held_back")) & (pl.col("statistic") == Statistic.COUNT))
    for bands in ruled:
        here = pl.col("file").is_in([number for number, name in enumerate(publications) if name == bands.publication])
        counts = unseen.filter(here & (pl.col("measure") == bands.count)).select(
            "group", beside="cell", suppressed=is_suppressed
        )
        for statistic, measure in _resting(bands).items():
            figures = printed.filter((pl.col("measure") == measure) & (pl.col("statistic") == statistic))
            both = figures.join(counts, on="group").sort("cell", "beside")
            for group, cell, beside, suppressed in both.select("group", "cell", "beside", "suppressed").iter_rows():
                if local[group]:
                    code = Code.MEAN_WITHOUT_COUNT if suppressed else Code.FIGURES_HELD_BACK
                    yield _Slip(code, cell, beside, bands.id)


def _resting(bands: Bands) -> dict[str, str]:
    """Return the figures that rest on the count of bands, by statistic; empty for none."""
    return {
        Statistic.MEAN: bands.mean,
        Statistic.MEDIAN: bands.median,
        Statistic.MAXIMUM: bands.maximum,
        Statistic.MINIMUM: bands.minimum,
    }


def _twice(context: Context, local: Truths) -> Iterator[_Slip]:
    """Find the slips of groups in which a percentage or its count stands twice: of these any may be the true one."""
    repeated = context.cells.lazy().filter("repeated").select(pl.col("group").unique()).collect().to_series()
    groups = repeated.filter(pl.Series(local[repeated.to_numpy().astype(np.int64)], dtype=pl.Boolean))
    if groups.is_empty():
        return
    rows = context.cells.lazy().with_row_index("cell").filter(pl.col("group").is_in(groups.implode())).collect()
    printed = (pl.col("status") == Status.PUBLISHED) & ~pl.col("held_back")
    suppressed = pl.col("status") == Status.SUPPRESSED
    for rate in context.definitions.rates.values():
        if not _alone(rate) or rate.numerator is None:
            continue
        figures = rows.filter(_called(rate.printed, rate.statistic, context))
        counts = rows.filter(_called(rate.numerator.names[0], Statistic.COUNT, context))
        for one, other, code in (
            (figures, counts.filter(~printed), Code.PERCENTAGE_WITHOUT_COUNT),
            (counts, figures.filter(suppressed), Code.COUNT_WITHOUT_PERCENTAGE),
        ):
            either = one.filter(printed).join(
                other.select("group", beside="cell", other="repeated").unique("group", keep="first"), on="group"
            )
            for cell, beside in (
                either.filter(pl.col("repeated") | pl.col("other")).select("cell", "beside").iter_rows()
            ):
                yield _Slip(code, cell, beside, rate.id)


def _called(concept: str, statistic: Statistic, context: Context) -> pl.Expr:
    """Say of a cell whether it goes by the name that its publication gives a concept."""
    publications = [part.publication for part in context.parts]
    named = [
        pl.col("file").is_in([number for number, each in enumerate(publications) if each == name.publication])
        & (pl.col("measure").cast(pl.String) == name.measure)
        & (pl.col("statistic") == statistic)
        for name in context.definitions.names
        if (name.concept, name.statistic) == (concept, statistic) and name.publication in publications
    ]
    return pl.any_horizontal(pl.lit(value=False), *named)


def _findings(slips: list[_Slip], held: Context) -> list[Finding]:
    """Word the slips beside suppressed figures, those of one rule in one table once, and count the others by rate."""
    findings = []
    alike: dict[tuple[Code, str, int], list[_Slip]] = {}
    unseen: dict[tuple[str, int], list[int]] = {}
    file = held.cells["file"]
    titles = {name: rate.title for name, rate in held.definitions.rates.items()}
    titles |= {bands.id: bands.title for bands in held.definitions.bands}
    for slip in dict.fromkeys(slips):
        if slip.code is Code.FIGURES_HELD_BACK:
            unseen.setdefault((slip.rule, file[slip.figure]), []).append(slip.figure)
            continue
        alike.setdefault((slip.code, slip.rule, held.table_of_part[file[slip.figure]]), []).append(slip)
    for (code, rule, _), same in alike.items():
        cells = [cell for slip in same for cell in _cells(slip)]
        if len(same) == 1:
            one = held.finding(code, "", cells)
            message = _MESSAGES[code].format(statistic=one.statistic)
        else:
            one = held.cause(code, "", np.unique(np.array(cells, dtype=np.int64)))
            rows = held.cells[[slip.figure for slip in same]]
            message = f"{_MESSAGES[code].format(statistic=rows['statistic'][0])}: {spread(rows)}"
        findings.append(replace(one, message=message, rule=rule))
    for (rule, _), cells in unseen.items():
        one = held.finding(Code.FIGURES_HELD_BACK, "", cells[:_MOST_SHOWN])
        so_many = "1 figure is" if len(cells) == 1 else f"{len(cells):,} figures are"
        message = (
            f"{titles[rule]}: {so_many} printed, but the count behind it is not, or slipped through, so it may be "
            f"small; none is repeated here"
        )
        places = np.array(cells, dtype=np.int64)
        nowhere = replace(one, level=None, org_code=None, org_name=None, breakdown=None, count=len(cells), at=places)
        findings.append(replace(nowhere, message=message, rule=rule))
    return findings


def _cells(slip: _Slip) -> list[int]:
    """Return the cells of a slip: the percentage is told first, whichever of the two slipped."""
    cells = [slip.figure] if slip.beside is None else [slip.figure, slip.beside]
    return cells[::-1] if slip.code is Code.COUNT_WITHOUT_PERCENTAGE else cells


#: So many cells are shown of a note on many.
_MOST_SHOWN = 3
