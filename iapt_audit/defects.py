"""Word what `validate` found in single cells and keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit import scales, validate
from iapt_audit.findings import Code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.columns import Statistic
    from iapt_audit.context import Context
    from iapt_audit.definitions import Definitions, Layout
    from iapt_audit.findings import Finding

    Decimals = dict[str, dict[Statistic, int]]

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
    for row in validate.empty_keys(context.cells).iter_rows(named=True):
        message = f"{row['rows']:,} rows of the file {_NAMELESS[row['part']]}"
        one = context.finding(Code.KEY_EMPTY, message, [row["cell"]])
        findings.append(replace(one, breakdown=None, statistic=None, measures=(), printed=None))
    for row in validate.two_names(context.cells).iter_rows(named=True):
        names = " and ".join(f"`{name}`" for name in row["names"])
        one = context.finding(Code.CODE_TWO_NAMES, f"`{row['org_code']}` goes by {names} in one file", [row["cell"]])
        findings.append(replace(one, breakdown=None, statistic=None, measures=(), printed=None))
    for row in validate.repeated_keys(context.cells).iter_rows(named=True):
        names = " and ".join(f"`{name}`" for name in row["names"])
        differ = "with different values" if row["values_differ"] else "with the same values"
        message = (
            f"`{row['org_code']}` stands twice in the file, under {names}, {differ}: "
            f"{row['rows']:,} rows, none of which is judged"
        )
        one = context.finding(Code.KEY_TWICE, message, row["cells"])
        findings.append(replace(one, breakdown=None, statistic=None, measures=(), printed=None))
    return findings


def _defects(context: Context) -> Iterator[pl.DataFrame]:
    """Give the defects of the cells, file by file where layouts print a level's figures with other decimals."""
    kinds = _kinds(context)
    if len(kinds) == 1:
        yield validate.validate(context.cells, kinds[0][0])
        return
    for decimals, files in kinds:
        cells = context.cells.with_row_index("cell").filter(pl.col("file").is_in(files))
        found = validate.validate(cells, decimals)
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
