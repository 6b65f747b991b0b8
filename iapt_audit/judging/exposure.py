"""Count the suppressed counts that the printed figures narrow or pin down, file by file and over all that must hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.constraints.joint import Compiler
from iapt_audit.disclosure.exposure import EXPOSED_KEY
from iapt_audit.model.columns import CELLS
from iapt_audit.solver.excluded_values import Means, exposed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iapt_audit.constraints.context import Context
    from iapt_audit.disclosure.exposure import ExposedCount
    from iapt_audit.model.inputs import Part
    from iapt_audit.solver.excluded_values import Effort

    Progress = Callable[[str, int, int], None]

#: One suppressed count a row, for the disclosure gate only: `file` says of which publication and period; `in_rule` that
#: some rule could say something of it; `candidates` that narrowing alone does not clear it, and `hidden` that it is so
#: and was not found narrowed; `narrowed` and `pinned` are `excluded_values.Means`; `undecided` that more may yet be
#: found.
EXPOSED = pl.Schema(
    {
        **{name: CELLS[name] for name in ("file", "level", "org_code", "breakdown", "measure")},
        "in_rule": pl.Boolean(),
        "candidates": pl.Boolean(),
        "hidden": pl.Boolean(),
        "narrowed": pl.UInt8(),
        "pinned": pl.UInt8(),
        "undecided": pl.Boolean(),
    }
)


def find_exposed(context: Context, effort: Effort, progress: Progress | None = None) -> pl.DataFrame:
    """
    Find what the printed figures give away of each suppressed count.

    Args:
        context: The cells and definitions.
        effort: How much is done beyond narrowing.
        progress: Told of each file.

    Returns:
        Rows of `EXPOSED`. Of a count that two inputs hold for the same publication and period, the last one's.
    """
    rates = context.definitions.rates.values()
    compiler = Compiler(context, [context.candidates(rate, printed_only=True) for rate in rates])
    frames = []
    for number, part in enumerate(context.parts):
        if progress:
            progress(f"{part.publication}, {part.period}", number, len(context.parts))
        frames.append(_of_file(number, compiler, context, effort))
    found = pl.concat([pl.DataFrame(schema=EXPOSED), *frames])
    # the same count twice would stand for two behind which the one could hide
    first = {(part.publication, part.period): number for number, part in reversed(list(enumerate(context.parts)))}
    same = {number: first[part.publication, part.period] for number, part in enumerate(context.parts)}
    run = pl.col("file").replace_strict(same, return_dtype=pl.Int64) if same else pl.col("file").cast(pl.Int64)
    key = ["run", "level", "org_code", "breakdown", "measure"]
    return found.with_columns(run=run).unique(key, keep="last", maintain_order=True).select(EXPOSED.names())


def _of_file(file: int, compiler: Compiler, context: Context, effort: Effort) -> pl.DataFrame:
    joint = compiler.compile(range(file, file + 1), "always")
    here = slice(joint.first_cell, joint.first_cell + joint.cells)
    cells = context.cells[here]
    least, most = context.arrays.low[here], context.arrays.high[here]
    # only a count has bounds: a suppressed percentage, or a mean, follows the count it rests on
    wanted = np.flatnonzero(context.arrays.suppressed[here] & (least < most))
    found = exposed(joint.linear, joint.across, (least, most), wanted, effort)
    return (
        cells[wanted]
        .with_columns(
            in_rule=pl.Series(found.tied),
            candidates=pl.Series(found.open | (found.narrowed == Means.NARROWING)),
            hidden=pl.Series(found.open & (found.narrowed == Means.NOT)),
            narrowed=pl.Series(found.narrowed),
            pinned=pl.Series(found.pinned),
            undecided=pl.Series(found.undecided),
        )
        .select(EXPOSED.names())
        .cast(EXPOSED)
    )


def counted(found: pl.DataFrame, parts: Sequence[Part]) -> list[ExposedCount]:
    """
    Add up, for the disclosure gate only.

    Args:
        found: Rows of `EXPOSED`.
        parts: What the file numbers are.

    Returns:
        For each publication, level, measure and period what `disclosure.publish_exposed` asks for.
    """
    runs = pl.DataFrame(
        [(number, part.publication, part.period) for number, part in enumerate(parts)],
        schema={"file": EXPOSED["file"], "publication": pl.String, "period": pl.String},
        orient="row",
    )
    sums = [
        pl.len().alias("suppressed"),
        *(pl.col(name).sum() for name in ("in_rule", "candidates", "hidden", "undecided")),
        *((pl.col(name) > Means.NOT).sum() for name in ("narrowed", "pinned")),
        *(
            (pl.col(name) == means).sum().alias(f"{name}_by_{means.name.lower()}")
            for name in ("narrowed", "pinned")
            for means in Means
            if means is not Means.NOT
        ),
    ]
    rows = (
        found.join(runs, on="file", how="left")
        .group_by(pl.col(EXPOSED_KEY).cast(pl.String))
        .agg(pl.struct(sums).alias("numbers"))
    )
    return [
        ((publication, level, measure, period), numbers)
        for publication, level, measure, period, numbers in rows.iter_rows()
    ]
