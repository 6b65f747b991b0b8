"""The wheel carries its definitions, and the command line starts without what it does not need yet."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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


@pytest.mark.parametrize("heavy", ["pandas", "ortools", "altair", "great_expectations", "pandera", "polars", "pyarrow"])
def test_the_command_line_starts_without_the_heavy_libraries(heavy: str) -> None:
    code = f"import sys, iapt_audit.cli; sys.exit({heavy!r} in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
