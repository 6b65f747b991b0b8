"""Ask an audit what its outputs show: in order, of England, by organisation, over each denominator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.definitions.vocabulary import Headline
from iapt_audit.model.columns import Level, Standing
from iapt_audit.model.periods import in_order
from iapt_audit.model.text import decimal_text
from iapt_audit.outputs.documents.headline import over

if TYPE_CHECKING:
    from iapt_audit.definitions import Definitions, Standard
    from iapt_audit.outputs.documents.json_text import Json
    from iapt_audit.results import AuditResult


def sorted_headline(audit: AuditResult) -> pl.DataFrame:
    """Put the headline in its order: period, level, organisation, measure."""
    return audit.headline.sort(
        pl.col("period"), pl.col("level"), pl.col("org_code").cast(pl.String), pl.col("measure"), pl.col("file")
    )


def standards_in_order(definitions: Definitions) -> list[Standard]:
    """Return the standards as a summary tells them: first those of a rate that is told over every denominator."""
    return sorted(
        (standard for standard in definitions.standards.values() if standard.headline),
        key=lambda each: definitions.rates[each.rate].headline is not Headline.EVERY_DENOMINATOR,
    )


def england_rows(audit: AuditResult, standard: str) -> list[dict[str, Any]]:
    """Give England's rows of the headline for one standard, years before months."""
    rows = sorted_headline(audit).filter((pl.col("level") == Level.ENGLAND) & (pl.col("standard") == standard))
    return sorted(rows.iter_rows(named=True), key=lambda row: in_order(row["period"]))


def england_series(audit: AuditResult) -> pl.DataFrame:
    """Return the followed figures of England; those of every organisation are in the parquet."""
    return audit.series.filter(pl.col("level") == Level.ENGLAND).sort(
        "publication", "period", "section", "concept", "file"
    )


def england_waits(audit: AuditResult) -> pl.DataFrame:
    """Give England's waits of everyone beside the standards'; those of every organisation are in the parquet."""
    return audit.waits.filter(pl.col("level") == Level.ENGLAND).sort("publication", "period", "measure", "file")


def england_gaps(audit: AuditResult) -> pl.DataFrame:
    """Give England's outcomes by group; those of every organisation are in the parquet."""
    return audit.gaps.filter(pl.col("level") == Level.ENGLAND).sort(
        "publication", "period", "gap", "measure", "group", "file"
    )


def organisations(audit: AuditResult) -> list[Json]:
    """Count the organisations of each period and level by standing."""
    counted = (
        audit.headline.drop_nulls("standing")
        .group_by("period", "level", "measure", "standard", "standing")
        .agg(pl.len(), pl.col("entangled").sum())
        .sort("period", "level", "measure", "standard")
    )
    rows: dict[tuple[str, ...], Json] = {}
    for period, level, measure, standard, standing, count, entangled in counted.iter_rows():
        key = (period, level, measure, standard)
        row = rows.setdefault(
            key,
            {"period": period, "level": level, "measure": measure, "standard": standard}
            | {each.value: 0 for each in Standing}
            | {"undecided_for": {"rounding": 0, "suppression": 0}},
        )
        row[standing] = count
        if standing == Standing.UNDECIDED:
            row["undecided_for"] = {"rounding": count - entangled, "suppression": entangled}
    return list(rows.values())


def over_denominators(row: Json, definitions: Definitions) -> list[Json]:
    """
    Tell a headline rate over each denominator: its own, and of an outcome every other one that is published.

    `low` and `high` are null where the file holds no such count; `cohort` is `other` where the denominator is of other
    referrals than those that ended in the period; `run` is `other` where its count comes from another run or source.
    """
    return [
        {
            "denominator": each.denominator,
            "low": None if row[each.low] is None else decimal_text(row[each.low]),
            "high": None if row[each.high] is None else decimal_text(row[each.high]),
            "cohort": "same" if each.same_cohort else "other",
            "run": "other" if each.run and row[each.run] else "same",
        }
        for each in over(definitions.rates[row["measure"]], definitions)
    ]
