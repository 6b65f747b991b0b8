"""Hold what was found of a claim: verdict, cause, the readings behind it, and the sentence that the figures support."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iapt_audit.model.columns import Verdict

if TYPE_CHECKING:
    from iapt_audit.claims.causes import Cause
    from iapt_audit.claims.fit import Fit
    from iapt_audit.claims.readings import ClaimReading
    from iapt_audit.definitions import Claim


@dataclass(frozen=True, slots=True)
class ReadingUsed:
    """A reading that a claim was held against, and whether its figure fits: yes, no, maybe."""

    reading: ClaimReading
    agrees: Fit


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """
    A claim with its verdict.

    `unread` are the populations over which the figures here have nothing; `true_of` is the population that the figure
    is true of; `slip` names one slip that would explain a wrong figure, which says nothing of how it came about.
    """

    claim: Claim
    verdict: Verdict
    cause: Cause
    message: str
    steps: tuple[ReadingUsed, ...] = ()
    unread: tuple[str, ...] = ()
    slip: str | None = None
    true_of: str | None = None
    true_sentence: str = ""


def not_checkable(claim: Claim, cause: Cause, message: str, steps: tuple[ReadingUsed, ...] = ()) -> JudgedClaim:
    """Say that the figures cannot decide a claim, and why."""
    return JudgedClaim(claim, Verdict.NOT_CHECKABLE, cause, message, steps)
