"""Judge every printed percentage by its own counts, exactly in integers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.constraints import rates as constrain
from iapt_audit.judging import ranges
from iapt_audit.judging.certificate import Claimed, certificate
from iapt_audit.model.bounds import Bounds, Printed
from iapt_audit.model.columns import CELLS, SCALE, VERDICT, Statistic, Status, Verdict
from iapt_audit.model.findings import Code
from iapt_audit.model.text import decimal_text
from iapt_audit.solver import two_variables

if TYPE_CHECKING:
    from iapt_audit.arrays import Ints, Truths
    from iapt_audit.constraints.context import Context
    from iapt_audit.model.findings import Finding


#: So many cells are shown of a note on many.
_MOST_SHOWN = 3

REASON = pl.Enum(list(constrain.REASONS))
_BOUNDS = ("numerator_low", "numerator_high", "denominator_low", "denominator_high")

#: One printed percentage a row: `cell` is its position in the tidy frame; the bounds are what the printed counts allow,
#: each by itself; `reason` says why a percentage is not checkable.
JUDGED = pl.Schema(
    {
        "rate": pl.Categorical(),
        "file": pl.UInt16(),
        "level": CELLS["level"],
        "org_code": pl.Categorical(),
        "breakdown": pl.Categorical(),
        "cell": pl.UInt32(),
        **dict.fromkeys(_BOUNDS, pl.Int64()),
        "verdict": VERDICT,
        "reason": REASON,
    }
)
#: The same with the range of the rate as it may be told, in ten-thousandths and rounded outward; null where it is not
#: checkable.
RATES = pl.Schema({**JUDGED, "low": pl.Int64(), "high": pl.Int64()})


@dataclass(frozen=True, slots=True)
class JudgedRates:
    """The rows of `JUDGED`, what was found, the groups of each rate, their kinds, and the range of each kind."""

    rates: pl.DataFrame
    findings: list[Finding]
    found: list[constrain.Candidates]
    kinds: list[constrain.Kinds]
    ranges: list[ranges.Ranges]

    def told(self, context: Context, entangled: Truths) -> pl.DataFrame:
        """Return the rows of `RATES`; `entangled` marks the cells that hang together with a suppressed one."""
        lows, highs = [], []
        for found, kinds, of_kinds in zip(self.found, self.kinds, self.ranges, strict=True):
            low, high = ranges.of_judged(found, of_kinds, kinds.kind, context, entangled)
            lows.append(low)
            highs.append(high)
        rest = np.full(len(self.rates) - sum(map(len, lows)), -1, dtype=np.int64)
        return self.rates.with_columns(
            pl.Series(name, np.concatenate([*sides, rest])).replace(-1, None)
            for name, sides in (("low", lows), ("high", highs))
        ).cast(RATES)


def judge_rates(context: Context) -> JudgedRates:
    """Judge every printed percentage; those that no rate takes up are counted with the reason."""
    frames: list[pl.DataFrame] = []
    findings: list[Finding] = []
    judged: list[constrain.Candidates] = []
    kinds: list[constrain.Kinds] = []
    of_kinds: list[ranges.Ranges] = []
    for rate in context.definitions.rates.values():
        found = context.candidates(rate, printed_only=True)
        if not len(found.group):  # a small file prints a few rates out of many
            continue
        checkable = np.flatnonzero(found.reason < 0)
        of_rate = constrain.kinds(found, context.arrays)
        range_of_kinds = ranges.of_kinds(of_rate, rate)
        fits: Truths = range_of_kinds.possible[of_rate.kind]
        frames.append(_frame(found, checkable, fits, context))
        findings += [_contradiction(found, int(at), context) for at in checkable[~fits]]
        findings += _untried(found, context)
        judged.append(found)
        kinds.append(of_rate)
        of_kinds.append(range_of_kinds)
    frames.append(_without_rate(frames, context.cells))
    return JudgedRates(pl.concat(frames), findings, judged, kinds, of_kinds)


def possible(found: constrain.Candidates, arrays: constrain.CellArrays) -> Truths:
    """Say of each checkable group of a rate whether some true counts print its figure."""
    kinds = constrain.kinds(found, arrays)
    fits = np.ones(kinds.count, dtype=bool)
    for given in kinds.systems:
        fits[given.group] = two_variables.possible(given)
    answer: Truths = fits[kinds.kind]
    return answer


def ties(judged: JudgedRates, context: Context) -> list[Ints]:
    """
    Return the cells of every group through which the bounds of one count narrow those of another [G, V].

    These are the groups with a printed figure, and those without one in which the counts leave room for a numerator
    greater than its denominator, so that the order of the two says something.
    """
    arrays = context.arrays
    tied = [found.terms[found.reason < 0] for found in judged.found]
    for rate in context.definitions.rates.values():
        if rate.numerator is None or rate.denominator is None or rate.statistic is not Statistic.PERCENTAGE:
            continue
        found = context.candidates(rate, printed_only=False)
        terms = found.terms
        known = (arrays.low[terms] >= 0).all(axis=1)
        _, numerator_high = constrain.span(rate.numerator, found.numerator, arrays)
        denominator_low, _ = constrain.span(rate.denominator, found.denominator, arrays)
        tied.append(terms[known & (numerator_high > denominator_low)])
    return tied


def groups_of_rates(context: Context) -> list[Ints]:
    """
    Return the cells of every rate of every group whose counts are there, with its percentage where one is [G, V].

    These are more than `ties`: a rate of which nothing narrows anything in one version may do so in another.
    """
    groups = []
    for rate in context.definitions.rates.values():
        if rate.numerator is None or rate.denominator is None:
            continue
        found = context.candidates(rate, printed_only=False)
        there = (found.terms >= 0).all(axis=1)
        shown = there & (found.percentage >= 0)
        groups.append(np.column_stack([found.terms[shown], found.percentage[shown]]))
        groups.append(found.terms[there & ~shown])
    return groups


def _frame(found: constrain.Candidates, checkable: Ints, fits: Truths, context: Context) -> pl.DataFrame:
    verdict = np.full(len(found.group), list(Verdict).index(Verdict.NOT_CHECKABLE), dtype=np.uint32)
    consistent, contradicted = (list(Verdict).index(each) for each in (Verdict.CONSISTENT, Verdict.CONTRADICTED))
    verdict[checkable] = np.where(fits, consistent, contradicted)
    box, usable = context.box(found), found.reason < 0
    names = pl.Series(list(constrain.REASONS), dtype=REASON)
    frame = context.located.groups[found.group].with_columns(
        rate=pl.lit(found.rate.id).cast(pl.Categorical),
        cell=pl.Series(found.percentage).cast(pl.UInt32),
        verdict=pl.Series(list(Verdict), dtype=VERDICT).gather(pl.Series(verdict)),
        reason=names.gather(pl.Series(np.maximum(found.reason, 0))),
        is_usable=pl.Series(usable),
        **{name: pl.Series(getattr(box, name)) for name in _BOUNDS},
    )
    return (
        frame.with_columns(
            pl.when(~pl.col("is_usable")).then("reason"), *(pl.when("is_usable").then(name) for name in _BOUNDS)
        )
        .select(JUDGED.names())
        .cast(JUDGED)
    )


def _without_rate(frames: list[pl.DataFrame], cells: pl.DataFrame) -> pl.DataFrame:
    """Return the printed percentages that no rate took up: those that stand twice, and those with no tested formula."""
    taken = np.zeros(len(cells), dtype=bool)
    for frame in frames:
        taken[frame["cell"].to_numpy()] = True
    shown = (cells["statistic"] == Statistic.PERCENTAGE) & cells["status"].is_in([Status.PUBLISHED, Status.SUPPRESSED])
    rest = np.flatnonzero(shown.fill_null(value=False).to_numpy() & ~taken)
    return (
        cells[rest]
        .with_columns(
            cell=pl.Series(rest),
            verdict=pl.lit(Verdict.NOT_CHECKABLE.value),
            reason=pl.when("repeated")
            .then(pl.lit("key_twice"))
            .when(pl.col("status") == Status.SUPPRESSED)
            .then(pl.lit("suppressed"))
            .otherwise(pl.lit("no_rule")),
            **dict.fromkeys(("rate", *_BOUNDS)),
        )
        .select(JUDGED.names())
        .cast(JUDGED)
    )


def _contradiction(found: constrain.Candidates, at: int, context: Context) -> Finding:
    """Word the finding that no counts give a percentage; of a group with a suppressed cell no value is told."""
    rate = found.rate
    numbers = [int(cell) for cell in (found.percentage[at], *found.numerator[at], *found.denominator[at])]
    one = context.finding(Code.RATE_CONTRADICTED, "", numbers)
    box = context.box(found)
    numerator = Bounds(int(box.numerator_low[at]), int(box.numerator_high[at]))
    denominator = Bounds(int(box.denominator_low[at]), int(box.denominator_high[at]))
    printed = Printed(one.printed or "", str(Decimal(int(box.half_width[at])) / SCALE))
    names = ", ".join(cell.measure for cell in one.cells[1:])
    suppressed = {
        cell.measure for cell, number in zip(one.cells, numbers, strict=True) if context.arrays.suppressed[number]
    }
    sign = "%" if rate.statistic is Statistic.PERCENTAGE else ""
    message = (
        f"{rate.title} is printed as {printed.text}{sign}, which cannot follow from the counts printed for {names}"
    )
    if suppressed:
        told = (
            f"The counts printed for {names}, with {', '.join(sorted(suppressed))} suppressed, "
            f"leave no whole numbers whose {rate.statistic} prints as {printed.text}."
        )
        return replace(one, rule=rate.id, message=message, certificate=told)
    least, greatest, per = max(denominator.low, 1), max(denominator.high, 1), constrain.per_unit(rate)
    return replace(
        one,
        rule=rate.id,
        message=message,
        low=decimal_text(per * numerator.low // greatest),
        high=decimal_text(-(-per * numerator.high // least)),
        certificate=certificate(Claimed(printed, numerator, denominator, rate.of_whom, per // SCALE)),
    )


def _untried(found: constrain.Candidates, context: Context) -> list[Finding]:
    """Note once a file how many percentages do not follow by a formula that was tried on none of its kind."""
    places = np.flatnonzero(found.reason == list(constrain.REASONS).index("untried"))
    if not len(places):
        return []
    asked = constrain.some(replace(found, reason=np.full(len(found.group), -1)), places)
    missed = ~possible(asked, context.arrays)
    file = context.located.groups["file"].to_numpy()[asked.group]
    findings = []
    for number in np.unique(file[missed]):
        here = missed & (file == number)
        one = context.finding(Code.FORMULA_MISSED, "", asked.percentage[here][:_MOST_SHOWN].tolist())
        message = (
            f"{found.rate.title}: {here.sum():,} of {(file == number).sum():,} percentages do not follow from their "
            f"counts by {found.rate.numerator} / ({found.rate.denominator}); the formula has not been tested on "
            "published "
            f"figures in this kind of file, so this does not prove any figure wrong"
        )
        places = asked.percentage[here]
        one = replace(one, level=None, org_code=None, org_name=None, breakdown=None, printed=None)
        one = replace(one, count=len(places), at=places)
        findings.append(replace(one, message=message, rule=found.rate.id))
    return findings
