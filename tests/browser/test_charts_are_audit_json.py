"""What a browser draws, and tells in tables and at a pointer, is what audit.json says of the same audit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from browser.visits import audit_json, visit

from iapt_audit.outputs.wording import STANDINGS

if TYPE_CHECKING:
    from browser.conftest import Pages
    from playwright.sync_api import Browser


def exact(value: float) -> Decimal:
    return Decimal(str(value))


def printed_range(row: dict[str, Any]) -> tuple[Decimal, Decimal]:
    return Decimal(row["low"]), Decimal(row["high"])


def test_recovery_of_england_by_year_is_drawn_tabled_and_pointed_out_as_in_audit_json(
    browser: Browser, pages: Pages
) -> None:
    chart = "recovery-by-year"
    expected = {
        row["period"]: row for row in audit_json(pages.audit("facts"))["headline"] if row["measure"] == "recovery"
    }
    with visit(browser, pages.page("facts")) as seen:
        marks = seen.marks(chart)
        rows = {row["period"]: row for row in seen.rows(f"{chart}-figures")}
        each = seen.figure(chart).locator(".mark-symbol.role-mark > path")
        pointed = [seen.tooltip(each.nth(at)) for at in range(each.count())]

    assert len(expected) == 13
    drawn = {mark["period"]: (exact(mark["low"]), exact(mark["high"]), mark["standing"]) for mark in marks}
    assert drawn == {period: (*printed_range(row), STANDINGS[row["standing"]]) for period, row in expected.items()}
    assert {period: (row["printed %"], row["standing"]) for period, row in rows.items()} == {
        period: (row["printed"] or "-", STANDINGS[row["standing"]]) for period, row in expected.items()
    }
    assert [told["period"] for told in pointed] == list(expected)
    for told in pointed:
        row = expected[told["period"]]
        low, high = printed_range(row)
        assert told["standing"] == STANDINGS[row["standing"]]
        # the words round, and to the same side for both
        first, *_, last = told["from the counts"].removesuffix("%").split(" to ")[0:2] * 2
        assert abs(Decimal(first) - low) <= Decimal("0.1")
        assert abs(Decimal(last) - high) <= Decimal("0.1")


def test_marks_stand_at_their_values_on_the_axis(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.page("facts")) as seen:
        places = seen.figure("recovery-by-year").evaluate(
            """(figure) => [...figure.querySelectorAll('.mark-symbol.role-mark > path')]
            .map((each) => [each.__data__.datum.middle, each.getBoundingClientRect().top])"""
        )
    by_value = sorted(places)
    tops = [top for _, top in by_value]
    (least, lowest), (most, highest) = by_value[0], by_value[-1]

    # the greater, the higher up, and as far apart as the values are
    assert tops == sorted(tops, reverse=True)
    for value, top in by_value:
        assert top == pytest.approx(lowest + (highest - lowest) * (value - least) / (most - least), abs=1.5)


def test_the_organisations_of_a_funnel_are_those_of_audit_json(browser: Browser, pages: Pages) -> None:
    chart = "first-treatment-6-weeks-funnel"
    expected = {
        f"{row['org_name']} ({row['org_code']})": row
        for row in audit_json(pages.audit("services"))["headline"]
        if (row["measure"], row["level"], row["period"]) == ("first_treatment_6_weeks", "provider", "2025-09")
    }
    with visit(browser, pages.page("services")) as seen:
        marks = seen.marks(chart)
        rows = {row["organisation"]: row for row in seen.rows(f"{chart}-figures")}

    drawn = {mark["organisation"]: (exact(mark["low"]), exact(mark["high"]), mark["standing"]) for mark in marks}
    assert len(drawn) > 15
    assert rows.keys() == drawn.keys()
    assert drawn == {name: (*printed_range(expected[name]), STANDINGS[expected[name]["standing"]]) for name in drawn}
    assert {name: row["standing"] for name, row in rows.items()} == {name: each[2] for name, each in drawn.items()}


def test_a_chart_that_counts_organisations_has_whole_numbers_on_its_axis(browser: Browser, pages: Pages) -> None:
    # two organisations alone, so that an axis would have room for halves
    with visit(browser, pages.page("suppressed")) as seen:
        ticks = seen.figure("recovery-standings-by-month").locator(".role-axis-label text").all_text_contents()

    assert [tick for tick in ticks if tick.strip()] == ["2025-06", "0", "1", "2"]
