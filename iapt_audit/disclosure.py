"""
Let out only what a reader of the file has anyway about a suppressed count.

For a suppressed cell nothing narrower than its printed bounds leaves, nor anything that would give it away by
subtraction. Inside, every rate is decided with all that the printed figures say together; outside, the figures of a
group that hangs together with a suppressed cell are given at face value: what the printed counts allow one by one, and
what the printed percentage allows by itself. A count that was not put through disclosure control is never repeated.

Two versions of a file say more together than each by itself. So of a cell that either version does not print, no figure
of the other is told, and an earlier figure that hangs together with such a cell is not told either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.columns import STANDING, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from iapt_audit.findings import Finding
    from iapt_audit.tally import Tally

    ExposedPlace = tuple[str, str, str | None, str | None]
    ExposedCount = tuple[tuple[str, str, str, str], Mapping[str, int]]
    ExposedRow = dict[str, str | int | None]
    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]
    Groups = Sequence[Ints]

_SIDES = ("old", "new")
_TWICE = 2

#: Of how many suppressed counts it must at least be open whether they are the ones that a number is about, before the
#: number is told. Twice the least count that the publisher prints: whoever knows some of them, as an organisation knows
#: its own, still has more before him than a printed count of 5 may stand for.
FEWEST_BEHIND = 10
#: They are at least one in so many besides: if nearly all are meant, each is as good as named.
LEAST_SHARE = 10
#: A measure with fewer suppressed counts in a rule is not told by itself: a third of so few is enough to hide in, and a
#: row that is so often withheld tells less than one of several measures.
SMALLEST_ROW = 3 * FEWEST_BEHIND
#: What rows of `publish_exposed` are of; a null measure stands for several, a null period for all.
EXPOSED_KEY = ("publication", "level", "measure", "period")
#: What they count: `untold` are the counts in a rule of which no number may be told, and the last three leave them out.
EXPOSED_COUNTS = ("suppressed", "in_rule", "untold", "narrowed", "pinned", "undecided")
#: What is counted besides, of the narrowed and of the pinned: by which means they were found.
EXPOSED_MEANS = tuple(
    f"{what}_by_{means}" for what in ("narrowed", "pinned") for means in ("narrowing", "supposing", "solving")
)
#: Between the codes of a commissioner and a provider.
_PAIR_SEPARATOR = "/"


@dataclass(frozen=True, slots=True)
class Private:
    """What the stages worked out, with all they know."""

    cells: pl.DataFrame
    rates: pl.DataFrame
    headline: pl.DataFrame
    series: pl.DataFrame
    gaps: pl.DataFrame
    power: pl.DataFrame
    findings: Sequence[Finding]
    tally: Tally
    widths: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Published:
    """What may be written, printed or drawn; every output takes this and nothing else."""

    cells: pl.DataFrame
    rates: pl.DataFrame
    headline: pl.DataFrame
    series: pl.DataFrame
    gaps: pl.DataFrame
    power: pl.DataFrame
    findings: tuple[Finding, ...]
    tally: Tally
    widths: pl.DataFrame


def entangled(suppressed: Truths, groups: Sequence[Ints]) -> Truths:
    """
    Mark the cells whose narrowed bounds could give a suppressed one away.

    Args:
        suppressed: For each cell, whether it is suppressed.
        groups: For each rule, the cells of its groups that have a printed percentage [G, V].

    Returns:
        For each cell, whether it hangs together with a suppressed one through such groups, however long the chain.
    """
    marked = np.zeros(len(suppressed), dtype=bool)
    changed = True
    while changed:
        changed = False
        for cells in groups:
            touched = (suppressed[cells] | marked[cells]).any(axis=1)
            reached = cells[touched].reshape(-1)
            if not marked[reached].all():
                marked[reached] = True
                changed = True
    return marked


def unprinted(cells: pl.DataFrame) -> Truths:
    """Mark the cells that print no figure, though there may be one, or whose figure may not be repeated."""
    hides = cells["status"].is_in([Status.SUPPRESSED, Status.WITHHELD_OR_ABSENT]) | cells["held_back"]
    return hides.to_numpy()


def unprinted_there(hidden: tuple[Truths, Truths], both: Ints, side: int) -> Truths:
    """Mark the cells that the older (0) or newer (1) version prints and the other does not."""
    marked = np.zeros(len(hidden[side]), dtype=bool)
    marked[both[:, side]] = hidden[1 - side][both[:, 1 - side]]
    return marked & ~hidden[side]


def entangled_together(
    hidden: tuple[Truths, Truths], groups: tuple[Groups, Groups], both: Ints
) -> tuple[Truths, Truths]:
    """
    Mark the cells of two versions that hang together with a cell that either of them does not print.

    Args:
        hidden: For each cell of the older and of the newer version, whether it prints no figure (`unprinted`).
        groups: For each version, the cells of the groups of each rule [G, V].
        both: The cells that are the same in both, older and newer [N, 2].
    """
    older = len(hidden[0])
    moved = [*groups[0], *(cells + older for cells in groups[1]), both + np.array([0, older])]
    marked = entangled(np.concatenate(hidden), moved)
    # a cell by itself hangs together with its like in the other version, whether a rule holds it or not
    marked |= np.concatenate(hidden)
    return marked[:older], marked[older:]


def mask(cells: pl.DataFrame, hide: Truths) -> pl.DataFrame:
    """Take away the figures of the cells that the other version does not print, as if this one did not either."""
    wanted = pl.Series(hide)
    nothing = [pl.when(~wanted).then(pl.col(name)).alias(name) for name in ("printed", "value", "low", "high")]
    status = pl.when(wanted).then(pl.lit(Status.SUPPRESSED.value, dtype=cells.schema["status"])).otherwise("status")
    return cells.with_columns(*nothing, status=status)


def publish_changes(changes: pl.DataFrame, entangled_old: Truths, reissues: Sequence[int]) -> pl.DataFrame:
    """
    Pass the changed cells of two versions through the gate.

    - No figure is told of a cell that either version does not print: it became suppressed, or it no longer is.
    - An earlier figure is told only if it hangs together with no such cell. Then whoever has the newer file learns
      nothing of what is suppressed in it, even if the true count behind it never changed.
    - Of a re-issue, where a cell became suppressed, no earlier figure of its row is told, nor of its measure in the
      organisation's other rows and in those of its pairs: sums that no rule knows would give it back.

    Args:
        changes: Rows of `versions.CHANGES`.
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
    """Give the cells of re-issues that became suppressed: their keys, and `code`, once for each side of a pair."""
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


def publish(private: Private) -> Published:
    """
    Pass everything that leaves the program through the gate.

    - A count below England that was not put through disclosure control loses its text and its bounds.
    - Of a headline figure that hangs together with a suppressed cell, only face values stay.
    - Findings were worded by stages that know the gate; their cells are checked here once more.
    """
    return Published(
        cells=_publish_cells(private.cells),
        rates=private.rates,
        headline=publish_headline(private.headline),
        series=_publish_cells(private.series).drop("held_back"),
        # face values by construction: what is printed of each group by itself
        gaps=private.gaps,
        power=private.power,
        findings=tuple(_publish_finding(finding) for finding in private.findings),
        # how many there are, and how wide sums of printed counts are
        tally=private.tally,
        widths=private.widths,
    )


def _publish_cells(cells: pl.DataFrame) -> pl.DataFrame:
    hide = cells["held_back"]
    if not hide.any():
        return cells
    return cells.with_columns(
        pl.when(~pl.col("held_back")).then(pl.col(name)).alias(name)
        for name in ("printed", "value", "low", "high")
        if name in cells.columns
    )


def publish_headline(headline: pl.DataFrame) -> pl.DataFrame:
    """Choose between the exact values and those at face value, and drop the columns that held both."""
    gated = pl.col("entangled")
    names = ("low", "high", "standing", "short_low", "short_high")
    chosen = headline.with_columns(
        pl.when(gated).then(pl.col(f"face_{name}")).otherwise(pl.col(f"exact_{name}")).alias(name) for name in names
    ).with_columns(
        pl.col("standing").cast(STANDING),
        pl.when(~gated).then(pl.col("exact_numerator")).alias("exact_numerator"),
        pl.when(~gated).then(pl.col("exact_denominator")).alias("exact_denominator"),
    )
    return chosen.drop([f"{side}_{name}" for side in ("face", "exact") for name in names])


def _publish_finding(finding: Finding) -> Finding:
    """Hold back the figures of every cell that says that it holds them back."""
    cells = tuple(cell if cell.printed is not None else replace(cell, low=None, high=None) for cell in finding.cells)
    return replace(finding, cells=cells)


def publish_exposed(
    counts: Iterable[ExposedCount],
    *,
    by_period: bool = False,
    fewest: int = FEWEST_BEHIND,
    smallest: int = SMALLEST_ROW,
) -> tuple[ExposedRow, ...]:
    """
    Pass the numbers of narrowed and pinned suppressed counts through the gate.

    What is put together is settled by what the file says: in each publication, level and period the measures with few
    suppressed counts in a rule make one row. A choice that looked at how many are narrowed would give them away. Of
    each such row the numbers are told only if they say of no single count that it is narrowed or pinned: there must be
    `fewest` that are open and not narrowed, and, if any is pinned, `fewest` that are narrowed and not pinned. Then any
    one could be exchanged for another, and the numbers would be the same. Else only what the file says is told, and the
    row goes into no sum. Each row is safe by itself and no two overlap, so no sum or difference of rows, of periods or
    of outputs over other files undoes it.

    Args:
        counts: For each publication, level, measure and period the numbers `suppressed`, `in_rule`, `candidates` (open
            or narrowed after narrowing alone), `hidden` (open after it, and not narrowed), `narrowed`, `pinned`,
            `undecided` and `EXPOSED_MEANS`; each key once.
        by_period: Whether to give each period apart, or their sums.
        fewest: How many others.
        smallest: How many suppressed counts in a rule a measure has at least, to be told by itself.

    Returns:
        Rows with `EXPOSED_KEY`, `EXPOSED_COUNTS` and `EXPOSED_MEANS`, sorted by key.
    """
    leaves: dict[ExposedPlace, dict[str, int]] = {}
    for (publication, level, measure, period), numbers in counts:
        # that no rule holds any of a measure, anyone sees from the file
        alone = numbers["in_rule"] >= smallest or not numbers["in_rule"]
        _add(leaves.setdefault((publication, level, measure if alone else None, period), {}), numbers)
    rows: dict[ExposedPlace, dict[str, int]] = {}
    for leaf, numbers in leaves.items():
        place = (*leaf[:-1], leaf[-1] if by_period else None)
        _add(rows.setdefault(place, {}), _gated(numbers, fewest))
    ordered = sorted(rows.items(), key=lambda item: tuple((part is None, part or "") for part in item[0]))
    return tuple({**dict(zip(EXPOSED_KEY, place, strict=True)), **numbers} for place, numbers in ordered)


def _add(total: dict[str, int], numbers: Mapping[str, int]) -> None:
    for name, number in numbers.items():
        total[name] = total.get(name, 0) + number


def _gated(numbers: Mapping[str, int], fewest: int) -> dict[str, int]:
    """Give what may be told of a row by itself."""

    def enough(others: int, meant: int) -> bool:
        return others >= fewest and others * LEAST_SHARE >= meant

    hidden, narrowed, pinned = (numbers[name] for name in ("hidden", "narrowed", "pinned"))
    # with so few candidates it must not even show whether any is narrowed
    many = numbers["candidates"] >= _TWICE * fewest
    is_told = many and enough(hidden, narrowed) and (not pinned or enough(narrowed - pinned, pinned))
    said = {name: numbers[name] for name in ("suppressed", "in_rule")}
    rest = (*EXPOSED_COUNTS[len(said) + 1 :], *EXPOSED_MEANS)
    return {
        **said,
        "untold": 0 if is_told else numbers["in_rule"],
        **{name: numbers[name] if is_told else 0 for name in rest},
    }
