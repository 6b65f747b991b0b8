"""
Take the cells out of a sheet that is written plainly, all at once and not element by element.

Publishers' programs write hundreds of thousands of cells in one form: a place, a style, a kind, and a value without
markup. Such a sheet is taken apart as text. One with anything else in it is left to the parser, whose answer is the
measure of this one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.errors.inputs import UnreadableInputError
from iapt_audit.read.workbook_parts import local, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_CELL_START, _CELL_END, _ROW_END = '<c r="', "</c>", "</row>"
#: Another encoding could read other letters out of the same bytes.
_DECLARED = re.compile(rb"""\s*(<\?xml version=["']1\.0["']( encoding=["'](UTF|utf)-8["'])?[^>?&]*\?>\s*)?<[A-Za-z]""")
#: Letters that a value may hold: none that begins markup, and no line end, which a parser would change.
_VALUE = r"[ -%'-;=?-~]"
#: What stands before a cell that begins a row, its place, and what stands behind it up to its end. No attribute can
#: stand twice, and none is left unread but the hints of what a row spans and where its text sits.
_ROW = r'^(?:</row>)?<row r="(?P<row>[1-9][0-9]{0,6})"(?: spans="[0-9: ]*")?(?: x14ac:dyDescent="[0-9.]*")?>$'
_PLACE = r"^[A-Z]{1,3}[0-9]+$"
_SAID = rf'^(?: s="(?P<style>[0-9]+)")?(?: t="(?P<kind>[a-zA-Z]+)")?><v>(?P<text>{_VALUE}*)</v>$'


@dataclass(frozen=True, slots=True)
class PlainCells:
    """
    The cells of a sheet, in their order: the `row` (from 1), `column` (in letters) and what is `said` of each.

    `said` has each thing said once, with its `style` and `kind` (null where there is none) and its `text`.
    """

    cells: pl.DataFrame
    said: pl.DataFrame


def plain_cells(part: bytes, name: str) -> PlainCells | None:
    """
    Return the cells of a sheet that is written plainly, or None of any other.

    Args:
        part: The sheet, as the workbook holds it.
        name: The part's name, for its faults.
    """
    head, opened, rest = part.partition(_OPEN)
    data, closed, tail = rest.partition(_CLOSE)
    # text in another script is left to the parser
    if not (opened and closed and data.isascii() and _DECLARED.match(head)):
        return None
    written = data.decode("ascii").removesuffix(_ROW_END)
    if len(written) == len(data) or not written.endswith(_CELL_END) or not _is_hollow(head, tail, name):
        return None
    pieces = pl.Series([written.removesuffix(_CELL_END)]).str.split(_CELL_END).explode(empty_as_null=True)
    before, cell = _parted(pieces, _CELL_START)
    place, after = _parted(cell, '"')
    said = after.unique()
    told = said.str.extract_groups(_SAID).struct.unnest()
    begins = before != ""
    begun = before.filter(begins)
    rows = begun.str.extract(_ROW)
    if told["text"].null_count() or rows.null_count() or not place.str.contains(_PLACE).all():
        return None
    if not begins[0] or not _is_closed(begun):
        return None
    row = rows.cast(pl.Int64).gather(begins.cast(pl.UInt32).cum_sum() - 1)
    cells = pl.DataFrame({"row": row, "column": place.str.strip_chars_end("0123456789"), "said": after})
    return PlainCells(cells, told.with_columns(said=said))


def _parted(texts: pl.Series, by: str) -> tuple[pl.Series, pl.Series]:
    """Part each text in two where a piece first stands in it; the second is null where it does not."""
    parts = texts.str.splitn(by, 2).struct.unnest()
    return parts.to_series(0), parts.to_series(1)


def _is_closed(begun: pl.Series) -> bool:
    """Return whether every row but the first ends the one before."""
    ends = begun.str.starts_with(_ROW_END)
    return not ends[0] and bool(ends[1:].all())


def _is_hollow(head: bytes, tail: bytes, name: str) -> bool:
    """Return whether what stands around the rows is well-formed, holds no cell, and holds the rows as an element."""
    met: list[str] = []

    def start(element: str, _: dict[str, str]) -> None:
        met.append(element)

    def end(element: str) -> None:
        met.append(f"/{element}")

    try:
        walk(head + _OPEN + _CLOSE + tail, name, start, end)
    except UnreadableInputError:
        return False
    at = [place for place, element in enumerate(met) if element == "sheetData"]
    within = len(at) == 1 and met[at[0] + 1] == "/sheetData"
    return within and not any(tag in _OF_CELLS for tag in _names(met))


#: What the parser takes for a row, a cell or a part of one, wherever it stands.
_OF_CELLS = frozenset({"row", "c", "v", "t", "rPh"})


def _names(met: list[str]) -> Iterator[str]:
    return (local(element) for element in met)
