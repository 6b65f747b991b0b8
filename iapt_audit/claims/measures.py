"""Say what a claim's measure is: a share of some population, a number of referrals, or a figure with no counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iapt_audit.definitions.expressions import parse_sum
from iapt_audit.definitions.quoted_figures import Unit
from iapt_audit.model.columns import Statistic

if TYPE_CHECKING:
    from iapt_audit.definitions import Definitions, Rate
    from iapt_audit.definitions.expressions import Sum

#: Before the name of a measure: the others.
NOT = "not_"


@dataclass(frozen=True, slots=True)
class ClaimedMeasure:
    """
    What a claim's figure is a figure of.

    A share has a `numerator`, the official `denominator` with the id of its population if it is one, and every
    population it can be told of, the official one first; `printed` is the concept of its published percentage. A number
    has a `count`. A mean, or a percentage with no published counts, has only `printed`. With `complement` the figure is
    of the others: those of the population who are not in the numerator. `elsewhere` maps a population to the rate that
    says the like of it.
    """

    measure: str
    title: str
    did: str
    unit: Unit
    statistic: Statistic
    numerator: Sum | None = None
    denominator: Sum | None = None
    official: str = ""
    of_whom: str = ""
    populations: tuple[str, ...] = ()
    printed: str = ""
    count: Sum | None = None
    complement: bool = False
    elsewhere: tuple[tuple[str, str], ...] = ()

    @property
    def is_share(self) -> bool:
        """Return whether it is a share of a population."""
        return self.numerator is not None


def subject_of(measure: str, unit: Unit | None, definitions: Definitions) -> ClaimedMeasure:
    """
    Resolve a measure for a figure of a unit; with no unit a rate is a percentage and a count a number.

    >>> from iapt_audit.definitions import load_default
    >>> subject_of("recovery", None, load_default()).official
    'finished_at_caseness'
    >>> str(subject_of("recovery", Unit.NUMBER, load_default()).count)
    'recovered'
    """
    if is_complement(measure, definitions):
        base = subject_of(measure.removeprefix(NOT), Unit.PERCENTAGE, definitions)
        return replace(
            base, measure=measure, title=f"{base.title} (everyone else)", did=f"are not among those that {base.did}",
            complement=True,
        )  # fmt: skip
    rate = definitions.rates.get(measure) or _rate_of(measure, definitions)
    if rate is not None and rate.statistic is Statistic.MEAN and measure in {rate.id, rate.printed}:
        return _printed(measure, rate)
    if rate is not None and measure in definitions.rates:
        return _of_rate(measure, rate, unit, definitions)
    return _of_count(measure, rate, unit, definitions)


def _of_rate(measure: str, rate: Rate, unit: Unit | None, definitions: Definitions) -> ClaimedMeasure:
    if unit is Unit.NUMBER and rate.numerator is not None:
        concept = definitions.concepts.get(str(rate.numerator))
        title = concept.title if concept else rate.title.lower()
        return ClaimedMeasure(measure, title, rate.did, Unit.NUMBER, Statistic.COUNT, count=rate.numerator)
    return _share(measure, rate, definitions)


def _of_count(measure: str, rate: Rate | None, unit: Unit | None, definitions: Definitions) -> ClaimedMeasure:
    population, concept = definitions.populations.get(measure), definitions.concepts.get(measure)
    title = population.of_whom if population else concept.title if concept else measure.replace("_", " ")
    if unit is Unit.PERCENTAGE and measure in definitions.shares:
        share = rate is not None and rate.statistic is Statistic.PERCENTAGE
        return _share(measure, rate, definitions) if rate and share else _plain_share(measure, title, definitions)
    if population is not None or concept is not None:
        formula = population.formula if population else parse_sum(measure)
        return ClaimedMeasure(measure, title, "", Unit.NUMBER, Statistic.COUNT, count=formula)
    statistic = next((name.statistic for name in definitions.names if name.concept == measure), Statistic.COUNT)
    kind = Unit.PERCENTAGE if Unit.PERCENTAGE in {unit, statistic} else Unit.NUMBER
    return ClaimedMeasure(measure, title, "", kind, statistic, printed=measure)


def _printed(measure: str, rate: Rate) -> ClaimedMeasure:
    """Return a figure that is published without counts, or that is no share."""
    unit = Unit.PERCENTAGE if rate.statistic is Statistic.PERCENTAGE else Unit.NUMBER
    return ClaimedMeasure(
        measure, rate.title, rate.did, unit, rate.statistic, of_whom=rate.of_whom, printed=rate.printed
    )


def is_complement(measure: str, definitions: Definitions) -> bool:
    """Return whether a measure is `not_` before a count or a rate: the share of everyone else."""
    if not measure.startswith(NOT) or measure in definitions.concepts or measure in definitions.rates:
        return False
    base = measure.removeprefix(NOT)
    return base in definitions.shares or base in definitions.rates


def _rate_of(measure: str, definitions: Definitions) -> Rate | None:
    """Return the rate whose numerator is a count, or whose printed figure is the measure."""
    if measure in definitions.populations and measure not in definitions.concepts:
        return None
    for rate in definitions.rates.values():
        if rate.printed == measure or (rate.numerator is not None and str(rate.numerator) == measure):
            return rate
    return None


def _share(measure: str, rate: Rate, definitions: Definitions) -> ClaimedMeasure:
    if rate.numerator is None or rate.denominator is None:
        return _printed(measure, rate)
    official = next(
        (each.id for each in definitions.populations.values() if str(each.formula) == str(rate.denominator)), ""
    )
    share = definitions.shares.get(str(rate.numerator))
    others = (*(share.populations if share else ()), *rate.elsewhere)
    populations = ((official,) if official else ()) + tuple(name for name in others if name != official)
    return ClaimedMeasure(
        measure=measure,
        title=rate.title,
        did=rate.did,
        unit=Unit.PERCENTAGE,
        statistic=Statistic.PERCENTAGE,
        numerator=rate.numerator,
        denominator=rate.denominator,
        official=official,
        of_whom=rate.of_whom,
        populations=populations,
        printed=rate.printed,
        elsewhere=tuple(rate.elsewhere.items()),
    )


def _plain_share(measure: str, title: str, definitions: Definitions) -> ClaimedMeasure:
    share = definitions.shares[measure]
    populations = share.populations
    official = definitions.populations.get(populations[0]) if populations else None
    own = definitions.populations.get(measure)
    return ClaimedMeasure(
        measure=measure,
        title=title,
        did=share.did,
        unit=Unit.PERCENTAGE,
        statistic=Statistic.PERCENTAGE,
        numerator=own.formula if own else parse_sum(measure),
        denominator=official.formula if official else None,
        official=official.id if official else "",
        of_whom=official.of_whom if official else "",
        populations=populations,
    )
