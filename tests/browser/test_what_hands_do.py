"""A pointer shows the values of a mark; by mouse and by keyboard, tables are sorted and searched, charts switched."""

from __future__ import annotations

from contextlib import ExitStack
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import pytest
from browser.visits import PHONE, audit_json, visit

from iapt_audit.outputs.wording import STANDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from browser.conftest import Pages
    from browser.visits import Visit
    from playwright.sync_api import Browser


#: Pages, charts on them, and what their marks are.
POINTED = [
    ("facts", "recovery-by-year", "symbol"),
    ("facts", "recovery-of-whom", "rect"),
    ("facts", "recovery-of-whom-by-year", "symbol"),
    ("facts", "claims-by-verdict", "rect"),
    ("services", "recovery-standings-by-month", "rect"),
    ("services", "recovery-funnel", "symbol"),
    ("services", "first-treatment-6-weeks-of-everyone-by-month", "symbol"),
    ("services", "gap-deprivation", "symbol"),
]


@pytest.fixture(scope="module")
def opened(browser: Browser, pages: Pages) -> Iterator[Callable[[str], Visit]]:
    """Open a page once for all that only look at it."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(visit(browser, pages.page(name))))


@pytest.mark.parametrize(("name", "chart", "kind"), POINTED)
def test_a_pointer_shows_the_figures_that_the_table_holds(
    opened: Callable[[str], Visit], name: str, chart: str, kind: str
) -> None:
    seen = opened(name)
    marks = seen.figure(chart).locator(f".mark-{kind}.role-mark > path")
    number = marks.count()
    shown = [seen.tooltip(marks.nth(at)) for at in sorted({0, number // 2, number - 1})]
    rows = seen.rows(f"{chart}-figures")

    for told in shown:
        fitting = [row for row in rows if all(row[head] == told[head] for head in row.keys() & told.keys())]
        assert len(told.keys() & rows[0].keys()) >= 2
        assert len(fitting) == 1, told


# by value, with words behind a number, short below over, and holes at the end whichever way; texts as in a dictionary
SORTED = [
    (["12", "-", "1,608", "*", "0"], ["0", "12", "1,608"], ["-", "*"]),
    (
        ["9.5 to 9.6%", "-", "100.0% (2025-06)", "~12.25%", "-3.5"],
        ["-3.5", "9.5 to 9.6%", "~12.25%", "100.0% (2025-06)"],
        ["-"],
    ),
    (
        ["9 to 12 short", "3 over to 2 short", "1,100 over", "70 short"],
        ["70 short", "9 to 12 short", "3 over to 2 short", "1,100 over"],
        [],
    ),
    (["not exact", "11 / 20", "2,384 / 4,857"], ["11 / 20", "2,384 / 4,857"], ["not exact"]),
    (
        ["not met", "Avon", "-", "\u00c9tude", "00X", "00QA", "11J"],
        ["00QA", "00X", "11J", "Avon", "\u00c9tude", "not met"],
        ["-"],
    ),
    (["2025-06", "2024-12", "2025-01"], ["2024-12", "2025-01", "2025-06"], []),
    (["2024-25", "2019-20"], ["2019-20", "2024-25"], []),
]


@pytest.fixture(scope="module")
def month(browser: Browser, pages: Pages) -> Iterator[Visit]:
    with visit(browser, pages.page("month")) as seen:
        yield seen


@pytest.mark.parametrize(("given", "known", "holes"), SORTED)
def test_a_column_is_sorted_by_what_it_means(
    month: Visit, given: list[str], known: list[str], holes: list[str]
) -> None:
    # the cells of a table of the page are written anew, and its own head is pressed
    month.page.locator("table#cells tbody").evaluate(
        """(body, given) => body.replaceChildren(...given.map((text) => {
          const row = document.createElement('tr');
          row.insertCell().textContent = text;
          row.insertCell().textContent = 'beside ' + text;
          return row;
        }))""",
        given,
    )
    head = month.page.locator("table#cells th").first
    head.evaluate("(head) => head.removeAttribute('aria-sort')")
    found = []
    for _ in range(2):
        head.locator("button").click()
        found.append((head.get_attribute("aria-sort"), month.rows("cells")))

    expected = [("ascending", [*known, *holes]), ("descending", [*known[::-1], *holes])]
    assert [(way, [row["cells"] for row in rows]) for way, rows in found] == expected
    assert all(row["number"] == f"beside {row['cells']}" for _, rows in found for row in rows)


@pytest.mark.parametrize("key", [None, "Enter", "Space"], ids=["mouse", "Enter", "Space"])
def test_organisations_are_sorted_by_mouse_and_by_keyboard(browser: Browser, pages: Pages, key: str | None) -> None:
    with visit(browser, (pages.site("services") / "index.html").as_uri()) as seen:
        before = seen.rows("pages")
        head = "table#pages th:nth-child(6) button"
        if key is None:
            seen.page.locator(head).click()
        else:
            seen.tab_to(head)
            seen.page.keyboard.press(key)
        after = seen.rows("pages")
        way = seen.page.locator("table#pages th:nth-child(6)").get_attribute("aria-sort")
        others = seen.page.locator("table#pages [aria-sort]").count()

    least = [float(row["latest recovery"].split("%")[0].split(" to ")[0]) for row in after]
    assert least == sorted(least)
    assert (way, others) == ("ascending", 1)
    assert before != after
    assert sorted(map(str, before)) == sorted(map(str, after))


def test_the_index_of_a_site_is_searched_with_the_keyboard_alone_and_leads_to_a_page(
    browser: Browser, pages: Pages
) -> None:
    with visit(browser, (pages.site("services") / "index.html").as_uri(), PHONE) as seen:
        whole = len(seen.rows("pages"))
        seen.tab_to("#pages-search")
        seen.page.keyboard.type("service 2")
        by_name = [row["code"] for row in seen.rows("pages")]
        said = seen.page.locator("[role=status]").inner_text()
        for _ in "service 2":
            seen.page.keyboard.press("Backspace")
        seen.page.keyboard.type("q01")
        by_code = [row["organisation"] for row in seen.rows("pages")]
        seen.tab_to("table#pages tbody tr:not([hidden]) a")
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**/organisations/**")
        title = seen.page.locator("h1").inner_text()
        seen.draw_all()
        seen.page.locator(".crumb a").click()
        seen.page.wait_for_url("**/index.html")
        again = len(seen.rows("pages"))

    assert by_name == ["X20", "X21", "X22", "X23", "X24"]
    assert said == f"5 of {whole} rows"
    assert by_code == ["INVENTED BOARD 1"]
    assert "INVENTED BOARD 1" in title
    assert whole == again == 26


def test_a_search_that_finds_nothing_says_so_and_is_undone(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.page("many_findings")) as seen:
        whole = len(seen.rows("findings"))
        box = seen.page.locator("#findings-search")
        box.fill("no such words")
        nothing, said = seen.rows("findings"), box.locator("xpath=..").locator(".found").inner_text()
        box.fill("invented 533 ")
        one = [row["organisation"] for row in seen.rows("findings")]
        box.fill("")
        again = len(seen.rows("findings"))

    assert (nothing, said) == ([], "0 of 500 rows")
    assert one == ["INVENTED 533 (F0533)"]
    assert whole == again == 500


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_the_switch_of_organisations_changes_the_words_the_marks_and_the_table(
    browser: Browser, pages: Pages, by: str
) -> None:
    chart = "recovery-of-one-by-month"
    name = "INVENTED SERVICE 12 (X12), provider"
    own = [
        row
        for row in audit_json(pages.audit("services"))["headline"]
        if (row["org_code"], row["measure"]) == ("X12", "recovery") and row["period"] != "2024-25"
    ]
    with visit(browser, pages.page("services"), PHONE) as seen:
        before = words(seen, chart), seen.rows(f"{chart}-figures")
        choice = seen.page.locator(f"#{chart}-switch")
        if by == "mouse":
            choice.select_option(label=name)
        else:
            seen.tab_to(f"#{chart}-switch")
            # a list is searched by what one types
            seen.page.keyboard.type("INVENTED SERVICE 12")
        chosen = choice.evaluate("(each) => each.selectedOptions[0].textContent")
        seen.page.wait_for_function(
            """([id, figures]) => [...document.querySelectorAll(`#${id} .mark-symbol.role-mark > path`)]
            .filter((each) => each.__data__.datum.low === figures).length""",
            arg=[chart, float(own[0]["low"])],
        )
        after = words(seen, chart), seen.rows(f"{chart}-figures")
        marks = seen.marks(chart)

    assert chosen == name
    assert [each for each in after[0] if "(X12)" not in each] == []
    assert [each for each in before[0] if "(X12)" in each] == []
    assert len(own) == 3
    drawn = {each["period"]: (Decimal(str(each["low"])), Decimal(str(each["high"]))) for each in marks if each["low"]}
    assert drawn == {row["period"]: (Decimal(row["low"]), Decimal(row["high"])) for row in own}
    shown = {row["period"]: (row["printed %"], row["standing"]) for row in after[1] if row["standing"] != "-"}
    assert shown == {row["period"]: (row["printed"] or "-", STANDINGS[row["standing"]]) for row in own}
    assert before[1] != after[1]


def words(seen: Visit, chart: str) -> list[str]:
    """Return what a picture says of itself: its title, its text for a screen reader, what its table is called."""
    found = seen.figure(chart)
    plot, scroll = found.locator(".plot"), found.locator(".scroll")
    title, caption = found.locator(".title").inner_text(), found.locator("caption").text_content()
    return [title, plot.get_attribute("aria-label") or "", caption or "", scroll.get_attribute("aria-label") or ""]


def test_a_switched_table_forgets_its_order_and_can_be_sorted_again(browser: Browser, pages: Pages) -> None:
    chart = "first-treatment-6-weeks-funnel"
    head = f"table#{chart}-figures th:nth-child(2)"
    with visit(browser, pages.page("services")) as seen:
        seen.open_all()
        seen.page.locator(f"{head} button").click()
        sorted_once = seen.page.locator(head).get_attribute("aria-sort")
        seen.page.locator(f"#{chart}-switch").select_option(index=1)
        forgotten = seen.page.locator(head).get_attribute("aria-sort")
        seen.page.locator(f"{head} button").click()
        seen.page.locator(f"{head} button").click()
        sizes = [int(row["size"].split(" ")[0].replace(",", "")) for row in seen.rows(f"{chart}-figures")]

    assert (sorted_once, forgotten) == ("ascending", None)
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) >= 2


def test_the_figures_of_a_chart_unfold_with_the_keyboard_and_scroll_with_it(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.page("facts"), PHONE) as seen:
        folded = seen.page.locator("figure#recovery-of-whom-by-year details")
        hidden = folded.locator("td").first.is_visible()
        seen.tab_to("figure#recovery-of-whom-by-year summary")
        seen.page.keyboard.press("Enter")
        shown = folded.locator("td").first.is_visible()
        seen.tab_to("figure#recovery-of-whom-by-year .scroll")
        seen.page.keyboard.press("End")
        seen.page.wait_for_function("document.querySelector('figure#recovery-of-whom-by-year .scroll').scrollTop > 100")

    assert (hidden, shown) == (False, True)
