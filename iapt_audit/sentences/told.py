"""Say in one line how a figure was read, and as the options of `judge` that would say the same."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from iapt_audit.claims.measures import subject_of
from iapt_audit.claims.sentences import relation_text
from iapt_audit.definitions.quoted_figures import Unit
from iapt_audit.definitions.vocabulary import ComparisonKind
from iapt_audit.model.columns import ENGLAND, TOTAL

if TYPE_CHECKING:
    from iapt_audit.definitions import Claim, Definitions


def options_text(claim: Claim) -> str:
    """
    Write the options of `judge` that say what a claim says.

    >>> from iapt_audit.definitions import Claim
    >>> options_text(Claim(id="", text="", comparison="at_least", figure="50%", measure="recovery", period="2023-24"))
    '--figure 50% --comparison at-least --measure recovery --period 2023-24'
    """
    named = (
        ("--figure", claim.figure),
        ("--comparison", "" if claim.comparison == "is" else claim.comparison.replace("_", "-")),
        ("--hedge", claim.hedge.replace("_", "-")),
        ("--standard", claim.standard),
        ("--measure", claim.measure),
        ("--population", claim.population),
        ("--org", "" if claim.org == ENGLAND else claim.org),
        ("--breakdown", "" if claim.breakdown == TOTAL else claim.breakdown),
        ("--since", claim.since),
        ("--period", claim.period),
    )
    return " ".join(f"{name} {shlex.quote(value)}" for name, value in named if value)


def read_as(claim: Claim, definitions: Definitions) -> str:
    """Say in one line what a claim was read as: figure, measure, of whom, where, when."""
    comparison = definitions.lexicon.comparisons[claim.comparison]
    parts = [_what(claim, definitions)]
    if claim.measure:
        title = subject_of(claim.measure, _unit(claim, definitions), definitions).title
        parts.append(title[0].lower() + title[1:])
    if claim.population:
        parts.append(f"of {definitions.populations[claim.population].of_whom}")
    if claim.breakdown != TOTAL:
        parts.append(claim.breakdown.replace(" | ", ": "))
    parts.append(ENGLAND if claim.org == ENGLAND else claim.org_name or claim.org)
    since = f", against {claim.since}" if claim.since and comparison.kind is ComparisonKind.CHANGE else ""
    since = since or (f", from {claim.since} on" if claim.since else "")
    return ", ".join(parts) + f", {claim.period}{since}"


def _unit(claim: Claim, definitions: Definitions) -> Unit | None:
    if claim.measure in definitions.rates or claim.figure.endswith("%"):
        return Unit.PERCENTAGE
    return None


def _what(claim: Claim, definitions: Definitions) -> str:
    comparison = definitions.lexicon.comparisons[claim.comparison]
    if comparison.kind is ComparisonKind.VALUE:
        return f"figure {relation_text(comparison.relation, claim.figure)}"
    if comparison.kind is ComparisonKind.CHANGE:
        direction = "up" if comparison.sign > 0 else "down"
        if claim.figure == "0":
            return f"it went {direction}"
        unit = " points" if comparison.unit == "points" and claim.measure in definitions.rates else ""
        told = relation_text(definitions.lexicon.relation_of(claim.hedge), claim.figure)
        return f"{direction} by {told}{unit}"
    if comparison.kind is ComparisonKind.STANDING:
        title = definitions.standards[claim.standard].title if claim.standard else "the standard"
        return f"{'met' if comparison.sign > 0 else 'missed'}: {title[0].lower()}{title[1:]}"
    return comparison.words[0] if comparison.words else comparison.id
