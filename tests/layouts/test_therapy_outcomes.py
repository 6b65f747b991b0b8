"""Table 4 of the therapy-based outcomes; all rows and figures here were invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from layouts import headers
from layouts.written import csv_bytes, read_one, write

from iapt_audit.definitions import Definitions, load_default
from iapt_audit.model.findings import Code
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.results import AuditResult

#: England's courses of an invented therapy. 452 of 1,003 - 103 = 50.2%, 402 of 900 = 44.7%, 602 of 1,003 = 60.0%,
#: 51 = 5.1%, 301 = 30.0%; (13.5 - 9.5) / 5.9 = 0.68, (12.6 - 8.6) / 5 = 0.8, (17.7 - 13.5) / 9.1 = 0.46.
ENGLAND = {
    "OrganisationType": "England", "OrganisationCode": "All", "OrganisationName": "All",
    "TherapyType": "Invented therapy", "Diagnosis": "Depression",
    "Count_TotalFinishingCourseTreatment": "1500", "Count_CoursesOfTherapy": "1003", "Count_NotCaseness": "103",
    "Start_PHQ_Mean": "13.5", "Start_PHQ_StdDev": "5.9", "End_PHQ_Mean": "9.5", "End_PHQ_StdDev": "6.5",
    "Start_GAD_Mean": "12.6", "Start_GAD_StdDev": "5", "End_GAD_Mean": "8.6", "End_GAD_StdDev": "5.7",
    "Start_WSAS_Mean": "17.7", "Start_WSAS_StdDev": "9.1", "End_WSAS_Mean": "13.5", "End_WSAS_StdDev": "9.8",
    "EffectPHQ": "0.7", "EffectGAD": "0.8", "EffectWSAS": "0.5",
    "Count_TherRecovery": "452", "Percentage_TherRecovery": "50.2",
    "Count_TherRelRecovery": "402", "Percentage_TherRelRecovery": "44.7",
    "Count_TherImprovement": "602", "Percentage_TherImprovement": "60",
    "Count_TherDeterioration": "51", "Percentage_TherDeterioration": "5.1",
    "Count_TherNoChange": "301", "Percentage_TherNoChange": "30",
}  # fmt: skip
#: A provider: 15 of 40 - 5 = 43%; (14 - 11) / 5.9 = 0.51 with England's deviation, 0.75 with its own.
PROVIDER = {
    **ENGLAND, **dict.fromkeys(headers.THERAPY_OUTCOMES[5:], "*"),
    "OrganisationType": "Provider", "OrganisationCode": "ABC", "OrganisationName": "Invented Trust",
    "Count_TotalFinishingCourseTreatment": "45", "Count_CoursesOfTherapy": "40", "Count_NotCaseness": "5",
    "Count_TherRecovery": "15", "Percentage_TherRecovery": "43",
    "Start_PHQ_Mean": "14", "Start_PHQ_StdDev": "4", "End_PHQ_Mean": "11", "End_PHQ_StdDev": "5",
    "EffectPHQ": "0.5",
}  # fmt: skip
RATES = [
    "therapy_no_reliable_change", "therapy_recovery", "therapy_reliable_deterioration", "therapy_reliable_improvement",
    "therapy_reliable_recovery",
]  # fmt: skip


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return load_default()


def _audit(folder: Path, *rows: dict[str, str]) -> AuditResult:
    path = write(folder / "ther-based-outcomes2425.csv", csv_bytes(headers.THERAPY_OUTCOMES, rows))
    return audit([path], load_default())


def test_table_4_is_known_by_its_columns_and_dated_by_its_name(definitions: Definitions, tmp_path: Path) -> None:
    layout = definitions.layouts["therapy_outcomes/2019-20"]

    only, cells = read_one(
        tmp_path / "ther-based-outcomes2425-2.csv",
        csv_bytes(headers.THERAPY_OUTCOMES, [ENGLAND, PROVIDER]),
        definitions,
    )

    assert set(headers.THERAPY_OUTCOMES) == {*layout.identifying, *layout.columns}
    assert (
        only.input.publication, only.input.period, only.input.rows, only.input.cells,
    ) == ("therapy_outcomes", "2024-25", 2, 56)  # fmt: skip
    organisations = cells.select("level", "org_code", "breakdown").unique().sort("level").rows()
    of = "Invented therapy | Depression"
    assert organisations == [("england", "England", of), ("provider", "ABC", of)]
    assert only.findings == []


@pytest.mark.parametrize("level", ["England", "Commissioning Region", "STP", "CCG", "ICB", "SubICB", "Provider"])
@pytest.mark.parametrize(
    ("column", "england"),
    [
        ("Percentage_TherRecovery", "not_applicable"),
        ("Start_PHQ_Mean", "not_applicable"),
        ("Start_PHQ_StdDev", "not_applicable"),
        ("EffectPHQ", "not_applicable"),
        # England's counts are never suppressed: a star there is no sign of a denominator
        ("Count_TherRecovery", "suppressed"),
    ],
)
def test_star_at_england_says_that_there_was_nothing_to_divide_by(
    *, level: str, column: str, england: str, definitions: Definitions, tmp_path: Path
) -> None:
    row = {**ENGLAND, "OrganisationType": level, column: "*"}

    _, cells = read_one(tmp_path / "t-2024-25.csv", csv_bytes(headers.THERAPY_OUTCOMES, [row]), definitions)

    (status,) = cells.filter(cells["printed"] == "*")["status"]
    assert (england if level == "England" else "suppressed") == status


def test_rates_over_courses_of_therapy_follow_from_their_counts(tmp_path: Path) -> None:
    actual = _audit(tmp_path, ENGLAND, PROVIDER)

    judged = actual.rates.filter(actual.rates["verdict"] == "consistent").select("level", "rate").sort("level", "rate")
    assert [("england", rate) for rate in RATES] + [("provider", "therapy_recovery")] == judged.rows()
    assert actual.rates["reason"].drop_nulls().to_list() == ["suppressed"] * 4
    assert actual.findings == ()


@pytest.mark.parametrize("column", [name for name in ENGLAND if name.startswith("Percentage")])
def test_rate_that_is_a_tenth_off_is_contradicted(column: str, tmp_path: Path) -> None:
    off = f"{float(ENGLAND[column]) + 0.1:.1f}"

    actual = _audit(tmp_path, {**ENGLAND, column: off})

    assert [finding.code for finding in actual.findings] == [Code.RATE_CONTRADICTED]


def test_recovery_is_not_told_of_courses_that_started_below_caseness(tmp_path: Path) -> None:
    # 452 of all 1,003 courses is 45.1%
    actual = _audit(tmp_path, {**ENGLAND, "Percentage_TherRecovery": "45.1"})

    assert [(each.code, each.rule) for each in actual.findings] == [(Code.RATE_CONTRADICTED, "therapy_recovery")]


def test_row_without_courses_is_no_contradiction(tmp_path: Path) -> None:
    nothing = {name: "0" if name.startswith("Count") else "*" for name in headers.THERAPY_OUTCOMES[5:]}

    actual = _audit(tmp_path, {**ENGLAND, **nothing})

    assert len(actual.rates) == 0
    assert actual.findings == ()


@pytest.mark.parametrize(
    ("column", "printed"),
    [
        ("Start_PHQ_Mean", "27.1"), ("End_GAD_Mean", "21.1"), ("End_WSAS_Mean", "40.1"),
        # with the mean 9.5 no more than the root of 2 x 9.55 x 17.45, 18.26
        ("End_PHQ_StdDev", "18.4"), ("EffectPHQ", "0.8"), ("EffectWSAS", "0.6"), ("EffectGAD", "-0.8"),
    ],
)  # fmt: skip
def test_figure_that_no_scores_give_is_an_error_at_its_row(column: str, printed: str, tmp_path: Path) -> None:
    # a mean beyond its scale gives another effect size too, which is told as well
    actual = _audit(tmp_path, {**ENGLAND, column: printed})

    first = [finding for finding in actual.findings if finding.printed == printed]
    assert [(finding.code, finding.severity, finding.cells[0].row) for finding in first] == [
        (Code.VALUE_OUT_OF_SCALE, "error", 2)
    ]


def test_effect_size_below_england_is_told_in_englands_deviation(tmp_path: Path) -> None:
    own = {**PROVIDER, "EffectPHQ": "0.8"}

    actual = _audit(tmp_path, ENGLAND, own)

    (finding,) = actual.findings
    assert [cell.printed for cell in finding.cells] == ["0.8", "14", "11", "5.9"]
    assert [cell.row for cell in finding.cells] == [3, 3, 3, 2]
    assert (finding.level, finding.org_code, finding.rule) == ("provider", "ABC", "phq9_effect")


def test_effect_size_is_left_alone_without_englands_row(tmp_path: Path) -> None:
    actual = _audit(tmp_path, {**PROVIDER, "EffectPHQ": "0.8"})

    assert actual.findings == ()
