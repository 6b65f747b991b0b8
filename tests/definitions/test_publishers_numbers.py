"""The numbers of the publisher's rules stand in definitions and in the gate, and nowhere in the engine."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "iapt_audit"
#: What reads the long table, and what writes it.
ENGINE = sorted(
    [f"{folder}/{module.stem}" for folder in ("solver", "constraints") for module in (PACKAGE / folder).glob("*.py")]
    + [f"judging/{stage}" for stage in ("rates", "systems", "standings", "proof")]
)
#: The step of counts and the half-widths of figures, in their own units, in per cent, and in ten-thousandths; how far a
#: rounded count reaches; the greatest suppressed count.
FORBIDDEN = {5, 2.5, 0.5, 0.05, 4, 500, 5_000, 50_000, 25_000, 20_000, 40_000}
#: Whole numbers that a rule could be hidden in are allowed where they say something else, by module and statement.
ALLOWED = {
    # how many answers are told
    ("solver/conflict", "_MOST_ANSWERS = 5"),
    # how much work a step of the reduction may take
    ("solver/conflict", "_STEP_WORK = 0.03"),
    # what part of the constraints may be touched yet for it to pay to set the others aside
    ("solver/propagate", "_FEW = 4"),
    # what part of the terms is searched at once
    ("solver/search", "_AT_ONCE = 4"),
    # how many values are solved for before the rest is left open
    ("solver/excluded_values", "ORDINARY = Effort(within=60, solved=500)"),
    # the third way of finding a value
    ("solver/excluded_values", "SOLVING = 3"),
    # how many cells of a note on many are shown
    ("judging/rates", "_MOST_SHOWN = 3"),
    # how many columns a table has
    ("solver/linear", "return cls(*(np.zeros(0, dtype=np.int64) for _ in range(8)))"),
}
#: Of the small whole numbers only these are used in arithmetic: nothing, one, and two for a pair or a half.
SMALL = {0, 1, 2}


def numbers(source: str) -> list[tuple[float, str]]:
    """Return every number of a module, with the statement that it stands in."""
    lines = source.splitlines()
    found = []
    for node in ast.walk(ast.parse(source)):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(node, ast.Constant) and isinstance(value, int | float) and not isinstance(value, bool):
            found.append((float(value), lines[node.lineno - 1].strip()))
    return found


def misplaced(module: str, source: str) -> list[str]:
    return [
        line
        for number, line in numbers(source)
        if (number in FORBIDDEN or (number not in SMALL and 0 < number < 10)) and (module, line) not in ALLOWED
    ]


@pytest.mark.parametrize("module", ENGINE)
def test_no_number_of_the_publishers_rules_stands_in_the_engine(module: str) -> None:
    assert misplaced(module, (PACKAGE / f"{module}.py").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("number", ["5", "2.5", "0.5", "0.05", "4", "3", "500", "5_000", "5e-1", "0x5"])
@pytest.mark.parametrize("statement", ["low = count - {}", "def wide(half=({},)): ...", "least = [x if x else {}]"])
def test_a_planted_number_is_found(number: str, statement: str) -> None:
    for module in ENGINE:
        planted = (PACKAGE / f"{module}.py").read_text(encoding="utf-8") + "\n" + statement.format(number) + "\n"

        assert len(misplaced(module, planted)) == 1


def test_two_is_never_how_far_a_count_reaches() -> None:
    """A width of 2 is the one number of the rules that has other uses: each is looked at here."""
    uses = {
        (module, line)
        for module in ENGINE
        for number, line in numbers((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
        if number == 2
    }

    assert {module for module, _ in uses} <= {
        "solver/conflict",
        "solver/excluded_values",  # the second way of finding a value
        "solver/two_variables",
        "constraints/bands",  # half of those in the bands are under a median
        "constraints/joint",
        "constraints/locate",  # a key that stands twice
        "constraints/rates",
    }
    assert len(uses) <= 16, sorted(uses)


@pytest.mark.parametrize("module", ENGINE)
def test_no_module_of_the_engine_reads_a_number_out_of_a_text(module: str) -> None:
    """A number in quotes, made one by `Decimal` or `int`, would be missed above."""
    source = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")
    texts = [
        ast.literal_eval(token.string)
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.STRING and token.string[0] in "\"'" and not token.string.startswith('"""')
    ]

    assert [text for text in texts if text.strip().replace(".", "", 1).isdigit()] == []
