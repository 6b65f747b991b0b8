"""Tell what bytes are by how they begin; a file's name says nothing."""

from __future__ import annotations

import codecs
import re
from enum import Enum, auto

from iapt_audit.errors.inputs import UnreadableInputError


class Kind(Enum):
    """What can be read."""

    DELIMITED = auto()
    ZIP = auto()
    GZIP = auto()
    WORKBOOK = auto()
    PARQUET = auto()
    ARROW = auto()
    OTHER_WORKBOOK = auto()
    JSON = auto()


UTF8_MARK = codecs.BOM_UTF8
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_EMPTY_ZIP = b"PK\x05\x06"
_READ = ((b"PK\x03\x04", Kind.ZIP), (b"\x1f\x8b", Kind.GZIP), (b"PAR1", Kind.PARQUET), (b"ARROW1", Kind.ARROW),
         (b"\xd0\xcf\x11\xe0", Kind.OTHER_WORKBOOK))  # fmt: skip
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"FEA1", "a Feather file of the first version"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_TAR_AT, _TAR = 257, b"ustar"
_HEAD = 1024
_JSON = re.compile(r"\s*(?:\[\s*[{\[\]]|\{\s*[\"}])")
_GIVE = "give the published CSV, workbook or zip"


def kind_of(data: bytes) -> Kind:
    r"""
    Tell what can be read.

    Raises:
        UnreadableInputError: If it is empty, or of a kind that holds no table.

    >>> kind_of(b"PK\x03\x04..."), kind_of(b"a,b\n1,2\n")
    (<Kind.ZIP: 2>, <Kind.DELIMITED: 1>)
    """
    if data.startswith(_EMPTY_ZIP):
        raise UnreadableInputError.nothing_inside("zip file")
    for magic, kind in _READ:
        if data.startswith(magic):
            return kind
    for magic, what in _OTHERS:
        if data.startswith(magic):
            raise UnreadableInputError.other_kind(what, _GIVE)
    if data[_TAR_AT:].startswith(_TAR):
        raise UnreadableInputError.other_kind("a tar archive", _GIVE)
    if data.startswith(UTF16_MARKS):
        _refuse_other_text(data[:_HEAD].decode("utf-16", "replace"))
        return Kind.DELIMITED
    head = data.removeprefix(UTF8_MARK)[:_HEAD].decode("latin-1")
    _refuse_other_text(head)
    # a column may be called [a] or {a}, a file begin with it, and still be CSV
    if _JSON.match(head):
        return Kind.JSON
    if (at := data.find(b"\x00")) >= 0:
        line = data.count(b"\n", 0, at) + 1
        raise UnreadableInputError.other_kind(f"binary data (a NUL byte in line {line:,})", _GIVE)
    return Kind.DELIMITED


def _refuse_other_text(head: str) -> None:
    start = head.lstrip()
    if not start:
        raise UnreadableInputError.empty()
    if start.startswith("<"):
        hint = "the address may have answered with an error page; download it again"
        raise UnreadableInputError.other_kind("a web page", hint)
