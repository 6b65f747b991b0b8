"""What a figure is a figure of: on the shipped facts, and on small files whose chances are worked out by hand."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from claims.given import BOOK, DEFINITIONS, MONTH, book_of, told
from properties.publisher import SUPPRESSED, Disclosure, Organisation

from iapt_audit.claims.known_figures import FigurePlace
from iapt_audit.claims.trace import trace
from iapt_audit.outputs.documents.claims import trace_document
from iapt_audit.outputs.views.claims import trace_markdown

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.claims.known_figures import KnownFigures
    from iapt_audit.claims.trace import Traced

AT_CASENESS = "finished_at_caseness"
ENGLAND = Organisation("England", Disclosure.ENGLAND, {"M076": "1000", "M179": "100", "M191": "450", "M192": "50"})
SERVICE = Organisation("P", Disclosure.LOCAL, {"M076": "100", "M179": "10", "M191": "50", "M192": "56"})


def traced(text: str, period: str = "2017-18", breakdown: str = "Total") -> Traced:
    return trace(told(text), FigurePlace(period, breakdown=breakdown), BOOK)


def of_service(text: str, book: KnownFigures, code: str = "P") -> Traced:
    return trace(told(text), FigurePlace(MONTH, "provider", code), book)


def of_england(text: str, folder: Path) -> Traced:
    return trace(told(text), FigurePlace(MONTH), book_of(folder, ENGLAND))


@pytest.mark.parametrize(
    ("text", "period", "measure", "population", "plainness"),
    [
        # 263,295 of 1,439,957 referred is 18.28
        ("18.3%", "2017-18", "recovery", "referred", 3),
        ("18.3", "2017-18", "recovery", "referred", 3),
        ("50.8%", "2017-18", "recovery", AT_CASENESS, 0),
        ("50.8", "2017-18", "recovery", AT_CASENESS, 0),
        ("47.5%", "2017-18", "recovery", "finished", 2),
        ("263,295", "2017-18", "recovered", "", 1),
        # 567,106 less 42,376 is 524,730
        ("525,000", "2016-17", AT_CASENESS, "", 2),
        ("567,106", "2016-17", "finished", "", 1),
        ("1.60m", "2018-19", "referrals_received", "", 1),
        ("6.8", "2017-18", "sessions_mean", "", 1),
        ("88.8%", "2023-09", "first_treatment_6_weeks", "finished", 0),
        # 94,252 of 100,545 that entered
        ("93.7%", "2023-09", "entered_6_weeks", "entered_treatment", 2),
    ],
)
def test_a_figure_leads_first_to_what_prints_so(
    text: str, period: str, measure: str, population: str, plainness: int
) -> None:
    match = traced(text, period).matches[0]

    assert (measure, population, plainness) == (match.measure, match.population, match.plainness)
    assert (match.agrees, match.slip) == ("yes", None)
    assert match.source


@pytest.mark.parametrize("text", ["18.3%", "50.8", "263,295"])
def test_a_precise_figure_leads_to_one_thing(text: str) -> None:
    assert len(traced(text).matches) == 1


def test_the_share_of_the_others_is_traced_as_that() -> None:
    # 189,152 of 1,267,193 referred is 14.93
    found = traced("85.1%", "2014-15").matches

    assert [(match.measure, match.population, match.plainness) for match in found] == [("not_recovery", "referred", 4)]
    assert "are not among those that recovered" in found[0].text
    assert "different referrals" in found[0].text


def test_a_row_of_a_breakdown_is_traced_on_its_own_figures() -> None:
    row = "Indices of Deprivation Decile | 01 Least deprived"
    found = traced("52.4%", "2024-25", row).matches

    assert [(match.measure, match.population) for match in found] == [("reliable_recovery", AT_CASENESS)]
    # of all rows it is only what is left of the 47.59% of those scored at caseness that recovered reliably
    assert [(match.measure, match.plainness) for match in traced("52.4%", "2024-25").matches] == [
        ("not_reliable_recovery", 4)
    ]


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("644,649", "one digit changed: 634,649"),
        ("634,469", "digits swapped: 634,649"),
        ("634,649", None),
        # of one digit changed there are too many, unless the number has six
        ("34,649", None),
    ],
)
def test_a_number_one_slip_away_is_traced_with_its_slip(text: str, slip: str | None) -> None:
    found = traced(text, "2020-21").matches
    expected = [] if text == "34,649" else [("finished", slip)]

    assert expected == [(match.measure, match.slip) for match in found]


def test_what_fits_comes_before_what_is_a_slip_away() -> None:
    # 606,192 finished in 2019-20; no figure of that year is a swap of it
    for text, period in (("half", "2024-25"), ("7", "2017-18"), ("525,000", "2016-17")):
        found = traced(text, period).matches
        order = [(match.slip is not None, match.agrees != "yes", match.plainness) for match in found]

        assert order == sorted(order)
        assert found


@pytest.mark.parametrize(("text", "period"), [("99.97%", "2017-18"), ("123,456,789", "2017-18"), ("50%", "1999-00")])
def test_nothing_is_made_up_where_nothing_prints_so(text: str, period: str) -> None:
    found = traced(text, period)

    assert found.matches == ()
    assert trace_document(found, DEFINITIONS)["matches"] == []


def test_how_many_would_match_by_chance_is_a_sum_of_widths(tmp_path: Path) -> None:
    """
    England: four shares, all exact: recovered of 900 and of 1,000, not at caseness and the rest of 1,000.

    And those that did not recover of 900 and of 1,000; the others of the other two are each other.
    """
    for text, tried, chance in (
        ("50%", 6, Fraction(6, 100)),
        ("50.0%", 6, Fraction(6, 1000)),
        ("99%", 6, Fraction(6, 100)),
        # 450, 900 and 100 have three digits, as 450 has: 10 of the 900 numbers of three digits print so
        ("450", 4, 3 * Fraction(10, 900)),
        ("900", 4, 3 * Fraction(100, 900)),
        # only 1,000 has four
        ("1,001", 4, Fraction(1, 9000)),
    ):
        found = of_england(text, tmp_path)

        assert (text, tried, chance) == (text, found.tried, found.by_chance)


def test_rounded_figures_match_by_chance_as_much_oftener_as_they_are_wide(tmp_path: Path) -> None:
    found = of_service("56%", book_of(tmp_path, SERVICE))
    # the printed 56 with its counts, as the audit tells it: 50 of 90 is 55.5556 rounded outward, 49 of 87 is 56.3219
    of_cases = Fraction("56.3219") - Fraction("55.5555")
    of_finished = 100 * (Fraction(52, 98) - Fraction(48, 102))
    widths = [
        *(of_cases, of_cases),  # and those that did not
        *(of_finished, of_finished),
        100 * (Fraction(12, 98) - Fraction(8, 102)),
        100 * (Fraction(94, 98) - Fraction(86, 102)),
    ]

    assert found.tried == 6
    assert found.by_chance == sum((1 + width) / 100 for width in widths)
    assert [(match.measure, match.population, match.agrees) for match in found.matches] == [
        ("recovery", AT_CASENESS, "yes")
    ]


def test_a_figure_vaguely_told_matches_by_chance_oftener(tmp_path: Path) -> None:
    # within a twentieth of a half: 47.5 to 52.5, of each of six shares
    found = of_england("half", tmp_path)

    assert found.by_chance == Fraction(6 * 5, 100)
    assert of_england("50%", tmp_path).by_chance < found.by_chance


def test_what_rounding_leaves_open_is_said_to_be_open(tmp_path: Path) -> None:
    # 48 to 52 of 98 to 102
    book = book_of(tmp_path, SERVICE)

    assert [(match.measure, match.population, match.agrees) for match in of_service("50%", book).matches] == [
        ("recovery", "finished", "maybe"),
        ("not_recovery", "finished", "maybe"),
    ]
    assert [match.agrees for match in of_service("98", book).matches if match.measure == "finished"] == ["maybe"]


def test_a_suppressed_count_is_never_traced(tmp_path: Path) -> None:
    printed = {"M001": "60", "M031": "50", "M056": "40", "M076": "20", "M193": SUPPRESSED, "M195": SUPPRESSED,
               "M189": SUPPRESSED, "M1010": SUPPRESSED, "M153": SUPPRESSED, "M082": SUPPRESSED,
               "M273": SUPPRESSED}  # fmt: skip
    book = book_of(tmp_path, Organisation("P", Disclosure.LOCAL, printed))
    found = {
        (match.measure, match.population)
        for text in [*map(str, range(8)), *(f"{figure}%" for figure in range(0, 30, 2))]
        for match in of_service(text, book).matches
        if match.measure in {"M082", "M273"}
        or (match.reading is not None and match.reading.numerator is not None and match.reading.numerator.high < 5)
    }

    assert found == set()


def test_a_printed_count_that_goes_by_no_name_of_ours_is_traced_by_its_measure(tmp_path: Path) -> None:
    book = book_of(
        tmp_path, Organisation("P", Disclosure.LOCAL, {**SERVICE.printed, "M083": "335", "M085": SUPPRESSED})
    )
    found = of_service("335", book).matches

    assert [(match.measure, match.agrees, match.slip) for match in found] == [("M083", "yes", None)]
    assert "row 6" in found[0].source


@pytest.mark.parametrize("text", ["320", "353"])
def test_a_count_that_its_rounding_rules_out_is_not_traced(text: str, tmp_path: Path) -> None:
    # 335 stands for 333 to 337
    book = book_of(tmp_path, Organisation("P", Disclosure.LOCAL, {**SERVICE.printed, "M083": "335"}))

    assert "M083" not in {match.measure for match in of_service("341", book).matches}
    assert "M083" not in {match.measure for match in of_service(text, book).matches if match.slip is None}


def test_a_printed_count_fits_alike_whether_it_has_a_name_of_ours_or_not(tmp_path: Path) -> None:
    """334 can be what was rounded to 335, as a count of ours or as any other."""
    book = book_of(tmp_path, Organisation("P", Disclosure.LOCAL, {"M076": "335", "M083": "335"}))
    found = {match.measure: match.agrees for match in of_service("334", book).matches}

    assert found.get("M083") == found.get("finished") == "maybe"


def test_no_other_service_is_traced(tmp_path: Path) -> None:
    other = Organisation("OTHER", Disclosure.LOCAL, {"M076": "785", "M191": "335"})
    book = book_of(tmp_path, SERVICE, other)

    assert of_service("785", book).matches == ()
    assert [match.measure for match in of_service("785", book, "OTHER").matches] == ["finished"]


def test_a_trace_is_written_with_what_was_tried_and_what_chance_would_give() -> None:
    found = traced("18.3%")
    content = trace_document(found, DEFINITIONS)
    (match,) = content["matches"]

    assert {name: content[name] for name in ("figure", "period", "level", "org_code", "breakdown")} == {
        "figure": "18.3%", "period": "2017-18", "level": "england", "org_code": "England", "breakdown": "Total",
    }  # fmt: skip
    assert (content["tried"], content["by_chance"]) == (found.tried, f"{float(found.by_chance):.4f}")
    assert (match["numerator"], match["denominator"], match["cohort"]) == (263_295, 1_439_957, "other")
    assert (match["low"], match["high"]) == ("18.2849", "18.2850")
    assert "263,295 of 1,439,957" in trace_markdown(found)


def test_a_chance_is_told_as_about_the_number_that_it_is() -> None:
    """0.051 is not told as 0.1, which is twice as much."""
    for text in ("18.3%", "50%", "6.8", "525,000"):
        found = traced(text)
        (written,) = re.findall(r"about ([0-9.]+) by chance", trace_markdown(found))

        assert abs(Fraction(written) - found.by_chance) <= found.by_chance / 5
