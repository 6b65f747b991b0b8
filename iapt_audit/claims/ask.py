"""Make a claim of what somebody asks: names in their words become the ids of the definitions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iapt_audit.claims.known_figures import FigurePlace
from iapt_audit.definitions import Claim
from iapt_audit.definitions.fields import near_miss
from iapt_audit.definitions.read_claims import faults_of, measures
from iapt_audit.errors.base import ClaimError
from iapt_audit.model.columns import Level

if TYPE_CHECKING:
    from iapt_audit.claims.known_figures import KnownFigures
    from iapt_audit.definitions import Definitions


def measure_called(name: str, definitions: Definitions) -> str:
    """
    Return the measure that goes by a name: an id, or what a publication calls it; an unknown name stays as it is.

    >>> from iapt_audit.definitions import load_default
    >>> measure_called("M192", load_default()), measure_called("Recovery", load_default())
    ('recovery', 'recovery')
    """
    known = measures(definitions)
    if name in known:
        return name
    concepts = [each.concept for each in definitions.names if each.measure.casefold() == name.casefold()]
    for rate in definitions.rates.values():
        if rate.printed in concepts or rate.id == name.casefold() or rate.title.casefold() == name.casefold():
            return rate.id
    # a population in somebody's words, such as "referrals", stands for its number
    return concepts[0] if concepts else population_called(name, definitions)


def population_called(name: str, definitions: Definitions) -> str:
    """
    Return the population that goes by a name: an id, its short name, or a phrase that means it.

    >>> from iapt_audit.definitions import load_default
    >>> population_called("completed treatment", load_default()), population_called("those referred", load_default())
    ('finished', 'referred')
    """
    if not name or name in definitions.populations:
        return name
    plain = name.casefold().strip()
    for population in definitions.populations.values():
        if plain in {
            population.short.casefold(),
            population.of_whom.casefold(),
            *map(str.casefold, population.phrases),
        }:
            return population.id
    return name


def comparison_called(name: str, definitions: Definitions) -> str:
    """
    Return the comparison that goes by a name: an id, with dashes or not, or words that mean it.

    >>> from iapt_audit.definitions import load_default
    >>> comparison_called("at-least", load_default()), comparison_called("just under", load_default())
    ('at_least', 'nearly')
    """
    plain = name.casefold().strip()
    if plain.replace("-", "_") in definitions.lexicon.comparisons:
        return plain.replace("-", "_")
    for comparison in definitions.lexicon.comparisons.values():
        if plain in comparison.words:
            return comparison.id
    return name


def breakdown_called(name: str, period: str, book: KnownFigures) -> tuple[str, str | None]:
    """Return the row of a breakdown as the figures write it, whatever the case, or a hint if there is none like it."""
    known = book.breakdowns(period)
    found = next((each for each in known if each.casefold() == name.casefold()), None)
    return (found, None) if found is not None else (name, near_miss(name, known))


def own_claim(book: KnownFigures, **asked: object) -> Claim:
    """
    Make a claim of what was asked for: its figure, measure, population, period and so on, by the names of `Claim`.

    Raises:
        ClaimError: If something of it is not understood: all of it at once.
    """
    definitions = book.definitions
    words = {key: value for key, value in asked.items() if value != ""}
    for key, called in (
        ("measure", measure_called),
        ("population", population_called),
        ("comparison", comparison_called),
    ):
        if key in words:
            words[key] = called(str(words[key]), definitions)
    claim = Claim(id="claim", text="", **{"comparison": "is", **words})  # type: ignore[arg-type]
    found = book.level_of(claim.org)
    if found is not None and "level" not in words:
        claim = replace(claim, level=found[0], org=found[1])
    faults = faults_of(claim, definitions)
    if claim.level not in list(Level):
        faults.append(
            ("level", f"unknown level `{claim.level}`", near_miss(claim.level, [each.value for each in Level]))
        )
    written, hint = breakdown_called(claim.breakdown, claim.period, book)
    if written != claim.breakdown or hint is None:
        claim = replace(claim, breakdown=written)
    elif claim.period:
        faults.append(("breakdown", f"the figures of {claim.period} have no row `{claim.breakdown}`", hint))
    if faults:
        raise ClaimError.faults("", faults)
    return claim


def place_called(period: str, org: str, breakdown: str, book: KnownFigures) -> FigurePlace:
    """
    Find a place by the code of an organisation.

    Raises:
        ClaimError: If the figures hold no such organisation.
    """
    found = book.level_of(org)
    if found is None:
        raise ClaimError.organisation(org, book.near(org))
    level, code = found
    return FigurePlace(period, level, code, breakdown_called(breakdown, period, book)[0])
