"""Lay the waits of everyone and the outcomes by group out as rows of text, for a terminal or for Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.periods import in_order
from iapt_audit.model.text import told_apart
from iapt_audit.outputs.queries import england_gaps, england_waits
from iapt_audit.outputs.wording import gap_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.definitions import Gap
    from iapt_audit.results import AuditResult

_NO_CAUSE = (
    "A gap is a difference between published rates; it does not say what causes it. Who is referred, how severe "
    "problems are at the start, and the life around a treatment differ between groups too."
)
_LOOKS_BACK = (
    "The standard looks back from the end of a course: those that had one session, dropped out or are still "
    "waiting are not in it. Those that entered treatment in the period are different referrals from those that "
    "finished."
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of text with its title and a remark; `narrow` if its first column is short."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    remark: str = ""
    narrow: bool = True


def waits_sheet(audit: AuditResult) -> list[Sheet]:
    """Give England's waits of those who finished beside those of everyone who entered treatment, one period a row."""
    found = england_waits(audit)
    if found.is_empty():
        return []
    rates = audit.definitions.rates
    pairs = [rate for rate in rates.values() if rate.id in set(found["measure"])]
    heads = ["period"]
    for rate in pairs:
        heads += [f"{rate.title.removeprefix('First treatment ')}: finished %", "entered %", "points higher"]
    rows: dict[str, dict[str, list[str]]] = {}
    for row in found.iter_rows(named=True):
        rows.setdefault(row["period"], {})[row["measure"]] = [
            *told_apart((row["low"], row["high"]), (row["beside_low"], row["beside_high"]))
        ]
    told = [
        [period, *(cell for rate in pairs for cell in rows[period].get(rate.id, ["-", "-", "-"]))]
        for period in sorted(rows, key=in_order)
    ]
    title = "England, waits: of those who finished (the standard) and of everyone who entered treatment"
    return [Sheet(title, heads, told, _LOOKS_BACK)]


def gap_sheets(audit: AuditResult) -> list[Sheet]:
    """Give England's outcomes by group, of the latest period that has them."""
    found = england_gaps(audit)
    if found.is_empty():
        return []
    latest = max(found["period"].unique().to_list(), key=in_order)
    now = found.filter(pl.col("period") == latest)
    sheets = [_gap_sheet(gap, now, audit) for gap in audit.definitions.gaps if (now["gap"] == gap.id).any()]
    last = sheets[-1]
    return [*sheets[:-1], Sheet(last.title, last.heads, last.rows, _NO_CAUSE, narrow=False)]


def _gap_sheet(gap: Gap, now: pl.DataFrame, audit: AuditResult) -> Sheet:
    rows = {(row["group"], row["measure"]): row for row in now.filter(pl.col("gap") == gap.id).iter_rows(named=True)}
    measures = [name for name in gap.rates if any(measure == name for _, measure in rows)]
    heads = ["group"]
    for name in measures:
        heads += [f"{audit.definitions.rates[name].title.lower()} %", f"points from {gap.against or 'all'}"]
    texts = {
        name: gap_texts([row for (_, measure), row in rows.items() if measure == name], gap.against)
        for name in measures
    }
    told = [
        [group, *(cell for name in measures for cell in texts[name].get(group, ("-", "-")))]
        for group in sorted({group for group, _ in rows})
    ]
    return Sheet(f"England {gap.title}, {now['period'][0]}", heads, told, narrow=False)
