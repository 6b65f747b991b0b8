"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from iapt_audit.cli import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    top = get_command(app)
    for name, command in top.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found += (
            [(f"{name} {each}", sub.help or "") for each, sub in inner.items()]
            if inner
            else [(name, command.help or "")]
        )
    return found


def test_the_sessions_and_the_table_of_layouts_are_what_the_tool_prints() -> None:
    script = ROOT / "examples" / "refresh_readme.py"
    done = subprocess.run([sys.executable, script, "--check"], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, ""), "run `make readme` and look at the difference"


def test_the_first_two_commands_are_targets_that_set_up_all_they_need() -> None:
    block = re.search(r"```console\n(.*?)```", README, re.DOTALL)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert block is not None
    assert block[1].splitlines() == ["$ make demo", "$ make test"]
    assert re.search(r"^demo: venv$", makefile, re.MULTILINE)
    assert re.search(r"^test: format-check lint types imports pytest$", makefile, re.MULTILINE)


def test_ci_runs_the_readmes_commands_and_the_tests_of_systems() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert re.findall(r"^make .*?([\w-]+)$", text, re.MULTILINE) == ["test", "test-systems", "demo"]


@pytest.mark.parametrize(("name", "text"), commands(), ids=[name for name, _ in commands()])
def test_every_command_has_help_with_an_example_and_is_in_the_readme(name: str, text: str) -> None:
    assert text
    assert "Example:" in text
    assert f"iapt-audit {name}" in README


def test_the_readme_names_every_exit_code() -> None:
    paragraph = next(line for line in README.splitlines() if line.startswith("The exit code is"))

    assert re.findall(r"\b\d+\b", paragraph) == ["0", "1", "2", "3", "70", "130"]


def test_the_python_of_the_readme_runs_in_its_order(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    script = tmp_path / "readme.py"
    script.write_text("\n".join(blocks) + "\ncleaned()\n", encoding="utf-8")

    done = subprocess.run([sys.executable, script], check=False, capture_output=True, text=True, cwd=ROOT)

    assert (done.returncode, done.stderr) == (0, "")
    assert len(blocks) == 2
    assert "Recovery is printed as 60%" in done.stdout
    assert "contradicted 50.8% of referrals that finished a course in 2017-18 and did not start below" in done.stdout
    assert "1,439,957 referrals received in 2017-18" in done.stdout.splitlines()[-1]


def test_the_shell_of_the_readme_runs(tmp_path: Path) -> None:
    (block,) = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [shutil.which("bash") or "bash", "-c", block]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "PATH": path}
    )

    assert done.returncode == 1, "the invented month has an error"
    assert (tmp_path / "report.html").stat().st_size > 100_000


def test_links_of_the_documents_lead_somewhere() -> None:
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")]
    links = [
        (path.name, target)
        for path in documents
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]

    assert links == []
    assert len(documents) > 4


def test_the_citation_is_of_this_version() -> None:
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)

    assert cited is not None
    assert f'version = "{cited[1]}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
