"""Write the sentence that the figures do support, ready to paste."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from iapt_audit.claims.readings import read_share
from iapt_audit.claims.wording import decimal, of_whom, share_text, that_period, whole
from iapt_audit.model.columns import ENGLAND, TOTAL, Statistic

if TYPE_CHECKING:
    from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
    from iapt_audit.claims.measures import ClaimedMeasure
    from iapt_audit.claims.readings import ClaimReading

_RELATIONS = {
    "equal": "{figure}",
    "about": "about {figure}",
    "below": "nearly {figure}",
    "at_least": "at least {figure}",
    "more_than": "more than {figure}",
    "at_most": "at most {figure}",
    "less_than": "less than {figure}",
}


def relation_text(relation: str, figure: str) -> str:
    """
    Write a figure with how it was told.

    >>> relation_text("more_than", "half")
    'more than half'
    """
    return _RELATIONS[relation].replace("{figure}", figure)


def sentence(subject: ClaimedMeasure, place: FigurePlace, book: KnownFigures) -> str:
    """
    Tell a share over its official population, and an outcome also over all that were referred.

    Empty where the official share is not in the figures.
    """
    definitions = book.definitions
    readings = read_share(subject, subject.official, book, place)
    if not readings or not subject.did or readings[0].slack != 1:
        return ""
    limits = tuple(
        Fraction(standard.percentage)
        for standard in definitions.standards.values()
        if standard.rate == subject.measure and standard.percentage
    )
    people = of_whom(subject, subject.official, definitions, place.period)
    text = f"{_about(place)}{share_text(readings[0], limits)}% of {people} {subject.did}"
    if "referred" in subject.populations and subject.official != "referred":
        over = read_share(subject, "referred", book, place)
        if over:
            about = "about " if over[0].run == "other" else ""
            text += f": {about}{share_text(over[0])}% of those referred {that_period(place.period)}"
    return f"{text}."


def supported(subject: ClaimedMeasure, reading: ClaimReading | None, place: FigurePlace) -> str:
    """Tell a number of referrals, or a figure without counts; empty where there is none."""
    if reading is None or reading.slack != 1:
        return ""
    if reading.numerator is not None:
        return f"{_about(place)}{place.period}: {whole(reading.numerator)} {subject.title}."
    sign = "%" if subject.statistic is Statistic.PERCENTAGE else ""
    return f"{_about(place)}{place.period}: {subject.title}, {reading.printed}{sign}."


def change_text(low: Fraction, high: Fraction, unit: str) -> str:
    """
    Write a change in points or per cent.

    >>> change_text(Fraction(13, 2), Fraction(13, 2), "points")
    'up 6.5 points'
    """
    word = {"points": " points", "percent": "%", "number": ""}[unit]
    if low == high:
        return f"{'up' if low >= 0 else 'down'} {decimal(abs(low))}{word}"
    return f"{decimal(low)} to {decimal(high)}{word}"


def _about(place: FigurePlace) -> str:
    row = "" if place.breakdown == TOTAL else f"{place.breakdown.replace(' | ', ': ')}: "
    return row if place.org == ENGLAND else f"{place.org}, {row}" if row else f"{place.org}: "
