"""Write what an audit found as pages that people look at: one file, or a site with a page for each organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.errors.base import NotFoundError, OutputError
from iapt_audit.model.columns import Level
from iapt_audit.report.organisation import called, subjects
from iapt_audit.report.page import whole_page
from iapt_audit.report.parts import answer_of, answer_of_one, parts_of, parts_of_one
from iapt_audit.report.site import TITLE
from iapt_audit.selection.narrow import check_organisation

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.report.elements import Section
    from iapt_audit.results import AuditResult

#: What a page shows as its command where none was typed.
COMMAND = "iapt-audit report PATH... -o report.html"


def report_page(audit: AuditResult, command: str = COMMAND, org: str | None = None) -> str:
    """
    Write an audit as one page that opens offline.

    Args:
        audit: What was found.
        command: The command that repeats it, which the page shows.
        org: The code of an organisation that the page is about, instead of all of them.
    """
    title, answer, parts = pieces(audit, command, org)
    return whole_page(title, answer, parts)


def pieces(audit: AuditResult, command: str, org: str | None = None) -> tuple[str, str, list[Section]]:
    """
    Return title, answer and parts of a page on everything, or on one organisation.

    Raises:
        NotFoundError: If the audit holds no such organisation, or no headline rate of it.
    """
    if org is None:
        return TITLE, answer_of(audit), parts_of(audit, command)
    code = check_organisation(audit, org)
    own = next((each for each in subjects(audit, Level) if each.code == code), None)
    if own is None:
        raise NotFoundError.headline(code)
    if own.level is Level.ENGLAND:
        return TITLE, answer_of(audit), parts_of(audit, command)
    return called(own), answer_of_one(own), parts_of_one(own, audit.findings, command)


def write_report(audit: AuditResult, path: Path, command: str = COMMAND, org: str | None = None) -> None:
    """
    Write the page of `report_page` to a file.

    Raises:
        OutputError: If it cannot be written.
    """
    page = report_page(audit, command, org)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError.from_os(path, error) from None
