"""Hold the counts of each level below England, added up, to England's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.constraints.grid import Grid, rows_of
from iapt_audit.model.columns import CELLS, HUNDRED_PERCENT, TOTAL, Level
from iapt_audit.model.findings import Code, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.arrays import Ints
    from iapt_audit.constraints.context import Context
    from iapt_audit.definitions import LevelSum


#: A sum of a level for one count of a file and breakdown: how wide the bounds of the sum are, in ten-thousandths of a
#: per cent of England's count. An England count that is off by less than that may pass.
WIDTHS = pl.Schema({"rule": pl.String(), "file": CELLS["file"], "width": pl.Int64()})

#: An organisation that a file lacks is missing from nearly all of its counts; a wrong figure is in one, or a few.
_LACKS_ROWS = 10


@dataclass(frozen=True, slots=True)
class Levels:
    """What was found, and how wide each sum is (`WIDTHS`)."""

    findings: list[Finding]
    widths: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Sums:
    """The counts of England [K], and the least and greatest that those of a level add up to."""

    rule: LevelSum
    file: int
    breakdown: str
    england: Ints
    least: Ints
    most: Ints
    organisations: int


def judge_levels(context: Context) -> Levels:
    """
    Add up every level whose counts make England's.

    Only a sum that is over England's contradicts it. One that falls short proves nothing, since a file may lack an
    organisation: in many counts at once it lacks one by all appearance, in a few one may be small, or a figure wrong.
    """
    findings: list[Finding] = []
    widths: list[tuple[str, int, int]] = []
    low, high = context.arrays.low, context.arrays.high
    for file in range(len(context.parts)):
        few: dict[str, list[tuple[_Sums, int]]] = {}
        for sums in _sums(context, file):
            england_low, england_high = low[sums.england], high[sums.england]
            short = np.flatnonzero(sums.most < england_low)
            if len(short) * _LACKS_ROWS > len(sums.england):
                findings += _lacking(context, sums, len(short))
            else:
                few.setdefault(sums.rule.id, []).extend((sums, int(at)) for at in short)
            findings += [_over(context, sums, int(at)) for at in np.flatnonzero(sums.least > england_high)]
            width = HUNDRED_PERCENT * (sums.most - sums.least) // np.maximum(england_high, 1)
            widths += [(sums.rule.id, file, int(each)) for each in width]
        findings += [_short(context, told) for told in few.values() if told]
    return Levels(findings, pl.DataFrame(widths, schema=WIDTHS, orient="row"))


def _sums(context: Context, file: int) -> Iterator[_Sums]:
    """
    Add up the levels of a file, breakdown by breakdown.

    A level in which a key stands twice, or a row names no organisation, says nothing.
    """
    publication = context.parts[file].publication
    rules = [rule for rule in context.definitions.level_sums if rule.publication == publication]
    if not rules:
        return
    cells, here = rows_of(context.cells["file"], file), rows_of(context.located.groups["file"], file)
    of_file = context.cells[cells.start : cells.stop]
    groups = context.located.groups[here.start : here.stop].with_row_index("group").drop("file")
    grid = Grid.of(of_file, cells.start, here.start)
    counts = grid.count(grid.measures) if grid.measures else np.empty((len(groups), 0), dtype=np.int64)
    england = groups.filter(pl.col("level") == Level.ENGLAND).select("breakdown", "group")
    nameless = pl.col("org_code").cast(pl.String).str.strip_chars().fill_null("") == ""
    unsure = {
        *of_file.filter("repeated")["level"].cast(pl.String).unique(),
        *groups.filter(nameless)["level"].cast(pl.String).unique(),
    }
    for rule in rules:
        if rule.level.value in unsure:
            continue
        of_level = groups.filter(pl.col("level") == rule.level.value).group_by("breakdown").agg(below="group")
        for breakdown, whole, below in england.join(of_level, on="breakdown").sort("group").iter_rows():
            at = counts[whole]
            parts = counts[below]
            known = (at >= 0) & (parts >= 0).all(axis=0)
            if known.any():
                least, most = (
                    bound[parts[:, known]].sum(axis=0) for bound in (context.arrays.low, context.arrays.high)
                )
                yield _Sums(rule, file, breakdown, at[known], least, most, len(below))


def _over(context: Context, sums: _Sums, at: int) -> Finding:
    one = context.finding(Code.LEVELS_CONTRADICTED, "", [int(sums.england[at])])
    least, most = int(sums.least[at]), int(sums.most[at])
    return replace(
        one,
        rule=sums.rule.id,
        rules=(sums.rule.id,),
        message=(
            f"England's {one.measures[0]} is printed as {one.printed}, and the {sums.organisations:,} rows of level "
            f"{sums.rule.level} add up to at least {least:,}, which is more: one of them, or England's, is wrong"
        ),
        low=str(least),
        high=str(most),
    )


def _short(context: Context, told: list[tuple[_Sums, int]]) -> Finding:
    """Note once a file and level the few counts of England that the level does not reach."""
    cells = [int(sums.england[at]) for sums, at in told]
    one = context.finding(Code.LEVELS_SHORT, "", cells)
    first, at = told[0]
    counts = "1 count" if len(told) == 1 else f"{len(told):,} counts"
    where = {sums.breakdown for sums, _ in told}
    return replace(
        one,
        breakdown=first.breakdown if len(where) == 1 else None,
        rule=first.rule.id,
        rules=(first.rule.id,),
        message=(
            f"the rows of level {first.rule.level} add up to less than {counts} of England, such as "
            f"{one.cells[0].measure}, printed as {one.printed} and here {int(first.most[at]):,} at most: the file "
            "may lack "
            f"a small organisation, or a figure may be wrong; this does not prove any figure wrong"
        ),
        low=None,
        high=None,
    )


def _lacking(context: Context, sums: _Sums, short: int) -> list[Finding]:
    """Note once a file, of its totals, that it seems not to hold all organisations of a level."""
    if sums.breakdown != TOTAL:
        return []
    part = context.parts[sums.file]
    message = (
        f"the {sums.organisations:,} rows of level {sums.rule.level} add up to less than England in {short:,} of "
        f"{len(sums.england):,} counts: the file seems to lack some of them"
    )
    return [
        Finding(
            Code.LEVEL_INCOMPLETE,
            message,
            publication=part.publication,
            period=part.period,
            level=sums.rule.level.value,
            rule=sums.rule.id,
        )
    ]
