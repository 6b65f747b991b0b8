"""Compare two versions of files, and count what suppression leaves open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iapt_audit.cli.app import app, guarded
from iapt_audit.cli.console import check_period, echo, load_definitions, show, tell_failed
from iapt_audit.cli.exit_codes import EXIT_FINDINGS, EXIT_UNREAD
from iapt_audit.cli.options import DefinitionsOption, PlainFormat, PlainFormatOption, given_path
from iapt_audit.cli.streams import Form, write

if TYPE_CHECKING:
    from iapt_audit.results import Compared, Exposure


@app.command("diff")
@guarded
def diff_command(
    old: Annotated[Path, typer.Argument(help="The older version: a file, folder or zip.", parser=given_path)],
    new: Annotated[Path, typer.Argument(help="The newer version.", parser=given_path)],
    output: PlainFormatOption = PlainFormat.TABLE,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Also write diff.json and the changes as parquet and CSV here.", file_okay=False),
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="The period of files that do not say it, such as 2024-25.")
    ] = None,
    definitions: DefinitionsOption = None,
) -> None:
    """
    Tell every cell that changed between two versions, and what it does to the headline; the exit code is 1 if any did.

    Example:
        iapt-audit diff first-issue.csv second-issue.csv
    """
    from iapt_audit.cli.progress import reporter
    from iapt_audit.pipeline import compare

    check_period(period)
    with reporter() as progress:
        compared = compare(old, new, load_definitions(definitions), period=period, progress=progress)
    readable = all(any(each.status == "audited" for each in side) for side in compared.inputs)
    if readable or output is PlainFormat.JSON:
        _deliver_versions(compared, output, out)
    tell_failed(compared.unread)
    if compared.unread or not readable:
        raise typer.Exit(EXIT_UNREAD)
    raise typer.Exit(EXIT_FINDINGS if compared.different else 0)


@app.command("disclosure")
@guarded
def disclosure_command(
    paths: Annotated[list[Path], typer.Argument(help="Published files, zips, or folders of them.", parser=given_path)],
    output: PlainFormatOption = PlainFormat.TABLE,
    by_period: Annotated[bool, typer.Option("--by-period", help="Count each period apart, where it may be.")] = False,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Search until all is decided; annual files take very long.")
    ] = False,
    period: Annotated[
        str | None, typer.Option("--period", help="The period of files that do not say it, such as 2024-25.")
    ] = None,
    definitions: DefinitionsOption = None,
) -> None:
    """
    Count the suppressed counts that the printed figures narrow or pin down: numbers only, never which.

    Example:
        iapt-audit disclosure nhstalkingtherapies_month_feb_2026_activity_performance.csv
    """
    from iapt_audit.cli.progress import reporter
    from iapt_audit.pipeline import Counting, expose

    check_period(period)
    with reporter() as progress:
        how = Counting(by_period, thorough)
        found = expose(paths, load_definitions(definitions), period=period, how=how, progress=progress)
    readable = any(each.status == "audited" for each in found.inputs)
    if readable or output is PlainFormat.JSON:
        _deliver_exposure(found, output)
    tell_failed(found.unread)
    if found.unread or not readable:
        raise typer.Exit(EXIT_UNREAD)


def _deliver_versions(compared: Compared, output: PlainFormat, out: Path | None) -> None:
    from iapt_audit.outputs.views import versions

    if out is not None:
        versions.write_versions(compared, out)
        echo(f"written to {out}", err=True)
    if output is PlainFormat.JSON:
        from iapt_audit.outputs.documents.json_text import to_json
        from iapt_audit.outputs.documents.versions import versions_document

        write(to_json(versions_document(compared)), Form.JSON)
    elif output is PlainFormat.TABLE:
        show(versions.versions_table(compared))
    elif output is PlainFormat.CSV:
        write(versions.versions_csv(compared))
    else:
        write(versions.versions_markdown(compared))


def _deliver_exposure(found: Exposure, output: PlainFormat) -> None:
    from iapt_audit.outputs.views import exposure

    if output is PlainFormat.JSON:
        from iapt_audit.outputs.documents.exposure import exposed_document
        from iapt_audit.outputs.documents.json_text import to_json

        write(to_json(exposed_document(found)), Form.JSON)
    elif output is PlainFormat.TABLE:
        show(exposure.exposed_table(found))
    elif output is PlainFormat.CSV:
        write(exposure.exposed_csv(found))
    else:
        write(exposure.exposed_markdown(found))
