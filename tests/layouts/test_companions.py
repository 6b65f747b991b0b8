"""The other CSV files of the annual report, by their published headers; all rows and figures here were invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from layouts import headers
from layouts.written import csv_bytes, read_one, write

from iapt_audit.definitions import Definitions, load_default
from iapt_audit.model.findings import Code, Severity
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

COMPANIONS = headers.companions()
#: A figure of each statistic as England and as a provider print it.
PRINTED = {
    "count": ("1003", "510"),
    "percentage": ("50.2", "50"),
    "mean": ("4.3", "4.3"),
    "median": ("21", "37.5"),
    "standard_deviation": ("1.9", "1.9"),
    "effect_size": ("-0.4", "0.6"),
}
STANDS_FOR = {
    "count": ((1003, 1003, 0), (508, 512, 0)),
    "percentage": ((None, None, 500), (None, None, 5000)),
    "mean": ((None, None, 500), (None, None, 500)),
    "median": ((None, None, 0), (None, None, 0)),
    "standard_deviation": ((None, None, 500), (None, None, 500)),
    "effect_size": ((None, None, 500), (None, None, 500)),
}
ROWS = [
    {"OrgType": "England", "OrgCode": "All", "OrgName": "All", "VariableType": "Total", "Measure": "PHQ9"},
    {"OrgType": "Provider", "OrgCode": "ABC", "OrgName": "Invented Trust", "VariableType": "Gender",
     "VariableA": "Female", "Measure": "WASAS - Work"},
]  # fmt: skip

#: With integrated care 452 of 1,003 - 103 = 50.2%, 402 of 900 = 44.7%, 602 of 1,003 = 60.0%, 51 = 5.1%, 301 = 30.0%;
#: without integrated care 2,251 of 5,003 - 503 = 50.0%, 2,004 of 4,500 = 44.5%, 3,003 of 5,003 = 60.0%.
INTEGRATED = {
    "Count_FinishedIntegratedReferrals": "1003",
    "Count_IntegratedReferralsNotAtCaseness": "103",
    "Count_IntegratedReferralsRecovered": "452",
    "Percentage_IntegratedReferralsRecovered": "50.2",
    "Count_IntegratedReferralsReliableRecovery": "402",
    "Percentage_IntegratedReferralsReliableRecovery": "44.7",
    "Count_IntegratedReferralsImprovement": "602",
    "Percentage_IntegratedReferralsImprovement": "60",
    "Count_IntegratedReferralsDeterioration": "51",
    "Percentage_IntegratedReferralsDeterioration": "5.1",
    "Count_IntegratedReferralsNoChange": "301",
    "Percentage_IntegratedReferralsNoChange": "30",
    "Count_FinishedIntegratedReferralsCoreOnly": "5003",
    "Count_IntegratedReferralsCoreOnlyNotAtCaseness": "503",
    "Count_IntegratedReferralsCoreOnlyRecovered": "2251",
    "Percentage_IntegratedReferralsCoreOnlyRecovered": "50",
    "Count_IntegratedReferralsCoreOnlyReliableRecovery": "2004",
    "Percentage_IntegratedReferralsCoreOnlyReliableRecovery": "44.5",
    "Count_IntegratedReferralsCoreOnlyImprovement": "3003",
    "Percentage_IntegratedReferralsCoreOnlyImprovement": "60",
}
INTEGRATED_RATES = [
    "core_recovery", "core_reliable_improvement", "core_reliable_recovery", "integrated_no_reliable_change",
    "integrated_recovery", "integrated_reliable_deterioration", "integrated_reliable_improvement",
    "integrated_reliable_recovery",
]  # fmt: skip
#: What the metadata divide by the referrals of the other kind: told of neither.
SLIPS = {
    "Count_IntegratedReferralsCoreOnlyNoChange": "1501",
    "Percentage_IntegratedReferralsCoreOnlyNoChange": "30",
    "Count_IntegratedReferralsCoreOnlyDeterioration": "250",
    "Percentage_IntegratedReferralsCoreOnlyDeterioration": "24.9",
}


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return load_default()


@pytest.mark.parametrize("layout", COMPANIONS)
def test_companion_file_is_known_by_its_columns_and_dated_by_its_name(
    layout: str, definitions: Definitions, tmp_path: Path
) -> None:
    first = layout.partition("/")[2]
    known = definitions.layouts[layout]
    header = COMPANIONS[layout]

    only, cells = read_one(tmp_path / f"file-{first}.csv", csv_bytes(header, ROWS, "NULL"), definitions)

    assert (layout, first, known.publication, "audited") == (
        only.input.layout,
        only.input.period,
        only.input.publication,
        only.input.status,
    )
    assert set(header) == {*known.identifying, *known.columns}
    assert 2 * len(known.columns) == len(cells)
    assert {("england", "England"), ("provider", "ABC")} == set(cells.select("level", "org_code").rows())
    assert only.findings == []


@pytest.mark.parametrize("layout", COMPANIONS)
def test_companion_cells_stand_for_what_their_level_prints(
    layout: str, definitions: Definitions, tmp_path: Path
) -> None:
    known = definitions.layouts[layout]
    rows = [
        {**row, **{column: PRINTED[statistic.value][place] for column, (statistic, _) in known.columns.items()}}
        for place, row in enumerate(ROWS)
    ]
    first = layout.partition("/")[2]

    only, cells = read_one(tmp_path / f"file-{first}.csv", csv_bytes(COMPANIONS[layout], rows, "NULL"), definitions)

    found = cells.select("row", "statistic", "status", "low", "high", "half_width").unique().rows()
    expected = {
        (place + 2, statistic.value, "published", *STANDS_FOR[statistic.value][place])
        for place in (0, 1)
        for statistic, _ in known.columns.values()
    }
    assert expected == set(found)
    assert only.findings == []


def test_eras_of_a_companion_call_one_measure_by_one_name(definitions: Definitions) -> None:
    names: dict[str, list[set[str]]] = {}
    for name in COMPANIONS:
        layout = definitions.layouts[name]
        measures = {f"{statistic} {measure}" for statistic, measure in layout.columns.values()}
        names.setdefault(layout.publication, []).append(measures)

    actual = {publication: len(set.intersection(*eras)) / len(eras[-1]) for publication, eras in names.items()}

    # therapies, roles and questions come and go; the rest stays
    expected = {
        "annual_therapist_role": 17 / 18,
        "annual_therapy_type": 17 / 20,
        "annual_peq": 18 / 22,
        "annual_employment_status": 10 / 11,
    }
    assert expected == {name: share for name, share in actual.items() if share < 1}


def _integrated(path: Path, england: dict[str, str]) -> Path:
    header = COMPANIONS["annual_iet_ltc/2022-23"]
    row = {"OrgType": "England", "OrgCode": "All", "OrgName": "All", "VariableType": "Total", **england}
    return write(path / "iet-ltc-2024-25.csv", csv_bytes(header, [row], "NULL"))


def test_integrated_care_rates_are_not_judged_since_their_formulas_were_tried_on_no_published_row(
    definitions: Definitions, tmp_path: Path
) -> None:
    actual = audit([_integrated(tmp_path, INTEGRATED)], definitions)

    judged = actual.rates.select("rate", "verdict", "reason").sort("rate").rows()
    assert [(name, "not_checkable", "untried") for name in INTEGRATED_RATES] == judged
    assert actual.findings == ()


@pytest.mark.parametrize("column", [name for name in INTEGRATED if name.startswith("Percentage")])
def test_integrated_care_rate_that_is_a_point_off_is_a_note(
    column: str, definitions: Definitions, tmp_path: Path
) -> None:
    off = f"{float(INTEGRATED[column]) + 1:.1f}"

    actual = audit([_integrated(tmp_path, {**INTEGRATED, column: off})], definitions)

    (one,) = actual.findings
    assert (one.code, one.severity) == (Code.FORMULA_MISSED, Severity.NOTE)
    assert one.message.endswith(
        "has not been tested on published figures in this kind of file, so this does not prove any figure wrong"
    )
    assert ": 1 of 1 percentages do not follow from their counts by " in one.message


def test_suppressed_integrated_numerator_makes_its_rate_not_checkable(definitions: Definitions, tmp_path: Path) -> None:
    header = COMPANIONS["annual_iet_ltc/2022-23"]
    row = {"OrgType": "Provider", "OrgCode": "ABC", "OrgName": "Invented Trust", "VariableType": "Total",
           "Count_FinishedIntegratedReferrals": "20", "Count_IntegratedReferralsNotAtCaseness": "*",
           "Count_IntegratedReferralsRecovered": "*", "Percentage_IntegratedReferralsRecovered": "*"}  # fmt: skip
    path = write(tmp_path / "iet-ltc-2024-25.csv", csv_bytes(header, [row], "NULL"))

    actual = audit([path], definitions)

    assert actual.rates.select("rate", "verdict", "reason").rows() == [
        ("integrated_recovery", "not_checkable", "suppressed")
    ]


def test_rate_whose_stated_denominator_is_a_slip_is_not_judged(definitions: Definitions, tmp_path: Path) -> None:
    actual = audit([_integrated(tmp_path, {**INTEGRATED, **SLIPS})], definitions)

    unjudged = actual.rates.filter(actual.rates["reason"] != "untried")
    assert unjudged["reason"].to_list() == ["no_rule", "no_rule"]
    assert actual.findings == ()


def test_questionnaire_percentage_has_no_published_denominator(definitions: Definitions, tmp_path: Path) -> None:
    header = COMPANIONS["annual_peq/2022-23"]
    row = {"OrgType": "England", "OrgCode": "All", "OrgName": "All", "VariableType": "Treatment",
           "VariableA": "At all times", "CountDidStaffListen": "900", "PercentageDidStaffListen": "90"}  # fmt: skip

    actual = audit([write(tmp_path / "peq-2024-25.csv", csv_bytes(header, [row], "NULL"))], definitions)

    assert actual.rates.select("verdict", "reason").rows() == [("not_checkable", "no_rule")]


def test_mean_of_an_item_is_held_to_the_scale_of_its_questionnaire(definitions: Definitions, tmp_path: Path) -> None:
    england = {"OrgType": "England", "OrgCode": "All", "OrgName": "All", "VariableType": "Total",
               "InitialCaseness": "At caseness", "SD_End": "2", "Mean_End": "4"}  # fmt: skip
    # an item of WSAS goes to 8, PHQ-9 to 27
    rows = [{**england, "Measure": measure, "Mean_Start": "8.2"} for measure in ("PHQ9", "WASAS - Work")]
    header = COMPANIONS["annual_effect_size/2020-21"]

    actual = audit([write(tmp_path / "effect-2024-25.csv", csv_bytes(header, rows, "NULL"))], definitions)

    assert [(finding.code, finding.printed, finding.cells[0].row) for finding in actual.findings] == [
        (Code.VALUE_OUT_OF_SCALE, "8.2", 3)
    ]
