"""Show judged sentences to a person: the verdict first, then how each figure was read and what the figures say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from iapt_audit.claims.causes import CAUSES
from iapt_audit.model.columns import LICENCE_LINE, Verdict
from iapt_audit.model.text import printable
from iapt_audit.outputs.views.claims import VERDICTS
from iapt_audit.sentences.told import options_text, read_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from iapt_audit.definitions import Definitions
    from iapt_audit.sentences.said import FigureJudged, SentenceJudged

_MOST_SOURCES = 6
_FIRST = {
    Verdict.CONSISTENT: "The published figures bear it out.",
    Verdict.CONTRADICTED: "The published figures say otherwise.",
    Verdict.NOT_CHECKABLE: "The published figures do not settle it.",
}


def sentence_screen(judged: Sequence[SentenceJudged], definitions: Definitions) -> Group:
    """Lay out judged sentences."""
    parts: list[RenderableType] = []
    for each in judged:
        if len(judged) > 1:
            parts += [Text(printable(f"“{' '.join(each.read.text.split())}”"))]
        parts += [*_sentence(each, definitions), Text()]
    parts.append(Text(LICENCE_LINE, style="dim"))
    return Group(*parts)


def _sentence(judged: SentenceJudged, definitions: Definitions) -> list[RenderableType]:
    if not judged.figures:
        return [Text("NOT CHECKABLE: it tells no figure that these publications could hold.")]
    lines: list[RenderableType] = []
    if not judged.understood:
        lines.append(Text("NOT CHECKABLE: the sentence was not understood."))
    elif len(judged.figures) > 1:
        lines.append(Text(f"{VERDICTS[judged.verdict].upper()}: {_FIRST[judged.verdict]}"))
    for figure in judged.figures:
        lines += _figure(figure, definitions, alone=len(judged.figures) == 1, understood=judged.understood)
    if judged.read.unread:
        listed = ", ".join(f"`{word}`" for word in judged.read.unread)
        lines.append(Text(printable(f"Not understood: {listed}")))
    return lines


def _figure(figure: FigureJudged, definitions: Definitions, *, alone: bool, understood: bool) -> list[RenderableType]:
    judged = figure.judged
    head = "" if alone else f"{figure.read.text}: "
    lines: list[RenderableType] = []
    if understood or not alone:
        lines.append(Text(printable(f"{head}{VERDICTS[judged.verdict].upper()}: {CAUSES[judged.cause]}")))
    lines.append(Text(printable(judged.message)))
    if judged.true_sentence:
        lines.append(Text(printable(f"What the figures do support: {judged.true_sentence}")))
    if figure.read.claims:
        lines.append(Text(printable(f"Read as: {read_as(judged.claim, definitions)}")))
        lines.append(Text(printable(f"  {options_text(judged.claim)}")))
    lines += [Text(printable(f"Taken: {each}")) for each in figure.read.taken]
    lines += [
        Text(printable(f"It can also be read as: {read_as(each.claim, definitions)}: {VERDICTS[each.verdict]}"))
        for each in figure.rivals
    ]
    if figure.said_before:
        lines.append(Text(printable(f"Said before: {figure.said_before}")))
    sources = list(dict.fromkeys(source for step in judged.steps for source in step.reading.sources))
    lines += [Text(printable(f"From: {source}"), style="dim") for source in sources[:_MOST_SOURCES]]
    return lines
