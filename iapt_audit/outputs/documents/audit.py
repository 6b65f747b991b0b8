"""Make `audit.json` of an audit: the same bytes in give the same bytes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.claims.register import on_audit
from iapt_audit.model.findings import CODES, Severity
from iapt_audit.model.text import decimal_text
from iapt_audit.outputs.documents.claims import claims
from iapt_audit.outputs.documents.headline import lines
from iapt_audit.outputs.documents.json_text import ATTRIBUTION, SCHEMA_VERSION, Json, Lines, tool
from iapt_audit.outputs.queries import england_gaps, england_series, england_waits, organisations, sorted_headline
from iapt_audit.outputs.summary import summary

if TYPE_CHECKING:
    from iapt_audit.definitions import Definitions, Source
    from iapt_audit.model.findings import Finding, FoundCell
    from iapt_audit.model.inputs import Input
    from iapt_audit.results import AuditResult


def document(audit: AuditResult) -> Json:
    """
    Return the whole of `audit.json` (its JSON Schema ships as `audit.schema.json`), for `to_json` to write.

    The headline, by far its longest list, comes as `Lines`.
    """
    judged = on_audit(audit)
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": tool(audit.definitions),
        "attribution": ATTRIBUTION,
        "inputs": [input_json(each) for each in audit.inputs],
        "summary": summary(audit, judged),
        "rules": _rules(audit.definitions),
        "headline": Lines(lines(sorted_headline(audit), audit.definitions)),
        "organisations": organisations(audit),
        "series": [_series(row) for row in england_series(audit).iter_rows(named=True)],
        "waits": [_waits(row) for row in england_waits(audit).iter_rows(named=True)],
        "gaps": [_gap(row) for row in england_gaps(audit).iter_rows(named=True)],
        "findings": [finding_json(each) for each in audit.findings],
        "claims": claims(judged),
    }


def input_json(each: Input) -> Json:
    """Say what became of an input."""
    error = None
    if each.error is not None:
        error = {"code": each.error.code, "message": each.error.message, "hint": each.error.hint}
    return {
        "path": each.path,
        "member": each.member,
        "sha256": each.sha256,
        "masked_sha256": each.masked_sha256,
        "publication": each.publication,
        "layout": each.layout,
        "period": each.period,
        "rows": each.rows,
        "cells": each.cells,
        "status": each.status,
        "error": error,
    }


def _rules(definitions: Definitions) -> Json:
    printed_in: dict[str, set[str]] = {}
    for name in definitions.names:
        printed_in.setdefault(name.concept, set()).add(name.publication)
    rates = {
        rate.id: {
            "title": rate.title,
            # a formula that was tried nowhere proves nothing
            "severity": (
                Severity.NOTE if rate.untried and printed_in[rate.printed] <= {*rate.untried} else Severity.ERROR
            ).value,
            "source": _source(rate.source),
            "definition": f"{rate.printed or rate.id} = {rate.numerator} / ({rate.denominator})"
            if rate.numerator
            else f"{rate.printed}: its counts are not published",
        }
        for rate in definitions.rates.values()
    }
    standards = {
        standard.id: {
            "title": standard.title,
            "severity": Severity.NOTE.value,
            "source": _source(standard.source),
            "definition": f"{standard.rate or standard.count}: {standard.level} from {standard.in_force_from}",
        }
        for standard in definitions.standards.values()
    }
    identities = {
        rule.id: {
            "title": rule.title,
            "severity": (Severity.ERROR if rule.holds == "always" else Severity.NOTE).value,
            "source": _source(rule.source),
            "definition": rule.definition,
        }
        for rule in definitions.between
    }
    denominators = {
        denominator.id: {
            "title": denominator.of_whom,
            "severity": Severity.NOTE.value,
            "source": None,
            "definition": str(denominator.formula),
        }
        for denominator in definitions.denominators.values()
    }
    codes = {
        code.value: {"title": title, "severity": severity.value, "source": None, "definition": code.value}
        for code, (severity, title) in CODES.items()
    }
    return dict(sorted((codes | denominators | rates | standards | identities).items()))


def _source(source: Source) -> Json:
    return {
        "title": source.title,
        "url": source.url,
        "reviewed": source.reviewed.isoformat() if source.reviewed else None,
    }


def _series(row: Json) -> Json:
    names = (
        "publication",
        "period",
        "level",
        "org_code",
        "section",
        "concept",
        "measure",
        "statistic",
        "printed",
        "low",
        "high",
    )
    return {name: row[name] for name in names}


_TEN_THOUSANDTHS = ("low", "high", "beside_low", "beside_high", "points_low", "points_high")


_WAITS = (
    "publication", "period", "level", "org_code", "measure", "low", "high", "beside", "beside_low", "beside_high",
    "points_low", "points_high",
)  # fmt: skip
_GAPS = (
    "publication", "period", "level", "org_code", "gap", "measure", "group", "against", "low", "high", "points_low",
    "points_high",
)  # fmt: skip


def _waits(row: Json) -> Json:
    return {name: decimal_text(row[name]) if name in _TEN_THOUSANDTHS else row[name] for name in _WAITS}


def _gap(row: Json) -> Json:
    return {name: decimal_text(row[name]) if name in _TEN_THOUSANDTHS else row[name] for name in _GAPS}


def finding_json(finding: Finding) -> Json:
    """Return an entry of `findings`."""
    return {
        "id": finding.id,
        "code": finding.code.value,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "publication": finding.publication,
        "period": finding.period,
        "level": finding.level,
        "org_code": finding.org_code,
        "org_name": finding.org_name,
        "breakdown": finding.breakdown,
        "statistic": finding.statistic,
        "measures": list(finding.measures),
        "cells": [_cell(cell) for cell in finding.cells],
        "printed": finding.printed,
        "low": finding.low,
        "high": finding.high,
        "message": finding.message,
        "certificate": finding.certificate,
        "rules": list(finding.rules),
        "answers": [list(answer) for answer in finding.answers],
        "waived": finding.waived,
        "waived_for": [{"org_code": org_code, "reason": reason} for org_code, reason in finding.waived_for],
        "count": finding.count,
    }


def _cell(cell: FoundCell) -> Json:
    return {
        "measure": cell.measure,
        "statistic": cell.statistic,
        "printed": cell.printed,
        "low": cell.low,
        "high": cell.high,
        "path": cell.path,
        "member": cell.member,
        "row": cell.row,
    }
