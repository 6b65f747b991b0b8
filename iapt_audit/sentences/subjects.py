"""Say what a figure is of, and of whom, from the events that it is told with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iapt_audit.definitions.sentence_model import WordKind
from iapt_audit.sentences.clauses import words_of
from iapt_audit.sentences.items import FIGURE, WAIT, Item, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iapt_audit.definitions.sentence_model import Event
    from iapt_audit.sentences.items import Figure, Wait
    from iapt_audit.sentences.tokens import Token

_OUTCOME = 6
_WAIT_RANK = 7
_RELATIVE = {"who", "that", "those", "whom", "whose"}
#: Populations that are of another cohort than an outcome: a number of these is not a part of a number of those.
_OTHER_COHORT = {"referred", "entered_treatment"}
_MEASURES_OF_WAITS = {
    # days, treatment: the measure of finished courses, and over another population
    (42, "first"): ("first_treatment_6_weeks", ""),
    (126, "first"): ("first_treatment_18_weeks", ""),
    (28, "first"): ("", "entered_28_days"),
    (90, "first"): ("", "entered_90_days"),
    (28, "second"): ("finished_second_treatment_28_days", "second_treatment_28_days"),
    (90, "second"): ("finished_second_treatment_over_90_days", "second_treatment_over_90_days"),
}
_OVER = {
    "finished_second_treatment_28_days": "finished_second_treatment_over_28_days",
    "second_treatment_28_days": "second_treatment_over_28_days",
}
_ALREADY_OVER = {"finished_second_treatment_over_90_days", "second_treatment_over_90_days"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a figure can be of (measure and population, the likeliest first), and why it is of nothing."""

    readings: tuple[tuple[str, str], ...] = ()
    why_not: str = ""
    #: What is said where a count is told of another cohort.
    otherwise: str = ""
    is_rate: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """The events that a figure is told with: what it is of, the others, and what else says of whom."""

    of: Item | None
    whom: tuple[Item, ...]
    widened: bool
    average: bool
    why_not: str = ""

    @property
    def found(self) -> bool:
        """Return whether the figure is told with anything."""
        return self.of is not None


def told_with(
    items: Sequence[Item], figure: Item, events: Mapping[str, Event], tokens: Sequence[Token], *, share: bool
) -> Told:
    """Find what a figure is of among the events of its part of the sentence."""
    here = [each for each in items if each.kind in {WordKind.EVENT, WAIT}]
    here = _without_plain_referrals(here)
    widened = any(each.kind == WordKind.WIDENED for each in items)
    average = any(each.kind == WordKind.AVERAGE for each in items)
    if not here:
        return Told(None, (), widened, average)
    ranked = sorted(here, key=lambda each: -_rank(each, events))
    of = ranked[0]
    names = {(each.value, each.negated, each.wait) for each in here if _rank(each, events) >= _OUTCOME}
    if len(names) > 1:
        return Told(of, (), widened, average, "two outcomes stand beside one figure")
    whom = tuple(each for each in here if (each.value, each.wait) != (of.value, of.wait))
    if share and _is_of_whom(of, figure, here, items, tokens):
        return Told(of, whom, widened, average, "it is told of those to whom it happened")
    return Told(of, whom, widened, average)


def _rank(item: Item, events: Mapping[str, Event]) -> int:
    return _WAIT_RANK if item.wait is not None else events[item.value].rank


def _without_plain_referrals(items: list[Item]) -> list[Item]:
    """Leave out the bare word `referrals` where another event says which; it is then only what is counted."""
    others = [each for each in items if each.value != "referrals"]
    return others or items


def _is_of_whom(of: Item, figure: Item, here: list[Item], items: Sequence[Item], tokens: Sequence[Token]) -> bool:
    """Return whether a share is of those to whom its own event happened: `half of those who recovered were men`."""
    if of.start < figure.end:
        return False
    before = [each for each in items if figure.end <= each.start < of.start and each.kind != WordKind.WIDENED]
    relatives = [each.start for each in before if set(words_of(each, tokens)) & _RELATIVE]
    if not relatives:
        return False
    last = relatives[-1]
    between = [each for each in here if last < each.start < of.start]
    return not between and any(
        words_of(each, tokens)[-1:] == ["of"] for each in items if figure.end <= each.start <= last
    )


def subject(  # noqa: PLR0911 - one exit a case
    told: Told, figure: Figure, events: Mapping[str, Event], tokens: Sequence[Token]
) -> Subject:
    """Return what a figure can be of, and of whom."""
    if told.of is None:
        return Subject(why_not="it does not say what the figure is of")
    if told.why_not:
        return Subject(why_not=told.why_not)
    share = figure.unit in {Unit.PERCENTAGE, Unit.FRACTION}
    populations = _populations(told, events)
    if populations is None:
        return Subject(why_not="of whom it is told was not understood")
    if told.of.wait is not None:
        return _of_wait(told.of.wait, populations, share=share, negated=told.of.negated)
    event = events[told.of.value]
    if told.average or event.mean:
        return _of_mean(event, told, populations, share=share)
    if share or _is_bare_rate(told.of, figure, tokens):
        return _of_share(event, told, populations, bare=not share)
    return _of_number(event, told, populations)


def _is_bare_rate(of: Item, figure: Figure, tokens: Sequence[Token]) -> bool:
    number = figure.number.replace(",", "")
    small = bool(number) and all(part.isdecimal() for part in number.split(".")) and float(number) <= 100  # noqa: PLR2004 - per cent
    return small and bool(set(words_of(of, tokens)) & {"rate", "rates", "recovery", "improvement", "deterioration"})


def _populations(told: Told, events: Mapping[str, Event]) -> tuple[str, ...] | None:  # noqa: PLR0911 - one exit a case
    """Return the populations that the other events can name, None if they name none that is read."""
    names = {events[each.value].population or each.value for each in told.whom if each.wait is None}
    bare = any(each.value == "referrals" for each in told.whom)
    if any(each.wait is not None or each.negated for each in told.whom):
        return None
    raw = {each.value for each in told.whom}
    if told.widened:
        return ("finished",) if raw <= {"finished", "at_caseness", "referrals"} else None
    if not names:
        return ("",)
    if "finished" in raw:
        if raw & {"at_caseness", "eligible"}:
            return (
                ("finished_at_caseness", "at_caseness")
                if raw <= {"finished", "at_caseness", "eligible", "entered", "referrals"}
                else None
            )
        return ("finished",) if raw <= {"finished", "entered", "referred", "referrals", "ended", "sessions"} else None
    if raw & {"at_caseness", "eligible"}:
        return (
            ("finished_at_caseness", "at_caseness")
            if raw <= {"at_caseness", "eligible", "referrals", "entered"} and told.of is not None
            else None
        )
    if raw == {"referrals"} or bare:
        return ("", "referred")
    if raw <= {"referred", "entered"} and "entered" in raw:
        return ("entered_treatment",)
    return tuple(names) if len(names) == 1 else None


def _of_wait(wait: Wait, populations: tuple[str, ...], *, share: bool, negated: bool) -> Subject:
    if wait.days not in {days for days, _ in _MEASURES_OF_WAITS}:
        return Subject(why_not=f"a wait of {wait.days} days is not in the figures")
    found = _MEASURES_OF_WAITS.get((wait.days, wait.treatment))
    if found is None:
        return Subject(why_not=f"a wait of {wait.days} days for that treatment is not in the figures")
    finished, other = found
    beyond = wait.beyond is not negated
    readings: list[tuple[str, str]] = []
    for population in populations:
        if finished and population in {"", "finished"}:
            readings.append((_turned(finished, beyond=beyond), "finished" if population else ""))
        if finished.startswith("first_treatment") and population in {"entered_treatment", "referred"}:
            readings.append((_turned(finished, beyond=beyond), population))
        if other and population in {"", "entered_treatment", "second_treatment"}:
            readings.append((_turned(other, beyond=beyond), ""))
    if not readings:
        return Subject(why_not="that wait is not published of those it is told of")
    if not share and any(measure.startswith("not_") for measure, _ in readings):
        return Subject(why_not="the number of the others is not published")
    return Subject(tuple(readings))


def _turned(measure: str, *, beyond: bool) -> str:
    if measure in _ALREADY_OVER:
        return measure if beyond else f"not_{measure}"
    if not beyond:
        return measure
    return _OVER.get(measure, f"not_{measure}")


def _of_mean(event: Event, told: Told, populations: tuple[str, ...], *, share: bool) -> Subject:
    if not event.mean or share or not told.average:
        return Subject(
            why_not="what it is an average of was not understood"
            if told.average
            else "sessions are only told on average"
        )
    raw = {each.value for each in told.whom}
    if raw - {"finished", "referrals"} or told.of is None or told.of.negated:
        return Subject(why_not="of whom the average is told was not understood")
    del populations
    return Subject(((event.mean, ""),))


def _of_share(event: Event, told: Told, populations: tuple[str, ...], *, bare: bool) -> Subject:
    if not event.share:
        return Subject(why_not="no share of it is published")
    if event.id in {"referred", "referrals"} or (event.rank <= 3 and not told.whom):  # noqa: PLR2004 - those that say of whom
        return Subject(why_not="it does not say what of them")
    negated = told.of is not None and told.of.negated
    measure = f"not_{event.share}" if negated else event.share
    return Subject(tuple((measure, population) for population in populations), is_rate=bare)


def _of_number(event: Event, told: Told, populations: tuple[str, ...]) -> Subject:
    if told.of is not None and told.of.negated:
        return Subject(why_not="the number of the others is not published")
    if not event.number:
        return Subject(why_not="no number of it is published")
    cohort = next((each for each in populations if each in _OTHER_COHORT), "")
    otherwise = ""
    if cohort and event.id not in {"referred", "referrals", "entered"}:
        otherwise = (
            "Of those referred or treated in one year many finish in the next, so their own number is not published."
        )
    if event.id == "finished" and {each.value for each in told.whom} & {"at_caseness", "eligible"}:
        return Subject((("finished_at_caseness", ""), ("at_caseness", "")))
    if event.id == "at_caseness":
        return Subject((("finished_at_caseness", ""), ("at_caseness", "")))
    if event.id == "finished" and told.widened:
        return Subject((("finished", ""),))
    return Subject(((event.number, ""),), otherwise=otherwise)


def with_negations(items: Sequence[Item]) -> list[Item]:
    """Join a denial with the event that it denies, at most two words on; others stay, and are not passed over."""
    found = list(items)
    at = 0
    while at < len(found):
        if found[at].kind == WordKind.NEGATION:
            for after in range(at + 1, min(at + 4, len(found))):
                if found[after].kind in {WordKind.EVENT, WAIT} and not found[after].negated:
                    found[after] = replace(found[after], negated=True)
                    del found[at]
                    at -= 1
                    break
                if found[after].kind != WordKind.NOTHING or found[after].kind == FIGURE:
                    break
        at += 1
    return found
