"""
Write what was found as JUnit XML, which every CI server shows: a suite an input, a case a check.

A case passes if nothing was found that fails it. A rate says of how many figures; one of which none could be judged
is skipped, with the reason, and so is a check that was not asked for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import polars as pl

from iapt_audit.constraints.rates import REASONS
from iapt_audit.integrations.checkout import inputs_of, place_of, place_of_input
from iapt_audit.model.columns import Verdict
from iapt_audit.model.findings import CODES, FAMILIES, Code
from iapt_audit.model.text import printable
from iapt_audit.selection.findings import by_weight

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.model.findings import Finding, Severity
    from iapt_audit.results import AuditResult

#: So many findings are listed in a case, the gravest first, and the others counted.
_MOST = 20
_TOOL = "iapt-audit"
_ALL = "all inputs together"
_READ = "the input is read"
_JUDGED = "a figure of the input is judged"
#: Percentages that no definition says how to work out.
_NO_RATE = "other percentages"


@dataclass(slots=True)
class _Case:
    """One check: why it fails, was skipped or could not run, and what it has to say."""

    name: str
    classname: str
    outcome: str = "passed"
    kind: str = ""
    message: str = ""
    text: list[str] = field(default_factory=list)


def junit(audit: AuditResult, failing: Collection[Severity], paths: Mapping[str, str]) -> str:
    """
    Write the XML of an audit.

    Args:
        audit: What was found.
        failing: The severities whose findings fail a case; others are told in its output.
        paths: The path in the checkout of each input, by the path it is told under (`checkout.in_checkout`).
    """
    found: dict[int | None, list[Finding]] = {}
    for finding in by_weight(audit.findings, audit.definitions):
        of = inputs_of(finding, audit)
        found.setdefault(of[0] if len(of) == 1 else None, []).append(finding)
    suites = []
    rates = _counted(audit)
    for number, each in enumerate(audit.inputs):
        read = _Case(_READ, "read")
        judged = _Case(_JUDGED, "judged")
        if each.error is not None:
            failed, outcome = (judged, "failure") if each.is_read else (read, "error")
            failed.outcome, failed.kind, failed.message = outcome, each.error.code, each.error.message
            failed.text = [each.error.hint or ""]
        name = f"{each.name} ({each.period})" if each.period else each.name
        cases = [read]
        if each.is_read:
            own = found.get(number, [])
            cases += [judged, *_rates(rates.get(number, {}), own, audit, failing), *_codes(own, audit, failing)]
        suites.append(_suite(name, cases, place_of_input(each, paths).path))
    if None in found:
        suites.append(_suite(_ALL, _codes(found[None], audit, failing, only_found=True)))
    return _written(suites)


def claims_junit(judged: Sequence[JudgedClaim]) -> str:
    """Write the XML of judged claims: a case a claim, failed if contradicted, skipped if it cannot be checked."""
    cases = []
    for each in sorted(judged, key=lambda each: each.claim.id):
        ours = "in our words: " if each.claim.in_our_words else ""
        name = f"{ours}{each.claim.text}" if each.claim.text else each.claim.id
        case = _Case(name, each.claim.id, kind=each.cause, message=each.message)
        case.outcome = {Verdict.CONTRADICTED: "failure", Verdict.NOT_CHECKABLE: "skipped"}.get(each.verdict, "passed")
        case.text = [each.true_sentence] if each.true_sentence else []
        cases.append(case)
    return _written([_suite("claims", cases)])


def _counted(audit: AuditResult) -> dict[int, dict[str, Counter[str]]]:
    """Count the printed percentages of each input and rate by verdict, or reason where they are not checkable."""
    counted: dict[int, dict[str, Counter[str]]] = {}
    verdict = pl.coalesce(pl.col("reason").cast(pl.String), pl.col("verdict").cast(pl.String))
    for file, rate, told, number in audit.rates.group_by("file", "rate", verdict.alias("told")).len().iter_rows():
        of_input = counted.setdefault(audit.parts[file].input, {})
        of_input.setdefault(rate or _NO_RATE, Counter())[told] += number
    return counted


def _rates(
    counted: Mapping[str, Counter[str]], findings: Sequence[Finding], audit: AuditResult, failing: Collection[Severity]
) -> Iterable[_Case]:
    for rate in sorted(counted):
        numbers = counted[rate]
        case = _Case(rate, FAMILIES[Code.RATE_CONTRADICTED].value)
        own = [each for each in findings if each.code is Code.RATE_CONTRADICTED and each.rule == rate]
        judged = numbers[Verdict.CONSISTENT] + numbers[Verdict.CONTRADICTED]
        told = [f"{numbers[verdict]:,} {verdict.value}" for verdict in (Verdict.CONSISTENT, Verdict.CONTRADICTED)]
        told += [f"{numbers[reason]:,} not checkable: {why}" for reason, why in REASONS.items() if numbers[reason]]
        if _left_out(audit, Code.RATE_CONTRADICTED, rate):
            case.outcome, case.message = "skipped", "not asked for"
        elif not judged:
            case.outcome, case.message = "skipped", "; ".join(told[2:])
        else:
            _tell(case, own, audit, failing)
        case.text += told
        yield case


def _codes(
    findings: Sequence[Finding], audit: AuditResult, failing: Collection[Severity], *, only_found: bool = False
) -> Iterable[_Case]:
    """Return a case for each other kind of finding."""
    for code in Code:
        own = [each for each in findings if each.code is code]
        if (code is Code.RATE_CONTRADICTED and not only_found) or (only_found and not own):
            continue
        case = _Case(code.value, FAMILIES[code].value)
        if _left_out(audit, code):
            case.outcome, case.message = "skipped", "not asked for"
        else:
            _tell(case, own, audit, failing)
        yield case


def _left_out(audit: AuditResult, code: Code, rule: str | None = None) -> bool:
    names = {code.value, FAMILIES[code].value, rule}
    only, skip = set(audit.sifted.only), set(audit.sifted.skip)
    return bool(names & skip) or bool(only and not names & only)


def _tell(case: _Case, findings: Sequence[Finding], audit: AuditResult, failing: Collection[Severity]) -> None:
    """Fail a case by its findings, skip it if all that would fail it is waived, and list them."""
    grave = [each for each in findings if each.severity in failing]
    counting = [each for each in grave if each.waived is None]
    if counting:
        count = len(counting)
        case.outcome, case.kind = "failure", counting[0].code.value
        title = CODES[counting[0].code][1]
        case.message = f"{title}: {count:,} finding{'s' if count != 1 else ''}"
    elif grave:
        case.outcome, case.message = "skipped", f"waived: {grave[0].waived}"
    told = counting or list(findings)
    case.text += [_line(each, audit) for each in told[:_MOST]]
    if len(told) > _MOST:
        case.text.append(f"and {len(told) - _MOST:,} more")


def _line(finding: Finding, audit: AuditResult) -> str:
    where = "; ".join(place.words for place in place_of(finding, audit, {}))
    parts = [f"{finding.id} {finding.severity.value} {finding.code.value}", finding.about, finding.message]
    parts += [finding.certificate or "", where, f"waived: {finding.waived}" if finding.waived else ""]
    return "\n  ".join(part for part in parts if part)


def _suite(name: str, cases: Iterable[_Case], path: str | None = None) -> ET.Element:
    suite = ET.Element("testsuite", name=printable(name))
    outcomes: Counter[str] = Counter()
    for case in cases:
        outcomes[case.outcome] += 1
        element = ET.SubElement(suite, "testcase", classname=printable(case.classname), name=printable(case.name))
        if path is not None:
            element.set("file", printable(path))
        text = printable("\n".join(line for line in case.text if line))
        if case.outcome == "passed":
            if text:
                ET.SubElement(element, "system-out").text = text
            continue
        why = ET.SubElement(element, case.outcome, message=printable(case.message))
        if case.kind and case.outcome != "skipped":
            why.set("type", case.kind)
        why.text = text
    _count(suite, outcomes)
    return suite


def _count(element: ET.Element, outcomes: Counter[str]) -> None:
    element.set("tests", str(outcomes.total()))
    for name, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(outcomes[outcome]))


def _written(suites: Sequence[ET.Element]) -> str:
    root = ET.Element("testsuites", name=_TOOL)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.extend(suites)
    ET.indent(root, space=" ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
