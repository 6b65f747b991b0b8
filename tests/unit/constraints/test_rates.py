"""The constraints that rates compile to, and which groups say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from properties.publisher import Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import load_default
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

# Rows written for this test.


def test_groups_that_differ_only_in_the_numerators_upper_end_are_judged_apart(tmp_path: Path) -> None:
    # 15 and * are 13 to 21 together, 5 and 10 are 13 to 19; 20% of 98 to 102 takes 20 at least
    organisations = [
        Organisation("REACHES", Disclosure.LOCAL, {"M056": "100", "M075": "15", "M076": "*", "M080": "20"}),
        Organisation("MISSES", Disclosure.LOCAL, {"M056": "100", "M075": "5", "M076": "10", "M080": "20"}),
    ]
    (tmp_path / "made.csv").write_text(monthly_csv(organisations), encoding="utf-8")

    found = audit([tmp_path / "made.csv"], load_default())
    verdicts = {row["org_code"]: row["verdict"] for row in found.rates.to_dicts() if row["rate"] == "ended_treated"}

    assert verdicts == {"REACHES": "consistent", "MISSES": "contradicted"}


def test_a_lone_contradiction_is_told_and_stops_nothing(tmp_path: Path) -> None:
    printed = {"M076": "1000", "M179": "100", "M191": "450", "M192": "90"}
    one = Organisation("England", Disclosure.ENGLAND, printed)
    (tmp_path / "made.csv").write_text(monthly_csv([one]), encoding="utf-8")

    found = audit([tmp_path / "made.csv"], load_default())

    assert [finding.code for finding in found.findings if finding.severity == "error"] == ["rate-contradicted"]
