"""The published figures themselves: every rate judged, none accused. Skipped where they are not beside the checkout."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import jsonschema
import polars as pl
import pytest

from iapt_audit.definitions import load_default
from iapt_audit.definitions.resources import audit_schema
from iapt_audit.outputs.documents.audit import document
from iapt_audit.outputs.documents.json_text import to_json
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.results import AuditResult


@pytest.fixture(scope="module")
def published(shared_data: Path) -> AuditResult:
    return audit([shared_data / "monthly", shared_data / "annual"], load_default())


def test_every_month_and_annual_report_is_read(published: AuditResult) -> None:
    read = Counter(each.publication for each in published.inputs if each.status == "audited")

    # six reports, and five years in one tidy file
    assert read == {"monthly_activity": 54, "annual_main": 6 + 5}
    assert published.unread == ()


def test_no_published_rate_is_accused_and_the_others_are_counted_by_reason(published: AuditResult) -> None:
    counted = dict(published.rates.group_by("verdict").len().iter_rows())
    reasons = dict(published.rates.drop_nulls("reason").group_by("reason").len().iter_rows())

    assert counted.get("contradicted", 0) == 0
    assert counted["consistent"] == 688_330
    assert reasons == {"suppressed": 354_183, "no_published_counts": 5_377, "key_twice": 1_110}


def test_every_rate_and_score_of_the_therapy_based_outcomes_is_possible(shared_data: Path) -> None:
    actual = audit([shared_data / "therapy_outcomes"], load_default())

    counted = dict(actual.rates.group_by("verdict").len().iter_rows())
    status = dict(actual.cells.group_by("status").len().iter_rows())
    assert counted == {"consistent": 60_773, "not_checkable": 479_364}
    assert status == {"published": 427_418, "suppressed": 2_598_006, "not_applicable": 1_936}
    # an organisation of which all is suppressed is told of, year by year
    assert [(each.code.value, each.severity.value) for each in actual.findings] == [("part-unjudged", "note")] * 2


def test_the_few_errors_are_real_defects_of_the_files(published: AuditResult) -> None:
    # 2023-24 lists the provider TAF90 under two names with the same figures; in July 2025 a mean is -1.8.
    errors = sorted(
        (each.code.value, each.period, each.org_code) for each in published.findings if each.severity == "error"
    )

    assert errors == [("key-twice", "2023-24", "TAF90"), ("value-negative", "2025-07", "K7Y6R")]


def test_february_2026_is_met_only_after_rounding_and_december_2024_by_a_hair(published: AuditResult) -> None:
    england = published.headline.filter((pl.col("level") == "england") & (pl.col("measure") == "recovery"))
    rows = {row["period"]: row for row in england.iter_rows(named=True)}

    assert (rows["2026-02"]["printed"], rows["2026-02"]["standing"]) == ("50", "met_only_after_rounding")
    assert (rows["2026-02"]["exact_numerator"], rows["2026-02"]["exact_denominator"]) == (25_012, 50_039)
    assert rows["2026-02"]["short_low"] == rows["2026-02"]["short_high"] == 8
    assert (rows["2024-12"]["standing"], rows["2024-12"]["short_low"]) == ("met", 0)


def test_no_suppressed_count_is_told_more_narrowly_than_it_is_printed(published: AuditResult) -> None:
    suppressed = published.cells.filter((pl.col("status") == "suppressed") & (pl.col("statistic") == "count"))

    assert suppressed.select(pl.struct("low", "high").n_unique()).item() == 1
    assert suppressed.select("low", "high").row(0) == (0, 4)


def test_audit_json_of_the_whole_is_valid(published: AuditResult) -> None:
    content = json.loads(to_json(document(published)))
    schema = json.loads(audit_schema().read_text(encoding="utf-8"))
    # every row of a list has the same form: the first thousand of the headline stand for all
    content["headline"] = content["headline"][:1000]

    jsonschema.validate(content, schema)
