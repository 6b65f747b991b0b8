"""Claims worked out by hand on the figures that ship: England's years, months and rows of breakdowns."""

from __future__ import annotations

import csv
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from claims.given import BOOK, DEFINITIONS, MONTH, asked, book_of, outcome
from properties.publisher import Disclosure, Organisation

from iapt_audit.claims.judge import judge
from iapt_audit.claims.known_figures import KnownFigures
from iapt_audit.claims.register import ClaimFilter, narrow
from iapt_audit.definitions import Claim, load_register
from iapt_audit.definitions.claim_model import Speaker, Statement
from iapt_audit.definitions.resources import definitions_root
from iapt_audit.definitions.source import Source
from iapt_audit.errors.base import ClaimError

if TYPE_CHECKING:
    from pathlib import Path

AT_CASENESS = "finished_at_caseness"
DECILE = "Indices of Deprivation Decile | "
CONSISTENT, CONTRADICTED, NOT_CHECKABLE = "consistent", "contradicted", "not_checkable"
NOTHING_BESIDE = KnownFigures.of(DEFINITIONS, cited=False)

FIGURES = [
    # figure, measure, population, period, verdict, cause, slip
    # 263,295 of 554,709 - 36,767 is 50.83; of 554,709 it is 47.47, of 1,439,957 referred 18.28
    ("50.8%", "recovery", AT_CASENESS, "2017-18", CONSISTENT, "exact", None),
    ("50.83%", "recovery", AT_CASENESS, "2017-18", CONSISTENT, "rounded", None),
    ("51%", "recovery", AT_CASENESS, "2017-18", CONSISTENT, "rounded", None),
    ("50.8%", "recovery", "", "2017-18", CONSISTENT, "population_unsaid", None),
    ("50.8%", "recovery", "finished", "2017-18", CONTRADICTED, "wrong_population", None),
    ("50.8%", "recovery", "referred", "2017-18", CONTRADICTED, "wrong_population", None),
    ("47.5%", "recovery", "finished", "2017-18", CONSISTENT, "rounded", None),
    ("18.3%", "recovery", "referred", "2017-18", CONSISTENT, "rounded", None),
    ("18.3%", "recovery", "finished", "2017-18", CONTRADICTED, "wrong_population", None),
    # nobody is named, and it is true of those referred
    ("18.3%", "recovery", "", "2017-18", CONSISTENT, "population_unsaid", None),
    ("263,295", "recovered", "", "2017-18", CONSISTENT, "exact", None),
    ("263,000", "recovered", "", "2017-18", CONSISTENT, "rounded", None),
    ("49.2%", "not_recovery", AT_CASENESS, "2017-18", CONSISTENT, "rounded", None),
    ("50.8%", "not_recovery", AT_CASENESS, "2017-18", CONTRADICTED, "wrong_figure", "another_measure"),
    # 567,106 finished, 42,376 of them below caseness at the start: 524,730
    ("525,000", "finished", "", "2016-17", CONTRADICTED, "wrong_population", None),
    ("525,000", AT_CASENESS, "", "2016-17", CONSISTENT, "rounded", None),
    ("567,000", "finished", "", "2016-17", CONSISTENT, "rounded", None),
    ("49.3%", "recovery", "finished", "2016-17", CONTRADICTED, "wrong_population", None),
    ("45.7%", "recovery", "finished", "2016-17", CONSISTENT, "rounded", None),
    ("49.2%", "recovery", AT_CASENESS, "2016-17", CONTRADICTED, "wrong_figure", None),
    ("1,386,000", "referrals_received", "", "2016-17", CONSISTENT, "rounded", None),
    ("965,000", "entered_treatment", "", "2016-17", CONSISTENT, "rounded", None),
    ("87.5%", "first_treatment_6_weeks", "finished", "2016-17", CONSISTENT, "exact", None),
    ("98.2%", "first_treatment_18_weeks", "finished", "2016-17", CONSISTENT, "exact", None),
    # the first years
    ("883,968", "referrals_received", "", "2012-13", CONSISTENT, "exact", None),
    ("434,000", "entered_treatment", "", "2012-13", CONSISTENT, "exact", None),
    ("63%", "entered_28_days", "entered_treatment", "2012-13", CONSISTENT, "exact", None),
    ("92%", "entered_90_days", "entered_treatment", "2012-13", CONSISTENT, "exact", None),
    ("42.8%", "recovery", AT_CASENESS, "2012-13", CONSISTENT, "exact", None),
    ("43%", "recovery", "at_caseness", "2012-13", CONSISTENT, "rounded", None),
    ("709,117", "entered_treatment", "", "2013-14", CONSISTENT, "exact", None),
    ("61%", "entered_28_days", "entered_treatment", "2013-14", CONSISTENT, "exact", None),
    ("89%", "entered_90_days", "entered_treatment", "2013-14", CONSISTENT, "rounded", None),
    ("40%", "ended_finished", "ended", "2013-14", CONSISTENT, "rounded", None),
    ("60%", "reliable_improvement", "finished", "2013-14", CONSISTENT, "rounded", None),
    # 189,152 of 421,744 is 44.84996
    ("44.8%", "recovery", AT_CASENESS, "2014-15", CONSISTENT, "exact", None),
    ("44.9%", "recovery", "", "2014-15", CONTRADICTED, "wrong_figure", "rounded_twice"),
    ("1,399,088", "referrals_received", "", "2015-16", CONSISTENT, "exact", None),
    ("46.3%", "recovery", AT_CASENESS, "2015-16", CONSISTENT, "exact", None),
    ("81.3%", "first_treatment_6_weeks", "finished", "2015-16", CONSISTENT, "exact", None),
    ("96.2%", "first_treatment_18_weeks", "finished", "2015-16", CONSISTENT, "exact", None),
    ("537,131", "finished", "", "2015-16", CONSISTENT, "exact", None),
    # months
    ("50.0%", "self_referrals", "referred", "2015-11", CONSISTENT, "exact", None),
    ("22.9", "wait_entering_mean", "", "2015-11", CONSISTENT, "exact", None),
    ("40.6%", "ended_finished", "ended", "2015-11", CONSISTENT, "exact", None),
    ("43.2%", "ended_finished", "ended", "2015-09", CONSISTENT, "exact", None),
    ("6.5", "sessions_mean", "", "2015-09", CONSISTENT, "exact", None),
    ("62.4%", "reliable_improvement", "finished", "2015-09", CONSISTENT, "exact", None),
    ("87.3%", "first_treatment_6_weeks", "finished", "2019-09", CONSISTENT, "exact", None),
    ("51.8%", "recovery", AT_CASENESS, "2020-06", CONSISTENT, "exact", None),
    ("69.1%", "reliable_improvement", "finished", "2020-06", CONSISTENT, "exact", None),
    ("92.8%", "first_treatment_6_weeks", "finished", "2020-12", CONSISTENT, "exact", None),
    ("51.6%", "recovery", AT_CASENESS, "2020-12", CONSISTENT, "exact", None),
    ("133,908", "referrals_received", "", "2025-04", CONSISTENT, "exact", None),
    ("57,359", "finished", "", "2025-04", CONSISTENT, "exact", None),
    ("54,672", AT_CASENESS, "", "2025-04", CONSISTENT, "exact", None),
    ("48.4%", "reliable_recovery", AT_CASENESS, "2025-04", CONSISTENT, "exact", None),
    # months have no count of first scores at caseness
    ("48.4%", "reliable_recovery", "at_caseness", "2025-04", NOT_CHECKABLE, "population_not_published", None),
    ("98.5%", "first_treatment_18_weeks", "finished", "2025-04", CONSISTENT, "exact", None),
    # 2017-18 to 2021-22 as the publisher told them
    ("89.1%", "first_treatment_6_weeks", "finished", "2017-18", CONSISTENT, "exact", None),
    ("98.8%", "first_treatment_18_weeks", "finished", "2017-18", CONSISTENT, "exact", None),
    ("66.4%", "reliable_improvement", "finished", "2017-18", CONSISTENT, "exact", None),
    ("6.8", "sessions_mean", "", "2017-18", CONSISTENT, "exact", None),
    ("6.9", "sessions_mean", "", "2017-18", CONTRADICTED, "wrong_figure", None),
    ("7.5", "sessions_recovered_mean", "", "2017-18", CONSISTENT, "exact", None),
    ("1.60m", "referrals_received", "", "2018-19", CONSISTENT, "rounded", None),
    ("1.09m", "entered_treatment", "", "2018-19", CONSISTENT, "rounded", None),
    ("89.4%", "first_treatment_6_weeks", "finished", "2018-19", CONSISTENT, "exact", None),
    ("52.1%", "recovery", AT_CASENESS, "2018-19", CONSISTENT, "exact", None),
    # 284,810 of 546,850 is 52.08
    ("52.0%", "recovery", AT_CASENESS, "2018-19", CONTRADICTED, "wrong_figure", "cut_off"),
    ("52%", "recovery", AT_CASENESS, "2018-19", CONSISTENT, "rounded", None),
    ("52.1%", "recovery", AT_CASENESS, "2017-18", CONTRADICTED, "wrong_figure", "another_period"),
    ("25.1%", "recovery", AT_CASENESS, "2018-19", CONTRADICTED, "wrong_figure", "digits_swapped"),
    ("5.21%", "recovery", AT_CASENESS, "2018-19", CONTRADICTED, "wrong_figure", "point_moved"),
    ("606,192", "finished", "", "2019-20", CONSISTENT, "exact", None),
    ("606,129", "finished", "", "2019-20", CONTRADICTED, "wrong_figure", "digits_swapped"),
    ("634,649", "finished", "", "2020-21", CONSISTENT, "exact", None),
    ("634,469", "finished", "", "2020-21", CONTRADICTED, "wrong_figure", "digits_swapped"),
    ("634,849", "finished", "", "2020-21", CONTRADICTED, "wrong_figure", "one_digit"),
    ("582,556", "finished", "", "2020-21", CONTRADICTED, "wrong_figure", "another_period"),
    ("1.24m", "entered_treatment", "", "2021-22", CONSISTENT, "rounded", None),
    ("1.81m", "referrals_received", "", "2021-22", CONSISTENT, "rounded", None),
    ("7.9", "sessions_mean", "", "2021-22", CONSISTENT, "exact", None),
    ("50.2%", "recovery", AT_CASENESS, "2021-22", CONSISTENT, "exact", None),
    ("49.9%", "recovery", AT_CASENESS, "2022-23", CONSISTENT, "exact", None),
    # the twelve months added up print so, and are no less true than the year's own run
    ("49.8%", "recovery", AT_CASENESS, "2022-23", CONSISTENT, "rounded", None),
    ("37%", "finished", "referred", "2023-24", CONSISTENT, "rounded", None),
    # 614,104 of 670,419 is 91.6, and 75 is the standard
    ("91.6%", "first_treatment_6_weeks", "finished", "2024-25", CONSISTENT, "rounded", None),
    ("75%", "first_treatment_6_weeks", "finished", "2024-25", CONTRADICTED, "wrong_figure", "the_target"),
    ("95%", "first_treatment_18_weeks", "", "2024-25", CONTRADICTED, "wrong_figure", "the_target"),
    # not a standard before April 2015
    ("75%", "recovery", AT_CASENESS, "2024-25", CONTRADICTED, "wrong_figure", None),
    # 25,012 of 52,280 - 2,241 is 49.985, 22,976 of 48,650 - 2,699 is 50.001
    ("50%", "recovery", AT_CASENESS, "2026-02", CONSISTENT, "rounded", None),
    ("50.0%", "recovery", AT_CASENESS, "2026-02", CONSISTENT, "exact", None),
    ("49.99%", "recovery", AT_CASENESS, "2026-02", CONSISTENT, "rounded", None),
]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    FIGURES,
    ids=[" ".join(each[:4]) for each in FIGURES],
)  # fmt: skip
def test_a_figure_of_england_is_judged_as_worked_out_by_hand(
    row: tuple[str, str, str, str, str, str, str | None],
) -> None:
    figure, measure, population, period, verdict, cause, slip = row

    assert (verdict, cause, slip) == outcome(asked(figure, measure, period, population=population))


@pytest.mark.parametrize(
    ("figure", "decile", "period", "verdict", "slip"),
    [
        # recovery 56.2, reliable recovery 52.4; 42.8 and 40.5
        ("56.2%", "01 Least deprived", "2024-25", CONSISTENT, None),
        ("52.4%", "01 Least deprived", "2024-25", CONTRADICTED, "another_measure"),
        ("40.5%", "10 Most deprived", "2024-25", CONTRADICTED, "another_measure"),
        ("55%", "01 Least deprived", "2015-16", CONSISTENT, None),
        ("35%", "10 Most deprived", "2015-16", CONSISTENT, None),
        ("35%", "10 most DEPRIVED", "2015-16", CONSISTENT, None),
    ],
)
def test_a_row_of_a_breakdown_is_judged_on_its_own_counts(
    figure: str, decile: str, period: str, verdict: str, slip: str | None
) -> None:
    found = asked(figure, "recovery", period, breakdown=DECILE + decile)

    assert (verdict, slip) == (found.verdict.value, found.slip)


@pytest.mark.parametrize(
    ("figure", "measure", "period", "population", "true_of"),
    [
        ("50.8%", "recovery", "2017-18", "finished", AT_CASENESS),
        ("50.8%", "recovery", "2017-18", "", AT_CASENESS),
        ("18.3%", "recovery", "2017-18", "", "referred"),
        ("18.3%", "recovery", "2017-18", "finished", "referred"),
        ("525,000", "finished", "2016-17", "", AT_CASENESS),
        ("567,106", "referrals_received", "2016-17", "", "finished"),
        ("47.5%", "recovery", "2017-18", AT_CASENESS, "finished"),
    ],
)
def test_it_is_told_of_whom_a_figure_is_true(
    figure: str, measure: str, period: str, population: str, true_of: str
) -> None:
    found = asked(figure, measure, period, population=population)

    assert true_of == found.true_of
    fits = DEFINITIONS.populations[true_of]
    assert fits.of_whom in found.message or fits.told.replace("{period}", period) in found.message


#: 263,295 of 517,942 is 50.8348: within a twentieth of 48.42 to 53.5, within a tenth of 46.22 to 56.48.
HEDGES = [
    ("about", "50.8%", CONSISTENT), ("about", "48.5%", CONSISTENT), ("about", "48.4%", NOT_CHECKABLE),
    ("about", "46.3%", NOT_CHECKABLE), ("about", "46.2%", CONTRADICTED), ("about", "53.5%", CONSISTENT),
    ("about", "53.6%", NOT_CHECKABLE), ("about", "56.4%", NOT_CHECKABLE), ("about", "56.5%", CONTRADICTED),
    ("about", "half", CONSISTENT), ("is", "half", CONSISTENT), ("is", "two thirds", CONTRADICTED),
    # told with a word for "under": at most its own rounding over it
    ("nearly", "51%", CONSISTENT), ("nearly", "50.8%", CONSISTENT), ("nearly", "50.7%", NOT_CHECKABLE),
    ("nearly", "48.5%", NOT_CHECKABLE), ("nearly", "48.4%", CONTRADICTED), ("nearly", "53.5%", CONSISTENT),
    ("nearly", "53.6%", NOT_CHECKABLE), ("nearly", "56.4%", NOT_CHECKABLE), ("nearly", "56.5%", CONTRADICTED),
    ("at_least", "50%", CONSISTENT), ("at_least", "50.8%", CONSISTENT), ("at_least", "50.83%", CONSISTENT),
    ("at_least", "50.84%", CONTRADICTED), ("at_least", "51%", CONTRADICTED), ("at_least", "half", CONSISTENT),
    ("more_than", "50%", CONSISTENT), ("more_than", "50.83%", CONSISTENT), ("more_than", "50.84%", CONTRADICTED),
    ("more_than", "half", CONSISTENT), ("more_than", "two thirds", CONTRADICTED),
    ("at_most", "50.84%", CONSISTENT), ("at_most", "50.7%", CONTRADICTED), ("at_most", "51%", CONSISTENT),
    ("less_than", "50.84%", CONSISTENT), ("less_than", "50.83%", CONTRADICTED), ("less_than", "50.8%", CONTRADICTED),
    # `nearly` the other way round
    ("just_over", "50%", CONSISTENT), ("just_over", "48.5%", CONSISTENT), ("just_over", "48.4%", NOT_CHECKABLE),
    ("just_over", "46.3%", NOT_CHECKABLE), ("just_over", "46.2%", CONTRADICTED), ("just_over", "half", CONSISTENT),
    ("just_over", "50.9%", NOT_CHECKABLE), ("just_over", "53.5%", NOT_CHECKABLE), ("just_over", "53.6%", CONTRADICTED),
]  # fmt: skip


@pytest.mark.parametrize(("comparison", "figure", "verdict"), HEDGES)
def test_a_hedge_holds_up_to_its_edge(comparison: str, figure: str, verdict: str) -> None:
    found = asked(figure, population=AT_CASENESS, comparison=comparison)

    assert verdict == found.verdict.value
    if verdict == CONSISTENT:
        assert found.cause == "hedged"
    if verdict == NOT_CHECKABLE:
        assert found.cause == "how_near_unsaid"


@pytest.mark.parametrize(
    ("comparison", "figure", "period", "expected"),
    [
        ("at_least", "50%", "2026-02", (CONSISTENT, "rounded", None)),
        ("at_least", "half", "2026-02", (CONSISTENT, "rounded", None)),
        ("more_than", "50%", "2026-02", (CONTRADICTED, "wrong_figure", None)),
        ("more_than", "half", "2026-02", (CONTRADICTED, "wrong_figure", None)),
        ("less_than", "50%", "2026-02", (CONSISTENT, "hedged", None)),
        ("at_least", "50%", "2024-12", (CONSISTENT, "hedged", None)),
        ("more_than", "50%", "2024-12", (CONSISTENT, "hedged", None)),
        ("at_most", "50%", "2024-12", (CONSISTENT, "rounded", None)),
        ("less_than", "50%", "2024-12", (CONTRADICTED, "wrong_figure", None)),
        # 316,251 of 634,388 is 49.851, printed 49.9
        ("at_least", "49.9%", "2022-23", (CONSISTENT, "rounded", None)),
        ("more_than", "49.9%", "2022-23", (CONTRADICTED, "wrong_figure", None)),
        ("at_least", "50%", "2022-23", (CONTRADICTED, "wrong_figure", None)),
    ],
)
def test_half_is_told_apart_at_its_edge(
    comparison: str, figure: str, period: str, expected: tuple[str, str, str | None]
) -> None:
    found = asked(figure, period=period, population=AT_CASENESS, comparison=comparison)

    assert expected == outcome(found)
    assert ("reached only after rounding" in found.message) is (expected[1] == "rounded")


@pytest.mark.parametrize(
    ("comparison", "verdict"),
    [("at_least", CONSISTENT), ("at_most", CONSISTENT), ("more_than", CONTRADICTED), ("less_than", CONTRADICTED)],
)
def test_exactly_half_is_at_least_half_and_not_more_than_half(comparison: str, verdict: str, tmp_path: Path) -> None:
    half = Organisation("England", Disclosure.ENGLAND, {"M076": "1000", "M179": "100", "M191": "450", "M192": "50"})
    found = asked("50%", "recovery", MONTH, book=book_of(tmp_path, half), comparison=comparison,
                  population=AT_CASENESS)  # fmt: skip

    assert verdict == found.verdict.value
    assert "only after rounding" not in found.message


def test_what_is_true_of_a_narrower_population_is_not_true_of_all() -> None:
    # 26.09% of those who entered treatment; another year's entrants cannot make it 50, nor be ruled out at 30
    over = {
        figure: outcome(asked(figure, population="entered_treatment", comparison="more_than"))
        for figure in ("25%", "30%", "50%")
    }

    assert over["25%"][:2] == (CONSISTENT, "hedged")
    assert over["30%"][:2] == (NOT_CHECKABLE, "other_cohort")
    assert over["50%"][:2] == (CONTRADICTED, "wrong_population")


CHANGES = [
    # figure, measure, period, comparison, since, verdict, slip
    ("11.4%", "referrals_received", "2018-19", "up_percent", "", CONSISTENT, None),
    ("8.3%", "entered_treatment", "2018-19", "up_percent", "", CONSISTENT, None),
    ("5.7%", "referrals_received", "2019-20", "up_percent", "", CONSISTENT, None),
    ("4.1%", "finished", "2019-20", "up_percent", "", CONSISTENT, None),
    ("24.5%", "referrals_received", "2021-22", "up_percent", "", CONSISTENT, None),
    ("21.5%", "entered_treatment", "2021-22", "up_percent", "", CONSISTENT, None),
    ("4.6%", "finished", "2021-22", "up_percent", "", CONSISTENT, None),
    ("30%", "referrals_received", "2021-22", "up_percent", "", CONTRADICTED, None),
    ("24.5%", "referrals_received", "2021-22", "down_percent", "", CONTRADICTED, None),
    # 52.08 to 51.11 is 0.98 points, 1.9 per cent
    ("1.0", "recovery", "2019-20", "down_points", "", CONSISTENT, None),
    ("1 point", "recovery", "2019-20", "down_points", "", CONSISTENT, None),
    ("1.0%", "recovery", "2019-20", "down_percent", "", CONTRADICTED, "points_for_percent"),
    ("1.9%", "recovery", "2019-20", "down_percent", "", CONSISTENT, None),
    ("1.9", "recovery", "2019-20", "down_points", "", CONTRADICTED, "percent_for_points"),
    ("1.0", "recovery", "2019-20", "up_points", "", CONTRADICTED, None),
    ("2.0%", "first_treatment_6_weeks", "2019-20", "down_percent", "", CONTRADICTED, "points_for_percent"),
    # 44.8 to 50.8 as printed, 5.98 by the counts; 42.8 to 49.3 is 6.5 as printed
    ("6.0", "recovery", "2017-18", "up_points", "2014-15", CONSISTENT, None),
    ("6.5", "recovery", "2016-17", "up_points", "2012-13", CONSISTENT, None),
    ("6", "recovery", "2017-18", "up_points", "2014-15", CONSISTENT, None),
    ("6.5", "recovery", "2017-18", "up_points", "2014-15", CONTRADICTED, None),
    # one off in the last digit can be a change of rounded figures
    ("6.1", "recovery", "2017-18", "up_points", "2014-15", NOT_CHECKABLE, None),
]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    CHANGES,
    ids=[" ".join(each[:5]) for each in CHANGES],
)
def test_a_change_is_judged_in_its_own_unit(row: tuple[str, str, str, str, str, str, str | None]) -> None:
    figure, measure, period, comparison, since, verdict, slip = row
    found = asked(figure, measure, period, comparison=comparison, since=since)

    assert (verdict, slip) == (found.verdict.value, found.slip)


STANDINGS = [
    # standard, period, since, comparison, verdict, cause
    ("recovery_50", "2024-25", "", "met_standard", CONSISTENT, "exact"),
    ("recovery_50", "2024-25", "", "missed_standard", CONTRADICTED, "wrong_figure"),
    ("recovery_50", "2022-23", "", "met_standard", CONTRADICTED, "wrong_figure"),
    ("recovery_50", "2022-23", "", "missed_standard", CONSISTENT, "exact"),
    ("recovery_50", "2026-02", "", "met_standard", CONSISTENT, "rounded"),
    ("recovery_50", "2026-02", "", "missed_standard", NOT_CHECKABLE, "rounding"),
    ("recovery_50", "2024-12", "", "met_standard", CONSISTENT, "exact"),
    # missed in 2022-23 alone
    ("recovery_50", "2021-22", "2017-18", "met_standard", CONSISTENT, "exact"),
    ("recovery_50", "2024-25", "2017-18", "met_standard", CONTRADICTED, "wrong_figure"),
    ("recovery_50", "2024-25", "2017-18", "missed_standard", CONTRADICTED, "wrong_figure"),
    ("recovery_50", "2016-17", "2012-13", "missed_standard", CONSISTENT, "exact"),
    ("first_treatment_6_weeks_75", "2024-25", "", "met_standard", CONSISTENT, "exact"),
    ("first_treatment_18_weeks_95", "2024-25", "2015-16", "met_standard", CONSISTENT, "exact"),
    ("first_treatment_6_weeks_75", "2014-15", "", "met_standard", NOT_CHECKABLE, "standard_not_in_force"),
    ("reliable_recovery_48", "2024-25", "", "met_standard", NOT_CHECKABLE, "standard_not_confirmed"),
    ("second_treatment_over_90_days_10", "2024-25", "", "missed_standard", NOT_CHECKABLE, "standard_not_confirmed"),
    ("access_15", "2015-16", "", "met_standard", NOT_CHECKABLE, "not_in_publications"),
    ("completions_915000", "2024-25", "", "met_standard", NOT_CHECKABLE, "standard_not_in_force"),
    # a standard for years is not held to a month
    ("access_1900000", "2023-09", "", "met_standard", NOT_CHECKABLE, "standard_not_in_force"),
    # 1.26 million entered treatment, as quoted; nobody has a figure near 1.9 million
    ("access_1900000", "2023-24", "", "met_standard", CONTRADICTED, "wrong_figure"),
]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    STANDINGS,
    ids=[" ".join(each[:4]) for each in STANDINGS],
)
def test_a_standard_is_met_missed_or_left_open(row: tuple[str, ...]) -> None:
    standard, period, since, comparison, verdict, cause = row
    found = asked(measure="", period=period, since=since, comparison=comparison, standard=standard)

    assert (verdict, cause) == (found.verdict.value, found.cause)


STRETCHES = [
    # measure, period, since, comparison, verdict, cause
    ("recovery", "2016-17", "", "highest", CONSISTENT, "exact"),
    ("recovery", "2018-19", "2012-13", "highest", CONSISTENT, "exact"),
    ("recovery", "2019-20", "", "highest", CONTRADICTED, "wrong_figure"),
    ("recovery", "2020-21", "2019-20", "highest", CONSISTENT, "exact"),
    ("recovery", "2022-23", "2018-19", "lowest", CONSISTENT, "exact"),
    ("recovery", "2022-23", "", "lowest", CONTRADICTED, "wrong_figure"),
    ("finished", "2020-21", "", "highest", CONSISTENT, "exact"),
    ("referrals_received", "2020-21", "", "highest", CONTRADICTED, "wrong_figure"),
    # the figures begin in 2012-13, and not every month is here
    ("recovery", "2018-19", "2010-11", "highest", NOT_CHECKABLE, "missing_periods"),
    ("recovery", "2020-12", "2020-06", "lowest", NOT_CHECKABLE, "missing_periods"),
    ("recovery", "2025-04", "", "highest", CONTRADICTED, "wrong_figure"),
    ("recovery", "2012-13", "", "highest", NOT_CHECKABLE, "not_in_figures"),
    # 45.0, 44.8, 46.3, 49.3, 50.8, 52.1, 51.1, 51.4, 50.2, 49.9
    ("recovery", "2018-19", "2014-15", "rose_every_year", CONSISTENT, "exact"),
    ("recovery", "2018-19", "2012-13", "rose_every_year", CONTRADICTED, "wrong_figure"),
    ("recovery", "2018-19", "", "rose_every_year", NOT_CHECKABLE, "stretch_unsaid"),
    ("recovery", "2022-23", "2020-21", "fell_every_year", CONSISTENT, "exact"),
    ("recovery", "2022-23", "2018-19", "fell_every_year", CONTRADICTED, "wrong_figure"),
    # 567,106 in 2016-17, 554,709 in 2017-18, and more in each year after
    ("finished", "2022-23", "2017-18", "rose_every_year", CONSISTENT, "exact"),
    # and the months of a year, added up, differ from it by as much
    ("finished", "2022-23", "2012-13", "rose_every_year", NOT_CHECKABLE, "other_run"),
    ("finished", "2018-19", "", "fell_every_year", NOT_CHECKABLE, "stretch_unsaid"),
    # 1,694,790, and 1,456,446 a year later: further than two runs of a year differ
    ("referrals_received", "2021-22", "2018-19", "rose_every_year", CONTRADICTED, "wrong_figure"),
    # 5.0% and 4.1% up: each by less than two runs of two years can differ, both together by more
    ("finished", "2019-20", "2017-18", "fell_every_year", CONTRADICTED, "wrong_figure"),
    # 1,399,088 and 1,385,664; in their months 1,353,183 and 1,366,680
    ("referrals_received", "2016-17", "", "highest", NOT_CHECKABLE, "other_run"),
    ("referrals_received", "2015-16", "2014-15", "highest", CONSISTENT, "exact"),
    ("finished", "2024-25", "2022-23", "lowest", CONSISTENT, "exact"),
    ("finished", "2023-24", "2022-23", "highest", NOT_CHECKABLE, "other_run"),
    ("finished", "2016-17", "", "rose_every_year", CONSISTENT, "exact"),
    ("recovery", "2026-02", "2026-01", "rose_every_year", CONSISTENT, "exact"),
    ("recovery", "2026-02", "2025-01", "rose_every_year", CONTRADICTED, "wrong_figure"),
]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    STRETCHES,
    ids=[" ".join(each[:4]) for each in STRETCHES],
)
def test_what_is_said_of_a_stretch_is_judged_over_all_of_it(row: tuple[str, ...]) -> None:
    measure, period, since, comparison, verdict, cause = row
    found = asked("", measure, period, since=since, comparison=comparison)

    assert (verdict, cause) == (found.verdict.value, found.cause)


def rows_of_publisher() -> list[tuple[str, str, str, str]]:
    """Return every figure that the publisher printed, by the name that claims have for it."""
    names = {
        (name.measure, name.statistic.value): name.concept
        for name in DEFINITIONS.names
        if name.publication == "england_facts"
    }
    found = []
    for file in ("england.csv", "register.csv"):
        text = (definitions_root() / "checks" / "facts" / file).read_text(encoding="utf-8")
        for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
            concept = names.get((row["measure"], row["statistic"]))
            if concept and row["confidence"] == "publisher" and row["use"] == "yes":
                sign = "%" if row["statistic"] == "percentage" else ""
                breakdown = row["breakdown"] or "Total"
                found.append((row["period"], breakdown, concept, row["printed"] + sign))
    return found


PUBLISHED = rows_of_publisher()


def test_no_published_figure_is_contradicted() -> None:
    wrong = [
        (period, breakdown, concept, printed, outcome(found))
        for period, breakdown, concept, printed in PUBLISHED
        if (found := asked(printed, concept, period, breakdown=breakdown)).verdict.value != CONSISTENT
    ]

    assert len(PUBLISHED) > 400
    assert wrong == []


def test_a_count_that_has_a_mean_beside_it_is_judged_as_a_count() -> None:
    # 5,269,478 appointments of 665,229 finished courses, 7.9 each: the twelve months added up
    found = asked("5,269,478", "sessions_of_finished", "2021-22")

    assert found.verdict.value == CONSISTENT


@pytest.mark.parametrize(
    ("figure", "measure", "population", "period"),
    [
        ("2.5m", "ended", "", "2021-22"),
        ("900,000", "ended", "", "2021-22"),
        ("284,832", "second_treatment_over_28_days", "", "2021-22"),
        ("47.8%", "second_treatment_over_28_days", "second_treatment", "2021-22"),
        ("12%", "second_treatment_over_90_days", "", "2022-23"),
        ("90%", "ended_before_treatment", "ended", "2023-24"),
        ("44", "wait_entering_mean", "", "2024-25"),
    ],
)
def test_a_sum_of_months_contradicts_nothing(figure: str, measure: str, population: str, period: str) -> None:
    found = asked(figure, measure, period, population=population)

    assert (found.verdict.value, found.cause) == (NOT_CHECKABLE, "other_run")
    assert found.true_sentence == ""


def test_what_is_far_from_a_sum_of_months_is_not_called_near_it() -> None:
    # 1,705,173
    assert "near enough" not in asked("2.5m", "ended", "2021-22").message


@pytest.mark.parametrize(
    ("period", "figure"),
    [("2015-16", "46.2%"), ("2016-17", "49.2%"), ("2017-18", "50.7%"), ("2018-19", "52.0%"), ("2019-20", "51.0%"),
     ("2020-21", "51.3%"), ("2021-22", "50.4%"), ("2022-23", "50.0%"), ("2023-24", "50.0%"), ("2024-25", "50.4%")],
)  # fmt: skip
def test_a_sum_of_months_does_not_shield_a_figure_that_fits_nothing(period: str, figure: str) -> None:
    """A tenth off the published rate or two, and the share of no other population: of those referred under 20%."""
    assert outcome(asked(figure, "recovery", period))[:2] == (CONTRADICTED, "wrong_figure")


def test_a_figure_that_only_a_sum_of_months_prints_is_told_as_that() -> None:
    # 665,229 is the twelve months added up; the year's own figure is 664,087
    found = asked("665,229", "finished", "2021-22")

    assert found.verdict.value == CONSISTENT
    assert found.cause != "exact"
    assert "664,087" in found.message


def test_a_number_near_the_years_own_may_be_of_another_run() -> None:
    near, far = asked("666,000", "finished", "2021-22"), asked("690,000", "finished", "2021-22")

    assert (near.verdict.value, near.cause) == (NOT_CHECKABLE, "other_run")
    assert (far.verdict.value, far.cause) == (CONTRADICTED, "wrong_figure")


def test_those_who_entered_are_never_judged_by_those_who_finished() -> None:
    # 494,021 of 554,709 that finished is 89.1%; how many of those that entered is not published for the year
    for figure in ("90%", "60%", "89.1%"):
        found = asked(figure, "first_treatment_6_weeks", "2017-18", population="entered_treatment")

        assert (found.verdict.value, found.cause) == (NOT_CHECKABLE, "population_not_published")
    # 94,252 of 100,545 that entered in September 2023, 50,280 of 56,593 that finished
    assert (
        outcome(asked("93.7%", "first_treatment_6_weeks", "2023-09", population="entered_treatment"))[0] == CONSISTENT
    )
    found = asked("88.8%", "first_treatment_6_weeks", "2023-09", population="entered_treatment")
    assert (found.verdict.value, found.true_of) == (CONTRADICTED, "finished")


@pytest.mark.parametrize(("figure", "verdict"), [("26.1%", CONSISTENT), ("26%", CONSISTENT), ("30%", NOT_CHECKABLE),
                                                 ("39%", NOT_CHECKABLE), ("40%", CONTRADICTED)])  # fmt: skip
def test_a_share_of_other_referrals_proves_little(figure: str, verdict: str) -> None:
    # 263,295 of 1,009,035 that entered is 26.09; half as much again is 39.14
    found = asked(figure, population="entered_treatment")

    assert verdict == found.verdict.value


OF_CASES = "of referrals that finished a course in {} and did not start below caseness recovered"
OF_REFERRED = "Those that {} come to {}% of the referrals received that {}, which are different referrals."
SENTENCES = [
    ("recovery", "2017-18", "Total", f"50.8% {OF_CASES}. {OF_REFERRED.format('recovered', '18.3', 'year')}"),
    # 25,012 of 50,039; not 50.0, which would read as half
    ("recovery", "2026-02", "Total", f"49.99% {OF_CASES}. {OF_REFERRED.format('recovered', '16.5', 'month')}"),
    (
        "recovery",
        "2024-25",
        f"{DECILE}10 Most deprived",
        f"Indices of Deprivation Decile: 10 Most deprived: 42.8% {OF_CASES}.",
    ),
    (
        "reliable_improvement",
        "2017-18",
        "Total",
        (
            "66.4% of referrals that finished a course in {} reliably improved. "
            + OF_REFERRED.format("reliably improved", "25.6", "year")
        ),
    ),
    (
        "first_treatment_6_weeks",
        "2024-25",
        "Total",
        "91.6% of referrals that finished a course in {} had their first treatment within 6 weeks.",
    ),
]


@pytest.mark.parametrize(("measure", "period", "breakdown", "sentence"), SENTENCES)
@pytest.mark.parametrize("figure", ["50.8%", "99%"])
def test_the_sentence_that_the_figures_support_is_told_whatever_the_claim(
    figure: str, measure: str, period: str, breakdown: str, sentence: str
) -> None:
    assert sentence.format(period) == asked(figure, measure, period, breakdown=breakdown).true_sentence


#: The publisher's own worked examples (rules.md, "Golden figures"), as a page of one's own would give them.
GOLDEN = [
    ("87.3%", "first_treatment_6_weeks", "43,720", "50,103"),
    ("92.8%", "first_treatment_6_weeks", "44,642", "48,111"),
    ("51.8%", "recovery", "27,884", "57,060 - 3,200"),
    ("69.1%", "reliable_improvement", "39,417", "57,060"),
    ("51.6%", "recovery", "23,291", "48,111 - 2,957"),
    ("44.8%", "recovery", "189,152", "421,744"),
]


@pytest.mark.parametrize(("figure", "measure", "numerator", "denominator"), GOLDEN)
def test_a_figure_that_follows_from_its_own_page_says_so(
    figure: str, measure: str, numerator: str, denominator: str
) -> None:
    found = asked(figure, measure, "2020-06", book=NOTHING_BESIDE, own_numerator=numerator, own_denominator=denominator)

    assert outcome(found) == (CONSISTENT, "same_source", None)
    assert "the claim's own page gives" in found.message


@pytest.mark.parametrize(
    ("figure", "numerator", "denominator", "verdict"),
    [
        ("44.9%", "189,152", "421,744", CONTRADICTED),
        ("50.8%", "23,291", "48,111 - 2,957", CONTRADICTED),
        # 259,000 of 525,000 is 49.2 to 49.5 as rounded, 259,000 of 567,000 is 45.6 to 45.8
        ("49.3%", "259,000", "525,000", NOT_CHECKABLE),
        ("49.3%", "259,000", "567,000", CONTRADICTED),
        # nothing can be divided by it
        ("50%", "5", "0", NOT_CHECKABLE),
        ("50%", "5", "3 - 7", NOT_CHECKABLE),
        # a percentage is no count
        ("51.8%", "27,884", "50%", NOT_CHECKABLE),
    ],
)
def test_a_figure_is_held_to_its_own_page(figure: str, numerator: str, denominator: str, verdict: str) -> None:
    found = asked(
        figure, "recovery", "2014-15", book=NOTHING_BESIDE, own_numerator=numerator, own_denominator=denominator
    )

    assert verdict == found.verdict.value


#: Local rates of 2014-15, printed with counts that were rounded to 5: all of them the publisher's own.
LOCAL = [("69.4%", "470", "680"), ("67.3%", "415", "620"), ("18.8%", "265", "1,405")]


@pytest.mark.parametrize("more", [{}, {"org": "01D", "org_name": "An invented CCG", "level": "ccg"}], ids=["", "ccg"])
@pytest.mark.parametrize(("figure", "numerator", "denominator"), LOCAL)
def test_a_local_figure_with_rounded_counts_beside_it_is_not_contradicted(
    figure: str, numerator: str, denominator: str, more: dict[str, str]
) -> None:
    found = asked(
        figure, "recovery", "2014-15", book=BOOK if more else NOTHING_BESIDE, own_numerator=numerator,
        own_denominator=denominator, **more,
    )  # fmt: skip

    assert found.verdict.value != CONTRADICTED


def test_a_figure_of_an_organisation_not_here_is_held_to_its_own_page() -> None:
    # 1,230 +- 2 of 1,995 +- 2 is 61.5 to 61.8, so 44% is not it
    more = {"org": "01D", "org_name": "An invented CCG", "level": "ccg", "own_numerator": "1,230",
            "own_denominator": "1,995"}  # fmt: skip
    found = asked("44%", "recovery", "2014-15", **more)

    assert found.verdict.value == CONTRADICTED
    assert "the claim's own page gives" in found.message


def test_its_own_page_is_told_beside_the_published_counts_and_does_not_replace_them() -> None:
    found = asked("50.8%", population="finished", own_numerator="50.8", own_denominator="100")

    assert outcome(found) == (CONTRADICTED, "wrong_population", None)
    assert any("own page" in source for step in found.steps for source in step.reading.sources)


def statement(**more: object) -> Statement:
    given: dict[str, object] = {
        "id": "said", "speaker": Speaker("An invented paper", "press"), "date": "2018-11-20", "place": "headline",
        "wording_checked": True, "read": "written for the test", "page_read": "all", "correction": "",
        "source": Source("An invented page", "https://example.org/"), "file": "none",
    }  # fmt: skip
    return Statement(**(given | more))  # type: ignore[arg-type]


WRONG = Claim(
    "said/wrong", "55.5% recovered.", "is", "55.5%", "recovery", AT_CASENESS, "2017-18", statement=statement()
)
RIGHT = replace(WRONG, id="said/right", figure="50.8%")
ODD = [
    replace(WRONG, id="said/half", figure="two thirds"),
    replace(WRONG, id="said/standing", figure="", comparison="met_standard", standard="recovery_50", period="2022-23"),
    replace(WRONG, id="said/highest", figure="", comparison="highest", period="2019-20"),
    replace(WRONG, id="said/change", figure="9.0", comparison="up_points"),
    replace(WRONG, id="said/population", figure="50.8%", population="referred"),
    replace(WRONG, id="said/number", figure="9,999,999", measure="finished", population=""),
]


@pytest.mark.parametrize("claim", [WRONG, *ODD], ids=lambda claim: claim.id)
def test_a_wrong_figure_is_contradicted_only_if_its_wording_was_read_and_it_names_its_period(claim: Claim) -> None:
    unread = replace(claim, statement=statement(wording_checked=False))
    timeless = replace(claim, period_unsaid=True)

    assert judge(claim, BOOK).verdict.value == CONTRADICTED
    assert outcome(judge(unread, BOOK)) == (NOT_CHECKABLE, "wording_not_read", None)
    assert outcome(judge(timeless, BOOK)) == (NOT_CHECKABLE, "period_unsaid", None)
    assert f"The period is ours: {claim.period} was taken." in judge(timeless, BOOK).message


def test_a_right_figure_without_a_period_is_consistent_and_without_its_wording_is_not_checkable() -> None:
    timeless = judge(replace(RIGHT, period_unsaid=True), BOOK)

    assert timeless.verdict.value == CONSISTENT
    assert "The period is ours: 2017-18 was taken." in timeless.message
    assert outcome(judge(replace(RIGHT, statement=statement(wording_checked=False)), BOOK)) == (
        NOT_CHECKABLE,
        "wording_not_read",
        None,
    )


def test_a_correction_is_told_with_a_figure_that_was_wrong_and_with_no_other() -> None:
    corrected = statement(correction="The page now says 50.8%")

    assert "Corrected on the page: The page now says 50.8%." in judge(replace(WRONG, statement=corrected), BOOK).message
    assert "Corrected" not in judge(replace(RIGHT, statement=corrected), BOOK).message


def test_what_is_not_in_the_publications_is_not_judged_and_the_reason_is_told() -> None:
    claim = replace(WRONG, unpublished="A survey of staff, whose figures are not published", measure="", period="")

    assert outcome(judge(claim, BOOK)) == (NOT_CHECKABLE, "not_in_publications", None)
    assert judge(claim, BOOK).message == "A survey of staff, whose figures are not published."


def test_people_are_told_apart_from_referrals() -> None:
    found = judge(replace(RIGHT, figure="567,106", measure="finished", period="2016-17", population="",
                          unit_named="people"), BOOK)  # fmt: skip

    assert found.verdict.value == CONSISTENT
    assert "counts referrals, not people" in found.message


@pytest.mark.parametrize(
    ("figure", "against", "sample", "expected"),
    [
        # 36 to 37.5 of 50 round to 73 to 75, and only 37 is whole
        ("74%", "", 50, "Of 50 answers 74% is 37."),
        ("55%", "", 10, "No whole number of 10 answers prints as 55%"),
        ("50%", "50%", 0, "The two are the same as printed."),
        ("74%", "95%", 0, "74% and 95% would differ by more than chance"),
        ("41%", "", 650, "Of 650 answers 41% is 264 to 269."),
    ],
)
def test_two_percentages_of_a_survey_stay_open_with_what_they_would_need(
    figure: str, against: str, sample: int, expected: str
) -> None:
    found = asked(figure, "", "", comparison="differs", against=against, sample=sample)

    assert outcome(found) == (NOT_CHECKABLE, "not_in_publications", None)
    assert expected in found.message


@pytest.mark.parametrize(
    ("figure", "measure", "period", "more", "cause"),
    [
        ("50%", "recovery", "1999-00", {}, "not_in_figures"),
        ("50%", "recovery", "2019-09", {}, "not_in_figures"),
        ("60%", "integrated_recovery", "2024-25", {}, "not_in_figures"),
        ("1.2m", "access", "2023-24", {}, "not_in_figures"),
        ("62%", "recovery", "2023-09", {"org": "RTF"}, "not_in_figures"),
        ("62%", "recovery", "2023-09", {"org": "RTF", "comparison": "best_of", "level": "provider"}, "not_in_figures"),
        ("2%", "recovery", "2017-18", {"comparison": "up_percent", "since": "1999-00"}, "not_in_figures"),
    ],
)
def test_what_the_figures_do_not_hold_is_not_checkable(
    figure: str, measure: str, period: str, more: dict[str, str], cause: str
) -> None:
    assert outcome(asked(figure, measure, period, **more)) == (NOT_CHECKABLE, cause, None)


def test_an_access_rate_is_not_checkable_here() -> None:
    """Its denominator, the estimated need, is from outside these publications; it is no fault of the claim."""
    assert asked("15.6%", "access", "2014-15").verdict.value == NOT_CHECKABLE


def test_everything_wrong_with_a_claim_is_told_at_once() -> None:
    with pytest.raises(ClaimError) as refused:
        asked("lots", "recovry", "2017-18", population="finishd", comparison="iss", level="enland")

    message = str(refused.value)
    for name in ("lots", "recovry", "finishd", "iss", "enland"):
        assert f"`{name}`" in message
    assert "did you mean `recovery`" in message


@pytest.mark.parametrize(
    ("figure", "measure", "comparison", "missing"),
    [("", "recovery", "is", "figure"), ("5%", "", "is", "measure"), ("", "", "met_standard", "standard")],
)
def test_what_a_comparison_needs_is_asked_for(figure: str, measure: str, comparison: str, missing: str) -> None:
    with pytest.raises(ClaimError, match=f"{missing}: expected a {missing}"):
        asked(figure, measure, comparison=comparison)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"measure": "M192"}, {"measure": "recovery"}),
        ({"measure": "Recovery"}, {"measure": "recovery"}),
        ({"population": "those referred"}, {"population": "referred"}),
        ({"population": "completed treatment"}, {"population": "finished"}),
        ({"comparison": "at-least"}, {"comparison": "at_least"}),
        ({"comparison": "just under"}, {"comparison": "nearly"}),
    ],
)
def test_what_people_call_a_thing_is_understood(said: dict[str, str], meant: dict[str, str]) -> None:
    ours = {"measure": "recovery", "population": "", "comparison": "is"}

    assert asked("50.8%", **(ours | said)) == asked("50.8%", **(ours | meant))


REGISTER = load_register(DEFINITIONS)


def test_the_register_is_narrowed_by_speaker_year_verdict_and_cause() -> None:
    whole = narrow(REGISTER, BOOK, ClaimFilter(unchecked=True))
    digital = narrow(REGISTER, BOOK, ClaimFilter(speaker="nhs DIGITAL", unchecked=True))
    of_a_year = narrow(REGISTER, BOOK, ClaimFilter(year="2018", unchecked=True))
    of_a_period = narrow(REGISTER, BOOK, ClaimFilter(year="2017-18", unchecked=True))
    wrong = narrow(REGISTER, BOOK, ClaimFilter(verdict="contradicted", cause="wrong-population"))

    assert len(whole.judged) == len(REGISTER) > 100
    assert whole.hidden == 0
    assert {each.claim.statement.speaker.name for each in digital.judged if each.claim.statement} == {"NHS Digital"}
    assert 0 < len(digital.judged) < len(whole.judged)
    assert all(each.claim.statement and each.claim.statement.date.startswith("2018") for each in of_a_year.judged)
    assert any(each.claim.period != "2018" for each in of_a_year.judged)
    assert {each.claim.period for each in of_a_period.judged} == {"2017-18"}
    assert {(each.verdict.value, each.cause) for each in wrong.judged} == {(CONTRADICTED, "wrong_population")}


def test_claims_whose_wording_was_not_read_are_kept_back_and_counted() -> None:
    shown, whole = narrow(REGISTER, BOOK, ClaimFilter()), narrow(REGISTER, BOOK, ClaimFilter(unchecked=True))

    assert shown.hidden == len(whole.judged) - len(shown.judged) > 0
    assert all(each.cause != "wording_not_read" for each in shown.judged)
    assert {each.verdict.value for each in whole.judged if each not in shown.judged} == {NOT_CHECKABLE}


def test_an_unknown_verdict_and_an_unknown_cause_are_refused_together() -> None:
    with pytest.raises(ClaimError) as refused:
        narrow(REGISTER, BOOK, ClaimFilter(verdict="contradictd", cause="wrong_populaton"))

    assert "`contradictd`" in str(refused.value)
    assert "`wrong_populaton`" in str(refused.value)


def test_only_words_of_ours_stand_in_a_cause_and_a_readings_end_is_never_below_its_start() -> None:
    from iapt_audit.claims.causes import CAUSES

    for each in narrow(REGISTER, BOOK, ClaimFilter(unchecked=True)).judged:
        assert each.cause in CAUSES
        assert each.message.strip()
        for step in each.steps:
            assert Fraction(0) <= step.reading.span.low <= step.reading.span.high
