"""Read the tokens of a sentence into items: the longest words that are known, figures, periods, waits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iapt_audit.definitions.sentence_model import WordKind
from iapt_audit.sentences.items import FIGURE, PERIOD, SIGN, STOP, UNKNOWN, WAIT, Figure, Item, Period, Unit, Wait
from iapt_audit.sentences.periods import last_year, read_period
from iapt_audit.sentences.quantities import Quantities

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from iapt_audit.definitions.model import Definitions
    from iapt_audit.definitions.sentence_model import Phrase, SentenceLexicon
    from iapt_audit.sentences.tokens import Token

_SIGNS = {
    ">": "more_than",
    "<": "less_than",
    ">=": "at_least",
    "≥": "at_least",
    "<=": "at_most",
    "≤": "at_most",
    "~": "about",
    "≈": "about",
}
_SILENT = {'"', "'", "(", ")", "[", "]", "-", ".", "!", "|", "/", "+", "@", "{", "}", "\\", "^"}
_STOPS = {",", ";", ":"}
_BEYOND = {"more_than", "at_least"}
_WITHIN = {"less_than", "at_most"}
_WITHIN_WORDS = {"within", "inside", "in", "by"}
_BEYOND_WORDS = {"longer", "beyond", "exceeding"}
#: What a duration of waiting is told with, beside the words that are read anyway.
_WAIT_WORDS = frozenset(
    [
        "waited",
        "wait",
        "waits",
        "waiting",
        "started",
        "start",
        "starting",
        "begun",
        "begin",
        "began",
        "beginning",
        "seen",
        "treated",
        "treatment",
        "first",
        "second",
        "session",
        "sessions",
        "appointment",
        "appointments",
        "after",
        "before",
        "between",
        "their",
        "the",
        "a",
        "an",
        "to",
        "for",
        "of",
        "it",
        "them",
        "they",
        "had",
        "have",
        "within",
        "inside",
        "in",
        "under",
        "over",
        "more",
        "less",
        "than",
        "longer",
        "up",
        "or",
        "and",
        "that",
        "from",
        "referral",
        "being",
        "was",
        "were",
        "having",
        "would",
        "therapy",
        "next",
        "one",
        "two",
        "time",
        "until",
        "as",
        "only",
        "just",
        "at",
        "most",
        "least",
        "get",
        "got",
        "receive",
        "received",
        "begins",
        "shorter",
        "six",
        "eighteen",
        "day",
        "days",
        "week",
        "weeks",
        "no",
        "which",
        "there",
        "initial",
        "gap",
        "entered",
        "enter",
        "entering",
        "access",
        "accessed",
        "accessing",
        "left",
    ]
)
_TRIGGERS = frozenset(
    [
        "waited",
        "wait",
        "waits",
        "waiting",
        "started",
        "start",
        "starting",
        "begun",
        "began",
        "begin",
        "seen",
        "treated",
        "treatment",
        "session",
        "appointment",
        "appointments",
        "sessions",
        "entered",
        "enter",
        "accessed",
        "access",
    ]
)


@dataclass(frozen=True, slots=True)
class Reader:
    """What a sentence is read with: the words, the definitions, and the day on which it was said, if it is known."""

    lexicon: SentenceLexicon
    definitions: Definitions
    said_on: date | None = None


def read_items(tokens: Sequence[Token], reader: Reader) -> list[Item]:
    """Read all tokens into items, each token into one; what is not known becomes an unknown item."""
    quantities = Quantities(tokens, reader.definitions.lexicon.words.numbers)
    items: list[Item] = []
    at = 0
    while at < len(tokens):
        item = _next(tokens, at, quantities, reader)
        items.append(item)
        at = item.end
    return _with_waits(_with_comparisons(items, tokens), tokens)


def _next(tokens: Sequence[Token], at: int, quantities: Quantities, reader: Reader) -> Item:
    phrase, end = longest(tokens, at, reader.lexicon)
    means_something = phrase is not None and phrase.kind is not WordKind.NOTHING
    if phrase is not None and means_something and len(phrase.words) > 1:
        return _worded(phrase, at, end, reader)
    period = read_period(tokens, at)
    if period is not None:
        return Item(at, period.end, PERIOD, period=period.period)
    if phrase is not None and len(phrase.words) > 1:
        return _worded(phrase, at, end, reader)
    quantity = quantities.read(at)
    if quantity is not None:
        value = str(quantity.days) if quantity.figure.unit is Unit.DURATION else ""
        return Item(at, quantity.end, FIGURE, value, figure=quantity.figure)
    if phrase is not None:
        return _worded(phrase, at, end, reader)
    return _sign(tokens, at)


def _sign(tokens: Sequence[Token], at: int) -> Item:
    text = tokens[at].text
    if text in _SIGNS:
        return Item(at, at + 1, WordKind.COMPARISON, _SIGNS[text])
    if text in _STOPS:
        return Item(at, at + 1, STOP, text)
    if text in _SILENT:
        return Item(at, at + 1, SIGN, text)
    return Item(at, at + 1, UNKNOWN, text)


def longest(tokens: Sequence[Token], at: int, lexicon: SentenceLexicon) -> tuple[Phrase | None, int]:
    """Return the longest phrase that begins at a token, and where it ends; hyphens count as blanks."""
    for phrase in lexicon.phrases.get(tokens[at].text, ()):
        end = _ends(tokens, at, phrase)
        if end:
            return phrase, end
    if tokens[at].text.endswith("'s"):
        bare = tokens[at].text.removesuffix("'s")
        found = next((each for each in lexicon.phrases.get(bare, ()) if len(each.words) == 1), None)
        if found is not None:
            return found, at + 1
    return None, at


def _ends(tokens: Sequence[Token], at: int, phrase: Phrase) -> int:
    for word in phrase.words:
        while at < len(tokens) and tokens[at].text == "-" and word != phrase.words[0]:
            at += 1
        if at >= len(tokens) or tokens[at].text not in {word, f"{word}'s"}:
            return 0
        at += 1
    return at


def _worded(phrase: Phrase, at: int, end: int, reader: Reader) -> Item:
    if phrase.kind is WordKind.LAST_YEAR:
        year = last_year(reader.said_on)
        return Item(at, end, PERIOD, period=Period((year,) if year else (), "last year"))
    return Item(at, end, phrase.kind, phrase.value)


def _with_comparisons(items: list[Item], tokens: Sequence[Token]) -> list[Item]:
    """Put what stands before or after a figure into it: `over 50%`, `half or more`, `~50%`, `50%+`, `no fewer than`."""
    found: list[Item] = []
    for item in items:
        told = item.figure
        if told is None:
            found.append(item)
            continue
        start, comparison = item.start, "is"
        negated = False
        while found and found[-1].end == start:
            before = found[-1]
            if before.kind == WordKind.COMPARISON:
                comparison = before.value if comparison == "is" else comparison
            elif (
                before.kind == WordKind.NEGATION
                and _can_be_denied(comparison, told)
                and tokens[before.start].text == "not"
                and before.end - before.start == 1
            ):
                negated = True
            elif not (
                before.kind == SIGN
                and before.value in {'"', "("}
                and len(found) > 1
                and found[-2].kind == WordKind.COMPARISON
            ):
                break
            start = before.start
            found.pop()
        figure = replace(told, comparison=_denied(comparison) if negated else comparison)
        found.append(replace(item, start=start, figure=figure))
    return _with_later_comparisons(found, tokens)


def _can_be_denied(comparison: str, figure: Figure) -> bool:
    """Return whether `not` before a figure makes another bound of it; `not 50% but 45%` is something else."""
    return comparison != "is" or figure.unit is Unit.FRACTION


def _denied(comparison: str) -> str:
    """Turn a comparison round: `not more than`, `not even half`, `not one in three`."""
    opposite = {"more_than": "at_most", "less_than": "at_least", "at_least": "less_than", "at_most": "more_than"}
    return opposite.get(comparison, "less_than")


def _with_later_comparisons(items: list[Item], tokens: Sequence[Token]) -> list[Item]:
    """Read `50% or more`, `50%+` and `30 or fewer` after a figure."""
    found: list[Item] = []
    at = 0
    while at < len(items):
        item = items[at]
        following = items[at + 1] if at + 1 < len(items) else None
        figure = item.figure
        if figure is not None and following is not None and figure.comparison == "is":
            after = "at_least" if following.kind == SIGN and following.value == "+" else ""
            if following.kind == WordKind.COMPARISON and tokens[following.start].text == "or":
                after = following.value
            if after:
                item = replace(item, end=following.end, figure=replace(figure, comparison=after))
                at += 1
        found.append(item)
        at += 1
    return found


def _with_waits(items: list[Item], tokens: Sequence[Token]) -> list[Item]:
    """Join a duration with the words of waiting around it to one item: `had waited more than 90 days for a second`."""
    found = list(items)
    at = 0
    while at < len(found):
        item = found[at]
        if item.figure is not None and item.figure.unit is Unit.DURATION and item.value not in {"", "0"}:
            first, last = _around(found, tokens, at)
            joined = _wait(found, tokens, first, at, last)
            if joined is not None:
                found[first : last + 1] = [joined]
                at = first
        at += 1
    return found


def _words(item: Item, tokens: Sequence[Token]) -> list[str]:
    return [tokens[each].text for each in range(item.start, item.end)]


def _around(items: list[Item], tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """Return the first and the last item around a duration that only holds words of waiting."""
    first = last = at
    while first > 0 and _is_wait_word(items[first - 1], tokens):
        first -= 1
    while last + 1 < len(items) and _is_wait_word(items[last + 1], tokens):
        last += 1
    # words that only lead up to it or on from it belong to the sentence
    while first < at and not set(_words(items[first], tokens)) & (
        _TRIGGERS
        | _WITHIN_WORDS
        | _BEYOND_WORDS
        | {"more", "less", "over", "under", "up", "not", "fewer", "at", "between", "no"}
    ):
        first += 1
    while last > at and not set(_words(items[last], tokens)) & (
        _TRIGGERS | {"first", "second", "referral", "it", "less", "more", "longer", "two", "referred"}
    ):
        last -= 1
    return first, last


def _is_wait_word(item: Item, tokens: Sequence[Token]) -> bool:
    if item.kind in {STOP, UNKNOWN, PERIOD, WordKind.BOUNDARY} and not all(
        word in _WAIT_WORDS for word in _words(item, tokens)
    ):
        return False
    if item.kind in {STOP, PERIOD} or (item.figure is not None and item.figure.unit is not Unit.NUMBER):
        return False
    if item.kind == WordKind.NEGATION:
        return False
    return all(word in _WAIT_WORDS for word in _words(item, tokens))


def _wait(items: list[Item], tokens: Sequence[Token], first: int, at: int, last: int) -> Item | None:
    words = [word for item in items[first : last + 1] for word in _words(item, tokens)]
    before = [word for item in items[first:at] for word in _words(item, tokens)]
    after = [word for item in items[at + 1 : last + 1] for word in _words(item, tokens)]
    if not set(words) & _TRIGGERS:
        return None
    beyond = _is_beyond(items[first : last + 1], before, after)
    if beyond is None:
        return None
    second = "second" in words or ("two" in words and "first" in words) or "next" in words
    treatment = "second" if second else "first"
    wait = Wait(int(items[at].value), beyond, treatment)
    return Item(items[first].start, items[last].end, WAIT, wait=wait)


def _is_beyond(items: list[Item], before: list[str], after: list[str]) -> bool | None:
    """Return whether a duration is exceeded, or kept within; None if the words do not say it."""
    told = [item.value for item in items if item.kind == WordKind.COMPARISON]
    told += [item.figure.comparison for item in items if item.figure is not None]
    if (
        any(value in _BEYOND for value in told)
        or set(before) & _BEYOND_WORDS
        or after[:2] in (["or", "more"], ["or", "longer"])
    ):
        return True
    if (
        any(value in _WITHIN for value in told)
        or set(before) & _WITHIN_WORDS
        or after[:2] in (["or", "less"], ["or", "fewer"])
    ):
        return False
    return None
