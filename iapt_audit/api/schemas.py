"""
Check tables of a program against the layout that they are published in, as pandera schemas and as a decorator.

The schemas are those of `schema`, whose data-level checks always run; here their failures become one error of ours.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import pandera.polars as pa
import polars as pl

from iapt_audit.api.errors import TableError
from iapt_audit.definitions import Definitions, load_default, load_with
from iapt_audit.definitions.fields import near_miss
from iapt_audit.errors.base import ArgumentError, NoLayoutError
from iapt_audit.ingest.schema import Schema, published_schema
from iapt_audit.model.periods import is_period, is_year
from iapt_audit.read import frame_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from pandera.api.polars.types import PolarsFrame
    from pandera.errors import SchemaError

    from iapt_audit.definitions import Layout

P = ParamSpec("P")
R = TypeVar("R")

_FAULTS = pl.Schema(
    {"column": pl.String(), "check": pl.String(), "message": pl.String(), "index": pl.UInt32(), "text": pl.String()}
)
_TYPE = "type"
#: What pandera calls faults of a column's shape, and what we do.
_SHAPE = {"COLUMN_NOT_IN_DATAFRAME": "column-missing", "WRONG_DATATYPE": _TYPE, "SERIES_CONTAINS_NULLS": "null"}


class TableSchema(Schema):
    """A pandera schema of a published table, which tells all faults at once, as an error of ours."""

    def validate(  # noqa: PLR0913, PLR0917 - the arguments are pandera's
        self,
        check_obj: PolarsFrame,
        head: int | None = None,
        tail: int | None = None,
        sample: int | None = None,
        random_state: int | None = None,
        lazy: bool = True,  # noqa: FBT001, FBT002 - as pandera has it
        inplace: bool = False,  # noqa: FBT001, FBT002 - as pandera has it
    ) -> PolarsFrame:
        """
        Check a table and give it back as it came.

        Args:
            check_obj: A polars DataFrame, or a LazyFrame, which is read once; pandas, pyarrow and what else gives
                itself as Arrow are taken too.
            head: Not taken: part of a table cannot tell a key that stands twice. The same holds for `tail` and
                `sample`.
            tail: Not taken.
            sample: Not taken.
            random_state: Not taken.
            lazy: Without effect: all faults are told.
            inplace: Without effect, as in pandera.

        Raises:
            TableError: With all faults and their rows.
            InputError: If it is no table, a column name stands twice, or what works the table out fails.
            ArgumentError: If only part of the table is to be checked.
        """
        del lazy
        if any(part is not None for part in (head, tail, sample, random_state)):
            raise ArgumentError.expected("the whole table to be checked", "head, tail or sample")
        frame = frame_of(check_obj)
        failed = self._failed(frame, lazy=True, inplace=inplace)
        if frame.is_empty():
            # a library gives a column of nothing any type
            failed = [error for error in failed if _kind(error) != _TYPE]
        lines = [str(error) for error in failed]
        rows: list[pl.DataFrame] = [self._faults(error) for error in failed]
        if frame.is_empty():
            lines.append("the table has no rows")
            rows.append(pl.DataFrame({"check": ["no-rows"], "message": ["the table has no rows"]}))
        if lines:
            told = pl.concat([pl.DataFrame(schema=_FAULTS), *rows], how="diagonal_relaxed")
            raise TableError(str(self.name), lines, told)
        return check_obj

    def _faults(self, error: SchemaError) -> pl.DataFrame:
        """Return the rows of one failure, or one row for a whole column."""
        by_row = isinstance(error.check, pa.Check)
        check = str(error.check.name) if by_row else _kind(error)
        message = str(error.check.error) if by_row else str(error)
        about = {"column": [error.column_name], "check": [check], "message": [message]}
        if not isinstance(error.failure_cases, pl.DataFrame):
            return pl.DataFrame(about)
        index = error.check_output["check_output"].not_().arg_true()
        cases = error.failure_cases.to_series()
        return pl.DataFrame({"index": index, "text": cases}).join(pl.DataFrame(about), how="cross")


def _kind(error: SchemaError) -> str:
    return _SHAPE.get(error.reason_code.name, "") if error.reason_code is not None else ""


def schema_for(
    publication: str,
    period: str,
    *,
    form: str = "",
    definitions: str | os.PathLike[str] | Definitions | None = None,
) -> TableSchema:
    """
    Return the pandera schema of a publication's tables in a period, for a polars DataFrame or LazyFrame.

    Args:
        publication: Such as `monthly_activity` or `annual_main`; `iapt-audit definitions list` names them.
        period: The year or month, such as `2024-25` or `2026-02`; the layout in force in it is taken.
        form: Empty for the publisher's main files; `series` for its time series for key measures; `tidy` for the tidy
            form of the public nhstt releases.
        definitions: A folder with `schemas/` and `checks/` of your own, added to the shipped ones.

    Returns:
        A schema of text columns: those there must be and those that may be, no nulls, levels, dates and measures that
        are known, figures that are numbers or the publisher's signs, and keys that are whole and stand once. Its checks
        of data run on a LazyFrame as well, whatever pandera is set to, and no setting of pandera's is changed.
        `validate` raises a `TableError` with every fault and row; text that may be a small count which slipped through
        disclosure control is not repeated in it.

    Raises:
        NotFoundError: If there is no such publication, or no layout of it is in force in the period.
        ArgumentError: If the period is none.

    Source: the layouts in `schemas/`, each with where its columns were read.

    >>> schema = schema_for("monthly_activity", "2026-02")
    >>> schema.name, "MEASURE_VALUE_SUPPRESSED" in schema.columns
    ('monthly_activity/2021-01', True)
    """
    if not is_period(period):
        raise ArgumentError.expected("a period such as 2024-25 or 2026-02", period)
    loaded = definitions if isinstance(definitions, Definitions) else _load(definitions)
    layout = _layout(publication, period, form, loaded)
    plain = published_schema(layout, loaded)
    return TableSchema(plain.columns, name=layout.id, withheld=plain.withheld)


def checks(
    publication: str,
    period: str,
    *,
    argument: str | None = None,
    form: str = "",
    definitions: str | os.PathLike[str] | Definitions | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """
    Check what a function is given, or gives back, against the layout of a publication: `@checks(...)` above it.

    Args:
        publication: As in `schema_for`, like `period`, `form` and `definitions`.
        period: The year or month.
        argument: The name of the argument to check; without one, what the function gives back is checked.
        form: Another form of the files.
        definitions: A folder of your own definitions.

    Returns:
        A decorator. The function raises a `TableError` where the table is not as published; what it is given and gives
        back is passed on as it is.

    Raises:
        ArgumentError: If the function has no such argument.
        NotFoundError: As `schema_for`.

    >>> import polars as pl
    >>> @checks("monthly_activity", "2026-02")
    ... def month() -> pl.DataFrame:
    ...     return pl.DataFrame({"GROUP_TYPE": ["England"]})
    >>> month()
    Traceback (most recent call last):
    iapt_audit.api.errors.TableError: the table is not as `monthly_activity/2021-01` is published: 9 faults
    ...
    """
    schema = schema_for(publication, period, form=form, definitions=definitions)

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        if argument is not None and argument not in signature.parameters:
            raise ArgumentError.expected(f"one of the arguments {', '.join(signature.parameters)}", argument)

        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            if argument is not None:
                given = signature.bind(*args, **kwargs)
                given.apply_defaults()
                _check(schema, given.arguments[argument])
                return function(*args, **kwargs)
            found = function(*args, **kwargs)
            _check(schema, found)
            return found

        return checked

    return decorate


def _check(schema: TableSchema, table: Any) -> None:  # noqa: ANN401 - of any library
    schema.validate(table)


def _load(folder: str | os.PathLike[str] | None) -> Definitions:
    from pathlib import Path

    return load_default() if folder is None else load_with(Path(folder))


def _layout(publication: str, period: str, form: str, definitions: Definitions) -> Layout:
    known = sorted({layout.publication for layout in definitions.layouts.values()})
    if publication not in known:
        raise NoLayoutError.publication(publication, known, near_miss(str(publication), known))
    eras = [each for each in definitions.layouts.values() if (each.publication, each.form) == (publication, form)]
    found = [each for each in eras if each.first_period <= period <= (each.last_period or period)]
    of_kind = [each for each in found if is_year(each.first_period) == is_year(period)]
    if not of_kind:
        raise NoLayoutError.layout(publication, period, _spans(eras))
    return max(of_kind, key=lambda each: each.first_period)


def _spans(eras: Sequence[Layout]) -> list[str]:
    return [f"{each.first_period} to {each.last_period or 'now'}" for each in eras]
