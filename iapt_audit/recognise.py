"""Tell the layout of a table by its columns, and its period where no column says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iapt_audit.errors import PeriodUnknownError, UnknownLayoutError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iapt_audit.definitions import Layout

_YEAR_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})[-_]([0-9]{2})(?![0-9])")
_CENTURY = 100


def layout_of(columns: Sequence[str], layouts: Mapping[str, Layout], period: str | None) -> Layout:
    """
    Give the layout that knows most of a table's columns, of those whose identifying columns are all there.

    Eras that know just as many differ in columns that the table lacks; of these the one in force in the period is
    named.

    Raises:
        UnknownLayoutError: If no layout's identifying columns are all there; names those missing from the nearest.
    """
    present = set(columns)
    scores = {
        layout.id: len(present & {*layout.identifying, *layout.columns})
        for layout in layouts.values()
        if present.issuperset(layout.identifying) and (not layout.columns or present & set(layout.columns))
    }
    if not scores:
        raise _nearest(present, layouts)
    best = [layouts[name] for name, score in scores.items() if score == max(scores.values())]
    in_force = [layout for layout in best if period is not None and layout.first_period <= period]
    return max(in_force or best[:1], key=lambda layout: layout.first_period)


def _nearest(present: set[str], layouts: Mapping[str, Layout]) -> UnknownLayoutError:
    def known(layout: Layout) -> float:
        return len(present & set(layout.identifying)) / len(layout.identifying)

    nearest = max(layouts.values(), key=known)
    near_enough = 0.5
    if known(nearest) < near_enough:
        return UnknownLayoutError.from_columns([], None)
    missing = [column for column in nearest.identifying if column not in present]
    if not missing:
        missing = sorted(nearest.columns)[:3]
    return UnknownLayoutError.from_columns(missing, nearest.id)


def period_in_names(names: Iterable[str | None]) -> str:
    """
    Find the financial year in the names of a member and its archive.

    Raises:
        PeriodUnknownError: If none names a year, or they name more than one.

    >>> period_in_names(["psych-ther-ann-rep-csv-2024-25-main2.csv", None])
    '2024-25'
    """
    given = [name for name in names if name]
    years = sorted(
        {
            f"{first}-{second}"
            for name in given
            for first, second in _YEAR_IN_NAME.findall(name)
            if (int(first) + 1) % _CENTURY == int(second)
        }
    )
    if len(years) > 1:
        raise PeriodUnknownError.names_differ(years)
    if not years:
        raise PeriodUnknownError.from_names(given)
    return years[0]
