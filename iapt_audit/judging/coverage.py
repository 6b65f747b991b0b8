"""
Say of which inputs no figure was judged, and why, and which levels and organisations fell out of the others.

A figure is judged if a rate, a rule between figures, a sum of a level or a scale was tried on it. Of a publication for
which none of these is known the form of its figures is all that is judged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.errors.inputs import UnjudgedInputError
from iapt_audit.model.columns import Level, Status
from iapt_audit.model.findings import Code, Finding
from iapt_audit.model.text import listing, share_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iapt_audit.arrays import Truths
    from iapt_audit.constraints.context import Context
    from iapt_audit.constraints.rates import Candidates
    from iapt_audit.definitions import Definitions
    from iapt_audit.model.inputs import Input

#: So many organisations are named, more are counted.
_MOST_NAMED = 5

_UNKNOWN, _TWICE, _UNTRIED = "of an unknown measure", "of a key that appears twice", "not covered by a rule"
#: What cells are of which nothing could be judged, by their status.
_IS = {
    Status.SUPPRESSED: "suppressed",
    Status.WITHHELD_OR_ABSENT: "empty",
    Status.NOT_APPLICABLE: "not applicable",
    Status.UNPARSEABLE: "no number",
}
#: The reason, by what all cells are that could have held a figure.
_REASONS = {
    _IS[Status.SUPPRESSED]: "all_suppressed",
    _IS[Status.WITHHELD_OR_ABSENT]: "no_values",
    _IS[Status.NOT_APPLICABLE]: "no_values",
    _IS[Status.UNPARSEABLE]: "no_numbers",
    _TWICE: "keys_twice",
    _UNKNOWN: "no_measure",
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """The inputs, each with its status, and what fell out of those of which something was judged."""

    inputs: tuple[Input, ...]
    findings: list[Finding]


def cover(context: Context, found: Sequence[Candidates], ruled: Truths, summed: pl.DataFrame) -> Coverage:
    """
    Return each input its status.

    Args:
        context: The cells and definitions.
        found: The groups of each rate that is printed.
        ruled: For each group, whether a rule between its figures was tried on one that is printed.
        summed: The sums of levels that were tried: `rule` and `file`.
    """
    organisations = _organisations(context, _tried(context, found, ruled), summed)
    inputs = list(context.inputs)
    findings: list[Finding] = []
    without = _without_rules(context.definitions)
    cells = _of_parts(context)
    for number, part in enumerate(context.parts):
        source = inputs[part.input]
        # cited figures are no input of anybody, and what is given twice is judged where it was given first
        if part.gathered or part.repeats:
            continue
        own = cells[number]
        here = organisations.filter(pl.col("file") == number)
        if part.publication in without and own.filter(pl.col("is") == _UNTRIED).height:
            message = "no rule covers this publication's figures: only their format was checked"
            findings.append(Finding(Code.FORM_ONLY, message, publication=part.publication, period=part.period))
        elif not here["judged"].any():
            error = _nothing_judged(own, source)
            inputs[part.input] = replace(source, status=error.status, error=error)
        else:
            findings += [replace(each, publication=part.publication, period=part.period) for each in _fallen(here, own)]
    return Coverage(tuple(inputs), findings)


def _tried(context: Context, found: Sequence[Candidates], ruled: Truths) -> Truths:
    """Mark the groups on whose figures a rule, a rate or a scale was tried."""
    tried = ruled.copy()
    for each in found:
        tried[each.group[each.reason < 0]] = True
    definitions = context.definitions
    scaled = {scale.publication for scale in definitions.scales} | {
        each.publication for each in definitions.effect_sizes
    }
    measures = {name for scale in definitions.scales for name in scale.measures}
    files = [number for number, part in enumerate(context.parts) if part.publication in scaled]
    if files:
        groups = context.cells.filter(
            pl.col("file").is_in(files)
            & pl.col("measure").cast(pl.String).is_in(measures)
            & (pl.col("status") == Status.PUBLISHED)
            & ~pl.col("repeated")
        )["group"]
        tried[groups.to_numpy()] = True
    return tried


def _organisations(context: Context, tried: Truths, summed: pl.DataFrame) -> pl.DataFrame:
    """Say of each organisation of a file whether any figure of it was judged."""
    level_of = {rule.id: rule.level.value for rule in context.definitions.level_sums}
    pairs = {(file, level) for rule, file in summed.select("rule", "file").unique().iter_rows()
             for level in (level_of[rule], Level.ENGLAND.value)}  # fmt: skip
    printed = np.zeros(len(tried), dtype=bool)
    figures = (pl.col("status") == Status.PUBLISHED) & ~pl.col("repeated")
    printed[context.cells.filter(figures)["group"].to_numpy()] = True
    organisations = (
        context.located.groups.with_columns(
            judged=pl.Series(tried, dtype=pl.Boolean), printed=pl.Series(printed, dtype=pl.Boolean)
        )
        .group_by("file", "level", "org_code", maintain_order=True)
        .agg(pl.col("judged").any(), pl.col("printed").any())
    )
    if not pairs:
        return organisations
    of_sums = pl.DataFrame(list(pairs), schema={"file": pl.UInt16, "level": pl.String}, orient="row").cast(
        {name: organisations.schema[name] for name in ("file", "level")}
    )
    joined = organisations.join(
        of_sums.with_columns(summed=True), on=["file", "level"], how="left", maintain_order="left"
    )
    # a sum of nothing but suppressed counts proves nothing
    return joined.with_columns(pl.col("judged") | (pl.col("summed").fill_null(value=False) & pl.col("printed")))


def _without_rules(definitions: Definitions) -> set[str]:
    """Return the publications for whose figures no rate, rule, sum or scale is known."""
    rated = {rate.printed for rate in definitions.rates.values() if rate.numerator is not None}
    known = {name.publication for name in definitions.names if name.concept in rated}
    for rules in (definitions.between, definitions.level_sums, definitions.scales, definitions.effect_sizes):
        known |= {rule.publication for rule in rules}
    return {layout.publication for layout in definitions.layouts.values()} - known


def _of_parts(context: Context) -> list[pl.DataFrame]:
    """Count the cells of each part by level and by what they are: `level`, `is`, `cells`."""
    kinds = (
        pl.when("repeated")
        .then(pl.lit(_TWICE))
        .when(pl.col("status") != Status.PUBLISHED)
        .then(pl.col("status").cast(pl.String).replace({status.value: told for status, told in _IS.items()}))
        .when("unknown")
        .then(pl.lit(_UNKNOWN))
        .otherwise(pl.lit(_UNTRIED))
    )
    counted = (
        context.cells.group_by("file", "level", "repeated", "status", unknown=pl.col("statistic").is_null())
        .len("cells")
        .select("file", pl.col("level").cast(pl.String), "cells", **{"is": kinds})
        .group_by("file", "level", "is")
        .agg(pl.col("cells").sum())
        .sort("file", "level", "is")
    )
    return [counted.filter(pl.col("file") == number).drop("file") for number in range(len(context.parts))]


def _nothing_judged(own: pl.DataFrame, source: Input) -> UnjudgedInputError:
    """Say why nothing of an input could be judged."""
    if own.is_empty():
        return UnjudgedInputError.no_level(source.rows, source.layout or "")
    counts = dict(
        own.group_by("is").agg(pl.col("cells").sum()).sort("cells", "is", descending=[True, False]).iter_rows()
    )
    # where a figure does not apply none could be
    kinds = [what for what in counts if what != _IS[Status.NOT_APPLICABLE]] or list(counts)
    reason = _REASONS.get(kinds[0], "nothing_to_try") if len(kinds) == 1 else "nothing_to_try"
    return UnjudgedInputError.of_cells(reason, counts)


def _fallen(here: pl.DataFrame, own: pl.DataFrame) -> Iterator[Finding]:
    """Note the levels of a part of which nothing was judged, and the organisations of the other levels."""
    is_nameless = pl.col("org_code").cast(pl.String).str.split("/").list.contains("")
    by_level = here.group_by("level", maintain_order=True).agg(
        pl.len(),
        pl.col("judged").any(),
        # rows that name no organisation are told as such
        fallen=pl.col("org_code").filter(~pl.col("judged") & ~is_nameless).cast(pl.String).sort(),
    )
    for level, every, judged, codes in by_level.select("level", "len", "judged", "fallen").iter_rows():
        if not judged:
            of_level = own.filter(pl.col("level") == level)
            figures = share_text(int(of_level["cells"].sum()), int(own["cells"].sum()), "figure")
            what = listing([f"{count:,} {told}" for told, count in of_level.select("is", "cells").iter_rows()])
            yield Finding(Code.PART_UNJUDGED, f"nothing of level {level} was judged, {figures}: {what}", level=level)
        elif codes:
            more = f" and {len(codes) - _MOST_NAMED:,} more" if len(codes) > _MOST_NAMED else ""
            told = share_text(len(codes), every, "organisation")
            message = f"nothing of {told} of level {level} was judged: {', '.join(codes[:_MOST_NAMED])}{more}"
            yield Finding(Code.PART_UNJUDGED, message, level=level)
