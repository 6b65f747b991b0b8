"""Take zip and gzip files apart in memory, never more than is allowed and never onto the disk."""

from __future__ import annotations

import gzip
import io
import lzma
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from iapt_audit.errors.inputs import UnreadableInputError
from iapt_audit.read.limits import (
    CHUNK,
    INFLATION_MATTERS_FROM,
    MOST_BYTES,
    MOST_INFLATION,
    MOST_WORKBOOK_BYTES,
    Allowance,
)
from iapt_audit.read.places import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

_ENCRYPTED = 0x1
#: Apple's archiver adds a folder of its own.
_APPLE = "__MACOSX/"
_WORKBOOK = "[Content_Types].xml"
#: What the standard library raises for a damaged or unsupported archive or member.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
    OverflowError, MemoryError,
)  # fmt: skip


def archive_in(data: bytes) -> zipfile.ZipFile:
    """
    Open a zip file by its directory.

    Raises:
        UnreadableInputError: If the directory is damaged.
    """
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED:
        raise UnreadableInputError.broken("the zip file is damaged") from None


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Return whether a zip file is a workbook: all of them hold a list of their parts under this name."""
    return _WORKBOOK in archive.NameToInfo


def is_opendocument(archive: zipfile.ZipFile) -> bool:
    """
    Return whether a zip file is a sheet of OpenDocument, which names its kind in a first member.

    Raises:
        UnreadableInputError: If it inflates to more than a workbook holds.
    """
    if "mimetype" not in archive.NameToInfo or "content.xml" not in archive.NameToInfo:
        return False
    if sum(info.file_size for info in archive.infolist()) > MOST_WORKBOOK_BYTES:
        raise UnreadableInputError.too_large()
    return True


def tables_in(archive: zipfile.ZipFile, allowance: Allowance) -> list[zipfile.ZipInfo]:
    """
    List the members that may hold a table, in the order of their names.

    Raises:
        UnreadableInputError: If there are none, too many, or all have a password.
    """
    infos = archive.infolist()
    allowance.take_members(len(infos))
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise UnreadableInputError.too_large()
    found = [
        info
        for info in infos
        if info.filename.lower().endswith(SUFFIXES) and not info.filename.startswith(_APPLE) and not info.is_dir()
    ]
    if not found:
        raise UnreadableInputError.nothing_inside("zip file")
    if all(info.flag_bits & _ENCRYPTED for info in found):
        raise UnreadableInputError.password("the zip file")
    return sorted(found, key=lambda info: info.filename)


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowance: Allowance) -> bytes:
    """
    Inflate a member.

    Raises:
        UnreadableInputError: If it has a password, leads out of the archive, is damaged or too large.
    """
    if _leads_out(info.filename):
        raise UnreadableInputError.leads_out()
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableInputError.password("the member")
    try:
        with archive.open(info) as stream:
            return _inflated(stream, info.compress_size, allowance)
    except _DAMAGED:
        raise UnreadableInputError.broken("the member is damaged") from None


def unzipped(data: bytes, allowance: Allowance) -> bytes:
    """
    Inflate a gzip file.

    Raises:
        UnreadableInputError: If it is damaged or too large.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            return _inflated(stream, len(data), allowance)
    except _DAMAGED:
        raise UnreadableInputError.broken("the gzip file is damaged") from None


def _inflated(stream: IO[bytes] | gzip.GzipFile, packed: int, allowance: Allowance) -> bytes:
    """Read to the end in pieces: what an archive says of its members' sizes may be untrue."""
    pieces: list[bytes] = []
    size = 0
    while piece := stream.read(CHUNK):
        size += len(piece)
        allowance.take_bytes(len(piece))
        if size > INFLATION_MATTERS_FROM and size > packed * MOST_INFLATION:
            raise UnreadableInputError.too_large()
        pieces.append(piece)
    return b"".join(pieces)


def _leads_out(name: str) -> bool:
    r"""
    Return whether a member's name points out of its archive; such a name is shown, and its member left alone.

    >>> [_leads_out(name) for name in ("a/b.csv", "../b.csv", "a\\..\\b.csv", "/b.csv", "C:\\b.csv", "a..b.csv")]
    [False, True, True, True, True, False]
    """
    parts: Sequence[str] = re.split(r"[/\\]", name)
    return ".." in parts or not parts[0] or parts[0].endswith(":")
