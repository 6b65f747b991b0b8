"""What CONTRIBUTING says of the tests is so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sharing import FIRST, TOGETHER, Sharing, shared_by

if TYPE_CHECKING:
    from pathlib import Path

#: Files of tests that are of a whole package.
OF_A_PACKAGE = {"read/test_read.py"}


def test_a_file_of_unit_tests_is_named_for_its_module(root: Path) -> None:
    files = {path.relative_to(root / "tests" / "unit").as_posix() for path in (root / "tests/unit").rglob("test_*.py")}
    modules = {
        path.relative_to(root / "iapt_audit").with_name(f"test_{path.name}").as_posix()
        for path in (root / "iapt_audit").rglob("*.py")
    }

    assert len(files) > 20
    assert files - modules == OF_A_PACKAGE


def test_every_file_of_tests_is_in_a_folder_that_says_of_what(root: Path) -> None:
    assert [path.name for path in (root / "tests").glob("test_*.py")] == []


def test_what_is_kept_together_or_comes_first_is_there(root: Path) -> None:
    assert [name for name in {*TOGETHER, *FIRST} if not (root / name).exists()] == []


def test_one_process_runs_what_is_kept_together_and_each_other_file_whole() -> None:
    sharing = object.__new__(Sharing)  # in a process that shares tests, xdist makes none: it asks for nodes
    scopes = {
        sharing._split_scope(f"tests/{name}")
        for name in (
            "browser/test_a.py::test_b[1]",
            "browser/test_c.py::test_d",
            "cli/test_e.py::test_f",
            "cli/test_e.py::test_g",
        )
    }

    assert scopes == {"tests/browser", "tests/cli/test_e.py"}
    assert shared_by("iapt_audit/about.py::iapt_audit.about") == "iapt_audit/about.py"


def test_the_command_line_is_run_by_one_helper(root: Path) -> None:
    itself = re.compile(r'"-m",\s*"iapt_audit"|CliRunner')
    found = {
        path.relative_to(root / "tests").as_posix()
        for path in (root / "tests").rglob("*.py")
        if "node_modules" not in path.parts and itself.search(path.read_text(encoding="utf-8"))
    }

    assert found == {
        "cli/command.py",
        "cli/test_process.py",  # a pipe that is closed
        "cli/test_consoles.py",  # a locale that only a process has
        "setting_up/alone.py",  # libraries that are absent
        "documents/test_tests.py",
    }
