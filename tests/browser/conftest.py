"""Open the pages in a real browser: Debian's chromium, and axe-core to judge how accessible they are."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import figures
from playwright.sync_api import sync_playwright

from iapt_audit.definitions import load_default
from iapt_audit.pipeline import audit, audit_facts
from iapt_audit.report import report_page
from iapt_audit.report.site import write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from iapt_audit.results import AuditResult

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",  # a container has little of it
)  # fmt: skip
INVENTED = HERE.parents[1] / "examples" / "invented_month.csv"


def _absent(what: str) -> None:
    """Skip, or fail where the browser is required."""
    if os.environ.get("IAPT_AUDIT_BROWSER") == "required":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        _absent("no chromium is installed, so no page is opened")
    return str(found)


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.is_file():
        _absent("axe-core is not installed in tests/browser (npm ci), so no page is judged by it")
    return AXE.read_text(encoding="utf-8")


# for each module, since as long as it runs no other event loop may run in this process
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@dataclass(frozen=True, slots=True, repr=False)  # frames make a failed test long to tell
class Pages:
    """Pages of cited facts and of figures written for the tests, each made when it is first asked for."""

    folder: Path
    audits: dict[str, AuditResult] = field(default_factory=dict)

    def audit(self, name: str) -> AuditResult:
        """Return the audit of some figures: `facts`, `month` or a function of `figures`."""
        if name not in self.audits:
            self.audits[name] = self._audit(name)
        return self.audits[name]

    def _audit(self, name: str) -> AuditResult:
        definitions = load_default()
        if name == "facts":
            return audit_facts(definitions)
        if name == "month":
            return audit([INVENTED], definitions)
        write: Callable[[Path], list[Path]] = getattr(figures, name)
        folder = self.folder / name
        folder.mkdir()
        return audit(write(folder), definitions)

    def page(self, name: str, org: str | None = None) -> str:
        """Return the address of the page on some figures, or on one organisation in them."""
        path = self.folder / (f"{name}-{org}.html" if org else f"{name}.html")
        if not path.exists():
            path.write_text(report_page(self.audit(name), org=org), encoding="utf-8")
        return path.as_uri()

    def site(self, name: str) -> Path:
        """Return the folder of the site on some figures."""
        folder = self.folder / f"site of {name}"
        if not folder.exists():
            write_site(self.audit(name), folder, "iapt-audit report --site site")
        return folder


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(tmp_path_factory.mktemp("pages"))
