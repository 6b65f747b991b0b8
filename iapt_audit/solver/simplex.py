"""
Return whether some fractions satisfy linear constraints, exactly: by the simplex method, in fractions throughout.

Where no fractions do, no whole numbers do. Two variables that can be anything and push each other up one by one are
ruled out at once, where going through whole numbers would not end.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    #: The least and the greatest of something, None where it has none.
    Ends = tuple[int | None, int | None]


def feasible(rows: Sequence[Mapping[int, int]], ends: Sequence[Ends], bounds: Sequence[tuple[int, int]]) -> bool:
    """
    Return whether fractions within their bounds satisfy all constraints.

    Args:
        rows: The factor of each variable in each constraint.
        ends: What each constraint's sum is at least, and at most.
        bounds: What each variable is at least, and at most.
    """
    return _Simplex(rows, ends, bounds).solve()


class _Simplex:
    """
    The general simplex method: some variables and sums are expressed by the others and may be out of bounds.

    Always the first that is out of bounds is exchanged for the first that can make up for it, so that it ends.
    """

    def __init__(
        self, rows: Sequence[Mapping[int, int]], ends: Sequence[Ends], bounds: Sequence[tuple[int, int]]
    ) -> None:
        count = len(bounds)
        self.ends: list[Ends] = [*bounds, *ends]
        self.value = [Fraction(low) for low, _ in bounds]
        self.row = {
            count + at: {name: Fraction(factor) for name, factor in row.items() if factor}
            for at, row in enumerate(rows)
        }
        self.value += [sum((factor * self.value[name] for name, factor in row.items()), Fraction()) for row in
                       self.row.values()]  # fmt: skip

    def solve(self) -> bool:
        while True:
            out = next(((name, lack) for name in sorted(self.row) if (lack := self._lack(name))), None)
            if out is None:
                return True
            name, lack = out
            helper = next((other for other in sorted(self.row[name]) if self._can_help(name, other, lack)), None)
            if helper is None:
                return False
            self._exchange(name, helper, lack)

    def _lack(self, name: int) -> Fraction:
        """Return how much must be added to bring something within its bounds."""
        low, high = self.ends[name]
        value = self.value[name]
        if low is not None and value < low:
            return low - value
        return high - value if high is not None and value > high else Fraction()

    def _can_help(self, name: int, other: int, lack: Fraction) -> bool:
        """Return whether another has room on the side to which it must go."""
        low, high = self.ends[other]
        if (self.row[name][other] > 0) == (lack > 0):
            return high is None or self.value[other] < high
        return low is None or self.value[other] > low

    def _exchange(self, name: int, helper: int, lack: Fraction) -> None:
        """Bring something to its bound by another, and express the other by it."""
        old = self.row.pop(name)
        factor = old.pop(helper)
        step = lack / factor
        self.value[name] += lack
        self.value[helper] += step
        new = {other: -each / factor for other, each in old.items()} | {name: 1 / factor}
        for at, row in self.row.items():
            by = row.pop(helper, None)
            if by is None:
                continue
            self.value[at] += by * step
            for other, each in new.items():
                row[other] = row.get(other, Fraction()) + by * each
                if not row[other]:
                    del row[other]
        self.row[helper] = new
