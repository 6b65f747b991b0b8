"""
Turn a table in a known layout into the tidy frame: one row a cell.

Text stays as printed. Each cell gets a status, and the bounds or half-width that its publication, level and era give
it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.columns import (
    BREAKDOWN_SEPARATOR,
    CELLS,
    ENGLAND,
    LEVEL,
    SCALE,
    STATISTIC,
    TOTAL,
    Level,
    Statistic,
    Status,
)
from iapt_audit.findings import Code, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iapt_audit.bounds import Regime
    from iapt_audit.definitions import Layout

_HEADER = 1
_NUMBER = r"^-?[0-9]{1,9}(\.[0-9]+)?$"
_EXACT_NUMBER = r"^-?[0-9]{1,9}(\.[0-9]{1,4})?$"


@dataclass(frozen=True, slots=True)
class Normalised:
    """The cells of one period of one table; `file` is still to be set to the number of the input."""

    period: str
    cells: pl.DataFrame
    rows: int
    findings: list[Finding]


def normalise(
    table: pl.DataFrame,
    layout: Layout,
    regimes: Mapping[str, Regime],
    statistics: Mapping[str, Statistic],
    period: str | None,
) -> list[Normalised]:
    """
    Give the tidy cells of a table, apart for each period in it.

    Args:
        table: Columns of text, as `read.table` gives them.
        layout: The layout that its columns were recognised by.
        regimes: The rounding regimes that the layout's levels name.
        statistics: The statistic of each measure of a `long` layout.
        period: The period of a layout that has no column for it.

    Returns:
        For each period the cells (`columns.CELLS`), and what was found on the way: unknown levels and measures, and
        rows whose dates are no whole month.
    """
    known = [column for column in table.columns if column in {*layout.identifying, *layout.columns}]
    # only the publisher's columns, so that no other can pass for one of ours; a blank line is no row
    table = (
        table.select(known)
        .with_row_index("row", offset=_HEADER + 1)
        .with_columns(pl.col("row").cast(pl.UInt32))
        .filter(~pl.all_horizontal(pl.col(known) == ""))
    )
    if layout.period_from == "name":
        if period is None:
            message = "a layout with no period column needs a period"
            raise ValueError(message)
        return [_one_period(table, layout, regimes, statistics, period)]
    dated, findings = _dated(table, layout)
    parts = dated.partition_by("period", as_dict=True, maintain_order=True, include_key=False)
    found = [(str(key[0]), part) for key, part in parts.items()]
    if len(found) > 1:
        listed = ", ".join(name for name, _ in found)
        findings.append(Finding(Code.PERIODS_DIFFER, f"the file holds rows of {len(found)} periods: {listed}"))
    periods = [_one_period(part, layout, regimes, statistics, name) for name, part in found]
    # what is wrong with the dates is told once, with the first period
    return [replace(periods[0], findings=[*findings, *periods[0].findings]), *periods[1:]]


def _dated(table: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, list[Finding]]:
    """Add the month of each row; rows whose dates cannot be read go to the period `unknown`."""
    start, end = (pl.col(layout.keys[role]) for role in ("period_start", "period_end"))

    def day(text: pl.Expr) -> pl.Expr:
        return pl.coalesce(
            text.str.to_date("%Y-%m-%d", strict=False, exact=True),
            text.str.to_date("%d/%m/%Y", strict=False, exact=True),
        )

    # a handful of distinct dates stands for all rows
    dates = (
        table.select(start.alias("start"), end.alias("end"))
        .unique(maintain_order=True)
        .with_columns(first=day(pl.col("start")), last=day(pl.col("end")))
        .with_columns(
            period=pl.col("first").dt.strftime("%Y-%m").fill_null("unknown"),
            whole=(
                (pl.col("first") == pl.col("first").dt.month_start())
                & (pl.col("last") == pl.col("first").dt.month_end())
            ).fill_null(value=False),
        )
    )
    findings = [
        Finding(Code.PERIOD_NOT_WHOLE, f"rows are dated from `{first}` to `{last}`, which is no whole month")
        for first, last, whole in dates.select("start", "end", "whole").iter_rows()
        if not whole
    ]
    on = [layout.keys["period_start"], layout.keys["period_end"]]
    if len(dates) == 1:
        return table.with_columns(period=pl.lit(dates["period"][0])), findings
    return table.join(
        dates.select(pl.col("start", "end", "period")), left_on=on, right_on=["start", "end"], maintain_order="left"
    ), findings


def _one_period(
    table: pl.DataFrame,
    layout: Layout,
    regimes: Mapping[str, Regime],
    statistics: Mapping[str, Statistic],
    period: str,
) -> Normalised:
    rows = len(table)
    level = pl.col(layout.keys["level"])
    unknown = (
        table.select(level)
        .filter(~level.is_in(list(layout.levels)))
        .to_series()
        .value_counts()
        .sort(layout.keys["level"])
    )
    findings = [
        Finding(Code.LEVEL_UNKNOWN, f"the level `{name}` is unknown: its {count:,} rows are not audited")
        for name, count in unknown.iter_rows()
    ]
    if len(unknown):
        table = table.filter(level.is_in(list(layout.levels)))
    if layout.shape == "long":
        tidy, more = _long(table, layout, statistics)
        findings += more
    else:
        tidy = _wide(table, layout)
    cells = _with_bounds(_with_status(tidy, layout), layout, regimes).with_columns(file=pl.lit(0, dtype=pl.UInt16))
    return Normalised(period, cells.select(*CELLS), rows, findings)


def _long(
    table: pl.DataFrame, layout: Layout, statistics: Mapping[str, Statistic]
) -> tuple[pl.DataFrame, list[Finding]]:
    keys = layout.keys
    level = pl.col(keys["level"])
    commissioner, provider = pl.col(keys["commissioner_code"]), pl.col(keys["provider_code"])
    commissioner_name, provider_name = pl.col(keys["commissioner_name"]), pl.col(keys["provider_name"])
    by_org = {
        org: [name for name, known in layout.levels.items() if known.org == org]
        for org in ("commissioner", "provider", "pair")
    }

    def organisation(of_commissioner: pl.Expr, of_provider: pl.Expr) -> pl.Expr:
        return (
            pl.when(level.is_in(by_org["provider"]))
            .then(of_provider)
            .when(level.is_in(by_org["commissioner"]))
            .then(of_commissioner)
            .when(level.is_in(by_org["pair"]))
            .then(pl.concat_str(of_commissioner, of_provider, separator="/"))
            .otherwise(pl.lit(ENGLAND))
        )

    tidy = table.select(
        "row",
        level=level,
        org_code=organisation(commissioner, provider).cast(pl.Categorical),
        org_name=organisation(commissioner_name, provider_name).cast(pl.Categorical),
        breakdown=pl.lit(TOTAL).cast(pl.Categorical),
        measure=pl.col(keys["measure"]),
        printed=pl.col(keys["value"]),
    )
    present = tidy["measure"].unique()
    unknown = [measure for measure in present.sort() if measure not in statistics]
    findings = [
        Finding(
            Code.MEASURE_UNKNOWN,
            f"the measure `{measure}` is in no definition: it is counted and not judged",
            measures=(measure,),
        )
        for measure in unknown
    ]
    known = {measure: statistics[measure].value for measure in present if measure in statistics}
    tidy = tidy.with_columns(
        statistic=pl.col("measure").replace_strict(known, default=None, return_dtype=STATISTIC),
        measure=pl.col("measure").cast(pl.Categorical),
    )
    groups = tidy.select("level", "org_code").unique(maintain_order=True).with_row_index("group")
    tidy = tidy.join(groups, on=["level", "org_code"], how="left", maintain_order="left")
    # a row is known by its organisation and measure
    return tidy.with_columns(repeated=pl.struct("group", "measure").is_duplicated()), findings


def _wide(table: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    keys = layout.keys
    level = pl.col(keys["level"])
    england = [name for name, known in layout.levels.items() if known.level is Level.ENGLAND]
    not_applicable = [text for text, status in layout.statuses.items() if status == Status.NOT_APPLICABLE]
    parts = [pl.when(~pl.col(column).is_in([*not_applicable, ""])).then(pl.col(column)) for column in layout.breakdown]
    measures = [column for column in layout.columns if column in table.columns]
    code = pl.when(level.is_in(england)).then(pl.lit(ENGLAND)).otherwise(pl.col(keys["org_code"]))
    wide = table.select(
        "row",
        *measures,
        level=level,
        org_code=code.cast(pl.Categorical),
        org_name=pl.when(level.is_in(england))
        .then(pl.lit(ENGLAND))
        .otherwise(pl.col(keys["org_name"]))
        .cast(pl.Categorical),
        breakdown=pl.concat_str(parts, separator=BREAKDOWN_SEPARATOR, ignore_nulls=True).cast(pl.Categorical),
    ).with_columns(repeated=pl.struct("level", "org_code", "breakdown").is_duplicated())
    # each row is a group; a key that stands twice makes two, and neither is judged
    wide = wide.with_row_index("group")
    index = ["group", "row", "level", "org_code", "org_name", "breakdown", "repeated"]
    known = pl.DataFrame(
        {
            "column": measures,
            "measure": [layout.columns[column][1] for column in measures],
            "statistic": [layout.columns[column][0].value for column in measures],
        },
        schema={"column": pl.Enum(measures), "measure": pl.Categorical, "statistic": STATISTIC},
    )
    return (
        wide.unpivot(on=measures, index=index, variable_name="column", value_name="printed")
        .with_columns(pl.col("column").cast(pl.Enum(measures)))
        .join(known, on="column", maintain_order="left")
    )


def _with_status(tidy: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    # blanks around a figure are the spreadsheet's; the text itself stays as printed
    text = pl.col("printed").str.strip_chars()
    signs = {**layout.statuses, "": Status.WITHHELD_OR_ABSENT.value}
    # a few thousand distinct texts stand for all cells
    read = (
        tidy.select("printed")
        .unique()
        .with_columns(
            status=pl.coalesce(
                pl.when(text.str.contains(_NUMBER)).then(pl.lit(Status.PUBLISHED.value)),
                text.replace_strict(signs, default=None, return_dtype=pl.String),
                pl.lit(Status.UNPARSEABLE.value),
            ).cast(CELLS["status"]),
            # at most nine digits and four decimals: a float holds them exactly enough to round to the right integer
            value=pl.when(text.str.contains(_EXACT_NUMBER))
            .then((text.cast(pl.Float64, strict=False) * SCALE).round())
            .cast(pl.Int64),
        )
    )
    return tidy.join(read, on="printed", how="left", maintain_order="left")


def regime_table(levels: Mapping[str, str], regimes: Mapping[str, Regime]) -> pl.DataFrame:
    """Lay the regimes out, one row a level (as printed) and statistic, for a join with the cells."""
    rows = [
        {
            "level": name,
            "statistic": statistic.value,
            "half_width": int(regime.half_width[statistic] * SCALE) if statistic in regime.half_width else None,
            "below": regime.count_reach[0],
            "above": regime.count_reach[1],
            "step": regime.count_step,
            "smallest": regime.smallest_count,
            "suppressed_low": regime.suppressed.low if regime.suppressed else None,
            "suppressed_high": regime.suppressed.high if regime.suppressed else None,
        }
        for name, regime in ((name, regimes[regime]) for name, regime in levels.items())
        for statistic in Statistic
    ]
    numbers = dict.fromkeys(
        ("half_width", "below", "above", "step", "smallest", "suppressed_low", "suppressed_high"), pl.Int64
    )
    return pl.DataFrame(rows, schema={"level": pl.String, "statistic": STATISTIC, **numbers})


def _with_bounds(tidy: pl.DataFrame, layout: Layout, regimes: Mapping[str, Regime]) -> pl.DataFrame:
    names = list(layout.levels)
    as_printed = pl.Enum(names)
    table = regime_table({name: known.regime for name, known in layout.levels.items()}, regimes)
    cells = tidy.with_columns(pl.col("level").cast(as_printed)).join(
        table.with_columns(pl.col("level").cast(as_printed)),
        on=["level", "statistic"],
        how="left",
        maintain_order="left",
    )
    count = pl.col("value") // SCALE
    is_count = pl.col("statistic") == Statistic.COUNT
    in_form = (pl.col("value") % (pl.col("step") * SCALE) == 0) & (count >= pl.col("smallest"))
    counted = is_count & in_form
    suppressed = is_count & (pl.col("status") == Status.SUPPRESSED)
    levels = {name: known.level.value for name, known in layout.levels.items()}
    # a count too long to be held exactly is in no form that is published
    misses_form = is_count & (pl.col("status") == Status.PUBLISHED) & ~in_form.fill_null(value=False)
    local = [name for name, known in layout.levels.items() if regimes[known.regime].suppressed is not None]
    # text that is no number may still hold one
    no_number = is_count & (pl.col("status") == Status.UNPARSEABLE)
    return cells.with_columns(
        in_form=~misses_form,
        # nor is it known of a measure that no definition knows whether it is a count
        held_back=pl.col("level").is_in(local)
        & (misses_form | no_number | pl.col("statistic").is_null()).fill_null(value=False),
        smallest=pl.col("smallest").fill_null(0).cast(pl.UInt8),
        low=pl.when(counted)
        .then(pl.max_horizontal(count - pl.col("below"), pl.col("smallest")))
        .when(suppressed)
        .then(pl.col("suppressed_low")),
        high=pl.when(counted).then(count + pl.col("above")).when(suppressed).then(pl.col("suppressed_high")),
        level=pl.col("level").cast(pl.String).replace_strict(levels, return_dtype=LEVEL),
    )
