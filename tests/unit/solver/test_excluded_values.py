from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.solver.drawn import Case, cases, solutions, table_of

from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.excluded_values import NARROWING, ORDINARY, THOROUGH, Effort, Exposed, Means, exposed
from iapt_audit.solver.linear import Linear

NOTHING = Linear.nothing()


def truth(case: Case) -> list[tuple[bool, bool]]:
    """Say of each variable whether it is narrowed, and whether it is pinned; nothing of what contradicts itself."""
    found = solutions(case)
    answers = []
    for place, (least, most) in enumerate(case[1]):
        values = {point[place] for point in found}
        narrowed = bool(found) and len(values) < most - least + 1
        answers.append((narrowed, narrowed and len(values) == 1))
    return answers


def truths(drawn: list[Case]) -> list[tuple[bool, bool]]:
    return [each for case in drawn for each in truth(case)]


def told(found: Exposed) -> list[tuple[bool, bool]]:
    return list(zip((found.narrowed > 0).tolist(), (found.pinned > 0).tolist(), strict=True))


def of_cases(drawn: list[Case], effort: Effort) -> Exposed:
    linear, least, most = table_of(drawn)
    return exposed(linear, NOTHING, (least, most), np.arange(len(least)), effort)


def of_one(
    rows: list[tuple[list[int], int, int]], variables: list[tuple[int, int]], effort: Effort = THOROUGH
) -> Exposed:
    return of_cases([(rows, variables)], effort)


@settings(max_examples=150, deadline=None)
@given(drawn=cases())
def test_the_thorough_answer_is_that_of_trying_every_point(drawn: list[Case]) -> None:
    possible = [case for case in drawn if solutions(case)]
    if possible:
        found = of_cases(possible, THOROUGH)

        assert told(found) == truths(possible)
        assert not found.undecided.any()


@settings(max_examples=150, deadline=None)
@given(drawn=cases(), effort=st.sampled_from([NARROWING, Effort(1), Effort(3), ORDINARY]))
def test_no_effort_finds_more_than_there_is_and_what_it_missed_is_told_as_undecided(
    drawn: list[Case], effort: Effort
) -> None:
    possible = [case for case in drawn if solutions(case)]
    if possible:
        found = of_cases(possible, effort)
        right = truths(possible)

        for (narrowed, pinned), (is_narrowed, is_pinned), undecided in zip(
            told(found), right, found.undecided.tolist(), strict=True
        ):
            assert narrowed <= is_narrowed
            assert pinned <= is_pinned
            assert undecided or (narrowed, pinned) == (is_narrowed, is_pinned)


@settings(max_examples=100, deadline=None)
@given(drawn=cases(), split=st.integers(0, 4))
def test_what_links_groups_changes_nothing_in_the_thorough_answer(drawn: list[Case], split: int) -> None:
    possible = [case for case in drawn if solutions(case)]
    if possible:
        linear, least, most = table_of(possible)
        links = np.arange(len(linear)) % 5 < split
        found = exposed(linear.take(~links), linear.take(links), (least, most), np.arange(len(least)), THOROUGH)

        assert told(found) == truths(possible)
        assert not found.undecided.any()


@settings(max_examples=100, deadline=None)
@given(drawn=cases())
def test_what_contradicts_itself_says_nothing_of_any_variable(drawn: list[Case]) -> None:
    found = of_cases(drawn, THOROUGH)
    at = 0
    for case in drawn:
        wide = len(case[1])
        linked = all(all(factor for factor in factors) for factors, _, _ in case[0])
        wholly = all(least <= most for least, most in case[1])
        if linked and wholly and not solutions(case):
            assert told(found)[at : at + wide] == [(False, False)] * wide
        at += wide


def test_each_means_is_the_cheapest_that_finds_it() -> None:
    # x + y = 8 leaves each 4
    assert of_one([([1, 1], 8, 8)], [(0, 4), (0, 4)]).pinned.tolist() == [Means.NARROWING] * 2
    # x + y = 4 and x = y: each bound alone is fine, and any value but 2 is refuted once it is supposed
    alike = of_one([([1, 1], 4, 4), ([1, -1], 0, 0)], [(0, 4), (0, 4)])
    assert alike.narrowed.tolist() == alike.pinned.tolist() == [Means.SUPPOSING] * 2
    # x + y = 4 and x - y = z: z is even, which no narrowing sees even when z is supposed to be odd
    parity = of_one([([1, 1, 0], 4, 4), ([1, -1, -1], 0, 0)], [(0, 4), (0, 4), (0, 4)])
    assert parity.narrowed.tolist() == [Means.SUPPOSING, Means.SUPPOSING, Means.SOLVING]
    assert parity.pinned.tolist() == [Means.NOT] * 3


def test_what_is_found_to_contradict_itself_only_later_takes_back_what_was_found() -> None:
    # x + y = 4 and x = y + 1 narrow both to four values, and then no value of either is left
    parity = [([1, 1], 4, 4), ([1, -1], 1, 1)]

    assert told(of_one(parity, [(0, 4), (0, 4)], NARROWING)) == [(True, False)] * 2
    assert told(of_one(parity, [(0, 4), (0, 4)])) == [(False, False)] * 2


def linked(links: list[tuple[list[int], int, int]], effort: Effort) -> Exposed:
    """Return x + y = 4 and x = y as a group of its own, or what links them, with z and w from 0 to 4."""
    variables = [(0, 4)] * 4
    within, least, most = table_of([([([1, 1, 0, 0], 4, 4), ([1, -1, 0, 0], 0, 0)], variables)])
    across, _, _ = table_of([(links, variables)])
    return exposed(within, across, (least, most), np.arange(4), effort)


def test_what_is_found_in_a_group_is_carried_over_its_links() -> None:
    found = linked([([1, 0, -1, 0], 0, 0)], Effort(within=20))

    assert found.pinned.tolist() == [Means.SUPPOSING] * 3 + [Means.NOT]


def test_what_only_the_links_say_together_is_found_if_the_whole_is_searched() -> None:
    links = [([0, 0, 1, 1], 4, 4), ([0, 0, 1, -1], 0, 0)]

    assert linked(links, Effort(within=20)).pinned.tolist() == [Means.SUPPOSING] * 2 + [Means.NOT] * 2
    assert linked(links, Effort(within=20)).undecided.tolist() == [False, False, True, True]
    assert linked(links, Effort(within=20, whole=20)).pinned.tolist() == [Means.SUPPOSING] * 4


def test_a_hole_inside_the_bounds_narrows() -> None:
    # 2 x = 4 y, both in 0..4: x is even
    found = of_one([([2, -4], 0, 0)], [(0, 4), (0, 2)])

    assert told(found) == [(True, False), (False, False)]


def test_tied_and_open_say_where_something_could_be_found() -> None:
    rows = [([1, 0, 0], 0, 4), ([0, 1, 1], -UNBOUNDED, 7)]
    found = of_one(rows, [(0, 4), (0, 4), (0, 4)])

    assert found.tied.tolist() == [False, True, True]
    assert found.open.tolist() == [False, True, True]
    # what narrowing settles is tied, and open no longer
    settled = of_one([([1, 1], 8, 8)], [(0, 4), (0, 4)])
    assert (settled.tied.tolist(), settled.open.tolist()) == ([True, True], [False, False])


def test_nothing_given_is_nothing_found() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    found = exposed(NOTHING, NOTHING, (nothing, nothing), nothing, THOROUGH)

    assert not len(found.narrowed)
    free = exposed(NOTHING, NOTHING, (np.array([0]), np.array([4])), np.array([0]), THOROUGH)
    assert (free.tied.tolist(), told(free), free.undecided.tolist()) == ([False], [(False, False)], [False])
