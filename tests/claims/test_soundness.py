"""What is true is never contradicted, what is false of England is, and no suppressed count is given away."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from claims.given import BOOK, DEFINITIONS, LATER, MONTH, asked, book_of, outcome, told, written
from hypothesis import given, settings
from hypothesis import strategies as st
from properties.publisher import SMALLEST, SUPPRESSED, Disclosure, Organisation, half_up, publish, total, true_counts

from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
from iapt_audit.claims.trace import trace
from iapt_audit.outputs.documents.claims import claims_document, trace_document
from iapt_audit.outputs.views.claims import claims_csv, claims_markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from properties.publisher import Terms

    from iapt_audit.claims.verdicts import JudgedClaim

CONSISTENT, CONTRADICTED, NOT_CHECKABLE = "consistent", "contradicted", "not_checkable"

#: The shares that a claim can name, with their numerators in the publisher's measures.
SHARES: dict[str, Terms] = {
    "recovery": (("M191", 1),),
    "reliable_recovery": (("M193", 1),),
    "reliable_improvement": (("M185", 1),),
    "reliable_deterioration": (("M189", 1),),
    "no_reliable_change": (("M187", 1),),
    "not_at_caseness": (("M179", 1),),
    "first_treatment_6_weeks": (("M052", 1),),
    "first_treatment_18_weeks": (("M054", 1),),
    "ended_before_treatment": (("M153", 1),),
    "ended_treated_once": (("M075", 1),),
    "ended_finished": (("M076", 1),),
    "treated_finished": (("M076", 1),),
    "finished_at_caseness": (("M076", 1), ("M179", -1)),
}
POPULATIONS: dict[str, Terms] = {
    "finished_at_caseness": (("M076", 1), ("M179", -1)),
    "finished": (("M076", 1),),
    "treated": (("M056", 1), ("M153", -1)),
    "ended": (("M056", 1),),
    "entered_treatment": (("M031", 1),),
    "referred": (("M001", 1),),
}
#: Those of the same referrals as the outcomes; the others are of other referrals.
SAME = ("finished_at_caseness", "finished", "treated", "ended")
COUNTS: dict[str, Terms] = {
    "recovered": (("M191", 1),),
    "reliably_recovered": (("M193", 1),),
    "reliably_improved": (("M185", 1),),
    "reliably_deteriorated": (("M189", 1),),
    "finished": (("M076", 1),),
    "finished_at_caseness": (("M076", 1), ("M179", -1)),
    "ended": (("M056", 1),),
    "entered_treatment": (("M031", 1),),
    "referrals_received": (("M001", 1),),
}
#: Counts that go by the name of a rate.
NAMED_AS_RATES: dict[str, Terms] = {
    name: SHARES[name]
    for name in ("not_at_caseness", "first_treatment_6_weeks", "first_treatment_18_weeks", "ended_before_treatment")
}
SIZES = (8, 30, 100, 700, 20_000)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    return lambda: tmp_path_factory.mktemp("written")


def drawn(seed: int, size: int, how_many: int = 6) -> dict[str, dict[str, int]]:
    random = np.random.default_rng(seed)
    return {f"P{number:03d}": true_counts(random, size) for number in range(how_many)}


def printed(counts: Mapping[str, Mapping[str, int]]) -> list[Organisation]:
    return [publish(code, one, Disclosure.LOCAL) for code, one in counts.items()]


def rounded(numerator: int, denominator: int, decimals: int) -> str:
    units = half_up(100 * 10**decimals * numerator, denominator)
    whole, rest = divmod(units, 10**decimals)
    return f"{whole}.{rest}%" if decimals else f"{whole}%"


def shares_of(counts: Mapping[str, int]) -> Iterator[tuple[str, str, int, int]]:
    """Return each share of each population that has anybody in it."""
    for measure, terms in SHARES.items():
        for population, over in POPULATIONS.items():
            if total(over, counts) > 0:
                yield measure, population, total(terms, counts), total(over, counts)


def of(found: JudgedClaim) -> tuple[str, str, str]:
    return found.verdict.value, found.claim.measure, f"{found.claim.comparison} {found.claim.figure}: {found.message}"


CASES = {"seed": st.integers(0, 2**32), "size": st.sampled_from(SIZES)}


@settings(max_examples=5, deadline=None)
@given(**CASES)
def test_a_true_percentage_of_the_population_it_names_is_never_contradicted(
    seed: int, size: int, folders: Callable[[], Path]
) -> None:
    counts = drawn(seed, size)
    book = book_of(folders(), *printed(counts))
    judged = [
        asked(rounded(part, whole, decimals), measure, MONTH, book=book, population=population, org=code)
        for code, one in counts.items()
        for measure, population, part, whole in shares_of(one)
        for decimals in (0, 1)
    ]

    assert [of(each) for each in judged if each.verdict.value == CONTRADICTED] == []
    # and it is judged, not passed over
    assert size < 30 or any(each.verdict.value == CONSISTENT for each in judged)


@settings(max_examples=4, deadline=None)
@given(**CASES)
def test_a_true_official_percentage_that_names_nobody_is_never_contradicted(
    seed: int, size: int, folders: Callable[[], Path]
) -> None:
    counts = drawn(seed, size)
    book = book_of(folders(), *printed(counts))
    wrong = []
    for code, one in counts.items():
        for measure in ("recovery", "reliable_recovery", "reliable_improvement", "first_treatment_6_weeks"):
            over = POPULATIONS["finished_at_caseness" if "recovery" in measure else "finished"]
            part, whole = total(SHARES[measure], one), total(over, one)
            wrong += [
                asked(rounded(part, whole, decimals), measure, MONTH, book=book, org=code)
                for decimals in (0, 1)
                if whole
            ]

    assert [of(each) for each in wrong if each.verdict.value == CONTRADICTED] == []


@settings(max_examples=4, deadline=None)
@given(**CASES)
def test_the_true_share_of_the_others_is_never_contradicted(seed: int, size: int, folders: Callable[[], Path]) -> None:
    counts = drawn(seed, size)
    book = book_of(folders(), *printed(counts))
    judged = [
        asked(rounded(whole - part, whole, 1), f"not_{measure}", MONTH, book=book, population=population, org=code)
        for code, one in counts.items()
        for measure, population, part, whole in shares_of(one)
        if population in SAME and measure in {"recovery", "reliable_improvement", "finished_at_caseness"}
        and part <= whole
    ]  # fmt: skip

    assert [of(each) for each in judged if each.verdict.value == CONTRADICTED] == []


@settings(max_examples=4, deadline=None)
@given(**CASES)
def test_a_true_count_is_never_contradicted(seed: int, size: int, folders: Callable[[], Path]) -> None:
    counts = drawn(seed, size)
    book = book_of(folders(), *printed(counts))
    judged = [
        asked(f"{total(terms, one):,}", measure, MONTH, book=book, org=code)
        for code, one in counts.items()
        for measure, terms in COUNTS.items()
    ]

    assert [of(each) for each in judged if each.verdict.value == CONTRADICTED] == []


@pytest.mark.parametrize("unit", ["", " referrals"])
@pytest.mark.parametrize("measure", NAMED_AS_RATES)
def test_a_small_true_count_is_not_taken_for_a_percentage(measure: str, unit: str, tmp_path: Path) -> None:
    counts = drawn(3, 60)
    book = book_of(tmp_path, *printed(counts))
    judged = [
        asked(f"{total(NAMED_AS_RATES[measure], one)}{unit}", measure, MONTH, book=book, org=code)
        for code, one in counts.items()
    ]

    assert [of(each) for each in judged if each.verdict.value == CONTRADICTED] == []


@settings(max_examples=4, deadline=None)
@given(**CASES, below=st.fractions(0, 5))
def test_a_true_hedge_is_never_contradicted(seed: int, size: int, below: Fraction, folders: Callable[[], Path]) -> None:
    counts = drawn(seed, size)
    book = book_of(folders(), *printed(counts))
    judged = []
    for code, one in counts.items():
        for measure, population, part, whole in shares_of(one):
            rate = Fraction(100 * part, whole)
            tenths = floor(10 * max(rate - below, Fraction(0)))
            over = floor(10 * (rate + below)) + 1
            said = [("at_least", tenths), ("less_than", over), ("at_most", over)]
            if Fraction(tenths, 10) < rate:
                said.append(("more_than", tenths))
            for comparison, figure in said:
                text = f"{figure // 10}.{figure % 10}%"
                judged.append(
                    asked(text, measure, MONTH, book=book, population=population, org=code, comparison=comparison)
                )
            nearest = rounded(part, whole, 0)
            judged.append(
                asked(nearest, measure, MONTH, book=book, population=population, org=code, comparison="about")
            )

    assert [of(each) for each in judged if each.verdict.value == CONTRADICTED] == []
    assert size < 100 or any(each.verdict.value == CONSISTENT for each in judged)


@settings(max_examples=4, deadline=None)
@given(**CASES)
def test_a_true_change_a_true_high_and_a_true_rise_are_never_contradicted(
    seed: int, size: int, folders: Callable[[], Path]
) -> None:
    first, second = drawn(seed, size), drawn(seed + 1, size)
    book = book_of(folders(), *printed(first), later=printed(second))
    judged = []
    for code in first:
        for measure in ("recovery", "reliable_recovery", "reliable_improvement"):
            over = POPULATIONS["finished" if measure == "reliable_improvement" else "finished_at_caseness"]
            if not (total(over, first[code]) and total(over, second[code])):
                continue
            then, now = (
                Fraction(100 * total(SHARES[measure], each[code]), total(over, each[code])) for each in (first, second)
            )
            change = abs(now - then)
            way = "up" if now >= then else "down"
            tenths = floor(10 * change + Fraction(1, 2))
            said = [
                (f"{way}_points", f"{tenths // 10}.{tenths % 10}"),
                (f"{way}_points", str(floor(change + Fraction(1, 2)))),
            ]
            if then:
                percent = floor(1000 * change / then + Fraction(1, 2))
                said.append((f"{way}_percent", f"{percent // 10}.{percent % 10}%"))
            if now != then:
                high = "highest" if now > then else "lowest"
                every = "rose_every_year" if now > then else "fell_every_year"
                said += [(high, ""), (every, "")]
            for comparison, figure in said:
                since = MONTH
                judged.append(asked(figure, measure, LATER, book=book, org=code, comparison=comparison, since=since))

    assert [of(each) for each in judged if each.verdict.value == CONTRADICTED] == []


@settings(max_examples=5, deadline=None)
@given(**CASES)
def test_a_true_best_and_a_true_number_of_services_are_never_contradicted(
    seed: int, size: int, folders: Callable[[], Path]
) -> None:
    counts = drawn(seed, size, 12)
    book = book_of(folders(), *printed(counts))
    rates = {
        code: Fraction(100 * one["M191"], one["M076"] - one["M179"])
        for code, one in counts.items()
        if one["M076"] > one["M179"]
    }
    judged = []
    if rates:
        best = max(rates, key=lambda code: rates[code])
        if sum(rate == rates[best] for rate in rates.values()) == 1:
            judged.append(asked("", "recovery", MONTH, book=book, org=best, level="provider", comparison="best_of"))
    met = sum(rate >= 50 for rate in rates.values())
    more = {"book": book, "level": "provider", "standard": "recovery_50"}
    judged.append(asked(str(met), "", MONTH, comparison="number_meeting", **more))
    judged.append(asked("100", "", MONTH, comparison="number_meeting", hedge="at_most", **more))
    if 2 * met > len(counts):
        judged.append(asked("", "", MONTH, comparison="most_meet", **more))
    for code, rate in rates.items():
        comparison = "met_standard" if rate >= 50 else "missed_standard"
        judged.append(
            asked("", "", MONTH, book=book, org=code, level="provider", standard="recovery_50", comparison=comparison)
        )

    assert [of(each) for each in judged if each.verdict.value == CONTRADICTED] == []


@pytest.mark.parametrize(
    ("recovered", "finished", "figure"),
    # 5 stands for 5 to 7 and 10 for 8 to 12, and 7 of 8 is 87.5%, which is rounded up; 5 of 8 can be 7 of 12
    [(7, 8, "88%"), (5, 8, "63%"), (12, 16, "75%"), (17, 40, "43%"), (7, 160, "4.4%")],
)
def test_a_true_rate_on_the_edge_of_its_bounds_is_rounded_up_and_not_contradicted(
    recovered: int, finished: int, figure: str, tmp_path: Path
) -> None:
    counts = {
        **dict.fromkeys(true_counts(np.random.default_rng(0), 5), 400),
        "M076": finished,
        "M179": 0,
        "M191": recovered,
    }
    book = book_of(tmp_path, publish("EDGE", counts, Disclosure.LOCAL))
    found = asked(figure, "recovery", MONTH, book=book, population="finished", org="EDGE")

    assert figure == rounded(recovered, finished, 1 if "." in figure else 0)
    assert of(found)[0] != CONTRADICTED


def test_a_true_change_on_the_edge_of_its_bounds_is_rounded_up_and_not_contradicted(tmp_path: Path) -> None:
    # 7 of 8 is 87.5, printed 88; 4 of 4 is 100, suppressed: up 12.5 points, which is rounded to 13
    none = dict.fromkeys(true_counts(np.random.default_rng(0), 5), 0)
    then, now = ({**none, "M076": finished, "M185": improved} for improved, finished in ((7, 8), (4, 4)))
    book = book_of(tmp_path, publish("EDGE", then, Disclosure.LOCAL), later=[publish("EDGE", now, Disclosure.LOCAL)])
    found = asked("13", "reliable_improvement", LATER, book=book, comparison="up_points", since=MONTH, org="EDGE")

    assert of(found)[0] != CONTRADICTED


def test_a_printed_percentage_that_its_own_counts_rule_out_proves_nothing_wrong(tmp_path: Path) -> None:
    """At most 317 of at least 581 is 54.6%, so the printed 60 is a slip, and 54% can be true."""
    one = Organisation("SLIP", Disclosure.LOCAL, {"M076": "615", "M179": "30", "M191": "315", "M192": "60"})
    book = book_of(tmp_path, one)
    verdicts = {
        figure: asked(f"{figure}%", "recovery", MONTH, book=book, population="finished_at_caseness", org="SLIP")
        for figure in (54, 60, 70)
    }

    assert of(verdicts[54])[0] != CONTRADICTED
    # it is the published figure, and its counts say otherwise: neither right nor wrong
    assert of(verdicts[60])[0] == NOT_CHECKABLE
    assert of(verdicts[70])[0] == CONTRADICTED


def test_a_worse_service_is_not_the_best(tmp_path: Path) -> None:
    good = {**drawn(1, 700)["P000"], "M076": 700, "M179": 0, "M191": 600, "M056": 2000}
    poor = {**good, "M191": 100}
    book = book_of(tmp_path, publish("GOOD", good, Disclosure.LOCAL), publish("POOR", poor, Disclosure.LOCAL))
    said = {"book": book, "level": "provider", "comparison": "best_of"}

    assert asked("", "recovery", MONTH, org="POOR", **said).verdict.value == CONTRADICTED
    assert asked("", "recovery", MONTH, org="GOOD", **said).verdict.value == CONSISTENT


#: A country: every count so great that a tenth of a per cent is many referrals.
def country(seed: int) -> dict[str, int]:
    random = np.random.default_rng(seed)
    finished = int(random.integers(40_000, 700_000))
    offset = int(finished * random.uniform(0.01, 0.2))
    recovered = int((finished - offset) * random.uniform(0.2, 0.8))
    improved = int(finished * random.uniform(0.2, 0.8))
    ended = int(finished * random.uniform(2, 3))
    return {
        **dict.fromkeys(("M001", "M031", "M052", "M054", "M075", "M153", "M187", "M189", "M193"), 0),
        "M001": int(ended * random.uniform(0.9, 1.1)), "M031": int(finished * random.uniform(1.2, 1.8)),
        "M052": int(finished * 0.8), "M054": int(finished * 0.9), "M056": ended, "M075": int((ended - finished) * 0.4),
        "M153": int((ended - finished) * 0.6), "M076": finished, "M179": offset, "M185": improved,
        "M187": int((finished - improved) * 0.7), "M189": int((finished - improved) * 0.2), "M191": recovered,
        "M193": int(min(recovered, improved) * 0.9),
    }  # fmt: skip


def explained(tenths: int, measure: str, counts: Mapping[str, int]) -> bool:
    """Return whether a figure is the share of some population, of the same referrals or of others."""
    figure, half = Fraction(tenths, 10), Fraction(1, 20)
    rates = [Fraction(100 * total(SHARES[measure], counts), total(over, counts)) for over in POPULATIONS.values()]
    return any(rate - half <= figure <= rate + half for rate in rates)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_percentage_of_england_that_is_off_by_its_last_digit_is_contradicted(
    seed: int, folders: Callable[[], Path]
) -> None:
    counts = country(seed)
    book = book_of(folders(), publish("England", counts, Disclosure.ENGLAND))
    missed, caught = [], 0
    for measure in ("recovery", "reliable_recovery", "reliable_improvement"):
        official = "finished" if measure == "reliable_improvement" else "finished_at_caseness"
        for population in SAME:
            if measure == "reliable_improvement" and population == "finished_at_caseness":
                continue
            tenths = half_up(1000 * total(SHARES[measure], counts), total(POPULATIONS[population], counts))
            for wrong in (tenths - 1, tenths + 1):
                found = asked(f"{wrong // 10}.{wrong % 10}%", measure, MONTH, book=book, population=population)
                caught += found.verdict.value == CONTRADICTED
                if found.verdict.value != CONTRADICTED:
                    missed.append(of(found))
                unsaid = asked(f"{wrong // 10}.{wrong % 10}%", measure, MONTH, book=book)
                expected = not explained(wrong, measure, counts)
                if population == official and (unsaid.verdict.value == CONTRADICTED) is not expected:
                    missed.append(of(unsaid))

    assert missed == []
    assert caught == 2 * (4 + 4 + 3)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_count_of_england_that_is_off_by_one_in_its_last_digit_is_contradicted(
    seed: int, folders: Callable[[], Path]
) -> None:
    counts = country(seed)
    book = book_of(folders(), publish("England", counts, Disclosure.ENGLAND))
    wrong = [
        asked(f"{total(terms, counts) + off:,}", measure, MONTH, book=book)
        for measure, terms in COUNTS.items()
        for off in (-1, 1)
        # a last digit of 0 may have been rounded
        if (total(terms, counts) + off) % 10
    ]

    assert [of(each) for each in wrong if each.verdict.value != CONTRADICTED] == []


#: England's years: recovered, finished, not at caseness, and the recovery of the twelve months added up, if it is here.
YEARS = {
    "2017-18": (263_295, 554_709, 36_767, None), "2018-19": (284_810, 582_556, 35_706, None),
    "2019-20": (291_371, 606_192, 36_054, None), "2020-21": (306_990, 634_649, 37_267, None),
    "2021-22": (313_919, 664_087, 38_168, "50.1"), "2022-23": (316_251, 672_193, 37_805, "49.8"),
    "2023-24": (318_013, 671_648, 37_164, "50.2"), "2024-25": (321_061, 670_419, 35_234, "50.5"),
}  # fmt: skip


@pytest.mark.parametrize("year", YEARS)
def test_a_recovery_of_england_that_is_off_by_a_tenth_is_contradicted_unless_the_months_print_it(year: str) -> None:
    recovered, finished, offset, months = YEARS[year]
    tenths = half_up(1000 * recovered, finished - offset)
    expected, actual = {}, {}
    for near in (tenths - 1, tenths, tenths + 1):
        text = f"{near // 10}.{near % 10}"
        expected[text] = CONSISTENT if near == tenths or text == months else CONTRADICTED
        actual[text] = asked(f"{text}%", "recovery", year, population="finished_at_caseness").verdict.value

    assert expected == actual


# Disclosure. An attacker who knows the publisher's rules tries all true counts that print a service's figures so.


@dataclass(frozen=True)
class Truth:
    """True counts of one service, as far as a recovery rests on them."""

    recovered: int
    finished: int
    offset: int

    def value(self, name: str) -> int:
        return {
            "recovery": self.recovered, "recovered": self.recovered, "finished": self.finished,
            "not_at_caseness": self.offset, "finished_at_caseness": self.finished - self.offset,
            "not_recovery": -1,
        }[name]  # fmt: skip


def reach(text: str) -> range:
    if text == SUPPRESSED:
        return range(SMALLEST)
    return range(max(int(text) - 2, SMALLEST), int(text) + 3)


def truths(one: Organisation, *, percentage: bool) -> list[Truth]:
    """Return every truth that prints the counts so, and the percentage too if it is asked for."""
    found = []
    for finished in reach(one.printed["M076"]):
        for offset in reach(one.printed["M179"]):
            for recovered in reach(one.printed["M191"]):
                whole = finished - offset
                if recovered > whole or whole <= 0:
                    continue
                if percentage and one.printed["M192"] not in {SUPPRESSED, str(half_up(100 * recovered, whole))}:
                    continue
                found.append(Truth(recovered, finished, offset))
    return found


def spans(value: object) -> tuple[int, int] | None:
    if isinstance(value, dict):
        return int(value["low"]), int(value["high"])
    return (value, value) if isinstance(value, int) else None


Excludes = tuple[str, "Callable[[Truth], bool]"]


def beyond(name: str, low: int, high: int) -> Callable[[Truth], bool]:
    """Exclude the truths in which a count is not within bounds."""
    return lambda truth: not low <= truth.value(name) <= high


def of_counts(entry: Mapping[str, object]) -> Iterator[Excludes]:
    """Say what the counts of a reading exclude."""
    measure, population = str(entry["measure"]), entry["population"]
    for side, name in (("numerator", measure), ("denominator", population)):
        span = spans(entry[side])
        if span is not None and name in {
            "recovery",
            "recovered",
            "finished",
            "not_at_caseness",
            "finished_at_caseness",
        }:
            low, high = span
            yield f"{name} {low}..{high}", beyond(str(name), low, high)


def of_rates(entry: Mapping[str, object]) -> Iterator[Excludes]:
    """Say what the ends of a reading's rate exclude."""
    measure, population = str(entry["measure"]), entry["population"]
    if measure in {"recovery", "not_at_caseness", "finished_at_caseness"} and population in {
        "finished", "finished_at_caseness",
    }:  # fmt: skip
        low, high = Fraction(str(entry["low"])), Fraction(str(entry["high"]))
        yield (
            f"{measure} of {population} {low}..{high}",
            lambda truth: not low * truth.value(str(population)) <= 100 * truth.value(measure)
            <= high * truth.value(str(population)),
        )  # fmt: skip


_COUNTS = re.compile(
    r"(\d+)(?: to (\d+))? of (\d+)(?: to (\d+))? referrals that finished a course in \S+( and did not)?"
)


def of_words(message: str, measure: str) -> Iterator[Excludes]:
    """Say what the counts in a message exclude: so many of so many."""
    if measure != "recovery":
        return
    for low, high, least, most, apart in _COUNTS.findall(message):
        population = "finished_at_caseness" if apart else "finished"
        for name, first, last in (("recovered", low, high or low), (population, least, most or least)):
            yield f"{name} {first}..{last} in words", beyond(name, int(first), int(last))


def of_verdict(found: JudgedClaim) -> Iterator[Excludes]:
    """Say what a verdict on a plain figure excludes: what it says is so, or is not."""
    claim = found.claim
    figure = told(claim.figure)
    if found.verdict.value == NOT_CHECKABLE:
        return
    if claim.population and found.true_of not in {claim.population, None}:
        return
    if found.cause == "exact":
        return  # it is the figure as published, whatever it was rounded from
    population = claim.population
    wanted = found.verdict.value == CONSISTENT

    def excludes(truth: Truth) -> bool:
        value = Fraction(truth.value(claim.measure))
        if population:
            value = 100 * value / truth.value(population)
        # at a tie it may be rounded either way
        return not figure.low <= value <= figure.high if wanted else figure.low < value < figure.high

    yield f"{claim.measure} {claim.figure} {found.verdict.value}", excludes


def ask_everything(book: KnownFigures, code: str) -> list[JudgedClaim]:
    """Ask every whole percentage of every population, and every small number."""
    judged = [
        asked(f"{figure}%", measure, MONTH, book=book, population=population, org=code)
        for measure, population in (
            ("recovery", "finished_at_caseness"), ("recovery", "finished"), ("not_at_caseness", "finished"),
            ("finished_at_caseness", "finished"),
        )
        for figure in range(0, 101, 2)
    ]  # fmt: skip
    judged += [
        asked(f"{figure} referrals", measure, MONTH, book=book, org=code)
        for measure in ("recovered", "finished", "finished_at_caseness")
        for figure in range(50)
    ]
    return judged


def small_services(seed: int, how_many: int) -> list[Organisation]:
    """Draw small services with a suppressed count of those not at caseness and a printed recovery."""
    random = np.random.default_rng(seed)
    found: list[Organisation] = []
    while len(found) < how_many:
        counts = true_counts(random, int(random.integers(10, 45)))
        counts["M179"] = min(int(random.integers(SMALLEST)), counts["M076"])
        counts["M191"] = min(counts["M191"] + int(random.integers(9)), counts["M076"] - counts["M179"])
        one = publish(f"P{len(found):03d}", counts, Disclosure.LOCAL)
        if one.printed["M076"] != SUPPRESSED and SUPPRESSED not in (one.printed["M191"], one.printed["M192"]):
            found.append(one)
    return found


#: 8..12 recovered of 18..22 less 0..4, printed 69%: 9 of 13 and 11 of 16 print so, so not at caseness is at least 2.
PINNED = replace(
    publish("PIN", dict.fromkeys(true_counts(np.random.default_rng(0), 5), 40), Disclosure.LOCAL),
    printed={"M001": "60", "M031": "50", "M056": "40", "M076": "20", "M179": "*", "M191": "10", "M192": "69"},
)


def excluded(left: Sequence[Truth], said: Sequence[Excludes]) -> list[str]:
    """Name the statements that exclude a truth."""
    return sorted({text for text, excludes in said if any(excludes(truth) for truth in left)})


@pytest.mark.parametrize("seed", range(2))
def test_no_answer_excludes_what_the_file_does_not(seed: int, tmp_path: Path) -> None:
    services = [PINNED, *small_services(seed, 4)]
    book = book_of(tmp_path, *services)
    told_too_much = {}
    for one in services:
        judged = ask_everything(book, one.code)
        entries = [entry for claim in claims_document(judged, DEFINITIONS)["claims"] for entry in claim["readings"]]
        said = [each for found in judged for each in of_verdict(found)]
        said += [each for found in judged for each in of_words(found.message, found.claim.measure)]
        said += [each for entry in entries for each in (*of_counts(entry), *of_rates(entry))]
        if wrong := excluded(truths(one, percentage=True), said):
            told_too_much[one.code] = wrong[:5]
        assert len(said) > 300

    assert told_too_much == {}


@pytest.mark.parametrize("seed", range(3, 5))
def test_the_counts_in_an_answer_say_no_more_than_the_printed_counts(seed: int, tmp_path: Path) -> None:
    """What a printed percentage gives away is not repeated: the counts stand as if it were not there."""
    services = [PINNED, *small_services(seed, 4)]
    book = book_of(tmp_path, *services)
    told_too_much = {}
    for one in services:
        judged = ask_everything(book, one.code)
        entries = [entry for claim in claims_document(judged, DEFINITIONS)["claims"] for entry in claim["readings"]]
        said = [each for found in judged if not found.claim.population for each in of_verdict(found)]
        said += [each for found in judged for each in of_words(found.message, found.claim.measure)]
        said += [each for entry in entries for each in of_counts(entry)]
        said += [each for entry in entries if entry["value"] is None for each in of_rates(entry)]
        if wrong := excluded(truths(one, percentage=False), said):
            told_too_much[one.code] = wrong[:5]
        assert len(said) > 300

    assert told_too_much == {}


def test_the_attacker_is_not_blind() -> None:
    left, beside = truths(PINNED, percentage=True), truths(PINNED, percentage=False)
    narrower = {"measure": "not_at_caseness", "population": "finished", "numerator": {"low": 2, "high": 4},
                "denominator": {"low": 18, "high": 22}, "low": "9.0909", "high": "22.2223"}  # fmt: skip
    words = "9 to 11 of 13 to 16 referrals that finished a course in 2025-06 and did not start below caseness recovered"

    assert {truth.offset for truth in left} == {2, 3, 4}
    assert {truth.offset for truth in beside} == {0, 1, 2, 3, 4}
    assert excluded(beside, list(of_counts(narrower))) == ["not_at_caseness 2..4"]
    assert excluded(beside, list(of_rates(narrower))) != []
    assert len(excluded(beside, list(of_words(words, "recovery")))) == 2
    assert excluded(left, list(of_counts(narrower | {"numerator": {"low": 3, "high": 4}}))) != []


def everything_printed(judged: Sequence[JudgedClaim]) -> str:
    """Return all that is shown of some claims, as JSON, Markdown and CSV."""
    return "\n".join(
        [
            json.dumps(claims_document(judged, DEFINITIONS)),
            claims_markdown(judged, hidden=0),
            claims_csv(judged),
        ]
    )


def without(figure: str, text: str) -> str:
    """Take the figure that was asked for out of an answer."""
    return re.sub(rf"(?<!\d)(?<!\d[,.]){re.escape(figure)}", "N", text)


@pytest.mark.parametrize("measure", ["not_at_caseness", "reliably_recovered", "reliably_deteriorated"])
def test_every_value_of_a_suppressed_count_is_answered_alike(measure: str, tmp_path: Path) -> None:
    one = replace(PINNED, printed={**PINNED.printed, "M193": "*", "M195": "*", "M189": "*", "M1010": "*"})
    book = book_of(tmp_path, one)
    answers = set()
    for count in range(SMALLEST):
        found = asked(f"{count} people", measure, MONTH, book=book, org="PIN")
        shown = without(f"{count} people", everything_printed([found]))
        answers.add((outcome(found), shown))
        if measure == "not_at_caseness":
            spans_told = re.findall(r'"numerator": (\{[^}]*\}|\d+)', json.dumps(claims_document([found], DEFINITIONS)))
            assert set(spans_told) <= {'{"low": 0, "high": 4}'}

    assert len(answers) == 1
    assert next(iter(answers))[0] == (NOT_CHECKABLE, "suppression", None)


def test_a_trace_says_no_more_than_the_printed_counts(tmp_path: Path) -> None:
    services = [PINNED, *small_services(9, 2)]
    book = book_of(tmp_path, *services)
    told_too_much = {}
    for one in services:
        said: list[Excludes] = []
        for text in [*(f"{figure}%" for figure in range(0, 101, 3)), *(str(figure) for figure in range(0, 60, 2))]:
            traced = trace(told(text), FigurePlace(MONTH, "provider", one.code), book)
            for entry in trace_document(traced, DEFINITIONS)["matches"]:
                if "numerator" in entry:
                    said += of_counts(entry)
                    said += of_rates(entry) if entry["value"] is None else ()
                said += of_words(entry["text"], entry["measure"])
        if wrong := excluded(truths(one, percentage=False), said):
            told_too_much[one.code] = wrong[:5]
        assert len(said) > 100

    assert told_too_much == {}


@pytest.mark.parametrize("text", ["3", "7", "123457", "123456.5"])
@pytest.mark.parametrize("measure", ["M191", "M076", "M179", "M001", "M273"])
def test_a_count_that_slipped_through_disclosure_control_is_answered_like_any_other(
    measure: str, text: str, tmp_path: Path
) -> None:
    names = {"M191": "recovered", "M076": "finished", "M179": "not_at_caseness", "M001": "referrals_received",
             "M273": "integrated_finished"}  # fmt: skip
    book = book_of(tmp_path, replace(PINNED, printed={**PINNED.printed, measure: text}))
    place = FigurePlace(MONTH, "provider", "PIN")
    shown, traces = set(), set()
    for figure in (text, text.replace("7", "8").replace("3", "4")):
        found = asked(f"{figure} people", names[measure], MONTH, book=book, org="PIN")
        shown.add(without(f"{figure} people", everything_printed([found])))
        traces.add(
            tuple(
                match.measure for match in trace(told(figure), place, book).matches if match.measure == names[measure]
            )
        )

    assert len(shown) == 1
    assert traces == {()}


def test_the_same_files_give_the_same_answers_whoever_else_is_in_them(tmp_path: Path) -> None:
    services = small_services(11, 5)
    (tmp_path / "alone").mkdir()
    together, alone = book_of(tmp_path, *services), book_of(tmp_path / "alone", services[0])
    asks = {"population": "finished_at_caseness", "org": services[0].code}
    both = [
        {figure: outcome(asked(f"{figure}%", "recovery", MONTH, book=book, **asks)) for figure in range(101)}
        for book in (together, alone)
    ]

    assert both[0] == both[1]
    assert written(tmp_path, {MONTH: services})
    assert BOOK.level_of(services[0].code) is None
