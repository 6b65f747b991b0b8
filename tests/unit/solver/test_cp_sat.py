from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from unit.solver.drawn import Case, cases, satisfies, solutions, table_of

from iapt_audit.solver.cp_sat import UndecidedError, solution
from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.linear import Linear, Origin

HAND_WORKED: dict[str, tuple[Case, list[int] | None]] = {
    # x = 2y and x + y = 6
    "one point alone": (([([1, -2], 0, 0), ([1, 1], 6, 6)], [(0, 9), (0, 9)]), [4, 2]),
    "an odd sum of even numbers": (([([2, 2], 5, 5)], [(0, 4), (0, 4)]), None),
    "a bound below alone": (([([1], 4, UNBOUNDED)], [(0, 4)]), [4]),
    "a bound above alone": (([([-1], -UNBOUNDED, -4)], [(0, 4)]), [4]),
    "no bound at all": (([([1], -UNBOUNDED, UNBOUNDED)], [(3, 3)]), [3]),
    "an empty variable": (([([1], -UNBOUNDED, UNBOUNDED)], [(4, 3)]), None),
    "a constraint with no number between its ends": (([([1], 3, 2)], [(0, 9)]), None),
    "nothing that must be something": (([([0], 1, UNBOUNDED)], [(0, 9)]), None),
    "nothing that must be under nothing": (([([0], -UNBOUNDED, -1)], [(0, 9)]), None),
    "nothing that is nothing": (([([0], 0, 0)], [(5, 5)]), [5]),
}


@pytest.mark.parametrize(("case", "expected"), HAND_WORKED.values(), ids=HAND_WORKED)
def test_hand_worked_systems_are_solved(case: Case, expected: list[int] | None) -> None:
    found = solution(*table_of([case]))

    assert expected == (None if found is None else found.tolist())


@settings(max_examples=150, deadline=None)
@given(cases())
def test_there_is_a_solution_just_where_trying_every_point_finds_one(drawn: list[Case]) -> None:
    for case in drawn:
        found = solution(*table_of([case]))

        assert (found is None) == (not solutions(case))
        assert found is None or satisfies(case, found.tolist())


def test_a_variable_that_stands_twice_in_a_constraint_counts_twice() -> None:
    twice = Linear.of(
        np.array([[0, 0]]), np.array([1, 1]), (np.array([6]), np.array([6])), Origin(np.zeros(1, int), np.zeros(1, int))
    )

    found = solution(twice, np.array([0]), np.array([9]))

    assert found is not None
    assert found.tolist() == [3]


def test_numbers_beyond_what_can_be_held_are_undecided_and_never_denied() -> None:
    # a sum of these overflows 64 bits, in which the solver counts
    case: Case = ([([2**40, 2**40 + 1], -UNBOUNDED, 2**61)], [(0, 2**40), (0, 2**40)])

    with pytest.raises(UndecidedError):
        solution(*table_of([case]))


def test_what_takes_too_much_work_is_undecided() -> None:
    random = np.random.default_rng(4)
    # a market split: a few sums of many numbers, each to be half of all
    rows = [[int(each) for each in random.integers(100, 900, 40)] for _ in range(5)]
    case: Case = ([(row, sum(row) // 2, sum(row) // 2) for row in rows], [(0, 1)] * 40)

    with pytest.raises(UndecidedError):
        solution(*table_of([case]), work=0.0)


def test_a_solution_that_does_not_hold_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Linear, "hold", lambda given, _: np.zeros(len(given), dtype=bool))

    with pytest.raises(UndecidedError):
        solution(*table_of([([([1], 4, 4)], [(0, 9)])]))


def test_figures_that_are_set_aside_are_solved_at_once() -> None:
    """Two rates of one denominator whose counts can be anything: of them 503 in 1,000 cannot be part of 502."""
    most, rows = 10**9, [(502_500, 503_500), (501_500, 502_500)]
    constraints = [
        each
        for at, (low, high) in enumerate(rows)
        for each in (
            ([*(int(at == place) * 10**6 for place in (0, 1)), -low, low], 0, UNBOUNDED),
            ([*(int(at == place) * 10**6 for place in (0, 1)), -high, high], -UNBOUNDED, -1),
        )
    ]
    part: tuple[list[int], int, int] = ([1, -1, 0, 0], -UNBOUNDED, 0)
    somebody: tuple[list[int], int, int] = ([0, 0, 1, -1], 1, UNBOUNDED)
    bounds = [(0, most)] * 4

    assert solution(*table_of([([*constraints, part, somebody], bounds)])) is None
    assert solution(*table_of([([*constraints, somebody], bounds)])) is not None


def test_a_denominator_of_two_counts_that_can_be_anything_is_solved_at_once() -> None:
    # 5 to 7 of x - y print 89%: no whole number does
    rows = [([1_000_000, -885_000, 885_000], 0, UNBOUNDED), ([1_000_000, -895_000, 895_000], -UNBOUNDED, -1)]
    part: tuple[list[int], int, int] = ([1, -1, 1], -UNBOUNDED, 0)

    assert solution(*table_of([([*rows, part], [(5, 7), (6, 10**9), (0, 10**9)])])) is None
    # 8 of 9 do, and the two make 9 together
    found = solution(*table_of([([*rows, part], [(5, 8), (6, 10**9), (0, 10**9)])]))
    assert found is not None
    assert (found[0], found[1] - found[2]) == (8, 9)
