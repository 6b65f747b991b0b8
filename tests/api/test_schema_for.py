"""The pandera schema of a published table, and the decorator; all rows here were invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandera.polars as pa
import polars as pl
import pytest
from api.held import KINDS, LEVEL, START, VALUE, as_pandas, breaking, month, twice
from pandera.config import get_config_context
from pandera.errors import SchemaErrors

from iapt_audit import (
    ArgumentError,
    IaptAuditError,
    InputError,
    NotFoundError,
    TableError,
    UnknownLayoutError,
    UnreadableTableError,
    checks,
    schema_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MONTH = ("monthly_activity", "2026-02")
EACH_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
HIDDEN = "(not repeated)"
#: Pandera's own settings: what it would do with a frame of somebody else's schema.
SETTINGS = ("PANDERA_VALIDATION_ENABLED", "PANDERA_VALIDATION_DEPTH")


def put(column: str, text: str | None, *rows: int) -> pl.DataFrame:
    """Return the month with the text of a column changed in some rows."""
    at = pl.int_range(pl.len()).is_in(rows)
    return month().with_columns(pl.when(at).then(pl.lit(text)).otherwise(column).alias(column))


def the_error(table: Any) -> TableError:
    with pytest.raises(TableError) as caught:
        schema_for(*MONTH).validate(table)
    return caught.value


@EACH_KIND
def test_a_month_as_published_is_given_back_as_it_came(kind: Callable[[pl.DataFrame], Any]) -> None:
    table = kind(month())

    assert schema_for(*MONTH).validate(table) is table


def test_it_is_a_schema_of_pandera() -> None:
    assert isinstance(schema_for(*MONTH), pa.DataFrameSchema)


@EACH_KIND
@pytest.mark.parametrize(
    ("column", "text", "rows", "expected"),
    [
        (LEVEL, "None", (3, 9), [(LEVEL, "level-unknown", 3, "None"), (LEVEL, "level-unknown", 9, "None")]),
        (START, "soon", (4,), [(START, "period-not-whole", 4, "soon")]),
        ("MEASURE_ID", "M999", (0,), [("MEASURE_ID", "measure-unknown", 0, "M999")]),
        ("MEASURE_ID", "M076", (1,), [("MEASURE_ID", "key-twice", 0, "M076"), ("MEASURE_ID", "key-twice", 1, "M076")]),
        (VALUE, "many", (0,), [(VALUE, "cell-unparseable", 0, "many")]),
        (VALUE, "3 ?", (8,), [(VALUE, "cell-unparseable", 8, HIDDEN)]),
        (VALUE, None, (8,), [(VALUE, "null", 8, HIDDEN)]),
    ],
    ids=["level", "period", "measure", "key", "figure", "small", "null"],
)  # fmt: skip
def test_each_wrong_row_is_told_with_its_place(
    column: str,
    text: str | None,
    rows: tuple[int, ...],
    expected: list[tuple[object, ...]],
    kind: Callable[[pl.DataFrame], Any],
) -> None:
    found = the_error(kind(put(column, text, *rows))).faults.sort("check", "index")

    told = found.select("column", "check", "index", "text").rows()
    assert [row[:3] for row in told] == [row[:3] for row in expected]
    if text is not None:
        assert told == expected


@EACH_KIND
@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (month().drop(LEVEL), [(LEVEL, "column-missing")]),
        (month().clear(), [(None, "no-rows")]),
        (month().with_columns(pl.lit(5).alias(VALUE)), [(VALUE, "type")]),
        (pl.DataFrame({"a": [1]}), [(name, "column-missing") for name in sorted(month().columns)]),
    ],
    ids=["column missing", "no rows", "wrong type", "another table"],
)
def test_faults_of_a_whole_table_have_no_row(
    bad: pl.DataFrame, expected: list[tuple[str | None, str]], kind: Callable[[pl.DataFrame], Any]
) -> None:
    found = the_error(kind(bad)).faults

    assert sorted(found.select("column", "check").rows(), key=str) == expected
    assert found["index"].is_null().all()


def test_nulls_everywhere_are_told_of_every_column() -> None:
    empty = month().with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in month().columns)
    found = the_error(empty).faults

    assert set(found.filter(pl.col("check") == "null")["column"]) == set(month().columns)


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (breaking(month()), UnreadableTableError),
        (month().lazy().select("absent"), UnreadableTableError),
        (42, UnreadableTableError),
        (twice(month(), VALUE), UnknownLayoutError),
    ],
    ids=["stream", "lazy", "number", "twice"],
)
def test_what_gives_no_table_is_an_error_of_an_input(bad: Any, error: type[InputError]) -> None:
    with pytest.raises(InputError) as caught:
        schema_for(*MONTH).validate(bad)

    assert type(caught.value) is error


def test_all_faults_are_in_one_error_and_its_words_repeat_no_small_count() -> None:
    wrong = put(LEVEL, "Elsewhere", 3).with_columns(
        pl.when(pl.int_range(pl.len()) == 8).then(pl.lit("3 ?")).otherwise(VALUE).alias(VALUE)
    )
    error = the_error(wrong)

    assert str(error).startswith("the table is not as `monthly_activity/2021-01` is published: 2 faults\n")
    assert "row 3, counted from 0" in str(error)
    assert "3 ?" not in str(error)
    assert "3 ?" not in str(error.faults.rows())
    assert isinstance(error, IaptAuditError)
    assert not isinstance(error, SchemaErrors)


@pytest.mark.parametrize(
    "settings",
    [("True", "SCHEMA_ONLY"), ("False", "SCHEMA_AND_DATA"), ("False", "SCHEMA_ONLY")],
    ids=str,
)
@EACH_KIND
def test_data_is_looked_at_whatever_pandera_is_set_to_and_the_setting_stays(
    settings: tuple[str, str], kind: Callable[[pl.DataFrame], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pandera import config

    enabled, depth = settings
    monkeypatch.setattr(config.CONFIG, "validation_enabled", enabled == "True")
    monkeypatch.setattr(config.CONFIG, "validation_depth", config.ValidationDepth[depth])
    before = repr(get_config_context(validation_depth_default=None))

    the_error(kind(put(LEVEL, "Elsewhere", 3)))

    assert repr(get_config_context(validation_depth_default=None)) == before


def test_a_schema_of_somebody_else_is_left_alone_beside_ours() -> None:
    theirs = pa.DataFrameSchema({"a": pa.Column(pl.Int64, pa.Check.gt(5))})
    the_error(put(LEVEL, "Elsewhere", 3))

    # pandera leaves the data of a LazyFrame out, and still does
    assert theirs.validate(pl.LazyFrame({"a": [1]})).collect().item() == 1


@pytest.mark.parametrize("part", ["head", "tail", "sample"])
def test_part_of_a_table_is_not_checked(part: str) -> None:
    with pytest.raises(ArgumentError, match="expected the whole table"):
        schema_for(*MONTH).validate(month(), **{part: 1})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("publication", "period", "form", "layout"),
    [
        ("monthly_activity", "2026-02", "", "monthly_activity/2021-01"),
        ("monthly_activity", "2021-03", "", "monthly_activity/2021-03"),
        ("monthly_activity", "2021-04", "", "monthly_activity/2021-01"),
        ("monthly_activity", "2024-01", "tidy", "monthly_activity/2021-01-tidy"),
        ("annual_main", "2018-19", "", "annual_main/2017-18"),
        ("annual_main", "2024-25", "", "annual_main/2024-25"),
        ("annual_main", "2030-31", "", "annual_main/2024-25"),
    ],
)
def test_the_layout_in_force_in_the_period_is_taken(publication: str, period: str, form: str, layout: str) -> None:
    assert schema_for(publication, period, form=form).name == layout


@pytest.mark.parametrize(
    ("publication", "period", "error", "told"),
    [
        ("monthly_activty", "2026-02", NotFoundError, "did you mean `monthly_activity`?"),
        ("monthly_activity", "2019-02", NotFoundError, "no layout of `monthly_activity` is in force in 2019-02"),
        ("monthly_activity", "2024-25", NotFoundError, "its layouts are of 2021-01 to "),
        (None, "2026-02", NotFoundError, "no publication is called `None`"),
        ("annual_main", 2024, ArgumentError, "expected a period such as 2024-25 or 2026-02, got `2024`"),
        ("monthly_activity", "soon", ArgumentError, "expected a period such as 2024-25 or 2026-02, got `soon`"),
    ],
)
def test_what_is_no_layout_is_told_with_what_there_is(
    publication: Any, period: Any, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=r"^") as caught:
        schema_for(publication, period)

    assert told in str(caught.value)


# --- the decorator ---


@checks(*MONTH)
def handed_on(table: Any) -> Any:
    """Return it."""
    return table


@checks(*MONTH, argument="table")
def counted(first: int, table: Any = None, *, twice: bool = False) -> int:
    return first + len(table) * (2 if twice else 1)


@EACH_KIND
def test_what_a_function_gives_back_is_checked_and_passed_on(kind: Callable[[pl.DataFrame], Any]) -> None:
    table = kind(month())

    assert handed_on(table) is table
    with pytest.raises(TableError, match="the level is none of its layout's"):
        handed_on(kind(put(LEVEL, "Elsewhere", 3)))


def test_an_argument_is_checked_by_place_or_name_and_when_it_is_left_out() -> None:
    assert counted(1, month()) == 41
    assert counted(1, table=month(), twice=True) == 81
    with pytest.raises(TableError):
        counted(1, put(LEVEL, "Elsewhere", 3))
    with pytest.raises(UnreadableTableError, match="got a NoneType"):
        counted(1)


def test_the_function_keeps_its_name_and_words() -> None:
    assert (handed_on.__name__, handed_on.__doc__) == ("handed_on", "Return it.")


def test_an_argument_that_the_function_has_not_is_told_where_it_is_decorated() -> None:
    with pytest.raises(ArgumentError, match="expected one of the arguments first, second, got `third`"):

        @checks(*MONTH, argument="third")
        def _(first: int, second: int) -> int:
            return first + second


def test_the_errors_of_the_function_are_its_own() -> None:
    @checks(*MONTH)
    def fails() -> pl.DataFrame:
        message = "mine"
        raise KeyError(message)

    with pytest.raises(KeyError, match="mine"):
        fails()


def test_a_column_of_pandas_that_holds_text_and_numbers_is_text() -> None:
    frame = as_pandas(month())
    frame[VALUE] = frame[VALUE].astype(object)
    frame.loc[0, VALUE] = 1407

    assert schema_for(*MONTH).validate(frame) is frame


def test_published_figures_pass(shared_data: Any) -> None:
    import zipfile

    path = max((shared_data / "monthly").glob("*.csv.zip"))
    with zipfile.ZipFile(path) as archive:
        text = pl.read_csv(archive.read(archive.namelist()[0]), infer_schema=False, empty_string_is_null=False)
    day = text[START][0]
    period = f"{day[6:]}-{day[3:5]}" if "/" in day else day[:7]

    assert schema_for("monthly_activity", period).validate(text.lazy()).collect().equals(text)
