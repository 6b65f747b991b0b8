"""Read a figure as somebody printed or said it, with what its rounding leaves open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from iapt_audit.errors.base import ClaimError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A decimal comma: one or two digits after it, where a thousand would have three.
_DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{1,2}(?![0-9,]))")
#: A space between thousands, as some journals print it.
_THOUSANDS_SPACE = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))")
_NUMBER = re.compile(r"(?P<digits>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*(?P<unit>[a-z%][a-z ]*)?")
_RANGE = re.compile(r"(?P<low>[0-9][0-9,.]*|[a-z]+)\s*(?:to|-|–)\s*(?P<high>[0-9][0-9,.]*|[a-z]+)(?P<unit>[\s%].*|%)?")
_RATIO = re.compile(r"(?P<part>[a-z]+|[0-9]+)\s*(?:in|out of|in every|of every|/)\s*(?P<whole>[a-z]+|[0-9]+)")
_PERCENT = {
    "%", "per cent", "percent", "pc", "percentage points", "percentage point", "points", "point", "pp", "ppt",
    "per cent points",
}  # fmt: skip
_TIMES = {
    "million": 1_000_000, "m": 1_000_000, "mn": 1_000_000, "thousand": 1000, "k": 1000,
    "billion": 1_000_000_000, "bn": 1_000_000_000,
}  # fmt: skip
#: Words after a number that change nothing about it.
_THINGS = {
    "days", "day", "weeks", "week", "sessions", "session", "appointments", "referrals", "people", "patients", "courses",
    "services", "providers", "ccgs", "icbs", "months", "years",
}  # fmt: skip
_MANY = 100
#: So many decimals of a share are those of a whole percentage.
_HUNDREDTHS = 2
#: No figure is longer; numbers of thousands of digits are not read.
_LONGEST = 60


class Unit(StrEnum):
    """What a figure is in."""

    PERCENTAGE = "percentage"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Words:
    """
    The words that stand for fractions, as part and whole, and for whole numbers (`checks/lexicon/`).

    `limits` are the percentages beyond which nobody says a fraction.
    """

    fractions: Mapping[str, tuple[int, int]]
    numbers: Mapping[str, int]
    limits: Mapping[Fraction, tuple[Fraction, Fraction]]

    def beside(self, part: int, whole: int) -> tuple[Fraction, Fraction]:
        """
        Return the percentages beyond which nobody says a fraction.

        They are those of the lexicon, or for another such as 7 in 10 one fewer and one more in as many.

        >>> from iapt_audit.definitions import load_default
        >>> [[float(each) for each in load_default().lexicon.words.beside(*pair)] for pair in ((1, 3), (7, 10))]
        [[25.0, 40.0], [60.0, 80.0]]
        """
        fraction, step = Fraction(part, whole), Fraction(1, whole)
        near = max(fraction - step, Fraction(0)), min(fraction + step, Fraction(1))
        return self.limits.get(fraction, (_MANY * near[0], _MANY * near[1]))


@dataclass(frozen=True, slots=True)
class QuotedFigure:
    """
    A figure that was told: it stands for the values up to `half_width` away, both ends included.

    A percentage is 0 to 100. `vague` is one told as a fraction in words, such as "two thirds", and `beside` the
    percentages beyond which nobody says it; `decimals` is how many were printed.
    """

    text: str
    value: Fraction
    half_width: Fraction
    unit: Unit
    decimals: int
    vague: bool = False
    beside: tuple[Fraction, Fraction] | None = None

    @property
    def low(self) -> Fraction:
        """Return the least value that is rounded to it."""
        return self.value - self.half_width

    @property
    def high(self) -> Fraction:
        """Return the greatest value that is rounded to it."""
        return self.value + self.half_width

    def at(self, value: Fraction) -> QuotedFigure:
        """Return the figure that has another value, told as exactly."""
        return QuotedFigure(self.text, value, self.half_width, self.unit, self.decimals, self.vague)


def as_share(told: QuotedFigure) -> QuotedFigure | None:
    """
    Return a bare number of at most 1 as the percentage that it is as a share of one, as programs write them.

    Returns:
        None where it is no such number: a percentage, a whole number, a fraction in words.

    >>> from iapt_audit.definitions import load_default
    >>> words = load_default().lexicon.words
    >>> [
    ...     each and (float(each.low), float(each.high))
    ...     for text in ("0.508", "0.5%", "1")
    ...     for each in [as_share(parse_quoted_figure(text, words))]
    ... ]
    [(50.75, 50.85), None, None]
    """
    if told.unit is not Unit.NUMBER or told.vague or not told.decimals or not 0 <= told.value <= 1:
        return None
    return QuotedFigure(
        told.text,
        _MANY * told.value,
        Fraction(_MANY, 2 * 10**told.decimals),
        Unit.PERCENTAGE,
        max(told.decimals - _HUNDREDTHS, 0),
    )


def parse_quoted_figure(text: str, words: Words) -> QuotedFigure:
    """
    Read a figure as printed: `50.8%`, `49.3 per cent`, `525,000`, `1.60m`, `7 in 10`, `two thirds`.

    A percentage is taken to be rounded to its last decimal, a number of three digits or more to its last digit that is
    not 0, since nobody can tell whether `525,000` was counted or rounded.

    Raises:
        ClaimError: If the text is no such figure.

    >>> from iapt_audit.definitions import load_default
    >>> words = load_default().lexicon.words
    >>> told = parse_quoted_figure("50.8%", words)
    >>> float(told.low), float(told.high), told.unit.value
    (50.75, 50.85, 'percentage')
    >>> told = parse_quoted_figure("1.60m", words)
    >>> int(told.low), int(told.high), told.unit.value
    (1595000, 1605000, 'number')
    >>> told = parse_quoted_figure("525,000", words)
    >>> int(told.low), int(told.high)
    (524500, 525500)
    >>> float(parse_quoted_figure("7 in 10", words).value)
    70.0
    """
    if len(text) > _LONGEST:
        raise ClaimError.figure(f"{text[:_LONGEST]}...")
    plain = _DECIMAL_COMMA.sub(".", " ".join(text.strip().casefold().removeprefix("+").split()))
    plain = _THOUSANDS_SPACE.sub("", plain)
    plain = _in_digits(plain, words)
    fraction = _fraction(plain, words)
    if fraction is not None:
        part, whole = fraction
        # of a hundred is a percentage; of fewer is said in round numbers
        vague = whole < _MANY
        beside = words.beside(part, whole) if vague else None
        return QuotedFigure(
            text, Fraction(_MANY * part, whole), Fraction(1, 2), Unit.PERCENTAGE, 0, vague=vague, beside=beside
        )
    between = _range(text, plain, words)
    if between is not None:
        return between
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise ClaimError.figure(text)
    unit = (found["unit"] or "").strip()
    whole_part, _, decimal_part = found["digits"].replace(",", "").partition(".")
    value = Fraction(found["digits"].replace(",", ""))
    half_width = Fraction(1, 2 * 10 ** len(decimal_part))
    first, _, rest = unit.partition(" ")
    if unit in _PERCENT:
        return QuotedFigure(text, value, half_width, Unit.PERCENTAGE, len(decimal_part))
    if first in _TIMES and (not rest or rest in _THINGS):
        times = _TIMES[first]
        return QuotedFigure(text, value * times, half_width * times, Unit.NUMBER, 0)
    if unit and unit not in _THINGS:
        raise ClaimError.figure(text)
    if not decimal_part and value >= _MANY:
        zeros = len(whole_part) - len(whole_part.rstrip("0"))
        half_width *= 10**zeros
    return QuotedFigure(text, value, half_width, Unit.NUMBER, len(decimal_part))


def _in_digits(plain: str, words: Words) -> str:
    """Write a number word at the start in digits, where a unit or nothing follows: `seven per cent`, `a million`."""
    first, _, rest = plain.partition(" ")
    number = words.numbers.get(first, 1 if first == "a" and rest else None)
    known = not rest or rest in _PERCENT or rest in _TIMES or rest in _THINGS
    return f"{number} {rest}".strip() if number is not None and known else plain


def _range(text: str, plain: str, words: Words) -> QuotedFigure | None:
    """Read a figure told as a range: it stands for everything from one end to the other."""
    ends = _RANGE.fullmatch(plain)
    if ends is None:
        return None
    try:
        low, high = (parse_quoted_figure(f"{ends[name]}{ends['unit'] or ''}", words) for name in ("low", "high"))
    except ClaimError:
        raise ClaimError.figure(text) from None
    if low.value >= high.value:
        raise ClaimError.figure(text)
    middle = (low.value + high.value) / 2
    return QuotedFigure(text, middle, high.high - middle, high.unit, high.decimals)


def _fraction(plain: str, words: Words) -> tuple[int, int] | None:
    if plain in words.fractions:
        return words.fractions[plain]
    found = _RATIO.fullmatch(plain)
    if found is None:
        return None
    part, whole = (_whole(found[name], words) for name in ("part", "whole"))
    return (part, whole) if part is not None and whole and part <= whole else None


def _whole(text: str, words: Words) -> int | None:
    return int(text) if text.isdecimal() else words.numbers.get(text)
