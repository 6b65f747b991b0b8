"""Judge a change: up or down by so many points, per cent, or referrals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from iapt_audit.claims.fit import Fit, fit, inside
from iapt_audit.claims.measures import ClaimedMeasure, subject_of
from iapt_audit.claims.readings import ClaimReading, Span
from iapt_audit.claims.sentences import change_text, relation_text, sentence, supported
from iapt_audit.claims.slips import readings_of
from iapt_audit.claims.verdicts import JudgedClaim, ReadingUsed, not_checkable
from iapt_audit.claims.wording import arithmetic, decimal, where
from iapt_audit.definitions.quoted_figures import QuotedFigure, Unit
from iapt_audit.model.columns import Verdict
from iapt_audit.model.periods import is_year

if TYPE_CHECKING:
    from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
    from iapt_audit.definitions import Claim, Wording

_HUNDRED = 100
_CENTURY = 100


def year_before(period: str) -> str:
    """
    Give the period a year earlier.

    >>> year_before("2018-19"), year_before("2026-02"), year_before("2000-01")
    ('2017-18', '2025-02', '1999-00')
    """
    year, _, rest = period.partition("-")
    if is_year(period):
        return f"{int(year) - 1}-{int(year) % _CENTURY:02d}"
    return f"{int(year) - 1}-{rest}"


@dataclass(frozen=True, slots=True)
class _Change:
    """A change that was told, and what is published of both periods."""

    claim: Claim
    told: QuotedFigure
    subject: ClaimedMeasure
    place: FigurePlace
    before: FigurePlace
    now: ClaimReading
    then: ClaimReading
    sign: int
    unit: str
    book: KnownFigures

    @property
    def relation(self) -> str:
        """Give how the figure is told."""
        return {"": "equal", "nearly": "below"}.get(self.claim.hedge, self.claim.hedge)

    @property
    def steps(self) -> tuple[ReadingUsed, ...]:
        """Give the readings of both periods."""
        return (ReadingUsed(self.now, "yes"), ReadingUsed(self.then, "yes"))

    def spans(self, unit: str) -> list[Span]:
        """Give what the change can be in a unit: from what is known of both, and between the rounded figures."""
        spans = [_difference(self.now.span, self.then.span, unit)]
        one, other = _printed_value(self.now), _printed_value(self.then)
        if one is not None and other is not None:
            spans.append(_difference(Span(one, one), Span(other, other), unit))
        return spans

    def signed(self, unit: str) -> list[Span]:
        """Give what the change can be, counted in the direction that is told."""
        return [span if self.sign > 0 else Span(-span.high, -span.low) for span in self.spans(unit)]

    def text(self) -> str:
        """Write both figures and the change between them."""
        definitions = self.book.definitions
        first, *rest = (change_text(span.low, span.high, self.unit) for span in self.spans(self.unit))
        text = (
            f"{where(self.place)}: {arithmetic(self.now, self.subject, None, definitions, self.place.period)}; "
            f"{self.before.period}: {arithmetic(self.then, self.subject, None, definitions, self.before.period)}. "
            f"That is {first}"
        )
        return f"{text}, or {rest[0]} between the rounded figures." if rest and rest[0] != first else f"{text}."

    def true_sentence(self) -> str:
        """Write what the figures support, with the change."""
        subject = self.subject
        told = (
            sentence(subject, self.place, self.book) if subject.is_share else supported(subject, self.now, self.place)
        )
        span = self.spans(self.unit)[0]
        change = change_text(span.low, span.high, self.unit)
        return f"{told.removesuffix('.')}; {change} on {self.before.period}." if told else ""


def judge_change(
    claim: Claim, told: QuotedFigure, place: FigurePlace, comparison: Wording, book: KnownFigures
) -> JudgedClaim:
    """Hold a change against the change between two periods, worked out exactly and from the rounded figures."""
    definitions = book.definitions
    before = place.at(claim.since or year_before(claim.period))
    share = Unit.PERCENTAGE if claim.measure in definitions.rates or claim.population else None
    subject = subject_of(claim.measure, share, definitions)
    now, then = (readings_of(subject, claim.population, book, each) for each in (place, before))
    if not now or not then:
        missing = place.period if not now else before.period
        text = f"{where(place)}: the figures here hold no {subject.title.lower()} of {missing}."
        return not_checkable(claim, "not_in_figures", text)
    unit = comparison.unit
    if subject.unit is Unit.NUMBER and unit == "points":
        unit = "number"
        told = replace(told, unit=Unit.NUMBER)
    elif told.unit is Unit.NUMBER:
        told = replace(told, half_width=Fraction(1, 2 * 10**told.decimals), unit=Unit.PERCENTAGE)
    change = _Change(claim, told, subject, place, before, now[0], then[0], comparison.sign, unit, book)
    found = _verdict(change)
    agrees = {Verdict.CONSISTENT: Fit.YES, Verdict.CONTRADICTED: Fit.NO, Verdict.NOT_CHECKABLE: Fit.MAYBE}[
        found.verdict
    ]
    steps = tuple(ReadingUsed(step.reading, agrees.value) for step in found.steps)
    found = replace(found, steps=steps, true_sentence=change.true_sentence())
    if found.verdict is Verdict.CONSISTENT or not subject.is_share or claim.population in {"", subject.official}:
        return found
    official = judge_change(replace(claim, population=subject.official), told, place, comparison, book)
    if official.verdict is not Verdict.CONSISTENT:
        return found
    return replace(
        found,
        cause="wrong_population" if found.verdict is Verdict.CONTRADICTED else found.cause,
        slip=None,
        message=f"{found.message} Over the official population it fits: {official.message}",
        true_of=subject.official,
        true_sentence=official.true_sentence,
    )


def _verdict(change: _Change) -> JudgedClaim:
    claim, told, text, steps = change.claim, change.told, change.text(), change.steps
    signed = change.signed(change.unit)
    fits = [fit(change.relation, told, span, change.book.definitions.lexicon) for span in signed]
    if Fit.YES in fits:
        return _fits(change, signed)
    doubt = "A change worked out from rounded or earlier figures can be off by one in its last digit."
    if Fit.MAYBE in fits:
        return not_checkable(claim, "rounding", f"{text} {doubt}", steps)
    slip = _other_unit(change)
    if slip:
        return JudgedClaim(claim, Verdict.CONTRADICTED, "wrong_figure", f"{text} {slip[1]}", steps, slip=slip[0])
    if change.now.slack != 1 or change.then.slack != 1:
        return not_checkable(claim, "other_run", f"{text} One of the figures is not the publisher's own.", steps)
    step = 2 * told.half_width if told.decimals else Fraction(0)
    near = Span(told.low - step, told.high + step)
    if not claim.hedge and any(inside(span, near) is not Fit.NO for span in signed):
        return not_checkable(claim, "rounding", f"{text} {doubt}", steps)
    direction = "Up" if change.sign > 0 else "Down"
    message = f"{text} {direction} {relation_text(change.relation, claim.figure)} does not fit."
    return JudgedClaim(claim, Verdict.CONTRADICTED, "wrong_figure", message, steps)


def _fits(change: _Change, signed: list[Span]) -> JudgedClaim:
    claim, subject, text = change.claim, change.subject, change.text()
    if claim.hedge or change.told.vague:
        cause = "hedged"
    elif subject.is_share and not claim.population and len(subject.populations) > 1:
        cause = "population_unsaid"
        text += f" The claim names no population; this is told of {subject.of_whom}."
    else:
        cause = "exact" if signed[0].exact and signed[0].low == change.told.value else "rounded"
    true_of = claim.population or subject.official or None
    return JudgedClaim(claim, Verdict.CONSISTENT, cause, text, change.steps, true_of=true_of)


def _printed_value(reading: ClaimReading) -> Fraction | None:
    """Give a share as it is printed, or as it would be with one decimal if it is known so nearly."""
    if reading.printed and reading.by_print:
        return Fraction(reading.printed.replace(",", ""))
    if reading.by_counts is None or reading.denominator is None:
        return None
    low, high = (floor(each * 10 + Fraction(1, 2)) for each in (reading.span.low, reading.span.high))
    return Fraction(low, 10) if low == high else None


def _difference(now: Span, then: Span, unit: str) -> Span:
    if unit != "percent":
        return Span(now.low - then.high, now.high - then.low)
    least = max(then.low, Fraction(1, 10**6))
    most = max(then.high, least)
    return Span(_HUNDRED * (now.low / most - 1), _HUNDRED * (now.high / least - 1))


def _other_unit(change: _Change) -> tuple[str, str] | None:
    """Say that a change told in per cent is one in points, or the reverse."""
    if not change.subject.is_share:
        return None
    other, name, words = (
        ("points", "points_for_percent", "percentage points, not per cent")
        if change.unit == "percent"
        else ("percent", "percent_for_points", "per cent, not percentage points")
    )
    told = Span(change.told.low, change.told.high)
    if any(inside(span, told) is Fit.YES for span in change.signed(other)):
        return name, f"It is a change of {decimal(change.told.value)} {words}."
    return None
