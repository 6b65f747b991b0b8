"""
Compile the definitions, once, into one long table of linear integer constraints on cells.

A constraint says low <= sum of coefficient x cell <= high. The solver that reads the table knows nothing of the
publisher. A printed percentage p of half-width h says that (p - h) d <= 100 n < (p + h) d for the true
counts n and d; in ten-thousandths this is two constraints with whole coefficients.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from iapt_audit.constraints.locate import TWICE
from iapt_audit.model.columns import HUNDRED_PERCENT, SCALE, Statistic, Status
from iapt_audit.solver.dense import CONSTRAINTS, UNBOUNDED, systems
from iapt_audit.solver.linear import Linear, Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iapt_audit.arrays import Ints, Truths
    from iapt_audit.constraints.locate import Located
    from iapt_audit.definitions import Rate
    from iapt_audit.definitions.expressions import Sum
    from iapt_audit.solver.dense import Systems


#: How many constraints a printed figure makes: the rate is not under it, and not over it.
_OF_PRINTED = 2
#: Stands for null in an array; no count is negative, and no percentage is printed so near to 0.
_NULL = -1

#: Why a printed percentage cannot be checked, in the order in which the reasons are looked for.
REASONS = {
    "key_twice": "its cell, or a count it depends on, appears twice in the file",
    "suppressed": "the percentage is suppressed",
    "unparseable": "the percentage is not a number that can be held exactly",
    "no_rule": "there is no tested formula for it",
    "no_published_counts": "its counts are not published",
    "other_run": "its counts come from another run or source",
    "sum_or_estimate": "it is a sum of months or an estimate, which cannot contradict anything",
    "count_absent": "the file lacks a count it depends on",
    "count_unusable": "a count it depends on is not a number or did not go through the publisher's rounding",
    "count_suppressed": "the count it is a percentage of is suppressed",
    "held_back": "it is held back, because a count it depends on is not printed or slipped through",
    "denominator_zero": "its denominator is 0",
    "untried": "its formula has not been tested on published figures in this kind of file",
}


@dataclass(frozen=True, slots=True)
class Box:
    """What the printed counts of each group allow, each by itself, and the printed percentage."""

    numerator_low: Ints
    numerator_high: Ints
    denominator_low: Ints
    denominator_high: Ints
    printed: Truths
    value: Ints
    half_width: Ints


@dataclass(frozen=True, slots=True)
class Candidates:
    """
    The groups of one rate: the cell of the percentage (-1 if none is printed), and of each term.

    `reason` is the index in `REASONS` of why a group cannot be checked, -1 if it can.
    """

    rate: Rate
    group: Ints
    percentage: Ints
    numerator: Ints
    denominator: Ints
    reason: Ints

    @property
    def terms(self) -> Ints:
        """Return the cells of the numerator's terms and then the denominator's [G, V]."""
        return np.concatenate([self.numerator, self.denominator], axis=1)


@dataclass(frozen=True, slots=True)
class CellArrays:
    """The columns of the tidy frame that constraints are made of, as arrays; null bounds are -1."""

    low: Ints
    high: Ints
    value: Ints
    half_width: Ints
    suppressed: NDArray[np.bool_]
    published: NDArray[np.bool_]
    held_back: NDArray[np.bool_]
    smallest: Ints

    @classmethod
    def of(cls, cells: pl.DataFrame) -> CellArrays:
        """Take the arrays out of the tidy frame."""
        return cls(
            low=cells["low"].fill_null(_NULL).to_numpy(),
            high=cells["high"].fill_null(_NULL).to_numpy(),
            value=cells["value"].fill_null(_NULL).to_numpy(),
            half_width=cells["half_width"].fill_null(_NULL).to_numpy(),
            suppressed=(cells["status"] == Status.SUPPRESSED).to_numpy(),
            published=(cells["status"] == Status.PUBLISHED).to_numpy(),
            held_back=cells["held_back"].to_numpy(),
            smallest=cells["smallest"].cast(pl.Int64).to_numpy(),
        )


def candidates(rate: Rate, located: Located, arrays: CellArrays, *, printed_only: bool = True) -> Candidates:
    """
    Gather the groups of a rate, and say of each whether its printed percentage can be checked.

    With `printed_only` only groups with a published or suppressed percentage are given; without it also those where the
    counts are there and no percentage is.
    """
    percentage = located.cells(rate.printed)
    terms = [
        [located.cells(name) for name in formula.names] if formula else []
        for formula in (rate.numerator, rate.denominator)
    ]
    # most groups lack most rates: what is asked next is asked of those that are left
    if printed_only:
        chosen = np.flatnonzero(percentage >= 0)
        figure = percentage[chosen]
        chosen = chosen[arrays.published[figure] | arrays.suppressed[figure]]
    else:
        chosen = np.arange(len(percentage))
        for cell in chain(*terms):
            chosen = chosen[cell[chosen] >= 0]
    percentage = percentage[chosen]
    shown = (percentage >= 0) & (arrays.published[percentage] | arrays.suppressed[percentage])
    percentage = np.where(shown, percentage, -1)
    numerator, denominator = (
        # what is asked of the terms of each group is asked along their columns
        np.stack([cell[chosen] for cell in cells]).T if cells else np.empty((len(chosen), 0), dtype=np.int64)
        for cells in terms
    )
    return Candidates(
        rate, chosen, percentage, numerator, denominator, _reasons(rate, percentage, numerator, denominator, arrays)
    )


def _reasons(rate: Rate, percentage: Ints, numerator: Ints, denominator: Ints, arrays: CellArrays) -> Ints:
    """Return the index of the first reason in `REASONS` that holds, -1 for none."""
    codes = {name: index for index, name in enumerate(REASONS)}
    reason = np.full(len(percentage), -1, dtype=np.int64)

    def mark(name: str, where: NDArray[np.bool_]) -> None:
        reason[where & (reason < 0)] = codes[name]

    printed = percentage >= 0
    mark("suppressed", printed & arrays.suppressed[percentage])
    mark(
        "unparseable",
        printed
        & arrays.published[percentage]
        & ((arrays.half_width[percentage] < 0) | (arrays.value[percentage] == _NULL)),
    )
    if rate.numerator is None or rate.denominator is None:
        mark("no_published_counts", np.ones(len(percentage), dtype=np.bool_))
        return reason
    terms = np.concatenate([numerator, denominator], axis=1)
    mark("key_twice", np.any(terms == TWICE, axis=1))
    mark("count_absent", np.any(terms < 0, axis=1))
    mark("count_unusable", np.any(arrays.low[terms] < 0, axis=1))
    if numerator.shape[1] == 1:
        # a printed percentage over a suppressed count is a defect of the file and a finding of its own
        mark("count_suppressed", printed & arrays.suppressed[numerator[:, 0]])
    mark("held_back", printed & arrays.held_back[percentage])
    nothing_left: NDArray[np.bool_] = np.less_equal(span(rate.denominator, denominator, arrays)[1], 0)
    mark("denominator_zero", nothing_left)
    return reason


def compile_rate(found: Candidates, arrays: CellArrays, *, standard: int | None = None) -> pl.DataFrame:
    """
    Write the constraints of the checkable groups of one rate.

    Args:
        found: The groups; those with a reason are left out.
        arrays: The cells.
        standard: A standard in ten-thousandths; its constraint is written with no bounds, since whether it holds
            is what is asked; another parts numerator from denominator, whatever the standard is.

    Returns:
        Rows of `solver.dense.CONSTRAINTS`, the groups numbered in their order: for each that the rate is not under and
        not over the printed figure (if one is printed), that the denominator is not 0, and of a percentage also that
        the numerator is part of the denominator, where the rate is `within`, and, where one is printed, at least the
        smallest count printed.
    """
    if found.rate.numerator is None or found.rate.denominator is None:
        return pl.DataFrame(schema=CONSTRAINTS)
    return _table(found.rate, found.terms[found.reason < 0], _constraints(found, arrays, standard))


def rate_linear(found: Candidates, arrays: CellArrays, rule: Ints, system: Ints) -> Linear:
    """
    Write the same constraints as `compile_rate`, to stand in one table with others.

    Args:
        found: The groups; those with a reason are left out.
        arrays: The cells.
        rule: The number of the rule in each checkable group.
        system: The system that each checkable group belongs to.
    """
    cells, figure = found.terms[found.reason < 0], found.percentage[found.reason < 0]
    of_numerator, of_denominator = _signs(found.rate)
    return Linear.joined(
        [
            Linear.of(
                cells,
                each.numerator[:, None] * of_numerator + each.denominator[:, None] * of_denominator,
                (each.low, each.high),
                Origin(rule, system, figure if each.is_of_figure else None),
            )
            for each in _constraints(found, arrays, None)
        ]
    )


class _Constraint(NamedTuple):
    """What must hold of numerator and denominator in each group: low <= a x numerator + b x denominator <= high."""

    numerator: Ints
    denominator: Ints
    low: Ints
    high: Ints
    is_of_figure: bool = False


def _constraints(found: Candidates, arrays: CellArrays, standard: int | None) -> list[_Constraint]:
    """Return what must hold of each checkable group; the first two say what the printed figure does."""
    rate = found.rate
    if rate.numerator is None or rate.denominator is None:
        return []
    checkable = found.reason < 0
    figure = found.percentage[checkable]
    cells = found.terms[checkable]
    split = len(rate.numerator.terms)
    printed = figure >= 0
    low = np.where(printed, arrays.value[figure] - arrays.half_width[figure], 0)
    high = np.where(printed, arrays.value[figure] + arrays.half_width[figure], 0)
    zero = np.zeros(len(figure), dtype=np.int64)
    endless = np.full(len(figure), UNBOUNDED)
    per = per_unit(rate)
    whole = np.where(printed, per, 0)
    constraints = [
        _Constraint(whole, -low, zero, endless, is_of_figure=True),
        _Constraint(whole, -high, -endless, np.where(printed, -1, 0), is_of_figure=True),
    ]
    if standard is not None:
        asked = ((zero + per, zero - standard), (zero + 1, zero - 2))
        constraints += [_Constraint(*coefficients, -endless, endless) for coefficients in asked]
    if rate.statistic is Statistic.PERCENTAGE:
        least = np.where(printed, arrays.smallest[figure], 0)
        if rate.within:
            constraints.append(_Constraint(zero + 1, zero - 1, -endless, zero))
        # this and the next mostly say what the bounds of the cells already say
        if (span(rate.numerator, cells[:, :split], arrays)[0] < least).any():
            constraints.append(_Constraint(zero + 1, zero, least, endless, is_of_figure=True))
    if (span(rate.denominator, cells[:, split:], arrays)[0] < 1).any():
        # of nobody there is no figure: that there is somebody is what the printed one says
        constraints.append(_Constraint(zero, zero + 1, zero + 1, endless, is_of_figure=True))
    return constraints


def _signs(rate: Rate) -> tuple[Ints, Ints]:
    """Return the sign of each cell in the numerator, and in the denominator; 0 where it is of the other."""
    numerator = [term.sign for term in rate.numerator.terms] if rate.numerator else []
    denominator = [term.sign for term in rate.denominator.terms] if rate.denominator else []
    return (
        np.array([*numerator, *(0 for _ in denominator)], dtype=np.int64),
        np.array([*(0 for _ in numerator), *denominator], dtype=np.int64),
    )


def shifted(given: Systems, rate: Rate, shift: int) -> Systems:
    """
    Add ten-thousandths to the printed figure of each system, to ask whether it would be caught if it were off.

    Only the denominator's coefficients in the first two constraints, those of the printed figure, move with it.
    """
    coefficient = given.coefficient.copy()
    coefficient[:, :_OF_PRINTED, :] -= shift * _signs(rate)[1]
    return replace(given, coefficient=coefficient)


def within_reach(given: Systems) -> Truths:
    """Say of each system whether the bounds of its variables let both constraints of the printed figure be kept."""
    reached = np.ones(len(given), dtype=bool)
    for constraint in range(_OF_PRINTED):
        least, most = (np.zeros(len(given), dtype=np.int64) for _ in range(2))
        for factor, low, high in zip(given.coefficient[:, constraint].T, given.least.T, given.most.T, strict=True):
            ends = factor * low, factor * high
            least += np.minimum(*ends)
            most += np.maximum(*ends)
        reached &= (least <= given.high[:, constraint]) & (most >= given.low[:, constraint])
    return reached


def _table(rate: Rate, cells: Ints, constraints: Sequence[_Constraint]) -> pl.DataFrame:
    """Lay constraints on a numerator and a denominator out over their cells, in the order of the table."""
    of_numerator, of_denominator = _signs(rate)
    coefficients = [
        each.numerator[:, None] * of_numerator + each.denominator[:, None] * of_denominator for each in constraints
    ]
    shape = (len(cells), len(constraints), cells.shape[1])
    lows = np.stack([each.low for each in constraints], axis=1)
    highs = np.stack([each.high for each in constraints], axis=1)

    def spread(values: Ints) -> Ints:
        flat: Ints = np.broadcast_to(values, shape).reshape(-1)
        return flat

    return pl.DataFrame(
        {
            "rule": pl.repeat(rate.id, shape[0] * shape[1] * shape[2], dtype=pl.Categorical(), eager=True),
            "group": spread(np.arange(shape[0])[:, None, None]),
            "constraint": spread(np.arange(shape[1])[None, :, None]),
            "variable": spread(np.arange(shape[2])[None, None, :]),
            "cell": spread(cells[:, None, :]),
            "coefficient": np.stack(coefficients, axis=1).reshape(-1),
            "low": spread(lows[:, :, None]),
            "high": spread(highs[:, :, None]),
        }
    ).cast(CONSTRAINTS)


def per_unit(rate: Rate) -> int:
    """Return what the numerator is counted in, in ten-thousandths: a percentage is of a hundred, a mean of one."""
    return HUNDRED_PERCENT if rate.statistic is Statistic.PERCENTAGE else SCALE


def alike(found: Candidates, arrays: CellArrays) -> tuple[Ints, Ints]:
    """
    Find the checkable groups that say the same: one counts for all of its like.

    Returns:
        One group of each kind, as places among the checkable ones, and the kind of each checkable group. Two groups are
        alike if their numerators, denominators and printed figures have the same bounds, since a sum of whole numbers
        that are free within bounds is itself free within bounds.
    """
    rate, checkable = found.rate, found.reason < 0
    if rate.numerator is None or rate.denominator is None or not checkable.any():
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing
    figure = found.percentage[checkable]
    said = pl.DataFrame(
        {
            **dict(zip("ab", span(rate.numerator, found.numerator[checkable], arrays), strict=True)),
            **dict(zip("cd", span(rate.denominator, found.denominator[checkable], arrays), strict=True)),
            "value": arrays.value[figure],
            "half_width": arrays.half_width[figure],
            "smallest": arrays.smallest[figure],
        }
    )
    numbered = said.with_row_index("place")
    kinds = numbered.unique(said.columns, keep="first", maintain_order=True).with_row_index("kind")
    kind = said.join(kinds, on=said.columns, how="left", maintain_order="left")["kind"]
    return kinds["place"].to_numpy().astype(np.int64), kind.to_numpy().astype(np.int64)


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kind of each checkable group of a rate, how many kinds there are, and the systems of one of each."""

    kind: Ints
    count: int
    systems: tuple[Systems, ...]


def kinds(found: Candidates, arrays: CellArrays) -> Kinds:
    """Lay out what the checkable groups of a rate say, each kind once: the groups of the systems are the kinds."""
    places, kind = alike(found, arrays)
    one_of_each = some(found, np.flatnonzero(found.reason < 0)[places])
    return Kinds(kind, len(places), tuple(systems(compile_rate(one_of_each, arrays), arrays.low, arrays.high)))


def some(found: Candidates, places: Ints) -> Candidates:
    """Keep some of the groups."""
    return Candidates(
        found.rate, found.group[places], found.percentage[places], found.numerator[places], found.denominator[places],
        found.reason[places],
    )  # fmt: skip


def span(formula: Sum, cells: Ints, arrays: CellArrays) -> tuple[Ints, Ints]:
    """Return the least and greatest value of a signed sum of cells [G, V], from the bounds of each alone."""
    low, high = (np.zeros(len(cells), dtype=np.int64) for _ in range(2))
    for term, cell in zip(formula.terms, cells.T, strict=True):
        least, most = arrays.low[cell], arrays.high[cell]
        if term.sign > 0:
            low += least
            high += most
        else:
            low -= most
            high -= least
    return low, high
