"""
Say of some variables which of their values no solution has: what the rest of the figures gives away about them.

Narrowing goes first, over everything. Then one value of one variable in each system at a time is supposed: narrowing
refutes it, or numbers are found that satisfy every constraint, and these show at once that many other values are
possible too. What is left can be decided one by one. Sound: a value that is struck out is in no solution. Exact too,
but for what is told as undecided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.solver.cp_sat import UndecidedError, solution
from iapt_audit.solver.linear import Linear
from iapt_audit.solver.propagate import propagate
from iapt_audit.solver.search import components, search

if TYPE_CHECKING:
    from iapt_audit.arrays import Ints, Truths


#: With two values that solutions have, a variable is not pinned.
_TWO = 2
#: The same figures give the same answer, whichever way it is found.
_SEED = 20_170


@dataclass(frozen=True, slots=True)
class Effort:
    """
    How much is done beyond narrowing.

    So many rounds of supposing `within` groups, so many over the `whole` with what links the groups, and so many values
    decided one by one. These are steps and not seconds: the same figures give the same answer on every machine.
    """

    within: int = 0
    whole: int = 0
    solved: int = 0


NARROWING = Effort()
ORDINARY = Effort(within=60, solved=500)
THOROUGH = Effort(1_000_000, 1_000_000, 1_000_000)


class Means(IntEnum):
    """By which means something was found, the cheapest first."""

    NOT = 0
    NARROWING = 1
    SUPPOSING = 2
    SOLVING = 3


@dataclass(frozen=True, slots=True)
class Exposed:
    """
    What is known of each of C variables.

    `tied` says whether it is in a constraint that values within the bounds can break, and `open` whether it still is
    after narrowing; `narrowed` and `pinned` [C] by which `Means` it was found that it cannot have all the values within
    its bounds, or only one; `undecided` that more may yet be found.
    """

    tied: Truths
    open: Truths
    narrowed: Ints
    pinned: Ints
    undecided: Truths


def exposed(
    within: Linear, across: Linear, bounds: tuple[Ints, Ints], wanted: Ints, effort: Effort = ORDINARY
) -> Exposed:
    """
    Find how many of the values within their bounds some variables have in no solution.

    Args:
        within: Constraints that fall into small groups.
        across: Constraints that link these, if any. The system that a constraint is said to be of does not matter.
        bounds: The least and the greatest value of each variable, by its number.
        wanted: The variables that are asked about, each once.
        effort: How much is done beyond narrowing.

    Returns:
        What is known of each of the wanted. Of a system that is found to have no solution nothing is said: its figures
        are wrong, and prove nothing.
    """
    whole = Linear.joined([within, across])
    whole = replace(whole, system=components(whole, *bounds))
    tied = np.zeros(len(bounds[0]), dtype=bool)
    tied[whole.take(whole.breakable(*bounds)).variable] = True
    known = _KnownValues(bounds, wanted)
    known.narrow(whole, Means.NARROWING)
    is_open = _Probe(whole, known).system >= 0
    hunt = _Probe(within, known)
    hunt.suppose_all(effort.within)
    hunt.solve_all(effort.solved)
    if len(across):
        # what was found in the groups is carried from one to the other
        known.narrow(whole, Means.SUPPOSING)
        hunt = _Probe(whole, known)
        hunt.suppose_all(effort.whole)
        hunt.solve_all(effort.solved if effort.whole else 0)
    return Exposed(tied[wanted], is_open, known.narrowed, known.pinned, hunt.undecided)


class _KnownValues:
    """
    What is known of all variables, and of the wanted.

    `least` and `most` are the bounds of every variable; `values` [C, W] each value that a wanted one has within its
    printed bounds, and `left` [C, W] whether it is not struck out.
    """

    def __init__(self, printed: tuple[Ints, Ints], wanted: Ints) -> None:
        self.printed = printed
        self.least, self.most = (bound.copy() for bound in printed)
        self.wanted = wanted
        self.first, last = (bound[wanted] for bound in printed)
        self.width = last - self.first + 1
        self.values = self.first[:, None] + np.arange(int(self.width.max(initial=1)))
        self.printed_values = self.values <= last[:, None]
        self.left = self.printed_values.copy()
        self.narrowed, self.pinned = (np.zeros(len(wanted), dtype=np.int64) for _ in range(2))
        #: variables of systems that contradict themselves
        self.void = np.zeros(len(self.least), dtype=bool)

    def narrow(self, given: Linear, means: Means, moved: Truths | None = None) -> None:
        """Narrow everything by some constraints, from the variables that moved on, and strike out what is outside."""
        live = given.take(~given.any_term(self.void[given.variable]))
        found = propagate(live, self.least, self.most, moved)
        self.least, self.most = found.least, found.most
        self.avoid(live.variable[np.isin(live.system, found.impossible)[live.constraint]])
        least, most = self.least[self.wanted], self.most[self.wanted]
        self.left &= (self.values >= least[:, None]) & (self.values <= most[:, None])
        self.note(means)

    def strike(self, variable: Ints, value: Ints, given: Linear, means: Means) -> None:
        """
        Strike out values of the wanted, and narrow the rest by it.

        Args:
            variable: The places of variables among the wanted.
            value: The place of a value of each.
            given: The constraints that refute these, and hold the variables.
            means: How they did.
        """
        if not len(variable):
            return
        self.left[variable, value] = False
        nothing = ~self.left[variable].any(axis=1)
        if nothing.any():
            systems = given.system[given.any_term(np.isin(given.variable, self.wanted[variable[nothing]]))]
            self.avoid(given.variable[np.isin(given.system, systems)[given.constraint]])
        at = self.wanted[variable]
        last = self.left.shape[1] - 1
        low = self.first[variable] + self.left[variable].argmax(axis=1)
        high = self.first[variable] + last - self.left[variable][:, ::-1].argmax(axis=1)
        moved = np.zeros(len(self.least), dtype=bool)
        moved[at] = (low > self.least[at]) | (high < self.most[at])
        self.least[at], self.most[at] = np.maximum(self.least[at], low), np.minimum(self.most[at], high)
        self.narrow(given, means, moved)

    def avoid(self, variables: Ints) -> None:
        """Take back all that was found of the variables of a system that contradicts itself."""
        if not len(variables):
            return
        self.void[variables] = True
        self.least[variables], self.most[variables] = (bound[variables] for bound in self.printed)
        mine = self.void[self.wanted]
        self.left[mine] = self.printed_values[mine]
        self.narrowed[mine] = self.pinned[mine] = Means.NOT

    def note(self, means: Means) -> None:
        """Put down what is newly known, and by which means."""
        count = self.left.sum(axis=1)
        self.narrowed[(count < self.width) & (self.narrowed == Means.NOT)] = means
        self.pinned[(count == 1) & (self.narrowed != Means.NOT) & (self.pinned == Means.NOT)] = means


class _Probe:
    """
    Supposes values, system by system, to strike them out or to see them in a solution.

    `seen` and `tried` [C, W] are the values that some solution has, and those that were supposed.
    """

    def __init__(self, given: Linear, known: _KnownValues) -> None:
        self.known = known
        live = given.take(given.breakable(known.least, known.most))
        live = live.take(~live.any_term(known.void[live.variable]))
        self.given = replace(live, system=components(live, known.least, known.most))
        self.seen = np.zeros_like(known.left)
        self.tried = np.zeros_like(known.left)
        system = np.full(len(known.least), -1, dtype=np.int64)
        system[self.given.variable] = self.given.system[self.given.constraint]
        system[known.least >= known.most] = -1
        #: the system that each of the wanted is in, -1 where it is free within its bounds
        self.system = system[known.wanted]
        self.draw = np.random.default_rng(_SEED)

    @property
    def asked(self) -> Truths:
        """Mark the values that would tell something: of a variable that is narrowed and has two values, none would."""
        whole = np.equal(self.known.narrowed, Means.NOT)
        single = np.less(self.seen.sum(axis=1), _TWO) & np.equal(self.known.pinned, Means.NOT)
        bound = (self.system >= 0) & ~self.known.void[self.known.wanted]
        asks = (whole | single) & bound
        asked: Truths = self.known.left & ~self.seen & asks[:, None]
        return asked

    @property
    def undecided(self) -> Truths:
        """Mark the variables of which more may yet be found."""
        answer: Truths = np.any(self.asked, axis=1)
        return answer

    def suppose_all(self, rounds: int) -> None:
        """Suppose values until all are tried, at most so many in each system."""
        for _ in range(rounds):
            asked = self.asked
            chosen = self._chosen(asked & ~self.tried)
            if not len(chosen[0]):
                break
            self._suppose(*chosen, asked)

    def _chosen(self, asked: Truths) -> tuple[Ints, Ints]:
        """Choose one value of one variable in each system, an end before what lies between."""
        variable, value = np.nonzero(asked)
        inner = np.minimum(value, self.known.width[variable] - 1 - value)
        order = np.lexsort((self.draw.random(len(variable)), inner, self.system[variable]))
        first = order[np.unique(self.system[variable[order]], return_index=True)[1]]
        return variable[first], value[first]

    def _suppose(self, variable: Ints, value: Ints, asked: Truths) -> None:
        known, system = self.known, self.system[variable]
        self.tried[variable, value] = True
        part = self.given.take(np.isin(self.given.system, system))
        at = known.wanted[variable]
        low, high = known.least.copy(), known.most.copy()
        low[at] = high[at] = known.values[variable, value]
        moved = np.zeros(len(low), dtype=bool)
        moved[at] = True
        supposed = propagate(part, low, high, moved)
        found = search(supposed.open, supposed.least, supposed.most, self._start(asked))
        # what became impossible has no numbers, and its bounds may have crossed
        missed = np.union1d(part.system[~part.hold(found.values)], supposed.impossible)
        self._see(found.values, np.isin(self.system, np.setdiff1d(system, missed)))
        refuted = np.isin(system, supposed.impossible)
        known.strike(variable[refuted], value[refuted], part, Means.SUPPOSING)

    def _start(self, asked: Truths) -> Ints:
        """Begin a search where it would show most that is not known."""
        known = self.known
        start = self.draw.integers(known.least, np.maximum(known.least, known.most), endpoint=True)
        wish = np.where(asked, self.draw.random(asked.shape), -1).argmax(axis=1)
        some = np.flatnonzero(asked.any(axis=1))
        start[known.wanted[some]] = known.values[some, wish[some]]
        return start

    def _see(self, values: Ints, which: Truths) -> None:
        """Put down the values that the wanted have in a solution."""
        some = np.flatnonzero(which)
        self.seen[some, values[self.known.wanted[some]] - self.known.first[some]] = True

    def solve_all(self, most: int) -> None:
        """Decide values one by one, at most so many."""
        hard = np.zeros_like(self.tried)
        for _ in range(most):
            variable, value = (each[:1] for each in np.nonzero(self.asked & ~hard))
            if not len(variable):
                break
            hard[variable, value] = True
            part = self.given.take(self.given.system == self.system[variable[0]])
            known, at = self.known, self.known.wanted[variable]
            low, high = known.least.copy(), known.most.copy()
            low[at] = high[at] = known.values[variable, value]
            try:
                found = solution(part, low, high)
            except UndecidedError:
                continue
            if found is None:
                known.strike(variable, value, part, Means.SOLVING)
            else:
                self._see(found, self.system == self.system[variable[0]])
