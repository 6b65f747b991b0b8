"""
Take the cells out of a sheet that is written plainly, all at once and not element by element.

Publishers' programs write hundreds of thousands of cells in one form: a place, a style, a kind, and a value without
markup. Such a sheet is taken apart as text. One with anything else in it is left to the parser, whose answer is the
measure of this one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.errors import UnreadableInputError
from iapt_audit.read.workbook_parts import local, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_CELL_END, _ROW_END = "</c>", "</row>"
#: Another encoding could read other letters out of the same bytes.
_DECLARED = re.compile(rb"""\s*(<\?xml version=["']1\.0["']( encoding=["'](UTF|utf)-8["'])?[^>?&]*\?>\s*)?<[A-Za-z]""")
#: Letters that a value may hold: none that begins markup, and no line end, which a parser would change.
_VALUE = r"[ -%'-;=?-~]"
#: A cell up to its end, with the row that it begins. No attribute can stand twice, and none is left unread but the
#: hints of what a row spans and where its text sits.
_CELL = (
    r'^(?P<begun>(?:</row>)?<row r="(?P<row>[1-9][0-9]{0,6})"(?: spans="[0-9: ]*")?(?: x14ac:dyDescent="[0-9.]*")?>)?'
    r'<c r="(?P<column>[A-Z]{1,3})[0-9]+"(?: s="(?P<style>[0-9]+)")?(?: t="(?P<kind>[a-zA-Z]+)")?>'
    rf"<v>(?P<text>{_VALUE}*)</v>$"
)


def plain_cells(part: bytes, name: str) -> pl.DataFrame | None:
    """
    Give the cells of a sheet that is written plainly, in their order, or None of any other.

    Args:
        part: The sheet, as the workbook holds it.
        name: The part's name, for its faults.

    Returns:
        A row a cell: `row` (from 1), `column` (in letters), `style` and `kind` (null where not said), `text`.
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
    cells = pieces.str.extract_groups(_CELL).struct.unnest()
    if cells["column"].null_count() or not _is_closed(cells["begun"]):
        return None
    return cells.select(pl.col("row").cast(pl.Int64).forward_fill(), "column", "style", "kind", "text")


def _is_closed(begun: pl.Series) -> bool:
    """Say whether the first cell begins a row, and every later row ends the one before."""
    rows = begun.drop_nulls().str.starts_with(_ROW_END)
    return begun[0] is not None and not rows[0] and bool(rows[1:].all())


def _is_hollow(head: bytes, tail: bytes, name: str) -> bool:
    """Say whether what stands around the rows is well-formed, holds no cell, and holds the rows as an element."""
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
