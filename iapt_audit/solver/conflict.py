"""
Find out why a system is impossible: a set of rules and figures of which each is needed, and what could be wrong.

The figures are of two kinds: the printed counts, which bound the variables, and the printed rates, which make
constraints. A figure is set aside by giving its variable every value from 0 up, or by leaving its constraints out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.solver.cp_sat import MOST_WORK
from iapt_audit.solver.decide import decide, possible
from iapt_audit.solver.linear import NO_FIGURE
from iapt_audit.solver.propagate import propagate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from iapt_audit.arrays import Ints
    from iapt_audit.solver.linear import Linear

    Items = Sequence[int]

#: A figure that is set aside can stand for any count up to here: more than there are people.
_ANY = 1_000_000_000
#: How much work is allowed to ask whether a rule or figure can be spared, which is asked often. What stays open counts
#: as possible; a conflict then holds more than it needs, and is one all the same.
_STEP_WORK = 0.03
#: A system of more constraints than these is not decided exactly: what narrowing does not rule out counts as possible.
_MOST_EXACT = 2_000
#: How many answers of more than one figure are told.
_MOST_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Case:
    """
    The constraints of one system and the bounds of its variables; `start` is the value of each that is tried first.

    A figure is named by the number of its variable, or, if it makes constraints, by its number as their `figure`; the
    two never coincide. `weight` says of each how readily it is taken for the wrong one, the lighter the sooner; without
    it all are alike.
    """

    given: Linear
    least: Ints
    most: Ints
    start: Ints
    weight: Ints | None = None

    @classmethod
    def of_system(cls, system: int, given: Linear, least: Ints, most: Ints, start: Ints) -> tuple[Case, Ints]:
        """Take one system out of a table; give with it the old number of each of its figures, by the new."""
        part = given.take(given.system == system)
        old = np.unique(np.concatenate([part.variable, part.figure[part.figure != NO_FIGURE]]))
        figure = np.where(part.figure == NO_FIGURE, NO_FIGURE, np.searchsorted(old, part.figure))
        part = replace(part, variable=np.searchsorted(old, part.variable), figure=figure)
        return cls(part, least[old], most[old], start[old]), old

    def of_rules(self, rules: Iterable[int]) -> Case:
        """Keep the constraints of some rules."""
        kept = np.isin(self.given.rule, list(rules))
        return replace(self, given=self.given.take(kept))

    def without(self, figures: Iterable[int]) -> Case:
        """Set some figures aside."""
        aside = np.array(list(figures), dtype=np.int64)
        least, most = self.least.copy(), self.most.copy()
        least[aside], most[aside] = 0, _ANY
        return replace(self, given=self.given.take(~np.isin(self.given.figure, aside)), least=least, most=most)

    @property
    def figures(self) -> list[int]:
        """Return the figures of the system, by number."""
        made_by = self.given.figure[self.given.figure != NO_FIGURE]
        return [int(each) for each in np.unique(np.concatenate([self.given.variable, made_by]))]

    @property
    def known(self) -> list[int]:
        """Return the figures that are not set aside."""
        return [figure for figure in self.figures if self.most[figure] != _ANY]

    @property
    def rules(self) -> list[int]:
        """Return the rules of the system, by number."""
        return [int(each) for each in np.unique(self.given.rule)]

    @property
    def impossible_rules(self) -> list[int]:
        """Return the rules that are impossible by themselves, by number."""
        alone = replace(self.given, system=np.zeros(len(self.given), dtype=np.int64))
        return [int(each) for each in impossible_alone(alone, self.least, self.most, self.start)[1]]

    @property
    def is_possible(self) -> bool:
        """Return whether there is a solution, as far as the work of a step can tell."""
        return self.is_possible_within(_STEP_WORK)

    def is_possible_within(self, work: float) -> bool:
        """Return whether there is a solution: exactly, or of a large system as far as narrowing can tell."""
        if len(self.given) > _MOST_EXACT:
            return not self.is_narrowed_away
        return possible(self.given, self.least, self.most, self.start, work)

    @property
    def is_narrowed_away(self) -> bool:
        """Return whether narrowing alone finds no solution."""
        return len(propagate(self.given, self.least, self.most).impossible) > 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """
    Rules and figures that cannot all hold, and of which none can be spared.

    `answers` are the smallest sets of figures such that, were they wrong, all others could be right: all that are a
    single figure, or some that are two. `case` has the conflict's constraints alone, the figures that do not matter set
    aside; `printed` has the same constraints with every figure as printed.
    """

    rules: tuple[int, ...]
    figures: tuple[int, ...]
    answers: tuple[tuple[int, ...], ...]
    case: Case
    printed: Case


def impossible_alone(given: Linear, least: Ints, most: Ints, start: Ints) -> tuple[Ints, Ints]:
    """
    Find the rules that are impossible by themselves, in many systems at once.

    Args:
        given: The constraints.
        least: The least value of each variable, by its number.
        most: The greatest.
        start: The value of each that is tried first.

    Returns:
        The system and the number of each such rule, in their order.
    """
    pairs, apart = np.unique(np.stack([given.system, given.rule]), axis=1, return_inverse=True)
    # systems share no variable, so that each rule has variables of its own
    count = len(least)
    own, variable = np.unique(apart[given.constraint] * count + given.variable, return_inverse=True)
    of = own % count
    told = decide(replace(given, system=apart, variable=variable), least[of], most[of], start[of])
    return pairs[0][told.impossible], pairs[1][told.impossible]


def impossible_by_one_figure(
    given: Linear, least: Ints, most: Ints, start: Ints, is_wanted: Callable[[int], bool]
) -> Ints:
    """
    Find the systems of which one wanted rule alone is impossible, and that are possible without its printed figure.

    Their only conflict is within that rule: what is left once it is taken out is a relaxation of what is found possible
    here.

    Args:
        given: The constraints of impossible systems.
        least: The least value of each variable, by its number.
        most: The greatest.
        start: The value of each that is tried first.
        is_wanted: Whether a rule, by its number, is of the kind.
    """
    system, rule = impossible_alone(given, least, most, start)
    alone, place, many = np.unique(system, return_index=True, return_counts=True)
    chosen = np.array(
        [count == 1 and is_wanted(int(rule[at])) for at, count in zip(place, many, strict=True)], dtype=bool
    )
    alone, its = alone[chosen], rule[place[chosen]]
    part = given.take(np.isin(given.system, alone))
    makes = (part.rule == its[np.searchsorted(alone, part.system)]) & (part.figure != NO_FIGURE)
    rest = decide(part.take(~makes), least, most, start)
    return np.setdiff1d(alone, np.concatenate([rest.impossible, rest.undecided]))


def conflicts(case: Case, is_told: Callable[[Conflict], bool] = lambda _: False) -> list[Conflict]:
    """
    Find conflicts that share no figure until what is left of an impossible system is possible.

    Args:
        case: The system.
        is_told: Whether somebody tells a conflict already, so that nobody asks what could be wrong.
    """
    found: list[Conflict] = []
    rest = case
    while not rest.is_possible_within(MOST_WORK):
        one = _conflict(rest)
        if not one.figures:
            # rules that contradict each other by themselves say nothing of what is printed
            break
        found.append(one)
        rest = rest.without(one.figures)
    # an answer to one conflict is asked of everything that the others do not touch
    return [
        one if is_told(one) else replace(one, answers=_answers(case.without(_others(one, found)), one.figures))
        for one in found
    ]


def _others(one: Conflict, found: Iterable[Conflict]) -> list[int]:
    return [figure for other in found if other is not one for figure in other.figures]


def _conflict(case: Case) -> Conflict:
    """Find one conflict: within a single rule if there is such a one, since that is the plainest to tell."""
    alone = case.impossible_rules
    small = case.of_rules(alone[:1]) if alone else case
    # narrowing decides fast and mostly, and may call possible what is not: only then is each step decided exactly
    if case.is_narrowed_away:
        small = _reduced(small, lambda each: each.is_narrowed_away)
    small = _reduced(small, lambda each: not each.is_possible)
    return Conflict(tuple(small.rules), tuple(small.known), (), small, case.of_rules(small.rules))


def _reduced(case: Case, is_impossible: Callable[[Case], bool]) -> Case:
    """Leave out every rule and set aside every figure that an impossible system can spare."""
    small = case.of_rules(_needed(case.rules, lambda rules: is_impossible(case.of_rules(rules))))
    every = small.known
    kept = _needed(every, lambda figures: is_impossible(small.without(set(every) - set(figures))))
    return small.without(set(every) - set(kept))


def _needed(items: Items, is_impossible: Callable[[list[int]], bool]) -> list[int]:
    """
    Leave out what can be spared, halves first and then ever smaller parts, until each item is needed.

    >>> _needed(range(100), lambda kept: {3, 40, 41} <= set(kept))
    [3, 40, 41]
    """
    kept = list(items)
    size = max(1, len(kept) // 2)
    while True:
        at = 0
        while at < len(kept):
            fewer = kept[:at] + kept[at + size :]
            if is_impossible(fewer):
                kept = fewer
            else:
                at += size
        if size == 1:
            return kept
        size = max(1, size // 2)


def _answers(case: Case, figures: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return the figures that, set aside one by one, leave a possible system, or else pairs; the lightest first."""
    weight = np.ones(len(case.least), dtype=np.int64) if case.weight is None else case.weight

    def lightest(answer: Iterable[int]) -> tuple[int, tuple[int, ...]]:
        return int(sum(weight[each] for each in answer)), tuple(answer)

    alone = [(figure,) for figure in figures if case.without([figure]).is_possible]
    if alone:
        return tuple(sorted(alone, key=lightest))
    pairs: list[tuple[int, ...]] = []
    for pair in sorted(combinations(figures, 2), key=lightest):
        if len(pairs) < _MOST_ANSWERS and case.without(pair).is_possible:
            pairs.append(pair)
    return tuple(pairs)
