"""Return the tables of what was opened: one of a CSV or parquet file, one a sheet of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.read.columnar import columns_of_text
from iapt_audit.read.delimited import blank_lines_before, table
from iapt_audit.read.frames import Table
from iapt_audit.read.kinds import Kind
from iapt_audit.read.workbooks import sheets

if TYPE_CHECKING:
    from iapt_audit.read.opening import Opened


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
    if opened.kind is Kind.WORKBOOK:
        return sheets(opened.data)
    if opened.kind is Kind.PARQUET:
        return [Table(columns_of_text(opened.data))]
    return [Table(table(opened.data), header_row=1 + blank_lines_before(opened.data))]
