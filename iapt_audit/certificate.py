"""Write out, for a person with a pocket calculator, why no true counts give a printed percentage."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iapt_audit.bounds import Bounds, Printed

_LONGEST_LIST = 15
_DISPLAY = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A printed percentage, the counts it should follow from, and what they are called."""

    printed: Printed
    numerator: Bounds
    denominator: Bounds
    of_whom: str


def certificate(claimed: Claimed) -> str:
    """
    Say why no numerator and denominator inside the bounds give the printed percentage.

    Either the bounds of the rate lie wholly to one side, or each possible denominator is listed with the two numerators
    that come nearest.

    >>> from iapt_audit.bounds import Bounds, Printed
    >>> print(certificate(Claimed(Printed("60", "0.5"), Bounds(28, 32), Bounds(58, 60), "finished")))
    The counts allow 28 to 32 of 58 to 60 (finished). Printed 60% stands for 59.5% up to, not including, 60.5%. At most
    32 of at least 58 is 55.17%, which is under 59.5%.
    """
    low, high = claimed.printed.low, claimed.printed.high
    numerator, denominator = claimed.numerator, claimed.denominator
    opening = (
        f"The counts allow {_span(numerator)} of {_span(denominator)} ({claimed.of_whom}). "
        f"Printed {claimed.printed.text}% stands for {low.normalize():f}% up to, not including, {high.normalize():f}%."
    )
    least_denominator = max(denominator.low, 1)
    greatest = _percentage(numerator.high, least_denominator)
    smallest = _percentage(numerator.low, denominator.high)
    if greatest < low:
        return (
            f"{opening} At most {numerator.high:,} of at least {least_denominator:,} is {_show(greatest)}%, "
            f"which is under {low.normalize():f}%."
        )
    if smallest >= high:
        return (
            f"{opening} At least {numerator.low:,} of at most {denominator.high:,} is {_show(smallest)}%, "
            f"which is not under {high.normalize():f}%."
        )
    lines: list[str] = []
    for count in range(least_denominator, denominator.high + 1):
        if len(lines) == _LONGEST_LIST:
            lines.append(f"and so on to {denominator.high:,}")
            break
        lines.append(_nearest(count, low, numerator))
    return f"{opening} No whole number fits: " + "; ".join(lines) + "."


def _nearest(denominator: int, low: Decimal, numerator: Bounds) -> str:
    # the least numerator that reaches the printed range; it oversteps it, or is more than the counts allow
    first = -((-low * denominator) // 100)
    above, below = int(first), int(first) - 1
    told = [
        f"{count:,} is {_show(_percentage(count, denominator))}%"
        for count in (below, above)
        if numerator.low <= count <= min(numerator.high, denominator)
    ]
    return f"of {denominator:,}, " + (" and ".join(told) if told else f"none of {_span(numerator)} comes near")


def _percentage(numerator: int, denominator: int) -> Decimal:
    return Decimal(100 * numerator) / Decimal(denominator)


def _show(percentage: Decimal) -> str:
    return f"{percentage.quantize(_DISPLAY, ROUND_HALF_UP):f}"


def _span(bounds: Bounds) -> str:
    return f"{bounds.low:,}" if bounds.exact else f"{bounds.low:,} to {bounds.high:,}"
