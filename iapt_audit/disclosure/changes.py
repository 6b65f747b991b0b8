"""
Let out of two versions of a file only what gives no suppressed count away.

Two versions say more together than each by itself. So of a cell that either version does not print, no figure of the
other is told, and an earlier figure that hangs together with such a cell is not told either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.columns import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.arrays import Truths


_SIDES = ("old", "new")


#: Between the codes of a commissioner and a provider.
_PAIR_SEPARATOR = "/"


def publish_changes(changes: pl.DataFrame, entangled_old: Truths, reissues: Sequence[int]) -> pl.DataFrame:
    """
    Pass the changed cells of two versions through the gate.

    - No figure is told of a cell that either version does not print: it became suppressed, or it no longer is.
    - An earlier figure is told only if it hangs together with no such cell. Then whoever has the newer file learns
      nothing of what is suppressed in it, even if the true count behind it never changed.
    - Of a re-issue, where a cell became suppressed, no earlier figure of its row is told, nor of its measure in the
      organisation's other rows and in those of its pairs: sums that no rule knows would give it back.

    Args:
        changes: Rows of `versions.line_up.CHANGES`.
        entangled_old: For each cell of the older version, whether it hangs together with a cell that is not printed.
        reissues: The pairs whose two sides are of one period.

    Returns:
        The rows with `old` and `new`, the texts that may be told, and `hidden`: `old`, `new`, `both` or null.
    """
    at = changes["old_cell"]
    tied = (
        pl.Series(entangled_old).gather(at.fill_null(0)) & at.is_not_null() if len(entangled_old) else at.is_not_null()
    )
    prints = {
        side: pl.col(f"{side}_status").is_in([Status.PUBLISHED, Status.UNPARSEABLE])
        & ~pl.col(f"{side}_held_back").fill_null(value=True)
        for side in _SIDES
    }
    alone = pl.col("old_cell").is_null() | pl.col("new_cell").is_null()
    hides = {
        "old": pl.col("old_figure") & ~(prints["old"] & (prints["new"] | alone) & ~pl.col("tied") & ~pl.col("beside")),
        "new": pl.col("new_figure") & ~(prints["new"] & (prints["old"] | alone)),
    }
    told = (
        changes.with_columns(tied=tied, beside=_beside_suppressed(changes, reissues))
        .with_columns(
            # a sign of the publisher's is no figure, and is told
            pl.col(f"{side}_status")
            .is_in([Status.PUBLISHED, Status.UNPARSEABLE])
            .fill_null(value=False)
            .alias(f"{side}_figure")
            for side in _SIDES
        )
        .with_columns(hides[side].alias(f"hide_{side}") for side in _SIDES)
    )
    return told.with_columns(
        *(pl.when(~pl.col(f"hide_{side}")).then(pl.col(f"{side}_printed")).alias(side) for side in _SIDES),
        hidden=pl.when(pl.col("hide_old") & pl.col("hide_new"))
        .then(pl.lit("both"))
        .when("hide_old")
        .then(pl.lit("old"))
        .when("hide_new")
        .then(pl.lit("new")),
    ).drop(
        "tied", "beside",
        *(f"{side}_{name}" for side in _SIDES for name in ("figure", "printed", "held_back", "cell")),
        *(f"hide_{side}" for side in _SIDES),
    )  # fmt: skip


def newly_suppressed(changes: pl.DataFrame, reissues: Sequence[int]) -> pl.DataFrame:
    """Return the cells of re-issues that became suppressed: their keys, and `code`, once for each side of a pair."""
    newly = (
        pl.col("pair").is_in(list(reissues))
        & pl.col("old_status").is_in([Status.PUBLISHED, Status.UNPARSEABLE])
        & pl.col("new_status").is_in([Status.SUPPRESSED, Status.WITHHELD_OR_ABSENT])
    )
    found = changes.filter(newly).select("pair", "level", "org_code", "breakdown", "measure", "statistic")
    codes = pl.col("org_code").cast(pl.String).str.split(_PAIR_SEPARATOR)
    return found.with_columns(code=codes).explode("code", empty_as_null=True, keep_nulls=True)


def _beside_suppressed(changes: pl.DataFrame, reissues: Sequence[int]) -> pl.Series:
    """Mark the changes of a re-issue in the row of a cell that became suppressed, or of its measure beside it."""
    seeds = newly_suppressed(changes, reissues)
    codes = pl.col("org_code").cast(pl.String).str.split(_PAIR_SEPARATOR)
    marked = changes.with_columns(first=codes.list.first(), last=codes.list.last())
    row, named = ["pair", "level", "org_code", "breakdown"], ["pair", "measure", "statistic"]
    rows = seeds.select(row).unique().with_columns(in_row=pl.lit(value=True))
    marked = marked.join(rows, on=row, how="left", maintain_order="left", nulls_equal=True)
    for side in ("first", "last"):
        found = (
            seeds.select(*named, pl.col("code").alias(side))
            .unique()
            .with_columns(pl.lit(value=True).alias(f"is_{side}"))
        )
        marked = marked.join(found, on=[*named, side], how="left", maintain_order="left", nulls_equal=True)
    flags = (pl.col(name).fill_null(value=False) for name in ("in_row", "is_first", "is_last"))
    return marked.select(pl.any_horizontal(flags)).to_series()
