"""
Say what can be said of a survey's percentages without its figures: with how many answers they are possible, or differ.

The test of two percentages is the usual one for two independent groups of one size, normal approximation, two-sided at
the 5% level, in whole numbers: z squared is 3.8416.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from iapt_audit.claims.causes import Cause
from iapt_audit.claims.verdicts import JudgedClaim, not_checkable
from iapt_audit.definitions.quoted_figures import QuotedFigure, Unit, Words, parse_quoted_figure

if TYPE_CHECKING:
    from iapt_audit.definitions import Claim

#: 1.96 squared: the square of what a normal variable exceeds, either way, once in twenty.
_Z_SQUARED = Fraction(38416, 10_000)
_HUNDRED = 100


def possible(told: QuotedFigure, sample: int) -> list[int]:
    """
    Return the numbers of a sample that print as a percentage.

    >>> from iapt_audit.definitions import load_default
    >>> words = load_default().lexicon.words
    >>> possible(parse_quoted_figure("74%", words), 50), possible(parse_quoted_figure("55%", words), 10)
    ([37], [])
    """
    low, high = (Fraction(sample) * each / _HUNDRED for each in (told.low, told.high))
    return list(range(max(ceil(low), 0), min(floor(high), sample) + 1))


def impossible_sizes(told: QuotedFigure) -> list[int]:
    """
    List the sample sizes of which no whole number prints as a percentage; there is none beyond a hundred (a thousand).

    >>> from iapt_audit.definitions import load_default
    >>> impossible_sizes(parse_quoted_figure("74%", load_default().lexicon.words))[:5]
    [1, 2, 3, 4, 5]
    """
    most = _HUNDRED * 10**told.decimals
    return [size for size in range(1, most + 1) if not possible(told, size)]


def group_size(one: Fraction, other: Fraction) -> int | None:
    """
    Return the least size of two equal groups at which two percentages differ significantly, None if they are the same.

    >>> group_size(Fraction(55), Fraction(36)), group_size(Fraction(50), Fraction(50))
    (53, None)
    """
    if one == other:
        return None
    middle = (one + other) / (2 * _HUNDRED)
    return ceil(_Z_SQUARED * 2 * middle * (1 - middle) / ((one - other) / _HUNDRED) ** 2)


def judge_survey(claim: Claim, words: Words) -> JudgedClaim:
    """Say of a survey's percentage, or of two compared, what sizes of sample allow; the claim itself stays open."""
    texts = [text for text in (claim.figure, claim.against) if text]
    figures = [_percentage(parse_quoted_figure(text, words)) for text in texts]
    parts = [f"{(claim.unpublished or 'It is not in these publications').rstrip('. ')}."]
    parts += [_possible_text(told, claim.sample) for told in figures]
    if claim.against:
        parts.append(_difference(figures[0], figures[1], claim.sample))
    if not claim.sample:
        parts.append("The pages read do not say how many were asked.")
    return not_checkable(claim, Cause.NOT_IN_PUBLICATIONS, " ".join(parts))


def _percentage(told: QuotedFigure) -> QuotedFigure:
    return told if told.unit is Unit.PERCENTAGE else replace(told, unit=Unit.PERCENTAGE, half_width=Fraction(1, 2))


def _possible_text(told: QuotedFigure, sample: int) -> str:
    if sample:
        counts = possible(told, sample)
        if not counts:
            return f"No whole number of {sample} answers prints as {told.text}; a question can have fewer answers."
        number = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"
        return f"Of {sample:,} answers {told.text} is {number}."
    sizes = impossible_sizes(told)
    if not sizes:
        return f"{told.text} is possible with any number of answers."
    return (
        f"{told.text} is possible with any number of answers over {max(sizes)}, and not with {len(sizes)} of the "
        f"numbers up to there."
    )


def _difference(one: QuotedFigure, other: QuotedFigure, sample: int) -> str:
    """Say from which size on the difference would be more than chance, over all values that the rounding allows."""
    apart = [group_size(first, second) for first in (one.low, one.high) for second in (other.low, other.high)]
    sizes = [size for size in apart if size is not None]
    if not sizes or one.value == other.value:
        return "The two are the same as printed."
    low, high = min(sizes), max(sizes)
    span = f"{low:,} answers" if low == high else f"{low:,} to {high:,} answers, depending on the rounding"
    text = (
        f"{one.text} and {other.text} would differ by more than chance (5% level, two equal groups) if each group had "
        f"at least {span}"
    )
    if sample:
        half = sample // 2
        verdict = "more than enough" if half >= high else "too few" if half < low else "near the edge"
        return f"{text}; {sample:,} answers in two equal groups are {verdict}."
    return f"{text}."
