"""Parse the command line, call, print, and give the exit code; no logic of its own."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer

from iapt_audit.errors import IaptAuditError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from iapt_audit.audit import Audit, Compared, Exposure
    from iapt_audit.claims.book import Book
    from iapt_audit.claims.trace import Traced
    from iapt_audit.claims.verdicts import Judged
    from iapt_audit.definitions import Definitions
    from iapt_audit.inputs import Input

EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_UNREAD = 3
EXIT_OWN_FAULT = 70
EXIT_INTERRUPTED = 130

P = ParamSpec("P")

app = typer.Typer(
    name="iapt-audit",
    help="Does the headline about NHS Talking Therapies follow from the published counts?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
definitions_app = typer.Typer(
    help="Look at the definitions: layouts, measures, rates, standards and cited facts.", no_args_is_help=True
)
app.add_typer(definitions_app, name="definitions")


class OutputFormat(StrEnum):
    """The form of stdout."""

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


class FailOn(StrEnum):
    """The least severity that makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


def _version(wanted: bool) -> None:
    if wanted:
        from iapt_audit import __version__

        typer.echo(f"iapt-audit {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Say whether the headline about NHS Talking Therapies follows from the published counts."""
    del version


FormatOption = Annotated[OutputFormat, typer.Option("--format", help="The form of what is printed.")]
ClaimFormatOption = Annotated[
    ClaimFormat, typer.Option("--format", help="The form of what is printed; claimreview is JSON-LD for a web page.")
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="Also write audit.json and the tables as parquet to this folder.", file_okay=False),
]
FailOnOption = Annotated[
    FailOn, typer.Option("--fail-on", help="The least severity of finding that gives exit code 1.")
]
DefinitionsOption = Annotated[
    Path | None,
    typer.Option("--definitions", help="A folder with schemas/ and checks/ of your own, added to the shipped ones."),
]


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn every way to fail into one message on stderr and the exit code of its kind; no traceback is shown."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except IaptAuditError as error:
            _echo(f"error: {error}", err=True)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            raise typer.Exit(EXIT_INTERRUPTED) from None
        except BrokenPipeError:
            # the reader has seen enough; nothing more may be written, not even at shutdown
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except typer.Exit:
            raise
        except OSError as error:
            typer.echo(f"error: the result cannot be written: {error.strerror or error}", err=True)
            raise typer.Exit(EXIT_UNREAD) from None
        except Exception as error:
            if isinstance(error, typer.BadParameter):
                raise
            message = f"error: iapt-audit failed on its own account: {type(error).__name__}: {error}".splitlines()[0]
            typer.echo(f"{message}\n\nhint: report it with the command and the file's name, see CONTRIBUTING", err=True)
            raise typer.Exit(EXIT_OWN_FAULT) from None

    return run


@app.command("audit")
@guarded
def audit_command(
    # a file that may not be read is told like any other that cannot be, and the others are still audited
    paths: Annotated[list[Path], typer.Argument(help="Published files, zips, or folders of them.", readable=False)],
    output: FormatOption = OutputFormat.TABLE,
    out: OutOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    period: Annotated[
        str | None,
        typer.Option("--period", help="Only this period, such as 2024-25; a file that says none is taken for it."),
    ] = None,
    level: Annotated[
        str | None, typer.Option("--level", help="Only this level: england, region, icb, sub_icb, provider, ...")
    ] = None,
    org: Annotated[
        str | None, typer.Option("--org", help="One screen on the organisation of this code, such as RKE.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Only findings of this rule, code or family; can be repeated.")
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", help="No findings of this rule, code or family; can be repeated.")
    ] = None,
    waivers: Annotated[
        Path | None,
        typer.Option("--waivers", help="A TOML file of findings that do not count up to a day.", dir_okay=False),
    ] = None,
    definitions: DefinitionsOption = None,
) -> None:
    """
    Judge every published rate in some files by its own counts.

    Example:
        iapt-audit audit nhstalkingtherapies_month_feb_2026_activity_performance.csv
    """
    from iapt_audit.audit import audit
    from iapt_audit.progress import reporter
    from iapt_audit.select import choose, select
    from iapt_audit.sift import check_names
    from iapt_audit.waivers import read_waivers

    _check_period(period)
    loaded = _definitions(definitions)
    # before the files are read: a slip of the pen is told at once
    check_names([*(only or []), *(skip or [])], loaded)
    waived = read_waivers(waivers) if waivers is not None else ()
    with reporter() as progress:
        whole = audit(paths, loaded, period=period, progress=progress)
    whole = choose(whole, only=only or (), skip=skip or (), waivers=waived, today=_today())
    found = select(whole, period=period, level=level, org=org)
    if len(found.unread) < len(found.inputs):
        if org is not None and output is OutputFormat.MARKDOWN:
            from iapt_audit.exports import organisation_markdown

            _write_out(found, out)
            sys.stdout.write(organisation_markdown(found))
        elif org is not None and output is OutputFormat.TABLE:
            from iapt_audit.organisation import organisation_screen

            _write_out(found, out)
            _print(organisation_screen(whole, found))
        else:
            _deliver(found, output, out)
    elif output is OutputFormat.JSON:
        _deliver(found, output, None)
    _tell_unread(found.unread)
    if output in {OutputFormat.JSON, OutputFormat.CSV} or org is not None:
        _tell_sifted(found)
    raise typer.Exit(_exit_code(found, fail_on))


@app.command("demo")
@guarded
def demo_command(
    output: FormatOption = OutputFormat.TABLE,
    out: OutOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
) -> None:
    """
    Audit England's totals since 2012-13, which ship as cited facts; no file is needed.

    Example:
        iapt-audit demo
    """
    from iapt_audit.audit import audit_facts

    found = audit_facts(_definitions(None))
    if output is OutputFormat.TABLE:
        from iapt_audit.claims.register import on_audit
        from iapt_audit.claims_views import register_lines
        from iapt_audit.table import summary_table

        _write_out(found, out)
        _print(summary_table(found, register_lines(on_audit(found))))
    else:
        _deliver(found, output, out)
    raise typer.Exit(_exit_code(found, fail_on))


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
    from iapt_audit.explain import Ask
    from iapt_audit.explained import explain_finding, explain_measure

    given = arguments or []
    loaded = _definitions(definitions)
    _check_period(period)
    if measure is None:
        if not given:
            message = "expected the id of a finding, or --measure with --period"
            raise typer.BadParameter(message)
        told = explain_finding(given[0], [Path(path) for path in given[1:]], loaded, period=period, cite=cite)
    elif period is None:
        message = "expected a period such as 2024-25 beside --measure, got nothing"
        raise typer.BadParameter(message, param_hint="--period")
    else:
        ask = Ask(org, period, measure, breakdown)
        told = explain_measure(ask, [Path(path) for path in given], loaded, cite=cite)
    if told.text:
        _echo(told.text)
    _tell_unread(told.unread)
    if told.unread:
        raise typer.Exit(EXIT_UNREAD)


@app.command("diff")
@guarded
def diff_command(
    old: Annotated[Path, typer.Argument(help="The older version: a file, folder or zip.", readable=False)],
    new: Annotated[Path, typer.Argument(help="The newer version.", readable=False)],
    output: FormatOption = OutputFormat.TABLE,
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
    from iapt_audit.audit import compare
    from iapt_audit.progress import reporter

    _check_period(period)
    with reporter() as progress:
        compared = compare(old, new, _definitions(definitions), period=period, progress=progress)
    readable = all(any(each.status == "audited" for each in side) for side in compared.inputs)
    if readable or output is OutputFormat.JSON:
        _deliver_versions(compared, output, out)
    _tell_unread(compared.unread)
    if compared.unread or not readable:
        raise typer.Exit(EXIT_UNREAD)
    raise typer.Exit(EXIT_FINDINGS if compared.different else 0)


@app.command("disclosure")
@guarded
def disclosure_command(
    paths: Annotated[list[Path], typer.Argument(help="Published files, zips, or folders of them.", readable=False)],
    output: FormatOption = OutputFormat.TABLE,
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
    from iapt_audit.audit import Counting, expose
    from iapt_audit.progress import reporter

    _check_period(period)
    with reporter() as progress:
        how = Counting(by_period, thorough)
        found = expose(paths, _definitions(definitions), period=period, how=how, progress=progress)
    readable = any(each.status == "audited" for each in found.inputs)
    if readable or output is OutputFormat.JSON:
        _deliver_exposure(found, output)
    _tell_unread(found.unread)
    if found.unread or not readable:
        raise typer.Exit(EXIT_UNREAD)


DataOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--data",
        help="Published files, zips or folders to judge on, beside the cited facts of England.",
        readable=False,
    ),
]


@app.command("judge")
@guarded
def judge_command(
    figure: Annotated[str, typer.Option("--figure", help="The figure as printed: 50.8%, 525,000, 7 in 10.")] = "",
    measure: Annotated[
        str, typer.Option("--measure", help="What it is a figure of: recovery, finished, M192, ...")
    ] = "",
    population: Annotated[
        str,
        typer.Option("--population", help="Of whom it is said: finished, referred, ...; leave out if it is not said."),
    ] = "",
    period: Annotated[str, typer.Option("--period", help="The year or month it is said of, such as 2024-25.")] = "",
    org: Annotated[str, typer.Option("--org", help="The code of an organisation; needs --data.")] = "England",
    level: Annotated[str, typer.Option("--level", help="The level of the organisations, for ranks and numbers.")] = "",
    breakdown: Annotated[str, typer.Option("--breakdown", help="A row of a breakdown, as findings name it.")] = "Total",
    comparison: Annotated[
        str,
        typer.Option("--comparison", help="is, about, nearly, at-least, more-than, up-points, highest, best-of, ..."),
    ] = "is",
    since: Annotated[str, typer.Option("--since", help="The period it is compared with, or a stretch begins.")] = "",
    standard: Annotated[str, typer.Option("--standard", help="The standard said to be met or missed.")] = "",
    against: Annotated[str, typer.Option("--against", help="The second percentage of a survey's comparison.")] = "",
    sample: Annotated[int, typer.Option("--sample", help="How many a survey asked.", min=0)] = 0,
    file: Annotated[
        Path | None, typer.Option("--file", help="A TOML file of claims instead of these options.", dir_okay=False)
    ] = None,
    data: DataOption = None,
    output: ClaimFormatOption = ClaimFormat.TABLE,
    fail_on: FailOnOption = FailOn.ERROR,
    definitions: DefinitionsOption = None,
) -> None:
    """
    Judge a claim: does the figure follow, of whom is it true, and what do the figures support?

    Example:
        iapt-audit judge --figure 50.8% --measure recovery --population finished --period 2017-18
    """
    from iapt_audit.claims.ask import own_claim
    from iapt_audit.claims.judge import judge
    from iapt_audit.definitions import read_claims

    loaded = _definitions(definitions)
    if file is None and not (figure or standard or comparison != "is"):
        message = "expected a figure, or a file of claims with --file"
        raise typer.BadParameter(message, param_hint="--figure")
    for given in (period, since):
        _check_period(given or None)
    found, book = _book(data, loaded)
    if file is not None:
        asked = list(read_claims(file, loaded))
    else:
        asked = [
            own_claim(
                book, figure=figure, measure=measure, population=population, period=period, org=org, level=level,
                breakdown=breakdown, comparison=comparison, since=since, standard=standard, against=against,
                sample=sample,
            )
        ]  # fmt: skip
    judged = [judge(claim, book) for claim in asked]
    if output is ClaimFormat.TABLE:
        from iapt_audit.claims_views import claim_screen

        for each in judged:
            _print(claim_screen(each, loaded))
    if output is not ClaimFormat.TABLE or len(judged) > 1:
        _deliver_claims(judged, output, loaded, hidden=0)
    _finish_claims(found, judged, fail_on)


@app.command("claims")
@guarded
def claims_command(
    speaker: Annotated[str, typer.Option("--speaker", help="Only of speakers whose name holds this.")] = "",
    year: Annotated[str, typer.Option("--year", help="Only said in this year, or said of this period.")] = "",
    verdict: Annotated[str, typer.Option("--verdict", help="Only consistent, contradicted or not_checkable.")] = "",
    cause: Annotated[str, typer.Option("--cause", help="Only of this cause, such as wrong_population.")] = "",
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Also those whose wording was not read at its source.")
    ] = False,
    data: DataOption = None,
    output: ClaimFormatOption = ClaimFormat.TABLE,
    fail_on: FailOnOption = FailOn.NEVER,
    definitions: DefinitionsOption = None,
) -> None:
    """
    Show the register of public claims, each judged on the cited facts and any files given.

    Example:
        iapt-audit claims --verdict contradicted --cause wrong_population
    """
    from iapt_audit.claims.register import Wanted, narrow
    from iapt_audit.definitions import load_register

    loaded = _definitions(definitions)
    found, book = _book(data, loaded)
    wanted = Wanted(speaker, year, verdict, cause, unchecked)
    shown = narrow(load_register(loaded), book, wanted)
    _deliver_claims(shown.judged, output, loaded, hidden=shown.hidden)
    _finish_claims(found, shown.judged, fail_on)


@app.command("trace")
@guarded
def trace_command(
    figure: Annotated[str, typer.Argument(help="The figure as printed: 18.3%, 263,295, 7 in 10.")],
    period: Annotated[str, typer.Option("--period", help="The year or month, such as 2017-18.")],
    org: Annotated[str, typer.Option("--org", help="The code of an organisation; needs --data.")] = "England",
    breakdown: Annotated[str, typer.Option("--breakdown", help="A row of a breakdown, as findings name it.")] = "Total",
    data: DataOption = None,
    output: ClaimFormatOption = ClaimFormat.TABLE,
    definitions: DefinitionsOption = None,
) -> None:
    """
    Find what a figure is a figure of: of whom is it true?

    Example:
        iapt-audit trace 18.3% --period 2017-18
    """
    from iapt_audit.claims.ask import place_called
    from iapt_audit.claims.trace import trace
    from iapt_audit.told import read_figure

    loaded = _definitions(definitions)
    _check_period(period)
    found, book = _book(data, loaded)
    place = place_called(period, org, breakdown, book)
    traced = trace(read_figure(figure, loaded.lexicon.words), place, book)
    _deliver_trace(traced, output, loaded)
    _finish_claims(found, [], FailOn.NEVER)


@definitions_app.command("check")
@guarded
def definitions_check(definitions: DefinitionsOption = None) -> None:
    """
    Check every definition and tell every fault at once.

    Example:
        iapt-audit definitions check --definitions my-definitions
    """
    from iapt_audit.definitions import load_register

    loaded = _definitions(definitions)
    counts = (
        (len(loaded.layouts), "layouts"),
        (sum(len(each) for each in loaded.measures.values()), "measures"),
        (len(loaded.concepts), "concepts"),
        (len(loaded.rates), "rates"),
        (len(loaded.standards), "standards"),
        (len(loaded.facts.rows) + len(loaded.register_facts.rows), "cited facts"),
        (len(load_register(loaded)), "claims"),
    )
    typer.echo("no fault in " + ", ".join(f"{count} {name}" for count, name in counts))


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
    from iapt_audit.describe import entries, kinds

    if kind is not None and kind not in kinds():
        message = f"expected one of {', '.join(kinds())}, got `{kind}`"
        raise typer.BadParameter(message)
    for entry in entries(_definitions(definitions)):
        if kind in (None, entry.kind):
            typer.echo(f"{entry.kind:<10} {entry.id:<42} {entry.title}")


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
    from iapt_audit.describe import show

    shown = show(name, _definitions(definitions))
    if shown.near:
        typer.echo(f"error: no definition is called `{name}`\n\nhint: did you mean {shown.near}?", err=True)
        raise typer.Exit(EXIT_USAGE)
    typer.echo(shown.text)


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
    from iapt_audit.draft import draft, save

    _check_period(period)
    drafted = draft(file, _definitions(definitions), period)
    if drafted.text is not None and output is not None:
        save(drafted.text, output)
    elif drafted.text is not None:
        sys.stdout.write(drafted.text)
    _echo(drafted.told, err=True)


def _today() -> date:
    return datetime.now(tz=UTC).date()


def _check_period(period: str | None) -> None:
    from iapt_audit.inputs import is_period

    if period is not None and not is_period(period):
        message = f"expected a period such as 2024-25 or 2026-02, got `{period}`"
        raise typer.BadParameter(message, param_hint="--period")


def _definitions(folder: Path | None) -> Definitions:
    from iapt_audit.definitions import load_default, load_with

    return load_default() if folder is None else load_with(folder)


def _deliver(found: Audit, output: OutputFormat, out: Path | None) -> None:
    _write_out(found, out)
    if output is OutputFormat.JSON:
        from iapt_audit.document import document, to_json

        sys.stdout.write(to_json(document(found)))
    elif output is OutputFormat.TABLE:
        from iapt_audit.table import summary_table

        _print(summary_table(found))
    else:
        from iapt_audit.exports import headline_csv, summary_markdown

        sys.stdout.write(headline_csv(found) if output is OutputFormat.CSV else summary_markdown(found))


def _deliver_versions(compared: Compared, output: OutputFormat, out: Path | None) -> None:
    from iapt_audit import versions_views

    if out is not None:
        versions_views.write_versions(compared, out)
        typer.echo(f"written to {out}", err=True)
    if output is OutputFormat.JSON:
        from iapt_audit.document import to_json
        from iapt_audit.versions_document import versions_document

        sys.stdout.write(to_json(versions_document(compared)))
    elif output is OutputFormat.TABLE:
        _print(versions_views.versions_table(compared))
    elif output is OutputFormat.CSV:
        sys.stdout.write(versions_views.versions_csv(compared))
    else:
        sys.stdout.write(versions_views.versions_markdown(compared))


def _deliver_exposure(found: Exposure, output: OutputFormat) -> None:
    from iapt_audit import exposed_views

    if output is OutputFormat.JSON:
        from iapt_audit.document import to_json
        from iapt_audit.exposed_document import exposed_document

        sys.stdout.write(to_json(exposed_document(found)))
    elif output is OutputFormat.TABLE:
        _print(exposed_views.exposed_table(found))
    elif output is OutputFormat.CSV:
        sys.stdout.write(exposed_views.exposed_csv(found))
    else:
        sys.stdout.write(exposed_views.exposed_markdown(found))


def _book(data: list[Path] | None, definitions: Definitions) -> tuple[Audit | None, Book]:
    from iapt_audit.claims.book import Book

    if not data:
        return None, Book.of(definitions)
    from iapt_audit.audit import audit
    from iapt_audit.progress import reporter

    with reporter() as progress:
        found = audit(data, definitions, progress=progress)
    return found, Book.of(definitions, found)


def _deliver_claims(judged: Sequence[Judged], output: ClaimFormat, definitions: Definitions, *, hidden: int) -> None:
    if output in {ClaimFormat.JSON, ClaimFormat.CLAIMREVIEW}:
        import json

        from iapt_audit.claims_document import claim_review, claims_document
        from iapt_audit.document import to_json

        if output is ClaimFormat.JSON:
            sys.stdout.write(to_json(claims_document(judged, definitions)))
        else:
            sys.stdout.write(json.dumps(claim_review(judged), ensure_ascii=False, indent=1, allow_nan=False) + "\n")
        return
    from iapt_audit import claims_views

    if output is ClaimFormat.TABLE:
        sys.stdout.write(claims_views.claims_text(judged, hidden=hidden))
    elif output is ClaimFormat.MARKDOWN:
        sys.stdout.write(claims_views.claims_markdown(judged, hidden=hidden))
    else:
        sys.stdout.write(claims_views.claims_csv(judged))


def _deliver_trace(traced: Traced, output: ClaimFormat, definitions: Definitions) -> None:
    from iapt_audit import claims_views

    if output is ClaimFormat.JSON:
        from iapt_audit.claims_document import trace_document
        from iapt_audit.document import to_json

        sys.stdout.write(to_json(trace_document(traced, definitions)))
    elif output is ClaimFormat.MARKDOWN:
        sys.stdout.write(claims_views.trace_markdown(traced))
    elif output is ClaimFormat.TABLE:
        _print(claims_views.trace_screen(traced))
    else:
        message = f"expected table, json or markdown, got `{output.value}`"
        raise typer.BadParameter(message, param_hint="--format")


def _finish_claims(found: Audit | None, judged: Sequence[Judged], fail_on: FailOn) -> None:
    """Name the inputs that were not read, and give the exit code: a contradicted claim counts as an error."""
    unread = found.unread if found is not None else ()
    _tell_unread(unread)
    if unread:
        raise typer.Exit(EXIT_UNREAD)
    from iapt_audit.columns import Verdict

    if fail_on is not FailOn.NEVER and any(each.verdict is Verdict.CONTRADICTED for each in judged):
        raise typer.Exit(EXIT_FINDINGS)


def _write_out(found: Audit, out: Path | None) -> None:
    if out is not None:
        from iapt_audit.write import write_all

        write_all(found, out)
        typer.echo(f"written to {out}", err=True)


def _print(what: RenderableType) -> None:
    from iapt_audit.table import console

    console().print(what)


def _tell_unread(unread: tuple[Input, ...]) -> None:
    for each in unread:
        if each.error is not None:
            hint = f" (hint: {each.error.hint})" if each.error.hint else ""
            _echo(f"error: not read: {each.name}: {each.error.message}{hint}", err=True)


def _tell_sifted(found: Audit) -> None:
    from iapt_audit.wording import sifted_lines

    for line in sifted_lines(found):
        _echo(f"note: {line}", err=True)


def _echo(text: str, *, err: bool = False) -> None:
    from iapt_audit.figures import printable

    typer.echo(printable(text), err=err)


def _exit_code(found: Audit, fail_on: FailOn) -> int:
    """Give 3 if an input was not read or none was audited, else 1 if a finding is grave enough."""
    if found.unread or not any(each.status == "audited" for each in found.inputs):
        return EXIT_UNREAD
    order = [FailOn.NOTE, FailOn.WARNING, FailOn.ERROR]
    if fail_on is FailOn.NEVER:
        return 0
    grave = {severity.value for severity in order[order.index(fail_on) :]}
    counting = (finding for finding in found.findings if finding.waived is None)
    return EXIT_FINDINGS if any(finding.severity.value in grave for finding in counting) else 0


def main() -> None:
    """Run the command line."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
