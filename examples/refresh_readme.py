"""Run what the README shows and write the real output under it; with --check only say whether it is still the same."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from iapt_audit.definitions import load_default
from iapt_audit.definitions.describe import layouts_markdown

ROOT = Path(__file__).parent.parent
_SESSION = re.compile(r"```console\n\$ iapt-audit (?P<arguments>[^\n]*)\n.*?```", re.DOTALL)
_FIRST = re.compile(r"# iapt-audit\n\n\*\*.*?\*\*\n", re.DOTALL)
_LAYOUTS = re.compile(r"<!-- layouts -->.*?<!-- /layouts -->", re.DOTALL)


def refreshed(text: str) -> str:
    """Return the README with every session and the table of layouts made anew."""
    text = _SESSION.sub(lambda match: _session(match["arguments"]), text)
    table = layouts_markdown(load_default())
    text = _FIRST.sub(lambda _: f"# iapt-audit\n\n**{_first_sentence()}**\n", text, count=1)
    return _LAYOUTS.sub(lambda _: f"<!-- layouts -->\n{table}\n<!-- /layouts -->", text)


def _first_sentence() -> str:
    """Return the first paragraph of the demo in one line."""
    return _output("demo").split("\n\n")[0].replace("\n", " ")


def _session(arguments: str) -> str:
    return f"```console\n$ iapt-audit {arguments}\n{_output(arguments)}\n```"


def _output(arguments: str) -> str:
    command = [sys.executable, "-m", "iapt_audit", *shlex.split(arguments)]
    environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "FORCE_COLOR"}}
    done = subprocess.run(  # noqa: S603 - the README's own commands
        command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )
    lines = [line.rstrip() for line in done.stdout.strip().splitlines()]
    return "\n".join(lines)


def main() -> int:
    """Refresh the README, or check it."""
    path = ROOT / "README.md"
    before = path.read_text(encoding="utf-8")
    after = refreshed(before)
    if "--check" in sys.argv:
        return int(before != after)
    path.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
