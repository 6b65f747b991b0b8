"""The wheel carries its definitions and works far from the checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_every_definition_of_the_checkout_is_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    definitions = [path for folder in ("schemas", "checks") for path in (ROOT / folder).rglob("*") if path.is_file()]
    missing = [
        path.name
        for path in definitions
        if f"iapt_audit/_definitions/{path.relative_to(ROOT).as_posix()}" not in inside
    ]

    assert missing == []
    assert "iapt_audit/py.typed" in inside
    assert "iapt_audit/audit.schema.json" in inside


def test_the_installed_wheel_runs_the_demo_elsewhere(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", str(target), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    code = (
        f"import sys; sys.path.insert(0, {str(target)!r}); sys.argv = ['iapt-audit', 'demo']; "
        "from iapt_audit.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=tmp_path)

    assert done.stderr == ""
    assert done.returncode == 0
    assert done.stdout.startswith("Do at least half recover?")


@pytest.mark.parametrize("heavy", ["pandas", "ortools", "altair", "great_expectations", "pandera", "polars", "pyarrow"])
def test_the_command_line_starts_without_the_heavy_libraries(heavy: str) -> None:
    code = f"import sys, iapt_audit.cli; sys.exit({heavy!r} in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
