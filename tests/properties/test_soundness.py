"""The publisher is never accused of what it did right, and an error larger than the bounds is always found."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from properties.publisher import (
    PERCENTAGES,
    SMALLEST,
    STEP,
    SUPPRESSED,
    UNDEFINED,
    Disclosure,
    Organisation,
    half_up,
    monthly_csv,
    print_count,
    print_percentage,
    publish,
    total,
    true_counts,
)

from iapt_audit.constraints import rates
from iapt_audit.definitions import load_default
from iapt_audit.judging.rates import possible
from iapt_audit.model.columns import SCALE
from iapt_audit.model.findings import Severity
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from iapt_audit.definitions import Rate
    from iapt_audit.results import AuditResult

#: A printed rate: the numerator, the terms of the denominator, and the percentage.
Row = tuple[str, tuple[str, ...], str]

LARGEST = 2_000_000
SIZES = (8, 30, 100, 700, 20_000, LARGEST)
DEFINITIONS = load_default()

#: The standards in force, with the rate they are held to: the percentage's measure, and per cent.
STANDARDS = {
    "recovery_50": ("M192", 50),
    "first_treatment_6_weeks_75": ("M053", 75),
    "first_treatment_18_weeks_95": ("M055", 95),
}


def services(seed: int, size: int, how_many: int) -> dict[str, dict[str, int]]:
    """Draw the true counts of invented providers."""
    random = np.random.default_rng(seed)
    return {f"P{number:04d}": true_counts(random, size) for number in range(how_many)}


def audited(organisations: Sequence[Organisation], folder: Path) -> AuditResult:
    """Write a monthly file and audit it."""
    path = folder / "written_for_the_test.csv"
    path.write_text(monthly_csv(organisations), encoding="utf-8")
    return audit([path], DEFINITIONS)


def errors(told: AuditResult) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """Name the findings that are errors, each by code, organisation and measures."""
    return [(one.code.value, one.org_code, one.measures) for one in told.findings if one.severity is Severity.ERROR]


def contradicted(told: AuditResult) -> set[tuple[str | None, str]]:
    """Name the organisations and percentages that are contradicted."""
    return {(one.org_code, one.measures[0]) for one in told.findings if one.code.value == "rate-contradicted"}


def judged(rows: Sequence[Row], rate: Rate, disclosure: Disclosure, half_width: Fraction) -> list[bool]:
    """Ask the engine whether some true counts print each row."""
    width = 2 + len(rows[0][1])
    low = np.full((len(rows), width), -1, dtype=np.int64)
    high, value = low.copy(), low.copy()
    for number, (numerator, denominator, percentage) in enumerate(rows):
        for place, text in enumerate((numerator, *denominator)):
            low[number, place], high[number, place] = reach(text, disclosure)
        value[number, -1] = int(Fraction(percentage) * SCALE)
    printed = np.zeros((len(rows), width), dtype=bool)
    printed[:, -1] = True
    cell = np.arange(len(rows) * width).reshape(len(rows), width)
    least = 0 if disclosure is Disclosure.ENGLAND else SMALLEST
    arrays = rates.CellArrays(
        low=low.reshape(-1),
        high=high.reshape(-1),
        value=value.reshape(-1),
        half_width=np.full(low.size, int(half_width * SCALE)),
        suppressed=~printed.reshape(-1) & (high.reshape(-1) < least),
        published=printed.reshape(-1),
        held_back=np.zeros(low.size, dtype=bool),
        smallest=np.full(low.size, least),
    )
    nothing = np.full(len(rows), -1, dtype=np.int64)
    found = rates.Candidates(rate, np.arange(len(rows)), cell[:, -1], cell[:, :1], cell[:, 1:-1], nothing)
    return [bool(fits) for fits in possible(found, arrays)]


def reach(text: str, disclosure: Disclosure) -> tuple[int, int]:
    """Return the true counts that print so: by printing them all."""
    if disclosure is Disclosure.ENGLAND:
        return int(text), int(text)
    if text == SUPPRESSED:
        return 0, SMALLEST - 1
    near = [at for at in range(max(int(text) - STEP, 0), int(text) + STEP + 1) if print_count(at, disclosure) == text]
    return near[0], near[-1]


def plain(rate: str) -> Rate:
    """Return a shipped rate."""
    return DEFINITIONS.rates[rate]


HALF_WIDTH = {Disclosure.ENGLAND: Fraction("0.05"), Disclosure.LOCAL: Fraction("0.5")}


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.sampled_from(SIZES))
def test_no_true_counts_are_contradicted_in_a_file(
    seed: int, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    counts = services(seed, size, 40)
    whole = {measure: sum(one[measure] for one in counts.values()) for measure in next(iter(counts.values()))}
    told = audited(
        [publish("England", whole, Disclosure.ENGLAND)]
        + [publish(code, one, Disclosure.LOCAL) for code, one in counts.items()],
        tmp_path_factory.mktemp("written"),
    )

    assert errors(told) == []
    assert "contradicted" not in told.rates["verdict"].cast(str).to_list()
    # and it is judged, not passed over
    assert (told.rates["verdict"].cast(str) == "consistent").sum() > 40


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.sampled_from(SIZES))
def test_no_true_counts_of_england_are_contradicted_at_any_size(
    seed: int, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One England row-set a file: the size of a whole country, or of a town."""
    counts = true_counts(np.random.default_rng(seed), size)
    told = audited([publish("England", counts, Disclosure.ENGLAND)], tmp_path_factory.mktemp("written"))

    assert errors(told) == []


@st.composite
def parts(draw: st.DrawFn) -> tuple[int, int, int]:
    """Draw a true numerator, finished, and not at caseness, with small and large ones and the edges."""
    finished = draw(st.one_of(st.integers(1, 60), st.integers(1, 5_000), st.integers(1, LARGEST)))
    offset = draw(st.one_of(st.integers(0, min(8, finished - 1)), st.integers(0, finished - 1)))
    whole = finished - offset
    return draw(st.one_of(st.integers(0, whole), st.just(whole), st.just(whole // 2))), finished, offset


@pytest.mark.parametrize("disclosure", Disclosure)
@settings(max_examples=60, deadline=None)
@given(drawn=st.lists(parts(), min_size=1, max_size=30))
def test_no_true_counts_are_contradicted_by_the_engine(
    disclosure: Disclosure, drawn: list[tuple[int, int, int]]
) -> None:
    rows: list[Row] = [
        (
            print_count(recovered, disclosure),
            (print_count(finished, disclosure), print_count(offset, disclosure)),
            percentage,
        )
        for recovered, finished, offset in drawn
        if (percentage := print_percentage(recovered, finished - offset, disclosure)) not in {SUPPRESSED, UNDEFINED}
    ]
    if rows:
        assert [True] * len(rows) == judged(rows, plain("recovery"), disclosure, HALF_WIDTH[disclosure])


@settings(max_examples=100, deadline=None)
@given(drawn=st.lists(parts(), min_size=1, max_size=30))
def test_a_tenth_more_or_less_at_england_is_always_contradicted(drawn: list[tuple[int, int, int]]) -> None:
    rows: list[Row] = []
    for recovered, finished, offset in drawn:
        tenths = half_up(1000 * recovered, finished - offset)
        rows += [
            (str(recovered), (str(finished), str(offset)), f"{wrong // 10}.{wrong % 10}")
            for wrong in (tenths - 1, tenths + 1)
            if wrong >= 0
        ]

    assert [False] * len(rows) == judged(rows, plain("recovery"), Disclosure.ENGLAND, HALF_WIDTH[Disclosure.ENGLAND])


@settings(max_examples=60, deadline=None)
@given(drawn=st.lists(parts(), min_size=1, max_size=30))
def test_a_numerator_times_ten_at_england_is_contradicted_when_it_would_print_otherwise(
    drawn: list[tuple[int, int, int]],
) -> None:
    rows, expected = [], []
    for recovered, finished, offset in drawn:
        percentage = print_percentage(recovered, finished - offset, Disclosure.ENGLAND)
        rows.append((str(10 * recovered), (str(finished), str(offset)), percentage))
        agrees = print_percentage(10 * recovered, finished - offset, Disclosure.ENGLAND) == percentage
        expected.append(10 * recovered <= finished - offset and agrees)

    assert expected == judged(rows, plain("recovery"), Disclosure.ENGLAND, HALF_WIDTH[Disclosure.ENGLAND])


@settings(max_examples=100, deadline=None)
@given(drawn=st.lists(parts(), min_size=1, max_size=30))
def test_an_error_larger_than_the_bounds_below_england_is_always_contradicted(
    drawn: list[tuple[int, int, int]],
) -> None:
    rows: list[Row] = []
    for recovered, finished, offset in drawn:
        if recovered < SMALLEST:
            continue
        true = int(print_percentage(recovered, finished - offset, Disclosure.LOCAL))
        counts = [print_count(count, Disclosure.LOCAL) for count in (recovered, finished, offset)]
        numerator, whole, less = (reach(text, Disclosure.LOCAL) for text in counts)
        smallest = Fraction(100 * numerator[0], whole[1] - less[0])
        greatest = Fraction(100 * numerator[1], max(whole[0] - less[1], 1))
        for wrong in (true - 1, true + 1, true - 10, true + 10, 0, 100):
            outside = wrong + Fraction(1, 2) <= smallest or wrong - Fraction(1, 2) > greatest
            if wrong >= 0 and outside:
                rows.append((counts[0], tuple(counts[1:]), str(wrong)))
        tenfold = str(10 * int(counts[0]))
        least = reach(tenfold, Disclosure.LOCAL)[0]
        if Fraction(100 * least, whole[1] - less[0]) >= true + Fraction(1, 2):
            rows.append((tenfold, tuple(counts[1:]), str(true)))
    if rows:
        told = judged(rows, plain("recovery"), Disclosure.LOCAL, HALF_WIDTH[Disclosure.LOCAL])

        assert [False] * len(rows) == told


@pytest.mark.parametrize("seed", range(4))
def test_errors_in_a_file_are_found_and_nothing_else(seed: int, tmp_path: Path) -> None:
    counts = services(seed, 40_000, 30)
    whole = {measure: sum(one[measure] for one in counts.values()) for measure in next(iter(counts.values()))}
    england = publish("England", whole, Disclosure.ENGLAND)
    wrong: dict[str, str] = {}
    for measure in ("M192", "M053", "M081"):
        numerator, denominator = PERCENTAGES[measure]
        tenths = half_up(1000 * total(numerator, whole), total(denominator, whole)) + 1
        wrong[measure] = f"{tenths // 10}.{tenths % 10}"
    expected: set[tuple[str | None, str]] = {("England", measure) for measure in wrong}
    organisations = [replace(england, printed={**england.printed, **wrong})]
    for code, one in counts.items():
        local = publish(code, one, Disclosure.LOCAL)
        if local.printed["M193"] != SUPPRESSED and one["M076"] - one["M179"] > 500:
            points = int(local.printed["M195"])
            slipped = str(points - 5) if points >= 50 else str(points + 5)
            local = replace(local, printed={**local.printed, "M195": slipped})
            expected.add((code, "M195"))
        organisations.append(local)

    assert expected == contradicted(audited(organisations, tmp_path))
    assert len(expected) > 10


def every_printed_row(
    most: int, disclosure: Disclosure, half_width: Fraction
) -> tuple[set[tuple[str, str, str, int]], int]:
    """
    Print all true counts: recovered, finished up to a printed 50 or so, and not at caseness.

    The percentage is in units of twice the half-width.
    """
    unit = 2 * half_width
    steps = int(100 / unit)
    printed = set()
    text = {count: print_count(count, disclosure) for count in range(most + 1)}
    for finished in range(1, most + 1):
        for offset in range(finished):
            whole = finished - offset
            for recovered in range(whole + 1):
                if disclosure is Disclosure.LOCAL and recovered < SMALLEST:
                    continue
                rounded = half_up(steps * recovered, whole)
                printed.add((text[recovered], text[finished], text[offset], rounded))
    return printed, steps


def decimal(units: int, half_width: Fraction) -> str:
    """Write a percentage given in units of twice the half-width."""
    value = units * 2 * half_width
    return f"{value.numerator * (10 // value.denominator) // 10}.{value.numerator * (10 // value.denominator) % 10}"


@pytest.mark.parametrize("half_width", [Fraction("0.5"), Fraction("0.05")], ids=["whole", "one decimal"])
def test_small_rates_below_england_are_decided_as_trying_all_counts_does(half_width: Fraction) -> None:
    # finished up to 52 print as 50 and less
    printed, steps = every_printed_row(52, Disclosure.LOCAL, half_width)
    counts = [str(count) for count in range(SMALLEST, 51, STEP)]
    sample = counts if steps == 100 else ["5", "10", "25", "50"]
    offsets = [SUPPRESSED, *counts] if steps == 100 else [SUPPRESSED, "5", "20"]
    combinations = [
        (recovered, finished, offset, units)
        for recovered, finished, offset in itertools.product(counts, sample, offsets)
        for units in range(steps + 1)
        # an organisation that prints a denominator of nothing is not checkable, whatever the percentage
        if offset == SUPPRESSED or reach(finished, Disclosure.LOCAL)[1] > reach(offset, Disclosure.LOCAL)[0]
    ]
    rows: list[Row] = [(n, (f, a), decimal(units, half_width)) for n, f, a, units in combinations]
    actual = judged(rows, plain("recovery"), Disclosure.LOCAL, half_width)
    wrong = [
        (combination, told)
        for combination, told in zip(combinations, actual, strict=True)
        if told != (combination in printed)
    ]

    assert wrong[:5] == []
    assert 0 < sum(actual) < len(actual) // 2


@pytest.mark.parametrize("half_width", [Fraction("0.5"), Fraction("0.05")], ids=["whole", "one decimal"])
def test_small_rates_of_one_denominator_are_decided_as_trying_all_counts_does(half_width: Fraction) -> None:
    steps = int(50 / half_width)
    counts = [str(count) for count in range(SMALLEST, 51, STEP)]
    printed = {
        (print_count(n, Disclosure.LOCAL), print_count(d, Disclosure.LOCAL), half_up(steps * n, d))
        for d in range(SMALLEST, 53)
        for n in range(SMALLEST, d + 1)
    }
    combinations = [(n, d, units) for n, d in itertools.product(counts, counts) for units in range(steps + 1)]
    rows: list[Row] = [(n, (d,), decimal(units, half_width)) for n, d, units in combinations]
    actual = judged(rows, plain("reliable_improvement"), Disclosure.LOCAL, half_width)

    assert [each in printed for each in combinations] == actual


def test_small_rates_of_england_are_decided_as_dividing_does() -> None:
    half_width = HALF_WIDTH[Disclosure.ENGLAND]
    combinations = [
        (n, d, offset, tenths)
        for d, offset in ((1, 0), (2, 1), (3, 0), (7, 2), (33, 3), (50, 0), (50, 49))
        for n in range(0, 52, 1 if d < 30 else 7)
        for tenths in range(1001)
    ]
    rows: list[Row] = [
        (str(n), (str(d), str(offset)), decimal(tenths, half_width)) for n, d, offset, tenths in combinations
    ]
    expected = [n <= d - offset and half_up(1000 * n, d - offset) == tenths for n, d, offset, tenths in combinations]

    assert expected == judged(rows, plain("recovery"), Disclosure.ENGLAND, half_width)


#: The percentages that have a headline, by the id of the rate.
PERCENTAGE_OF = {
    "recovery": "M192",
    "reliable_recovery": "M195",
    "reliable_improvement": "M186",
    "reliable_deterioration": "M1010",
    "first_treatment_6_weeks": "M053",
    "first_treatment_18_weeks": "M055",
}


def true_rate(measure: str, counts: Mapping[str, int]) -> tuple[int, int]:
    """Return the true numerator and denominator of a percentage."""
    numerator, denominator = PERCENTAGES[measure]
    return total(numerator, counts), total(denominator, counts)


#: Of whom a recovery can be told.
OVER = {
    "finished_at_caseness": PERCENTAGES["M192"][1],
    "finished": (("M076", 1),),
    "entered_treatment": (("M031", 1),),
    "ended": (("M056", 1),),
    "referred": (("M001", 1),),
}


def untrue_of_others(row: Mapping[str, int | str | None], numerator: int, counts: Mapping[str, int]) -> list[str]:
    """List the denominators over which the true rate is not within what is told."""
    faults = []
    for name, terms in OVER.items():
        denominator = total(terms, counts)
        if row[f"{name}_low"] is None or not denominator:
            continue
        low, high = (Fraction(int(row[f"{name}_{end}"] or 0), SCALE) for end in ("low", "high"))
        if not low <= Fraction(100 * numerator, denominator) <= high:
            faults.append(f"{row['org_code']} {row['measure']}: over {name}")
    return faults


def untrue(row: Mapping[str, int | str | None], counts: Mapping[str, int]) -> list[str]:
    """List what a headline row says that is not so of the true counts."""
    measure = PERCENTAGE_OF[str(row["measure"])]
    numerator, denominator = true_rate(measure, counts)
    if not denominator:
        return []
    rate = Fraction(100 * numerator, denominator)
    said = {
        "low": Fraction(int(row["low"] or 0), SCALE) <= rate,
        "high": rate <= Fraction(int(row["high"] or 0), SCALE),
        "numerator": row["exact_numerator"] in {None, numerator},
        "denominator": row["exact_denominator"] in {None, denominator},
        "numerator_low": int(row["numerator_low"] or 0) <= numerator <= int(row["numerator_high"] or 0),
        "denominator_low": int(row["denominator_low"] or 0) <= denominator <= int(row["denominator_high"] or 0),
    }
    faults = [f"{row['org_code']} {row['measure']}: {name}" for name, so in said.items() if not so]
    faults += untrue_of_others(row, numerator, counts)
    if row["standard"] is None:
        return faults
    standard = STANDARDS[str(row["standard"])][1]
    short = -(-standard * denominator // 100) - numerator
    reaches = rate >= standard
    # England's percentage is given as printed, and so is a service's: what it reads
    reads = row["printed"] not in {None, SUPPRESSED, UNDEFINED} and Fraction(str(row["printed"])) >= standard
    holds = {
        "short_low": int(row["short_low"] or 0) <= short,
        "short_high": short <= int(row["short_high"] or 0),
        "met": row["standing"] != "met" or reaches,
        "not_met": row["standing"] != "not_met" or (not reaches and not reads),
        "met_only_after_rounding": row["standing"] != "met_only_after_rounding" or (not reaches and reads),
    }
    return faults + [f"{row['org_code']} {row['standard']}: {name}" for name, so in holds.items() if not so]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.sampled_from(SIZES))
def test_the_true_standing_lies_within_what_is_told(
    seed: int, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    counts = services(seed, size, 40)
    # near the standard is where it is hard: half of the services recover half, or all but a referral or two of it
    for number, one in enumerate(counts.values()):
        if number % 2 and one["M076"] > one["M179"]:
            half = (one["M076"] - one["M179"]) // 2
            one["M191"] = max(half - number % 3, 0)
            one["M193"] = min(one["M193"], one["M191"])
    whole = {measure: sum(one[measure] for one in counts.values()) for measure in next(iter(counts.values()))}
    told = audited(
        [publish("England", whole, Disclosure.ENGLAND)]
        + [publish(code, one, Disclosure.LOCAL) for code, one in counts.items()],
        tmp_path_factory.mktemp("written"),
    )
    true = {"England": whole, **counts}
    rows = told.headline.to_dicts()

    assert [fault for row in rows for fault in untrue(row, true[row["org_code"]])] == []
    assert len(rows) > 60


def exact_standings(told: AuditResult) -> NDArray[np.bool_]:
    """Mark the standings that are given with the exact counts."""
    return told.headline["exact_denominator"].is_not_null().to_numpy()


def test_england_is_told_exactly(tmp_path: Path) -> None:
    counts = true_counts(np.random.default_rng(7), 50_000)
    told = audited([publish("England", counts, Disclosure.ENGLAND)], tmp_path)
    rows = {str(row["standard"]): row for row in told.headline.to_dicts()}

    assert exact_standings(told).all()
    for standard, (measure, percent) in STANDARDS.items():
        numerator, denominator = true_rate(measure, counts)
        row = rows[standard]

        assert (numerator, denominator) == (row["exact_numerator"], row["exact_denominator"])
        assert 100 * SCALE * numerator // denominator == row["low"]
        assert -(-100 * SCALE * numerator // denominator) == row["high"]
        assert row["short_low"] == row["short_high"] == -(-percent * denominator // 100) - numerator


def test_standings_of_untied_services_are_the_extremes_over_all_counts_that_print_so(tmp_path: Path) -> None:
    # nothing is suppressed in these services, so what is told is what the counts and the percentage say together
    random = np.random.default_rng(11)
    organisations: list[Organisation] = []
    while len(organisations) < 60:
        one = {**true_counts(random, 60), **dict.fromkeys(("M075", "M153"), 20)}
        one["M056"] = one["M075"] + one["M076"] + one["M153"]
        local = publish(f"P{len(organisations):04d}", one, Disclosure.LOCAL)
        if SUPPRESSED not in local.printed.values():
            organisations.append(local)
    told = audited(organisations, tmp_path)
    recovery = {row["org_code"]: row for row in told.headline.filter(pl.col("standard") == "recovery_50").to_dicts()}
    for local in organisations:
        numerator, finished, offset = (
            range(
                reach(local.printed[measure], Disclosure.LOCAL)[0],
                reach(local.printed[measure], Disclosure.LOCAL)[1] + 1,
            )
            for measure in ("M191", "M076", "M179")
        )
        pairs = [
            (n, f - a)
            for n, f, a in itertools.product(numerator, finished, offset)
            if 0 < f - a >= n and print_percentage(n, f - a, Disclosure.LOCAL) == local.printed["M192"]
        ]
        reaches = {2 * n >= d for n, d in pairs}
        below = "met_only_after_rounding" if int(local.printed["M192"]) >= 50 else "not_met"
        expected = {
            "low": min(100 * SCALE * n // d for n, d in pairs),
            "high": max(-(-100 * SCALE * n // d) for n, d in pairs),
            "short_low": min(-(-d // 2) - n for n, d in pairs),
            "short_high": max(-(-d // 2) - n for n, d in pairs),
            "standing": "undecided" if len(reaches) == 2 else "met" if reaches == {True} else below,
        }
        row = recovery[local.code]

        assert expected == {name: row[name] for name in expected}


@pytest.mark.parametrize(
    ("disclosure", "numerator", "denominator", "expected"),
    [
        # 10,001 of 10,000 is 100.01%, which would print as 100 if a part could be more than the whole
        (Disclosure.ENGLAND, "10001", "10000", False),
        (Disclosure.ENGLAND, "10000", "10000", True),
        # 398..402 of 393..397: at the least 100.25%
        (Disclosure.LOCAL, "400", "395", False),
        # 393..397 of 393..397
        (Disclosure.LOCAL, "395", "395", True),
        (Disclosure.LOCAL, "395", "390", False),
    ],
)
def test_a_part_is_never_more_than_its_whole(
    disclosure: Disclosure, numerator: str, denominator: str, expected: bool
) -> None:
    rows: list[Row] = [(numerator, (denominator,), "100")]

    assert [expected] == judged(rows, plain("reliable_improvement"), disclosure, HALF_WIDTH[disclosure])


def test_a_printed_percentage_of_two_suppressed_counts_has_a_sum_of_five_or_more(tmp_path: Path) -> None:
    # treated once 0..4 and finished 0..4, of 5..7 ended: 4 of 7 is 57% and would have been withheld
    organisations = [
        Organisation(
            f"P{percentage:04d}",
            Disclosure.LOCAL,
            {"M056": "5", "M075": SUPPRESSED, "M076": SUPPRESSED, "M080": str(percentage)},
        )
        for percentage in range(101)
    ]
    printed = {
        half_up(100 * (once + finished), ended)
        for once, finished, ended in itertools.product(range(SMALLEST), range(SMALLEST), range(SMALLEST, 8))
        if SMALLEST <= once + finished <= ended
    }
    expected = {(f"P{percentage:04d}", "M080") for percentage in range(101) if percentage not in printed}

    assert expected == contradicted(audited(organisations, tmp_path))
