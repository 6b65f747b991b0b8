"""List the tables of an audit once: the gate, the selection, `--out` and the Python API go by this list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl


class Gate(StrEnum):
    """How a table passes the disclosure gate."""

    #: A cell that is held back loses its text and its numbers.
    CELLS = "cells"
    #: What hangs together with a suppressed cell is given at face value.
    HEADLINE = "headline"
    #: It holds nothing but face values, or numbers of figures.
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class TableKind:
    """
    What has to be known of a table to let it out, narrow it and write it.

    `by_organisation` is false if its rows are of a level or file as a whole: nothing of it is left for one
    organisation. `placed` is true if path, member, publication and period are to be added when it is written, and
    `drops` are the columns that are left out for them.
    """

    gate: Gate = Gate.OPEN
    by_organisation: bool = True
    placed: bool = True
    drops: tuple[str, ...] = ()


#: The kind of each table of `Tables`, by name.
TABLES = {
    "cells": TableKind(gate=Gate.CELLS),
    "rates": TableKind(),
    "headline": TableKind(gate=Gate.HEADLINE, placed=False),
    "series": TableKind(gate=Gate.CELLS, drops=("held_back", "publication", "period")),
    "gaps": TableKind(placed=False),
    "power": TableKind(by_organisation=False),
    "places": TableKind(gate=Gate.CELLS, drops=("held_back",)),
}


@dataclass(frozen=True, slots=True)
class Tables:
    """
    The tables that the stages make; the column `file` of each numbers the parts of the audit.

    A new table is a field here and a kind in `TABLES`, and is then let out, narrowed and written as that says.
    """

    cells: pl.DataFrame
    rates: pl.DataFrame
    headline: pl.DataFrame
    series: pl.DataFrame
    gaps: pl.DataFrame
    power: pl.DataFrame
    places: pl.DataFrame

    def mapped(self, change: Callable[[pl.DataFrame, TableKind], pl.DataFrame]) -> Tables:
        """Return what a function makes of each table and its kind."""
        return Tables(**{name: change(getattr(self, name), kind) for name, kind in TABLES.items()})
