"""Judge the register of claims, and narrow it to what is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from iapt_audit.claims.causes import CAUSES
from iapt_audit.claims.judge import judge
from iapt_audit.claims.known_figures import KnownFigures
from iapt_audit.definitions import load_register
from iapt_audit.definitions.fields import near_miss
from iapt_audit.errors.base import ClaimError
from iapt_audit.model.columns import Level, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.definitions import Claim
    from iapt_audit.results import AuditResult

#: The register as it was judged on each audit that is still held: judging it takes longer than most views of it.
_JUDGED: WeakKeyDictionary[AuditResult, tuple[JudgedClaim, ...]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """The claims of the register that are shown, and how many are kept back for their unread wording."""

    judged: tuple[JudgedClaim, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """
    Which claims are asked for; what is empty asks for all.

    `speaker` is part of a name; `year` the year in which a claim was made, or the period that it is of; `unchecked`
    also asks for those whose wording was not read at its source.
    """

    speaker: str = ""
    year: str = ""
    verdict: str = ""
    cause: str = ""
    unchecked: bool = False


def narrow(claims: Sequence[Claim], book: KnownFigures, wanted: ClaimFilter) -> RegisterEntry:
    """
    Judge the claims of a register and keep those of a speaker, a year, a verdict, a cause.

    Raises:
        ClaimError: If there is no such verdict or cause.
    """
    verdict, cause = (name.replace("-", "_") for name in (wanted.verdict, wanted.cause))
    faults = []
    for key, name, known in (("verdict", verdict, [each.value for each in Verdict]), ("cause", cause, list(CAUSES))):
        if name and name not in known:
            faults.append((key, f"expected one of {', '.join(known)}, got `{name}`", near_miss(name, known)))
    if faults:
        raise ClaimError.faults("", faults)
    kept = [
        claim
        for claim in claims
        if claim.statement is not None
        and wanted.speaker.casefold() in claim.statement.speaker.name.casefold()
        and (not wanted.year or claim.statement.date.startswith(wanted.year) or claim.period == wanted.year)
    ]
    shown = [
        claim for claim in kept if wanted.unchecked or (claim.statement is not None and claim.statement.wording_checked)
    ]
    judged = [judge(claim, book) for claim in shown]
    found = [each for each in judged if (not verdict or each.verdict == verdict) and (not cause or each.cause == cause)]
    return RegisterEntry(tuple(found), 0 if verdict or cause else len(kept) - len(shown))


def on_audit(audit: AuditResult) -> tuple[JudgedClaim, ...]:
    """
    Judge the claims of the register that an audit bears on: those of its periods, on England's figures in its inputs.

    They are judged once for each audit, however many of its outputs show them.

    Those whose wording was not read at its source are left out, and those that no publication can decide.
    """
    if audit not in _JUDGED:
        _JUDGED[audit] = _on_audit(audit)
    return _JUDGED[audit]


def _on_audit(audit: AuditResult) -> tuple[JudgedClaim, ...]:
    definitions = audit.definitions
    periods = {part.period for part in audit.parts}
    cited = any(part.publication == definitions.facts.publication for part in audit.parts)
    claims = [
        claim
        for claim in load_register(definitions)
        if claim.statement is not None
        and claim.statement.wording_checked
        and not claim.unpublished
        and (cited or (claim.period in periods and claim.level == Level.ENGLAND))
    ]
    if not claims:
        return ()
    book = (
        KnownFigures.of(definitions) if cited else KnownFigures.of(definitions, audit, cited=False, level=Level.ENGLAND)
    )
    return tuple(judge(claim, book) for claim in claims)
