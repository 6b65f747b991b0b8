"""
Narrow the bounds of the variables until nothing moves.

Sound and not complete: a value that is taken away is in no solution; one that is left may still be in none. Vectorised
over all systems of equal shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.systems import UNBOUNDED, Systems

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Propagated:
    """The systems with narrowed bounds; `impossible` marks those in which a variable has no value left."""

    systems: Systems
    impossible: NDArray[np.bool_]


def propagate(given: Systems) -> Propagated:
    """
    Narrow each variable to what the others leave it, in rounds over the systems in which something moved.

    In a constraint low <= sum of a x <= high, the term a x of one variable is at least low less the most the other
    terms can be, and at most high less the least they can be.
    """
    least, most = given.least.copy(), given.most.copy()
    active = np.arange(len(given))
    impossible: NDArray[np.bool_] = np.any(least > most, axis=1)
    active = active[~impossible]
    while len(active):
        part = given.take(active).narrowed(least[active], most[active])
        new_least, new_most = _round(part)
        moved = ((new_least > part.least) | (new_most < part.most)).any(axis=1)
        least[active], most[active] = new_least, new_most
        emptied = (new_least > new_most).any(axis=1)
        impossible[active] = emptied
        active = active[moved & ~emptied]
    return Propagated(given.narrowed(least, most), impossible)


def _round(part: Systems) -> tuple[Ints, Ints]:
    least, most = part.least, part.most
    for constraint in range(part.coefficient.shape[1]):
        factor = part.coefficient[:, constraint, :]
        low, high = part.low[:, constraint, None], part.high[:, constraint, None]
        smallest = np.where(factor >= 0, factor * least, factor * most)
        greatest = np.where(factor >= 0, factor * most, factor * least)
        # what is left for one term when the others are at their greatest, or at their smallest
        floor = np.where(low > -UNBOUNDED, low - (greatest.sum(axis=1, keepdims=True) - greatest), 0)
        ceiling = np.where(high < UNBOUNDED, high - (smallest.sum(axis=1, keepdims=True) - smallest), 0)
        divisor = np.where(factor == 0, 1, factor)
        up, down = -(-floor // divisor), ceiling // divisor
        up_for_negative, down_for_negative = -(-ceiling // divisor), floor // divisor
        bounded_low, bounded_high = (low > -UNBOUNDED) & (factor != 0), (high < UNBOUNDED) & (factor != 0)
        positive = factor > 0
        raised = np.where(
            positive & bounded_low, up, np.where(~positive & bounded_high, up_for_negative, np.iinfo(np.int64).min)
        )
        lowered = np.where(
            positive & bounded_high, down, np.where(~positive & bounded_low, down_for_negative, UNBOUNDED)
        )
        least, most = np.maximum(least, raised), np.minimum(most, lowered)
    return least, most
