"""Judge a figure by itself: a share over every population that is published, a number, a mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from iapt_audit.claims.causes import Cause, Sameness
from iapt_audit.claims.fit import Answer, Fit, answer, fit
from iapt_audit.claims.judge_own_page import judge_own_page
from iapt_audit.claims.measures import subject_of
from iapt_audit.claims.readings import Span, read_number, read_share
from iapt_audit.claims.sentences import relation_text, sentence, supported
from iapt_audit.claims.slips import FigureQuery, digits, slips
from iapt_audit.claims.verdicts import JudgedClaim, ReadingUsed, not_checkable
from iapt_audit.claims.wording import another_run, arithmetic, decimal, of_whom, where
from iapt_audit.definitions.quoted_figures import QuotedFigure, Unit, as_share
from iapt_audit.definitions.vocabulary import Relation
from iapt_audit.errors.base import ClaimError
from iapt_audit.model.columns import Level, Verdict
from iapt_audit.model.periods import is_year

if TYPE_CHECKING:
    from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
    from iapt_audit.claims.measures import ClaimedMeasure
    from iapt_audit.definitions import Claim, Definitions

#: The relations that a figure of another population can explain: "over 40%" is true of every narrower one.
_OF_ANY_POPULATION = {Relation.EQUAL, Relation.ABOUT, Relation.BELOW, Relation.ABOVE}
#: A number of so few digits fits another count by chance too easily.
_DIGITS_OF_A_COUNT = 3
_DIGITS_OF_A_HEDGED_COUNT = 2
#: A number of so many digits was taken from somewhere, whatever word stands before it.
_DIGITS_OF_A_PRECISE_NUMBER = 5
_MOST_PER_CENT = 100
#: That a number is a product of others is no ground to call it wrong where another run of it may give it.
_MAY_BE_CHANCE = {None, "rate_of_others", "from_the_target"}
_REASONS = {
    Cause.ROUNDING: "The figures are rounded: {told} may or may not be right.",
    Cause.SUPPRESSION: "A count it depends on is suppressed, so {told} may or may not be right.",
    Cause.FIGURES_DISAGREE: (
        "The published figure and the counts beside it cannot both be right, so {told} cannot be checked."
    ),
    Cause.OTHER_RUN: (
        "The figures come from different runs, from months added up or from a second-hand source, so they prove "
        "nothing "
        "about {told}."
    ),
    Cause.HOW_NEAR_UNSAID: "Nothing says how near {told} must be.",
}


@dataclass(frozen=True, slots=True)
class ValueQuery:
    """A claim's figure, how it is set against what is published, of what, where, and in which book."""

    claim: Claim
    told: QuotedFigure
    relation: Relation
    place: FigurePlace
    subject: ClaimedMeasure
    book: KnownFigures

    @property
    def definitions(self) -> Definitions:
        """Return the definitions of the book."""
        return self.book.definitions

    @property
    def figure(self) -> str:
        """Write the figure with how it was told."""
        return relation_text(self.relation, self.claim.figure)

    @property
    def edges(self) -> tuple[Fraction, ...]:
        """Return the figures that a share must not read like if it is another: the edge of a bound."""
        is_bound = self.relation not in {Relation.EQUAL, *self.definitions.lexicon.hedges}
        return (self.told.value,) if is_bound and self.told.unit is Unit.PERCENTAGE else ()

    @property
    def named(self) -> str:
        """Return the population that the claim names, or else the official one."""
        return self.claim.population or self.subject.official

    def over(self, population: str) -> Answer:
        """Hold the figure against the share over a population."""
        readings = read_share(self.subject, population, self.book, self.place)
        return answer(self.relation, self.told, readings, self.definitions.lexicon)

    def written(self, found: Answer) -> str:
        """Write the arithmetic of what was found; a value that is not the figure must not read like it."""
        if found.best is None:
            return "nothing is published"
        fits = found.fit is Fit.YES and self.relation is Relation.EQUAL and not found.after_rounding
        return arithmetic(found.best, self.subject, self.told, self.definitions, self.place.period, fits=fits)

    def with_lesser(self, true_sentence: str, own: Answer) -> str:
        """Add what another run gives where the claim turns on which is meant: the first alone would decide it."""
        if own.lesser is None or not true_sentence:
            return true_sentence
        told = arithmetic(own.lesser, self.subject, self.told, self.definitions, self.place.period)
        return f"{true_sentence} By {another_run(own.lesser)}: {told}."

    def people(self, population: str) -> str:
        """Name the referrals of a population, whatever the period."""
        known = self.definitions.populations.get(population)
        return known.of_whom if known is not None else self.subject.of_whom


def judge_value(
    claim: Claim, told: QuotedFigure, relation: Relation, place: FigurePlace, book: KnownFigures
) -> JudgedClaim:
    """
    Judge a figure by itself.

    Raises:
        ClaimError: If a percentage is told of what is no share.
    """
    unit = told.unit if told.unit is Unit.PERCENTAGE else _unit_unsaid(claim, told, book)
    if told.unit is Unit.NUMBER and unit is None and claim.measure in book.definitions.rates:
        # a bare number of a rate is a percentage, unless only the number of referrals fits
        found = _judge_as(claim, told, relation, place, book, None)
        counted = _judge_as(claim, told, relation, place, book, Unit.NUMBER)
        found = counted if _better(counted, found) else found
        shared = _judge_as_share(claim, told, relation, place, book)
        return shared if shared is not None and found.verdict is not Verdict.CONSISTENT else found
    return _judge_as(claim, told, relation, place, book, unit)


def _judge_as_share(
    claim: Claim, told: QuotedFigure, relation: Relation, place: FigurePlace, book: KnownFigures
) -> JudgedClaim | None:
    """Judge a bare number of at most 1 as a share of one, which 0.508 for 50.8% is, and say so."""
    share = as_share(told)
    if share is None:
        return None
    found = _judge_as(claim, share, relation, place, book, None)
    read = f"{told.text} is read as a share, {decimal(share.value)}%."
    return replace(found, message=f"{found.message} {read}")


def _better(one: JudgedClaim, other: JudgedClaim) -> bool:
    """Return whether one reading of a bare number speaks more for a claim than another."""
    order = [Verdict.CONSISTENT, Verdict.NOT_CHECKABLE, Verdict.CONTRADICTED]
    return bool(one.steps) and order.index(one.verdict) < order.index(other.verdict)


def _judge_as(  # noqa: PLR0913, PLR0917 - a claim with its figure, and the unit that it is read in
    claim: Claim, told: QuotedFigure, relation: Relation, place: FigurePlace, book: KnownFigures, unit: Unit | None
) -> JudgedClaim:
    subject = subject_of(claim.measure, unit, book.definitions)
    if subject.unit is Unit.PERCENTAGE and told.unit is Unit.NUMBER:
        told = replace(told, unit=Unit.PERCENTAGE, half_width=Fraction(1, 2 * 10**told.decimals))
    if subject.unit is Unit.NUMBER and told.unit is Unit.PERCENTAGE:
        raise ClaimError.unit(claim.figure, claim.measure, "a number")
    question = ValueQuery(claim, told, relation, place, subject, book)
    return _with_own_page(_share(question) if subject.is_share else _number(question), question)


def _unit_unsaid(claim: Claim, told: QuotedFigure, book: KnownFigures) -> Unit | None:
    """Take a bare figure of a rate for a percentage, unless it is greater than any percentage can be."""
    return Unit.NUMBER if claim.measure in book.definitions.rates and told.value > _MOST_PER_CENT else None


def _share(question: ValueQuery) -> JudgedClaim:
    subject = question.subject
    names = tuple(dict.fromkeys((question.named, subject.official, *subject.populations)))
    answers = {name: question.over(name) for name in names}
    others = [name for name, each in answers.items() if each.fit is Fit.YES and name != question.named]
    if question.relation not in _OF_ANY_POPULATION:
        others = [name for name in others if name == subject.official]
    own = answers[question.named]
    if own.fit is Fit.YES:
        found = _fits(question, own)
    elif own.fit is Fit.UNKNOWN:
        found = _unknown(question, answers, others)
    elif own.fit is Fit.MAYBE:
        found = _open(question, answers, others)
    else:
        found = _misses(question, answers, others)
    return replace(
        found,
        steps=tuple(
            ReadingUsed(reading, answers[name].agrees) for name in names for reading in answers[name].readings[:1]
        ),
        unread=tuple(name for name in names if answers[name].fit is Fit.UNKNOWN),
        true_sentence=question.with_lesser(sentence(subject, question.place, question.book, question.edges), own),
    )


def _fits(question: ValueQuery, own: Answer) -> JudgedClaim:
    claim, subject = question.claim, question.subject
    message = f"{where(question.place)}: {question.written(own)}."
    cause = Cause(own.how) if own.how is not None else Cause.EXACT
    if own.other_run:
        firm = next(each for each in own.readings if each.slack == 1)
        told = arithmetic(firm, subject, question.told, question.definitions, question.place.period)
        message += f" That is {another_run(own.readings[0])}; the publisher gives {told}."
    if own.after_rounding:
        message += f" {claim.figure} is reached only after rounding: the counts fall short of it."
    if subject.is_share and own.best is not None and own.best.cohort is Sameness.OTHER:
        message += " Many of those in the denominator end in a later period."
    if subject.is_share and not claim.population and len(subject.populations) > 1:
        cause = cause if own.after_rounding else Cause.POPULATION_UNSAID
        message += f" The claim does not say of whom; this is for {question.people(question.named)}."
    if (
        claim.unit_named
        and (subject.is_share or subject.count is not None)
        and not subject.measure.startswith("people")
    ):
        message += f" The publication counts referrals, not {claim.unit_named}: one person can be referred twice."
    return JudgedClaim(
        claim, Verdict.CONSISTENT, cause, message, true_of=(question.named or None) if subject.is_share else None
    )


def _unknown(question: ValueQuery, answers: dict[str, Answer], others: list[str]) -> JudgedClaim:
    claim = question.claim
    anything = any(each.readings for each in answers.values())
    cause = Cause.POPULATION_NOT_PUBLISHED if claim.population and anything else Cause.NOT_IN_FIGURES
    title = question.subject.title
    message = (
        f"{where(question.place)}: {title[0].lower()}{title[1:]}, for {question.people(question.named)}: "
        "not in the figures here."
    )
    if others:
        message += f" {claim.figure} fits another population: {question.written(answers[others[0]])}."
    return not_checkable(claim, cause, message)


def _open(question: ValueQuery, answers: dict[str, Answer], others: list[str]) -> JudgedClaim:
    own = answers[question.named]
    cause = own.why_not or Cause.ROUNDING
    message = _cannot_tell(question, own, cause)
    if question.claim.population and others:
        message += f" It fits another population: {question.written(answers[others[0]])}."
    return not_checkable(question.claim, cause, message)


def _misses(question: ValueQuery, answers: dict[str, Answer], others: list[str]) -> JudgedClaim:
    """Say of a figure that surely does not fit the population it names whether it fits another, or none."""
    claim, subject, own = question.claim, question.subject, answers[question.named]
    text = question.written(own)
    people = of_whom(subject, question.named, question.definitions, question.place.period)
    if others and not claim.population:
        message = (
            f"{where(question.place)}: {question.written(answers[others[0]])}. The claim does not say of "
            f"whom; for the official population, {people}, the figure is different: {text}."
        )
        return JudgedClaim(claim, Verdict.CONSISTENT, Cause.POPULATION_UNSAID, message, true_of=others[0])
    if others:
        message = (
            f"{where(question.place)}: for the population that the claim names, {people}, the figure is different: "
            f"{text}."
            f"{margin_text(own, question.definitions)} "
            f"{question.figure.capitalize()} fits {question.people(others[0])}: {question.written(answers[others[0]])}."
        )
        return JudgedClaim(claim, Verdict.CONTRADICTED, Cause.WRONG_POPULATION, message, true_of=others[0])
    official = answers.get(subject.official, own)
    margin = margin_text(own, question.definitions)
    if question.named != subject.official and official.readings:
        text += f"; for the official population, {question.written(official)}"
    message = f"{where(question.place)}: {text}. {question.figure.capitalize()} does not fit.{margin}"
    doubtful = [name for name, each in answers.items() if each.agrees == Fit.MAYBE and name != question.named]
    if doubtful and not claim.population and question.relation in _OF_ANY_POPULATION:
        cause = answers[doubtful[0]].why_not or Cause.ROUNDING
        return not_checkable(claim, cause, f"{message} For {question.people(doubtful[0])} it cannot be determined.")
    return _wrong(question, own, message)


def _cannot_tell(question: ValueQuery, own: Answer, cause: Cause) -> str:
    text = f"{where(question.place)}: {question.written(own)}."
    if own.lesser is not None:
        other = arithmetic(own.lesser, question.subject, question.told, question.definitions, question.place.period)
        return (
            f"{text} By that figure, {question.figure} does not fit. By {another_run(own.lesser)}, it does: {other}. "
            "The claim does not say which it means."
        )
    reason = other_cohort_text(own, question) if cause is Cause.OTHER_COHORT else _REASONS[cause]
    return f"{text} {reason.replace('{told}', question.figure)}"


def other_cohort_text(own: Answer, question: ValueQuery) -> str:
    """Say why a ratio of two counts of other referrals proves nothing: where no factor holds, or within it."""
    factor = own.best.slack if own.best is not None else None
    if factor is not None:
        return (
            "Many of those in the denominator end in a later period; from one of England's years to the next the "
            f"numbers change by less than {decimal(factor)} times, so within that they prove nothing about {{told}}."
        )
    if question.place.level == Level.ENGLAND and is_year(question.place.period):
        why = "the numbers of the years beside it are not known here, or are half as many again, so"
    else:
        why = "in one service, one month or one group a backlog alone can make their ratio anything, so"
    return f"Many of those in the denominator end in a later period; {why} it proves nothing about {{told}}."


def margin_text(own: Answer, definitions: Definitions) -> str:
    """
    Say by which factor of ours a figure is called wrong, where the publisher's own figures alone do not say so.

    It starts with a blank, and is empty where no factor decides.
    """
    best = own.best
    if best is None or best.slack is None or best.slack == 1:
        return ""
    low, high = best.span.low / best.slack, best.span.high * best.slack
    is_share = best.denominator is not None or best.by_print is not None
    between = f"{decimal(low)} to {decimal(high)}%" if is_share else f"{floor(low):,} to {ceil(high):,}"
    if best.cohort is Sameness.OTHER:
        return (
            f" Many of those in the denominator end in a later period, so a figure is only called wrong if it is "
            f"outside {between}, a factor of {decimal(best.slack)} either way; both counts differ by less from "
            "those of "
            "neighbouring years."
        )
    factor = decimal(Fraction(definitions.other_run_factor), 3)
    return (
        f" One of these counts is from another run or a second-hand source, so a figure is only called wrong if "
        f"it is outside {between}, a factor of {factor} either way; two runs of a year differ by less."
    )


def _wrong(question: ValueQuery, own: Answer, message: str) -> JudgedClaim:
    precise = question.relation is Relation.EQUAL or digits(question.told) >= _DIGITS_OF_A_PRECISE_NUMBER
    found = None
    if precise and not question.told.vague:
        asked = FigureQuery(question.told, question.subject, question.claim.population, question.place, question.book)
        found = next(slips(asked, own.readings), None)
    if found is not None:
        message += f" {found.sentence}"
    return JudgedClaim(
        question.claim, Verdict.CONTRADICTED, Cause.WRONG_FIGURE, message, slip=found.name if found else None
    )


def _number(question: ValueQuery) -> JudgedClaim:
    """Judge a number of referrals, or a figure that is published without counts."""
    subject, place = question.subject, question.place
    own = answer(
        question.relation, question.told, read_number(subject, question.book, place), question.definitions.lexicon
    )
    if own.fit is Fit.YES:
        found = _fits(question, own)
    elif own.fit is Fit.MAYBE:
        cause = own.why_not or Cause.ROUNDING
        found = not_checkable(question.claim, cause, _cannot_tell(question, own, cause))
    else:
        found = _another_number(question, own)
    steps = tuple(ReadingUsed(reading, own.agrees) for reading in own.readings[:1])
    true = question.with_lesser(supported(subject, own.best, place, question.book), own)
    return replace(found, steps=steps, true_sentence=true)


def _another_number(question: ValueQuery, own: Answer) -> JudgedClaim:
    claim = question.claim
    siblings = _siblings(question)
    if own.fit is Fit.UNKNOWN:
        message = f"{where(question.place)}: there is no number for it in the figures here ({question.subject.title})."
        if siblings:
            message += f" {claim.figure} fits another: {siblings[0][1]}."
        return not_checkable(claim, Cause.NOT_IN_FIGURES, message)
    opening = f"{where(question.place)}: {question.written(own)}."
    if siblings:
        margin = margin_text(own, question.definitions)
        message = f"{opening} {question.figure.capitalize()} is another number: {siblings[0][1]}.{margin}"
        if _may_count_people(question, own):
            doubt = (
                f"The claim counts {claim.unit_named}, which the publication does not: so many {claim.unit_named} "
                "can have "
                "more referrals."
            )
            return not_checkable(claim, Cause.POPULATION_NOT_PUBLISHED, f"{message} {doubt}")
        return JudgedClaim(claim, Verdict.CONTRADICTED, Cause.WRONG_POPULATION, message, true_of=siblings[0][0])
    margin = margin_text(own, question.definitions)
    message = f"{opening} {question.figure.capitalize()} does not fit.{margin}"
    found = _wrong(question, own, message)
    if found.slip in _MAY_BE_CHANCE and _may_be_of_another_run(question, own):
        doubt = "Another run of the year, such as its twelve months added up, can differ from it by as much."
        return not_checkable(claim, Cause.OTHER_RUN, f"{message} {doubt}")
    return found


def _may_count_people(question: ValueQuery, own: Answer) -> bool:
    """Return whether a number is of people and less than that of referrals, of which one person can have several."""
    if not question.claim.unit_named or question.subject.measure.startswith("people"):
        return False
    return all(reading.span.low > question.told.high for reading in own.readings)


def _may_be_of_another_run(question: ValueQuery, own: Answer) -> bool:
    """Return whether a year's number is near enough to be another run of it, such as the sum of its months."""
    if question.subject.count is None or not is_year(question.place.period):
        return False
    factor = Fraction(question.definitions.other_run_factor)
    loose = [Span(each.span.low / factor, each.span.high * factor) for each in own.readings]
    return any(
        fit(question.relation, question.told, span, question.definitions.lexicon) is not Fit.NO for span in loose
    )


def _siblings(question: ValueQuery) -> list[tuple[str, str]]:
    """Return the populations whose number the figure is, with their arithmetic: the number of others told of these."""
    enough = _DIGITS_OF_A_COUNT if question.relation is Relation.EQUAL else _DIGITS_OF_A_HEDGED_COUNT
    subject, book = question.subject, question.book
    if subject.count is None or question.relation not in _OF_ANY_POPULATION or digits(question.told) < enough:
        return []
    found = []
    for name, population in question.definitions.populations.items():
        if str(population.formula) == str(subject.count):
            continue
        other = subject_of(name, Unit.NUMBER, question.definitions)
        readings = read_number(other, book, question.place)
        there = answer(question.relation, question.told, readings, question.definitions.lexicon)
        if there.fit is Fit.YES and there.best is not None:
            text = arithmetic(there.best, other, question.told, question.definitions, question.place.period)
            found.append((name, text))
    return found


def _with_own_page(found: JudgedClaim, question: ValueQuery) -> JudgedClaim:
    """Judge on the figures of the claim's own page where no others are here, and say what they give where they are."""
    asked = FigureQuery(question.told, question.subject, question.claim.population, question.place, question.book)
    own = judge_own_page(question.claim, question.relation, asked)
    if own is None:
        return found
    if found.cause in {Cause.NOT_IN_FIGURES, Cause.POPULATION_NOT_PUBLISHED}:
        return replace(own, unread=found.unread)
    return replace(found, steps=(*found.steps, *own.steps))
