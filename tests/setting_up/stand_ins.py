"""Stand-ins for the locked packages: wheels of some hundred bytes that ask for what the real ones ask for.

A package index made of them holds a newer release of every package too, so an installer that resolves anything leaves
the lock. They are written for the tests; only names, versions and requirements are those of the locks.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: Newer than anything that is published.
NEWER = "9999.1"

_LOCKED = re.compile(
    r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^ ]+)(?P<rest>(?: ;[^\\]*)? )\\\n(?: +--hash=.*\n)+", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Locked:
    """A package of a lock: its name, its version, and the marker that says where it is wanted, or nothing."""

    name: str
    version: str
    marker: str


def locked(lock: str) -> list[Locked]:
    """Read a lock.

    Args:
        lock: Its text.

    Returns:
        Its packages, in the order of the lock.
    """
    return [Locked(each["name"], each["version"], each["rest"].strip(" ;")) for each in _LOCKED.finditer(lock)]


def write_wheel(folder: Path, name: str, version: str, requires: list[str]) -> Path:
    """Write a wheel that holds no module and asks for others.

    Args:
        folder: Where the wheel goes; it is made if need be.
        name: The name of the package.
        version: Its version.
        requires: What it requires, each as in the metadata of a package.

    Returns:
        The path of the wheel.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{re.sub(r'[-.]', '_', name)}-{version}"
    extras = {match for each in requires for match in re.findall(r"extra == ['\"]([\w.-]+)['\"]", each)}
    head = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    head += [f"Provides-Extra: {extra}" for extra in sorted(extras | _extras(name))]
    head += [f"Requires-Dist: {each}" for each in requires]
    files = {
        f"{stem}.dist-info/METADATA": "\n".join(head) + "\n",
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = f"{stem}.dist-info/RECORD"
    files[record] = "".join(f"{path},,\n" for path in (*files, record))
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in files.items():
            archive.writestr(zipfile.ZipInfo(inside), text)
    return path


def write_index(folder: Path, packages: list[Locked]) -> None:
    """Write a package index of stand-ins: each package in its locked version and in a newer one.

    Args:
        folder: The index, in the form that pip and uv read: a folder a package, with links.
        packages: What it holds.
    """
    for package in packages:
        wanted = requires(package.name)
        wheels = [write_wheel(folder / package.name, package.name, each, wanted) for each in (package.version, NEWER)]
        links = "".join(f'<a href="{path.name}">{path.name}</a>\n' for path in wheels)
        (folder / package.name / "index.html").write_text(f"<!doctype html>\n{links}", encoding="utf-8")


def stand_in_lock(lock: str, index: Path) -> str:
    """Return a lock of the stand-ins: the same names, versions and markers, with their hashes.

    Args:
        lock: The text of a lock.
        index: The index that `write_index` wrote.

    Returns:
        The text of the other lock.
    """

    def line(match: re.Match[str]) -> str:
        (wheel,) = (index / match["name"]).glob(f"*-{match['version']}-*.whl")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        return f"{match['name']}=={match['version']}{match['rest']}\\\n    --hash=sha256:{digest}\n"

    return _LOCKED.sub(line, lock)


def requires(name: str) -> list[str]:
    """Return what the installed package requires; nothing for one that only another system needs."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def _extras(name: str) -> set[str]:
    try:
        return set(metadata.metadata(name).get_all("Provides-Extra") or [])
    except metadata.PackageNotFoundError:
        return set()
