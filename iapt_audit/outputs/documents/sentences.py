"""Make the JSON of judged sentences: one object a sentence, with where it stands in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.outputs.documents.claims import claims_document
from iapt_audit.sentences.judge import named
from iapt_audit.sentences.told import options_text, read_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.definitions import Definitions
    from iapt_audit.outputs.documents.json_text import Json
    from iapt_audit.sentences.said import FigureJudged, SentenceJudged


def sentences_document(judged: Sequence[SentenceJudged], definitions: Definitions) -> Json:
    """Return the document of judged sentences: their claims as everywhere, and each sentence with its offsets."""
    claims = named(judged)
    document = claims_document(claims, definitions)
    ids = iter(each.claim.id for each in claims)
    document["sentences"] = [_sentence(each, [next(ids) for _ in each.figures], definitions) for each in judged]
    return document


def _sentence(judged: SentenceJudged, ids: Sequence[str], definitions: Definitions) -> Json:
    read = judged.read
    return {
        "text": read.text,
        "start": read.start,
        "end": read.end,
        "verdict": judged.verdict.value,
        "understood": judged.understood,
        "unread": list(read.unread),
        "figures": [_figure(each, name, definitions) for each, name in zip(judged.figures, ids, strict=True)],
    }


def _figure(figure: FigureJudged, name: str, definitions: Definitions) -> Json:
    read = figure.read
    return {
        "claim": name,
        "text": read.text,
        "start": read.start,
        "end": read.end,
        "verdict": figure.judged.verdict.value,
        "cause": figure.judged.cause.value,
        "read_as": read_as(figure.judged.claim, definitions) if read.claims else None,
        "options": options_text(figure.judged.claim) if read.claims else None,
        "taken_from": list(read.taken),
        "not_understood": read.why_not or None,
        "message": figure.judged.message,
        "rivals": [
            {
                "read_as": read_as(each.claim, definitions),
                "options": options_text(each.claim),
                "verdict": each.verdict.value,
                "cause": each.cause.value,
                "message": each.message,
            }
            for each in figure.rivals
        ],
        "said_before": figure.said_before or None,
    }
