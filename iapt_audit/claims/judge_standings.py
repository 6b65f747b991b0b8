"""Judge whether a standard was met: by England or an organisation, by most organisations, by so many of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.claims.causes import Cause
from iapt_audit.claims.fit import Answer, Fit, answer, fit
from iapt_audit.claims.judge_trends import known_stretch
from iapt_audit.claims.measures import subject_of
from iapt_audit.claims.readings import Span
from iapt_audit.claims.sentences import relation_text, sentence, supported
from iapt_audit.claims.slips import readings_of
from iapt_audit.claims.verdicts import JudgedClaim, ReadingUsed, not_checkable
from iapt_audit.claims.wording import arithmetic, where
from iapt_audit.definitions.quoted_figures import QuotedFigure, Unit, parse_quoted_figure
from iapt_audit.definitions.vocabulary import Relation
from iapt_audit.model.columns import Standing, Verdict
from iapt_audit.model.periods import first_month, is_year

if TYPE_CHECKING:
    from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
    from iapt_audit.definitions import Claim, Standard

_HALF = 2


def judge_standing(claim: Claim, place: FigurePlace, sign: int, book: KnownFigures) -> JudgedClaim:
    """Return whether a standard was met, or missed, in a period or in every period of a stretch."""
    standard = book.definitions.standards[claim.standard]
    refused = _refused(claim, standard, place)
    if refused is not None:
        return refused
    unit = None if standard.number else Unit.PERCENTAGE
    subject = subject_of(standard.rate or standard.count, unit, book.definitions)
    level = Fraction(standard.number) if standard.number else Fraction(standard.percentage)
    told = QuotedFigure(standard.level, level, Fraction(0), subject.unit, 0)
    periods = known_stretch(place, claim.since, book) if claim.since else [place.period]
    answers = {
        period: answer(
            Relation(standard.direction),
            told,
            readings_of(subject, "", book, place.at(period)),
            book.definitions.lexicon,
        )
        for period in periods
        if _in_force(standard, period)
    }
    known = {period: each for period, each in answers.items() if each.readings}
    if place.period not in known:
        message = f"{where(place)}: there are no figures here for {subject.title.lower()}."
        return not_checkable(claim, Cause.NOT_IN_FIGURES, message)
    listed = "; ".join(
        f"{period}: {arithmetic(each.readings[0], subject, told, book.definitions, period)}"
        for period, each in known.items()
    )
    text = f"{where(place)}, {standard.title} ({standard.level}). {listed}."
    true = (
        sentence(subject, place, book)
        if subject.is_share
        else supported(subject, known[place.period].best, place, book)
    )
    steps = tuple(ReadingUsed(each.readings[0], _agrees(each, sign)) for each in known.values())
    found = _met(claim, known, text) if sign > 0 else _missed(claim, known, text)
    return replace(found, steps=steps, true_sentence=true)


def _agrees(found: Answer, sign: int) -> Fit:
    if sign > 0 or found.fit is Fit.MAYBE:
        return found.fit
    return Fit.NO if found.fit is Fit.YES else Fit.YES


def _missed(claim: Claim, known: dict[str, Answer], text: str) -> JudgedClaim:
    """Judge that a standard was missed."""
    met = [period for period, each in known.items() if each.fit is Fit.YES and not each.after_rounding]
    if met:
        return JudgedClaim(claim, Verdict.CONTRADICTED, Cause.WRONG_FIGURE, f"{text} It was met in {', '.join(met)}.")
    if any(each.fit is not Fit.NO for each in known.values()):
        return not_checkable(claim, Cause.ROUNDING, f"{text} It was met only after rounding, or cannot be determined.")
    return JudgedClaim(claim, Verdict.CONSISTENT, Cause.EXACT, f"{text} It was missed.")


def _met(claim: Claim, known: dict[str, Answer], text: str) -> JudgedClaim:
    """Judge that a standard was met, in every period."""
    missed = [period for period, each in known.items() if each.fit is Fit.NO]
    if missed:
        return JudgedClaim(
            claim, Verdict.CONTRADICTED, Cause.WRONG_FIGURE, f"{text} It was missed in {', '.join(missed)}."
        )
    open_ = next((each for each in known.values() if each.fit is Fit.MAYBE), None)
    if open_ is not None:
        cause = open_.why_not or Cause.ROUNDING
        return not_checkable(claim, cause, f"{text} These figures cannot show whether it was met.")
    rounded = [period for period, each in known.items() if each.after_rounding]
    if rounded:
        message = f"{text} It was met only after rounding in {', '.join(rounded)}: the counts fall short."
        return JudgedClaim(claim, Verdict.CONSISTENT, Cause.ROUNDED, message)
    return JudgedClaim(claim, Verdict.CONSISTENT, Cause.EXACT, f"{text} It was met.")


def _in_force(standard: Standard, period: str) -> bool:
    month = first_month(period)
    late = standard.in_force_to is not None and month > standard.in_force_to
    return month >= standard.in_force_from and not late and (is_year(period) or not standard.yearly)


def _refused(claim: Claim, standard: Standard, place: FigurePlace) -> JudgedClaim | None:
    if not standard.rate and not standard.count:
        message = f"{standard.title}: {standard.note}"
        return not_checkable(claim, Cause.NOT_IN_PUBLICATIONS, message)
    if not standard.confirmed:
        message = f"{standard.title}: {standard.note}"
        return not_checkable(claim, Cause.STANDARD_NOT_CONFIRMED, message)
    if not _in_force(standard, place.period):
        until = f" to {standard.in_force_to}" if standard.in_force_to else " on"
        kind = ", for financial years" if standard.yearly else ""
        message = (
            f"{standard.title} applied from {standard.in_force_from}{until}{kind}; {place.period} is outside that."
        )
        return not_checkable(claim, Cause.STANDARD_NOT_IN_FORCE, message)
    return None


def judge_share_of_organisations(claim: Claim, place: FigurePlace, book: KnownFigures) -> JudgedClaim:
    """Judge whether most organisations of a level met a standard, or so many of them, as far as the bounds allow."""
    standard = book.definitions.standards[claim.standard]
    refused = _refused(claim, standard, place)
    if refused is not None:
        return refused
    level = claim.level
    counted = _counted(standard, place.period, level, book)
    total = counted.total()
    if not total:
        message = (
            f"{place.period}: there are no figures here for organisations at {level} level; add files with --data."
        )
        return not_checkable(claim, Cause.NOT_IN_FIGURES, message)
    rounding = counted[Standing.MET_ONLY_AFTER_ROUNDING]
    met = Span(
        Fraction(counted[Standing.MET]), Fraction(counted[Standing.MET] + rounding + counted[Standing.UNDECIDED])
    )
    text = (
        f"{place.period}, {level}: of {total} with a figure, {counted[Standing.MET]} certainly met it "
        f"({standard.title}), "
        f"{rounding} only after rounding, {counted[Standing.NOT_MET]} did not, "
        f"{counted[Standing.UNDECIDED]} cannot be determined."
    )
    relation = book.definitions.lexicon.relation_of(claim.hedge)
    if claim.figure:
        told = parse_quoted_figure(claim.figure, book.definitions.lexicon.words)
        told = told.at(told.value * total / 100) if told.unit is Unit.PERCENTAGE else told
        figure = relation_text(relation, claim.figure)
    else:
        relation, figure = Relation.MORE_THAN, "more than half"
        told = QuotedFigure("half", Fraction(total, _HALF), Fraction(0), Unit.NUMBER, 0)
    found = fit(relation, told, met, book.definitions.lexicon)
    if found is Fit.YES:
        return JudgedClaim(claim, Verdict.CONSISTENT, Cause.EXACT if claim.figure else Cause.HEDGED, text)
    if found is Fit.NO:
        return JudgedClaim(
            claim, Verdict.CONTRADICTED, Cause.WRONG_FIGURE, f"{text} {figure.capitalize()} does not fit."
        )
    return not_checkable(claim, Cause.ROUNDING, f"{text} The figures cannot show whether it was {figure}.")


def _counted(standard: Standard, period: str, level: str, book: KnownFigures) -> Counter[str]:
    """Count the organisations of a level by their standing, as the gate lets it out."""
    if book.audit is None:
        return Counter()
    rows = book.audit.headline.filter(
        (pl.col("period") == period) & (pl.col("level") == level) & (pl.col("standard") == standard.id)
    )
    return Counter(rows["standing"].drop_nulls().cast(pl.String).to_list())
