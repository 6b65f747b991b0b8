"""Hold the most that is taken in: far more than any publication holds, far less than fills a computer."""

from __future__ import annotations

from dataclasses import dataclass

from iapt_audit.errors.inputs import UnreadableInputError

#: One file, and all that it inflates to. The largest published table has under 50 MB.
MOST_BYTES = 1_000_000_000
#: The published tables shrink to a twentieth; a bomb to a thousandth. Small members may repeat themselves.
MOST_INFLATION = 200
INFLATION_MATTERS_FROM = 100_000_000
#: Files in an archive, and in the archives inside it.
MOST_MEMBERS = 1_000
#: An archive, and one inside it.
MOST_NESTED = 2
#: The widest published table has 54 columns.
MOST_COLUMNS = 2_000
#: A spreadsheet's cell holds 32,767 characters; the longest published text has some hundred.
LONGEST_FIELD = 100_000
#: A workbook's sheets are held cell by cell: 1,048,576 rows of ten columns fit.
MOST_SHEET_CELLS = 12_000_000
MOST_WORKBOOK_BYTES = 300_000_000
MOST_PARQUET_CELLS = 100_000_000
CHUNK = 1 << 20


@dataclass(slots=True)
class Allowance:
    """What may still be inflated from one file."""

    bytes: int = MOST_BYTES
    members: int = MOST_MEMBERS

    def take_bytes(self, count: int) -> None:
        """
        Count inflated bytes.

        Raises:
            UnreadableInputError: If it is too much.
        """
        self.bytes -= count
        if self.bytes < 0:
            raise UnreadableInputError.too_large()

    def take_members(self, count: int) -> None:
        """
        Count the files of an archive.

        Raises:
            UnreadableInputError: If it is too many.
        """
        self.members -= count
        if self.members < 0:
            raise UnreadableInputError.too_large()
