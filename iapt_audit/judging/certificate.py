"""Write out, for a person with a pocket calculator, why no true counts give a printed rate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from iapt_audit.model.text import beside, plain

if TYPE_CHECKING:
    from iapt_audit.model.bounds import Bounds, Printed

_LONGEST_LIST = 15


@dataclass(frozen=True, slots=True)
class Claimed:
    """A printed rate and the counts it should follow from; `per` is 100 for a percentage, 1 for a mean."""

    printed: Printed
    numerator: Bounds
    denominator: Bounds
    of_whom: str
    per: int = 100

    def rate(self, numerator: int, denominator: int) -> Decimal:
        """Return the rate of two counts."""
        return Decimal(self.per * numerator) / Decimal(denominator)

    @property
    def sign(self) -> str:
        """Return the sign that the rate is written with."""
        return "%" if self.per != 1 else ""


def certificate(claimed: Claimed) -> str:
    """
    Say why no numerator and denominator inside the bounds give the printed rate.

    Either the bounds of the rate lie wholly to one side, or each possible denominator is listed with the two numerators
    that come nearest.

    >>> from iapt_audit.model.bounds import Bounds, Printed
    >>> told = certificate(Claimed(Printed("60", "0.5"), Bounds(28, 32), Bounds(58, 60), "that finished"))
    >>> for sentence in told.split(". "):
    ...     print(sentence)
    The counts allow 28 to 32 of 58 to 60 (that finished)
    A printed 60% means at least 59.5% and less than 60.5%
    The most they allow is 32 of 58, 55.17%, which is below 59.5%.
    >>> certificate(Claimed(Printed("50", "0.5"), Bounds(6, 7), Bounds(13, 13), "that finished")).split(". ")[-1]
    'No whole number fits: of 13, 6 is 46.15% and 7 is 53.85%.'
    """
    low, high, sign = claimed.printed.low, claimed.printed.high, claimed.sign
    numerator, denominator = claimed.numerator, claimed.denominator
    opening = (
        f"The counts allow {numerator} of {denominator} ({claimed.of_whom}). "
        f"A printed {claimed.printed.text}{sign} means at least {plain(low)}{sign} and less than "
        f"{plain(high)}{sign}."
    )
    least = max(denominator.low, 1)
    if (greatest := claimed.rate(numerator.high, least)) < low:
        return (
            f"{opening} The most they allow is {numerator.high:,} of {least:,}, {beside(greatest, [low], 2)}{sign}, "
            f"which is below {plain(low)}{sign}."
        )
    if (smallest := claimed.rate(numerator.low, denominator.high)) >= high:
        return (
            f"{opening} The least they allow is {numerator.low:,} of {denominator.high:,}, "
            f"{beside(smallest, [high], 2)}{sign}, which is not below {plain(high)}{sign}."
        )
    lines = [_nearest(count, claimed) for count in range(least, min(denominator.high, least + _LONGEST_LIST - 1) + 1)]
    if denominator.high >= least + _LONGEST_LIST:
        lines.append(f"and so on to {denominator.high:,}")
    return f"{opening} No whole number fits: " + "; ".join(lines) + "."


def _nearest(denominator: int, claimed: Claimed) -> str:
    """Return the possible numerators on either side of the printed range: one falls short, the next oversteps."""
    numerator = claimed.numerator
    first = ceil(claimed.printed.low * denominator / claimed.per)
    told = [
        _one(count, denominator, limit, claimed)
        for count, limit in ((first - 1, claimed.printed.low), (first, claimed.printed.high))
        if numerator.low <= count <= numerator.high
    ]
    if not told:
        end = numerator.low if first < numerator.low else numerator.high
        told = [_one(end, denominator, claimed.printed.low, claimed)]
    return f"of {denominator:,}, " + " and ".join(told)


def _one(count: int, denominator: int, limit: Decimal, claimed: Claimed) -> str:
    """Return the rate of one numerator, or say that it cannot be part of the denominator."""
    if claimed.per != 1 and count > denominator:
        return f"{count:,} is more than the total"
    return f"{count:,} is {beside(claimed.rate(count, denominator), [limit], 2)}{claimed.sign}"
