"""Small systems of constraints, written by hand or drawn, and every one of their solutions."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.linear import Linear, Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

#: Constraints as (coefficients, low, high), then the least and most of each variable.
Case = tuple[list[tuple[list[int], int, int]], list[tuple[int, int]]]


def table_of(cases: Sequence[Case]) -> tuple[Linear, Ints, Ints]:
    """Lay out cases of equal shape, each a system with variables of its own; give the bounds of the variables too."""
    variables = np.array([case[1] for case in cases], dtype=np.int64)
    wide = variables.shape[1]
    parts = []
    for number, (constraints, _) in enumerate(cases):
        terms = np.tile(np.arange(wide) + number * wide, (len(constraints), 1))
        factors = np.array([row[0] for row in constraints], dtype=np.int64)
        bounds = (np.array([row[1] for row in constraints]), np.array([row[2] for row in constraints]))
        of_case = np.full(len(constraints), number)
        parts.append(Linear.of(terms, factors, bounds, Origin(np.arange(len(constraints)), of_case)))
    return Linear.joined(parts), variables[:, :, 0].reshape(-1), variables[:, :, 1].reshape(-1)


def satisfies(case: Case, point: Sequence[int]) -> bool:
    """Check a point against every constraint and bound, in plain integers."""
    constraints, variables = case
    return all(least <= value <= most for (least, most), value in zip(variables, point, strict=True)) and all(
        (low == -UNBOUNDED or low <= value) and (high == UNBOUNDED or value <= high)
        for factors, low, high in constraints
        for value in [sum(factor * at for factor, at in zip(factors, point, strict=True))]
    )


def solutions(case: Case) -> list[tuple[int, ...]]:
    """Try every point of the box."""
    box = itertools.product(*(range(least, most + 1) for least, most in case[1]))
    return [point for point in box if satisfies(case, point)]


@st.composite
def rows_in(draw: st.DrawFn, variables: int, constraints: int) -> list[tuple[list[int], int, int]]:
    """Draw constraints on some variables: coefficients, low and high, often open on a side."""
    number, bound = st.integers(-7, 7), st.integers(-25, 25)
    rows = []
    for _ in range(constraints):
        low, high = sorted((draw(bound), draw(bound)))
        side = draw(st.sampled_from(("both", "both", "low", "high", "none")))
        rows.append(
            (
                [draw(number) for _ in range(variables)],
                low if side in {"both", "low"} else -UNBOUNDED,
                high if side in {"both", "high"} else UNBOUNDED,
            )
        )
    return rows


@st.composite
def cases(draw: st.DrawFn) -> list[Case]:
    """Draw a few systems of equal shape in one to three variables, small enough to try every point."""
    variables, constraints, groups = draw(st.integers(1, 3)), draw(st.integers(1, 4)), draw(st.integers(1, 4))

    def one() -> Case:
        rows = draw(rows_in(variables, constraints))
        starts = [draw(st.integers(-4, 6)) for _ in range(variables)]
        # a variable in no constraint is in no system, so that an empty one makes none impossible
        shortest = [-1 if any(factors[at] for factors, _, _ in rows) else 0 for at in range(variables)]
        return rows, [
            (start, start + draw(st.integers(least, 6))) for start, least in zip(starts, shortest, strict=True)
        ]

    return [one() for _ in range(groups)]


def random_cases(seed: int, how_many: int, variables: int, *, width: int = 8) -> list[Case]:
    """
    Draw systems of equal shape near the edge of the possible: about as many have a solution as have none.

    Each constraint is one of the kinds that figures make: a sum, an order, a rate, or a hole between two multiples.
    """
    random = np.random.default_rng(seed)
    drawn: list[Case] = []
    for _ in range(how_many):
        starts = [int(each) for each in random.integers(0, 3, variables)]
        bounds = [(start, start + int(random.integers(1, width))) for start in starts]
        hidden = [int(random.integers(least, most + 1)) for least, most in bounds]
        rows: list[tuple[list[int], int, int]] = []
        for _ in range(variables + 1):
            factors = [int(each) for each in random.integers(-3, 4, variables)]
            kind = int(random.integers(4))
            if kind == 1:
                at, rate = int(random.integers(variables)), int(random.integers(20, 90))
                factors = [0] * variables
                factors[at], factors[(at + 1) % variables] = 100, -rate
            elif kind == 2:
                factors = [7 * factor for factor in factors]
            # one constraint in three is a little off what the hidden numbers say
            off = int(random.integers(-2, 3)) if random.integers(3) == 0 else 0
            aim = sum(factor * value for factor, value in zip(factors, hidden, strict=True)) + off
            if kind == 0:
                rows.append((factors, aim, aim))
            elif kind == 1:
                rows.append((factors, aim - int(random.integers(40)), aim + int(random.integers(40))))
            elif kind == 2:
                rows.append((factors, aim - 3, aim + int(random.integers(4))))
            else:
                rows.append((factors, -UNBOUNDED, aim))
        drawn.append((rows, bounds))
    return drawn
