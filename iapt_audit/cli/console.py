"""Print, say what was not read, and give the exit code."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from iapt_audit.definitions import Definitions
    from iapt_audit.model.inputs import Input
    from iapt_audit.results import AuditResult


#: So many files that were passed over are named, more are counted.
_MOST_PASSED_OVER = 5


def today() -> date:
    """Return the day by which waivers end."""
    return datetime.now(tz=UTC).date()


def check_period(period: str | None) -> None:
    """Refuse what is no period before any file is read."""
    from iapt_audit.model.periods import is_period

    if period is not None and not is_period(period):
        message = f"expected a period such as 2024-25 or 2026-02, got `{period}`"
        raise typer.BadParameter(message, param_hint="--period")


def load_definitions(folder: Path | None) -> Definitions:
    """Load the shipped definitions, with those of a folder added."""
    from iapt_audit.definitions import load_default, load_with

    return load_default() if folder is None else load_with(folder)


def write_out(found: AuditResult, out: Path | None) -> None:
    """Write the audit to a folder, if one is given, and say so."""
    if out is not None:
        from iapt_audit.extras import how_to_install, is_installed
        from iapt_audit.outputs.folder import write_all

        write_all(found, out)
        if is_installed("report"):
            from iapt_audit.report import write_report

            write_report(found, out / "report.html", command_line())
        else:
            text = f"note: report.html is left out: it needs the extra `report`: {how_to_install('report')}"
            echo(text, err=True)
        echo(f"written to {out}", err=True)


def command_line() -> str:
    """Return the command as it was typed, for a page to say how it is made again."""
    return shlex.join(["iapt-audit", *sys.argv[1:]])


def show(what: RenderableType) -> None:
    """Print to stdout as wide as the terminal is."""
    from iapt_audit.outputs.views.audit_terminal import console

    console().print(what)


def tell_failed(failed: tuple[Input, ...]) -> None:
    """Name the inputs that were not read, or of which nothing was judged, and why."""
    for each in failed:
        if each.fault is not None:
            echo(f"error: {each.fault}", err=True)


def tell_passed_over(paths: Sequence[Path]) -> None:
    """Name the files of folders that are not audited, a few of them."""
    from iapt_audit.read import passed_over

    names = passed_over(paths)
    if names:
        more = f" and {len(names) - _MOST_PASSED_OVER:,} more" if len(names) > _MOST_PASSED_OVER else ""
        listed = ", ".join(names[:_MOST_PASSED_OVER])
        echo(f"note: not audited, not being tables by their names or first lines: {listed}{more}", err=True)


def tell_sifted(found: AuditResult) -> None:
    """Say which findings were not looked at, and what became of waivers."""
    from iapt_audit.outputs.wording import sifted_lines

    for line in sifted_lines(found):
        echo(f"note: {line}", err=True)


def echo(text: str, *, err: bool = False) -> None:
    """Print text in which no control character is left."""
    from iapt_audit.model.text import printable

    print(printable(text), file=sys.stderr if err else sys.stdout, flush=True)
