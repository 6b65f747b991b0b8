"""The limits of a funnel plot, on rates whose spread is known."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import polars as pl
import pytest

from iapt_audit.model.columns import Level
from iapt_audit.report.funnel_limits import Funnel, beyond, funnel, limits, overdispersion


def tail(size: int, count: int, centre: Fraction) -> Fraction:
    return sum((comb(size, k) * centre**k * (1 - centre) ** (size - k) for k in range(count + 1)), start=Fraction(0))


@pytest.mark.parametrize("size", [5, 12, 60, 201])
@pytest.mark.parametrize("centre", [Fraction(1, 2), Fraction(9, 10), Fraction(1, 5)])
def test_a_limit_lies_between_the_counts_where_the_probability_is_passed(size: int, centre: Fraction) -> None:
    low, high = limits(np.array([float(size)]), float(centre), 0.95)
    for ratio, probability in ((low[0], Fraction(25, 1000)), (high[0], Fraction(975, 1000))):
        count = next(k for k in range(size + 1) if tail(size, k, centre) >= probability)
        assert max(count - 1, 0) / size - 1e-9 <= ratio <= count / size + 1e-9


def test_chance_alone_leaves_about_as_many_inside_as_it_should() -> None:
    draw = np.random.default_rng(1)
    sizes = draw.integers(40, 3000, 4000).astype(float)
    rates = draw.binomial(sizes.astype(int), 0.5) / sizes

    for between in (0.95, 0.998):
        low, high = limits(sizes, 0.5, between)
        inside = float(((rates >= low) & (rates <= high)).mean())
        assert abs(inside - between) < 0.012


def test_overdispersion_is_found_and_its_limits_hold_what_they_should() -> None:
    draw = np.random.default_rng(2)
    sizes = draw.integers(300, 400, 3000).astype(float)
    # each has a true rate of its own: the variance is 1 + (n - 1) * rho times that of chance
    rho = 0.02
    a = 0.5 * (1 / rho - 1)
    counts = draw.binomial(sizes.astype(int), draw.beta(a, a, 3000)).astype(float)
    expected = 1 + 349 * rho

    found = overdispersion(counts, sizes, 0.5)
    low, high = limits(sizes, 0.5, 0.95, found)
    inside = float(((counts / sizes >= low) & (counts / sizes <= high)).mean())

    # drawing in a tenth at either end makes it smaller than it is, as the source says
    assert 0.6 * expected < found < expected
    assert 0.85 < inside < 0.96
    assert overdispersion(draw.binomial(sizes.astype(int), 0.5).astype(float), sizes, 0.5) == 1.0


def test_a_few_strange_organisations_do_not_widen_the_limits_for_all() -> None:
    draw = np.random.default_rng(3)
    sizes = np.full(200, 500.0)
    counts = draw.binomial(500, 0.5, 200).astype(float)
    counts[:5] = 480

    assert overdispersion(counts, sizes, 0.5) < 1.2


def test_only_what_is_surely_outside_is_counted() -> None:
    rows = [
        {"denominator_low": 998, "denominator_high": 1002, "numerator_low": low, "numerator_high": high}
        for low, high in ((400, 404), (400, 460), (596, 600), (540, 600), (498, 502))
    ]

    assert beyond(Funnel(Level.PROVIDER, rows, 0.5, of_england=True, spread=1.0)) == (1, 1)


def headline(rows: list[tuple[str, str, int, int, int, bool]]) -> pl.DataFrame:
    """Write rows of level, code, numerator, denominator, the distance to their bounds, entangled."""
    return pl.DataFrame(
        [
            {
                "level": level,
                "org_code": code,
                "numerator_low": numerator - off,
                "numerator_high": numerator + off,
                "denominator_low": denominator - off,
                "denominator_high": denominator + off,
                "exact_numerator": None if off else numerator,
                "exact_denominator": None if off else denominator,
                "entangled": entangled,
            }
            for level, code, numerator, denominator, off, entangled in rows
        ],
        schema_overrides={"exact_numerator": pl.Int64, "exact_denominator": pl.Int64},
    )


def test_organisations_come_by_size_around_england_and_the_smallest_not_at_all() -> None:
    england = ("england", "England", 500, 1000, 0, False)
    below = [
        ("provider", "B", 60, 100, 2, False),
        ("provider", "A", 20, 50, 2, False),
        ("provider", "C", 2, 4, 2, True),
    ]
    found = funnel(headline([england, *below]), Level.PROVIDER)

    assert found is not None
    assert [row["org_code"] for row in found.rows] == ["A", "B"]
    assert (found.centre, found.of_england) == (0.5, True)
    assert funnel(headline([england, below[0]]), Level.PROVIDER) is None

    alone = funnel(headline(below), Level.PROVIDER)
    assert alone is not None
    assert alone.centre == pytest.approx(80 / 150)
    assert not alone.of_england
