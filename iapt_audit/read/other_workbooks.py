"""Read workbooks of other forms than .xlsx: OpenDocument and the old form of Excel, by fastexcel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.errors.inputs import InputError, UnreadableInputError
from iapt_audit.extras import is_installed
from iapt_audit.read.frames import Table
from iapt_audit.read.limits import LONGEST_FIELD, MOST_COLUMNS, MOST_SHEET_CELLS, MOST_WORKBOOK_BYTES
from iapt_audit.read.places import shown
from iapt_audit.read.workbooks import table_of_columns

if TYPE_CHECKING:
    import fastexcel


def other_sheets(data: bytes) -> list[Table]:
    """
    Return the sheets of a workbook, at least one; what is no table comes with its fault.

    A number is read as it is held and not as it is shown, so that 50.7% is the share 0.507.

    Raises:
        UnreadableInputError: If the extra `sheets` is not installed, or the workbook is damaged, protected or empty.
    """
    if not is_installed("sheets"):
        raise UnreadableInputError.sheets()
    if len(data) > MOST_WORKBOOK_BYTES:
        raise UnreadableInputError.too_large()
    import fastexcel

    try:
        book = fastexcel.read_excel(data)
        names = book.sheet_names
    except (fastexcel.FastExcelError, pl.exceptions.PanicException):
        # it does not say whether a password or a damage is the reason
        raise UnreadableInputError.broken("the workbook is damaged, or protected by a password") from None
    if not names:
        raise UnreadableInputError.nothing_inside("workbook")
    found = []
    for number, name in enumerate(names):
        try:
            found.append(_sheet(book, number, shown(name)))
        except InputError as error:
            found.append(Table(pl.DataFrame(), shown(name), fault=error))
    return found


def _sheet(book: fastexcel.ExcelReader, number: int, name: str) -> Table:
    import fastexcel

    try:
        frame = pl.DataFrame(book.load_sheet(number, header_row=None, dtypes="string"))
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise UnreadableInputError.broken(f"the sheet `{name}` is damaged") from None
    if frame.width > MOST_COLUMNS or frame.width * frame.height > MOST_SHEET_CELLS:
        raise UnreadableInputError.too_large()
    columns = [column.fill_null("").to_list() for column in frame.get_columns()]
    for texts in columns:
        if any(len(text) > LONGEST_FIELD for text in texts):
            raise UnreadableInputError.too_large()
    return table_of_columns(columns, name)
