"""Hold what was found of a claim: verdict, cause, the readings behind it, and the sentence that the figures support."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iapt_audit.model.columns import Verdict

if TYPE_CHECKING:
    from iapt_audit.claims.readings import ClaimReading
    from iapt_audit.definitions import Claim

#: Why a claim has its verdict, in plain words.
CAUSES = {
    "exact": "the published figures say just that",
    "rounded": "the published figures round to it",
    "hedged": "it is told with a hedge, such as about or over, and fits",
    "population_unsaid": "it names no population, and fits the one told of here",
    "same_source": "it fits the figures on its own page; no others are here",
    "said_elsewhere": "it fits the population that its page names elsewhere; quoted alone it names another",
    "wrong_figure": "the published figures say otherwise",
    "wrong_population": "it is the figure of another population than the one it names",
    "rounding": "the published figures are rounded, and both fit and do not",
    "suppression": "a count it rests on is suppressed",
    "figures_disagree": "the published figure and the counts beside it cannot both be right",
    "other_cohort": "the two counts are of other referrals, so their ratio is no rate of either",
    "other_run": "the counts come from two runs or from somebody who quotes them",
    "how_near_unsaid": "nobody has said how near is near enough",
    "not_in_figures": "the figures here do not hold it",
    "not_in_publications": "these publications do not hold it",
    "population_not_published": "the population it names is not counted in these publications",
    "wording_not_read": "its wording was not read at its source",
    "page_not_read": "it fits another population than the one it names, and not all of its page was read",
    "wording_open": "its wording, or its page, can also be read another way",
    "target_unsaid": "its source names no target, so the one it was held against is ours",
    "period_unsaid": "it names no period, and of others it may be true",
    "stretch_unsaid": "it does not say since when, and of some stretches it is true",
    "missing_periods": "a period of the stretch is not in the figures here",
    "missing_organisations": "not all organisations have a figure here",
    "standard_not_confirmed": "no official text with the standard was read",
    "standard_not_in_force": "the standard was not in force then",
}


@dataclass(frozen=True, slots=True)
class ReadingUsed:
    """A reading that a claim was held against, and whether its figure fits: yes, no, maybe."""

    reading: ClaimReading
    agrees: str


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """
    A claim with its verdict.

    `unread` are the populations over which the figures here have nothing; `true_of` is the population that the figure
    is true of; `slip` names one slip that would explain a wrong figure, which says nothing of how it came about.
    """

    claim: Claim
    verdict: Verdict
    cause: str
    message: str
    steps: tuple[ReadingUsed, ...] = ()
    unread: tuple[str, ...] = ()
    slip: str | None = None
    true_of: str | None = None
    true_sentence: str = ""


def not_checkable(claim: Claim, cause: str, message: str, steps: tuple[ReadingUsed, ...] = ()) -> JudgedClaim:
    """Say that the figures cannot decide a claim, and why."""
    return JudgedClaim(claim, Verdict.NOT_CHECKABLE, cause, message, steps)
