"""Say with which code a command ends; an error of `errors/` brings its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.cli.options import FailOn

if TYPE_CHECKING:
    from iapt_audit.model.findings import Severity
    from iapt_audit.results import AuditResult

EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_UNREAD = 3
EXIT_OWN_FAULT = 70
EXIT_INTERRUPTED = 130


def grave(fail_on: FailOn) -> frozenset[Severity]:
    """Return the severities that make the exit code 1."""
    from iapt_audit.model.findings import Severity

    order = [Severity.ERROR, Severity.WARNING, Severity.NOTE]
    return frozenset() if fail_on is FailOn.NEVER else frozenset(order[: order.index(Severity(fail_on.value)) + 1])


def exit_code(found: AuditResult, fail_on: FailOn) -> int:
    """Give 3 if there is an input of which nothing was read or judged, or none at all, else 1 for a grave finding."""
    if not found.is_whole:
        return EXIT_UNREAD
    failing = grave(fail_on)
    counting = (finding for finding in found.findings if finding.waived is None)
    return EXIT_FINDINGS if any(finding.severity in failing for finding in counting) else 0
