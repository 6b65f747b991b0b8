"""Count what was proven of all figures together."""

from __future__ import annotations

from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """
    How many systems were decided, and how.

    `narrowed`, `searched` and `solved` say by which means; `contradicted` and `undecided` are among them, and
    `unsolved` among the undecided: these the extra `solver` decides, which is not installed. `counts` are the published
    counts of the files, `ruled` those that some rule or rate is on.
    """

    narrowed: int = 0
    searched: int = 0
    solved: int = 0
    contradicted: int = 0
    undecided: int = 0
    unsolved: int = 0
    counts: int = 0
    ruled: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Add up two tallies."""
        mine, theirs = astuple(self), astuple(other)
        return Tally(*(one + more for one, more in zip(mine, theirs, strict=True)))
