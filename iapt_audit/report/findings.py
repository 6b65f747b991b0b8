"""Tell what is wrong: the findings with their rows, and what a clean bill would have caught."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.findings import CODES, Severity
from iapt_audit.model.text import printable
from iapt_audit.outputs.summary import summary
from iapt_audit.outputs.wording import power_sentence, proof_sentence, sifted_lines, unjudged_sentence
from iapt_audit.report import charts
from iapt_audit.report.elements import DataTable, Picture, Section
from iapt_audit.report.organisation import source_line
from iapt_audit.selection.findings import by_weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.model.findings import Finding
    from iapt_audit.results import AuditResult

#: More rows than this say nothing more to a reader; `audit.json` has them all.
MOST_ROWS = 500
#: So many rows of a finding are enough to find them all.
_MOST_PLACES = 5
_NO_INTENT = (
    "A contradiction is a fact about printed numbers. It does not show how it arose or what anyone intended; ask the "
    "publisher."
)
_HEADS = ("severity", "id", "what", "period", "organisation", "measures", "where", "proof")
_POWER = {"name": pl.String, "number": pl.Float64, "note": pl.String}


def what_is_wrong(audit: AuditResult) -> Section:
    """Return the part on findings."""
    counted = summary(audit)
    grave = by_weight([each for each in audit.findings if each.severity is not Severity.NOTE], audit.definitions)
    notes = [each for each in audit.findings if each.severity is Severity.NOTE]
    unjudged = unjudged_sentence(audit)
    sentences = [unjudged] if unjudged else []
    if len(audit.failed) < len(audit.inputs):
        sentences.append(_opening(counted["findings"], counted["rates"]))
    sentences += [text for text in (power_sentence(counted["power"]), proof_sentence(counted["proof"])) if text]
    sentences += sifted_lines(audit)
    grids = []
    if grave:
        grids.append(findings_grid("findings", "Errors and warnings, the weightiest first", grave))
    if notes:
        grids.append(_notes(notes))
    return Section(
        "what-is-wrong",
        "What is wrong?",
        sentences,
        _power(audit, counted["power"]),
        grids,
        (_NO_INTENT,),
    )


def findings_grid(name: str, title: str, findings: Sequence[Finding]) -> DataTable:
    """Lay findings out as a table, so many of them as a reader can use."""
    shown = findings[:MOST_ROWS]
    rows = [
        (
            each.severity.value,
            each.id,
            each.message + (f" (waived: {each.waived})" if each.waived else ""),
            each.period,
            each.organisation,
            ", ".join(each.measures),
            printable(each.place(_MOST_PLACES)),
            each.certificate,
        )
        for each in shown
    ]
    more = len(findings) - len(shown)
    note = f"{more:,} more are in audit.json, which --out DIR writes." if more else ""
    return DataTable(name, title, _HEADS, rows, search=len(rows) > 10, note=note)  # noqa: PLR2004 -- a screen holds ten


def _opening(found: dict[str, int], rates: dict[str, int]) -> str:
    every = sum(rates.values())
    errors = found["error"]
    wrong = (
        f"{errors:,} error{'s were' if errors != 1 else ' was'} found: each is proven from the printed figures, or a "
        "defect that anyone can see in the file."
        if errors
        else "Nothing was found wrong."
    )
    return (
        f"{wrong} Of {every:,} printed percentages {rates['consistent']:,} follow from their counts, "
        f"{rates['contradicted']:,} are contradicted by them, and {rates['not_checkable']:,} cannot be checked."
    )


def _notes(notes: Sequence[Finding]) -> DataTable:
    counted = Counter(each.code for each in notes)
    rows: list[tuple[str, int, str]] = []
    for code, number in sorted(counted.items()):
        example = next(each for each in notes if each.code is code)
        rows.append((CODES[code][1], number, example.message))
    return DataTable("notes", "Worth knowing", ("what", "number", "for example"), rows)


def _power(audit: AuditResult, power: dict[str, str]) -> list[Picture]:
    """Draw what share of wrong percentages would have been noticed, by how wrong they were."""
    if not power:
        return []
    rows = [
        {
            "name": f"{points} point{'s' if points != '1' else ''} out",
            "number": float(Decimal(share) * 100),
            "note": f"{int(Decimal(share) * 100)}%",
        }
        for points, share in power.items()
    ]
    listed = "; ".join(f"{row['name']}: {row['note']}" for row in rows)
    columns = (("a percentage that is", "name"), ("noticed", "note"))
    publications = {part.publication for part in audit.parts}
    return [
        Picture(
            id="power",
            title=f"A percentage one point out would be noticed in {int(Decimal(power['1']) * 100)} of 100 cases",
            alt=f"Share of wrong percentages that their own counts would show, by how far out they are. {listed}.",
            unit="% of wrong percentages noticed, by how far out they are",
            source=source_line(publications, audit.definitions),
            spec=charts.bars(len(rows), columns),
            figures=pl.DataFrame(rows, schema=_POWER),
            columns=columns,
        )
    ]
