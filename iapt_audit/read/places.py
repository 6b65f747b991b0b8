"""Name what is audited: a file, or a table that a program holds in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iapt_audit.errors.inputs import InputError

#: Files that a folder is searched for; anything else in it is not a published figure.
SUFFIXES = (
    ".csv", ".tsv", ".zip", ".xlsx", ".xlsm", ".xls", ".ods", ".gz", ".parquet", ".feather", ".arrow",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """
    A file to audit, with its path relative to the argument that named it; `fault` says why it cannot be one.

    `data` are the bytes of what is no file: standard input.
    """

    path: Path
    shown: str
    fault: InputError | None = None
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A table that a program holds in memory, and the name it is told under."""

    name: str
    table: object

    @property
    def shown(self) -> str:
        """Return the name so that it can be printed on one line."""
        return shown(self.name)


#: What is audited: files by their paths, and tables.
Source = Path | Held


def shown(name: str) -> str:
    r"""
    Write a name so that it can be printed on one line: bytes that are no UTF-8, and what would order a terminal about.

    >>> shown("caf\udce9.csv"), shown("a\nb\x1b[2J.csv"), shown("Trúst.csv")
    ('caf\\xe9.csv', 'a\\nb\\x1b[2J.csv', 'Trúst.csv')
    """
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
