"""Narrow an audit to a period, a level or an organisation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.errors.base import NotFoundError
from iapt_audit.model.findings import FoundCell
from iapt_audit.model.tables import TABLES
from iapt_audit.results import Selection
from iapt_audit.selection.findings import check_names, select_findings, waive

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from iapt_audit.definitions.waivers import Waiver
    from iapt_audit.model.findings import Finding
    from iapt_audit.model.inputs import Input
    from iapt_audit.model.tables import TableKind
    from iapt_audit.results import AuditResult

_MOST_CODES = 10


def select(
    audit: AuditResult, *, period: str | None = None, level: str | None = None, org: str | None = None
) -> AuditResult:
    """
    Keep what an audit says of one period, one level, one organisation.

    Raises:
        NotFoundError: If the inputs hold nothing of it; names those that come near.
    """
    published = audit.published
    files = [number for number, part in enumerate(audit.parts) if period in (None, part.period)]
    if period is not None and not files and audit.parts:
        raise NotFoundError.period(period, sorted({part.period for part in audit.parts}))
    if level is not None and audit.parts and not (audit.cells["level"] == level).any():
        raise NotFoundError.level(level, audit.cells["level"].unique().sort().to_list())
    if org is not None and audit.parts:
        org = check_organisation(audit, org)

    def keep(frame: pl.DataFrame, kind: TableKind) -> pl.DataFrame:
        if org is not None and not kind.by_organisation:
            return frame.clear()
        wanted = pl.col("file").is_in(files) if period is not None else pl.lit(value=True)
        if level is not None:
            wanted &= pl.col("level") == level
        if org is not None:
            wanted &= pl.col("org_code").cast(pl.String) == org
        return frame.filter(wanted)

    kept = keep(published.tables.cells.with_row_index("cell"), TABLES["cells"])
    tables = published.tables.mapped(keep)
    tables = replace(tables, rates=_pointing(tables.rates, kept["cell"]))
    here = dict(tables.places.group_by("id").len().iter_rows())
    everywhere = set(published.tables.places["id"].unique())
    findings = tuple(
        _part_of(finding, here.get(finding.id, 0), tables.places, audit)
        for finding in published.findings
        # a cause of many periods or organisations is told as far as it is of those asked for
        if (period in (None, finding.period) or (finding.period is None and finding.id in here))
        and (level is None or finding.level in (level, None))
        and (org is None or finding.org_code in (org, None))
        and (finding.id in here or finding.id not in everywhere)
    )
    return replace(audit, published=replace(published, tables=tables, findings=findings))


def _pointing(rates: pl.DataFrame, kept: pl.Series) -> pl.DataFrame:
    """Let rates point at the cells of their percentages by the places that these have among those that are kept."""
    places = pl.DataFrame({"cell": kept}).with_row_index("place")
    found = rates.select("cell").join(places, on="cell", how="left", maintain_order="left")
    return rates.with_columns(cell=found["place"].cast(rates.schema["cell"]))


def _part_of(finding: Finding, count: int, places: pl.DataFrame, audit: AuditResult) -> Finding:
    """Tell a finding of as many cells as are left of it, with the first of these."""
    if count in (0, finding.count) or finding.org_code is not None:
        return finding
    first = places.filter(pl.col("id") == finding.id).head(len(finding.cells))
    cells = tuple(_cell(row, audit.inputs[audit.parts[row["file"]].input]) for row in first.iter_rows(named=True))
    return replace(finding, count=count, cells=cells)


def _cell(place: dict[str, Any], source: Input) -> FoundCell:
    return FoundCell(
        measure=place["measure"],
        statistic=place["statistic"] or "unknown",
        printed=place["printed"],
        low=place["low"],
        high=place["high"],
        path=source.path,
        member=source.member,
        row=place["row"],
    )


def check_organisation(audit: AuditResult, org: str) -> str:
    """
    Return a code as the inputs write it.

    Raises:
        NotFoundError: If the inputs hold nothing of it; names those that come near.
    """
    known = audit.cells["org_code"].unique().cast(pl.String).to_list()
    found = [code for code in known if code.casefold() == org.casefold()]
    if not found:
        raise NotFoundError.organisation(org, _like(org, known))
    return org if org in found else found[0]


def choose(
    audit: AuditResult,
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    waivers: Sequence[Waiver] = (),
    today: date,
) -> AuditResult:
    """
    Keep the findings of some rules, codes or families, and mark those that are waived.

    Args:
        audit: What was found.
        only: Names to keep; all if there are none.
        skip: Names to leave out.
        waivers: Findings that do not count up to a day.
        today: The day it is.

    Raises:
        NotFoundError: If a name is unknown.
    """
    check_names([*only, *skip], audit.definitions)
    marked, expired, unmatched = waive(audit.findings, waivers, today, audit.places)
    kept = select_findings(marked, only, skip)
    told = Selection(tuple(sorted(only)), tuple(sorted(skip)), len(marked) - len(kept), expired, unmatched)
    return replace(audit, published=replace(audit.published, findings=tuple(kept)), sifted=told)


def _like(org: str, known: list[str]) -> list[str]:
    """Return the codes that start like one that is not known, as much alike as any are."""
    for length in range(len(org), 0, -1):
        found = sorted(code for code in known if code.casefold().startswith(org[:length].casefold()))
        if found:
            return found[:_MOST_CODES]
    return sorted(known)[:_MOST_CODES]
