from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unit.solver.drawn import rows_in

from iapt_audit.solver import two_variables
from iapt_audit.solver.dense import UNBOUNDED, Systems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Case:
    """One system, written by hand: each constraint is (coefficients, low, high), each variable (least, most)."""

    constraints: Sequence[tuple[Sequence[int], int, int]]
    variables: Sequence[tuple[int, int]]

    def solutions(self) -> set[tuple[int, ...]]:
        """Try every point of the box."""
        return {
            point
            for point in itertools.product(*(range(least, most + 1) for least, most in self.variables))
            if all(
                (low == -UNBOUNDED or low <= value) and (high == UNBOUNDED or value <= high)
                for factors, low, high in self.constraints
                for value in [sum(factor * at for factor, at in zip(factors, point, strict=True))]
            )
        }


def systems_of(cases: Sequence[Case]) -> Systems:
    """Lay out cases of equal shape."""
    return Systems(
        group=np.arange(len(cases)),
        cell=np.tile(np.arange(len(cases[0].variables)), (len(cases), 1)),
        coefficient=np.array([[factors for factors, _, _ in case.constraints] for case in cases], dtype=np.int64),
        low=np.array([[low for _, low, _ in case.constraints] for case in cases], dtype=np.int64),
        high=np.array([[high for _, _, high in case.constraints] for case in cases], dtype=np.int64),
        least=np.array([[least for least, _ in case.variables] for case in cases], dtype=np.int64),
        most=np.array([[most for _, most in case.variables] for case in cases], dtype=np.int64),
    )


def solutions_told(cases: Sequence[Case]) -> list[set[tuple[int, ...]]]:
    """Gather the points of all slices of systems in two variables."""
    told: list[set[tuple[int, ...]]] = [set() for _ in cases]
    for part in two_variables.slices(systems_of(cases)):
        for row, group in enumerate(part.group):
            for column, second in enumerate(part.second[row]):
                first = range(int(part.least[row, column]), int(part.most[row, column]) + 1)
                told[group] |= {(value, int(second)) for value in first}
    return told


@st.composite
def cases(draw: st.DrawFn, variables: int, shortest: int = -1) -> list[Case]:
    """Draw a few systems of equal shape, small enough to try every point; at -1 a variable may be empty."""
    constraints, groups = draw(st.integers(1, 4)), draw(st.integers(1, 4))

    def one() -> Case:
        rows = draw(rows_in(variables, constraints))
        starts = [draw(st.integers(-4, 6)) for _ in range(variables)]
        return Case(rows, [(start, start + draw(st.integers(shortest, 6))) for start in starts])

    return [one() for _ in range(groups)]


@st.composite
def mergeable(draw: st.DrawFn) -> list[Case]:
    """Draw systems in three or four variables of which two are like others, up to sign, in every constraint."""
    two = draw(cases(variables=2, shortest=0))
    copies = draw(st.lists(st.tuples(st.integers(0, 1), st.sampled_from((1, -1))), min_size=1, max_size=2))
    wider = []
    for case in two:
        rows = [
            ([*factors, *(sign * factors[of] for of, sign in copies)], low, high)
            for factors, low, high in case.constraints
        ]
        more = [(least, least + 2) for least in draw(st.tuples(*(st.integers(-2, 3) for _ in copies)))]
        wider.append(Case(rows, [*case.variables, *more]))
    return wider


def two_are_left(drawn: list[Case]) -> bool:
    """Return whether merging leaves two variables, which is what the engine decides."""
    return bool(two_variables.merge(systems_of(drawn)).systems.least.shape[1] == 2)


HAND_WORKED = {
    "one point": (Case([([1, 2], 6, 6)], [(2, 2), (2, 2)]), True),
    "a sum out of reach": (Case([([1, 2], 13, 13)], [(0, 4), (0, 4)]), False),
    "a sum just in reach": (Case([([1, 2], 12, 12)], [(0, 4), (0, 4)]), True),
    # 2x is even whatever x: the bounds overlap and no whole number fits
    "a hole inside the bounds": (Case([([2, 0], 3, 3)], [(0, 9), (0, 0)]), False),
    # 60% of 7, half-width 0.5: 4/7 is 57.1% and 5/7 is 71.4%
    "a percentage that no sevenths give": (
        Case([([1000, -595], 0, UNBOUNDED), ([1000, -605], -UNBOUNDED, -1)], [(0, 7), (7, 7)]),
        False,
    ),
    "a percentage that fifths give": (
        Case([([1000, -595], 0, UNBOUNDED), ([1000, -605], -UNBOUNDED, -1)], [(0, 7), (5, 7)]),
        True,
    ),
    "the lower end belongs": (Case([([1000, -495], 0, UNBOUNDED)], [(99, 99), (200, 200)]), True),
    "the upper end does not": (Case([([1000, -505], -UNBOUNDED, -1)], [(101, 101), (200, 200)]), False),
    "no variable has a value": (Case([([1, 2], -UNBOUNDED, UNBOUNDED)], [(1, 0), (0, 3)]), False),
    "the second has no value": (Case([([1, 2], -UNBOUNDED, UNBOUNDED)], [(0, 3), (3, 2)]), False),
    "a constraint with no bounds": (Case([([3, -2], -UNBOUNDED, UNBOUNDED)], [(0, 1), (0, 1)]), True),
    "a constraint on the second alone": (Case([([0, 1], 3, UNBOUNDED)], [(0, 1), (0, 2)]), False),
    "a constraint on nothing that fails": (
        Case([([0, 0], 1, UNBOUNDED), ([1, 2], -UNBOUNDED, UNBOUNDED)], [(0, 1), (0, 2)]),
        False,
    ),
    "a negative factor, bounded below": (Case([([-3, 1], -5, UNBOUNDED)], [(2, 9), (0, 0)]), False),
    "a negative factor, bounded above": (Case([([-3, 1], -UNBOUNDED, -6)], [(0, 2), (0, 0)]), True),
}


@pytest.mark.parametrize(("case", "expected"), HAND_WORKED.values(), ids=HAND_WORKED)
def test_hand_worked_systems_are_decided(case: Case, expected: bool) -> None:
    assert [expected] == two_variables.possible(systems_of([case])).tolist()


@settings(max_examples=250, deadline=None)
@given(cases(variables=2))
def test_possible_is_what_trying_every_point_finds(drawn: list[Case]) -> None:
    assume(two_are_left(drawn))
    expected = [bool(case.solutions()) for case in drawn]

    assert expected == two_variables.possible(systems_of(drawn)).tolist()


@settings(max_examples=250, deadline=None)
@given(cases(variables=2))
def test_slices_hold_every_solution_and_nothing_else(drawn: list[Case]) -> None:
    assert [case.solutions() for case in drawn] == solutions_told(drawn)


@settings(max_examples=150, deadline=None)
@given(cases(variables=2))
def test_a_witness_is_a_solution(drawn: list[Case]) -> None:
    for part in two_variables.slices(systems_of(drawn)):
        first, second = part.witness()
        for row, group in enumerate(part.group):
            found = drawn[group].solutions()

            assert not found or (int(first[row]), int(second[row])) in found


@settings(max_examples=200, deadline=None)
@given(mergeable())
def test_merging_like_variables_loses_nothing(drawn: list[Case]) -> None:
    assume(two_are_left(drawn))
    expected = [bool(case.solutions()) for case in drawn]

    assert expected == two_variables.possible(systems_of(drawn)).tolist()


@settings(max_examples=200, deadline=None)
@given(mergeable())
def test_merged_solutions_are_the_sums_of_the_solutions(drawn: list[Case]) -> None:
    given_systems = systems_of(drawn)
    merged = two_variables.merge(given_systems)
    width = merged.systems.least.shape[1]
    expected = [
        {
            tuple(
                sum(int(merged.sign[old]) * point[old] for old in range(len(point)) if merged.into[old] == new)
                for new in range(width)
            )
            for point in case.solutions()
        }
        for case in drawn
    ]
    actual = [
        Case(
            list(
                zip(
                    merged.systems.coefficient[row].tolist(),
                    merged.systems.low[row].tolist(),
                    merged.systems.high[row].tolist(),
                    strict=True,
                )
            ),
            list(zip(merged.systems.least[row].tolist(), merged.systems.most[row].tolist(), strict=True)),
        ).solutions()
        for row in range(len(drawn))
    ]

    assert expected == actual


def test_a_variable_without_a_value_leaves_no_solution_though_others_are_like_it() -> None:
    case = Case([([1, 2, 2], 0, 20)], [(0, 3), (1, 0), (0, 9)])

    assert two_variables.possible(systems_of([case])).tolist() == [False]


def test_finished_less_not_at_caseness_becomes_one_denominator() -> None:
    # recovered, finished, not at caseness: 1000 n - 495 (f - a) >= 0
    case = Case([([1000, -495, 495], 0, UNBOUNDED), ([1, -1, 1], -UNBOUNDED, 0)], [(8, 12), (18, 22), (0, 4)])
    merged = two_variables.merge(systems_of([case]))

    assert merged.into.tolist() == [0, 1, 1]
    assert merged.sign.tolist() == [1, 1, -1]
    assert merged.systems.least.tolist() == [[8, 14]]
    assert merged.systems.most.tolist() == [[12, 22]]


def test_variables_alike_in_one_system_only_are_not_merged() -> None:
    alike = Case([([2, 2], 0, 9)], [(0, 3), (0, 3)])
    apart = Case([([2, 1], 0, 9)], [(0, 3), (0, 3)])

    assert two_variables.merge(systems_of([alike, apart])).systems.least.shape == (2, 2)


@pytest.mark.parametrize("variables", [1, 3])
def test_systems_of_another_width_are_refused(variables: int) -> None:
    case = Case([(list(range(1, variables + 1)), 0, 1)], [(0, 1)] * variables)

    with pytest.raises(two_variables.TooManyVariablesError, match=f"got {variables}"):
        next(iter(two_variables.slices(systems_of([case]))))


def wide(printed: int, denominator: int, reach: int) -> Case:
    """A percentage of thousands of possible denominators, and a numerator that is all but fixed."""
    return Case(
        [
            ([1_000_000, -(printed * 10_000 - 5_000)], 0, UNBOUNDED),
            ([1_000_000, -(printed * 10_000 + 5_000)], -UNBOUNDED, -1),
            ([1, -1], -UNBOUNDED, 0),
        ],
        [(400_000, 400_004), (denominator, denominator + reach)],
    )


def test_ten_thousand_denominators_are_gone_through() -> None:
    # 400,000 is 40% of 1,000,000; 40% stands for 39.5% up to 40.5%, so of 400,004 / 0.405 = 987,664.2 and more
    cases_ = [wide(40, 977_664, 9_999), wide(40, 977_664, 10_000), wide(40, 977_665, 10_000), wide(60, 977_664, 10_000)]
    least = 400_000 * 1_000_000 // 405_000 + 1
    expected = [any(least <= d for d in range(low, high + 1)) for low, high in (case.variables[1] for case in cases_)]
    expected[-1] = False

    assert expected == two_variables.possible(systems_of(cases_)).tolist()


def test_many_systems_of_very_different_width_keep_their_places() -> None:
    # 1,000 groups, one width in ten of 10,001: more than a batch holds
    cases_ = [wide(40, 990_000, 10_000 if at % 10 == 0 else at % 7) for at in range(1_000)]
    cases_[500] = wide(60, 990_000, 10_000)
    cases_[503] = wide(60, 990_000, 3)
    began = time.perf_counter()
    actual = two_variables.possible(systems_of(cases_))

    assert np.flatnonzero(~actual).tolist() == [500, 503]
    assert time.perf_counter() - began < 20


def test_counts_of_two_million_do_not_overflow() -> None:
    cases_ = [
        Case(
            [([1_000_000, -low], 0, UNBOUNDED), ([1_000_000, -high], -UNBOUNDED, -1), ([1, -1], -UNBOUNDED, 0)],
            [(1_999_998, 2_000_002), (1_999_998, 2_000_002)],
        )
        for low, high in ((995_000, 1_005_000), (985_000, 995_000))
    ]

    assert two_variables.possible(systems_of(cases_)).tolist() == [True, False]


def groups_told(parts: Iterable[np.ndarray[tuple[int, ...], np.dtype[np.int64]]]) -> list[int]:
    """Gather the numbers of the groups of all batches."""
    return sorted(int(group) for part in parts for group in part)


def test_each_group_stands_in_one_batch() -> None:
    cases_ = [wide(40, 990_000, at) for at in range(2_500)]

    assert list(range(2_500)) == groups_told(part.group for part in two_variables.slices(systems_of(cases_)))
