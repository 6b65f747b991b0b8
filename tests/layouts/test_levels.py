"""Every level of a published monthly file, end to end; all rows and figures here were invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cli.command import run, valid
from layouts import headers
from layouts.written import csv_bytes, write

from iapt_audit.definitions import load_default
from iapt_audit.model.findings import Code
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

#: printed level -> ours, and the code of its organisation; each row names both sides, as the published files do
LEVELS = {
    "England": ("england", "England"),
    "CommissioningRegion": ("region", "Y56"),
    "CommRegion": ("region", "Y57"),
    "STP": ("stp", "QA1"),
    "CCG": ("ccg", "00X"),
    "ICB": ("icb", "QA2"),
    "SubICB": ("sub_icb", "01Y"),
    "Provider": ("provider", "ABC"),
    "CCG/Provider": ("pair", "00X/ABC"),
    "SubICB/Provider": ("pair", "01Y/ABC"),
}
#: 470 of 1,000 - 60 = 50%, with counts to the nearest 5 and exact
FIGURES = {"M076": "1000", "M179": "60", "M191": "470", "M192": "50"}
#: Of counts rounded to 5 the rate is 49.2 to 50.8%: whether it reaches 50 cannot be told. England's is 50% exactly.
STANDINGS = {"england": "met"} | dict.fromkeys(
    ("region", "stp", "ccg", "icb", "sub_icb", "provider", "pair"), "undecided"
)


def _rows(figures: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    rows = []
    for level, printed in figures.items():
        one, _, two = LEVELS[level][1].partition("/")
        sides = {"Provider": ("All", "ABC"), "England": ("All", "All")}.get(level, (one, two or "All"))
        rows += [
            dict(
                zip(
                    headers.MONTHLY,
                    ("2025-06-01", "2025-06-30", level, sides[0], f"{sides[0]} by name", sides[1],
                     f"{sides[1]} by name", measure, "its name", value),
                    strict=True,
                )
            )
            for measure, value in printed.items()
        ]  # fmt: skip
    return rows


@pytest.fixture
def month(tmp_path: Path) -> Path:
    rows = _rows(dict.fromkeys(LEVELS, FIGURES))
    return write(tmp_path / "activity.csv", csv_bytes(headers.MONTHLY, rows))


def _run(*arguments: str | Path) -> dict[str, Any]:
    return valid(run("audit", *arguments, "--format", "json").stdout)


def test_rates_are_judged_at_every_level(month: Path) -> None:
    actual = audit([month], load_default())

    judged = actual.rates.select("level", "org_code", "verdict").rows()
    assert {(*LEVELS[level], "consistent") for level in LEVELS} == set(judged)
    # two regions with England's figures each are too many
    assert {finding.code for finding in actual.findings} <= {Code.MEASURES_ABSENT, Code.LEVELS_CONTRADICTED}


@pytest.mark.parametrize("level", LEVELS)
def test_rate_that_cannot_be_is_contradicted_at_its_level(level: str, tmp_path: Path) -> None:
    rows = _rows({**dict.fromkeys(LEVELS, FIGURES), level: {**FIGURES, "M192": "53"}})
    path = write(tmp_path / "activity.csv", csv_bytes(headers.MONTHLY, rows))

    actual = audit([path], load_default())

    errors = [(each.code, each.level, each.org_code) for each in actual.findings if each.severity == "error"]
    # two regions with England's figures each are too many
    apart = [each for each in errors if each[0] is not Code.LEVELS_CONTRADICTED]
    assert apart == [(Code.RATE_CONTRADICTED, *LEVELS[level])]


@pytest.mark.parametrize("level", [level for level in LEVELS if level != "England"])
def test_suppressed_percentage_is_not_checkable_at_its_level(level: str, tmp_path: Path) -> None:
    rows = _rows({level: {**FIGURES, "M191": "*", "M192": "*"}})
    path = write(tmp_path / "activity.csv", csv_bytes(headers.MONTHLY, rows))

    actual = audit([path], load_default())

    assert actual.rates.select("level", "org_code", "verdict", "reason").rows() == [
        (*LEVELS[level], "not_checkable", "suppressed")
    ]


@pytest.mark.parametrize("level", [level for level in LEVELS if level != "England"])
def test_small_count_that_slipped_is_told_at_its_level_and_not_repeated(level: str, tmp_path: Path) -> None:
    rows = _rows({level: {**FIGURES, "M191": "3", "M192": "*"}})
    path = write(tmp_path / "activity.csv", csv_bytes(headers.MONTHLY, rows))

    actual = audit([path], load_default())

    (slipped,) = [each for each in actual.findings if each.code is Code.COUNT_NOT_DISCLOSURE_CONTROLLED]
    assert (slipped.level, slipped.org_code, slipped.printed) == (*LEVELS[level], None)


def test_every_organisation_has_a_standing(month: Path) -> None:
    actual = audit([month], load_default())

    recovery = actual.headline.filter(actual.headline["measure"] == "recovery")
    standings = recovery.select("level", "org_code", "standing").unique().rows()
    assert {(level, org_code, STANDINGS[level]) for level, org_code in LEVELS.values()} == set(standings)


@pytest.mark.parametrize("level", ["region", "pair"])
def test_audit_can_be_narrowed_to_a_level(level: str, month: Path) -> None:
    content = _run(month, "--level", level)

    organisations = {code for name, code in LEVELS.values() if name == level}
    assert {(level, code) for code in organisations} == {(row["level"], row["org_code"]) for row in content["headline"]}
    assert len(organisations) == content["summary"]["rates"]["consistent"]


@pytest.mark.parametrize("org_code", ["00X/ABC", "01Y/ABC", "01Y"])
def test_audit_can_be_narrowed_to_an_organisation_or_a_pair(org_code: str, month: Path) -> None:
    content = _run(month, "--org", org_code)

    assert {org_code} == {row["org_code"] for row in content["headline"]}
    assert content["summary"]["rates"]["consistent"] == 1
