"""Read and order periods: months `2026-02`, years `2024-25`, quarters `2015-16-Q4`, `2021-12..2022-11`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def first_month(period: str) -> str:
    """
    Return the month in which a period begins.

    A year is written `2024-25`; `2011-12` is read as one, since the data set has no month so early.

    >>> first_month("2024-25"), first_month("2026-02"), first_month("2011-12")
    ('2024-04', '2026-02', '2011-04')
    """
    year, _, rest = period.partition("-")
    return f"{year}-04" if is_year(period) else f"{year}-{rest}"


def in_order(period: str) -> tuple[bool, str]:
    """
    Return the key that puts years before months, each in the order of time.

    >>> sorted(["2026-02", "2024-25", "2025-12", "2023-24"], key=in_order)
    ['2023-24', '2024-25', '2025-12', '2026-02']
    """
    return (not is_year(period), period)


def is_period(text: object) -> bool:
    """
    Return whether something is the text of a month or of a financial year.

    >>> [is_period(text) for text in ("2024-25", "2026-02", "2026-13", "2024-26", "soon", 2024)]
    [True, True, False, False, False, False]
    """
    if not isinstance(text, str):
        return False
    year, _, rest = text.partition("-")
    months = 12
    digits = len(year) == len("2024") and len(rest) == len("25") and (year + rest).isdecimal()
    return digits and (is_year(text) or 1 <= int(rest) <= months)


def is_quarter(period: str) -> bool:
    """
    Return whether a period is a quarter of a financial year, written `2015-16-Q4`.

    >>> is_quarter("2015-16-Q4"), is_quarter("2015-16"), is_quarter("2015-17-Q1"), is_quarter("2015-16-Q5")
    (True, False, False, False)
    """
    year, mark, number = period[:7], period[7:9], period[9:]
    return len(year) == len("2015-16") and is_year(year) and mark == "-Q" and number in {"1", "2", "3", "4"}


def is_twelve_months(period: str) -> bool:
    """
    Return whether a period is twelve months that are no financial year, written `2021-12..2022-11`.

    >>> is_twelve_months("2021-12..2022-11"), is_twelve_months("2021-12..2022-10"), is_twelve_months("2021-12")
    (True, False, False)
    """
    first, dots, last = period.partition("..")
    return bool(dots) and is_period(first) and is_period(last) and not is_year(last) and twelve_months(last) == period


def quarter_of(year: str, number: int) -> str:
    """
    Write a quarter of a financial year; the first is April to June.

    >>> quarter_of("2015-16", 4)
    '2015-16-Q4'
    """
    return f"{year}-Q{number}"


def twelve_months(last: str) -> str:
    """
    Return the twelve months up to one: to a March they are a financial year.

    >>> twelve_months("2022-11"), twelve_months("2023-03"), twelve_months("2024-12")
    ('2021-12..2022-11', '2022-23', '2024-01..2024-12')
    """
    year, month = int(last[:4]), int(last[5:])
    march, december = 3, 12
    if month == march:
        return year_from(year - 1)
    first = f"{year}-01" if month == december else f"{year - 1}-{month + 1:02d}"
    return f"{first}..{last}"


def months_of(period: str) -> list[str]:
    """
    Return the months of a quarter or of twelve months; of any other period none.

    >>> months_of("2015-16-Q4"), months_of("2021-12..2022-11")[::11], months_of("2015-16")
    (['2016-01', '2016-02', '2016-03'], ['2021-12', '2022-11'], [])
    """
    if is_quarter(period):
        begin = 12 * int(period[:4]) + 3 * int(period[-1])
        return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(begin, begin + 3)]
    if is_twelve_months(period):
        return stretch(period.split(".."))
    return []


def year_from(first: int) -> str:
    """
    Write the financial year that begins in a year.

    >>> year_from(2023), year_from(1999)
    ('2023-24', '1999-00')
    """
    return f"{first}-{(first + 1) % 100:02d}"


def is_year(period: str) -> bool:
    """
    Return whether a period is a financial year.

    >>> is_year("2024-25"), is_year("2024-12"), is_year("unknown")
    (True, False, False)
    """
    year, _, rest = period.partition("-")
    century = 100
    return year.isdigit() and rest.isdigit() and (int(year) + 1) % century == int(rest)


def moved(period: str, years: int) -> str:
    """
    Return the month or year so many years later.

    >>> moved("2018-19", -1), moved("2026-02", -1), moved("2000-01", -1), moved("1999-00", 1)
    ('2017-18', '2025-02', '1999-00', '2000-01')
    """
    century = 100
    year, _, rest = period.partition("-")
    first = int(year) + years
    return f"{first}-{(first + 1) % century:02d}" if is_year(period) else f"{first}-{rest}"


def stretch(periods: Iterable[str]) -> list[str]:
    """
    Return every period from the first to the last of some, all years or all months.

    >>> stretch(["2021-22", "2018-19"]), stretch(["2021-11", "2022-02"])
    (['2018-19', '2019-20', '2020-21', '2021-22'], ['2021-11', '2021-12', '2022-01', '2022-02'])
    """
    ordered = sorted(periods)
    first, last = ordered[0], ordered[-1]
    if is_year(first):
        return [f"{year}-{(year + 1) % 100:02d}" for year in range(int(first[:4]), int(last[:4]) + 1)]
    begin, end = (12 * int(period[:4]) + int(period[5:]) - 1 for period in (first, last))
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(begin, end + 1)]
