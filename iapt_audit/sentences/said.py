"""Hold what a sentence was read as: claims with their rivals, what was not understood, what was taken from where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.definitions import Claim
    from iapt_audit.model.columns import Verdict


@dataclass(frozen=True, slots=True)
class FigureRead:
    """
    One figure, or one thing said without a figure, with every claim that it can be, the likeliest first.

    Without any, `why_not` says what was not understood. `outside` marks what was understood and is not in these
    publications, `is_end` one end of a change. `start` and `end` are where it stands.
    """

    text: str
    start: int
    end: int
    claims: tuple[Claim, ...] = ()
    why_not: str = ""
    outside: bool = False
    taken: tuple[str, ...] = ()
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class SentenceRead:
    """A sentence, where it stands, what it was read as, and its words that were not understood."""

    text: str
    start: int
    end: int
    figures: tuple[FigureRead, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureJudged:
    """A figure with the verdict of its kindest reading, and the others."""

    read: FigureRead
    judged: JudgedClaim
    rivals: tuple[JudgedClaim, ...] = ()
    said_before: str = ""


@dataclass(frozen=True, slots=True)
class SentenceJudged:
    """A sentence with a verdict for each figure and one for all."""

    read: SentenceRead
    figures: tuple[FigureJudged, ...]
    verdict: Verdict
    understood: bool
    notes: tuple[str, ...] = field(default=())
