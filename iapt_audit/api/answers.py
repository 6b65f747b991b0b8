"""Hold what is answered to a program that asks of a claim or a figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from iapt_audit.claims.causes import CAUSES
from iapt_audit.outputs.documents.claims import claims, reading_json, trace_document

if TYPE_CHECKING:
    from iapt_audit.claims.trace import Match, Traced
    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.definitions import Definitions
    from iapt_audit.model.columns import Verdict

#: The least and the greatest that a count can be; alike where it is known.
Counts = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What a measure is over one population, as one source has it.

    `numerator` and `denominator` are numbers of referrals, least and greatest, None where they are not published.
    `low` and `high` are percentages 0 to 100 of a rate and numbers of a count, rounded outward at four places. `agrees`
    says whether the figure asked about fits: yes, no or maybe. `cohort` is `other` where the denominator is of other
    referrals than those that ended in the period, `run` where its count comes from another run.
    """

    measure: str
    population: str | None
    numerator: Counts | None
    denominator: Counts | None
    printed: str | None
    low: Decimal
    high: Decimal
    agrees: str
    cohort: str
    run: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """
    The verdict on a claim, with its cause and the readings behind it.

    `why` says the cause in words. `slip` names one simple way in which the published figure would turn into this one,
    which says nothing of how it came about. `true_of` is the population that the figure is true of, and `true_sentence`
    what the figures do support; both are None where there is no such thing.
    """

    verdict: Verdict
    cause: str
    why: str
    message: str
    readings: tuple[Reading, ...]
    unread: tuple[str, ...]
    slip: str | None
    true_of: str | None
    true_sentence: str | None
    #: The entry of `claims` in `audit.json`.
    entry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TraceMatch:
    """
    Something published that a figure prints, in words; `slip` says how, if the figure is one slip away from it.

    `reading` is None for a count that stands in a file and has no name in the definitions.
    """

    measure: str
    population: str | None
    text: str
    agrees: str
    slip: str | None
    source: str
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Trace:
    """What a figure is a figure of: the plainest first, of how many things tried, and how many chance would match."""

    figure: str
    period: str
    matches: tuple[TraceMatch, ...]
    tried: int
    by_chance: Decimal
    #: The document that `iapt-audit trace --format json` prints.
    entry: dict[str, Any]


def judgement(judged: JudgedClaim) -> Judgement:
    """Return a judged claim to a program."""
    (entry,) = claims([judged])
    return Judgement(
        verdict=judged.verdict,
        cause=judged.cause.value,
        why=CAUSES[judged.cause],
        message=judged.message,
        readings=tuple(_reading(told, told["agrees"]) for told in entry["readings"]),
        unread=judged.unread,
        slip=judged.slip,
        true_of=judged.true_of,
        true_sentence=judged.true_sentence or None,
        entry=entry,
    )


def trace_of(traced: Traced, definitions: Definitions) -> Trace:
    """Return a traced figure to a program."""
    document = trace_document(traced, definitions)
    return Trace(
        figure=document["figure"],
        period=document["period"],
        matches=tuple(_match(match) for match in traced.matches),
        tried=traced.tried,
        by_chance=Decimal(document["by_chance"]),
        entry=document,
    )


def _match(match: Match) -> TraceMatch:
    reading = _reading(reading_json(match.reading), match.agrees.value) if match.reading is not None else None
    return TraceMatch(
        match.measure, match.population or None, match.text, match.agrees.value, match.slip, match.source, reading
    )


def _reading(told: dict[str, Any], agrees: str) -> Reading:
    return Reading(
        measure=told["measure"],
        population=told["population"],
        numerator=_counts(told["numerator"]),
        denominator=_counts(told["denominator"]),
        printed=told["value"],
        low=Decimal(told["low"]),
        high=Decimal(told["high"]),
        agrees=agrees,
        cohort=told["cohort"],
        run=told["run"],
        sources=tuple(told["from"]),
    )


def _counts(told: int | dict[str, int] | None) -> Counts | None:
    if told is None:
        return None
    return (told["low"], told["high"]) if isinstance(told, dict) else (told, told)
