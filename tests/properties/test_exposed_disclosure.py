"""
The attacker on the numbers of exposed counts: no number may say of any one count that it is narrowed or pinned.

The attacker knows the file, so which counts are suppressed and in a rule; the program, so by what rule rows are put
together; what was told, with periods and without; and of some counts themselves whether they are narrowed. They go
through every way in which the counts could be narrowed, and keep those that would have been told the same.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from iapt_audit.disclosure.exposure import (
    EXPOSED_COUNTS,
    EXPOSED_KEY,
    EXPOSED_MEANS,
    FEWEST_BEHIND,
    SMALLEST_ROW,
    publish_exposed,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from iapt_audit.disclosure.exposure import ExposedCount

#: What a count can be: open; narrowed by narrowing, or by supposing; pinned by supposing.
OPEN, NARROWED, SUPPOSED, PINNED = range(4)
#: Publication, level, measure and period, with how many suppressed counts there are candidates.
Cells = list[tuple[tuple[str, str, str, str], int]]
World = tuple[int, ...]

ONE_ROW: Cells = [(("p", "l", "A", "1"), 7)]
TWO_PERIODS: Cells = [(("p", "l", "A", "1"), 4), (("p", "l", "A", "2"), 3)]
UNLIKE_PERIODS: Cells = [(("p", "l", "A", "1"), 5), (("p", "l", "A", "2"), 2)]
TWO_MEASURES: Cells = [(("p", "l", "A", "1"), 3), (("p", "l", "B", "1"), 2), (("p", "l", "C", "1"), 2)]
TWO_LEVELS: Cells = [(("p", "l", "A", "1"), 4), (("p", "m", "A", "1"), 2), (("p", "m", "B", "1"), 1)]


def counts(cells: Cells, world: Sequence[int]) -> list[ExposedCount]:
    found: list[ExposedCount] = []
    at = 0
    for key, size in cells:
        labels = tuple(world[at : at + size])
        at += size
        pinned, hidden = labels.count(PINNED), labels.count(OPEN)
        found.append(
            (
                key,
                {
                    **dict.fromkeys(EXPOSED_MEANS, 0),
                    "suppressed": size,
                    "in_rule": size,
                    "candidates": size,
                    "hidden": hidden,
                    "narrowed": size - hidden,
                    "pinned": pinned,
                    "undecided": 0,
                    "narrowed_by_narrowing": labels.count(NARROWED),
                    "narrowed_by_supposing": labels.count(SUPPOSED) + pinned,
                    "pinned_by_supposing": pinned,
                },
            )
        )
    return found


def told(cells: Cells, world: Sequence[int], fewest: int) -> Hashable:
    """Return all that is told of a world: with periods and without, and of the first period's file alone."""
    given = counts(cells, world)
    alone = [count for count in given if count[0][-1] == "1"]
    outputs = [
        publish_exposed(some, by_period=by_period, fewest=fewest, smallest=3)
        for some in (given, alone)
        for by_period in (False, True)
    ]
    return tuple(tuple(sorted(row.items())) for output in outputs for row in output)


@pytest.mark.parametrize("fewest", [1, 2])
@pytest.mark.parametrize(
    "cells", [ONE_ROW, TWO_PERIODS, UNLIKE_PERIODS, TWO_MEASURES, TWO_LEVELS], ids=lambda cells: str(cells)[:40]
)
def test_no_count_can_be_said_to_be_narrowed_or_pinned(cells: Cells, fewest: int) -> None:
    size = sum(number for _, number in cells)
    alike: dict[Hashable, list[World]] = defaultdict(list)
    for world in itertools.product(range(4), repeat=size):
        alike[told(cells, world, fewest)].append(world)

    assert len(alike) > 2
    # whoever knows all of some counts has still as many before them as the gate asks for
    for known in itertools.combinations(range(size), fewest - 1):
        can_be: dict[tuple[Hashable, World], list[set[int]]] = {}
        for said, worlds in alike.items():
            for world in worlds:
                knows = (said, tuple(world[at] for at in known))
                for at, labels in enumerate(can_be.setdefault(knows, [set() for _ in world])):
                    labels.add(world[at])
        unknown = [at for at in range(size) if at not in known]
        for (_, own), each in can_be.items():
            assert all(OPEN in each[at] for at in unknown), (known, own, each)


def numbers(
    in_rule: int, narrowed: int = 0, pinned: int = 0, suppressed: int | None = None, cleared: int = 0
) -> dict[str, int]:
    return {
        **dict.fromkeys(EXPOSED_MEANS, 0),
        "suppressed": in_rule if suppressed is None else suppressed,
        "in_rule": in_rule,
        "candidates": in_rule - cleared,
        "hidden": in_rule - cleared - narrowed,
        "narrowed": narrowed,
        "pinned": pinned,
        "undecided": 0,
        "narrowed_by_solving": narrowed,
        "pinned_by_solving": pinned,
    }


def rows_of(*given: ExposedCount, by_period: bool = True) -> list[tuple[object, ...]]:
    found = publish_exposed(given, by_period=by_period)
    assert all(row["narrowed_by_solving"] == row["narrowed"] for row in found)
    assert all(row["pinned_by_solving"] == row["pinned"] for row in found)
    return [tuple(row[name] for name in (*EXPOSED_KEY[1:], *EXPOSED_COUNTS[:-1])) for row in found]


def test_enough_others_of_either_kind_are_enough() -> None:
    assert (FEWEST_BEHIND, SMALLEST_ROW) == (10, 30)
    assert rows_of((("p", "l", "A", "1"), numbers(40, 30, 20))) == [("l", "A", "1", 40, 40, 0, 30, 20)]
    assert rows_of((("p", "l", "A", "1"), numbers(30))) == [("l", "A", "1", 30, 30, 0, 0, 0)]


@pytest.mark.parametrize(
    "given",
    [
        numbers(39, 30),
        numbers(30, 30),
        numbers(40, 1, 1),
        numbers(40, 20, 11),
        numbers(1_000_010, 1_000_000),
        numbers(4_000, 2_000, 1_985),
        numbers(100, 0, cleared=81),
        numbers(100, 1, cleared=81),
    ],
    ids=str,
)
def test_too_few_others_tell_nothing_beyond_the_file_and_go_into_no_sum(given: dict[str, int]) -> None:
    size = given["in_rule"]
    one, other = (("p", "l", "A", "1"), given), (("p", "l", "A", "2"), numbers(50, 20, 5))

    assert rows_of(one) == [("l", "A", "1", size, size, size, 0, 0)]
    assert rows_of(one, other, by_period=False) == [("l", "A", None, size + 50, size + 50, size, 20, 5)]


def test_small_measures_of_one_level_and_period_go_together() -> None:
    small = [(("p", "l", "S", "1"), numbers(25, 15, 2)), (("p", "l", "T", "1"), numbers(29))]
    apart = [(("p", "l", "A", "1"), numbers(90, 40, 10)), (("p", "l", "S", "2"), numbers(40, 20, 5))]
    lone = [(("p", "m", "S", "1"), numbers(12))]

    assert rows_of(*small, *apart, *lone) == [
        ("l", "A", "1", 90, 90, 0, 40, 10),
        ("l", "S", "2", 40, 40, 0, 20, 5),
        ("l", None, "1", 54, 54, 0, 15, 2),
        ("m", None, "1", 12, 12, 12, 0, 0),
    ]
    assert rows_of(*small, *apart, *lone, by_period=False) == [
        ("l", "A", None, 90, 90, 0, 40, 10),
        ("l", "S", None, 40, 40, 0, 20, 5),
        ("l", None, None, 54, 54, 0, 15, 2),
        ("m", None, None, 12, 12, 12, 0, 0),
    ]


def test_what_is_in_no_rule_is_told_apart() -> None:
    free, small = (("p", "l", "A", "1"), numbers(0, suppressed=300)), (("p", "l", "B", "1"), numbers(12, 5))

    assert rows_of(free, small) == [("l", "A", "1", 300, 0, 0, 0, 0), ("l", None, "1", 12, 12, 12, 0, 0)]


def test_nothing_suppressed_gives_no_row() -> None:
    assert rows_of() == []
