"""The register after its second reading, claim by claim and kind by kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from claims.given import BOOK, DEFINITIONS

from iapt_audit.claims.judge import judge
from iapt_audit.claims.known_figures import KnownFigures, page_of
from iapt_audit.definitions import load_register

if TYPE_CHECKING:
    from iapt_audit.definitions import Facts

CONSISTENT, CONTRADICTED, NOT_CHECKABLE = "consistent", "contradicted", "not_checkable"
REGISTER = {claim.id: claim for claim in load_register(DEFINITIONS)}
JUDGED = {name: judge(claim, BOOK) for name, claim in REGISTER.items()}

#: Claims that were called contradicted, or consistent, and that their speaker would have won.
READ_AGAIN = {
    "acorn_stairlifts_2018_talking/completed": (NOT_CHECKABLE, "population_not_published"),
    "free_psychotherapy_network_2014_year_2012_13/recovered": (NOT_CHECKABLE, "wording_open"),
    "healthwatch_bucks_2018_year_2017_18/recovery": (CONSISTENT, "said_elsewhere"),
    "mcinnes_2017_year_2015_16/referrals_made": (CONSISTENT, "same_source"),
    "nhs_digital_2018_annual_news/headline_recovery": (NOT_CHECKABLE, "page_not_read"),
    "nhs_digital_2018_annual_news/recovery": (NOT_CHECKABLE, "page_not_read"),
    "nhs_digital_2018_annual_news/recovery_2015_16": (NOT_CHECKABLE, "page_not_read"),
    "nhs_digital_2018_annual_news/recovery_2016_17": (NOT_CHECKABLE, "page_not_read"),
    "nhs_digital_2018_annual_news/recovery_people": (NOT_CHECKABLE, "page_not_read"),
    "nhs_digital_2018_february_news/recovery_finishing": (CONSISTENT, "said_elsewhere"),
    "nhs_digital_2019_annual_news/recovery": (CONSISTENT, "said_elsewhere"),
    "nhs_digital_2019_annual_news/recovery_2017_18": (CONSISTENT, "said_elsewhere"),
    "nursing_in_practice_2018_record/recovery": (CONSISTENT, "said_elsewhere"),
    "nursing_in_practice_2018_record/recovery_2015_16": (CONSISTENT, "said_elsewhere"),
    "nursing_in_practice_2018_record/recovery_2016_17": (CONSISTENT, "said_elsewhere"),
    "nursing_standard_2017_helped/recovery": (NOT_CHECKABLE, "page_not_read"),
    "nursing_standard_2017_helped/recovery_before": (NOT_CHECKABLE, "page_not_read"),
    "open_access_government_2022_rise/referrals_2019_20": (CONSISTENT, "rounded"),
    "pharmafile_2017_high/referrals_highest": (NOT_CHECKABLE, "other_run"),
    "pharmafile_2017_high/weeks_6": (NOT_CHECKABLE, "wording_open"),
    "pharmatimes_2017_access/weeks_18": (NOT_CHECKABLE, "period_unsaid"),
    "pharmatimes_2018_record/recovery": (NOT_CHECKABLE, "page_not_read"),
    "psyreflect_2026_year_2024_25/least_deprived": (NOT_CHECKABLE, "wording_open"),
    "psyreflect_2026_year_2024_25/most_deprived": (NOT_CHECKABLE, "wording_open"),
    "psyreflect_2026_year_2024_25/never_half": (NOT_CHECKABLE, "wording_open"),
    "pulse_2018_over_50/up_since_2012_13": (CONSISTENT, "population_unsaid"),
    "safe_in_our_world_2018_recovery/completed": (NOT_CHECKABLE, "population_not_published"),
    "training_matters_2018_rise/completed": (NOT_CHECKABLE, "population_not_published"),
    "training_matters_2018_rise/since_2012_13": (NOT_CHECKABLE, "wording_open"),
    "zero_suicide_alliance_2023_facts/recovery": (NOT_CHECKABLE, "page_not_read"),
    # called consistent, with a target or a period that the source does not name
    "department_of_health_and_social_care_2023_amendment/weeks_6": (NOT_CHECKABLE, "target_unsaid"),
    "department_of_health_and_social_care_2023_amendment/weeks_18": (NOT_CHECKABLE, "target_unsaid"),
    "health_foundation_2015_targets/recovery_missed": (NOT_CHECKABLE, "not_in_publications"),
}
#: All that stay contradicted: whoever adds one has read it as its speaker's lawyer would.
CHARGED = {
    "acorn_stairlifts_2018_talking/since_2012_13": "points_for_percent",
    # its own page gives both counts: up 4.69%, cut off to 4.6%
    "health_and_protection_2021_fall/finished_up": "cut_off",
    "health_business_2021_record_numbers/recovery": None,
    "hscic_2015_people_referred/people_referred": None,
    "htn_2022_rise/recovery_down": "points_for_percent",
    "huffpost_uk_2018_record/since_2012_13": "points_for_percent",
    "i_news_2017_more_people/weeks_18": None,
    "mcinnes_2019_year_2018_19/recovery_up": "points_for_percent",
    "national_health_executive_2021_record/finished": "one_digit",
    "national_health_executive_2021_record/recovery": None,
    "nhs_digital_2016_people_referred/people_referred": None,
    "nhs_digital_2018_february_news/rose": None,
    "nhs_digital_2019_annual_news/rose": None,
    "nhs_digital_2020_annual_page/six_weeks_change": "points_for_percent",
    "pharmafile_2017_high/weeks_18": None,
    "pharmatimes_2018_record/since_2012_13": "points_for_percent",
    "press_association_2017_increase/weeks_18": None,
    "press_association_2018_tops/recovery": None,
    "pulse_2018_over_50/recovery": None,
    "safe_in_our_world_2018_recovery/recovery_completing": None,
    "safe_in_our_world_2018_recovery/since_2012_13": "points_for_percent",
    "training_matters_2018_rise/recovery": None,
}


@pytest.mark.parametrize("name", READ_AGAIN)
def test_a_claim_that_its_speaker_would_win_is_not_charged(name: str) -> None:
    assert (JUDGED[name].verdict.value, JUDGED[name].cause) == READ_AGAIN[name]


def test_what_is_charged_is_what_was_read_for_it() -> None:
    charged = {name: each.slip for name, each in JUDGED.items() if each.verdict.value == CONTRADICTED}

    assert charged == CHARGED


def test_a_wrong_population_is_charged_on_pages_only_that_were_read_whole_and_name_no_other() -> None:
    charged = [each.claim for each in JUDGED.values() if each.cause == "wrong_population"]

    assert charged
    for claim in charged:
        assert claim.statement is not None
        assert (claim.id, claim.statement.page_read) == (claim.id, "all")
        assert [each for each in claim.statement.elsewhere if each.measure in {"", claim.measure}] == []


def test_no_claim_of_a_page_that_was_not_read_has_its_wording_checked() -> None:
    statements = {claim.statement.id: claim.statement for claim in REGISTER.values() if claim.statement is not None}

    assert len(statements) == 149
    assert not [each.id for each in statements.values() if each.wording_checked and each.page_read == "not_read"]
    assert {each.page_read for each in statements.values()} == {"all", "to_a_place", "beginning", "not_read"}


def test_the_change_that_a_rate_is_charged_for_already_is_not_charged_twice() -> None:
    names = ("recovery", "up_on_year", "up_since_2012_13")

    assert [JUDGED[f"pulse_2018_over_50/{name}"].verdict.value for name in names] == [
        CONTRADICTED,
        CONSISTENT,
        CONSISTENT,
    ]


def without(url: str) -> KnownFigures:
    """Open a book of definitions from which every fact of a page was struck before: another way than the engine's."""

    def kept(facts: Facts) -> Facts:
        return replace(facts, rows=tuple(row for row in facts.rows if page_of(row.source.url) != page_of(url)))

    own, register = kept(DEFINITIONS.facts), kept(DEFINITIONS.register_facts)
    return KnownFigures.of(replace(DEFINITIONS, facts=own, register_facts=register))


def test_a_consistent_claim_says_so_just_where_only_its_own_page_has_the_figure() -> None:
    books: dict[str, KnownFigures] = {}
    circular = set()
    for name, each in JUDGED.items():
        statement = each.claim.statement
        assert statement is not None
        if each.verdict.value != CONSISTENT:
            continue
        url = statement.source.url
        books[url] = books[url] if url in books else without(url)
        found = judge(each.claim, books[url])
        # held to the counts that stand beside it on its page it says so without any fact of ours
        if found.verdict.value != CONSISTENT or found.cause == "same_source":
            circular.add(name)

    assert circular == {name for name, each in JUDGED.items() if each.cause == "same_source"}
    assert len(circular) > 50


@pytest.mark.parametrize(
    "name",
    [
        "mcinnes_2017_year_2015_16/ended",
        "mcinnes_2019_year_2018_19/ended_up",
        "nuffield_trust_2020_access/entered",
        "department_of_health_2016_pq28537/wait_2012_13",
        "hscic_2016_september_2015/finished_share",
        "nhs_digital_2019_september_2019_waits/above_target",
    ],
)
def test_a_claim_that_was_its_own_witness_says_so(name: str) -> None:
    assert (JUDGED[name].verdict.value, JUDGED[name].cause) == (CONSISTENT, "same_source")
