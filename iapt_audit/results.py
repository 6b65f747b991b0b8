"""Hold what an audit, a comparison and a count of exposed figures hand on: all of it has passed the gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iapt_audit.judging.waits import waits
from iapt_audit.model.columns import Status
from iapt_audit.model.findings import Finding

if TYPE_CHECKING:
    import polars as pl

    from iapt_audit.definitions import Definitions
    from iapt_audit.definitions.waivers import Waiver
    from iapt_audit.disclosure.exposure import ExposedRow
    from iapt_audit.disclosure.gate import Published
    from iapt_audit.model.findings import Finding
    from iapt_audit.model.inputs import Input, Part
    from iapt_audit.versions.line_up import Lined, Pair


@dataclass(frozen=True, slots=True)
class Selection:
    """
    What was not looked at, and what became of the waivers.

    `left_out` is how many findings `only` and `skip` took away; `expired` and `unmatched` are the waivers that no
    longer count and those that are of no finding.
    """

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    left_out: int = 0
    expired: tuple[Waiver, ...] = ()
    unmatched: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class AuditResult:
    """
    What an audit found; everything in it has passed the disclosure gate. Two audits are equal if they are one.

    `parts` says of each `file` number in the frames which input and period it is; `sifted` what was not looked at.
    """

    definitions: Definitions
    inputs: tuple[Input, ...]
    parts: tuple[Part, ...]
    published: Published
    sifted: Selection = field(default_factory=Selection)

    @property
    def cells(self) -> pl.DataFrame:
        """Return the tidy frame (`model.columns.CELLS`)."""
        return self.published.tables.cells

    @property
    def rates(self) -> pl.DataFrame:
        """Return every printed percentage with its verdict (`judging.rates.RATES`)."""
        return self.published.tables.rates

    @property
    def headline(self) -> pl.DataFrame:
        """Return the headline rates of every organisation, with their standing where they have a standard."""
        return self.published.tables.headline

    @property
    def series(self) -> pl.DataFrame:
        """Return the figures that are followed over time (`judging.series.SERIES`)."""
        return self.published.tables.series

    @property
    def gaps(self) -> pl.DataFrame:
        """Return the outcomes of groups beside what they are set against (`judging.gaps.GAPS`)."""
        return self.published.tables.gaps

    @property
    def waits(self) -> pl.DataFrame:
        """Return the waits of everyone beside those that the standards count (`judging.waits.WAITS`)."""
        return waits(self.published.tables.headline, self.definitions)

    @property
    def power(self) -> pl.DataFrame:
        """Return how many of the rates, moved by so many points, would have been caught (`judging.power.POWER`)."""
        return self.published.tables.power

    @property
    def places(self) -> pl.DataFrame:
        """Return the cells that each finding is of (`judging.causes.PLACES`)."""
        return self.published.tables.places

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what is wrong or worth knowing, by id."""
        return self.published.findings

    @property
    def unread(self) -> tuple[Input, ...]:
        """Return the inputs that could not be read."""
        return tuple(each for each in self.inputs if not each.is_read)

    @property
    def unjudged(self) -> tuple[Input, ...]:
        """Return the inputs that were read and of which no figure could be judged."""
        return tuple(each for each in self.inputs if each.status == "unjudged")

    @property
    def failed(self) -> tuple[Input, ...]:
        """Return the inputs that could not be read or of which nothing was judged, in their order."""
        return tuple(each for each in self.inputs if each.status != "audited")

    @property
    def has_figures(self) -> bool:
        """Return whether any input printed a figure, so that there is something to judge a claim on."""
        return bool((self.cells["status"] == Status.PUBLISHED).any())

    @property
    def is_whole(self) -> bool:
        """Return whether there was an input, all were read, and something of each was judged: else nothing may pass."""
        return bool(self.inputs) and not self.failed


@dataclass(frozen=True, slots=True)
class Compared:
    """
    What changed between two versions; everything in it has passed the disclosure gate.

    `lined` is what may be told of cells that only count: names, organisations and measures of one side, keys that stand
    twice. `changes` are the changed cells (`disclosure.publish_changes`), `headline` is what they do to the headline.
    """

    definitions: Definitions
    inputs: tuple[tuple[Input, ...], tuple[Input, ...]]
    parts: tuple[tuple[Part, ...], tuple[Part, ...]]
    pairs: tuple[Pair, ...]
    lined: Lined
    changes: pl.DataFrame
    headline: pl.DataFrame

    @property
    def unread(self) -> tuple[Input, ...]:
        """Return the inputs of either side that could not be read."""
        return tuple(each for side in self.inputs for each in side if not each.is_read)

    @property
    def unpaired(self) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """Return of each side the parts whose period the other does not hold."""
        paired = [{number for pair in self.pairs for number in pair.parts(side)} for side in (0, 1)]
        old, new = (
            tuple(part for number, part in enumerate(self.parts[side]) if number not in paired[side]) for side in (0, 1)
        )
        return old, new

    @property
    def different(self) -> bool:
        """Return whether anything differs."""
        return bool(len(self.changes) or len(self.lined.names) or any(self.unpaired))


@dataclass(frozen=True, slots=True)
class Exposure:
    """How many suppressed counts the printed figures narrow or pin down, as rows of `disclosure.publish_exposed`."""

    definitions: Definitions
    inputs: tuple[Input, ...]
    rows: tuple[ExposedRow, ...]

    @property
    def unread(self) -> tuple[Input, ...]:
        """Return the inputs that could not be read."""
        return tuple(each for each in self.inputs if not each.is_read)
