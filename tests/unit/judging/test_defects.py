"""Defects of single cells and keys; all rows and figures here were invented for the test."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from cli.command import run
from polars.testing import assert_frame_equal

from iapt_audit.constraints.context import Context
from iapt_audit.definitions import load_default
from iapt_audit.ingest.normalise import normalise
from iapt_audit.judging.defects import DEFECTS, defects, empty_keys, repeated_keys, validate
from iapt_audit.model.columns import CELLS, Statistic
from iapt_audit.model.findings import CODES, Code, Severity
from iapt_audit.model.inputs import Input, Part

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
        definitions,
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
        ("Provider", COUNT, "1,4,60", ["cell-unparseable"]),
        # thousands set apart are no fault of a figure
        ("Provider", COUNT, "1,460", []),
        # the sign of its unit is no fault of a figure
        ("Provider", PERCENTAGE, "50%", []),
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
            (2, "cell-unparseable", "the cell is neither a number nor one of the publisher's symbols"),
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
        Code.PERCENTAGES_AS_SHARES,
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


def test_rows_that_do_not_say_whose_they_are_are_gathered_by_level_and_part() -> None:
    cells = _cells(
        ("Provider", "", "Invented Trust", COUNT, "470"),
        ("Provider", " ", "Invented Trust", PERCENTAGE, "50"),
        ("Provider", "ABC", "Invented Trust", COUNT, "470"),
        ("Provider", "ABC", "Invented Trust", "", "470"),
        ("SubICB/Provider", "", "Invented Trust", COUNT, "470"),
        # England has one code, whatever stands in the file
        ("England", "", "", COUNT, "470"),
        ("SubICB", "", "", COUNT, "470"),
    )

    actual = empty_keys(cells).select("level", "part", "rows", "cell").rows()

    assert actual == [("provider", "measure", 1, 3), ("provider", "organisation", 2, 0), ("pair", "organisation", 1, 4)]


def test_keys_that_are_whole_are_not_told() -> None:
    assert empty_keys(_cells(("Provider", "ABC", "Invented Trust", COUNT, "470"))).is_empty()
    assert empty_keys(pl.DataFrame(schema=CELLS)).is_empty()


#: What else a month holds beside the cell at fault: the counts behind England's percentage and a provider's.
SOUND = [
    *(("England", "All", measure, text) for measure, text in (("M076", "1003"), ("M179", "103"), ("M191", "452"))),
    *(("Provider", "DEF", measure, text) for measure, text in (("M076", "510"), ("M179", "5"), ("M191", "255"))),
    ("England", "All", "M192", "50.2"),
    ("Provider", "DEF", "M192", "50"),
]
JUNE, MAY = ("2025-06-01", "2025-06-30"), ("2025-05-01", "2025-05-31")


def _month(*rows: tuple[str, ...], dates: tuple[str, str] = JUNE) -> list[tuple[str, ...]]:
    return [(*dates, level, "All", "All", code, "Invented", measure, "", text) for level, code, measure, text in rows]


def _write(path: Path, rows: list[tuple[str, ...]]) -> Path:
    pl.DataFrame(rows, schema=HEADER, orient="row").write_csv(path)
    return path


def _run(*arguments: str | Path) -> str:
    done = run(*arguments)
    assert done.returncode in {0, 1}, done
    return done.stdout


def _told(path: Path) -> set[tuple[str, str, str | None, int | None]]:
    """
    Return code, severity, organisation and row of each finding but those on measures that the month lacks.

    Nor of what figures are to each other: England and two providers were invented apart.
    """
    findings = json.loads(_run("audit", path, "--format", "json"))["findings"]
    return {
        (each["code"], each["severity"], each["org_code"], each["cells"][0]["row"] if each["cells"] else None)
        for each in findings
        if each["code"]
        # nor of what could not be judged for it, or is held back beside what is not there
        not in {"measures-absent", "level-incomplete", "levels-contradicted", "part-unjudged", "figures-held-back"}
    }


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (("Provider", "ABC", "M191", "about 470"), "cell-unparseable"),
        (("Provider", "ABC", "M191", "472"), "count-not-disclosure-controlled"),
        (("Provider", "ABC", "M191", "0"), "count-not-disclosure-controlled"),
        (("Provider", "ABC", "M191", "3"), "count-not-disclosure-controlled"),
        (("Provider", "ABC", "M192", "49.7"), "too-many-decimals"),
        (("England", "All", "M195", "48.75"), "too-many-decimals"),
        (("England", "All", "M193", "430.5"), "too-many-decimals"),
        (("Provider", "ABC", "M192", "101"), "percentage-out-of-range"),
        (("Provider", "ABC", "M192", "-1"), "value-negative"),
        (("Provider", "ABC", "M191", "-5"), "value-negative"),
        (("England", "All", "M050", "-0.1"), "value-negative"),
        (("Provider", "", "M191", "470"), "key-empty"),
        (("Provider", "DEF", "M191", "255"), "key-twice"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_error_of_one_cell_is_found_in_a_written_file(cell: tuple[str, ...], code: str, tmp_path: Path) -> None:
    path = _write(tmp_path / "month.csv", _month(*SOUND, cell))
    organisation = "England" if cell[0] == "England" else cell[1]

    # of a key that appears twice the first row is named
    row = 7 if code == "key-twice" else 10
    assert _told(path) == {(code, "error", organisation, row)}


@pytest.mark.parametrize(
    ("rows", "code", "severity"),
    [
        (_month(("Elsewhere", "ABC", "M191", "470")), "level-unknown", "note"),
        (_month(("Provider", "ABC", "M9999", "470")), "measure-unknown", "note"),
        (_month(*SOUND, dates=MAY), "periods-differ", "note"),
        (_month(*SOUND, dates=("2025-06-01", "2025-06-29")), "period-not-whole", "error"),
        (_month(*SOUND, dates=("2025-06-02", "2025-06-30")), "period-not-whole", "error"),
    ],
    ids=["level", "measure", "another month", "a day short", "a day late"],
)
def test_fault_of_a_whole_file_is_found_in_a_written_file(
    rows: list[tuple[str, ...]], code: str, severity: str, tmp_path: Path
) -> None:
    assert _told(_write(tmp_path / "month.csv", _month(*SOUND) + rows)) == {(code, severity, None, None)}


@pytest.mark.parametrize(
    ("count", "percentage", "code"), [("*", "50", "percentage-without-count"), ("255", "*", "count-without-percentage")]
)
def test_one_of_a_count_and_its_percentage_withheld_alone_is_found_in_a_written_file(
    count: str, percentage: str, code: str, tmp_path: Path
) -> None:
    cells = [("Provider", "ABC", "M076", "510"), ("Provider", "ABC", "M179", "5")]
    cells += [("Provider", "ABC", "M191", count), ("Provider", "ABC", "M192", percentage)]

    assert _told(_write(tmp_path / "month.csv", _month(*SOUND, *cells))) == {(code, "error", "ABC", 13)}


def test_sound_month_has_nothing_to_tell(tmp_path: Path) -> None:
    assert _told(_write(tmp_path / "month.csv", _month(*SOUND))) == set()


def _outputs(folder: Path, slip: str) -> dict[str, str]:
    """Return all that is told of a month in which a provider's count slipped, without the sha256 of the file."""
    folder.mkdir()
    cells = [("Provider", "ABC", "M076", "85"), ("Provider", "ABC", "M179", "5")]
    cells += [("Provider", "ABC", "M191", slip), ("Provider", "ABC", "M192", "9")]
    path = _write(folder / "month.csv", _month(*SOUND, *cells))
    of_cell = [each for each in json.loads(_run("audit", path, "--format", "json"))["findings"] if each["cells"]]
    (found,) = (each["id"] for each in of_cell if each["severity"] == "error")
    told = {form: _run("audit", path, "--format", form) for form in ("json", "table", "markdown", "csv")}
    told["organisation"] = _run("audit", path, "--org", "ABC")
    told["explained"] = _run("explain", found, path) + _run(
        "explain", "--org", "ABC", "--period", "2025-06", "--measure", "recovery", path
    )
    _run("audit", path, "--out", folder / "out")
    for written in sorted((folder / "out").glob("*.parquet")):
        told[written.name] = pl.read_parquet(written).write_json()
    told["audit.json"] = (folder / "out" / "audit.json").read_text(encoding="utf-8")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return {name: text.replace(sha256, "") for name, text in told.items()}


@pytest.mark.thorough
@pytest.mark.parametrize("slips", [("3", "4321"), ("3 (revised)", "4321 (revised)"), ("-3", "-4321")], ids=" ".join)
def test_nothing_that_is_told_depends_on_a_count_that_slipped(slips: tuple[str, str], tmp_path: Path) -> None:
    first, second = (_outputs(tmp_path / slip, slip) for slip in slips)

    assert {"json", "table", "markdown", "csv", "explained", "cells.parquet", "findings.parquet"} <= set(first)
    assert first == second


@pytest.mark.parametrize("own", [{"levels": "Provider"}, {"regimes": PERCENTAGE}], ids=["level", "one measure"])
def test_decimals_of_a_level_are_those_of_its_own_layout(own: dict[str, str]) -> None:
    loaded = load_default()
    layout = loaded.layouts["monthly_activity/2021-01"]
    finer = replace(layout, id="finer", regimes={own["regimes"]: "local_one_decimal"} if "regimes" in own else {})
    if "levels" in own:
        provider = replace(layout.levels[own["levels"]], regime="local_one_decimal")
        finer = replace(finer, levels={**layout.levels, own["levels"]: provider})
    definitions = replace(loaded, layouts={layout.id: layout, finer.id: finer})
    names = [layout.id, finer.id, layout.id]
    inputs = tuple(Input(f"{number}.csv", None, None, layout=name) for number, name in enumerate(names))
    parts = tuple(Part(number, "monthly_activity", "2025-06") for number in range(len(names)))
    one = _cells(
        ("Provider", "ABC", "Invented Trust", COUNT, "470"), ("Provider", "ABC", "Invented Trust", PERCENTAGE, "49.7")
    )
    cells = pl.concat(one.with_columns(file=pl.lit(number, dtype=CELLS["file"])) for number in range(len(names)))

    found = defects(Context(cells, inputs, parts, definitions))

    # one decimal is the finer layout's form
    assert [(each.code, each.cells[0].path) for each in found] == [
        (Code.TOO_MANY_DECIMALS, "0.csv"),
        (Code.TOO_MANY_DECIMALS, "2.csv"),
    ]
