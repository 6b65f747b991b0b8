"""
Decide one system exactly, with CP-SAT: whole numbers from first to last, and no floating-point arithmetic decides.

What it answers is checked: a solution in plain integers by `linear`, and a system without one by propagation wherever
propagation can tell.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.simplex import feasible

if TYPE_CHECKING:
    from types import ModuleType

    from iapt_audit.arrays import Ints
    from iapt_audit.solver.linear import Linear


#: CP-SAT's own measure of work, the same on every machine; a system takes some thousandths of it.
MOST_WORK = 20.0
#: A variable of more values than these is wide.
_WIDE = 100_000


class UndecidedError(Exception):
    """A system is too hard to be decided within the work that is allowed."""


class NoSolverError(UndecidedError):
    """A system is left to CP-SAT, which is not installed."""


def solution(given: Linear, least: Ints, most: Ints, work: float = MOST_WORK) -> Ints | None:
    """
    Return values of all variables that satisfy some constraints, None if there are none.

    Args:
        given: The constraints of one system.
        least: The least value of each variable, by its number.
        most: The greatest.
        work: How much work is allowed.

    Raises:
        UndecidedError: If the work that is allowed does not settle it.
        NoSolverError: If only CP-SAT would settle it, and it is not installed.
    """
    used = np.unique(given.variable)
    if (least[used] > most[used]).any():
        return None
    likes = _likes(given)
    bounds = [_ends(like, least, most) for like in likes]
    rows, ends = _rows(given, likes)
    # far apart, bounds are pushed towards each other one by one, and neither work nor memory is limited meanwhile
    if any(high - low > _WIDE for low, high in bounds) and not feasible(rows, ends, bounds):
        return None
    cp_model = _cp_model()
    model = cp_model.CpModel()
    variables = [model.new_int_var(low, high, "") for low, high in bounds]
    for row, (low, high) in zip(rows, ends, strict=True):
        total = cp_model.LinearExpr.weighted_sum([variables[name] for name in row], list(row.values()))
        if low is not None:
            model.add(total >= low)
        if high is not None:
            model.add(total <= high)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    # it goes through the values of figures that are set aside, which can be a thousand million, and heeds no limit
    solver.parameters.cp_model_presolve = False
    solver.parameters.max_deterministic_time = work
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        raise UndecidedError
    values = least.copy()
    for like, variable, (first, _) in zip(likes, variables, bounds, strict=True):
        like.spread(solver.value(variable) - first, values, least, most)
    if not given.hold(values).all():
        raise UndecidedError
    return values


@cache
def _cp_model() -> ModuleType:
    """Import CP-SAT, which takes a quarter of a second; most audits need it for a few systems or none."""
    try:
        from ortools.sat.python import cp_model
    except ModuleNotFoundError:
        raise NoSolverError from None
    return cp_model


class _Like(NamedTuple):
    """
    Variables that have the same factors, up to sign, in all constraints: only their sum counts.

    Such is a denominator of two counts. Two that can be anything would be pushed against each other one by one.
    """

    column: tuple[tuple[int, int], ...]
    members: list[tuple[int, int]]

    def spread(self, rest: int, values: Ints, least: Ints, most: Ints) -> None:
        """Return each member its part of what the sum is above its least."""
        for member, sign in self.members:
            step = min(rest, int(most[member] - least[member]))
            values[member] = least[member] + step if sign > 0 else most[member] - step
            rest -= step


def _rows(given: Linear, likes: list[_Like]) -> tuple[list[dict[int, int]], list[tuple[int | None, int | None]]]:
    """Write the constraints on the sums, without the divisor that the factors of each share."""
    rows: list[dict[int, int]] = [{} for _ in range(len(given))]
    for number, like in enumerate(likes):
        for constraint, factor in like.column:
            rows[constraint][number] = factor
    ends: list[tuple[int | None, int | None]] = []
    for at, (low, high) in enumerate(zip(given.low.tolist(), given.high.tolist(), strict=True)):
        shared = math.gcd(*rows[at].values()) or 1
        rows[at] = {number: factor // shared for number, factor in rows[at].items()}
        # a sum of whole numbers is whole
        ends.append((-(-low // shared) if low > -UNBOUNDED else None, high // shared if high < UNBOUNDED else None))
    return rows, ends


def _likes(given: Linear) -> list[_Like]:
    """Put the variables together that only occur as one sum."""
    factors: dict[int, Counter[int]] = {}
    for constraint, variable, factor in zip(
        given.constraint.tolist(), given.variable.tolist(), given.coefficient.tolist(), strict=True
    ):
        factors.setdefault(variable, Counter())[constraint] += factor
    likes: dict[tuple[tuple[int, int], ...], _Like] = {}
    for variable, column in factors.items():
        held = [(constraint, factor) for constraint, factor in sorted(column.items()) if factor]
        sign = -1 if held and held[0][1] < 0 else 1
        key = tuple((constraint, sign * factor) for constraint, factor in held)
        likes.setdefault(key, _Like(key, [])).members.append((variable, sign))
    return list(likes.values())


def _ends(like: _Like, least: Ints, most: Ints) -> tuple[int, int]:
    """Return the least and the greatest that the sum can be: whole numbers free within bounds sum to such."""
    lows = (int(least[member] if sign > 0 else -most[member]) for member, sign in like.members)
    highs = (int(most[member] if sign > 0 else -least[member]) for member, sign in like.members)
    return sum(lows), sum(highs)
