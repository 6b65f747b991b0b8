"""
Narrow the bounds of the variables until nothing moves.

Sound and not complete: a value that is taken away is in no solution; one that is left may still be in none. All systems
of a table are narrowed in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.linear import Linear
from iapt_audit.systems import UNBOUNDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

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

    def called(self, names: Ints) -> Propagated:
        """Give every system the name that its number has in `names`; those of one name stand or fall together."""
        impossible = np.unique(names[self.impossible])
        still_open = replace(self.open, system=names[self.open.system])
        return Propagated(self.least, self.most, impossible, still_open).without(impossible)

    def without(self, impossible: Ints) -> Propagated:
        """Count some systems among the impossible ones."""
        if not len(impossible):
            return self
        left = self.open.take(~np.isin(self.open.system, impossible))
        return Propagated(self.least, self.most, np.union1d(self.impossible, impossible), left)


def propagate(given: Linear, least: Ints, most: Ints, changed: Truths | None = None) -> Propagated:
    """
    Narrow each variable to what the others leave it, in rounds over the constraints in which something moved.

    In a constraint low <= sum of a x <= high, the term a x of one variable is at least low less the most the other
    terms can be, and at most high less the least they can be.

    Args:
        given: The constraints.
        least: The least value of each variable, by its number.
        most: The greatest.
        changed: The variables that moved since nothing else did; without it all are new. A constraint in which nothing
            moves then stays open.
    """
    least, most = least.copy(), most.copy()
    dead = np.zeros(int(given.system.max(initial=-1)) + 1, dtype=bool)
    crossed = least > most
    if crossed.any():
        dead[given.system[given.any_term(crossed[given.variable])]] = True
    is_open, moved = ~dead[given.system], changed
    for _ in range(_MOST_ROUNDS):
        touched = np.flatnonzero(is_open if moved is None else is_open & given.any_term(moved[given.variable]))
        if not len(touched):
            break
        moved, guaranteed = _round(given.take(touched) if len(touched) < len(given) else given, least, most, dead)
        is_open[touched[guaranteed]] = False
        is_open &= ~dead[given.system]
    return Propagated(least, most, np.flatnonzero(dead), given.take(is_open))


def propagate_on(first: Propagated, more: Linear) -> Propagated:
    """Narrow by more constraints what others have narrowed, and go on with all where these moved something."""
    then = propagate(more, first.least, first.most).without(first.impossible)
    moved = (then.least != first.least) | (then.most != first.most)
    every = Linear.joined([first.without(then.impossible).open, then.open])
    return propagate(every, then.least, then.most, moved).without(then.impossible)


def _round(part: Linear, least: Ints, most: Ints, dead: Truths) -> tuple[Truths, Truths]:
    """Narrow in place by every constraint once; give which variables moved, and which constraints now always hold."""
    smallest, greatest = part.ends(least, most)
    lowest, highest = part.summed(smallest), part.summed(greatest)
    dead[part.system[(lowest > part.high) | (highest < part.low)]] = True
    moved = np.zeros(len(least), dtype=bool)
    guaranteed: Truths = np.logical_and(lowest >= part.low, highest <= part.high)
    # how far the sum may rise from its least, and fall from its greatest
    has_low, has_high = part.low > -UNBOUNDED, part.high < UNBOUNDED
    fall = np.where(has_low, highest - np.where(has_low, part.low, 0), UNBOUNDED)
    rise = np.where(has_high, np.where(has_high, part.high, 0) - lowest, UNBOUNDED)
    # a term that can be no further from its ends than the sum from its own is not narrowed
    tight = np.flatnonzero(greatest - smallest > np.maximum(np.minimum(fall, rise), 0)[part.constraint])
    if not len(tight):
        return moved, guaranteed
    variable, constraint, coefficient = part.variable[tight], part.constraint[tight], part.coefficient[tight]
    has_low, has_high = has_low[constraint], has_high[constraint]
    # what is left for one term when the others are at their greatest, or at their smallest
    floor = greatest[tight] - np.where(has_low, fall[constraint], 0)
    ceiling = smallest[tight] + np.where(has_high, rise[constraint], 0)
    positive = coefficient > 0
    size = np.abs(coefficient)
    up = -(-np.where(positive, floor, -ceiling) // size)
    down = np.where(positive, ceiling, -floor) // size
    raised = np.where(positive, has_low, has_high) & (up > least[variable])
    lowered = np.where(positive, has_high, has_low) & (down < most[variable])
    np.maximum.at(least, variable[raised], up[raised])
    np.minimum.at(most, variable[lowered], down[lowered])
    moved[variable[raised]] = True
    moved[variable[lowered]] = True
    emptied = least[variable] > most[variable]
    dead[part.system[constraint[emptied]]] = True
    return moved, guaranteed
