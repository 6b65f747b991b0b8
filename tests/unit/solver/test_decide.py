from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.solver.drawn import Case, cases, random_cases, solutions, table_of

from iapt_audit.solver import decide as decide_module
from iapt_audit.solver import two_variables
from iapt_audit.solver.cp_sat import UndecidedError, solution
from iapt_audit.solver.decide import Decided, decide, possible
from iapt_audit.solver.dense import UNBOUNDED, Systems
from iapt_audit.solver.propagate import propagate

if TYPE_CHECKING:
    from unit.solver.drawn import Ints

    from iapt_audit.solver.linear import Linear

HOW_MANY = 1_000


def decided(drawn: list[Case]) -> Decided:
    table, least, most = table_of(drawn)
    return decide(table, least, most, least)


def dense(drawn: list[Case]) -> Systems:
    """Lay systems of two variables out for `solve`."""
    number = np.arange(len(drawn))
    rows = [case[0] for case in drawn]
    bounds = np.array([case[1] for case in drawn])
    return Systems(
        number,
        np.stack([2 * number, 2 * number + 1], axis=1),
        np.array([[row[0] for row in each] for each in rows]),
        np.array([[row[1] for row in each] for each in rows]),
        np.array([[row[2] for row in each] for each in rows]),
        bounds[:, :, 0],
        bounds[:, :, 1],
    )


@pytest.mark.thorough
@pytest.mark.parametrize("variables", [2, 3, 4])
def test_every_engine_gives_the_same_verdict_on_a_thousand_systems(variables: int) -> None:
    drawn = random_cases(variables, HOW_MANY, variables, width=6)
    truth = {number for number, case in enumerate(drawn) if not solutions(case)}
    together = decided(drawn)

    assert truth == set(together.impossible.tolist())
    assert truth == {number for number, case in enumerate(drawn) if solution(*table_of([case])) is None}
    assert set(propagate(*table_of(drawn)).impossible.tolist()) <= truth
    if variables == 2:
        assert truth == set(np.flatnonzero(~two_variables.possible(dense(drawn))).tolist())
    # the systems are of both kinds, and each engine has something to decide
    assert 0.2 * HOW_MANY < len(truth) < 0.8 * HOW_MANY
    assert min(together.narrowed, together.searched) > 0
    # narrowing and numbers found leave nothing of so small systems in two variables
    assert (together.solved > 0) == (variables > 2)
    assert (together.narrowed + together.searched + together.solved, len(together.undecided)) == (HOW_MANY, 0)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_systems_are_decided_as_trying_every_point_does(drawn: list[Case]) -> None:
    told = decided(drawn)

    assert told.impossible.tolist() == [number for number, case in enumerate(drawn) if not solutions(case)]
    for number in set(range(len(drawn))) - set(told.impossible.tolist()):
        wide = len(drawn[0][1])
        least, most = (bounds[number * wide : (number + 1) * wide] for bounds in (told.least, told.most))

        assert all(
            low <= value <= high
            for point in solutions(drawn[number])
            for value, low, high in zip(point, least, most, strict=True)
        )


@settings(max_examples=150, deadline=None)
@given(cases(), st.data())
def test_a_constraint_more_never_makes_an_impossible_system_possible(drawn: list[Case], data: st.DataObject) -> None:
    """And one that a solution satisfies never makes it impossible."""
    before = set(decided(drawn).impossible.tolist())
    factors = data.draw(st.lists(st.integers(-7, 7), min_size=len(drawn[0][1]), max_size=len(drawn[0][1])))
    more: list[Case] = []
    for rows, bounds in drawn:
        points = solutions((rows, bounds))
        point = data.draw(st.sampled_from(points)) if points else tuple(low for low, _ in bounds)
        value = sum(factor * at for factor, at in zip(factors, point, strict=True))
        more.append(([*rows, (factors, value, value + data.draw(st.integers(0, 9)))], bounds))

    assert before == set(decided(more).impossible.tolist())


def test_a_system_in_two_pieces_is_impossible_if_one_piece_is() -> None:
    # of whole numbers 2x + 2y + 2z = 7 has no solution, v + w = 4 has; the two share no variable
    rows = [([2, 2, 2, 0, 0], 7, 7), ([0, 0, 0, 1, 1], 4, 4)]
    told = decided([(rows, [(0, 4)] * 5), (rows[1:] * 2, [(0, 4)] * 5)])

    assert (told.impossible.tolist(), told.narrowed, told.searched, told.solved) == ([0], 0, 1, 1)


@pytest.mark.parametrize("other", ["possible", "impossible"])
def test_a_system_too_hard_to_tell_is_undecided_unless_another_piece_of_it_is_impossible(
    other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hard, total = ([2, 2, 2, 0, 0, 0], 7, 7), 7 if other == "impossible" else 6
    piece = ([0, 0, 0, 2, 2, 2], total, total)

    def refuses(given: Linear, *_: Ints) -> None:
        if given.variable[0] == 0:
            raise UndecidedError

    monkeypatch.setattr(decide_module, "solution", refuses)
    table, least, most = table_of([([hard, piece], [(0, 4)] * 6)])
    told = decide(table, least, most, least)

    assert (told.impossible.tolist(), told.undecided.tolist()) == (([0], []) if other == "impossible" else ([], [0]))
    # what cannot be told is never an accusation
    assert possible(table, least, most, least) == (other == "possible")


def test_nothing_is_possible() -> None:
    table, least, most = table_of([([([1], -UNBOUNDED, UNBOUNDED)], [(0, 1)])])

    assert possible(table.take(np.zeros(1, dtype=bool)), least, most, least)
