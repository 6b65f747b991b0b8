"""Read what the words of a claim mean."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from iapt_audit.definitions.fields import once
from iapt_audit.definitions.model import Hedge, Lexicon, Wording
from iapt_audit.definitions.quoted_figures import Words
from iapt_audit.definitions.vocabulary import ComparisonKind, Relation
from iapt_audit.model.bounds import parse_figure

if TYPE_CHECKING:
    from iapt_audit.definitions.fields import FieldTable, Roots

#: The relations that hold within limits.
HEDGED = (Relation.ABOUT, Relation.BELOW, Relation.ABOVE)
_SIGNED = (
    ComparisonKind.CHANGE,
    ComparisonKind.EXTREME,
    ComparisonKind.MONOTONE,
    ComparisonKind.RANK,
    ComparisonKind.STANDING,
)
SIGNS = {"up": 1, "down": -1}
UNITS = ("points", "percent")
_HUNDRED = 100


def read_lexicon(roots: Roots) -> Lexicon:
    """Read the comparisons with the limits of each hedge, and the words that stand for numbers."""
    comparisons: dict[str, Wording] = {}
    hedges: dict[Relation, Hedge] = {}
    fraction = Hedge(Decimal(0), Decimal(0), "")
    for _, table in roots.tables("checks/lexicon/comparisons.toml"):
        table.source()
        if not comparisons or "fraction" in table.values:
            own = table.table("fraction")
            fraction = _hedge(own)
            own.close()
        for entry in table.tables("comparison"):
            comparison = _comparison(entry)
            once(comparisons, entry, comparison.id)
            comparisons[comparison.id] = comparison
            if comparison.hedge is not None:
                if comparison.relation in hedges:
                    entry.fault("relation", f"`{comparison.relation}` has its limits already")
                hedges[comparison.relation] = comparison.hedge
        table.close()
    return Lexicon(comparisons, hedges, fraction, _words(roots))


def _comparison(entry: FieldTable) -> Wording:
    kind = entry.member("kind", ComparisonKind)
    signed = kind in _SIGNED
    relation = entry.member("relation", Relation) if kind is ComparisonKind.VALUE else Relation.EQUAL
    comparison = Wording(
        id=entry.text("id"),
        kind=kind,
        relation=relation,
        sign=SIGNS.get(entry.choice("sign", tuple(SIGNS)), 0) if signed else 0,
        unit=entry.choice("unit", UNITS) if kind is ComparisonKind.CHANGE else "",
        words=entry.texts("words"),
        hedge=_hedge(entry) if relation in HEDGED else None,
    )
    entry.close()
    return comparison


def _hedge(table: FieldTable) -> Hedge:
    hedge = Hedge(table.decimal("inner"), table.decimal("outer"), table.text("why"))
    if hedge.inner > hedge.outer:
        table.fault("inner", f"expected no more than `outer`, {hedge.outer}, got `{hedge.inner}`")
    return hedge


def _words(roots: Roots) -> Words:
    fractions: dict[str, tuple[int, int]] = {}
    limits: dict[Fraction, tuple[Fraction, Fraction]] = {}
    for table, row in roots.rows("checks/lexicon/fractions.csv", ("words", "part", "whole", "least", "most")):
        part, whole = _whole(table, row, "part"), _whole(table, row, "whole")
        if not 0 < part < whole:
            table.fault("part", f"expected a part of `{row['whole']}`, got `{row['part']}`")
            continue
        fractions[row["words"]] = (part, whole)
        least, most = (parse_figure(row[key]) for key in ("least", "most"))
        if least is None or most is None or not least < _HUNDRED * Decimal(part) / whole < most:
            table.fault("least", f"expected percentages below and above it, got `{row['least']}` and `{row['most']}`")
            continue
        limits[Fraction(part, whole)] = (Fraction(least), Fraction(most))
    return Words(fractions, _numbers(roots), limits)


def _numbers(roots: Roots) -> dict[str, int]:
    rows = roots.rows("checks/lexicon/numbers.csv", ("word", "number"))
    return {row["word"]: _whole(table, row, "number") for table, row in rows}


def _whole(table: FieldTable, row: dict[str, str], key: str) -> int:
    if not row[key].isdecimal():
        table.fault(key, f"expected a whole number, got `{row[key]}`")
        return 1
    return int(row[key])
