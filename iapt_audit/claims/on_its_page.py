"""Weigh a verdict by the page that a claim stands on: how much of it was read, and what it says elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iapt_audit.claims.causes import Cause
from iapt_audit.model.columns import Verdict

if TYPE_CHECKING:
    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.definitions import Claim, Definitions, Elsewhere, Statement

_UNREAD = {
    "to_a_place": "Only part of its page was read",
    "beginning": "Only the beginning of its page is known to have been read",
    "not_read": "Its page was not read",
}


def weigh(judged: JudgedClaim, definitions: Definitions) -> JudgedClaim:
    """
    Take back what a verdict says against a claim where its page may say otherwise, or where a part of it is ours.

    That a figure is of another population than the one it names needs the whole page, and nothing on it that names the
    right one.
    """
    claim = judged.claim
    if claim.target_unsaid:
        judged = _target_is_ours(judged, definitions)
    if claim.period_unsaid:
        judged = _period_is_ours(judged)
    if judged.verdict is not Verdict.CONTRADICTED:
        return judged
    if claim.otherwise:
        return _open(judged, Cause.WORDING_OPEN, claim.otherwise)
    return _of_another_population(judged, claim.statement) if judged.cause is Cause.WRONG_POPULATION else judged


def _of_another_population(judged: JudgedClaim, statement: Statement | None) -> JudgedClaim:
    """Leave it at that only of a page that was read whole and does not say otherwise; what has no page is all there."""
    if statement is None:
        return judged
    said = [each for each in statement.elsewhere if each.measure in {"", judged.claim.measure}]
    right = next((each for each in said if each.population and each.population == judged.true_of), None)
    if right is not None:
        return _said_elsewhere(judged, right)
    if statement.page_read != "all":
        rest = f"{_UNREAD[statement.page_read]}, and the rest may say of whom the figure is true."
        return _open(judged, Cause.PAGE_NOT_READ, " ".join([*(each.text for each in said), rest]))
    if said:
        return _open(judged, Cause.WORDING_OPEN, " ".join(each.text for each in said))
    return judged


def _said_elsewhere(judged: JudgedClaim, said: Elsewhere) -> JudgedClaim:
    told = f"{judged.message} Read with its page, it fits. {said.text} Quoted alone, it names a different population."
    return replace(judged, verdict=Verdict.CONSISTENT, cause=Cause.SAID_ELSEWHERE, message=told)


def _open(judged: JudgedClaim, cause: Cause, reason: str) -> JudgedClaim:
    message = f"{judged.message} {reason}"
    return replace(judged, verdict=Verdict.NOT_CHECKABLE, cause=cause, slip=None, message=message)


def _period_is_ours(judged: JudgedClaim) -> JudgedClaim:
    if judged.verdict is Verdict.NOT_CHECKABLE:
        return judged
    told = f"The period is ours: {judged.claim.period} was taken."
    if judged.verdict is Verdict.CONTRADICTED:
        return _open(judged, Cause.PERIOD_UNSAID, told)
    return replace(judged, message=f"{judged.message} {told}")


def _target_is_ours(judged: JudgedClaim, definitions: Definitions) -> JudgedClaim:
    if judged.verdict is Verdict.NOT_CHECKABLE:
        return judged
    return _open(judged, Cause.TARGET_UNSAID, f"The target is ours: {_target(judged.claim, definitions)} was taken.")


def _target(claim: Claim, definitions: Definitions) -> str:
    standard = definitions.standards[claim.standard]
    return f"{standard.title[0].lower()}{standard.title[1:]} ({standard.level})"
