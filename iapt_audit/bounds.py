"""
Say which true figures a printed figure can stand for.

Source: `schemas/rounding.toml`; every regime there was tested on the published cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iapt_audit.columns import Statistic

_FIGURE = re.compile(r"[0-9]+(\.[0-9]+)?( million)?")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest integer that a count can be."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Say whether only one count is possible."""
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
        """Give the least percentage that prints so."""
        return Decimal(self.text) - Decimal(self.half_width)

    @property
    def high(self) -> Decimal:
        """Give the percentage that all true ones stay under."""
        return Decimal(self.text) + Decimal(self.half_width)


@dataclass(frozen=True, slots=True)
class Regime:
    """
    The rounding and suppression that one level of one publication goes through.

    `half_width` and `decimals` are by statistic; a statistic that is not in them is read but never judged. `reach` is
    how far below and above a printed count the true one can be, where `count_step` alone does not say it.
    """

    id: str
    title: str
    count_step: int
    smallest_count: int
    suppressed: Bounds | None
    half_width: Mapping[Statistic, Decimal]
    decimals: Mapping[Statistic, int]
    reach: tuple[int, int] | None = None

    def count_bounds(self, printed: int) -> Bounds:
        """
        Give the integers that are printed as this count, rounded half away from zero.

        >>> from decimal import Decimal
        >>> local = Regime("local", "", 5, 5, Bounds(0, 4), {}, {})
        >>> local.count_bounds(470), local.count_bounds(5)
        (Bounds(low=468, high=472), Bounds(low=5, high=7))
        """
        below, above = self.count_reach
        return Bounds(max(printed - below, self.smallest_count), printed + above)

    @property
    def count_reach(self) -> tuple[int, int]:
        """
        Give how far below and above a printed count the true one can be: an even step has its half below.

        A count worked out from rounded ones can be further off, and says so itself.
        """
        return self.reach or (self.count_step // 2, (self.count_step - 1) // 2)

    def in_form(self, printed: int) -> bool:
        """
        Say whether a printed count has gone through this regime.

        >>> local = Regime("local", "", 5, 5, Bounds(0, 4), {}, {})
        >>> [local.in_form(count) for count in (0, 5, 7, 470)]
        [False, True, False, True]
        """
        return printed % self.count_step == 0 and printed >= self.smallest_count


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
