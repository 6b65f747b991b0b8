"""Take markup, odd characters and footnote marks out of a text, and keep for each character where it stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_BLOCK = re.compile(
    r"</?(?:p|li|h[1-6]|div|section|article|header|footer|ul|ol|table|tr|td|th|blockquote|figcaption|title|dt|dd)\b|<br",
    re.IGNORECASE,
)
#: What no reader of the page sees.
_HIDDEN = re.compile(r"<!--.*?-->|<(?P<tag>script|style)\b.*?</(?P=tag)\s*>", re.IGNORECASE | re.DOTALL)
_NOTE = re.compile(r"<(?P<tag>sup)\b[^<>]{0,200}>[^<>]{0,12}</(?P=tag)>", re.IGNORECASE)
_BRACKET_NOTE = re.compile(r"\[(?:[0-9]{1,3}|\^[^\]\s]{1,20}|[a-z])\]")
_DASHES = frozenset("‐‑‒–—―−﹘﹣－")  # noqa: RUF001 - the dashes that people write
#: A decimal point as some journals print it.
_DOTS = frozenset("·∙⋅")
_QUOTES = frozenset("‘’‚‛′`´ʼ")  # noqa: RUF001 - and their quotation marks
_DOUBLE = frozenset("“”„‟″«»")
_GONE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f*_#†‡§")
_ARROWS = frozenset("→➡⇒►▶➔➜➝⟶")
_SUPERSCRIPT = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True)
class Plain:
    """
    A text without its markup; `places` says where each of its characters began in what was given, and `ends` where.

    Offsets count characters.
    """

    text: str
    places: tuple[int, ...]
    ends: tuple[int, ...]

    def part(self, start: int, end: int) -> tuple[int, int]:
        """Return where some characters stood in what was given."""
        if start >= end:
            at = self.places[start] if start < len(self.places) else 0
            return at, at
        return self.places[start], self.ends[end - 1]


def plain(text: str, offset: int = 0) -> Plain:
    """
    Take markup out of a text.

    >>> " ".join(plain("<li>Recovery&nbsp;rate: 50.5%<sup>1</sup> (2024&#8209;25)</li>").text.split())
    'Recovery rate: 50.5% (2024-25)'
    """
    characters: list[str] = []
    places: list[int] = []
    ends: list[int] = []
    for character, start, end in _characters(text):
        characters.append(character)
        places.append(start + offset)
        ends.append(end + offset)
    return Plain("".join(characters), tuple(places), tuple(ends))


def _characters(text: str) -> Iterator[tuple[str, int, int]]:
    at, size = 0, len(text)
    closes = max(text.rfind("-->"), text.casefold().rfind("</s"))
    while at < size:
        skipped = _skipped(text, at, closes)
        if skipped is not None:
            written, end = skipped
            yield from ((each, at, end) for each in written)
            at = end
            continue
        character = text[at]
        if character in _DOTS and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit():
            character = "."
        for each in _folded(character):
            yield each, at, at + 1
        at += 1


def _skipped(text: str, at: int, closes: int) -> tuple[str, int] | None:
    """Return what markup at a place is written as, and where it ends; nothing is hidden after the last that closes."""
    character = text[at]
    if character == "<":
        hidden = _HIDDEN.match(text, at) if at < closes else None
        found = hidden or _NOTE.match(text, at) or _TAG.match(text, at)
        # words on either side of a tag stay apart, but a figure is not cut by one; a block ends what is said
        return ("\n\n" if _BLOCK.match(found.group()) else " ", found.end()) if found is not None else None
    if character == "&":
        found = _ENTITY.match(text, at)
        return ("".join(_folded(unescape(found.group()))), found.end()) if found is not None else None
    if character == "[":
        found = _BRACKET_NOTE.match(text, at)
        return ("", found.end()) if found is not None else None
    return None


def _folded(text: str) -> Iterator[str]:
    for character in text:
        if character in _GONE or character in _SUPERSCRIPT:
            continue
        if character in _DASHES:
            yield "-"
        elif character in _QUOTES:
            yield "'"
        elif character in _DOUBLE:
            yield '"'
        elif character in _ARROWS:
            yield ";"
        elif character.isspace():
            yield "\n" if character == "\n" else " "
        elif ord(character) < 128:  # noqa: PLR2004 - what is ASCII stays as it is
            yield character
        elif unicodedata.category(character) in {"Mn", "Cf", "Cc", "So", "Sk"}:
            continue
        else:
            yield from unicodedata.normalize("NFKC", character)
