"""Hold the definitions: what a file looks like, what must hold, and where each of it was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iapt_audit.definitions.vocabulary import Cohort, ComparisonKind, Headline, Relation, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal
    from pathlib import Path

    from iapt_audit.definitions.expressions import Sum
    from iapt_audit.definitions.quoted_figures import Words
    from iapt_audit.definitions.rounding import Regime
    from iapt_audit.definitions.rule_model import Bands, Identity, LevelSum, Parts, RowRule, Weights
    from iapt_audit.definitions.source import Source
    from iapt_audit.model.columns import Level, Statistic, Status


@dataclass(frozen=True, slots=True)
class LevelName:
    """
    What a layout's name of a level means: `org` says which side of the row is the organisation.

    `undefined` are signs that at this level, in a figure that is no count, say that there was nothing to divide by.
    """

    level: Level
    regime: str
    org: str | None = None
    undefined: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Layout:
    """
    The columns of a publication in an era.

    `keys` maps a role to its column; in a `long` layout each row is a cell, in a `wide` one `columns` maps each
    measure column to its statistic and measure. `unassigned` are codes that stand for no organisation.

    A `form` is another shape of the same figures, such as somebody's tidy release. A long layout may name its
    statistics in a column, which `statistics` translates, and call the measures otherwise than the publication does,
    which `measures` translates. `regimes` gives the regime of single measures, where it is not that of their level;
    `unread` are columns that are known and say nothing more. `many_periods` says that a file holds more than one
    period by design, `short_years` that the names of files write 2023-24 as 2324.
    """

    id: str
    publication: str
    title: str
    first_period: str
    last_period: str | None
    shape: Shape
    period_from: str
    source: Source
    keys: Mapping[str, str]
    breakdown: tuple[str, ...]
    statuses: Mapping[str, str]
    unassigned: frozenset[str]
    levels: Mapping[str, LevelName]
    columns: Mapping[str, tuple[Statistic, str]]
    form: str = ""
    measures: Mapping[str, str] = field(default_factory=dict)
    statistics: Mapping[str, Statistic] = field(default_factory=dict)
    regimes: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    many_periods: bool = False
    short_years: bool = False

    @property
    def identifying(self) -> tuple[str, ...]:
        """Return the columns without which a file is not of this layout."""
        return (*self.keys.values(), *self.breakdown, *self.unread)

    def in_force(self, period: str, eras: Iterable[Layout]) -> Layout:
        """Return the one of some eras with the same columns that a period belongs to; this one if it is in none."""

        def columns(era: Layout) -> tuple[str, set[str]]:
            return era.publication, {*era.identifying, *era.columns}

        alike = [
            era
            for era in eras
            if columns(era) == columns(self) and era.first_period <= period <= (era.last_period or period)
        ]
        return max(alike, key=lambda era: era.first_period, default=self)


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

    `printed` is the concept of the figure as printed, empty where only the counts are; `numerator` and `denominator`
    are None where no counts are published. `elsewhere` names the rate that says the like of another population.
    `untried` are the publications on no published row of which the formula was tried: there it proves nothing. `within`
    is false where the numerator need not be a part of the denominator, since the two are kept in fields that can
    disagree.
    """

    id: str
    title: str
    statistic: Statistic
    printed: str
    numerator: Sum | None
    denominator: Sum | None
    of_whom: str
    did: str
    headline: Headline | None
    elsewhere: Mapping[str, str]
    untried: tuple[str, ...]
    within: bool
    source: Source
    file: str


@dataclass(frozen=True, slots=True)
class Population:
    """
    Of whom a figure can be told.

    `cohort` is the event that puts a referral into the period: `ended`, `entered`, `referred`, ...; `whole` says that
    every headline numerator is part of it; `headline` that every headline is told over it. `told` names it in a
    sentence, with `{period}` for the period, and `phrases` are words that mean it. `counted_as` is the population that
    the publications count in its place where they do not count it.
    """

    id: str
    formula: Sum
    of_whom: str
    told: str
    short: str
    phrases: tuple[str, ...]
    cohort: Cohort
    whole: bool
    headline: bool
    counted_as: str = ""

    @property
    def same_cohort(self) -> bool:
        """Return whether it counts the referrals that the headline rates are of: those that ended in the period."""
        return self.cohort is Cohort.ENDED


@dataclass(frozen=True, slots=True)
class Share:
    """A count that can be told as a share of populations, the usual one first; `did` is what those counted did."""

    count: str
    did: str
    populations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """A figure that is followed over time, as printed."""

    concept: str
    section: str
    title: str


@dataclass(frozen=True, slots=True)
class Gap:
    """
    Groups whose outcomes are compared: the rows of a breakdown, by the ends of their text.

    Each is set against one of them, or against the organisation's total if `against` is empty.
    """

    id: str
    title: str
    prefix: str
    suffix: str
    against: str
    leave_out: tuple[str, ...]
    rates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """
    A questionnaire whose scores are published as means and standard deviations: they go from `low` to `high`.

    `within` is the part of the breakdown that names it, empty where its measures do.
    """

    id: str
    title: str
    publication: str
    measures: tuple[str, ...]
    within: str
    low: int
    high: int
    source: Source
    file: str


@dataclass(frozen=True, slots=True)
class EffectSize:
    """An effect size: the mean `start` less the mean `end`, over England's standard deviation of `start`."""

    id: str
    publication: str
    measure: str
    start: str
    end: str
    source: Source
    file: str


@dataclass(frozen=True, slots=True)
class Standard:
    """
    A level that a rate, or a count of referrals, is held to.

    `rate` or `count` names what is held to it, a rate to a `percentage`, a count to a `number` a year; both are empty
    for one on which no published figure bears. `direction` is `at_least` or `at_most`; `population` is whom it is
    defined on; one that is `yearly` is held to financial years only.
    """

    id: str
    rate: str
    count: str
    percentage: Decimal
    number: int
    direction: str
    population: str
    yearly: bool
    in_force_from: str
    in_force_to: str | None
    title: str
    question: str
    confirmed: bool
    note: str
    source: Source
    file: str

    @property
    def level(self) -> str:
        """Write the level that is asked for, such as `at least 50%`."""
        figure = f"{self.number:,}" if self.number else f"{self.percentage.normalize():f}%"
        return f"{'at least' if self.direction == 'at_least' else 'at most'} {figure}"

    @property
    def headline(self) -> bool:
        """Return whether the standing of every organisation is told: a confirmed least percentage of a rate."""
        return self.confirmed and bool(self.rate) and self.direction == "at_least"


@dataclass(frozen=True, slots=True)
class Wording:
    """How a figure is set against the published ones; the words are those of `checks/lexicon/comparisons.toml`."""

    id: str
    kind: ComparisonKind
    relation: Relation
    sign: int
    unit: str
    words: tuple[str, ...]
    hedge: Hedge | None = None


@dataclass(frozen=True, slots=True)
class Hedge:
    """
    How far off a figure told with a hedge may be, as shares of itself, and why.

    Within `inner` it fits, beyond `outer` it does not, and in between nothing says how near is near enough.
    """

    inner: Decimal
    outer: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the words of a claim mean; `hedges` by the relation that is hedged, `fraction` of a fraction in words."""

    comparisons: Mapping[str, Wording]
    hedges: Mapping[Relation, Hedge]
    fraction: Hedge
    words: Words

    def relation_of(self, hedge: str) -> Relation:
        """Return the relation that a hedge of a claim (the id of a comparison, or nothing) stands for."""
        return self.comparisons[hedge].relation if hedge else Relation.EQUAL


@dataclass(frozen=True, slots=True)
class Fact:
    """One cited figure; its value stands for [value - half_width, value + half_width)."""

    row: int
    period: str
    measure: str
    breakdown: str
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
class Uncovered:
    """A publication that no layout covers yet, known by some of its columns."""

    title: str
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A text that stands in place of a figure and is not the publisher's: its status, and what a note calls it."""

    status: Status
    said: str
    #: Whether it also stands for nothing in a key, as in the columns of a breakdown.
    empties_keys: bool = False


@dataclass(frozen=True, slots=True)
class Definitions:
    """Everything that `schemas/` and `checks/` say, each map in the order of its ids."""

    regimes: Mapping[str, Regime]
    layouts: Mapping[str, Layout]
    #: Symbols of others than the publisher, by their text in small letters.
    symbols: Mapping[str, Symbol]
    #: Publications that are known and not covered yet.
    uncovered: tuple[Uncovered, ...]
    measures: Mapping[str, Mapping[str, Statistic]]
    measure_titles: Mapping[str, str]
    concepts: Mapping[str, Concept]
    names: tuple[MeasureName, ...]
    rates: Mapping[str, Rate]
    populations: Mapping[str, Population]
    #: Those over which every headline is told, narrowest first.
    denominators: Mapping[str, Population]
    other_cohort_factor: Decimal
    other_run_factor: Decimal
    shares: Mapping[str, Share]
    series: tuple[Series, ...]
    gaps: tuple[Gap, ...]
    scales: tuple[Scale, ...]
    effect_sizes: tuple[EffectSize, ...]
    standards: Mapping[str, Standard]
    identities: tuple[Identity, ...]
    parts: tuple[Parts, ...]
    rows: tuple[RowRule, ...]
    bands: tuple[Bands, ...]
    level_sums: tuple[LevelSum, ...]
    weights: Weights
    lexicon: Lexicon
    facts: Facts
    register_facts: Facts
    addresses: Mapping[tuple[str, str], str]
    folders: tuple[Path, ...] = field(repr=False)
    sha256: str = field(repr=False)

    @property
    def between(self) -> tuple[Identity | Parts | RowRule | Bands | LevelSum, ...]:
        """Return all rules between figures."""
        return (*self.identities, *self.parts, *self.rows, *self.bands, *self.level_sums)
