"""Hold what the judging modules share, and place a finding: publication, period, organisation, file and row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.constraints import rates
from iapt_audit.constraints.locate import locate
from iapt_audit.constraints.rates import Box
from iapt_audit.model.findings import Finding, FoundCell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.arrays import Ints, Truths
    from iapt_audit.constraints.locate import Located
    from iapt_audit.definitions import Definitions, Rate
    from iapt_audit.definitions.expressions import Sum
    from iapt_audit.model.findings import Code
    from iapt_audit.model.inputs import Input, Part


#: So many cells are told with a finding that is of many.
_MOST_CELLS = 10
#: What the cells of one cause may have in common, as a finding tells it.
_SHARED = ("level", "org_code", "org_name", "breakdown", "statistic")


@dataclass(frozen=True)
class Context:
    """The cells with everything that places and explains them."""

    cells: pl.DataFrame
    inputs: tuple[Input, ...]
    parts: tuple[Part, ...]
    definitions: Definitions

    @cached_property
    def table_of_part(self) -> list[int]:
        """Number the table of each part: a file, member or sheet of several periods is one."""
        places = [(each.path, each.member, each.sha256) for each in self.inputs]
        numbers = {place: number for number, place in enumerate(dict.fromkeys(places))}
        return [numbers[places[part.input]] for part in self.parts]

    @cached_property
    def arrays(self) -> rates.CellArrays:
        """Return the cells as arrays."""
        return rates.CellArrays.of(self.cells)

    @cached_property
    def located(self) -> Located:
        """Find the cells of each concept."""
        return locate(self.cells, [part.publication for part in self.parts], self.definitions.names)

    def holding_back(self, hide: Truths) -> Context:
        """Hold more figures back: none of them is repeated, and no count among them bounds anything."""
        hidden = pl.Series(hide)
        ends = (pl.when(~hidden).then(pl.col(name)).alias(name) for name in ("low", "high"))
        cells = self.cells.with_columns(*ends, held_back=pl.col("held_back") | hidden)
        return self._as_located(replace(self, cells=cells))

    def with_inputs(self, inputs: tuple[Input, ...]) -> Context:
        """Tell the inputs otherwise."""
        return self._as_located(replace(self, inputs=inputs))

    def _as_located(self, other: Context) -> Context:
        """Spare looking for the figures again: each stands where it did."""
        other.__dict__["located"] = self.located
        return other

    def candidates(self, rate: Rate, *, printed_only: bool) -> rates.Candidates:
        """
        Gather the groups of a rate.

        A group whose part contradicts nothing, whose counts stand in another run, or in whose publication the formula
        was never tried, is not checkable for that reason.
        """
        found = rates.candidates(rate, self.located, self.arrays, printed_only=printed_only)
        codes = list(rates.REASONS)
        file = self.located.groups["file"].to_numpy()[found.group]
        reason = found.reason.copy()
        for number, part in enumerate(self.parts):
            here = file == number
            if part.gathered:
                reason[here & (found.reason == codes.index("count_absent"))] = codes.index("other_run")
            if part.unjudged is not None:
                reason[here] = codes.index(part.unjudged)
            if part.publication in rate.untried:
                reason[here & (reason < 0)] = codes.index("untried")
        return replace(found, reason=reason)

    def of_other_runs(self, concept: str) -> Ints:
        """
        Return for each group a cell of the same year in another run, -1 for none.

        Only figures cited one by one are looked for so: a rate across two runs is told, and never called exact.
        """
        cell = self.located.cells(concept)
        file = self.located.groups["file"].to_numpy()
        gathered = np.array([part.gathered for part in self.parts], dtype=bool)[file]
        of_year = {self.parts[file[group]].period: cell[group] for group in np.flatnonzero(gathered & (cell >= 0))}
        found = (
            [
                of_year.get(self.parts[number].period, -1) if here else -1
                for number, here in zip(file, gathered, strict=True)
            ]
            if of_year
            else []
        )
        return np.array(found, dtype=np.int64) if of_year else np.full(len(file), -1, dtype=np.int64)

    def box(self, found: rates.Candidates) -> Box:
        """Return what the printed counts and percentage of each group say one by one; -1 where there are no counts."""
        arrays = self.arrays
        numerator_low, numerator_high = _span(found.rate.numerator, found.numerator, arrays)
        denominator_low, denominator_high = _span(found.rate.denominator, found.denominator, arrays)
        printed = (found.percentage >= 0) & arrays.published[found.percentage] & ~arrays.held_back[found.percentage]
        return Box(
            numerator_low=numerator_low,
            numerator_high=numerator_high,
            denominator_low=denominator_low,
            denominator_high=denominator_high,
            printed=printed,
            value=np.where(printed, arrays.value[found.percentage], 0),
            half_width=np.where(printed, arrays.half_width[found.percentage], 0),
        )

    def finding(self, code: Code, message: str, cells: Sequence[int]) -> Finding:
        """Make a finding about some cells of one organisation, placed by the first of them."""
        found = [self.found_cell(cell) for cell in cells]
        row = self.cells.row(cells[0], named=True)
        part = self.parts[row["file"]]
        return Finding(
            code=code,
            message=message,
            publication=part.publication,
            period=part.period,
            level=row["level"],
            org_code=row["org_code"],
            org_name=row["org_name"],
            breakdown=row["breakdown"],
            statistic=row["statistic"],
            measures=tuple(dict.fromkeys(each.measure for each in found)),
            cells=tuple(found),
            printed=found[0].printed,
            count=len(found),
            at=np.array(cells, dtype=np.int64),
        )

    def cause(self, code: Code, message: str, at: Ints) -> Finding:
        """
        Make a finding about all cells that are wrong in one way, in the order of their files and rows.

        What they share is told of the finding: one organisation, one measure, one period. Of the cells the first are
        told with it; all are its places.
        """
        at = np.sort(at)
        rows = self.cells[at].select("file", *_SHARED, "measure")
        shared: dict[str, str | None] = {}
        for name in _SHARED:
            values = rows[name].unique().cast(pl.String)
            shared[name] = values[0] if len(values) == 1 else None
        measures = rows["measure"].unique(maintain_order=True)
        parts = [self.parts[file] for file in rows["file"].unique(maintain_order=True)]
        publications, periods = {part.publication for part in parts}, {part.period for part in parts}
        return Finding(
            code=code,
            message=message,
            publication=publications.pop() if len(publications) == 1 else None,
            period=periods.pop() if len(periods) == 1 else None,
            level=shared["level"],
            org_code=shared["org_code"],
            org_name=shared["org_name"],
            breakdown=shared["breakdown"],
            statistic=shared["statistic"],
            measures=tuple(measures.cast(pl.String)) if len(measures) == 1 else (),
            cells=tuple(self.found_cell(int(cell)) for cell in at[:_MOST_CELLS]),
            count=len(at),
            at=at,
        )

    def found_cell(self, cell: int) -> FoundCell:
        """Return a cell with file and row; its figures are None where they may not be repeated."""
        row = self.cells.row(cell, named=True)
        source = self.inputs[self.parts[row["file"]].input]
        hidden = row["held_back"]
        return FoundCell(
            measure=row["measure"],
            statistic=row["statistic"] or "unknown",
            printed=None if hidden else row["printed"],
            low=None if hidden else row["low"],
            high=None if hidden else row["high"],
            path=source.path,
            member=source.member,
            row=row["row"],
        )


def _span(formula: Sum | None, cells: Ints, arrays: rates.CellArrays) -> tuple[Ints, Ints]:
    """Return the least and greatest value of a formula, from the bounds of its cells alone."""
    if formula is None:
        nothing = np.full(len(cells), -1)
        return nothing, nothing
    return rates.span(formula, cells, arrays)
