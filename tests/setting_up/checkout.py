"""A checkout that the project's own Makefile sets up, from an index of stand-ins and with a pip of one's choice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from setting_up.stand_ins import locked, stand_in_lock, write_index, write_wheel

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")

#: Hands over a wheel that is there already: the stand-in of the project's own backend builds nothing.
_BACKEND = """import pathlib, shutil


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    (wheel,) = pathlib.Path(__file__).parent.glob("*.whl")
    return shutil.copy(wheel, wheel_directory) and wheel.name
"""

#: A Python that brings another pip: as the real one, but each environment that it makes gets that pip.
_PYTHON = """#!/bin/sh
"{python}" "$@" || exit
if [ "$1 $2" = "-m venv" ]; then
    for folder; do :; done
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps "{pip}"
fi
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder with the Makefile, the locks in stand-ins, and a project that requires what ours does."""

    folder: Path
    index: Path

    def make(self, *targets: str, pip: Path | None = None, uv: str = "") -> subprocess.CompletedProcess[str]:
        """Run targets of the Makefile.

        Args:
            targets: Their names.
            pip: The wheel of a pip that takes the place of the one that Python brings.
            uv: The path of uv, or nothing to use pip.

        Returns:
            What it said; 0 means that all is set up.
        """
        python = Path(sys.executable)
        if pip:
            python = self.folder / f"python-with-{pip.name.split('-')[1]}"
            python.write_text(_PYTHON.format(python=sys.executable, pip=pip), encoding="utf-8")
            python.chmod(0o755)
        # nothing that this machine says of indexes, caches or environments
        ours = ("PIP_", "UV_", "PYTHON", "COV_", "MAKE", "VIRTUAL_ENV")
        env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        env |= {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": self.index.as_uri(), "PIP_NO_CACHE_DIR": "1"}
        env |= {
            "UV_NO_CONFIG": "1",
            "UV_DEFAULT_INDEX": self.index.as_uri(),
            "UV_CACHE_DIR": str(self.folder / "cache"),
        }
        command = [shutil.which("make") or "make", f"PYTHON={python}", f"UV={uv}", *targets]
        return subprocess.run(command, check=False, capture_output=True, text=True, cwd=self.folder, env=env)

    def run(self, *arguments: str) -> str:
        """Run the environment's Python."""
        command = [str(self.folder / ".venv" / "bin" / "python"), *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=self.folder)
        return done.stdout

    def installed(self) -> dict[str, str]:
        """Return name and version of each package of the environment, but pip and what came with it."""
        code = "from importlib.metadata import distributions as d; print(*(f'{x.name}=={x.version}' for x in d()))"
        pairs = (each.split("==") for each in self.run("-c", code).split())
        found = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pairs}
        return {name: version for name, version in found.items() if name not in {"pip", "setuptools"}}

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file, which must hold what is to be changed."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        (self.folder / name).write_text(text.replace(old, new), encoding="utf-8")


def write_checkout(folder: Path) -> Checkout:
    """Write a checkout and its index.

    Args:
        folder: An empty folder.

    Returns:
        The checkout.
    """
    index, checkout = folder / "index", folder / "checkout"
    checkout.mkdir()
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in LOCKS}
    write_index(index, locked(texts["requirements-dev.lock"]))
    for name, text in texts.items():
        (checkout / name).write_text(stand_in_lock(text, index), encoding="utf-8")
    shutil.copy(ROOT / "Makefile", checkout)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    write_wheel(checkout, project["name"], project["version"], project["dependencies"])
    (checkout / "backend.py").write_text(_BACKEND, encoding="utf-8")
    system = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    named = f'[project]\nname = "{project["name"]}"\nversion = "{project["version"]}"\n'
    (checkout / "pyproject.toml").write_text(system + named, encoding="utf-8")
    return Checkout(checkout, index)
