"""Print an audit for a person at a terminal: the answer first, then the figures behind it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl
from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from iapt_audit.constraints.rates import REASONS
from iapt_audit.definitions.vocabulary import Headline
from iapt_audit.model.columns import Level, Standing, Verdict
from iapt_audit.model.findings import CODES, Severity
from iapt_audit.model.periods import in_order, is_year
from iapt_audit.model.text import plain, printable
from iapt_audit.outputs.documents.json_text import ATTRIBUTION
from iapt_audit.outputs.queries import england_rows, england_series, organisations, standards_in_order
from iapt_audit.outputs.sheets import gap_sheets, waits_sheet
from iapt_audit.outputs.summary import summary
from iapt_audit.outputs.wording import (
    OF_WHOM_SIGNS,
    STANDINGS,
    headline_sentence,
    power_sentence,
    proof_sentence,
    rate_text,
    shares,
    short_text,
    sifted_lines,
    unjudged_sentence,
)
from iapt_audit.selection.findings import by_weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from iapt_audit.definitions import Definitions
    from iapt_audit.model.findings import Finding
    from iapt_audit.results import AuditResult

_MOST_FINDINGS = 20
_PLAIN_WIDTH = 120


class _Console(Console):
    """A console whose reader may have seen enough: that is told to who prints, and does not end the program as 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console() -> Console:
    """Return a console on stdout; what is not a terminal gets lines of one width and no colour."""
    found = _Console(highlight=False)
    if not found.is_terminal:
        return _Console(highlight=False, width=_PLAIN_WIDTH, no_color=True)
    # in a narrow terminal lines fold: a figure that is cut short would be another figure
    return found if found.width >= _PLAIN_WIDTH else _Console(highlight=False, width=_PLAIN_WIDTH)


def summary_table(audit: AuditResult, more: Sequence[str] = ()) -> Group:
    """Lay out the whole summary of an audit, with some more lines at its end."""
    definitions = audit.definitions
    parts: list[RenderableType] = []
    if unjudged := unjudged_sentence(audit):
        parts += [Text(printable(unjudged)), Text()]
    told = [(each, england_rows(audit, each.id)) for each in standards_in_order(definitions)]
    for standard, rows in told:
        if rows:
            parts += [Text(headline_sentence(rows, definitions.rates[standard.rate], standard)), Text()]
    for standard, rows in told:
        if rows and definitions.rates[standard.rate].headline is Headline.EVERY_DENOMINATOR:
            parts += [_england_table(rows, definitions, standard.id), Text()]
            parts += [_of_whom_table(rows, definitions), Text(OF_WHOM_SIGNS), Text()]
    parts += [*_series_table(audit), *_sheets(audit)]
    if any(row["level"] != Level.ENGLAND for row in organisations(audit)):
        parts += [_organisations_table(audit), Text(), *_at_the_edge(audit)]
    parts += [_judged(audit), Text(), *_findings(audit), *_unread(audit)]
    parts += [*(Text(line) for line in more), Text(ATTRIBUTION, style="dim")]
    return Group(*parts)


def _england_table(rows: list[dict[str, Any]], definitions: Definitions, standard_id: str) -> Table:
    standard = definitions.standards[standard_id]
    rate = definitions.rates[standard.rate]
    table = Table(
        title=f"England, {rate.title.lower()}: of {rate.of_whom}",
        box=box.SIMPLE_HEAD,
        title_justify="left",
        pad_edge=False,
    )
    for name in ("period", "printed %", "counts", "from the counts"):
        table.add_column(name, justify="left" if name == "period" else "right", no_wrap=True)
    table.add_column(f"against {plain(standard.percentage)}%", no_wrap=True)
    table.add_column("referrals", no_wrap=True)
    for row in rows:
        counts = "not exact"
        if row["exact_numerator"] is not None:
            counts = f"{row['exact_numerator']:,} / {row['exact_denominator']:,}"
        table.add_row(
            row["period"],
            row["printed"] or "-",
            counts,
            rate_text(row, standard.percentage),
            STANDINGS[Standing(row["standing"])],
            short_text(row["short_low"], row["short_high"]),
        )
    return table


def _of_whom_table(rows: list[dict[str, Any]], definitions: Definitions) -> Table:
    """Tell the same recoveries over every denominator, one period a row."""
    rate = definitions.rates[rows[0]["measure"]]
    standard = definitions.standards[rows[0]["standard"]].percentage
    table = Table(
        title=f"Of whom? The same referrals that {rate.did}, as a percentage of all that ...",
        box=box.SIMPLE_HEAD,
        title_justify="left",
        pad_edge=False,
    )
    table.add_column("period", no_wrap=True)
    for denominator in definitions.denominators.values():
        table.add_column(f"{denominator.short}{'' if denominator.same_cohort else ' †'}", justify="right")
    for row in rows:
        table.add_row(row["period"], *shares(row, definitions, standard))
    return table


def _series_table(audit: AuditResult) -> list[RenderableType]:
    """Print what is followed over time for England: one period a row, one figure a column."""
    found = england_series(audit)
    if found.is_empty():
        return []
    titles = {each.concept: each.title for each in audit.definitions.series if each.concept in set(found["concept"])}
    table = Table(
        title="England: sessions, second treatments, those still waiting",
        box=box.SIMPLE_HEAD,
        title_justify="left",
        pad_edge=False,
    )
    table.add_column("period", no_wrap=True)
    for title in titles.values():
        table.add_column(title, justify="right")
    rows: dict[str, dict[str, str]] = {}
    for row in found.iter_rows(named=True):
        printed = f"{row['low']:,}" if row["low"] is not None and row["low"] == row["high"] else row["printed"] or "-"
        rows.setdefault(row["period"], {})[row["concept"]] = printed
    for period in sorted(rows, key=in_order):
        table.add_row(period, *(rows[period].get(concept, "-") for concept in titles))
    return [table, Text()]


def _sheets(audit: AuditResult) -> list[RenderableType]:
    """Print the waits of everyone beside the standards', and the outcomes by group."""
    told: list[RenderableType] = []
    for sheet in [*waits_sheet(audit), *gap_sheets(audit)]:
        table = Table(title=sheet.title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
        for number, head in enumerate(sheet.heads):
            table.add_column(head, justify="right" if number else "left", no_wrap=not number and sheet.narrow)
        for row in sheet.rows:
            table.add_row(*row)
        told += [table, *([Text(sheet.remark)] if sheet.remark else []), Text()]
    return told


def _organisations_table(audit: AuditResult) -> Table:
    """Count organisations by standing, added up over the periods of each kind."""
    table = Table(
        title="Organisations by standing (each counted once a period)",
        box=box.SIMPLE_HEAD,
        title_justify="left",
        pad_edge=False,
    )
    table.add_column("level")
    table.add_column("periods")
    table.add_column("standard")
    for standing in Standing:
        table.add_column(STANDINGS[standing], justify="right")
    sums: dict[tuple[str, str, str], Counter[str]] = {}
    for row in organisations(audit):
        if row["level"] != Level.ENGLAND:
            key = (row["level"], "years" if is_year(row["period"]) else "months", row["standard"])
            counts = {each.value: row[each.value] for each in Standing} | {
                "hidden": row["undecided_for"]["suppression"]
            }
            sums.setdefault(key, Counter()).update(counts)
    order = [level.value for level in Level]
    for (level, kind, standard), counts in sorted(sums.items(), key=lambda item: (order.index(item[0][0]), item[0])):
        title = audit.definitions.standards[standard].title
        told = [f"{counts[each.value]:,}" for each in Standing]
        if counts["hidden"]:
            told[-1] += f" ({counts['hidden']:,} because of suppressed counts)"
        table.add_row(level, kind, title, *told)
    return table


def _at_the_edge(audit: AuditResult) -> list[RenderableType]:
    """Say of the organisations whose printed percentage is just the standard how many surely reach it."""
    told: list[RenderableType] = []
    below = audit.headline.filter(pl.col("level") != Level.ENGLAND).drop_nulls("standing").to_dicts()
    for standard in standards_in_order(audit.definitions):
        edge, title = plain(standard.percentage), audit.definitions.rates[standard.rate].title.lower()
        printed = [row for row in below if row["standard"] == standard.id and row["printed"] == edge]
        for years, kind in ((True, "year"), (False, "month")):
            counts = Counter(row["standing"] for row in printed if is_year(row["period"]) is years)
            if not counts:
                continue
            met, unknown = counts[Standing.MET], counts[Standing.UNDECIDED]
            told.append(
                Text(
                    f"Below England, organisation-{kind}s printed as exactly {edge}% ({title}): "
                    f"{counts.total():,}, of which "
                    f"{met:,} certainly met it, {counts.total() - met - unknown:,} certainly did not, and "
                    f"{unknown:,} cannot be determined."
                )
            )
    return [*told, Text()] if told else []


def _judged(audit: AuditResult) -> Text:
    counted = summary(audit)
    rates, reasons = counted["rates"], counted["not_checkable"]
    numbers = {audit.parts[number].input for number in audit.cells["file"].unique()}
    read = sum(audit.inputs[number].status == "audited" for number in numbers)
    lines = [
        (
            f"{read:,} input{'s' if read != 1 else ''} audited, {sum(counted['cells'].values()):,} cells, "
            f"{sum(rates.values()):,} printed rates:"
        ),
        f"  {rates[Verdict.CONSISTENT]:>9,} follow from their counts",
        f"  {rates[Verdict.CONTRADICTED]:>9,} contradicted by their counts",
        f"  {rates[Verdict.NOT_CHECKABLE]:>9,} cannot be checked",
    ]
    lines += [
        f"    {count:>9,} {REASONS[reason]}" for reason, count in sorted(reasons.items(), key=lambda item: -item[1])
    ]
    if counted["power"]:
        lines.append(power_sentence(counted["power"]))
    if together := proof_sentence(counted["proof"]):
        lines.append(together)
    lines.append(
        "A percentage that follows from its counts has no slip in its arithmetic; this does not show that the "
        "counts are "
        "right. A contradicted one does not show how the error arose."
    )
    return Text("\n".join(lines))


def _findings(audit: AuditResult) -> list[RenderableType]:
    told: list[RenderableType] = []
    for severity in (Severity.ERROR, Severity.WARNING):
        found = [finding for finding in audit.findings if finding.severity is severity]
        if not found:
            continue
        found = by_weight(found, audit.definitions)
        waived = sum(each.waived is not None for each in found)
        beside = f" ({waived:,} waived)" if waived else ""
        told.append(Text(f"{len(found):,} {severity.value}{'s' if len(found) != 1 else ''}{beside}"))
        told += [Text(_finding_text(finding)) for finding in found[:_MOST_FINDINGS]]
        if len(found) > _MOST_FINDINGS:
            told.append(Text(f"  and {len(found) - _MOST_FINDINGS:,} more: --format json or --out DIR gives all"))
        told.append(Text())
    notes = Counter(finding.code for finding in audit.findings if finding.severity is Severity.NOTE)
    if notes:
        listed = "; ".join(f"{count:,} × {CODES[code][1].lower()}" for code, count in sorted(notes.items()))
        told += [Text(f"Notes: {listed}"), Text()]
    sifted = sifted_lines(audit)
    if sifted:
        told += [Text(printable("\n".join(sifted))), Text()]
    return told


def _finding_text(finding: Finding) -> str:
    about = ", ".join(part for part in (finding.period, finding.organisation, finding.breakdown) if part)
    measures = f" [{', '.join(finding.measures)}]" if finding.measures else ""
    lines = [f"  {finding.id}  {finding.code.value}: {about}{measures}", f"      {finding.message}"]
    if finding.certificate:
        lines.append(f"      {finding.certificate}")
    if finding.waived:
        lines.append(f"      waived: {finding.waived}")
    return printable("\n".join([*lines, f"      {finding.place()}"]))


def _unread(audit: AuditResult) -> list[RenderableType]:
    if not audit.unread:
        return []
    return [Text(f"{len(audit.unread):,} of {len(audit.inputs):,} inputs were not read: see the messages"), Text()]
