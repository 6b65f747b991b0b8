"""Judge a figure on the other figures of its own page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from iapt_audit.claims.causes import Cause, Sameness
from iapt_audit.claims.fit import Fit, answer
from iapt_audit.claims.readings import ClaimReading, Span
from iapt_audit.claims.sentences import relation_text
from iapt_audit.claims.verdicts import JudgedClaim, ReadingUsed, not_checkable
from iapt_audit.claims.wording import value_text, where, whole
from iapt_audit.definitions.quoted_figures import Unit, parse_quoted_figure
from iapt_audit.model.columns import Level, Verdict

if TYPE_CHECKING:
    from iapt_audit.claims.known_figures import KnownFigures
    from iapt_audit.claims.slips import FigureQuery
    from iapt_audit.definitions import Claim
    from iapt_audit.definitions.quoted_figures import Words
    from iapt_audit.definitions.vocabulary import Relation

_SIGNS = re.compile(r"\s([+-])\s")
_HUNDRED = 100
#: Counts below England are rounded to the nearest 5, so each can be so far off.
_LOCAL_STEP = 5
_LOCAL_REACH = Fraction(2)


def judge_own_page(claim: Claim, relation: Relation, asked: FigureQuery) -> JudgedClaim | None:
    """Judge a percentage on the counts beside it; None where there are not both, or the figure is no percentage."""
    subject = asked.subject
    if not claim.own_numerator or not claim.own_denominator or subject.unit is not Unit.PERCENTAGE:
        return None
    lexicon = asked.book.definitions.lexicon
    numerator, denominator = _counts(claim, lexicon.words)
    if denominator.low <= 0 or "%" in claim.own_numerator + claim.own_denominator:
        return None
    span = Span(_HUNDRED * numerator.low / denominator.high, _HUNDRED * numerator.high / denominator.low)
    url = claim.statement.source.url if claim.statement else ""
    reading = ClaimReading(
        measure=subject.measure, population=claim.population, numerator=numerator, denominator=denominator,
        by_counts=span, by_print=None, printed=None, cohort=Sameness.SAME, run=Sameness.SAME,
        slack=Fraction(1), suppressed=False,
        sources=(f"the claim's own page{', ' + url if url else ''}",),
    )  # fmt: skip
    found = answer(relation, asked.told, [reading], lexicon)
    rate = value_text(reading, asked.told, fits=found.fit is Fit.YES)
    steps = (ReadingUsed(reading, found.fit),)
    text = (
        f"{where(asked.place)}: the claim's own page gives {_written(claim.own_numerator, numerator)} of "
        f"{_written(claim.own_denominator, denominator)}, which is {rate}%."
    )
    if found.fit is Fit.YES:
        message = f"{text} It fits; there are no other figures to check it against."
        return JudgedClaim(
            claim, Verdict.CONSISTENT, Cause.SAME_SOURCE, message, steps, true_of=claim.population or None
        )
    if found.fit is Fit.NO:
        message = f"{text} {relation_text(relation, claim.figure)} does not fit the figures beside it."
        return JudgedClaim(claim, Verdict.CONTRADICTED, Cause.WRONG_FIGURE, message, steps)
    return not_checkable(claim, Cause.ROUNDING, f"{text} These are rounded, so it may or may not fit.", steps)


@dataclass(frozen=True, slots=True)
class OwnChange:
    """The two figures of its own page that a change lies between, the later first, as printed, and what it can be."""

    now: str
    before: str
    span: Span

    def turned(self) -> OwnChange:
        """Count it downwards."""
        return OwnChange(self.now, self.before, Span(-self.span.high, -self.span.low))


def own_change(claim: Claim, unit: str, book: KnownFigures) -> OwnChange | None:
    """
    Return the change between two figures of the claim's own page, None where it does not give both.

    The page's numerator is the later less the earlier; a change in per cent has the earlier as its denominator. A count
    that is not printed rounded is just that; a percentage is what matches.
    """
    words = book.definitions.lexicon.words
    pieces = _SIGNS.split(claim.own_numerator)
    if [*pieces[1::2]] != ["-"] or (unit == "percent" and claim.own_denominator != pieces[2]):
        return None
    texts = (pieces[0], pieces[2])
    # one that is no multiple of 5 shows that neither was rounded
    exact = not _is_local(claim) and any(parse_quoted_figure(text, words).value % _LOCAL_STEP for text in texts)
    now, then = (_own_figure(text, claim, words, exact=exact) for text in texts)
    if unit != "percent":
        return OwnChange(*texts, Span(now.low - then.high, now.high - then.low))
    if then.low <= 0:
        return None
    return OwnChange(*texts, Span(_HUNDRED * (now.low / then.high - 1), _HUNDRED * (now.high / then.low - 1)))


def _own_figure(text: str, claim: Claim, words: Words, *, exact: bool) -> Span:
    told = parse_quoted_figure(text, words)
    if told.unit is Unit.PERCENTAGE:
        return Span(max(told.low, Fraction(0)), told.high)
    return own_sum(text, words, exact=exact, least=_LOCAL_REACH if _is_local(claim) else Fraction(0))


def _is_local(claim: Claim) -> bool:
    return claim.level != Level.ENGLAND or bool(claim.org_name)


def _written(text: str, span: Span) -> str:
    return f"{text} ({whole(span)})" if _SIGNS.search(text) else text


def _counts(claim: Claim, words: Words) -> tuple[Span, Span]:
    """
    Read the counts of the page.

    A count below England is rounded to the nearest 5. One that is no multiple of 5 shows that the counts of the page
    were not rounded, so that `3,200` beside it is just that.
    """
    texts = (claim.own_numerator, claim.own_denominator)
    figures = [parse_quoted_figure(piece, words) for text in texts for piece in _SIGNS.split(text)[::2]]
    exact = not _is_local(claim) and any(each.value % _LOCAL_STEP for each in figures)
    numerator, denominator = (own_sum(text, words, exact=exact, least=_LOCAL_REACH) for text in texts)
    return numerator, denominator


def own_sum(text: str, words: Words, *, exact: bool = False, least: Fraction = Fraction(0)) -> Span:
    """
    Read a signed sum of printed figures, each with what its rounding leaves open, or as printed.

    `least` is how far each can be off at least.

    >>> from iapt_audit.definitions import load_default
    >>> int(own_sum("57,060 - 3,201", load_default().lexicon.words).low)
    53854
    """
    pieces = _SIGNS.split(text)
    low = high = Fraction(0)
    for sign, piece in zip(["+", *pieces[1::2]], pieces[::2], strict=True):
        told = parse_quoted_figure(piece, words)
        half = told.half_width if told.half_width > Fraction(1, 2) else Fraction(0)
        half = Fraction(0) if exact else max(half, least)
        ends = (told.value - half, told.value + half) if sign == "+" else (-told.value - half, -told.value + half)
        low, high = low + ends[0], high + ends[1]
    return Span(max(low, Fraction(0)), max(high, Fraction(0)))
