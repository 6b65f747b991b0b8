"""Read a page that the report wrote, as its own script would."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass
class Shown:
    """
    What a page holds: its text, its pictures, its tables, what each element refers to.

    `pictures` are the figures that charts draw, by the picture's id; `tables` the rows of text under a table's id.
    """

    text: str = ""
    pictures: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    references: list[tuple[str, str, str]] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def rows(self, picture: str) -> list[dict[str, Any]]:
        """Return the figures of a picture row by row."""
        told = self.pictures[picture]
        columns = [
            [column["texts"][place] for place in column["at"]] if isinstance(column, dict) else column
            for column in told["figures"]
        ]
        return [dict(zip(told["columns"], row, strict=True)) for row in zip(*columns, strict=True)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()
        self._in: list[str] = []
        self._json = ""
        self._table = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.shown.elements.append((tag, given))
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            if given.get(name):
                self.shown.references.append((tag, name, given[name] or ""))
        if tag == "script":
            self._in = ["json" if given.get("type") == "application/json" else "code"]
            self._json = ""
        elif tag == "style":
            self._in = ["code"]
        elif tag == "table":
            self._table = given["id"] or ""
            self.shown.tables[self._table] = []
        elif tag == "tr" and self._table:
            self.shown.tables[self._table].append([])
        elif tag == "td" and self._table:
            self.shown.tables[self._table][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            if self._in == ["json"]:
                told = json.loads(self._json)
                self.shown.pictures[told["id"]] = told
            self._in = []
        elif tag == "table":
            self.shown.tables[self._table] = [row for row in self.shown.tables[self._table] if row]
            self._table = ""

    def handle_data(self, data: str) -> None:
        if self._in == ["json"]:
            self._json += data
        elif not self._in:
            self.shown.text += data
            if self._table and self.shown.tables[self._table] and self.shown.tables[self._table][-1]:
                self.shown.tables[self._table][-1][-1] += data.strip()


def read_page(page: str) -> Shown:
    """Read a page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.shown
