"""What always holds follows from the constructions: no records that they allow break it, and what need not, they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from properties.records import draw, measured

from iapt_audit.definitions import load_default

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iapt_audit.definitions import Identity

DEFINITIONS = load_default()
MONTHLY = {each.id: each for each in DEFINITIONS.identities if each.publication == "monthly_activity"}
#: Measures whose construction is not at hand, and which the model of records does not have.
WITHOUT_CONSTRUCTION = {"M279", "M280", "M281", "M1003"}
MODELLED = {name: each for name, each in MONTHLY.items() if not WITHOUT_CONSTRUCTION.intersection(each.rule.names)}


def broken(rule: Identity, counts: Mapping[str, int]) -> bool:
    left, right = (
        sum(term.sign * counts[term.name] for term in side.terms) for side in (rule.rule.left, rule.rule.right)
    )
    return left > right if rule.rule.relation == "<=" else left != right


def months(how_many: int) -> list[Mapping[str, int]]:
    """Return months of one record and of many: in one alone no other makes up for it."""
    random = np.random.default_rng(20261201)
    return [measured(draw(random) for _ in range(size)) for size in [1] * how_many + [40] * (how_many // 20)]


@pytest.fixture(scope="module")
def seen() -> list[Mapping[str, int]]:
    return months(2_000)


def test_no_records_that_the_constructions_allow_break_what_always_holds(seen: list[Mapping[str, int]]) -> None:
    always = [each for each in MODELLED.values() if each.holds == "always"]

    assert {each.id for each in always for counts in seen if broken(each, counts)} == set()
    assert len(always) > 60


def test_every_rule_that_need_not_hold_is_broken_by_some_of_them(seen: list[Mapping[str, int]]) -> None:
    """So the records are as free as the constructions leave them: a rule called always by mistake would be broken."""
    nearly = [each for each in MODELLED.values() if each.holds == "nearly"]

    assert {each.id for each in nearly if not any(broken(each, counts) for counts in seen)} == set()
    assert len(nearly) > 15


def test_every_measure_of_a_rule_is_counted_in_some_record(seen: list[Mapping[str, int]]) -> None:
    wanted = {name for each in MODELLED.values() for name in each.rule.names}

    assert {name for name in wanted if not any(counts[name] for counts in seen)} == set()


def test_a_rule_whose_measures_have_no_construction_at_hand_proves_nothing_unless_it_is_one_field_taken_apart() -> None:
    left_out = {name: each.holds for name, each in MONTHLY.items() if name not in MODELLED}

    assert {name for name, holds in left_out.items() if holds == "always"} == {
        name for name in left_out if name.endswith("until_2022_03") and "staff" not in name
    }
