"""The commands of the README's section on installing bring a command line that runs, without make."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECTION = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Install\n")[2].partition("\n## ")[0]
(BLOCK,) = re.findall(r"```bash\n(.*?)```", SECTION, re.DOTALL)
COMMANDS = BLOCK.splitlines()
TOOLS = {"pipx": "pipx==1.18.4", "uv": "uv==0.13.9"}


def test_the_section_names_every_extra_and_each_way() -> None:
    listed = re.findall(r"^\| `([a-z]+)` \|", SECTION, re.MULTILINE)
    extras = re.search(
        r"\[project.optional-dependencies\]\n(.*?)\n\n", (ROOT / "pyproject.toml").read_text(), re.DOTALL
    )

    assert extras is not None
    declared = re.findall(r"^(\w+) = ", extras[1], re.MULTILINE)
    assert sorted(listed) == sorted(set(declared) - {"dev"})
    assert [command.split()[0] for command in COMMANDS] == ["python3", "pipx", "uv"]


@pytest.mark.systems
@pytest.mark.parametrize("command", COMMANDS, ids=["pip", "pipx", "uv"])
def test_what_the_section_says_installs_a_command_line_that_runs(command: str, tmp_path: Path) -> None:
    checkout = tmp_path / "a checkout"
    ignored = shutil.ignore_patterns(".*", "build", "dist", "tests", "__pycache__", "node_modules")
    shutil.copytree(ROOT, checkout, ignore=ignored)
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "tools"], check=True)
    tools = tmp_path / "tools" / "bin"
    if tool := TOOLS.get(command.split(maxsplit=1)[0]):
        subprocess.run([tools / "python", "-m", "pip", "install", "-q", tool], check=True)
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    (tmp_path / "constraints.txt").write_text("\n".join(re.findall(r"^[\w.-]+==[^ ;\\]+", lock, re.MULTILINE)))
    places = ("PIPX_HOME", "UV_TOOL_DIR", "PIPX_BIN_DIR", "UV_TOOL_BIN_DIR")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_", "VIRTUAL_ENV"))}
    env |= {name: str(tmp_path / ("bin" if "BIN" in name else "tool")) for name in places}
    env |= dict.fromkeys(("PIP_CONSTRAINT", "UV_CONSTRAINT"), str(tmp_path / "constraints.txt"))
    env["PATH"] = f"{tools}{os.pathsep}{os.environ['PATH']}"
    bash = shutil.which("bash") or "bash"
    subprocess.run([bash, "-euc", command], check=True, cwd=checkout, env=env)

    places_of_it = [checkout / "iapt" / "bin" / "iapt-audit", tmp_path / "bin" / "iapt-audit"]
    (program,) = (each for each in places_of_it if each.exists())
    done = subprocess.run([program, "demo"], check=False, capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Do at least half recover?")
