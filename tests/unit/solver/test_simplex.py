from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from unit.solver.drawn import Case, cases, random_cases, solutions

from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.simplex import feasible


def is_feasible(case: Case) -> bool:
    constraints, bounds = case
    rows = [dict(enumerate(factors)) for factors, _, _ in constraints]
    ends = [(low if low > -UNBOUNDED else None, high if high < UNBOUNDED else None) for _, low, high in constraints]
    return feasible(rows, ends, bounds)


def eliminated(case: Case) -> bool:
    """Decide by Fourier and Motzkin: a variable is taken out by adding each that bounds it above to each below."""
    constraints, bounds = case
    # sum of factors x + constant >= 0
    rows = [[Fraction(each) for each in (*factors, -low)] for factors, low, _ in constraints if low > -UNBOUNDED]
    rows += [[Fraction(-each) for each in factors] + [Fraction(high)] for factors, _, high in constraints
             if high < UNBOUNDED]  # fmt: skip
    for at, (least, most) in enumerate(bounds):
        unit = [Fraction(int(place == at)) for place in range(len(bounds))]
        rows += [[*unit, Fraction(-least)], [*(-each for each in unit), Fraction(most)]]
    for at in range(len(bounds)):
        above, below = [row for row in rows if row[at] < 0], [row for row in rows if row[at] > 0]
        rows = [row for row in rows if not row[at]] + [
            [one / -down[at] + two / up[at] for one, two in zip(down, up, strict=True)]
            for down in above
            for up in below
        ]
        rows = [list(each) for each in {tuple(row) for row in rows}]
    return all(row[-1] >= 0 for row in rows)


HAND_WORKED: dict[str, tuple[Case, bool]] = {
    "a sum in reach": (([([1, 1], 5, 5)], [(0, 4), (0, 4)]), True),
    "a sum out of reach": (([([1, 1], 9, 9)], [(0, 4), (0, 4)]), False),
    # no whole number is 7/2, a fraction is
    "an odd sum of even numbers": (([([2, 2], 7, 7)], [(0, 4), (0, 4)]), True),
    "at its bounds": (([([1, -1], 4, UNBOUNDED)], [(0, 4), (0, 4)]), True),
    "nothing is not something": (([([0, 0], 1, UNBOUNDED)], [(0, 4), (0, 4)]), False),
    # x > y and y >= x, each up to a thousand million
    "pushed up one by one": (
        ([([1, -1], 1, UNBOUNDED), ([1, -1], -UNBOUNDED, 0)], [(0, 10**9), (0, 10**9)]), False
    ),
    # n1 <= n2, n1 is over half of d and n2 under it
    "two rates of one denominator": (
        (
            [([2000, 0, -1005], 0, UNBOUNDED), ([0, 2000, -1003], -UNBOUNDED, -1), ([1, -1, 0], -UNBOUNDED, 0)],
            [(0, 10**9), (0, 10**9), (1, 10**9)],
        ),
        False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), HAND_WORKED.values(), ids=HAND_WORKED)
def test_hand_worked_systems_are_decided(case: Case, *, expected: bool) -> None:
    assert expected == is_feasible(case) == eliminated(case)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_what_whole_numbers_satisfy_fractions_do(drawn: list[Case]) -> None:
    for constraints, bounds in drawn:
        if all(least <= most for least, most in bounds) and solutions((constraints, bounds)):
            assert is_feasible((constraints, bounds))


@pytest.mark.thorough
def test_a_thousand_systems_are_decided_as_by_elimination() -> None:
    drawn = random_cases(9, 1_000, 3)
    told = [is_feasible(case) for case in drawn]

    assert told == [eliminated(case) for case in drawn]
    assert 200 < np.count_nonzero(told) < 800
