"""Open a file and every table in it, one after the other; what cannot be opened comes with its fault."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iapt_audit.errors.inputs import InputError, UnreadableInputError
from iapt_audit.read.archives import archive_in, is_opendocument, is_workbook, member, tables_in, unzipped
from iapt_audit.read.files import whole
from iapt_audit.read.frames import Table
from iapt_audit.read.kinds import Kind, kind_of
from iapt_audit.read.limits import MOST_BYTES, MOST_NESTED, Allowance
from iapt_audit.read.memory import sha256_of, text_of
from iapt_audit.read.places import Held, shown

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from iapt_audit.read.places import Place


@dataclass(frozen=True, slots=True)
class Opened:
    """
    The bytes of one file or member, and what kind of table they are; `fault` says why there are none.

    `sha256` is that of the file given, also for a member of an archive. A `table` that was held in memory has no bytes,
    and the `sha256` of its text (`memory.sha256_of`).
    """

    path: str
    member: str | None
    sha256: str | None
    data: bytes
    fault: InputError | None = None
    kind: Kind = Kind.DELIMITED
    table: Table | None = None


def open_all(place: Place | Held) -> Iterator[Opened]:
    """Return the bytes of a file, or of each table of an archive; what cannot be opened comes with its fault."""
    if isinstance(place, Held):
        yield _held(place)
        return
    try:
        if place.fault is not None:
            raise place.fault
        data = whole(place.path) if place.data is None else place.data
        if len(data) > MOST_BYTES:
            raise UnreadableInputError.too_large()
    except InputError as error:
        yield Opened(place.shown, None, None, b"", error)
        return
    found = Opened(place.shown, None, hashlib.sha256(data).hexdigest(), data)
    yield from _inside(found, Allowance(), 0)


def _held(held: Held) -> Opened:
    try:
        text = text_of(held.table)
    except InputError as error:
        return Opened(held.shown, None, None, b"", error)
    return Opened(held.shown, None, sha256_of(text), b"", table=Table(text))


def _inside(found: Opened, allowance: Allowance, nested: int) -> Iterator[Opened]:
    """Return what is in a file or member: itself, or all that it holds, as far as archives may be nested."""
    try:
        kind = kind_of(found.data)
        archive = archive_in(found.data) if kind is Kind.ZIP else None
        if archive is not None and is_workbook(archive):
            kind = Kind.WORKBOOK
        elif archive is not None and is_opendocument(archive):
            kind = Kind.OTHER_WORKBOOK
        if kind not in {Kind.ZIP, Kind.GZIP}:
            yield replace(found, kind=kind)
            return
        if nested == MOST_NESTED:
            hint = "unpack it, and give the published file"
            raise UnreadableInputError.other_kind("an archive in an archive in an archive", hint)
        if archive is None:
            inner = replace(found, data=unzipped(found.data, allowance))
        else:
            infos = tables_in(archive, allowance)
    except InputError as error:
        yield replace(found, data=b"", fault=error)
        return
    if archive is None:
        yield from _inside(inner, allowance, nested + 1)
    else:
        yield from _members(found, archive, infos, allowance, nested)


def _members(
    found: Opened, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], allowance: Allowance, nested: int
) -> Iterator[Opened]:
    for info in infos:
        name = f"{found.member}/{shown(info.filename)}" if found.member else shown(info.filename)
        try:
            inner = replace(found, member=name, data=member(archive, info, allowance))
        except InputError as error:
            yield replace(found, member=name, data=b"", fault=error)
            if allowance.bytes < 0:
                # the rest would be inflated for nothing
                return
        else:
            yield from _inside(inner, allowance, nested + 1)
