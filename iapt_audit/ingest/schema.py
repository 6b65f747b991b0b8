"""
Say what a published table and the tidy frame must look like, as pandera schemas built from the definitions.

They are ordinary pandera schemas with three differences, all in `Schema`. Data-level checks always run: pandera leaves
them out for a LazyFrame, and for any frame where a setting says so. Failures are worded for a reader and told with
their rows. And the text of a cell that may be a small count which slipped through disclosure control is never repeated.

pandera is imported here and nowhere else, and this module only where a frame is checked: that keeps `--help` quick.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from iapt_audit.model.columns import CELLS, ENGLAND, HUNDRED_PERCENT, NUMBER, Level, Statistic, Status
from iapt_audit.model.findings import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandera.api.polars.types import PolarsFrame
    from pandera.backends.base import BaseSchemaBackend

    from iapt_audit.definitions import Definitions, Layout

#: What stands in a failure for text that may not be repeated.
NOT_REPEATED = "(not repeated)"

#: What `failures` gives: the place of the row in the frame, which check it fails, and why.
FAILURES = pl.Schema({"index": pl.UInt32(), "check": pl.String(), "message": pl.String()})

_TELL_FIRST = (
    "the count was not rounded or suppressed like the others; it is not repeated here: "
    "tell the publisher before anyone else"
)
_NO_FIGURE = "the cell is neither a number nor one of the publisher's symbols"
_NEVER_NEGATIVE = (Statistic.COUNT, Statistic.PERCENTAGE, Statistic.MEAN)
_OUTPUT = "check_output"
_MOST_ROWS_TOLD = 5
_APRIL = 4
#: Faults of the table's shape; checks that could not run beside one of them say nothing of their own.
_OF_SHAPE = (SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME, SchemaErrorReason.WRONG_DATATYPE)


class Schema(pa.DataFrameSchema):
    """
    A pandera schema that always looks at the data, and tells failures without the figures that may not be repeated.

    `withheld` says of a column in which rows its text may not be repeated.
    """

    def __init__(self, columns: Mapping[str, pa.Column], name: str, withheld: Mapping[str, pl.Expr]) -> None:
        """Take the columns; others may stand beside them, and nothing is converted."""
        super().__init__(dict(columns), name=name, strict=False, coerce=False)
        self.withheld = withheld

    @classmethod
    def get_backend(cls, check_obj: Any | None = None, check_type: type | None = None) -> BaseSchemaBackend:  # noqa: ANN401 - as pandera types it
        """Use the backend of plain schemas: pandera looks it up by class."""
        return pa.DataFrameSchema.get_backend(check_obj, check_type)

    def validate(  # noqa: PLR0913, PLR0917 - the arguments are pandera's
        self,
        check_obj: PolarsFrame,
        head: int | None = None,
        tail: int | None = None,
        sample: int | None = None,
        random_state: int | None = None,
        lazy: bool = False,  # noqa: FBT001, FBT002 - as pandera has it
        inplace: bool = False,  # noqa: FBT001, FBT002 - as pandera has it
    ) -> PolarsFrame:
        """
        Check a frame and give it back.

        Args:
            check_obj: A DataFrame, or a LazyFrame, which is read once.
            head: Not taken: part of a table cannot tell a key that stands twice. The same holds for `tail` and
                `sample`.
            tail: Not taken.
            sample: Not taken.
            random_state: Not taken.
            lazy: Tell all failures instead of the first.
            inplace: Without effect, as in pandera.

        Raises:
            SchemaErrors: With `lazy`, all failures with their rows.
            SchemaError: Without it, the first.
            ValueError: If only part of the frame is to be checked.
        """
        if any(part is not None for part in (head, tail, sample, random_state)):
            message = "the whole table is checked: `head`, `tail` and `sample` are not taken"
            raise ValueError(message)
        frame = check_obj.lazy().collect()
        failed = self._failed(frame, lazy=lazy, inplace=inplace)
        if not failed:
            return check_obj
        if not lazy:
            raise failed[0]
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            raise SchemaErrors(schema=self, schema_errors=failed, data=check_obj)

    def _failed(self, frame: pl.DataFrame, *, lazy: bool, inplace: bool) -> list[SchemaError]:
        """Return what pandera finds, worded anew."""
        # a warning that a test run or a user has turned into an error would pass for a failed check
        with (
            warnings.catch_warnings(action="ignore", category=DeprecationWarning),
            config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA),
        ):
            try:
                super().validate(frame, lazy=lazy, inplace=inplace)
            except SchemaErrors as errors:
                found = errors.schema_errors
            except SchemaError as error:
                found = [error]
            else:
                return []
        if any(error.reason_code in _OF_SHAPE for error in found):
            found = [error for error in found if error.reason_code is not SchemaErrorReason.CHECK_ERROR]
        return [self._told(error, frame) for error in found]

    def _told(self, error: SchemaError, frame: pl.DataFrame) -> SchemaError:
        """Word one failure, with its rows and without what may not be repeated."""
        cases, why = error.failure_cases, _why(error)
        column = cases if error.reason_code is SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME else error.schema.name
        message = f"column `{column}`: {why}"
        if isinstance(cases, pl.DataFrame):
            index = error.check_output[_OUTPUT].not_().arg_true()
            hidden = self.withheld.get(column, pl.lit(value=False))
            shown = pl.when(hidden).then(pl.lit(NOT_REPEATED)).otherwise(pl.col(column).cast(pl.String))
            error.failure_cases = frame[index].select(shown.alias(column))
            rows = [str(row) for row in index.head(_MOST_ROWS_TOLD)]
            more = f" and {len(index) - len(rows):,} more" if len(index) > len(rows) else ""
            message = f"{message}: row{'s' if len(index) > 1 else ''} {', '.join(rows)}{more}, counted from 0"
        error.args, error.column_name = (message,), column
        if error.reason_code is SchemaErrorReason.SERIES_CONTAINS_NULLS:
            error.check = why
        return error


def _why(error: SchemaError) -> str:
    if isinstance(error.check, pa.Check):
        return str(error.check.error)
    if error.reason_code is SchemaErrorReason.SERIES_CONTAINS_NULLS:
        return "the cell is null"
    if error.reason_code is SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME:
        return "it is absent"
    if error.reason_code is SchemaErrorReason.WRONG_DATATYPE:
        return f"expected {error.schema.dtype}, got {error.failure_cases}"
    return str(error)


def failures(schema: Schema, frame: pl.DataFrame) -> pl.DataFrame:
    """
    Return all failures of a frame's rows, by their place.

    Args:
        schema: What the frame must look like.
        frame: A frame with the schema's columns and types.

    Returns:
        Rows of `FAILURES`.

    Raises:
        SchemaErrors: If the frame has not the columns or types, or a check could not run: that is no failure of a row.
    """
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        found = errors.schema_errors
        if not all(
            isinstance(error.check, pa.Check) and isinstance(error.failure_cases, pl.DataFrame) for error in found
        ):
            raise
    else:
        return pl.DataFrame(schema=FAILURES)
    return pl.concat(
        pl.DataFrame({"index": error.check_output[_OUTPUT].not_().arg_true()}).select(
            pl.col("index").cast(FAILURES["index"]),
            check=pl.lit(error.check.name),
            message=pl.lit(error.check.error),
        )
        for error in found
    )


def _check(code: Code, message: str, passes: pl.Expr) -> pa.Check:
    """Make a check of an expression over the whole row; a row of which it cannot tell passes."""
    return pa.Check(lambda data: data.lazyframe.select(passes), name=code.value, error=message)


def cell_schema(decimals: Mapping[str, Mapping[Statistic, int]]) -> Schema:
    """
    Say what the cells of the tidy frame must hold.

    Args:
        decimals: The most decimals of each statistic, by level.

    Returns:
        A schema of `model.columns.CELLS`: a figure is a number or a sign, counts, percentages and means are not
        negative, percentages are at most 100, no figure has more decimals than its level, and counts below England went
        through disclosure control (a multiple of 5 and at least 5; `normalise` has worked that out as `in_form`).
    """
    status, statistic, value, level = (pl.col(name) for name in ("status", "statistic", "value", "level"))
    published = status == Status.PUBLISHED
    uncontrolled = (statistic == Statistic.COUNT) & ~pl.col("in_form") & (level != Level.ENGLAND)
    negative = value < 0
    allowed = {f"{name} {kind}": most for name, by_kind in decimals.items() for kind, most in by_kind.items()}
    most = pl.concat_str(level.cast(pl.String), statistic.cast(pl.String), separator=" ").replace_strict(
        allowed, default=None, return_dtype=pl.UInt32
    )
    text = pl.col("printed").str.strip_chars()
    printed_decimals = (
        pl.when(text.str.contains(".", literal=True)).then(text.str.split(".").list.last().str.len_chars()).otherwise(0)
    )
    checks = [
        _check(Code.CELL_UNPARSEABLE, _NO_FIGURE, status != Status.UNPARSEABLE),
        _check(
            Code.VALUE_NEGATIVE,
            "the figure is negative",
            ~(published & negative & statistic.is_in(_NEVER_NEGATIVE)),
        ),
        _check(
            Code.PERCENTAGE_OUT_OF_RANGE,
            "the percentage is above 100",
            ~(published & (statistic == Statistic.PERCENTAGE) & (value > HUNDRED_PERCENT)),
        ),
        _check(
            Code.TOO_MANY_DECIMALS,
            "the figure has more decimals than its level is published with",
            # below England a count with decimals is told as one that missed disclosure control
            ~(published & (printed_decimals > most) & ~uncontrolled),
        ),
        _check(
            Code.COUNT_NOT_DISCLOSURE_CONTROLLED,
            _TELL_FIRST,
            ~(published & uncontrolled & ~negative.fill_null(value=False)),
        ),
    ]
    columns = {name: pa.Column(kind, required=False, nullable=True) for name, kind in CELLS.items()}
    columns |= {name: pa.Column(CELLS[name]) for name in ("level", "status")}
    columns |= {name: pa.Column(CELLS[name], nullable=True) for name in ("statistic", "value", "in_form")}
    columns["printed"] = pa.Column(CELLS["printed"], checks=checks)
    # of an unknown measure it is not known whether it is a count
    may_be_small = (level != Level.ENGLAND) & (statistic.is_null() | (statistic == Statistic.COUNT))
    return Schema(columns, name="cells", withheld={"printed": may_be_small})


def published_schema(layout: Layout, definitions: Definitions) -> Schema:
    """
    Say what a table of a layout must look like as published: every column text, nothing converted.

    Args:
        layout: The layout.
        definitions: Its regimes and measures.

    Returns:
        A schema: the columns there must be and those that may be, no nulls, levels, dates and measures that are known,
        figures that are numbers or signs, and keys that are whole and stand once.
    """
    keys = layout.keys
    figures = [keys["value"]] if "value" in keys else list(layout.columns)
    checks: dict[str, list[pa.Check]] = {column: [] for column in (*layout.identifying, *figures)}
    level = pl.col(keys["level"])
    message = "the level is none of its layout's"
    checks[keys["level"]].append(_check(Code.LEVEL_UNKNOWN, message, level.is_in(list(layout.levels))))
    if _dated(layout):
        message = "the dates are those of no whole month or financial year"
        checks[keys["period_start"]].append(_check(Code.PERIOD_NOT_WHOLE, message, _whole_period(layout)))
    if "measure" in keys:
        message = "the measure is in no definition"
        checks[keys["measure"]].append(_check(Code.MEASURE_UNKNOWN, message, _is_known(layout, definitions)))
    key, empty = _key(layout)
    last = keys["measure"] if "measure" in keys else keys["org_code"]
    twice = level.is_in(list(layout.levels)) & pl.struct(key).is_duplicated()
    checks[last] += [
        _check(Code.KEY_EMPTY, "part of the key is empty", ~empty),
        _check(Code.KEY_TWICE, "the key stands more than once", ~twice),
    ]
    for column in figures:
        checks[column].append(_check(Code.CELL_UNPARSEABLE, _NO_FIGURE, _is_figure(column, layout)))
    columns = {
        column: pa.Column(pl.String(), checks=own, required=column in layout.identifying)
        for column, own in checks.items()
    }
    withheld = {column: _may_be_small(column, layout, definitions) for column in figures}
    return Schema(columns, name=layout.id, withheld=withheld)


def _dated(layout: Layout) -> bool:
    return "period_start" in layout.keys and "period_end" in layout.keys


def _day(column: str) -> pl.Expr:
    """Read a date as the publisher writes it: ISO, or day first."""
    text = pl.col(column)
    return pl.coalesce(text.str.to_date(form, strict=False, exact=True) for form in ("%Y-%m-%d", "%d/%m/%Y"))


def _whole_period(layout: Layout) -> pl.Expr:
    """Return whether a row's dates are those of a month or financial year, and of the period it names if any."""
    first, last = _day(layout.keys["period_start"]), _day(layout.keys["period_end"])
    month = (first == first.dt.month_start()) & (last == first.dt.month_end())
    year = (first.dt.month() == _APRIL) & (first.dt.day() == 1) & (last == first.dt.offset_by("11mo").dt.month_end())
    if "period" in layout.keys:
        named = pl.col(layout.keys["period"])
        month &= named == first.dt.strftime("%Y-%m")
        year &= named == first.dt.strftime("%Y-") + last.dt.strftime("%y")
    return (month | year).fill_null(value=False)


def _is_known(layout: Layout, definitions: Definitions) -> pl.Expr:
    """Return whether a row's measure, with its statistic where a column names it, is in the definitions."""
    measure = pl.col(layout.keys["measure"]).replace(dict(layout.measures))
    if "statistic" in layout.keys:
        kinds = {name: statistic.value for name, statistic in layout.statistics.items()}
        statistic = pl.col(layout.keys["statistic"]).replace_strict(kinds, default=None, return_dtype=pl.String)
        measure = pl.concat_str(statistic, measure, separator=" ")
    return measure.is_in(list(definitions.measures[layout.publication])).fill_null(value=False)


def _key(layout: Layout) -> tuple[list[pl.Expr], pl.Expr]:
    """Return what a row is known by, and whether part of it is empty."""
    keys, level = layout.keys, pl.col(layout.keys["level"])
    if "org_code" in keys:
        names = [name for name, known in layout.levels.items() if known.level is not Level.ENGLAND]
        sides = [(names, [keys["org_code"]])]
    else:
        roles = {"commissioner": ["commissioner_code"], "provider": ["provider_code"]}
        roles["pair"] = [*roles["commissioner"], *roles["provider"]]
        sides = [
            ([name for name, known in layout.levels.items() if known.org == org], [keys[role] for role in needed])
            for org, needed in roles.items()
        ]
    code, empty = pl.lit(ENGLAND), _is_empty(keys["level"])
    for names, columns in sides:
        here = level.is_in(names)
        code = pl.when(here).then(pl.concat_str(columns, separator="/")).otherwise(code)
        empty |= here & pl.any_horizontal(_is_empty(column) for column in columns)
    key = [level, code.alias("org_code"), *(pl.col(column) for column in layout.breakdown)]
    if "measure" in keys:
        key.append(pl.col(keys["measure"]))
        empty |= _is_empty(keys["measure"])
    key += [pl.col(keys[role]) for role in ("statistic", "period") if role in keys]
    if _dated(layout):
        key.append(_day(keys["period_start"]))
    return key, empty


def _is_empty(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars() == ""


def _is_figure(column: str, layout: Layout) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return text.str.contains(NUMBER) | text.is_in([*layout.statuses, ""])


def _may_be_small(column: str, layout: Layout, definitions: Definitions) -> pl.Expr:
    """Say in which rows the text of a column may be, or hold, a count that missed disclosure control."""
    keys = layout.keys
    never = [name for name, known in layout.levels.items() if definitions.regimes[known.regime].suppressed is None]
    local = ~pl.col(keys["level"]).is_in(never).fill_null(value=False)
    if column in layout.columns:
        return local & (layout.columns[column][0] is Statistic.COUNT)
    # of an unknown measure it is not known whether it is a count
    role = "statistic" if "statistic" in keys else "measure"
    known = layout.statistics if role == "statistic" else definitions.measures[layout.publication]
    no_counts = [name for name, statistic in known.items() if statistic is not Statistic.COUNT]
    return local & ~pl.col(keys[role]).is_in(no_counts).fill_null(value=False)
