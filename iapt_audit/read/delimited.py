"""Read CSV, however it was saved, into columns of text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.errors.inputs import UnknownLayoutError, UnreadableInputError
from iapt_audit.read.header import WITHIN, header_row
from iapt_audit.read.kinds import UTF8_MARK, UTF16_MARKS
from iapt_audit.read.limits import LONGEST_FIELD, MOST_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GIVE = "give the published CSV, workbook or zip"
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
#: A column name is no longer than this, nor is a header longer than its columns.
_LONGEST_HEADER = 200_000
_SEPARATORS = (",", "\t", ";", "|")
#: What a column without a name is called while it is parsed.
_NAMELESS = "\u0001nameless"


@dataclass(frozen=True, slots=True)
class _Opening:
    """How a text begins: the separator, the names in its header, and how many lines stand above that."""

    separator: str
    header: list[str]
    above: int


def table(data: bytes) -> pl.DataFrame:
    """
    Parse a CSV file into columns of text: nothing is converted, an empty field is an empty text.

    Raises:
        UnreadableInputError: If it is no CSV, holds no row, or a row has too few or too many fields.
        UnknownLayoutError: If a column name stands twice.
    """
    return with_place(data)[0]


def with_place(data: bytes) -> tuple[pl.DataFrame, int]:
    r"""
    Parse a CSV file, and say in which line its header stands.

    Commas, tabs, semicolons or bars may set fields apart. A title may stand above the header and notes below the rows;
    columns without a name and a value are left out.

    Raises:
        UnreadableInputError: If it is no CSV, holds no row, or a row has too few or too many fields.
        UnknownLayoutError: If a column name stands twice.

    >>> frame, line = with_place(b"A title\n\na;b\n1;2\n")
    >>> frame.columns, frame.rows(), line
    (['a', 'b'], [('1', '2')], 3)
    """
    text = _utf8(data)
    opening = _opening(text)
    text = _from_line(text, opening.above)
    header = opening.header
    refuse_twice([name for name in header if name])
    if len(header) <= 1:
        raise UnreadableInputError.other_kind("text without columns", _GIVE)
    if len(header) > MOST_COLUMNS:
        raise UnreadableInputError.other_kind(f"a table of {len(header):,} columns", _GIVE)
    text, names = _named(text, opening)
    frame = _parsed(text, names, opening)
    return _without_nameless(frame, header), opening.above + 1


def columns_of_first_rows(head: bytes) -> int:
    """Return how many fields most of the first rows of a text have, by whatever separator gives most."""
    return max(_usual_width(_first_rows(head, separator))[0] for separator in _SEPARATORS)


def _parsed(text: bytes, header: list[str], opening: _Opening) -> pl.DataFrame:
    width, above, separator = len(header), opening.above, opening.separator
    try:
        frame = pl.read_csv(text, infer_schema=False, empty_string_is_null=False, separator=separator)
    except pl.exceptions.PolarsError:
        # what polars says of it repeats the cell, and a slipped small count may stand there
        _refuse_ragged(text, width, opening)
        raise UnreadableInputError.broken("the table is damaged: a quote stands where none may") from None
    except pl.exceptions.PanicException:
        raise UnreadableInputError.broken("the table is damaged") from None
    if frame.is_empty():
        raise UnreadableInputError.no_rows()
    if frame.columns != header:
        raise UnreadableInputError.broken("the header is damaged: a line end or a quote stands where none may")
    _refuse_endless(frame, above)
    # polars fills a short row up with empty text; only rows that end in one can be short, and most files have none
    if (frame.get_column(frame.columns[-1]) == "").any():
        _refuse_ragged(text, width, opening)
    # more lines than rows: a field holds a line end, or lines are blank
    if text.count(b"\n") + (not text.endswith(b"\n")) > len(frame) + 1:
        _refuse_swallowed(frame, opening)
    return frame


def _opening(text: bytes) -> _Opening:
    """Find the separator by which most of the first rows have the same and most fields, and the header among them."""
    start = text.lstrip(b"\r\n")[:_LONGEST_HEADER]
    if len(start) == _LONGEST_HEADER and b"\n" not in start:
        raise UnreadableInputError.other_kind(f"a line of more than {_LONGEST_HEADER:,} characters", _GIVE)
    blank = text[: len(text) - len(text.lstrip(b"\r\n"))].count(b"\n")
    found = [(separator, _first_rows(start, separator)) for separator in _SEPARATORS]
    separator, rows = max(found, key=lambda each: _usual_width(each[1]))
    if not rows:
        return _Opening(separator, [], blank)
    at = header_row([sum(1 for field in fields if field.strip()) for _, fields in rows])
    line, header = rows[at]
    body = next((fields for _, fields in rows[at + 1 :] if fields), [])
    if len(body) == len(header) + 1 and all(len(fields) in {0, len(body)} for _, fields in rows[at + 1 : -1]):
        # R writes the names of rows under no name, and no field for it in the header
        header = ["", *header]
    return _Opening(separator, header, blank + line)


def _first_rows(text: bytes, separator: str) -> list[tuple[int, list[str]]]:
    """Return the first rows, each with the number of lines before it; of what is no CSV so many as can be read."""
    reader = csv.reader(
        io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", errors="replace", newline=""), delimiter=separator
    )
    rows: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for fields in reader:
            rows.append((before, fields))
            before = reader.line_num
            if len(rows) == WITHIN:
                break
    except csv.Error:
        if not rows:
            raise UnreadableInputError.broken("the table is damaged near its first line") from None
    return rows


def _usual_width(rows: list[tuple[int, list[str]]]) -> tuple[int, int]:
    """Return how many fields most of the rows that have several have, and how many rows do."""
    widths = Counter(len(fields) for _, fields in rows if len(fields) > 1)
    if not widths:
        return 1, 0
    width, many = max(widths.items(), key=lambda each: (each[1], each[0]))
    return width, many


def _from_line(text: bytes, line: int) -> bytes:
    """Return a text from a line on, the first being 0."""
    at = 0
    for _ in range(line):
        at = text.index(b"\n", at) + 1
    return text[at:]


def _named(text: bytes, opening: _Opening) -> tuple[bytes, list[str]]:
    """Give the columns without a name one of their own, since a parser tells columns apart by their names."""
    header = opening.header
    if all(header):
        return text, header
    names = [name or f"{_NAMELESS}{number}" for number, name in enumerate(header)]
    rows = _first_rows(text[:_LONGEST_HEADER], opening.separator)
    body = _from_line(text, rows[1][0]) if len(rows) > 1 else b""
    out = io.StringIO()
    csv.writer(out, delimiter=opening.separator, lineterminator="\n").writerow(names)
    return out.getvalue().encode() + body, names


def _without_nameless(frame: pl.DataFrame, header: list[str]) -> pl.DataFrame:
    """Leave out the columns that have neither a name nor a value; one that has values keeps its empty name."""
    nameless = [name for name, given in zip(frame.columns, header, strict=True) if not given]
    if not nameless:
        return frame
    filled = [name for name in nameless if not (frame[name] == "").all()]
    refuse_twice([""] * len(filled))
    return frame.drop(set(nameless) - set(filled)).rename(dict.fromkeys(filled, ""))


def refuse_twice(names: Sequence[str]) -> None:
    """
    Refuse a header with a name that stands twice.

    Raises:
        UnknownLayoutError: Names the columns.
    """
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise UnknownLayoutError.columns_twice(twice)


def _rows(text: bytes, opening: _Opening) -> Iterator[list[str]]:
    """
    Return the fields of each row.

    Raises:
        UnreadableInputError: If the text is no CSV.
    """
    stream = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", errors="replace", newline="")
    reader = csv.reader(stream, delimiter=opening.separator)
    try:
        yield from reader
    except csv.Error as error:
        message = f"the table is damaged near line {reader.line_num + opening.above:,}: {error}"
        raise UnreadableInputError.broken(message) from None


def _refuse_ragged(text: bytes, width: int, opening: _Opening) -> None:
    short: list[tuple[int, list[str]]] = []
    for line, fields in enumerate(_rows(text, opening), start=1 + opening.above):
        if fields and len(fields) != width:
            short.append((line, fields))
        elif fields and short:
            break
    else:
        # notes below a table: lines of one field, each ended, which no row that was cut off is
        if all(len(fields) == 1 for _, fields in short) and text.endswith((b"\n", b"\r")):
            return
    if not short:
        return
    line, fields = short[0]
    message = f"row {line:,} has {len(fields):,} fields, the header {width}"
    raise UnreadableInputError.broken(message)


def _refuse_endless(frame: pl.DataFrame, above: int) -> None:
    """Refuse a field that is longer than any that is published: a quote never closed, or a line end lost."""
    longest = frame.select(pl.all().str.len_bytes().max()).row(0)
    for name, length in zip(frame.columns, longest, strict=True):
        if length > LONGEST_FIELD:
            row = frame.get_column(name).str.len_bytes().arg_max() or 0
            raise UnreadableInputError.broken(f"row {row + 2 + above:,} has a field of {length:,} characters")


def _refuse_swallowed(frame: pl.DataFrame, opening: _Opening) -> None:
    """Refuse a field that holds as many separators as a row and a line end: a stray quote has swallowed rows."""
    many = frame.width - 1
    swallowed = pl.any_horizontal(
        pl.all().str.contains("\n", literal=True)
        & (pl.all().str.count_matches(opening.separator, literal=True) >= many)
    )
    rows = frame.select(swallowed.arg_true()).to_series() if many > 1 else pl.Series([], dtype=pl.UInt32)
    if len(rows):
        line = rows[0] + 2 + opening.above
        message = f"row {line:,} has a field with a line end and commas: a quote may have swallowed rows"
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
