"""Judge sentences: what is typed, a page, standard input."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from iapt_audit.cli.book import finish_claims, open_book, tell_left_out
from iapt_audit.cli.console import echo, show
from iapt_audit.cli.exit_codes import EXIT_UNREAD
from iapt_audit.cli.options import ClaimFormat, FailOn
from iapt_audit.cli.streams import Form, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.definitions import Definitions
    from iapt_audit.sentences.said import SentenceJudged


def judge_sentences(
    sentence: str,
    file: str,
    said_on: str,
    data: list[Path] | None,
    definitions: Definitions,
    output: ClaimFormat,
    fail_on: FailOn,
) -> None:
    """Judge a sentence or a page, print it, and give the exit code: 3 if nothing was understood."""
    from iapt_audit.sentences.judge import judge_text, named

    day = _day(said_on)
    text = sentence or _text_of(file)
    found, book = open_book(data, definitions)
    judged = [each for each in judge_text(text, book, day) if each.figures or not file]
    if output is ClaimFormat.TABLE:
        tell_left_out(found)
    _deliver(judged, output, definitions)
    if not any(each.understood for each in judged):
        raise typer.Exit(EXIT_UNREAD)
    finish_claims(found, named(judged), fail_on)


def _deliver(judged: Sequence[SentenceJudged], output: ClaimFormat, definitions: Definitions) -> None:
    from iapt_audit.sentences.judge import named

    if output is ClaimFormat.JSON:
        from iapt_audit.outputs.documents.json_text import to_json
        from iapt_audit.outputs.documents.sentences import sentences_document

        write(to_json(sentences_document(judged, definitions)), Form.JSON)
    elif output is ClaimFormat.TABLE:
        from iapt_audit.outputs.views.sentences import sentence_screen

        show(sentence_screen(judged, definitions))
    elif output in {ClaimFormat.MARKDOWN, ClaimFormat.CSV}:
        from iapt_audit.outputs.views import claims

        told = named(judged)
        write(claims.claims_markdown(told, hidden=0) if output is ClaimFormat.MARKDOWN else claims.claims_csv(told))
    else:
        message = f"expected table, json, markdown or csv for a sentence, got `{output.value}`"
        raise typer.BadParameter(message, param_hint="--format")


def _day(said_on: str) -> date | None:
    if not said_on:
        return None
    try:
        return date.fromisoformat(said_on)
    except ValueError:
        message = f"expected a day such as 2024-12-03, got `{said_on}`"
        raise typer.BadParameter(message, param_hint="--said-on") from None


def _text_of(file: str) -> str:
    if file == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    path = Path(file)
    if not path.is_file():
        echo(f"error: {file}: expected a file, or - for standard input", err=True)
        raise typer.Exit(EXIT_UNREAD)
    return path.read_bytes().decode("utf-8", "replace")
