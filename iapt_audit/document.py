"""Make `audit.json` of an audit: the same bytes in give the same bytes out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit import __version__
from iapt_audit.claims.entries import claims, counted
from iapt_audit.claims.register import on_audit
from iapt_audit.columns import HUNDRED_PERCENT, LICENCE_LINE, Level, Standing, Status, Verdict
from iapt_audit.figures import decimal_text
from iapt_audit.findings import CODES, Severity
from iapt_audit.headline_lines import lines, over
from iapt_audit.inputs import in_order
from iapt_audit.power import shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.audit import Audit
    from iapt_audit.claims.verdicts import Judged
    from iapt_audit.definitions import Definitions, Source, Standard
    from iapt_audit.findings import Finding, FoundCell
    from iapt_audit.inputs import Input

SCHEMA_VERSION = "1"
ATTRIBUTION = LICENCE_LINE

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of which each entry is written as JSON already."""

    entries: list[str]


def document(audit: Audit) -> Json:
    """
    Give the whole of `audit.json` (its JSON Schema ships as `audit.schema.json`), for `to_json` to write.

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


def to_json(content: Json) -> str:
    """
    Write a document, one entry of a list a line; a number that is no JSON number is our own fault and raises.

    >>> print(to_json({"a": 1, "rows": [{"b": 2}, {"b": 3}]}), end="")
    {
     "a": 1,
     "rows": [
      {"b": 2},
      {"b": 3}
     ]
    }
    """
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    parts = []
    for name, value in content.items():
        entries = value.entries if isinstance(value, Lines) else value
        if isinstance(entries, list) and entries:
            each_written = entries if isinstance(value, Lines) else map(encode, entries)
            written = "[\n  " + ",\n  ".join(each_written) + "\n ]"
        else:
            written = encode(entries)
        parts.append(f" {encode(name)}: {written}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def tool(definitions: Definitions) -> Json:
    """Say which tool and which definitions made a document."""
    return {"name": "iapt-audit", "version": __version__, "definitions_sha256": definitions.sha256}


def summary(audit: Audit, judged: Sequence[Judged] = ()) -> Json:
    """Count cells by status, rates by verdict and reason, findings by severity, claims by verdict."""
    status = dict(audit.cells.group_by("status").len().iter_rows())
    verdict = dict(audit.rates.group_by("verdict").len().iter_rows())
    reasons = audit.rates.filter(pl.col("reason").is_not_null()).group_by("reason").len()
    severity = Counter(finding.severity for finding in audit.findings)
    return {
        "cells": {each.value: status.get(each.value, 0) for each in Status},
        "rates": {each.value: verdict.get(each.value, 0) for each in Verdict},
        "not_checkable": dict(sorted(reasons.iter_rows())),
        "power": shares(audit.power),
        "proof": _proof(audit),
        "findings": {each.value: severity.get(each, 0) for each in Severity},
        "claims": counted(judged),
        "sifted": _sifted(audit),
    }


def _sifted(audit: Audit) -> Json:
    """Say which findings were not looked at, and what became of the waivers."""
    told = audit.sifted
    return {
        "only": list(told.only),
        "skip": list(told.skip),
        "left_out": told.left_out,
        "waived": sum(finding.waived is not None for finding in audit.findings),
        "expired": sorted(each.id for each in told.expired),
        "unmatched": sorted(each.id for each in told.unmatched),
    }


def _proof(audit: Audit) -> Json:
    """Say what was proven of all figures together, and how much of the files the rules reach."""
    tally, widths = audit.published.tally, audit.published.widths
    narrow = (pl.col("width") < HUNDRED_PERCENT).sum()
    width = pl.col("width").median().ceil().cast(pl.Int64)
    levels = widths.group_by("rule").agg(pl.len(), narrow.alias("could_fail"), width).sort("rule")
    return {
        "systems": {
            "narrowed": tally.narrowed,
            "searched": tally.searched,
            "solved": tally.solved,
            "contradicted": tally.contradicted,
            "undecided": tally.undecided,
        },
        "counts": {"published": tally.counts, "in_rules": tally.ruled},
        "standings_decided_together": int(audit.headline["decided_together"].sum()),
        "levels": {
            rule: {"sums": sums, "could_fail": could_fail, "width": decimal_text(width)}
            for rule, sums, could_fail, width in levels.iter_rows()
        },
    }


def sorted_headline(audit: Audit) -> pl.DataFrame:
    """Put the headline in its order: period, level, organisation, measure."""
    return audit.headline.sort(
        pl.col("period"), pl.col("level"), pl.col("org_code").cast(pl.String), pl.col("measure"), pl.col("file")
    )


def standards_in_order(definitions: Definitions) -> list[Standard]:
    """Give the standards as a summary tells them: first those of a rate that is told over every denominator."""
    return sorted(
        (standard for standard in definitions.standards.values() if standard.headline),
        key=lambda each: definitions.rates[each.rate].headline != "every_denominator",
    )


def england_rows(audit: Audit, standard: str) -> list[dict[str, Any]]:
    """Give England's rows of the headline for one standard, years before months."""
    rows = sorted_headline(audit).filter((pl.col("level") == Level.ENGLAND) & (pl.col("standard") == standard))
    return sorted(rows.iter_rows(named=True), key=lambda row: in_order(row["period"]))


def england_series(audit: Audit) -> pl.DataFrame:
    """Give the followed figures of England; those of every organisation are in the parquet."""
    return audit.series.filter(pl.col("level") == Level.ENGLAND).sort(
        "publication", "period", "section", "concept", "file"
    )


def england_waits(audit: Audit) -> pl.DataFrame:
    """Give England's waits of everyone beside the standards'; those of every organisation are in the parquet."""
    return audit.waits.filter(pl.col("level") == Level.ENGLAND).sort("publication", "period", "measure", "file")


def england_gaps(audit: Audit) -> pl.DataFrame:
    """Give England's outcomes by group; those of every organisation are in the parquet."""
    return audit.gaps.filter(pl.col("level") == Level.ENGLAND).sort(
        "publication", "period", "gap", "measure", "group", "file"
    )


def organisations(audit: Audit) -> list[Json]:
    """Count the organisations of each period and level by standing."""
    counted = (
        audit.headline.drop_nulls("standing")
        .group_by("period", "level", "measure", "standard", "standing")
        .agg(pl.len(), pl.col("entangled").sum())
        .sort("period", "level", "measure", "standard")
    )
    rows: dict[tuple[str, ...], Json] = {}
    for period, level, measure, standard, standing, count, entangled in counted.iter_rows():
        key = (period, level, measure, standard)
        row = rows.setdefault(
            key,
            {"period": period, "level": level, "measure": measure, "standard": standard}
            | {each.value: 0 for each in Standing}
            | {"undecided_for": {"rounding": 0, "suppression": 0}},
        )
        row[standing] = count
        if standing == Standing.UNDECIDED:
            row["undecided_for"] = {"rounding": count - entangled, "suppression": entangled}
    return list(rows.values())


def input_json(each: Input) -> Json:
    """Say what became of an input."""
    error = None
    if each.error is not None:
        error = {"code": each.error.code, "message": each.error.message, "hint": each.error.hint}
    return {
        "path": each.path,
        "member": each.member,
        "sha256": each.sha256,
        "publication": each.publication,
        "layout": each.layout,
        "period": each.period,
        "rows": each.rows,
        "cells": each.cells,
        "status": each.status,
        "error": error,
    }


def _rules(definitions: Definitions) -> Json:
    rates = {
        rate.id: {
            "title": rate.title,
            "severity": Severity.ERROR.value,
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


def over_denominators(row: Json, definitions: Definitions) -> list[Json]:
    """
    Tell a headline rate over each denominator: its own, and of an outcome every other one that is published.

    `low` and `high` are null where the file holds no such count; `cohort` is `other` where the denominator is of other
    referrals than those that ended in the period; `run` is `other` where its count comes from another run or source.
    """
    return [
        {
            "denominator": each.denominator,
            "low": None if row[each.low] is None else decimal_text(row[each.low]),
            "high": None if row[each.high] is None else decimal_text(row[each.high]),
            "cohort": "same" if each.same_cohort else "other",
            "run": "other" if each.run and row[each.run] else "same",
        }
        for each in over(definitions.rates[row["measure"]], definitions)
    ]


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
    """Give a finding as `audit.json` lists it."""
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
