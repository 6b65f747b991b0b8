"""Hold a sentence with its items sorted out, and make claims of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from iapt_audit.definitions import Claim
from iapt_audit.model.columns import ENGLAND, Level

if TYPE_CHECKING:
    from iapt_audit.sentences.items import Item
    from iapt_audit.sentences.plain import Plain
    from iapt_audit.sentences.read_items import Reader
    from iapt_audit.sentences.said import FigureRead
    from iapt_audit.sentences.times import Times
    from iapt_audit.sentences.tokens import Token

LATEST = "2024-25"


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before a sentence: the periods told there, the nearest first, and conditions told on the page."""

    periods: tuple[str, ...] = ()
    taken_from: str = ""
    latest: str = LATEST
    place: Place | None = None
    population: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation that figures are told of."""

    level: str
    code: str
    name: str
    sure: bool = True


@dataclass(slots=True)
class Sentence:
    """A sentence with its items sorted out, for those who make claims of it."""

    plain: Plain
    start: int
    end: int
    tokens: list[Token]
    items: list[Item]
    reader: Reader
    context: Context
    times: Times
    found: list[FigureRead] = field(default_factory=list)
    #: Items that a reading has taken in, by their first token.
    used: set[int] = field(default_factory=set)

    def span(self, item: Item) -> tuple[int, int]:
        """Return where an item stands in what was given."""
        return self.plain.part(self.tokens[item.start].start, self.tokens[item.end - 1].end)

    def written(self, item: Item) -> str:
        """Return the words of an item as they were written."""
        return self.plain.text[self.tokens[item.start].start : self.tokens[item.end - 1].end]

    def use(self, *items: Item) -> None:
        """Note that items were taken in."""
        self.used.update(each.start for each in items)

    def claim(self, **told: Any) -> Claim:  # noqa: ANN401 - the names of a claim, each of its type
        """Make a claim of the sentence, about the place that it is told of."""
        place = self.context.place
        org, level, name = (
            (ENGLAND, Level.ENGLAND.value, "") if place is None else (place.code, place.level, place.name)
        )
        text = " ".join(self.plain.text[self.start : self.end].split())
        return Claim(id="claim", text=text, **{"org": org, "level": level, "org_name": name, **told})
