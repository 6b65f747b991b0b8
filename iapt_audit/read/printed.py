"""Print the values of columns as a published file would hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What a cell can hold beside a number.
_VALUES = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime, pl.Null)
_TRAILING_ZEROS = r"(\.\d*?)0+$"


def no_values(schema: Mapping[str, pl.DataType]) -> list[str]:
    """
    Return the columns that hold something else than text, numbers and dates.

    >>> no_values({"OrgCode": pl.String(), "figures": pl.List(pl.Int64())})
    ['figures']
    """
    return [name for name, dtype in schema.items() if not (dtype.is_numeric() or dtype in _VALUES)]


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """
    Print each value: whole numbers without decimals, dates in ISO form, nothing where there is none.

    >>> as_text(pl.DataFrame({"count": [470.0, None], "percentage": [49.7, float("nan")]})).rows()
    [('470', '49.7'), ('', '')]
    """
    return frame.select(_printed(name, dtype) for name, dtype in frame.schema.items())


def _printed(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype.is_float():
        # who reads a sign as no number leaves a hole
        column = column.fill_nan(None)
        whole = (column == column.round()) & (column.abs() < 2**53)
        text = (
            pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(column.cast(pl.String))
        )
    elif dtype.is_decimal():
        text = column.cast(pl.String).str.replace(_TRAILING_ZEROS, "$1").str.strip_suffix(".")
    elif dtype == pl.Datetime:
        text = _without_midnight(column.dt.strftime("%Y-%m-%d %H:%M:%S"))
    else:
        text = column.cast(pl.String)
    return text.fill_null("").alias(name)


def _without_midnight(text: pl.Expr) -> pl.Expr:
    """Return dates with a time of day as dates where the time is midnight."""
    return text.str.replace(r"^(\d{4}-\d{2}-\d{2}) 00:00:00$", "$1")
