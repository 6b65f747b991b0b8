"""Names that mean harm are words on a page: nothing of them runs, opens, closes or is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from browser.figures import HOSTILE
from browser.visits import visit

from iapt_audit.model.text import printable

if TYPE_CHECKING:
    from browser.conftest import Pages
    from playwright.sync_api import Browser


#: What none of our pages has, and a name that got out of its place would.
FOREIGN = """() => [
  ...document.querySelectorAll('img, iframe, object, embed, base, form:not(.vega-bindings), b'),
  ...document.querySelectorAll('[onerror], [onmouseover], a[href^="javascript:"]'),
].map((each) => each.outerHTML.slice(0, 200))"""
CHART = "recovery-of-one-by-month"


def told(name: str) -> str:
    """Say a name as a page does: signs that turn the direction of text or break lines are made visible."""
    return " ".join(printable(name).split())


def test_a_page_of_hostile_names_says_them_and_runs_none(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.page("hostile")) as seen:
        seen.draw_all()
        seen.open_all()
        heads = seen.page.locator("h1").count()
        listed = {" ".join(row["organisation"].split()) for row in seen.rows("recovery-funnel-figures")}
        foreign = seen.page.evaluate(FOREIGN)
        specs = seen.page.evaluate("Object.keys(window.iaptSpecs).length")
        polluted = seen.page.evaluate("[Object.keys(Object.prototype), ({}).texts === undefined]")

    assert heads == 1
    assert foreign == []
    assert specs > 5
    assert polluted == [[], True]
    missing = [name for name in HOSTILE if not any(each.startswith(told(name)) for each in listed)]
    assert missing == []


def test_pointing_at_hostile_names_shows_them_as_words(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.page("hostile")) as seen:
        marks = seen.figure("recovery-funnel").locator(".mark-symbol.role-mark > path")
        shown = [seen.tooltip(marks.nth(at))["organisation"] for at in range(marks.count())]
        tip = seen.page.locator("#vg-tooltip-element")
        inside = tip.evaluate(
            "(each) => [...new Set([...each.querySelectorAll('*')].map((one) => one.tagName))].sort()"
        )

    # marks lie on each other, so that a pointer may find one twice
    assert len(set(shown)) > len(HOSTILE) // 2
    assert inside == ["TABLE", "TBODY", "TD", "TR"]
    assert any("<script>" in each or "<img" in each for each in shown)


def test_switching_to_each_hostile_name_draws_its_figures_under_its_name(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.page("hostile")) as seen:
        choice = seen.page.locator(f"#{CHART}-switch")
        titles = []
        for place in range(len(HOSTILE)):
            choice.select_option(index=place)
            seen.page.wait_for_timeout(50)
            titles.append(seen.figure(CHART).locator(".title").inner_text())
        seen.page.wait_for_function(f"document.querySelector('#{CHART} .plot svg')")
        marks = seen.marks(CHART)
        foreign = seen.page.evaluate(FOREIGN)

    assert foreign == []
    assert len(set(titles)) == len(HOSTILE)
    missing = [name for name in HOSTILE if not any(each.startswith(told(name)) for each in titles)]
    assert missing == []
    assert len(marks) == 2


def test_a_site_of_hostile_names_and_codes_leads_to_each_page(browser: Browser, pages: Pages) -> None:
    folder = pages.site("hostile")
    titles = []
    with visit(browser, (folder / "index.html").as_uri()) as seen:
        links = seen.page.locator("table#pages a").evaluate_all("(links) => links.map((each) => each.href)")
        foreign = seen.page.evaluate(FOREIGN)
        for link in links:
            seen.page.goto(link)
            titles.append(seen.page.locator("h1").inner_text())
            foreign += seen.page.evaluate(FOREIGN)

    assert foreign == []
    assert len(links) == len(set(links)) == len(HOSTILE)
    inside = (folder / "organisations").as_uri() + "/"
    # a code of a file is no path
    assert [link for link in links if not re.fullmatch(r"[a-z0-9-]+\.html", link.removeprefix(inside))] == []
    missing = [name for name in HOSTILE if not any(told(name) in each for each in titles)]
    assert missing == []


def test_a_page_with_more_findings_than_it_lists_cuts_and_counts_them(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.page("many_findings")) as seen:
        rows = len(seen.rows("findings"))
        wrong = seen.page.locator("section#what-is-wrong").inner_text()

    assert rows == 500
    assert "more are in audit.json" in wrong


def test_pages_without_claims_or_of_suppressed_figures_alone_say_so(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.page("month")) as seen:
        claims = seen.page.locator("section#claims").inner_text()
    with visit(browser, pages.page("nothing_but_stars")) as seen:
        answer = seen.page.locator(".answer").inner_text()
    with visit(browser, pages.page("suppressed", "S01")) as seen:
        rows = seen.rows("recovery-by-month-figures")

    assert "The register has no claim that these figures can test." in claims
    assert answer.startswith("No figure in the input could be judged, which is not a clean bill.")
    assert "all its 18 figures are suppressed" in answer
    assert [(row["printed %"], row["from the counts"], row["standing"]) for row in rows] == [
        ("-", "0.0 to 100.0%", "cannot be determined")
    ]
