"""Say which period each figure of a sentence is of, and with which it is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iapt_audit.definitions.sentence_model import WordKind
from iapt_audit.model.periods import is_year, moved
from iapt_audit.sentences.clauses import Clause, Role, words_of
from iapt_audit.sentences.items import PERIOD, Period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.sentences.items import Item
    from iapt_audit.sentences.tokens import Token

#: How long a month is written.
_MONTH = len("2026-02")
_COMPARED = {"on", "than", "against", "versus", "vs"}


@dataclass(frozen=True, slots=True)
class When:
    """
    Which periods a figure can be of, the likeliest first, and the one that it is compared with.

    `taken_from` says where they were taken from if the figure does not name them itself; `guessed` marks a period of
    comparison that nobody names.
    """

    periods: tuple[str, ...] = ()
    since: str = ""
    why_not: str = ""
    taken_from: str = ""
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """The periods of a sentence: each with what it does, and the first and last of a stretch."""

    items: tuple[Item, ...]
    plain: tuple[Item, ...]
    first: str = ""
    last: str = ""
    base: str = ""
    unread: str = ""


def times(items: Sequence[Item], tokens: Sequence[Token], latest: str) -> Times:
    """Sort out the periods of a sentence; `latest` is the year up to which `since` goes where it names no end."""
    found = [(at, item) for at, item in enumerate(items) if item.kind == PERIOD and item.period is not None]
    unread = next((item.period.written for _, item in found if item.period is not None and not item.period.choices), "")
    plain, first, last, base = [item for _, item in found], "", "", ""
    for order, (at, item) in enumerate(found):
        lead = _lead(items, at, tokens)
        following = found[order + 1] if order + 1 < len(found) else None
        if lead in {"between", "from"} and following is not None and _joined(items, at, following[0], tokens):
            first, last = _choice(item), _choice(following[1])
            plain = [each for each in plain if each not in {item, following[1]}]
        elif lead == "since":
            first = _choice(item)
            plain.remove(item)
        elif lead in _COMPARED and item in plain and len(found) > 1:
            base = _choice(item)
            plain.remove(item)
    if first and not last:
        last = _choice(plain[0]) if len(plain) == 1 else latest
    return Times(tuple(item for _, item in found), tuple(plain), first, last, base, unread)


def _choice(item: Item) -> str:
    return item.period.choices[0] if item.period is not None and item.period.choices else ""


def _lead(items: Sequence[Item], at: int, tokens: Sequence[Token]) -> str:
    """Return the word before a period that says what it does there."""
    for item in reversed(items[max(0, at - 3) : at]):
        words = words_of(item, tokens)
        if item.kind == WordKind.SINCE or "since" in words[-1:]:
            return "since"
        if item.kind == WordKind.BETWEEN:
            return "between"
        if words[-1:] == ["from"]:
            return "from"
        if (words[-1:] and words[-1] in {"on", "than", "against", "versus", "vs"}) or words[:1] == ["compared"]:
            return words[0] if words[0] in _COMPARED else "on"
        if not set(words) <= {"the", "in", "year", "with", "to", "of", "that", "for"} or words[-1:] == ["of"]:
            return ""
    return ""


def _joined(items: Sequence[Item], one: int, other: int, tokens: Sequence[Token]) -> bool:
    words = [word for item in items[one + 1 : other] for word in words_of(item, tokens)]
    return words in (["and"], ["to"], ["until"], ["up", "to"], ["-"], ["and", "the", "year"], ["to", "the", "year"])


def when(  # noqa: PLR0911 - one exit a case
    clause: Clause, order: int, all_: Sequence[Clause], found: Times, context: tuple[tuple[str, ...], str]
) -> When:
    """Return the periods of a clause's figure."""
    if found.unread:
        hint = ": give the day with --said-on" if found.unread == "last year" else ""
        return When(why_not=f"which period `{found.unread}` is was not understood{hint}")
    if clause.role is Role.BEFORE:
        return _before(clause, order, all_, found, context)
    own = [each for each in clause.items if each in found.plain]
    if clause.base is not None and not own:
        own = [each for each in clause.base.items if each in found.plain]
    if clause.role is Role.AMOUNT and found.first:
        return When((found.last,), found.first)
    if len({each.period for each in own}) > 1:
        return When(why_not="more than one period stands beside one figure")
    if own and own[0].period is not None:
        return When(own[0].period.choices, _since(clause, own[0].period.choices[0], found))
    moving = _moved(clause)
    if moving and order:
        earlier = when(all_[order - 1], order - 1, all_, found, context)
        if clause.role is Role.AMOUNT:
            return When(
                earlier.periods,
                moved(earlier.periods[0], -1) if earlier.periods else "",
                earlier.why_not,
                earlier.taken_from,
            )
        return When(
            tuple(moved(each, moving) for each in earlier.periods if is_year(each) or len(each) == _MONTH),
            "",
            earlier.why_not,
        )
    if found.first and not found.plain:
        return (
            When((found.last,), "")
            if clause.role is Role.LEVEL and order and all_[order - 1].role is Role.BEFORE
            else When((found.last,), found.first)
        )
    return _taken(clause, order, all_, found, context)


def _since(clause: Clause, period: str, found: Times) -> str:
    if clause.role is not Role.AMOUNT:
        return ""
    if found.base:
        return found.base
    return moved(period, -1) if _moved(clause) < 0 and (is_year(period) or len(period) == _MONTH) else ""


def _moved(clause: Clause) -> int:
    kinds = {each.kind for each in clause.items}
    return -1 if WordKind.YEAR_BEFORE in kinds else 1 if WordKind.YEAR_AFTER in kinds else 0


def _before(
    clause: Clause, order: int, all_: Sequence[Clause], found: Times, context: tuple[tuple[str, ...], str]
) -> When:
    """Return the period of a figure after `from`: its own, the first of the stretch, or the year before."""
    own = [each for each in clause.items if each in found.items]
    moving = _moved(clause)
    level = next((each for each in all_[order + 1 :] if each.role is Role.LEVEL), None) or next(
        (each for each in reversed(all_[:order]) if each.role is Role.LEVEL), None
    )
    if found.first:
        return When((found.first,))
    plain = [each for each in own if each in found.plain]
    if plain and plain[0].period is not None and level is not None and plain[0] not in level.items:
        others = [each for each in found.plain if each is not plain[0]]
        later = [each for each in all_ if each is not clause and any(item in each.items for item in others)]
        after = any(WordKind.YEAR_AFTER in {item.kind for item in each.items} for each in all_)
        if later or after:
            return When(plain[0].period.choices)
    if level is None:
        return When(why_not="with what it is compared was not understood")
    ahead = when(level, all_.index(level), all_, found, context)
    if not ahead.periods:
        return ahead
    year = ahead.periods[0]
    if not (is_year(year) or len(year) == _MONTH):
        return When(why_not="with which period it is compared was not understood")
    return When((moved(year, -1),), guessed=moving == 0)


def _taken(
    clause: Clause, order: int, all_: Sequence[Clause], found: Times, context: tuple[tuple[str, ...], str]
) -> When:
    """Take the period from the figures beside it, or from what stands before the sentence."""
    neighbours = [*reversed(all_[:order]), *all_[order + 1 :]]
    for each in neighbours:
        own = [item for item in each.items if item in found.plain]
        if each.role is Role.BEFORE and found.plain != tuple(own):
            continue
        if len(own) == 1 and own[0].period is not None:
            return When(own[0].period.choices, _since(clause, own[0].period.choices[0], found))
        if len(own) > 1:
            return When(why_not="more than one period stands beside one figure")
    if context[0]:
        return When(context[0], "", taken_from=context[1])
    return When(why_not="it names no period")


def as_period(period: Period | None) -> str:
    """Write the likeliest period of an item, empty if there is none."""
    return period.choices[0] if period is not None and period.choices else ""
