"""Take tables that a program holds in memory: polars, pandas, pyarrow, and all that give themselves as Arrow."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.errors.base import MissingExtraError
from iapt_audit.errors.inputs import InputError, UnreadableTableError
from iapt_audit.read.delimited import refuse_twice
from iapt_audit.read.limits import MOST_BYTES, MOST_COLUMNS
from iapt_audit.read.printed import as_text, no_values

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

_STREAM, _ARRAY = "__arrow_c_stream__", "__arrow_c_array__"
#: What pandas calls the numbers of rows that were picked out of others.
_ROW_NUMBERS = re.compile(r"__index_level_\d+__")
#: So many rows at a time are written for their sha256.
_ROWS = 100_000


def is_table(given: object) -> bool:
    """
    Return whether something is, or gives, a table.

    >>> is_table(pl.LazyFrame()), is_table(["a.csv"])
    (True, False)
    """
    return isinstance(given, pl.DataFrame | pl.LazyFrame) or hasattr(given, _STREAM) or hasattr(given, _ARRAY)


def frame_of(given: object) -> pl.DataFrame:
    """
    Take a table as it is, each column of its own type.

    Raises:
        UnreadableTableError: If it is no table, or what works it out fails.
        UnknownLayoutError: If a column name stands twice.
        MissingExtraError: If it is a table of another library, and the extra `parquet` is not installed.
    """
    if not is_table(given):
        raise UnreadableTableError.no_table(type(given))
    try:
        if isinstance(given, pl.LazyFrame):
            given = given.collect()
        return given if isinstance(given, pl.DataFrame) else _of_arrow(given)
    except (InputError, MissingExtraError):
        raise
    # whatever a table of somebody's own raises; and the words of a library may repeat a cell
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - see above
        raise UnreadableTableError.not_given(error) from None


def text_of(given: object) -> pl.DataFrame:
    """
    Take a table as columns of text, each value as a file would print it; a null becomes an empty text.

    Raises:
        UnreadableTableError: If it is no table, what works it out fails, it holds nothing, or a column holds something
            else than values.
        UnknownLayoutError: If a column name stands twice.
    """
    frame = frame_of(given)
    for name in no_values(frame.schema):
        raise UnreadableTableError.column_without(name, frame.schema[name])
    text = as_text(frame)
    if not frame.width or not text.select(pl.any_horizontal((pl.all() != "").any())).item():
        raise UnreadableTableError.without_rows()
    return text


def sha256_of(text: pl.DataFrame) -> str:
    r"""
    Return the sha256 of columns of text.

    It is that of the table as CSV in UTF-8: header and rows, each field in quotes, each line ended by a line feed. The
    same figures have the same sum whichever library held them.

    >>> sha256_of(pl.DataFrame({"a": ["1"]})) == hashlib.sha256(b'"a"\n"1"\n').hexdigest()
    True
    """
    digest = hashlib.sha256(text.clear().write_csv(quote_style="always").encode())
    for rows in text.iter_slices(_ROWS):
        digest.update(rows.write_csv(include_header=False, quote_style="always").encode())
    return digest.hexdigest()


def _of_arrow(given: Any) -> pl.DataFrame:  # noqa: ANN401 - of any library
    MissingExtraError.unless_installed("parquet", "a table that polars did not make")
    import pyarrow as pa

    if _is_pandas(given):
        given = _without_mixtures(given)
    reader = pa.RecordBatchReader.from_stream(given) if hasattr(given, _STREAM) else _one_batch(given)
    names = reader.schema.names
    refuse_twice(names)
    if len(names) > MOST_COLUMNS:
        raise UnreadableTableError.too_large()
    frame = pl.from_arrow(pa.Table.from_batches(_no_more_than_fits(reader), schema=reader.schema))
    if not isinstance(frame, pl.DataFrame):
        raise UnreadableTableError.no_table(type(given))
    return frame.drop(name for name in names if _ROW_NUMBERS.fullmatch(name))


def _one_batch(given: Any) -> pa.RecordBatchReader:  # noqa: ANN401 - of any library
    import pyarrow as pa

    batch = pa.record_batch(given)
    return pa.RecordBatchReader.from_batches(batch.schema, [batch])


def _no_more_than_fits(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
    """Return the batches of a stream, which may never end."""
    size = 0
    for batch in batches:
        size += batch.nbytes
        if size > MOST_BYTES:
            raise UnreadableTableError.too_large()
        # polars takes a text that is no UTF-8 as it is, and ends the process where it prints one
        batch.validate(full=True)
        yield batch


def _is_pandas(given: object) -> bool:
    return type(given).__module__.partition(".")[0] == "pandas" and hasattr(given, "columns")


def _without_mixtures(frame: Any) -> Any:  # noqa: ANN401 - pandas, which is not imported here
    """Print the columns that hold both text and numbers, as of figures beside signs; Arrow refuses them."""
    frame = frame.rename(columns=str)
    names = list(frame.columns)
    refuse_twice(names)
    mixed = [name for name in names if frame[name].dtype == object]
    return frame.assign(**{name: _as_printed(frame[name], name) for name in mixed})


def _as_printed(values: Iterable[object], column: str) -> list[str | None]:
    """Print values of several kinds; a few thousand stand for all."""
    known: dict[tuple[type, object], str | None] = {}
    printed = []
    for value in values:
        if value is None or isinstance(value, str):
            printed.append(value)
            continue
        try:
            if (type(value), value) not in known:
                known[type(value), value] = _one_printed(value, column)
            printed.append(known[type(value), value])
        except TypeError:
            # what has no hash is no value
            raise UnreadableTableError.column_without(column, type(value).__name__) from None
    return printed


def _one_printed(value: object, column: str) -> str | None:
    if type(value).__name__ in {"NAType", "NaTType"}:
        return None
    alone = pl.DataFrame({column: [value]}, strict=False)
    if no_values(alone.schema):
        raise UnreadableTableError.column_without(column, type(value).__name__)
    return str(as_text(alone).item()) or None
