"""Judge claims, show the register, trace a figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iapt_audit.cli.app import app, guarded
from iapt_audit.cli.book import finish_claims, open_book, tell_left_out
from iapt_audit.cli.ci_formats import CLAIMS_FOR_TOOLS, print_claims_for_tools
from iapt_audit.cli.console import check_period, load_definitions, show
from iapt_audit.cli.options import ClaimFormat, ClaimFormatOption, DataOption, DefinitionsOption, FailOn, FailOnOption
from iapt_audit.cli.streams import Form, write

if TYPE_CHECKING:
    from iapt_audit.claims.trace import Traced
    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.definitions import Definitions


@app.command("judge")
@guarded
def judge_command(
    sentence: Annotated[
        str,
        typer.Argument(help="What was said, in plain words; the options below are for claims put together by hand."),
    ] = "",
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
    hedge: Annotated[
        str, typer.Option("--hedge", help="How the amount of a change is told: about, at-least, more-than, ...")
    ] = "",
    file: Annotated[
        str,
        typer.Option(
            "--file",
            help="A text, HTML or Markdown file to judge sentence by sentence, - for standard input, or a TOML file of "
            "claims.",
        ),
    ] = "",
    said_on: Annotated[
        str, typer.Option("--said-on", help="The day it was said, such as 2024-12-03: what `last year` is.")
    ] = "",
    data: DataOption = None,
    output: ClaimFormatOption = ClaimFormat.TABLE,
    fail_on: FailOnOption = FailOn.ERROR,
    definitions: DefinitionsOption = None,
) -> None:
    """
    Judge a sentence, a page or a claim: does the figure follow, of whom is it true, what do the figures support?

    Example:
        iapt-audit judge "Half of the people referred in 2023-24 recovered."
        iapt-audit judge --figure 50.8% --measure recovery --population finished --period 2017-18
    """
    from iapt_audit.claims.ask import own_claim
    from iapt_audit.claims.judge import judge
    from iapt_audit.definitions import read_claims

    loaded = load_definitions(definitions)
    if sentence or (file and not file.casefold().endswith(".toml")):
        if figure or measure or standard or (sentence and file):
            message = "expected a sentence, a file or the options of a claim, got more than one of them"
            raise typer.BadParameter(message, param_hint="SENTENCE")
        from iapt_audit.cli.sentences import judge_sentences

        judge_sentences(sentence, file, said_on, data, loaded, output, fail_on)
        return
    if not file and not (figure or standard or comparison != "is"):
        message = "expected a figure, a sentence, or a file with --file"
        raise typer.BadParameter(message, param_hint="SENTENCE")
    for given in (period, since):
        check_period(given or None)
    found, book = open_book(data, loaded)
    if file:
        asked = list(read_claims(Path(file), loaded))
    else:
        asked = [
            own_claim(
                book, figure=figure, measure=measure, population=population, period=period, org=org, level=level,
                breakdown=breakdown, comparison=comparison, since=since, standard=standard, against=against,
                sample=sample, hedge=hedge.replace("-", "_"),
            )
        ]  # fmt: skip
    judged = [judge(claim, book) for claim in asked]
    if output in CLAIMS_FOR_TOOLS:
        from iapt_audit.outputs.views.claims import claims_markdown

        print_claims_for_tools(judged, output, Path(file) if file else None, claims_markdown(judged, hidden=0))
        finish_claims(found, judged, fail_on)
        return
    if output is ClaimFormat.TABLE:
        from iapt_audit.outputs.views.claims import claim_screen

        tell_left_out(found)
        for each in judged:
            show(claim_screen(each, loaded))
    if output is not ClaimFormat.TABLE or len(judged) > 1:
        _deliver_claims(judged, output, loaded, hidden=0)
    finish_claims(found, judged, fail_on)


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
    from iapt_audit.claims.register import ClaimFilter, narrow
    from iapt_audit.definitions import load_register

    loaded = load_definitions(definitions)
    found, book = open_book(data, loaded)
    wanted = ClaimFilter(speaker, year, verdict, cause, unchecked)
    shown = narrow(load_register(loaded), book, wanted)
    if output in CLAIMS_FOR_TOOLS:
        from iapt_audit.outputs.views.claims import claims_markdown

        print_claims_for_tools(shown.judged, output, None, claims_markdown(shown.judged, hidden=shown.hidden))
        finish_claims(found, shown.judged, fail_on)
        return
    _deliver_claims(shown.judged, output, loaded, hidden=shown.hidden)
    finish_claims(found, shown.judged, fail_on)


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
    from iapt_audit.definitions.quoted_figures import parse_quoted_figure

    loaded = load_definitions(definitions)
    check_period(period)
    found, book = open_book(data, loaded)
    place = place_called(period, org, breakdown, book)
    traced = trace(parse_quoted_figure(figure, loaded.lexicon.words), place, book)
    _deliver_trace(traced, output, loaded)
    finish_claims(found, [], FailOn.NEVER)


def _deliver_claims(
    judged: Sequence[JudgedClaim], output: ClaimFormat, definitions: Definitions, *, hidden: int
) -> None:
    if output in {ClaimFormat.JSON, ClaimFormat.CLAIMREVIEW}:
        import json

        from iapt_audit.outputs.documents.claims import claim_review, claims_document
        from iapt_audit.outputs.documents.json_text import to_json

        if output is ClaimFormat.JSON:
            write(to_json(claims_document(judged, definitions)), Form.JSON)
        else:
            write(json.dumps(claim_review(judged), ensure_ascii=False, indent=1, allow_nan=False) + "\n", Form.JSON)
        return
    from iapt_audit.outputs.views import claims

    if output is ClaimFormat.TABLE:
        write(claims.claims_text(judged, hidden=hidden))
    elif output is ClaimFormat.MARKDOWN:
        write(claims.claims_markdown(judged, hidden=hidden))
    else:
        write(claims.claims_csv(judged))


def _deliver_trace(traced: Traced, output: ClaimFormat, definitions: Definitions) -> None:
    from iapt_audit.outputs.views import claims

    if output is ClaimFormat.JSON:
        from iapt_audit.outputs.documents.claims import trace_document
        from iapt_audit.outputs.documents.json_text import to_json

        write(to_json(trace_document(traced, definitions)), Form.JSON)
    elif output is ClaimFormat.MARKDOWN:
        write(claims.trace_markdown(traced))
    elif output is ClaimFormat.TABLE:
        show(claims.trace_screen(traced))
    else:
        message = f"expected table, json or markdown, got `{output.value}`"
        raise typer.BadParameter(message, param_hint="--format")
