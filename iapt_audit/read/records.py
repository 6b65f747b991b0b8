"""Read JSON that is a table: a list of records, one record a line, or columns as pandas writes them."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from iapt_audit.errors.inputs import UnreadableInputError
from iapt_audit.read.delimited import refuse_twice
from iapt_audit.read.limits import MOST_COLUMNS, MOST_SHEET_CELLS

_GIVE = "give a list of records, as [{...}, {...}], or the published CSV"
#: What a record may hold.
_Row = dict[str, str]


def columns_of_records(data: bytes) -> pl.DataFrame:
    """
    Read records into columns of text, numbers as they are written; a null and what a record lacks is an empty text.

    Raises:
        UnreadableInputError: If it is damaged, or no table.
        UnknownLayoutError: If a record has a name twice.

    >>> columns_of_records(b'[{"a": 50.0, "b": null}, {"a": "*"}]').rows()
    [('50.0', ''), ('*', '')]
    """
    rows = _rows(_parsed(data.decode("utf-8-sig", "replace")))
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not rows or not names:
        raise UnreadableInputError.no_rows()
    if len(names) > MOST_COLUMNS or len(names) * len(rows) > MOST_SHEET_CELLS:
        raise UnreadableInputError.too_large()
    return pl.DataFrame({name: [row.get(name, "") for row in rows] for name in names})


def _parsed(text: str) -> Any:  # noqa: ANN401 - JSON is of any type
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        pass
    try:
        lines = [line for line in text.splitlines() if line.strip()]
        return [
            json.loads(line, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_once)
            for line in lines
        ]
    except (ValueError, RecursionError):
        raise UnreadableInputError.broken("the JSON is damaged") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    refuse_twice([name for name, _ in pairs])
    return dict(pairs)


def _rows(given: Any) -> list[_Row]:  # noqa: ANN401 - JSON is of any type
    """Take a list of records, such a list under one name, or columns by the number of the row."""
    if isinstance(given, dict):
        lists = [value for value in given.values() if isinstance(value, list)]
        if len(lists) == 1:
            return _rows(lists[0])
        columns = list(given.values())
        if columns and all(isinstance(each, dict) for each in columns):
            numbers = list(dict.fromkeys(number for each in columns for number in each))
            return [{name: _text(each.get(number)) for name, each in given.items()} for number in numbers]
    if isinstance(given, list) and given and all(isinstance(each, dict) for each in given):
        return [{name: _text(value) for name, value in each.items()} for each in given]
    raise UnreadableInputError.other_kind("JSON that holds no table", _GIVE)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return value
    raise UnreadableInputError.other_kind("JSON whose records hold more than values", _GIVE)
