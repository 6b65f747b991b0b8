"""A figure is read as the values that print so: hand-worked, and by rounding anything at all."""

from __future__ import annotations

import contextlib
import time
from fractions import Fraction

import pytest
from claims.given import told
from hypothesis import given
from hypothesis import strategies as st

from iapt_audit.errors.base import ClaimError

PERCENTAGE, NUMBER = "percentage", "number"
EXACT, VAGUE = False, True

READ = [
    # as printed, value, low, high, unit, told vaguely
    ("50.8%", "50.8", "50.75", "50.85", PERCENTAGE, EXACT),
    ("  50.8 % ", "50.8", "50.75", "50.85", PERCENTAGE, EXACT),
    ("50.80%", "50.8", "50.795", "50.805", PERCENTAGE, EXACT),
    ("49.3 per cent", "49.3", "49.25", "49.35", PERCENTAGE, EXACT),
    ("49.3 Per Cent", "49.3", "49.25", "49.35", PERCENTAGE, EXACT),
    ("49.3 percent", "49.3", "49.25", "49.35", PERCENTAGE, EXACT),
    ("1.5 percentage points", "1.5", "1.45", "1.55", PERCENTAGE, EXACT),
    ("+1.5%", "1.5", "1.45", "1.55", PERCENTAGE, EXACT),
    ("88,6%", "88.6", "88.55", "88.65", PERCENTAGE, EXACT),
    ("100%", "100", "99.5", "100.5", PERCENTAGE, EXACT),
    ("0%", "0", "-0.5", "0.5", PERCENTAGE, EXACT),
    ("seven per cent", "7", "6.5", "7.5", PERCENTAGE, EXACT),
    ("62 in every 100", "62", "61.5", "62.5", PERCENTAGE, EXACT),
    ("7 in 10", "70", "69.5", "70.5", PERCENTAGE, VAGUE),
    ("seven in ten", "70", "69.5", "70.5", PERCENTAGE, VAGUE),
    ("7 out of 10", "70", "69.5", "70.5", PERCENTAGE, VAGUE),
    ("two thirds", "200/3", "397/6", "403/6", PERCENTAGE, VAGUE),
    ("half", "50", "49.5", "50.5", PERCENTAGE, VAGUE),
    ("Half", "50", "49.5", "50.5", PERCENTAGE, VAGUE),
    ("three quarters", "75", "74.5", "75.5", PERCENTAGE, VAGUE),
    ("670,419", "670419", "670418.5", "670419.5", NUMBER, EXACT),
    ("525,000", "525000", "524500", "525500", NUMBER, EXACT),
    ("525 000", "525000", "524500", "525500", NUMBER, EXACT),
    ("525\N{NO-BREAK SPACE}000", "525000", "524500", "525500", NUMBER, EXACT),
    ("525000", "525000", "524500", "525500", NUMBER, EXACT),
    ("18 039", "18039", "18038.5", "18039.5", NUMBER, EXACT),
    ("1.60m", "1600000", "1595000", "1605000", NUMBER, EXACT),
    ("1.6m", "1600000", "1550000", "1650000", NUMBER, EXACT),
    ("1.46 million", "1460000", "1455000", "1465000", NUMBER, EXACT),
    ("1.46 million referrals", "1460000", "1455000", "1465000", NUMBER, EXACT),
    ("a million", "1000000", "500000", "1500000", NUMBER, EXACT),
    ("one million", "1000000", "500000", "1500000", NUMBER, EXACT),
    ("2bn", "2000000000", "1500000000", "2500000000", NUMBER, EXACT),
    ("3 thousand", "3000", "2500", "3500", NUMBER, EXACT),
    ("6.8", "6.8", "6.75", "6.85", NUMBER, EXACT),
    ("6.8 sessions", "6.8", "6.75", "6.85", NUMBER, EXACT),
    ("90", "90", "89.5", "90.5", NUMBER, EXACT),
    ("five", "5", "4.5", "5.5", NUMBER, EXACT),
    ("5-8", "6.5", "4.5", "8.5", NUMBER, EXACT),
    ("5 to 8", "6.5", "4.5", "8.5", NUMBER, EXACT),
    ("five to eight", "6.5", "4.5", "8.5", NUMBER, EXACT),
    ("55–56%", "55.5", "54.5", "56.5", PERCENTAGE, EXACT),
    # words of the lexicon
    ("two-thirds", "200/3", "397/6", "403/6", PERCENTAGE, VAGUE),
    ("three-quarters", "75", "74.5", "75.5", PERCENTAGE, VAGUE),
]

NO_FIGURES = [
    "", " ", "%", "abc", "a", "about 50%", "over half", "50%%", "% 50", "-3%", "-3", "NaN", "nan%", "inf",
    "Infinity", "1e5", "0x10", "1_000", "٣٥%", "\uff15\uff10%", "१०%", "50.8.1", "50..8", "50.%", ".5%", ".", ",",
    "11 in 10", "3 in 0", "0 in 0", "in 10", "in", "8-5", "5-", "-", "--", "to", "5-8-9", "1 2 3", "50 %x", "50% of",
    "50\x1b[2J%", "=50", "<b>50%</b>", "2 million per cent", "12 parsecs", "half a million half", "1,2,3",
    "525,0000", "1,23,456",
]  # fmt: skip


@pytest.mark.parametrize("row", READ, ids=[each[0] for each in READ])
def test_a_figure_is_read_with_what_its_rounding_leaves_open(row: tuple[str, str, str, str, str, bool]) -> None:
    text, value, low, high, unit, vague = row
    read = told(text)

    assert (Fraction(value), Fraction(low), Fraction(high)) == (read.value, read.low, read.high)
    assert (unit, vague) == (read.unit.value, read.vague)


@pytest.mark.parametrize("text", NO_FIGURES, ids=ascii)
def test_what_is_no_figure_is_refused_with_what_one_looks_like(text: str) -> None:
    with pytest.raises(ClaimError, match=r"expected a figure such as 50\.8%"):
        told(text)


@pytest.mark.parametrize(
    "text",
    ["9" * 100_000, "9" * 5_000 + "%", "0." + "3" * 100_000, "1," * 50_000, "1 " * 50_000, "1" * 5_000 + " in 10",
     "one " * 20_000, "5-" * 20_000, "9" * 5_000 + "m", "a" * 100_000, " " * 100_000, "1-" + "2" * 5_000],
    ids=lambda text: f"{text[:6]}, {len(text)}",
)  # fmt: skip
def test_a_very_long_text_is_read_or_refused_at_once(text: str) -> None:
    begun = time.monotonic()
    with contextlib.suppress(ClaimError):
        told(text)

    assert time.monotonic() - begun < 1


def test_a_refused_figure_is_told_as_it_was_given() -> None:
    with pytest.raises(ClaimError, match="`lots to many`"):
        told("lots to many")


def half_up(value: Fraction, decimals: int) -> str:
    units = (value * 10**decimals + Fraction(1, 2)).__floor__()
    whole, rest = divmod(units, 10**decimals)
    return f"{whole:,}.{rest:0{decimals}d}" if decimals else f"{whole:,}"


VALUES = st.fractions(0, 100)
DECIMALS = st.integers(0, 4)


@given(value=VALUES, decimals=DECIMALS, sign=st.sampled_from(["%", " per cent", " percent", " points"]))
def test_a_rounded_percentage_can_be_what_it_was_rounded_from(value: Fraction, decimals: int, sign: str) -> None:
    read = told(half_up(value, decimals) + sign)

    assert read.low <= value <= read.high
    # and it says no more than its digits do
    assert read.high - read.low == Fraction(1, 10**decimals)


@given(value=st.fractions(0, 10**7), decimals=DECIMALS)
def test_a_rounded_number_can_be_what_it_was_rounded_from(value: Fraction, decimals: int) -> None:
    read = told(half_up(value, decimals))

    assert read.low <= value <= read.high


@given(value=st.integers(100, 10**9), zeros=st.integers(0, 6))
def test_a_count_rounded_to_any_number_of_zeros_can_be_what_it_was_rounded_from(value: int, zeros: int) -> None:
    rounded = (value + 10**zeros // 2) // 10**zeros * 10**zeros
    if rounded:
        read = told(f"{rounded:,}")

        assert read.low <= value <= read.high


@given(value=st.integers(0, 5 * 10**9), decimals=st.integers(0, 3), word=st.sampled_from(["m", " million", "mn"]))
def test_millions_can_be_what_they_were_rounded_from(value: int, decimals: int, word: str) -> None:
    read = told(half_up(Fraction(value, 10**6), decimals) + word)

    assert read.low <= value <= read.high
    assert read.high - read.low == Fraction(10**6, 10**decimals)


@given(part=st.integers(0, 12), more=st.integers(0, 90))
def test_so_many_in_so_many_is_their_share(part: int, more: int) -> None:
    whole = max(part + more, 1)
    read = told(f"{part} in {whole}")

    assert read.value == Fraction(100 * part, whole)
    assert read.vague is (whole < 100)


@given(text=st.text(st.sampled_from("0123456789.,% -–+/einoutf\N{NO-BREAK SPACE}"), max_size=12))
def test_any_text_is_a_figure_or_is_refused(text: str) -> None:
    try:
        read = told(text)
    except ClaimError:
        return

    assert read.low <= read.value <= read.high
    assert read.value >= 0
