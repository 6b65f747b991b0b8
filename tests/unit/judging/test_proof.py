from __future__ import annotations

import pytest
from unit.solver.test_conflict import case_of, equal, order, rate

from iapt_audit.judging.proof import Figure, proof
from iapt_audit.model.bounds import Bounds
from iapt_audit.solver.conflict import Case, Conflict, conflicts
from iapt_audit.solver.linear import NO_FIGURE

A, B, C = (Figure(name, text, bounds=Bounds(low, high)) for name, text, low, high in (
    ("A", "100", 98, 102), ("B", "50", 48, 52), ("C", "1200", 1200, 1200),
))  # fmt: skip


def only(case: Case) -> Conflict:
    (one,) = conflicts(case)
    return one


def test_a_contradiction_of_one_rule_is_told_from_figures_to_crossing() -> None:
    one = only(case_of([order(0, 1)], [(98, 102), (48, 52)]))

    assert proof(one, {0: A, 1: B}, {0: "A <= B (all that are A are B)"}) == (
        "A is printed 100, so it is 98 to 102. B is printed 50, so it is 48 to 52. "
        "(a) A <= B (all that are A are B). By (a) A is at most 52. But it is at least 98, so no number is left for A."
    )


def test_each_step_names_its_rule_by_letter_and_large_numbers_are_parted() -> None:
    # 1,200 <= something <= 98 to 102
    one = only(case_of([order(0, 1), order(1, 2)], [(1200, 1200), (0, 5000), (98, 102)]))
    told = proof(one, {0: C, 1: B, 2: A}, {0: "first", 1: "second"})

    assert told == (
        "C is 1200. A is printed 100, so it is 98 to 102. (a) first. (b) second. "
        "By (a) B is at least 1,200. By (b) A is at least 1,200. But it is at most 102, so no number is left for A."
    )


def test_a_rate_is_told_with_its_half_width() -> None:
    # 20 of 45 to 49 are 41 to 44%
    one = only(case_of([rate(0, 1, 50, 2)], [(20, 20), (45, 49)], 1))
    rated = Figure("R", "50", "%", 5_000)
    told = proof(one, {0: A, 1: B, 2: rated}, {0: "R = 100 x A / B"})

    assert "R is printed 50%, so it is at least 49.5% and less than 50.5%." in told
    assert told.endswith("A is at least 23. But it is at most 20, so no number is left for A.")


def test_what_narrowing_does_not_lead_to_is_told_as_ruled_out() -> None:
    # twice A, B and C each is never 7, which the figure R says that it is
    case = case_of([[({0: 2, 1: 2, 2: 2}, 7, 7, 3)]], [(0, 4)] * 3, 1)
    told = proof(only(case), {0: A, 1: B, 2: C, 3: Figure("R", "7", "", 0)}, {0: "R = 2 x (A + B + C)"})

    assert told == (
        "R is 7. (a) R = 2 x (A + B + C). "
        "No whole numbers within these bounds satisfy all of this; every one was ruled out."
    )


@pytest.mark.parametrize("untold", [(), (1,)])
def test_nothing_that_follows_of_an_untold_count_is_told(untold: tuple[int, ...]) -> None:
    # 98 <= 1 <= 52 through a count that is set aside
    case = case_of([order(0, 1), order(1, 2)], [(98, 102), (0, 4), (48, 52)]).without([1])
    told = proof(only(case), {0: A, 1: Figure("S", "*", bounds=Bounds(0, 4)), 2: B}, {0: "A <= S", 1: "S <= B"}, untold)

    assert ("S is at least 98" in told) == (not untold)
    assert ("every one was ruled out" in told) == bool(untold)
    assert "S, printed" not in told


def test_a_step_about_another_count_is_told_beside_an_untold_one() -> None:
    # A = B + S: B alone is more than A
    case = case_of([equal(0, 1, 2)], [(48, 52), (98, 102), (0, 4)])
    told = proof(only(case), {0: B, 1: A, 2: Figure("S", "*", bounds=Bounds(0, 4))}, {0: "B = A + S"}, [2])

    assert told.endswith("By (a) B is at least 98. But it is at most 52, so no number is left for B.")


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Figure("M", "12.5", "", 0), "M is 12.5"),
        (Figure("M", "20.5", "", 500), "M is printed 20.5, so it is at least 20.45 and less than 20.55"),
        (Figure("M", "0", "%", 500), "M is printed 0%, so it is at least -0.05% and less than 0.05%"),
        (Figure("M", "50.00", "%", 5_000), "M is printed 50.00%, so it is at least 49.5% and less than 50.5%"),
        (Figure("N", "5", bounds=Bounds(5, 7)), "N is printed 5, so it is 5 to 7"),
    ],
)
def test_a_figure_is_told_with_what_it_stands_for(figure: Figure, expected: str) -> None:
    assert str(figure) == expected


def test_figures_that_are_no_count_have_no_step_of_their_own() -> None:
    one = only(case_of([[({0: 1}, 5, 9, 1)]], [(1, 2)], 1))

    assert one.figures == (0, 1)
    assert one.case.given.figure.tolist() == [1] != [NO_FIGURE]
