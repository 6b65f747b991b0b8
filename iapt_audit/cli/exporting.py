"""Export the definitions for other people's pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iapt_audit.cli.options import DefinitionsOption
from iapt_audit.cli.running import app, guarded
from iapt_audit.cli.telling import echo, load_definitions

export_app = typer.Typer(help="Export the definitions for another tool to run.", no_args_is_help=True)
app.add_typer(export_app, name="export")


@export_app.callback()
def export() -> None:
    """Export the definitions for another tool to run."""


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
    from iapt_audit.expectations.project import write_project

    written = write_project(folder, load_definitions(definitions), definitions)
    echo(f"{written} suites and checkpoints written to {folder}", err=True)
