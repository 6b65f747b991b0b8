"""
Every rate and every rule between counts has a file that keeps to it, one that breaks it, and one that suppresses it.

The files are made from the definitions, so that a new rate or rule has its three as soon as it is defined. All rows and
figures here were invented.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from integrations.great_expectations.given import Table, figures, key

from iapt_audit.definitions import Definitions, Identity, Layout, Rate, load_default
from iapt_audit.model.columns import Level, Statistic
from iapt_audit.model.findings import Code, Severity
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from iapt_audit.definitions.expressions import Sum
    from iapt_audit.results import AuditResult

    #: What is printed, by statistic, measure and row of a breakdown.
    Printed = Mapping[tuple[Statistic, str, str], str]

DEFINITIONS = load_default()
SUPPRESSED = "*"
#: A provider that keeps to the check, one that breaks it, and one that suppresses a figure of it.
KEEPS, BREAKS, HIDES = "KEEPS", "BREAKS", "HIDES"
#: These are told as facts of England alone; no file that is audited prints them.
CITED = "england_facts"


def names(publication: str) -> dict[str, tuple[Statistic, str, str]]:
    """Return what a publication calls each concept."""
    return {
        each.concept: (each.statistic, each.measure, each.breakdown or "Total")
        for each in DEFINITIONS.names
        if each.publication == publication
    }


def concepts(rate: Rate) -> list[str]:
    assert rate.numerator is not None
    assert rate.denominator is not None
    return [rate.printed, *rate.numerator.names, *rate.denominator.names]


#: Each rate that is printed beside its counts, in each publication that prints it.
RATES = [
    (rate, publication)
    for rate in DEFINITIONS.rates.values()
    if rate.printed and rate.numerator is not None
    for publication in DEFINITIONS.measures
    if set(concepts(rate)) <= set(names(publication))
]


def layout_of(publication: str, wanted: set[tuple[Statistic, str]]) -> Layout:
    """Return the latest layout as published that has some figures."""
    layouts = [
        each
        for each in DEFINITIONS.layouts.values()
        if each.publication == publication
        and "tidy" not in each.id
        and each.form != "series"
        and (each.shape != "wide" or wanted <= set(each.columns.values()))
    ]
    return max(layouts, key=lambda each: each.first_period)


def audited(
    publication: str, organisations: Mapping[str, Printed], folder: Path, definitions: Definitions = DEFINITIONS
) -> AuditResult:
    """Audit a file of some providers."""
    wanted = {(statistic, measure) for printed in organisations.values() for statistic, measure, _ in printed}
    layout = layout_of(publication, wanted)
    rows = []
    for code, printed in organisations.items():
        for breakdown in sorted({breakdown for *_, breakdown in printed}, key="Total".__ne__):
            told = {(what, measure): text for (what, measure, row), text in printed.items() if row == breakdown}
            rows += figures(layout, key(layout, Level.PROVIDER, code, breakdown), told)
    return audit([Table(layout, tuple(rows)).write(folder)], definitions)


def worth(terms: Sum, counts: Mapping[str, int]) -> int:
    return sum(term.sign * counts[term.name] for term in terms.terms)


@pytest.mark.parametrize(("rate", "publication"), RATES, ids=[f"{rate.id}, {where}" for rate, where in RATES])
def test_a_rate_is_consistent_contradicted_and_not_checkable(rate: Rate, publication: str, tmp_path: Path) -> None:
    assert rate.numerator is not None
    assert rate.denominator is not None
    called = names(publication)
    counts = {term.name: 1000 if term.sign > 0 else 100 for term in rate.denominator.terms}
    mean = rate.statistic is Statistic.MEAN
    counts |= {term.name: 6500 if mean else 400 for term in rate.numerator.terms}
    # 400 of 1,000 or of 900: below England in whole points
    part, whole = worth(rate.numerator, counts), worth(rate.denominator, counts)
    right = f"{part / whole:.1f}" if mean else str((200 * part + whole) // (2 * whole))
    wrong = "9.5" if mean else str(int(right) + 15)
    texts = {name: str(count) for name, count in counts.items()}

    def printed(**changed: str) -> Printed:
        return {called[name]: text for name, text in {**texts, rate.printed: right, **changed}.items()}

    hidden = dict.fromkeys((*rate.numerator.names, rate.printed), SUPPRESSED)
    found = audited(
        publication,
        {KEEPS: printed(), BREAKS: printed(**{rate.printed: wrong}), HIDES: printed(**hidden)},
        tmp_path,
    )

    of_it = found.rates.filter(found.rates["rate"].cast(str) == rate.id)
    verdicts = {row["org_code"]: (row["verdict"], row["reason"]) for row in of_it.to_dicts()}
    errors = {(each.rule, each.org_code) for each in found.findings if each.severity is Severity.ERROR}
    # a formula that was tried on no published figure of the kind proves nothing
    untried = publication in rate.untried
    assert verdicts == {
        KEEPS: ("not_checkable", "untried") if untried else ("consistent", None),
        BREAKS: ("not_checkable", "untried") if untried else ("contradicted", None),
        HIDES: ("not_checkable", "suppressed"),
    }
    assert errors == (set() if untried else {(rate.id, BREAKS)})


def kept(rule: Identity, given: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return counts that keep to a rule: 100 of each but of the one that makes its sides equal, or greater by 100."""
    left, right = rule.rule.left, rule.rule.right
    counts = dict.fromkeys(rule.rule.names, 100) | dict(given or {})
    last = made_up(rule)
    side, other = (right, left) if last in right.names else (left, right)
    short = worth(other, counts) - worth(side, counts)
    counts[last] += short if rule.rule.relation == "=" else max(short, 0) + 100
    return counts


def made_up(rule: Identity) -> str:
    """Return the count that is chosen last: of the greater side, or of that with the fewer counts."""
    left, right = rule.rule.left.terms, rule.rule.right.terms
    side = left if rule.rule.relation == "=" and len(left) < len(right) else right
    return next(term.name for term in side if term.sign > 0)


@pytest.mark.parametrize("rule", DEFINITIONS.identities, ids=lambda rule: rule.id)
def test_a_rule_between_counts_is_kept_broken_and_suppressed(rule: Identity, tmp_path: Path) -> None:
    counts, last = kept(rule), made_up(rule)
    smaller = next(name for name in rule.rule.names if name != last and name not in rule.rule.right.names[1:])
    if rule.rule.relation == "=":
        smaller = next(name for name in (*rule.rule.right.names, *rule.rule.left.names) if name != last)
    broken = {**counts, smaller: counts[smaller] + 5000}

    def printed(known: Mapping[str, int], **suppressed: str) -> Printed:
        texts = {measure: str((count + 2) // 5 * 5) for measure, count in known.items()} | suppressed
        return {(Statistic.COUNT, measure, "Total"): text for measure, text in texts.items()}

    # 2 is printed as suppressed: it is none of 0 to 4 for certain, and the rest keeps to the rule
    hidden = printed(kept(rule, {smaller: 2}), **{smaller: SUPPRESSED})
    found = audited(
        rule.publication,
        {KEEPS: printed(counts), BREAKS: printed(broken), HIDES: hidden},
        tmp_path,
        # others hold of the same counts, and one would be found broken in the place of another
        replace(DEFINITIONS, identities=(rule,)),
    )

    errors = {(each.rule, each.org_code) for each in found.findings if each.severity is Severity.ERROR}
    (missed,) = (each for each in found.findings if each.rule == rule.id)
    assert errors == ({(rule.id, BREAKS)} if rule.holds == "always" else set())
    if rule.holds == "nearly":
        assert (missed.code, missed.severity) == (Code.SUM_MISSED, Severity.NOTE)
        assert "missed once" in missed.message
