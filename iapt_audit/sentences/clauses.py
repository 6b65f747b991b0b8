"""Return each figure of a sentence the part of it that it is told with, and say what it does there."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from iapt_audit.definitions.sentence_model import WordKind
from iapt_audit.sentences.items import FIGURE, STOP, Item, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.sentences.tokens import Token

_UP_OR_DOWN = {WordKind.UP, WordKind.DOWN}
_AFTER_AMOUNT = {
    "rise",
    "increase",
    "drop",
    "fall",
    "decrease",
    "higher",
    "lower",
    "growth",
    "reduction",
    "improvement",
    "decline",
    "jump",
    "up",
    "down",
    "more",
    "fewer",
    "less",
}
_MOST_BETWEEN = 3


class Role(StrEnum):
    """What a figure does in its sentence."""

    LEVEL = "level"
    AMOUNT = "amount"
    BEFORE = "before"
    BASE = "base"
    TARGET = "target"
    AGAIN = "again"
    UNREAD = "unread"


@dataclass(slots=True)
class Clause:
    """A figure with its role, the items around it that are its own, and the sign of its change."""

    figure: Item
    role: Role
    items: list[Item] = field(default_factory=list)
    sign: int = 0
    #: The base that it is a share of, told just before it.
    base: Clause | None = None


def words_of(item: Item, tokens: Sequence[Token]) -> list[str]:
    """Return the words of an item."""
    return [tokens[each].text for each in range(item.start, item.end)]


def clauses(items: Sequence[Item], tokens: Sequence[Token]) -> list[Clause]:
    """Return a clause for every figure, in the order of the sentence."""
    at = [index for index, item in enumerate(items) if item.kind == FIGURE]
    found = [_clause(items, index, tokens) for index in at]
    _parted(found, items, at, tokens)
    for before, clause in pairwise(found):
        if clause.role is Role.LEVEL and before.role is Role.BASE:
            clause.base = before
        if _is_again(before, clause, items, tokens):
            clause.role = Role.AGAIN
            before.items = clause.items = [*before.items, *clause.items]
            clause.base = before.base
    for before, base in pairwise(found):
        # half of the 1.83 million people referred
        if base.role is Role.BASE and before.role is Role.LEVEL and before.base is None and not _is_led(found, base):
            before.base = base
            before.items = [*before.items, *base.items]
    return found


def _clause(items: Sequence[Item], index: int, tokens: Sequence[Token]) -> Clause:  # noqa: PLR0911 - one exit a case
    item = items[index]
    figure = item.figure
    before = _before(items, index, tokens)
    if figure is None or figure.unit in {Unit.MONEY, Unit.OTHER, Unit.DURATION}:
        return Clause(item, Role.UNREAD)
    if _is_target(items, index, tokens):
        return Clause(item, Role.TARGET)
    sign = _sign_of_amount(items, index, tokens)
    if sign:
        return Clause(item, Role.AMOUNT, sign=sign)
    if figure.unit is Unit.POINTS:
        return Clause(item, Role.UNREAD)
    if before[-1:] == ["by"]:
        return Clause(item, Role.UNREAD)
    if before[-1:] == ["from"]:
        return Clause(item, Role.BEFORE)
    if (
        figure.unit is Unit.NUMBER
        and (before[-2:] in (["of", "the"], ["of", "all"], ["of", "its"]) or before[-1:] == ["of"])
        and _is_base(before)
    ):
        return Clause(item, Role.BASE)
    return Clause(item, Role.LEVEL)


def _is_base(before: list[str]) -> bool:
    """Return whether `of` before a number makes it the whole of a share, and not `a total of`."""
    lead = before[:-2] if before[-1] != "of" else before[:-1]
    return not lead or lead[-1] not in {
        "total",
        "number",
        "record",
        "average",
        "mean",
        "rate",
        "figure",
        "numbers",
        "rise",
        "increase",
        "fall",
        "drop",
    }


def _before(items: Sequence[Item], index: int, tokens: Sequence[Token]) -> list[str]:
    """Return the last words before a figure, in the same part of the sentence."""
    found: list[str] = []
    for item in reversed(items[max(0, index - 4) : index]):
        if item.kind in {STOP, FIGURE}:
            break
        found[:0] = words_of(item, tokens)
    return found


def _is_target(items: Sequence[Item], index: int, tokens: Sequence[Token]) -> bool:
    """Return whether a figure is that of a target: `the 50% recovery target`, `a target of 50%`."""
    for item in items[index + 1 : index + 1 + _MOST_BETWEEN]:
        if item.kind == WordKind.TARGET:
            return True
        if item.kind not in {WordKind.EVENT, WordKind.NOTHING} or set(words_of(item, tokens)) & {
            "of",
            "in",
            "who",
            "was",
            "against",
        }:
            break
    words = {word for item in items[max(0, index - 2) : index] for word in words_of(item, tokens)}
    before = items[index - 1] if index else None
    return before is not None and (
        before.kind == WordKind.TARGET
        or (
            before.kind == WordKind.NOTHING and index > 1 and items[index - 2].kind == WordKind.TARGET and "of" in words
        )
    )


def _sign_of_amount(items: Sequence[Item], index: int, tokens: Sequence[Token]) -> int:
    """Return the direction of a change that a figure is the amount of, 0 if it is none."""
    item = items[index]
    last = index - 1
    skipped: list[str] = []
    while (
        last >= 0
        and items[last].kind == WordKind.NOTHING
        and len(skipped) < _MOST_BETWEEN
        and set(words_of(items[last], tokens)) <= {"by", "a", "of", "an", "the", "some"}
    ):
        skipped += words_of(items[last], tokens)
        last -= 1
    if last >= 0 and items[last].kind in _UP_OR_DOWN and "to" not in skipped:
        return 1 if items[last].kind == WordKind.UP else -1
    following = items[index + 1] if index + 1 < len(items) else None
    if following is not None and following.kind in _UP_OR_DOWN and set(words_of(following, tokens)) & _AFTER_AMOUNT:
        return 1 if following.kind == WordKind.UP else -1
    if item.figure is not None and item.figure.sign:
        return item.figure.sign
    return 0


def _parted(found: list[Clause], items: Sequence[Item], at: list[int], tokens: Sequence[Token]) -> None:
    """Part the items between the figures: at the last sign or word that parts, or else just before the next figure."""
    if not found:
        return
    starts = [0]
    for one, other in pairwise(at):
        starts.append(_boundary(items, one, other, tokens))
    ends = [*starts[1:], len(items)]
    for clause, start, end in zip(found, starts, ends, strict=True):
        clause.items = [item for item in items[start:end] if item is not clause.figure]


def _boundary(items: Sequence[Item], one: int, other: int, tokens: Sequence[Token]) -> int:
    """Say where the part of a figure begins, after the figure before it."""
    parts = [index for index in range(one + 1, other) if _parts(items[index])]
    if not parts:
        return other
    events = [index for index in range(one + 1, other) if _is_event(items[index])]
    # where what the next figure tells stands before it, the part begins before that
    later = [index for index in parts if not any(index < event for event in events)]
    if later and (len(events) <= 1 or not any(part < events[-1] for part in parts)):
        return later[-1]
    before_last = [index for index in parts if events and index < events[-1]]
    if before_last and _tells_next(items, events[-1], other, tokens):
        return before_last[-1]
    return later[-1] if later else parts[-1]


def _tells_next(items: Sequence[Item], event: int, other: int, tokens: Sequence[Token]) -> bool:
    """Return whether an event is told by the figure after it: `reliable recovery was 47.5%`."""
    between = items[event + 1 : other]
    words = [word for item in between for word in words_of(item, tokens)]
    return all(
        item.kind in {WordKind.NOTHING, "sign", STOP, "period", WordKind.AVERAGE, WordKind.UP, WordKind.DOWN}
        for item in between
    ) and bool(
        set(words) & {"was", "is", "were", "stood", "at", "rate", "reached", "hit", ":", "rates", "of", "by", "to"}
    )


def _is_event(item: Item) -> bool:
    return item.kind in {WordKind.EVENT, "wait"}


def _parts(item: Item) -> bool:
    return item.kind in {WordKind.BOUNDARY, STOP}


def _is_again(before: Clause, clause: Clause, items: Sequence[Item], tokens: Sequence[Token]) -> bool:
    """Return whether a figure in brackets tells the one before it again: `barely a quarter (26 per cent) of`."""
    if (
        clause.role is not Role.LEVEL
        or before.role is not Role.LEVEL
        or before.figure.figure is None
        or clause.figure.figure is None
    ):
        return False
    shares = {Unit.PERCENTAGE, Unit.FRACTION}
    if before.figure.figure.unit not in shares or clause.figure.figure.unit not in shares:
        return False
    between = items[items.index(before.figure) + 1 : items.index(clause.figure)]
    return [word for item in between for word in words_of(item, tokens)] in (["("], ["-"], [","], [", or"])


def _is_led(found: Sequence[Clause], base: Clause) -> bool:
    """Return whether a figure after a base is a share of it."""
    return any(each.base is base for each in found)
