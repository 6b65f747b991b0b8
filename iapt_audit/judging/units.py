"""
Find figures that are told in another unit, or rounded otherwise, than their publication tells them.

A whole column of shares is one slip of a unit and proves nothing against any figure in it; counts that are all
multiples of ten stand for more numbers than those rounded to five. Both are told once, and judged as what they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from iapt_audit.judging.rates import possible
from iapt_audit.model.columns import CELLS, SCALE, Level, Statistic, Status
from iapt_audit.model.findings import Code, Finding
from iapt_audit.model.text import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.arrays import Ints
    from iapt_audit.constraints.context import Context
    from iapt_audit.definitions.rounding import Regime

_PER_CENT = 100
#: What counts are rounded to, beside the steps of the publisher, widest last.
_STEPS = (5, 10, 50, 100, 1000)
#: So many different counts are all multiples of twice what they are rounded to by chance once in a thousand files.
_FEWEST = 10
_MOST_NAMED = 5
_IS_PRINTED = (pl.col("statistic") == Statistic.PERCENTAGE) & (pl.col("status") == Status.PUBLISHED)
#: The figure in ten-thousandths; one of more digits than can be held exactly, as its text is near it.
_VALUE = pl.coalesce(
    "value", (pl.col("printed").str.strip_chars().cast(pl.Float64, strict=False) * SCALE).round().cast(pl.Int64)
)


@dataclass(frozen=True, slots=True)
class Read:
    """The cells as they are to be judged, and what was found on the way."""

    context: Context
    findings: list[Finding]

    @property
    def told(self) -> Ints:
        """Return the cells that are told of, and have no other fault of form."""
        places = [finding.at for finding in self.findings if finding.at is not None]
        return np.concatenate([np.zeros(0, dtype=np.int64), *places])


def read_units(context: Context) -> Read:
    """Take shares for what they are, which is no percentage, and counts as they were rounded."""
    shares = as_shares(context)
    rounded = coarser(shares.context)
    return Read(rounded.context, [*shares.findings, *rounded.findings])


def as_shares(context: Context) -> Read:
    """
    Find the columns of percentages that are printed as shares of one, 0.507 for 50.7, and judge none of them.

    A column can be one if none of its figures is above 1 and one of them has more decimals than a percentage of its
    level. It is one if more of its figures follow from their counts taken times a hundred than as they stand; where the
    counts are not there, if no percentage of the file is above 1.
    """
    columns = _columns(context)
    low = columns.filter(pl.col("most") <= SCALE)
    if not low["finer"].any():
        return Read(context, [])
    better = _better_as_shares(context, low)
    above = set(columns.filter(pl.col("most") > SCALE)["file"])
    taken = [
        (file, measure)
        for file, measure, finer in low.select("file", pl.col("measure").cast(pl.String), "finer").iter_rows()
        if better.get((file, measure), finer and file not in above)
    ]
    # a column of nothing but 0 and 1 goes with the others of its file
    files = {file for file, _ in taken} - above
    taken += [
        (file, measure)
        for file, measure in low.select("file", pl.col("measure").cast(pl.String)).iter_rows()
        if file in files and (file, measure) not in better and (file, measure) not in taken
    ]
    if not taken:
        return Read(context, [])
    at = _cells_of(context, taken)
    return Read(_without(context, at), list(_told_shares(context, at)))


def _columns(context: Context) -> pl.DataFrame:
    """Return the greatest percentage of each file and measure, and whether any is finer than its level prints them."""
    finer = (pl.col("value") % (2 * pl.col("half_width")) != 0).fill_null(value=True)
    return (
        context.cells.lazy()
        .filter(_IS_PRINTED & pl.col("half_width").is_not_null())
        .group_by("file", "measure")
        .agg(most=_VALUE.max(), finer=finer.any())
        .sort("file", "measure")
        .collect()
    )


def _better_as_shares(context: Context, low: pl.DataFrame) -> dict[tuple[int, str], bool]:
    """Say of each column that has counts whether more of its figures follow from them as shares than as they stand."""
    asked = set(low.select("file", pl.col("measure").cast(pl.String)).iter_rows())
    scaled = _scaled(context)
    told: dict[tuple[int, str], list[int]] = {}
    for rate in context.definitions.rates.values():
        if rate.statistic is not Statistic.PERCENTAGE or rate.numerator is None:
            continue
        for number, each in enumerate((context, scaled)):
            found = each.candidates(rate, printed_only=True)
            fitting = found.percentage[found.reason < 0][possible(found, each.arrays)]
            cells = context.cells[fitting].select("file", pl.col("measure").cast(pl.String))
            for column in cells.iter_rows():
                if column in asked:
                    told.setdefault(column, [0, 0])[number] += 1
    return {column: as_share > as_it_stands for column, (as_it_stands, as_share) in told.items()}


def _scaled(context: Context) -> Context:
    """Return the cells with every percentage taken times a hundred, as wide as its last printed digit leaves it."""
    decimals = pl.col("printed").str.strip_chars().str.extract(r"\.([0-9]+)$").str.len_chars().fill_null(0)
    # a figure of so many decimals, times a hundred, is known to half of its last digit
    half = sum(
        (pl.when(decimals == digits).then(_PER_CENT * SCALE // (2 * 10**digits)).otherwise(0) for digits in range(5)),
        pl.lit(0),
    )
    cells = context.cells.with_columns(
        value=pl.when(_IS_PRINTED).then(_VALUE * _PER_CENT).otherwise("value"),
        half_width=pl.when(_IS_PRINTED).then(pl.max_horizontal("half_width", half)).otherwise("half_width"),
    )
    return replace(context, cells=cells)


def _cells_of(context: Context, columns: list[tuple[int, str]]) -> Ints:
    wanted = pl.DataFrame(columns, schema={"file": CELLS["file"], "measure": pl.String}, orient="row")
    found = (
        context.cells.lazy()
        .with_row_index("cell")
        .filter(_IS_PRINTED)
        .select("cell", "file", pl.col("measure").cast(pl.String))
        .join(wanted.lazy(), on=["file", "measure"], how="semi", maintain_order="left")
        .collect()
    )
    return found["cell"].to_numpy().astype(np.int64)


def _without(context: Context, at: Ints) -> Context:
    """Take the figures of some cells away: they are text that is no percentage."""
    here = np.zeros(len(context.cells), dtype=bool)
    here[at] = True
    is_share = pl.Series(here)
    cells = context.cells.with_columns(
        status=pl.when(is_share).then(pl.lit(Status.UNPARSEABLE.value, dtype=CELLS["status"])).otherwise("status"),
        value=pl.when(~is_share).then("value"),
    )
    return replace(context, cells=cells)


def _told_shares(context: Context, at: Ints) -> Iterator[Finding]:
    """Tell the columns of shares, once a table."""
    tables = np.array(context.table_of_part)[context.cells["file"].gather(at).to_numpy()]
    for table in np.unique(tables):
        own = at[tables == table]
        rows = context.cells[own]
        measures = rows["measure"].cast(pl.String).unique(maintain_order=True).to_list()
        more = [f"{len(measures) - _MOST_NAMED:,} more"] if len(measures) > _MOST_NAMED else []
        shown = rows.filter((_VALUE % SCALE != 0) & ~pl.col("held_back"))["printed"].first()
        example = f", such as {str(shown).strip()}" if shown else ""
        message = (
            f"the percentages of {listing([*measures[:_MOST_NAMED], *more])} are printed as shares of 1{example}: "
            f"none of the {len(own):,} is judged; times 100 they would be"
        )
        yield context.cause(Code.PERCENTAGES_AS_SHARES, message, own)


def coarser(context: Context) -> Read:
    """
    Find the counts that are all rounded to more than their publication rounds them to, and take them so.

    It is told of ten different counts at least, of England or below it. A count then stands for all that half of the
    step, and what the publisher's own rounding leaves, allow; a suppressed one for anything up to the step.
    """
    cells = context.cells
    is_count = pl.col("statistic") == Statistic.COUNT
    counts = is_count & (pl.col("status") == Status.PUBLISHED) & pl.col("low").is_not_null()
    whole, of_england = pl.col("value") // SCALE, pl.col("level") == Level.ENGLAND
    multiples = [(whole % step == 0).all().alias(str(step)) for step in _STEPS]
    found = (
        cells.lazy()
        .filter(counts)
        .group_by("file", of_england.alias("of_england"))
        .agg(pl.len(), whole.n_unique().alias("different"), *multiples)
        .filter((pl.col("different") >= _FEWEST) & pl.any_horizontal(pl.col(str(step)) for step in _STEPS))
        .sort("file", "of_england")
        .collect()
    )
    findings: list[Finding] = []
    for row in found.iter_rows(named=True):
        regime = _regime(context, row["file"], of_england=row["of_england"])
        step = max((each for each in _STEPS if row[str(each)]), default=0)
        if regime is None or step <= regime.count_step:
            continue
        here = (pl.col("file") == row["file"]) & (of_england == row["of_england"])
        below, above = regime.count_reach
        low = pl.max_horizontal(whole - step // 2 - below, pl.lit(regime.smallest_count))
        suppressed = here & is_count & (pl.col("status") == Status.SUPPRESSED)
        cells = cells.with_columns(
            low=pl.when(here & counts).then(low).otherwise("low"),
            high=pl.when(here & counts)
            .then(whole + step // 2 + above)
            .when(suppressed)
            .then(pl.max_horizontal("high", pl.lit(step - 1)))
            .otherwise("high"),
        )
        findings.append(_told_rounding(context, row, step))
    return Read(replace(context, cells=cells), findings) if findings else Read(context, [])


def _regime(context: Context, file: int, *, of_england: bool) -> Regime | None:
    """Return how the counts of England, or below it, of a file are rounded; None where measures differ in that."""
    layout = context.definitions.layouts.get(context.inputs[context.parts[file].input].layout or "")
    if layout is None or layout.regimes:
        return None
    names = {known.regime for known in layout.levels.values() if (known.level is Level.ENGLAND) == of_england}
    return context.definitions.regimes[names.pop()] if len(names) == 1 else None


def _told_rounding(context: Context, row: dict[str, Any], step: int) -> Finding:
    part = context.parts[row["file"]]
    whose = "of England" if row["of_england"] else "below England"
    message = (
        f"all {row['len']:,} counts {whose} are multiples of {step}, unlike the publisher's: they look "
        f"rounded to {step}, and are judged as such"
    )
    level = Level.ENGLAND.value if row["of_england"] else None
    return Finding(Code.COUNTS_ROUNDED_FURTHER, message, publication=part.publication, period=part.period, level=level)
