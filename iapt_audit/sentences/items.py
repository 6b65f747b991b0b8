"""Hold what a sentence is made of, once its words are read: figures, periods, events, and words of other kinds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iapt_audit.definitions.sentence_model import WordKind


class Unit(StrEnum):
    """What a figure of a sentence is in."""

    PERCENTAGE = "percentage"
    FRACTION = "fraction"
    POINTS = "points"
    NUMBER = "number"
    DURATION = "duration"
    MONEY = "money"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A figure as `judge --figure` takes it, in a unit, and how it is told (the id of a comparison).

    `exact_digits` is the number in digits without its unit; `sign` is that of a `+5%`.
    """

    text: str
    unit: Unit
    number: str = ""
    comparison: str = "is"
    sign: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """A period as people write it: what it can be, the likeliest first; empty where no day says which it is."""

    choices: tuple[str, ...]
    written: str
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """So many days of waiting, within or beyond which, and for which treatment: first, second, or not said."""

    days: int
    beyond: bool
    treatment: str


@dataclass(frozen=True, slots=True)
class Item:
    """Some tokens that are read as one thing: those from `start` up to `end`."""

    start: int
    end: int
    kind: WordKind | str
    value: str = ""
    figure: Figure | None = None
    period: Period | None = None
    wait: Wait | None = None
    negated: bool = False

    @property
    def is_figure(self) -> bool:
        """Return whether it is a figure that something can be told with."""
        return self.figure is not None


FIGURE, PERIOD, WAIT, UNKNOWN, SIGN, STOP = "figure", "period", "wait", "unknown", "sign", "stop"
