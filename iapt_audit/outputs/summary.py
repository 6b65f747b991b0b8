"""Sum an audit up: how many cells, rates, findings and claims of each kind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.judging.power import shares
from iapt_audit.model.columns import HUNDRED_PERCENT, Status, Verdict
from iapt_audit.model.findings import Severity
from iapt_audit.model.text import decimal_text
from iapt_audit.outputs.documents.claims import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.outputs.documents.json_text import Json
    from iapt_audit.results import AuditResult


def summary(audit: AuditResult, judged: Sequence[JudgedClaim] = ()) -> Json:
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


def _sifted(audit: AuditResult) -> Json:
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


def _proof(audit: AuditResult) -> Json:
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
        }
        | ({"unsolved": tally.unsolved} if tally.unsolved else {}),
        "counts": {"published": tally.counts, "in_rules": tally.ruled},
        "standings_decided_together": int(audit.headline["decided_together"].sum()),
        "levels": {
            rule: {"sums": sums, "could_fail": could_fail, "width": decimal_text(width)}
            for rule, sums, could_fail, width in levels.iter_rows()
        },
    }
