"""Tell what was said in public, and what the figures say of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.claims.causes import CAUSES
from iapt_audit.model.columns import Verdict
from iapt_audit.report import charts
from iapt_audit.report.elements import Cell, DataTable, Link, Picture, Section
from iapt_audit.report.organisation import source_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.results import AuditResult

_HEADS = (
    "verdict",
    "why",
    "claim, in our words",
    "figure",
    "of",
    "said by",
    "true of",
    "what the figures support",
    "source",
)
_ORDER = [Verdict.CONTRADICTED, Verdict.CONSISTENT, Verdict.NOT_CHECKABLE]
_NO_INTENT = (
    "A verdict is about a published figure and its wording, never about what anyone meant. A consistent claim fits the "
    "figures for the population that is shown."
)
_BARS = {"name": pl.String, "number": pl.Int64, "note": pl.String}


def claims_part(audit: AuditResult, judged: Sequence[JudgedClaim]) -> Section:
    """Return the part on claims; with none it says so."""
    heading = "What was said, and does it follow?"
    if not judged:
        return Section("claims", heading, ["The register has no claim that these figures can test."])
    counted = Counter(each.verdict for each in judged)
    sentence = (
        f"Of {len(judged):,} public claims that these figures can test, {counted[Verdict.CONSISTENT]:,} fit them, "
        f"{counted[Verdict.CONTRADICTED]:,} are contradicted, and {counted[Verdict.NOT_CHECKABLE]:,} cannot be "
        "decided. "
        "Each is given in our own words beside its source."
    )
    return Section(
        "claims",
        heading,
        [sentence],
        [_picture(audit, judged)],
        [DataTable("claims-table", "The claims", _HEADS, _rows(judged), search=True)],
        (_NO_INTENT,),
    )


def _rows(judged: Sequence[JudgedClaim]) -> list[tuple[Cell, ...]]:
    ordered = sorted(judged, key=lambda each: (_ORDER.index(each.verdict), each.cause, each.claim.id))
    rows: list[tuple[Cell, ...]] = []
    for each in ordered:
        claim, statement = each.claim, each.claim.statement
        source = statement.source if statement else None
        rows.append(
            (
                each.verdict.value.replace("_", " "),
                CAUSES[each.cause],
                claim.text,
                claim.figure or None,
                claim.period or None,
                f"{statement.speaker.name}, {statement.date}" if statement else None,
                each.true_of,
                each.true_sentence or each.message,
                _link(source.title, source.url) if source else None,
            )
        )
    return rows


def _link(title: str, url: str) -> Cell:
    """Link an address of the web; anything else is text, so that no script is run by a click."""
    return Link(title, url) if url.startswith(("https://", "http://")) else title


def _picture(audit: AuditResult, judged: Sequence[JudgedClaim]) -> Picture:
    counted = Counter((each.verdict, each.cause) for each in judged)
    ordered = sorted(counted, key=lambda key: (_ORDER.index(key[0]), -counted[key], key[1]))
    rows = [
        {
            "name": f"{verdict.value.replace('_', ' ')}: {cause.replace('_', ' ')}",
            "number": counted[verdict, cause],
            "note": f"{counted[verdict, cause]:,}",
        }
        for verdict, cause in ordered
    ]
    listed = "; ".join(f"{row['name']} {row['note']}" for row in rows)
    columns = (("verdict and cause", "name"), ("claims", "number"))
    wrong = Counter(each.verdict for each in judged)[Verdict.CONTRADICTED]
    return Picture(
        id="claims-by-verdict",
        title=f"{wrong:,} of {len(judged):,} public claims are contradicted by the published figures",
        alt=f"Claims by verdict and cause. {listed}.",
        unit="number of claims",
        source=source_line({part.publication for part in audit.parts}, audit.definitions),
        spec=charts.bars(len(rows), columns),
        figures=pl.DataFrame(rows, schema=_BARS),
        columns=columns,
    )
