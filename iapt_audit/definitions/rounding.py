"""Type the rounding and suppression that published figures went through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iapt_audit.model.bounds import Bounds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from iapt_audit.model.columns import Statistic


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
        Return the integers that are printed as this count, rounded half away from zero.

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
        Return how far below and above a printed count the true one can be: an even step has its half below.

        A count worked out from rounded ones can be further off, and says so itself.
        """
        return self.reach or (self.count_step // 2, (self.count_step - 1) // 2)

    def in_form(self, printed: int) -> bool:
        """
        Return whether a printed count has gone through this regime.

        >>> local = Regime("local", "", 5, 5, Bounds(0, 4), {}, {})
        >>> [local.in_form(count) for count in (0, 5, 7, 470)]
        [False, True, False, True]
        """
        return printed % self.count_step == 0 and printed >= self.smallest_count
