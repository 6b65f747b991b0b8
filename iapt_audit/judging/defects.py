"""Find the defects that anyone can see in a file: cells that are no figure, or not in the form of their level."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.judging import scales
from iapt_audit.judging.causes import form_of, spread
from iapt_audit.model.columns import Level, Statistic, Status
from iapt_audit.model.findings import Code
from iapt_audit.model.text import counted, share_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iapt_audit.arrays import Ints
    from iapt_audit.constraints.context import Context
    from iapt_audit.definitions import Definitions, Layout
    from iapt_audit.model.findings import Finding

    Decimals = dict[str, dict[Statistic, int]]

#: Cells with something wrong, one row a cell and code; `cell` is the position in the tidy frame.
DEFECTS = pl.Schema({"cell": pl.UInt32(), "code": pl.String(), "message": pl.String()})

#: What the checks of a single cell look at.
_LOOKED_AT = ("level", "statistic", "printed", "value", "in_form", "status")

_PAIR = Level.PAIR.value
_PAIR_SEPARATOR = "/"


def validate(cells: pl.DataFrame, decimals: Mapping[str, Mapping[Statistic, int]]) -> pl.DataFrame:
    """
    Find the defects of single cells.

    Args:
        cells: The tidy frame.
        decimals: The most decimals of each statistic, by level.

    Returns:
        Rows of `DEFECTS`: unparseable text, negative figures, percentages above 100, more decimals than the level is
        published with, and counts that did not go through disclosure control.
    """
    # pandera takes longer to import than the whole of `--help`
    from iapt_audit.ingest.schema import cell_schema, failures

    numbered = cells.lazy().select(*_LOOKED_AT).with_row_index("cell")
    # a few thousand kinds of cell stand for millions, and a sign is in form
    figures = numbered.filter(pl.col("status").is_in([Status.PUBLISHED, Status.UNPARSEABLE]))
    kinds = figures.select(_LOOKED_AT).unique().collect()
    found = failures(cell_schema(decimals), kinds)
    failing = kinds.with_row_index("index").join(found, on="index")
    return (
        # only few texts fail: looking for those first spares comparing all cells in full
        figures.filter(pl.col("printed").is_in(failing["printed"].unique().to_list()))
        .join(failing.lazy(), on=_LOOKED_AT, nulls_equal=True)
        .select("cell", code="check", message="message")
        .cast(DEFECTS)
        .sort("cell", "code")
        .collect()
    )


def empty_keys(cells: pl.DataFrame) -> pl.DataFrame:
    """
    Gather the cells that do not say whose figures they are, or what of: a blank code, half of a pair, a blank measure.

    Returns:
        `file`, `level`, `part` (of the key), how many rows, the first cell, and all.
    """
    found = []
    for part, column in (("organisation", "org_code"), ("measure", "measure")):
        name = pl.col(column)
        # text is looked at only where it may be blank: there are millions of cells, and hardly one of these
        suspect = (
            (name == "") | name.cat.starts_with(" ") | (pl.lit(part == "organisation") & (pl.col("level") == _PAIR))
        )
        halves = name.cast(pl.String).str.split(_PAIR_SEPARATOR)
        found.append(
            cells.lazy()
            .with_row_index("cell")
            .filter(suspect)
            .filter(halves.list.eval(pl.element().str.strip_chars() == "").list.any())
            .group_by("file", "level")
            .agg(rows=pl.col("row").n_unique(), every=pl.col("cell").sort(), cell=pl.col("cell").min())
            .select("file", "level", "rows", "cell", "every", part=pl.lit(part))
        )
    return pl.concat(found).sort("file", "level", "part").collect()


def two_names(cells: pl.DataFrame) -> pl.DataFrame:
    """
    Gather the organisations whose code stands under more than one name in a file, and no key twice.

    Returns:
        `file`, `level`, `org_code`, `names`, and the first cell.
    """
    return (
        cells.lazy()
        .with_row_index("cell")
        .group_by("file", "level", "org_code")
        .agg(pl.col("org_name").unique(maintain_order=True), pl.col("cell").min(), pl.col("repeated").any())
        .filter((pl.col("org_name").list.len() > 1) & ~pl.col("repeated"))
        .select("file", "level", "org_code", pl.col("org_name").cast(pl.List(pl.String)).alias("names"), "cell")
        .sort("cell")
        .collect()
    )


def repeated_keys(cells: pl.DataFrame) -> pl.DataFrame:
    """
    Gather the cells whose key stands twice, one row an organisation.

    Returns:
        `file`, `level`, `org_code`, the names it stands under, how many rows, all cells, and those of the first key.
    """
    told = pl.when(~pl.col("held_back")).then("printed")
    twice = cells.with_row_index("cell").filter(pl.col("repeated")).with_columns(told=told)
    return (
        twice.group_by("file", "level", "org_code", maintain_order=True)
        .agg(
            names=pl.col("org_name").cast(pl.String).unique(maintain_order=True),
            rows=pl.col("row").n_unique(),
            every=pl.col("cell"),
            cells=pl.col("cell").filter(
                (pl.col("measure") == pl.col("measure").first()) & (pl.col("breakdown") == pl.col("breakdown").first())
            ),
            # whether two figures that are held back are the same is not told either
            values_differ=(
                pl.struct("breakdown", "measure", "statistic", "told").n_unique()
                > pl.struct("breakdown", "measure", "statistic").n_unique()
            ),
        )
        .sort("file", "level", "org_code")
    )


#: What is said of rows, by the part of their key that is empty.
_NAMELESS = {
    "organisation": "name no organisation, or only half of a pair: it is unclear whose figures they are",
    "measure": "name no measure: it is unclear what they count",
}


def defects(context: Context, told: Ints | None = None) -> list[Finding]:
    """
    Return a finding for what is wrong with cells in one way, and for what is wrong with the keys of a file.

    Args:
        context: The cells and definitions.
        told: Cells whose fault is told already.
    """
    findings = list(_of_cells(context, np.zeros(0, dtype=np.int64) if told is None else told))
    definitions, publications = context.definitions, [part.publication for part in context.parts]
    off = scales.impossible(context.cells, publications, definitions.scales, definitions.effect_sizes)
    for cells, code, rule, message in off.iter_rows():
        findings.append(replace(context.finding(Code(code), message, cells), rule=rule))
    findings += _of_keys(context)
    return findings


def _of_cells(context: Context, told: Ints) -> Iterator[Finding]:
    """Tell the defects of single cells: those that are alike once, with all their places."""
    found = pl.concat([pl.DataFrame(schema=DEFECTS), *_defects(context)]).sort("cell", "code")
    if len(told):
        found = found.filter(~pl.col("cell").is_in(told.tolist()))
    if found.is_empty():
        return
    titles = context.definitions.measure_titles
    cells = context.cells[found["cell"]].select(
        "file", "level", "org_code", "measure", "statistic", "printed", "held_back"
    )
    rows = found.hstack(cells).with_columns(
        table=pl.col("file").replace_strict(dict(enumerate(context.table_of_part)), return_dtype=pl.UInt32),
        form=_forms(context, cells),
    )
    for alike in rows.with_columns(way=_WAY).partition_by("table", "code", "way", maintain_order=True):
        code = Code(alike["code"][0])
        if len(alike) > 1:
            yield context.cause(code, _told_of(code, alike, context), alike["cell"].to_numpy().astype(np.int64))
            continue
        one = context.finding(code, "", [alike["cell"][0]])
        title = titles.get(one.measures[0], one.measures[0])
        yield replace(one, message=f"{title} in the published file: {alike['message'][0]}")


def _forms(context: Context, cells: pl.DataFrame) -> pl.Series:
    """Return the form of the text of each cell; a text that may hold a count gives only that."""
    known = {sign for layout in context.definitions.layouts.values() for sign in layout.statuses}
    texts = cells.select("printed", "held_back")
    kinds = texts.unique()
    told = [form_of(text, known, hide=hide) for text, hide in kinds.iter_rows()]
    return texts.join(
        kinds.with_columns(form=pl.Series(told)), on=["printed", "held_back"], how="left", maintain_order="left"
    )["form"]


_PADDED = "0"
#: 1407.0, as programs write a whole number once its column has a hole.
_IS_PADDED = pl.col("printed").str.strip_chars().str.contains(r"\.0+$")
#: What makes defects of a code one cause: the sign, the column, the kind of figure, or the file.
_WAY = (
    pl.when(pl.col("code") == Code.CELL_UNPARSEABLE)
    .then("form")
    .when(pl.col("code") == Code.TOO_MANY_DECIMALS)
    .then(pl.when(_IS_PADDED).then(pl.lit(_PADDED)).otherwise(pl.col("statistic").cast(pl.String)))
    .when(pl.col("code").is_in([Code.VALUE_NEGATIVE, Code.PERCENTAGE_OUT_OF_RANGE]))
    .then(pl.concat_str(pl.col("statistic").cast(pl.String), pl.col("measure").cast(pl.String), separator=" "))
    .otherwise(pl.lit(""))
)
_ALIKE = {
    Code.TOO_MANY_DECIMALS: "figures have more decimals than their level is published with",
    Code.VALUE_NEGATIVE: "figures are negative",
    Code.PERCENTAGE_OUT_OF_RANGE: "percentages are above 100",
}


def _told_of(code: Code, alike: pl.DataFrame, context: Context) -> str:
    """Say what is wrong with many cells alike, and how many they are."""
    many = spread(alike)
    if code is Code.CELL_UNPARSEABLE:
        texts = alike["printed"].str.strip_chars().unique()
        form = alike["form"][0]
        sign = f"`{texts[0]}`" if len(texts) == 1 and not alike["held_back"].any() else f"`{form}`"
        read = " (0 stands for a number, a for a letter)" if sign != f"`{texts[0]}`" else ""
        return f"{sign}{read} is neither a number nor one of the publisher's symbols: {many}"
    if code is Code.COUNT_NOT_DISCLOSURE_CONTROLLED:
        of_table = [part for part, table in enumerate(context.table_of_part) if table == alike["table"][0]]
        every = context.cells.filter(
            pl.col("file").is_in(of_table)
            & (pl.col("statistic") == Statistic.COUNT)
            & (pl.col("status") == Status.PUBLISHED)
            & (pl.col("level") != Level.ENGLAND)
        )
        told = share_text(len(alike), len(every), "local count")
        return (
            f"{told} were not rounded or suppressed; they are not repeated here: tell the publisher before anyone else"
        )
    if code is Code.TOO_MANY_DECIMALS and alike["way"][0] == _PADDED:
        return f"figures are printed with decimals that are all 0: {many}"
    return f"{_ALIKE[code]}: {many}"


def _of_keys(context: Context) -> Iterator[Finding]:
    """Tell what is wrong with the keys of files."""
    for row in empty_keys(context.cells).iter_rows(named=True):
        every = context.inputs[context.parts[row["file"]].input].rows
        message = f"rows of the file {_NAMELESS[row['part']]}, {share_text(row['rows'], every, 'row')}"
        one = context.finding(Code.KEY_EMPTY, message, [row["cell"]])
        yield _of_row(one, row["every"])
    for row in two_names(context.cells).iter_rows(named=True):
        names = " and ".join(f"`{name}`" for name in row["names"])
        one = context.finding(
            Code.CODE_TWO_NAMES, f"`{row['org_code']}` has more than one name in the file: {names}", [row["cell"]]
        )
        yield _of_row(one, [row["cell"]])
    yield from _twice(context)


def _of_row(one: Finding, at: Sequence[int]) -> Finding:
    """Tell a finding of whole rows, whose cells are these."""
    places = np.array(at, dtype=np.int64)
    return replace(one, breakdown=None, statistic=None, measures=(), printed=None, count=len(at), at=places)


def _twice(context: Context) -> Iterator[Finding]:
    """Tell the keys that stand twice by organisation; where most of a file stands twice, once for all of them."""
    twice = repeated_keys(context.cells)
    most = _mostly_twice(twice, context)
    for file, rows in most.items():
        every = context.inputs[context.parts[file].input].rows
        of_file = twice.filter(pl.col("file") == file)
        message = (
            f"{counted(len(of_file), 'organisation')} of the file appear twice in it: none of them is judged, "
            f"{share_text(rows, every, 'row')}"
        )
        yield context.cause(Code.KEY_TWICE, message, of_file["every"].explode().to_numpy().astype(np.int64))
    for row in twice.filter(~pl.col("file").is_in(list(most))).iter_rows(named=True):
        names = " and ".join(f"`{name}`" for name in row["names"])
        differ = "with different values" if row["values_differ"] else "with the same values"
        message = (
            f"`{row['org_code']}` appears twice in the file, under {names}, {differ}: none of them is judged, "
            f"{share_text(row['rows'], context.inputs[context.parts[row['file']].input].rows, 'row')}"
        )
        yield _of_row(context.finding(Code.KEY_TWICE, message, row["cells"]), row["every"])


def _mostly_twice(twice: pl.DataFrame, context: Context) -> dict[int, int]:
    """Return the files where more than half of several organisations appear twice, with the number of such rows."""
    if twice.is_empty():
        return {}
    files = twice.group_by("file").agg(pl.len(), pl.col("rows").sum()).sort("file")
    organisations = dict(
        context.located.groups.group_by("file").agg(pl.struct("level", "org_code").n_unique()).iter_rows()
    )
    return {file: rows for file, many, rows in files.iter_rows() if many > 1 and 2 * many > organisations[file]}


def _defects(context: Context) -> Iterator[pl.DataFrame]:
    """Return the defects of the cells, file by file where layouts print a level's figures with other decimals."""
    kinds = _kinds(context)
    if len(kinds) == 1:
        yield validate(context.cells, kinds[0][0])
        return
    for decimals, files in kinds:
        cells = context.cells.with_row_index("cell").filter(pl.col("file").is_in(files))
        found = validate(cells, decimals)
        yield found.with_columns(cell=cells["cell"].gather(found["cell"]))


def _kinds(context: Context) -> list[tuple[Decimals, list[int]]]:
    """Gather the files whose layouts agree on the most decimals of each level."""
    kinds: list[tuple[Decimals, list[int]]] = []
    for number, part in enumerate(context.parts):
        layout = context.definitions.layouts[context.inputs[part.input].layout or ""]
        own = _decimals(layout, context.definitions)
        for decimals, files in kinds:
            if all(decimals.get(level, most) == most for level, most in own.items()):
                decimals.update(own)
                files.append(number)
                break
        else:
            kinds.append((own, [number]))
    return kinds


def _decimals(layout: Layout, definitions: Definitions) -> Decimals:
    """Return the most decimals by level; of several regimes at a level, the most that any of them prints."""
    decimals: Decimals = {}
    for name in layout.levels.values():
        at_level = decimals.setdefault(name.level.value, {})
        for regime in (name.regime, *layout.regimes.values()):
            for statistic, most in definitions.regimes[regime].decimals.items():
                at_level[statistic] = max(most, at_level.get(statistic, most))
    return decimals
