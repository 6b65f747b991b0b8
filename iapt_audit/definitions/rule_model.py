"""Hold the rules between figures: what those of one organisation, or of one file, must be to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from iapt_audit.model.columns import BREAKDOWN_SEPARATOR, TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iapt_audit.definitions.expressions import Sum, SumComparison
    from iapt_audit.definitions.source import Source
    from iapt_audit.model.columns import Level

#: How sure a rule is: `always` follows from the constructions and no true figure breaks it; `nearly` should hold, but
#: what is counted twice, disagrees or is in none can be real.
Holds = Literal["always", "nearly"]

#: How the parts of a breakdown stand to the whole: their sum is it, is no more, is no less, or each alone is no more.
Relation = Literal["sum", "at_most", "at_least", "each"]


@dataclass(frozen=True, slots=True)
class Identity:
    """
    A sum or an order between counts of one publication, by their measure ids.

    It holds for the true counts of every organisation, period and breakdown, so for England's as printed.
    `construction` says why it follows from how the publisher counts.
    """

    id: str
    title: str
    publication: str
    holds: Holds
    rule: SumComparison
    construction: str
    source: Source
    file: str

    @property
    def definition(self) -> str:
        """Write the rule as an analyst reads it."""
        return str(self.rule)


@dataclass(frozen=True, slots=True)
class Parts:
    """
    The rows of a breakdown against the row they are parts of, for every count that has a number in all of them.

    `breakdown` is the first part of the text of such rows. A row whose text ends in one of `wholes` is the sum of the
    others of its branch. `of` says which whole is meant: the organisation's `total`, or the `branch` row. It holds of
    an organisation that has every row that any organisation of the file has. A file may lack a row altogether, so of a
    `sum` that always holds only more than the whole is an error; less is worth knowing.
    """

    id: str
    title: str
    publication: str
    holds: Holds
    first_period: str
    breakdown: str
    of: Literal["total", "branch"]
    relation: Relation
    wholes: tuple[str, ...]
    leave_out: tuple[str, ...]
    construction: str
    source: Source
    file: str

    @property
    def definition(self) -> str:
        """Write the rule as an analyst reads it."""
        return self.says(self.relation)

    def says(self, relation: Relation) -> str:
        """
        Write a relation of the rows to the whole, the rule's own or one side of it.

        >>> age = Parts("e", "", "", "always", "2017-18", "Age Group", "total", "sum", (), (), "", None, "")
        >>> age.says("at_most")
        'rows of Age Group sum to no more than Total'
        """
        words = {"sum": "sum to", "at_most": "sum to no more than", "at_least": "sum to no less than"}
        whole = TOTAL if self.of == "total" else f"its {' or '.join(self.wholes)} row"
        said = words.get(relation, "are each no more than")
        return f"rows of {self.breakdown} {said} {whole}"

    def relation_where(self, holds: Holds) -> Relation | None:
        """Return what is asserted of the rows among the rules that are so sure, None for nothing."""
        if self.holds == "always" and self.relation == "sum":
            return "at_most" if holds == "always" else "at_least"
        return self.relation if self.holds == holds else None

    def groups(self, breakdowns: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """
        Return each whole among the rows of a file with its parts, in the order of their text.

        >>> ethnic = Parts("e", "", "", "always", "2017-18", "Ethnic", "total", "sum", ("All",), (), "", None, "")
        >>> ethnic.groups(["Total", "Ethnic | White | All", "Ethnic | White | Irish", "Ethnic | Unknown"])
        (('Total', ('Ethnic | Unknown', 'Ethnic | White | All')),)
        """
        branches: dict[str, list[str]] = {}
        for text in sorted(set(breakdowns)):
            name, *rest = text.split(BREAKDOWN_SEPARATOR)
            if name == self.breakdown and rest and rest[0] not in self.leave_out:
                branches.setdefault(rest[0], []).append(text)
        parts: list[str] = []
        inside: list[tuple[str, tuple[str, ...]]] = []
        for branch, rows in branches.items():
            wholes = {BREAKDOWN_SEPARATOR.join((self.breakdown, branch, name)) for name in self.wholes}.intersection(
                rows
            )
            parts += wholes or rows
            inside += [(whole, tuple(row for row in rows if row not in wholes)) for whole in wholes]
        found = inside if self.of == "branch" else [(TOTAL, tuple(parts))]
        return tuple((whole, rows) for whole, rows in found if rows)


@dataclass(frozen=True, slots=True)
class RowRule:
    """
    Named rows of a breakdown against others: a sum of `few` is no more than a sum of `many`, for every count in them.

    `within` are the texts that the rows begin with, each an own case; with no `many` it is the organisation's total.
    """

    id: str
    title: str
    publication: str
    holds: Holds
    within: tuple[str, ...]
    few: tuple[str, ...]
    relation: Literal["=", "<="]
    many: tuple[str, ...]
    construction: str
    source: Source
    file: str

    @property
    def definition(self) -> str:
        """Write the rule as an analyst reads it."""
        few, many = (" + ".join(f"`{row}`" for row in rows) for rows in (self.few, self.many or (TOTAL,)))
        return f"{few} {self.relation} {many}"

    def cases(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Return the full texts of both sides, for each text that the rows begin with."""
        return tuple(
            (_texts(name, self.few), _texts(name, self.many) if self.many else (TOTAL,)) for name in self.within
        )


def _texts(within: str, rows: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{within}{BREAKDOWN_SEPARATOR}{row}" for row in rows)


@dataclass(frozen=True, slots=True)
class Cut:
    """How many have a number of up to so many days, or whatever is counted."""

    up_to: int
    count: Sum


@dataclass(frozen=True, slots=True)
class Bands:
    """
    The mean, median, maximum and minimum of a whole number that each of `count` has.

    Each of `mean`, `median`, `maximum`, `minimum` and `total` (the sum of that number over all) is a measure or empty.
    With C of N having up to d: a median of d or less needs 2 C >= N, one of d + 1 or more 2 C <= N, and one between
    them 2 C = N. The mean times N is no less than each band's least number, 0 for the first, times how many are in it.
    The total is no less than N times the minimum, and no more than N times the maximum. A mean, median, maximum or
    minimum is withheld where the count is.
    """

    id: str
    title: str
    publication: str
    holds: Holds
    count: str
    mean: str
    median: str
    maximum: str
    minimum: str
    total: str
    cuts: tuple[Cut, ...]
    construction: str
    source: Source
    file: str

    @property
    def definition(self) -> str:
        """Write the rule as an analyst reads it."""
        given = [name for name in (self.minimum, self.median, self.mean, self.maximum, self.total) if name]
        cuts = ", ".join(f"{cut.count} of up to {cut.up_to}" for cut in self.cuts)
        return f"{', '.join(given)} of {self.count}" + (f", with {cuts}" if cuts else "")


@dataclass(frozen=True, slots=True)
class LevelSum:
    """
    A level whose counts sum to England's, each measure and breakdown by itself.

    A file may lack an organisation, so only a sum that is over England's is an error; one that falls short is worth
    knowing. It says nothing where a row of the level stands twice or cannot be read. The wider the sum of the bounds,
    the less it can show: below England every count is rounded.
    """

    id: str
    title: str
    publication: str
    holds: Holds
    level: Level
    construction: str
    source: Source
    file: str

    @property
    def definition(self) -> str:
        """Write the rule as an analyst reads it."""
        return f"the counts of all of level {self.level} sum to England's"


@dataclass(frozen=True, slots=True)
class Weights:
    """How readily each kind of figure is taken for the wrong one: the lighter the sooner."""

    count: int
    rate: int
    suppressed: int
    source: Source


@dataclass(slots=True)
class RuleSet:
    """The rules read so far, by kind; an id is given once over all kinds."""

    identities: dict[str, Identity] = field(default_factory=dict)
    parts: dict[str, Parts] = field(default_factory=dict)
    rows: dict[str, RowRule] = field(default_factory=dict)
    bands: dict[str, Bands] = field(default_factory=dict)
    level_sums: dict[str, LevelSum] = field(default_factory=dict)

    @property
    def ids(self) -> set[str]:
        """Return the ids of all kinds."""
        return {*self.identities, *self.parts, *self.rows, *self.bands, *self.level_sums}
