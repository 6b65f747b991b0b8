"""Write an audit to a folder: `audit.json`, and the tables as parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.errors.base import OutputError
from iapt_audit.outputs.documents.audit import document
from iapt_audit.outputs.documents.json_text import to_json
from iapt_audit.outputs.tables import NAMES, table_of

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.results import AuditResult


def write_all(audit: AuditResult, folder: Path) -> None:
    """
    Write `audit.json`, and as parquet the cells, rates, headline, series, waits, gaps, power, findings, claims.

    Raises:
        OutputError: If the folder cannot be written to.
    """
    content = document(audit)
    laid_out = {name: table_of(audit, name, content) for name in NAMES}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "audit.json").write_text(to_json(content), encoding="utf-8", newline="\n")
        for name, table in laid_out.items():
            table.write_parquet(folder / f"{name}.parquet")
    except OSError as error:
        raise OutputError.from_os(folder, error) from None
