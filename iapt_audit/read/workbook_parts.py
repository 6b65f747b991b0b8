"""
Take a workbook (ECMA-376) apart: its sheets, shared strings and styles.

Read with Python's own expat and not with calamine (fastexcel): calamine holds a sheet as one dense block from its first
to its last cell, so that a workbook of 700 bytes with a cell at XFD1048576 asks for 512 GiB and ends the process.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from iapt_audit.errors.inputs import UnreadableInputError
from iapt_audit.read.archives import archive_in, member
from iapt_audit.read.limits import MOST_MEMBERS, MOST_WORKBOOK_BYTES, Allowance

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable

_SAVE = "open it in a spreadsheet program that you trust, and save the sheet as CSV"
_BINARY = "xl/workbook.bin"
_LINKS = "xl/externallinks/"
#: Parts that are held element by element; those of a workbook with hundreds of sheets are far smaller.
_MOST_SMALL_PART = 20_000_000
#: Built-in formats that print a number as a date or time, and as a percentage (ECMA-376 part 1, 18.8.30).
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_PERCENTAGES = frozenset([9, 10])
#: What a format says in quotes, brackets or after a backslash is printed as it stands.
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DATE_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)


@dataclass(slots=True)
class Workbook:
    """
    The parts of a workbook: the name and part of each sheet, the shared strings, and what the styles print.

    `dates` and `percentages` are the numbers of styles, as cells refer to them.
    """

    archive: zipfile.ZipFile
    allowance: Allowance
    sheets: list[tuple[str, str]] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    dates: set[str] = field(default_factory=set)
    percentages: set[str] = field(default_factory=set)
    since_1904: bool = False

    def part(self, name: str) -> bytes:
        """
        Inflate a part by its name.

        Raises:
            UnreadableInputError: If it is not there, damaged or too large.
        """
        info = self.archive.NameToInfo.get(name)
        if info is None:
            raise UnreadableInputError.broken(f"the workbook lacks its part `{name}`")
        return member(self.archive, info, self.allowance)


def open_workbook(data: bytes) -> Workbook:
    """
    Read all of a workbook but the cells.

    Raises:
        UnreadableInputError: If it is damaged, of another form, too large, or takes figures from elsewhere.
    """
    archive = archive_in(data)
    names = {name.lower() for name in archive.namelist()}
    if _BINARY in names:
        raise UnreadableInputError.other_kind("an Excel workbook of the binary form", _SAVE)
    if any(name.startswith(_LINKS) for name in names):
        raise UnreadableInputError.external_links(_SAVE)
    if len(archive.infolist()) > MOST_MEMBERS:
        raise UnreadableInputError.too_large()
    book = Workbook(archive, Allowance(bytes=MOST_WORKBOOK_BYTES))
    main = _targets(book, "").get("officeDocument", [("", "xl/workbook.xml")])[0][1]
    related = _targets(book, main)
    worksheets = dict(related.get("worksheet", []))
    for name, attributes in _elements(book, main):
        if name == "workbookPr":
            book.since_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet":
            # the prefix of the relationships' namespace is the writer's choice
            target = next((worksheets[value] for value in attributes.values() if value in worksheets), None)
            if target is not None:
                book.sheets.append((attributes.get("name", ""), target))
    for _, part in related.get("sharedStrings", []):
        book.strings += _shared_strings(book.part(part), part)
    for _, part in related.get("styles", []):
        _read_styles(book, part)
    return book


def walk(
    part: bytes,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """
    Call for each element of a part, by its name without a namespace.

    Raises:
        UnreadableInputError: If the part is damaged, or declares entities, which can unfold without end.
    """

    def refuse(*_: object) -> NoReturn:
        raise UnreadableInputError.declares_entities(name, _SAVE)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)  # noqa: FBT003 - expat takes it by position
    except (expat.ExpatError, ValueError, LookupError):
        raise UnreadableInputError.broken(f"the workbook's part `{name}` is damaged") from None


def local(name: str) -> str:
    """
    Return an element's name without its prefix.

    >>> local("x:row"), local("row")
    ('row', 'row')
    """
    return name.rpartition(":")[2] if ":" in name else name


def _elements(book: Workbook, name: str) -> list[tuple[str, dict[str, str]]]:
    part = book.part(name)
    if len(part) > _MOST_SMALL_PART:
        raise UnreadableInputError.too_large()
    found: list[tuple[str, dict[str, str]]] = []
    walk(part, name, lambda element, attributes: found.append((local(element), attributes)))
    return found


def _targets(book: Workbook, part: str) -> dict[str, list[tuple[str, str]]]:
    """Return what a part is related to: the ids and parts, by the last word of their type."""
    folder, name = posixpath.split(part)
    found: dict[str, list[tuple[str, str]]] = {}
    for element, attributes in _elements(book, posixpath.join(folder, "_rels", f"{name}.rels")):
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            found.setdefault(attributes.get("Type", "").rpartition("/")[2], []).append(
                (attributes.get("Id", ""), target)
            )
    return found


def _shared_strings(part: bytes, name: str) -> list[str]:
    """Return the texts that cells refer to by number; a text may be in pieces, and its reading aid is no part of it."""
    found: list[str] = []
    pieces: list[str] = []
    inside, aside = False, False

    def start(element: str, _: dict[str, str]) -> None:
        nonlocal inside, aside
        tag = local(element)
        if tag == "si":
            pieces.clear()
        inside = tag == "t" and not aside
        aside = aside or tag == "rPh"

    def end(element: str) -> None:
        nonlocal inside, aside
        tag = local(element)
        inside = False
        if tag == "rPh":
            aside = False
        elif tag == "si":
            found.append("".join(pieces))

    def text(piece: str) -> None:
        if inside:
            pieces.append(piece)

    walk(part, name, start, end, text)
    return found


def _read_styles(book: Workbook, name: str) -> None:
    """Note the styles that print numbers as dates and as percentages."""
    dates, percentages = set(map(str, _DATES)), set(map(str, _PERCENTAGES))
    style, inside = 0, False
    for element, attributes in _elements(book, name):
        number = attributes.get("numFmtId", "0")
        if element == "numFmt":
            code = _LITERAL.sub("", attributes.get("formatCode", ""))
            if "%" in code:
                percentages.add(number)
            elif _DATE_LETTERS.search(code) and "general" not in code.lower():
                dates.add(number)
        elif element in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
            inside = element == "cellXfs"
        elif element == "xf" and inside:
            if number in dates:
                book.dates.add(str(style))
            elif number in percentages:
                book.percentages.add(str(style))
            style += 1
