"""Read the cited figures of England."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from iapt_audit.definitions.fields import PERIOD, FieldTable, statistic_of
from iapt_audit.definitions.model import Fact, Facts
from iapt_audit.definitions.source import Source
from iapt_audit.model.bounds import parse_figure
from iapt_audit.model.columns import TOTAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iapt_audit.definitions.fields import Roots
    from iapt_audit.definitions.rounding import Regime

YEARS = "checks/facts/england"
REGISTER = "checks/facts/register"
_FACT_COLUMNS = (
    "period", "breakdown", "measure", "statistic", "printed", "half_width", "use", "population",
    "source_title", "source_url", "source_read", "confidence", "note",
)  # fmt: skip


def read_facts(roots: Roots, regimes: Mapping[str, Regime], name: str = YEARS) -> Facts:
    """Read the cited figures of a file; of one measure, period and breakdown only one row judges."""
    tables = [table for _, table in roots.tables(f"{name}.toml")] or [FieldTable(f"{name}.toml", "", {}, roots.faults)]
    table = tables[0]
    rows = roots.rows(f"{name}.csv", _FACT_COLUMNS)
    if not rows:
        roots.faults.add(f"{name}.csv", "file", "expected the cited figures, got nothing")
    facts = Facts(
        publication=table.text("publication"),
        title=table.text("title"),
        regime=table.choice("regime", tuple(regimes)),
        contradict_nothing=frozenset(table.texts("contradict_nothing")),
        source=table.source(),
        rows=tuple(_fact(place, row) for place, row in rows),
        sha256=roots.sha256(f"{name}.csv"),
        file=f"{name}.csv",
    )
    table.close()
    preferred: dict[tuple[str, str, str], int] = {}
    for (place, _), fact in zip(rows, facts.rows, strict=True):
        key = (fact.period, fact.breakdown, fact.measure)
        if fact.judges and (first := preferred.setdefault(key, fact.row)) != fact.row:
            place.fault("use", f"line {first} already judges `{fact.measure}` of {fact.period}")
    return facts


def _fact(table: FieldTable, row: Mapping[str, str]) -> Fact:
    value = parse_figure(row["printed"])
    if value is None:
        table.fault("printed", f"expected digits, perhaps with a decimal part or `million`, got `{row['printed']}`")
    half_width = parse_figure(row["half_width"])
    if half_width is None:
        table.fault("half_width", f"expected a number of 0 or more, got `{row['half_width']}`")
    if not PERIOD.fullmatch(row["period"]):
        table.fault("period", f"expected a year such as 2024-25, got `{row['period']}`")
    for key in ("use", "source_read"):
        if row[key] not in {"yes", "no"}:
            table.fault(key, f"expected yes or no, got `{row[key]}`")
    if row["source_url"] and not row["source_url"].startswith(("https://", "http://")):
        table.fault("source_url", f"expected a web address, got `{row['source_url']}`")
    for key in ("measure", "source_title", "source_url", "confidence"):
        if not row[key]:
            table.fault(key, "expected text, got nothing")
    return Fact(
        row=int(table.place.removeprefix("line ")),
        period=row["period"],
        measure=row["measure"],
        breakdown=row["breakdown"] or TOTAL,
        statistic=statistic_of(table, row["statistic"], "statistic"),
        printed=row["printed"],
        value=value if value is not None else Decimal(0),
        half_width=half_width if half_width is not None else Decimal(0),
        judges=row["use"] == "yes",
        population=row["population"],
        source=Source(row["source_title"], row["source_url"]),
        source_read=row["source_read"] == "yes",
        confidence=row["confidence"],
        note=row["note"],
    )
