"""Read the keys of a table alike however they are spelt, and refuse a table whose keys are another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.definitions.vocabulary import Shape
from iapt_audit.errors.inputs import UnknownLayoutError
from iapt_audit.ingest.recognise import looks_like_name, unknown_columns
from iapt_audit.model.findings import Code, Finding
from iapt_audit.model.text import share_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iapt_audit.definitions import Definitions, Layout

#: A message names no more texts than a reader takes in.
_MOST_NAMED = 5
#: A column that tells most rows apart is part of their key; one that tells a few apart may say where a slip came from.
_MOST_ROWS = 2


def mend(table: pl.DataFrame, layout: Layout, definitions: Definitions) -> tuple[pl.DataFrame, list[Finding]]:
    """
    Take the blanks around the keys of a table away, and spell levels, measures and statistics as its layout does.

    Args:
        table: Columns of text, as `read.tables` gives them.
        layout: The layout that its columns were recognised by.
        definitions: The measures that the layout's publication has.

    Returns:
        The table, and a note that says what was mended, if anything was.
    """
    columns = [column for column in _keys(layout) if column in table.columns]
    length = pl.col(columns).str.len_bytes().sum()
    # most tables have no such blank: the texts are made anew only for those that do
    lost = table.select(length - pl.col(columns).str.strip_chars().str.len_bytes().sum()).row(0)
    padded = [column for column, more in zip(columns, lost, strict=True) if more]
    told = {}
    if padded:
        stripped = pl.col(padded).str.strip_chars()
        told = dict(zip(padded, table.select((stripped != pl.col(padded)).sum()).row(0), strict=True))
        table = table.with_columns(stripped)
    for column, names in _spelt(layout, definitions).items():
        if column in table.columns:
            otherwise = _otherwise(table[column].unique(), names)
            if otherwise:
                there = table.select(pl.col(column).is_in(list(otherwise)).sum()).item()
                told[column] = max(told.get(column, 0), there)
                table = table.with_columns(pl.col(column).replace(otherwise))
    if not told:
        return table, []
    listed = "; ".join(f"`{column}` in {share_text(rows, len(table), 'row')}" for column, rows in told.items())
    message = f"keys were read without the blanks around them, and in the letters of their layout: {listed}"
    return table, [Finding(Code.KEY_MENDED, message)]


def refuse_other_keys(table: pl.DataFrame, layout: Layout, definitions: Definitions) -> None:
    """
    Refuse a table that has the key columns of a layout and is another: key columns alone make no layout.

    It is another if none of its measures is known, or if a column that the layout does not have tells most of its rows
    apart, which stand twice without it.

    Raises:
        UnknownLayoutError: With the measures, or the column, that no layout knows.
    """
    others = unknown_columns(table.columns, definitions.layouts.values())
    if layout.shape is Shape.LONG:
        column = layout.keys["measure"]
        names = table[column].unique().sort().to_list()
        if not any(name in _measures(layout, definitions) for name in names):
            shown = [name for name in names if looks_like_name(name)]
            raise UnknownLayoutError.of_measures(
                layout.id, shown[:_MOST_NAMED], len(names) - len(shown[:_MOST_NAMED]), others[:_MOST_NAMED]
            )
    extra = [column for column in table.columns if column not in {*layout.identifying, *layout.columns}]
    part = _part_of_key(table, layout, extra) if extra else None
    if part is not None:
        raise UnknownLayoutError.of_key(layout.id, part)


def _part_of_key(table: pl.DataFrame, layout: Layout, extra: Sequence[str]) -> str | None:
    """Return the column that tells most rows apart which stand twice without it; one that numbers the rows is none."""
    key = [column for column in _keys(layout) if column in table.columns]
    twice = table.filter(pl.struct(key).is_duplicated())
    if len(twice) * _MOST_ROWS <= len(table):
        return None
    for column in extra:
        apart = not twice.select(pl.struct(*key, column).is_duplicated().any()).item()
        if apart and twice[column].n_unique() * _MOST_ROWS <= len(twice):
            return column
    return None


def _keys(layout: Layout) -> list[str]:
    """Return the columns that say what a row holds, without those that hold its figure or say nothing more."""
    value = layout.keys.get("value")
    return [column for column in (*layout.keys.values(), *layout.breakdown) if column != value]


def _spelt(layout: Layout, definitions: Definitions) -> dict[str, Iterable[str]]:
    """Return the columns whose texts are known beforehand, with these texts."""
    spelt: dict[str, Iterable[str]] = {layout.keys["level"]: layout.levels}
    if "measure" in layout.keys:
        spelt[layout.keys["measure"]] = _measures(layout, definitions)
    if "statistic" in layout.keys:
        spelt[layout.keys["statistic"]] = layout.statistics
    return spelt


def _measures(layout: Layout, definitions: Definitions) -> Iterable[str]:
    """Return the measures that a long table can hold, as it calls them."""
    if "statistic" in layout.keys:
        return layout.measures
    return definitions.measures[layout.publication]


def _otherwise(texts: pl.Series, names: Iterable[str]) -> Mapping[str, str]:
    """Return the texts that are a known name in other letters, with the name."""
    known = set(names)
    unknown = [text for text in texts if text not in known]
    if not unknown:
        return {}
    spelt = {name.casefold(): name for name in known}
    return {text: spelt[text.casefold()] for text in unknown if text.casefold() in spelt}
