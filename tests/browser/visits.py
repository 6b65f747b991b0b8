"""Visit a page offline, and hold whatever it asks for, complains of or pops up against it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from iapt_audit.outputs.documents.audit import document
from iapt_audit.outputs.documents.json_text import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page

    from iapt_audit.results import AuditResult

PHONE, DESKTOP = 320, 1280
#: What Vega shows at a pointer.
TOOLTIP = "#vg-tooltip-element.visible"


@dataclass(slots=True)
class Visit:
    """A page that is open, and what it did."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def draw_all(self) -> None:
        """Draw what would be drawn once it is scrolled to, and wait until it is."""
        self.page.evaluate("window.iaptDrawAll()")
        self.page.wait_for_function(
            "[...document.querySelectorAll('figure.picture')].every((each) => each.dataset.drawn)"
        )

    def open_all(self) -> None:
        """Open every table that is folded away."""
        self.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")

    def figure(self, name: str) -> Locator:
        """Return a picture that is drawn."""
        found = self.page.locator(f"figure#{name}")
        found.scroll_into_view_if_needed()
        self.page.wait_for_function("(id) => document.getElementById(id).dataset.drawn", arg=name)
        return found

    def marks(self, name: str, kind: str = "symbol") -> list[dict[str, Any]]:
        """Return what stands behind each mark of a kind in a picture, as Vega holds it."""
        found: list[dict[str, Any]] = self.figure(name).evaluate(
            """(figure, kind) => [...figure.querySelectorAll(`.mark-${kind}.role-mark > path`)]
            .map((each) => each.__data__.datum)""",
            kind,
        )
        return found

    def tooltip(self, mark: Locator) -> dict[str, str]:
        """Point at a mark, and give what is then shown, by its heads."""
        self.page.mouse.move(1, 1)
        # that of the mark before goes a moment later, and would be read in place of this one's
        self.page.locator(TOOLTIP).wait_for(state="hidden")
        mark.scroll_into_view_if_needed()
        mark.hover(force=True)
        shown = self.page.locator(TOOLTIP)
        shown.wait_for()
        rows = shown.locator("tr").all()
        return {
            row.locator("td").nth(0).inner_text().rstrip(":"): row.locator("td").nth(1).inner_text() for row in rows
        }

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return the rows of a table that are shown, by its heads, in their order."""
        found: list[dict[str, str]] = self.page.locator(f"table#{table}").evaluate(
            """(table) => {
              const heads = [...table.tHead.rows[0].cells].map((each) => each.textContent.trim());
              return [...table.tBodies[0].rows].filter((row) => !row.hidden).map((row) =>
                Object.fromEntries(heads.map((head, place) => [head, row.cells[place].textContent.trim()])));
            }"""
        )
        return found

    def tab_to(self, selector: str, most: int = 400) -> Locator:
        """Press Tab until what is wanted has the focus, as a hand without a mouse does."""
        wanted = self.page.locator(selector).first
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("(each) => each === document.activeElement"):
                return wanted
        raise AssertionError(f"{selector} cannot be reached with {most} presses of Tab")


def audit_json(found: AuditResult) -> dict[str, Any]:
    """Return what audit.json says of an audit."""
    content: dict[str, Any] = json.loads(to_json(document(found)))
    return content


@contextmanager
def visit(browser: Browser, address: str, width: int = DESKTOP, *, javascript: bool = True) -> Iterator[Visit]:
    """Open a page without a network; at the end it must have complained of nothing and asked for its own files only."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=javascript,
        locale="en-GB",
        reduced_motion="reduce",
    )
    context.set_offline(offline=True)
    page = context.new_page()
    page.set_default_timeout(10_000)
    seen = Visit(page)

    def told(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            seen.complaints.append(f"{message.type}: {message.text}")

    def asked(dialog: Dialog) -> None:
        seen.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    context.on("request", lambda request: seen.asked.append(request.url))
    page.on("console", told)
    page.on("pageerror", lambda error: seen.complaints.append(f"thrown: {error}"))
    page.on("dialog", asked)
    try:
        page.goto(address)
        yield seen
        # what was only begun may still complain
        page.wait_for_timeout(50)
    finally:
        context.close()
    # a page of an organisation finds the site's script one folder above
    folder = address.rpartition("/")[0].removesuffix("/organisations")
    foreign = [url for url in seen.asked if not url.startswith(f"{folder}/")]
    assert not foreign, foreign
    assert not seen.complaints, seen.complaints
