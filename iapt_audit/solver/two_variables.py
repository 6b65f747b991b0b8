"""
Decide small systems exactly, in integers.

Variables that occur in every constraint with the same coefficient, up to sign, are first added to one: a sum of whole
numbers that are each free within bounds is itself free within bounds, so nothing is lost. A system of two variables is
then decided by going through every value of the one with fewer, and dividing out the range that the constraints leave
the other. A hole inside the bounds counts: no value is taken for possible because its neighbours are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.solver.dense import UNBOUNDED, Slices, Systems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.arrays import Ints, Truths


#: How many values are gone through at a time; bounds the memory, not the answer.
_BATCH = 1_000_000
_TWO = 2


class TooManyVariablesError(ValueError):
    """A system does not come down to two variables."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Systems with like variables added up; `sign` [old variable] and `into` say how each went into the new ones."""

    systems: Systems
    into: Ints
    sign: Ints


def merge(given: Systems) -> Merged:
    """
    Add up the variables whose coefficients are the same, up to sign, in every constraint of every system.

    The first of the like variables keeps its sign, so that a denominator `finished - not_at_caseness` stays one.
    """
    count = given.least.shape[1]
    into, sign = np.full(count, -1), np.ones(count, dtype=np.int64)
    kept: list[int] = []
    for variable in range(count):
        for position, other in enumerate(kept):
            for candidate in (1, -1):
                if into[variable] < 0 and np.array_equal(
                    given.coefficient[:, :, variable], candidate * given.coefficient[:, :, other]
                ):
                    into[variable], sign[variable] = position, candidate
        if into[variable] < 0:
            into[variable] = len(kept)
            kept.append(variable)
    least = np.zeros((len(given), len(kept)), dtype=np.int64)
    most = np.zeros_like(least)
    for variable in range(count):
        low, high = given.least[:, variable], given.most[:, variable]
        least[:, into[variable]] += low if sign[variable] > 0 else -high
        most[:, into[variable]] += high if sign[variable] > 0 else -low
    # a variable without a value leaves none to the sum it goes into, whatever the others are
    empty = (given.least > given.most).any(axis=1)
    least[empty], most[empty] = 1, 0
    cell, coefficient = given.cell[:, kept], given.coefficient[:, :, kept]
    if len(kept) == 1:
        # one variable decides; a second that is always 0 keeps the form
        cell, coefficient = np.repeat(cell, 2, axis=1), np.pad(coefficient, ((0, 0), (0, 0), (0, 1)))
        least, most = (np.pad(bound, ((0, 0), (0, 1))) for bound in (least, most))
    merged = Systems(given.group, cell, coefficient, given.low, given.high, least, most)
    return Merged(merged, into, sign)


def possible(given: Systems) -> Truths:
    """Say of each system whether some integers within the bounds satisfy every constraint."""
    if not len(given):
        return np.zeros(0, dtype=bool)
    merged = merge(given).systems
    answer = np.zeros(len(given), dtype=bool)
    for part in slices(merged):
        answer[part.group] = part.possible
    return answer


def slices(merged: Systems) -> Iterator[Slices]:
    """
    Go through every solution of systems in two variables, a batch at a time.

    Raises:
        TooManyVariablesError: If the systems have another number of variables.
    """
    if merged.least.shape[1] != _TWO:
        message = f"expected systems of 2 variables, got {merged.least.shape[1]}"
        raise TooManyVariablesError(message)
    width = merged.most[:, 1] - merged.least[:, 1] + 1
    order = np.argsort(width, kind="stable")
    start = 0
    while start < len(order):
        # widths rise, so the last of a batch sets its width
        end = start + 1
        while end < len(order):
            step = min(len(order), end + max(1, (end - start)))
            if (step - start) * max(int(width[order[step - 1]]), 1) > _BATCH:
                break
            end = step
        chosen = order[start:end]
        yield _slices(merged.take(chosen), chosen, max(int(width[chosen[-1]]), 1))
        start = end


def _slices(part: Systems, group: Ints, width: int) -> Slices:
    second = part.least[:, 1, None] + np.arange(width)[None, :]
    least = np.broadcast_to(part.least[:, 0, None], second.shape).copy()
    most = np.broadcast_to(part.most[:, 0, None], second.shape).copy()
    most[second > part.most[:, 1, None]] = -1
    least[second > part.most[:, 1, None]] = 0
    for constraint in range(part.coefficient.shape[1]):
        factor = part.coefficient[:, constraint, 0, None]
        rest = part.coefficient[:, constraint, 1, None] * second
        low, high = part.low[:, constraint, None], part.high[:, constraint, None]
        bounded_low, bounded_high = low > -UNBOUNDED, high < UNBOUNDED
        if not factor.any():
            closed = (bounded_low & (low - rest > 0)) | (bounded_high & (high - rest < 0))
            least[closed], most[closed] = 0, -1
            continue
        divisor = np.where(factor == 0, 1, factor)
        positive, negative = factor > 0, factor < 0
        # a division costs more than all else here, and most constraints have one side and one sign only
        sides = (
            (positive & bounded_low, low, True),
            (negative & bounded_high, high, True),
            (positive & bounded_high, high, False),
            (negative & bounded_low, low, False),
        )
        for side, bounds, upward in sides:
            if not side.any():
                continue
            left = np.where(side, bounds, 0) - rest
            if upward:
                np.maximum(least, np.where(side, -(-left // divisor), least), out=least)
            else:
                np.minimum(most, np.where(side, left // divisor, most), out=most)
        if (factor == 0).any():
            closed = (factor == 0) & ((bounded_low & (low - rest > 0)) | (bounded_high & (high - rest < 0)))
            least[closed], most[closed] = 0, -1
    return Slices(group, second, least, most)
