"""
Set two versions of the same figures side by side, cell by cell, and say what changed.

Everything here is told with all that is known; only what passed `disclosure.publish_changes` may leave the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.columns import CELLS, STATUS, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.model.inputs import Part

#: What a cell is known by within a publication and period.
KEY = ("level", "org_code", "breakdown", "measure", "statistic")
_ABOUT = ("row", "org_name", "printed", "status", "value", "held_back")


class Change(StrEnum):
    """What became of a cell from the older version to the newer."""

    FIGURE = "figure"
    TEXT = "text"
    BECAME_SUPPRESSED = "became_suppressed"
    NO_LONGER_SUPPRESSED = "no_longer_suppressed"
    STATUS = "status"
    GONE = "gone"
    ADDED = "added"


#: A cell that changed, with all that is known of it: `pair` counts the pairs of periods; `old_cell` and `new_cell` are
#: positions in the tidy frames, null for none. `unsure` marks a cell that one of the versions does not print.
CHANGES = pl.Schema(
    {
        "pair": pl.UInt16(),
        **{name: CELLS[name] for name in KEY},
        "org_name": CELLS["org_name"],
        "change": pl.Enum([each.value for each in Change]),
        **{
            f"{side}_{name}": kind
            for side in ("old", "new")
            for name, kind in (
                ("cell", pl.UInt32()),
                ("row", CELLS["row"]),
                ("printed", pl.String()),
                ("status", STATUS),
                ("held_back", pl.Boolean()),
            )
        },
    }
)


@dataclass(frozen=True, slots=True)
class Pair:
    """
    A period of a publication that both versions hold, with the numbers of its parts on either side.

    Of a `reissue` both sides are of the same period; without it, one period stands beside another.
    """

    publication: str
    old_period: str
    new_period: str
    old_parts: tuple[int, ...]
    new_parts: tuple[int, ...]

    @property
    def reissue(self) -> bool:
        """Return whether the two sides are of one period."""
        return self.old_period == self.new_period

    def parts(self, side: int) -> tuple[int, ...]:
        """Return the numbers of the parts of the older side (0) or the newer (1)."""
        return self.new_parts if side else self.old_parts


@dataclass(frozen=True, slots=True)
class Lined:
    """
    The cells of two versions beside each other.

    `both` has one row a cell that both hold once (`pair`, `old_cell`, `new_cell`); `changes` are rows of `CHANGES`;
    `twice` counts by organisation the keys that stand twice on a side and are not compared; `names` are the names of a
    code that differ; `organisations` and `measures` are those that only one side holds.
    """

    both: pl.DataFrame
    changes: pl.DataFrame
    twice: pl.DataFrame
    names: pl.DataFrame
    organisations: pl.DataFrame
    measures: pl.DataFrame


def pair_periods(old: Sequence[Part], new: Sequence[Part]) -> list[Pair]:
    """
    Pair the parts of two versions by publication and period.

    Where a publication has no period in both, and one period on each side, these two are set beside each other.

    >>> from iapt_audit.model.inputs import Part
    >>> march, april = (Part(0, "monthly_activity", f"2026-0{month}") for month in (3, 4))
    >>> [(pair.old_period, pair.new_period) for pair in pair_periods([march, april], [april])]
    [('2026-04', '2026-04')]
    >>> [(pair.old_period, pair.new_period, pair.reissue) for pair in pair_periods([march], [april])]
    [('2026-03', '2026-04', False)]
    """
    sides = [_by_period(old), _by_period(new)]
    pairs = []
    for publication in sorted({publication for side in sides for publication, _ in side}):
        periods = [{period for name, period in side if name == publication} for side in sides]
        matched = [(period, period) for period in sorted(periods[0] & periods[1])]
        if not matched and len(periods[0]) == len(periods[1]) == 1:
            matched = [(min(periods[0]), min(periods[1]))]
        pairs += [
            Pair(publication, before, after, sides[0][publication, before], sides[1][publication, after])
            for before, after in matched
        ]
    return pairs


def _by_period(parts: Sequence[Part]) -> dict[tuple[str, str], tuple[int, ...]]:
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for number, part in enumerate(parts):
        key = (part.publication, part.period)
        found[key] = (*found.get(key, ()), number)
    return found


def line_up(old: pl.DataFrame, new: pl.DataFrame, pairs: Sequence[Pair]) -> Lined:
    """
    Set the cells of two versions beside each other.

    Args:
        old: The tidy frame of the older version (`model.columns.CELLS`); a cell is known by its position.
        new: That of the newer.
        pairs: Which of their parts belong together.
    """
    before = _placed(old, [pair.old_parts for pair in pairs])
    after = _placed(new, [pair.new_parts for pair in pairs])
    key = ["pair", *KEY]
    twice = pl.concat([side.filter("twice").select(key) for side in (before, after)]).unique(maintain_order=True)
    before, after = (
        side.filter(~pl.col("twice")).join(twice, on=key, how="anti", nulls_equal=True, maintain_order="left")
        if len(twice)
        else side
        for side in (before, after)
    )
    joined = before.drop("twice").join(after.drop("twice"), on=key, how="full", coalesce=True, nulls_equal=True)
    joined = joined.rename({name: f"old_{name}" for name in ("cell", *_ABOUT)}).rename(
        {f"{name}_right": f"new_{name}" for name in ("cell", *_ABOUT)}
    )
    in_both = pl.col("old_cell").is_not_null() & pl.col("new_cell").is_not_null()
    return Lined(
        both=joined.filter(in_both).select("pair", "old_cell", "new_cell"),
        changes=_changes(joined),
        twice=twice.group_by("pair", "level", "org_code")
        .agg(cells=pl.len())
        .sort(_by_text("pair", "level", "org_code")),
        names=_names(joined.filter(in_both)),
        organisations=_one_sided(joined, ["pair", "level", "org_code"], named=True),
        measures=_one_sided(joined, ["pair", "measure", "statistic"], named=False),
    )


def _placed(cells: pl.DataFrame, parts: Sequence[tuple[int, ...]]) -> pl.DataFrame:
    """Keep the cells of some parts, with the pair they belong to and whether their key stands twice in it."""
    pair_of = {part: number for number, of_pair in enumerate(parts) for part in of_pair}
    key = ["pair", *KEY]
    return (
        cells.select("file", *KEY, *_ABOUT, "repeated")
        .with_row_index("cell")
        .filter(pl.col("file").is_in(list(pair_of)))
        .with_columns(pair=pl.col("file").replace_strict(pair_of, default=0, return_dtype=pl.UInt16))
        .with_columns(twice=pl.col("repeated") | pl.struct(key).is_duplicated())
        .drop("file", "repeated")
    )


def _changes(joined: pl.DataFrame) -> pl.DataFrame:
    """Keep the cells that differ, and say how."""
    suppressed = [pl.col(f"{side}_status") == Status.SUPPRESSED for side in ("old", "new")]
    same_status = pl.col("old_status") == pl.col("new_status")
    change = (
        pl.when(pl.col("new_cell").is_null())
        .then(pl.lit(Change.GONE.value))
        .when(pl.col("old_cell").is_null())
        .then(pl.lit(Change.ADDED.value))
        .when(suppressed[1] & ~suppressed[0])
        .then(pl.lit(Change.BECAME_SUPPRESSED.value))
        .when(suppressed[0] & ~suppressed[1])
        .then(pl.lit(Change.NO_LONGER_SUPPRESSED.value))
        .when(~same_status)
        .then(pl.lit(Change.STATUS.value))
        # one that is held back has no value here: whatever it is, it is not the one that the other version prints
        .when(pl.col("old_value").ne_missing(pl.col("new_value")))
        .then(pl.lit(Change.FIGURE.value))
        .otherwise(pl.lit(Change.TEXT.value))
    )
    differs = pl.col("old_printed").ne_missing(pl.col("new_printed")) | ~same_status
    one_sided = pl.col("old_cell").is_null() | pl.col("new_cell").is_null()
    return (
        joined.filter(one_sided | differs)
        .with_columns(change=change, org_name=pl.coalesce("new_org_name", "old_org_name"))
        .select(CHANGES.names())
        .cast(CHANGES)
        .sort(_by_text("pair", *KEY))
    )


def _names(both: pl.DataFrame) -> pl.DataFrame:
    """Gather the names under which a code stands in one version and not in the other."""
    code = ["pair", "level", "org_code"]
    old, new = (pl.col(f"{side}_org_name").cast(pl.String).unique().sort().str.join(" | ") for side in ("old", "new"))
    return (
        both.filter(pl.col("old_org_name") != pl.col("new_org_name"))
        .group_by(code)
        .agg(old_name=old, new_name=new)
        .sort(_by_text(*code))
    )


def _one_sided(joined: pl.DataFrame, what: list[str], *, named: bool) -> pl.DataFrame:
    """Gather the organisations or measures of which one side holds no cell, with how many the other holds."""
    name = [pl.coalesce("new_org_name", "old_org_name").cast(pl.String).first().alias("org_name")] if named else []
    return (
        joined.group_by(what)
        .agg(pl.col("old_cell").count().alias("old"), pl.col("new_cell").count().alias("new"), *name)
        .filter((pl.col("old") == 0) | (pl.col("new") == 0))
        .with_columns(
            change=pl.when(pl.col("new") == 0).then(pl.lit(Change.GONE.value)).otherwise(pl.lit(Change.ADDED.value)),
            cells=pl.max_horizontal("old", "new"),
        )
        .drop("old", "new")
        .sort(_by_text(*what))
    )


def _by_text(*names: str) -> list[pl.Expr]:
    """Sort codes and measures as text: their categories are numbered as they were read."""
    return [
        pl.col(name).cast(pl.String) if name in {"org_code", "breakdown", "measure"} else pl.col(name) for name in names
    ]


def differing(cells: pl.DataFrame, parts: Sequence[int]) -> int:
    """
    Count the cells that more than one of some parts of an audit has, and that are not printed alike in all of them.

    Args:
        cells: The tidy frame.
        parts: The numbers of the parts: of one publication and period.
    """
    of_parts = cells.lazy().filter(pl.col("file").is_in(list(parts)) & ~pl.col("repeated"))
    return int(of_parts.group_by(*KEY).agg(pl.col("printed").n_unique()).filter(pl.col("printed") > 1).collect().height)
