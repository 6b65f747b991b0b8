"""
Find the files that arguments name: a file, a pattern, or the tables and archives below a folder.

A table that a program holds in memory is found already.
"""

from __future__ import annotations

import glob
import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from iapt_audit.errors.inputs import InputError, UnreadableInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Files that a folder is searched for; anything else in it is not a published figure.
SUFFIXES = (".csv", ".zip", ".xlsx", ".xls", ".gz", ".parquet")


@dataclass(frozen=True, slots=True)
class Place:
    """A file to audit, with its path relative to the argument that named it; `fault` says why it cannot be one."""

    path: Path
    shown: str
    fault: InputError | None = None


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


def find(arguments: Sequence[Source]) -> list[Place | Held]:
    """
    List the files that the arguments name: a file, what a pattern such as `data/*.zip` matches, or what a folder holds.

    A path with nothing at it, and a folder with nothing in it, are listed too, so that they can be told. Files that
    would be told by the same path, as `2024/main.csv` and `2025/main.csv` given one by one, are told by the whole.
    """
    found = [place for argument in arguments for place in _of_argument(argument)]
    paths: dict[str, set[Path]] = {}
    for place in found:
        if isinstance(place, Place):
            paths.setdefault(place.shown, set()).add(place.path)
    return [
        replace(place, shown=shown(place.path.as_posix()))
        if isinstance(place, Place) and len(paths[place.shown]) > 1
        else place
        for place in found
    ]


def _of_argument(argument: Source) -> Sequence[Place | Held]:
    if isinstance(argument, Held):
        return [argument]
    name = shown(argument.name or str(argument))
    if glob.has_magic(str(argument)) and not os.path.lexists(argument):
        return _matching(argument) or [Place(argument, name, UnreadableInputError.no_match())]
    return _of_path(argument, name, "")


def _of_path(path: Path, name: str, prefix: str) -> list[Place]:
    """List a file, or what is below a folder, whose paths are told with the prefix."""
    try:
        there = path.stat()
    except OSError as error:
        return [Place(path, name, UnreadableInputError.from_os(error))]
    if not stat.S_ISDIR(there.st_mode):
        return [Place(path, name)]
    return _below(path, prefix) or [Place(path, name, UnreadableInputError.nothing_inside("folder"))]


def _matching(pattern: Path) -> list[Place]:
    """List what a pattern matches, told relative to the folder before its first wildcard."""
    fixed = Path(*(part for part, _ in zip(pattern.parts, _plain(pattern), strict=False)))
    found = []
    for match in sorted(map(Path, glob.glob(str(pattern), recursive=True))):  # noqa: PTH207 - the pattern may be absolute
        name = shown(match.relative_to(fixed).as_posix())
        found += _of_path(match, name, f"{name}/")
    # `**` matches a folder and what is in it
    return list({place.path: place for place in found}.values())


def _plain(pattern: Path) -> list[str]:
    """Return the parts before the first that has a wildcard."""
    plain = []
    for part in pattern.parts:
        if glob.has_magic(part):
            break
        plain.append(part)
    return plain


def _below(top: Path, prefix: str) -> list[Place]:
    """
    Search a folder to its bottom, links to folders too, each folder once.

    A folder that cannot be looked into, and one that is named like a table and holds none, are told.
    """
    found: list[Place] = []
    named: list[Path] = []
    seen: set[tuple[int, int]] = set()
    left = [top]
    while left:
        folder = left.pop()
        try:
            entries = _entries(folder, seen)
        except OSError as error:
            found.append(Place(folder, prefix + _relative(folder, top), UnreadableInputError.from_os(error)))
            continue
        folders = [entry for entry in entries if _is_folder(entry)]
        listed = [entry for entry in entries if entry.suffix.lower() in SUFFIXES]
        left += folders
        named += [entry for entry in listed if entry in folders]
        found += [Place(entry, prefix + _relative(entry, top)) for entry in listed if entry not in folders]
    fault = UnreadableInputError.nothing_inside("folder")
    empty = [folder for folder in named if not any(place.path.is_relative_to(folder) for place in found)]
    found += [Place(folder, prefix + _relative(folder, top), fault) for folder in empty]
    return sorted(found, key=lambda place: place.path)


def _entries(folder: Path, seen: set[tuple[int, int]]) -> list[Path]:
    """List what is in a folder and not hidden; nothing the second time, by whatever link it is reached."""
    there = folder.stat()
    entries = [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
    # a system without inode numbers says 0 for each
    if there.st_ino:
        entries = [] if (there.st_dev, there.st_ino) in seen else entries
        seen.add((there.st_dev, there.st_ino))
    return entries


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        # a link to nothing, or back to itself: it is told when it is opened
        return False


def _relative(path: Path, top: Path) -> str:
    return shown(path.relative_to(top).as_posix()) if path != top else shown(path.name or str(path))


def shown(name: str) -> str:
    r"""
    Write a name so that it can be printed on one line: bytes that are no UTF-8, and what would order a terminal about.

    >>> shown("caf\udce9.csv"), shown("a\nb\x1b[2J.csv"), shown("Trúst.csv")
    ('caf\\xe9.csv', 'a\\nb\\x1b[2J.csv', 'Trúst.csv')
    """
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
