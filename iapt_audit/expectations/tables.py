"""
Turn the batch of a pipeline into the table that the engine reads: columns of text, values or nulls.

This is the one place that knows what a batch is made of. It takes pandas; another engine needs its own `table_of`.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from numbers import Number
from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.columns import Level
from iapt_audit.errors import FrameError, UnknownLayoutError, UnreadableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from iapt_audit.definitions import Layout

#: Texts that pandas reads as nothing unless it is told not to, and that mean something to a publisher.
_READ_AS_NOTHING = ("NULL", "NA")

_OF_TEXT = {"object", "str", "string", "category"}
_VALUES = (pl.String, pl.Boolean, pl.Date, pl.Datetime, pl.Null)


def table_of(frame: pd.DataFrame) -> pl.DataFrame:
    """
    Give a pandas frame as a table of the same columns and rows.

    A column of objects, or with nulls, becomes text, each value as it would be printed; others keep their type.

    Raises:
        UnknownLayoutError: If a column name stands twice.
        UnreadableInputError: If there is no row, or a column holds something else than values.
    """
    names = [str(name) for name in frame.columns]
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise UnknownLayoutError.columns_twice(twice)
    if not len(frame):
        raise UnreadableInputError.no_rows()
    return pl.DataFrame([_series(name, frame.iloc[:, place]) for place, name in enumerate(names)])


def _series(name: str, column: pd.Series[Any]) -> pl.Series:
    missing = column.isna()
    if str(column.dtype) in _OF_TEXT or missing.any():
        # pandas reads a file in pieces, and a column of figures and signs may hold texts and numbers
        values = zip(column.tolist(), missing.tolist(), strict=True)
        texts = [None if absent else _text(value, name) for value, absent in values]
        return pl.Series(name, texts, dtype=pl.String)
    try:
        series = pl.Series(name, pl.from_pandas(column.reset_index(drop=True)))
    except (TypeError, ValueError, pl.exceptions.PolarsError):
        raise _no_value(name) from None
    if not (series.dtype.is_numeric() or series.dtype in _VALUES):
        raise _no_value(name)
    return series


def _no_value(name: str) -> UnreadableInputError:
    message = f"a frame whose column `{name}` holds no text, number or date"
    return UnreadableInputError.other_kind(message, "give the columns as the publisher prints them")


def _text(value: object, name: str) -> str:
    """
    Print a value as the publisher would.

    >>> [_text(value, "M191") for value in ("*", 15.0, 50.2, 15)]
    ['*', '15', '50.2', '15']
    """
    if not isinstance(value, str | Number | date):
        raise _no_value(name)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def with_signs(table: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """
    Put the publisher's sign where pandas read it as nothing.

    A figure that is null is taken for the layout's `NULL` or `NA`. A key or a breakdown that is null may have been any
    text that pandas reads as nothing, such as `None`: of such a row nobody can say whose figures it holds.

    Raises:
        FrameError: If a key or breakdown is null where the layout needs it; names every such column.
    """
    faults = {
        column: nulls
        for column, levels in needed(layout)
        if column in table.columns and (nulls := _nulls(table, column, layout, levels))
    }
    if faults:
        raise FrameError.nulls(faults)
    signs = [sign for sign in _READ_AS_NOTHING if sign in layout.statuses]
    figures = [layout.keys["value"]] if "value" in layout.keys else list(layout.columns)
    sign = signs[0] if len(signs) == 1 else ""
    return table.with_columns(
        pl.col(column).fill_null(sign) for column in figures if column in table.columns and table[column].null_count()
    )


def needed(layout: Layout) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    """
    Give each column without which nobody can say what a row holds, with the levels that need it (None for all).

    The first is that of the level.
    """
    keys = layout.keys
    yield keys["level"], None
    for role in ("measure", "statistic", "period_start", "period_end", "period"):
        if role in keys:
            yield keys[role], None
    for column in layout.breakdown:
        yield column, None
    sides = {
        "org_code": [name for name, known in layout.levels.items() if known.level is not Level.ENGLAND],
        "commissioner_code": [name for name, known in layout.levels.items() if known.org in {"commissioner", "pair"}],
        "provider_code": [name for name, known in layout.levels.items() if known.org in {"provider", "pair"}],
    }
    for role, levels in sides.items():
        if role in keys:
            yield keys[role], tuple(levels)


def _nulls(table: pl.DataFrame, column: str, layout: Layout, levels: tuple[str, ...] | None) -> int:
    """Count the rows in which a column is null and its level needs it."""
    at = pl.col(column).is_null()
    if levels is not None:
        at &= pl.col(layout.keys["level"]).cast(pl.String).is_in(list(levels))
    return int(table.select(at.sum()).item())
