"""
A small model of the publisher, written for the tests: true counts in, printed figures out.

It knows nothing of the program under test. England's counts are printed exactly and its percentages to one decimal;
below England counts go to the nearest 5, counts under 5 are suppressed, and percentages are whole. A percentage is
worked out from the unrounded counts, half up, and is withheld exactly when its numerator is suppressed.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np

SUPPRESSED = "*"
UNDEFINED = "NULL"
#: A count below this is suppressed below England.
SMALLEST = 5
STEP = 5

COUNTS = (
    "M001",
    "M031",
    "M052",
    "M054",
    "M056",
    "M075",
    "M076",
    "M153",
    "M179",
    "M185",
    "M187",
    "M189",
    "M191",
    "M193",
)

Terms = tuple[tuple[str, int], ...]

_FINISHED: Terms = (("M076", 1),)
_ENDED: Terms = (("M056", 1),)
_TREATED: Terms = (("M056", 1), ("M153", -1))
_LESS_NOT_AT_CASENESS: Terms = (("M076", 1), ("M179", -1))

#: The percentages, each with the terms of its numerator and of its denominator.
PERCENTAGES: dict[str, tuple[Terms, Terms]] = {
    "M053": ((("M052", 1),), _FINISHED),
    "M055": ((("M054", 1),), _FINISHED),
    "M077": ((("M153", 1),), _ENDED),
    "M078": ((("M075", 1),), _ENDED),
    "M079": ((("M076", 1),), _ENDED),
    "M080": ((("M075", 1), ("M076", 1)), _ENDED),
    "M081": ((("M076", 1),), _TREATED),
    "M288": ((("M075", 1),), _TREATED),
    "M180": ((("M179", 1),), _FINISHED),
    "M186": ((("M185", 1),), _FINISHED),
    "M1010": ((("M189", 1),), _FINISHED),
    "M192": ((("M191", 1),), _LESS_NOT_AT_CASENESS),
    "M195": ((("M193", 1),), _LESS_NOT_AT_CASENESS),
}

_HEADER = (
    "REPORTING_PERIOD_START", "REPORTING_PERIOD_END", "GROUP_TYPE", "ORG_CODE1", "ORG_NAME1", "ORG_CODE2", "ORG_NAME2",
    "MEASURE_ID", "MEASURE_NAME", "MEASURE_VALUE_SUPPRESSED",
)  # fmt: skip


class Disclosure(Enum):
    """What a level's figures go through before they are printed."""

    ENGLAND = "England"
    LOCAL = "Provider"


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation's printed figures, by measure."""

    code: str
    disclosure: Disclosure
    printed: Mapping[str, str]


def print_count(count: int, disclosure: Disclosure) -> str:
    """
    Print a true count.

    >>> [print_count(count, Disclosure.LOCAL) for count in (0, 4, 5, 7, 8, 472)]
    ['*', '*', '5', '5', '10', '470']
    """
    if disclosure is Disclosure.ENGLAND:
        return str(count)
    return SUPPRESSED if count < SMALLEST else str((count + STEP // 2) // STEP * STEP)


def print_percentage(numerator: int, denominator: int, disclosure: Disclosure) -> str:
    """
    Print a percentage of true counts, half up.

    >>> print_percentage(1, 200, Disclosure.ENGLAND), print_percentage(26, 100, Disclosure.ENGLAND)
    ('0.5', '26')
    >>> print_percentage(5, 8, Disclosure.LOCAL), print_percentage(4, 8, Disclosure.LOCAL)
    ('63', '*')
    """
    if disclosure is Disclosure.LOCAL and numerator < SMALLEST:
        return SUPPRESSED
    if denominator == 0:
        return UNDEFINED
    if disclosure is Disclosure.LOCAL:
        return str(half_up(100 * numerator, denominator))
    whole, tenth = divmod(half_up(1000 * numerator, denominator), 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def half_up(numerator: int, denominator: int) -> int:
    """
    Round a quotient of whole numbers to the nearest, a half up.

    >>> half_up(1, 2), half_up(3, 2), half_up(5, 4)
    (1, 2, 1)
    """
    return (2 * numerator + denominator) // (2 * denominator)


def total(terms: Terms, counts: Mapping[str, int]) -> int:
    """Add up signed counts."""
    return sum(sign * counts[measure] for measure, sign in terms)


def publish(code: str, counts: Mapping[str, int], disclosure: Disclosure) -> Organisation:
    """Print one organisation's true counts and all percentages of them."""
    printed = {measure: print_count(counts[measure], disclosure) for measure in COUNTS}
    for measure, (numerator, denominator) in PERCENTAGES.items():
        printed[measure] = print_percentage(total(numerator, counts), total(denominator, counts), disclosure)
    return Organisation(code, disclosure, printed)


def monthly_csv(organisations: Iterable[Organisation], start: str = "2025-06-01", end: str = "2025-06-30") -> str:
    """Write organisations as a monthly activity file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    for one in organisations:
        local = one.disclosure is Disclosure.LOCAL
        provider = (one.code, f"INVENTED {one.code}") if local else ("All", "All")
        for measure, value in one.printed.items():
            writer.writerow((start, end, one.disclosure.value, "All", "All", *provider, measure, measure, value))
    return text.getvalue()


def true_counts(random: np.random.Generator, size: int) -> dict[str, int]:
    """
    Draw true counts that stand in the relations that hold in every service.

    Finished, treated once and ended before treatment are part of ended; recovered and not at caseness are apart, within
    finished; reliably recovered is within recovered and within reliably improved; improved, unchanged and deteriorated
    are apart, within finished; 6 weeks within 18 weeks within finished.
    """

    def upto(most: int) -> int:
        # the ends are drawn often: nothing, everything, a handful
        kind = random.integers(4)
        if kind == 0:
            return min(most, int(random.integers(12)))
        if kind == 1:
            return most - min(most, int(random.integers(12)))
        return int(random.integers(most + 1))

    finished = upto(size)
    once, before, elsewhere = upto(size), upto(size), int(random.integers(3))
    not_at_caseness = upto(finished)
    recovered = upto(finished - not_at_caseness)
    improved = upto(finished)
    unchanged = upto(finished - improved)
    within_18_weeks = upto(finished)
    entered = upto(2 * size)
    return {
        "M001": entered + upto(size),
        "M031": entered,
        "M052": upto(within_18_weeks),
        "M054": within_18_weeks,
        "M056": finished + once + before + elsewhere,
        "M075": once,
        "M076": finished,
        "M153": before,
        "M179": not_at_caseness,
        "M185": improved,
        "M187": unchanged,
        "M189": upto(finished - improved - unchanged),
        "M191": recovered,
        "M193": upto(min(recovered, improved)),
    }
