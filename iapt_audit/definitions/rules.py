"""Hold the rules between counts: what the figures of one organisation, period and breakdown must be to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from iapt_audit.definitions.model import Source
    from iapt_audit.expressions import Comparison

#: How sure a rule is: `always` follows from the constructions and no true figure breaks it; `nearly` should hold, but
#: small misses are real.
Holds = Literal["always", "nearly"]


@dataclass(frozen=True, slots=True)
class Identity:
    """
    A sum or an order between counts of one publication, by their measure ids.

    It holds for the true counts of every organisation, period and breakdown, so for England's as printed.
    `construction` says why it follows from how the publisher counts.
    """

    id: str
    title: str
    publication: str
    holds: Holds
    rule: Comparison
    construction: str
    source: Source
    file: str
