"""Find the defects that anyone can see in a file: cells that are no figure, or not in the form of their level."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.judging import scales
from iapt_audit.model.columns import Level, Status
from iapt_audit.model.findings import Code
from iapt_audit.model.text import share_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iapt_audit.constraints.context import Context
    from iapt_audit.definitions import Definitions, Layout
    from iapt_audit.model.columns import Statistic
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
        `file`, `level`, `part` (of the key), how many rows, and the first cell.
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
            .agg(rows=pl.col("row").n_unique(), cell=pl.col("cell").min())
            .select("file", "level", "rows", "cell", part=pl.lit(part))
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
        `file`, `level`, `org_code`, the names it stands under, how many rows, and the first cells of the first key.
    """
    twice = cells.with_row_index("cell").filter(pl.col("repeated"))
    return (
        twice.group_by("file", "level", "org_code", maintain_order=True)
        .agg(
            names=pl.col("org_name").cast(pl.String).unique(maintain_order=True),
            rows=pl.col("row").n_unique(),
            cells=pl.col("cell").filter(
                (pl.col("measure") == pl.col("measure").first()) & (pl.col("breakdown") == pl.col("breakdown").first())
            ),
            values_differ=(
                pl.struct("breakdown", "measure", "statistic", "printed").n_unique()
                > pl.struct("breakdown", "measure", "statistic").n_unique()
            ),
        )
        .sort("file", "level", "org_code")
    )


#: What is said of rows, by the part of their key that is empty.
_NAMELESS = {
    "organisation": "name no organisation, or half of a pair: nobody can say whose figures they are",
    "measure": "name no measure: nobody can say what they count",
}


def defects(context: Context) -> list[Finding]:
    """Give a finding for each cell with a defect, and for what is wrong with the keys of a file."""
    findings = []
    titles = context.definitions.measure_titles
    for found in _defects(context):
        for cell, code, message in found.iter_rows():
            one = context.finding(Code(code), message, [cell])
            title = titles.get(one.measures[0], one.measures[0])
            findings.append(replace(one, message=f"{title} in the published file: {message}"))
    definitions, publications = context.definitions, [part.publication for part in context.parts]
    off = scales.impossible(context.cells, publications, definitions.scales, definitions.effect_sizes)
    for cells, code, rule, message in off.iter_rows():
        findings.append(replace(context.finding(Code(code), message, cells), rule=rule))
    for row in empty_keys(context.cells).iter_rows(named=True):
        every = context.inputs[context.parts[row["file"]].input].rows
        message = f"rows of the file {_NAMELESS[row['part']]}, {share_text(row['rows'], every, 'row')}"
        one = context.finding(Code.KEY_EMPTY, message, [row["cell"]])
        findings.append(replace(one, breakdown=None, statistic=None, measures=(), printed=None))
    for row in two_names(context.cells).iter_rows(named=True):
        names = " and ".join(f"`{name}`" for name in row["names"])
        one = context.finding(Code.CODE_TWO_NAMES, f"`{row['org_code']}` goes by {names} in one file", [row["cell"]])
        findings.append(replace(one, breakdown=None, statistic=None, measures=(), printed=None))
    for row in repeated_keys(context.cells).iter_rows(named=True):
        names = " and ".join(f"`{name}`" for name in row["names"])
        differ = "with different values" if row["values_differ"] else "with the same values"
        message = (
            f"`{row['org_code']}` stands twice in the file, under {names}, {differ}: none of them is judged, "
            f"{share_text(row['rows'], context.inputs[context.parts[row['file']].input].rows, 'row')}"
        )
        one = context.finding(Code.KEY_TWICE, message, row["cells"])
        findings.append(replace(one, breakdown=None, statistic=None, measures=(), printed=None))
    return findings


def _defects(context: Context) -> Iterator[pl.DataFrame]:
    """Give the defects of the cells, file by file where layouts print a level's figures with other decimals."""
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
    """Give the most decimals by level; of several regimes at a level, the most that any of them prints."""
    decimals: Decimals = {}
    for name in layout.levels.values():
        at_level = decimals.setdefault(name.level.value, {})
        for regime in (name.regime, *layout.regimes.values()):
            for statistic, most in definitions.regimes[regime].decimals.items():
                at_level[statistic] = max(most, at_level.get(statistic, most))
    return decimals
