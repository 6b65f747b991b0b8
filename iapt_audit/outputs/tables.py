"""Lay an audit out in tables, as `--out` writes them and a program takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.claims.register import on_audit
from iapt_audit.model.tables import TABLES
from iapt_audit.outputs.documents.audit import finding_json
from iapt_audit.outputs.documents.claims import claims
from iapt_audit.outputs.queries import sorted_headline

if TYPE_CHECKING:
    from iapt_audit.outputs.documents.json_text import Json
    from iapt_audit.results import AuditResult

#: The claims as a table: what of each entry is text, and whether that is ours; the readings are in `audit.json`.
_CLAIMS = dict.fromkeys(
    ("id", "text", "period", "level", "org_code", "comparison", "verdict", "cause", "slip", "figure", "measure",
     "population", "true_of", "true_sentence", "speaker", "date", "message"), pl.String
) | {"in_our_words": pl.Boolean}  # fmt: skip


#: What is worked out of an audit for its outputs, and no stage makes.
_WORKED_OUT = ("waits", "findings", "claims")

#: The tables that an audit is laid out in.
NAMES = (*TABLES, *_WORKED_OUT)


def table_of(audit: AuditResult, name: str, content: Json | None = None) -> pl.DataFrame:
    """
    Return one of the tables `NAMES`.

    Those that do not name their publication and period themselves carry path, member, publication and period beside
    the columns of their frames.

    Args:
        audit: What was found.
        name: The table.
        content: The document of the audit, where that was made already.
    """
    if name == "claims":
        entries = claims(on_audit(audit)) if content is None else content["claims"]
        return pl.DataFrame(entries, schema=_CLAIMS)
    if name == "findings":
        return _findings_table([finding_json(each) for each in audit.findings])
    if name == "waits":
        return audit.waits.drop("file")
    kind = TABLES[name]
    match name:
        case "headline":
            table = sorted_headline(audit)
        case "cells":
            table = audit.cells.with_row_index("cell")
        case _:
            table = getattr(audit.published.tables, name).drop(kind.drops)
    # tables that are not placed name their publication and period themselves
    return _placed(table, audit) if kind.placed else table.drop("file")


def _placed(frame: pl.DataFrame, audit: AuditResult) -> pl.DataFrame:
    sources = [audit.inputs[part.input] for part in audit.parts]
    files = pl.DataFrame(
        {
            "file": range(len(audit.parts)),
            "path": [source.path for source in sources],
            "member": [source.member for source in sources],
            "publication": [part.publication for part in audit.parts],
            "period": [part.period for part in audit.parts],
        },
        schema={
            "file": frame.schema["file"],
            **dict.fromkeys(("path", "member", "publication", "period"), pl.Categorical),
        },
    )
    return frame.join(files, on="file", how="left", maintain_order="left").drop("file")


def _findings_table(findings: list[dict[str, object]]) -> pl.DataFrame:
    text = ("id", "code", "rule", "severity", "publication", "period", "level", "org_code", "org_name", "breakdown",
            "statistic", "printed", "low", "high", "message", "certificate",
            "waived")  # fmt: skip
    cell: dict[str, pl.DataType] = {
        **dict.fromkeys(("measure", "statistic", "printed"), pl.String()),
        **dict.fromkeys(("low", "high"), pl.Int64()),
        **dict.fromkeys(("path", "member"), pl.String()),
        "row": pl.Int64(),
    }
    schema: dict[str, pl.DataType] = {
        **dict.fromkeys(text, pl.String()),
        "measures": pl.List(pl.String()),
        "cells": pl.List(pl.Struct(cell)),
        "count": pl.Int64(),
    }
    return pl.DataFrame(findings, schema=schema)
