"""A stranger's pipeline: the built wheel in a virtual environment of its own, and each example run there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
INVENTED, REISSUED = EXAMPLES / "invented_month.csv", EXAMPLES / "invented_month_reissued.csv"
#: What is wrong in the first of them, and in the second no longer.
WRONG = "Recovery is printed as 60%, which cannot follow from the counts printed for M191, M076, M179"
WORKFLOW = EXAMPLES / "ci" / "published_figures.yml"
#: Not for users: these make the README and its pictures.
OURS = {"refresh_gallery.py", "refresh_readme.py"}
BASH = shutil.which("bash") or "bash"

# their environment comes from the package registry
pytestmark = pytest.mark.systems


@dataclass(frozen=True, slots=True)
class Stranger:
    """An environment with the wheel and what the examples say that they need; nothing of the checkout is in it."""

    bin: Path
    wheel: Path

    def run(self, *command: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, and nothing but what the system has besides."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
        env = {**outside, "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}", **env}
        program = shutil.which(str(command[0]), path=env["PATH"])
        assert program is not None, command[0]
        return subprocess.run(
            [program, *command[1:]], check=False, capture_output=True, text=True, cwd=cwd, env=env, encoding="utf-8"
        )

    def example(self, name: str, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a copy of an example, with warnings as errors."""
        copied = shutil.copy(EXAMPLES / name, cwd)
        return self.run("python", "-W", "error", copied, *arguments, cwd=cwd)


@pytest.fixture(scope="module")
def stranger(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    folder = tmp_path_factory.mktemp("stranger")
    venv.create(folder / "venv", with_pip=True)
    stranger = Stranger(folder / "venv" / "bin", wheel)
    # the versions that all other tests run on
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    locked = re.findall(r"^[\w.-]+==[^ ;\\]+", lock, re.MULTILINE)
    (folder / "constraints.txt").write_text("\n".join(locked), encoding="utf-8")
    wanted = [f"{wheel}[all,gx]", "dagster", "duckdb"]
    done = stranger.run("python", "-m", "pip", "install", "-q", "-c", "constraints.txt", *wanted, cwd=folder)
    assert done.returncode == 0, done.stderr
    return stranger


def test_the_wheel_brings_all_it_needs(stranger: Stranger, tmp_path: Path) -> None:
    where = stranger.run("python", "-c", "import iapt_audit; print(iapt_audit.__file__)", cwd=tmp_path)
    checked = stranger.run("python", "-m", "pip", "check", cwd=tmp_path)
    demo = stranger.run("iapt-audit", "demo", cwd=tmp_path)

    assert where.stdout.startswith(str(stranger.bin.parent)), where
    assert (checked.returncode, checked.stdout.strip()) == (0, "No broken requirements found.")
    assert (demo.returncode, demo.stderr) == (0, "")
    assert demo.stdout.startswith("Do at least half recover?")


def test_the_researchers_script_draws_its_picture(stranger: Stranger, tmp_path: Path) -> None:
    done = stranger.example("open_points.py", "open.svg", INVENTED, cwd=tmp_path)
    drawn = (tmp_path / "open.svg").read_text(encoding="utf-8")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("<Audit of 1 input: 1 error, 0 warnings, 1 note>")
    # INV02: 313 to 317 of 581 to 589 leaves 100 x (317 / 581 - 313 / 589) = 1.42 points open
    assert re.search(r"met\s+┆ 1\s+┆ 1\.42", done.stdout)
    assert "Open Government Licence" in drawn
    assert "provider: INVENTED SERVICE TWO; period: 2026-02; referrals: 581" in re.sub(
        r'aria-label="[^"]*?; (?=provider)', "", drawn
    )


def test_a_step_of_dagster_stops_what_comes_after_it_at_an_error(stranger: Stranger, tmp_path: Path) -> None:
    stopped = stranger.example("dagster_step.py", INVENTED, cwd=tmp_path)
    passed = stranger.example("dagster_step.py", REISSUED, cwd=tmp_path)

    assert stopped.returncode == 1
    assert stopped.stdout.startswith(f"figures_hold: failed\n  2026-02 INVENTED SERVICE TWO: {WRONG}\n")
    assert "organisations" not in stopped.stdout
    assert passed.returncode == 0
    assert passed.stdout.startswith("figures_hold: passed\n")
    assert re.search(r"2026-02 ┆ provider ┆ recovery_50\s+┆ undecided ┆ 2 ", passed.stdout)


def test_a_step_of_dagster_tells_a_file_that_is_none_in_our_words(stranger: Stranger, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")

    done = stranger.example("dagster_step.py", other, cwd=tmp_path)

    assert done.returncode == 1
    assert "its columns are those of no layout that we know" in done.stdout


def test_the_tables_written_answer_in_sql_as_in_polars(stranger: Stranger, tmp_path: Path) -> None:
    written = stranger.run("iapt-audit", "audit", INVENTED, "--out", "audited", cwd=tmp_path)
    done = stranger.example("duckdb_query.py", "audited", cwd=tmp_path)
    headline = pl.read_parquet(tmp_path / "audited" / "headline.parquet")
    here = headline.filter(pl.col("level") == "provider", pl.col("standard") == "recovery_50", ~pl.col("contradicted"))
    counts = [
        here.filter(pl.col("standing") == each).height
        for each in ("met", "met_only_after_rounding", "not_met", "undecided")
    ]

    assert written.returncode == 1
    assert (done.returncode, done.stderr) == (0, "")
    (row,) = [line for line in done.stdout.splitlines() if "recovery_50" in line]
    assert [int(each) for each in re.findall(r"(?<=│)\s+(\d+)\s(?=│)", row)] == [*counts, here["denominator_low"].sum()]
    assert sum(counts) == 3


def test_a_checkpoint_of_great_expectations_runs_and_is_read_back(stranger: Stranger, tmp_path: Path) -> None:
    exported = stranger.run("iapt-audit", "export", "gx", "expectations", cwd=tmp_path)
    copied = shutil.copy(EXAMPLES / "gx_checkpoint.py", tmp_path)
    wrong = stranger.run("python", copied, "expectations", INVENTED, cwd=tmp_path)
    right = stranger.run("python", copied, "expectations", REISSUED, cwd=tmp_path)

    assert exported.returncode == 0, exported.stderr
    assert (wrong.returncode, wrong.stderr) == (1, "")
    assert (right.returncode, right.stderr) == (0, "")
    assert f"error aaab5ba7b8af rate-contradicted INV02 {WRONG}" in wrong.stdout
    assert "error" not in right.stdout
    assert wrong.stdout.splitlines()[-1].startswith("Data Docs: file://")


def test_a_checkpoint_says_what_it_lacks(stranger: Stranger, tmp_path: Path) -> None:
    copied = shutil.copy(EXAMPLES / "gx_checkpoint.py", tmp_path)
    done = stranger.run("python", copied, "nowhere", INVENTED, cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr == "error: no project at nowhere: run `iapt-audit export gx nowhere` first\n"
    assert not (tmp_path / "nowhere").exists()


def steps() -> list[dict[str, Any]]:
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = workflow["jobs"]["audit"]["steps"]
    return [step for step in found if "run" in step]


@pytest.mark.parametrize(("file", "expected"), [(INVENTED, 1), (REISSUED, 0)], ids=["an error", "no error"])
def test_the_steps_of_the_workflow_run_in_their_order(
    stranger: Stranger, tmp_path: Path, file: Path, expected: int
) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(file, tmp_path / "data")
    env = {"IAPT_AUDIT": str(stranger.wheel), "FAIL_ON": "error"}
    install, annotate, write = (stranger.run(BASH, "-e", "-c", step["run"], cwd=tmp_path, **env) for step in steps())
    sarif = json.loads((tmp_path / "audited" / "iapt-audit.sarif").read_text(encoding="utf-8"))

    assert install.returncode == 0, install.stderr
    assert annotate.returncode == expected
    assert ("::error file=data/invented_month.csv,line=21," in annotate.stdout) == bool(expected)
    assert write.returncode == 0, write.stderr
    assert [each["level"] for each in sarif["runs"][0]["results"]].count("error") == expected
    assert {"iapt-audit.xml", "audit.json", "headline.parquet", "report.html"} <= {
        path.name for path in (tmp_path / "audited").iterdir()
    }


def test_every_example_is_in_the_readme_and_run_here() -> None:
    readme, here = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "tests/packaging/test_examples.py")
    )
    scripts = {path.name for path in EXAMPLES.rglob("*") if path.suffix in {".py", ".yml"}} - OURS

    assert {name for name in scripts if name not in here} == set()
    assert {
        name for name in scripts if f"examples/{name}" not in readme and f"examples/ci/{name}" not in readme
    } == set()
