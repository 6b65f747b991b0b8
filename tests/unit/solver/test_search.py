from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.solver.drawn import Case, cases, random_cases, satisfies, solutions, table_of

from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.linear import Linear
from iapt_audit.solver.propagate import propagate
from iapt_audit.solver.search import components, search


def found_of(drawn: list[Case], start: int = 0) -> dict[int, tuple[int, ...]]:
    """Narrow, search, and give the point found for each system that is settled by it."""
    table, least, most = table_of(drawn)
    first = propagate(table, least, most)
    told = search(first.open, first.least, first.most, np.full(len(least), start))
    # a component is called after the first of its constraints
    missed = {*first.impossible.tolist(), *first.open.system[np.unique(told.left.system)].tolist()}
    wide = len(drawn[0][1])
    values = np.clip(told.values, first.least, first.most).tolist()
    assert values == told.values.tolist() or first.impossible.size
    return {
        number: tuple(told.values[number * wide : (number + 1) * wide].tolist())
        for number in range(len(drawn))
        if number not in missed
    }


HAND_WORKED: dict[str, tuple[Case, bool]] = {
    # x + y = 5 with both in 0..4 needs no luck: the first choice leaves the other one value
    "a sum": (([([1, 1], 5, 5)], [(0, 4), (0, 4)]), True),
    # 2x + 2y = 5: narrowing of 0..4 leaves it open, and no point fits
    "an odd sum of even numbers": (([([2, 2], 5, 5)], [(0, 4), (0, 4)]), False),
    # x = 2y, x + y = 6: only (4, 2)
    "one point alone": (([([1, -2], 0, 0), ([1, 1], 6, 6)], [(0, 9), (0, 9)]), True),
    "no constraint to speak of": (([([1, 1], -UNBOUNDED, UNBOUNDED)], [(0, 4), (2, 4)]), True),
    # the two of an equality are bounded apart
    "crossed by its constraint": (([([1, -1], 0, 0)], [(0, 2), (5, 7)]), False),
    "crossed from the first": (([([1, 1], -UNBOUNDED, UNBOUNDED)], [(3, 2), (0, 4)]), False),
}


@pytest.mark.parametrize(("case", "is_found"), HAND_WORKED.values(), ids=HAND_WORKED)
@pytest.mark.parametrize("start", [-50, 0, 3, 50])
def test_hand_worked_systems_are_searched(case: Case, *, is_found: bool, start: int) -> None:
    found = found_of([case], start)

    assert is_found == (0 in found)
    assert all(satisfies(case, point) for point in found.values())


@settings(max_examples=400, deadline=None)
@given(cases(), st.integers(-9, 12))
def test_every_witness_is_true(drawn: list[Case], start: int) -> None:
    for number, point in found_of(drawn, start).items():
        assert satisfies(drawn[number], point)


@pytest.mark.thorough
@settings(max_examples=300, deadline=None)
@given(cases(), st.integers(-9, 12))
def test_what_was_not_narrowed_first_is_searched_without_a_false_witness(drawn: list[Case], start: int) -> None:
    """Bounds may be crossed from the first, and nothing may be found in them."""
    table, least, most = table_of(drawn)
    told = search(table, least, most, np.full(len(least), start))
    left = set(table.system[np.unique(told.left.system)].tolist())
    wide = len(drawn[0][1])
    for number in set(table.system.tolist()) - left:
        point = told.values[number * wide : (number + 1) * wide].tolist()
        in_play = [any(row[0][place] for row in drawn[number][0]) for place in range(wide)]
        # a variable that no constraint speaks of is not the search's to look at
        bounds = [
            each if used else (value, value) for each, used, value in zip(drawn[number][1], in_play, point, strict=True)
        ]

        assert satisfies((drawn[number][0], bounds), point)


def test_most_of_what_is_possible_is_found() -> None:
    """A search that finds nothing would be sound as well."""
    drawn = random_cases(1, 400, 4)
    possible = {number for number, case in enumerate(drawn) if solutions(case)}
    found = found_of(drawn)

    assert set(found) <= possible
    assert len(found) > 0.95 * len(possible) > 50


def test_the_same_figures_give_the_same_answer() -> None:
    drawn = random_cases(2, 50, 3)

    assert found_of(drawn) == found_of(drawn)


def test_what_was_given_is_left_as_it_was() -> None:
    table, least, most = table_of([([([1, 1], 5, 5)], [(0, 4), (0, 4)])])
    start = np.array([9, 9])
    search(table, least, most, start)

    assert (least.tolist(), most.tolist(), start.tolist()) == ([0, 0], [4, 4], [9, 9])


def test_nothing_to_search_is_settled() -> None:
    nothing = np.zeros(0, dtype=np.int64)

    assert len(search(Linear.nothing(), nothing, nothing, nothing).left) == 0


def test_a_chain_of_free_variables_is_one_component_and_a_settled_one_links_nothing() -> None:
    # a chain x0 - x1 - x2 - x3, in an order that must be gone through more than once; x4 has one value
    pairs = [(2, 3), (0, 1), (1, 2), (4, 5), (4, 6)]
    rows = [([int(at in pair) for at in range(7)], 3, 3) for pair in pairs]
    table, least, most = table_of([(rows, [(0, 4)] * 4 + [(1, 1)] + [(0, 4)] * 2)])

    assert components(table, least, most).tolist() == [0, 0, 0, 3, 4]
