"""Defects of single cells and keys; all rows and figures here were invented for the test."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from iapt_audit.columns import CELLS, Statistic
from iapt_audit.definitions import load_default
from iapt_audit.findings import CODES, Code, Severity
from iapt_audit.normalise import normalise
from iapt_audit.validate import DEFECTS, repeated_keys, validate

HEADER = (
    "REPORTING_PERIOD_START", "REPORTING_PERIOD_END", "GROUP_TYPE", "ORG_CODE1", "ORG_NAME1", "ORG_CODE2", "ORG_NAME2",
    "MEASURE_ID", "MEASURE_NAME", "MEASURE_VALUE_SUPPRESSED",
)  # fmt: skip
COUNT, PERCENTAGE, MEAN, MEDIAN = "M191", "M192", "M050", "M051"


def _decimals() -> Mapping[str, Mapping[Statistic, int]]:
    regimes = load_default().regimes
    return {"england": regimes["england"].decimals, "provider": regimes["local"].decimals}


def _cells(*rows: tuple[str, ...]) -> pl.DataFrame:
    """Make the cells of rows of level, provider, its name, measure and printed text."""
    definitions = load_default()
    table = pl.DataFrame(
        [
            ("2025-06-01", "2025-06-30", level, "00X", "CCG", provider, name, measure, "", printed)
            for level, provider, name, measure, printed in rows
        ],
        schema=HEADER,
        orient="row",
    )
    (only,) = normalise(
        table,
        definitions.layouts["monthly_activity/2021-01"],
        definitions.regimes,
        definitions.measures["monthly_activity"],
        None,
    )
    return only.cells


def _codes(level: str, measure: str, printed: str) -> list[str]:
    return validate(_cells((level, "ABC", "Invented Trust", measure, printed)), _decimals())["code"].to_list()


@pytest.mark.parametrize(
    ("level", "measure", "printed", "codes"),
    [
        ("England", COUNT, "7", []),
        ("England", COUNT, "0", []),
        ("England", PERCENTAGE, "49.7", []),
        ("England", PERCENTAGE, "50", []),
        ("England", PERCENTAGE, "0", []),
        ("England", PERCENTAGE, "100", []),
        ("England", PERCENTAGE, "100.0", []),
        ("England", MEAN, "21.4", []),
        ("England", MEDIAN, "37.5", []),
        ("Provider", COUNT, "5", []),
        ("Provider", COUNT, "470", []),
        ("Provider", COUNT, " 470 ", []),
        ("Provider", PERCENTAGE, "50", []),
        ("Provider", PERCENTAGE, " 50 ", []),
        ("Provider", PERCENTAGE, "100", []),
        ("Provider", MEAN, "21.4", []),
        ("Provider", COUNT, "*", []),
        ("Provider", COUNT, "NULL", []),
        ("Provider", COUNT, "", []),
        ("Provider", PERCENTAGE, "*", []),
        ("England", COUNT, "many", ["cell-unparseable"]),
        ("Provider", COUNT, "1,460", ["cell-unparseable"]),
        ("Provider", PERCENTAGE, "50%", ["cell-unparseable"]),
        ("Provider", PERCENTAGE, "\N{FULLWIDTH DIGIT FIVE}", ["cell-unparseable"]),
        ("Provider", COUNT, "\N{FULLWIDTH DIGIT FIVE}", ["cell-unparseable"]),
        ("England", COUNT, "-1", ["value-negative"]),
        ("Provider", COUNT, "-5", ["value-negative"]),
        ("Provider", COUNT, "-3", ["value-negative"]),
        ("Provider", MEAN, "-0.1", ["value-negative"]),
        ("England", MEAN, "-2.5", ["value-negative"]),
        ("Provider", PERCENTAGE, "-1", ["value-negative"]),
        ("Provider", PERCENTAGE, "120", ["percentage-out-of-range"]),
        ("England", PERCENTAGE, "100.1", ["percentage-out-of-range"]),
        ("Provider", PERCENTAGE, "101", ["percentage-out-of-range"]),
        ("Provider", PERCENTAGE, "100.4", ["percentage-out-of-range", "too-many-decimals"]),
        # a mean has no upper bound
        ("Provider", MEAN, "120", []),
        ("Provider", PERCENTAGE, "49.7", ["too-many-decimals"]),
        ("Provider", PERCENTAGE, " 49.7 ", ["too-many-decimals"]),
        ("Provider", PERCENTAGE, "50.0", ["too-many-decimals"]),
        ("England", PERCENTAGE, "49.75", ["too-many-decimals"]),
        ("England", PERCENTAGE, "49.7 ", []),
        ("England", COUNT, "7.5", ["too-many-decimals"]),
        ("Provider", MEAN, "21.44", ["too-many-decimals"]),
        ("Provider", COUNT, "7", ["count-not-disclosure-controlled"]),
        ("Provider", COUNT, "3", ["count-not-disclosure-controlled"]),
        ("Provider", COUNT, "0", ["count-not-disclosure-controlled"]),
        ("Provider", COUNT, "472", ["count-not-disclosure-controlled"]),
        # told once, not as one with too many decimals too
        ("Provider", COUNT, "7.5", ["count-not-disclosure-controlled"]),
        ("Provider", COUNT, "7.00001", ["count-not-disclosure-controlled"]),
        # an unknown measure is counted and not judged
        ("Provider", "M9999", "7", []),
        ("Provider", "M9999", "-7", []),
        ("Provider", "M9999", "many", ["cell-unparseable"]),
    ],
)
def test_defect_of_a_cell_is_told_by_its_code(level: str, measure: str, printed: str, codes: list[str]) -> None:
    actual = _codes(level, measure, printed)

    assert codes == actual


def test_defects_name_their_cell_in_the_order_of_the_file() -> None:
    cells = _cells(
        ("Provider", "ABC", "Invented Trust", COUNT, "470"),
        ("Provider", "ABC", "Invented Trust", PERCENTAGE, "120"),
        ("Provider", "DEF", "Other Trust", COUNT, "many"),
        ("England", "All", "All", MEAN, "-1"),
    )

    actual = validate(cells, _decimals())

    expected = pl.DataFrame(
        [
            (1, "percentage-out-of-range", "the percentage is above 100"),
            (2, "cell-unparseable", "the cell is neither a number nor one of the publisher's signs"),
            (3, "value-negative", "the figure is negative"),
        ],
        schema=DEFECTS,
        orient="row",
    )
    assert_frame_equal(expected, actual)


@pytest.mark.parametrize("printed", ["3", "7", "472"])
def test_count_that_missed_disclosure_control_is_not_repeated(printed: str) -> None:
    actual = validate(_cells(("Provider", "ABC", "Invented Trust", COUNT, printed)), _decimals())

    (message,) = actual["message"]
    assert printed not in message
    assert "tell the publisher" in message


def test_no_cells_have_no_defects() -> None:
    actual = validate(pl.DataFrame(schema=CELLS), _decimals())

    assert_frame_equal(pl.DataFrame(schema=DEFECTS), actual)


def test_every_defect_is_an_error() -> None:
    codes = [
        Code.CELL_UNPARSEABLE,
        Code.VALUE_NEGATIVE,
        Code.PERCENTAGE_OUT_OF_RANGE,
        Code.TOO_MANY_DECIMALS,
        Code.COUNT_NOT_DISCLOSURE_CONTROLLED,
        Code.KEY_TWICE,
        Code.PERIOD_NOT_WHOLE,
        Code.PERIODS_DIFFER,
    ]

    actual = {CODES[code][0] for code in codes}

    assert {Severity.ERROR} == actual


def test_every_code_has_a_severity_and_a_title() -> None:
    assert set(Code) == set(CODES)
    assert all(title for _, title in CODES.values())


def _repeated(*rows: tuple[str, ...]) -> list[dict[str, Any]]:
    return repeated_keys(_cells(*rows)).select("org_code", "names", "rows", "cells", "values_differ").to_dicts()


@pytest.mark.parametrize(("again", "differ"), [("470", False), ("475", True), ("*", True)])
def test_key_that_stands_twice_is_told_once_an_organisation(again: str, *, differ: bool) -> None:
    actual = _repeated(
        ("Provider", "ABC", "Invented Trust", COUNT, "470"),
        ("Provider", "DEF", "Other Trust", COUNT, "470"),
        ("Provider", "ABC", "Renamed Trust", COUNT, again),
        ("Provider", "ABC", "Invented Trust", PERCENTAGE, "50"),
        ("Provider", "ABC", "Renamed Trust", PERCENTAGE, "50"),
    )

    assert [
        {
            "org_code": "ABC",
            "names": ["Invented Trust", "Renamed Trust"],
            "rows": 4,
            # those of the first key
            "cells": [0, 2],
            "values_differ": differ,
        }
    ] == actual


def test_keys_that_stand_once_are_not_told() -> None:
    actual = _repeated(
        ("Provider", "ABC", "Invented Trust", COUNT, "470"),
        ("Provider", "ABC", "Invented Trust", PERCENTAGE, "50"),
        ("Provider", "DEF", "Invented Trust", COUNT, "470"),
        ("England", "ABC", "Invented Trust", COUNT, "470"),
    )

    assert actual == []
