"""Audit what a command was given, and choose which findings it looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.cli.console import check_period, load_definitions, tell_passed_over, today

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from iapt_audit.results import AuditResult


def gather(
    paths: Sequence[Path],
    *,
    period: str | None,
    only: Sequence[str] | None,
    skip: Sequence[str] | None,
    waivers: Path | None,
    definitions: Path | None,
) -> AuditResult:
    """Audit some files, or the cited facts if there are none; findings are chosen, periods are not yet."""
    from iapt_audit.cli.progress import reporter
    from iapt_audit.definitions.waivers import read_waivers
    from iapt_audit.pipeline import audit, audit_facts
    from iapt_audit.selection.findings import check_names
    from iapt_audit.selection.narrow import choose

    only, skip = only or (), skip or ()
    # before the files are read: a slip of the pen is told at once
    check_period(period)
    loaded = load_definitions(definitions)
    check_names([*only, *skip], loaded)
    waived = read_waivers(waivers) if waivers is not None else ()
    if paths:
        with reporter() as progress:
            whole = audit(paths, loaded, period=period, progress=progress)
        tell_passed_over(paths)
    else:
        whole = audit_facts(loaded)
    return choose(whole, only=only, skip=skip, waivers=waived, today=today())
