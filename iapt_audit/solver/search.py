"""
Look for whole numbers that satisfy every constraint, over all systems at once.

Sound and not complete: numbers that are found are a proof that a system is possible; where none are found there may
still be some, and `cp_sat` decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.solver.linear import Linear, distinct
from iapt_audit.solver.propagate import propagate

if TYPE_CHECKING:
    from iapt_audit.arrays import Ints, Truths


#: How often a search begins, anew and elsewhere for what it did not settle.
_STARTS = 64
#: What is left is soon little: after the first, so many starts are made at once as come to this part of all terms, or
#: to so many terms as cost hardly more than one.
_AT_ONCE = 4
_FEW = 10_000
#: The same figures give the same answer, whichever way it is found.
_SEED = 20_170


@dataclass(frozen=True, slots=True)
class Searched:
    """
    A value for each variable, and what these values do not satisfy.

    `left` are constraints in which every component is a system of its own: what shares no open variable is decided
    apart.
    """

    values: Ints
    left: Linear


def search(given: Linear, least: Ints, most: Ints, start: Ints) -> Searched:
    """
    Settle one variable after the other, the most entangled first, and narrow the rest by each; begin anew elsewhere.

    Args:
        given: The constraints that the bounds do not guarantee, of systems that may be possible.
        least: The least value of each variable, narrowed.
        most: The greatest.
        start: The value of each that is tried first.

    Returns:
        Values within the bounds; all constraints but those `left` are satisfied by them, which is checked in plain
        integers.
    """
    left = replace(given, system=components(given, least, most))
    values = np.clip(start, least, most)
    # no number is within bounds that have crossed, though one may satisfy all constraints
    crossed = left.any_term((least > most)[left.variable])
    draw = np.random.default_rng(_SEED)
    # many need no search, and those that do are fewer then
    missed = _missed(left, crossed, values)
    left, crossed = left.take(missed), crossed[missed]
    at_once = max(len(given.variable) // _AT_ONCE, _FEW)
    begun = 0
    while len(left) and begun < _STARTS:
        times = max(1, min(at_once // len(left.variable), _STARTS - begun)) if begun else 1
        # most variables of a table are in no constraint that is left: the others are counted anew
        here = distinct(left.variable)
        place = np.zeros(len(least), dtype=np.int64)
        place[here] = np.arange(len(here))
        left = replace(left, variable=place[left.variable])
        low, high = least[here], most[here]
        drawn = draw.integers(low, np.maximum(low, high), (times, len(here)), endpoint=True)
        starts = drawn if begun else start[None, here]
        for found in _settle_apart(left, low, high, starts):
            missed = _missed(left, crossed, found)
            settled = left.take(~missed).variable
            values[here[settled]] = found[settled]
            left, crossed = left.take(missed), crossed[missed]
        left = replace(left, variable=here[left.variable])
        begun += times
    return Searched(values, left)


def _missed(given: Linear, crossed: Truths, values: Ints) -> Truths:
    """Mark the constraints of the systems that some values do not satisfy."""
    missed = distinct(given.system[crossed | ~given.hold(values)])
    of_missed: Truths = np.isin(given.system, missed)
    return of_missed


def components(given: Linear, least: Ints, most: Ints) -> Ints:
    """Return constraints the same number if a chain of variables with a choice links them [K]."""
    number = np.arange(len(given))
    if not len(given):
        return number
    free = least[given.variable] < most[given.variable]
    variable, constraint = given.variable[free], given.constraint[free]
    lowest = np.full(len(least), len(given), dtype=np.int64)
    while True:
        np.minimum.at(lowest, variable, number[constraint])
        reached = number.copy()
        np.minimum.at(reached, constraint, lowest[variable])
        if np.array_equal(reached, number):
            return number
        number = reached


def _settle_apart(given: Linear, least: Ints, most: Ints, starts: Ints) -> Ints:
    """Settle everything from each of some starts [S, V], with variables and systems of its own for each, at once."""
    times, variables = starts.shape
    names = given.systems
    given, systems = replace(given, system=np.searchsorted(names, given.system)), len(names)
    beside = Linear.joined(
        [
            replace(given, variable=given.variable + time * variables, system=given.system + time * systems)
            for time in range(times)
        ]
    )
    return _settle(beside, np.tile(least, times), np.tile(most, times), starts.ravel()).reshape(starts.shape)


def _settle(given: Linear, least: Ints, most: Ints, start: Ints) -> Ints:
    """Return each variable a value within its bounds; where that fails, they satisfy not all constraints."""
    live, low, high = given, least.copy(), most.copy()
    while len(live):
        chosen = _chosen(live, low, high)
        if not len(chosen):
            break
        low[chosen] = high[chosen] = np.clip(start[chosen], low[chosen], high[chosen])
        changed = np.zeros(len(low), dtype=bool)
        changed[chosen] = True
        narrowed = propagate(live, low, high, changed)
        low, high, live = narrowed.least, narrowed.most, narrowed.open
    # the bounds of what became impossible may have crossed
    values: Ints = np.clip(np.clip(start, low, np.maximum(low, high)), least, most)
    return values


def _chosen(live: Linear, low: Ints, high: Ints) -> Ints:
    """
    Choose variables to settle at once: of those not settled, the first of each constraint that they are in.

    The more constraints a variable is in, the sooner; no two of one constraint are chosen.
    """
    unsettled = low[live.variable] < high[live.variable]
    variable = live.variable[unsettled]
    degree = np.bincount(variable, minlength=len(low))
    # a number of its own for each variable, by degree and then by position
    rank = np.where(unsettled, degree[live.variable] * len(low) + live.variable, -1)
    first = np.maximum.reduceat(rank, live.start)[live.constraint]
    won = np.bincount(live.variable[unsettled & (rank == first)], minlength=len(low))
    chosen: Ints = np.flatnonzero((won == degree) & (degree > 0))
    return chosen
