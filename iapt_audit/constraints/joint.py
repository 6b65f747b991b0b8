"""Compile everything that must hold of the figures of files into one table: their rates, identities and parts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.constraints import rates as constrain
from iapt_audit.constraints.bands import banded, reads
from iapt_audit.constraints.grid import Grid, rows_of
from iapt_audit.constraints.locate import NONE
from iapt_audit.definitions import RowRule
from iapt_audit.model.columns import Statistic
from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.linear import Linear, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from iapt_audit.arrays import Ints, Truths
    from iapt_audit.constraints.context import Context
    from iapt_audit.constraints.rates import Candidates
    from iapt_audit.definitions import Definitions, Holds, Parts
    from iapt_audit.definitions.expressions import Sum, SumComparison


#: So many cells are enough to write down, and to decide, at once: what every step costs whatever its size is little.
_AT_ONCE = 250_000


@dataclass(frozen=True, slots=True)
class Written:
    """A rule as it applies in a group: its id, its title in words, and what gives what it says in measure ids."""

    id: str
    title: str
    say: Callable[[int], str]
    group: int = NONE

    @property
    def told(self) -> str:
        """Return what the rule says, and its title."""
        return f"{self.say(self.group)} ({self.title})"


@dataclass(frozen=True, slots=True)
class Joint:
    """
    What must hold of the figures of some files.

    `linear` holds what goes on within a group, each a system called after it; `across` the rules from one breakdown of
    an organisation to another, each of whose systems is called after its first group, as `organisation` says of every
    group of the audit. The variables are the cells of the files, counted from `first_cell`. A rule that applies in a
    group has the number (its place in `rules`) x (how many groups there are) + (the number of the group).
    """

    linear: Linear
    across: Linear
    organisation: Ints
    first_cell: int
    cells: int
    rules: tuple[Written, ...]

    def rule(self, number: int) -> Written:
        """Return a rule that applies in a group."""
        place, group = divmod(number, len(self.organisation))
        return replace(self.rules[place], group=group)

    @property
    def ruled(self) -> Truths:
        """Mark the variables that some rule speaks of."""
        ruled = np.zeros(self.cells, dtype=bool)
        ruled[self.linear.variable] = ruled[self.across.variable] = True
        return ruled

    def counted_by(self, variables: Ints) -> Joint:
        """
        Count the variables by their places among some, which are all that a rule speaks of.

        The figures that make constraints keep their numbers: this is for narrowing, which asks for no figure.
        """
        place = np.zeros(self.cells, dtype=np.int64)
        place[variables] = np.arange(len(variables))
        linear, across = (replace(each, variable=place[each.variable]) for each in (self.linear, self.across))
        return replace(self, linear=linear, across=across)

    @property
    def together(self) -> Ints:
        """Return for each group the system that it is in when everything is taken together."""
        return self.organisation if len(self.across) else np.arange(len(self.organisation))

    @property
    def whole(self) -> Linear:
        """Return all of it, each organisation a system where rules go across its breakdowns."""
        linear = Linear.joined([self.linear, self.across])
        return replace(linear, system=self.together[linear.system])


@dataclass(frozen=True)
class Compiler:
    """
    Writes down the files of an audit, one after the other.

    `found` are the groups of each rate.
    """

    context: Context
    found: Sequence[Candidates]

    @cached_property
    def organisation(self) -> Ints:
        """Return for each group the first of its organisation in the same file."""
        groups = self.context.located.groups.with_row_index("group")
        first = groups.select(pl.col("group").min().over("file", "level", "org_code").cast(pl.Int64)).to_series()
        return first.to_numpy()

    @property
    def runs(self) -> Iterator[range]:
        """Return the files that are written down at once: neighbours of one publication, until they are large."""
        first, cells = 0, 0
        for file, part in enumerate(self.context.parts):
            more = len(rows_of(self.context.cells["file"], file))
            if first < file and (cells + more > _AT_ONCE or part.publication != self.context.parts[first].publication):
                yield range(first, file)
                first, cells = file, 0
            cells += more
        if self.context.parts:
            yield range(first, len(self.context.parts))

    def compile(self, files: range, holds: Holds) -> Joint:
        """
        Write down what holds of some files.

        Args:
            files: Their numbers; all are of one publication.
            holds: Rules that always hold, to which the printed rates belong, or those that nearly do.
        """
        context = self.context
        cells, here = (_rows_of_all(column["file"], files) for column in (context.cells, context.located.groups))
        grid = Grid.of(context.cells[cells.start : cells.stop], cells.start, here.start)
        writer = _Writer(context, grid, here, (context.parts[files.start].publication, holds))
        if holds == "always":
            writer.rates(self.found)
        writer.identities()
        writer.bands()
        within = writer.taken().counted_from(cells.start)
        for file in files:
            writer.across(file, self.organisation)
        across = writer.taken().counted_from(cells.start)
        return Joint(within, across, self.organisation, cells.start, len(cells), tuple(writer.rules))


def _rows_of_all(file: pl.Series, numbers: range) -> range:
    return range(rows_of(file, numbers.start).start, rows_of(file, numbers.stop - 1).stop)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes down, kind by kind, what holds of files; `of` is their publication and how sure the rules are."""

    context: Context
    grid: Grid
    groups: range
    of: tuple[str, Holds]
    parts: list[Linear] = field(default_factory=list)
    rules: list[Written] = field(default_factory=list)

    def taken(self) -> Linear:
        """Return what has been written since the last time."""
        linear = Linear.joined([part for part in self.parts if len(part)])
        self.parts.clear()
        return linear

    def rates(self, found: Sequence[Candidates]) -> None:
        for each in found:
            start, end = np.searchsorted(each.group, [self.groups.start, self.groups.stop])
            some = constrain.some(each, np.arange(start, end))
            group = some.group[some.reason < 0]
            if len(group):
                rate = Written(each.rate.id, each.rate.title, partial(self._rate, some))
                origin = self._origin(rate, group)
                self.parts.append(constrain.rate_linear(some, self.context.arrays, origin.rule, origin.system))

    def identities(self) -> None:
        every = np.arange(self.groups.start, self.groups.stop)
        for each in self.context.definitions.identities:
            if (each.publication, each.holds) == self.of and self.grid.knows(each.rule):
                names, signs = signed(each.rule)
                origin = self._origin(Written(each.id, each.title, partial(_alike, each.definition)), every)
                terms = self.grid.count(names)
                self.parts.append(_compared(terms, signs, origin, is_sum=each.rule.relation == "="))

    def bands(self) -> None:
        every = np.arange(self.groups.start, self.groups.stop)
        for each in self.context.definitions.bands:
            if (each.publication, each.holds) == self.of:
                origin = self._origin(
                    Written(each.id, each.title, partial(_alike, f"{each.definition}{reads(each)}")), every
                )
                self.parts.extend(banded(each, self.grid, self.context.arrays, origin))

    def across(self, file: int, organisation: Ints) -> None:
        publication, holds = self.of
        rules = [each for each in _across(self.context.definitions) if each.publication == publication]
        if not rules:
            return
        groups, period = self.context.located.groups, self.context.parts[file].period
        here = rows_of(groups["file"], file)
        rows = _Rows.of(groups[here.start : here.stop])
        for rule in rules:
            for side in _sides(rule, holds, rows.texts, period):
                at = rows.groups(side.texts) + here.start
                group = at[:, side.whole]
                # what is asked of the terms of each rule is asked along their columns
                places = np.ascontiguousarray(at.T) - self.groups.start
                for measure in self.grid.measures:
                    terms = self.grid.figure(Statistic.COUNT, measure)[places].T
                    written = Written(rule.id, rule.title, partial(_alike, f"{measure}: {side.said}"))
                    origin = replace(self._origin(written, group), system=organisation[group])
                    self.parts.append(_compared(terms, side.signs, origin, is_sum=side.is_sum))

    def _origin(self, written: Written, group: Ints) -> Origin:
        """Return the next number to a rule, and so a number of its own to the rule in each of some groups."""
        self.rules.append(written)
        number = (len(self.rules) - 1) * len(self.context.located.groups)
        return Origin(number + group, group)

    def _rate(self, found: Candidates, group: int) -> str:
        """Tell a rate in the measures that a group has it by."""
        rate, measure = found.rate, self.context.cells["measure"]
        at = int(np.searchsorted(found.group, group))

        def told(formula: Sum | None, cells: Ints) -> str:
            names = measure.gather(cells[at]).to_list()
            text = formula.renamed(names) if formula else ""
            return str(text) if len(names) == 1 else f"({text})"

        per = "100 x " if rate.statistic is Statistic.PERCENTAGE else ""
        counted = told(rate.numerator, found.numerator), told(rate.denominator, found.denominator)
        printed = measure[int(found.percentage[at])]
        return f"{rate.statistic} {printed} = {per}{' / '.join(counted)}"


def _alike(said: str, _: int) -> str:
    """Say the same of every group."""
    return said


def signed(rule: SumComparison) -> tuple[list[str], Ints]:
    """
    Bring a comparison to the form sum = 0 or sum <= 0: the names, and the sign of each.

    >>> from iapt_audit.definitions.expressions import parse_comparison
    >>> signed(parse_comparison("a + b <= c"))
    (['a', 'b', 'c'], array([ 1,  1, -1]))
    """
    terms = [(term.name, term.sign) for term in rule.left.terms]
    terms += [(term.name, -term.sign) for term in rule.right.terms]
    return [name for name, _ in terms], np.array([sign for _, sign in terms], dtype=np.int64)


def _compared(cell: Ints, signs: Ints, origin: Origin, *, is_sum: bool) -> Linear:
    """
    Write sum = 0 or sum <= 0 down for some rows of cells [K, V].

    A count that is not there can be anything from 0 up, so that what is left of a rule may still say something.
    """
    known = cell != NONE
    if len(signs) > 1 and known.all():
        least = np.full(len(cell), 0 if is_sum else -UNBOUNDED)
        return Linear.of(cell, signs, (least, np.zeros(len(cell), dtype=np.int64)), origin)
    high = np.where((~known & (signs < 0)).any(axis=1), UNBOUNDED, 0)
    low = np.where((~known & (signs > 0)).any(axis=1) | (not is_sum), -UNBOUNDED, 0)
    says = (known.sum(axis=1) > 1) & ((low > -UNBOUNDED) | (high < UNBOUNDED))
    factor = np.where(known, signs, 0)
    part = Origin(origin.rule[says], origin.system[says])
    return Linear.of(np.where(known, cell, 0)[says], factor[says], (low[says], high[says]), part)


@dataclass(frozen=True, slots=True)
class _Side:
    """A sum of rows against others, and what is said of them; `whole` is the place of the row that it is told of."""

    said: str
    texts: tuple[str, ...]
    signs: Ints
    is_sum: bool
    whole: int


@dataclass(frozen=True, slots=True)
class _Rows:
    """The group of each organisation's row of a breakdown [O, T], -1 where it has none."""

    texts: dict[str, int]
    group: Ints

    @classmethod
    def of(cls, groups: pl.DataFrame) -> _Rows:
        organisation = (
            groups.select(pl.struct("level", "org_code").rank("dense").cast(pl.Int64)).to_series().to_numpy() - 1
        )
        written = groups["breakdown"].cast(pl.String).to_list()
        texts = {text: place for place, text in enumerate(dict.fromkeys(written))}
        group = np.full((int(organisation.max(initial=-1)) + 1, len(texts)), NONE, dtype=np.int64)
        group[organisation, [texts[text] for text in written]] = np.arange(len(groups))
        return cls(texts, group)

    def groups(self, texts: Sequence[str]) -> Ints:
        """Return the groups of the organisations that have all of some rows [O, V]."""
        found = self.group[:, [self.texts[text] for text in texts]]
        whole: Ints = found[(found != NONE).all(axis=1)]
        return whole


def _across(definitions: Definitions) -> tuple[Parts | RowRule, ...]:
    """Return the rules that go from one breakdown to another."""
    return (*definitions.parts, *definitions.rows)


def _sides(rule: Parts | RowRule, holds: Holds, texts: dict[str, int], period: str) -> Iterator[_Side]:
    """Return the sums of rows that a rule sets against each other so surely, where the file has them all."""
    found: list[tuple[tuple[str, ...], tuple[str, ...], bool]] = []
    said = rule.definition
    if isinstance(rule, RowRule):
        found = [(few, many, rule.relation == "=") for few, many in rule.cases() if rule.holds == holds]
    elif period >= rule.first_period and (relation := rule.relation_where(holds)) is not None:
        said = rule.says(relation)
        for whole, parts in rule.groups(texts):
            if relation == "each":
                found += [((part,), (whole,), False) for part in parts]
            elif relation == "at_least":
                found.append(((whole,), parts, False))
            else:
                found.append((parts, (whole,), relation == "sum"))
    for few, many, is_sum in found:
        if all(text in texts for text in (*few, *many)):
            signs = np.array([1] * len(few) + [-1] * len(many), dtype=np.int64)
            yield _Side(said, (*few, *many), signs, is_sum, 0 if len(few) == 1 else len(few))
