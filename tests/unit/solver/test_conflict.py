from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pytest

from iapt_audit.solver import conflict as conflict_module
from iapt_audit.solver.conflict import Case, Conflict, conflicts, impossible_by_one_figure
from iapt_audit.solver.cp_sat import solution
from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.linear import NO_FIGURE, Linear, Origin

#: A rule: coefficients by variable, low, high, and the figure that makes it.
Rule = tuple[dict[int, int], int, int, int]
#: The number that the first rate of a drawn system has as a figure: after all variables.
COUNTS = 7


def case_of(rules: list[list[Rule]], bounds: list[tuple[int, int]], figures: int = 0) -> Case:
    """Make a case: each rule a list of constraints; the numbers after the variables are those of rates."""
    parts = [
        Linear.of(
            np.array([list(factors)]),
            np.array([list(factors.values())]),
            (np.array([low]), np.array([high])),
            Origin(np.array([number]), np.zeros(1, dtype=np.int64), np.array([figure])),
        )
        for number, constraints in enumerate(rules)
        for factors, low, high, figure in constraints
    ]
    wide = [*bounds, *((-1, -1) for _ in range(figures))]
    least, most = (np.array([pair[end] for pair in wide], dtype=np.int64) for end in (0, 1))
    return Case(Linear.joined(parts), least, most, least)


def is_possible(case: Case) -> bool:
    """Ask the solver alone, which the tests of `integers` try against every point."""
    return solution(case.given, case.least, case.most) is not None


def equal(*terms: int) -> list[Rule]:
    """Say that the first is the sum of the others."""
    first, *rest = terms
    return [({first: -1, **dict.fromkeys(rest, 1)}, 0, 0, NO_FIGURE)]


def order(few: int, many: int) -> list[Rule]:
    return [({few: 1, many: -1}, -UNBOUNDED, 0, NO_FIGURE)]


def rate(numerator: int, denominator: int, printed: int, figure: int, half: int = 5) -> list[Rule]:
    """Say that a printed percentage is of two counts: in tenths of a per cent."""
    return [
        ({numerator: 1000, denominator: half - 10 * printed}, 0, UNBOUNDED, figure),
        ({numerator: 1000, denominator: -half - 10 * printed}, -UNBOUNDED, -1, figure),
        ({numerator: 1, denominator: -1}, -UNBOUNDED, 0, NO_FIGURE),
    ]


@dataclass(frozen=True)
class Drawn:
    """A possible system as printed, and the same with one figure printed wrong."""

    right: Case
    wrong: Case
    figure: int


def drawn(seed: int) -> Drawn:
    """
    Draw true counts with rules that hold of them and rates worked out from them; print them; then print one wrong.

    The counts are 0 = 1 + 2, 3 = 4 + 5, 4 <= 1, and 6 apart; rates are of 1 and 2 in 0, 4 in 1, 5 in 3, and 6 in 0.
    """
    random = np.random.default_rng(seed)
    parts = {at: int(random.integers(8, 200)) for at in (1, 2, 5)}
    parts[4] = int(random.integers(5, parts[1] + 1))
    true = [parts[1] + parts[2], parts[1], parts[2], parts[4] + parts[5], parts[4], parts[5], 0]
    true[6] = int(random.integers(1, true[0] + 1))
    pairs = [(1, 0), (2, 0), (4, 1), (5, 3), (6, 0)]
    printed = [(200 * true[n] + true[d]) // (2 * true[d]) for n, d in pairs]
    bounds = [(5 * ((value + 2) // 5) - 2, 5 * ((value + 2) // 5) + 2) for value in true]

    def case(bounds: list[tuple[int, int]], printed: list[int]) -> Case:
        rules = [equal(0, 1, 2), equal(3, 4, 5), order(4, 1), order(6, 0)]
        rules += [rate(n, d, shown, COUNTS + at) for at, ((n, d), shown) in enumerate(zip(pairs, printed, strict=True))]
        return case_of(rules, bounds, len(pairs))

    right = case(bounds, printed)
    figure = int(random.integers(COUNTS + len(pairs)))
    off = int(random.integers(1, 5)) * (-1 if random.integers(2) else 1)
    if figure < COUNTS:
        # a slip of a few times the rounding, which mostly shows only beside more than one other figure
        low, high = bounds[figure]
        off = 5 * max(off, -(low // 5))
        bounds = [*bounds[:figure], (low + off, high + off), *bounds[figure + 1 :]]
    else:
        printed[figure - COUNTS] += off
    return Drawn(right, case(bounds, printed), figure)


SEEDS = range(200)


def impossible() -> list[Drawn]:
    return [each for each in map(drawn, SEEDS) if not is_possible(each.wrong)]


def test_figures_as_printed_are_possible_and_have_no_conflict() -> None:
    assert [seed for seed in SEEDS if conflicts(drawn(seed).right)] == []


@pytest.mark.thorough
def test_a_conflict_is_found_just_where_the_system_is_impossible() -> None:
    assert [bool(conflicts(drawn(seed).wrong)) for seed in SEEDS] == [
        not is_possible(drawn(seed).wrong) for seed in SEEDS
    ]
    # a good part of single faults shows
    assert len(impossible()) > len(SEEDS) / 4


@pytest.mark.thorough
def test_a_conflict_is_impossible_and_can_spare_no_rule_and_no_figure() -> None:
    several = 0
    for each in impossible():
        for one in conflicts(each.wrong):
            several += len(one.rules) > 1
            in_rules = each.wrong.of_rules(one.rules)
            others = set(each.wrong.figures) - set(one.figures)

            assert not is_possible(in_rules.without(others))
            # what it carries with it says the same
            assert not is_possible(one.case)
            assert (one.rules, one.figures) == (tuple(one.case.rules), tuple(one.case.known))
            for rule in one.rules:
                assert is_possible(each.wrong.of_rules(set(one.rules) - {rule}).without(others))
            for figure in one.figures:
                assert is_possible(in_rules.without([*others, figure]))
    assert several > 20


@pytest.mark.thorough
def test_every_answer_makes_the_system_possible_and_none_is_left_out() -> None:
    for each in impossible():
        found = conflicts(each.wrong)
        for one in found:
            rest = each.wrong.without(figure for other in found if other is not one for figure in other.figures)
            alone = {(figure,) for figure in one.figures if is_possible(rest.without([figure]))}

            assert one.answers
            assert all(is_possible(rest.without(answer)) for answer in one.answers)
            assert not alone or alone == set(one.answers)


@pytest.mark.thorough
def test_the_one_wrong_figure_is_always_among_the_answers() -> None:
    for each in impossible():
        found = conflicts(each.wrong)

        assert len(found) == 1
        assert (each.figure,) in found[0].answers


def test_conflicts_share_no_figure_and_what_is_left_is_possible() -> None:
    # two faults far apart: 0 = 1 + 2, and 4 <= 1 with 3 = 4 + 5
    case = case_of([equal(0, 1, 2), equal(3, 4, 5)], [(50, 50), (3, 3), (4, 4), (9, 9), (5, 5), (5, 5)])
    first, second = conflicts(case)

    assert not set(first.figures) & set(second.figures)
    assert {first.figures, second.figures} == {(0, 1, 2), (3, 4, 5)}
    assert is_possible(case.without([*first.figures, *second.figures]))
    # an answer to one of them is asked of what the other does not touch
    assert {each.answers for each in (first, second)} == {((0,), (1,), (2,)), ((3,), (4,), (5,))}


def test_of_a_conflict_that_somebody_tells_already_nobody_asks_what_could_be_wrong() -> None:
    case = case_of([equal(0, 1, 2), equal(3, 4, 5)], [(50, 50), (3, 3), (4, 4), (9, 9), (5, 5), (5, 5)])
    found = conflicts(case, lambda one: one.figures == (0, 1, 2))

    assert {each.figures: each.answers for each in found} == {(0, 1, 2): (), (3, 4, 5): ((3,), (4,), (5,))}


def test_a_system_that_one_rate_alone_makes_impossible_has_that_conflict_and_no_other() -> None:
    first_rate = 4
    alone = 0
    for each in impossible():
        given = replace(each.wrong.given, system=np.zeros(len(each.wrong.given), dtype=np.int64))
        found = impossible_by_one_figure(
            given, each.wrong.least, each.wrong.most, each.wrong.start, lambda rule: rule >= first_rate
        )
        if not len(found):
            continue
        (one,) = conflicts(each.wrong)
        (rule,) = one.rules
        alone += 1

        assert rule >= first_rate
        assert COUNTS + rule - first_rate in one.figures
    assert alone


def test_a_rate_beside_another_contradiction_is_no_lone_one() -> None:
    # 8 of 10 are printed as 50%, and 2 = 3 + 4 is of 50, 3, 4: each is told, in one system or in two
    rules = [rate(0, 1, 50, 5), equal(2, 3, 4)]
    case = case_of(rules, [(8, 8), (10, 10), (50, 50), (3, 3), (4, 4)], 1)

    def lone(system: list[int], wanted: int) -> list[int]:
        given = replace(case.given, system=np.array(system))
        lone = impossible_by_one_figure(given, case.least, case.most, case.start, lambda rule: rule == wanted)
        return [int(each) for each in lone]

    assert lone([0, 0, 0, 0], 0) == []
    assert lone([0, 0, 0, 1], 0) == [0]
    # the other is no rate: nothing that is printed makes it
    assert lone([0, 0, 0, 1], 1) == []


def test_a_rule_is_set_aside_with_all_its_constraints_and_a_rate_with_its_own_alone() -> None:
    # 8 of 10 are 80%, printed 50%; with the rate aside numerator and denominator are still a part and a whole
    case = case_of([rate(0, 1, 50, 2)], [(8, 8), (10, 10)], 1)
    (one,) = conflicts(case)

    assert (one.rules, one.figures, one.answers) == ((0,), (0, 1, 2), ((0,), (1,), (2,)))
    assert case.without([2]).given.figure.tolist() == [NO_FIGURE]
    (other,) = conflicts(case_of([rate(0, 1, 50, 2)], [(12, 12), (10, 10)], 1))
    assert (other.figures, other.answers) == ((0, 1), ((0,), (1,)))


def test_where_no_figure_alone_can_be_wrong_pairs_are_told() -> None:
    # 0 <= 1 and 0 <= 2 of 9, 3, 4 has one answer in common; 1 = 2 besides makes two wrong, for 9, 3, 3 has not
    case = case_of([order(0, 1), order(2, 3), equal(0, 2), equal(1, 3)], [(9, 9), (3, 3), (8, 8), (2, 2)])
    found = conflicts(case)

    assert [len(one.answers[0]) for one in found if one.answers]
    for one in found:
        rest = case.without(figure for other in found if other is not one for figure in other.figures)
        assert all(is_possible(rest.without(answer)) for answer in one.answers)


def test_pairs_are_told_where_two_conflicts_cross() -> None:
    # 0 is too great for 1, 2 and 3, each of which is too great for 4: two at least are wrong, and 0 with 4 will do
    rules = [order(0, at) for at in (1, 2, 3)] + [order(at, 4) for at in (1, 2, 3)]
    case = case_of(rules, [(9, 9), (6, 6), (6, 6), (6, 6), (3, 3)])
    found = conflicts(case)
    pairs = [answer for one in found for answer in one.answers if len(answer) == 2]

    assert all(not is_possible(case.without([figure])) for figure in case.figures)
    for one in found:
        rest = case.without(figure for other in found if other is not one for figure in other.figures)
        for size in (1, 2):
            expected = [pair for pair in combinations(one.figures, size) if is_possible(rest.without(pair))]
            if expected:
                assert list(one.answers) == expected[:5]
                break
    assert pairs or len(found) > 1


def test_rules_that_no_figures_at_all_satisfy_accuse_no_figure() -> None:
    """A definition of a user's own can be wrong: then nothing printed is to blame, and the search for blame ends."""
    case = case_of([[({0: 1}, -UNBOUNDED, -1, NO_FIGURE)]], [(5, 5)])

    assert conflicts(case) == []


def test_figures_beside_such_rules_have_no_answer() -> None:
    # 0 > 1 and 0 <= 1 hold of nothing; of 5 and 5 the first alone does not, and no other figures would do
    case = case_of([[({0: 1, 1: -1}, 1, UNBOUNDED, NO_FIGURE)], order(0, 1)], [(5, 5), (5, 5)])

    assert [(one.rules, one.figures, one.answers) for one in conflicts(case)] == [((0,), (0, 1), ())]


def test_a_large_system_is_decided_as_far_as_narrowing_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its conflicts are small, and proven like any other; what only exact search rules out is not accused."""
    monkeypatch.setattr(conflict_module, "_MOST_EXACT", 2)
    narrowed = case_of([equal(0, 1, 2), order(1, 3), order(2, 3)], [(50, 50), (3, 3), (4, 4), (9, 9)])
    exact = case_of([[({0: 2, 1: 2, 2: 2}, 7, 7, NO_FIGURE)], order(0, 3), order(1, 3)], [(0, 4)] * 4)

    assert [one.figures for one in conflicts(narrowed)] == [(0, 1, 2)]
    assert conflicts(exact) == []


def test_a_hole_that_narrowing_does_not_see_is_a_conflict() -> None:
    # of whole numbers 0..4 no three have twice their sum 7
    case = case_of([[({0: 2, 1: 2, 2: 2}, 7, 7, NO_FIGURE)], order(0, 3)], [(0, 4)] * 4)
    with_all_aside = case.without(range(4))

    assert not case.is_narrowed_away
    assert not is_possible(with_all_aside)
    assert conflicts(case) == []
    # twice the sum of three is between 6 and 8 exclusive only as 7: the rate's own constraints are set aside with it
    rated = replace(case, given=replace(case.given, figure=np.array([9, NO_FIGURE])))
    padded = Case(rated.given, np.append(case.least, [-1] * 6), np.append(case.most, [-1] * 6), np.zeros(10, dtype=int))
    assert [(one.figures, one.answers) for one in conflicts(padded)] == [((9,), ((9,),))]


def test_what_one_system_is_taken_out_with() -> None:
    table = Linear.joined([case_of([rate(4, 6, 50, 8)], [(0, 9)] * 7, 2).given])
    table = replace(table, system=table.system + 3)
    other = replace(table, variable=table.variable + 1, system=table.system + 1)
    least, most = np.arange(10), np.arange(10) + 10
    case, old = Case.of_system(3, Linear.joined([table, other]), least, most, least)

    assert old.tolist() == [4, 6, 8]
    assert (case.figures, case.least.tolist(), case.most.tolist()) == ([0, 1, 2], [4, 6, 8], [14, 16, 18])
    assert case.given.figure.tolist() == [2, 2, NO_FIGURE]


def told(one: Conflict) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return one.rules, one.figures


@pytest.mark.parametrize("seed", range(20))
def test_a_true_rule_more_never_lets_a_contradiction_off(seed: int) -> None:
    each = drawn(seed)
    fewer = [rule for rule in each.wrong.rules if rule != seed % len(each.wrong.rules)]

    assert not conflicts(each.wrong.of_rules(fewer)) or conflicts(each.wrong)
    assert [told(one) for one in conflicts(each.wrong)] == [told(one) for one in conflicts(each.wrong)]


def test_the_lightest_answer_is_named_first() -> None:
    # x = y + z with 9 = 1 + 2: any of the three could be wrong
    case = case_of([equal(0, 1, 2)], [(9, 9), (1, 1), (2, 2)])
    weighed = replace(case, weight=np.array([3, 2, 1]))

    assert [one.answers for one in conflicts(case)] == [((0,), (1,), (2,))]
    assert [one.answers for one in conflicts(weighed)] == [((2,), (1,), (0,))]


def test_a_rule_that_is_impossible_by_itself_is_told_before_a_longer_story() -> None:
    # 0 <= 1 <= 2 of 9, anything and 5 needs two rules, 3 <= 4 of 9 and 5 one, wherever it stands
    rules = [order(0, 1), order(1, 2), order(2, 3), order(3, 4)]
    case = case_of(rules, [(9, 9), (0, 50), (5, 5), (9, 9), (5, 5)])
    first, second = conflicts(case)

    assert (first.rules, first.figures) == ((3,), (3, 4))
    assert (second.rules, second.figures) == ((0, 1), (0, 2))
    # 0 <= 1 and 1 <= 2 narrow the same 1, and neither is impossible by itself
    assert case.of_rules([0, 1]).impossible_rules == []


def test_a_figure_that_is_set_aside_may_have_been_nothing() -> None:
    # 10 = 10 + 5 to 7: the part may be wrong, for 0 would do
    (one,) = conflicts(case_of([equal(0, 1, 2)], [(10, 10), (10, 10), (5, 7)]))

    assert one.answers == ((0,), (1,), (2,))
