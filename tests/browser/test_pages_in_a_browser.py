"""Every page opens offline, asks no host for anything, draws its charts, fits its screen and is accessible."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from browser.visits import DESKTOP, PHONE, visit

if TYPE_CHECKING:
    from browser.conftest import Pages
    from playwright.sync_api import Browser


BOTH = (PHONE, DESKTOP)


class Case(NamedTuple):
    """What a page is of: named figures, an organisation in them if the page is on one, or the file of their site."""

    said: str
    name: str
    org: str | None = None
    file: str | None = None
    widths: tuple[int, ...] = BOTH

    def address(self, pages: Pages) -> str:
        return (pages.site(self.name) / self.file).as_uri() if self.file else pages.page(self.name, self.org)


CASES = [
    Case("cited facts, and no file", "facts"),
    Case("everything: a year, months, a hole between them, groups, organisations", "services"),
    Case("an organisation", "services", org="X24"),
    Case("the index of a site", "services", file="index.html"),
    Case("an organisation of a site", "services", file="organisations/provider-x24.html", widths=(PHONE,)),
    Case("one month, and no claim", "month", widths=(PHONE,)),
    Case("hostile names", "hostile"),
    Case("the index of a site of hostile names", "hostile", file="index.html", widths=(PHONE,)),
    Case("organisations of which all is suppressed", "suppressed", widths=(DESKTOP,)),
    Case("an organisation of which all is suppressed", "suppressed", org="S01", widths=(PHONE,)),
    Case("nothing but suppressed figures", "nothing_but_stars", widths=(PHONE,)),
    Case("more findings than a page lists", "many_findings", widths=(PHONE,)),
]
OPENED = [pytest.param(case, width, id=f"{case.said}, {width} px") for case in CASES for width in case.widths]
JUDGED = [pytest.param(case, width, id=f"{case.said}, {width} px") for case in CASES[:4] for width in case.widths]

#: Words of charts that reach beyond the chart, end in an ellipsis, or lie on each other.
UNREADABLE = """() => [...document.querySelectorAll('.plot svg')].flatMap((svg) => {
  const edge = svg.getBoundingClientRect(), name = svg.closest('figure').id, found = [];
  const texts = [...svg.querySelectorAll('text')].filter((text) => text.getBoundingClientRect().width > 0
    && Number(getComputedStyle(text).opacity) > 0);
  for (const text of texts) {
    const box = text.getBoundingClientRect();
    if (box.right > edge.right + 1 || box.left < edge.left - 1
        || box.top < edge.top - 1 || box.bottom > edge.bottom + 1)
      found.push(`${name}: ${text.textContent} reaches beyond`);
    if (text.textContent.endsWith('\u2026')) found.push(`${name}: ${text.textContent} is cut`);
  }
  // what is set askew has a box that is wider than its words
  const level = texts.filter((text) => !/rotate/.test(text.getAttribute('transform') || '')
    && text.closest('.role-axis-label, .role-legend-label'));
  const boxes = level.map((text) => [text, text.getBoundingClientRect()]);
  boxes.forEach(([text, one], place) => boxes.slice(place + 1).forEach(([other, two]) => {
    if (one.left < two.right - 1 && two.left < one.right - 1 && one.top < two.bottom - 2 && two.top < one.bottom - 2)
      found.push(`${name}: ${text.textContent} lies on ${other.textContent}`);
  }));
  return found;
})"""
#: Words of the page itself that a box hides; tables scroll in theirs, and what only a screen reader tells has none.
HIDDEN = """() => [...document.querySelectorAll('body *')].filter((each) => !each.closest('.unseen, .skip, svg, select')
  && /hidden|clip/.test(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize(("case", "width"), OPENED)
def test_a_page_asks_for_its_own_files_only_draws_its_charts_and_fits(
    browser: Browser, pages: Pages, case: Case, width: int
) -> None:
    opened = case.address(pages)
    root = opened.removesuffix(case.file or "")
    own = {opened, root + "report.js", root + "report.css"} if case.file else {opened}
    with visit(browser, opened, width) as seen:
        seen.draw_all()
        seen.open_all()
        counted = seen.page.evaluate(
            """() => [...document.querySelectorAll('figure.picture')].map((figure) => [figure.id,
            figure.querySelectorAll('.plot svg').length, figure.querySelectorAll('.plot .role-mark > *').length])"""
        )
        told = seen.page.evaluate(
            """() => [...document.querySelectorAll('figure.picture .plot')].map((plot) =>
            [plot.getAttribute('role'), plot.getAttribute('aria-label')])"""
        )
        asked = set(seen.asked)
        scrolled = seen.page.evaluate("document.documentElement.scrollWidth")
        unreadable = seen.page.evaluate(UNREADABLE)
        hidden = seen.page.evaluate(HIDDEN)
        answer = seen.page.locator(".answer").inner_text()
        where = seen.page.evaluate("[location.protocol, navigator.onLine]")

    assert where == ["file:", False]
    assert asked == own
    assert [each for each, drawn, marks in counted if drawn != 1 or marks == 0] == []
    # each drawing is one image to a screen reader, and told by its figures
    assert len(told) == len(counted)
    assert [each for each in told if each[0] != "img" or not re.search(r"\d", each[1])] == []
    assert scrolled <= width
    assert unreadable == []
    assert hidden == []
    assert len(answer) > 20


@pytest.mark.parametrize(("case", "width"), JUDGED)
def test_axe_finds_nothing_serious_in_a_page(browser: Browser, pages: Pages, axe: str, case: Case, width: int) -> None:
    with visit(browser, case.address(pages), width) as seen:
        seen.draw_all()
        seen.open_all()
        seen.page.evaluate(axe)
        # every rule, also the strictest and those on trial; style sheets are not fetched again
        found: list[dict[str, Any]] = seen.page.evaluate(
            """() => axe.run(document, {
              rules: Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }])),
              resultTypes: ['violations'],
              preload: false,
            }).then(({ violations }) => violations.map(({ id, impact, nodes }) =>
              ({ id, impact, nodes: nodes.slice(0, 3).map((node) => node.html.slice(0, 200)) })))"""
        )

    assert [each for each in found if each["impact"] in {"serious", "critical"}] == []


def test_a_page_without_javascript_has_the_answer_and_the_figures(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.page("services")) as seen:
        answer = seen.page.locator(".answer").inner_text()
        cells = seen.page.locator("figure td").all_text_contents()
    with visit(browser, pages.page("services"), javascript=False) as bare:
        bare_answer = bare.page.locator(".answer").inner_text()
        folded = bare.page.locator("figure details").first
        folded.locator("summary").click()
        shown = folded.locator("td").first.is_visible()
        bare_cells = bare.page.locator("figure td").all_text_contents()
        notes = bare.page.locator("figure.picture noscript p").all_text_contents()
        figures = bare.page.locator("figure.picture").count()

    assert (bare_answer, bare_cells) == (answer, cells)
    assert shown
    assert notes == ["Charts need JavaScript; the figures stand in the table."] * figures
    assert figures > 20


def test_a_page_prints_whole_tables_and_no_controls(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.page("services")) as seen:
        seen.page.emulate_media(media="print")
        controls = [each for each in seen.page.locator("nav, .search, .switch, .skip").all() if each.is_visible()]
        cut = seen.page.evaluate(
            """[...document.querySelectorAll('.scroll')]
            .filter((each) => getComputedStyle(each).maxHeight !== 'none').length"""
        )
        # a printer does not scroll, so that charts below the screen have to be there before
        seen.page.wait_for_function(
            "[...document.querySelectorAll('figure.picture')].every((each) => each.querySelector('.plot svg'))"
        )
        printed = seen.page.pdf()

    assert controls == []
    assert cut == 0
    assert printed.startswith(b"%PDF")
