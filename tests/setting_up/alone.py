"""Run the command line as where only the core is installed, and say what must be the same there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from iapt_audit.extras import MODULES

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
INVENTED = ROOT / "examples" / "invented_month.csv"

#: What runs with the core alone, and its exit code.
RUNS = {
    "demo": (["demo"], 0),
    "judge": (["judge", "--figure", "50.8%", "--measure", "recovery", "--period", "2017-18"], 0),
    "trace": (["trace", "50.8%", "--period", "2017-18"], 0),
    "claims": (["claims", "--format", "json"], 0),
    "explain": (["explain", "--period", "2024-25", "--measure", "recovery"], 0),
    "audit": (["audit", str(INVENTED), "--format", "json"], 1),
    "disclosure": (["disclosure", str(INVENTED)], 0),
    "definitions": (["definitions", "check"], 0),
    "odcs": (["export", "odcs", "monthly_activity/2021-01"], 0),
}

#: What needs an extra: the exit code, and the one line on stderr.
NEEDS = {
    "report": (["report", str(INVENTED)], 2, 'error: a page or chart needs the extra `report`: {pip}[report]"'),
    "gx": (["export", "gx", "expectations"], 2, 'error: Great Expectations needs the extra `gx`: {pip}[gx]"'),
    "parquet": (
        ["audit", "audited/cells.parquet", "--format", "csv"],
        3,
        'error: not read: cells.parquet: a parquet file needs the extra `parquet` (hint: {pip}[parquet]")',
    ),
}
PIP = 'pip install "iapt-audit'

#: Stands in the way of what the extras bring.
_ABSENT = f"""
import sys

ABSENT = {sorted({name for names in MODULES.values() for name in names})}


class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)


sys.meta_path.insert(0, Absent())
from iapt_audit.cli import main

main()
"""


def run(arguments: Sequence[str], cwd: Path, *, absent: bool) -> subprocess.CompletedProcess[str]:
    """Run a command of this environment in a process of its own, with what the extras bring or without."""
    program = ["-c", _ABSENT] if absent else ["-m", "iapt_audit"]
    env = {**os.environ, "COLUMNS": "120", "PYTHONUTF8": "1"}
    command = [sys.executable, *program, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=cwd, env=env, encoding="utf-8")
