"""What the figures decide, what only a margin of ours would, and what is said of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from claims.given import BOOK, DEFINITIONS, LATER, MONTH, asked, book_of, outcome
from properties.publisher import Disclosure, Organisation, monthly_csv

from iapt_audit.claims.judge import judge
from iapt_audit.claims.known_figures import KnownFigures
from iapt_audit.definitions import Claim
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

CONSISTENT, CONTRADICTED, NOT_CHECKABLE = "consistent", "contradicted", "not_checkable"
AT_CASENESS = "finished_at_caseness"
YEARS = [f"{year}-{year - 1999:02d}" for year in range(2016, 2025)]


def service(code: str, recovered: int, **more: str) -> Organisation:
    """Write a service with 1,100 finished, 100 of them below caseness."""
    printed = {"M076": "1100", "M179": "100", "M191": str(recovered), "M192": str(recovered // 10)}
    return Organisation(code, Disclosure.LOCAL, printed | more)


def versions(folder: Path, *files: tuple[str, list[Organisation]]) -> KnownFigures:
    """Write files of one month or two, the later read last, and open them."""
    paths = []
    for number, (month, organisations) in enumerate(files):
        path = folder / f"written_for_the_test_{number}.csv"
        path.write_text(
            monthly_csv(organisations, f"{month}-01", f"{month}-{30 if month == MONTH else 31}"), encoding="utf-8"
        )
        paths.append(path)
    return KnownFigures.of(DEFINITIONS, audit(paths, DEFINITIONS), cited=False)


# A sum of months hides nothing


@pytest.mark.parametrize("period", YEARS)
def test_half_of_those_who_started_is_judged_alike_in_every_year(period: str) -> None:
    found = asked("half", period=period, population="entered_treatment")

    assert (found.verdict.value, found.true_of) == (CONTRADICTED, AT_CASENESS)
    # and the factor that decides it stands in the message, with the reason
    assert "only called wrong if it is outside" in found.message
    assert re.search(r"1\.5\d? either way", found.message)
    assert "neighbouring years" in found.message


@pytest.mark.parametrize("measure", ["reliable_recovery", "reliable_improvement"])
def test_an_outcome_of_those_who_started_is_told_across_runs_before_the_sums_of_months(measure: str) -> None:
    for period in YEARS[5:]:
        steps = asked("99%", measure, period, population="entered_treatment").steps
        told = next(step.reading for step in steps if step.reading.population == "entered_treatment")

        assert told.run == "other"
        assert told.slack is not None


# The official print decides


@pytest.mark.parametrize(
    ("figure", "measure", "period", "comparison"),
    [
        # 670,419 finished, 667,143 in the months; 321,061 recovered, 319,080 in the months
        ("670,000", "finished", "2024-25", "less_than"),
        ("670,418", "finished", "2024-25", "at_most"),
        ("321,000", "recovered", "2024-25", "less_than"),
        # 664,087 finished, 665,229 in the months
        ("664,500", "finished", "2021-22", "more_than"),
        ("665,000", "finished", "2021-22", "at_least"),
        # 49.851% recovered, 49.8 in the months
        ("49.84%", "recovery", "2022-23", "less_than"),
    ],
)
def test_a_lesser_run_does_not_overrule_the_print_in_a_bound(
    figure: str, measure: str, period: str, comparison: str
) -> None:
    found = asked(figure, measure, period, comparison=comparison)

    assert outcome(found) == (NOT_CHECKABLE, "other_run", None)
    assert "does not fit. By another run, such as months added up or a quotation, it does" in found.message
    # and what is told of it is the publisher's own
    assert "the publisher gives" not in found.message


@pytest.mark.parametrize("comparison", ["at_least", "more_than"])
def test_what_the_print_decides_for_a_bound_stands(comparison: str) -> None:
    assert outcome(asked("670,000", "finished", "2024-25", comparison=comparison))[0] == CONSISTENT
    assert outcome(asked("700,000", "finished", "2024-25", comparison=comparison))[0] == CONTRADICTED


@pytest.mark.parametrize(
    ("measure", "period", "comparison"),
    [
        # 1,399,088 and 1,385,664 by the year, 1,353,183 and 1,366,680 in the months
        ("referrals_received", "2016-17", "highest"),
        ("referrals_received", "2016-17", "rose_every_year"),
    ],
)
def test_what_another_run_of_the_year_allows_is_not_contradicted(measure: str, period: str, comparison: str) -> None:
    since = "2015-16" if comparison == "rose_every_year" else ""
    found = asked("", measure, period, comparison=comparison, since=since)

    assert outcome(found) == (NOT_CHECKABLE, "other_run", None)
    assert "In another run" in found.message


def test_a_stretch_that_no_run_allows_is_contradicted() -> None:
    assert outcome(asked("", "referrals_received", "2020-21", comparison="highest"))[0] == CONTRADICTED


# A change


def change(figure: str, **more: str) -> Claim:
    told: dict[str, Any] = {"comparison": "up_percent", "measure": "finished", "period": "2020-21", **more}
    return Claim(id="claim", text="", figure=figure, **told)


BOTH = {"own_numerator": "634,649 - 606,192", "own_denominator": "606,192"}


@pytest.mark.parametrize(
    ("figure", "more", "verdict", "slip"),
    [
        # 28,457 of 606,192 is 4.69
        ("4.6%", BOTH, CONTRADICTED, "cut_off"),
        ("4.7%", BOTH, CONSISTENT, None),
        ("4.8%", BOTH, CONTRADICTED, None),
        # without them, or with both rounded, another base would do
        ("4.6%", {}, NOT_CHECKABLE, None),
        ("4.6%", {"own_numerator": "635,000 - 606,000", "own_denominator": "606,000"}, NOT_CHECKABLE, None),
        # but not any: 634,500 to 635,500 over 605,500 to 606,500
        ("4.4%", {"own_numerator": "635,000 - 606,000", "own_denominator": "606,000"}, CONTRADICTED, None),
        # counts of its own that give it, and are not those published
        ("4.6%", {"own_numerator": "634,100 - 606,192", "own_denominator": "606,192"}, NOT_CHECKABLE, None),
    ],
)
def test_a_growth_is_decided_by_both_counts_of_its_own_page(
    figure: str, more: dict[str, str], verdict: str, slip: str | None
) -> None:
    found = judge(change(figure, **more), BOOK)

    assert (found.verdict.value, found.slip) == (verdict, slip)


def test_a_fall_is_decided_by_both_counts_of_its_own_page_too() -> None:
    # 1,694,790 to 1,456,446 is -14.063: the page that rounds them allows 14.0, the one that does not does not
    own = {"comparison": "down_percent", "measure": "referrals_received"}
    rounded = {"own_numerator": "1.46m - 1.69m", "own_denominator": "1.69m"}
    counted = {"own_numerator": "1,456,446 - 1,694,790", "own_denominator": "1,694,790"}

    assert judge(change("14.0%", **own, **rounded), BOOK).verdict.value == NOT_CHECKABLE
    assert outcome(judge(change("14.0%", **own, **counted), BOOK)) == (CONTRADICTED, "wrong_figure", "cut_off")
    assert judge(change("14.1%", **own, **counted), BOOK).verdict.value == CONSISTENT


@pytest.mark.parametrize(
    ("figure", "comparison", "measure", "period", "since", "told"),
    [
        ("7%", "up_percent", "recovery", "2016-17", "2012-13", "it is up 6.5 points, which rounds to 7."),
        ("1.2%", "down_percent", "recovery", "2021-22", "", "it is down 1.24 points, which rounds to 1.2."),
        ("1.9", "down_points", "recovery", "2019-20", "", "it is down 1.88%, which rounds to 1.9."),
    ],
)
def test_points_told_as_per_cent_are_told_with_the_change_that_was(  # noqa: PLR0917 - a row of the table above
    figure: str, comparison: str, measure: str, period: str, since: str, told: str
) -> None:
    found = asked(figure, measure, period, comparison=comparison, since=since)

    assert found.verdict.value == CONTRADICTED
    assert told in found.message
    assert f"change of {figure.rstrip('%')} " not in found.message


@pytest.mark.parametrize(
    ("figure", "period", "since", "verdict"),
    [
        # 50.83 less 49.34 is 1.5; 51 less 49 is 2
        ("2", "2017-18", "", CONSISTENT),
        ("1", "2017-18", "", CONSISTENT),
        ("3", "2017-18", "", CONTRADICTED),
        # 52.08 less 50.83 is 1.25; 52 less 51 is 1
        ("1", "2018-19", "", CONSISTENT),
        ("2", "2018-19", "", CONTRADICTED),
    ],
)
def test_two_roundings_are_allowed(figure: str, period: str, since: str, verdict: str) -> None:
    assert asked(figure, "recovery", period, comparison="up_points", since=since).verdict.value == verdict


def test_the_figures_of_a_change_differ_as_written_by_the_change_as_written() -> None:
    pattern = re.compile(r"recovered: ([0-9.]+)%")
    for period in [f"{year}-{year - 1999:02d}" for year in range(2014, 2025)]:
        for comparison in ("up_points", "down_points"):
            message = asked("9.9", "recovery", period, comparison=comparison).message
            now, then = (float(each) for each in pattern.findall(message)[:2])
            way, told = re.search(r"That is (up|down) ([0-9.]+) points", message).groups()  # type: ignore[union-attr]

            assert abs(now - then - (float(told) if way == "up" else -float(told))) < 0.0055


# What is written beside a printed figure


@pytest.mark.parametrize(
    ("period", "written_as"), [("2024-25", "50.546%, published as 50.5%"), ("2014-15", "44.84996%, published as 44.8%")]
)
def test_a_value_beside_its_print_has_the_digits_that_decide(period: str, written_as: str) -> None:
    for figure in ("50%", "half", "50.5%"):
        assert written_as in asked(figure, "recovery", period).message


# Another cohort


@pytest.mark.parametrize("figure", ["1%", "30%", "99%"])
@pytest.mark.parametrize("population", ["referred", "entered_treatment"])
def test_other_referrals_prove_nothing_of_one_service(figure: str, population: str, tmp_path: Path) -> None:
    one = service("INV", 600, M001="1000", M031="900", M056="2000")
    found = asked(figure, "recovery", MONTH, book=book_of(tmp_path, one), org="INV", population=population)

    assert outcome(found) == (NOT_CHECKABLE, "other_cohort", None)
    assert "a backlog alone can make their ratio anything" in found.message


def test_other_referrals_prove_nothing_of_one_month_of_england_nor_of_one_group() -> None:
    month = asked("50%", "recovery", "2025-04", population="referred")

    assert month.verdict.value == NOT_CHECKABLE
    # 54,430 recovered in 2012-13 and 143,833 the year after
    assert outcome(asked("half", "recovery", "2012-13", population="entered_treatment"))[1] == "other_cohort"


def test_those_who_entered_are_not_those_referred() -> None:
    """Entering treatment and being referred are of two cohorts, whichever of them a share is usually told of."""
    assert "different referrals" in asked("70%", "entered_treatment", "2017-18", population="referred").message


# Words and hedges


@pytest.mark.parametrize(
    ("said", "figure", "measure", "period", "verdict"),
    [
        # 306,990 of 597,382 is 51.39, 614,104 of 670,419 is 91.6
        ("only", "51%", "recovery", "2020-21", CONSISTENT),
        ("only", "50%", "recovery", "2020-21", CONTRADICTED),
        ("just over", "50%", "first_treatment_6_weeks", "2024-25", CONTRADICTED),
        ("slightly more than", "91%", "first_treatment_6_weeks", "2024-25", CONSISTENT),
        ("over", "50%", "first_treatment_6_weeks", "2024-25", CONSISTENT),
        ("close to", "50%", "recovery", "2020-21", CONSISTENT),
        ("close to", "52%", "recovery", "2020-21", CONSISTENT),
        ("no more than", "51%", "recovery", "2020-21", CONTRADICTED),
    ],
)
def test_words_mean_what_they_say(said: str, figure: str, measure: str, period: str, verdict: str) -> None:
    assert asked(figure, measure, period, comparison=said).verdict.value == verdict


def test_every_hedge_has_an_inner_and_an_outer_limit_and_says_why() -> None:
    lexicon = DEFINITIONS.lexicon
    hedged = [each for each in lexicon.comparisons.values() if each.relation in lexicon.hedges]

    assert {each.relation for each in hedged} == {"about", "below", "above"}
    for hedge in [lexicon.fraction, *(each.hedge for each in hedged)]:
        assert hedge is not None
        assert 0 < hedge.inner < hedge.outer
        assert len(hedge.why) > 20


@pytest.mark.parametrize(
    ("figure", "recovered", "verdict"),
    # of 1,000: exact for England
    [
        ("a third", 330, CONSISTENT), ("a third", 290, NOT_CHECKABLE), ("a third", 251, NOT_CHECKABLE),
        ("a third", 249, CONTRADICTED), ("a third", 399, NOT_CHECKABLE), ("a third", 401, CONTRADICTED),
        ("a quarter", 223, NOT_CHECKABLE), ("a quarter", 240, CONSISTENT), ("a quarter", 199, CONTRADICTED),
        ("half", 480, CONSISTENT), ("half", 460, NOT_CHECKABLE), ("half", 449, CONTRADICTED),
        ("two thirds", 610, NOT_CHECKABLE), ("two thirds", 590, CONTRADICTED),
        ("7 in 10", 690, CONSISTENT), ("7 in 10", 610, NOT_CHECKABLE), ("7 in 10", 590, CONTRADICTED),
    ],
)  # fmt: skip
@pytest.mark.parametrize("comparison", ["is", "about"])
def test_a_fraction_in_words_goes_as_far_as_the_next_one(
    figure: str, recovered: int, verdict: str, comparison: str, tmp_path: Path
) -> None:
    printed = {"M076": "1100", "M179": "100", "M191": str(recovered), "M192": f"{recovered / 10:g}"}
    book = book_of(tmp_path, Organisation("England", Disclosure.ENGLAND, printed))
    found = asked(figure, "recovery", MONTH, book=book, population=AT_CASENESS, comparison=comparison)

    assert found.verdict.value == verdict


@pytest.mark.parametrize(
    ("period", "since", "comparison", "verdict", "cause"),
    [
        # 52.1, 51.1, 51.4, 50.2, 49.9, 50.1, 50.5
        ("2020-21", "2018-19", "highest", CONSISTENT, "exact"),
        ("2024-25", "2020-21", "highest", CONSISTENT, "exact"),
        ("2024-25", "2019-20", "highest", CONTRADICTED, "wrong_figure"),
        ("2022-23", "2016-17", "lowest", CONSISTENT, "exact"),
        # with no year between it is not said whether the first is counted in
        ("2019-20", "2018-19", "highest", NOT_CHECKABLE, "stretch_unsaid"),
        ("2018-19", "2017-18", "highest", CONSISTENT, "exact"),
    ],
)
def test_highest_since_leaves_that_year_out(period: str, since: str, comparison: str, verdict: str, cause: str) -> None:
    found = asked("", "recovery", period, since=since, comparison=comparison)

    assert (found.verdict.value, found.cause) == (verdict, cause)


# Whose figure it is


def test_people_referred_are_the_referrals_where_only_these_are_counted() -> None:
    share = asked("18.3%", "recovery", "2017-18", population="people referred")
    number = asked("1,439,957", "people referred", "2017-18")

    assert (share.verdict.value, number.verdict.value) == (CONSISTENT, CONSISTENT)
    for found in (share, number):
        assert "counts referrals, not people" in found.message


def test_people_referred_are_people_where_these_are_counted() -> None:
    assert outcome(asked("1,179,328", "people referred", "2015-16"))[0] == CONSISTENT
    assert outcome(asked("1,383,085", "people referred", "2015-16"))[0] == CONTRADICTED


def test_of_so_many_referrals_there_can_be_fewer_people_and_not_more() -> None:
    assert outcome(asked("1.2m", "people referred", "2017-18"))[:2] == (NOT_CHECKABLE, "population_not_published")
    assert outcome(asked("1.6m", "people referred", "2017-18"))[0] == CONTRADICTED


@pytest.mark.parametrize(
    ("figure", "measure", "period", "slip", "told"),
    [
        # 50.8% is of 517,942; of all 554,709, or 555,000, it is 282,000
        ("282,000", "recovered", "2017-18", "rate_of_others", "of 554,709 referrals that finished"),
        ("277,000", "recovered", "2017-18", "from_the_target", "50%, the standard for it, of 554,709"),
        ("1.9m", "entered_treatment", "2023-24", "the_target", "is the standard for it"),
        # 47.47% of those that finished recovered
        ("52.5%", "recovery", "2017-18", "the_rest", "the share of the rest of referrals that finished"),
    ],
)
def test_a_slip_from_the_target_or_from_a_rate_of_others_is_tried(
    figure: str, measure: str, period: str, slip: str, told: str
) -> None:
    found = asked(figure, measure, period)

    assert outcome(found) == (CONTRADICTED, "wrong_figure", slip)
    assert told in found.message


def test_a_product_that_chance_gives_makes_no_number_wrong_that_another_run_may_be() -> None:
    # 50.5% of 635,185 and more is near 321,061; whatever product gives a number so near, it stays open
    for number in range(316_000, 326_000, 500):
        assert asked(f"{number:,}", "recovered", "2024-25").slip not in {"rate_of_others", "from_the_target"}


def test_the_share_of_the_others_of_a_printed_rate_is_what_is_left_of_it() -> None:
    # 98.2% within 18 weeks in 2016-17, published without counts
    found = asked("1.8%", "not_first_treatment_18_weeks", "2016-17", population="finished")

    assert found.verdict.value == CONSISTENT
    assert asked("98.2%", "not_first_treatment_18_weeks", "2016-17").verdict.value == CONTRADICTED


# Two versions of a month


def test_a_change_a_high_a_rise_and_a_rank_read_the_last_version(tmp_path: Path) -> None:
    book = versions(
        tmp_path,
        (MONTH, [service("INV", 400), service("OTHER", 400)]),
        (LATER, [service("INV", 300), service("OTHER", 300)]),
        (LATER, [service("INV", 500), service("OTHER", 300)]),
    )
    ask = {"book": book, "org": "INV", "level": "provider"}

    for comparison in ("highest", "rose_every_year"):
        found = asked("", "recovery", LATER, comparison=comparison, since=MONTH, **ask)
        assert found.verdict.value == CONSISTENT, found.message
    assert asked("", "recovery", LATER, comparison="best_of", **ask).verdict.value == CONSISTENT
    assert asked("10", "recovery", LATER, comparison="up_points", since=MONTH, **ask).verdict.value == CONSISTENT
    assert asked("10", "recovery", LATER, comparison="down_points", since=MONTH, **ask).verdict.value == CONTRADICTED


def test_what_only_a_replaced_version_says_is_not_called_wrong_and_not_called_right(tmp_path: Path) -> None:
    book = versions(tmp_path, (MONTH, [service("INV", 300)]), (MONTH, [service("INV", 500)]))

    assert outcome(asked("50%", "recovery", MONTH, book=book, org="INV"))[0] == CONSISTENT
    old = asked("30%", "recovery", MONTH, book=book, org="INV", population=AT_CASENESS)
    assert outcome(old) == (NOT_CHECKABLE, "other_run", None)
    assert "an earlier version of these figures" in old.message
    assert outcome(asked("40%", "recovery", MONTH, book=book, org="INV", population=AT_CASENESS))[0] == CONTRADICTED


def test_nothing_is_told_of_a_version_that_prints_what_the_last_withholds(tmp_path: Path) -> None:
    book = versions(tmp_path, (MONTH, [service("INV", 300)]), (MONTH, [service("INV", 500, M179="*")]))
    for figure in ("30%", "50%", "100"):
        measure = "not_at_caseness" if figure == "100" else "recovery"
        found = asked(
            figure, measure, MONTH, book=book, org="INV", population=AT_CASENESS if measure == "recovery" else ""
        )
        told = f"{found.message} {found.true_sentence} {[step.reading.sources for step in found.steps]}"

        assert "_0.csv" not in told
        assert "298" not in told


def test_a_percentage_printed_over_a_suppressed_count_is_not_repeated(tmp_path: Path) -> None:
    one = Organisation("INV", Disclosure.LOCAL, {"M076": "60", "M179": "*", "M180": "5"})
    answers = set()
    for figure in ("2%", "3%", "5%", "6%"):
        found = asked(figure, "not_at_caseness", MONTH, book=book_of(tmp_path, one), org="INV")
        answers.add((outcome(found), found.message.replace(figure, "N"), found.true_sentence))

    assert len(answers) == 1
    assert next(iter(answers))[0] == (NOT_CHECKABLE, "suppression", None)


def test_the_sentence_names_the_service(tmp_path: Path) -> None:
    # as the file writes it
    book = book_of(tmp_path, service("INV", 500))

    assert asked("50%", "recovery", MONTH, book=book, org="INV").true_sentence.startswith("INVENTED INV (INV): ")
