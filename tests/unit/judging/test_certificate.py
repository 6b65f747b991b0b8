"""The certificate of a contradicted rate, read back and recomputed as a reader with a pocket calculator would do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from properties.publisher import Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import load_default
from iapt_audit.judging.certificate import Claimed, certificate
from iapt_audit.model.bounds import Bounds, Printed
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

ONE_SIDE = re.compile(
    r"The (?P<end>most|least) they allow is (?P<n>[\d,]+) of (?P<d>[\d,]+), (?P<shown>[\d.]+)%?, "
    r"which is (?P<side>not below|below) (?P<limit>[\d.]+)%?\."
)
OPENING = re.compile(
    r"The counts allow (?P<n_low>[\d,]+)(?: to (?P<n_high>[\d,]+))? of (?P<d_low>[\d,]+)(?: to (?P<d_high>[\d,]+))? "
    r"\(some referrals\)\. A printed [\d.]+%? means at least (?P<low>-?[\d.]+)%? and less than (?P<high>[\d.]+)%?\. "
)
SLICE = re.compile(r"of ([\d,]+), (.*)")
NEIGHBOUR = re.compile(r"([\d,]+) is (?:([\d.]+)%?|more than the total)")
HOLE = "No whole number fits: "
OF_WHOM = "some referrals"


@dataclass(frozen=True, slots=True)
class Told:
    """A rate that a certificate tells: its counts and how they are shown, nothing for `more than the total`."""

    numerator: int
    denominator: int
    shown: str

    @property
    def more_than_all(self) -> bool:
        return self.numerator > self.denominator

    def rate(self, per: int) -> Fraction:
        return Fraction(per * self.numerator, self.denominator)


def number(text: str) -> int:
    return int(text.replace(",", ""))


def claim(text: str, half_width: str, numerator: Bounds, denominator: Bounds, per: int = 100) -> Claimed:
    return Claimed(Printed(text, half_width), numerator, denominator, OF_WHOM, per)


def limits(claimed: Claimed) -> tuple[Fraction, Fraction]:
    half = Fraction(claimed.printed.half_width)
    return Fraction(claimed.printed.text) - half, Fraction(claimed.printed.text) + half


def prints_so(claimed: Claimed) -> bool:
    """Say, by trying every pair, whether some counts in the box give the printed rate; a percentage is of a part."""
    low, high = limits(claimed)
    return any(
        low <= Fraction(claimed.per * n, d) < high and (claimed.per == 1 or n <= d)
        for d in range(max(claimed.denominator.low, 1), claimed.denominator.high + 1)
        for n in range(claimed.numerator.low, claimed.numerator.high + 1)
    )


def slices(text: str) -> list[list[Told]]:
    """Read the list of a hole: for each denominator the rates told."""
    _, _, listed = text.partition(HOLE)
    found = []
    for part in listed.rstrip(".").split("; "):
        matched = SLICE.fullmatch(part)
        if matched is not None:
            denominator = number(matched[1])
            found.append([Told(number(n), denominator, shown) for n, shown in NEIGHBOUR.findall(matched[2])])
    return found


def shown_rightly(told: Told, per: int) -> bool:
    digits = len(told.shown.partition(".")[2])
    return abs(Fraction(told.shown) - told.rate(per)) <= Fraction(1, 2 * 10**digits)


def untrue(claimed: Claimed, text: str) -> list[str]:
    """List everything in a certificate that is not true of the box."""
    low, high = limits(claimed)
    wrong = []
    opening = OPENING.match(text)
    if opening is None:
        return ["it has no opening"]
    box = (claimed.numerator.low, claimed.numerator.high, claimed.denominator.low, claimed.denominator.high)
    names = ("n_low", "n_high", "d_low", "d_high")
    read = [number(opening[name] or opening[name.replace("high", "low")]) for name in names]
    if tuple(read) != box or (Fraction(opening["low"]), Fraction(opening["high"])) != (low, high):
        wrong.append("the opening is of another box")
    one_side = ONE_SIDE.search(text)
    if one_side is not None:
        told = Told(number(one_side["n"]), number(one_side["d"]), one_side["shown"])
        under = one_side["side"] == "below"
        extreme = (box[1], max(box[2], 1)) if under else (box[0], box[3])
        if one_side["end"] != ("most" if under else "least") or (told.numerator, told.denominator) != extreme:
            wrong.append("it is not the extreme of the box")
        limit = Fraction(one_side["limit"])
        if limit != (low if under else high):
            wrong.append("the limit is not the printed figure's")
        if not shown_rightly(told, claimed.per):
            wrong.append("the quotient is wrong")
        if (told.rate(claimed.per) < limit) is not under or (Fraction(told.shown) < limit) is not under:
            wrong.append("it is on the other side of the limit")
        return wrong
    listed = slices(text)
    first = max(box[2], 1)
    if [each[0].denominator for each in listed] != list(range(first, min(box[3], first + 14) + 1)):
        wrong.append("the denominators listed are not those of the box")
    if (f"; and so on to {box[3]:,}." in text) is not (box[3] - first >= 15):
        wrong.append("the list is cut without a word, or the reverse")
    return wrong + [fault for each in listed for fault in _untrue_slice(each, claimed)]


def _untrue_slice(told: list[Told], claimed: Claimed) -> list[str]:
    low, high = limits(claimed)
    wrong = []
    for each in told:
        if not each.shown:
            if claimed.per == 1 or not each.more_than_all:
                wrong.append(f"{each.numerator} is not more than {each.denominator}")
            continue
        exact, shown = each.rate(claimed.per), Fraction(each.shown)
        if low <= exact < high or low <= shown < high:
            wrong.append(f"{each.numerator} of {each.denominator} prints so")
        if (exact < low) is not (shown < low) or not shown_rightly(each, claimed.per):
            wrong.append(f"{each.numerator} of {each.denominator} is shown as {each.shown}")
        if not claimed.numerator.low <= each.numerator <= claimed.numerator.high:
            wrong.append(f"{each.numerator} is not in the box")
    # what lies under the printed range must be followed by what lies over it, or be the end of the box
    under = [each.numerator for each in told if each.rate(claimed.per) < low]
    over = [each.numerator for each in told if each.rate(claimed.per) >= high or not each.shown]
    gap_is_closed = (
        (bool(under) and bool(over) and under[0] + 1 == over[0])
        or (not over and under == [claimed.numerator.high])
        or (not under and over == [claimed.numerator.low])
    )
    return wrong if gap_is_closed else [*wrong, f"of {told[0].denominator}, something between is left out"]


@pytest.mark.parametrize(
    ("claimed", "ending"),
    [
        # 317 / 581 = 54.561 %, a hundred times 317 is 31,700
        (
            claim("60", "0.5", Bounds(313, 317), Bounds(581, 592)),
            "The most they allow is 317 of 581, 54.56%, which is below 59.5%.",
        ),
        (
            claim("50", "0.5", Bounds(313, 317), Bounds(581, 592)),
            "The least they allow is 313 of 592, 52.87%, which is not below 50.5%.",
        ),
        # 1,001 / 200 = 5.005 appointments, 1,000 / 201 = 4.975
        (
            claim("8.2", "0.05", Bounds(998, 1001), Bounds(200, 201), per=1),
            "The most they allow is 1,001 of 200, 5.01, which is below 8.15.",
        ),
        (
            claim("4.9", "0.05", Bounds(1000, 1001), Bounds(200, 201), per=1),
            "The least they allow is 1,000 of 201, 4.98, which is not below 4.95.",
        ),
    ],
    ids=["percentage under", "percentage over", "mean under", "mean over"],
)
def test_a_rate_wholly_to_one_side_is_told_by_its_extreme(claimed: Claimed, ending: str) -> None:
    actual = certificate(claimed)

    assert actual.endswith(ending)
    assert untrue(claimed, actual) == []


@pytest.mark.parametrize(
    ("claimed", "ending"),
    [
        (
            claim("50", "0.5", Bounds(6, 7), Bounds(13, 13)),
            "No whole number fits: of 13, 6 is 46.15% and 7 is 53.85%.",
        ),
        (
            claim("40", "0.5", Bounds(5, 7), Bounds(13, 14)),
            "No whole number fits: of 13, 5 is 38.46% and 6 is 46.15%; of 14, 5 is 35.71% and 6 is 42.86%.",
        ),
        # the lower neighbour, 4 of 11, is outside the box
        (
            claim("40", "0.5", Bounds(5, 7), Bounds(11, 13)),
            "No whole number fits: of 11, 5 is 45.45%; of 12, 5 is 41.67%; of 13, 5 is 38.46% and 6 is 46.15%.",
        ),
        (
            claim("2.2", "0.05", Bounds(8, 9), Bounds(4, 4), per=1),
            "No whole number fits: of 4, 8 is 2.00 and 9 is 2.25.",
        ),
    ],
    ids=["one denominator", "two", "one neighbour outside the box", "mean"],
)
def test_a_hole_is_told_by_the_neighbours_on_either_side(claimed: Claimed, ending: str) -> None:
    actual = certificate(claimed)

    assert actual.endswith(ending)
    assert untrue(claimed, actual) == []


@pytest.mark.parametrize(
    ("claimed", "shown"),
    [
        # 118,999 / 200,000 = 59.4995 % and 594,999 / 1,000,000 = 59.4999 %: with two decimals both would read 59.50
        (claim("60", "0.5", Bounds(118_999, 118_999), Bounds(200_000, 200_000)), "59.4995%"),
        (claim("60", "0.5", Bounds(594_999, 594_999), Bounds(1_000_000, 1_000_000)), "59.4999%"),
        (claim("60", "0.5", Bounds(5_949_999, 5_949_999), Bounds(10_000_000, 10_000_000)), "59.49999%"),
        (claim("50", "0.05", Bounds(49_949_999, 49_949_999), Bounds(100_000_000, 100_000_000)), "49.949999%"),
        # 8.1499 appointments are not 8.15
        (claim("8.2", "0.05", Bounds(81_499, 81_499), Bounds(10_000, 10_000), per=1), "8.1499,"),
        # just on the limit, and just over it, is not under it: two decimals do
        (claim("60", "0.5", Bounds(605, 605), Bounds(1_000, 1_000)), "60.50%"),
        (claim("60", "0.5", Bounds(605_001, 605_001), Bounds(1_000_000, 1_000_000)), "60.50%"),
    ],
    ids=str,
)
def test_a_display_never_rounds_across_its_limit(claimed: Claimed, shown: str) -> None:
    actual = certificate(claimed)

    assert f", {shown}" in actual
    assert untrue(claimed, actual) == []


@pytest.mark.parametrize(("count", "cut"), [(14, False), (15, False), (16, True), (200, True)])
def test_a_list_of_more_than_fifteen_denominators_is_cut(count: int, cut: bool) -> None:
    # of 1,001 to 1,200 one is 0.08 to 0.10 % and two are 0.17 to 0.20 %: neither is 0.125 to 0.135 %
    last = 1_001 + count - 1
    claimed = claim("0.13", "0.005", Bounds(1, 2), Bounds(1_001, last))
    actual = certificate(claimed)

    assert len(slices(actual)) == min(count, 15)
    assert actual.endswith(f"; and so on to {last:,}.") is cut
    assert untrue(claimed, actual) == []


def test_a_denominator_that_could_be_nothing_is_told_from_one_on() -> None:
    claimed = claim("60", "0.5", Bounds(0, 0), Bounds(-3, 4))
    actual = certificate(claimed)

    assert "The most they allow is 0 of 1, 0.00%, which is below 59.5%." in actual


@st.composite
def boxes(draw: st.DrawFn) -> Claimed:
    per, half_width, digits, most = draw(
        st.sampled_from([(100, "0.5", 0, 100), (100, "0.05", 1, 1000), (1, "0.05", 1, 120)])
    )
    printed = draw(st.integers(0, most))
    text = str(printed) if not digits else f"{printed // 10}.{printed % 10}"
    denominator = draw(st.integers(1, 400))
    # a numerator near what the printed figure asks for, so that holes are met as often as one side
    near = int(Fraction(text) * denominator / per)
    numerator = max(0, near + draw(st.integers(-4, 4)))
    return claim(
        text,
        half_width,
        Bounds(numerator, numerator + draw(st.integers(0, 4))),
        Bounds(denominator, denominator + draw(st.integers(0, 20))),
        per,
    )


@given(boxes())
@example(claim("50", "0.5", Bounds(0, 3), Bounds(7, 7)))
@example(claim("0", "0.5", Bounds(1, 1), Bounds(1, 1)))
@example(claim("100", "0.5", Bounds(0, 0), Bounds(1, 30)))
@example(claim("100", "0.5", Bounds(203, 207), Bounds(198, 202)))
@example(claim("166.7", "0.05", Bounds(5, 5), Bounds(3, 3)))
def test_what_a_certificate_says_is_true_of_every_contradicted_box(claimed: Claimed) -> None:
    assume(not prints_so(claimed))
    actual = certificate(claimed)

    assert untrue(claimed, actual) == []


def test_a_numerator_that_is_more_than_all_is_not_told_as_a_rate_that_fits(tmp_path: Path) -> None:
    # Rows written for this test. 203 of 202 would print as 100, so the proof is that 203 cannot be part of 202.
    printed = {"M076": "200", "M052": "205", "M053": "100"}
    (tmp_path / "made.csv").write_text(monthly_csv([Organisation("X01", Disclosure.LOCAL, printed)]), encoding="utf-8")
    found = audit([tmp_path / "made.csv"], load_default())
    (told,) = (each.certificate for each in found.findings if each.code == "rate-contradicted")
    listed = [(one.numerator, one.denominator, one.shown) for each in slices(told or "") for one in each]

    assert [(203, whole, "") for whole in range(198, 203)] == listed
