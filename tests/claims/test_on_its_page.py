"""A verdict against a claim, and the page that it stands on: what of it was read, and what it says elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from claims.given import BOOK, DEFINITIONS, MONTH, outcome, written
from properties.publisher import Disclosure, Organisation

from iapt_audit.claims.judge import judge
from iapt_audit.claims.known_figures import KnownFigures
from iapt_audit.definitions import Claim, Elsewhere, Source, Speaker, Statement
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

CONSISTENT, CONTRADICTED, NOT_CHECKABLE = "consistent", "contradicted", "not_checkable"
AT_CASENESS = "finished_at_caseness"
#: Where a cited fact stands that no other confirms: 1,299,525 referrals that ended in 2015-16.
ONLY_HERE = "https://therapymeetsnumbers.com/how-iapt-lost-three-quarters-of-a-million-clients-in-one-year/"


def on_page(page_read: str = "all", *elsewhere: Elsewhere, url: str = "https://example.org/") -> Statement:
    """Return a statement written for the test."""
    return Statement(
        id="said", speaker=Speaker("An invented paper", "press"), date="2018-11-20", place="headline",
        wording_checked=True, read="written for the test", page_read=page_read, correction="",
        source=Source("An invented page", url), file="none", elsewhere=elsewhere,
    )  # fmt: skip


RECOVERED = Claim(
    "said/recovery", "50.8% of those who finished recovered.", "is", "50.8%", "recovery", "finished", "2017-18"
)
#: One of each kind of judgement that finds the figure right of another population.
OF_OTHERS = {
    "a share": (RECOVERED, AT_CASENESS),
    "a share with a hedge": (replace(RECOVERED, figure="half", comparison="more_than"), AT_CASENESS),
    "a share of other referrals": (replace(RECOVERED, population="referred"), AT_CASENESS),
    "another rate": (
        replace(RECOVERED, figure="48.3%", measure="reliable_recovery"), AT_CASENESS,
    ),
    "a change": (
        replace(RECOVERED, figure="8", comparison="up_points", since="2012-13"), AT_CASENESS,
    ),
    "a number": (
        Claim("said/number", "1.17 million were referred.", "is", "1.17 million", "referrals_received", "", "2019-20"),
        "entered_treatment",
    ),
}  # fmt: skip
KINDS = pytest.mark.parametrize(("claim", "right"), OF_OTHERS.values(), ids=OF_OTHERS)


@KINDS
def test_a_figure_of_another_population_is_charged_on_a_page_read_whole_that_names_no_other(
    claim: Claim, right: str
) -> None:
    found = judge(replace(claim, statement=on_page()), BOOK)

    assert outcome(found) == (CONTRADICTED, "wrong_population", None)
    assert found.true_of == right


@KINDS
def test_what_has_no_page_is_judged_as_it_stands(claim: Claim, right: str) -> None:
    found = judge(claim, BOOK)

    assert (outcome(found), found.true_of) == ((CONTRADICTED, "wrong_population", None), right)


@KINDS
@pytest.mark.parametrize("page_read", ["to_a_place", "beginning"])
def test_it_is_open_where_the_rest_of_the_page_was_not_read(claim: Claim, right: str, page_read: str) -> None:
    found = judge(replace(claim, statement=on_page(page_read)), BOOK)

    assert outcome(found) == (NOT_CHECKABLE, "page_not_read", None)
    assert found.true_of == right
    assert "the rest may say of whom the figure is" in found.message


@KINDS
@pytest.mark.parametrize("page_read", ["all", "to_a_place", "beginning"])
@pytest.mark.parametrize("of_all", [True, False], ids=["of every figure", "of this measure"])
def test_it_is_consistent_with_a_remark_where_the_page_names_the_right_one_elsewhere(
    claim: Claim, right: str, page_read: str, *, of_all: bool
) -> None:
    said = Elsewhere("The third paragraph says of whom.", "" if of_all else claim.measure, right)
    found = judge(replace(claim, statement=on_page(page_read, said)), BOOK)

    assert outcome(found) == (CONSISTENT, "said_elsewhere", None)
    assert found.true_of == right
    assert "The third paragraph says of whom. Quoted alone, it names a different population." in found.message


@KINDS
def test_a_condition_that_does_not_make_it_right_leaves_it_open(claim: Claim, right: str) -> None:
    assert right != "not_at_caseness"
    for said in (Elsewhere("A footnote stands there."), Elsewhere("It is of others.", claim.measure, "ended")):
        found = judge(replace(claim, statement=on_page("all", said)), BOOK)

        assert outcome(found) == (NOT_CHECKABLE, "wording_open", None)
        assert said.text in found.message


@KINDS
def test_what_the_page_says_of_another_measure_makes_no_difference(claim: Claim, right: str) -> None:
    said = Elsewhere("The last paragraph says how long they waited.", "wait_entering_mean", right)

    assert outcome(judge(replace(claim, statement=on_page("all", said)), BOOK)) == (
        CONTRADICTED,
        "wrong_population",
        None,
    )


@pytest.mark.parametrize("page_read", ["all", "to_a_place", "beginning"])
def test_a_figure_that_fits_no_population_needs_no_whole_page(page_read: str) -> None:
    wrong = replace(RECOVERED, figure="55.5%", statement=on_page(page_read))

    assert outcome(judge(wrong, BOOK)) == (CONTRADICTED, "wrong_figure", None)


@pytest.mark.parametrize("page_read", ["all", "to_a_place", "beginning"])
def test_a_figure_that_fits_is_consistent_however_much_was_read(page_read: str) -> None:
    right = replace(RECOVERED, population=AT_CASENESS, statement=on_page(page_read))

    assert outcome(judge(right, BOOK)) == (CONSISTENT, "exact", None)


OTHERWISE = {
    "a wrong figure": replace(RECOVERED, figure="55.5%"),
    "a wrong population": RECOVERED,
    "points for per cent": replace(RECOVERED, figure="8%", comparison="up_percent", since="2012-13", population=""),
    "highest": replace(RECOVERED, figure="", comparison="highest", period="2019-20", population=""),
    "missed": replace(RECOVERED, figure="", comparison="missed_standard", standard="recovery_50", population=""),
}


@pytest.mark.parametrize("claim", OTHERWISE.values(), ids=OTHERWISE)
def test_wording_that_can_be_meant_otherwise_proves_nothing(claim: Claim) -> None:
    charged = replace(claim, statement=on_page())
    open_ = replace(charged, otherwise="It may be meant of the months.")

    assert judge(charged, BOOK).verdict.value == CONTRADICTED
    assert outcome(judge(open_, BOOK)) == (NOT_CHECKABLE, "wording_open", None)
    assert judge(open_, BOOK).message.endswith("It may be meant of the months.")


def test_wording_that_can_be_meant_otherwise_and_fits_is_consistent() -> None:
    claim = replace(RECOVERED, population=AT_CASENESS, otherwise="It may be meant of the months.", statement=on_page())

    assert outcome(judge(claim, BOOK)) == (CONSISTENT, "exact", None)


@pytest.mark.parametrize(("period", "without"), [("2017-18", CONSISTENT), ("2022-23", CONTRADICTED)])
def test_a_target_that_the_source_does_not_name_decides_nothing(period: str, without: str) -> None:
    claim = replace(
        RECOVERED, figure="", comparison="met_standard", standard="recovery_50", population="", period=period,
        statement=on_page(),
    )  # fmt: skip
    found = judge(replace(claim, target_unsaid=True), BOOK)

    assert judge(claim, BOOK).verdict.value == without
    assert outcome(found) == (NOT_CHECKABLE, "target_unsaid", None)
    assert "The target is ours: at least half recover (at least 50%) was taken." in found.message


@pytest.mark.parametrize(
    ("figure", "unit_named", "expected"),
    [
        # 567,106 referrals finished, of which 524,730 had started at caseness
        ("525,000", "people", (NOT_CHECKABLE, "population_not_published", None)),
        ("525,000", "patients", (NOT_CHECKABLE, "population_not_published", None)),
        ("525,000", "", (CONTRADICTED, "wrong_population", None)),
        # as many people as referrals there cannot be more than
        ("567,000", "people", (CONSISTENT, "rounded", None)),
        ("965,000", "people", (CONTRADICTED, "wrong_population", None)),
        ("644,649", "people", (CONTRADICTED, "wrong_figure", None)),
    ],
)
def test_fewer_people_than_referrals_are_no_proof(
    figure: str, unit_named: str, expected: tuple[str, str, str | None]
) -> None:
    claim = Claim("said/people", "So many finished.", "is", figure, "finished", "", "2016-17", unit_named=unit_named)

    assert outcome(judge(replace(claim, statement=on_page()), BOOK)) == expected


def test_a_share_of_people_is_held_to_the_share_of_referrals() -> None:
    claim = replace(RECOVERED, unit_named="people", statement=on_page())

    assert outcome(judge(claim, BOOK)) == (CONTRADICTED, "wrong_population", None)


# figures that were taken from the claim's own page

ENDED = Claim("said/ended", "1,299,525 referrals ended.", "is", "1,299,525", "ended", "", "2015-16")
SHARE = replace(
    ENDED, text="17.5% recovered of those that ended.", figure="17.5%", measure="recovered", population="ended"
)


@pytest.mark.parametrize("claim", [ENDED, SHARE], ids=["a number", "a share"])
@pytest.mark.parametrize(
    "url",
    [
        ONLY_HERE,
        ONLY_HERE.removesuffix("/"),
        ONLY_HERE.replace("https://", "http://www."),
        f"{ONLY_HERE}?share=x",
        f"{ONLY_HERE}#recovery",
    ],
    ids=["as cited", "no slash", "another host", "a query", "a place in it"],
)
def test_a_claim_that_fits_only_what_its_own_page_says_is_told_so(claim: Claim, url: str) -> None:
    found = judge(replace(claim, statement=on_page(url=url)), BOOK)

    assert (found.verdict.value, found.cause) == (CONSISTENT, "same_source")
    assert "nothing else here confirms it" in found.message


@pytest.mark.parametrize("claim", [ENDED, SHARE], ids=["a number", "a share"])
def test_the_same_figure_on_another_page_is_confirmed_by_that(claim: Claim) -> None:
    found = judge(replace(claim, statement=on_page()), BOOK)

    assert found.verdict.value == CONSISTENT
    assert found.cause != "same_source"


def test_a_figure_that_another_source_has_too_is_held_to_that() -> None:
    cited = next(fact for fact in DEFINITIONS.facts.rows if fact.period == "2016-17" and fact.printed == "259000")
    claim = Claim("said/recovered", "259,000 recovered.", "is", "259,000", "recovered", "", "2016-17")
    found = judge(replace(claim, statement=on_page(url=cited.source.url)), BOOK)

    assert outcome(found) == (CONSISTENT, "rounded", None)
    assert not [each for step in found.steps for each in step.reading.sources if cited.source.url in each]


def test_a_change_that_rests_on_one_figure_of_its_own_page_is_told_so() -> None:
    """118,760 more ended in 2018-19; the number of 2018-19 stands on one page only."""
    url = next(
        fact.source.url
        for fact in DEFINITIONS.facts.rows
        if (fact.period, fact.measure) == ("2018-19", "ended_referrals") and fact.judges
    )
    claim = Claim("said/more", "118,760 more.", "up_points", "118,760", "ended", "", "2018-19", since="2017-18")

    assert judge(replace(claim, statement=on_page(url=url)), BOOK).cause == "same_source"
    assert judge(replace(claim, statement=on_page()), BOOK).cause == "exact"


def test_its_own_page_still_proves_it_wrong() -> None:
    wrong = replace(ENDED, figure="1,100,000", statement=on_page(url=ONLY_HERE))

    assert judge(wrong, BOOK).verdict.value == judge(replace(wrong, statement=on_page()), BOOK).verdict.value


def test_a_file_confirms_what_the_page_says(tmp_path: Path) -> None:
    month = Organisation("England", Disclosure.ENGLAND, {"M056": "129525", "M076": "50000"})
    book = KnownFigures.of(DEFINITIONS, audit(written(tmp_path, {MONTH: [month]}), DEFINITIONS))
    claim = replace(ENDED, figure="129,525", period=MONTH, statement=on_page(url=ONLY_HERE))

    assert book.cites(ONLY_HERE)
    assert outcome(judge(claim, book)) == (CONSISTENT, "exact", None)
