"""Tables of every layout as their publisher prints them; all rows and figures were invented for the tests."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import pandas as pd
from layouts.written import csv_bytes

from iapt_audit.model.columns import Level, Statistic
from iapt_audit.model.periods import is_year

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.definitions import Definitions, Layout

Row = dict[str, str]

#: What a count, percentage, ... of England and of a provider is printed as; no two of them are in a rule.
PLAIN = {
    Statistic.COUNT: ("1003", "510"),
    Statistic.PERCENTAGE: ("50.2", "50"),
    Statistic.MEAN: ("4.3", "4.3"),
    Statistic.MEDIAN: ("21", "21"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a published file under its header."""

    layout: Layout
    rows: tuple[Row, ...]

    @property
    def period(self) -> str | None:
        """Return the period that the table is of where no column says it."""
        return self.layout.first_period if self.layout.period_from == "name" else None

    @property
    def csv(self) -> bytes:
        """Return the file as published."""
        return csv_bytes([*self.layout.identifying, *self.layout.columns], self.rows, "NULL")

    @property
    def frame(self) -> pd.DataFrame:
        """Return the table as a careful user reads it."""
        return pd.read_csv(BytesIO(self.csv), dtype=str, keep_default_na=False)

    def write(self, folder: Path) -> Path:
        """Write the file, named for its period."""
        path = folder / f"table-{self.layout.first_period}.csv"
        path.write_bytes(self.csv)
        return path


def sound(layout: Layout, definitions: Definitions) -> Table:
    """Return a table with nothing wrong in it: one figure of England and of a provider, and what a rate needs."""
    places = [(Level.ENGLAND, "All"), (Level.PROVIDER, "ABC")]
    if {known.level for known in layout.levels.values()} == {Level.ENGLAND}:
        places.pop()
    rows = [row for level, code in places for row in _rows(layout, definitions, level, code)]
    return _table(layout, rows)


def _table(layout: Layout, rows: list[Row]) -> Table:
    """Return a table of some rows; what makes a series is that it holds several months, so it has them twice."""
    if layout.form == "series":
        later = {layout.keys["period_start"]: "2021-04-01", layout.keys["period_end"]: "2021-04-30"}
        rows = [*rows, *(row | later for row in rows)]
    return Table(layout, tuple(rows))


def faulty(layout: Layout, definitions: Definitions) -> Table:
    """Return a table with a fault in each of some rows: a key twice, a small count, text, a figure below 0."""
    england = _rows(layout, definitions, Level.ENGLAND, "All")
    twice = _rows(layout, definitions, Level.PROVIDER, "TWICE")
    faults = [
        _with(_rows(layout, definitions, Level.PROVIDER, code), layout, definitions, statistic, text)
        for code, statistic, text in (
            ("SMALL", Statistic.COUNT, "3"),
            ("TEXT", Statistic.COUNT, "some"),
            ("BELOW", Statistic.MEAN, "-1.8"),
            ("ABOVE", Statistic.PERCENTAGE, "101"),
        )
    ]
    return _table(layout, [*england, *twice, *twice, *(row for rows in faults for row in rows)])


def _level(layout: Layout, level: Level) -> str:
    """Return the layout's name of a level; one that it does not know it takes for the last that it does."""
    return next((name for name, known in layout.levels.items() if known.level is level), list(layout.levels)[-1])


def key(layout: Layout, level: Level, code: str, breakdown: str = "Total") -> Row:
    """Return what a row is known by."""
    keys = layout.keys
    row = dict.fromkeys(layout.identifying, "NULL")
    row[keys["level"]] = _level(layout, level)
    for role in ("org_code", "commissioner_code", "provider_code"):
        if role in keys:
            row[keys[role]] = code
            row[keys[role.replace("code", "name")]] = f"Invented {code}"
    for column, text in zip(layout.breakdown, breakdown.split(" | "), strict=False):
        row[column] = text
    start, end = ("2021-03-01", "2021-03-31")
    if is_year(layout.first_period):
        first = int(layout.first_period[:4])
        start, end = f"{first}-04-01", f"{first + 1}-03-31"
    if "period_start" in keys:
        row[keys["period_start"]], row[keys["period_end"]] = start, end
    if "period" in keys:
        row[keys["period"]] = layout.first_period if is_year(layout.first_period) else start[:7]
    return row


def figures(layout: Layout, row: Row, printed: dict[tuple[Statistic, str], str]) -> list[Row]:
    """Return a row with some figures: in a long layout a row for each."""
    if layout.shape == "wide":
        columns = {what: column for column, what in layout.columns.items()}
        return [{**row, **{columns[what]: text for what, text in printed.items() if what in columns}}]
    called = {measure: name for name, measure in layout.measures.items()}
    names = {statistic: name for name, statistic in layout.statistics.items()}
    rows = []
    for (statistic, measure), text in printed.items():
        told = {layout.keys["measure"]: called.get(measure, measure), layout.keys["value"]: text}
        if "statistic" in layout.keys:
            told[layout.keys["statistic"]] = names[statistic]
        rows.append({**row, **told})
    return rows


def plain(layout: Layout, definitions: Definitions) -> dict[Statistic, str]:
    """Return one measure of each statistic that the layout has."""
    if layout.shape == "wide":
        pairs = list(layout.columns.values())
    elif "statistic" in layout.keys:
        pairs = [
            (Statistic(name.split(" ", 1)[0]), name.split(" ", 1)[1])
            for name in definitions.measures[layout.publication]
        ]
        pairs = [(statistic, measure) for statistic, measure in pairs if measure in layout.measures.values()]
    else:
        pairs = [(statistic, measure) for measure, statistic in definitions.measures[layout.publication].items()]
    found: dict[Statistic, str] = {}
    for statistic, measure in pairs:
        found.setdefault(statistic, measure)
    return {statistic: measure for statistic, measure in found.items() if statistic in PLAIN}


def _rows(layout: Layout, definitions: Definitions, level: Level, code: str) -> list[Row]:
    place = 0 if level is Level.ENGLAND else 1
    printed = {
        (statistic, measure): PLAIN[statistic][place] for statistic, measure in plain(layout, definitions).items()
    }
    return figures(layout, key(layout, level, code), printed)


def _with(rows: list[Row], layout: Layout, definitions: Definitions, statistic: Statistic, text: str) -> list[Row]:
    """Print a text in the one figure of a statistic; rows of a layout without one stay as they are."""
    measure = plain(layout, definitions).get(statistic)
    if measure is None:
        return rows
    if layout.shape == "wide":
        column = next(column for column, what in layout.columns.items() if what == (statistic, measure))
        return [{**row, column: text} for row in rows]
    number = list(plain(layout, definitions)).index(statistic)
    return [{**row, layout.keys["value"]: text} if place == number else row for place, row in enumerate(rows)]
