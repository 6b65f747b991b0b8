"""A plain installation answers, and what needs an extra says so in one line; no answer depends on the extras."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from setting_up.alone import INVENTED, NEEDS, PIP, ROOT, RUNS, run

from iapt_audit import MissingExtraError, audit
from iapt_audit.extras import EXTRAS, MODULES, is_installed

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.extras import Extra

#: Distributions that are called otherwise than their module.
CALLED = {"vl_convert": "vl-convert-python", "great_expectations": "great-expectations"}


def names(requirements: list[str]) -> set[str]:
    return {each.partition(">")[0].partition("[")[0] for each in requirements}


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_brings_the_modules_it_is_said_to(extra: Extra) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    brought = names(extras[extra]) | (names(extras["parquet"]) if extra == "gx" else set())
    needed = {CALLED.get(module, module) for module in MODULES[extra]}

    # jinja2 comes with Great Expectations, and iapt-audit[parquet] is the extra that another one includes
    assert needed - brought <= ({"jinja2"} if extra == "gx" else set())
    assert brought - needed <= ({"iapt-audit"} if extra == "gx" else set())
    assert not names(project["dependencies"]) & (brought - {"iapt-audit"})
    assert is_installed(extra), "the tests run with every extra"


def test_without_extras_an_audit_is_the_same(tmp_path: Path) -> None:
    arguments, code = RUNS["audit"]

    alone, whole = (run(arguments, tmp_path, absent=absent) for absent in (True, False))

    assert (alone.returncode, alone.stderr) == (code, ""), alone.stderr
    assert alone.stdout == whole.stdout != ""


def test_without_extras_what_needs_one_names_it_in_one_line(tmp_path: Path) -> None:
    out = run(["audit", str(INVENTED), "--out", "audited"], tmp_path, absent=True)
    written = {path.name for path in (tmp_path / "audited").iterdir()}

    assert out.returncode == 1
    assert f'note: report.html is left out: it needs the extra `report`: {PIP}[report]"' in out.stderr.splitlines()
    assert {"audit.json", "cells.parquet", "findings.parquet"} <= written
    assert "report.html" not in written
    for arguments, code, line in NEEDS.values():
        done = run(arguments, tmp_path, absent=True)
        assert (done.returncode, done.stderr.splitlines()) == (code, [line.format(pip=PIP)])


def test_a_program_is_told_which_extra_a_table_or_a_page_needs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found, table = audit(INVENTED), pd.DataFrame({"MEASURE_ID": ["M001"]})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "altair", None)

    with pytest.raises(MissingExtraError, match=r"a page needs the extra `report`: pip install"):
        found.report(tmp_path / "page.html")
    with pytest.raises(MissingExtraError, match=r"a table that polars did not make needs the extra `parquet`: pip"):
        audit(table, period="2026-02")


@pytest.mark.systems
def test_the_wheel_with_the_core_alone_answers_as_the_whole_does(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "core"], check=True)
    programs = tmp_path / "core" / "bin"
    python = str(programs / "python")
    install = [python, "-m", "pip", "install", "-q", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*install, "--require-hashes", "-r", str(ROOT / "requirements.lock")], check=True)
    subprocess.run([*install, str(wheel)], check=True)
    subprocess.run([python, "-m", "pip", "check"], check=True)
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
    env = {**outside, "COLUMNS": "120", "PYTHONUTF8": "1"}
    shutil.copy(INVENTED, tmp_path)

    def told(arguments: list[str]) -> subprocess.CompletedProcess[str]:
        command = [str(programs / "iapt-audit"), *arguments]
        return subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=tmp_path, env=env, encoding="utf-8"
        )

    for arguments, code in RUNS.values():
        alone, whole = told(arguments), run(arguments, tmp_path, absent=False)
        assert (alone.returncode, alone.stderr) == (code, "")
        assert alone.stdout == whole.stdout != ""
    assert told(["audit", str(INVENTED), "--out", "audited"]).returncode == 1
    for arguments, code, line in NEEDS.values():
        done = told(arguments)
        assert (done.returncode, done.stderr.splitlines()) == (code, [line.format(pip=PIP)])
