"""Read parquet and Arrow files into columns of text, each value as it would be printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.errors.inputs import UnreadableInputError
from iapt_audit.extras import is_installed
from iapt_audit.read.delimited import refuse_twice
from iapt_audit.read.limits import MOST_BYTES, MOST_COLUMNS, MOST_PARQUET_CELLS
from iapt_audit.read.printed import as_text, no_values

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 16_384


def columns_of_text(data: bytes) -> pl.DataFrame:
    """
    Read a parquet file; a null becomes an empty text.

    Raises:
        UnreadableInputError: If it is damaged, too large, holds no row, or a column of something else than values.
        UnknownLayoutError: If a column name stands twice.
    """
    frame = _frame(_table(data))
    if frame.is_empty():
        raise UnreadableInputError.no_rows()
    return as_text(frame)


def columns_of_arrow(data: bytes) -> pl.DataFrame:
    """
    Read an Arrow file, which Feather is too; a null becomes an empty text.

    Raises:
        UnreadableInputError: If it is damaged, too large, holds no row, or a column of something else than values.
        UnknownLayoutError: If a column name stands twice.
    """
    if not is_installed("parquet"):
        raise UnreadableInputError.parquet()
    import pyarrow as pa

    try:
        file = pa.ipc.open_file(pa.BufferReader(data))
        names = file.schema.names
        refuse_twice(names)
        batches, size, rows = [], 0, 0
        for number in range(file.num_record_batches):
            batch = file.get_batch(number)
            size, rows = size + batch.nbytes, rows + batch.num_rows
            if size > MOST_BYTES or len(names) > MOST_COLUMNS or rows * len(names) > MOST_PARQUET_CELLS:
                raise UnreadableInputError.too_large()
            batch.validate(full=True)
            batches.append(batch)
        table = pa.Table.from_batches(batches, schema=file.schema)
    except (pa.ArrowException, OSError, ValueError, KeyError, IndexError, MemoryError):
        raise UnreadableInputError.broken("the Arrow file is damaged") from None
    frame = _frame(table)
    if frame.is_empty():
        raise UnreadableInputError.no_rows()
    return as_text(frame)


def _table(data: bytes) -> pa.Table:
    # pyarrow, not polars: it is fuzzed by its makers, and a damaged file raises where the other panics
    if not is_installed("parquet"):
        raise UnreadableInputError.parquet()
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(pa.BufferReader(data))
        names = file.schema_arrow.names
        refuse_twice(names)
        if len(names) > MOST_COLUMNS or file.metadata.num_rows * len(names) > MOST_PARQUET_CELLS:
            raise UnreadableInputError.too_large()
        batches, size = [], 0
        for batch in file.iter_batches(batch_size=_BATCH):
            size += batch.nbytes
            if size > MOST_BYTES:
                raise UnreadableInputError.too_large()
            # a text that is no UTF-8 is read without complaint, and is met only where it is used
            batch.validate(full=True)
            batches.append(batch)
        return pa.Table.from_batches(batches, schema=file.schema_arrow)
    except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError):
        raise UnreadableInputError.broken("the parquet file is damaged") from None


def _frame(table: pa.Table) -> pl.DataFrame:
    try:
        frame = pl.from_arrow(table)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, TypeError, ValueError):
        raise UnreadableInputError.broken("the file holds columns that are no values") from None
    if not isinstance(frame, pl.DataFrame):
        raise UnreadableInputError.broken("the file holds no table")
    for name in no_values(frame.schema):
        message = f"a file whose column `{name}` holds no text, number or date"
        raise UnreadableInputError.other_kind(message, "give the published CSV, or a parquet file of its columns")
    return frame
