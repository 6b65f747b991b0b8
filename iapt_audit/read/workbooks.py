"""Read the sheets of a workbook into columns of text, each cell as it would be printed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.errors.inputs import InputError, UnreadableInputError
from iapt_audit.read.delimited import refuse_twice
from iapt_audit.read.frames import Table
from iapt_audit.read.header import WITHIN, header_row
from iapt_audit.read.limits import LONGEST_FIELD, MOST_BYTES, MOST_COLUMNS, MOST_SHEET_CELLS
from iapt_audit.read.places import shown
from iapt_audit.read.plain_sheets import plain_cells
from iapt_audit.read.workbook_parts import Workbook, local, open_workbook, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.read.plain_sheets import PlainCells

#: Whole numbers up to here are held exactly.
_EXACT = 2**53
_ALPHABET = 26
_DIGITS = "0123456789"
#: Day 0 of both ways to count days; the first counts a 29 February 1900 that never was.
_DAY_ZERO, _DAY_ZERO_EARLY, _DAY_ZERO_1904 = datetime(1899, 12, 30), datetime(1899, 12, 31), datetime(1904, 1, 1)  # noqa: DTZ001
_NEVER_WAS = 60
_SAVE = "save the sheet as CSV"


def sheets(data: bytes) -> list[Table]:
    """
    Return the sheets of a workbook, at least one; what is no table comes with its fault.

    Raises:
        UnreadableInputError: If the workbook cannot be read, or holds no sheet.
    """
    book = open_workbook(data)
    if not book.sheets:
        raise UnreadableInputError.nothing_inside("workbook")
    found = []
    left = MOST_SHEET_CELLS
    for given, part in book.sheets:
        name = shown(given)
        cells = Cells(book, left)
        cells.read(part)
        left = cells.left
        try:
            found.append(_table(cells, name))
        except InputError as error:
            found.append(Table(pl.DataFrame(), name, fault=error))
    return found


@dataclass(slots=True)
class Cells:
    """The cells of a sheet: for each column with anything in it, the text of each row down to its last cell."""

    book: Workbook
    left: int
    columns: dict[int, list[str]] = field(default_factory=dict)
    percentages: bool = False
    _characters: int = MOST_BYTES
    # where the parser is
    _row: int = 0
    _column: int = 0
    _kind: str = "n"
    _style: str = "0"
    _in_cell: bool = False
    _in_text: bool = False
    _pieces: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def read(self, part: str) -> None:
        """
        Fill the columns from a part.

        Raises:
            UnreadableInputError: If the sheet is damaged, or spans more than is allowed.
        """
        data = self.book.part(part)
        plain = plain_cells(data, part)
        if plain is None or not self._fill(plain):
            walk(data, part, self._start, self._end, self._text)

    def _fill(self, plain: PlainCells) -> bool:
        """Fill the columns with cells taken out at once; leave them be if the parser would refuse them."""
        printed = []
        for style, kind, text in plain.said.select("style", "kind", "text").iter_rows():
            self._style, self._kind = style or "0", kind or "n"
            try:
                printed.append(self._printed(text))
            except InputError:
                return False
        of_said = plain.said.select("said", printed=pl.Series(printed, dtype=pl.String))
        told = plain.cells.join(of_said, on="said", maintain_order="left").filter(pl.col("printed") != "")
        columns = {
            column_number(str(letters)): (of_column["row"].to_numpy(), of_column["printed"].to_numpy())
            for (letters,), of_column in told.partition_by("column", as_dict=True, maintain_order=True).items()
        }
        lengths = told["printed"].str.len_chars().to_numpy()
        spanned, characters = sum(int(rows[-1]) for rows, _ in columns.values()), int(lengths.sum())
        in_order = all((np.diff(rows) > 0).all() for rows, _ in columns.values())
        if not in_order or spanned > self.left or characters > self._characters:
            return False
        if lengths.max(initial=0) > LONGEST_FIELD or len(columns) > MOST_COLUMNS:
            return False
        self.left -= spanned
        self._characters -= characters
        for number, (rows, texts) in columns.items():
            column = np.full(int(rows[-1]), "", dtype=object)
            column[rows - 1] = texts
            self.columns[number] = column.tolist()
        return True

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        tag = local(element)
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "row":
            self._column = 0
            self._row = row_number(attributes["r"]) if "r" in attributes else self._row + 1
        elif tag == "rPh":
            self._in_cell = False
        # the text of a cell is its value, or what stands in it itself; its formula is not asked
        self._in_text = self._in_cell and (tag == "v" or (tag == "t" and self._kind == "inlineStr"))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip(_DIGITS)
            if letters not in self._numbers:
                self._numbers[letters] = column_number(letters)
            self._column = self._numbers[letters]
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._in_cell = True
        self._pieces.clear()

    def _end(self, element: str) -> None:
        self._in_text = False
        tag = local(element)
        if tag == "c":
            self._in_cell = False
            if self._pieces:
                self._put(self._printed("".join(self._pieces)))
        elif tag == "rPh":
            self._in_cell = True

    def _text(self, piece: str) -> None:
        if self._in_text:
            self._pieces.append(piece)

    def _put(self, text: str) -> None:
        if not text:
            return
        row = self._row
        texts = self.columns.setdefault(self._column, [])
        gap = row - 1 - len(texts)
        if gap < 0:
            raise UnreadableInputError.broken("a sheet of the workbook is damaged: its cells are out of order")
        self.left -= gap + 1
        self._characters -= len(text)
        if self.left < 0 or self._characters < 0 or len(self.columns) > MOST_COLUMNS:
            raise UnreadableInputError.too_large()
        if len(text) > LONGEST_FIELD:
            raise UnreadableInputError.broken(f"row {row:,} has a field of {len(text):,} characters")
        if gap:
            texts.extend([""] * gap)
        texts.append(text)

    def _printed(self, text: str) -> str:
        kind, style, book = self._kind, self._style, self.book
        if kind == "s":
            try:
                return book.strings[int(text)]
            except (ValueError, IndexError):
                raise UnreadableInputError.broken("a sheet of the workbook is damaged: a text is missing") from None
        if kind == "n":
            if style in book.dates:
                return printed_date(text, since_1904=book.since_1904)
            self.percentages = self.percentages or style in book.percentages
            return printed_number(text)
        if kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        return text.removesuffix("T00:00:00") if kind == "d" else text


def _table(cells: Cells, name: str) -> Table:
    """Take the cells of a sheet column by column."""
    columns = [cells.columns[number] for number in sorted(cells.columns)]
    return table_of_columns(columns, name, percentages=cells.percentages)


def table_of_columns(columns: Sequence[list[str]], name: str, *, percentages: bool = False) -> Table:
    """
    Take the first row that fills most columns for the header; what stands above is a title.

    Args:
        columns: The texts of each column of a sheet, from its first row on.
        name: The sheet.
        percentages: Whether cells print percentages of the fractions that they hold.

    Raises:
        UnreadableInputError: If there is no table in it.
        UnknownLayoutError: If a column name stands twice.
    """
    if not any(any(texts) for texts in columns):
        raise UnreadableInputError.empty_sheet(name)
    header = _header_row(columns)
    height = max(map(len, columns))
    if len(columns) * height > MOST_SHEET_CELLS:
        raise UnreadableInputError.too_large()
    names, bodies = [], []
    for texts in columns:
        body = texts[header + 1 :]
        title = texts[header] if header < len(texts) else ""
        if title or any(body):
            names.append(title)
            bodies.append(body + [""] * (height - header - 1 - len(body)))
    refuse_twice(names)
    if height == header + 1:
        raise UnreadableInputError.no_rows()
    if percentages:
        raise UnreadableInputError.percentage_cells(name, _SAVE)
    frame = pl.DataFrame(dict(zip(names, bodies, strict=True)), schema=dict.fromkeys(names, pl.String))
    return Table(frame, name, header + 1)


def _header_row(columns: Sequence[Sequence[str]]) -> int:
    filled = [
        sum(1 for texts in columns if row < len(texts) and texts[row])
        for row in range(min(WITHIN, max(map(len, columns))))
    ]
    return header_row(filled)


def column_number(letters: str) -> int:
    """
    Return the number of a column, the first being 1.

    Raises:
        UnreadableInputError: If no column is called so.

    >>> column_number("A"), column_number("AA"), column_number("XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * _ALPHABET + ord(letter) - ord("A") + 1
    if not (letters.isascii() and letters.isalpha() and len(letters) <= len("XFD")):
        raise UnreadableInputError.broken("a sheet of the workbook is damaged: a cell has no place")
    return number


def row_number(text: str) -> int:
    """
    Return the number of a row.

    Raises:
        UnreadableInputError: If no row has it.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= len("1048576") and int(text)):
        raise UnreadableInputError.broken("a sheet of the workbook is damaged: a row has no place")
    return int(text)


def printed_number(text: str) -> str:
    """
    Print a number as a cell without a format does: what was typed, not the digits that a computer holds.

    >>> [printed_number(text) for text in ("50", "50.200000000000003", "1E-3", "470.0", "x")]
    ['50', '50.2', '0.001', '470', 'x']
    """
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    if number.is_integer() and abs(number) < _EXACT:
        return str(int(number))
    return format(Decimal(repr(number)), "f")


def printed_date(text: str, *, since_1904: bool) -> str:
    """
    Print a number of days as a date, in ISO form.

    >>> printed_date("44197", since_1904=False), printed_date("44197.5", since_1904=False)
    ('2021-01-01', '2021-01-01 12:00:00')
    """
    try:
        days = float(text)
        zero = _DAY_ZERO_1904 if since_1904 else _DAY_ZERO_EARLY if days < _NEVER_WAS else _DAY_ZERO
        moment = zero + timedelta(seconds=round(days * timedelta(days=1).total_seconds()))
    except (ValueError, OverflowError):
        return printed_number(text)
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")
