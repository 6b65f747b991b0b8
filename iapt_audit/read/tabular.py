"""Return the tables of what was opened: one of a CSV, JSON, Arrow or parquet file, one a sheet of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.read.columnar import columns_of_arrow, columns_of_text
from iapt_audit.read.delimited import with_place
from iapt_audit.read.frames import Table
from iapt_audit.read.kinds import Kind
from iapt_audit.read.other_workbooks import other_sheets
from iapt_audit.read.records import columns_of_records
from iapt_audit.read.workbooks import sheets

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from iapt_audit.read.opening import Opened


_OF_SHEETS: dict[Kind, Callable[[bytes], list[Table]]] = {Kind.WORKBOOK: sheets, Kind.OTHER_WORKBOOK: other_sheets}
_OF_COLUMNS: dict[Kind, Callable[[bytes], pl.DataFrame]] = {
    Kind.PARQUET: columns_of_text,
    Kind.ARROW: columns_of_arrow,
    Kind.JSON: columns_of_records,
}


def tables(opened: Opened) -> list[Table]:
    """
    Return the tables of a file or member, at least one.

    Raises:
        InputError: If it cannot be read, or holds none.
    """
    if opened.fault is not None:
        raise opened.fault
    if opened.table is not None:
        return [opened.table]
    if opened.kind in _OF_SHEETS:
        return _OF_SHEETS[opened.kind](opened.data)
    if opened.kind in _OF_COLUMNS:
        return [Table(_OF_COLUMNS[opened.kind](opened.data))]
    frame, header = with_place(opened.data)
    return [Table(frame, header_row=header)]
