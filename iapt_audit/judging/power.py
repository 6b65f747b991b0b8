"""Say beside a clean bill what it would have caught: one printed percentage off by so many points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.constraints import rates
from iapt_audit.model.columns import CELLS, SCALE, Statistic
from iapt_audit.solver import two_variables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.constraints.context import Context

#: How many points a percentage is moved, either way.
POINTS = (1, 2, 3, 5)

#: Of the percentages of one rate, file and level: how many were moved (each both ways), and how many of those
#: no counts could give.
POWER = pl.Schema(
    {
        "rate": pl.Categorical(),
        "file": CELLS["file"],
        "level": CELLS["level"],
        "points": pl.Int64(),
        "moved": pl.Int64(),
        "caught": pl.Int64(),
    }
)


def power(judged: Sequence[rates.Candidates], kinds: Sequence[rates.Kinds], context: Context) -> pl.DataFrame:
    """
    Move every judged percentage, one at a time, and count how often its own counts would have given it away.

    Args:
        judged: The groups of each rate, as judged.
        kinds: Their kinds.
        context: The cells and definitions.

    Returns:
        Rows of `POWER`. Means are left out: a point is a hundredth of a percentage.
    """
    frames = [pl.DataFrame(schema=POWER)]
    for found, of_rate in zip(judged, kinds, strict=True):
        checkable = np.flatnonzero(found.reason < 0)
        if found.rate.statistic is not Statistic.PERCENTAGE or not len(checkable):
            continue
        groups = context.located.groups[found.group[checkable]]
        of_kind = groups.select("file", "level", kind=pl.Series(of_rate.kind))
        weighed = of_kind.group_by("file", "level", "kind").agg(moved=2 * pl.len().cast(pl.Int64))
        for points in POINTS:
            caught = np.zeros(of_rate.count, dtype=np.int64)
            for given in of_rate.systems:
                for shift in (points * SCALE, -points * SCALE):
                    moved = rates.shifted(given, found.rate, shift)
                    # most are caught by their bounds, which is sooner seen than solved
                    left = rates.within_reach(moved)
                    caught[moved.group[~left]] += 1
                    caught[moved.group[left]] += ~two_variables.possible(moved.take(left))
            frames.append(
                weighed.with_columns(caught=pl.Series(caught).gather(weighed["kind"]) * pl.col("moved") // 2)
                .group_by("file", "level")
                .agg(pl.col("moved", "caught").sum())
                .with_columns(rate=pl.lit(found.rate.id), points=pl.lit(points))
                .select(POWER.names())
                .cast(POWER)
            )
    return pl.concat(frames).sort("file", "level", pl.col("rate").cast(pl.String), "points")


def shares(counted: pl.DataFrame) -> dict[str, str]:
    """
    Return the share caught by points off, as decimal text rounded down, over all rates counted.

    >>> shares(pl.DataFrame({"points": [1, 1], "moved": [2, 2], "caught": [1, 2]}))
    {'1': '0.7500'}
    """
    sums = counted.group_by("points").agg(pl.col("moved", "caught").sum()).sort("points")
    told = {}
    for points, moved, caught in sums.iter_rows():
        units = caught * SCALE // moved
        told[str(points)] = f"{units // SCALE}.{units % SCALE:04d}"
    return told
