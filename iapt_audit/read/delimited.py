"""Read CSV, however it was saved, into columns of text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.errors.inputs import UnknownLayoutError, UnreadableInputError
from iapt_audit.read.kinds import UTF8_MARK, UTF16_MARKS
from iapt_audit.read.limits import LONGEST_FIELD, MOST_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GIVE = "give the published CSV, workbook or zip"
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
#: A column name is no longer than this, nor is a header longer than its columns.
_LONGEST_HEADER = 200_000


def table(data: bytes) -> pl.DataFrame:
    """
    Parse a CSV file into columns of text: nothing is converted, an empty field is an empty text.

    Raises:
        UnreadableInputError: If it is no CSV, holds no row, or a row has too few or too many fields.
        UnknownLayoutError: If a column name stands twice.
    """
    text = _utf8(data)
    header = _header(text)
    refuse_twice(header)
    if len(header) <= 1:
        raise UnreadableInputError.other_kind("text without columns", _GIVE)
    if len(header) > MOST_COLUMNS:
        raise UnreadableInputError.other_kind(f"a table of {len(header):,} columns", _GIVE)
    try:
        frame = pl.read_csv(text, infer_schema=False, empty_string_is_null=False)
    except pl.exceptions.PolarsError:
        # what polars says of it repeats the cell, and a slipped small count may stand there
        _refuse_ragged(text, len(header))
        raise UnreadableInputError.broken("the table is damaged: a quote stands where none may") from None
    except pl.exceptions.PanicException:
        raise UnreadableInputError.broken("the table is damaged") from None
    if frame.is_empty():
        raise UnreadableInputError.no_rows()
    if frame.columns != header:
        raise UnreadableInputError.broken("the header is damaged: a line end or a quote stands where none may")
    _refuse_endless(frame)
    # polars fills a short row up with empty text; only rows that end in one can be short, and most files have none
    if (frame.get_column(frame.columns[-1]) == "").any():
        _refuse_ragged(text, len(header))
    # more lines than rows: a field holds a line end, or lines are blank
    if text.count(b"\n") + (not text.endswith(b"\n")) > len(frame) + 1:
        _refuse_swallowed(frame)
    return frame


def blank_lines_before(data: bytes) -> int:
    r"""
    Count the blank lines before the header, which the parser leaves out.

    >>> blank_lines_before(b"\r\n\na,b\n1,2\n")
    2
    """
    body = data.removeprefix(UTF8_MARK)
    start = body[: len(body) - len(body.lstrip(b"\r\n"))]
    return start.count(b"\n")


def refuse_twice(names: Sequence[str]) -> None:
    """
    Refuse a header with a name that stands twice.

    Raises:
        UnknownLayoutError: Names the columns.
    """
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise UnknownLayoutError.columns_twice(twice)


def _header(text: bytes) -> list[str]:
    start = text.lstrip(b"\r\n")[:_LONGEST_HEADER]
    header = next(_rows(start), [])
    if len(start) == _LONGEST_HEADER and b"\n" not in start:
        raise UnreadableInputError.other_kind(f"a line of more than {_LONGEST_HEADER:,} characters", _GIVE)
    return header


def _rows(text: bytes) -> Iterator[list[str]]:
    """
    Return the fields of each row.

    Raises:
        UnreadableInputError: If the text is no CSV.
    """
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", errors="replace", newline=""))
    try:
        yield from reader
    except csv.Error as error:
        message = f"the table is damaged near line {reader.line_num:,}: {error}"
        raise UnreadableInputError.broken(message) from None


def _refuse_ragged(text: bytes, width: int) -> None:
    for line, fields in enumerate(_rows(text), start=1):
        if fields and len(fields) != width:
            message = f"row {line:,} has {len(fields):,} fields, the header {width}"
            raise UnreadableInputError.broken(message)


def _refuse_endless(frame: pl.DataFrame) -> None:
    """Refuse a field that is longer than any that is published: a quote never closed, or a line end lost."""
    longest = frame.select(pl.all().str.len_bytes().max()).row(0)
    for name, length in zip(frame.columns, longest, strict=True):
        if length > LONGEST_FIELD:
            row = frame.get_column(name).str.len_bytes().arg_max() or 0
            raise UnreadableInputError.broken(f"row {row + 2:,} has a field of {length:,} characters")


def _refuse_swallowed(frame: pl.DataFrame) -> None:
    """Refuse a field that holds as many commas as a row and a line end: a stray quote has swallowed rows."""
    commas = frame.width - 1
    swallowed = pl.any_horizontal(
        pl.all().str.contains("\n", literal=True) & (pl.all().str.count_matches(",", literal=True) >= commas)
    )
    rows = frame.select(swallowed.arg_true()).to_series() if commas > 1 else pl.Series([], dtype=pl.UInt32)
    if len(rows):
        message = f"row {rows[0] + 2:,} has a field with a line end and commas: a quote may have swallowed rows"
        raise UnreadableInputError.broken(message)


def _utf8(data: bytes) -> bytes:
    """Return the text in UTF-8 and without a byte order mark."""
    if data.startswith(UTF16_MARKS):
        try:
            return _lines(data.decode("utf-16").encode())
        except UnicodeError:
            raise UnreadableInputError.broken("the text is damaged: it begins as UTF-16 and is none") from None
    body = _lines(data.removeprefix(UTF8_MARK))
    if body.isascii():
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse_mixed(body)
        # some publishers' tools write the Windows code page; a byte it lacks means that the file is neither
        try:
            return body.decode("cp1252").encode()
        except UnicodeDecodeError:
            raise UnreadableInputError.other_kind("binary data", _GIVE) from None
    return body


def _lines(body: bytes) -> bytes:
    """Return the line ends of an old Macintosh the usual form."""
    return body if b"\n" in body else body.replace(b"\r", b"\n")


def _refuse_mixed(body: bytes) -> None:
    """Refuse text of which a part is UTF-8 and a part is not: either reading would garble the other's names."""
    first: dict[bool, int] = {}
    for run in _BEYOND_ASCII.finditer(body):
        first.setdefault(_is_utf8(run[0]), run.start())
        if len(first) > 1:
            lines = {kind: body.count(b"\n", 0, at) + 1 for kind, at in first.items()}
            message = f"the text is in two encodings: line {lines[True]:,} is UTF-8, line {lines[False]:,} is not"
            raise UnreadableInputError.broken(message)


def _is_utf8(run: bytes) -> bool:
    try:
        run.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
