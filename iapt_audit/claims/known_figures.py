"""Keep every known figure where it can be looked up: the cited facts, and what an audit read from files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import polars as pl

from iapt_audit.claims.versions_of_files import Version, replaced_files
from iapt_audit.model.columns import ENGLAND, SCALE, TOTAL, Level, Statistic, Status
from iapt_audit.model.periods import is_period, is_year

if TYPE_CHECKING:
    from collections.abc import Hashable

    from iapt_audit.definitions import Definitions, Fact, Facts
    from iapt_audit.results import AuditResult

FiguresByConcept = dict[tuple[str, str], list["KnownFigure"]]


_HUNDRED = 100
_FILE = "file"


class Trust(IntEnum):
    """
    How much a figure can prove.

    It is the publisher's own, one that somebody quotes, a sum or an estimate, or of a version since replaced.
    """

    PUBLISHED = 0
    QUOTED = 1
    ESTIMATED = 2
    SUPERSEDED = 3


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """What a figure is about: a period, an organisation of a level, a row of a breakdown."""

    period: str
    level: str = Level.ENGLAND.value
    org: str = ENGLAND
    breakdown: str = TOTAL

    def at(self, period: str) -> FigurePlace:
        """Return the same place in another period."""
        return FigurePlace(period, self.level, self.org, self.breakdown)


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """
    One published figure, with the least and greatest value that it can stand for on its own.

    Figures of one `run` were counted together; only those may be divided to an exact rate. `whole` marks a count.
    """

    concept: str
    low: Fraction
    high: Fraction
    printed: str
    whole: bool
    suppressed: bool
    run: Hashable
    trust: Trust
    source: str


class CitedFact(NamedTuple):
    """A fact that a page gives, by all concepts that it is a figure of."""

    page: str
    period: str
    breakdown: str
    figures: list[KnownFigure]


@dataclass(slots=True)
class KnownFigures:
    """All figures that a claim can be held against, by place and concept; those preferred come first."""

    definitions: Definitions
    audit: AuditResult | None = None
    _cited: dict[str, FiguresByConcept] = field(default_factory=dict)
    _cells: pl.DataFrame | None = None
    _opened: dict[tuple[str, str, str], FiguresByConcept] = field(default_factory=dict)
    _ranges: dict[tuple[str, str, str], dict[tuple[int, str, str], tuple[int, int]]] = field(default_factory=dict)
    #: What was worked out before, by what was asked: a register asks for the same shares many times.
    worked_out: dict[Hashable, Any] = field(default_factory=dict)
    _facts: list[CitedFact] = field(default_factory=list)
    #: The pages that cited facts were taken from.
    _pages: set[str] = field(default_factory=set)
    _without: dict[str, KnownFigures] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        definitions: Definitions,
        audit: AuditResult | None = None,
        *,
        cited: bool = True,
        level: Level | None = None,
    ) -> KnownFigures:
        """Open the cited facts, unless they are not wanted, and the files of an audit, perhaps only one level."""
        book = cls(definitions, audit)
        if cited:
            book._cite(_cited_facts(definitions))
        if audit is not None and audit.parts:
            book._cells = _named(audit, level)
        return book

    def cites(self, url: str) -> bool:
        """Return whether a cited fact was taken from a page."""
        return page_of(url) in self._pages

    def without(self, url: str) -> KnownFigures:
        """Return the same book without the facts that were taken from a page."""
        page = page_of(url)
        if page not in self._without:
            left = KnownFigures(self.definitions, self.audit, _cells=self._cells, _opened=self._opened)
            left._cite([fact for fact in self._facts if fact.page != page])
            self._without[page] = left
        return self._without[page]

    def known(self, concept: str, place: FigurePlace) -> list[KnownFigure]:
        """Return every figure known of a concept at a place."""
        found: list[KnownFigure] = []
        key = (place.breakdown.casefold(), concept)
        if place.level == Level.ENGLAND:
            found += self._cited.get(place.period, {}).get(key, [])
        return [*found, *self._open(place).get(key, [])]

    def range_of(self, rate: str, run: Hashable, place: FigurePlace) -> tuple[int, int] | None:
        """
        Return the range that the audit tells of a rate, in ten-thousandths of a per cent, None if it tells none.

        Args:
            rate: The id of the rate.
            run: The run of its counts, as `KnownFigure` has it: that of a file is the file.
            place: Where.
        """
        if self.audit is None or not isinstance(run, tuple) or not self.of_a_file(run):
            return None
        key = (place.period, place.level, place.org.casefold())
        if key not in self._ranges:
            self._ranges[key] = _ranges(self.audit, place)
        return self._ranges[key].get((run[1], place.breakdown.casefold(), rate))

    def name_of(self, place: FigurePlace) -> str:
        """Return the name of an organisation with its code, as the last file that holds it writes it."""
        if self.audit is None:
            return place.org
        here = (pl.col("level") == place.level) & (pl.col("org_code").cast(pl.String) == place.org)
        names = self.audit.cells.lazy().filter(here).select(pl.col("org_name").cast(pl.String)).last().collect()
        name = names.item() if len(names) else None
        return place.org if name in {None, place.org} else f"{name} ({place.org})"

    @staticmethod
    def of_a_file(run: Hashable) -> bool:
        """Return whether a run is a file, not a page that is cited."""
        return isinstance(run, tuple) and run[0] == _FILE

    def periods(self, *, years: bool) -> list[str]:
        """Return the years, or the months, that the book knows anything of, in order."""
        found = set(self._cited)
        if self.audit is not None:
            found |= {part.period for part in self.audit.parts}
        # rows whose dates make no period are under none: no claim is about them
        return sorted(period for period in found if is_period(period) and is_year(period) is years)

    def organisations(self, period: str, level: str) -> list[str]:
        """Return the codes of a level that the files hold for a period, without those that mean no organisation."""
        if self._cells is None:
            return []
        unassigned = {code for layout in self.definitions.layouts.values() for code in layout.unassigned}
        found = self._cells.filter((pl.col("period") == period) & (pl.col("level") == level))["org_code"].unique()
        return sorted(set(found.to_list()) - unassigned)

    def level_of(self, org: str) -> tuple[str, str] | None:
        """Return the level of an organisation and its code as the files write it, None if they do not hold it."""
        if org.casefold() == ENGLAND.casefold():
            return Level.ENGLAND.value, ENGLAND
        if self._cells is None:
            return None
        found = self._cells.filter(pl.col("org_code").str.to_lowercase() == org.casefold())
        if found.is_empty():
            return None
        order = [level.value for level in Level]
        level = min(found["level"].unique().to_list(), key=order.index)
        return level, str(found.filter(pl.col("level") == level)["org_code"][0])

    def breakdowns(self, period: str) -> list[str]:
        """Return the rows of breakdowns that the book holds for a period."""
        found = {breakdown for breakdown, _ in self._cited.get(period, {})}
        written = {
            fact.breakdown
            for facts in (self.definitions.facts, self.definitions.register_facts)
            for fact in facts.rows
            if fact.period == period and fact.breakdown.casefold() in found
        }
        if self._cells is not None:
            rows = self._cells.filter(pl.col("period") == period)
            written |= set(rows["breakdown"].unique().to_list())
        return sorted(written)

    def near(self, org: str) -> list[str]:
        """Return up to ten codes that start like one that is not known."""
        if self._cells is None:
            return []
        known = self._cells["org_code"].unique().to_list()
        return sorted(code for code in known if org and code.casefold().startswith(org[:2].casefold()))[:10]

    def _cite(self, facts: list[CitedFact]) -> None:
        self._facts = facts
        for fact in facts:
            self._pages.add(fact.page)
            shelf = self._cited.setdefault(fact.period, {})
            for figure in fact.figures:
                shelf.setdefault((fact.breakdown, figure.concept), []).append(figure)

    def _open(self, place: FigurePlace) -> FiguresByConcept:
        """Take the figures of one organisation and period out of the files, once."""
        if self._cells is None or self.audit is None:
            return {}
        key = (place.period, place.level, place.org)
        if key not in self._opened:
            shelf: FiguresByConcept = defaultdict(list)
            rows = self._cells.filter(
                (pl.col("period") == place.period)
                & (pl.col("level") == place.level)
                & (pl.col("org_code").str.to_lowercase() == place.org.casefold())
            )
            replaced = replaced_files(self.audit, place)
            # the last version comes first
            for row in rows.sort("file", descending=True, maintain_order=True).iter_rows(named=True):
                pinned = row["pinned"]
                if pinned is not None and row["breakdown"].casefold() != pinned.casefold():
                    continue
                if replaced.get(row["file"]) is Version.UNTOLD:
                    continue
                breakdown = TOTAL if pinned is not None else row["breakdown"]
                trust = Trust.SUPERSEDED if row["file"] in replaced else Trust.PUBLISHED
                shelf[breakdown.casefold(), row["concept"]].append(_read(row, self.audit, trust))
            self._opened[key] = dict(shelf)
        return self._opened[key]


def page_of(url: str) -> str:
    """
    Return the page of an address, however it is written: without its scheme, `www.` and last slash.

    What follows a question mark is left out too, unless it is all that names the page.

    >>> page_of("http://www.example.org/a/?share=x") == page_of("https://example.org/a")
    True
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    return parts.netloc.casefold().removeprefix("www.") + (path or f"?{parts.query}")


def _cited_facts(definitions: Definitions) -> list[CitedFact]:
    """Return every cited fact, those that judge first."""
    concepts = defaultdict(list)
    for name in definitions.names:
        concepts[name.publication, name.measure, name.statistic].append(name.concept)
    return [
        CitedFact(
            page_of(fact.source.url),
            fact.period,
            fact.breakdown.casefold(),
            [_cited(concept, fact, facts) for concept in concepts[facts.publication, fact.measure, fact.statistic]],
        )
        for facts in (definitions.facts, definitions.register_facts)
        for fact in sorted(facts.rows, key=lambda each: not each.judges)
    ]


def _cited(concept: str, fact: Fact, facts: Facts) -> KnownFigure:
    low, high = _stands_for(Fraction(fact.value), Fraction(fact.half_width), fact.statistic)
    whole = fact.statistic is Statistic.COUNT
    if whole and fact.half_width:
        low, high = Fraction(ceil(low)), Fraction(ceil(high) - 1)
    silent = fact.confidence in facts.contradict_nothing
    trust = Trust.PUBLISHED if fact.confidence == "publisher" else Trust.QUOTED
    return KnownFigure(
        concept=concept,
        low=low,
        high=high,
        printed=fact.printed,
        whole=whole,
        suppressed=False,
        run=(fact.period, fact.source.url, silent),
        trust=Trust.ESTIMATED if silent else trust,
        source=f"{fact.source.title}, {fact.source.url}",
    )


def _stands_for(value: Fraction, half_width: Fraction, statistic: Statistic) -> tuple[Fraction, Fraction]:
    """
    Return what a printed figure stands for; a share is not below 0 nor above 100, however it is rounded.

    >>> [float(end) for end in _stands_for(Fraction(100), Fraction(1, 2), Statistic.PERCENTAGE)]
    [99.5, 100.0]
    >>> [float(end) for end in _stands_for(Fraction(130), Fraction(1, 2), Statistic.PERCENTAGE)]
    [129.5, 130.5]
    """
    low, high = value - half_width, value + half_width
    if statistic is Statistic.PERCENTAGE and 0 <= value <= _HUNDRED:
        return max(low, Fraction(0)), min(high, Fraction(_HUNDRED))
    return low, high


def _named(audit: AuditResult, level: Level | None) -> pl.DataFrame:
    """Return the cells that go by a concept's name, with publication and period; slipped and repeated ones are out."""
    definitions = audit.definitions
    names = pl.DataFrame(
        {
            "publication": [name.publication for name in definitions.names],
            "measure": [name.measure for name in definitions.names],
            "statistic": [name.statistic.value for name in definitions.names],
            "pinned": [name.breakdown for name in definitions.names],
            "concept": [name.concept for name in definitions.names],
        },
        schema={
            "publication": pl.String, "measure": pl.String, "statistic": pl.String, "pinned": pl.String,
            "concept": pl.String,
        },
    )  # fmt: skip
    parts = pl.DataFrame(
        {
            "file": range(len(audit.parts)),
            "publication": [part.publication for part in audit.parts],
            "period": [part.period for part in audit.parts],
        },
        schema={"file": audit.cells.schema["file"], "publication": pl.String, "period": pl.String},
    )
    cells = audit.cells.lazy() if level is None else audit.cells.lazy().filter(pl.col("level") == level)
    wanted = cells.filter(
        pl.col("measure").cast(pl.String).is_in(names["measure"].unique().to_list())
        & ~pl.col("repeated")
        & ~pl.col("held_back")
        & (
            ((pl.col("status") == Status.PUBLISHED) & pl.col("half_width").is_not_null() | pl.col("low").is_not_null())
            | ((pl.col("status") == Status.SUPPRESSED) & pl.col("low").is_not_null())
        )
    ).select("file", "row", "level", "org_code", "breakdown", "measure", "statistic", "printed", "status", "value",
             "half_width", "low", "high").collect()  # fmt: skip
    return (
        wanted.with_columns(pl.col("level", "org_code", "breakdown", "measure", "statistic").cast(pl.String))
        .join(parts, on="file")
        .join(names, on=["publication", "measure", "statistic"])
        .join(_slipped(audit), on=["file", "level", "org_code", "breakdown", "concept"], how="anti")
    )


def _slipped(audit: AuditResult) -> pl.DataFrame:
    """Return the percentages printed over a suppressed count: they would give it away, and are not repeated."""
    printed = {rate.id: rate.printed for rate in audit.definitions.rates.values()}
    found = audit.rates.filter(pl.col("reason") == "count_suppressed").select(
        "file", pl.col("level", "org_code", "breakdown", "rate").cast(pl.String)
    )
    return found.select(
        "file", "level", "org_code", "breakdown", concept=pl.col("rate").replace_strict(printed, return_dtype=pl.String)
    )


def _ranges(audit: AuditResult, place: FigurePlace) -> dict[tuple[int, str, str], tuple[int, int]]:
    """Return the range of each rate of one organisation and period by file, breakdown and rate."""
    files = [number for number, part in enumerate(audit.parts) if part.period == place.period]
    here = (
        pl.col("file").is_in(files)
        & (pl.col("level") == place.level)
        & (pl.col("org_code").cast(pl.String).str.to_lowercase() == place.org.casefold())
        & pl.col("low").is_not_null()
    )
    text = pl.col("breakdown", "rate").cast(pl.String)
    printed = audit.rates.filter(here).select("file", text, "low", "high")
    headline = audit.headline.filter(here).select("file", pl.lit(TOTAL), "measure", "low", "high")
    return {
        (file, breakdown.casefold(), rate): (low, high)
        for frame in (printed, headline)
        for file, breakdown, rate, low, high in frame.iter_rows()
    }


def _read(row: dict[str, object], audit: AuditResult, trust: Trust) -> KnownFigure:
    number = int(str(row["file"]))
    source = audit.inputs[audit.parts[number].input]
    whole = row["statistic"] == Statistic.COUNT
    if row["low"] is not None:
        low, high = Fraction(int(str(row["low"]))), Fraction(int(str(row["high"])))
    else:
        value, half = int(str(row["value"])), int(str(row["half_width"]))
        low, high = _stands_for(Fraction(value, SCALE), Fraction(half, SCALE), Statistic(str(row["statistic"])))
    return KnownFigure(
        concept=str(row["concept"]),
        low=low,
        high=high,
        printed=str(row["printed"]),
        whole=whole,
        suppressed=row["status"] == Status.SUPPRESSED,
        run=(_FILE, number),
        trust=trust,
        source=f"{source.name}, row {row['row']}: {row['measure']}",
    )
