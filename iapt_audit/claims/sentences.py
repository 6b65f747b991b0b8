"""Write the sentence that the figures do support, ready to paste."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from iapt_audit.claims.causes import Sameness
from iapt_audit.claims.readings import read_share
from iapt_audit.claims.wording import decimal, of_whom, percentage_text, share_text, that_period, whole
from iapt_audit.definitions.vocabulary import Relation
from iapt_audit.model.columns import ENGLAND, TOTAL, Statistic

if TYPE_CHECKING:
    from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
    from iapt_audit.claims.measures import ClaimedMeasure
    from iapt_audit.claims.readings import ClaimReading

_RELATIONS = {
    Relation.EQUAL: "{figure}",
    Relation.ABOUT: "about {figure}",
    Relation.BELOW: "nearly {figure}",
    Relation.ABOVE: "just over {figure}",
    Relation.AT_LEAST: "at least {figure}",
    Relation.MORE_THAN: "more than {figure}",
    Relation.AT_MOST: "at most {figure}",
    Relation.LESS_THAN: "less than {figure}",
}


def relation_text(relation: Relation, figure: str) -> str:
    """
    Write a figure with how it was told.

    >>> relation_text(Relation.MORE_THAN, "half")
    'more than half'
    """
    return _RELATIONS[relation].replace("{figure}", figure)


def sentence(subject: ClaimedMeasure, place: FigurePlace, book: KnownFigures, beside: tuple[Fraction, ...] = ()) -> str:
    """
    Tell a share over its official population, and an outcome also over all that were referred, with its remark.

    Args:
        subject: What the share is of; the sentence is empty where its official share is not in the figures.
        place: Where and when.
        book: The figures.
        beside: Figures beside which the share must not read like them if it is another, as the standards are.
    """
    readings = read_share(subject, subject.official, book, place)
    if not readings or not subject.did or readings[0].slack != 1:
        return ""
    text = f"{share_sentence(subject, readings[0], place, book, beside)}."
    if "referred" in subject.populations and subject.official != "referred":
        over = read_share(subject, "referred", book, place)
        if over:
            about = "about " if over[0].run is Sameness.OTHER else ""
            text += (
                f" Those that {subject.did} come to {about}{share_text(over[0])}% of the referrals received "
                f"{that_period(place.period)}, which are different referrals."
            )
    return text


def share_sentence(
    subject: ClaimedMeasure,
    reading: ClaimReading,
    place: FigurePlace,
    book: KnownFigures,
    beside: tuple[Fraction, ...] = (),
) -> str:
    """Tell a share of the referrals that a reading is of, in words without a full stop."""
    limits = beside + tuple(
        Fraction(standard.percentage)
        for standard in book.definitions.standards.values()
        if standard.rate == subject.measure and standard.percentage
    )
    people = of_whom(subject, reading.population, book.definitions, place.period)
    return f"{_about(place, book)}{share_text(reading, limits)}% of {people} {subject.did}{_as_printed(reading)}"


def _as_printed(reading: ClaimReading) -> str:
    """Say what was printed, where only a range is known of a share."""
    return "" if reading.exact is not None or reading.printed is None else f" (published as {reading.printed}%)"


def supported(subject: ClaimedMeasure, reading: ClaimReading | None, place: FigurePlace, book: KnownFigures) -> str:
    """Tell a number of referrals, or a figure without counts; empty where there is none."""
    if reading is None or reading.slack != 1:
        return ""
    if reading.numerator is not None:
        return f"{_about(place, book)}{place.period}: {whole(reading.numerator)} {subject.title}."
    if subject.statistic is Statistic.PERCENTAGE:
        told = f"{percentage_text(reading.span)}%{_as_printed(reading)}"
    else:
        told = f"published as {reading.printed}"
    return f"{_about(place, book)}{place.period}: {subject.title}, {told}."


def change_text(low: Fraction, high: Fraction, unit: str, digits: int = 2) -> str:
    """
    Write a change in points or per cent.

    >>> change_text(Fraction(13, 2), Fraction(13, 2), "points"), change_text(Fraction(-2), Fraction(-1), "percent")
    ('up 6.5 points', 'down 1 to 2%')
    """
    word = {"points": " points", "percent": "%", "number": ""}[unit]
    if low == high:
        return f"{'up' if low >= 0 else 'down'} {decimal(abs(low), digits)}{word}"
    scale = 10**digits
    least, most = Fraction(floor(low * scale), scale), Fraction(ceil(high * scale), scale)
    if least >= 0:
        return f"up {decimal(least, digits)} to {decimal(most, digits)}{word}"
    if most <= 0:
        return f"down {decimal(-most, digits)} to {decimal(-least, digits)}{word}"
    return f"{decimal(least, digits)} to {decimal(most, digits)}{word}"


def _about(place: FigurePlace, book: KnownFigures) -> str:
    row = "" if place.breakdown == TOTAL else f"{place.breakdown.replace(' | ', ': ')}: "
    if place.org == ENGLAND:
        return row
    name = book.name_of(place)
    return f"{name}, {row}" if row else f"{name}: "
