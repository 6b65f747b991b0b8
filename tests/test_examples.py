"""The examples run, and what they make is what the README shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_picture_of_the_readme_is_drawn_from_the_cited_facts(tmp_path: Path) -> None:
    target = tmp_path / "recovery.svg"
    script = ROOT / "examples" / "recovery_chart.py"
    done = subprocess.run([sys.executable, script, target], check=False, capture_output=True, text=True)
    drawn, shown = target.read_text(encoding="utf-8"), (ROOT / "docs" / "recovery.svg").read_text(encoding="utf-8")
    labels = [re.findall(r'aria-label="([^"]*)"', text) for text in (drawn, shown)]

    assert done.returncode == 0, done.stderr
    assert labels[0] == labels[1], "run examples/recovery_chart.py again"
    assert any("year: 2024-25; recovered, %: 50.546" in label for label in labels[0])
