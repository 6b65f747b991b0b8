"""Judge sentences: each figure by its kindest reading, and a sentence by its figures."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from iapt_audit.claims.causes import Cause
from iapt_audit.claims.judge import judge
from iapt_audit.claims.verdicts import JudgedClaim, not_checkable
from iapt_audit.definitions import Claim
from iapt_audit.definitions.read_claims import faults_of
from iapt_audit.definitions.read_sentences import load_sentence_lexicon
from iapt_audit.errors.base import ClaimError
from iapt_audit.model.columns import Verdict
from iapt_audit.sentences.plain import plain
from iapt_audit.sentences.read import read_sentence
from iapt_audit.sentences.read_items import Reader
from iapt_audit.sentences.said import FigureJudged, FigureRead, SentenceJudged, SentenceRead
from iapt_audit.sentences.sentence import Context
from iapt_audit.sentences.tokens import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from iapt_audit.claims.known_figures import KnownFigures

#: What may be a period, in a sentence of which none was read.
_TIME = re.compile(r"(?:19|20)[0-9]{2}|\b(?:year|month|quarter|decade|today|now|since|pandemic)", re.IGNORECASE)
_KINDEST = [Verdict.CONSISTENT, Verdict.NOT_CHECKABLE, Verdict.CONTRADICTED]


def judge_text(text: str, book: KnownFigures, said_on: date | None = None) -> list[SentenceJudged]:
    """
    Judge every sentence of a text that tells a figure.

    Args:
        text: One sentence or more, with or without markup.
        book: The figures to judge on.
        said_on: The day on which it was said, for `last year`.
    """
    definitions = book.definitions
    reader = Reader(load_sentence_lexicon(definitions), definitions, said_on)
    whole = plain(text)
    latest = max((each for each in book.periods(years=True)), default="2024-25")
    context, read = Context(latest=latest), []
    for start, end in sentences(whole.text):
        read.append(read_sentence(whole, start, end, reader, context))
        context = _after(context, read[-1])
    return [judge_read(each, book) for each in read]


def _after(context: Context, read: SentenceRead) -> Context:
    """Return what the sentences after one take from it: the period that it names, if it names just one."""
    named = {claim.period for figure in read.figures if not figure.taken for claim in figure.claims if claim.period}
    if len(named) != 1:
        # of two periods, or one that was not read, nobody knows which is meant further down
        return replace(context, periods=(), taken_from="") if named or _TIME.search(read.text) else context
    return replace(context, periods=tuple(named), taken_from="the sentences before")


def judge_read(read: SentenceRead, book: KnownFigures) -> SentenceJudged:
    """Judge a sentence as it was read."""
    figures = _of_one_population(tuple(_judge_figure(each, book, read) for each in read.figures), book)
    understood = bool(figures) and any(each.read.claims or each.read.outside for each in figures)
    return SentenceJudged(read, figures, _together(figures, read), understood)


def _of_one_population(figures: tuple[FigureJudged, ...], book: KnownFigures) -> tuple[FigureJudged, ...]:
    """
    Hold the two ends of a change against one population, where none is named.

    Each alone fits any population that has it; `fell from 52.1% to 48.1%` tells both of the same.
    """
    ends = [each for each in figures if each.read.is_end and each.judged.verdict is Verdict.CONSISTENT]
    unsaid = [each for each in ends if not each.judged.claim.population and each.judged.true_of]
    fitting = list(dict.fromkeys(str(each.judged.true_of) for each in unsaid))
    if len(unsaid) < 2 or len(fitting) < 2:  # noqa: PLR2004 - a change has two ends
        return figures
    tried = {name: [_judge(replace(each.judged.claim, population=name), book) for each in unsaid] for name in fitting}
    if any(all(found.verdict is not Verdict.CONTRADICTED for found in all_) for all_ in tried.values()):
        return figures
    again = dict(zip(map(id, unsaid), tried[fitting[0]], strict=True))
    return tuple(replace(each, judged=again[id(each)]) if id(each) in again else each for each in figures)


def _together(figures: tuple[FigureJudged, ...], read: SentenceRead) -> Verdict:
    """Say what holds of a sentence: what is wrong in it, else what is open, else that it fits."""
    verdicts = {each.judged.verdict for each in figures}
    if Verdict.CONTRADICTED in verdicts:
        return Verdict.CONTRADICTED
    if not verdicts or read.unread or Verdict.NOT_CHECKABLE in verdicts:
        return Verdict.NOT_CHECKABLE
    return Verdict.CONSISTENT


def _judge_figure(read: FigureRead, book: KnownFigures, sentence: SentenceRead) -> FigureJudged:
    if not read.claims:
        cause = Cause.NOT_IN_PUBLICATIONS if read.outside else Cause.NOT_UNDERSTOOD
        bare = Claim(id="claim", text=sentence.text, comparison="is", figure="")
        message = read.why_not if read.outside else f"`{read.text}` was not read: {read.why_not}."
        return FigureJudged(read, not_checkable(bare, cause, message))
    judged = [_judge(claim, book) for claim in read.claims]
    ranked = sorted(judged, key=lambda each: _KINDEST.index(each.verdict))
    return FigureJudged(read, ranked[0], tuple(each for each in judged if each is not ranked[0]))


def _judge(claim: Claim, book: KnownFigures) -> JudgedClaim:
    if faults_of(claim, book.definitions):
        message = "; ".join(text for _, text, _ in faults_of(claim, book.definitions))
        return not_checkable(claim, Cause.NOT_UNDERSTOOD, f"It was not understood: {message}.")
    try:
        return judge(claim, book)
    except ClaimError as error:
        return not_checkable(claim, Cause.NOT_UNDERSTOOD, str(error).partition("\n")[0])


def named(judged: Iterable[SentenceJudged]) -> list[JudgedClaim]:
    """Return the claims of judged sentences with ids that are their own: `s1.1`, of the first sentence the first."""
    found = []
    for order, sentence in enumerate(judged, 1):
        for at, figure in enumerate(sentence.figures, 1):
            each = figure.judged
            found.append(replace(each, claim=replace(each.claim, id=f"s{order:04d}.{at:02d}")))
    return found
