"""Decide which systems are possible: narrow all of them first, search those that stay open, solve what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.solver.cp_sat import MOST_WORK, NoSolverError, UndecidedError, solution
from iapt_audit.solver.propagate import propagate
from iapt_audit.solver.search import search

if TYPE_CHECKING:
    from iapt_audit.arrays import Ints
    from iapt_audit.solver.linear import Linear
    from iapt_audit.solver.propagate import Propagated


@dataclass(frozen=True, slots=True)
class Decided:
    """
    What is known of each system, by its number, and by which means.

    `impossible` are those with no solution, `undecided` those too hard to tell; all others are possible. `unsolved` are
    the undecided ones for which CP-SAT was not there. `narrowed` of all were decided by narrowing alone, `searched` by
    numbers that were found, `solved` one by one. `least` and `most` are the narrowed bounds of every variable.
    """

    impossible: Ints
    undecided: Ints
    unsolved: Ints
    narrowed: int
    searched: int
    solved: int
    least: Ints
    most: Ints


def decide(given: Linear, least: Ints, most: Ints, start: Ints, work: float = MOST_WORK) -> Decided:
    """
    Decide every system of a table.

    Args:
        given: The constraints.
        least: The least value of each variable, by its number.
        most: The greatest.
        start: The value of each that is tried first.
        work: How much work is allowed for one system (`solver.cp_sat.MOST_WORK`).
    """
    return decide_narrowed(propagate(given, least, most), len(given.systems), start, work)


def decide_narrowed(first: Propagated, systems: int, start: Ints, work: float = MOST_WORK) -> Decided:
    """
    Decide every system of a table that has been narrowed.

    Args:
        first: What narrowing left open.
        systems: How many systems the table has.
        start: The value of each variable that is tried first.
        work: How much work is allowed for one system.
    """
    found = search(first.open, first.least, first.most, start)
    impossible, undecided, unsolved = [first.impossible], [], []
    # a component is called after the first of its constraints
    components = found.left.systems
    for component in components:
        part = found.left.take(found.left.system == component)
        of_system = first.open.system[[component]]
        try:
            if solution(part, first.least, first.most, work) is None:
                impossible.append(of_system)
        except UndecidedError as error:
            undecided.append(of_system)
            if isinstance(error, NoSolverError):
                unsolved.append(of_system)
    still_open = first.open.systems
    solved = np.unique(first.open.system[components])
    return Decided(
        impossible=np.unique(np.concatenate(impossible)),
        undecided=np.setdiff1d(_joined(undecided), _joined(impossible)),
        unsolved=np.setdiff1d(_joined(unsolved), _joined(impossible)),
        narrowed=systems - len(still_open),
        searched=len(still_open) - len(solved),
        solved=len(solved),
        least=first.least,
        most=first.most,
    )


def _joined(parts: list[Ints]) -> Ints:
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *parts]))


def possible(given: Linear, least: Ints, most: Ints, start: Ints, work: float = MOST_WORK) -> bool:
    """Return whether some whole numbers satisfy all constraints of a table; what is too hard to tell counts as such."""
    return not len(decide(given, least, most, start, work).impossible)
