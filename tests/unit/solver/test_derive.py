from __future__ import annotations

import numpy as np
import pytest
from unit.solver.test_conflict import case_of, drawn, equal, order, rate

from iapt_audit.solver import derive as derive_module
from iapt_audit.solver.conflict import Case, conflicts
from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.derive import DerivationStep, derive
from iapt_audit.solver.linear import NO_FIGURE, Linear, Origin


def at_least(rule: int, variable: int, value: int, after: tuple[int, ...]) -> DerivationStep:
    return DerivationStep(rule, variable, is_least=True, value=value, after=after)


def at_most(rule: int, variable: int, value: int, after: tuple[int, ...]) -> DerivationStep:
    return DerivationStep(rule, variable, is_least=False, value=value, after=after)


def known_after(case: Case, steps: list[DerivationStep], after: tuple[int, ...], variable: int) -> tuple[int, int]:
    """Return the bounds of a variable as printed, and by those earlier steps that a step rests on."""
    least, most = int(case.least[variable]), int(case.most[variable])
    for step in (steps[at] for at in after):
        if step.variable == variable:
            least, most = (max(least, step.value), most) if step.is_least else (least, min(most, step.value))
    return least, most


def follows(case: Case, steps: list[DerivationStep], number: int) -> bool:
    """
    Return whether a step follows: no value beyond its own fits some constraint of its rule, whatever the others are.
    """
    step = steps[number]
    assert all(at < number for at in step.after)
    for at in np.flatnonzero(case.given.rule == step.rule):
        terms = slice(case.given.start[at], case.given.start[at] + case.given.length[at])
        sums: dict[int, int] = {}
        for variable, factor in zip(case.given.variable[terms], case.given.coefficient[terms], strict=True):
            sums[int(variable)] = sums.get(int(variable), 0) + int(factor)
        own = sums.pop(step.variable, 0)
        ends = {name: known_after(case, steps, step.after, name) for name in sums}
        least = sum(min(factor * end for end in ends[name]) for name, factor in sums.items())
        most = sum(max(factor * end for end in ends[name]) for name, factor in sums.items())
        beyond = step.value - 1 if step.is_least else step.value + 1
        outward = -1 if step.is_least else 1
        low, high = int(case.given.low[at]), int(case.given.high[at])
        # the term only goes on the same way from the value beyond, so that the first that fails stands for all
        too_low = low > -UNBOUNDED and own * beyond + most < low and own * outward <= 0
        too_high = high < UNBOUNDED and own * beyond + least > high and own * outward >= 0
        if own and (too_low or too_high):
            return True
    return False


def crosses(case: Case, steps: list[DerivationStep]) -> bool:
    """Return whether the last step leaves its variable no value."""
    *_, last = steps
    least, most = known_after(case, steps, last.after, last.variable)
    return last.value > most if last.is_least else last.value < least


HAND_WORKED: dict[str, tuple[Case, list[DerivationStep]]] = {
    # 100 = 40 + 30 with the parts 70 at most
    "a sum": (case_of([equal(0, 1, 2)], [(100, 100), (40, 40), (30, 30)]), [at_most(0, 0, 70, ())]),
    # 0 is 9 or more, so is 1, and so is 2, which is 5 at most
    "a chain of orders": (
        case_of([order(0, 1), order(1, 2)], [(9, 9), (0, 50), (5, 5)]),
        [at_least(0, 1, 9, ()), at_most(1, 1, 5, (0,))],
    ),
    # 3x of 7 to 8: at least 3, at most 2
    "a hole": (case_of([[({0: 3}, 7, 8, NO_FIGURE)]], [(0, 9)]), [at_least(0, 0, 3, ()), at_most(0, 0, 2, (0,))]),
    "a factor below 0": (
        case_of([[({0: -3}, -8, -7, NO_FIGURE)]], [(0, 9)]),
        [at_most(0, 0, 2, ()), at_least(0, 0, 3, (0,))],
    ),
}


@pytest.mark.parametrize(("case", "expected"), HAND_WORKED.values(), ids=HAND_WORKED)
def test_hand_worked_contradictions_are_derived(case: Case, expected: list[DerivationStep]) -> None:
    assert derive(case) == expected


@pytest.mark.parametrize("seed", range(200))
def test_each_step_follows_from_earlier_ones_and_the_last_leaves_nothing(seed: int) -> None:
    for one in conflicts(drawn(seed).wrong):
        steps = derive(one.case)
        if steps is None:
            continue

        assert [at for at in range(len(steps)) if not follows(one.case, steps, at)] == []
        assert crosses(one.case, steps)
        # no step that nothing rests on
        used = {at for step in steps for at in step.after}
        assert used == set(range(len(steps) - 1))


@pytest.mark.thorough
def test_most_contradictions_are_derived() -> None:
    told = [derive(one.case) for seed in range(200) for one in conflicts(drawn(seed).wrong)]

    assert sum(steps is not None for steps in told) > 0.9 * len(told) > 0
    assert any(steps is not None and len(steps) > 2 for steps in told)


def test_a_variable_that_stands_twice_in_a_constraint_is_taken_with_the_sum_of_its_factors() -> None:
    # 2x is 6 to 6, written as x + x: 3 fits, so there is nothing to derive
    twice = Linear.of(
        np.array([[0, 0]]), np.array([1, 1]), (np.array([6]), np.array([6])), Origin(np.zeros(1, int), np.zeros(1, int))
    )
    possible = Case(twice, np.array([0]), np.array([4]), np.array([0]))
    steps = derive(Case(twice, np.array([0]), np.array([2]), np.array([0])))

    assert derive(possible) is None
    assert steps == [at_least(0, 0, 3, ())]


def test_what_can_be_anything_is_not_what_a_reader_is_told_of() -> None:
    # 0 + 1 <= 2, where 0 is set aside: it is the printed 1 that is said to have no number left, and not 0
    case = case_of([[({0: 1, 1: 1, 2: -1}, -UNBOUNDED, 0, NO_FIGURE)]], [(3, 3), (9, 9), (5, 5)])

    assert derive(case.without([0])) == [at_most(0, 1, 5, ())]


def test_what_narrowing_does_not_rule_out_is_not_derived() -> None:
    assert derive(case_of([[({0: 2, 1: 2, 2: 2}, 7, 7, NO_FIGURE)]], [(0, 4)] * 3)) is None
    assert derive(case_of([rate(0, 1, 50, 2)], [(5, 5), (10, 10)], 1)) is None


def test_a_derivation_too_long_to_read_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    # 0 <= 1 <= ... <= 20: each of the twenty orders is a step
    case = case_of([order(at, at + 1) for at in range(20)], [(9, 9), *[(0, 50)] * 19, (5, 5)])

    assert derive(case) is None
    monkeypatch.setattr(derive_module, "_MOST_STEPS", 20)
    assert len(derive(case) or ()) == 20


def test_bounds_that_creep_towards_each_other_end() -> None:
    assert derive(case_of([[({0: 1, 1: -1}, 1, UNBOUNDED, NO_FIGURE)], order(0, 1)], [(0, 10**9)] * 2)) is None
