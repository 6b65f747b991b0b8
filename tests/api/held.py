"""Hold an invented month in memory as each library would; all rows and figures in it were invented."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INVENTED = Path(__file__).parents[2] / "examples" / "invented_month.csv"
VALUE, LEVEL, START = "MEASURE_VALUE_SUPPRESSED", "GROUP_TYPE", "REPORTING_PERIOD_START"


def month() -> pl.DataFrame:
    """Return the invented month as published: every column text."""
    return pl.read_csv(INVENTED, infer_schema=False, empty_string_is_null=False)


def as_pandas(frame: pl.DataFrame) -> Any:
    return pd.DataFrame(frame.to_dict(as_series=False))


class Streamed:
    """A table that gives itself as Arrow, and nothing else."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.reader.__arrow_c_stream__(requested_schema)


def _breaking(batches: list[Any]) -> Iterator[Any]:
    yield from batches
    message = "the disk is full beside the 3"
    raise OSError(message)


def breaking(frame: pl.DataFrame) -> Streamed:
    """Return a stream that ends in an error after its first rows."""
    table = frame.to_arrow()
    return Streamed(pa.RecordBatchReader.from_batches(table.schema, _breaking(table.to_batches())))


def twice(frame: pl.DataFrame, column: str) -> Any:
    """Return a table in which a column stands twice."""
    table = frame.to_arrow()
    return pa.table([*table.columns, table[column]], names=[*frame.columns, column])


#: How each library holds a table.
KINDS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": pl.DataFrame.clone,
    "lazy": pl.DataFrame.lazy,
    "pandas": as_pandas,
    "pyarrow": pl.DataFrame.to_arrow,
    "stream": lambda frame: Streamed(frame.to_arrow().to_reader()),
}
