from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.solver.drawn import Case, cases, solutions, table_of

from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.propagate import Propagated, propagate, propagate_on


def bounds_of(told: Propagated, case: Case, number: int = 0) -> list[tuple[int, int]]:
    """Return the bounds of the variables of a case."""
    wide = len(case[1])
    of_case = slice(number * wide, (number + 1) * wide)
    return list(zip(told.least[of_case].tolist(), told.most[of_case].tolist(), strict=True))


HAND_WORKED: dict[str, tuple[Case, list[tuple[int, int]] | None]] = {
    # 4 <= x + y <= 5 with y in 0..1: x is 3..5
    "a sum leaves the rest": (([([1, 1], 4, 5)], [(0, 9), (0, 1)]), [(3, 5), (0, 1)]),
    # x - y <= -2 with x in 3..9: y is 5..6, and so x is 3..4
    "both sides move": (([([1, -1], -UNBOUNDED, -2)], [(3, 9), (0, 6)]), [(3, 4), (5, 6)]),
    # 7 <= 3x <= 10: x is 3 (7/3 rounded up, 10/3 rounded down)
    "a quotient is rounded inward": (([([3], 7, 10)], [(0, 9)]), [(3, 3)]),
    # -10 <= -3x <= -7: the same
    "a negative factor is rounded inward": (([([-3], -10, -7)], [(0, 9)]), [(3, 3)]),
    "a negative factor, bounded below only": (([([-3], -10, UNBOUNDED)], [(0, 9)]), [(0, 3)]),
    "a negative factor, bounded above only": (([([-3], -UNBOUNDED, -7)], [(0, 9)]), [(3, 9)]),
    "negative values are rounded inward": (([([3], -10, -7)], [(-9, 9)]), [(-3, -3)]),
    "no bounds move nothing": (([([5, -1], -UNBOUNDED, UNBOUNDED)], [(0, 3), (2, 4)]), [(0, 3), (2, 4)]),
    "a factor of 0 moves nothing": (([([0, 1], 3, 3)], [(0, 9), (0, 9)]), [(0, 9), (3, 3)]),
    # x = y, y = z, z = 2: known only after the third constraint has gone round
    "what one constraint gives is taken up by the others": (
        ([([1, -1, 0], 0, 0), ([0, 1, -1], 0, 0), ([0, 0, 1], 2, 2)], [(0, 9), (0, 9), (0, 9)]),
        [(2, 2), (2, 2), (2, 2)],
    ),
    "a number with no place is impossible": (([([3], 7, 8)], [(0, 9)]), None),
    "an empty variable is impossible": (([([1], -UNBOUNDED, UNBOUNDED)], [(4, 3)]), None),
    "a sum out of reach is impossible": (([([1, 1], 9, 9)], [(0, 4), (0, 4)]), None),
    # recovered 10 of finished 20 less 0..4, printed 69%: 68.5% or more of 18 - 4 = 14 is 9.59, of 22 with 12 at most 17
    "a printed rate narrows a suppressed offset": (
        (
            [([1000, -685, 685], 0, UNBOUNDED), ([1000, -695, 695], -UNBOUNDED, -1)],
            [(8, 12), (18, 22), (0, 4)],
        ),
        # 12 / 0.685 = 17.5: finished - offset is at most 17
        [(10, 12), (18, 21), (1, 4)],
    ),
}


@pytest.mark.parametrize(("case", "expected"), HAND_WORKED.values(), ids=HAND_WORKED)
def test_hand_worked_systems_are_narrowed(case: Case, expected: list[tuple[int, int]] | None) -> None:
    told = propagate(*table_of([case]))

    assert expected == (None if len(told.impossible) else bounds_of(told, case))


@settings(max_examples=400, deadline=None)
@given(cases())
def test_a_value_that_is_in_a_solution_is_never_taken_away(drawn: list[Case]) -> None:
    told = propagate(*table_of(drawn))
    for number, case in enumerate(drawn):
        bounds = bounds_of(told, case, number)
        lost = [
            point
            for point in solutions(case)
            if any(not least <= value <= most for (least, most), value in zip(bounds, point, strict=True))
        ]

        assert lost == []


@settings(max_examples=400, deadline=None)
@given(cases())
def test_a_possible_system_is_never_called_impossible(drawn: list[Case]) -> None:
    told = propagate(*table_of(drawn))

    assert [number for number in told.impossible if solutions(drawn[number])] == []


@settings(max_examples=400, deadline=None)
@given(cases())
def test_what_is_not_open_holds_for_all_values_that_are_left(drawn: list[Case]) -> None:
    told = propagate(*table_of(drawn))
    for number in set(range(len(drawn))) - set(told.impossible.tolist()) - set(told.open.system.tolist()):
        left = list(
            itertools.product(*(range(least, most + 1) for least, most in bounds_of(told, drawn[number], number)))
        )

        assert sorted(solutions(drawn[number])) == left


@settings(max_examples=200, deadline=None)
@given(cases())
def test_bounds_only_become_narrower_and_stay_when_gone_through_again(drawn: list[Case]) -> None:
    table, least, most = table_of(drawn)
    once = propagate(table, least, most)
    left = table.take(~np.isin(table.system, once.impossible))
    again = propagate(left, once.least, once.most)

    assert not np.any(once.least < least)
    assert not np.any(once.most > most)
    assert len(again.impossible) == 0
    assert once.least.tolist() == again.least.tolist()
    assert once.most.tolist() == again.most.tolist()


@settings(max_examples=200, deadline=None)
@given(cases())
def test_systems_side_by_side_do_not_touch_each_other(drawn: list[Case]) -> None:
    together = propagate(*table_of(drawn))
    alone = [propagate(*table_of([case])) for case in drawn]
    impossible = set(together.impossible.tolist())

    assert {number for number, one in enumerate(alone) if len(one.impossible)} == impossible
    for number in set(range(len(drawn))) - impossible:
        assert bounds_of(alone[number], drawn[number]) == bounds_of(together, drawn[number], number)


@settings(max_examples=200, deadline=None)
@given(cases(), st.data())
def test_a_change_goes_on_from_where_it_was_made(drawn: list[Case], data: st.DataObject) -> None:
    table, least, most = table_of(drawn)
    first = propagate(table, least, most)
    variable = data.draw(st.sampled_from(range(len(least))))
    least, most = first.least.copy(), first.most.copy()
    least[variable] += 1
    changed = np.arange(len(least)) == variable
    onward = propagate(first.open, least, most, changed)
    afresh = propagate(first.open, least, most)

    assert onward.impossible.tolist() == afresh.impossible.tolist()
    left = ~np.isin(np.arange(len(least)) // len(drawn[0][1]), afresh.impossible)
    assert onward.least[left].tolist() == afresh.least[left].tolist()
    assert onward.most[left].tolist() == afresh.most[left].tolist()


@settings(max_examples=300, deadline=None)
@given(cases(), st.data())
def test_narrowing_on_by_more_ends_where_narrowing_by_all_at_once_does(drawn: list[Case], data: st.DataObject) -> None:
    table, least, most = table_of(drawn)
    is_first = np.array([data.draw(st.booleans()) for _ in range(len(table))])
    onward = propagate_on(propagate(table.take(is_first), least, most), table.take(~is_first))
    at_once = propagate(table, least, most)

    assert onward.impossible.tolist() == at_once.impossible.tolist()
    left = ~np.isin(np.arange(len(least)) // len(drawn[0][1]), at_once.impossible)
    assert onward.least[left].tolist() == at_once.least[left].tolist()
    assert onward.most[left].tolist() == at_once.most[left].tolist()
    rows = (sorted(zip(each.system.tolist(), each.rule.tolist(), strict=True)) for each in (onward.open, at_once.open))
    assert next(rows) == next(rows)


def test_systems_of_one_name_stand_or_fall_together() -> None:
    # 2x = 3 has no solution; x + y = 3 is left open
    odd: Case = ([([2, 0], 3, 3)], [(0, 4), (0, 4)])
    still_open: Case = ([([1, 1], 3, 3)], [(0, 4), (0, 4)])
    told = propagate(*table_of([still_open, odd, still_open])).called(np.array([5, 5, 7]))

    assert (told.impossible.tolist(), told.open.system.tolist()) == ([5], [7])
    assert told.without(np.array([7])).impossible.tolist() == [5, 7]
    assert len(told.without(np.array([7])).open) == 0


def test_what_was_given_is_left_as_it_was() -> None:
    table, least, most = table_of([([([1, 1], 4, 5)], [(0, 9), (0, 1)])])
    propagate(table, least, most)

    assert least.tolist() == [0, 0]
    assert most.tolist() == [9, 1]


def test_counts_of_two_million_do_not_overflow() -> None:
    # 50% with half-width 0.5 of 2,000,000 or so: the numerator is within 990,000 and 1,010,002
    case: Case = (
        [([1_000_000, -495_000], 0, UNBOUNDED), ([1_000_000, -505_000], -UNBOUNDED, -1)],
        [(0, 2_000_002), (2_000_000, 2_000_004)],
    )
    told = propagate(*table_of([case]))

    assert bounds_of(told, case) == [(990_000, 1_010_002), (2_000_000, 2_000_004)]


def test_bounds_that_creep_towards_each_other_end() -> None:
    # x <= y and y <= x - 1: each round raises both by one
    case: Case = ([([1, -1], -UNBOUNDED, 0), ([1, -1], 1, UNBOUNDED)], [(0, 10**9), (0, 10**9)])
    told = propagate(*table_of([case]))

    assert len(told.open) == 2
