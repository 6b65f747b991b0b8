"""Tell by its first lines whether a file of a folder may be a table; one that is named outright is always read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.errors.inputs import InputError
from iapt_audit.read.delimited import columns_of_first_rows
from iapt_audit.read.kinds import Kind, kind_of

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = 1 << 16
#: Prose has commas too, but not as many in each line.
_FEWEST = 4


def may_be_table(path: Path) -> bool:
    """Return whether a file begins as a table does, so that a note or a setting beside tables is passed over."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
        kind = kind_of(head)
        if kind is Kind.JSON:
            return head.lstrip().startswith(b"[")
        return kind is not Kind.DELIMITED or columns_of_first_rows(head) >= _FEWEST
    except (InputError, OSError):
        return False
