"""Find the header of a table below a title and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A header stands within so many rows: below a title and some notes.
WITHIN = 50
#: A header has a name for at least so many hundredths of the columns that any row fills; a title fills one or two.
_SHARE = 60


def header_row(filled: Sequence[int]) -> int:
    """
    Return the place of the header: the first row that fills most of the columns.

    Args:
        filled: How many cells of each of the first rows hold something.

    >>> header_row([1, 0, 10, 10]), header_row([10, 9, 10]), header_row([10, 11, 11])
    (2, 0, 0)
    """
    most = max(filled)
    return next(row for row, some in enumerate(filled) if some * 100 >= most * _SHARE)
