"""Which layout a table is of, and what is said of one that nearly is; headers but the published ones are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from layouts import headers

from iapt_audit.definitions import load_default
from iapt_audit.errors.inputs import UnknownLayoutError
from iapt_audit.ingest.recognise import layout_of, near_misses, nearest, same_letters

LAYOUTS = load_default().layouts
ANNUAL, MONTHLY = headers.ANNUAL_2024_25, headers.MONTHLY


def _renamed(header: list[str], names: dict[str, str]) -> list[str]:
    return [names.get(name, name) for name in header]


def _told(columns: list[str]) -> str:
    with pytest.raises(UnknownLayoutError) as error:
        layout_of(columns, LAYOUTS, None)
    assert error.value.hint
    return error.value.message


@pytest.mark.parametrize(
    ("header", "names", "nearest_layout", "told"),
    [
        pytest.param(
            ANNUAL, {"OrgCode": "Org_Code"}, "annual_main/2024-25",
            "`OrgCode` is missing; the file has `Org_Code`", id="a sign",
        ),
        pytest.param(
            ANNUAL, {"OrgCode": "ORGCODE"}, "annual_main/2024-25",
            "`OrgCode` is missing; the file has `ORGCODE`", id="case",
        ),
        pytest.param(
            ANNUAL, {"OrgCode": " Org Code "}, "annual_main/2024-25",
            "`OrgCode` is missing; the file has ` Org Code `", id="spaces",
        ),
        pytest.param(
            ANNUAL, {"OrgCode": "OrganisationCode"}, "annual_main/2024-25",
            "`OrgCode` is missing; the file has `OrganisationCode`", id="spelling",
        ),
        pytest.param(
            ANNUAL, {"OrgCode": "Trust"}, "annual_main/2024-25",
            "`OrgCode` is missing; no layout knows `Trust`", id="another word",
        ),
        pytest.param(
            ANNUAL, {"OrgCode": "Org_Code", "Count_Recovery": "CountRecovery"}, "annual_main/2024-25",
            "`OrgCode` is missing; the file has `Org_Code`; `Count_Recovery` is missing; the file has `CountRecovery`",
            id="a measure too",
        ),
        pytest.param(
            [*ANNUAL, "Count_InventedNew"], {"OrgCode": "Org_Code"}, "annual_main/2024-25",
            "`OrgCode` is missing; the file has `Org_Code`; no layout knows `Count_InventedNew`", id="a new one too",
        ),
        pytest.param(
            [*ANNUAL, *(f"Invented{letter}" for letter in "ABCDEFG")], {"OrgCode": "Org_Code"}, "annual_main/2024-25",
            "`OrgCode` is missing; the file has `Org_Code`; no layout knows `InventedA`, `InventedB`, `InventedC`, "
            "`InventedD`, `InventedE` and 2 more", id="many new ones",
        ),
        pytest.param(
            MONTHLY, {"MEASURE_VALUE_SUPPRESSED": "MEASURE_VALUE_ROUNDED"}, "monthly_activity/2021-01",
            "`MEASURE_VALUE_SUPPRESSED` is missing; the file has `MEASURE_VALUE_ROUNDED`", id="a month",
        ),
        pytest.param(
            MONTHLY, {"ORG_CODE1": "ORG CODE 1", "ORG_CODE2": "ORG CODE 2"}, "monthly_activity/2021-01",
            "`ORG_CODE1` is missing; the file has `ORG CODE 1`; `ORG_CODE2` is missing; the file has `ORG CODE 2`",
            id="two alike",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_nearly_of_a_layout_is_told_with_what_differs(
    header: list[str], names: dict[str, str], nearest_layout: str, told: str
) -> None:
    assert _told(_renamed(header, names)) == f"the nearest layout is `{nearest_layout}`, but {told}"


def test_a_header_in_another_case_is_near_and_not_read() -> None:
    told = _told([name.upper() for name in ANNUAL])

    assert told.startswith(
        "the nearest layout is `annual_main/2024-25`, but `OrgType` is missing; the file has `ORGTYPE`"
    )


def test_keys_without_a_measure_are_told_with_some_of_the_measures() -> None:
    keys = list(LAYOUTS["annual_main/2024-25"].identifying)

    assert "`Count_AccessingServices` is missing; `Count_AppropriatePairedADSM` is missing" in _told(keys)


@pytest.mark.parametrize(
    "columns",
    [
        ["date", "cases"],
        # half of the columns of a month stand in other data sets of the same publisher
        ["REPORTING_PERIOD_START", "REPORTING_PERIOD_END", "STATUS", "MEASURE_ID", "MEASURE_NAME", "MEASURE_VALUE"],
        ["OrgType", "OrgCode", "OrgName", "Beds"],
    ],
)
def test_another_data_set_is_near_no_layout(columns: list[str]) -> None:
    assert _told(columns) == "its columns are those of no layout that we know"
    assert nearest(columns, LAYOUTS.values()) is None


def test_a_name_that_may_be_a_figure_is_not_repeated() -> None:
    told = _told([*_renamed(ANNUAL, {"OrgCode": "3"}), "4.5", "*", "x" * 500])

    assert told == "the nearest layout is `annual_main/2024-25`, but `OrgCode` is missing"


def test_a_renamed_key_does_not_make_a_file_of_another_layout_that_does_not_need_it() -> None:
    main = LAYOUTS["annual_main/2024-25"]
    other = replace(
        main,
        id="invented/2024-25",
        publication="invented",
        breakdown=("VariableType",),
        columns={"Count_Recovery": main.columns["Count_Recovery"]},
    )
    columns = _renamed(ANNUAL, {"VariableB": "Variable_B"})

    with pytest.raises(UnknownLayoutError, match="`VariableB` is missing; the file has `Variable_B`"):
        layout_of(columns, {main.id: main, other.id: other}, None)
    assert layout_of([*other.identifying, "Count_Recovery"], {main.id: main, other.id: other}, None) is other


def test_of_layouts_as_near_the_one_still_in_force_is_named() -> None:
    # 2021-03 has another name for the same column
    found = nearest([name for name in MONTHLY if name != "MEASURE_VALUE_SUPPRESSED"], LAYOUTS.values())

    assert found is LAYOUTS["monthly_activity/2021-01"]


def test_each_name_is_paired_once_and_the_same_letters_come_first() -> None:
    actual = near_misses(["ORG_CODE1", "ORG_CODE2"], ["ORG_CODE_2", "ORG_CODE_3"])

    assert actual == {"ORG_CODE2": "ORG_CODE_2", "ORG_CODE1": "ORG_CODE_3"}
    assert near_misses(["OrgCode", "OrgName"], ["Org_Cod"]) == {"OrgCode": "Org_Cod"}
    assert same_letters(["OrgCode"], ["OrganisationCode"]) == {}
