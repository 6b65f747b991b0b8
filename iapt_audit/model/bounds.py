"""
Say which true figures a printed figure can stand for.

Source: `schemas/rounding.toml`; every regime there was tested on the published cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_FIGURE = re.compile(r"[0-9]+(\.[0-9]+)?( million)?")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest integer that a count can be."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Return whether only one count is possible."""
        return self.low == self.high

    def __str__(self) -> str:
        """
        Write the bounds in words.

        >>> str(Bounds(1200, 1200)), str(Bounds(338, 342))
        ('1,200', '338 to 342')
        """
        return f"{self.low:,}" if self.exact else f"{self.low:,} to {self.high:,}"


@dataclass(frozen=True, slots=True)
class Printed:
    """
    A percentage as printed, 0 to 100, and what it leaves open on either side.

    The half-width belongs to publication, level and era, never to the digits of the text.

    >>> printed = Printed("50", "0.05")
    >>> str(printed.low), str(printed.high)
    ('49.95', '50.05')
    """

    text: str
    half_width: str

    @property
    def low(self) -> Decimal:
        """Return the least percentage that prints so."""
        return Decimal(self.text) - Decimal(self.half_width)

    @property
    def high(self) -> Decimal:
        """Return the percentage that all true ones stay under."""
        return Decimal(self.text) + Decimal(self.half_width)


def parse_figure(text: str) -> Decimal | None:
    """
    Read a cited figure: digits, a decimal part, and the word million; nothing else.

    >>> parse_figure("1.46 million"), parse_figure("50.0"), parse_figure("1,460"), parse_figure("nan")
    (Decimal('1460000.00'), Decimal('50.0'), None, None)
    """
    if not _FIGURE.fullmatch(text):
        return None
    number, _, million = text.partition(" ")
    return Decimal(number) * _MILLION if million else Decimal(number)
