"""Hold the definitions: what a file looks like, what must hold, and where each of it was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from iapt_audit.bounds import Regime
    from iapt_audit.columns import Level, Statistic
    from iapt_audit.expressions import Sum


@dataclass(frozen=True, slots=True)
class Source:
    """Where a definition was read, and when it was last looked at."""

    title: str
    url: str
    reviewed: date | None = None


@dataclass(frozen=True, slots=True)
class LevelName:
    """What a layout's name of a level means: `org` says which side of the row is the organisation."""

    level: Level
    regime: str
    org: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """
    The columns of a publication in an era.

    `keys` maps a role to its column; in a `long` layout each row is a cell, in a `wide` one `columns` maps each
    measure column to its statistic and measure. `unassigned` are codes that stand for no organisation.
    """

    id: str
    publication: str
    title: str
    first_period: str
    last_period: str | None
    shape: str
    period_from: str
    source: Source
    keys: Mapping[str, str]
    breakdown: tuple[str, ...]
    statuses: Mapping[str, str]
    unassigned: frozenset[str]
    levels: Mapping[str, LevelName]
    columns: Mapping[str, tuple[Statistic, str]]

    @property
    def identifying(self) -> tuple[str, ...]:
        """Give the columns without which a file is not of this layout."""
        return (*self.keys.values(), *self.breakdown)


@dataclass(frozen=True, slots=True)
class Concept:
    """A count that goes by other names in each publication."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class MeasureName:
    """What a publication calls a concept; `breakdown` pins it to one row of a breakdown."""

    concept: str
    publication: str
    measure: str
    statistic: Statistic
    breakdown: str | None


@dataclass(frozen=True, slots=True)
class Rate:
    """
    A published percentage or mean and the counts it is worked out from.

    `printed` is the concept of the figure as printed; `numerator` and `denominator` are None where no counts are
    published.
    """

    id: str
    title: str
    statistic: Statistic
    printed: str
    numerator: Sum | None
    denominator: Sum | None
    of_whom: str
    did: str
    headline: str | None
    source: Source
    file: str


@dataclass(frozen=True, slots=True)
class Denominator:
    """
    Of whom a rate can be told.

    `cohort` is the event that puts a referral into the period: `ended`, `entered` or `referred`; `whole` says that
    every headline numerator is part of it.
    """

    id: str
    formula: Sum
    of_whom: str
    short: str
    cohort: str
    whole: bool

    @property
    def same_cohort(self) -> bool:
        """Say whether it counts the referrals that the headline rates are of: those that ended in the period."""
        return self.cohort == "ended"


@dataclass(frozen=True, slots=True)
class Series:
    """A figure that is followed over time, as printed."""

    concept: str
    section: str
    title: str


@dataclass(frozen=True, slots=True)
class Standard:
    """A level that a rate is held to."""

    id: str
    rate: str
    percentage: Decimal
    in_force_from: str
    in_force_to: str | None
    title: str
    question: str
    confirmed: bool
    note: str
    source: Source
    file: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One cited figure; its value stands for [value - half_width, value + half_width)."""

    row: int
    period: str
    measure: str
    statistic: Statistic
    printed: str
    value: Decimal
    half_width: Decimal
    judges: bool
    population: str
    source: Source
    source_read: bool
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The cited figures of one publication, and which kinds of row contradict nothing."""

    publication: str
    title: str
    regime: str
    contradict_nothing: frozenset[str]
    source: Source
    rows: tuple[Fact, ...]
    sha256: str
    file: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """Everything that `schemas/` and `checks/` say, each map in the order of its ids."""

    regimes: Mapping[str, Regime]
    layouts: Mapping[str, Layout]
    measures: Mapping[str, Mapping[str, Statistic]]
    measure_titles: Mapping[str, str]
    concepts: Mapping[str, Concept]
    names: tuple[MeasureName, ...]
    rates: Mapping[str, Rate]
    denominators: Mapping[str, Denominator]
    series: tuple[Series, ...]
    standards: Mapping[str, Standard]
    facts: Facts
    addresses: Mapping[tuple[str, str], str]
    sha256: str = field(repr=False)
