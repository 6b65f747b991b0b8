"""
Try the slips that often turn one figure into another.

A slip that fits explains a figure; it says nothing of how it came about.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from iapt_audit.claims.fit import Fit, answer
from iapt_audit.claims.measures import subject_of
from iapt_audit.claims.readings import read_number, read_share
from iapt_audit.claims.wording import decimal, of_whom
from iapt_audit.definitions.quoted_figures import Unit
from iapt_audit.definitions.vocabulary import Relation
from iapt_audit.model.periods import first_month, is_year

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
    from iapt_audit.claims.measures import ClaimedMeasure
    from iapt_audit.claims.readings import ClaimReading
    from iapt_audit.definitions import Standard
    from iapt_audit.definitions.quoted_figures import QuotedFigure

_HUNDRED = 100
_THOUSAND = 1000
#: A figure of fewer digits fits too much by chance to look for it elsewhere.
_DIGITS_TO_LOOK_ELSEWHERE = 3
#: A share is looked for only among the few measures of the same referrals.
_DIGITS_OF_A_SHARE = 2
_DIGITS_TO_CHANGE_ONE = 6


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip by its name, and the sentence that tells it."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """A figure, what it is told of, the population that is named (empty for the official one), the place, the book."""

    told: QuotedFigure
    subject: ClaimedMeasure
    population: str
    place: FigurePlace
    book: KnownFigures


def slips(asked: FigureQuery, readings: Sequence[ClaimReading]) -> Iterator[Slip]:
    """Return every slip that turns what is published into the figure, the likeliest first."""
    values = [reading.exact for reading in readings if reading.exact is not None]
    yield from of_rounding(asked.told, values)
    yield from _of_measure(asked)
    yield from _of_digits(asked.told, readings, asked.book)
    yield from _of_the_rest(asked)
    yield from _of_period(asked)
    yield from _of_target(asked)
    yield from _of_product(asked)


def of_rounding(told: QuotedFigure, values: Sequence[Fraction]) -> Iterator[Slip]:
    """Return the ways of rounding wrongly that turn one of some values into the figure."""
    step = 2 * told.half_width
    for value in values:
        finer = step / 10
        twice = _round(_round(value, finer), step)
        if twice == told.value != _round(value, step):
            first = decimal(_round(value, finer), told.decimals + 1)
            yield Slip("rounded_twice", f"Rounding twice, first to {first}, gives {told.text}.")
        if floor(value / step) * step == told.value != _round(value, step):
            yield Slip("cut_off", f"Cut off instead of rounded, it gives {told.text}.")


def _round(value: Fraction, step: Fraction) -> Fraction:
    return floor(value / step + Fraction(1, 2)) * step


def _of_digits(told: QuotedFigure, readings: Sequence[ClaimReading], book: KnownFigures) -> Iterator[Slip]:
    for other, swapped in swaps(told):
        if answer(Relation.EQUAL, swapped, readings, book.definitions.lexicon).fit is Fit.YES:
            yield Slip("digits_swapped", f"With two neighbouring digits swapped, {other}, it would fit.")
    for other, changed in one_digit(told):
        if answer(Relation.EQUAL, changed, readings, book.definitions.lexicon).fit is Fit.YES:
            yield Slip("one_digit", f"With one digit changed, {other}, it would fit.")
    for factor, name in ((Fraction(10), "ten times"), (Fraction(1, 10), "a tenth of")):
        moved = replace(told, value=told.value * factor, half_width=told.half_width * factor)
        if told.value and answer(Relation.EQUAL, moved, readings, book.definitions.lexicon).fit is Fit.YES:
            yield Slip("point_moved", f"The published figure is {name} it.")
    rest = told.at(_HUNDRED - told.value)
    if told.unit is Unit.PERCENTAGE and answer(Relation.EQUAL, rest, readings, book.definitions.lexicon).fit is Fit.YES:
        yield Slip("the_rest", f"It is the share of everyone else: {decimal(rest.value)}% and {told.text} make 100%.")


def _of_the_rest(asked: FigureQuery) -> Iterator[Slip]:
    """Look for the share of everyone else among all populations that the share can be told of."""
    told, subject, definitions = asked.told, asked.subject, asked.book.definitions
    if told.unit is not Unit.PERCENTAGE or not subject.is_share or digits(told) < _DIGITS_TO_LOOK_ELSEWHERE:
        return
    rest = told.at(_HUNDRED - told.value)
    for population in subject.populations:
        readings = read_share(subject, population, asked.book, asked.place)
        if answer(Relation.EQUAL, rest, readings, definitions.lexicon).fit is Fit.YES:
            people = of_whom(subject, population, definitions, asked.place.period)
            yield Slip("the_rest", f"It is the share of the rest of {people}: {decimal(rest.value)}% did.")


def one_digit(told: QuotedFigure) -> Iterator[tuple[str, QuotedFigure]]:
    """Return the numbers of at least six digits with one digit changed; in shorter ones this fits too much."""
    if told.unit is not Unit.NUMBER or digits(told) < _DIGITS_TO_CHANGE_ONE:
        return
    for at, digit in enumerate(told.text):
        if not digit.isdecimal():
            continue
        for other in "0123456789":
            text = told.text[:at] + other + told.text[at + 1 :]
            plain = text.replace(",", "")
            if other != digit and plain.isdecimal():
                yield text, told.at(Fraction(int(plain)))


def swaps(told: QuotedFigure) -> Iterator[tuple[str, QuotedFigure]]:
    """Return the figures with two neighbouring digits swapped, with how they are written."""
    places = [at for at, each in enumerate(told.text) if each.isdecimal()]
    digits = [told.text[at] for at in places]
    scale = 10**told.decimals
    plain = "".join(digits)
    if told.value == 0 or Fraction(int(plain), scale) == 0:
        return
    times = told.value / Fraction(int(plain), scale)
    for at in range(len(digits) - 1):
        if digits[at] == digits[at + 1]:
            continue
        swapped = [*digits[:at], digits[at + 1], digits[at], *digits[at + 2 :]]
        if swapped[0] == "0":
            continue
        text = list(told.text)
        for position, digit in zip(places, swapped, strict=True):
            text[position] = digit
        yield "".join(text), told.at(times * Fraction(int("".join(swapped)), scale))


def _of_period(asked: FigureQuery) -> Iterator[Slip]:
    told, place, book = asked.told, asked.place, asked.book
    if digits(told) < _DIGITS_TO_LOOK_ELSEWHERE:
        return
    periods = [each for each in book.periods(years=is_year(place.period)) if each != place.period]
    for period in sorted(periods, key=lambda each: _distance(each, place.period)):
        readings = readings_of(asked.subject, asked.population, book, place.at(period))
        if answer(Relation.EQUAL, told, readings, book.definitions.lexicon).fit is Fit.YES:
            yield Slip("another_period", f"It is the figure of {period}.")
            return


def _distance(one: str, other: str) -> int:
    (year, month), (of_year, of_month) = (first_month(each).split("-") for each in (one, other))
    return abs(12 * (int(year) - int(of_year)) + int(month) - int(of_month))


def _of_measure(asked: FigureQuery) -> Iterator[Slip]:
    """Look among the measures of the same referrals, or of a number among all counts."""
    told, subject, place, book = asked.told, asked.subject, asked.place, asked.book
    definitions = book.definitions
    if digits(told) < (_DIGITS_OF_A_SHARE if subject.is_share else _DIGITS_TO_LOOK_ELSEWHERE):
        return
    if subject.is_share:
        for rate in definitions.rates.values():
            other = subject_of(rate.id, Unit.PERCENTAGE, definitions)
            if rate.id == subject.measure or str(other.denominator) != str(subject.denominator) or not other.is_share:
                continue
            if (
                answer(Relation.EQUAL, told, read_share(other, other.official, book, place), definitions.lexicon).fit
                is Fit.YES
            ):
                people = of_whom(other, other.official, definitions, place.period)
                yield Slip(
                    "another_measure", f"It is the published figure of another measure: {rate.title} ({people})."
                )
    elif subject.count is not None:
        for concept in definitions.concepts.values():
            if concept.id == str(subject.count):
                continue
            other = subject_of(concept.id, Unit.NUMBER, definitions)
            if answer(Relation.EQUAL, told, read_number(other, book, place), definitions.lexicon).fit is Fit.YES:
                yield Slip("another_measure", f"It is the published number of {concept.title}.")


def _of_target(asked: FigureQuery) -> Iterator[Slip]:
    told, subject = asked.told, asked.subject
    for standard in _in_force(asked):
        percentage = standard.rate == subject.measure and standard.percentage
        number = standard.count and standard.count == str(subject.count) and standard.number
        if (percentage and told.value == Fraction(percentage)) or (number and told.value == Fraction(number)):
            yield Slip("the_target", f"{told.text} is the standard for it, not what was achieved.")


def _in_force(asked: FigureQuery) -> Iterator[Standard]:
    month = first_month(asked.place.period)
    for standard in asked.book.definitions.standards.values():
        late = standard.in_force_to is not None and month > standard.in_force_to
        if month >= standard.in_force_from and not late:
            yield standard


def _of_product(asked: FigureQuery) -> Iterator[Slip]:
    """
    Try a number as a rate, or a standard for it, times the number of those that the rate is not of.

    Such as 281,792: 50.8%, the rate of those at caseness, of all 554,709 that finished.
    """
    told, subject, place, book = asked.told, asked.subject, asked.place, asked.book
    definitions = book.definitions
    if subject.count is None or told.unit is not Unit.NUMBER or digits(told) < _DIGITS_TO_LOOK_ELSEWHERE:
        return
    for rate in definitions.rates.values():
        if rate.numerator is None or str(rate.numerator) != str(subject.count):
            continue
        share = subject_of(rate.id, Unit.PERCENTAGE, definitions)
        if not share.is_share:
            continue
        people = of_whom(share, share.official, definitions, place.period)
        parts = [
            ("rate_of_others", _percentage(reading), f"the rate of {people}", True)
            for reading in read_share(share, share.official, book, place)[:1]
        ]
        parts += [
            ("from_the_target", Fraction(standard.percentage), "the standard for it", False)
            for standard in _in_force(asked)
            if standard.rate == rate.id and standard.percentage
        ]
        for name, percentage, what, others_only in parts:
            for population in share.populations:
                if percentage is None or (others_only and population == share.official):
                    continue
                whole = subject_of(population, Unit.NUMBER, definitions)
                for reading in read_number(whole, book, place)[:1]:
                    if reading.exact is not None and _makes(told, percentage, reading.exact):
                        of = of_whom(share, population, definitions, place.period)
                        text = f"{decimal(percentage)}%, {what}, of {decimal(reading.exact)} {of} gives it."
                        yield Slip(name, text[0].upper() + text[1:])


def _percentage(reading: ClaimReading) -> Fraction | None:
    """Return a rate as it is printed, or as it is if nothing is printed."""
    return Fraction(reading.printed.replace(",", "")) if reading.printed else reading.exact


def _makes(told: QuotedFigure, percentage: Fraction, number: Fraction) -> bool:
    """Return whether a percentage of a number, or of the number rounded to thousands, is the figure as it is told."""
    wholes = (number, _round(number, Fraction(_THOUSAND)))
    return any(told.low <= percentage * whole / _HUNDRED <= told.high for whole in wholes)


def readings_of(subject: ClaimedMeasure, population: str, book: KnownFigures, place: FigurePlace) -> list[ClaimReading]:
    """Return the readings of a measure over a population, the official one if none is named."""
    if subject.is_share:
        return read_share(subject, population or subject.official, book, place)
    return read_number(subject, book, place)


def digits(told: QuotedFigure) -> int:
    """Count the digits of a figure that carry information: those before its trailing zeros."""
    plain = "".join(each for each in told.text if each.isdecimal()).lstrip("0")
    return len(plain if told.decimals else plain.rstrip("0"))
