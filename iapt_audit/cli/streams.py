"""Write to consoles of any encoding: what it lacks is written otherwise, and what other tools read stays readable."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from enum import StrEnum


class Form(StrEnum):
    """What a text is, by how it writes a character that an encoding lacks; each names the handler that does."""

    #: For people: the nearest characters.
    WORDS = "iapt_words"
    #: Lines for a program, in the nearest characters.
    LINES = "iapt_lines"
    JSON = "iapt_json"
    #: Strings in double quotes with the escapes of TOML and YAML.
    QUOTED = "iapt_quoted"
    XML = "xmlcharrefreplace"


#: Near characters where Unicode names none.
_NEAR = {
    "–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...",  # noqa: RUF001 - on purpose
    "×": "x", "†": "^",
    "≤": "<=", "≥": ">=", "→": "->", "•": "*", "£": "GBP ", "─": "-", "━": "=", "│": "|",
}  # fmt: skip
_NOT_ASCII = 0x80
_WIDE = 0x10000


def near(text: str) -> str:
    """
    Write text in ASCII, each character by the nearest; one without any becomes a question mark.

    >>> near("2012–13: “half” café ≥ 50% 界")
    '2012-13: "half" cafe >= 50% ?'
    """
    return "".join(_near(each) for each in text)


def _near(character: str) -> str:
    if ord(character) < _NOT_ASCII:
        return character
    if character in _NEAR:
        return _NEAR[character]
    letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return letters or "?"


def _json(character: str) -> str:
    r"""
    Escape a character as JSON does.

    >>> _json("é"), _json("😀")
    ('\\u00e9', '\\ud83d\\ude00')
    """
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _quoted(character: str) -> str:
    r"""
    Escape a character as TOML and YAML do in double quotes.

    >>> _quoted("é"), _quoted("😀")
    ('\\u00e9', '\\U0001f600')
    """
    return f"\\u{ord(character):04x}" if ord(character) < _WIDE else f"\\U{ord(character):08x}"


_WAYS = {Form.WORDS: _near, Form.LINES: _near, Form.JSON: _json, Form.QUOTED: _quoted}


def _handler(form: Form) -> None:
    way = _WAYS[form]

    def replaced(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        return "".join(way(each) for each in error.object[error.start : error.end]), error.end

    codecs.register_error(form, replaced)


for _each in _WAYS:
    _handler(_each)


def prepare_streams() -> None:
    """Let both streams write the nearest character in the place of one that their encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not _is_utf8(stream):
            stream.reconfigure(errors=Form.WORDS)


def write(text: str, form: Form = Form.WORDS) -> None:
    """
    Write to stdout.

    A stream of another encoding than UTF-8 gets what is for programs in ASCII, with the escapes of its form: they read
    it as UTF-8, whatever the console is.

    Args:
        text: What to write.
        form: What it is.
    """
    stream = sys.stdout
    if form is not Form.WORDS and isinstance(stream, io.TextIOWrapper) and not _is_utf8(stream):
        stream.reconfigure(encoding="ascii", errors=form)
    stream.write(text)


def _is_utf8(stream: io.TextIOWrapper) -> bool:
    return codecs.lookup(stream.encoding).name == "utf-8"
