"""Print what tools of continuous integration read: JUnit, SARIF, GitHub's annotations with the summary of a step."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from iapt_audit.cli.exit_codes import grave
from iapt_audit.cli.options import ClaimFormat, FailOn, OutputFormat
from iapt_audit.cli.streams import Form, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.results import AuditResult

#: These forms tell what was not read themselves, and are also printed where nothing was.
FOR_TOOLS = (OutputFormat.JUNIT, OutputFormat.SARIF, OutputFormat.GITHUB)
CLAIMS_FOR_TOOLS = (ClaimFormat.JUNIT, ClaimFormat.GITHUB)


def print_for_tools(found: AuditResult, output: OutputFormat, arguments: Sequence[Path], fail_on: FailOn) -> None:
    """Print an audit; of GitHub's annotations also write the summary of the step, where a runner asks for one."""
    from iapt_audit.integrations.checkout import in_checkout, root_of_checkout

    paths = in_checkout(arguments, root_of_checkout(os.environ, Path.cwd()))
    if output is OutputFormat.JUNIT:
        from iapt_audit.integrations.junit import junit

        write(junit(found, grave(fail_on), paths), Form.XML)
    elif output is OutputFormat.SARIF:
        from iapt_audit.integrations.sarif import sarif

        write(sarif(found, paths), Form.JSON)
    else:
        from iapt_audit.integrations.github import annotate
        from iapt_audit.outputs.views.audit_markdown import summary_markdown

        write(annotate(found, paths), Form.LINES)
        _summarise(summary_markdown(found))


def print_claims_for_tools(judged: Sequence[JudgedClaim], output: ClaimFormat, file: Path | None, summary: str) -> None:
    """Print judged claims, and write their table as the summary of the step."""
    if output is ClaimFormat.JUNIT:
        from iapt_audit.integrations.junit import claims_junit

        write(claims_junit(judged), Form.XML)
        return
    from iapt_audit.integrations.checkout import in_checkout, root_of_checkout
    from iapt_audit.integrations.github import annotate_claims

    paths = in_checkout([file] if file is not None else [], root_of_checkout(os.environ, Path.cwd()))
    write(annotate_claims(judged, next(iter(paths.values()), None)), Form.LINES)
    _summarise(summary)


def _summarise(markdown: str) -> None:
    """
    Add to the summary of the step.

    Raises:
        OutputError: If the file that the runner names cannot be written to.
    """
    named = os.environ.get("GITHUB_STEP_SUMMARY")
    if not named:
        return
    from iapt_audit.errors.base import OutputError
    from iapt_audit.integrations.github import within_limit

    try:
        with Path(named).open("a", encoding="utf-8", newline="\n") as file:
            file.write(within_limit(markdown))
    except OSError as error:
        raise OutputError.from_os(named, error) from None
