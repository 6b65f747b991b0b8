"""A claim judged and a figure traced by a program; the figures are England's cited ones, or an invented month."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from api.held import INVENTED, LEVEL, month

from iapt_audit import ArgumentError, ClaimError, Judgement, UnreadError, Verdict, audit, judge, trace

CLAIM = {"figure": "50.8%", "measure": "recovery", "population": "finished", "period": "2017-18"}


def test_a_claim_is_judged_from_words_a_mapping_or_both() -> None:
    found = [judge(**CLAIM), judge(CLAIM), judge(CLAIM | {"figure": "9%"}, figure="50.8%")]  # type: ignore[arg-type]

    assert {(each.verdict, each.cause) for each in found} == {(Verdict.CONTRADICTED, "wrong_population")}
    assert found[0] == found[1] == found[2]


def test_a_judgement_has_its_readings_and_the_sentence_that_the_figures_support() -> None:
    found = judge(CLAIM)
    by_population = {each.population: each for each in found.readings}
    official = by_population["finished_at_caseness"]

    assert isinstance(found, Judgement)
    assert found.why == "the figure belongs to a different population from the one named"
    assert found.true_of == "finished_at_caseness"
    assert found.true_sentence is not None
    assert found.message
    assert official.agrees == "yes"
    assert official.numerator is not None
    assert official.denominator is not None
    assert official.numerator[0] < official.denominator[0]
    assert Decimal("50.7") < official.low <= official.high < Decimal("50.9")
    assert official.sources
    assert by_population["finished"].agrees == "no"
    assert found.entry["verdict"] == "contradicted"


def test_a_figure_is_traced_to_what_it_is_true_of() -> None:
    found = trace("50.8%", "2017-18")
    plainest = found.matches[0]

    assert (plainest.measure, plainest.population, plainest.agrees) == ("recovery", "finished_at_caseness", "yes")
    assert plainest.reading is not None
    assert plainest.reading.denominator is not None
    assert found.tried > len(found.matches)
    assert found.by_chance > 0
    assert found.entry["matches"][0]["text"] == plainest.text


@pytest.mark.parametrize(
    "data", [INVENTED, month(), [month()], {"month": month()}, audit(month())], ids=lambda each: type(each).__name__
)
def test_data_may_be_whatever_an_audit_takes_or_is(data: Any) -> None:
    found = judge(figure="48%", measure="recovery", period="2026-02", org="INV01", data=data)
    traced = trace("340", "2026-02", org="INV01", data=data)

    # 340 stands for 338 to 342: some of these round to 48% and some do not
    assert found.cause == "rounding"
    assert traced.matches[0].text.startswith("338 to 342 referrals")


@pytest.mark.parametrize(
    ("claim", "error", "told"),
    [
        (CLAIM | {"period": "2017"}, ArgumentError, "expected a period such as 2024-25 or 2026-02, got `2017`"),
        (CLAIM | {"figur": "1%"}, ArgumentError, "expected one of figure, measure, population"),
        (CLAIM | {"measure": "recovry"}, ClaimError, "unknown measure `recovry`"),
        ({}, ClaimError, "expected a figure"),
        (CLAIM | {"figure": 50.8}, ArgumentError, "expected text such as 50.8%, 525,000 or 7 in 10, got a float"),
        ([1], ArgumentError, "expected a claim by its names, got `[1]`"),
    ],
    ids=["period", "name", "measure", "nothing", "number", "list"],
)
def test_what_is_not_understood_is_told(claim: Any, error: type[Exception], told: str) -> None:
    with pytest.raises(error) as caught:
        judge(claim)

    assert told in str(caught.value)


@pytest.mark.parametrize("bad", ["absent.csv", month().drop(LEVEL)], ids=["path", "table"])
def test_data_that_cannot_be_used_is_told(bad: Any) -> None:
    with pytest.raises(UnreadError):
        judge(CLAIM, data=bad)
    with pytest.raises(UnreadError):
        trace("50.8%", "2017-18", data=bad)


@pytest.mark.parametrize(
    ("figure", "period", "org", "error"),
    [
        ("?", "2017-18", "England", ClaimError),
        ("1%", "then", "England", ArgumentError),
        (18.3, "2017-18", "England", ArgumentError),
        (None, "2017-18", "England", ArgumentError),
        ("1%", "2017-18", "X", ClaimError),
    ],
)
def test_a_trace_of_no_figure_period_or_organisation_is_told(
    figure: str, period: str, org: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        trace(figure, period, org=org)
