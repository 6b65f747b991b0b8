"""Hold the words that a sentence in plain English is read with (`checks/lexicon/`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class WordKind(StrEnum):
    """What words do to a reading."""

    NOTHING = "nothing"
    PEOPLE = "people"
    UNIT = "unit"
    ALL = "all"
    NONE = "none"
    NEGATION = "negation"
    WIDENED = "widened"
    AVERAGE = "average"
    BOUNDARY = "boundary"
    TARGET = "target"
    MET = "met"
    MISSED = "missed"
    SINCE = "since"
    BETWEEN = "between"
    EVERY_YEAR = "every_year"
    ANY_YEAR = "any_year"
    IN_A_ROW = "in_a_row"
    BEFORE = "before"
    HIGHEST = "highest"
    LOWEST = "lowest"
    LAST_YEAR = "last_year"
    YEAR_BEFORE = "year_before"
    YEAR_AFTER = "year_after"
    UP = "up"
    DOWN = "down"
    DOUBLED = "doubled"
    TRIPLED = "tripled"
    HALVED = "halved"
    LOCAL = "local"
    COMPARISON = "comparison"
    EVENT = "event"
    ROW = "row"
    OUTSIDE = "outside"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Event:
    """
    What can happen to a referral.

    `share` and `number` are the measures of a percentage and of a number, `mean` that of an average; `population` is
    what the words name by it, and `rank` how far on it is.
    """

    id: str
    rank: int
    share: str
    number: str
    mean: str
    population: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some words with their kind, and the id or text that they stand for."""

    words: tuple[str, ...]
    kind: WordKind
    value: str


@dataclass(frozen=True, slots=True)
class SentenceLexicon:
    """All phrases by their first word, the longest first, and the events by id."""

    phrases: Mapping[str, tuple[Phrase, ...]]
    events: Mapping[str, Event]
