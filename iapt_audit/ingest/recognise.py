"""Tell the layout of a table by its columns, and its period where no column says it."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from iapt_audit.errors.inputs import PeriodUnknownError, UnknownLayoutError
from iapt_audit.model.periods import is_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iapt_audit.definitions import Layout
    from iapt_audit.definitions.model import Uncovered

#: 2024-25, 2024_25, 2024-2025 and 202425
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})[-_ ]?(?:20)?([0-9]{2})(?![0-9])")
#: 2425
_SHORT_YEAR = re.compile(r"(?<![0-9])([0-9]{2})([0-9]{2})(?![0-9])")
#: The data set began in 2012-13.
_FIRST_YEAR = 12
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_MONTH = re.compile(
    r"(?<![a-z])(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)[-_ ]*(20[0-9]{2}|[0-9]{2})(?![0-9])"
)
_NUMBERED_MONTH = re.compile(r"(?<![0-9])(20[0-9]{2})[-_ ]?(0[1-9]|1[0-2])(?![0-9])")
#: Names as alike as this are told beside each other; `difflib` calls them close from here on.
_NEAR_ENOUGH = 0.6
#: A message names no more columns than a reader takes in, and a hostile header is not compared whole.
_MOST_NAMED = 5
_MOST_COMPARED = 200
_LONGEST_NAME = 80


def layout_of(columns: Sequence[str], layouts: Mapping[str, Layout], period: str | None) -> Layout:
    """
    Return the layout that knows most of a table's columns, of those whose identifying columns are all there.

    Eras that know just as many differ in columns that the table lacks; of these the one in force in the period is
    named. A table that is nearer to a layout of which it lacks a key is not taken for another one that it has the keys
    of: the key may have been renamed.

    Raises:
        UnknownLayoutError: If no layout's identifying columns are all there; names what differs from the nearest.
    """
    present = set(columns)
    known = {layout.id: len(present & {*layout.identifying, *layout.columns}) for layout in layouts.values()}
    complete = [
        layout
        for layout in layouts.values()
        if present.issuperset(layout.identifying) and (not layout.columns or present & set(layout.columns))
    ]
    most = max((known[layout.id] for layout in complete), default=0)
    near = nearest(columns, [layout for layout in layouts.values() if not complete or known[layout.id] > most])
    if near is not None:
        raise _unknown(near, columns, layouts)
    if not complete:
        raise UnknownLayoutError.of_none()
    best = [layout for layout in complete if known[layout.id] == most]
    in_force = [layout for layout in best if period is not None and layout.first_period <= period]
    return max(in_force or best[:1], key=lambda layout: layout.first_period)


def refuse_uncovered(columns: Sequence[str], uncovered: Iterable[Uncovered]) -> None:
    """
    Refuse a table of a publication that is known and that no layout covers.

    Raises:
        UnknownLayoutError: With its title.
    """
    present = set(columns)
    for each in uncovered:
        if each.columns <= present:
            raise UnknownLayoutError.not_covered(each.title)


def respelt(columns: Sequence[str], layouts: Mapping[str, Layout]) -> dict[str, str]:
    """
    Return the names that columns have in a layout from which they differ in case, spaces and signs only.

    Returns:
        Nothing where the columns are those of a layout as they stand, or where its keys are not all there even so.
    """
    present = set(columns)
    if any(present.issuperset(layout.identifying) for layout in layouts.values()):
        return {}
    near = nearest(columns, layouts.values())
    if near is None:
        return {}
    others = [name for name in columns if name not in {*near.identifying, *near.columns}]
    spelt = same_letters([name for name in (*near.identifying, *near.columns) if name not in present], others)
    if not present.union(spelt).issuperset(near.identifying):
        return {}
    return {old: new for new, old in spelt.items()}


def nearest(columns: Sequence[str], layouts: Iterable[Layout]) -> Layout | None:
    """
    Return the layout that a table is nearest to, if it has more than half of that layout's identifying columns.

    A column that differs in case, spaces and signs only counts as there. Of layouts as near one of the publisher's main
    files is given, then the one still in force, then the latest.
    """
    letters = {_letters(name) for name in columns}

    def there(names: Iterable[str]) -> int:
        return sum(_letters(name) in letters for name in names)

    def rank(layout: Layout) -> tuple[float, bool, bool, str]:
        keys = there(layout.identifying)
        share = keys / len(layout.identifying) + (keys + there(layout.columns)) / len(columns)
        return share, not layout.form, layout.last_period is None, layout.first_period

    # another data set may share the dates, the organisation and a word for its figures
    near = [layout for layout in layouts if there(layout.identifying) * 2 > len(layout.identifying)]
    return max(near, key=rank, default=None)


def near_misses(missing: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """
    Pair names with those that they may have become: the same letters first, then the nearest in spelling, each once.

    >>> near_misses(["OrgCode", "OrgName", "VALUE"], ["ORG NAME", "Org_Code", "Sum"])
    {'OrgCode': 'Org_Code', 'OrgName': 'ORG NAME'}
    """
    wanted, left = list(missing), [name for name in others if looks_like_name(name)][:_MOST_COMPARED]
    found = same_letters(wanted, left)
    likeness = sorted(
        (
            (SequenceMatcher(None, _letters(name), _letters(other)).ratio(), name, other)
            for name in wanted
            for other in left
            if name not in found and other not in found.values()
        ),
        reverse=True,
    )
    for ratio, name, other in likeness:
        if ratio >= _NEAR_ENOUGH and name not in found and other not in found.values():
            found[name] = other
    return found


def same_letters(missing: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """
    Pair names with those that differ from them in case, spaces and signs only.

    >>> same_letters(["Count_Recovery", "OrgCode"], ["CountRecovery", "OrgName"])
    {'Count_Recovery': 'CountRecovery'}
    """
    spelt: dict[str, str] = {}
    for name in others:
        spelt.setdefault(_letters(name), name)
    return {name: spelt[_letters(name)] for name in missing if _letters(name) in spelt}


def looks_like_name(text: str) -> bool:
    """
    Return whether a text can be a name that may be repeated: it holds a letter, and is no page of text.

    A file that lost its header has figures for column names, and a figure may be a count that slipped.

    >>> looks_like_name("OrgCode"), looks_like_name("3"), looks_like_name("*")
    (True, False, False)
    """
    return len(text) <= _LONGEST_NAME and any(character.isalpha() for character in text)


def unknown_columns(columns: Iterable[str], layouts: Iterable[Layout]) -> list[str]:
    """Return the columns that none of the layouts knows."""
    known = {name for layout in layouts for name in (*layout.identifying, *layout.columns)}
    return [name for name in columns if name not in known]


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _unknown(near: Layout, columns: Sequence[str], layouts: Mapping[str, Layout]) -> UnknownLayoutError:
    present = set(columns)
    others = unknown_columns(columns, [near])
    keys = [name for name in near.identifying if name not in present]
    measures = [name for name in near.columns if name not in present]
    spelt = same_letters(measures, others)
    misses = near_misses(keys, [name for name in others if name not in spelt.values()])
    # without a key or a measure that is spelt otherwise, some of the measures are named that are all lacking
    missing = [*keys, *list(spelt)[:_MOST_NAMED]] or sorted(measures)[:_MOST_NAMED]
    instead = spelt | misses
    unknown = [
        name
        for name in unknown_columns(others, layouts.values())
        if name not in instead.values() and looks_like_name(name)
    ]
    return UnknownLayoutError.from_columns(
        {name: instead.get(name) for name in missing}, unknown[:_MOST_NAMED], len(unknown[_MOST_NAMED:]), near.id
    )


def period_in_names(names: Iterable[str | None], like: str = "2024-25", *, short_years: bool = False) -> str:
    """
    Find the financial year, or the month, in the names of a member and its archive.

    Args:
        names: The names.
        like: A period of the kind that is looked for.
        short_years: Read 2021 as 2020-21; in most names it is the calendar year.

    Raises:
        PeriodUnknownError: If none names a period of that kind, or they name more than one.

    >>> period_in_names(["psych-ther-ann-rep-csv-2024-25-main2.csv", None])
    '2024-25'
    >>> period_in_names(["Therapy Based Outcomes Table 4.csv", "ther-based-outcomes2324.zip"])
    '2023-24'
    >>> period_in_names(["iapt_month_Jan_23_activity.csv"], like="2026-02")
    '2023-01'
    """
    given = [name for name in names if name]
    found = sorted(
        {period for name in given for period in (_years(name, short_years) if is_year(like) else _months(name))}
    )
    if len(found) > 1:
        raise PeriodUnknownError.names_differ(found)
    if not found:
        raise PeriodUnknownError.from_names(given)
    return found[0]


def _years(name: str, short_years: bool) -> set[str]:  # noqa: FBT001 - said at the one call
    years = {f"{first}-{second}" for first, second in _YEAR.findall(name) if is_year(f"{first}-{second}")}
    for first, second in _SHORT_YEAR.findall(_YEAR.sub(" ", name)):
        # 2021 is a calendar year in most names, and so is no 1112 or 0910 a year of these publications
        calendar = f"{first}{second}" == "2021" and not short_years
        if int(first) >= _FIRST_YEAR and is_year(f"20{first}-{second}") and not calendar:
            years.add(f"20{first}-{second}")
    return years


def _months(name: str) -> set[str]:
    months = {
        f"20{year[-2:]}-{_MONTHS.index(month[:3]) + 1:02d}" for month, year in _NAMED_MONTH.findall(name.casefold())
    }
    numbered = {f"{year}-{month}" for year, month in _NUMBERED_MONTH.findall(name)}
    return months | {month for month in numbered if not is_year(month)}
