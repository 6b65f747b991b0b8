"""Make the JSON of judged claims and traced figures, in the form of `audit.json`, and ClaimReview for a web page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iapt_audit.claims.causes import CAUSES
from iapt_audit.errors.base import ClaimError
from iapt_audit.model.columns import Verdict
from iapt_audit.model.text import decimal_text
from iapt_audit.outputs.documents.json_text import ATTRIBUTION, SCHEMA_VERSION, Json, tool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.claims.readings import ClaimReading, Span
    from iapt_audit.claims.trace import Traced
    from iapt_audit.claims.verdicts import JudgedClaim, ReadingUsed
    from iapt_audit.definitions import Definitions

_SCALE = 10_000

#: What ClaimReview calls the verdicts, from 1, false, to 3, true; what cannot be checked has no place on that scale.
_RATINGS = {Verdict.CONTRADICTED: 1, Verdict.NOT_CHECKABLE: None, Verdict.CONSISTENT: 3}
#: A figure that is right of another population has no place on that scale either: it is not false, and not true.
_RIGHT_OF_OTHERS = "The figure of another population than the one named"
_NAMES = {
    Verdict.CONTRADICTED: "Contradicted by the published figures",
    Verdict.NOT_CHECKABLE: "Not checkable on the published figures",
    Verdict.CONSISTENT: "Consistent with the published figures",
}


def claims_document(judged: Sequence[JudgedClaim], definitions: Definitions) -> Json:
    """Return the document of some judged claims."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": tool(definitions),
        "attribution": ATTRIBUTION,
        "claims": claims(judged),
    }


def trace_document(traced: Traced, definitions: Definitions) -> Json:
    """Return the document of a traced figure."""
    matches = [
        {
            "measure": match.measure,
            "population": match.population or None,
            "text": match.text,
            "agrees": match.agrees.value,
            "plainness": match.plainness,
            "slip": match.slip,
            "from": match.source,
            **(
                {
                    name: value
                    for name, value in reading_json(match.reading).items()
                    if name not in {"measure", "population", "from"}
                }
                if match.reading is not None
                else {}
            ),
        }
        for match in traced.matches
    ]
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": tool(definitions),
        "attribution": ATTRIBUTION,
        "figure": traced.told.text,
        "period": traced.place.period,
        "level": traced.place.level,
        "org_code": traced.place.org,
        "breakdown": traced.place.breakdown,
        "tried": traced.tried,
        "by_chance": f"{float(round(traced.by_chance, 4)):.4f}",
        "matches": matches,
    }


def claim_review(judged: Sequence[JudgedClaim]) -> list[Json]:
    """
    Give ClaimReview entries (schema.org, JSON-LD), which say of each claim who made it and where.

    What the figures cannot decide, and what they give of another population, has a name and no number, so that no
    reader takes it for half true or for false.

    Raises:
        ClaimError: If a claim has no statement, and with it no speaker, date and source.
    """
    bare = [each.claim.id for each in judged if each.claim.statement is None]
    if bare:
        raise ClaimError.without_source(bare)
    return [_review(each) for each in sorted(judged, key=lambda each: each.claim.id)]


def _review(judged: JudgedClaim) -> Json:
    statement = judged.claim.statement
    of_others = judged.cause == "wrong_population"
    rating: Json = {"@type": "Rating", "alternateName": _RIGHT_OF_OTHERS if of_others else _NAMES[judged.verdict]}
    value = None if of_others else _RATINGS[judged.verdict]
    if value is not None:
        rating |= {"ratingValue": value, "worstRating": 1, "bestRating": 3}
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": f"In our words: {judged.claim.text}",
        "reviewBody": " ".join(part for part in (judged.message, judged.true_sentence) if part),
        "reviewRating": rating | {"ratingExplanation": CAUSES[judged.cause]},
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Organization", "name": statement.speaker.name}
            if not statement.speaker.signed
            else {"@type": "Person", "name": statement.speaker.name},
            "datePublished": statement.date,
            "appearance": {"@type": "CreativeWork", "name": statement.source.title, "url": statement.source.url},
        }
        if statement
        else None,
    }


def claims(judged: Sequence[JudgedClaim]) -> list[Json]:
    """Return the entries of some judged claims, by id."""
    return [_claim(each) for each in sorted(judged, key=lambda each: each.claim.id)]


def counted(judged: Sequence[JudgedClaim]) -> dict[str, int]:
    """Count claims by verdict."""
    found = Counter(each.verdict for each in judged)
    return {verdict.value: found[verdict] for verdict in Verdict}


def _claim(judged: JudgedClaim) -> Json:
    claim, statement = judged.claim, judged.claim.statement
    return {
        "id": claim.id,
        "text": claim.text,
        "in_our_words": claim.in_our_words,
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
        "cause": judged.cause.value,
        "slip": judged.slip,
        "true_of": judged.true_of,
        "readings": [_step(step) for step in judged.steps],
        "unread": list(judged.unread),
        "true_sentence": judged.true_sentence or None,
        "message": judged.message,
        "note": claim.note or None,
        "otherwise": claim.otherwise or None,
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
            "page_read": statement.page_read,
            "elsewhere": [
                {"text": each.text, "measure": each.measure or None, "population": each.population or None}
                for each in statement.elsewhere
            ],
        }
        if statement
        else None,
    }


def _step(step: ReadingUsed) -> Json:
    return reading_json(step.reading) | {"agrees": step.agrees.value}


def reading_json(reading: ClaimReading) -> Json:
    """Return a reading: counts as integers or their bounds, rates as decimal text rounded outward."""
    low, high = outward(reading.span)
    return {
        "measure": reading.measure,
        "population": reading.population or None,
        "numerator": _count(reading.numerator),
        "denominator": _count(reading.denominator),
        "value": reading.printed,
        "low": low,
        "high": high,
        "cohort": reading.cohort.value,
        "run": reading.run.value,
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
