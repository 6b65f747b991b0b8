"""What a published table and the tidy frame must look like; all rows and figures here were invented for the tests."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any

import pandera.polars as pa
import polars as pl
import pytest
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrors
from polars.testing import assert_frame_equal

from iapt_audit.definitions import Definitions, Layout, load_default
from iapt_audit.ingest.schema import NOT_REPEATED, Schema, cell_schema, failures, published_schema
from iapt_audit.model.columns import CELLS, Level, Statistic, Status
from iapt_audit.model.findings import Code
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Kind = Callable[[pl.DataFrame], pl.DataFrame]

COLUMNS = (
    "REPORTING_PERIOD_START", "REPORTING_PERIOD_END", "GROUP_TYPE", "ORG_CODE1", "ORG_NAME1", "ORG_CODE2", "ORG_NAME2",
    "MEASURE_ID", "MEASURE_NAME", "MEASURE_VALUE_SUPPRESSED",
)  # fmt: skip
MONTH = [
    ("01/06/2024", "30/06/2024", "England", "All", "All", "All", "All", "M191", "Recovered", "25012"),
    ("01/06/2024", "30/06/2024", "England", "All", "All", "All", "All", "M192", "Recovery", "49.7"),
    ("01/06/2024", "30/06/2024", "Provider", "All", "All", "ABC", "Invented Trust", "M191", "Recovered", "470"),
    ("01/06/2024", "30/06/2024", "Provider", "All", "All", "ABC", "Invented Trust", "M192", "Recovery", "50"),
    ("01/06/2024", "30/06/2024", "Provider", "All", "All", "DEF", "Other Trust", "M191", "Recovered", "*"),
    ("01/06/2024", "30/06/2024", "SubICB", "00X", "Area", "All", "All", "M191", "Recovered", " 470 "),
    ("01/06/2024", "30/06/2024", "SubICB/Provider", "00X", "Area", "ABC", "Invented Trust", "M191", "Recovered", ""),
    ("01/06/2024", "30/06/2024", "SubICB/Provider", "00X", "Area", "DEF", "Other Trust", "M191", "Recovered", "NULL"),
]
START, END, LEVEL, COMMISSIONER, _, PROVIDER, _, MEASURE, _, VALUE = COLUMNS
# a LazyFrame passes for a DataFrame to the type checker: pandera takes either, and no union of the two
EACH_FRAME = pytest.mark.parametrize("kind", [pl.DataFrame.clone, pl.DataFrame.lazy], ids=["DataFrame", "LazyFrame"])
TELL_FIRST = "tell the publisher before anyone else"
HELP = """
import sys
from iapt_audit import cli
sys.argv = ["iapt-audit", "--help"]
try:
    cli.main()
except SystemExit:
    pass
"""


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load_default()


@pytest.fixture(scope="module")
def monthly(definitions: Definitions) -> Schema:
    return published_schema(definitions.layouts["monthly_activity/2021-01"], definitions)


@pytest.fixture(scope="module")
def cells_of_levels(definitions: Definitions) -> Schema:
    return cell_schema(
        {
            "england": definitions.regimes["england"].decimals,
            "provider": definitions.regimes["local"].decimals,
        }
    )


def month(**changed: tuple[int, str | None]) -> pl.DataFrame:
    """Return the invented month with the text of some columns changed, each in one row."""
    table = pl.DataFrame(MONTH, schema=COLUMNS, orient="row")
    for column, (row, text) in changed.items():
        at = pl.int_range(pl.len()) == row
        table = table.with_columns(pl.when(at).then(pl.lit(text)).otherwise(pl.col(column)).alias(column))
    return table


def failed(schema: Schema, frame: pl.DataFrame) -> SchemaErrors:
    with pytest.raises(SchemaErrors) as caught:
        schema.validate(frame, lazy=True)
    return caught.value


def cases(schema: Schema, frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    found: pl.DataFrame = failed(schema, frame).failure_cases
    return found.select("column", "failure_case", "check", "index").rows()


# --- always the data ---


@EACH_FRAME
def test_month_as_published_is_given_back_as_it_came(kind: Kind, monthly: Schema) -> None:
    given = kind(month())

    actual = monthly.validate(given, lazy=True)

    assert actual is given


@EACH_FRAME
def test_wrong_value_fails_in_a_frame_of_either_kind(kind: Kind, monthly: Schema) -> None:
    given = kind(month(GROUP_TYPE=(2, "Elsewhere")))

    assert cases(monthly, given) == [(LEVEL, "Elsewhere", "the level is none of its layout's", 2)]


def test_pandera_left_to_itself_passes_a_lazy_frame_with_a_wrong_value(monthly: Schema) -> None:
    wrong = month(GROUP_TYPE=(2, "Elsewhere"))

    pa.DataFrameSchema.validate(monthly, wrong.lazy(), lazy=True)
    with pytest.raises(SchemaErrors):
        pa.DataFrameSchema.validate(monthly, wrong, lazy=True)


@EACH_FRAME
@pytest.mark.parametrize(
    "setting",
    [{"validation_depth": ValidationDepth.SCHEMA_ONLY}, {"validation_enabled": False}],
    ids=["schema only", "switched off"],
)
def test_no_setting_of_pandera_leaves_out_the_data(setting: dict[str, Any], kind: Kind, monthly: Schema) -> None:
    with config_context(**setting):
        found = failed(monthly, kind(month(GROUP_TYPE=(2, "Elsewhere"))))

    assert "the level is none of its layout's" in str(found)


def test_deprecation_inside_a_check_is_no_failure() -> None:
    def deprecated(data: pa.PolarsData) -> pl.LazyFrame:
        warnings.warn("invented for the test", DeprecationWarning, stacklevel=1)
        return data.lazyframe.select(pl.col("a") > 0)

    schema = Schema({"a": pa.Column(pl.Int64(), pa.Check(deprecated, error="not above 0"))}, "invented", {})
    good = pl.DataFrame({"a": [1]})

    # a test run turns warnings into errors, and pandera takes an error in a check for a failure
    with pytest.raises(SchemaErrors):
        pa.DataFrameSchema.validate(schema, good, lazy=True)
    assert schema.validate(good, lazy=True) is good
    assert cases(schema, pl.DataFrame({"a": [1, 0]})) == [("a", "0", "not above 0", 1)]


def test_a_part_of_a_table_is_not_taken_for_the_whole(monthly: Schema) -> None:
    with pytest.raises(ValueError, match="the whole table is checked"):
        monthly.validate(month(), head=1)


def test_nothing_is_converted(monthly: Schema) -> None:
    read_as_number = month().head(1).with_columns(pl.col(VALUE).cast(pl.Int64))

    (only,) = failed(monthly, read_as_number).schema_errors

    # the checks of the text cannot run on a number, and say nothing of their own
    assert str(only) == f"column `{VALUE}`: expected String, got Int64"


# --- the table as published ---


@pytest.mark.parametrize(
    ("column", "row", "text", "told", "check"),
    [
        (LEVEL, 2, "Elsewhere", LEVEL, "the level is none of its layout's"),
        (LEVEL, 2, None, LEVEL, "the cell is null"),
        (MEASURE, 2, "M9999", MEASURE, "the measure is in no definition"),
        (MEASURE, 2, " ", MEASURE, "part of the key is empty"),
        (PROVIDER, 2, "", MEASURE, "part of the key is empty"),
        (COMMISSIONER, 5, "", MEASURE, "part of the key is empty"),
        (COMMISSIONER, 6, "", MEASURE, "part of the key is empty"),
        (PROVIDER, 6, " ", MEASURE, "part of the key is empty"),
        (VALUE, 1, "many", VALUE, "the cell is neither a number nor one of the publisher's symbols"),
        (VALUE, 1, "1e5", VALUE, "the cell is neither a number nor one of the publisher's symbols"),
        (VALUE, 1, "49.7\n50", VALUE, "the cell is neither a number nor one of the publisher's symbols"),
        (VALUE, 1, None, VALUE, "the cell is null"),
        (END, 2, "29/06/2024", START, "the dates are those of no whole month or financial year"),
        (END, 2, "31/07/2024", START, "the dates are those of no whole month or financial year"),
        (END, 2, "in June", START, "the dates are those of no whole month or financial year"),
        (START, 2, "02/06/2024", START, "the dates are those of no whole month or financial year"),
    ],
)
def test_failure_of_a_month_is_told_with_its_column_text_and_row(
    column: str, row: int, text: str | None, told: str, check: str, *, monthly: Schema
) -> None:
    table = month(**{column: (row, text)})

    assert (told, table[told][row], check, row) in cases(monthly, table)


def test_key_that_stands_twice_is_told_with_all_its_rows(monthly: Schema) -> None:
    twice = month(ORG_CODE2=(4, "ABC"), ORG_NAME2=(4, "Renamed Trust"))

    assert cases(monthly, twice) == [
        (MEASURE, "M191", "the key stands more than once", 2),
        (MEASURE, "M191", "the key stands more than once", 4),
    ]


def test_provider_is_known_by_its_own_code_whatever_stands_for_the_commissioner(monthly: Schema) -> None:
    twice = month(ORG_CODE1=(4, "00X"), ORG_CODE2=(4, "ABC"))

    assert [case[3] for case in cases(monthly, twice)] == [2, 4]


def test_rows_may_be_of_another_whole_month_and_a_month_written_otherwise(monthly: Schema) -> None:
    iso = month(REPORTING_PERIOD_START=(2, "2024-06-01"), REPORTING_PERIOD_END=(2, "2024-06-30"))
    other = month(REPORTING_PERIOD_START=(2, "01/05/2024"), REPORTING_PERIOD_END=(2, "31/05/2024"))
    half = month(REPORTING_PERIOD_START=(2, "01/05/2024"), REPORTING_PERIOD_END=(2, "15/05/2024"))

    assert monthly.validate(iso, lazy=True) is iso
    assert monthly.validate(other, lazy=True) is other
    assert [case[3] for case in cases(monthly, half)] == [2]


def test_column_that_identifies_must_be_there_and_others_may_stand_beside_it(monthly: Schema) -> None:
    (only,) = failed(monthly, month().drop("ORG_NAME2")).schema_errors
    wider = month().with_columns(NOTE=pl.lit("invented"))

    assert str(only) == "column `ORG_NAME2`: it is absent"
    assert monthly.validate(wider, lazy=True) is wider


def test_all_failures_are_told_at_once_in_words(monthly: Schema) -> None:
    table = pl.concat([month(GROUP_TYPE=(2, "Elsewhere"), MEASURE_VALUE_SUPPRESSED=(1, "many"))] * 2)
    table = table.with_columns(pl.lit("01/07/2024").alias(START))

    told = json.loads(str(failed(monthly, table)))["DATA"]["DATAFRAME_CHECK"]

    assert [each["error"] for each in told] == [
        (
            f"column `{START}`: the dates are those of no whole month or financial year: "
            "rows 0, 1, 2, 3, 4 and 11 more, counted from 0"
        ),
        f"column `{LEVEL}`: the level is none of its layout's: rows 2, 10, counted from 0",
        f"column `{MEASURE}`: the key stands more than once: rows 0, 1, 3, 4, 5 and 9 more, counted from 0",
        f"column `{VALUE}`: the cell is neither a number nor one of the publisher's symbols: rows 1, 9, counted from 0",
    ]


@pytest.mark.parametrize(
    ("row", "measure", "shown"),
    [
        (2, "M191", NOT_REPEATED),
        # of an unknown measure it is not known whether it is a count
        (2, "M9999", NOT_REPEATED),
        (3, "M192", "4321 (revised)"),
        (0, "M191", "4321 (revised)"),
    ],
)
def test_text_that_may_hold_a_small_count_is_not_repeated(row: int, measure: str, shown: str, monthly: Schema) -> None:
    table = month(MEASURE_VALUE_SUPPRESSED=(row, "4321 (revised)"), MEASURE_ID=(row, measure))
    error = failed(monthly, table)

    assert error.failure_cases.filter(column=VALUE)["failure_case"].to_list() == [shown]
    assert ("4321" in f"{error} {error.failure_cases.rows()}") == (shown != NOT_REPEATED)


def test_first_failure_alone_is_worded_as_all_of_them_are(monthly: Schema) -> None:
    with pytest.raises(SchemaError) as caught:
        monthly.validate(month(MEASURE_VALUE_SUPPRESSED=(2, "4321 (revised)")))

    assert str(caught.value) == (
        f"column `{VALUE}`: the cell is neither a number nor one of the publisher's symbols: row 2, counted from 0"
    )
    assert caught.value.failure_cases.rows() == [(NOT_REPEATED,)]


def test_every_layout_takes_a_row_of_its_own_and_refuses_another_level(definitions: Definitions) -> None:
    for layout in definitions.layouts.values():
        schema, row = published_schema(layout, definitions), row_of(layout, definitions)

        assert schema.validate(row, lazy=True) is row, layout.id
        column = layout.keys["level"]
        (found, *_) = cases(schema, row.with_columns(pl.lit("Elsewhere").alias(column)))
        assert found == (column, "Elsewhere", "the level is none of its layout's", 0), layout.id


def row_of(layout: Layout, definitions: Definitions) -> pl.DataFrame:
    """Write a row in a layout: its first level, measure and statistic, and a number in every other column."""
    known = next(iter(definitions.measures[layout.publication]))
    statistic, _, measure = known.partition(" ")
    texts = {
        "level": next(iter(layout.levels)),
        "measure": known,
        "period_start": "2016-04-01",
        "period_end": "2017-03-31",
        "period": "2016-17",
    }
    if "statistic" in layout.keys:
        called = {value.value: name for name, value in layout.statistics.items()}
        named = {value: name for name, value in layout.measures.items()}
        texts |= {"statistic": called[statistic], "measure": named.get(measure, measure)}
    by_column = {column: texts.get(role, "5") for role, column in layout.keys.items()}
    columns = (*layout.identifying, *layout.columns)
    return pl.DataFrame({column: [by_column.get(column, "5")] for column in columns})


def test_wide_layout_checks_each_measure_column_that_is_there(definitions: Definitions) -> None:
    layout = definitions.layouts["annual_main/2024-25"]
    schema = published_schema(layout, definitions)
    table = pl.DataFrame(
        [
            ("England", "All", "All", "Total", "NULL", "NULL", "452", "fifty"),
            ("ICB", "QMJ", "Invented", "Total", "NULL", "NULL", "3 or 4", "50"),
            ("ICB", "QMJ", "Invented", "Gender", "Female", "NULL", "*", "*"),
            ("ICB", "", "Invented", "Total", "NULL", "NULL", "5", "NULL"),
        ],
        schema=[*layout.identifying, "Count_Recovery", "Percentage_Recovery"],
        orient="row",
    )

    assert cases(schema, table) == [
        ("OrgCode", "", "part of the key is empty", 3),
        ("Count_Recovery", NOT_REPEATED, "the cell is neither a number nor one of the publisher's symbols", 1),
        ("Percentage_Recovery", "fifty", "the cell is neither a number nor one of the publisher's symbols", 0),
    ]


def test_period_that_is_named_must_be_that_of_the_dates(definitions: Definitions) -> None:
    layout = next(each for each in definitions.layouts.values() if "period" in each.keys)
    schema, row = published_schema(layout, definitions), row_of(layout, definitions)
    month = {layout.keys["period_start"]: "2016-04-01", layout.keys["period_end"]: "2016-04-30"}
    called = layout.keys["period"]

    def told(**changed: str) -> list[str]:
        table = row.with_columns(pl.lit(text).alias(column) for column, text in changed.items())
        try:
            schema.validate(table, lazy=True)
        except SchemaErrors as error:
            return [str(check) for check in error.failure_cases["check"]]
        return []

    wrong = ["the dates are those of no whole month or financial year"]
    assert told(**{called: "2015-16"}) == wrong
    assert told(**month) == wrong
    assert told(**month, **{called: "2016-04"}) == []


# --- the tidy frame ---


def cell(
    level: Level, statistic: Statistic | None, printed: str, value: int | None, **others: object
) -> dict[str, Any]:
    of_cell = {"level": level.value, "statistic": statistic, "printed": printed, "value": value, "status": "published"}
    return of_cell | {"in_form": True} | others


def tidy(*rows: Mapping[str, Any]) -> pl.DataFrame:
    looked_at = ("level", "statistic", "printed", "value", "status", "in_form")
    return pl.DataFrame(rows, schema={name: CELLS[name] for name in looked_at})


CELLS_SEEN = tidy(
    cell(Level.PROVIDER, Statistic.COUNT, "470", 4_700_000),
    cell(Level.PROVIDER, Statistic.PERCENTAGE, "101", 1_010_000),
    cell(Level.PROVIDER, Statistic.COUNT, "4321", 43_210_000, in_form=False),
    cell(Level.ENGLAND, Statistic.COUNT, "-7", -70_000),
    cell(Level.PROVIDER, Statistic.COUNT, "-4321", -43_210_000, in_form=False),
    cell(Level.PROVIDER, Statistic.MEAN, "21.44", 214_400),
    cell(Level.PROVIDER, None, "4321 of them", None, status=Status.UNPARSEABLE, in_form=None),
    cell(Level.PROVIDER, Statistic.COUNT, "*", None, status=Status.SUPPRESSED),
)


@EACH_FRAME
def test_failures_of_cells_are_told_with_their_rows_and_without_the_counts_below_england(
    kind: Kind, cells_of_levels: Schema
) -> None:
    error = failed(cells_of_levels, kind(CELLS_SEEN))

    assert error.failure_cases.select("failure_case", "check", "index").rows()[:-1] == [
        (NOT_REPEATED, "the cell is neither a number nor one of the publisher's symbols", 6),
        ("-7", "the figure is negative", 3),
        (NOT_REPEATED, "the figure is negative", 4),
        ("101", "the percentage is above 100", 1),
        ("21.44", "the figure has more decimals than its level is published with", 5),
    ]
    *_, (last, why, row) = error.failure_cases.select("failure_case", "check", "index").rows()
    assert (last, row) == (NOT_REPEATED, 2)
    assert TELL_FIRST in why
    assert "4321" not in str(error)


def test_failures_carry_the_code_of_their_check(cells_of_levels: Schema) -> None:
    actual = failures(cells_of_levels, CELLS_SEEN).select("index", "check").sort("index")

    expected = pl.DataFrame(
        {
            "index": [1, 2, 3, 4, 5, 6],
            "check": [
                "percentage-out-of-range",
                "count-not-disclosure-controlled",
                "value-negative",
                "value-negative",
                "too-many-decimals",
                "cell-unparseable",
            ],
        },
        schema_overrides={"index": pl.UInt32},
    )
    assert_frame_equal(expected, actual)


def test_frame_without_failures_has_none(cells_of_levels: Schema) -> None:
    assert failures(cells_of_levels, CELLS_SEEN.head(1)).is_empty()


def test_frame_of_another_shape_is_no_failure_of_a_row(cells_of_levels: Schema) -> None:
    with pytest.raises(SchemaErrors, match="it is absent"):
        failures(cells_of_levels, CELLS_SEEN.drop("printed"))


def test_check_that_could_not_run_is_no_failure_of_a_row() -> None:
    def broken(_: pa.PolarsData) -> pl.LazyFrame:
        message = "invented for the test"
        raise ZeroDivisionError(message)

    checks = [
        pa.Check(lambda data: data.lazyframe.select(pl.col("a") > 1), name="low", error="not above 1"),
        pa.Check(broken, name="broken", error="broken"),
    ]
    schema = Schema({"a": pa.Column(pl.Int64(), checks)}, "invented", {})

    with pytest.raises(SchemaErrors):
        failures(schema, pl.DataFrame({"a": [1]}))


# --- imported late, and nowhere else ---


@pytest.mark.parametrize(
    "code",
    [
        "import iapt_audit",
        "import iapt_audit.cli, iapt_audit.pipeline, iapt_audit.judging.defects",
        HELP,
    ],
    ids=["package", "stages", "help"],
)
def test_pandera_is_imported_only_where_a_frame_is_checked(code: str) -> None:
    then = "\nimport sys; print([name for name in ('pandera', 'iapt_audit.ingest.schema') if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code + then], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


# --- what the schema of a published table refuses, the audit tells ---


@pytest.mark.parametrize(
    ("column", "row", "text", "code"),
    [
        (LEVEL, 2, "Elsewhere", Code.LEVEL_UNKNOWN),
        (LEVEL, 2, "", Code.KEY_EMPTY),
        (MEASURE, 2, "M9999", Code.MEASURE_UNKNOWN),
        (MEASURE, 2, "", Code.KEY_EMPTY),
        (PROVIDER, 2, "", Code.KEY_EMPTY),
        (PROVIDER, 2, " ", Code.KEY_EMPTY),
        (COMMISSIONER, 5, "", Code.KEY_EMPTY),
        (COMMISSIONER, 6, "", Code.KEY_EMPTY),
        (PROVIDER, 6, "", Code.KEY_EMPTY),
        (PROVIDER, 4, "ABC", Code.KEY_TWICE),
        (VALUE, 1, "many", Code.CELL_UNPARSEABLE),
        (END, 2, "29/06/2024", Code.PERIOD_NOT_WHOLE),
        (END, 2, "", Code.PERIOD_NOT_WHOLE),
        (START, 2, "01/05/2024", Code.PERIOD_NOT_WHOLE),
    ],
)
def test_what_the_schema_refuses_the_audit_tells(
    column: str, row: int, text: str, code: Code, *, monthly: Schema, definitions: Definitions, tmp_path: Path
) -> None:
    table = month(**{column: (row, text)})
    table.write_csv(tmp_path / "month.csv")

    refused = {error.check.name for error in failed(monthly, table).schema_errors if isinstance(error.check, pa.Check)}
    told = {finding.code for finding in audit([tmp_path / "month.csv"], definitions).findings}

    assert code in told
    assert code in refused
