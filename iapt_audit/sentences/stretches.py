"""Read what is said of standards and of stretches: a target met or missed, a record, every year, in no year."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iapt_audit.definitions.sentence_model import WordKind
from iapt_audit.model.periods import is_year, moved, stretch
from iapt_audit.sentences.clauses import Role, clauses, words_of
from iapt_audit.sentences.items import FIGURE, Item, Unit
from iapt_audit.sentences.said import FigureRead
from iapt_audit.sentences.subjects import subject, told_with

if TYPE_CHECKING:
    from iapt_audit.sentences.sentence import Sentence

#: From this rank on an event is an outcome.
_OUTCOME = 9
_COUNTS = {"number", "numbers", "people", "patients", "many"}
_AND_SO = {"two": 2, "second": 2, "third": 3, "three": 3, "fourth": 4, "four": 4, "fifth": 5, "five": 5}


def measured(said: Sentence) -> tuple[tuple[str, str], ...] | None:
    """Say what a sentence without a figure of it is about: its measure and population."""
    from iapt_audit.sentences.items import Figure

    events = said.reader.lexicon.events
    whole = Item(0, 0, FIGURE)
    counted = any(set(words_of(each, said.tokens)) & _COUNTS for each in said.items) or any(
        each.kind == WordKind.BEFORE for each in said.items
    )
    told = told_with(said.items, whole, events, said.tokens, share=False)
    if told.of is None or told.why_not:
        return None
    rate = bool(set(words_of(told.of, said.tokens)) & {"rate", "rates", "recovery", "improvement", "deterioration"})
    unit = Unit.PERCENTAGE if (rate or told.of.wait is not None) and not counted else Unit.NUMBER
    found = subject(told, Figure("", unit), events, said.tokens)
    return found.readings or None


def _period(said: Sentence) -> str:
    """Return the one period that a sentence is of."""
    times = said.times
    if times.last:
        return times.last
    if len(times.plain) == 1 and times.plain[0].period is not None and times.plain[0].period.choices:
        return times.plain[0].period.choices[0]
    if not times.items and said.context.periods:
        return said.context.periods[0]
    return ""


def standing(said: Sentence) -> None:
    """Read that a standard was met or missed."""
    marks = [item for item in said.items if item.kind in {WordKind.MET, WordKind.MISSED}]
    targets = [item for item in said.items if item.kind == WordKind.TARGET]
    if not targets:
        _bounds(said, marks)
        return
    if len(marks) != 1:
        return
    mark = marks[0]
    amounts = [each for each in clauses(said.items, said.tokens) if each.role is Role.TARGET]
    denials = [item for item in said.items if item.kind == WordKind.NEGATION]
    names = _standards(said, amounts[0].figure if amounts else None)
    place = FigureRead(said.written(mark), *said.span(mark))
    period = _period(said)
    said.use(mark, *targets, *denials, *(each.figure for each in amounts))
    said.use(*(item for item in said.items if item.kind in {WordKind.EVERY_YEAR, WordKind.ANY_YEAR}))
    if len(denials) > 1 or not names or not period:
        why = "which standard it is was not understood" if not names else "it names no period"
        said.found.append(replace(place, why_not="a denial was not understood" if len(denials) > 1 else why))
        return
    met = (mark.kind == WordKind.MET) is not bool(denials)
    for name in names:
        claim = said.claim(standard=name, period=period,
            comparison="met_standard" if met else "missed_standard", since=said.times.first
        )  # fmt: skip
        if not met and claim.since:
            # missed in every year of a stretch, or in some of them: not said
            claim = replace(
                claim, otherwise="Whether it is said to have been missed in each of these years is not clear."
            )
        said.found.append(replace(place, claims=(claim,)))


def _standards(said: Sentence, figure: Item | None) -> list[str]:
    """Return the standards that are meant: by their figure, or by what they are of."""
    definitions = said.reader.definitions
    words = {word for item in said.items for word in words_of(item, said.tokens)}
    rates = {_rate(item) for item in said.items if item.kind == "wait"} | _named(said)
    asked = figure.figure.number if figure is not None and figure.figure is not None else ""
    durations = {
        item.figure.text for item in said.items if item.figure is not None and item.figure.unit is Unit.DURATION
    }
    for text in durations:
        rates |= {"first_treatment_6_weeks"} if text.startswith(("6 ", "six ")) else set()
        rates |= {"first_treatment_18_weeks"} if text.startswith(("18 ", "eighteen ")) else set()
        said.use(*(item for item in said.items if item.figure is not None and item.figure.text == text))
    found = []
    for name, standard in definitions.standards.items():
        if not standard.rate or not standard.percentage:
            continue
        fits = (
            standard.rate in rates
            if rates
            else (
                asked == str(standard.percentage)
                or (not asked and "waiting" in words and standard.rate.startswith("first_treatment"))
            )
        )
        if fits and (not asked or asked == str(standard.percentage)):
            found.append(name)
    return found if len(found) == 1 or "waiting" in words else []


def _rate(item: Item) -> str:
    days = item.wait.days if item.wait is not None else 0
    return {42: "first_treatment_6_weeks", 126: "first_treatment_18_weeks"}.get(days, "")


def _named(said: Sentence) -> set[str]:
    events = said.reader.lexicon.events
    found = {
        events[item.value].share
        for item in said.items
        if item.kind == WordKind.EVENT and events[item.value].rank >= _OUTCOME
    }
    for item in said.items:
        words = words_of(item, said.tokens)
        if item.kind == WordKind.TARGET and "recovery" in words:
            found.add("recovery")
    return found


def _bounds(said: Sentence, marks: list[Item]) -> None:
    """Read `exceeded 50%` and `fell below 50%` as more and less than it, `achieved 52%` as it."""
    for mark in marks:
        at = said.items.index(mark)
        following = said.items[at + 1] if at + 1 < len(said.items) else None
        words = words_of(mark, said.tokens)
        if set(words) & {"achieved", "achieve", "achieves", "met"} and "failed" not in words:
            if "met" not in words:
                said.use(mark)
            continue
        if following is None or following.figure is None or following.figure.comparison != "is":
            continue
        less = mark.kind == WordKind.MISSED and "below" in words
        more = mark.kind == WordKind.MET and set(words) & {
            "beat",
            "beats",
            "exceeded",
            "exceed",
            "exceeds",
            "surpassed",
            "passed",
        }
        if less or more:
            said.items[at + 1] = replace(
                following, figure=replace(following.figure, comparison="less_than" if less else "more_than")
            )
            said.use(mark)


def stretched(said: Sentence) -> None:
    """Read a record, a rise in every year, and a level kept or never reached in a stretch of years."""
    kinds = {item.kind for item in said.items}
    if WordKind.HIGHEST in kinds or WordKind.LOWEST in kinds or WordKind.BEFORE in kinds:
        _extreme(said)
    elif kinds & {WordKind.EVERY_YEAR, WordKind.IN_A_ROW} and kinds & {WordKind.UP, WordKind.DOWN}:
        _monotone(said)
    elif kinds & {WordKind.EVERY_YEAR, WordKind.ANY_YEAR} or _is_never(said):
        _kept(said)


def _is_never(said: Sentence) -> bool:
    """Return whether something is denied of a whole stretch: `since 2017-18 it has never fallen below 49%`."""
    denials = [item for item in said.items if item.kind == WordKind.NEGATION]
    words = {word for item in denials for word in words_of(item, said.tokens)}
    return bool(said.times.first) and bool(words & {"never", "once"})


def _extreme(said: Sentence) -> None:
    marks = [item for item in said.items if item.kind in {WordKind.HIGHEST, WordKind.LOWEST, WordKind.BEFORE}]
    words = {word for item in said.items for word in words_of(item, said.tokens)}
    more = [item for item in said.items if words_of(item, said.tokens) in (["more"], ["fewer"])]
    about, period = measured(said), _period(said)
    place = FigureRead(said.written(marks[0]), *said.span(marks[0]))
    if (
        about is None
        or not period
        or (marks[0].kind == WordKind.BEFORE and not more)
        or len(marks) > 1
        or "first" in words
    ):
        said.found.append(replace(place, why_not="of what, or when, it is the highest or lowest was not understood"))
        said.use(*marks)
        return
    low = marks[0].kind == WordKind.LOWEST or (more and words_of(more[0], said.tokens) == ["fewer"])
    said.use(*marks, *more)
    since = said.times.first
    claim = said.claim(comparison="lowest" if low else "highest",
        measure=about[0][0], population=about[0][1], period=period, since=since
    )  # fmt: skip
    said.found.append(replace(place, claims=(claim,)))


def _monotone(said: Sentence) -> None:
    marks = [item for item in said.items if item.kind in {WordKind.EVERY_YEAR, WordKind.IN_A_ROW}]
    moves = [item for item in said.items if item.kind in {WordKind.UP, WordKind.DOWN}]
    about, period = measured(said), _period(said)
    since = said.times.first
    place = FigureRead(said.written(moves[0]), *said.span(moves[0]))
    if marks[0].kind == WordKind.IN_A_ROW and period:
        index = said.items.index(marks[0])
        before = [word for item in said.items[max(0, index - 3) : index] for word in words_of(item, said.tokens)]
        years = next((_AND_SO[word] for word in before if word in _AND_SO), 0)
        said.use(
            *(item for item in said.items[max(0, index - 3) : index] if set(words_of(item, said.tokens)) & set(_AND_SO))
        )
        since = moved(period, -years) if years and is_year(period) else ""
    said.use(*marks, *moves)
    denied = any(item.kind == WordKind.NEGATION for item in said.items)
    if about is None or not period or not since or len(moves) > 1 or denied:
        said.found.append(replace(place, why_not="what is said to have changed, or since when, was not understood"))
        return
    claim = said.claim(comparison="rose_every_year" if moves[0].kind == WordKind.UP else "fell_every_year",
        measure=about[0][0], population=about[0][1], period=period, since=since
    )  # fmt: skip
    said.found.append(replace(place, claims=(claim,)))


def _kept(said: Sentence) -> None:
    """Read `has not reached 50% in any year from 2013-14 to 2024-25` as a claim of each of these years."""
    marks = [item for item in said.items if item.kind in {WordKind.EVERY_YEAR, WordKind.ANY_YEAR}]
    figures = [item for item in said.items if item.kind == FIGURE]
    denials = [item for item in said.items if item.kind == WordKind.NEGATION]
    downs = [item for item in said.items if item.kind == WordKind.DOWN]
    first, last = said.times.first, said.times.last
    if len(figures) != 1 or len(denials) > 1 or not first or not last or not is_year(first) or not is_year(last):
        return
    figure = figures[0].figure
    about = measured(said)
    place = FigureRead(said.written(figures[0]), *said.span(figures[0]))
    comparison = figure.comparison if figure is not None else ""
    anywhere = not marks or marks[0].kind == WordKind.ANY_YEAR
    if (
        anywhere is not bool(denials)
        or about is None
        or figure is None
        or figure.unit not in {Unit.PERCENTAGE, Unit.FRACTION}
    ):
        return
    if denials:
        comparison = {"is": "at_least", "more_than": "more_than", "less_than": "less_than", "at_least": "at_least"}.get(
            comparison, ""
        )
        comparison = {"at_least": "less_than", "more_than": "at_most", "less_than": "at_least"}.get(comparison, "")
        if downs and figure.comparison == "is":
            comparison = ""
    if not comparison or (downs and figure.comparison != "less_than"):
        return
    said.use(*marks, *denials, *downs, figures[0])
    for year in stretch([first, last]):
        claim = said.claim(comparison=comparison, figure=figure.text,
            measure=about[0][0], population=about[0][1], period=year
        )  # fmt: skip
        said.found.append(replace(place, claims=(claim,)))
