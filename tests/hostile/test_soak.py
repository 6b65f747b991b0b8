"""The soak script still fits what it soaks: a few damaged copies of the invented month."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_soak_ends_each_audit_in_a_usual_way() -> None:
    paths = (ROOT / "benchmarks" / "soak.py", ROOT / "examples" / "invented_month.csv")
    command = [sys.executable, *map(str, paths), "5"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=300)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("5 damaged files of 1 in ")
    assert done.stdout.endswith("\n0 failures\n")
