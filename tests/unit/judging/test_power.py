"""What an audit would have caught, against trying every count; all rows of the files here were written for the test."""

from __future__ import annotations

import json
from collections import Counter
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from properties.publisher import (
    PERCENTAGES,
    SUPPRESSED,
    Disclosure,
    Organisation,
    Terms,
    monthly_csv,
    publish,
    true_counts,
)

from iapt_audit.definitions import load_default
from iapt_audit.outputs.documents.audit import document
from iapt_audit.outputs.documents.json_text import to_json
from iapt_audit.outputs.folder import write_all
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from iapt_audit.results import AuditResult

POINTS = (1, 2, 3, 5)
RATES = {
    "M053": "first_treatment_6_weeks", "M055": "first_treatment_18_weeks", "M077": "ended_before_treatment",
    "M078": "ended_treated_once", "M079": "ended_finished", "M080": "ended_treated", "M081": "treated_finished",
    "M288": "treated_once", "M180": "not_at_caseness", "M186": "reliable_improvement",
    "M1010": "reliable_deterioration", "M192": "recovery", "M195": "reliable_recovery",
}  # fmt: skip

Counted = dict[tuple[str, str, int], tuple[int, int]]


def audited(organisations: Sequence[Organisation], folder: Path) -> AuditResult:
    (folder / "made.csv").write_text(monthly_csv(organisations), encoding="utf-8")
    return audit([folder / "made.csv"], load_default())


def stands_for(printed: str, disclosure: Disclosure) -> tuple[int, int]:
    if disclosure is Disclosure.ENGLAND:
        return int(printed), int(printed)
    return (0, 4) if printed == SUPPRESSED else (max(5, int(printed) - 2), int(printed) + 2)


def span(terms: Terms, one: Organisation) -> range:
    """Return every value of a signed sum of counts, each free within what it is printed as."""
    low = high = 0
    for measure, sign in terms:
        least, most = stands_for(one.printed[measure], one.disclosure)
        low += least if sign > 0 else -most
        high += most if sign > 0 else -least
    return range(low, high + 1)


def could_print(one: Organisation, measure: str, shift: int) -> bool:
    """Say, by trying every pair of counts, whether some give the printed percentage moved by so many points."""
    numerator, denominator = PERCENTAGES[measure]
    local = one.disclosure is Disclosure.LOCAL
    half = Fraction(1, 2) if local else Fraction(1, 20)
    figure = Fraction(one.printed[measure]) + shift
    within = load_default().rates[RATES[measure]].within
    return any(
        figure - half <= Fraction(100 * n, d) < figure + half
        for d in span(denominator, one)
        if d >= 1
        for n in span(numerator, one)
        # who is counted is one of those it is of, but where fields can disagree; a printed one is of five or more
        if (5 if local else 0) <= n and (n <= d or not within)
    )


def checkable(one: Organisation, measure: str) -> bool:
    numerator, _ = PERCENTAGES[measure]
    if one.printed.get(measure, SUPPRESSED) in {SUPPRESSED, "NULL"}:
        return False
    return not (len(numerator) == 1 and one.printed[numerator[0][0]] == SUPPRESSED)


def tried(organisations: Sequence[Organisation]) -> Counted:
    """Count by rate, level and points how many were moved, each both ways, and how many of those nothing gives."""
    moved: Counter[tuple[str, str, int]] = Counter()
    caught: Counter[tuple[str, str, int]] = Counter()
    for one in organisations:
        level = "england" if one.disclosure is Disclosure.ENGLAND else "provider"
        for measure in filter(lambda measure: checkable(one, measure), RATES):
            for points in POINTS:
                key = (RATES[measure], level, points)
                moved[key] += 2
                caught[key] += sum(not could_print(one, measure, shift) for shift in (points, -points))
    return {key: (moved[key], caught[key]) for key in moved}


def shares(counted: Counted) -> dict[str, str]:
    """Return the share caught at each number of points, cut off after four decimals."""
    told = {}
    for points in POINTS:
        of_points = [value for (_, _, number), value in counted.items() if number == points]
        share = Decimal(sum(caught for _, caught in of_points)) / sum(moved for moved, _ in of_points)
        told[str(points)] = str(share.quantize(Decimal("0.0001"), ROUND_FLOOR))
    return told


def summary(found: AuditResult) -> dict[str, Any]:
    content: dict[str, Any] = document(found)["summary"]
    return content


def table(found: AuditResult, folder: Path) -> Counted:
    write_all(found, folder / "out")
    read = pl.read_parquet(folder / "out" / "power.parquet")
    return {
        (row["rate"], row["level"], row["points"]): (row["moved"], row["caught"]) for row in read.iter_rows(named=True)
    }


def services(number: int, seed: int, size: int) -> list[Organisation]:
    random = np.random.default_rng(seed)
    made = [publish("England", true_counts(random, size), Disclosure.ENGLAND)]
    return made + [publish(f"X{each:02}", true_counts(random, size), Disclosure.LOCAL) for each in range(number)]


def test_the_share_caught_is_that_of_trying_every_count(tmp_path: Path) -> None:
    organisations = services(12, seed=4, size=90)
    expected, found = tried(organisations), audited(organisations, tmp_path)

    assert {"england", "provider"} == {level for _, level, _ in expected}
    assert any(0 < caught < moved for moved, caught in expected.values())
    assert expected == table(found, tmp_path)
    assert shares(expected) == summary(found)["power"]


def test_services_that_print_alike_are_each_counted(tmp_path: Path) -> None:
    one = Organisation("X01", Disclosure.LOCAL, {"M076": "100", "M179": "5", "M191": "45", "M192": "48"})
    organisations = [Organisation(f"X{number:02}", one.disclosure, one.printed) for number in range(3)]
    organisations.append(Organisation("Y01", Disclosure.LOCAL, {**one.printed, "M191": "50", "M192": "53"}))
    found = audited(organisations, tmp_path)

    assert {8} == {moved for moved, _ in table(found, tmp_path).values()}
    assert tried(organisations) == table(found, tmp_path)


def test_england_is_exact_so_that_every_point_is_caught(tmp_path: Path) -> None:
    counts = {"M076": "1000", "M179": "100", "M191": "450", "M192": "50"}
    found = audited([Organisation("England", Disclosure.ENGLAND, counts)], tmp_path)

    assert summary(found)["power"] == {"1": "1.0000", "2": "1.0000", "3": "1.0000", "5": "1.0000"}


def test_a_small_service_hides_what_a_large_one_gives_away(tmp_path: Path) -> None:
    # 20 of 34 is printed; 18 of 31 would print a point less, and 21 of 35 a point more
    small = {"M076": "40", "M179": "5", "M191": "20", "M192": "59"}
    large = {"M076": "5000", "M179": "500", "M191": "2250", "M192": "50"}
    caught = {}
    for name, counts in (("small", small), ("large", large)):
        organisation = Organisation("X01", Disclosure.LOCAL, counts)
        (tmp_path / name).mkdir()
        caught[name] = summary(audited([organisation], tmp_path / name))["power"]["1"]

    # 2,248 to 2,252 of 4,496 to 4,504 is 49.91 to 50.09 %; a point off cannot be
    assert caught == {"small": "0.0000", "large": "1.0000"}


def test_a_contradicted_rate_is_moved_like_any_other(tmp_path: Path) -> None:
    right = {"M076": "1000", "M179": "5", "M191": "490", "M192": "49"}
    # 488 to 492 of 991 to 997 is 48.9 to 49.6 %: printed two points too high, so two points lower would not be caught
    wrong = {**right, "M192": "51"}
    organisations = [
        Organisation("X01", Disclosure.LOCAL, right),
        Organisation("X02", Disclosure.LOCAL, wrong),
    ]
    found = audited(organisations, tmp_path)
    actual = table(found, tmp_path)

    assert summary(found)["rates"]["contradicted"] == 1
    assert tried(organisations) == actual
    assert actual["recovery", "provider", 2] == (4, 3)
    assert shares(actual) == summary(found)["power"]


def test_a_figure_moved_under_0_or_over_100_is_caught(tmp_path: Path) -> None:
    counts = {"M076": "1000", "M179": "0", "M191": "10", "M192": "1", "M052": "1000", "M053": "100"}
    organisations = [Organisation("England", Disclosure.ENGLAND, counts)]
    found = audited(organisations, tmp_path)

    assert tried(organisations) == table(found, tmp_path)
    assert {"1.0000"} == set(summary(found)["power"].values())


def test_means_are_not_moved(tmp_path: Path) -> None:
    counts = {"M076": "1000", "M089": "8000", "M141": "8"}
    found = audited([Organisation("England", Disclosure.ENGLAND, counts)], tmp_path)

    assert summary(found)["rates"] == {"consistent": 1, "contradicted": 0, "not_checkable": 0}
    assert summary(found)["power"] == {}


def test_a_file_without_percentages_has_no_power(tmp_path: Path) -> None:
    found = audited([Organisation("England", Disclosure.ENGLAND, {"M076": "1000", "M191": "450"})], tmp_path)

    assert summary(found)["power"] == {}
    assert table(found, tmp_path) == {}
    assert json.loads(to_json(document(found)))["summary"]["power"] == {}


def test_rates_that_cannot_be_checked_are_not_counted_as_missed(tmp_path: Path) -> None:
    counts = {"M076": "20", "M179": "5", "M191": SUPPRESSED, "M192": SUPPRESSED, "M185": "10", "M186": "50"}
    organisations = [Organisation("X01", Disclosure.LOCAL, counts)]
    actual = table(audited(organisations, tmp_path), tmp_path)

    assert {"reliable_improvement"} == {rate for rate, _, _ in actual}
    assert tried(organisations) == actual
