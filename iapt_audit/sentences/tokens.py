"""Split a plain text into sentences, and a sentence into words, numbers and signs with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<sign>>=|<=|[^\s\w]|_)"
)
_ENDS = re.compile(r"""[.!?]+["')\]]*(?=\s+["'(\[]*[A-Z0-9£$])|\n\s*\n|\n(?=\s*(?:[-•·]|[0-9]{1,2}[.)])\s)""")
_SHORT = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "no",
        "vs",
        "approx",
        "c",
        "ca",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "e.g",
        "i.e",
        "eg",
        "ie",
        "fig",
    ]
)
_LAST_WORD = re.compile(r"[A-Za-z.]{1,8}\Z")
#: No sentence is longer: what is, is cut, so that a text of any length takes a time in keeping with it.
LONGEST = 1500


@dataclass(frozen=True, slots=True)
class Token:
    """A word in small letters, a number or a sign, where it stands, and whether it was written with a capital."""

    text: str
    kind: str
    start: int
    end: int
    capital: bool = False

    @property
    def is_word(self) -> bool:
        """Return whether it is a word."""
        return self.kind == "word"

    @property
    def is_number(self) -> bool:
        """Return whether it is a number in digits."""
        return self.kind == "number"


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """
    Split a text into tokens.

    >>> [token.text for token in tokens("50.8% of self-referrals")]
    ['50.8', '%', 'of', 'self', '-', 'referrals']
    """
    return [
        Token(found.group().casefold(), str(found.lastgroup), found.start(), found.end(), found.group()[0].isupper())
        for found in _TOKEN.finditer(text, start, len(text) if end is None else end)
    ]


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """
    Return where each sentence of a plain text begins and ends.

    >>> text = "In Feb. 2026 it was 49.0%. It rose."
    >>> [text[start:end] for start, end in sentences(text)]
    ['In Feb. 2026 it was 49.0%.', 'It rose.']
    """
    start = 0
    for found in _ENDS.finditer(text):
        before = _LAST_WORD.search(text, max(start, found.start() - 8), found.start())
        if found.group().startswith(".") and before is not None and before.group().casefold().strip(".") in _SHORT:
            continue
        yield from _trimmed(text, start, found.end())
        start = found.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = text.rfind(" ", start, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        yield start, cut
        start = cut
    if start < end:
        yield start, end
