"""
Turn a table in a known layout into the tidy frame: one row a cell.

Text stays as printed; what it can stand for is worked out kind by kind (`cell_bounds`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.definitions.vocabulary import Shape
from iapt_audit.ingest import dates, figures
from iapt_audit.ingest.cell_bounds import bound_kinds
from iapt_audit.model.columns import BREAKDOWN_SEPARATOR, CELLS, ENGLAND, STATISTIC, TOTAL, Level, Statistic, Status
from iapt_audit.model.findings import Code, Finding
from iapt_audit.model.text import listing, share_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from iapt_audit.definitions import Definitions, Layout
    from iapt_audit.definitions.model import Symbol

_HEADER = 1
#: What a measure is called, or may be in another year; a word such as "Total" or "Text" is none.
_CODE = "[0-9_]"
_APRIL = 4
#: Numbers up to so many times their count are looked up in a list; beyond, they are sorted.
_SPARSE = 20
#: What tells kinds of cell apart, and stands in the cells already.
_OF_KIND = ("printed", "statistic")


@dataclass(frozen=True, slots=True)
class Normalised:
    """The cells of one period of one table; `file` is still to be set to the number of the input."""

    period: str
    layout: Layout
    cells: pl.DataFrame
    rows: int
    findings: list[Finding]


def normalise(table: pl.DataFrame, layout: Layout, definitions: Definitions, period: str | None) -> list[Normalised]:
    """
    Return the tidy cells of a table, apart for each period in it.

    Args:
        table: Columns of text, as `read.table` gives them.
        layout: The layout that its columns were recognised by.
        definitions: The rounding regimes and measures that the layout names. Each period is read by the layout in
            force in it, of those with the same columns.
        period: The period of a layout that has no column for it.

    Returns:
        For each period the cells (`model.columns.CELLS`), and what was found on the way: unknown levels and measures,
        and rows whose dates are no whole month or year.
    """
    known = [column for column in table.columns if column in {*layout.identifying, *layout.columns}]
    # only the publisher's columns, so that no other can pass for one of ours; a blank line is no row
    table = (
        table.select(known)
        .with_row_index("row", offset=_HEADER + 1)
        .with_columns(pl.col("row").cast(pl.UInt32))
        .filter(~pl.all_horizontal(pl.col(known) == ""))
    )
    table, beside = _without_lines_beside(table, layout)
    if layout.period_from == "name":
        if period is None:
            message = "a layout with no period column needs a period"
            raise ValueError(message)
        only = _one_period(table, layout, definitions, period)
        return [replace(only, findings=[*beside, *only.findings])]
    dated, findings = dates.dated(table, layout)
    parts = dated.partition_by("period", as_dict=True, maintain_order=True, include_key=False)
    found = [(str(key[0]), part) for key, part in parts.items()]
    periods = [_one_period(part, layout, definitions, name) for name, part in found]
    names = sorted(name for name, _ in found if name != dates.UNKNOWN)
    missing = dates.missing(names)
    if len(names) > 1 and not all(each.layout.many_periods for each in periods):
        holes = f"; {listing(missing)} {'are' if len(missing) > 1 else 'is'} missing between them" if missing else ""
        message = f"the file holds rows of {len(names)} periods, each judged by itself: {listing(names)}{holes}"
        findings.append(Finding(Code.PERIODS_DIFFER, message))
    elif missing:
        message = f"{listing(missing)} {'are' if len(missing) > 1 else 'is'} missing between the periods of the file"
        findings.append(Finding(Code.PERIODS_DIFFER, message))
    # what is wrong with the dates is told once, with the first period
    return [replace(periods[0], findings=[*beside, *findings, *periods[0].findings]), *periods[1:]]


def _without_lines_beside(table: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, list[Finding]]:
    """Leave out the lines that are no rows: notes below a table, its header again, and a total of everything."""
    figures_ = [layout.keys["value"]] if "value" in layout.keys else [*layout.columns]
    said = [layout.keys["level"], *figures_, *([layout.keys["measure"]] if "measure" in layout.keys else [])]
    notes = pl.all_horizontal(pl.col([column for column in said if column in table.columns]) == "")
    findings = []
    for lines, message in (
        (notes, "lines that hold no level, measure or figure were left out, such as notes"),
        (
            _is_no_row(table, layout),
            "lines that hold no level, date or code were left out, such as a second header or a total",
        ),
    ):
        many = int(table.select(lines.sum()).item())
        if 0 < many < len(table):
            findings.append(Finding(Code.LINES_LEFT_OUT, f"{message}, {share_text(many, len(table), 'row')}"))
            table = table.filter(~lines)
    return table, findings


def _is_no_row(table: pl.DataFrame, layout: Layout) -> pl.Expr:
    """Return whether a line repeats the header, or holds no level, no date and no code of a measure or organisation."""
    if layout.keys["level"] not in table.columns:
        return pl.lit(value=False)
    level = pl.col(layout.keys["level"])
    again = level == layout.keys["level"]
    if "measure" not in layout.keys or not {"period_start", "period_end"} <= layout.keys.keys():
        return again
    ends = [layout.keys[role] for role in ("period_start", "period_end")]
    texts = pl.concat([table[column].unique() for column in ends]).unique()
    dates_ = [text for text in texts if next(dates.readings(text), None) is not None]
    measure = pl.col(layout.keys["measure"])
    coded = measure.str.contains(_CODE) | measure.is_in(list(layout.measures))
    return again | ~(level.is_in(list(layout.levels)) | pl.any_horizontal(pl.col(ends).is_in(dates_)) | coded)


def _one_period(table: pl.DataFrame, layout: Layout, definitions: Definitions, period: str) -> Normalised:
    layout = layout.in_force(period, definitions.layouts.values())
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
        Finding(Code.LEVEL_UNKNOWN, f"the level `{name}` is unknown and not audited, {share_text(count, rows, 'row')}")
        if name.strip()
        else Finding(Code.KEY_EMPTY, f"rows that name no level are not audited, {share_text(count, rows, 'row')}")
        for name, count in unknown.iter_rows()
    ]
    if len(unknown):
        table = table.filter(level.is_in(list(layout.levels)))
    # from here on a level is one that the layout names, and told apart as a number
    table = table.with_columns(level.cast(pl.Enum(list(layout.levels))))
    if layout.shape is Shape.LONG:
        tidy, more = _long(table, layout, definitions)
        findings += more
    else:
        tidy = _wide(table, layout, definitions.symbols)
    kinds, kind = _kinds(tidy, layout)
    many = np.bincount(kind.to_numpy(), minlength=len(kinds))
    printed, mended = figures.mend(kinds, many, layout, definitions.symbols)
    if mended:
        findings += mended
        kinds, tidy = kinds.with_columns(printed=printed), tidy.with_columns(printed=printed.gather(kind))
    told = bound_kinds(kinds, layout, definitions)
    of_kind = (told[name].gather(kind) for name in told.columns if name in CELLS and name not in _OF_KIND)
    cells = tidy.with_columns(*of_kind, file=pl.lit(0, dtype=CELLS["file"]))
    return Normalised(period, layout, cells.select(*CELLS), rows, findings)


def _kinds(tidy: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, pl.Series]:
    """
    Return the kinds of cell, and the kind of each cell by its place: a few thousand stand for millions.

    Cells of one kind have the same text, level and statistic, and the same measure if that has a regime of its own;
    all that is worked out of a cell by itself is worked out of these.
    """
    printed = tidy["printed"]
    by = {
        "printed": printed.cast(pl.Enum(printed.unique().drop_nulls())),
        **{n: tidy[n] for n in ("level", "statistic")},
    }
    if layout.regimes:
        measure = pl.col("measure").cast(pl.String)
        own = pl.when(measure.is_in(list(layout.regimes))).then(measure).otherwise(pl.lit(""))
        by["own"] = tidy.select(own.cast(pl.Enum(["", *layout.regimes]))).to_series()
    places = [column.to_physical().to_frame("place") for column in by.values()]
    # one more than there are, for null
    sizes = [int(place.max().to_series().fill_null(0)[0]) + 2 for place in places]
    whole = np.int32 if math.prod(sizes) < np.iinfo(np.int32).max else np.int64
    number: NDArray[np.signedinteger] = np.zeros(len(tidy), dtype=whole)
    for place, size in zip(places, sizes, strict=True):
        number *= size
        number += place["place"].cast(pl.UInt32).fill_null(size - 1).to_numpy()
    first, kind = numbered(number)
    return pl.DataFrame({**by, "printed": printed}).select(pl.all().gather(pl.Series(first))), pl.Series(kind)


def numbered(number: NDArray[np.signedinteger]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """
    Return each kind that numbers tell apart a number, from 0 on.

    Returns:
        The place of the last of each kind, in the order of the numbers, and the kind of each.

    >>> place, kind = numbered(np.array([7, 5, 7]))
    >>> place.tolist(), kind.tolist()
    ([1, 2], [1, 0, 1])
    """
    most = int(number.max(initial=0))
    if most > _SPARSE * len(number):
        return numbered(np.unique(number, return_inverse=True)[1])
    last = np.full(most + 1, -1)
    last[number] = np.arange(len(number))
    there = np.flatnonzero(last >= 0)
    # polars counts rows so, and gathers by no other numbers
    kind_of = np.zeros(most + 1, dtype=np.uint32)
    kind_of[there] = np.arange(len(there))
    return last[there], kind_of[number]


def _long(table: pl.DataFrame, layout: Layout, definitions: Definitions) -> tuple[pl.DataFrame, list[Finding]]:
    keys, statistics = layout.keys, definitions.measures[layout.publication]
    org_code, org_name = _one_organisation(layout) if "org_code" in keys else _of_two_sides(layout)
    tidy = table.select(
        "row",
        level=pl.col(keys["level"]),
        org_code=org_code,
        org_name=org_name,
        breakdown=_breakdown(layout, definitions.symbols),
        measure=pl.col(keys["measure"]),
        printed=pl.col(keys["value"]),
        **({"statistic": pl.col(keys["statistic"])} if "statistic" in keys else {}),
    )
    tidy, findings = (_named_statistics if "statistic" in keys else _listed_statistics)(tidy, layout, statistics)
    tidy = tidy.with_columns(pl.col("measure").cast(pl.Categorical))
    # a row is known by its organisation and breakdown, its measure, and its statistic where a column names it
    group = ["level", "org_code", *(["breakdown"] if layout.breakdown else [])]
    cell = ["group", "measure", *(["statistic"] if "statistic" in keys else [])]
    groups = tidy.select(group).unique(maintain_order=True).with_row_index("group")
    tidy = tidy.join(groups, on=group, how="left", maintain_order="left")
    return tidy.with_columns(repeated=pl.struct(cell).is_duplicated()), findings


def _one_organisation(layout: Layout) -> tuple[pl.Expr, pl.Expr]:
    """Return code and name of the organisation of a row; England has one code and name in every publication."""
    england = [name for name, known in layout.levels.items() if known.level is Level.ENGLAND]
    is_england = pl.col(layout.keys["level"]).is_in(england)
    code, name = (
        pl.when(is_england).then(pl.lit(ENGLAND)).otherwise(pl.col(layout.keys[role])).cast(pl.Categorical)
        for role in ("org_code", "org_name")
    )
    return code, name


def _of_two_sides(layout: Layout) -> tuple[pl.Expr, pl.Expr]:
    """Return code and name of the side that a row's level is of: the commissioner, the provider or both."""
    keys = layout.keys
    level = pl.col(keys["level"])
    by_org = {
        org: [name for name, known in layout.levels.items() if known.org == org]
        for org in ("commissioner", "provider", "pair")
    }

    def organisation(part: str) -> pl.Expr:
        of_commissioner, of_provider = pl.col(keys[f"commissioner_{part}"]), pl.col(keys[f"provider_{part}"])
        return (
            pl.when(level.is_in(by_org["provider"]))
            .then(of_provider)
            .when(level.is_in(by_org["commissioner"]))
            .then(of_commissioner)
            .when(level.is_in(by_org["pair"]))
            .then(pl.concat_str(of_commissioner, of_provider, separator="/"))
            .otherwise(pl.lit(ENGLAND))
            .cast(pl.Categorical)
        )

    return organisation("code"), organisation("name")


def _breakdown(layout: Layout, symbols: Mapping[str, Symbol]) -> pl.Expr:
    """Return the text of a row's breakdown: its parts, without those that say that there is none."""
    if not layout.breakdown:
        return pl.lit(TOTAL).cast(pl.Categorical)
    none = [text for text, status in layout.statuses.items() if status != Status.SUPPRESSED]
    words = [text for text, symbol in symbols.items() if symbol.empties_keys]
    parts = [
        pl.when(~pl.col(column).is_in([*none, ""]) & ~pl.col(column).str.to_lowercase().is_in(words)).then(
            pl.col(column)
        )
        for column in layout.breakdown
    ]
    return pl.concat_str(parts, separator=BREAKDOWN_SEPARATOR, ignore_nulls=True).cast(pl.Categorical)


def _listed_statistics(
    tidy: pl.DataFrame, _: Layout, statistics: Mapping[str, Statistic]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Add the statistic of each cell, known by its measure."""
    present = tidy["measure"].unique()
    unknown = [measure for measure in present.sort() if measure not in statistics]
    known = {measure: statistics[measure].value for measure in present if measure in statistics}
    statistic = pl.col("measure").replace_strict(known, default=None, return_dtype=STATISTIC)
    tidy = tidy.with_columns(statistic=statistic)
    return tidy, [
        _unknown(measure, measure, tidy.select((pl.col("measure") == measure).sum()).item(), len(tidy))
        for measure in unknown
    ]


def _named_statistics(
    tidy: pl.DataFrame, layout: Layout, statistics: Mapping[str, Statistic]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Translate the statistic of each cell, which a column names, and its measure."""
    kinds = {name: statistic.value for name, statistic in layout.statistics.items()}
    measures = {name: measure for name, measure in layout.measures.items() if name != measure}
    tidy = tidy.with_columns(
        called=pl.col("measure"),
        named=pl.col("statistic"),
        measure=pl.col("measure").replace(measures),
        statistic=pl.col("statistic").replace_strict(kinds, default=None, return_dtype=STATISTIC),
    )
    present = tidy.group_by("measure", "statistic", "called", "named").len("rows").sort("called", "named")
    findings = [
        _unknown(measure, f"{named} {called}", rows, len(tidy))
        for measure, statistic, called, named, rows in present.iter_rows()
        if statistic is None or f"{statistic} {measure}" not in statistics
    ]
    return tidy.drop("called", "named"), findings


def _unknown(measure: str, called: str, rows: int, every: int) -> Finding:
    told = share_text(rows, every, "row")
    message = f"the measure `{called}` is in no definition: it is counted and not judged, {told}"
    return Finding(Code.MEASURE_UNKNOWN, message, measures=(measure,))


def _wide(table: pl.DataFrame, layout: Layout, symbols: Mapping[str, Symbol]) -> pl.DataFrame:
    measures = [column for column in layout.columns if column in table.columns]
    org_code, org_name = _one_organisation(layout)
    wide = table.select(
        "row",
        *measures,
        level=pl.col(layout.keys["level"]),
        org_code=org_code,
        org_name=org_name,
        breakdown=_breakdown(layout, symbols),
    ).with_columns(repeated=pl.struct("level", "org_code", "breakdown").is_duplicated())
    # each row is a group; a key that stands twice makes two, and neither is judged
    wide = wide.with_row_index("group")
    index = ["group", "row", "level", "org_code", "org_name", "breakdown", "repeated"]
    # column stands below column
    column = pl.Series(np.repeat(np.arange(len(measures), dtype=np.uint32), len(wide)))
    measure = pl.Series([layout.columns[column][1] for column in measures], dtype=CELLS["measure"])
    statistic = pl.Series([layout.columns[column][0].value for column in measures], dtype=STATISTIC)
    return (
        wide.unpivot(on=measures, index=index, value_name="printed")
        .drop("variable")
        .with_columns(measure=measure.gather(column), statistic=statistic.gather(column))
    )
