"""Read the frozen sentences, and judge a sentence as a whole."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from iapt_audit.claims.known_figures import KnownFigures
from iapt_audit.definitions import load_default
from iapt_audit.sentences.judge import judge_text

if TYPE_CHECKING:
    from iapt_audit.sentences.said import SentenceJudged

DEFINITIONS = load_default()
BOOK = KnownFigures.of(DEFINITIONS)
CONSISTENT, CONTRADICTED, NOT_CHECKABLE = "consistent", "contradicted", "not_checkable"


class Sentence(NamedTuple):
    """A sentence with its verdict, worked out by hand."""

    verdict: str
    said_on: str
    text: str
    why: str


def frozen(name: str = "frozen_sentences.tsv") -> list[Sentence]:
    """Return the frozen sentences in their order."""
    path = Path(__file__).parents[1] / "claims" / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return [Sentence(*row) for row in rows]


def judged(text: str, said_on: str = "") -> list[SentenceJudged]:
    """Judge a text on the figures that ship."""
    return judge_text(text, BOOK, date.fromisoformat(said_on) if said_on else None)


def verdict(text: str, said_on: str = "") -> str:
    """Return the verdict of a text: what is wrong in it, else what is open, else that it fits."""
    found = {each.verdict.value for each in judged(text, said_on) if each.figures}
    return next(
        (each for each in (CONTRADICTED, NOT_CHECKABLE) if each in found), CONSISTENT if found else NOT_CHECKABLE
    )
