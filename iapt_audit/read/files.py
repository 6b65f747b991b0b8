"""Read a whole file, and never wait for one that is no file."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from iapt_audit.errors.inputs import UnreadableInputError
from iapt_audit.read.limits import MOST_BYTES

if TYPE_CHECKING:
    from pathlib import Path

#: A pipe that took the file's place since it was looked at must not be waited for; Windows has no such flag.
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)


def whole(path: Path) -> bytes:
    """
    Return the bytes of a file.

    Raises:
        UnreadableInputError: If it is not there, may not be read, is no ordinary file, is too large, or changes while
            it is read.
    """
    try:
        # looked at before it is opened: to open a device may do something
        _refuse_no_file(path.stat())
        # pathlib's open takes no opener
        with open(path, "rb", opener=_opener) as file:
            before = os.fstat(file.fileno())
            _refuse_no_file(before)
            data = file.read()
            after = os.fstat(file.fileno())
    except OSError as error:
        raise UnreadableInputError.from_os(error) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise UnreadableInputError.changed()
    return data


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | _NO_WAITING)


def _refuse_no_file(there: os.stat_result) -> None:
    if stat.S_ISDIR(there.st_mode):
        raise UnreadableInputError.nothing_inside("folder")
    if not stat.S_ISREG(there.st_mode):
        raise UnreadableInputError.other_kind("no ordinary file", "give the path of a published file")
    if there.st_size > MOST_BYTES:
        raise UnreadableInputError.too_large()
