"""Write figures as text, without rounding them across a limit that matters."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

from iapt_audit.model.columns import SCALE, SCALE_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

_UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"


def decimal_text(units: int) -> str:
    """
    Write ten-thousandths as a decimal number.

    >>> decimal_text(504832), decimal_text(-5)
    ('50.4832', '-0.0005')
    """
    sign = "-" if units < 0 else ""
    whole, rest = divmod(abs(units), SCALE)
    return f"{sign}{whole}.{rest:04d}"


def beside(rate: Decimal, limits: Iterable[Decimal] = (), digits: int = 1) -> str:
    """
    Write a rate rounded half up, with more decimals where fewer would put it on the other side of a limit.

    >>> beside(Decimal("49.985"), [Decimal(50)]), beside(Decimal("50.546"), [Decimal(50)])
    ('49.99', '50.5')
    """
    kept = list(limits)
    while True:
        shown = rate.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        if all((shown < limit) == (rate < limit) for limit in kept):
            return f"{shown:f}"
        digits += 1


def between(low: int, high: int, limits: Iterable[Decimal] = (), digits: int = 1) -> str:
    """
    Write the bounds of a rate in ten-thousandths, rounded outward; bounds a step apart are those of an exact rate.

    >>> between(505460, 505461), between(495000, 505000), between(499850, 499851, [Decimal(50)])
    ('50.5', '49.5 to 50.5', '49.99')
    """
    least, most = (Decimal(units).scaleb(-SCALE_DIGITS) for units in (low, high))
    if high - low <= 1:
        # the lower end of an exact rate rounds, and stands to a limit, as the rate itself does; the upper may not
        return beside(least, limits, digits)
    kept = list(limits)
    while True:
        step = Decimal(1).scaleb(-digits)
        low_shown, high_shown = least.quantize(step, ROUND_FLOOR), most.quantize(step, ROUND_CEILING)
        if digits >= SCALE_DIGITS or all(
            (low_shown < limit) == (least < limit) and (high_shown < limit) == (most < limit) for limit in kept
        ):
            return f"{low_shown:f} to {high_shown:f}"
        digits += 1


def range_text(low: int, high: int, limits: Iterable[Decimal] = ()) -> str:
    """
    Write the range of a rate in ten-thousandths as it is told everywhere: one decimal, two where it is a tenth or less.

    >>> range_text(496402, 503624), range_text(428327, 428472), range_text(505460, 505461)
    ('49.6 to 50.4', '42.83 to 42.85', '50.5')
    """
    return between(low, high, limits, digits=2 if 1 < high - low <= SCALE // 10 else 1)


class Apart(NamedTuple):
    """Two rates and the points between them, as they are written beside each other."""

    one: str
    other: str
    points: str


def told_apart(one: tuple[int, int], other: tuple[int, int], limits: Iterable[Decimal] = ()) -> Apart:
    """
    Write two rates in ten-thousandths and by how many points the first is higher, so that they agree as written.

    Of exact rates as many decimals are written as the difference needs, and as keep each on its side of a limit; of
    others the points are those between the ends as written.

    >>> told_apart((886269, 886270), (869693, 869694))
    Apart(one='88.63', other='86.97', points='+1.66')
    >>> told_apart((521000, 521001), (511000, 511001)), told_apart((496402, 503624), (473000, 493000)).points
    (Apart(one='52.1', other='51.1', points='+1.0'), '+0.3 to +3.1')
    """
    (low, high), (other_low, other_high) = one, other
    kept, exact = list(limits), (high - low <= 1, other_high - other_low <= 1)
    if not all(exact):
        texts = [range_text(*each, kept) for each in (one, other)]
        if any(exact):
            return Apart(texts[0], texts[1], points_text(low - other_high, high - other_low))
        (least, most), (other_least, other_most) = ((Decimal(end) for end in each.split(" to ")) for each in texts)
        return Apart(texts[0], texts[1], f"{least - other_most:+f} to {most - other_least:+f}")
    written = [Decimal(units).scaleb(-SCALE_DIGITS) for units in (low, other_low, low - other_low)]
    for digits in range(1, SCALE_DIGITS + 1):
        shown = [each.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) for each in written]
        first, second, points = shown
        sides = all(
            (at < limit) == (rate < limit) for at, rate in zip(shown[:2], written, strict=False) for limit in kept
        )
        if sides and first - second == points and bool(points) == bool(written[2]):
            break
    return Apart(f"{first:f}", f"{second:f}", f"{points:+f}")


def points_text(low: int, high: int) -> str:
    """
    Write a difference in ten-thousandths of a per cent as points with their sign, rounded outward unless exact.

    >>> points_text(16569, 16571), points_text(-3013, -3011), points_text(-13000, 33834)
    ('+1.7', '-0.3', '-1.3 to +3.4')
    """
    step = Decimal("0.1")
    exact_width = 2
    if high - low <= exact_width:
        return f"{Decimal(low + high).scaleb(-SCALE_DIGITS) / 2:+.{1}f}"
    least = Decimal(low).scaleb(-SCALE_DIGITS).quantize(step, ROUND_FLOOR)
    most = Decimal(high).scaleb(-SCALE_DIGITS).quantize(step, ROUND_CEILING)
    return f"{least:+f} to {most:+f}"


def plain_share(number: Fraction) -> str:
    """
    Write a small expected number: one digit that says something.

    >>> from fractions import Fraction
    >>> plain_share(Fraction(12, 5)), plain_share(Fraction(3, 1000)), plain_share(Fraction(0))
    ('2.4', '0.003', '0')
    """
    if not number:
        return "0"
    digits = 1
    # within a tenth of itself
    while abs(round(number, digits) - number) * 10 > number:
        digits += 1
    return plain(Decimal(f"{float(round(number, digits)):.{digits}f}"))


def plain(number: Decimal) -> str:
    """
    Write a number without trailing zeros or an exponent.

    >>> plain(Decimal("50.00")), plain(Decimal("49.5"))
    ('50', '49.5')
    """
    return f"{number.normalize():f}"


def printable(text: str) -> str:
    r"""
    Replace characters that would order a terminal about; a line end stays.

    >>> printable("A\x1b[2J b")
    'A\ufffd[2J b'
    """
    return "".join(each if each.isprintable() or each == "\n" else _UNPRINTABLE for each in text)


def listing(names: Sequence[str]) -> str:
    """
    List names in words.

    >>> listing(["M191", "M193", "M195"])
    'M191, M193 and M195'
    """
    *most, last = dict.fromkeys(names)
    return f"{', '.join(most)} and {last}" if most else last


def share_text(some: int, every: int, noun: str) -> str:
    """
    Say how many of how many, and what share that is, cut off to the whole per cent.

    >>> share_text(4, 8, "row"), share_text(1, 2000, "row"), share_text(1, 1, "row")
    ('4 of 8 rows (50%)', '1 of 2,000 rows (under 1%)', 'the only row')
    """
    if every == 1:
        return f"the only {noun}"
    whole = 100 * some // every if every else 0
    told = "under 1" if some and not whole else str(whole)
    return f"{some:,} of {every:,} {noun}s ({told}%)"


def counted(number: int, noun: str) -> str:
    """
    Write how many there are of something.

    >>> counted(1, "cell"), counted(1200, "cell")
    ('1 cell', '1,200 cells')
    """
    return f"{number:,} {noun}{'s' if number != 1 else ''}"
