"""Word what was found of a claim: what was published and what follows from it, nothing else."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from iapt_audit.model.columns import ENGLAND, TOTAL, Statistic
from iapt_audit.model.periods import is_year

if TYPE_CHECKING:
    from iapt_audit.claims.known_figures import FigurePlace
    from iapt_audit.claims.measures import ClaimedMeasure
    from iapt_audit.claims.readings import ClaimReading, Span
    from iapt_audit.definitions import Definitions
    from iapt_audit.definitions.quoted_figures import QuotedFigure

_DIGITS = 2


def decimal(value: Fraction, digits: int = _DIGITS) -> str:
    """
    Write a value rounded half up, without trailing zeros.

    >>> decimal(Fraction(1, 3)), decimal(Fraction(50)), decimal(Fraction(-5, 2), 1)
    ('0.33', '50', '-2.5')
    """
    scale = 10**digits
    units = floor(abs(value) * scale + Fraction(1, 2))
    sign = "-" if value < 0 and units else ""
    text = f"{units // scale:,}.{units % scale:0{digits}d}" if digits else f"{units:,}"
    return sign + (text.rstrip("0").rstrip(".") if digits else text)


def outward(span: Span, digits: int = _DIGITS) -> str:
    """Write what something can be: its one value, or its ends rounded outward."""
    if span.exact:
        return decimal(span.low, digits)
    scale = 10**digits
    low, high = Fraction(floor(span.low * scale), scale), Fraction(ceil(span.high * scale), scale)
    return f"{decimal(low, digits)} to {decimal(high, digits)}"


def whole(span: Span) -> str:
    """Write what a count can be."""
    low, high = int(span.low), int(span.high)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def apart(span: Span, told: QuotedFigure) -> int:
    """Give the decimals that a value needs so that it does not read as the figure that it is not."""
    digits = _DIGITS
    most = 6
    while digits < most and span.exact and decimal(span.low, digits) == decimal(told.value, digits):
        if span.low == told.value:
            break
        digits += 1
    return digits


def where(place: FigurePlace) -> str:
    """
    Name a place: organisation, period, row of a breakdown.

    >>> from iapt_audit.claims.known_figures import FigurePlace
    >>> where(FigurePlace("2017-18"))
    'England, 2017-18'
    """
    name = ENGLAND if place.org == ENGLAND else f"{place.level} {place.org}"
    row = "" if place.breakdown == TOTAL else f", {place.breakdown.replace(' | ', ': ')}"
    return f"{name}, {place.period}{row}"


def of_whom(subject: ClaimedMeasure, population: str, definitions: Definitions, period: str) -> str:
    """Name the referrals that a share is of."""
    if population:
        return definitions.populations[population].told.replace("{period}", period)
    return subject.of_whom.replace("in the period", f"in {period}")


def arithmetic(
    reading: ClaimReading, subject: ClaimedMeasure, told: QuotedFigure | None, definitions: Definitions, period: str
) -> str:
    """Say what a reading rests on: the two counts and their rate, or the figure as published."""
    sign = "%" if subject.is_share or subject.statistic is Statistic.PERCENTAGE else ""
    if not subject.is_share:
        if reading.numerator is not None:
            return f"{whole(reading.numerator)} {subject.title}"
        return f"{subject.title}: published as {reading.printed}{sign}"
    people = of_whom(subject, reading.population, definitions, period)
    if reading.numerator is None or reading.denominator is None or reading.by_counts is None:
        return f"published as {reading.printed}% of {people}"
    digits = apart(reading.by_counts, told) if told is not None else _DIGITS
    about = "about " if reading.run == "other" else ""
    text = (
        f"{whole(reading.numerator)} of {whole(reading.denominator)} {people} {_verb(subject, reading, definitions)}: "
        f"{about}{outward(reading.by_counts, digits)}%"
    )
    if reading.printed is not None:
        text += f", published as {reading.printed}%"
    return text


def _verb(subject: ClaimedMeasure, reading: ClaimReading, definitions: Definitions) -> str:
    """Say what those counted did; a rate that says the like elsewhere says it in its own words."""
    rate = definitions.rates.get(reading.measure)
    if rate is not None and rate.did and not subject.complement:
        return rate.did
    return subject.did or "are counted"


def share_text(reading: ClaimReading, limits: tuple[Fraction, ...] = ()) -> str:
    """Write a share for a sentence: one decimal, more where that would put it across a limit, else its bounds."""
    span = reading.span
    if span.exact:
        digits = 1
        while digits < len("0.0001") and any(
            (Fraction(Decimal(decimal(span.low, digits).replace(",", ""))) < limit) != (span.low < limit)
            for limit in limits
        ):
            digits += 1
        return decimal(span.low, digits)
    if reading.printed is not None and reading.by_print == span:
        return reading.printed
    return outward(span, 1)


def that_period(period: str) -> str:
    """
    Say "that year" or "that month".

    >>> that_period("2017-18"), that_period("2026-02")
    ('that year', 'that month')
    """
    return "that year" if is_year(period) else "that month"
