"""Take the batch of a pipeline as a table, and mend what its library took for nothing, or say that it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.errors.inputs import FrameError
from iapt_audit.model.columns import Level
from iapt_audit.read import frame_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.definitions import Layout

#: Texts that pandas reads as nothing unless it is told not to, and that mean something to a publisher.
_READ_AS_NOTHING = ("NULL", "NA")


def table_of(batch: object) -> pl.DataFrame:
    """
    Take a batch as a table, with its nulls.

    Raises:
        UnknownLayoutError: If a column name stands twice.
        UnreadableInputError: If there is no row, or a column holds something else than values.
    """
    table = frame_of(batch)
    text_of(table)  # refuses what holds no rows of values
    return table


def with_signs(table: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """
    Put the publisher's sign where pandas read it as nothing.

    A figure that is null is taken for the layout's `NULL` or `NA`. A key or a breakdown that is null may have been any
    text that pandas reads as nothing, such as `None`: of such a row nobody can say whose figures it holds.

    Raises:
        FrameError: If a key or breakdown is null where the layout needs it; names every such column.
    """
    faults = {
        column: nulls
        for column, levels in needed(layout)
        if column in table.columns and (nulls := _nulls(table, column, layout, levels))
    }
    if faults:
        raise FrameError.nulls(faults)
    signs = [sign for sign in _READ_AS_NOTHING if sign in layout.statuses]
    figures = [layout.keys["value"]] if "value" in layout.keys else list(layout.columns)
    sign = signs[0] if len(signs) == 1 else ""
    return table.with_columns(
        pl.col(column).fill_null(sign) for column in figures if column in table.columns and table[column].null_count()
    )


def needed(layout: Layout) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    """
    Return each column without which nobody can say what a row holds, with the levels that need it (None for all).

    The first is that of the level.
    """
    keys = layout.keys
    yield keys["level"], None
    for role in ("measure", "statistic", "period_start", "period_end", "period"):
        if role in keys:
            yield keys[role], None
    for column in layout.breakdown:
        yield column, None
    sides = {
        "org_code": [name for name, known in layout.levels.items() if known.level is not Level.ENGLAND],
        "commissioner_code": [name for name, known in layout.levels.items() if known.org in {"commissioner", "pair"}],
        "provider_code": [name for name, known in layout.levels.items() if known.org in {"provider", "pair"}],
    }
    for role, levels in sides.items():
        if role in keys:
            yield keys[role], tuple(levels)


def _nulls(table: pl.DataFrame, column: str, layout: Layout, levels: tuple[str, ...] | None) -> int:
    """Count the rows in which a column is null and its level needs it."""
    at = pl.col(column).is_null()
    if levels is not None:
        at &= pl.col(layout.keys["level"]).cast(pl.String).is_in(list(levels))
    return int(table.select(at.sum()).item())
