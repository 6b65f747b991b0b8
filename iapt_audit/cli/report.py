"""Write pages and pictures."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iapt_audit.cli.app import app, guarded
from iapt_audit.cli.console import command_line, echo, tell_failed, tell_sifted
from iapt_audit.cli.exit_codes import exit_code
from iapt_audit.cli.options import (
    DefinitionsOption,
    FailOn,
    FailOnOption,
    OnlyOption,
    PeriodOption,
    SkipOption,
    WaiversOption,
    given_path,
)
from iapt_audit.cli.run_audit import gather

if TYPE_CHECKING:
    from iapt_audit.results import AuditResult


class ImageFormat(StrEnum):
    """The form of an image."""

    SVG = "svg"
    PNG = "png"


@app.command("report")
@guarded
def report_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Published files, zips, or folders; without any, the cited facts.", parser=given_path),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", help="The page to write; report.html if nothing else is asked.", dir_okay=False)
    ] = None,
    site: Annotated[
        Path | None,
        typer.Option("--site", help="Write a site to this folder, a page for each organisation.", file_okay=False),
    ] = None,
    charts: Annotated[
        Path | None,
        typer.Option("--charts", help="Write each chart alone to this folder, and as Vega-Lite.", file_okay=False),
    ] = None,
    image_format: Annotated[
        ImageFormat, typer.Option("--image-format", help="The form of the charts written alone.")
    ] = ImageFormat.SVG,
    org: Annotated[
        str | None, typer.Option("--org", help="A page on the organisation of this code, such as RKE.")
    ] = None,
    period: PeriodOption = None,
    only: OnlyOption = None,
    skip: SkipOption = None,
    waivers: WaiversOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    definitions: DefinitionsOption = None,
) -> None:
    """
    Write what an audit finds as a page that opens offline, as a site, or as charts.

    Example:
        iapt-audit report nhstalkingtherapies_month_feb_2026_activity_performance.csv -o report.html
    """
    from iapt_audit.errors.base import MissingExtraError
    from iapt_audit.selection.narrow import select

    # before anything is read, which can take minutes
    MissingExtraError.unless_installed("report", "a page or chart")
    whole = gather(paths or [], period=period, only=only, skip=skip, waivers=waivers, definitions=definitions)
    found = select(whole, period=period)
    if len(found.unread) < len(found.inputs):
        if output is None and site is None and charts is None:
            output = Path("report.html")
        _write(found, org, output=output, site=site, charts=charts, form=image_format)
    tell_failed(found.failed)
    tell_sifted(found)
    raise typer.Exit(exit_code(found, fail_on))


def _write(
    found: AuditResult,
    org: str | None,
    *,
    output: Path | None,
    site: Path | None,
    charts: Path | None,
    form: ImageFormat,
) -> None:
    from iapt_audit.report import pieces, write_report
    from iapt_audit.report.images import write_images
    from iapt_audit.report.site import write_site

    command = command_line()
    if output is not None:
        write_report(found, output, command, org)
        echo(f"written to {output}", err=True)
    if charts is not None:
        number = write_images(pieces(found, command, org)[2], charts, form.value)
        echo(f"{number} charts written to {charts}", err=True)
    if site is not None:
        number = write_site(found, site, command)
        echo(f"{number} pages of organisations written to {site}: open index.html", err=True)
