"""What no scores of a questionnaire can give; hand-worked figures."""

from __future__ import annotations

import polars as pl
import pytest

from iapt_audit.definitions import EffectSize, Scale, Source
from iapt_audit.judging.scales import IMPOSSIBLE, impossible
from iapt_audit.model.columns import CELLS, SCALE

SOURCE = Source("invented", "https://example.org")
PHQ9 = Scale("phq9", "PHQ-9", "outcomes", ("Start", "End"), "", 0, 27, SOURCE, "scales.toml")
ITEM = Scale("item", "an item", "outcomes", ("Start", "End"), "Work", 0, 8, SOURCE, "scales.toml")
EFFECT = EffectSize("effect", "outcomes", "Effect", "Start", "End", SOURCE, "scales.toml")
MEAN, DEVIATION, SIZE = "mean", "standard_deviation", "effect_size"


def _cells(*figures: tuple[str, str, str], level: str = "england", group: int = 0, **others: object) -> pl.DataFrame:
    rows = [
        {
            "file": 0, "group": group, "row": 2, "level": level, "org_code": level, "org_name": level,
            "breakdown": "Total", "measure": measure, "statistic": statistic, "printed": printed,
            "status": "published", "value": round(float(printed) * SCALE), "half_width": 500, "in_form": True,
            "smallest": 0, "held_back": False, "repeated": False, **others,
        }
        for measure, statistic, printed in figures
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=CELLS)


def _found(cells: pl.DataFrame, scale: Scale = PHQ9) -> list[list[int]]:
    found = impossible(cells, ["outcomes"], [scale], [EFFECT])

    assert found.schema == IMPOSSIBLE
    cells_of: list[list[int]] = found["cells"].to_list()
    return cells_of


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("0", []), ("0.1", []), ("13.5", []), ("27", []),
        # 27.05 and more
        ("27.1", [[0]]), ("270", [[0]]),
        # `validate` tells a negative mean
        ("-0.1", []),
    ],
)  # fmt: skip
def test_mean_lies_on_its_scale(printed: str, expected: list[list[int]]) -> None:
    assert expected == _found(_cells(("Start", MEAN, printed)))


@pytest.mark.parametrize(
    ("mean", "deviation", "possible"),
    [
        # two scores, 0 and 27, have the mean 13.5 and the deviation 27 / root 2 = 19.09 over n - 1
        ("13.5", "19.1", True),
        # 19.15 and more
        ("13.5", "19.2", False),
        (None, "19.1", True),
        (None, "19.2", False),
        # the mean 3.05 at most: root of 2 x 3.05 x 23.95 = 12.087
        ("3", "12.1", True),
        ("3", "12.2", False),
        # all scores alike at an end of the scale, up to the mean 0.05: root of 2 x 0.05 x 26.95 = 1.6416
        ("0", "1.6", True),
        ("0", "1.7", False),
        ("27", "0", True),
        ("13.5", "0", True),
        ("13.5", "-0.1", False),
    ],
)
def test_deviation_is_no_greater_than_scores_on_the_scale_can_have(
    mean: str | None, deviation: str, *, possible: bool
) -> None:
    given = [("Start", DEVIATION, deviation)] + ([("Start", MEAN, mean)] if mean else [])

    actual = _found(_cells(*given))

    assert actual == ([] if possible else [[0, 1] if mean else [0]])


def test_deviation_is_held_to_the_mean_of_its_own_measure() -> None:
    cells = _cells(("Start", DEVIATION, "15"), ("End", MEAN, "1"), ("Start", MEAN, "13.5"))

    assert _found(cells) == []


@pytest.mark.parametrize(
    ("breakdown", "expected"), [("Total | Work | At caseness", [[0]]), ("Total | Works", []), ("Total", [])]
)
def test_scale_is_that_of_the_questionnaire_that_the_row_names(breakdown: str, expected: list[list[int]]) -> None:
    cells = _cells(("Start", MEAN, "8.2"), breakdown=breakdown)

    assert expected == _found(cells, ITEM)


@pytest.mark.parametrize(
    ("effect", "possible"),
    [
        # (13.5 - 9.5) / 5.9: from 3.9 / 5.95 = 0.655 to 4.1 / 5.85 = 0.701
        ("0.7", True),
        ("0.6", False),
        ("0.8", False),
        ("-0.7", False),
    ],
)
def test_effect_size_is_the_difference_in_englands_deviations(effect: str, *, possible: bool) -> None:
    cells = _cells(("Effect", SIZE, effect), ("Start", MEAN, "13.5"), ("End", MEAN, "9.5"), ("Start", DEVIATION, "5.9"))

    assert _found(cells) == ([] if possible else [[0, 1, 2, 3]])


@pytest.mark.parametrize(("effect", "possible"), [("-0.5", True), ("-0.4", False), ("0.5", False)])
def test_effect_size_below_zero_says_that_scores_rose(effect: str, *, possible: bool) -> None:
    # (9.5 - 12.5) / 5.9: from -3.1 / 5.85 = -0.530 to -2.9 / 5.95 = -0.487
    cells = _cells(("Effect", SIZE, effect), ("Start", MEAN, "9.5"), ("End", MEAN, "12.5"), ("Start", DEVIATION, "5.9"))

    assert _found(cells) == ([] if possible else [[0, 1, 2, 3]])


@pytest.mark.parametrize(("effect", "possible"), [("0.5", True), ("0.8", False)])
def test_effect_size_of_a_provider_is_told_in_englands_deviation(effect: str, *, possible: bool) -> None:
    # (14 - 11) / 5.9 = 0.51; by its own deviation it would be 0.75
    england = _cells(("Start", DEVIATION, "5.9"))
    provider = _cells(
        ("Effect", SIZE, effect), ("Start", MEAN, "14"), ("End", MEAN, "11"), ("Start", DEVIATION, "4"),
        level="provider", group=1,
    )  # fmt: skip

    assert _found(pl.concat([england, provider])) == ([] if possible else [[1, 2, 3, 0]])


def test_effect_size_is_not_told_in_the_deviation_of_another_row_of_england() -> None:
    england = _cells(("Start", DEVIATION, "5.9"), breakdown="Gender | Female")
    provider = _cells(
        ("Effect", SIZE, "0.8"), ("Start", MEAN, "14"), ("End", MEAN, "11"), level="provider", group=1
    )  # fmt: skip

    assert _found(pl.concat([england, provider])) == []


@pytest.mark.parametrize("column", ["Start", "End"])
def test_effect_size_without_a_mean_is_left_alone(column: str) -> None:
    cells = _cells(("Effect", SIZE, "5"), (column, MEAN, "13.5"), ("Start", DEVIATION, "5.9"))

    assert _found(cells) == []


@pytest.mark.parametrize(("name", "value"), [("status", "suppressed"), ("repeated", True)])
def test_cell_that_is_not_printed_or_stands_twice_is_left_alone(name: str, value: object) -> None:
    cells = _cells(("Start", MEAN, "28"), ("Start", DEVIATION, "25"))
    cells = cells.with_columns(pl.lit(value).cast(CELLS[name]).alias(name))

    assert _found(cells) == []


def test_other_publications_are_left_alone() -> None:
    found = impossible(_cells(("Start", MEAN, "28")), ["other"], [PHQ9], [EFFECT])

    assert found.is_empty()
