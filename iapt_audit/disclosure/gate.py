"""
Let out only what a reader of the file has anyway about a suppressed count.

For a suppressed cell nothing narrower than its printed bounds leaves, nor anything that would give it away by
subtraction. Inside, every rate is decided with all that the printed figures say together; outside, the figures of a
group that hangs together with a suppressed cell are given at face value: what the printed counts allow one by one, and
what the printed percentage allows by itself. A count that was not put through disclosure control is never repeated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.columns import STANDING
from iapt_audit.model.tables import Gate, TableKind, Tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.model.findings import Finding
    from iapt_audit.model.tally import Tally


@dataclass(frozen=True, slots=True)
class Private:
    """What the stages worked out, with all they know."""

    tables: Tables
    findings: Sequence[Finding]
    tally: Tally
    widths: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Published:
    """What may be written, printed or drawn; every output takes this and nothing else."""

    tables: Tables
    findings: tuple[Finding, ...]
    tally: Tally
    widths: pl.DataFrame


def publish(private: Private) -> Published:
    """
    Pass everything that leaves the program through the gate.

    - A count below England that was not put through disclosure control loses its text and its bounds.
    - Of a headline figure that hangs together with a suppressed cell, only face values stay.
    - Findings were worded by stages that know the gate; their cells are checked here once more.
    """
    return Published(
        tables=private.tables.mapped(_publish_table),
        findings=tuple(_publish_finding(finding) for finding in private.findings),
        # how many there are, and how wide sums of printed counts are
        tally=private.tally,
        widths=private.widths,
    )


def _publish_table(table: pl.DataFrame, kind: TableKind) -> pl.DataFrame:
    match kind.gate:
        case Gate.CELLS:
            return publish_cells(table)
        case Gate.HEADLINE:
            return publish_headline(table)
        case Gate.OPEN:
            return table


def publish_cells(cells: pl.DataFrame) -> pl.DataFrame:
    """Take away the text and the bounds of the cells that are held back."""
    hide = cells["held_back"]
    if not hide.any():
        return cells
    return cells.with_columns(
        pl.when(~pl.col("held_back")).then(pl.col(name)).alias(name)
        for name in ("printed", "value", "low", "high")
        if name in cells.columns
    )


def publish_headline(headline: pl.DataFrame) -> pl.DataFrame:
    """Choose between the exact values and those at face value, and drop the columns that held both."""
    gated = pl.col("entangled")
    names = ("low", "high", "standing", "short_low", "short_high")
    chosen = headline.with_columns(
        pl.when(gated).then(pl.col(f"face_{name}")).otherwise(pl.col(f"exact_{name}")).alias(name) for name in names
    ).with_columns(
        pl.col("standing").cast(STANDING),
        pl.when(~gated).then(pl.col("exact_numerator")).alias("exact_numerator"),
        pl.when(~gated).then(pl.col("exact_denominator")).alias("exact_denominator"),
    )
    return chosen.drop([f"{side}_{name}" for side in ("face", "exact") for name in names])


def _publish_finding(finding: Finding) -> Finding:
    """Hold back the figures of every cell that says that it holds them back."""
    cells = tuple(cell if cell.printed is not None else replace(cell, low=None, high=None) for cell in finding.cells)
    return replace(finding, cells=cells)
