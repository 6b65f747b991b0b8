"""Write judged claims as they go into `audit.json`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from iapt_audit.columns import Verdict
from iapt_audit.figures import decimal_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.claims.readings import Reading, Span
    from iapt_audit.claims.verdicts import Judged, Step

Json = dict[str, Any]

_SCALE = 10_000


def claims(judged: Sequence[Judged]) -> list[Json]:
    """Give the entries of some judged claims, by id."""
    return [_claim(each) for each in sorted(judged, key=lambda each: each.claim.id)]


def counted(judged: Sequence[Judged]) -> dict[str, int]:
    """Count claims by verdict."""
    found = Counter(each.verdict for each in judged)
    return {verdict.value: found[verdict] for verdict in Verdict}


def _claim(judged: Judged) -> Json:
    claim, statement = judged.claim, judged.claim.statement
    return {
        "id": claim.id,
        "text": claim.text,
        "figure": claim.figure or None,
        "measure": claim.measure or None,
        "population": claim.population or None,
        "period": claim.period or None,
        "since": claim.since or None,
        "level": claim.level,
        "org_code": None if claim.org_name else claim.org,
        "org_name": claim.org_name or None,
        "breakdown": claim.breakdown,
        "comparison": claim.comparison,
        "standard": claim.standard or None,
        "verdict": judged.verdict.value,
        "cause": judged.cause,
        "slip": judged.slip,
        "true_of": judged.true_of,
        "readings": [_step(step) for step in judged.steps],
        "unread": list(judged.unread),
        "true_sentence": judged.true_sentence or None,
        "message": judged.message,
        "note": claim.note or None,
        "speaker": statement.speaker.name if statement else None,
        "date": statement.date if statement else None,
        "correction": (statement.correction or None) if statement else None,
        "source": {
            "title": statement.source.title,
            "url": statement.source.url,
            "date": statement.date,
            "place": statement.place or None,
            "wording_checked": statement.wording_checked,
            "read": statement.read,
        }
        if statement
        else None,
    }


def _step(step: Step) -> Json:
    return reading_json(step.reading) | {"agrees": step.agrees}


def reading_json(reading: Reading) -> Json:
    """Give a reading: counts as integers or their bounds, rates as decimal text rounded outward."""
    low, high = outward(reading.span)
    return {
        "measure": reading.measure,
        "population": reading.population or None,
        "numerator": _count(reading.numerator),
        "denominator": _count(reading.denominator),
        "value": reading.printed,
        "low": low,
        "high": high,
        "cohort": reading.cohort,
        "run": reading.run,
        "from": list(reading.sources),
    }


def _count(span: Span | None) -> int | Json | None:
    if span is None:
        return None
    low, high = int(span.low), int(span.high)
    return low if low == high else {"low": low, "high": high}


def outward(span: Span) -> tuple[str, str]:
    """
    Write the ends of a span with four decimals, rounded outward.

    >>> from fractions import Fraction
    >>> from iapt_audit.claims.readings import Span
    >>> outward(Span(Fraction(100, 3), Fraction(100, 3)))
    ('33.3333', '33.3334')
    """
    low = span.low.numerator * _SCALE // span.low.denominator
    high = -(-span.high.numerator * _SCALE // span.high.denominator)
    return decimal_text(low), decimal_text(high)
