"""Make the JSON of judged claims and traced figures, in the form of `audit.json`, and ClaimReview for a web page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from iapt_audit.claims.entries import claims, reading_json
from iapt_audit.claims.verdicts import CAUSES
from iapt_audit.columns import Verdict
from iapt_audit.document import ATTRIBUTION, SCHEMA_VERSION, tool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.claims.trace import Traced
    from iapt_audit.claims.verdicts import Judged
    from iapt_audit.definitions import Definitions

Json = dict[str, Any]

#: What ClaimReview calls the verdicts, from 1, false, to 3, true; what cannot be checked has no place on that scale.
_RATINGS = {Verdict.CONTRADICTED: 1, Verdict.NOT_CHECKABLE: None, Verdict.CONSISTENT: 3}
_NAMES = {
    Verdict.CONTRADICTED: "Contradicted by the published figures",
    Verdict.NOT_CHECKABLE: "Not checkable on the published figures",
    Verdict.CONSISTENT: "Consistent with the published figures",
}


def claims_document(judged: Sequence[Judged], definitions: Definitions) -> Json:
    """Give the document of some judged claims."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": tool(definitions),
        "attribution": ATTRIBUTION,
        "claims": claims(judged),
    }


def trace_document(traced: Traced, definitions: Definitions) -> Json:
    """Give the document of a traced figure."""
    matches = [
        {
            "measure": match.measure,
            "population": match.population or None,
            "text": match.text,
            "agrees": match.agrees,
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


def claim_review(judged: Sequence[Judged]) -> list[Json]:
    """
    Give ClaimReview entries (schema.org, JSON-LD) of the claims that have a source.

    What the figures cannot decide has a name and no number, so that no reader takes it for half true.
    """
    return [_review(each) for each in sorted(judged, key=lambda each: each.claim.id) if each.claim.statement]


def _review(judged: Judged) -> Json:
    statement = judged.claim.statement
    rating: Json = {"@type": "Rating", "alternateName": _NAMES[judged.verdict]}
    value = _RATINGS[judged.verdict]
    if value is not None:
        rating |= {"ratingValue": value, "worstRating": 1, "bestRating": 3}
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": judged.claim.text,
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
