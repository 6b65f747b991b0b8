"""No small count that slipped goes from a table into a project of Great Expectations; all rows are invented."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import great_expectations as gx
import pytest
from integrations.great_expectations.given import Table, figures, key

from iapt_audit.integrations.great_expectations import findings_of, run
from iapt_audit.model.columns import Level, Statistic
from iapt_audit.model.findings import Code, Severity

if TYPE_CHECKING:
    from pathlib import Path

    from great_expectations.checkpoint.checkpoint import CheckpointResult

    from iapt_audit.definitions import Definitions

C, P = Statistic.COUNT, Statistic.PERCENTAGE
ANNUAL = ("FinishedCourseTreatment", "NotAtCaseness", "Recovery", "Recovery", "AtCaseness")
MONTHLY = ("M076", "M179", "M191", "M192", "M193")
#: What differs from one run to the next, whatever stands in the table.
_OF_A_RUN = re.compile(r"20\d{6}T\d{6}\.\d+Z|20\d\d-\d\d-\d\d[T ][\d:.+]+(Z| UTC)?")


def _table(layout: str, definitions: Definitions, *slipped: str) -> Table:
    """Return providers whose counts break a rate and rules, each with a count that slipped among them."""
    known = definitions.layouts[layout]
    names = ANNUAL if known.shape == "wide" else MONTHLY
    rows = []
    for place, text in enumerate(slipped):
        printed = {
            (C, names[0]): "510", (C, names[1]): "5", (C, names[2]): text, (P, names[3]): "50", (C, names[4]): text,
        }  # fmt: skip
        rows += figures(known, key(known, Level.PROVIDER, f"ABC{place}"), printed)
    return Table(known, tuple(rows))


def _run(project: Path, folder: Path, table: Table) -> tuple[Path, CheckpointResult]:
    """Run the table's checkpoint, which draws the Data Docs of its result, in a copy of the project."""
    copy = folder / "project"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(project, copy)
    return copy, run(gx.get_context(mode="file", context_root_dir=copy), table.frame, table.period)


@pytest.mark.parametrize("layout", ["annual_main/2024-25", "monthly_activity/2021-01"])
def test_all_that_is_written_is_the_same_whichever_small_count_slipped(
    layout: str, definitions: Definitions, project: Path, tmp_path: Path
) -> None:
    written = []
    for slipped in ("3", "4"):
        copy, result = _run(project, tmp_path, _table(layout, definitions, slipped))
        assert Code.COUNT_NOT_DISCLOSURE_CONTROLLED in {each.code for each in findings_of(result)}
        # a digest of the table, which Great Expectations makes of every batch
        assert "fingerprint" not in str([each.to_json_dict() for each in result.run_results.values()])  # type: ignore[no-untyped-call]
        texts = [path.read_text(encoding="utf-8") for path in sorted(copy.rglob("*")) if path.is_file()]
        written.append([_OF_A_RUN.sub("", text) for text in texts])

    assert written[0] == written[1]


@pytest.mark.parametrize("layout", ["annual_main/2024-25", "monthly_activity/2021-01"])
def test_a_count_that_missed_disclosure_control_is_nowhere_in_the_project(
    layout: str, definitions: Definitions, project: Path, tmp_path: Path
) -> None:
    table = _table(
        layout, definitions, "739137391", " 739137391", "<739137391", "739137391.0", "-739137391", "7.39137391e8"
    )

    copy, result = _run(project, tmp_path, table)

    places = [str(path) for path in copy.rglob("*") if path.is_file() and b"39137391" in path.read_bytes()]
    assert not result.success
    assert places == []
    assert "39137391" not in result.describe()


def test_a_measure_that_nobody_knows_is_no_error_here_as_in_an_audit(definitions: Definitions, project: Path) -> None:
    table = _table("monthly_activity/2021-01", definitions, "255")
    frame = table.frame
    frame.loc[2, "MEASURE_ID"] = "73913"
    context = gx.get_context(mode="file", context_root_dir=project)

    result = run(context, frame)

    assert result.success
    assert {each.severity for each in findings_of(result)} == {Severity.NOTE}
