"""
Narrow the bounds of the variables until nothing moves.

Sound and not complete: a value that is taken away is in no solution; one that is left may still be in none. All systems
of a table are narrowed in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.linear import Linear

if TYPE_CHECKING:
    from iapt_audit.arrays import Ints, Truths


#: Two variables that push each other up by one go round as often as they have values. What is not settled after so many
#: rounds is left as it is, which is sound.
_MOST_ROUNDS = 200
#: Where one of so many constraints, or fewer, may be touched yet, it pays to set the others aside.
_FEW = 4


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
        """Return every system the name that its number has in `names`; those of one name stand or fall together."""
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
    is_open = np.ones(len(given), dtype=bool)
    live, rows = given, np.arange(len(given))
    touched = rows if changed is None else np.flatnonzero(live.any_term(changed[live.variable]))
    moved = np.zeros(len(least), dtype=bool)
    for _ in range(_MOST_ROUNDS):
        touched = touched[is_open[rows[touched]] & ~dead[live.system[touched]]]
        if not len(touched):
            break
        variables, guaranteed = _round(live.take(touched) if len(touched) < len(live) else live, least, most, dead)
        is_open[rows[touched[guaranteed]]] = False
        if len(touched) * _FEW < len(live):
            # nothing moves any more in the systems that were not touched
            stirs = np.zeros(len(dead), dtype=bool)
            stirs[live.system[touched]] = True
            kept = np.flatnonzero(stirs[live.system] & is_open[rows])
            if len(kept) * _FEW < len(live):
                live, rows = live.take(kept), rows[kept]
        moved[variables] = True
        touched = np.flatnonzero(live.any_term(moved[live.variable]))
        moved[variables] = False
    is_open &= ~dead[given.system]
    return Propagated(least, most, np.flatnonzero(dead), given if is_open.all() else given.take(is_open))


def propagate_on(first: Propagated, more: Linear) -> Propagated:
    """Narrow by more constraints what others have narrowed, and go on with all where these moved something."""
    then = propagate(more, first.least, first.most).without(first.impossible)
    moved = (then.least != first.least) | (then.most != first.most)
    every = Linear.joined([first.without(then.impossible).open, then.open])
    return propagate(every, then.least, then.most, moved).without(then.impossible)


def _round(part: Linear, least: Ints, most: Ints, dead: Truths) -> tuple[Ints, Truths]:
    """Narrow in place by every constraint once; give the variables that moved, and which constraints always hold."""
    smallest, greatest = part.ends(least, most)
    lowest, highest = part.summed(smallest), part.summed(greatest)
    dead[part.system[(lowest > part.high) | (highest < part.low)]] = True
    guaranteed: Truths = np.logical_and(lowest >= part.low, highest <= part.high)
    # how far the sum may rise from its least, and fall from its greatest
    has_low, has_high = part.low > -UNBOUNDED, part.high < UNBOUNDED
    fall = np.where(has_low, highest - np.where(has_low, part.low, 0), UNBOUNDED)
    rise = np.where(has_high, np.where(has_high, part.high, 0) - lowest, UNBOUNDED)
    # a term that can be no further from its ends than the sum from its own is not narrowed
    tight = np.flatnonzero(greatest - smallest > np.maximum(np.minimum(fall, rise), 0)[part.constraint])
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
    emptied = least[variable] > most[variable]
    dead[part.system[constraint[emptied]]] = True
    return variable[raised | lowered], guaranteed
