"""Say which files of a period were replaced by a later version, and of which nothing is told any more."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.columns import Status

if TYPE_CHECKING:
    from iapt_audit.claims.known_figures import FigurePlace
    from iapt_audit.results import AuditResult


class Version(StrEnum):
    """What a replaced file is good for: to be told beside the last, or for nothing."""

    REPLACED = "replaced"
    UNTOLD = "untold"


def replaced_files(audit: AuditResult, place: FigurePlace) -> dict[int, Version]:
    """
    Return the files of an organisation and period that a later file of the same publication replaced.

    The last that was read tells, as in the audit. Where it withholds a cell that an earlier one prints, nothing of the
    earlier one is told: it would give away what was since suppressed.
    """
    of_publication: dict[str, list[int]] = {}
    for number, part in enumerate(audit.parts):
        if part.period == place.period:
            of_publication.setdefault(part.publication, []).append(number)
    found: dict[int, Version] = {}
    for files in of_publication.values():
        if len(files) > 1:
            found |= _replaced(audit, place, files)
    return found


def _replaced(audit: AuditResult, place: FigurePlace, files: list[int]) -> dict[int, Version]:
    cells = audit.cells.filter(
        pl.col("file").is_in(files)
        & (pl.col("level") == place.level)
        & (pl.col("org_code").cast(pl.String).str.to_lowercase() == place.org.casefold())
    )
    holding = cells["file"].unique().sort().to_list()
    if len(holding) <= 1:
        return {}
    hidden = pl.col("status").is_in([Status.SUPPRESSED, Status.WITHHELD_OR_ABSENT]) | pl.col("held_back")
    key = ["breakdown", "measure", "statistic"]
    last = cells.filter((pl.col("file") == holding[-1]) & hidden).select(key)
    versions = {}
    for file in holding[:-1]:
        shown = cells.filter((pl.col("file") == file) & ~hidden)
        lost = shown.join(last, on=key, how="semi", nulls_equal=True)
        versions[file] = Version.UNTOLD if len(lost) else Version.REPLACED
    return versions
