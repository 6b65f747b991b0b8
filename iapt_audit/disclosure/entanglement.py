"""Find the figures that hang together with a suppressed one, so that telling them could give it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.model.columns import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.arrays import Ints, Truths

    Groups = Sequence[Ints]


def entangled(suppressed: Truths, groups: Sequence[Ints]) -> Truths:
    """
    Mark the cells whose narrowed bounds could give a suppressed one away.

    Args:
        suppressed: For each cell, whether it is suppressed.
        groups: For each rule, the cells of its groups that have a printed percentage [G, V].

    Returns:
        For each cell, whether it hangs together with a suppressed one through such groups, however long the chain.
    """
    marked = np.zeros(len(suppressed), dtype=bool)
    changed = True
    while changed:
        changed = False
        for cells in groups:
            touched = (suppressed[cells] | marked[cells]).any(axis=1)
            reached = cells[touched].reshape(-1)
            if not marked[reached].all():
                marked[reached] = True
                changed = True
    return marked


def unprinted(cells: pl.DataFrame) -> Truths:
    """Mark the cells that print no figure, though there may be one, or whose figure may not be repeated."""
    hides = cells["status"].is_in([Status.SUPPRESSED, Status.WITHHELD_OR_ABSENT]) | cells["held_back"]
    return hides.to_numpy()


def unprinted_there(hidden: tuple[Truths, Truths], both: Ints, side: int) -> Truths:
    """Mark the cells that the older (0) or newer (1) version prints and the other does not."""
    marked = np.zeros(len(hidden[side]), dtype=bool)
    marked[both[:, side]] = hidden[1 - side][both[:, 1 - side]]
    return marked & ~hidden[side]


def entangled_together(
    hidden: tuple[Truths, Truths], groups: tuple[Groups, Groups], both: Ints
) -> tuple[Truths, Truths]:
    """
    Mark the cells of two versions that hang together with a cell that either of them does not print.

    Args:
        hidden: For each cell of the older and of the newer version, whether it prints no figure (`unprinted`).
        groups: For each version, the cells of the groups of each rule [G, V].
        both: The cells that are the same in both, older and newer [N, 2].
    """
    older = len(hidden[0])
    moved = [*groups[0], *(cells + older for cells in groups[1]), both + np.array([0, older])]
    marked = entangled(np.concatenate(hidden), moved)
    # a cell by itself hangs together with its like in the other version, whether a rule holds it or not
    marked |= np.concatenate(hidden)
    return marked[:older], marked[older:]


def mask(cells: pl.DataFrame, hide: Truths) -> pl.DataFrame:
    """Take away the figures of the cells that the other version does not print, as if this one did not either."""
    wanted = pl.Series(hide)
    nothing = [pl.when(~wanted).then(pl.col(name)).alias(name) for name in ("printed", "value", "low", "high")]
    status = pl.when(wanted).then(pl.lit(Status.SUPPRESSED.value, dtype=cells.schema["status"])).otherwise("status")
    return cells.with_columns(*nothing, status=status)
