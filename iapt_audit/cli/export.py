"""Export the definitions for other people's pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iapt_audit.cli.app import app, guarded
from iapt_audit.cli.console import echo, load_definitions
from iapt_audit.cli.options import DefinitionsOption
from iapt_audit.cli.streams import Form, write

export_app = typer.Typer(help="Export the definitions for another tool to run.", no_args_is_help=True)
app.add_typer(export_app, name="export")


@export_app.callback()
def export() -> None:
    """Export the definitions for another tool to run."""


@export_app.command("odcs")
@guarded
def export_odcs(
    name: Annotated[
        str, typer.Argument(metavar="LAYOUT", help="A layout of `definitions list`, such as annual_main/2024-25.")
    ],
    output: Annotated[
        Path | None, typer.Option("-o", help="The file to write the contract to, instead of stdout.", dir_okay=False)
    ] = None,
    definitions: DefinitionsOption = None,
) -> None:
    """
    Write a layout as a data contract (ODCS): its columns, and its checks as rules that name their command.

    Example:
        iapt-audit export odcs annual_main/2024-25 -o annual_main.odcs.yaml
    """
    from iapt_audit.definitions.fields import near_miss
    from iapt_audit.errors.base import OutputError
    from iapt_audit.integrations.odcs import contract

    loaded = load_definitions(definitions)
    if name not in loaded.layouts:
        hint = near_miss(name, loaded.layouts) or "`iapt-audit definitions list layouts` names them"
        message = f"no layout is called `{name}` ({hint})"
        raise typer.BadParameter(message, param_hint="LAYOUT")
    text = contract(loaded.layouts[name], loaded)
    if output is None:
        write(text, Form.QUOTED)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError.from_os(output, error) from None


@export_app.command("gx")
@guarded
def export_gx(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder to write to; it must not be there, or be empty.")
    ],
    definitions: DefinitionsOption = None,
) -> None:
    """
    Write a project of Great Expectations: a suite and a checkpoint for each layout, and Data Docs that open offline.

    Example:
        iapt-audit export gx expectations
    """
    from iapt_audit.integrations.great_expectations.project import write_project

    written = write_project(folder, load_definitions(definitions), definitions)
    echo(f"{written} suites and checkpoints written to {folder}", err=True)
