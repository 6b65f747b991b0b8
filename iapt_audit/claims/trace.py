"""Find what a figure is a figure of: the published rates, shares and counts that print so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.claims.causes import Sameness
from iapt_audit.claims.fit import Answer, Fit, answer, inside
from iapt_audit.claims.measures import NOT, subject_of
from iapt_audit.claims.readings import ClaimReading, Span, read_number, read_share
from iapt_audit.claims.slips import FigureQuery, one_digit, swaps
from iapt_audit.claims.wording import arithmetic
from iapt_audit.definitions.quoted_figures import Unit, as_share
from iapt_audit.definitions.vocabulary import Relation
from iapt_audit.model.columns import SCALE, TOTAL, Statistic, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
    from iapt_audit.claims.measures import ClaimedMeasure
    from iapt_audit.definitions.expressions import Sum
    from iapt_audit.definitions.quoted_figures import QuotedFigure

_HUNDRED = 100
#: The counts of a sum, each with its sign.
Terms = frozenset[tuple[str, int]]
#: How plainly a match is said: as a headline rate, as another published rate, as a share of the same referrals, as a
#: share across cohorts or runs, as the share of everyone else.
HEADLINE, PUBLISHED, SAME_COHORT, OTHER_COHORT, THE_OTHERS = range(5)


@dataclass(frozen=True, slots=True)
class Match:
    """Something published that a figure prints; `slip` says how, if the figure is one slip away from it."""

    measure: str
    population: str
    text: str
    reading: ClaimReading | None
    agrees: Fit
    plainness: int
    slip: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Traced:
    """The matches of a figure, how many things were tried, and how many would match by chance."""

    told: QuotedFigure
    place: FigurePlace
    matches: tuple[Match, ...]
    tried: int
    by_chance: Fraction


def trace(told: QuotedFigure, place: FigurePlace, book: KnownFigures) -> Traced:
    """
    Find what a figure is a figure of at a place.

    A percentage is sought among the published rates and the shares that the definitions name; a number among the counts
    and means, those one slip away included. Never among suppressed ones.
    """
    found: list[tuple[Match | None, Fraction]] = []
    if told.unit is Unit.PERCENTAGE or told.value <= _HUNDRED:
        # a bare number may be a percentage without its sign
        half_width = told.half_width if told.unit is Unit.PERCENTAGE else Fraction(1, 2 * 10**told.decimals)
        found += _shares(replace(told, unit=Unit.PERCENTAGE, half_width=half_width), place, book)
    share = as_share(told)
    if share is not None:
        # and one of at most 1 a share of one
        found += _shares(share, place, book)
    if told.unit is Unit.NUMBER:
        found += _numbers(told, place, book)
    matches = sorted(
        (match for match, _ in found if match is not None),
        key=lambda each: (each.slip is not None, each.agrees != Fit.YES, each.plainness, each.measure, each.population),
    )
    return Traced(told, place, tuple(matches), len(found), sum((chance for _, chance in found), Fraction(0)))


def _shares(told: QuotedFigure, place: FigurePlace, book: KnownFigures) -> Iterator[tuple[Match | None, Fraction]]:
    """Return each share that was tried: its match if it is one, and the chance that any share so rounded would be."""
    seen: set[tuple[str, str]] = set()
    shares: list[tuple[str, str]] = []
    counted: set[tuple[str, Terms]] = set()
    definitions = book.definitions
    for measure in (*definitions.rates, *definitions.shares):
        subject = subject_of(measure, Unit.PERCENTAGE, definitions)
        if subject.unit is not Unit.PERCENTAGE or (subject.numerator is None and not subject.printed):
            continue
        for population in subject.populations or ("",):
            key = (str(subject.numerator or subject.printed), population)
            if key in seen:
                continue
            seen.add(key)
            readings = (
                read_share(subject, population, book, place) if subject.is_share else read_number(subject, book, place)
            )
            readings = [shown for each in readings if (shown := _unsuppressed(each)) is not None]
            if readings:
                yield _match(FigureQuery(told, subject, population, place, book), readings)
                if subject.numerator is not None:
                    counted.add((population, _terms(subject.numerator)))
                    shares.append((f"{NOT}{measure}", population))
    for measure, population in shares:
        others = subject_of(measure, Unit.PERCENTAGE, definitions)
        rest = [each for each in read_share(others, population, book, place) if not each.suppressed]
        # the others of some share are a share with a name of its own, such as those not at caseness
        if rest and (population, _left(others, population, book)) not in counted:
            yield _match(FigureQuery(told, others, population, place, book), rest)


def _terms(formula: Sum, sign: int = 1) -> Terms:
    return frozenset((term.name, sign * term.sign) for term in formula.terms)


def _left(subject: ClaimedMeasure, population: str, book: KnownFigures) -> Terms:
    """Return the terms of a population less those that are counted of it."""
    whole = book.definitions.populations[population].formula if population else subject.denominator
    if whole is None or subject.numerator is None:
        return frozenset()
    every = [*_terms(whole), *_terms(subject.numerator, -1)]
    return frozenset((name, sign) for name, sign in every if (name, -sign) not in every)


def _unsuppressed(reading: ClaimReading) -> ClaimReading | None:
    """Leave a suppressed count out: what is printed beside it stays, and a share made with it is not sought."""
    if not reading.suppressed:
        return reading
    if reading.by_print is None:
        return None
    return replace(reading, numerator=None, denominator=None, by_counts=None, together=None, suppressed=False)


def _match(asked: FigureQuery, readings: list[ClaimReading]) -> tuple[Match | None, Fraction]:
    told, subject, population = asked.told, asked.subject, asked.population
    definitions = asked.book.definitions
    found = _closest(told, readings, asked.book)
    width = max(
        2 * told.half_width,
        2 * told.value * Fraction(definitions.lexicon.fraction.inner) if told.vague else Fraction(0),
    )
    best = found.readings[0]
    chance = min((width + best.span.high - best.span.low) / _HUNDRED, Fraction(1))
    if found.fit not in {Fit.YES, Fit.MAYBE}:
        return None, chance
    rate = definitions.rates.get(subject.measure)
    official = population in {subject.official, ""}
    if subject.complement:
        plainness = THE_OTHERS
    elif Sameness.OTHER in {best.cohort, best.run}:
        plainness = OTHER_COHORT
    elif rate is not None and official and best.printed is not None:
        plainness = HEADLINE if rate.headline else PUBLISHED
    else:
        plainness = SAME_COHORT
    text = arithmetic(best, subject, None, definitions, asked.place.period)
    match = Match(subject.measure, population, text, best, found.fit, plainness, None, _from(best))
    return match, chance


def _from(reading: ClaimReading) -> str:
    return "; ".join(dict.fromkeys(reading.sources))


def _closest(told: QuotedFigure, readings: list[ClaimReading], book: KnownFigures) -> Answer:
    """Hold a figure against readings as they stand: a trace proves nothing wrong, so none is widened."""
    return answer(
        Relation.EQUAL, told, [replace(each, slack=Fraction(1)) for each in readings], book.definitions.lexicon
    )


def _numbers(told: QuotedFigure, place: FigurePlace, book: KnownFigures) -> Iterator[tuple[Match | None, Fraction]]:
    slips = {other.value: f"digits swapped: {text}" for text, other in swaps(told)}
    slips |= {other.value: f"one digit changed: {text}" for text, other in one_digit(told) if other.value not in slips}
    definitions = book.definitions
    seen: set[str] = set()
    for measure in (*definitions.concepts, *definitions.populations, *_means(book)):
        if measure in seen:
            continue
        seen.add(measure)
        subject = subject_of(measure, Unit.NUMBER if measure in definitions.concepts else None, definitions)
        readings = [each for each in read_number(subject, book, place) if not each.suppressed]
        if not readings or subject.unit is not Unit.NUMBER:
            continue
        found = _closest(told, readings, book)
        best = found.readings[0]
        slip = slips.get(best.exact) if best.exact is not None and found.fit is Fit.NO else None
        chance = _chance(told, best.span)
        if found.fit in {Fit.YES, Fit.MAYBE} or slip:
            text = arithmetic(best, subject, None, definitions, place.period)
            plainness = PUBLISHED if subject.count is None or len(subject.count.terms) == 1 else SAME_COHORT
            fit = found.fit if slip is None else Fit.YES
            yield Match(measure, "", text, best, fit, plainness, slip, _from(best)), chance
        else:
            yield None, chance
    yield from _cells(told, place, book, slips)


def _means(book: KnownFigures) -> list[str]:
    return [
        name
        for name in dict.fromkeys(each.concept for each in book.definitions.names)
        if any(
            each.concept == name and each.statistic in {Statistic.MEAN, Statistic.MEDIAN}
            for each in book.definitions.names
        )
    ]


def _chance(told: QuotedFigure, span: Span) -> Fraction:
    """Return the chance that a number of as many digits would print as the figure."""
    digits = len(str(int(span.high)))
    if digits != len(str(int(told.value))):
        return Fraction(0)
    width = max(2 * told.half_width, Fraction(1)) + (span.high - span.low)
    return min(width / Fraction(9 * 10 ** (digits - 1)), Fraction(1))


def _cells(
    told: QuotedFigure, place: FigurePlace, book: KnownFigures, slips: dict[Fraction, str]
) -> Iterator[tuple[Match | None, Fraction]]:
    """Look among every count of the files that goes by no concept: those the file prints, none that it suppresses."""
    if book.audit is None:
        return
    named = {name.measure for name in book.definitions.names}
    files = [number for number, part in enumerate(book.audit.parts) if part.period == place.period]
    cells = book.audit.cells.filter(
        pl.col("file").is_in(files)
        & (pl.col("level") == place.level)
        & (pl.col("org_code").cast(pl.String).str.to_lowercase() == place.org.casefold())
        & (pl.col("breakdown") == TOTAL)
        & (pl.col("status") == Status.PUBLISHED)
        & (pl.col("statistic") == Statistic.COUNT)
        & ~pl.col("held_back")
        & ~pl.col("repeated")
        & ~pl.col("measure").cast(pl.String).is_in(sorted(named))
    )
    for row in cells.iter_rows(named=True):
        low, high = Fraction(row["low"]), Fraction(row["high"])
        span = Span(low, high)
        found = inside(span, Span(told.low, told.high))
        # a figure that is the printed text itself, down to its last digit, is the cell
        fits = Fit.YES if Fraction(row["value"] or 0, SCALE) == told.value else found
        slip = slips.get(low) if low == high and fits is Fit.NO else None
        chance = _chance(told, span)
        if fits is not Fit.NO or slip:
            source = book.audit.inputs[book.audit.parts[row["file"]].input]
            title = book.definitions.measure_titles.get(row["measure"], row["measure"])
            text = f"{row['printed']}: {row['measure']} ({title})"
            agrees = Fit.YES if slip else fits
            place_in_file = f"{source.name}, row {row['row']}"
            yield Match(row["measure"], "", text, None, agrees, PUBLISHED, slip, place_in_file), chance
        else:
            yield None, chance
