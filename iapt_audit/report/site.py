"""Write a site that needs no server: an index with a search, the report, and a page for each organisation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from iapt_audit.errors.base import OutputError
from iapt_audit.model.periods import in_order
from iapt_audit.report.organisation import LEVEL_OF_ONE, called, drawn_rate, subjects
from iapt_audit.report.page import SHARED_SCRIPT, SHARED_STYLE, asset, index_page, page_of_site, script, specs_of
from iapt_audit.report.parts import ALONE, answer_of, answer_of_one, held_first, parts_of, parts_of_one

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iapt_audit.report.elements import Spec
    from iapt_audit.report.organisation import OrganisationFigures
    from iapt_audit.results import AuditResult

TITLE = "NHS Talking Therapies: does the headline follow from the published counts?"
_FOLDER = "organisations"


def write_site(audit: AuditResult, folder: Path, command: str) -> int:
    """
    Write a site on some files to a folder; give how many organisations have a page.

    Pages share one script and one style sheet; what a page of an organisation holds is its own figures.

    Args:
        audit: What was found.
        folder: Where to.
        command: The command that repeats it.

    Raises:
        OutputError: If the folder cannot be written to.
    """
    every = subjects(audit, ALONE)
    hrefs = _hrefs(every)
    specs: list[Spec] = []
    try:
        (folder / _FOLDER).mkdir(parents=True, exist_ok=True)
        for subject, href in zip(every, hrefs, strict=True):
            parts = parts_of_one(subject, audit.findings, command)
            specs += specs_of(parts)
            page = page_of_site(called(subject), answer_of_one(subject), parts, "../")
            (folder / href).write_text(page, encoding="utf-8", newline="\n")
        whole = parts_of(audit, command)
        specs += specs_of(whole)
        (folder / "report.html").write_text(
            page_of_site(TITLE, answer_of(audit), whole, ""), encoding="utf-8", newline="\n"
        )
        pages = list(_entries(every, hrefs))
        (folder / "index.html").write_text(index_page(TITLE, answer_of(audit), pages), encoding="utf-8", newline="\n")
        (folder / SHARED_SCRIPT).write_text(script(specs), encoding="utf-8", newline="\n")
        (folder / SHARED_STYLE).write_text(asset(SHARED_STYLE), encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError.from_os(folder, error) from None
    return len(every)


def _hrefs(every: list[OrganisationFigures]) -> list[str]:
    """Name the page of each organisation by level and code; what no file can be called is left out of a name."""
    taken: set[str] = set()
    found = []
    for subject in every:
        plain = re.sub(r"[^a-z0-9]+", "-", f"{subject.level}-{subject.code}".casefold()).strip("-")[:80]
        name, number = plain, 1
        while name in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name)
        found.append(f"{_FOLDER}/{name}.html")
    return found


def _entries(every: list[OrganisationFigures], hrefs: list[str]) -> Iterator[dict[str, Any]]:
    """Return a row of the index for each organisation: what it is called, and its latest standing."""
    for subject, href in zip(every, hrefs, strict=True):
        first = held_first(subject.definitions)
        rows = subject.rows(first.id)
        latest = drawn_rate(rows[-1], subject.definitions) if rows else None
        yield {
            "href": href,
            "name": subject.name,
            "code": subject.code,
            "level": LEVEL_OF_ONE[subject.level],
            "periods": subject.headline["period"].n_unique(),
            "last": max(subject.headline["period"], key=in_order),
            "latest": f"{latest['rate']} ({latest['period']})" if latest else None,
            "standing": latest["standing"] if latest else None,
        }
