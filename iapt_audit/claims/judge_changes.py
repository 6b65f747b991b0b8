"""Judge a change: up or down by so many points, per cent, or referrals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import product
from math import floor
from typing import TYPE_CHECKING

from iapt_audit.claims.causes import Cause
from iapt_audit.claims.fit import Fit, fit, inside
from iapt_audit.claims.judge_own_page import OwnChange, own_change
from iapt_audit.claims.measures import ClaimedMeasure, subject_of
from iapt_audit.claims.readings import ClaimReading, Span
from iapt_audit.claims.sentences import change_text, relation_text, share_sentence, supported
from iapt_audit.claims.slips import of_rounding, readings_of
from iapt_audit.claims.verdicts import JudgedClaim, ReadingUsed, not_checkable
from iapt_audit.claims.wording import arithmetic, decimal, where
from iapt_audit.definitions.quoted_figures import QuotedFigure, Unit
from iapt_audit.definitions.vocabulary import Relation
from iapt_audit.model.columns import Verdict
from iapt_audit.model.periods import moved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
    from iapt_audit.definitions import Claim, Wording

_HUNDRED = 100
#: How many decimals a share and a change have at least, and at most.
_DIGITS, _MOST_DIGITS = 2, 6
_OTHER_RUN = "By another run, such as months added up or a quotation,"
_DOUBT = "A change worked out from rounded or earlier figures can be off by one in its last digit."


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
    def relation(self) -> Relation:
        """Return how the figure is told."""
        return self.book.definitions.lexicon.relation_of(self.claim.hedge)

    @property
    def steps(self) -> tuple[ReadingUsed, ...]:
        """Return the readings of both periods."""
        return (ReadingUsed(self.now, Fit.YES), ReadingUsed(self.then, Fit.YES))

    def spans(self, unit: str) -> list[Span]:
        """Return what the change can be in a unit: from what is known of both, and between the rounded figures."""
        spans = [_difference(self.now.span, self.then.span, unit)]
        spans += [_difference(*both, unit) for both in self.rounded(unit)]
        return spans

    def rounded(self, unit: str) -> list[tuple[Span, Span]]:
        """
        Return both figures as printed, and of shares also as rounded to what the change is told in.

        Whoever has 49% and 51% says "up 2", whatever lies between the two before they are rounded.
        """
        found = []
        ways = [_printed_value]
        if self.subject.is_share and unit == "points":
            ways.append(partial(_rounded_value, decimals=self.told.decimals))
        for way in ways:
            one, other = way(self.now), way(self.then)
            if one is not None and other is not None:
                found.append((Span(one, one), Span(other, other)))
        return found

    def signed(self, unit: str) -> list[Span]:
        """Return what the change can be, counted in the direction that is told."""
        return [span if self.sign > 0 else Span(-span.high, -span.low) for span in self.spans(unit)]

    def text(self) -> str:
        """Write both figures and the change between them, so that they agree as written."""
        definitions, digits = self.book.definitions, self.digits()
        first, *rest = self.spans(self.unit)
        # the figures rounded further are told only where they are what the change was told of
        rest = [span for at, span in enumerate(rest) if not at or abs(span.low) == self.told.value]
        told = list(dict.fromkeys(change_text(span.low, span.high, self.unit, digits) for span in (first, *rest)))
        text = (
            f"{where(self.place)}: "
            f"{arithmetic(self.now, self.subject, None, definitions, self.place.period, digits)}; "
            f"{self.before.period}: "
            f"{arithmetic(self.then, self.subject, None, definitions, self.before.period, digits)}. That is {told[0]}"
        )
        return f"{text}, or {' or '.join(told[1:])} between the rounded figures." if told[1:] else f"{text}."

    def digits(self) -> int:
        """Return the decimals with which two exact shares, as written, are apart by the change as written."""
        now, then = self.now.exact, self.then.exact
        if self.unit != "points" or now is None or then is None:
            return _DIGITS
        digits: int
        for digits in (_DIGITS, 1, *range(_DIGITS + 1, _MOST_DIGITS)):
            first, second, between = (
                Fraction(decimal(each, digits).replace(",", "")) for each in (now, then, now - then)
            )
            if first - second == between:
                return digits
        return _MOST_DIGITS

    def true_sentence(self) -> str:
        """Write what the figures support of those that the claim is of, with the change."""
        if self.now.slack != 1 or self.then.slack != 1:
            return ""
        span = self.spans(self.unit)[0]
        change = f"{change_text(span.low, span.high, self.unit)} on {self.before.period}"
        if self.subject.is_share and self.subject.did:
            return f"{share_sentence(self.subject, self.now, self.place, self.book)}, {change}."
        told = supported(self.subject, self.now, self.place, self.book)
        return f"{told.removesuffix('.')}, {change}." if told else ""


def judge_change(
    claim: Claim, told: QuotedFigure, place: FigurePlace, comparison: Wording, book: KnownFigures
) -> JudgedClaim:
    """Hold a change against the change between two periods, worked out exactly and from the rounded figures."""
    definitions = book.definitions
    before = place.at(claim.since or moved(claim.period, -1))
    share = Unit.PERCENTAGE if claim.measure in definitions.rates or claim.population else None
    subject = subject_of(claim.measure, share, definitions)
    now, then = (readings_of(subject, claim.population, book, each) for each in (place, before))
    if not now or not then:
        missing = place.period if not now else before.period
        text = f"{where(place)}: there are no figures here for {subject.title.lower()} in {missing}."
        return not_checkable(claim, Cause.NOT_IN_FIGURES, text)
    unit = comparison.unit
    if subject.unit is Unit.NUMBER and unit == "points":
        unit = "number"
        told = replace(told, unit=Unit.NUMBER)
    elif told.unit is Unit.NUMBER:
        told = replace(told, half_width=Fraction(1, 2 * 10**told.decimals), unit=Unit.PERCENTAGE)
    change = _Change(claim, told, subject, place, before, now[0], then[0], comparison.sign, unit, book)
    found = _verdict(change)
    if found.verdict is Verdict.CONTRADICTED:
        found = _by_other_runs(change, found, now[1:], then[1:])
    agrees = {Verdict.CONSISTENT: Fit.YES, Verdict.CONTRADICTED: Fit.NO, Verdict.NOT_CHECKABLE: Fit.MAYBE}[
        found.verdict
    ]
    steps = tuple(ReadingUsed(step.reading, agrees) for step in found.steps)
    found = replace(found, steps=steps, true_sentence=change.true_sentence())
    if found.verdict is Verdict.CONSISTENT or not subject.is_share or claim.population in {"", subject.official}:
        return found
    official = judge_change(replace(claim, population=subject.official), told, place, comparison, book)
    if official.verdict is not Verdict.CONSISTENT:
        return found
    return replace(
        found,
        cause=Cause.WRONG_POPULATION if found.verdict is Verdict.CONTRADICTED else found.cause,
        slip=None,
        message=f"{found.message} For the official population it fits: {official.message}",
        true_of=subject.official,
        true_sentence=official.true_sentence,
    )


def _by_other_runs(
    change: _Change, found: JudgedClaim, now: Sequence[ClaimReading], then: Sequence[ClaimReading]
) -> JudgedClaim:
    """Leave a change open that two other runs of the periods give, such as their months added up."""
    lexicon = change.book.definitions.lexicon
    for pair in product(now, then):
        other = replace(change, now=pair[0], then=pair[1])
        if any(fit(change.relation, change.told, span, lexicon) is Fit.YES for span in other.signed(change.unit)):
            message = f"{found.message} {_OTHER_RUN} it fits: {other.text()} The claim does not say which it means."
            return not_checkable(change.claim, Cause.OTHER_RUN, message, found.steps)
    return found


def _verdict(change: _Change) -> JudgedClaim:
    claim, told, text, steps = change.claim, change.told, change.text(), change.steps
    signed = change.signed(change.unit)
    lexicon = change.book.definitions.lexicon
    fits = [fit(change.relation, told, span, lexicon) for span in signed]
    if Fit.YES in fits:
        return _fits(change, signed)
    own = own_change(claim, change.unit, change.book)
    if own is not None:
        return _by_own_page(change, own if change.sign > 0 else own.turned())
    if Fit.MAYBE in fits:
        return not_checkable(claim, Cause.ROUNDING, f"{text} {_DOUBT}", steps)
    slip = _other_unit(change)
    if slip:
        return JudgedClaim(claim, Verdict.CONTRADICTED, Cause.WRONG_FIGURE, f"{text} {slip[1]}", steps, slip=slip[0])
    return _misses(change, signed)


def _misses(change: _Change, signed: list[Span]) -> JudgedClaim:
    claim, told, text, steps = change.claim, change.told, change.text(), change.steps
    if change.now.slack != 1 or change.then.slack != 1:
        return not_checkable(claim, Cause.OTHER_RUN, f"{text} One of the figures is not the publisher's own.", steps)
    step = 2 * told.half_width if told.decimals else Fraction(0)
    near = Span(told.low - step, told.high + step)
    if not claim.hedge and any(inside(span, near) is not Fit.NO for span in signed):
        return not_checkable(claim, Cause.ROUNDING, f"{text} {_DOUBT}", steps)
    return JudgedClaim(claim, Verdict.CONTRADICTED, Cause.WRONG_FIGURE, f"{text} {_does_not_fit(change)}", steps)


def _does_not_fit(change: _Change) -> str:
    direction = "Up" if change.sign > 0 else "Down"
    return f"{direction} {relation_text(change.relation, change.claim.figure)} does not fit."


def _by_own_page(change: _Change, own: OwnChange) -> JudgedClaim:
    """
    Judge a change that the published figures do not give on the two figures that its own page gives.

    If these are counts that are not rounded, the change is worked out from them and from nothing else; if they are
    rounded, figures that print so may give it.
    """
    claim, told, steps = change.claim, change.told, change.steps
    span = own.span
    found = fit(change.relation, told, span, change.book.definitions.lexicon)
    text = f"{change.text()} The claim's own page gives {own.now} and {own.before}: {_told(span, change)}."
    if found is Fit.YES and span.exact:
        return not_checkable(claim, Cause.OTHER_RUN, f"{text} That fits; the published figures differ.", steps)
    if found is not Fit.NO:
        return not_checkable(
            claim, Cause.ROUNDING, f"{text} These are rounded, and a slightly different base would give it.", steps
        )
    slip = _other_unit(change)
    if slip is None and span.exact and change.relation is Relation.EQUAL and not told.vague:
        explained = next(of_rounding(told, [span.low]), None)
        slip = (explained.name, explained.sentence) if explained is not None else None
    message = f"{text} {_does_not_fit(change)}" + (f" {slip[1]}" if slip else "")
    return JudgedClaim(claim, Verdict.CONTRADICTED, Cause.WRONG_FIGURE, message, steps, slip=slip[0] if slip else None)


def _told(span: Span, change: _Change) -> str:
    return change_text(*((span.low, span.high) if change.sign > 0 else (-span.high, -span.low)), change.unit)


def _fits(change: _Change, signed: list[Span]) -> JudgedClaim:
    claim, subject, text = change.claim, change.subject, change.text()
    if claim.hedge or change.told.vague:
        cause = Cause.HEDGED
    elif subject.is_share and not claim.population and len(subject.populations) > 1:
        cause = Cause.POPULATION_UNSAID
        text += f" The claim does not say of whom; this is for {subject.of_whom}."
    else:
        cause = Cause.EXACT if signed[0].exact and signed[0].low == change.told.value else Cause.ROUNDED
    true_of = claim.population or subject.official or None
    return JudgedClaim(claim, Verdict.CONSISTENT, cause, text, change.steps, true_of=true_of)


def _printed_value(reading: ClaimReading) -> Fraction | None:
    """Return a share as it is printed, or as it would be with one decimal if it is known so nearly."""
    if reading.printed and reading.by_print:
        return Fraction(reading.printed.replace(",", ""))
    if reading.by_counts is None or reading.denominator is None:
        return None
    return _rounded_value(reading, 1)


def _rounded_value(reading: ClaimReading, decimals: int) -> Fraction | None:
    """Return a share rounded to some decimals, if it is known so nearly."""
    scale = 10**decimals
    low, high = (floor(each * scale + Fraction(1, 2)) for each in (reading.span.low, reading.span.high))
    return Fraction(low, scale) if low == high else None


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
        ("points", "points_for_percent", "In percentage points, not per cent,")
        if change.unit == "percent"
        else ("percent", "percent_for_points", "In per cent, not percentage points,")
    )
    told = Span(change.told.low, change.told.high)
    span = next((each for each in change.signed(other) if inside(each, told) is Fit.YES), None)
    if span is None:
        return None
    ends = (span.low, span.high) if change.sign > 0 else (-span.high, -span.low)
    equals = span.exact and span.low == change.told.value
    rounds = "" if equals else f", which rounds to {decimal(change.told.value, change.told.decimals)}"
    return name, f"{words} it is {change_text(*ends, other)}{rounds}."
