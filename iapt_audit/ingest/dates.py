"""
Read the dates of rows, however they were written, and tell the period that a pair of them makes.

A pair decides: 2/1/2026 to 2/28/2026 is February, since only so are they the ends of a month. A pair that makes no
whole month or year makes no period at all: a quarter is not January.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto
from itertools import product
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.findings import Code, Finding
from iapt_audit.model.periods import is_year

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iapt_audit.definitions import Layout

#: What rows are put under whose dates make no period.
UNKNOWN = "unknown"
_APRIL = 4
_CENTURY = 2000
#: The data set began in 2008, and no figure is of a day that is far ahead.
_YEARS = range(2005, 2100)
#: Excel counts days from here, having counted a 29 February 1900 that never was.
_DAY_ZERO = date(1899, 12, 30)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1,
    )
    for name in names.split()
}  # fmt: skip
_TIME = re.compile(
    r"[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)? *(?:[ap]m|z|[+-][0-9]{2}:?[0-9]{2})?$", re.IGNORECASE
)
_ISO = re.compile(
    r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})|(?P<yy>[0-9]{4})(?P<mm>[0-9]{2})(?P<dd>[0-9]{2})"
)
_NUMBERS = re.compile(r"(?P<a>[0-9]{1,2})[-/. ](?P<b>[0-9]{1,2})[-/. ](?P<y>[0-9]{4}|[0-9]{2})")
_NAMED = re.compile(
    r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?[-/. ]*(?P<m>[a-z]+)\.?,?[-/. ]*(?P<y>[0-9]{4}|[0-9]{2})"
    r"|(?P<m2>[a-z]+)\.?[-/. ]*(?P<d2>[0-9]{1,2})(?:st|nd|rd|th)?,[-/. ]*(?P<y2>[0-9]{4})"
)
_MONTH = re.compile(r"(?P<m>[a-z]+)\.?[-/. ]*(?P<y>[0-9]{4}|[0-9]{2})")
_SERIAL = re.compile(r"(?P<n>[0-9]{5})(?:\.0+)?")
#: How the publisher writes them; other forms are said once a file.
_PUBLISHERS = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}/[0-9]{2}/[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Pair:
    """The first and last day of a row, None where no way of reading them makes sense, and the period they make."""

    first: date | None
    last: date | None
    period: str | None


class Order(Enum):
    """Whether the day or the month stands first, where that is open."""

    DAY_FIRST = auto()
    MONTH_FIRST = auto()


def readings(text: str) -> Iterator[tuple[date, Order | None]]:
    """
    Return each day that a text can mean, and the order in which it was read; day before month comes first.

    >>> [day.isoformat() for day, _ in readings("2/1/2026")], [day.isoformat() for day, _ in readings("28-Feb-26")]
    (['2026-01-02', '2026-02-01'], ['2026-02-28'])
    >>> [[day.isoformat() for day, _ in readings(text)] for text in ("46054", "2026-02-01T00:00", "Feb 2026", "x")]
    [['2026-02-01'], ['2026-02-01'], ['2026-02-01', '2026-02-28'], []]
    """
    bare = _TIME.sub("", text.strip()).strip().casefold()
    if found := _ISO.fullmatch(bare):
        yield from _days(_day(found["y"] or found["yy"], found["m"] or found["mm"], found["d"] or found["dd"]))
    elif found := _NUMBERS.fullmatch(bare):
        same = int(found["a"]) == int(found["b"])
        yield from _days(_day(found["y"], found["b"], found["a"]), None if same else Order.DAY_FIRST)
        if not same:
            yield from _days(_day(found["y"], found["a"], found["b"]), Order.MONTH_FIRST)
    elif found := _NAMED.fullmatch(bare):
        month = _MONTHS.get(found["m"] or found["m2"])
        yield from _days(_day(found["y"] or found["y2"], month, found["d"] or found["d2"]))
    elif found := _MONTH.fullmatch(bare):
        for first in _day(found["y"], _MONTHS.get(found["m"]), 1):
            yield first, None
            yield _end_of(first), None
    elif found := _SERIAL.fullmatch(bare):
        day = _DAY_ZERO + timedelta(days=int(found["n"]))
        if day.year in _YEARS:
            yield day, None


def read_pair(start: str, end: str, *, yearly: bool) -> Pair:
    """
    Return the days that a row is dated from and to, read so that they make a whole month or financial year.

    >>> read_pair("2/1/2026", "2/28/2026", yearly=False).period, read_pair("01/02/26", "28/02/26", yearly=False).period
    ('2026-02', '2026-02')
    >>> read_pair("01/01/2026", "31/03/2026", yearly=False).period is None
    True
    >>> read_pair("2024-04-01", "2025-03-31", yearly=True).period
    '2024-25'
    """
    starts, ends = list(readings(start)), list(readings(end))
    for (first, one), (last, other) in product(starts, ends):
        if one is not other and one is not None and other is not None:
            continue
        period = _year(first, last) if yearly else _month(first, last)
        if period is not None:
            return Pair(first, last, period)
    return Pair(starts[0][0] if starts else None, ends[0][0] if ends else None, None)


def dated(table: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, list[Finding]]:
    """
    Add the month or financial year of each row; rows whose dates make none go to the period `unknown`.

    A column that names the period as well must say the same as the dates.
    """
    on = [layout.keys[role] for role in ("period_start", "period_end", "period") if role in layout.keys]
    yearly = is_year(layout.first_period)
    # a handful of distinct dates stands for all rows
    dates = table.select(on).unique(maintain_order=True)
    findings: list[Finding] = []
    odd: list[str] = []
    periods = []
    for start, end, *named in dates.iter_rows():
        pair = read_pair(start, end, yearly=yearly)
        periods.append(pair.period or UNKNOWN)
        if pair.period is None:
            findings.append(Finding(Code.PERIOD_NOT_WHOLE, _not_whole(start, end, pair, yearly=yearly)))
        elif named and named[0] != pair.period:
            dates_ = f"rows are dated from `{start}` to `{end}`, which is {pair.period}"
            message = f"{dates_}, and the period is called `{named[0]}`"
            findings.append(Finding(Code.PERIOD_NOT_WHOLE, message))
        if pair.period is not None and not (_PUBLISHERS.fullmatch(start) and _PUBLISHERS.fullmatch(end)):
            odd.append(f"`{start}` to `{end}` as {pair.period}")
    if odd:
        more = f", and {len(odd) - 1} more" if len(odd) > 1 else ""
        findings.append(
            Finding(Code.DATES_MENDED, f"dates were read in a form other than the publisher's: {odd[0]}{more}")
        )
    if len(dates) == 1:
        return table.with_columns(period=pl.lit(periods[0])), findings
    told = dates.with_columns(period=pl.Series(periods, dtype=pl.String))
    return table.join(told, on=on, maintain_order="left"), findings


def missing(periods: Sequence[str]) -> list[str]:
    """
    Return the months, or years, that lie between periods of one kind and are not among them.

    >>> missing(["2025-11", "2026-02"]), missing(["2020-21", "2022-23"]), missing(["2026-02", "unknown"])
    (['2025-12', '2026-01'], ['2021-22'], [])
    """
    absent = []
    known = {period for period in periods if period != UNKNOWN}
    for years in (True, False):
        kind = sorted(period for period in known if is_year(period) is years)
        if not kind:
            continue
        at = kind[0]
        while at < kind[-1]:
            year, rest = int(at[:4]), int(at[-2:])
            at = f"{year + 1}-{(year + 2) % 100:02d}" if years else f"{year + rest // 12}-{rest % 12 + 1:02d}"
            if at not in known:
                absent.append(at)
    return absent


def _not_whole(start: str, end: str, pair: Pair, *, yearly: bool) -> str:
    opening = f"rows are dated from `{start}` to `{end}`, which"
    if pair.first is None or pair.last is None:
        return f"{opening} cannot be read as dates; write them as 2026-02-01"
    kind = "financial year" if yearly else "month"
    months = (pair.last.year - pair.first.year) * 12 + pair.last.month - pair.first.month + 1
    if pair.first.day == 1 and pair.last == _end_of(pair.last) and months > 1:
        return f"{opening} is {months} months and not a whole {kind}"
    return f"{opening} is not a whole {kind}"


def _days(found: Iterator[date], order: Order | None = None) -> Iterator[tuple[date, Order | None]]:
    return ((day, order) for day in found)


def _day(year: str, month: str | int | None, day: str | int) -> Iterator[date]:
    number = int(year) if len(year) == len("2026") else _CENTURY + int(year)
    if month is None or number not in _YEARS:
        return
    try:
        yield date(number, int(month), int(day))
    except ValueError:
        return


def _end_of(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)


def _month(first: date, last: date) -> str | None:
    return f"{first:%Y-%m}" if first.day == 1 and last == _end_of(first) else None


def _year(first: date, last: date) -> str | None:
    whole = (first.month, first.day) == (_APRIL, 1) and last == date(first.year + 1, _APRIL, 1) - timedelta(days=1)
    return f"{first:%Y}-{last:%y}" if whole else None
