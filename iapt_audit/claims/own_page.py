"""Judge a figure on the other figures of its own page."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from iapt_audit.claims.readings import Fit, Reading, Span, answer, fit
from iapt_audit.claims.sentences import relation_text
from iapt_audit.claims.verdicts import Judged, Step, not_checkable
from iapt_audit.claims.words import outward, where, whole
from iapt_audit.columns import Level, Verdict
from iapt_audit.told import Unit, read_figure

if TYPE_CHECKING:
    from iapt_audit.claims.slips import Asked
    from iapt_audit.definitions import Claim, Lexicon
    from iapt_audit.told import Words

_SIGNS = re.compile(r"\s([+-])\s")
_HUNDRED = 100
#: How far a count below England can be from its nearest 5.
_LOCAL_REACH = Fraction(2)


def judge_own_page(claim: Claim, relation: str, asked: Asked) -> Judged | None:
    """Judge a percentage on the counts beside it; None where there are not both, or the figure is no percentage."""
    subject = asked.subject
    if not claim.own_numerator or not claim.own_denominator or subject.unit is not Unit.PERCENTAGE:
        return None
    lexicon = asked.book.definitions.lexicon
    numerator, denominator = (
        own_sum(text, lexicon.words, local=claim.level != Level.ENGLAND)
        for text in (claim.own_numerator, claim.own_denominator)
    )
    if denominator.low <= 0 or "%" in claim.own_numerator + claim.own_denominator:
        return None
    # at face value the printed counts are exact; what their rounding leaves open is only asked if they do not fit so
    ends = _exactly(claim, lexicon)
    span = Span(_HUNDRED * numerator.low / denominator.high, _HUNDRED * numerator.high / denominator.low)
    if ends is not None and fit(relation, asked.told, ends, lexicon) is Fit.YES:
        span = ends
    url = claim.statement.source.url if claim.statement else ""
    reading = Reading(
        measure=subject.measure, population=claim.population, numerator=numerator, denominator=denominator,
        by_counts=span, by_print=None, printed=None, cohort="same", run="same", slack=Fraction(1), suppressed=False,
        sources=(f"the claim's own page{', ' + url if url else ''}",),
    )  # fmt: skip
    found = answer(relation, asked.told, [reading], lexicon)
    steps = (Step(reading, found.fit.value),)
    text = (
        f"{where(asked.place)}: the claim's own page gives {_written(claim.own_numerator, numerator)} of "
        f"{_written(claim.own_denominator, denominator)}, which is {outward(span)}%."
    )
    if found.fit is Fit.YES:
        message = f"{text} It fits; no other figures for it are here."
        return Judged(claim, Verdict.CONSISTENT, "same_source", message, steps, true_of=claim.population or None)
    if found.fit is Fit.NO:
        message = f"{text} {relation_text(relation, claim.figure)} does not fit the figures beside it."
        return Judged(claim, Verdict.CONTRADICTED, "wrong_figure", message, steps)
    return not_checkable(claim, "rounding", f"{text} These are rounded, and both fit and do not.", steps)


def _written(text: str, span: Span) -> str:
    return f"{text} ({whole(span)})" if _SIGNS.search(text) else text


def _exactly(claim: Claim, lexicon: Lexicon) -> Span | None:
    """Give the ratio of the two sums as printed; below England counts are rounded, so none is exact."""
    if claim.level != Level.ENGLAND:
        return None
    top, bottom = (own_sum(text, lexicon.words, exact=True) for text in (claim.own_numerator, claim.own_denominator))
    ratio = _HUNDRED * top.low / bottom.low
    return Span(ratio, ratio)


def own_sum(text: str, words: Words, *, exact: bool = False, local: bool = False) -> Span:
    """
    Read a signed sum of printed figures, each with what its rounding leaves open, or as printed.

    A `local` one was rounded to the nearest 5 at least.

    >>> from iapt_audit.definitions import load_default
    >>> int(own_sum("57,060 - 3,201", load_default().lexicon.words).low)
    53854
    """
    pieces = _SIGNS.split(text)
    low = high = Fraction(0)
    for sign, piece in zip(["+", *pieces[1::2]], pieces[::2], strict=True):
        told = read_figure(piece, words)
        half = told.half_width if told.half_width > Fraction(1, 2) else Fraction(0)
        half = Fraction(0) if exact else max(half, _LOCAL_REACH) if local else half
        least, most = told.value - half, told.value + half
        low += least if sign == "+" else -most
        high += most if sign == "+" else -least
    return Span(max(low, Fraction(0)), max(high, Fraction(0)))
