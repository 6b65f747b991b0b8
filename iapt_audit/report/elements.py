"""Hold what a page is made of: pictures with their figures, tables, and the parts that they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A Vega-Lite specification; its figures are a data set that is called `figures`.
Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a switch: what its rows hold in the switch's column, and the words of the picture then."""

    value: str
    label: str
    title: str
    alt: str


@dataclass(frozen=True, slots=True)
class Switch:
    """A choice that a reader has: the picture shows the rows of one option, at first those of the first."""

    column: str
    label: str
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A chart with everything that it needs to stand alone.

    `title` says the finding, `alt` the figures to who does not see them, `unit` what is drawn, `source` where it is
    from. `figures` are the rows that are drawn; `columns` name, head by head, those that the table under it shows.
    """

    id: str
    title: str
    alt: str
    unit: str
    source: str
    spec: Spec
    figures: pl.DataFrame
    columns: Sequence[tuple[str, str]]
    switch: Switch | None = None
    remark: str = ""

    @property
    def shown(self) -> pl.DataFrame:
        """Return the rows that are drawn at first."""
        if self.switch is None:
            return self.figures
        return self.figures.filter(pl.col(self.switch.column) == self.switch.options[0].value)

    @property
    def table(self) -> DataTable:
        """Return the table under the picture."""
        rows = self.shown.filter(pl.col("drawn") == "row") if "drawn" in self.figures.columns else self.shown
        told = rows.select(column for _, column in self.columns).rows()
        return DataTable(f"{self.id}-figures", self.title, [head for head, _ in self.columns], told)


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to an address."""

    text: str
    url: str


#: What a table may hold; nothing is shown as a dash.
Cell = str | int | float | Link | None


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table of text; `search` if there is more in it than an eye finds."""

    id: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    search: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: its heading, a sentence or more in plain words, then pictures and tables."""

    id: str
    heading: str
    sentences: Sequence[str]
    pictures: Sequence[Picture] = ()
    grids: Sequence[DataTable] = ()
    remarks: Sequence[str] = ()
    command: str = ""
