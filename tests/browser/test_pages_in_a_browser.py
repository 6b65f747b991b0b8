"""Every page opens offline, asks no host for anything, draws its charts, fits its screen and is accessible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser.visits import DESKTOP, PHONE, visit

if TYPE_CHECKING:
    from browser.conftest import Pages
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")

EVERY = ("facts", "month", "services", "hostile", "suppressed", "nothing_but_stars", "many_findings")
#: Named figures, an organisation in them if the page is on one, or the file of their site.
CASES = [
    *(pytest.param(name, None, None, id=name) for name in EVERY),
    pytest.param("services", "X24", None, id="an organisation"),
    pytest.param("suppressed", "S01", None, id="an organisation of which all is suppressed"),
    pytest.param("services", None, "index.html", id="index of a site"),
    pytest.param("hostile", None, "index.html", id="index of a site of hostile names"),
    pytest.param("services", None, "organisations/provider-x24.html", id="an organisation of a site"),
]
WIDTHS = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]


def address(pages: Pages, name: str, org: str | None, file: str | None) -> str:
    return (pages.site(name) / file).as_uri() if file else pages.page(name, org)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("name", "org", "file"), CASES)
def test_a_page_asks_for_its_own_files_only_draws_its_charts_and_fits(
    browser: Browser, pages: Pages, name: str, org: str | None, file: str | None, width: int
) -> None:
    opened = address(pages, name, org, file)
    root = opened.removesuffix(file or "")
    own = {opened, root + "report.js", root + "report.css"} if file else {opened}
    with visit(browser, opened, width) as seen:
        seen.draw_all()
        seen.open_all()
        counted = seen.page.evaluate(
            """() => [...document.querySelectorAll('figure.picture')].map((figure) => [figure.id,
            figure.querySelectorAll('.plot svg').length, figure.querySelectorAll('.plot .role-mark > *').length])"""
        )
        asked = set(seen.asked)
        scrolled = seen.page.evaluate("document.documentElement.scrollWidth")
        cut = cut_off(seen.page)
        answer = seen.page.locator(".answer").inner_text()

    assert asked == own
    assert [each for each, drawn, marks in counted if drawn != 1 or marks == 0] == []
    assert scrolled <= width
    assert cut == []
    assert len(answer) > 20


def cut_off(page: Page) -> list[str]:
    """Give the words of charts that reach beyond the chart's own edge."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.plot svg text')].filter((text) => {
          const edge = text.closest('svg').getBoundingClientRect(), box = text.getBoundingClientRect();
          return box.width > 0 && (box.right > edge.right + 1 || box.left < edge.left - 1 || box.top < edge.top - 1
            || box.bottom > edge.bottom + 1);
        }).map((text) => `${text.closest('figure').id}: ${text.textContent}`)"""
    )
    return found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("name", "org", "file"), CASES)
def test_axe_finds_nothing_serious_in_a_page(
    browser: Browser, pages: Pages, axe: str, name: str, org: str | None, file: str | None, width: int
) -> None:
    with visit(browser, address(pages, name, org, file), width) as seen:
        seen.draw_all()
        seen.open_all()
        seen.page.evaluate(axe)
        # every rule, also the strictest and those on trial
        found: list[dict[str, Any]] = seen.page.evaluate(
            """() => axe.run(document, {
              rules: Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }])),
              resultTypes: ['violations'],
            }).then(({ violations }) => violations.map(({ id, impact, nodes }) =>
              ({ id, impact, nodes: nodes.slice(0, 3).map((node) => node.html.slice(0, 200)) })))"""
        )

    assert [each for each in found if each["impact"] in {"serious", "critical"}] == []


@pytest.mark.parametrize("name", ["facts", "services"])
def test_a_page_without_javascript_has_the_answer_and_the_figures(browser: Browser, pages: Pages, name: str) -> None:
    with visit(browser, pages.page(name)) as seen:
        answer = seen.page.locator(".answer").inner_text()
        cells = [each.text_content() for each in seen.page.locator("figure td").all()[:200]]
        figures = seen.page.locator("figure.picture").count()
    with visit(browser, pages.page(name), javascript=False) as bare:
        bare_answer = bare.page.locator(".answer").inner_text()
        folded = bare.page.locator("figure details").first
        folded.locator("summary").click()
        shown = folded.locator("td").first.is_visible()
        bare_cells = [each.text_content() for each in bare.page.locator("figure td").all()[:200]]
        notes = bare.page.get_by_text("Charts need JavaScript").count()

    assert (bare_answer, bare_cells) == (answer, cells)
    assert shown
    assert notes == figures > 5


def test_a_page_prints_whole_tables_and_no_controls(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.page("services")) as seen:
        seen.page.emulate_media(media="print")
        controls = [each for each in seen.page.locator("nav, .search, .switch, .skip").all() if each.is_visible()]
        cut = seen.page.evaluate(
            "[...document.querySelectorAll('.scroll')].filter((each) => getComputedStyle(each).maxHeight !== 'none').length"
        )
        # a printer does not scroll, so that charts below the screen have to be there before
        seen.page.wait_for_function(
            "[...document.querySelectorAll('figure.picture')].every((each) => each.querySelector('.plot svg'))"
        )
        printed = seen.page.pdf()

    assert controls == []
    assert cut == 0
    assert printed.startswith(b"%PDF")
