"""Open the figures that a claim is judged on, and give the exit code of what was judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from iapt_audit.cli.console import echo, tell_failed
from iapt_audit.cli.exit_codes import EXIT_FINDINGS, EXIT_UNREAD
from iapt_audit.cli.options import FailOn

if TYPE_CHECKING:
    from iapt_audit.claims.known_figures import KnownFigures
    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.definitions import Definitions
    from iapt_audit.results import AuditResult


def open_book(data: list[Path] | None, definitions: Definitions) -> tuple[AuditResult | None, KnownFigures]:
    """Open the cited facts, and the files given."""
    from iapt_audit.claims.known_figures import KnownFigures

    if not data:
        return None, KnownFigures.of(definitions)
    from iapt_audit.cli.progress import reporter
    from iapt_audit.pipeline import audit

    with reporter() as progress:
        found = audit(data, definitions, progress=progress)
    # before any verdict: who sees only its first line must not take it for one on these files
    tell_failed(found.failed)
    if not found.has_figures:
        raise typer.Exit(EXIT_UNREAD)
    return found, KnownFigures.of(definitions, found)


def tell_left_out(found: AuditResult | None) -> None:
    """Say above a verdict on which of the files given it does not rest, for whoever sees no messages."""
    if found is not None and found.failed:
        names = ", ".join(each.name for each in found.failed)
        echo(f"Judged without {len(found.failed):,} of {len(found.inputs):,} inputs given: {names}")


def finish_claims(found: AuditResult | None, judged: Sequence[JudgedClaim], fail_on: FailOn) -> None:
    """Return the exit code: 3 if a file given was not read or judged; a contradicted claim counts as an error."""
    if found is not None and not found.is_whole:
        raise typer.Exit(EXIT_UNREAD)
    from iapt_audit.model.columns import Verdict

    if fail_on is not FailOn.NEVER and any(each.verdict is Verdict.CONTRADICTED for each in judged):
        raise typer.Exit(EXIT_FINDINGS)
