"""Say what a new version does to the headline: each rate before and after, and the difference in points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.model.columns import CELLS, HUNDRED_PERCENT, STANDING, Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.versions.line_up import Pair

_SIDE = {
    "printed": pl.String(),
    "exact_numerator": pl.Int64(),
    "exact_denominator": pl.Int64(),
    "low": pl.Int64(),
    "high": pl.Int64(),
    "standing": STANDING,
    "contradicted": pl.Boolean(),
}
#: A headline rate that differs: `low` and `high` in ten-thousandths of a per cent, rounded outward; the points are the
#: newer less the older, exact up to the last of these digits where both rates are. `told` is false where the older side
#: is not told since it hangs together with a cell that one version does not print.
HEADLINE_CHANGES = pl.Schema(
    {
        "pair": pl.UInt16(),
        "level": CELLS["level"],
        "org_code": pl.String(),
        "org_name": pl.String(),
        "measure": pl.String(),
        "standard": pl.String(),
        **{f"{side}_{name}": kind for side in ("old", "new") for name, kind in _SIDE.items()},
        "points_low": pl.Int64(),
        "points_high": pl.Int64(),
        "exact": pl.Boolean(),
        "told": pl.Boolean(),
    }
)
_KEY = ("pair", "level", "org_code", "measure", "standard")


def headline_changes(
    old: pl.DataFrame, new: pl.DataFrame, pairs: Sequence[Pair], newly_suppressed: pl.DataFrame
) -> pl.DataFrame:
    """
    Return the headline rates that differ (`HEADLINE_CHANGES`): England's first, then by the size of the change.

    Args:
        old: The headline of the older version, gated, and without the cells that the newer does not print.
        new: That of the newer, in the same way.
        pairs: Which of their periods belong together.
        newly_suppressed: Organisations (`pair`, `code`) of a re-issue with a cell that became suppressed: of these the
            older side is not told.
    """
    before = _placed(old, {(pair.publication, pair.old_period): number for number, pair in enumerate(pairs)})
    after = _placed(new, {(pair.publication, pair.new_period): number for number, pair in enumerate(pairs)})
    before, after = before.rename(_named("old", before)), after.rename(_named("new", after))
    joined = before.join(after, on=list(_KEY), how="full", coalesce=True, nulls_equal=True)
    differs = pl.any_horizontal(pl.col(f"old_{name}").ne_missing(pl.col(f"new_{name}")) for name in _SIDE)
    hides = pl.col("old_entangled").fill_null(value=False) | pl.col("new_entangled").fill_null(value=False)
    codes = newly_suppressed.select("pair", code="code").unique().with_columns(beside=pl.lit(value=True))
    found = joined.filter(differs)
    touched = (
        found.select("pair", code=pl.col("org_code").str.split("/"))
        .with_row_index("at")
        .explode("code", empty_as_null=True, keep_nulls=True)
        .join(codes, on=["pair", "code"], how="semi")
    )
    beside = pl.int_range(pl.len()).is_in(touched["at"].unique().to_list())
    found = found.with_columns(told=~(hides | beside)).with_columns(
        pl.when("told").then(pl.col(f"old_{name}")).alias(f"old_{name}") for name in _SIDE
    )
    points = [_points(row) for row in found.iter_rows(named=True)]
    size = pl.max_horizontal(pl.col("points_low"), -pl.col("points_high"), 0)
    return (
        found.with_columns(
            points_low=pl.Series([each[0] for each in points], dtype=pl.Int64),
            points_high=pl.Series([each[1] for each in points], dtype=pl.Int64),
            exact=pl.Series([each[2] for each in points], dtype=pl.Boolean),
            org_name=pl.coalesce("new_org_name", "old_org_name"),
        )
        .select(HEADLINE_CHANGES.names())
        .cast(HEADLINE_CHANGES)
        .sort(
            pl.col("level") != Level.ENGLAND, size.fill_null(0), "pair", "level", "org_code", "measure", "standard",
            descending=[False, True, False, False, False, False, False],
        )
    )  # fmt: skip


def _placed(headline: pl.DataFrame, pair_of: dict[tuple[str, str], int]) -> pl.DataFrame:
    numbers = pl.DataFrame(
        [(publication, period, number) for (publication, period), number in pair_of.items()],
        schema={"publication": pl.String, "period": pl.String, "pair": pl.UInt16},
        orient="row",
    )
    return headline.join(numbers, on=["publication", "period"], how="inner", maintain_order="left").select(
        "pair",
        "level",
        pl.col("org_code", "org_name").cast(pl.String),
        "measure",
        "standard",
        "entangled",
        *_SIDE,
    )


def _named(side: str, frame: pl.DataFrame) -> dict[str, str]:
    return {name: f"{side}_{name}" for name in frame.columns if name not in _KEY}


def _points(row: dict[str, Any]) -> tuple[int | None, int | None, bool]:
    """
    Return the difference of two rates in ten-thousandths of a per cent, rounded outward, and whether both are exact.

    >>> row = {"old_low": 499_000, "old_high": 501_000, "new_low": 502_000, "new_high": 503_000}
    >>> _points({**row, "old_exact_numerator": None, "new_exact_numerator": None})
    (1000, 4000, False)
    >>> counts = {"old_exact_numerator": 1, "old_exact_denominator": 2}
    >>> _points({**row, **counts, "new_exact_numerator": 3, "new_exact_denominator": 4})
    (250000, 250000, True)
    """
    if row["old_low"] is None or row["new_low"] is None:
        return None, None, False
    if row["old_exact_numerator"] is None or row["new_exact_numerator"] is None:
        return row["new_low"] - row["old_high"], row["new_high"] - row["old_low"], False
    (n, d), (m, e) = ((row[f"{side}_exact_numerator"], row[f"{side}_exact_denominator"]) for side in ("old", "new"))
    difference, over = (m * d - n * e) * HUNDRED_PERCENT, d * e
    return difference // over, -(-difference // over), True
