"""
Decide one system exactly, with CP-SAT: whole numbers from first to last, and no floating-point arithmetic decides.

What it answers is checked: a solution in plain integers by `linear`, and a system without one by propagation wherever
propagation can tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.systems import UNBOUNDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iapt_audit.linear import Linear

    Ints = NDArray[np.int64]

#: CP-SAT's own measure of work, the same on every machine; a system takes some thousandths of it.
_MOST_WORK = 20.0


class UndecidedError(Exception):
    """A system is too hard to be decided within the work that is allowed."""


def solution(given: Linear, least: Ints, most: Ints) -> Ints | None:
    """
    Give values of all variables that satisfy some constraints, None if there are none.

    Args:
        given: The constraints of one system.
        least: The least value of each variable, by its number.
        most: The greatest.

    Raises:
        UndecidedError: If the work that is allowed does not settle it.
    """
    # a quarter of a second to import, and most audits need it for a few systems or none
    from ortools.sat.python import cp_model

    used = np.unique(given.variable)
    if (least[used] > most[used]).any():
        return None
    model = cp_model.CpModel()
    variables = {int(each): model.new_int_var(int(least[each]), int(most[each]), "") for each in used}
    ends = given.start + given.length
    for low, high, start, end in zip(given.low, given.high, given.start, ends, strict=True):
        terms = [variables[int(each)] for each in given.variable[start:end]]
        total = cp_model.LinearExpr.weighted_sum(terms, given.coefficient[start:end].tolist())
        if low > -UNBOUNDED and high < UNBOUNDED:
            model.add_linear_constraint(total, int(low), int(high))
        elif low > -UNBOUNDED:
            model.add(total >= int(low))
        elif high < UNBOUNDED:
            model.add(total <= int(high))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    # it goes through the values of figures that are set aside, which can be a thousand million, and heeds no limit
    solver.parameters.cp_model_presolve = False
    solver.parameters.max_deterministic_time = _MOST_WORK
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        raise UndecidedError
    values = least.copy()
    values[used] = [solver.value(variables[int(each)]) for each in used]
    if not given.hold(values).all():
        raise UndecidedError
    return values
