"""Hold a table as it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from iapt_audit.errors.inputs import InputError


@dataclass(frozen=True, slots=True)
class Table:
    """
    Columns of text, and where they stand: the sheet of a workbook, and the line or row of the header.

    `fault` says why a sheet is no table; its frame is then empty.
    """

    frame: pl.DataFrame
    sheet: str | None = None
    header_row: int = 1
    fault: InputError | None = None
