"""Judge a claim: hold its figure against every population that is published, and say of whom it is true."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iapt_audit.claims.causes import Cause
from iapt_audit.claims.judge_changes import judge_change
from iapt_audit.claims.judge_own_page import judge_own_page
from iapt_audit.claims.judge_standings import judge_share_of_organisations, judge_standing
from iapt_audit.claims.judge_surveys import judge_survey
from iapt_audit.claims.judge_trends import judge_extreme, judge_monotone, judge_rank
from iapt_audit.claims.judge_values import judge_value
from iapt_audit.claims.known_figures import FigurePlace
from iapt_audit.claims.measures import subject_of
from iapt_audit.claims.on_its_page import weigh
from iapt_audit.claims.slips import FigureQuery
from iapt_audit.claims.verdicts import JudgedClaim, not_checkable
from iapt_audit.definitions.quoted_figures import parse_quoted_figure
from iapt_audit.definitions.read_claims import faults_of
from iapt_audit.definitions.vocabulary import ComparisonKind
from iapt_audit.errors.base import ClaimError
from iapt_audit.model.columns import ENGLAND, Level, Verdict

if TYPE_CHECKING:
    from iapt_audit.claims.known_figures import KnownFigures
    from iapt_audit.definitions import Claim, Wording

_TRENDS = {
    ComparisonKind.EXTREME: judge_extreme,
    ComparisonKind.MONOTONE: judge_monotone,
    ComparisonKind.RANK: judge_rank,
}


def judge(claim: Claim, book: KnownFigures) -> JudgedClaim:
    """
    Judge a claim on the figures of a book.

    Raises:
        ClaimError: If the claim is not understood: all its faults at once, a figure that is none, an organisation that
            the figures do not hold.
    """
    # a claim of a statement was read with its definitions, and told its faults then
    faults = [] if claim.statement is not None else faults_of(claim, book.definitions)
    if faults:
        raise ClaimError.faults(claim.id, faults)
    judged = _sure_of_its_source(weigh(_judge(claim, book), book.definitions), book)
    statement = claim.statement
    if statement is not None and statement.correction and judged.verdict is Verdict.CONTRADICTED:
        judged = replace(judged, message=f"{judged.message} Corrected on the page: {_sentence(statement.correction)}")
    if statement is not None and not statement.wording_checked:
        told = f"{judged.message} This is judged on the wording as reported; its source has not been read."
        return replace(judged, verdict=Verdict.NOT_CHECKABLE, cause=Cause.WORDING_NOT_READ, slip=None, message=told)
    return judged


def _sure_of_its_source(judged: JudgedClaim, book: KnownFigures) -> JudgedClaim:
    """Say of a claim that fits only figures which were taken from its own page that it does."""
    statement = judged.claim.statement
    if statement is None or judged.verdict is not Verdict.CONSISTENT or not book.cites(statement.source.url):
        return judged
    without = weigh(_judge(judged.claim, book.without(statement.source.url)), book.definitions)
    if without.verdict is Verdict.CONSISTENT:
        return without
    message = f"{judged.message} That is its own page's figure; nothing else here confirms it."
    return replace(judged, cause=Cause.SAME_SOURCE, message=message)


def _judge(claim: Claim, book: KnownFigures) -> JudgedClaim:
    definitions = book.definitions
    comparison = definitions.lexicon.comparisons[claim.comparison]
    if comparison.kind is ComparisonKind.SURVEY or (claim.unpublished and claim.sample):
        return judge_survey(claim, definitions.lexicon.words)
    if claim.unpublished:
        return not_checkable(claim, Cause.NOT_IN_PUBLICATIONS, _sentence(claim.unpublished))
    place = _place(claim, book)
    if place is None:
        own = _own_page(claim, book)
        if own is not None:
            return own
        message = f"There are no figures here for {claim.org_name or claim.org}; add files that hold them with --data."
        return not_checkable(claim, Cause.NOT_IN_FIGURES, message)
    return _at(claim, place, comparison, book)


def _at(claim: Claim, place: FigurePlace, comparison: Wording, book: KnownFigures) -> JudgedClaim:
    counted = _as_counted(claim, place, book)
    if counted == claim:
        return _compared(claim, place, comparison, book)
    found = replace(_compared(counted, place, comparison, book), claim=claim)
    if found.verdict is not Verdict.CONTRADICTED or counted.measure == claim.measure:
        return found
    told = parse_quoted_figure(claim.figure, book.definitions.lexicon.words) if claim.figure else None
    if told is not None and all(told.low > step.reading.span.high for step in found.steps):
        # of so many referrals there can be fewer people, but not more
        return found
    message = f"{found.message} The number of people, each counted once, may be lower; it is not published."
    return replace(
        found, verdict=Verdict.NOT_CHECKABLE, cause=Cause.POPULATION_NOT_PUBLISHED, slip=None, message=message
    )


def _as_counted(claim: Claim, place: FigurePlace, book: KnownFigures) -> Claim:
    """Put what the publications count in place of what a claim names and they do not: referrals for people referred."""
    populations = book.definitions.populations
    named, measured = populations.get(claim.population), populations.get(claim.measure)
    if named is not None and named.counted_as:
        claim = replace(claim, population=named.counted_as, unit_named=claim.unit_named or "people")
    if measured is not None and measured.counted_as and not book.known(claim.measure, place):
        claim = replace(claim, measure=measured.counted_as, unit_named=claim.unit_named or "people")
    return claim


def _compared(claim: Claim, place: FigurePlace, comparison: Wording, book: KnownFigures) -> JudgedClaim:
    if comparison.kind is ComparisonKind.STANDING:
        return judge_standing(claim, place, comparison.sign, book)
    if comparison.kind is ComparisonKind.SHARE:
        return judge_share_of_organisations(claim, place, book)
    if comparison.kind in _TRENDS:
        subject = subject_of(claim.measure, None, book.definitions)
        return _TRENDS[comparison.kind](claim, subject, place, comparison.sign, book)
    told = parse_quoted_figure(claim.figure, book.definitions.lexicon.words)
    if comparison.kind is ComparisonKind.CHANGE:
        return judge_change(claim, told, place, comparison, book)
    return judge_value(claim, told, comparison.relation, place, book)


def _own_page(claim: Claim, book: KnownFigures) -> JudgedClaim | None:
    """Judge a claim about an organisation that the figures do not hold on the figures of its own page."""
    comparison = book.definitions.lexicon.comparisons[claim.comparison]
    if comparison.kind is not ComparisonKind.VALUE or not claim.figure:
        return None
    told = parse_quoted_figure(claim.figure, book.definitions.lexicon.words)
    place = FigurePlace(claim.period, claim.level, claim.org_name or claim.org, claim.breakdown)
    subject = subject_of(claim.measure, told.unit, book.definitions)
    return judge_own_page(claim, comparison.relation, FigureQuery(told, subject, claim.population, place, book))


def _place(claim: Claim, book: KnownFigures) -> FigurePlace | None:
    """Find the place of a claim; None if the figures do not hold the organisation."""
    if claim.org_name and claim.org == ENGLAND and claim.level != Level.ENGLAND:
        return None
    found = book.level_of(claim.org)
    if found is None:
        return None
    level, org = found
    if claim.level not in {Level.ENGLAND, level} and org != ENGLAND:
        level = claim.level
    return FigurePlace(claim.period, level, org, claim.breakdown)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith(".") else f"{text}."
