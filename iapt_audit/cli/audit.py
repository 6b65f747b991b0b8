"""Audit files or the cited facts, and explain a figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from iapt_audit.cli.app import app, guarded
from iapt_audit.cli.ci_formats import FOR_TOOLS, print_for_tools
from iapt_audit.cli.console import check_period, echo, load_definitions, show, tell_failed, tell_sifted, write_out
from iapt_audit.cli.exit_codes import EXIT_UNREAD, exit_code
from iapt_audit.cli.options import (
    DefinitionsOption,
    FailOn,
    FailOnOption,
    FormatOption,
    OnlyOption,
    OutOption,
    OutputFormat,
    PeriodOption,
    SkipOption,
    TableName,
    TableOption,
    WaiversOption,
    check_table,
    given_path,
)
from iapt_audit.cli.run_audit import gather
from iapt_audit.cli.streams import Form, write

if TYPE_CHECKING:
    from iapt_audit.results import AuditResult


@app.command("audit")
@guarded
def audit_command(
    # a file that may not be read is told like any other that cannot be, and the others are still audited
    paths: Annotated[list[Path], typer.Argument(help="Published files, zips, or folders of them.", parser=given_path)],
    output: FormatOption = OutputFormat.TABLE,
    out: OutOption = None,
    table: TableOption = TableName.HEADLINE,
    fail_on: FailOnOption = FailOn.ERROR,
    period: PeriodOption = None,
    level: Annotated[
        str | None, typer.Option("--level", help="Only this level: england, region, icb, sub_icb, provider, ...")
    ] = None,
    org: Annotated[
        str | None, typer.Option("--org", help="One screen on the organisation of this code, such as RKE.")
    ] = None,
    only: OnlyOption = None,
    skip: SkipOption = None,
    waivers: WaiversOption = None,
    definitions: DefinitionsOption = None,
) -> None:
    """
    Judge every published rate in some files by its own counts.

    Example:
        iapt-audit audit nhstalkingtherapies_month_feb_2026_activity_performance.csv
    """
    from iapt_audit.selection.narrow import select

    check_table(table, output)
    whole = gather(paths, period=period, only=only, skip=skip, waivers=waivers, definitions=definitions)
    found = select(whole, period=period, level=level, org=org)
    if output in FOR_TOOLS:
        write_out(found, out)
        print_for_tools(found, output, paths, fail_on)
        # each of these forms has told what was not read
        raise typer.Exit(exit_code(found, fail_on))
    if len(found.unread) < len(found.inputs):
        if org is not None and output is OutputFormat.MARKDOWN:
            from iapt_audit.outputs.views.audit_markdown import organisation_markdown

            write_out(found, out)
            write(organisation_markdown(found))
        elif org is not None and output is OutputFormat.TABLE:
            from iapt_audit.outputs.views.organisation import organisation_screen

            write_out(found, out)
            show(organisation_screen(whole, found))
        else:
            _deliver(found, output, out, table)
    elif output is OutputFormat.JSON:
        _deliver(found, output, None, table)
    tell_failed(found.failed)
    if output in {OutputFormat.JSON, OutputFormat.CSV} or org is not None:
        tell_sifted(found)
    raise typer.Exit(exit_code(found, fail_on))


@app.command("demo")
@guarded
def demo_command(
    output: FormatOption = OutputFormat.TABLE,
    out: OutOption = None,
    table: TableOption = TableName.HEADLINE,
    fail_on: FailOnOption = FailOn.ERROR,
) -> None:
    """
    AuditResult England's totals since 2012-13, which ship as cited facts; no file is needed.

    Example:
        iapt-audit demo
    """
    from iapt_audit.pipeline import audit_facts

    check_table(table, output)
    found = audit_facts(load_definitions(None))
    if output is OutputFormat.TABLE:
        from iapt_audit.claims.register import on_audit
        from iapt_audit.outputs.views.audit_terminal import summary_table
        from iapt_audit.outputs.views.claims import register_lines

        write_out(found, out)
        show(summary_table(found, register_lines(on_audit(found))))
    elif output in FOR_TOOLS:
        write_out(found, out)
        print_for_tools(found, output, [], fail_on)
    else:
        _deliver(found, output, out, table)
    raise typer.Exit(exit_code(found, fail_on))


@app.command("explain")
@guarded
def explain_command(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID] [PATH]...", help="The id of a finding (not with --measure), then the files."),
    ] = None,
    org: Annotated[str, typer.Option("--org", help="The code of an organisation.")] = "England",
    period: Annotated[str | None, typer.Option("--period", help="The period, such as 2024-25 or 2026-02.")] = None,
    measure: Annotated[
        str | None, typer.Option("--measure", help="A rate by any of its names: recovery, M192, Percentage...")
    ] = None,
    breakdown: Annotated[str, typer.Option("--breakdown", help="A row of a breakdown, as findings name it.")] = "Total",
    cite: Annotated[bool, typer.Option("--cite", help="Also give file, address, row, sha256, date, licence.")] = False,
    definitions: DefinitionsOption = None,
) -> None:
    """
    Show how a finding, or any rate, was judged: cells, bounds, arithmetic; without files, of the cited facts.

    Example:
        iapt-audit explain --period 2024-25 --measure recovery --cite
    """
    from iapt_audit.judging.explain import RateQuery
    from iapt_audit.outputs.views.explanation import explain_finding, explain_measure

    given = arguments or []
    loaded = load_definitions(definitions)
    check_period(period)
    if measure is None:
        if not given:
            message = "expected the id of a finding, or --measure with --period"
            raise typer.BadParameter(message)
        told = explain_finding(given[0], [Path(path) for path in given[1:]], loaded, period=period, cite=cite)
    elif period is None:
        message = "expected a period such as 2024-25 beside --measure, got nothing"
        raise typer.BadParameter(message, param_hint="--period")
    else:
        ask = RateQuery(org, period, measure, breakdown)
        told = explain_measure(ask, [Path(path) for path in given], loaded, cite=cite)
    if told.text:
        echo(told.text)
    tell_failed(told.unread)
    if told.unread:
        raise typer.Exit(EXIT_UNREAD)


def _deliver(found: AuditResult, output: OutputFormat, out: Path | None, table: TableName) -> None:
    write_out(found, out)
    match output:
        case OutputFormat.JSON:
            from iapt_audit.outputs.documents.audit import document
            from iapt_audit.outputs.documents.json_text import to_json

            write(to_json(document(found)), Form.JSON)
        case OutputFormat.TABLE:
            from iapt_audit.outputs.views.audit_terminal import summary_table

            show(summary_table(found))
        case OutputFormat.MARKDOWN:
            from iapt_audit.outputs.views.audit_markdown import summary_markdown

            write(summary_markdown(found))
        case OutputFormat.CSV:
            from iapt_audit.outputs.views.audit_markdown import headline_csv, table_csv

            write(headline_csv(found) if table is TableName.HEADLINE else table_csv(found, table.value))
        case OutputFormat.JUNIT | OutputFormat.SARIF | OutputFormat.GITHUB:
            message = f"{output} is of `ci_formats`"
            raise AssertionError(message)
        case _:
            assert_never(output)
