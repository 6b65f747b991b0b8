"""Read what the words of a claim mean."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from iapt_audit.definitions.fields import once
from iapt_audit.definitions.model import Lexicon, Wording
from iapt_audit.definitions.quoted_figures import Words

if TYPE_CHECKING:
    from iapt_audit.definitions.fields import FieldTable, Roots

KINDS = ("value", "change", "extreme", "monotone", "rank", "share", "standing", "survey")
RELATIONS = ("equal", "about", "below", "at_least", "more_than", "at_most", "less_than")
SIGNS = {"up": 1, "down": -1}
UNITS = ("points", "percent")


def read_lexicon(roots: Roots) -> Lexicon:
    """Read the comparisons, and the words that stand for numbers."""
    comparisons: dict[str, Wording] = {}
    near = far = Decimal(0)
    for _, table in roots.tables("checks/lexicon/comparisons.toml"):
        table.source()
        near, far = table.decimal("near"), table.decimal("far")
        if near > far:
            table.fault("near", f"expected no more than `far`, {far}, got `{near}`")
        for entry in table.tables("comparison"):
            comparison = _comparison(entry)
            once(comparisons, entry, comparison.id)
            comparisons[comparison.id] = comparison
        table.close()
    return Lexicon(comparisons, near, far, Words(_fractions(roots), _numbers(roots)))


def _comparison(entry: FieldTable) -> Wording:
    kind = entry.choice("kind", KINDS)
    signed = kind in {"change", "extreme", "monotone", "rank", "standing"}
    comparison = Wording(
        id=entry.text("id"),
        kind=kind,
        relation=entry.choice("relation", RELATIONS) if kind == "value" else "",
        sign=SIGNS.get(entry.choice("sign", tuple(SIGNS)), 0) if signed else 0,
        unit=entry.choice("unit", UNITS) if kind == "change" else "",
        words=entry.texts("words"),
    )
    entry.close()
    return comparison


def _fractions(roots: Roots) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for table, row in roots.rows("checks/lexicon/fractions.csv", ("words", "part", "whole")):
        part, whole = _whole(table, row, "part"), _whole(table, row, "whole")
        if not 0 < part < whole:
            table.fault("part", f"expected a part of `{row['whole']}`, got `{row['part']}`")
        found[row["words"]] = (part, whole)
    return found


def _numbers(roots: Roots) -> dict[str, int]:
    rows = roots.rows("checks/lexicon/numbers.csv", ("word", "number"))
    return {row["word"]: _whole(table, row, "number") for table, row in rows}


def _whole(table: FieldTable, row: dict[str, str], key: str) -> int:
    if not row[key].isdecimal():
        table.fault(key, f"expected a whole number, got `{row[key]}`")
        return 1
    return int(row[key])
