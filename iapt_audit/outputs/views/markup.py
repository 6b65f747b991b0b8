"""Write text so that no form takes it for more: Markdown, a sheet of figures, a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from iapt_audit.model.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


#: What Markdown would take for more than a letter, in a sentence or in a cell.
_MEANT = "\\`[]<>|"


def safe(value: object) -> object:
    """
    Keep text from being taken for a formula, and from ordering a terminal about; numbers stay.

    >>> safe("=cmd|' /C calc'!A0"), safe(-5), safe(None)
    ("'=cmd|' /C calc'!A0", -5, None)
    """
    if not isinstance(value, str):
        return value
    return printable(f"'{value}" if value.startswith(_STARTS_A_FORMULA) else value)


def markdown_text(text: str) -> str:
    """Keep text from being taken for Markdown: a name in a file could draw a link or a picture from somewhere."""
    return "".join(f"\\{each}" if each in _MEANT else each for each in printable(text))


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Write a table as Markdown; bars and line ends in a cell cannot break it."""
    lines = [_line(heads), _line(["---"] * len(heads)), *(_line(row) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[Any]) -> str:
    return "| " + " | ".join(markdown_text(" ".join(str(cell).split())) for cell in cells) + " |"
