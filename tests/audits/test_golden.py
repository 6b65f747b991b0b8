"""
The golden figures: what the publisher's own pages print, with the counts they print beside it.

Each is a cited fact: the figure, its counts, and the publication they stand in. England's are written to a monthly file
and audited as a user would; those of 2014-15 below England have no file in a layout we know, and go to the engine.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from properties.publisher import Disclosure, Organisation, half_up, monthly_csv

from iapt_audit.constraints import rates
from iapt_audit.definitions import load_default
from iapt_audit.judging.rates import possible
from iapt_audit.model.columns import SCALE
from iapt_audit.model.findings import Severity
from iapt_audit.pipeline import audit
from iapt_audit.results import AuditResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from iapt_audit.results import AuditResult

DEFINITIONS = load_default()


@dataclass(frozen=True)
class Golden:
    """One published figure of England: the percentage's measure, what it prints, and the counts by measure."""

    source: str
    percentage: str
    printed: str
    counts: Mapping[str, int]
    numerator: int
    denominator: int


def recovery(source: str, printed: str, recovered: int, finished: int, not_at_caseness: int) -> Golden:
    """Return a recovery figure."""
    counts = {"M191": recovered, "M076": finished, "M179": not_at_caseness}
    return Golden(source, "M192", printed, counts, recovered, finished - not_at_caseness)


def within_6_weeks(source: str, printed: str, within: int, finished: int) -> Golden:
    """Return a waiting time figure."""
    return Golden(source, "M053", printed, {"M052": within, "M076": finished}, within, finished)


MONTHLY = "Psychological Therapies: reports on the use of IAPT services"
ANNUAL = "Psychological Therapies: annual report on the use of IAPT services"
GOLDEN = [
    within_6_weeks(f"{MONTHLY}, September 2019", "87.3", 43_720, 50_103),
    within_6_weeks(f"{MONTHLY}, December 2020", "92.8", 44_642, 48_111),
    recovery(f"{MONTHLY}, June 2020", "51.8", 27_884, 57_060, 3_200),
    Golden(
        f"{MONTHLY}, June 2020",
        "M186",
        "69.1",
        {"M185": 39_417, "M076": 57_060},
        39_417,
        57_060,
    ),
    recovery(f"{MONTHLY}, December 2020", "51.6", 23_291, 48_111, 2_957),
    # the page gives the denominator alone: nobody is taken off it here
    recovery(f"{ANNUAL}, 2014-15", "44.8", 189_152, 421_744, 0),
]  # fmt: skip
IDS = [f"{one.source.rsplit(', ', 1)[1]} {one.percentage}" for one in GOLDEN]


def audited(percentage: str, printed: str, counts: Mapping[str, int], folder: Path) -> AuditResult:
    """Write England's figures to a monthly file and audit it."""
    figures = {**{measure: str(count) for measure, count in counts.items()}, percentage: printed}
    path = folder / "written_for_the_test.csv"
    path.write_text(monthly_csv([Organisation("England", Disclosure.ENGLAND, figures)]), encoding="utf-8")
    return audit([path], DEFINITIONS)


def verdicts(told: AuditResult) -> list[str]:
    """Return the verdicts on the printed percentages."""
    return [str(row["verdict"]) for row in told.rates.to_dicts()]


def tenths_away(printed: str, tenths: int) -> str:
    """Print a percentage some tenths away, trailing zero dropped."""
    return f"{float(Fraction(printed) + Fraction(tenths, 10)):g}"


@pytest.mark.parametrize("golden", GOLDEN, ids=IDS)
def test_what_the_publisher_printed_is_consistent(golden: Golden, tmp_path: Path) -> None:
    told = audited(golden.percentage, golden.printed, golden.counts, tmp_path)

    assert verdicts(told) == ["consistent"]
    assert [one.code for one in told.findings if one.severity is Severity.ERROR] == []


@pytest.mark.parametrize("tenths", [-1, 1, 10])
@pytest.mark.parametrize("golden", GOLDEN, ids=IDS)
def test_a_tenth_away_is_contradicted(golden: Golden, tenths: int, tmp_path: Path) -> None:
    told = audited(golden.percentage, tenths_away(golden.printed, tenths), golden.counts, tmp_path)
    (one,) = [each for each in told.findings if each.severity is Severity.ERROR]
    exact = Fraction(100 * golden.numerator, golden.denominator)

    assert verdicts(told) == ["contradicted"]
    assert one.code.value == "rate-contradicted"
    assert one.measures[0] == golden.percentage
    # the finding gives what the counts do give, four places, rounded outward
    assert one.low is not None
    assert one.high is not None
    assert Fraction(one.low) <= exact <= Fraction(one.high)
    assert Fraction(one.high) - Fraction(one.low) <= Fraction(1, SCALE)
    # and a certificate with both counts, for a pocket calculator
    assert f"{golden.numerator:,}" in (one.certificate or "")
    assert f"{golden.denominator:,}" in (one.certificate or "")


def test_the_recovery_of_2014_15_is_rounded_once() -> None:
    exact = Fraction(100 * 189_152, 421_744)
    twice = Fraction(half_up(half_up(10_000 * 189_152, 421_744), 10), 10)

    assert Fraction("44.8499") < exact < Fraction("44.85")
    assert Fraction("44.9") == twice
    assert Fraction("44.8") == Fraction(half_up(1_000 * 189_152, 421_744), 10)


def test_the_recovery_of_2014_15_rounded_twice_is_contradicted(tmp_path: Path) -> None:
    counts = {"M191": 189_152, "M076": 421_744, "M179": 0}

    assert verdicts(audited("M192", "44.9", counts, tmp_path)) == ["contradicted"]


@dataclass(frozen=True)
class Local:
    """A figure below England: counts rounded to 5, and a percentage to one decimal."""

    numerator: int
    denominator: int
    printed: str


#: CCG figures quoted in the annual report on the use of IAPT services, 2014-15: counts to the nearest 5, percentages to
#: one decimal.
LOCAL = [Local(470, 680, "69.4"), Local(415, 620, "67.3"), Local(265, 1_405, "18.8")]
LOCAL_IDS = [f"{one.numerator} of {one.denominator}" for one in LOCAL]


def judged(local: Local, printed: str, half_width: str) -> bool:
    """Ask the engine whether some true counts print a figure of 2014-15."""
    regime = DEFINITIONS.regimes["local_one_decimal"]
    numerator, denominator = (regime.count_bounds(count) for count in (local.numerator, local.denominator))
    arrays = rates.CellArrays(
        low=np.array([numerator.low, denominator.low, -1]),
        high=np.array([numerator.high, denominator.high, -1]),
        value=np.array([-1, -1, int(Fraction(printed) * SCALE)]),
        half_width=np.full(3, int(Fraction(half_width) * SCALE)),
        suppressed=np.zeros(3, dtype=bool),
        published=np.ones(3, dtype=bool),
        held_back=np.zeros(3, dtype=bool),
        smallest=np.full(3, regime.smallest_count),
    )
    rate = DEFINITIONS.rates["reliable_improvement"]
    found = rates.Candidates(rate, np.array([0]), np.array([2]), np.array([[0]]), np.array([[1]]), np.array([-1]))
    return bool(possible(found, arrays)[0])


def printable(local: Local) -> set[str]:
    """Print every rate of true counts that are printed as these."""
    return {
        str(half_up(1_000 * n, d))
        for n, d in itertools.product(
            range(local.numerator - 2, local.numerator + 3), range(local.denominator - 2, local.denominator + 3)
        )
    }


def test_the_half_width_of_2014_15_is_a_twentieth_of_a_point() -> None:
    half_widths = DEFINITIONS.regimes["local_one_decimal"].half_width

    assert "0.05" in {str(each) for each in half_widths.values()}


@pytest.mark.parametrize("local", LOCAL, ids=LOCAL_IDS)
def test_a_local_figure_of_2014_15_is_consistent(local: Local) -> None:
    assert judged(local, local.printed, "0.05")


@pytest.mark.parametrize("local", LOCAL, ids=LOCAL_IDS)
def test_a_local_figure_of_2014_15_is_contradicted_just_where_no_true_counts_print_it(local: Local) -> None:
    tenths = int(Fraction(local.printed) * 10)
    near = range(tenths - 12, tenths + 13)
    expected = [str(each) in printable(local) for each in near]
    actual = [judged(local, f"{each // 10}.{each % 10}", "0.05") for each in near]

    assert expected == actual
    assert False in actual


def test_dividing_the_rounded_counts_would_accuse_a_right_figure() -> None:
    naive = Fraction(half_up(1_000 * 470, 680), 10)

    assert Fraction("69.1") == naive
    assert judged(Local(470, 680, "69.4"), "69.4", "0.05")


def recovery_row(told: AuditResult) -> dict[str, object]:
    """Return the headline of England's recovery."""
    (row,) = [row for row in told.headline.to_dicts() if row["standard"] == "recovery_50"]
    return row


def test_february_2026_meets_half_only_after_rounding_and_is_eight_short(tmp_path: Path) -> None:
    """NHS Talking Therapies monthly statistics, February 2026: 25,012 of 52,280 less 2,241, printed 50."""
    told = audited("M192", "50", {"M191": 25_012, "M076": 52_280, "M179": 2_241}, tmp_path)
    row = recovery_row(told)

    assert verdicts(told) == ["consistent"]
    assert row["standing"] == "met_only_after_rounding"
    assert (row["short_low"], row["short_high"]) == (8, 8)
    assert (row["exact_numerator"], row["exact_denominator"]) == (25_012, 50_039)
    # 49.98501...%
    assert (row["low"], row["high"]) == (499_850, 499_851)


def test_a_hair_over_half_meets_the_standard(tmp_path: Path) -> None:
    """
    50.001%, as in December 2024.

    The counts were written for the test: 22,976 of 48,200 less 2,249, which is 45,951: half of it is 22,975.5.
    """
    told = audited("M192", "50", {"M191": 22_976, "M076": 48_200, "M179": 2_249}, tmp_path)
    row = recovery_row(told)

    assert row["standing"] == "met"
    assert (row["short_low"], row["short_high"]) == (0, 0)
    assert (row["low"], row["high"]) == (500_010, 500_011)


def test_one_fewer_than_half_does_not_meet_it_and_is_one_short(tmp_path: Path) -> None:
    """The same service with one referral less: 22,975 of 45,951 is 49.999%, printed 50."""
    row = recovery_row(audited("M192", "50", {"M191": 22_975, "M076": 48_200, "M179": 2_249}, tmp_path))

    assert row["standing"] == "met_only_after_rounding"
    assert (row["short_low"], row["short_high"]) == (1, 1)


def test_exactly_half_meets_the_standard(tmp_path: Path) -> None:
    row = recovery_row(audited("M192", "50", {"M191": 20_000, "M076": 42_000, "M179": 2_000}, tmp_path))

    assert row["standing"] == "met"
    assert (row["short_low"], row["short_high"]) == (0, 0)
    assert (row["low"], row["high"]) == (500_000, 500_000)


def test_a_figure_under_half_is_not_met(tmp_path: Path) -> None:
    """As of 2014-15: 44.8%."""
    row = recovery_row(audited("M192", "44.8", {"M191": 189_152, "M076": 421_744, "M179": 0}, tmp_path))

    assert row["standing"] == "not_met"
    assert (row["short_low"], row["short_high"]) == (421_744 // 2 - 189_152,) * 2


@dataclass(frozen=True)
class Tens:
    """A figure of 2012-13, whose outcome counts are printed to the nearest 10."""

    numerator: int
    finished: int
    not_at_caseness: int
    printed: str


def fits_tens(figure: Tens, printed: str) -> bool:
    """Ask the engine whether some true counts within 5 of those printed give a percentage."""
    counts = (figure.numerator, figure.finished, figure.not_at_caseness)
    arrays = rates.CellArrays(
        low=np.array([*(count - 5 for count in counts), -1]),
        high=np.array([*(count + 4 for count in counts), -1]),
        value=np.array([-1, -1, -1, int(Fraction(printed) * SCALE)]),
        half_width=np.full(4, SCALE // 20),
        suppressed=np.zeros(4, dtype=bool),
        published=np.ones(4, dtype=bool),
        held_back=np.zeros(4, dtype=bool),
        smallest=np.zeros(4, dtype=np.int64),
    )
    rate = DEFINITIONS.rates["recovery"]
    found = rates.Candidates(rate, np.array([0]), np.array([3]), np.array([[0]]), np.array([[1, 2]]), np.array([-1]))
    return bool(possible(found, arrays)[0])


#: 54,430 of 144,210 less 17,150, printed 42.8: Psychological Therapies, annual report on the use of IAPT services,
#: England, 2012-13, and NHS Digital's restatement of it, February 2018. 127,060 was at caseness, the rest was unknown.
TENS = Tens(54_430, 144_210, 17_150, "42.8")


def test_the_recovery_of_2012_13_is_consistent_with_counts_in_tens() -> None:
    assert fits_tens(TENS, TENS.printed)


@pytest.mark.parametrize("printed", ["42.7", "42.9", "43"])
def test_the_recovery_of_2012_13_a_tenth_away_is_contradicted(printed: str) -> None:
    assert not fits_tens(TENS, printed)


def test_counts_in_tens_of_a_small_service_leave_room_for_a_tenth_that_dividing_would_accuse() -> None:
    """Written for the test: 540 of 1,440 less 170 is 42.52%, and 544 of 1,435 less 174 is 43.14%."""
    small = Tens(540, 1_440, 170, "42.5")
    near = range(412, 442)
    expected = [
        any(
            half_up(1_000 * n, f - a) == tenths
            for n, f, a in itertools.product(range(535, 545), range(1_435, 1_445), range(165, 175))
        )
        for tenths in near
    ]

    assert expected == [fits_tens(small, f"{tenths // 10}.{tenths % 10}") for tenths in near]
    assert fits_tens(small, "43")
