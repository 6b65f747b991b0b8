"""Show how one rate was judged: its cells with file and row, their bounds, the arithmetic, and an example that fits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from iapt_audit.constraints import rates
from iapt_audit.judging import ranges
from iapt_audit.judging.certificate import Claimed, certificate
from iapt_audit.model.bounds import Bounds, Printed
from iapt_audit.model.columns import SCALE, TOTAL, Statistic
from iapt_audit.model.text import beside, plain, range_text
from iapt_audit.solver import two_variables
from iapt_audit.solver.dense import systems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from iapt_audit.arrays import Truths
    from iapt_audit.constraints.context import Context
    from iapt_audit.definitions import Definitions, Rate
    from iapt_audit.model.findings import FoundCell


_DIGITS = 4


@dataclass(frozen=True, slots=True)
class RateQuery:
    """Which rate is asked for: an organisation, a period, and a measure by any of its names."""

    org: str
    period: str
    measure: str
    breakdown: str = TOTAL


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    How one rate was judged.

    `cells` are those it rests on, the printed figure first, each of the input numbered `input`; `steps` is the
    arithmetic, a sentence each. All of it has passed the gate.
    """

    title: str
    publication: str
    period: str
    input: int
    cells: tuple[FoundCell, ...]
    steps: tuple[str, ...]


def rates_called(name: str, definitions: Definitions) -> list[Rate]:
    """Return the rates that go by a name: an id, or what a publication calls the printed figure or its numerator."""
    concepts = {each.concept for each in definitions.names if name in {each.measure, each.concept}}
    return [
        rate
        for rate in definitions.rates.values()
        if name == rate.id
        or rate.printed in concepts
        or (rate.numerator is not None and len(rate.numerator.terms) == 1 and rate.numerator.names[0] in concepts)
    ]


def explain(
    ask: RateQuery, rate: Rate, context: Context, entangled: Truths, told: pl.DataFrame
) -> Iterator[Explanation]:
    """
    Explain a rate in every file that has it for the organisation, period and breakdown asked for.

    Args:
        ask: Which organisation, period, measure and breakdown.
        rate: The rate.
        context: The cells and definitions.
        entangled: For each cell, whether it hangs together with a suppressed one.
        told: The printed rates with their ranges as they may be told (`judging.rates.RATES`).
    """
    found = context.candidates(rate, printed_only=rate.numerator is None)
    groups = context.located.groups
    for at, group in enumerate(found.group):
        row = groups.row(int(group), named=True)
        part = context.parts[row["file"]]
        wanted = (ask.org.casefold(), ask.period, ask.breakdown)
        if (str(row["org_code"]).casefold(), part.period, row["breakdown"]) == wanted:
            yield _explained(rates.some(found, np.array([at])), context, entangled, told)


def _explained(found: rates.Candidates, context: Context, entangled: Truths, told: pl.DataFrame) -> Explanation:
    rate, arrays = found.rate, context.arrays
    figure, reason = int(found.percentage[0]), int(found.reason[0])
    counts = [int(cell) for cell in (*found.numerator[0], *found.denominator[0]) if cell >= 0]
    cells = [figure, *counts] if figure >= 0 else counts
    own = str(context.located.groups["breakdown"][int(found.group[0])])
    steps = [_formula(rate, found, context, own), *_cell_steps(cells, context, own)]
    box = context.box(found)
    numerator = Bounds(int(box.numerator_low[0]), int(box.numerator_high[0]))
    denominator = Bounds(int(box.denominator_low[0]), int(box.denominator_high[0]))
    usable = bool(counts) and bool((arrays.low[counts] >= 0).all())
    if usable:
        numbers = f"{numerator} of {Bounds(max(denominator.low, 0), max(denominator.high, 0))}"
        steps.append(f"So {numbers}, {rate.of_whom}.")
    if reason >= 0:
        steps.append(f"It cannot be checked: {list(rates.REASONS.values())[reason]}.")
    elif figure >= 0:
        tied = bool((arrays.suppressed[counts] | entangled[counts]).any())
        half_width = Decimal(int(arrays.half_width[figure])) / SCALE
        printed = Printed(str(context.cells["printed"][figure]), str(half_width))
        claimed = Claimed(printed, numerator, denominator, rate.of_whom, rates.per_unit(rate) // SCALE)
        steps += _verdict(found, claimed, context, tied=tied)
        range_ = told.filter(pl.col("cell") == figure).select("low", "high").row(0)
        if (
            not (numerator.exact and denominator.exact)
            and rate.statistic is Statistic.PERCENTAGE
            and None not in range_
        ):
            steps.append(f"So the rate is {range_text(*range_)}%.")
    elif not (numerator.exact and denominator.exact) and rate.statistic is Statistic.PERCENTAGE:
        low, high = ranges.by_counts(box)
        steps.append(f"That is {range_text(int(low[0]), int(high[0]))}%; no percentage is printed beside it.")
    elif numerator.exact and denominator.exact:
        exact = Decimal(rates.per_unit(rate) // SCALE) * numerator.low / denominator.low
        steps.append(f"{numerator.low:,} of {denominator.low:,} is {beside(exact, digits=_DIGITS)}{_sign(rate)}.")
    row = context.cells.row(cells[0], named=True)
    part = context.parts[row["file"]]
    organisation = row["org_name"] if row["org_name"] == row["org_code"] else f"{row['org_name']} ({row['org_code']})"
    about = [organisation, part.period, *([own] if own != TOTAL else [])]
    return Explanation(
        title=f"{rate.title}: {', '.join(about)}",
        publication=part.publication,
        period=part.period,
        input=part.input,
        cells=tuple(context.found_cell(cell) for cell in cells),
        steps=tuple(steps),
    )


def _sign(rate: Rate) -> str:
    return "%" if rate.statistic is Statistic.PERCENTAGE else ""


def _verdict(found: rates.Candidates, claimed: Claimed, context: Context, *, tied: bool) -> list[str]:
    printed, sign = claimed.printed, claimed.sign
    stands = (
        f"A printed {printed.text}{sign} means at least {plain(printed.low)}{sign} and less than "
        f"{plain(printed.high)}{sign}."
    )
    for given in systems(rates.compile_rate(found, context.arrays), context.arrays.low, context.arrays.high):
        for part in two_variables.slices(two_variables.merge(given).systems):
            if not part.possible[0]:
                if tied:
                    return [
                        stands,
                        "No counts that print this way give it; they are linked to a suppressed count and not shown.",
                    ]
                return [certificate(claimed)]
            if tied:
                return [
                    stands,
                    "Some counts that print this way give it: consistent.",
                    "No example is shown, because it would reveal more about a suppressed count than the file does.",
                ]
            numerator, denominator = (int(values[0]) for values in part.witness())
            example = beside(claimed.rate(numerator, denominator), [printed.low, printed.high], _DIGITS)
            opening = "" if claimed.numerator.exact and claimed.denominator.exact else "For example "
            told = f"{opening}{numerator:,} of {denominator:,} is {example}{sign}, which prints this way: consistent."
            return [stands, told]
    return [stands]


def _called(row: dict[str, Any], own: str) -> str:
    """Return a measure's name, with the row of the breakdown if that is another than the group's."""
    return str(row["measure"]) if row["breakdown"] == own else f"{row['measure']} [{row['breakdown']}]"


def _formula(rate: Rate, found: rates.Candidates, context: Context, own: str) -> str:
    def written(cells: NDArray[np.int64], signs: Sequence[int]) -> str:
        names = [_called(context.cells.row(int(cell), named=True), own) for cell in cells]
        first, *rest = zip(names, signs, strict=True)
        return first[0] + "".join(f" {'+' if sign > 0 else '-'} {name}" for name, sign in rest)

    if rate.numerator is None or rate.denominator is None:
        return f"{rate.title} is printed without its counts."
    over = written(found.denominator[0], [term.sign for term in rate.denominator.terms])
    over = f"({over})" if len(rate.denominator.terms) > 1 else over
    return f"{rate.title} = {written(found.numerator[0], [term.sign for term in rate.numerator.terms])} / {over}"


def _cell_steps(cells: Sequence[int], context: Context, own: str) -> Iterator[str]:
    for cell in cells:
        row = context.cells.row(cell, named=True)
        name = f"{_called(row, own)} ({row['statistic']})"
        if row["held_back"]:
            yield f"{name} was not put through disclosure control and is not repeated here: tell the publisher first."
        elif row["status"] == "suppressed":
            yield f"{name} is suppressed" + (f": {row['low']} to {row['high']}." if row["low"] is not None else ".")
        elif row["low"] is None:
            yield f"{name} is printed {row['printed']}."
        elif row["low"] == row["high"]:
            yield f"{name} is printed {row['printed']}: exactly {row['low']:,}."
        else:
            yield f"{name} is printed {row['printed']}, rounded: {row['low']:,} to {row['high']:,}."
