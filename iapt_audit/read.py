"""Open files, folders and archives and give their tables as text, just as printed."""

from __future__ import annotations

import csv
import hashlib
import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.errors import InputError, UnknownLayoutError, UnreadableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: Files that a folder is searched for; anything else in it is not a published figure.
_SUFFIXES = (".csv", ".zip", ".xlsx", ".xls", ".gz", ".parquet")
_MOST_MEMBERS = 1_000
_MOST_BYTES = 2_000_000_000
_ZIP_ENCRYPTED = 0x1
_EMPTY_ZIP = b"PK\x05\x06"
#: What the standard library raises for a damaged or unsupported member.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A file to audit, with its path relative to the argument that named it."""

    path: Path
    shown: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The bytes of one file or member; `fault` says why there are none."""

    path: str
    member: str | None
    sha256: str | None
    data: bytes
    fault: InputError | None = None


def find(arguments: Sequence[Path]) -> list[Place]:
    """
    List the files that the arguments name: a file itself, or the tables and archives below a folder.

    A path with nothing at it, and a folder with nothing in it, are listed too, so that they can be told.
    """
    places = []
    for argument in arguments:
        if not argument.is_dir():
            places.append(Place(argument, argument.name or str(argument)))
            continue
        inside = sorted(
            path
            for path in argument.rglob("*")
            if path.suffix.lower() in _SUFFIXES and path.is_file() and not path.name.startswith(".")
        )
        places += [Place(path, path.relative_to(argument).as_posix()) for path in inside]
        if not inside:
            places.append(Place(argument, argument.name or str(argument)))
    return places


def open_all(place: Place) -> Iterator[Opened]:
    """Give the bytes of a file, or of each CSV member of a zip; what cannot be opened comes with its fault."""
    sha256: str | None = None
    try:
        data = _bytes(place.path)
        sha256 = hashlib.sha256(data).hexdigest()
        if data.startswith(_EMPTY_ZIP):
            raise UnreadableInputError.nothing_inside("zip file")
        if not data.startswith(b"PK\x03\x04"):
            _refuse_other_kinds(data)
            yield Opened(place.shown, None, sha256, data)
            return
        archive = _archive(data)
        names = _members(archive)
    except InputError as error:
        yield Opened(place.shown, None, sha256, b"", error)
        return
    for name in names:
        try:
            content = _member(archive, name)
            _refuse_other_kinds(content)
        except InputError as error:
            yield Opened(place.shown, name, sha256, b"", error)
        else:
            yield Opened(place.shown, name, sha256, content)


def table(data: bytes) -> pl.DataFrame:
    """
    Parse a CSV file into columns of text: nothing is converted, an empty field is an empty text.

    Raises:
        UnreadableInputError: If it is no CSV, holds no row, or a row has too few or too many fields.
        UnknownLayoutError: If a column name stands twice.
    """
    text = _text(data)
    header = next(_fields(text), [])
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise UnknownLayoutError.columns_twice(twice)
    if len(header) == 1:
        raise UnreadableInputError.other_kind("text without columns", "give the published CSV or zip")
    try:
        frame = pl.read_csv(text.encode(), infer_schema=False, empty_string_is_null=False)
    except pl.exceptions.PolarsError as error:
        what = str(error).strip().partition("\n")[0]
        if "more fields" in what:
            what = "a row has more fields than the header"
        raise UnreadableInputError.broken(f"the table is damaged: {what}") from None
    if frame.is_empty():
        message = "the file has a header and no rows"
        raise UnreadableInputError("no_rows", message, "download it again")
    # polars fills a short row up with empty text; only rows that end in one can be short, and most files have none
    if (frame.get_column(frame.columns[-1]) == "").any():
        _refuse_short_rows(text, len(frame.columns))
    return frame


def _refuse_short_rows(text: str, width: int) -> None:
    for line, fields in enumerate(_fields(text), start=1):
        if fields and len(fields) < width:
            message = f"row {line} has {len(fields)} fields, the header {width}"
            raise UnreadableInputError.broken(message)


def _fields(text: str) -> Iterator[list[str]]:
    """
    Give the fields of each row.

    Raises:
        UnreadableInputError: If the text is no CSV.
    """
    try:
        yield from csv.reader(io.StringIO(text))
    except csv.Error as error:
        raise UnreadableInputError.broken(f"the table is damaged: {error}") from None


def _text(data: bytes) -> str:
    body = data.removeprefix(b"\xef\xbb\xbf")
    if b"\n" not in body:
        # the line ends of an old Macintosh
        body = body.replace(b"\r", b"\n")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        # some publishers' tools write the Windows code page; a byte it lacks means that the file is neither
        try:
            return body.decode("cp1252")
        except UnicodeDecodeError:
            raise UnreadableInputError.other_kind("binary data", "give the published CSV or zip") from None


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise UnreadableInputError.nothing_inside("folder")
    if not path.exists():
        raise UnreadableInputError.absent()
    if not path.is_file():
        raise UnreadableInputError.other_kind("no ordinary file", "give the path of a published file")
    try:
        return path.read_bytes()
    except PermissionError:
        raise UnreadableInputError.no_permission() from None
    except OSError as error:
        raise UnreadableInputError.broken(f"the file cannot be read: {error.strerror}") from None


def _refuse_other_kinds(data: bytes) -> None:
    start = data.removeprefix(b"\xef\xbb\xbf")[:1024].lstrip()
    if not start:
        raise UnreadableInputError.empty()
    if start[:1] == b"<":
        raise UnreadableInputError.other_kind(
            "a web page", "the address may have answered with an error page; download it again"
        )
    for magic, kind in (
        (b"%PDF", "a PDF"),
        (b"\x1f\x8b", "a gzip file"),
        (b"PAR1", "a parquet file"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"Rar!", "a RAR archive"),
        (b"PK\x03\x04", "an archive inside an archive"),
        (_EMPTY_ZIP, "an archive inside an archive"),
    ):
        if start.startswith(magic):
            raise UnreadableInputError.other_kind(kind, "give the published CSV or a zip of it")
    if b"\x00" in data:
        raise UnreadableInputError.other_kind("binary data", "give the published CSV or zip")
    if start[:1] in (b"{", b"["):
        raise UnreadableInputError.other_kind("JSON", "give the published CSV or zip")


def _archive(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise UnreadableInputError.broken("the zip file is damaged") from None


def _members(archive: zipfile.ZipFile) -> list[str]:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if "[Content_Types].xml" in names:
        raise UnreadableInputError.other_kind("an Excel workbook", "this version does not read workbooks yet")
    if len(infos) > _MOST_MEMBERS or sum(info.file_size for info in infos) > _MOST_BYTES:
        raise UnreadableInputError(
            "too_large", "the zip file holds more than a publication does", "unpack the file you need"
        )
    tables = sorted(name for name in names if name.lower().endswith(".csv") and not name.startswith("__MACOSX/"))
    if not tables:
        raise UnreadableInputError.nothing_inside("zip file")
    return tables


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).flag_bits & _ZIP_ENCRYPTED:
        raise UnreadableInputError.broken("the member is protected by a password")
    try:
        return archive.read(name)
    except _DAMAGED:
        raise UnreadableInputError.broken("the member is damaged") from None
