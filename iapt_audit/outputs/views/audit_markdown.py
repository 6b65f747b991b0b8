"""Write the headline as CSV, and the summary as Markdown."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.claims.causes import CAUSES
from iapt_audit.claims.register import on_audit
from iapt_audit.constraints.rates import REASONS
from iapt_audit.definitions.vocabulary import Headline
from iapt_audit.model.columns import Level, Standing, Verdict
from iapt_audit.model.findings import Severity
from iapt_audit.model.periods import in_order, is_year
from iapt_audit.model.text import decimal_text, plain, printable
from iapt_audit.outputs.documents.claims import counted
from iapt_audit.outputs.documents.json_text import ATTRIBUTION
from iapt_audit.outputs.queries import (
    england_rows,
    organisations,
    over_denominators,
    sorted_headline,
    standards_in_order,
)
from iapt_audit.outputs.sheets import gap_sheets, waits_sheet
from iapt_audit.outputs.summary import summary
from iapt_audit.outputs.tables import table_of
from iapt_audit.outputs.views.markup import markdown_table, markdown_text, safe
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

    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.definitions import Standard
    from iapt_audit.results import AuditResult

_COLUMNS = (
    "publication", "period", "level", "org_code", "org_name", "measure", "printed", "exact_numerator",
    "exact_denominator", "low", "high", "standard", "standing", "short_low", "short_high",
)  # fmt: skip
_MOST_FINDINGS = 20
_MOST_PERIODS = 12
_NO_ANSWER = "The files have no figure for England that a standard applies to."
_SIDES = ("low", "high", "cohort", "run")


def headline_csv(audit: AuditResult) -> str:
    """Write the headline rows as CSV; text that a spreadsheet would take for a formula is quoted with an apostrophe."""
    denominators = list(audit.definitions.denominators)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS, *(f"{name}_{side}" for name in denominators for side in _SIDES)])
    for row in sorted_headline(audit).iter_rows(named=True):
        told = {each["denominator"]: each for each in over_denominators(row, audit.definitions)}
        values = {**row, "low": decimal_text(row["low"]), "high": decimal_text(row["high"])}
        over = [told.get(name, {}).get(side) for name in denominators for side in _SIDES]
        writer.writerow([safe(values[name]) for name in _COLUMNS] + over)
    return out.getvalue()


def table_csv(audit: AuditResult, name: str) -> str:
    """Write one of the tables of an audit as CSV, as `--out` writes it as parquet; lists stand in one field each."""
    table = table_of(audit, name)
    columns = [column for column, kind in table.schema.items() if not _holds_records(kind)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in table.select(columns).iter_rows():
        writer.writerow([safe(" ".join(map(str, value)) if isinstance(value, list) else value) for value in row])
    return out.getvalue()


def _holds_records(kind: pl.DataType) -> bool:
    return isinstance(kind, pl.List) and isinstance(kind.inner, pl.Struct)


def summary_markdown(audit: AuditResult) -> str:
    """
    Write the summary as Markdown, for a pull request or a newsroom's notes.

    The answer comes first; of many months the latest twelve are listed, and what stands elsewhere is said.
    """
    definitions = audit.definitions
    told = [(each, rows) for each in standards_in_order(definitions) if (rows := england_rows(audit, each.id))]
    answers = [headline_sentence(rows, definitions.rates[standard.rate], standard) for standard, rows in told]
    blocks = ["## Does the headline follow from the published counts?"]
    blocks += [f"**{markdown_text(unjudged)}**"] if (unjudged := unjudged_sentence(audit)) else []
    blocks += [f"**{markdown_text(answers[0])}**", *map(markdown_text, answers[1:])] if answers else [_NO_ANSWER]
    for standard, rows in told:
        blocks += [f"### {definitions.rates[standard.rate].title}, England", *_course(rows, standard)]
        if definitions.rates[standard.rate].headline is Headline.EVERY_DENOMINATOR:
            blocks += ["### Of whom?", *_of_whom(_latest(rows), audit)]
    for sheet in [*waits_sheet(audit), *gap_sheets(audit)]:
        # those of the periods are in the order of time
        shown = sheet.rows[-_MOST_PERIODS:] if sheet.narrow else sheet.rows
        blocks += [f"### {sheet.title}", markdown_table(sheet.heads, shown), *([sheet.remark] if sheet.remark else [])]
    blocks += [*_standings(audit), "### What is wrong?", _errors(audit), *_findings(audit), _judged(audit)]
    blocks += [*_power(audit), *_said(on_audit(audit)), *_inputs(audit), ATTRIBUTION]
    return "\n\n".join(blocks) + "\n"


def _course(rows: Sequence[dict[str, Any]], standard: Standard) -> list[str]:
    """Tell a rate of England period by period, against its standard."""
    cells = [
        (
            row["period"],
            row["printed"] or "-",
            rate_text(row, standard.percentage),
            STANDINGS[Standing(row["standing"])],
            short_text(row["short_low"], row["short_high"]),
        )
        for row in _latest(rows)
    ]
    heads = ("period", "printed %", "from the counts", f"against {plain(standard.percentage)}%", "referrals")
    more = len(rows) - len(cells)
    return [markdown_table(heads, cells), *([f"{more:,} earlier months: `--format csv`."] if more else [])]


def _latest(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the years and the latest months."""
    months = [row for row in rows if not is_year(row["period"])]
    return [row for row in rows if is_year(row["period"])] + months[-_MOST_PERIODS:]


def _standings(audit: AuditResult) -> list[str]:
    """Count the organisations of the latest year and month by standing."""
    every = [row for row in organisations(audit) if row["level"] != Level.ENGLAND]
    kinds = [[row["period"] for row in every if is_year(row["period"]) is years] for years in (True, False)]
    latest = {max(kind) for kind in kinds if kind}
    if not latest:
        return []
    columns = ("period", "level", "standard", *Standing)
    names = [STANDINGS[each] if isinstance(each, Standing) else each for each in columns]
    rows = (
        [row[column] if column != "standard" else audit.definitions.standards[row[column]].title for column in columns]
        for row in every
        if row["period"] in latest
    )
    return ["### Who meets it?", markdown_table(names, rows)]


def _errors(audit: AuditResult) -> str:
    """Say how many errors there are."""
    found = summary(audit)["findings"]["error"]
    if not found:
        nothing = "No printed figure was proved wrong."
        return nothing if any(each.status == "audited" for each in audit.inputs) else "Nothing was judged."
    return f"{found:,} error{'s' if found != 1 else ''}, proven from the printed figures or plain in the file."


def _said(judged: Sequence[JudgedClaim]) -> list[str]:
    """Count the public claims by verdict, and tell those that are contradicted with what the figures support."""
    if not judged:
        return []
    told = counted(judged)
    sentence = (
        f"Of {len(judged):,} public claims that these figures can test, {told['consistent']:,} are consistent, "
        f"{told['contradicted']:,} contradicted, {told['not_checkable']:,} not checkable."
    )
    wrong = [each for each in judged if each.verdict is Verdict.CONTRADICTED]
    rows = [
        (
            each.claim.statement.speaker.name if each.claim.statement else "-",
            each.claim.text,
            CAUSES[each.cause],
            each.true_sentence or each.message,
        )
        for each in wrong[:_MOST_FINDINGS]
    ]
    more = len(wrong) - len(rows)
    blocks = ["### What was said?", sentence]
    if rows:
        blocks.append(markdown_table(("speaker", "claim, in our words", "why it is contradicted", "supported"), rows))
    return [*blocks, *([f"and {more:,} more: `iapt-audit claims --verdict contradicted`."] if more else [])]


def _inputs(audit: AuditResult) -> list[str]:
    """Name the inputs; their checksums stand in `audit.json`."""
    rows = [(each.name, each.period or "-", each.outcome) for each in audit.inputs[:_MOST_FINDINGS]]
    more = len(audit.inputs) - len(rows)
    table = markdown_table(("input", "period", "status"), rows)
    return ["### How do we know?", table, *([f"and {more:,} more inputs."] if more else [])]


def organisation_markdown(own: AuditResult) -> str:
    """Write what the files say of one organisation as Markdown: its rates, period by period."""
    definitions = own.definitions
    order = list(definitions.rates)
    found = list(sorted_headline(own).iter_rows(named=True))
    found.sort(key=lambda row: (order.index(row["measure"]), in_order(row["period"])))
    rows = []
    for row in found:
        standard = definitions.standards[row["standard"]].percentage if row["standard"] else None
        rows.append(
            (
                definitions.rates[row["measure"]].title,
                row["period"],
                row["printed"] or "-",
                rate_text(row, standard),
                f"{plain(standard)}%" if standard is not None else "none",
                STANDINGS[Standing(row["standing"])] if row["standing"] else "-",
                short_text(row["short_low"], row["short_high"]) if row["standing"] else "-",
            )
        )
    code, name = own.cells.select("org_code", "org_name").row(-1)
    heads = ("rate", "period", "printed %", "from the counts", "standard", "standing", "referrals")
    blocks = [f"{printable(name)} ({code})", markdown_table(heads, rows), _judged(own), *_findings(own), ATTRIBUTION]
    return "\n\n".join(blocks) + "\n"


def _of_whom(rows: Sequence[dict[str, Any]], audit: AuditResult) -> list[str]:
    """Tell the same referrals over every denominator, and what the signs mean."""
    denominators = audit.definitions.denominators.values()
    heads = ("period", *(f"{each.short}{'' if each.same_cohort else ' †'}" for each in denominators))
    standard = audit.definitions.standards[rows[0]["standard"]].percentage
    told = ([row["period"], *shares(row, audit.definitions, standard)] for row in rows)
    return [markdown_table(heads, told), OF_WHOM_SIGNS]


def _power(audit: AuditResult) -> list[str]:
    found = summary(audit)
    sentences = (power_sentence(found["power"]), proof_sentence(found["proof"]))
    return [sentence for sentence in sentences if sentence]


def _judged(audit: AuditResult) -> str:
    found = summary(audit)
    rows = [(verdict.replace("_", " "), f"{count:,}") for verdict, count in found["rates"].items()]
    rows += [(f"not checkable: {REASONS[reason]}", f"{count:,}") for reason, count in found["not_checkable"].items()]
    return markdown_table(("printed rates", "number"), rows)


def _findings(audit: AuditResult) -> list[str]:
    grave = [each for each in by_weight(audit.findings, audit.definitions) if each.severity is not Severity.NOTE]
    sifted = ["  \n".join(lines)] if (lines := sifted_lines(audit)) else []
    rows = [
        (
            finding.severity.value,
            finding.code.value,
            finding.period or "",
            finding.org_code or "",
            finding.message + (f" (waived: {finding.waived})" if finding.waived else ""),
            finding.place(),
        )
        for finding in grave[:_MOST_FINDINGS]
    ]
    if not rows:
        return sifted
    more = len(grave) - len(rows)
    told = [markdown_table(("severity", "code", "period", "organisation", "what", "where"), rows)]
    return [*told, *([f"and {more:,} more"] if more else []), *sifted]
