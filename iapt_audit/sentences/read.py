"""Read one sentence: words to claims, by what stands beside each figure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iapt_audit.definitions.sentence_model import WordKind
from iapt_audit.model.columns import TOTAL
from iapt_audit.model.periods import is_year, moved
from iapt_audit.sentences.clauses import Clause, Role, clauses, words_of
from iapt_audit.sentences.items import FIGURE, PERIOD, SIGN, STOP, WAIT, Item, Unit
from iapt_audit.sentences.read_items import Reader, read_items
from iapt_audit.sentences.said import FigureRead, SentenceRead
from iapt_audit.sentences.sentence import Context, Sentence
from iapt_audit.sentences.stretches import measured, standing, stretched
from iapt_audit.sentences.subjects import Subject, Told, subject, told_with, with_negations
from iapt_audit.sentences.times import When, times, when
from iapt_audit.sentences.tokens import tokens as split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.definitions import Claim
    from iapt_audit.sentences.plain import Plain

#: From this rank on an event is an outcome.
_OUTCOME = 6
_SHARES = {Unit.PERCENTAGE, Unit.FRACTION}


def read_sentence(text: Plain, start: int, end: int, reader: Reader, context: Context) -> SentenceRead:
    """Read a sentence of a plain text into the claims that it can be."""
    tokens = split(text.text, start, end)
    items = with_negations(read_items(tokens, reader))
    items = [item for item in items if item.kind != SIGN or item.value in {"(", "-"}]
    whole = SentenceRead(text.text[start:end], *text.part(start, end))
    outside = next((item.value for item in items if item.kind == WordKind.OUTSIDE), "")
    has_figure = any(item.kind in {FIGURE, WordKind.ALL, WordKind.NONE} for item in items)
    said = Sentence(text, start, end, tokens, items, reader, context, times(items, tokens, context.latest))
    if outside:
        place = FigureRead(whole.text, whole.start, whole.end, why_not=outside, outside=True)
        return replace(whole, figures=(place,))
    standing(said)
    stretched(said)
    _levels(said)
    unread = _unread(said)
    if not said.found and not has_figure:
        return replace(whole, unread=unread)
    if unread:
        said.found = [replace(each, claims=(), why_not=each.why_not or _unread_text(unread)) for each in said.found]
    return replace(whole, figures=tuple(said.found), unread=unread)


def _unread_text(unread: Sequence[str]) -> str:
    listed = ", ".join(f"`{word}`" for word in unread[:8])
    return f"these words were not understood: {listed}"


def _unread(said: Sentence) -> tuple[str, ...]:
    """Return the words that no reading took in and that may change what is meant."""
    silent = {
        WordKind.NOTHING, WordKind.PEOPLE, WordKind.UNIT, WordKind.EVENT, WordKind.BOUNDARY, WordKind.AVERAGE,
        WordKind.WIDENED, WordKind.BETWEEN, WordKind.SINCE, WordKind.YEAR_AFTER, WordKind.YEAR_BEFORE, WordKind.ROW,
        PERIOD, FIGURE, WAIT, SIGN, STOP,
    }  # fmt: skip
    found = []
    for at, item in enumerate(said.items):
        if item.figure is not None and item.figure.text.startswith("every "):
            # a number is then one of so many, and no count
            found.append(item.figure.text)
            continue
        if item.kind in silent or item.start in said.used:
            continue
        if item.kind == WordKind.ALL and _is_no_quantity(said, at):
            continue
        if item.kind == WordKind.COMPARISON and item.value == "is":
            continue
        found.append(said.written(item))
    return tuple(dict.fromkeys(found))


def _is_no_quantity(said: Sentence, at: int) -> bool:
    """Return whether `all` only widens what a figure is told of: `47.9% of all who finished`."""
    return any(item.kind == FIGURE for item in said.items[:at]) or any(item.kind == FIGURE for item in said.items[at:])


def _levels(said: Sentence) -> None:
    """Make a claim of every figure."""
    all_ = clauses(said.items, said.tokens)
    everyone = _everyone(said) if not all_ else None
    if everyone is not None:
        all_ = [everyone]
    for order, clause in enumerate(all_):
        if clause.figure.start in said.used or clause.role is Role.TARGET:
            continue
        said.found.append(_figure(said, clause, order, all_))
    _factors(said)
    _directions(said, all_)


def _everyone(said: Sentence) -> Clause | None:
    """Read `all`, `every`, `nobody` as a figure, where the sentence has no other."""
    from iapt_audit.sentences.items import Figure

    found = [item for item in said.items if item.kind in {WordKind.ALL, WordKind.NONE}]
    found = found or [item for item in said.items if item.kind == WordKind.WIDENED and item.start == 0]
    if len(found) != 1:
        return None
    told = Figure("100%", Unit.PERCENTAGE, "100", "at_least")
    if found[0].kind == WordKind.NONE:
        told = Figure("0%", Unit.PERCENTAGE, "0", "at_most")
    said.use(found[0])
    figure = replace(found[0], kind=FIGURE, figure=told)
    return Clause(
        figure, Role.LEVEL, [item for item in said.items if item is not found[0] or item.kind == WordKind.WIDENED]
    )


def _figure(said: Sentence, clause: Clause, order: int, all_: Sequence[Clause]) -> FigureRead:
    item = clause.figure
    ends = any(each.role is Role.BEFORE for each in all_) and clause.role in {Role.LEVEL, Role.BEFORE}
    place = FigureRead(said.written(item), *said.span(item), is_end=ends)
    figure = item.figure
    if figure is None or clause.role is Role.UNREAD:
        return replace(place, why_not=f"what `{place.text}` is a figure of was not understood")
    if clause.role is not Role.AMOUNT and figure.unit is Unit.PERCENTAGE and _beyond_a_hundred(figure.number):
        return replace(place, why_not="no share is more than a hundred per cent")
    told = _told(said, clause, order, all_)
    if clause.role is Role.AMOUNT:
        figure = replace(figure, unit=_unit_of_change(told, clause, said))
    if clause.role is Role.AMOUNT and _may_be_either(told, clause, said):
        return replace(place, why_not="whether the share changed so, or the number, is not said")
    about = subject(told, figure, said.reader.lexicon.events, said.tokens)
    if about.why_not:
        return replace(place, why_not=about.why_not)
    at = when(clause, order, all_, said.times, (said.context.periods, said.context.taken_from))
    if at.why_not or not at.periods:
        return replace(place, why_not=at.why_not or "it names no period")
    taken = (f"{at.periods[0]} from {at.taken_from}",) if at.taken_from else ()
    return replace(place, claims=tuple(_claims(said, clause, about, at, told)), taken=taken)


def _may_be_either(told: Told, clause: Clause, said: Sentence) -> bool:
    """Return whether a change in per cent can be of a share and of a number: `waits of six weeks rose by 5%`."""
    figure = clause.figure.figure
    if told.of is None or figure is None or figure.unit not in _SHARES:
        return False
    words = {word for item in [*clause.items, told.of] for word in words_of(item, said.tokens)}
    outcome = told.of.wait is not None or said.reader.lexicon.events[told.of.value].rank >= _OUTCOME
    plain = {"number", "numbers", "rate", "rates", "share", "proportion", "percentage", "recovery", "improvement"}
    return outcome and not words & plain


def _unit_of_change(told: Told, clause: Clause, said: Sentence) -> Unit:
    """Say if what changed is a share or a number: a rate, an outcome or a wait is a share unless it is counted."""
    if told.of is None:
        return Unit.PERCENTAGE
    words = {word for item in clause.items for word in words_of(item, said.tokens)}
    rank = 9 if told.of.wait is not None else said.reader.lexicon.events[told.of.value].rank
    figure = clause.figure.figure
    bare = figure is not None and figure.unit is Unit.NUMBER
    counted = bool(words & {"number", "numbers"}) or (bare and not words & {"rate", "rates"})
    return Unit.NUMBER if rank < _OUTCOME or counted else Unit.PERCENTAGE


def _told(said: Sentence, clause: Clause, order: int, all_: Sequence[Clause]) -> Told:
    """Find what a figure is of: in its own part, or else as the figure beside it."""
    events = said.reader.lexicon.events
    figure = clause.figure.figure
    share = figure is not None and figure.unit in _SHARES
    if clause.role is Role.BASE:
        items = _whom_of_base(clause, said)
    else:
        own_event = any(item.kind in {WordKind.EVENT, WAIT} for item in clause.items)
        # a number with no event of its own is not one of those that a base names: `30% of 1.8 million were under 25`
        base = clause.base.items if clause.base is not None and (share or own_event) else ()
        items = [*base, *clause.items]
    items = _with_improved(items, said, share=share)
    own = told_with(items, clause.figure, events, said.tokens, share=share)
    if own.found and (own.whom or not _only_whom(own, events, share=share)):
        return own
    if not share and not own.found and not _goes_with_a_change(order, all_):
        return own
    for other in [*reversed(all_[:order]), *all_[order + 1 :]]:
        if other.role in {Role.TARGET, Role.UNREAD, Role.BASE}:
            continue
        there = told_with(
            _with_improved(other.items, said, share=share), other.figure, events, said.tokens, share=False
        )
        if there.found and not there.why_not and there.of is not own.of:
            if own.found and own.of is not None:
                return (
                    replace(there, whom=(*((own.of,)), *own.whom))
                    if there.of is not None and own.of.value != there.of.value
                    else own
                )
            return there
    return own


def _goes_with_a_change(order: int, all_: Sequence[Clause]) -> bool:
    """Return whether a number is one end of a change, so that it is of the same as the figure beside it."""
    roles = {each.role for each in all_[max(0, order - 1) : order + 2]}
    return bool(roles & {Role.AMOUNT, Role.BEFORE})


def _beyond_a_hundred(number: str) -> bool:
    return number.replace(".", "", 1).isdecimal() and float(number) > 100  # noqa: PLR2004 - per cent


def _whom_of_base(clause: Clause, said: Sentence) -> list[Item]:
    del said
    return list(clause.items)


def _only_whom(told: Told, events: object, *, share: bool) -> bool:
    """Return whether a share is only told with those of whom it is."""
    from iapt_audit.definitions.sentence_model import Event

    if told.of is None or told.of.wait is not None or not share or not isinstance(events, dict):
        return False
    event = events[told.of.value]
    return isinstance(event, Event) and event.rank <= 3  # noqa: PLR2004 - those that say of whom


def _with_improved(items: Sequence[Item], said: Sentence, *, share: bool) -> list[Item]:
    """Read `improved` as the outcome where a share is told with nothing else: `67% of those who finished improved`."""
    found = list(items)
    events = said.reader.lexicon.events
    high = any(each.wait is not None or (each.kind == WordKind.EVENT and events[each.value].rank > 5) for each in found)  # noqa: PLR2004 - an outcome
    if not share or high:
        return found
    for at, item in enumerate(found):
        if item.kind == WordKind.UP and words_of(item, said.tokens) in (["improved"], ["improve"], ["improving"]):
            found[at] = replace(item, kind=WordKind.EVENT, value="reliably_improved")
            said.use(item)
            break
    return found


def _claims(said: Sentence, clause: Clause, about: Subject, at: When, told: Told) -> list[Claim]:
    figure = clause.figure.figure
    if figure is None:
        return []
    text = figure.text
    comparison, since, hedge = figure.comparison, "", ""
    if clause.role is Role.AMOUNT:
        share = _is_share(about.readings[0][0], said)
        points = figure.unit is Unit.POINTS or (figure.unit is Unit.NUMBER)
        comparison = f"{'up' if clause.sign > 0 else 'down'}_{'points' if points else 'percent'}"
        if figure.unit is Unit.POINTS and not share:
            return []
        hedge = figure.comparison if figure.comparison != "is" else ""
        since = at.since
        text = figure.number if points and figure.number else figure.text
        for item in clause.items:
            if item.kind in {WordKind.UP, WordKind.DOWN}:
                said.use(item)
    people = any(item.kind == WordKind.PEOPLE for item in [*clause.items, *(clause.base.items if clause.base else ())])
    rows = {item.value for item in clause.items if item.kind == WordKind.ROW}
    otherwise = about.otherwise
    if clause.role is Role.AMOUNT and not since and _compares(clause, said):
        otherwise = "With which period it is compared is not said."
    if at.guessed:
        otherwise = "With which period it is compared is not said."
    made = []
    for period in at.periods:
        for measure, population in about.readings:
            made += [
                said.claim(comparison=comparison, figure=text,
                    measure=measure, population=population, period=period, since=since, hedge=hedge,
                    breakdown=next(iter(rows)) if len(rows) == 1 else TOTAL,
                    unit_named="people" if people else "", otherwise=otherwise
                )
            ]  # fmt: skip
    del told
    return made


def _compares(clause: Clause, said: Sentence) -> bool:
    """Return whether an amount is one of a comparison, which needs the other side: `5% higher`, `3,000 more`."""
    words = {
        word
        for item in clause.items
        if item.kind in {WordKind.UP, WordKind.DOWN}
        for word in words_of(item, said.tokens)
    }
    return bool(words & {"higher", "lower", "more", "fewer", "less", "greater"})


def _is_share(measure: str, said: Sentence) -> bool:
    definitions = said.reader.definitions
    return measure in definitions.rates or measure.startswith("not_")


def _factors(said: Sentence) -> None:
    """Read `doubled` and `halved` as a change of about so many per cent."""
    amounts = {
        WordKind.DOUBLED: ("up_percent", "100%"),
        WordKind.TRIPLED: ("up_percent", "200%"),
        WordKind.HALVED: ("down_percent", "50%"),
    }
    for item in said.items:
        told = amounts.get(WordKind(item.kind)) if item.kind in set(WordKind) else None
        if told is None:
            continue
        about, period, since = measured(said), said.times.last, said.times.first
        place = FigureRead(said.written(item), *said.span(item))
        said.use(item)
        if about is None or not period or not since:
            said.found.append(replace(place, why_not="of what, or between which years, was not understood"))
            continue
        claims = [
            said.claim(
                comparison=told[0], figure=told[1], hedge="about", measure=measure, population=population,
                period=period, since=since,
            )
            for measure, population in about
        ]  # fmt: skip
        said.found.append(replace(place, claims=tuple(claims)))


def _directions(said: Sentence, all_: Sequence[Clause]) -> None:
    """Make a claim of a direction that no amount goes with: `fell to 51.1%`, `rose between 2017-18 and 2018-19`."""
    left = [item for item in said.items if item.kind in {WordKind.UP, WordKind.DOWN} and item.start not in said.used]
    levels = [clause for clause in all_ if clause.role is Role.LEVEL]
    for item in left:
        about = next((each for each in said.found if each.claims and each.claims[0].measure), None)
        first = about.claims[0] if about is not None else _bare_direction(said)
        if first is None:
            continue
        since = said.times.first or said.times.base
        befores = [clause for clause in all_ if clause.role is Role.BEFORE]
        guessed = not since and not befores
        period = said.times.last if said.times.first else first.period
        if levels and about is not None and not said.times.first:
            told = [
                each for each in said.found if each.claims and (each.start, each.end) == said.span(levels[-1].figure)
            ]
            period = told[0].claims[0].period if told else period
        if befores and not since:
            told = [
                each for each in said.found if each.claims and (each.start, each.end) == said.span(befores[0].figure)
            ]
            since = told[0].claims[0].period if told else ""
        if not since and (is_year(period) or len(period) == 7):  # noqa: PLR2004 - a month
            since = moved(period, -1)
        if not since:
            continue
        claim = replace(
            first, comparison="up_points" if item.kind == WordKind.UP else "down_points", figure="0",
            hedge="more_than", period=period, since=since, unit_named="",
            otherwise="With which year it is compared is not said." if guessed else "",
        )  # fmt: skip
        said.use(item)
        said.found.append(FigureRead(said.written(item), *said.span(item), claims=(claim,)))


def _bare_direction(said: Sentence) -> Claim | None:
    """Make what a direction is of, of a sentence without figures."""
    about = measured(said)
    period = said.times.last or (
        said.times.plain[0].period.choices[0] if len(said.times.plain) == 1 and said.times.plain[0].period else ""
    )
    if about is None or not period:
        return None
    return said.claim(comparison="up_points", figure="0",
        measure=about[0][0], population=about[0][1], period=period
    )  # fmt: skip
