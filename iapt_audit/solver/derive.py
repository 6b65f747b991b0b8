"""Derive, step by step, why a small system is impossible: each step takes one rule and what is known so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iapt_audit.solver.dense import UNBOUNDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.solver.conflict import Case

#: More steps than these are no help to a reader.
_MOST_STEPS = 12
#: Bounds that creep towards each other are left alone after so many moves.
_MOST_MOVES = 2_000


@dataclass(frozen=True, slots=True)
class DerivationStep:
    """
    By a rule, a variable is at least, or at most, a value; `after` are the earlier steps that it rests on.

    The last step of a derivation gives a variable that no value is left for.
    """

    rule: int
    variable: int
    is_least: bool
    value: int
    after: tuple[int, ...]


def derive(case: Case) -> list[DerivationStep] | None:
    """
    Return the steps from the printed figures to a variable with no value left; None if narrowing does not lead there.

    Args:
        case: An impossible system, best one of which every part is needed.
    """
    taken = _Taken(case)
    for _ in range(_MOST_MOVES):
        if taken.end is not None or not taken.go_round():
            break
    return None if taken.end is None else taken.told()


class _Taken:
    """The steps taken so far, and the last step that moved each bound."""

    def __init__(self, case: Case) -> None:
        given = case.given
        known = set(case.known)
        self.constraints: list[tuple[int, list[tuple[int, int]], int, int]] = []
        for rule, start, length, low, high in zip(
            given.rule, given.start, given.length, given.low, given.high, strict=True
        ):
            factors: Counter[int] = Counter()
            for variable, factor in zip(
                given.variable[start : start + length], given.coefficient[start : start + length], strict=True
            ):
                factors[int(variable)] += int(factor)
            # a reader is better told of a figure that is printed than of one that can be anything
            terms = sorted(factors.items(), key=lambda term: term[0] not in known)
            self.constraints.append((int(rule), [term for term in terms if term[1]], int(low), int(high)))
        self.bounds = {int(each): [int(case.least[each]), int(case.most[each])] for each in case.given.variable}
        self.last: dict[tuple[int, bool], int] = {}
        self.steps: list[DerivationStep] = []
        self.end: int | None = None

    def go_round(self) -> bool:
        """Take every constraint once; say whether a bound moved."""
        before = len(self.steps)
        for rule, terms, low, high in self.constraints:
            for variable, factor in terms:
                for is_least, value in self._leaves(variable, factor, terms, low, high):
                    self._move(rule, variable, value, terms, is_least=is_least)
                    if self.end is not None:
                        return True
        return len(self.steps) > before

    def _leaves(
        self, variable: int, factor: int, terms: list[tuple[int, int]], low: int, high: int
    ) -> Iterator[tuple[bool, int]]:
        """Return the bounds that a constraint leaves one of its variables."""
        others = [(other, by) for other, by in terms if other != variable]
        most = sum(by * self.bounds[other][by > 0] for other, by in others)
        least = sum(by * self.bounds[other][by < 0] for other, by in others)
        if low > -UNBOUNDED:
            # factor x variable >= low - most
            yield (True, -((most - low) // factor)) if factor > 0 else (False, (most - low) // -factor)
        if high < UNBOUNDED:
            yield (False, (high - least) // factor) if factor > 0 else (True, -((high - least) // -factor))

    def _move(self, rule: int, variable: int, value: int, terms: list[tuple[int, int]], *, is_least: bool) -> None:
        least, most = self.bounds[variable]
        if value <= least if is_least else value >= most:
            return
        own = dict(terms)[variable]
        # raising this variable rests on the far ends of those that pull against it
        after = {
            self.last[other, (by > 0) == ((own > 0) != is_least)]
            for other, by in terms
            if other != variable and (other, (by > 0) == ((own > 0) != is_least)) in self.last
        }
        crosses = value > most if is_least else value < least
        if crosses and (variable, not is_least) in self.last:
            after.add(self.last[variable, not is_least])
        self.last[variable, is_least] = len(self.steps)
        self.steps.append(DerivationStep(rule, variable, is_least, value, tuple(sorted(after))))
        self.bounds[variable][0 if is_least else 1] = value
        if crosses:
            self.end = len(self.steps) - 1

    def told(self) -> list[DerivationStep] | None:
        """Keep the steps that the last one rests on, numbered anew."""
        needed: set[int] = set()
        ahead = [self.end] if self.end is not None else []
        while ahead:
            at = ahead.pop()
            if at not in needed:
                needed.add(at)
                ahead += self.steps[at].after
        kept = sorted(needed)
        if len(kept) > _MOST_STEPS:
            return None
        place = {old: new for new, old in enumerate(kept)}
        return [
            DerivationStep(
                step.rule, step.variable, step.is_least, step.value, tuple(place[each] for each in step.after)
            )
            for step in (self.steps[at] for at in kept)
        ]
