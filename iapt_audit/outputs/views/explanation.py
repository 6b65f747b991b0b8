"""Write out explanations for a person: of a finding by its id, or of a rate by organisation, period and measure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.errors.base import NotFoundError
from iapt_audit.judging.explain import RateQuery
from iapt_audit.model.findings import Code
from iapt_audit.outputs.documents.json_text import ATTRIBUTION
from iapt_audit.pipeline import audit, audit_facts, explain_rate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from iapt_audit.definitions import Definitions, Fact
    from iapt_audit.judging.explain import Explanation
    from iapt_audit.model.findings import Finding, FoundCell
    from iapt_audit.model.inputs import Input
    from iapt_audit.results import AuditResult


#: So many cells of a finding are listed, more are counted.
_MOST_PLACES = 50


@dataclass(frozen=True, slots=True)
class ExplanationText:
    """An explanation, and the inputs that could not be read; the text is empty if it may be in one of those."""

    text: str
    unread: tuple[Input, ...]


def explain_measure(ask: RateQuery, paths: Sequence[Path], definitions: Definitions, *, cite: bool) -> ExplanationText:
    """
    Explain a rate of an organisation, a period, a measure and a breakdown.

    Raises:
        NotFoundError: If every input was read and no rate of that name is published there.
    """
    found, explanations = explain_rate(ask, paths, definitions)
    if not explanations and not found.unread:
        raise NotFoundError.rate(ask.measure, ask.org, ask.period)
    return ExplanationText("\n\n".join(_written(each, found, cite=cite) for each in explanations), found.unread)


def explain_finding(
    name: str, paths: Sequence[Path], definitions: Definitions, *, period: str | None = None, cite: bool
) -> ExplanationText:
    """
    Explain a finding by its id; `period` is that of files that do not say it.

    Raises:
        NotFoundError: If every input was read and no finding has the id.
    """
    found = audit(paths, definitions, period=period) if paths else audit_facts(definitions)
    finding = next((each for each in found.findings if each.id == name), None)
    if finding is None:
        if not found.unread:
            raise NotFoundError.finding(name)
        return ExplanationText("", found.unread)
    if finding.code is Code.RATE_CONTRADICTED and finding.rule and finding.org_code and finding.period:
        ask = RateQuery(finding.org_code, finding.period, finding.rule, finding.breakdown or "")
        again, explanations = explain_rate(ask, paths, definitions)
        told = [_written(each, again, cite=cite) for each in explanations if each.publication == finding.publication]
        if not told:
            return ExplanationText(_finding(finding, found, cite=cite), found.unread)
        text = "\n\n".join([f"{finding.id}  {finding.code.value}: {finding.message}", *told])
        return ExplanationText(text, found.unread)
    return ExplanationText(_finding(finding, found, cite=cite), found.unread)


def _written(explanation: Explanation, found: AuditResult, *, cite: bool) -> str:
    lines = [explanation.title, *(f"  {step}" for step in explanation.steps)]
    lines += ["  From:", *_places(explanation.cells)]
    if cite:
        lines += _citation(found, explanation.input, explanation.publication, explanation.period, explanation.cells)
    return "\n".join(lines)


def _finding(finding: Finding, found: AuditResult, *, cite: bool) -> str:
    lines = [f"{finding.id}  {finding.code.value} ({finding.severity.value}): {finding.message}"]
    about = (finding.period, finding.level, finding.org_name, finding.org_code, finding.breakdown)
    lines.append("  " + ", ".join(part for part in about if part))
    if finding.certificate:
        lines.append(f"  {finding.certificate}")
    of_many = finding.count > len(finding.cells)
    lines += ["  From:", *(_all_places(finding, found) if of_many else _places(finding.cells))]
    if cite and finding.cells:
        first = finding.cells[0]
        number = next(
            index for index, each in enumerate(found.inputs) if (each.path, each.member) == (first.path, first.member)
        )
        lines += _citation(found, number, finding.publication or "", finding.period or "", finding.cells)
    return "\n".join(lines)


def _all_places(finding: Finding, found: AuditResult) -> list[str]:
    """List the cells of a finding of many, and say how the others are listed."""
    own = found.places.filter(pl.col("id") == finding.id)
    lines = []
    for row in own.head(_MOST_PLACES).iter_rows(named=True):
        source = found.inputs[found.parts[row["file"]].input]
        printed = "held back" if row["printed"] is None else row["printed"]
        where = f"{source.member or source.path}, row {row['row']}"
        lines.append(f"    {where}: {row['org_code']} {row['measure']} ({row['statistic'] or 'unknown'}) {printed}")
    if len(own) > _MOST_PLACES:
        more = len(own) - _MOST_PLACES
        lines.append(f"    and {more:,} more: `iapt-audit audit PATH... --format csv --table places` lists all")
    return lines


def _places(cells: Sequence[FoundCell]) -> list[str]:
    return [
        f"    {cell.member or cell.path}, row {cell.row}: {cell.measure} ({cell.statistic}) "
        f"{'held back' if cell.printed is None else cell.printed}"
        for cell in cells
    ]


def _citation(found: AuditResult, number: int, publication: str, period: str, cells: Sequence[FoundCell]) -> list[str]:
    given = found.inputs[number]
    if publication == found.definitions.facts.publication:
        facts = {fact.row: fact for fact in found.definitions.facts.rows}
        cited = [facts[cell.row] for cell in cells if cell.row in facts]
        sources = sorted({f"{each.source.title}, {each.source.url}" for each in cited})
        where = [*(f"address: {source}" for source in sources), *(_cited(each) for each in cited)]
    else:
        address = found.definitions.addresses.get((publication, period))
        told = f"{address} (where this period was published)" if address else "not in our list of addresses"
        where = [f"address: {told}"]
    rows = ", ".join(str(row) for row in sorted({cell.row for cell in cells}))
    return [
        "  Cite:",
        f"    file: {given.name}",
        *(f"    {each}" for each in where),
        f"    rows: {rows}",
        f"    {_digest(given)}",
        f"    accessed: {datetime.now(UTC).date().isoformat()}",
        f"    {ATTRIBUTION}",
    ]


def _digest(given: Input) -> str:
    """Return the sha256 of a file, or what may be told in its place: with it a hidden figure could be tried out."""
    if given.sha256 is not None:
        return f"sha256: {given.sha256}"
    if given.masked_sha256 is not None:
        return f"masked sha256: {given.masked_sha256} (of the cells that are told: something in the file is held back)"
    return "sha256: not shown, because it could reveal a figure that is held back"


def _cited(fact: Fact) -> str:
    """Say of whom a cited figure is, and whether its source itself was read."""
    read = "the source itself was read" if fact.source_read else "the source itself was not read"
    about = (f"{fact.measure}: of {fact.population or 'a population not named'}", read, fact.note)
    return "; ".join(part for part in about if part)
