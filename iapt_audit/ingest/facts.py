"""Lay the cited figures of England out as tidy cells, one part a run, so that figures of different runs never meet."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.columns import CELLS, ENGLAND, SCALE, Level, Statistic, Status
from iapt_audit.model.inputs import Part

if TYPE_CHECKING:
    from iapt_audit.definitions import Fact, Facts


def facts_cells(facts: Facts, input_number: int) -> tuple[pl.DataFrame, list[Part]]:
    """
    Return the cells of the facts that judge, and the run that each belongs to.

    A run is the rows of one year read at one address; the sums and estimates there are a run of their own. A count
    stands for the integers in [value - half_width, value + half_width).

    Returns:
        The cells (`model.columns.CELLS`), `file` counting the parts, in their order, and the parts.
    """
    runs: dict[tuple[str, str, bool], int] = {}
    parts: list[Part] = []
    rows = []
    for fact in facts.rows:
        if not fact.judges:
            continue
        silent = fact.confidence in facts.contradict_nothing
        key = (fact.period, fact.source.url, silent)
        if key not in runs:
            runs[key] = len(parts)
            reason = "sum_or_estimate" if silent else None
            parts.append(Part(input_number, facts.publication, fact.period, reason, gathered=True))
        rows.append(_row(fact, runs[key]))
    cells = pl.DataFrame(rows, schema=CELLS, orient="row")
    # the cells of a part stand together, as those of a file do
    return cells.sort("file", maintain_order=True), parts


def _row(fact: Fact, part: int) -> dict[str, object]:
    low = high = None
    if fact.statistic is Statistic.COUNT:
        low, high = ceil(fact.value - fact.half_width), ceil(fact.value + fact.half_width) - 1
        if fact.half_width == 0:
            low = high = int(fact.value)
    return {
        "file": part,
        "group": part,
        "row": fact.row,
        "level": Level.ENGLAND.value,
        "org_code": ENGLAND,
        "org_name": ENGLAND,
        "breakdown": fact.breakdown,
        "measure": fact.measure,
        "statistic": fact.statistic.value,
        "printed": fact.printed,
        "status": Status.PUBLISHED.value,
        "value": int(fact.value * SCALE),
        "half_width": int(fact.half_width * SCALE),
        "low": low,
        "high": high,
        "in_form": True,
        "smallest": 0,
        "held_back": False,
        "repeated": False,
    }
