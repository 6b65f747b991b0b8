"""Write an audit to a folder: `audit.json`, and the tables as parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.document import document, sorted_headline, to_json
from iapt_audit.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.flow import Audit


#: The claims as a table: what of each entry is text; the readings are in `audit.json`.
_CLAIMS = dict.fromkeys(
    ("id", "text", "period", "level", "org_code", "comparison", "verdict", "cause", "slip", "figure", "measure",
     "population", "true_of", "true_sentence", "speaker", "date", "message"), pl.String
)  # fmt: skip


def write_all(audit: Audit, folder: Path) -> None:
    """
    Write `audit.json`, and as parquet the cells, rates, headline, series, waits, gaps, power, findings, claims.

    The tables carry path, member, publication and period beside the columns of their frames.

    Raises:
        OutputError: If the folder cannot be written to.
    """
    content = document(audit)
    tables = {
        "cells": _placed(audit.cells.with_row_index("cell"), audit),
        "rates": _placed(audit.rates, audit),
        "headline": sorted_headline(audit).drop("file"),
        "series": _placed(audit.series.drop("publication", "period"), audit),
        "waits": audit.waits.drop("file"),
        "gaps": audit.gaps.drop("file"),
        "power": _placed(audit.power, audit),
        "findings": _findings_table(content["findings"]),
        "claims": pl.DataFrame(content["claims"], schema=_CLAIMS),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "audit.json").write_text(to_json(content), encoding="utf-8")
        for name, table in tables.items():
            table.write_parquet(folder / f"{name}.parquet")
    except OSError as error:
        raise OutputError.from_os(folder, error) from None


def _placed(frame: pl.DataFrame, audit: Audit) -> pl.DataFrame:
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
    }
    return pl.DataFrame(findings, schema=schema)
