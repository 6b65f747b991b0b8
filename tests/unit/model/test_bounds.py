from decimal import Decimal

import pytest

from iapt_audit.definitions import load_default
from iapt_audit.definitions.rounding import Regime
from iapt_audit.model.bounds import Bounds, Printed, parse_figure
from iapt_audit.model.columns import Statistic


def _regime(name: str) -> Regime:
    return load_default().regimes[name]


def _rounded(step: int, smallest: int = 0) -> Regime:
    return Regime("made", "made for the test", step, smallest, None, {}, {})


def test_regimes_are_those_that_this_table_of_cases_covers() -> None:
    actual = set(load_default().regimes)

    assert {"england", "england_tens", "england_tens_of_two", "local", "local_one_decimal"} == actual


@pytest.mark.parametrize(
    ("regime", "printed", "low", "high"),
    [
        ("england", 0, 0, 0),
        ("england", 1, 1, 1),
        ("england", 7, 7, 7),
        ("england", 670419, 670419, 670419),
        ("england_tens", 0, 0, 4),
        ("england_tens", 54430, 54425, 54434),
        # a sum of two counts to the nearest 10 is off by up to 10 below and 8 above, a difference by 9 either way
        ("england_tens_of_two", 17150, 17140, 17159),
        # 3 and 4 would be rounded to 5 too, but are suppressed
        ("local", 5, 5, 7),
        ("local", 10, 8, 12),
        ("local", 15, 13, 17),
        ("local", 470, 468, 472),
        ("local_one_decimal", 5, 5, 7),
        ("local_one_decimal", 10, 8, 12),
        ("local_one_decimal", 1405, 1403, 1407),
    ],
)
def test_printed_count_stands_for_the_integers_that_round_to_it(regime: str, printed: int, low: int, high: int) -> None:
    actual = _regime(regime).count_bounds(printed)

    assert Bounds(low, high) == actual


@pytest.mark.parametrize(
    ("step", "printed", "low", "high"),
    [
        # halves are rounded up, so an even step has its half below the printed count
        (10, 10, 5, 14),
        (10, 20, 15, 24),
        (2, 4, 3, 4),
        (1, 4, 4, 4),
        (3, 9, 8, 10),
    ],
)
def test_even_step_has_its_half_below(step: int, printed: int, low: int, high: int) -> None:
    actual = _rounded(step).count_bounds(printed)

    assert Bounds(low, high) == actual


@pytest.mark.parametrize("step", [1, 2, 3, 5, 10])
def test_every_count_lies_in_the_bounds_of_one_printed_count(step: int) -> None:
    regime = _rounded(step)
    covered = [
        count
        for printed in range(0, 40 * step, step)
        for count in range(regime.count_bounds(printed).low, regime.count_bounds(printed).high + 1)
    ]

    assert list(range(len(covered))) == covered


@pytest.mark.parametrize(
    ("regime", "printed", "expected"),
    [
        ("england", 0, True),
        ("england", 1, True),
        ("england", 7, True),
        ("local", 0, False),
        ("local", 3, False),
        ("local", 5, True),
        ("local", 7, False),
        ("local", 10, True),
        ("local", 472, False),
        ("local", -5, False),
        ("local_one_decimal", 0, False),
        ("local_one_decimal", 5, True),
        ("local_one_decimal", 6, False),
    ],
)
def test_count_is_in_form_if_its_regime_could_print_it(regime: str, printed: int, *, expected: bool) -> None:
    actual = _regime(regime).in_form(printed)

    assert expected == actual


@pytest.mark.parametrize(
    ("regime", "suppressed"), [("england", None), ("local", Bounds(0, 4)), ("local_one_decimal", Bounds(0, 4))]
)
def test_suppressed_count_is_anything_under_five_and_england_suppresses_nothing(
    regime: str, suppressed: Bounds | None
) -> None:
    actual = _regime(regime).suppressed

    assert suppressed == actual


@pytest.mark.parametrize(
    ("regime", "percentage", "mean", "decimals"),
    [("england", "0.05", "0.05", 1), ("local", "0.5", "0.05", 0), ("local_one_decimal", "0.05", "0.05", 1)],
)
def test_half_width_belongs_to_the_regime(regime: str, percentage: str, mean: str, decimals: int) -> None:
    actual = _regime(regime)

    assert Decimal(percentage) == actual.half_width[Statistic.PERCENTAGE]
    assert Decimal(mean) == actual.half_width[Statistic.MEAN]
    assert decimals == actual.decimals[Statistic.PERCENTAGE]


@pytest.mark.parametrize(("low", "high", "exact"), [(3, 3, True), (0, 0, True), (3, 4, False), (0, 4, False)])
def test_bounds_are_exact_if_one_count_is_possible(low: int, high: int, *, exact: bool) -> None:
    actual = Bounds(low, high).exact

    assert exact == actual


@pytest.mark.parametrize(
    ("text", "half_width", "low", "high"),
    [
        ("50", "0.05", "49.95", "50.05"),
        ("50.0", "0.05", "49.95", "50.05"),
        ("50", "0.5", "49.5", "50.5"),
        ("0", "0.5", "-0.5", "0.5"),
        ("44.8", "0.05", "44.75", "44.85"),
    ],
)
def test_printed_percentage_leaves_its_half_width_open(text: str, half_width: str, low: str, high: str) -> None:
    actual = Printed(text, half_width)

    assert (Decimal(low), Decimal(high)) == (actual.low, actual.high)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("00", "0"),
        ("5", "5"),
        ("50.0", "50.0"),
        ("0.05", "0.05"),
        ("1813432", "1813432"),
        ("1 million", "1000000"),
        ("1.46 million", "1460000"),
    ],
)
def test_figure_is_digits_perhaps_with_a_decimal_part_or_million(text: str, value: str) -> None:
    actual = parse_figure(text)

    assert Decimal(value) == actual


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        " 5",
        "5 ",
        "5\n",
        "1,460",
        "1 460",
        "1_460",
        "-1",
        "+1",
        "1e5",
        "1E5",
        ".5",
        "5.",
        "1.2.3",
        "nan",
        "NaN",
        "inf",
        "Infinity",
        "0x10",
        "50%",
        "million",
        "1million",
        "1  million",
        "1 Million",
        "1 millions",
        "1.46 million ",
        "1.46 billion",
        "about 5",
        "*",
        "NULL",
    ],
)
def test_anything_else_is_no_figure(text: str) -> None:
    actual = parse_figure(text)

    assert actual is None


@pytest.mark.parametrize(
    "text",
    [
        "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}",
        "\N{ARABIC-INDIC DIGIT FIVE}",
        "5.\N{DEVANAGARI DIGIT FIVE}",
        "\N{SUPERSCRIPT TWO}",
        "1.46\N{NO-BREAK SPACE}million",
    ],
)
def test_digits_of_other_scripts_are_no_figure(text: str) -> None:
    actual = parse_figure(text)

    assert actual is None
