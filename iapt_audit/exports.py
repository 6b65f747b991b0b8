"""Write the headline as CSV, and the summary as Markdown."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from iapt_audit.columns import Level, Standing
from iapt_audit.constrain import REASONS
from iapt_audit.document import (
    ATTRIBUTION,
    england_rows,
    organisations,
    over_denominators,
    sorted_headline,
    standards_in_order,
    summary,
)
from iapt_audit.figures import decimal_text, plain, printable
from iapt_audit.findings import Severity
from iapt_audit.inputs import in_order
from iapt_audit.sheets import gap_sheets, waits_sheet
from iapt_audit.sift import by_weight
from iapt_audit.wording import (
    OF_WHOM_SIGNS,
    STANDINGS,
    headline_sentence,
    power_sentence,
    proof_sentence,
    rate_text,
    shares,
    short_text,
    sifted_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iapt_audit.flow import Audit

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = (
    "publication", "period", "level", "org_code", "org_name", "measure", "printed", "exact_numerator",
    "exact_denominator", "low", "high", "standard", "standing", "short_low", "short_high",
)  # fmt: skip
_MOST_FINDINGS = 20
_SIDES = ("low", "high", "cohort", "run")


def headline_csv(audit: Audit) -> str:
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


def safe(value: object) -> object:
    """
    Keep text from being taken for a formula, and from ordering a terminal about; numbers stay.

    >>> safe("=cmd|' /C calc'!A0"), safe(-5), safe(None)
    ("'=cmd|' /C calc'!A0", -5, None)
    """
    if not isinstance(value, str):
        return value
    return printable(f"'{value}" if value.startswith(_STARTS_A_FORMULA) else value)


def summary_markdown(audit: Audit) -> str:
    """Write the summary as Markdown, for a pull request or a newsroom's notes."""
    blocks: list[str] = []
    for standard in standards_in_order(audit.definitions):
        rate = audit.definitions.rates[standard.rate]
        rows = england_rows(audit, standard.id)
        if not rows:
            continue
        blocks.append(headline_sentence(rows, rate, standard))
        cells = [
            (
                row["period"],
                row["printed"] or "-",
                rate_text(row, standard.percentage),
                STANDINGS[Standing(row["standing"])],
                short_text(row["short_low"], row["short_high"]),
            )
            for row in rows
        ]
        heads = ("period", "printed %", "from the counts", f"against {plain(standard.percentage)}%", "referrals")
        blocks.append(markdown_table(heads, cells))
        if rate.headline == "every_denominator":
            blocks += _of_whom(rows, audit)
    for sheet in [*waits_sheet(audit), *gap_sheets(audit)]:
        blocks += [sheet.title, markdown_table(sheet.heads, sheet.rows), *([sheet.remark] if sheet.remark else [])]
    counted = [row for row in organisations(audit) if row["level"] != Level.ENGLAND]
    if counted:
        columns = ("period", "level", "standard", *Standing)
        names = [STANDINGS[each] if isinstance(each, Standing) else each for each in columns]
        blocks.append(markdown_table(names, ([row[column] for column in columns] for row in counted)))
    blocks += [_judged(audit), *_power(audit), *_findings(audit), ATTRIBUTION]
    return "\n\n".join(blocks) + "\n"


def organisation_markdown(own: Audit) -> str:
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
                rate_text(row, standard, 1),
                f"{plain(standard)}%" if standard is not None else "none",
                STANDINGS[Standing(row["standing"])] if row["standing"] else "-",
                short_text(row["short_low"], row["short_high"]) if row["standing"] else "-",
            )
        )
    code, name = own.cells.select("org_code", "org_name").row(-1)
    heads = ("rate", "period", "printed %", "from the counts", "standard", "standing", "referrals")
    blocks = [f"{printable(name)} ({code})", markdown_table(heads, rows), _judged(own), *_findings(own), ATTRIBUTION]
    return "\n\n".join(blocks) + "\n"


def _of_whom(rows: Sequence[dict[str, Any]], audit: Audit) -> list[str]:
    """Tell the same referrals over every denominator, and what the signs mean."""
    denominators = audit.definitions.denominators.values()
    heads = ("period", *(f"{each.short}{'' if each.same_cohort else ' †'}" for each in denominators))
    standard = audit.definitions.standards[rows[0]["standard"]].percentage
    told = ([row["period"], *shares(row, audit.definitions, standard)] for row in rows)
    return [markdown_table(heads, told), OF_WHOM_SIGNS]


def _power(audit: Audit) -> list[str]:
    counted = summary(audit)
    sentences = (power_sentence(counted["power"]), proof_sentence(counted["proof"]))
    return [sentence for sentence in sentences if sentence]


def _judged(audit: Audit) -> str:
    counted = summary(audit)
    rows = [(verdict.replace("_", " "), f"{count:,}") for verdict, count in counted["rates"].items()]
    rows += [(f"not checkable: {REASONS[reason]}", f"{count:,}") for reason, count in counted["not_checkable"].items()]
    return markdown_table(("printed rates", "number"), rows)


def _findings(audit: Audit) -> list[str]:
    grave = [each for each in by_weight(audit.findings, audit.definitions) if each.severity is not Severity.NOTE]
    sifted = ["  \n".join(lines)] if (lines := sifted_lines(audit)) else []
    rows = [
        (
            finding.severity.value,
            finding.code.value,
            finding.period or "",
            finding.org_code or "",
            finding.message + (f" (waived: {finding.waived})" if finding.waived else ""),
        )
        for finding in grave[:_MOST_FINDINGS]
    ]
    if not rows:
        return sifted
    more = len(grave) - len(rows)
    told = [markdown_table(("severity", "code", "period", "organisation", "what"), rows)]
    return [*told, *([f"and {more:,} more"] if more else []), *sifted]


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Write a table as Markdown; bars and line ends in a cell cannot break it."""
    lines = [_line(heads), _line(["---"] * len(heads)), *(_line(row) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[Any]) -> str:
    return (
        "| "
        + " | ".join(" ".join(printable(str(cell)).split()).replace("\\", "\\\\").replace("|", "\\|") for cell in cells)
        + " |"
    )
