"""The benchmarks still fit the code that they measure; how long anything takes is never asserted."""

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
    "slipped",
    "slipped > locate",
    "rates > alike",
    "rates > compile",
    "systems > write down",
    "systems > narrow",
    "systems > search",
    "levels",
    "near misses",
    "units",
    "coverage",
    "power > solve",
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
        "stages.PROBES['gone'] = 'iapt_audit.pipeline:gone'; sys.argv = ['stages', '--worker', 'audit', '[[]]']; "
        "sys.exit(stages.main())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "`iapt_audit.pipeline:gone` is gone" in done.stderr
    assert "Traceback" not in done.stderr


WAYS = ("naive", "overlap", "single", "joint")


def _planted(root: Path, before: str = "pass") -> dict[str, Any]:
    code = (
        f"import sys; sys.path.insert(0, 'benchmarks'); import planted; {before}; "
        "sys.argv = ['planted', '--quick', '--json']; sys.exit(planted.main())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def planted(root: Path) -> dict[str, Any]:
    return _planted(root)


def test_clean_figures_are_accused_by_the_naive_way_alone(planted: dict[str, Any]) -> None:
    below, england = planted["levels"]["monthly, below England"], planted["levels"]["monthly, England"]

    assert below["clean"]["units"] == 120
    assert below["clean"]["units_accused"] == {"naive": below["clean"]["units_accused"]["naive"], **_none(WAYS[1:])}
    assert below["clean"]["units_accused"]["naive"] > 0
    assert england["clean"]["units_accused"] == _none(WAYS)


def _none(ways: tuple[str, ...]) -> dict[str, int]:
    return dict.fromkeys(ways, 0)


def test_each_sound_way_catches_what_the_one_before_it_does_and_the_last_one_more(planted: dict[str, Any]) -> None:
    for level in planted["levels"].values():
        for row in level["kinds"]:
            assert row["planted"] >= row["joint"] >= row["single"] >= row["overlap"], row["kind"]
            assert sum(of["joint"] for of in row["sizes"].values()) == row["joint"]
    rows = {row["kind"]: row for row in planted["levels"]["monthly, below England"]["kinds"]}
    assert rows["any printed rate ±2"]["joint"] > rows["any printed rate ±2"]["single"] > 0
    # each rate has still its own count, but the lesser of them stands in the place of the greater
    both = rows["the same, and their rates (M192, M195)"]
    assert (both["single"], both["joint"]) == (0, both["planted"])


def test_a_figure_that_is_off_by_more_is_caught_no_less(planted: dict[str, Any]) -> None:
    rows = {row["kind"]: row for row in planted["levels"]["monthly, below England"]["kinds"]}

    caught = [rows[f"any printed rate ±{points}"]["joint"] for points in (1, 2, 3, 5)]
    assert caught[-1] > caught[0]


def test_the_block_of_the_month_before_is_right_in_itself(planted: dict[str, Any]) -> None:
    rows = {row["kind"]: row for row in planted["levels"]["monthly, below England"]["kinds"]}

    assert rows["last month's block"]["planted"] == 60
    assert rows["last month's block"]["joint"] == 0


def test_the_true_cell_is_always_among_those_that_are_named(planted: dict[str, Any]) -> None:
    for level in planted["levels"].values():
        assert level["blame"]["asked"] == level["blame"]["true_cell_named"] > 0


def test_faults_of_form_are_found_and_none_beside_them(planted: dict[str, Any]) -> None:
    assert {row["kind"] for row in planted["form"]} == {
        "a row twice with another value",
        "an unrounded count",
        "a small count not suppressed",
    }
    assert all(row["planted"] == row["form"] > 0 and row["false"] == 0 for row in planted["form"])


def test_an_engine_that_calls_everything_possible_catches_nothing(root: Path, planted: dict[str, Any]) -> None:
    blind = _planted(
        root,
        "from dataclasses import replace; decide = planted.decide; "
        "planted.decide = lambda *given: replace(decide(*given), impossible=planted.np.zeros(0, dtype=int))",
    )

    caught, left = (
        {name: sum(row["joint"] for row in level["kinds"]) for name, level in found["levels"].items()}
        for found in (planted, blind)
    )
    assert caught["monthly, below England"] > 0
    assert left["monthly, below England"] == 0
    # England's counts are held to those of the levels too
    assert 0 < left["monthly, England"] < caught["monthly, England"]
