"""Read periods as people write them: 2023-24, 2023/24, Feb 2026, Q4 2015-16, the year to November 2022, last year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iapt_audit.model.periods import is_year, quarter_of, twelve_months, year_from
from iapt_audit.sentences.items import Period

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from iapt_audit.sentences.tokens import Token

_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTHS = {name: at for at, name in enumerate(_NAMES, 1)} | {name[:3]: at for at, name in enumerate(_NAMES, 1)}
MONTHS |= {"sept": 9}
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "last": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "final": 4,
}
_DASH = {"-", "/"}
_TWELVE = {"year", "12 months", "twelve months", "12 month period", "twelve month period", "financial year"}
_TO = {"to", "ending", "ended", "end"}
#: What stands before a bare year; anywhere else four digits are a number.
_BEFORE_A_YEAR = frozenset(
    [
        "in",
        "during",
        "of",
        "for",
        "since",
        "by",
        "from",
        "to",
        "until",
        "between",
        "and",
        "year",
        "calendar",
        "end",
        "before",
        "after",
        "than",
        "on",
        "over",
        "fy",
        "(",
        "-",
        ",",
        ":",
        "through",
        "late",
        "early",
        "mid",
    ]
)
_FIRST_YEAR, _LAST_YEAR = 1980, 2079
_YEAR_DIGITS = 4
_MARCH, _APRIL = 3, 4
_DAYS = 31


@dataclass(frozen=True, slots=True)
class Read:
    """A period and the token after it."""

    period: Period
    end: int


def read_period(tokens: Sequence[Token], at: int) -> Read | None:
    """Read a period that begins at a token, None if none does."""
    for reader in (_quarter, _twelve_months, _year, _short_year, _months, _month, _bare_year):
        found = reader(tokens, at)
        if found is not None:
            return found
    return None


def last_year(said_on: date | None) -> str:
    """Return the last financial year that was over on a day, empty if no day is given."""
    if said_on is None:
        return ""
    ended = said_on.year if said_on.month >= _APRIL else said_on.year - 1
    return year_from(ended - 1)


def _text(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def _whole(tokens: Sequence[Token], at: int) -> int | None:
    text = _text(tokens, at)
    return int(text) if text.isdecimal() and len(text) <= _YEAR_DIGITS else None


def _is_year_number(tokens: Sequence[Token], at: int) -> bool:
    number = _whole(tokens, at)
    return number is not None and len(_text(tokens, at)) == _YEAR_DIGITS and _FIRST_YEAR <= number <= _LAST_YEAR


def _year_here(tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    """Read `2023-24`, `2023/24`, `2023-2024`, with where it ends."""
    if not _is_year_number(tokens, at) or _text(tokens, at + 1) not in _DASH:
        return None
    first, second = _whole(tokens, at), _whole(tokens, at + 2)
    digits = len(_text(tokens, at + 2))
    if first is None or second is None or digits not in {1, 2, 4} or second != (first + 1) % 10**digits:
        return None
    return year_from(first), at + 3


def _year(tokens: Sequence[Token], at: int) -> Read | None:
    found = _year_here(tokens, at + 1 if _text(tokens, at) == "fy" else at)
    if found is None:
        # a month, as data files write it
        second = _whole(tokens, at + 2)
        if (
            _is_year_number(tokens, at) and _text(tokens, at + 1) == "-" and len(_text(tokens, at + 2)) == 2  # noqa: PLR2004 - digits of a month
            and second is not None and 1 <= second <= 12 and _text(tokens, at + 3) != "-"  # noqa: PLR2004 - months
        ):  # fmt: skip
            month = f"{_text(tokens, at)}-{_text(tokens, at + 2)}"
            return Read(Period((month,), month), at + 3)
        return None
    period, end = found
    if _text(tokens, end) == "q":
        quarter = _quarter_sign(tokens, end)
        if quarter is not None:
            return Read(Period((quarter_of(period, quarter[0]),), period), quarter[1])
    return Read(Period((period,), period), end)


def _short_year(tokens: Sequence[Token], at: int) -> Read | None:
    """Read `23/24`, which is a year only where the second follows on the first; `FY24`."""
    first, second = _whole(tokens, at), _whole(tokens, at + 2)
    if (
        first is None or second is None or _text(tokens, at + 1) != "/" or len(_text(tokens, at)) != 2  # noqa: PLR2004 - digits
        or len(_text(tokens, at + 2)) != 2 or second != first + 1 or not 11 < first < 60  # noqa: PLR2004 - years of the programme
        or _text(tokens, at + 3) in _DASH or _text(tokens, at - 1) in _DASH
    ):  # fmt: skip
        return None
    period = year_from(2000 + first)
    return Read(Period((period,), f"{first}/{second}"), at + 3)


def _quarter_sign(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Read `Q4`, which is split into a word and a number, with where it ends."""
    number = _whole(tokens, at + 1)
    if _text(tokens, at) == "q" and number is not None and 1 <= number <= 4:  # noqa: PLR2004 - quarters
        return number, at + 2
    return None


def _quarter(tokens: Sequence[Token], at: int) -> Read | None:
    found = _quarter_sign(tokens, at)
    if found is None and _text(tokens, at) in _ORDINALS and _text(tokens, at + 1) == "quarter":
        found = _ORDINALS[_text(tokens, at)], at + 2
    if found is None:
        return None
    number, end = found
    while _text(tokens, end) in {"of", "in", "(", ",", "the", "financial", "year"}:
        end += 1
    year = _year_here(tokens, end)
    if year is None:
        return Read(Period((), f"Q{number}"), found[1])
    closing = (
        1 if _text(tokens, year[1]) == ")" and "(" in {_text(tokens, each) for each in range(found[1], end)} else 0
    )
    return Read(Period((quarter_of(year[0], number),), f"Q{number} {year[0]}"), year[1] + closing)


def _twelve_months(tokens: Sequence[Token], at: int) -> Read | None:
    for size in (3, 2, 1):
        words = " ".join(_text(tokens, at + each) for each in range(size)).replace("-", " ")
        if words in _TWELVE and _text(tokens, at + size) in _TO:
            end = at + size
            while _text(tokens, end) in {*_TO, "at", "the", "in", "of", "on"}:
                end += 1
            month = _day_or_month(tokens, end)
            if month is not None:
                return Read(Period((twelve_months(month[0]),), f"the year to {month[0]}"), month[1])
    if _text(tokens, at) == "calendar" and _text(tokens, at + 1) == "year" and _is_year_number(tokens, at + 2):
        year = _text(tokens, at + 2)
        return Read(Period((twelve_months(f"{year}-12"),), f"the calendar year {year}"), at + 3)
    return None


def _month_year(tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    """Read `February 2026`, `Feb. 2026`, with where it ends."""
    month = MONTHS.get(_text(tokens, at))
    if month is None or not tokens[at].is_word:
        return None
    end = at + 1
    while _text(tokens, end) in {".", ",", "of"}:
        end += 1
    if not _is_year_number(tokens, end):
        return None
    return f"{_text(tokens, end)}-{month:02d}", end + 1


def _day_or_month(tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    day = _whole(tokens, at)
    if day is not None and 1 <= day <= _DAYS:
        skip = 2 if _text(tokens, at + 1) in {"st", "nd", "rd", "th"} else 1
        return _month_year(tokens, at + skip)
    return _month_year(tokens, at)


def _months(tokens: Sequence[Token], at: int) -> Read | None:
    """Read `January to March 2015`: a quarter, or a stretch that nothing is published of."""
    first = MONTHS.get(_text(tokens, at))
    if first is None or _text(tokens, at + 1) not in {"to", "-", "until"}:
        return _dates(tokens, at)
    last = _month_year(tokens, at + 2)
    if last is None:
        return None
    year, month = int(last[0][:4]), int(last[0][5:])
    if (month - first) % 12 == 2 and month % 3 == 0:  # noqa: PLR2004 - three months to the end of a quarter
        begins = year if month >= _APRIL else year - 1
        return Read(Period((quarter_of(year_from(begins), (month - _APRIL) % 12 // 3 + 1),), last[0]), last[1])
    return Read(Period((), f"{_text(tokens, at)} to {last[0]}"), last[1])


def _dates(tokens: Sequence[Token], at: int) -> Read | None:
    """Read `1 April 2023 to 31 March 2024`, and one day alone: that of a count at the end of a month."""
    if _whole(tokens, at) is None:
        return None
    first = _day_or_month(tokens, at)
    if first is None:
        return None
    if _text(tokens, first[1]) in {"to", "and", "-", "until"}:
        second = _day_or_month(tokens, first[1] + 1)
        if second is not None:
            whole = twelve_months(second[0])
            begins = f"{int(first[0][:4])}-{_APRIL:02d}"
            if is_year(whole) and first[0] == begins and whole.startswith(first[0][:4]):
                return Read(Period((whole,), whole), second[1])
            return Read(Period((), f"{first[0]} to {second[0]}"), second[1])
    return Read(Period((first[0],), first[0], is_day=True), first[1])


def _month(tokens: Sequence[Token], at: int) -> Read | None:
    found = _month_year(tokens, at)
    return Read(Period((found[0],), found[0]), found[1]) if found is not None else None


def _bare_year(tokens: Sequence[Token], at: int) -> Read | None:
    """Read `2024`: a financial year that begins or ends in it, or the calendar year."""
    if not _is_year_number(tokens, at) or _text(tokens, at + 1) == "%":
        return None
    if _text(tokens, at - 1) not in _BEFORE_A_YEAR and at > 0:
        return None
    if at == 0 and _text(tokens, 1) not in {":", ",", "-", "was", "saw"}:
        return None
    if _text(tokens, at + 1) in {"people", "referrals", "patients", "courses", "per"}:
        return None
    year = int(_text(tokens, at))
    choices = (year_from(year), year_from(year - 1), twelve_months(f"{year}-12"))
    return Read(Period(choices, str(year)), at + 1)
