"""Word what was found of a claim: what was published and what follows from it, nothing else."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from iapt_audit.claims.causes import Sameness
from iapt_audit.model.columns import ENGLAND, SCALE, TOTAL, Statistic
from iapt_audit.model.periods import is_year
from iapt_audit.model.text import range_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iapt_audit.claims.known_figures import FigurePlace
    from iapt_audit.claims.measures import ClaimedMeasure
    from iapt_audit.claims.readings import ClaimReading, Span
    from iapt_audit.definitions import Definitions
    from iapt_audit.definitions.quoted_figures import QuotedFigure

_DIGITS = 2
_MOST_DIGITS = 6
#: What is said of every share whose counts are of two cohorts, wherever it stands.
OTHER_REFERRALS = "the two counts are of different referrals"


class Target(NamedTuple):
    """A figure that a value stands beside, how many decimals it has, and whether the value must not read like it."""

    value: Fraction
    decimals: int
    apart: bool = False


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


def percentage_text(span: Span, limits: Iterable[Decimal] = ()) -> str:
    """
    Write the range of a percentage as every output of the tool writes it, outward.

    >>> from iapt_audit.claims.readings import Span
    >>> percentage_text(Span(Fraction(13800, 284), Fraction(14200, 276)))
    '48.5 to 51.5'
    """
    return range_text(floor(span.low * SCALE), ceil(span.high * SCALE), limits)


def whole(span: Span) -> str:
    """Write what a count can be."""
    low, high = int(span.low), int(span.high)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def exact_text(value: Fraction, targets: Iterable[Target] = (), digits: int = _DIGITS) -> str:
    """
    Write an exact value with the digits that decide.

    As written it rounds to each printed or told figure only if the value itself does, and where the two must be kept
    apart it is the figure only if the value is.

    >>> printed = Target(Fraction("50.5"), 1)
    >>> exact_text(Fraction(32106100, 635185)), exact_text(Fraction(32106100, 635185), [printed])
    ('50.55', '50.546')
    """
    kept = list(targets)
    while digits < _MOST_DIGITS:
        shown = Fraction(decimal(value, digits).replace(",", ""))
        if all(
            (_rounded(shown, each.decimals) == each.value) == (_rounded(value, each.decimals) == each.value)
            and (not each.apart or (shown == each.value) == (value == each.value))
            for each in kept
        ):
            break
        digits += 1
    return decimal(value, digits)


def _rounded(value: Fraction, decimals: int) -> Fraction:
    return Fraction(floor(value * 10**decimals + Fraction(1, 2)), 10**decimals)


def targets_of(reading: ClaimReading, told: QuotedFigure | None, *, fits: bool) -> list[Target]:
    """Return the figures that a value stands beside: the printed one, and the one that was told, which fits or not."""
    found = []
    if reading.printed is not None and reading.by_print is not None:
        half = (reading.by_print.high - reading.by_print.low) / 2
        decimals = next((each for each in range(_MOST_DIGITS) if 2 * half * 10**each == 1), None)
        if decimals is not None:
            found.append(Target(Fraction(reading.printed.replace(",", "")), decimals))
    if told is not None and not told.vague and told.half_width * 2 * 10**told.decimals == 1:
        found.append(Target(told.value, told.decimals, apart=not fits))
    return found


def value_text(
    reading: ClaimReading, told: QuotedFigure | None = None, digits: int = _DIGITS, *, fits: bool = False
) -> str:
    """Write the rate of a reading: its range, or if it is exact the digits that decide."""
    if reading.exact is None:
        return percentage_text(reading.span)
    return exact_text(reading.exact, targets_of(reading, told, fits=fits), digits)


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


def arithmetic(  # noqa: PLR0913, PLR0917 - a reading, what it is of, when, and beside which figure it stands
    reading: ClaimReading,
    subject: ClaimedMeasure,
    told: QuotedFigure | None,
    definitions: Definitions,
    period: str,
    digits: int = _DIGITS,
    *,
    fits: bool = False,
) -> str:
    """
    Say what a reading rests on: the two counts and their rate, or the figure as published.

    Args:
        reading: The reading.
        subject: What it is of.
        told: The figure that it stands beside.
        definitions: The populations by name.
        period: When.
        digits: How many decimals an exact rate has at least.
        fits: Whether the figure fits, so that the rate may read like it.
    """
    sign = "%" if subject.is_share or subject.statistic is Statistic.PERCENTAGE else ""
    if not subject.is_share:
        if reading.numerator is not None:
            return f"{whole(reading.numerator)} {subject.title}"
        return f"{subject.title}: published as {reading.printed}{sign}"
    people = of_whom(subject, reading.population, definitions, period)
    verb = _verb(subject, reading, definitions)
    if reading.numerator is None or reading.denominator is None or reading.by_counts is None:
        if reading.printed is None:
            return (
                f"{percentage_text(reading.span)}% of {people} {verb}, worked out from what is published for the rest"
            )
        return f"published as {reading.printed}% of {people}"
    about = "about " if reading.run is Sameness.OTHER else ""
    text = (
        f"{whole(reading.numerator)} of {whole(reading.denominator)} {people} {verb}: "
        f"{about}{value_text(reading, told, digits, fits=fits)}%"
    )
    if reading.printed is not None:
        text += f", published as {reading.printed}%"
    return f"{text} ({OTHER_REFERRALS})" if reading.cohort is Sameness.OTHER else text


def _verb(subject: ClaimedMeasure, reading: ClaimReading, definitions: Definitions) -> str:
    """Say what those counted did; a rate that says the like elsewhere says it in its own words."""
    rate = definitions.rates.get(reading.measure)
    if rate is not None and rate.did and not subject.complement:
        return rate.did
    return subject.did or "are counted"


def share_text(reading: ClaimReading, limits: tuple[Fraction, ...] = ()) -> str:
    """Write a share for a sentence: one decimal, more where it would read like a limit it is not; else its range."""
    span = reading.span
    # a range a step wide is that of one value, as everywhere
    if span.high - span.low > Fraction(1, SCALE):
        return percentage_text(span, [Decimal(each.numerator) / Decimal(each.denominator) for each in limits])
    digits = 1
    while digits < _MOST_DIGITS:
        shown = Fraction(decimal(span.low, digits).replace(",", ""))
        if all((shown < each, shown == each) == (span.low < each, span.exact and span.low == each) for each in limits):
            break
        digits += 1
    return decimal(span.low, digits)


def another_run(reading: ClaimReading) -> str:
    """Name a run that is not the publisher's own for the whole, or not the last."""
    if reading.superseded:
        return "an earlier version of these figures, which the last one replaced"
    return "another run, such as months added up or a quotation"


def that_period(period: str) -> str:
    """
    Say "that year" or "that month".

    >>> that_period("2017-18"), that_period("2026-02")
    ('that year', 'that month')
    """
    return "that year" if is_year(period) else "that month"
