"""CI as its users meet it: the command line, the hook for pre-commit, the action; all rows here were invented."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from cli.command import run
from integrations.found import INVENTED, ROOT, hostile_month, parsed, text, write

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "\n".join(line for line in text().splitlines() if "INV02" not in line) + "\n"
BASH = shutil.which("bash") or "bash"
TOOL_FORMATS = ("junit", "sarif", "github")
CLAIMS = """\
[[claim]]
id = "half"
text = "About half of all who were referred ::error::recover"
figure = "50.8%"
measure = "recovery"
population = "referred"
period = "2017-18"

[[claim]]
id = "rank"
text = "We are the best"
comparison = "highest"
measure = "recovery"
period = "2017-18"
org = "X"

[[claim]]
id = "true"
text = "50.8% of those at caseness"
figure = "50.8%"
measure = "recovery"
population = "finished_at_caseness"
period = "2017-18"
"""


# --- the command line ---


@pytest.mark.parametrize("form", TOOL_FORMATS)
@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        (text(), [], 1),
        (text(), ["--fail-on", "never"], 0),
        (GOOD, [], 0),
        (GOOD, ["--fail-on", "note"], 1),
        ("<html></html>", [], 3),
        (text(), ["--skip", "rates"], 0),
    ],
    ids=["error", "never", "good", "note", "unread", "skipped"],
)
def test_the_exit_code_is_the_same_in_every_form(
    tmp_path: Path, form: str, content: str, options: list[str], expected: int
) -> None:
    path = write(tmp_path, content)
    done = run("audit", path, "--format", form, *options)

    assert done.returncode == expected == run("audit", path, *options).returncode
    assert done.stderr == ""
    assert done.stdout.strip()


@pytest.mark.parametrize("form", TOOL_FORMATS)
def test_the_demo_is_told_in_every_form(form: str) -> None:
    done = run("demo", "--format", form)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


def test_a_failed_case_and_exit_code_1_go_together(tmp_path: Path) -> None:
    for fail_on in ("error", "warning", "note", "never"):
        done = run("audit", write(tmp_path, text()), "--format", "junit", "--fail-on", fail_on)
        failures = int(parsed(done.stdout).get("failures", -1))

        assert (failures > 0) is (done.returncode == 1)


def test_paths_are_told_as_they_stand_in_the_checkout_that_a_runner_names(tmp_path: Path) -> None:
    write(tmp_path / "data" / "2026", text())
    environment = {"GITHUB_WORKSPACE": str(tmp_path)}
    done = run("audit", "2026", "--format", "github", cwd=tmp_path / "data", environment=environment)

    assert "file=data/2026/month.csv,line=21" in done.stdout


def test_the_summary_of_the_step_is_added_to_where_a_runner_asks_for_it(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    environment = {"GITHUB_STEP_SUMMARY": str(summary)}
    expected = run("audit", INVENTED, "--format", "markdown").stdout
    run("audit", INVENTED, "--format", "github", environment=environment)

    assert summary.read_text(encoding="utf-8") == f"before\n{expected}"
    run("audit", INVENTED, "--format", "junit", environment=environment)
    assert summary.read_text(encoding="utf-8") == f"before\n{expected}"


def test_a_summary_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    done = run("audit", INVENTED, "--format", "github", environment={"GITHUB_STEP_SUMMARY": str(tmp_path)})

    assert done.returncode == 3
    assert done.stderr.startswith("error: ")
    assert "cannot be written to" in done.stderr


def test_out_is_written_beside_every_form(tmp_path: Path) -> None:
    done = run("audit", INVENTED, "--format", "sarif", "--out", tmp_path / "out")

    assert json.loads(done.stdout)["version"] == "2.1.0"
    assert (tmp_path / "out" / "audit.json").is_file()


def test_a_hostile_name_begins_no_line_of_what_a_runner_reads(tmp_path: Path) -> None:
    done = run("audit", write(tmp_path, hostile_month()), "--format", "github")
    lines = (done.stdout + done.stderr).splitlines()

    assert all(re.match(r"::(notice|error) (file=\S+,)?(line=\d+,)?title=iapt-audit", line) for line in lines)


# --- claims ---


def test_claims_are_cases_failed_skipped_and_passed(tmp_path: Path) -> None:
    done = run("judge", "--file", write(tmp_path, CLAIMS, "claims.toml"), "--format", "junit")
    suite = parsed(done.stdout)[0]
    told = {case.get("classname"): [child.tag for child in case if child.tag != "system-out"] for case in suite}

    assert done.returncode == 1
    assert told == {"half": ["failure"], "rank": ["skipped"], "true": []}
    assert [suite.get(name) for name in ("tests", "failures", "skipped", "errors")] == ["3", "1", "1", "0"]


def test_a_contradicted_claim_is_an_annotation_of_its_file(tmp_path: Path) -> None:
    write(tmp_path, CLAIMS, "claims.toml")
    summary = tmp_path / "summary.md"
    environment = {"GITHUB_STEP_SUMMARY": str(summary)}
    done = run("judge", "--file", "claims.toml", "--format", "github", cwd=tmp_path, environment=environment)
    total, error = done.stdout.splitlines()

    assert done.returncode == 1
    assert total == (
        "::notice title=iapt-audit::1 error, 0 warnings, 0 notes in 3 claims: 1 consistent, 1 contradicted, "
        "1 not checkable"
    )
    assert error.startswith("::error file=claims.toml,title=iapt-audit%3A claim contradicted::half: ")
    assert "half" in summary.read_text(encoding="utf-8") or "About half" in summary.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["junit", "github"])
def test_the_register_is_told_in_both_forms(form: str) -> None:
    done = run("claims", "--year", "2018", "--format", form)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("form", ["junit", "github"])
def test_a_trace_has_no_such_form(form: str) -> None:
    assert run("trace", "50.8%", "--period", "2017-18", "--format", form).returncode == 2


# --- the hook ---


def hooks() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return read


def test_the_hooks_have_what_pre_commit_asks_for() -> None:
    assert [hook["id"] for hook in hooks()] == ["iapt-audit", "iapt-audit-definitions"]
    for hook in hooks():
        assert {"id", "name", "description", "entry", "language", "files"} <= set(hook)
        assert set(hook) <= {
            "id", "name", "description", "entry", "language", "files", "require_serial", "pass_filenames",
            "additional_dependencies",
        }  # fmt: skip
        assert hook["language"] == "python"
        re.compile(hook["files"])


def test_the_hook_for_figures_takes_published_files_and_runs(tmp_path: Path) -> None:
    hook = hooks()[0]
    good, bad = write(tmp_path, GOOD, "good.csv"), write(tmp_path, text(), "bad.csv")
    entry = shlex.split(hook["entry"])[1:]

    assert all(re.search(hook["files"], name) for name in ("a/b.csv", "b.zip", "c.xlsx", "d.csv.gz", "e.parquet"))
    assert not re.search(hook["files"], "readme.md")
    assert run(*entry, good).returncode == 0
    assert run(*entry, bad).returncode == 1


def test_the_hook_for_definitions_runs(tmp_path: Path) -> None:
    entry = shlex.split(hooks()[1]["entry"])[1:]
    (tmp_path / "checks").mkdir()

    assert run(*entry, cwd=tmp_path).returncode == 0
    write(tmp_path / "checks" / "standards", "wrong = 1\n", "own.toml")
    assert run(*entry, cwd=tmp_path).returncode == 3


# --- the action ---


def action() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return read


def run_action(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the action's second step as a runner does, with this checkout where the first step would install it."""
    step = action()["runs"]["steps"][1]
    tool = folder / "temp" / "iapt-audit" / "bin" / "iapt-audit"
    tool.parent.mkdir(parents=True, exist_ok=True)
    tool.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m iapt_audit "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    given = {name: spec.get("default", "") for name, spec in action()["inputs"].items()} | inputs
    asked = {name: re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", text) for name, text in step["env"].items()}
    variables = {name: given[match[1]] for name, match in asked.items() if match}

    assert set(variables) == set(step["env"])
    runner = {"RUNNER_TEMP": str(folder / "temp"), "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    runner |= {"GITHUB_WORKSPACE": str(folder), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=runner | variables)


def test_the_action_is_a_composite_whose_inputs_are_no_part_of_its_scripts() -> None:
    read = action()

    assert {"name", "description", "inputs", "runs"} <= set(read)
    assert read["runs"]["using"] == "composite"
    assert all(spec["description"] and ("default" in spec or spec["required"]) for spec in read["inputs"].values())
    for step in read["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
        assert subprocess.run([BASH, "-n", "-c", step["run"]], check=False).returncode == 0


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"paths": "data"}, 1),
        ({"paths": "data", "fail-on": "never"}, 0),
        ({"paths": "data/good.csv\n\n"}, 0),
        ({"paths": "data/good.csv\ndata/a b.csv"}, 1),
        ({"paths": "data/good.csv\nabsent.csv"}, 3),
        ({"paths": "data", "period": "2026-02", "waivers": "waivers.toml"}, 0),
        ({"paths": "$(touch owned)\n; touch owned\n--help"}, 3),
    ],
    ids=["folder", "never", "good", "two", "absent", "waived", "hostile"],
)
def test_the_action_fails_as_the_command_does(tmp_path: Path, inputs: dict[str, str], expected: int) -> None:
    write(tmp_path / "data", GOOD, "good.csv")
    write(tmp_path / "data", text().replace("2026", "2025"), "a b.csv")
    write(tmp_path, "", "waivers.toml")
    if "waivers" in inputs:
        write(tmp_path / "data", GOOD, "a b.csv")
        write(tmp_path, '[[waiver]]\nid = "aaab5ba7b8af"\nreason = "asked"\nuntil = 2099-01-01\n', "waivers.toml")
    done = run_action(tmp_path, **inputs)

    assert done.returncode == expected, done.stderr
    assert done.stdout.startswith("::notice title=iapt-audit::")
    assert (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(("paths", "expected"), [("month.csv", 1), ("month.csv\nabsent.csv", 3)])
def test_the_action_writes_sarif_whatever_it_finds(tmp_path: Path, paths: str, expected: int) -> None:
    write(tmp_path, text())
    done = run_action(tmp_path, paths=paths, sarif="found.sarif")
    (run_of_tool,) = json.loads((tmp_path / "found.sarif").read_text(encoding="utf-8"))["runs"]

    assert done.returncode == expected
    assert run_of_tool["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "month.csv"


def test_the_first_step_installs_this_checkout_where_the_second_looks_for_it() -> None:
    install, audit = (step["run"] for step in action()["runs"]["steps"])

    assert '"$GITHUB_ACTION_PATH[solver,parquet]"' in install
    assert '-m venv "$RUNNER_TEMP/iapt-audit"' in install
    assert '"$RUNNER_TEMP/iapt-audit/bin/iapt-audit"' in audit


@pytest.mark.systems
def test_the_first_step_installs_the_locked_versions(tmp_path: Path) -> None:
    script = action()["runs"]["steps"][0]["run"]
    env = {**os.environ, "PYTHON": sys.executable, "RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(ROOT)}
    subprocess.run([BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", script], check=True, env=env)

    code = "from importlib.metadata import version; print(version('ortools'), version('pyarrow'), version('polars'))"
    python = str(tmp_path / "iapt-audit" / "bin" / "python")
    done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^(ortools|pyarrow|polars)==(\S+)", lock, re.MULTILINE))
    assert done.stdout.split() == [locked[name] for name in ("ortools", "pyarrow", "polars")]
