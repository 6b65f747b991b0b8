"""The suite of a layout passes where nothing is wrong, and fails just where the audit does; all rows are invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from integrations.great_expectations.given import Table, faulty, figures, key, sound

from iapt_audit.definitions import Definitions, load_default
from iapt_audit.integrations.great_expectations import findings_of, run
from iapt_audit.integrations.great_expectations.results import OURS
from iapt_audit.integrations.great_expectations.suites import suite_name, suite_of
from iapt_audit.model.columns import Level, Statistic
from iapt_audit.model.findings import Code, Finding, Severity
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResult,
        ExpectationValidationResult,
    )
    from great_expectations.data_context import FileDataContext

    from iapt_audit.results import AuditResult

ROOT = Path(__file__).parents[3]
LAYOUTS = list(load_default().layouts)
#: No rule is on the figures that `sound` prints in them: of the tidy years England has no parts beside it, and the
#: formulas of the integrated services were tried on no published figure.
UNJUDGED = {
    "annual_iet_ltc/2020-21",
    "annual_iet_ltc/2022-23",
    "annual_main/2012-13-tidy",
    "annual_main/2013-14-tidy",
}


def validated(table: Table, context: FileDataContext) -> ExpectationSuiteValidationResult:
    """Run the suite of a table's layout, without the Data Docs."""
    definition = context.validation_definitions.get(suite_name(table.layout.id))
    return definition.run(batch_parameters={"dataframe": table.frame}, expectation_parameters={"period": table.period})


def audited(table: Table, folder: Path, definitions: Definitions) -> tuple[Finding, ...]:
    """Audit the file of a table, with its cells called as those of a batch are."""
    return as_of_a_batch(audit([table.write(folder)], definitions))


def as_of_a_batch(found: AuditResult) -> tuple[Finding, ...]:
    return tuple(
        replace(finding, cells=tuple(replace(cell, path="batch") for cell in finding.cells))
        for finding in found.findings
    )


def rows_with_errors(found: AuditResult) -> list[int]:
    """Return the rows of all places of errors, of which a finding shows the first."""
    errors = [each.id for each in found.findings if each.severity is Severity.ERROR]
    places = found.published.tables.places
    return sorted({row - 2 for name, row in places.select("id", "row").iter_rows() if name in errors})


def failed(result: ExpectationSuiteValidationResult) -> list[ExpectationValidationResult]:
    return [each for each in result.results if not each.success]


def rows_of_errors(findings: tuple[Finding, ...]) -> list[int]:
    return sorted({cell.row - 2 for each in findings if each.severity is Severity.ERROR for cell in each.cells})


def rows_failed(result: ExpectationSuiteValidationResult) -> list[int]:
    return sorted({row for each in failed(result) for row in each.result["unexpected_index_list"]})


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout not in UNJUDGED])
def test_a_table_with_nothing_wrong_passes(
    layout: str, definitions: Definitions, context: FileDataContext, tmp_path: Path
) -> None:
    table = sound(definitions.layouts[layout], definitions)

    result = validated(table, context)

    assert failed(result) == []
    assert audited(table, tmp_path, definitions) == findings_of(result)


@pytest.mark.parametrize("layout", sorted(UNJUDGED))
def test_a_table_in_which_nothing_can_be_judged_fails(
    layout: str, definitions: Definitions, context: FileDataContext, tmp_path: Path
) -> None:
    table = sound(definitions.layouts[layout], definitions)
    found = audit([table.write(tmp_path)], definitions)

    result = validated(table, context)

    assert [each.status for each in found.inputs] == ["unjudged"]
    assert not result.success
    assert rows_failed(result) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_table_with_faults_fails_in_the_rows_and_with_the_findings_of_the_audit(
    layout: str, definitions: Definitions, context: FileDataContext, tmp_path: Path
) -> None:
    table = faulty(definitions.layouts[layout], definitions)

    result = validated(table, context)

    found = audit([table.write(tmp_path)], definitions)
    expected = as_of_a_batch(found)
    assert expected == findings_of(result)
    assert Code.KEY_TWICE in {each.code for each in expected}
    assert rows_with_errors(found) == rows_failed(result)


C, P = Statistic.COUNT, Statistic.PERCENTAGE
#: Finished, not at caseness and recovered, and the percentage: what they are called.
ANNUAL = ("FinishedCourseTreatment", "NotAtCaseness", "Recovery", "Recovery")
MONTHLY = ("M076", "M179", "M191", "M192")
THERAPY = ("CoursesOfTherapy", "NotCaseness", "TherRecovery", "TherRecovery")
#: A provider whose rate follows, 255 of 510 - 5; and England, whose 452 of 1,003 - 103 is 50.2% and is printed 60.2.
FOLLOWS, DOES_NOT = ("510", "5", "255", "50"), ("1003", "103", "452", "60.2")


@pytest.mark.parametrize(
    ("layout", "names", "rule"),
    [
        *(
            (f"annual_main/{era}", ANNUAL, "recovery")
            for era in ("2017-18", "2020-21", "2022-23", "2023-24", "2024-25")
        ),
        ("annual_main/2017-18-tidy", ANNUAL, "recovery"),
        *((f"monthly_activity/{era}", MONTHLY, "recovery") for era in ("2021-01", "2021-03", "2021-01-tidy")),
        ("therapy_outcomes/2019-20", THERAPY, "therapy_recovery"),
    ],
)
def test_a_rate_that_does_not_follow_from_its_counts_fails_its_own_expectation_in_its_own_rows(
    *,
    layout: str,
    names: tuple[str, ...],
    rule: str,
    definitions: Definitions,
    context: FileDataContext,
    tmp_path: Path,
) -> None:
    known = definitions.layouts[layout]
    what = list(zip((C, C, C, P), names, strict=True))
    follows, does_not = (
        figures(known, key(known, level, code), dict(zip(what, printed, strict=True)))
        for level, code, printed in ((Level.PROVIDER, "ABC", FOLLOWS), (Level.ENGLAND, "All", DOES_NOT))
    )
    table = Table(known, (*follows, *does_not))

    result = validated(table, context)

    expected = audited(table, tmp_path, definitions)
    rows = list(range(len(follows), len(table.rows)))
    assert expected == findings_of(result)
    assert [("expect_rate_to_follow_from_counts", rule)] == _failed_rules(result)
    assert rows == rows_of_errors(expected) == rows_failed(result)


def _failed_rules(result: ExpectationSuiteValidationResult) -> list[tuple[str, Any]]:
    configurations = [each.expectation_config for each in failed(result)]
    return [(each.type, each.kwargs.get("rule")) for each in configurations if each is not None]


def test_parts_that_do_not_make_the_total_fail_the_expectation_of_their_rule(
    definitions: Definitions, context: FileDataContext, tmp_path: Path
) -> None:
    known = definitions.layouts["annual_main/2024-25"]
    told = [("Total", "1003"), ("Gender | Female", "500"), ("Gender | Male", "600")]
    rows = [
        row
        for breakdown, text in told
        for row in figures(known, key(known, Level.ENGLAND, "All", breakdown), {(C, "FinishedCourseTreatment"): text})
    ]
    table = Table(known, tuple(rows))

    result = validated(table, context)

    expected = audited(table, tmp_path, definitions)
    assert expected == findings_of(result)
    assert _failed_rules(result) == [("expect_parts_to_make_total", "annual_parts_gender")]
    assert [0, 1, 2] == rows_of_errors(expected) == rows_failed(result)


def test_figures_that_contradict_each_other_only_by_several_rules_fail_the_expectation_of_all_together(
    definitions: Definitions, context: FileDataContext
) -> None:
    # two rates that each follow from their counts, of which one is no more than the other
    file = ROOT / "examples" / "invented_together.csv"

    result = run(context, pd.read_csv(file, dtype=str, keep_default_na=False))

    expected = audit([file], definitions).findings
    (suite,) = result.run_results.values()
    assert [each.id for each in expected] == [each.id for each in findings_of(result)]
    assert _failed_rules(suite) == [("expect_parts_to_make_total", "figures-contradicted")]
    assert rows_of_errors(expected) == rows_failed(suite)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_finding_that_an_audit_can_give_belongs_to_one_expectation(layout: str, definitions: Definitions) -> None:
    suite = suite_of(definitions.layouts[layout], definitions)
    ours: list[Any] = [each for each in suite.expectations if each.expectation_type in OURS]
    rates = [each.rule for each in ours if each.expectation_type == "expect_rate_to_follow_from_counts"]
    rules = [each.rule for each in ours if each.expectation_type == "expect_parts_to_make_total"]
    told = [
        *(Finding(Code.RATE_CONTRADICTED, "", rule=rule) for rule in rates),
        *(Finding(Code.FORMULA_MISSED, "", rule=rule) for rule in rates),
        *(Finding(Code.COUNT_WITHOUT_PERCENTAGE, "", rule=rule) for rule in rates),
        *(Finding(Code.IDENTITY_CONTRADICTED, "", rule=rule) for rule in rules),
        *(Finding(Code.FIGURES_CONTRADICTED, "", rule=rule) for rule in rules),
        *(Finding(code, "") for code in Code if code not in _OF_A_RULE),
    ]

    unclear = [(each.code, each.rule) for each in told if sum(one.owns(each) for one in ours) != 1]

    assert unclear == []


_OF_A_RULE = {
    Code.RATE_CONTRADICTED, Code.IDENTITY_CONTRADICTED, Code.FIGURES_CONTRADICTED, Code.LEVELS_CONTRADICTED,
    Code.LEVEL_INCOMPLETE, Code.LEVELS_SHORT, Code.SUM_MISSED, Code.FORMULA_MISSED,
}  # fmt: skip
