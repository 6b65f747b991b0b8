"""Return whether a told figure fits what a measure can be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from iapt_audit.claims.causes import Cause, Sameness
from iapt_audit.claims.readings import Span
from iapt_audit.definitions.vocabulary import Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.claims.readings import ClaimReading
    from iapt_audit.definitions import Lexicon
    from iapt_audit.definitions.quoted_figures import QuotedFigure


class Fit(StrEnum):
    """Whether a figure fits all that a reading can be, none of it, or some."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"
    UNKNOWN = "unknown"


class How(StrEnum):
    """How a figure fits: it is the published one, a rounding of it, or told with a hedge."""

    EXACT = "exact"
    ROUNDED = "rounded"
    HEDGED = "hedged"


def fit(relation: Relation, told: QuotedFigure, span: Span, lexicon: Lexicon) -> Fit:
    """
    Return whether a figure told so fits all that a span allows, none of it, or some.

    A plain figure fits what is rounded to it, either way at a tie. One told with a hedge, or as a fraction in words,
    fits within the inner limit of its words and does not beyond the outer one; in between it cannot be determined.
    """
    value = told.value
    if relation is Relation.EQUAL and not told.vague:
        return inside(span, Span(told.low, told.high))
    if relation in {Relation.EQUAL, *lexicon.hedges}:
        inner, outer = limits(relation, told, lexicon)
        found = inside(span, inner)
        return found if found is Fit.YES else Fit.NO if inside(span, outer) is Fit.NO else Fit.MAYBE
    sure, never = {
        "at_least": (span.low >= value, span.high < value),
        "more_than": (span.low > value, span.high <= value),
        "at_most": (span.high <= value, span.low > value),
        "less_than": (span.high < value, span.low >= value),
    }[relation]
    return Fit.YES if sure else Fit.NO if never else Fit.MAYBE


def limits(relation: Relation, told: QuotedFigure, lexicon: Lexicon) -> tuple[Span, Span]:
    """
    Return the values that a hedged figure surely fits, and those beyond which it surely does not.

    On the side that `nearly` or `just over` denies, only what is rounded to the figure fits, and nothing beyond the
    inner limit.
    """
    hedges = [lexicon.hedges[relation]] if relation in lexicon.hedges else []
    hedges += [lexicon.fraction] if told.vague else []
    size = abs(told.value)
    near, far = (max(size * Fraction(getattr(each, side)) for each in hedges) for side in ("inner", "outer"))
    low, high = told.beside or (told.low, told.high)
    inner = Span(told.value - max(near, told.half_width), told.value + max(near, told.half_width))
    outer = Span(min(told.value - far, told.low, low), max(told.value + far, told.high, high))
    denied = max(near, told.half_width)
    if relation is Relation.BELOW:
        return Span(inner.low, told.high), Span(outer.low, told.value + denied)
    if relation is Relation.ABOVE:
        return Span(told.low, inner.high), Span(told.value - denied, outer.high)
    return inner, outer


def inside(span: Span, target: Span) -> Fit:
    """Return whether all, none or some of a span lies within another."""
    if target.low <= span.low and span.high <= target.high:
        return Fit.YES
    # a printed figure stays under its upper end: at a tie it was rounded up
    under = span.high < target.low or (span.below and span.high == target.low)
    return Fit.NO if under or span.low > target.high else Fit.MAYBE


@dataclass(frozen=True, slots=True)
class Answer:
    """
    Whether a figure fits what is known over one population, how, and the readings behind it.

    `lesser` is the reading of another run or source that the figure fits, where the publisher's own says otherwise.
    """

    fit: Fit
    how: How | None
    readings: tuple[ClaimReading, ...]
    why_not: Cause | None = None
    after_rounding: bool = False
    other_run: bool = False
    lesser: ClaimReading | None = None

    @property
    def agrees(self) -> Fit:
        """Return whether the figure fits as it stands, whatever the readings can prove: yes, no or maybe."""
        return Fit.NO if self.why_not in {Cause.OTHER_COHORT, Cause.OTHER_RUN} else self.fit

    @property
    def best(self) -> ClaimReading | None:
        """Return the reading that is told: the first, which is the preferred one."""
        return self.readings[0] if self.readings else None


def answer(relation: Relation, told: QuotedFigure, readings: Sequence[ClaimReading], lexicon: Lexicon) -> Answer:
    """
    Hold a figure against every reading: one that fits is enough, and only if all firmly do not is it wrong.

    A figure at least so high fits a printed one that reads so, even where the counts are short of it: that is told.
    What the publisher's own figures decide, a lesser run does not overrule: a plain figure that is a sum of months is
    told as that, and of a bound or a hedge, which is nobody's figure, it cannot be determined which run is meant.
    """
    if not readings:
        return Answer(Fit.UNKNOWN, None, ())
    # a whole percentage is a rounding wherever it is published more exactly
    published = (
        relation is Relation.EQUAL
        and bool(told.decimals)
        and any(other.slack == 1 and is_printed(told, other) for other in readings)
    )
    every = readings
    is_bound = relation is not Relation.EQUAL or told.vague
    readings = _without_coarser(readings, is_bound=is_bound)
    each = [(reading, _fit_reading(relation, told, reading, lexicon)) for reading in readings]
    # what is proven by the publisher's own figures stands, whatever a sum or a quotation leaves open
    firm = [(reading, found) for reading, found in each if reading.slack == 1]
    decided = bool(firm) and all(found is Fit.NO for _, found in firm)
    for reading, found in each:
        if found is Fit.YES and not (decided and (is_bound or reading.superseded)):
            ordered = (reading, *(other for other in readings if other is not reading))
            # it fits a sum or a quotation, and not what the publisher gives for the whole
            other_run = reading.slack != 1 and bool(firm)
            how = How.EXACT if published else _how(relation, told, reading)
            return Answer(Fit.YES, How.ROUNDED if other_run and how is How.EXACT else how, ordered, other_run=other_run)
    if relation in {Relation.AT_LEAST, Relation.AT_MOST}:
        surely_not = any(found is Fit.NO for _, found in each)
        if surely_not and any(_reads_so(relation, told, reading) for reading in every):
            return Answer(Fit.YES, How.ROUNDED, tuple(readings), after_rounding=True)
    firm = firm or [(reading, found) for reading, found in each if reading.slack is not None] or each
    if all(found is Fit.NO for _, found in firm):
        ordered = (firm[0][0], *(reading for reading in readings if reading is not firm[0][0]))
        lesser = next((reading for reading, found in each if found is Fit.YES), None)
        if lesser is not None:
            return Answer(Fit.MAYBE, None, ordered, Cause.OTHER_RUN, lesser=lesser)
        return Answer(Fit.NO, None, ordered)
    reading = next(reading for reading, found in firm if found is not Fit.NO)
    return Answer(Fit.MAYBE, None, tuple(readings), _why(relation, told, reading, lexicon))


def _without_coarser(readings: Sequence[ClaimReading], *, is_bound: bool) -> list[ClaimReading]:
    """
    Leave out a reading of which another has the one exact value inside: it is a rounding of that.

    For a bound or a hedge so is one within which narrower counts lie; a plain figure may be the coarser one itself.
    """
    finer = [
        each.span
        for each in readings
        if each.slack is not None and (each.exact is not None or (is_bound and each.by_counts is not None))
    ]
    return [reading for reading in readings if not any(_within(span, reading.span) for span in finer)] or list(readings)


def _within(span: Span, wider: Span) -> bool:
    return wider.low <= span.low and span.high <= wider.high and span.high - span.low < wider.high - wider.low


def _fit_reading(relation: Relation, told: QuotedFigure, reading: ClaimReading, lexicon: Lexicon) -> Fit:
    parts = [span for span in (reading.by_counts, reading.by_print) if span is not None]
    spans = parts if _against_itself(reading) else [reading.span, *parts]
    if relation is Relation.EQUAL and is_printed(told, reading) and not _against_itself(reading):
        return Fit.YES
    found = [fit(relation, told, span, lexicon) for span in spans]
    if _against_itself(reading):
        # neither the printed figure nor the counts prove anything, unless both say the same
        return Fit.NO if reading.slack is not None and set(found) == {Fit.NO} else Fit.MAYBE
    if Fit.YES in found and Fit.NO not in found:
        return Fit.YES
    if reading.slack is None:
        return Fit.MAYBE
    loose = [
        fit(relation, told, Span(span.low / reading.slack, span.high * reading.slack, span.below), lexicon)
        for span in spans
    ]
    return Fit.NO if Fit.NO in loose else Fit.MAYBE


def _against_itself(reading: ClaimReading) -> bool:
    """Return whether a printed figure and the counts beside it have no common value: then neither proves anything."""
    if reading.by_counts is None or reading.by_print is None:
        return False
    return inside(reading.by_counts, reading.by_print) is Fit.NO


def is_printed(told: QuotedFigure, reading: ClaimReading) -> bool:
    """Return whether a figure is the published one, as exactly told."""
    if reading.printed is None:
        return False
    try:
        published = Fraction(reading.printed.replace(",", ""))
    except ValueError:
        return False
    if reading.by_print is None:
        return published == told.value and reading.by_counts is not None and not told.decimals
    half = (reading.by_print.high - reading.by_print.low) / 2
    # a figure told more exactly than it was published is another one, and one told less exactly a rounding of it
    return published == told.value and told.half_width == half


def _reads_so(relation: Relation, told: QuotedFigure, reading: ClaimReading) -> bool:
    if reading.by_print is None or reading.printed is None:
        return False
    published = (reading.by_print.low + reading.by_print.high) / 2
    return published >= told.value if relation is Relation.AT_LEAST else published <= told.value


def _how(relation: Relation, told: QuotedFigure, reading: ClaimReading) -> How:
    if relation is not Relation.EQUAL or told.vague:
        return How.HEDGED
    if is_printed(told, reading) or (reading.exact is not None and reading.exact == told.value):
        return How.EXACT
    return How.ROUNDED


def _why(relation: Relation, told: QuotedFigure, reading: ClaimReading, lexicon: Lexicon) -> Cause:
    """Say why a reading can neither confirm a figure nor prove it wrong."""
    if _against_itself(reading):
        return Cause.FIGURES_DISAGREE
    if reading.slack != 1 and fit(relation, told, reading.span, lexicon) is Fit.NO:
        return Cause.OTHER_COHORT if reading.cohort is Sameness.OTHER else Cause.OTHER_RUN
    if (relation in lexicon.hedges or told.vague) and reading.span.exact:
        return Cause.HOW_NEAR_UNSAID
    return Cause.SUPPRESSION if reading.suppressed else Cause.ROUNDING
