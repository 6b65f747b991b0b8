"""The list of mutants fits the code that it edits."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MUTANTS = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text(encoding="utf-8"))["mutant"]


def test_at_least_twenty_five_mutants_are_listed() -> None:
    assert len({mutant["name"] for mutant in MUTANTS}) >= 25


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant["name"] for mutant in MUTANTS])
def test_the_text_that_a_mutant_edits_stands_once_in_its_file(mutant: dict[str, str]) -> None:
    text = (ROOT / mutant["file"]).read_text(encoding="utf-8")

    assert text.count(mutant["old"]) == 1
