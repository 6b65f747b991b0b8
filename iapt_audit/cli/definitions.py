"""Check, list, show and draft definitions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iapt_audit.cli.app import definitions_app, guarded
from iapt_audit.cli.console import check_period, echo, load_definitions
from iapt_audit.cli.exit_codes import EXIT_USAGE
from iapt_audit.cli.options import DefinitionsOption
from iapt_audit.cli.streams import Form, write


@definitions_app.command("check")
@guarded
def definitions_check(definitions: DefinitionsOption = None) -> None:
    """
    Check every definition and tell every fault at once.

    Example:
        iapt-audit definitions check --definitions my-definitions
    """
    from iapt_audit.definitions import load_register

    loaded = load_definitions(definitions)
    counts = (
        (len(loaded.layouts), "layouts"),
        (sum(len(each) for each in loaded.measures.values()), "measures"),
        (len(loaded.concepts), "concepts"),
        (len(loaded.rates), "rates"),
        (len(loaded.standards), "standards"),
        (len(loaded.facts.rows) + len(loaded.register_facts.rows), "cited facts"),
        (len(load_register(loaded)), "claims"),
    )
    echo("no fault in " + ", ".join(f"{count} {name}" for count, name in counts))


@definitions_app.command("list")
@guarded
def definitions_list(
    kind: Annotated[str | None, typer.Argument(help="layouts, rates, standards, concepts or measures.")] = None,
    definitions: DefinitionsOption = None,
) -> None:
    """
    List the ids that `definitions show` explains.

    Example:
        iapt-audit definitions list rates
    """
    from iapt_audit.definitions.describe import entries, kinds

    if kind is not None and kind not in kinds():
        message = f"expected one of {', '.join(kinds())}, got `{kind}`"
        raise typer.BadParameter(message)
    for entry in entries(load_definitions(definitions)):
        if kind in (None, entry.kind):
            echo(f"{entry.kind:<10} {entry.id:<42} {entry.title}")


@definitions_app.command("show")
@guarded
def definitions_show(
    name: Annotated[str, typer.Argument(metavar="ID", help="An id from `definitions list`, such as recovery or M192.")],
    definitions: DefinitionsOption = None,
) -> None:
    """
    Show what a definition says, where it is written, and where it was read.

    Example:
        iapt-audit definitions show recovery
    """
    from iapt_audit.definitions.describe import show

    shown = show(name, load_definitions(definitions))
    if shown.near:
        echo(f"error: no definition is called `{name}`\n\nhint: did you mean {shown.near}?", err=True)
        raise typer.Exit(EXIT_USAGE)
    echo(shown.text)


@definitions_app.command("draft")
@guarded
def definitions_draft(
    file: Annotated[Path, typer.Argument(help="A published file of a new year, or a zip of it.")],
    period: Annotated[
        str | None,
        typer.Option("--period", help="The period it is of, such as 2025-26, where the file and its name say none."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", help="The file to write the layout to, instead of stdout.", dir_okay=False)
    ] = None,
    definitions: DefinitionsOption = None,
) -> None:
    """
    Draft a layout for a new year's file, as a difference to the nearest one, to review.

    Example:
        iapt-audit definitions draft main-2025-26.csv -o my-definitions/schemas/annual_main/2025-26.toml
    """
    from iapt_audit.ingest.draft_layout import draft, save

    check_period(period)
    drafted = draft(file, load_definitions(definitions), period)
    if drafted.text is not None and output is not None:
        save(drafted.text, output)
    elif drafted.text is not None:
        write(drafted.text, Form.QUOTED)
    echo(drafted.told, err=True)
