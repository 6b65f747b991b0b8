"""
Narrow the bounds of the variables until nothing moves.

Sound and not complete: a value that is taken away is in no solution; one that is left may still be in none. All systems
of a table are narrowed in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.systems import UNBOUNDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iapt_audit.linear import Linear

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

#: Two variables that push each other up by one go round as often as they have values. What is not settled after so many
#: rounds is left as it is, which is sound.
_MOST_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Propagated:
    """
    The bounds of every variable after narrowing, and the systems that have no solution, by their number.

    `open` are the constraints of the other systems that the bounds do not yet guarantee.
    """

    least: Ints
    most: Ints
    impossible: Ints
    open: Linear


def propagate(given: Linear, least: Ints, most: Ints, changed: Truths | None = None) -> Propagated:
    """
    Narrow each variable to what the others leave it, in rounds over the constraints in which something moved.

    In a constraint low <= sum of a x <= high, the term a x of one variable is at least low less the most the other
    terms can be, and at most high less the least they can be.

    Args:
        given: The constraints.
        least: The least value of each variable, by its number.
        most: The greatest.
        changed: The variables that moved since nothing else did; without it all are new.
    """
    least, most = least.copy(), most.copy()
    dead = np.zeros(int(given.system.max(initial=-1)) + 1, dtype=bool)
    dead[given.system[given.any_term(least[given.variable] > most[given.variable])]] = True
    live = given
    moved = np.ones(len(least), dtype=bool) if changed is None else changed
    for _ in range(_MOST_ROUNDS):
        touched = live.take(live.any_term(moved[live.variable]))
        if not len(touched):
            break
        moved, guaranteed = _round(touched, least, most, dead)
        if guaranteed.any() or dead.any():
            live = _left(live, least, most, dead)
    live = _left(live, least, most, dead)
    return Propagated(least, most, np.flatnonzero(dead), live)


def _left(live: Linear, least: Ints, most: Ints, dead: Truths) -> Linear:
    """Keep the constraints of possible systems that some values within the bounds still break."""
    return live.take(live.breakable(least, most) & ~dead[live.system])


def _round(part: Linear, least: Ints, most: Ints, dead: Truths) -> tuple[Truths, Truths]:
    """Narrow in place by every constraint once; give which variables moved, and which constraints now always hold."""
    variable, constraint = part.variable, part.constraint
    smallest, greatest = part.ends(least, most)
    lowest, highest = part.summed(smallest), part.summed(greatest)
    has_low, has_high = part.low > -UNBOUNDED, part.high < UNBOUNDED
    dead[part.system[(lowest > part.high) | (highest < part.low)]] = True
    # what is left for one term when the others are at their greatest, or at their smallest
    floor = (np.where(has_low, part.low, 0) - highest)[constraint] + greatest
    ceiling = (np.where(has_high, part.high, 0) - lowest)[constraint] + smallest
    positive = part.coefficient > 0
    counts = part.coefficient != 0
    size = np.where(counts, np.abs(part.coefficient), 1)
    has_low, has_high = has_low[constraint] & counts, has_high[constraint] & counts
    up = -(-np.where(positive, floor, -ceiling) // size)
    down = np.where(positive, ceiling, -floor) // size
    raised = np.where(positive, has_low, has_high) & (up > least[variable])
    lowered = np.where(positive, has_high, has_low) & (down < most[variable])
    np.maximum.at(least, variable[raised], up[raised])
    np.minimum.at(most, variable[lowered], down[lowered])
    moved = np.zeros(len(least), dtype=bool)
    moved[variable[raised]] = True
    moved[variable[lowered]] = True
    emptied = moved[variable] & (least[variable] > most[variable])
    dead[part.system[constraint[emptied]]] = True
    guaranteed: Truths = np.logical_and(lowest >= part.low, highest <= part.high)
    return moved, guaranteed
