"""
Set a year beside the sum of its twelve months, concept by concept: the year is counted in a later run, and differs.

The difference is worth a note and never an error. Source: rules.md, "Identities": referrals are 1 to 2.3% more in the
year, finished courses within 0.5%.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.columns import CELLS, TOTAL, Level, Statistic
from iapt_audit.model.findings import Code, Finding
from iapt_audit.model.periods import first_month, is_period, is_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.constraints.context import Context

_MONTHS = 12
_PLACE = ("level", "org_code")
#: A count of one organisation's total in one part.
_COUNTS = pl.Schema(
    {
        "concept": pl.String(),
        "part": pl.UInt32(),
        "level": CELLS["level"],
        "org_code": CELLS["org_code"],
        "cell": pl.Int64(),
        "low": pl.Int64(),
        "high": pl.Int64(),
    }
)


def revisions(context: Context) -> list[Finding]:
    """
    Note by how much each year differs from its twelve months, where all twelve are there.

    England's counts are exact, and each concept gets its note. Below England a count stands for its bounds, those of a
    suppressed one too: only how many organisations differ beyond that is told, by level.
    """
    findings: list[Finding] = []
    years = list(_years(context))
    if not years:
        return findings
    counts = _counts(context)
    for year, months in years:
        beside = _beside(counts, year, months)
        england = beside.filter(pl.col("level") == Level.ENGLAND).sort("concept")
        findings += [_of_england(row, context) for row in england.to_dicts() if row["year_low"] != row["low"]]
        findings += _below(beside.filter(pl.col("level") != Level.ENGLAND), year, context)
    return findings


def months_of(year: str) -> list[str]:
    """
    Name the months of a financial year.

    >>> months_of("2023-24")[0], months_of("2023-24")[-1], len(months_of("2023-24"))
    ('2023-04', '2024-03', 12)
    """
    first, start = (int(part) for part in first_month(year).split("-"))
    numbers = [first * _MONTHS + start - 1 + step for step in range(_MONTHS)]
    return [f"{number // _MONTHS}-{number % _MONTHS + 1:02d}" for number in numbers]


def _years(context: Context) -> Iterator[tuple[int, list[int]]]:
    """Return the part of each year with the parts of its twelve months; of two parts of one period the later."""
    parts = {
        (part.publication, part.period): number
        for number, part in enumerate(context.parts)
        # cited figures come from many runs; a file given twice holds nothing the second time
        if not part.gathered and is_period(part.period) and context.inputs[part.input].cells
    }
    publications = list(dict.fromkeys(publication for publication, _ in parts))
    for (_, period), number in parts.items():
        if not is_year(period):
            continue
        for publication in publications:
            months = [parts.get((publication, month)) for month in months_of(period)]
            found = [month for month in months if month is not None]
            if len(found) == _MONTHS:
                yield number, found


def _counts(context: Context) -> pl.DataFrame:
    """Gather the counts of every concept in the totals of every organisation (`_COUNTS`)."""
    groups = context.located.groups.with_row_index("group").filter(pl.col("breakdown") == TOTAL)
    frames = [pl.DataFrame(schema=_COUNTS)]
    counted = {name.concept for name in context.definitions.names if name.statistic is Statistic.COUNT}
    for concept in sorted(counted):
        cell = pl.Series(context.located.cells(concept))
        here = groups.with_columns(concept=pl.lit(concept), cell=cell.gather(groups["group"])).filter(
            pl.col("cell") >= 0
        )
        of_cell = context.cells.select(pl.col("low", "high").gather(here["cell"]))
        frames.append(
            pl.concat([here, of_cell], how="horizontal")
            .rename({"file": "part"})
            .drop_nulls(["low", "high"])
            .select(_COUNTS.names())
            .cast(_COUNTS)
        )
    return pl.concat(frames)


def _beside(counts: pl.DataFrame, year: int, months: list[int]) -> pl.DataFrame:
    """Set the count of a year beside the sum of its months, where all twelve hold it."""
    key = ["concept", *_PLACE]
    summed = (
        counts.filter(pl.col("part").is_in(months))
        .sort("part")
        .group_by(key)
        .agg(pl.col("low").sum(), pl.col("high").sum(), pl.col("cell").alias("cells"), parts=pl.col("part").n_unique())
        .filter(pl.col("parts") == _MONTHS)
        .drop("parts")
    )
    of_year = counts.filter(pl.col("part") == year).select(*key, "cell", year_low="low", year_high="high")
    return of_year.join(summed, on=key, how="inner")


def _of_england(row: dict[str, object], context: Context) -> Finding:
    year, total = int(str(row["year_low"])), int(str(row["low"]))
    cells = row["cells"]
    title = context.definitions.concepts[str(row["concept"])].title
    more = year - total
    share = f" ({100 * more / total:+.2f}%)" if total else ""
    message = (
        f"{title}: the year has {year:,}, its twelve months add up to {total:,}, a difference of {more:+,}{share}: "
        "the year is a later run of the same referrals"
    )
    numbers = [int(str(row["cell"])), *(cells if isinstance(cells, list) else [])]
    return replace(context.finding(Code.REVISED, message, numbers), low=None, high=None)


def _below(beside: pl.DataFrame, year: int, context: Context) -> list[Finding]:
    """Count by level and concept the organisations whose year and months differ beyond what their bounds leave open."""
    counted = (
        beside.group_by("concept", "level")
        .agg(
            all=pl.len(),
            more=(pl.col("year_low") > pl.col("high")).sum(),
            fewer=(pl.col("year_high") < pl.col("low")).sum(),
        )
        .filter((pl.col("more") > 0) | (pl.col("fewer") > 0))
        .sort("level", "concept")
    )
    part = context.parts[year]
    return [
        Finding(
            Code.REVISED,
            f"{context.definitions.concepts[row['concept']].title}: of {row['all']:,} at the level {row['level']} with "
            f"all twelve months, {row['more']:,} have more in the year than their months can add up to, "
            f"{row['fewer']:,} fewer: the year is a later run",
            publication=part.publication,
            period=part.period,
            level=row["level"],
            statistic=Statistic.COUNT.value,
            measures=_measures(row["concept"], part.publication, context),
        )
        for row in counted.to_dicts()
    ]


def _measures(concept: str, publication: str, context: Context) -> tuple[str, ...]:
    names = context.definitions.names
    return tuple(
        dict.fromkeys(name.measure for name in names if (name.concept, name.publication) == (concept, publication))
    )
