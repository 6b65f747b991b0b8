"""The benchmark still fits the code that it measures; how long anything takes is never asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

STAGES = {
    "definitions",
    "open",
    "parse",
    "normalise",
    "defects",
    "rates",
    "rates > locate",
    "rates > alike",
    "rates > compile",
    "systems > write down",
    "systems > narrow",
    "systems > search",
    "levels",
    "near misses",
    "rates > solve",
    "standings",
    "series",
    "power",
    "entangled",
    "publish",
    "document",
    "to_json",
    "rest",
}


@pytest.fixture(scope="module")
def measured(root: Path) -> dict[str, Any]:
    command = [sys.executable, str(root / "benchmarks" / "stages.py"), "--quick", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_stage_is_reported_with_a_time_and_the_shares_make_the_whole(measured: dict[str, Any]) -> None:
    stages = {stage["stage"]: stage for stage in measured["stages"]}

    assert stages.keys() >= STAGES
    assert all(stage["seconds"] > 0 and stage["ratio"] > 0 and stage["peak"] >= 0 for stage in stages.values())
    assert sum(stage["share"] for stage in stages.values()) == pytest.approx(1)


def test_time_and_memory_are_given_as_ratios_to_the_bare_read(measured: dict[str, Any]) -> None:
    assert measured["rounds"] == 1
    assert measured["whole"]["bare"]["seconds"] > 0
    for name in ("ratio", "cpu_ratio", "peak_ratio"):
        assert measured["whole"]["audit"][name] > 0
        assert all(row[name] > 0 and row["to_least"][name] > 0 for row in measured["scale"])
    assert measured["help"]["ratio"] > 0


def test_more_data_is_the_same_organisations_again_and_england_once(measured: dict[str, Any]) -> None:
    once, twice = measured["scale"]
    per_organisation = once["cells"] // 201

    assert (once["size"], twice["size"]) == (1, 2)
    assert twice["cells"] == 2 * once["cells"] - per_organisation


def test_the_invented_figures_are_judged_and_none_is_accused(measured: dict[str, Any]) -> None:
    assert measured["invented"]
    assert measured["rates"]["consistent"] > 0
    assert measured["rates"]["contradicted"] == 0


def test_a_stage_whose_name_is_gone_is_an_error(root: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, 'benchmarks'); import stages; "
        "stages.PROBES['gone'] = 'iapt_audit.audit:gone'; sys.argv = ['stages', '--worker', 'audit', '[[]]']; "
        "sys.exit(stages.main())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "`iapt_audit.audit:gone` is gone" in done.stderr
    assert "Traceback" not in done.stderr
