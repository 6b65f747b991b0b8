"""Choose which findings are looked at, set aside those that are waived, and put the gravest first."""

from __future__ import annotations

import difflib
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.errors.base import NotFoundError
from iapt_audit.model.findings import FAMILIES, Code, Family, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from iapt_audit.definitions import Definitions
    from iapt_audit.definitions.waivers import Waiver
    from iapt_audit.model.findings import Finding

_MOST_NEAR = 5
_SEVERITIES = list(Severity)


def rule_names(definitions: Definitions) -> set[str]:
    """Return every name that findings can be chosen by: families, codes and the ids of rules."""
    scales = {each.id for each in definitions.scales} | {each.id for each in definitions.effect_sizes}
    return {*map(str, Family), *map(str, Code), *definitions.rates, *scales}


def check_names(names: Iterable[str], definitions: Definitions) -> None:
    """
    See that all names are known.

    Raises:
        NotFoundError: With every unknown name and the known ones that are near it.
    """
    known = rule_names(definitions)
    unknown = {
        name: difflib.get_close_matches(name, sorted(known), n=_MOST_NEAR) for name in names if name not in known
    }
    if unknown:
        raise NotFoundError.rules(unknown, [each.value for each in Family])


def is_named(finding: Finding, names: Collection[str]) -> bool:
    """Return whether a finding goes by one of some names: its code, the code's family, its rule."""
    return finding.code.value in names or FAMILIES[finding.code].value in names or finding.rule in names


def select_findings(findings: Sequence[Finding], only: Collection[str], skip: Collection[str]) -> list[Finding]:
    """Keep the findings that `only` names, all where it names none, less those that `skip` names."""
    return [each for each in findings if (not only or is_named(each, only)) and not is_named(each, skip)]


def waive(
    findings: Sequence[Finding], waivers: Sequence[Waiver], today: date, places: pl.DataFrame
) -> tuple[list[Finding], tuple[Waiver, ...], tuple[Waiver, ...]]:
    """
    Mark the findings that are waived; a waiver counts up to its last day.

    One that names an organisation is of the organisation's part of a finding: the finding itself is waived when all its
    organisations are.

    Args:
        findings: What was found.
        waivers: What is waived.
        today: The day it is.
        places: The cells of the findings (`judging.causes.PLACES`).

    Returns:
        The findings, the waivers that have expired, and those that are of no finding.
    """
    named = {each.id for each in waivers}
    of = places.filter(pl.col("id").is_in(list(named))).select("id", pl.col("org_code").cast(pl.String)).unique()
    organisations: dict[str, set[str]] = {}
    for name, org_code in of.iter_rows():
        organisations.setdefault(name, set()).add(org_code)
    for finding in findings:
        if finding.org_code is not None and finding.id in named:
            organisations[finding.id] = {finding.org_code}
    there = {finding.id for finding in findings}
    expired = tuple(each for each in waivers if each.until < today)
    unmatched = tuple(
        each for each in waivers if each.id not in there or each.org_code not in {None, *organisations.get(each.id, ())}
    )
    counting = [each for each in waivers if each not in expired and each not in unmatched]
    whole = {each.id: each.reason for each in counting if each.org_code is None}
    parts: dict[str, dict[str, str]] = {}
    for each in counting:
        if each.org_code is not None:
            parts.setdefault(each.id, {})[each.org_code] = each.reason
    marked = []
    for finding in findings:
        reason, of_some = whole.get(finding.id), parts.get(finding.id, {})
        if reason is None and of_some and of_some.keys() == organisations[finding.id]:
            reason = "; ".join(dict.fromkeys(of_some.values()))
        marked.append(replace(finding, waived=reason, waived_for=tuple(sorted(of_some.items()))))
    return marked, expired, unmatched


def by_weight(findings: Iterable[Finding], definitions: Definitions) -> list[Finding]:
    """Sort findings by severity, then by how far they move a headline, then by id."""
    held = {standard.rate for standard in definitions.standards.values() if standard.headline}
    headline = held | {rate.id for rate in definitions.rates.values() if rate.headline is not None}
    return sorted(findings, key=lambda each: (_SEVERITIES.index(each.severity), -_moves(each, headline), each.id))


def _moves(finding: Finding, headline: Collection[str]) -> Decimal:
    """Return the points between a printed headline rate and the nearest that its counts allow; else 0."""
    if finding.code is not Code.RATE_CONTRADICTED or finding.rule not in headline:
        return Decimal(0)
    if finding.printed is None or finding.low is None or finding.high is None:
        # a suppressed count is in it: the order of the list must not tell of it either
        return Decimal(0)
    printed = Decimal(finding.printed.strip())
    return max(Decimal(finding.low) - printed, printed - Decimal(finding.high), Decimal(0))
