"""Name the options and exit codes that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class OutputFormat(StrEnum):
    """The form of stdout."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    CSV = "csv"
    JUNIT = "junit"
    SARIF = "sarif"
    GITHUB = "github"


class TableName(StrEnum):
    """The tables that `--format csv` prints; `--out` writes them all."""

    HEADLINE = "headline"
    PLACES = "places"
    FINDINGS = "findings"
    RATES = "rates"
    CELLS = "cells"
    CLAIMS = "claims"


class PlainFormat(StrEnum):
    """The form of stdout where no tool of CI reads it."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    CSV = "csv"


class ClaimFormat(StrEnum):
    """The form in which claims are told."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    CSV = "csv"
    CLAIMREVIEW = "claimreview"
    JUNIT = "junit"
    GITHUB = "github"


class FailOn(StrEnum):
    """The least severity that makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


def check_table(table: TableName, output: OutputFormat) -> None:
    """Refuse a table for a form that prints none."""
    if table is not TableName.HEADLINE and output is not OutputFormat.CSV:
        message = f"expected --format csv beside --table {table.value}, got {output.value}"
        raise typer.BadParameter(message, param_hint="--table")


def given_path(text: str) -> Path:
    """Take a path; an empty one, as of an unset variable, would be this folder and all that is in it."""
    if not text:
        message = "expected a path, got nothing"
        raise typer.BadParameter(message)
    return Path(text)


FormatOption = Annotated[
    OutputFormat, typer.Option("--format", help="The form of what is printed; junit, sarif and github are for CI.")
]
PlainFormatOption = Annotated[PlainFormat, typer.Option("--format", help="The form of what is printed.")]
ClaimFormatOption = Annotated[
    ClaimFormat,
    typer.Option("--format", help="The form of what is printed; claimreview is JSON-LD, junit and github are for CI."),
]
TableOption = Annotated[
    TableName, typer.Option("--table", help="Which table --format csv prints; places are all cells of the findings.")
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out", help="Also write audit.json, the tables as parquet and report.html to this folder.", file_okay=False
    ),
]
FailOnOption = Annotated[
    FailOn, typer.Option("--fail-on", help="The least severity of finding that gives exit code 1.")
]
DefinitionsOption = Annotated[
    Path | None,
    typer.Option("--definitions", help="A folder with schemas/ and checks/ of your own, added to the shipped ones."),
]
PeriodOption = Annotated[
    str | None,
    typer.Option(
        "--period", help="Only this period, such as 2024-25; a file that names no period is read as this one."
    ),
]
OnlyOption = Annotated[
    list[str] | None, typer.Option("--only", help="Only findings of this rule, code or family; can be repeated.")
]
SkipOption = Annotated[
    list[str] | None, typer.Option("--skip", help="No findings of this rule, code or family; can be repeated.")
]
WaiversOption = Annotated[
    Path | None,
    typer.Option("--waivers", help="A TOML file of findings that do not count up to a day.", dir_okay=False),
]
DataOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--data",
        help="Published files, zips or folders to judge on, beside the cited facts of England.",
        parser=given_path,
    ),
]
