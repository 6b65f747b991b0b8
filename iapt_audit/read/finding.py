"""
Find the files that arguments name: a file, a pattern, or the tables and archives below a folder.

A table that a program holds in memory is found already.
"""

from __future__ import annotations

import glob
import os
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from iapt_audit.errors.inputs import UnreadableInputError
from iapt_audit.read.limits import MOST_BYTES
from iapt_audit.read.places import SUFFIXES, Held, Place, shown
from iapt_audit.read.sniff import may_be_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.errors.inputs import InputError
    from iapt_audit.read.places import Source

#: Files of a folder that are looked into, since they may be a table or anything else.
MAYBE = (".txt", ".json", ".jsonl", ".ndjson")
#: What stands for standard input among the arguments, and how it is told.
STDIN, _STDIN_SHOWN = "-", "standard input"


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


def passed_over(arguments: Sequence[Source]) -> list[str]:
    """List the files in folders that are not audited, since their names are not those of tables."""
    found = []
    for argument in arguments:
        if isinstance(argument, Path) and argument.is_dir():
            taken = {place.path for place in _of_path(argument, "", "")}
            entries, _ = _walk(argument)
            found += [_relative(entry, argument) for entry in entries if entry not in taken]
    return sorted(found)


def _of_argument(argument: Source) -> Sequence[Place | Held]:
    if isinstance(argument, Held):
        return [argument]
    if str(argument) == STDIN:
        return [Place(argument, _STDIN_SHOWN, data=sys.stdin.buffer.read(MOST_BYTES + 1))]
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
    entries, folders = _walk(top)
    found = [
        Place(entry, prefix + _relative(entry, top))
        for entry in entries
        if entry.suffix.lower() in SUFFIXES or (entry.suffix.lower() in MAYBE and may_be_table(entry))
    ]
    named = [folder for folder, fault in folders if fault is None and folder.suffix.lower() in SUFFIXES]
    found += [Place(folder, prefix + _relative(folder, top), fault) for folder, fault in folders if fault is not None]
    fault = UnreadableInputError.nothing_inside("folder")
    empty = [folder for folder in named if not any(place.path.is_relative_to(folder) for place in found)]
    found += [Place(folder, prefix + _relative(folder, top), fault) for folder in empty if folder != top]
    return sorted(found, key=lambda place: place.path)


def _walk(top: Path) -> tuple[list[Path], list[tuple[Path, InputError | None]]]:
    """Return the files below a folder, and the folders, each with why it cannot be looked into."""
    files: list[Path] = []
    folders: list[tuple[Path, InputError | None]] = []
    seen: set[tuple[int, int]] = set()
    left = [top]
    while left:
        folder = left.pop()
        try:
            entries = _entries(folder, seen)
        except OSError as error:
            folders.append((folder, UnreadableInputError.from_os(error)))
            continue
        folders.append((folder, None))
        inner = [entry for entry in entries if _is_folder(entry)]
        left += inner
        files += [entry for entry in entries if entry not in inner]
    return files, folders


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
