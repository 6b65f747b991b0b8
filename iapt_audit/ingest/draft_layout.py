"""Draft the layout of a new year's file, as a difference to the nearest one, for a person to review."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iapt_audit import read
from iapt_audit.definitions.vocabulary import Shape
from iapt_audit.errors.base import DraftError, OutputError
from iapt_audit.errors.inputs import InputError, PeriodUnknownError, UnknownLayoutError
from iapt_audit.ingest import keys, recognise
from iapt_audit.ingest.layout_difference import differs, guesses, mostly_known, unknown_levels, unknown_signs
from iapt_audit.model.columns import Level
from iapt_audit.model.periods import is_period, is_year
from iapt_audit.model.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from iapt_audit.definitions import Definitions, Layout
    from iapt_audit.ingest.layout_difference import Difference, Guess

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_MOST_NAMED = 20
_LONGEST_SIGN = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """A layout to review and its place in a folder of definitions; no text where none is needed, and why."""

    text: str | None
    place: str | None
    told: str


def draft(path: Path, definitions: Definitions, period: str | None) -> Draft:
    """
    Draft a layout for the first table of a file that is of no known layout and near one.

    Nothing of a cell is repeated but the names of levels, and signs without a figure in them.

    Args:
        path: A published file, or an archive of some.
        definitions: The layouts to compare it with.
        period: The period from which the layout is in force; None for the one that the file or its names say.

    Raises:
        DraftError: If there is no table in the file, it is near no layout, or nothing says its period.
    """
    known: list[str] = []
    faults: list[DraftError] = []
    for name, names, table in _tables(path):
        try:
            if isinstance(table, InputError):
                raise table
            recognise.refuse_uncovered(table.columns, definitions.uncovered)
            layout = _known_layout(table.columns, names, definitions)
            if layout is None:
                return _drafted(name, names, table, period, definitions)
            # key columns alone make no layout: what an audit would refuse is not called known
            keys.refuse_other_keys(keys.mend(table, layout, definitions)[0], layout, definitions)
            known.append(_told_known(name, table, layout))
        except InputError as error:
            faults.append(DraftError.unread(_plain(name), error.message, error.hint))
        except DraftError as error:
            faults.append(error)
    if not known:
        raise faults[0]
    # beside a table that needs no layout, one that cannot have one is told and is no fault
    told = [*known, *(str(fault).partition("\n")[0] for fault in faults), "nothing is written"]
    return Draft(None, None, "\n".join(told))


def save(text: str, path: Path) -> None:
    """
    Write a draft to a new file.

    Raises:
        OutputError: If the file is there already, since somebody may have reviewed it, or cannot be written.
    """
    if path.exists():
        raise OutputError.there_already(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError.from_os(path, error) from None


def _tables(path: Path) -> Iterator[tuple[str, list[str | None], pl.DataFrame | InputError]]:
    """Return each table of a file with its name and the names that may say its period, or why it cannot be read."""
    for opened in (opened for place in read.find([path]) for opened in read.open_all(place)):
        name = opened.member or opened.path
        names = [opened.member, opened.path]
        try:
            tables = read.tables(opened)
        except InputError as error:
            yield name, names, error
        else:
            yield from ((table.sheet or name, [table.sheet, *names], table.fault or table.frame) for table in tables)


def _known_layout(columns: Sequence[str], names: Sequence[str | None], definitions: Definitions) -> Layout | None:
    """Return the layout that a table is of, unless it has measure columns that the layout does not know."""
    try:
        period: str | None = recognise.period_in_names(names)
    except PeriodUnknownError:
        period = None
    try:
        layout = recognise.layout_of(columns, definitions.layouts, period)
    except UnknownLayoutError:
        return None
    # in a long layout no column but the keys is read, so that another one makes no new layout
    return layout if layout.shape is Shape.LONG or not recognise.unknown_columns(columns, [layout]) else None


def _told_known(name: str, table: pl.DataFrame, layout: Layout) -> str:
    told = [f"`{_plain(name)}` is of the layout `{layout.id}` already"]
    others = [other for other in recognise.unknown_columns(table.columns, [layout]) if recognise.looks_like_name(other)]
    if others:
        told.append(f"  not read: {_listed(others)}")
    levels = unknown_levels(table, layout.keys.get("level"), layout)
    if levels:
        told.append(f"  levels that it lacks: {_listed(levels)}: add them to [levels] of schemas/{layout.id}.toml")
    return "\n".join(told)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{_plain(name)}`" for name in names[:_MOST_NAMED])


def _period(table: pl.DataFrame, near: Layout, names: Sequence[str | None]) -> str:
    """Return the first period that the rows say, or the one that the names of the file say."""
    found = _periods_in_rows(table, differs(table.columns, near)) if near.period_from == "columns" else []
    if found:
        return min(found)
    return recognise.period_in_names(names, near.first_period, short_years=near.short_years)


def _periods_in_rows(table: pl.DataFrame, difference: Difference) -> list[str]:
    named, start = difference.column("period"), difference.column("period_start")
    if named is not None:
        return [text for text in table[named].unique() if is_period(text)]
    if start is None:
        return []
    text = table[start].str.strip_chars().unique()
    days = [*text.str.to_date("%Y-%m-%d", strict=False), *text.str.to_date("%d/%m/%Y", strict=False)]
    return [f"{day:%Y-%m}" for day in days if day is not None]


def _drafted(
    name: str, names: Sequence[str | None], table: pl.DataFrame, given: str | None, definitions: Definitions
) -> Draft:
    near = recognise.nearest(table.columns, definitions.layouts.values())
    if near is None:
        raise UnknownLayoutError.of_none()
    period = given or _period(table, near, names)
    if is_year(period) != is_year(near.first_period):
        raise DraftError.period(period, near.first_period)
    family = [
        layout
        for layout in definitions.layouts.values()
        if (layout.publication, layout.form) == (near.publication, near.form)
    ]
    layout = f"{near.publication}/{period}-{near.form}" if near.form else f"{near.publication}/{period}"
    if layout in definitions.layouts:
        raise DraftError.there_already(layout)
    base = recognise.nearest(table.columns, [earlier for earlier in family if earlier.first_period < period])
    if base is None:
        raise DraftError.none_earlier(near.publication, period)
    difference = differs(table.columns, base)
    new: list[Guess] = []
    if base.shape is Shape.WIDE:
        if not mostly_known(difference, family):
            raise DraftError.other_measures(_plain(name), base.id)
        new = guesses(difference, family)
    place = f"schemas/{layout}.toml"
    levels = unknown_levels(table, difference.column("level"), base)
    signs = unknown_signs(table, _cell_columns(difference, new), base, definitions.lexicon.words.numbers)
    lines = [
        f"# Drafted from the columns of `{_plain(name)}`, as a difference to `{base.id}`.",
        f"# Look at each line, fill in the source, and save it as FOLDER/{place}:",
        "# `iapt-audit definitions check --definitions FOLDER` refuses it until then.",
        f"publication = {_quoted(base.publication)}",
        f"title = {_quoted(base.title)}",
        f"first_period = {_quoted(period)}",
        f"extends = {_quoted(base.id.partition('/')[2])}",
        *_drop_lines(difference.dropped),
        *_list_lines("unread", base.unread, difference),
        "",
        "[source]",
        "# what the publisher calls the file, its address, and the day on which you compared them",
        'title = ""',
        'url = ""',
        "# reviewed = YYYY-MM-DD",
        *_key_lines(difference),
        *_level_lines(levels[:_MOST_NAMED], base, definitions),
        *_sign_lines(signs[:_MOST_NAMED], base),
        *column_lines(new, base),
    ]
    counts = (
        ("keys renamed or missing", len(difference.keys)),
        ("columns dropped", len(difference.dropped)),
        ("new", sum(guess.what is not None for guess in new)),
        ("to decide", sum(guess.what is None for guess in new)),
    )
    told = (
        f"`{_plain(name)}` as a difference to `{base.id}`: {', '.join(f'{what} {count}' for what, count in counts)}\n"
        f"look at each line, fill in the source, and save it as FOLDER/{place}"
    )
    return Draft("\n".join(lines) + "\n", place, told)


def _cell_columns(difference: Difference, new: Sequence[Guess]) -> list[str]:
    """Return the columns that hold the figures."""
    value = difference.column("value")
    if value is not None:
        return [value]
    old = [column for column in difference.base.columns if column in difference.columns]
    return [*old, *(guess.column for guess in new if guess.what is not None)]


def _drop_lines(dropped: Sequence[str]) -> list[str]:
    if not dropped:
        return []
    return [
        "# columns of the layout it extends that the file lacks",
        "drop = [",
        *(f"  {_quoted(column)}," for column in dropped),
        "]",
    ]


def _key_lines(difference: Difference) -> list[str]:
    if not difference.keys:
        return []
    lines = ["", "[keys]"]
    for role, column in difference.base.keys.items():
        if column in difference.keys:
            new = difference.keys[column]
            lines += [_became(column, new), f"{role} = {_quoted(new or '')}"]
    return [*lines, *_list_lines("breakdown", difference.base.breakdown, difference)]


def _list_lines(key: str, columns: Sequence[str], difference: Difference) -> list[str]:
    """Write a list of columns of which the table lacks some."""
    lacking = [column for column in columns if column in difference.keys]
    if not lacking:
        return []
    now = [difference.keys.get(column, column) for column in columns]
    known = ", ".join(_quoted(column) for column in now if column is not None)
    remarks = [_became(column, difference.keys[column]) for column in lacking]
    # a text is no list, and is refused until a person has decided
    return [*remarks, f'{key} = ""  # [{known}]' if None in now else f"{key} = [{known}]"]


def _became(column: str, new: str | None) -> str:
    if new is None:
        return f"# `{column}` is missing, and no column is near it: give the name it has in the file"
    return f"# `{column}` is missing; the file has `{_plain(new)}`: see that it holds the same"


def _level_lines(levels: Sequence[str], base: Layout, definitions: Definitions) -> list[str]:
    if not levels:
        return []
    organisation = ', org = ""' if "commissioner_code" in base.keys else ""
    entry = f'{{ level = "", regime = ""{organisation} }}'
    return [
        "",
        "[levels]",
        "# levels in the rows that the layout does not know: fill in and take the # away, or they are not audited",
        f"# level: {', '.join(level.value for level in Level)}",
        f"# regime: {', '.join(definitions.regimes)}",
        *(["# org: commissioner, provider or pair, or leave it out"] if organisation else []),
        *(f"# {_quoted(_plain(name))} = {entry}" for name in levels),
    ]


def _sign_lines(signs: Sequence[str], base: Layout) -> list[str]:
    if not signs:
        return []
    by_status: dict[str, list[str]] = {"suppressed": [], "not_applicable": [], "withheld_or_absent": []}
    for text, status in base.statuses.items():
        by_status.setdefault(str(status), []).append(text)
    return [
        "",
        "[statuses]",
        f"# signs that the layout does not know: {', '.join(_quoted(_plain(sign)) for sign in signs)}",
        "# put each in its list and take the # of all three away, or their cells are faults",
        *(f"# {status} = [{', '.join(map(_quoted, texts))}]" for status, texts in by_status.items()),
    ]


def column_lines(new: Sequence[Guess], base: Layout) -> list[str]:
    """Write the table of new columns; what a person has to decide is a remark."""
    lines = ["", "[columns]"] if new else []
    for guess in new:
        lines.append(f"# {_plain(guess.remark)}")
        if guess.what is None:
            lines.append(f'# {_key(_plain(guess.column))} = "count {"_".join(_plain(guess.column).split())}"')
            continue
        lines.append(f"{_key(guess.column)} = {_quoted(' '.join(guess.what))}")
        if guess.alike is not None:
            old = " ".join(base.columns[guess.alike])
            lines.append(f"# or, if it is `{guess.alike}` renamed: {_key(_plain(guess.column))} = {_quoted(old)}")
    return lines


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    """Write a TOML string: those of JSON are, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(text: str) -> str:
    """Make a text fit for a comment of one line."""
    return printable(text).replace("\n", " ")
