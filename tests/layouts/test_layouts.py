"""Every shipped layout on a file of its published header; all rows and figures here were invented for the test."""

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from layouts import headers

from iapt_audit.definitions import Definitions, Layout, load_default
from iapt_audit.errors.inputs import InputError
from iapt_audit.ingest.ingest import Ingested, ingest
from iapt_audit.model.columns import Statistic
from iapt_audit.model.findings import Code
from iapt_audit.read import Place

Cell = tuple[str, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Era:
    """A published header, the year that a file of it is named for, and the layout that it should be known by."""

    period: str
    header: list[str]
    layout: str


ANNUAL = [
    Era("2017-18", headers.ANNUAL_2017_18, "annual_main/2017-18"),
    Era("2018-19", headers.ANNUAL_2017_18, "annual_main/2017-18"),
    Era("2019-20", headers.ANNUAL_2017_18, "annual_main/2017-18"),
    Era("2020-21", headers.ANNUAL_2020_21, "annual_main/2020-21"),
    Era("2021-22", headers.ANNUAL_2020_21, "annual_main/2020-21"),
    Era("2022-23", headers.ANNUAL_2022_23, "annual_main/2022-23"),
    Era("2023-24", headers.ANNUAL_2023_24, "annual_main/2023-24"),
    Era("2024-25", headers.ANNUAL_2024_25, "annual_main/2024-25"),
]
MONTHLY = [
    Era("2021-01", headers.MONTHLY, "monthly_activity/2021-01"),
    Era("2021-03", headers.MONTHLY_2021_03, "monthly_activity/2021-03"),
]

# statistic and measure -> what England, a CCG and a provider print; 452 of 1,003 - 103 = 50.2%, 255 of 510 - 5 = 50%
INVENTED = {
    "count FinishedCourseTreatment": ("1003", "510", "5"),
    "count NotAtCaseness": ("103", "5", "*"),
    "count Recovery": ("452", "255", "*"),
    "percentage Recovery": ("50.2", "50", "*"),
    "mean WaitFinishedCourseTreatment": ("21", "21.4", "*"),
    "median ContactDuration": ("30", "NULL", "37.5"),
}
# what each of these cells stands for: status, least and greatest count
STANDS_FOR: dict[str, tuple[Cell, Cell, Cell]] = {
    "count FinishedCourseTreatment": (("published", 1003, 1003), ("published", 508, 512), ("published", 5, 7)),
    "count NotAtCaseness": (("published", 103, 103), ("published", 5, 7), ("suppressed", 0, 4)),
    "count Recovery": (("published", 452, 452), ("published", 253, 257), ("suppressed", 0, 4)),
    "percentage Recovery": (("published", None, None), ("published", None, None), ("suppressed", None, None)),
    "mean WaitFinishedCourseTreatment": (
        ("published", None, None),
        ("published", None, None),
        ("suppressed", None, None),
    ),
    "median ContactDuration": (("published", None, None), ("not_applicable", None, None), ("published", None, None)),
}
LEVELS = ("england", "ccg", "provider")


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return load_default()


def _csv(header: list[str], rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _annual(header: list[str], layout: Layout) -> bytes:
    rows = [
        {"OrgType": "England", "OrgCode": "All", "OrgName": "All", "VariableType": "Total"},
        {"OrgType": "CCG", "OrgCode": "00X", "OrgName": "Invented CCG", "VariableType": "Total"},
        {"OrgType": "Provider", "OrgCode": "ABC", "OrgName": "Invented, Trust", "VariableType": "Gender"},
    ]
    rows[2]["VariableA"] = "Female"
    names = {column: f"{statistic} {measure}" for column, (statistic, measure) in layout.columns.items()}
    for place, row in enumerate(rows):
        row.setdefault("VariableA", "NULL")
        row["VariableB"] = "NULL"
        for column in header:
            row.setdefault(column, INVENTED.get(names.get(column, ""), ("NULL", "NULL", "NULL"))[place])
    return _csv(header, rows)


def _monthly(header: list[str], rows: list[tuple[str, str, str, str, str]], start: str, end: str) -> bytes:
    return _csv(
        header,
        [
            dict(
                zip(
                    header,
                    (start, end, level, one, f"{one} by name", two, f"{two} by name", measure, "its name", printed),
                    strict=True,
                )
            )
            for level, one, two, measure, printed in rows
        ],
    )


def _read(path: Path, data: bytes, definitions: Definitions) -> list[Ingested]:
    path.write_bytes(data)
    return list(ingest(Place(path, path.name), definitions, None))


def _read_one(path: Path, data: bytes, definitions: Definitions) -> tuple[Ingested, pl.DataFrame]:
    (only,) = _read(path, data, definitions)

    assert only.cells is not None, only.input.error
    return only, only.cells


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_every_shipped_layout_has_a_case(definitions: Definitions) -> None:
    covered = {era.layout for era in (*ANNUAL, *MONTHLY)}
    # in test_companions, test_therapy_outcomes and test_tidy
    covered |= {*headers.companions(), "therapy_outcomes/2019-20", "monthly_activity/2021-01-tidy"}
    covered |= {f"annual_main/{first}-tidy" for first in ("2012-13", "2013-14", "2017-18")}
    # in test_several_periods
    covered.add("monthly_activity/2021-04-series")

    assert set(definitions.layouts) == covered


@pytest.mark.parametrize("era", ANNUAL, ids=lambda era: era.period)
def test_annual_file_is_known_by_its_columns_and_dated_by_its_name(
    era: Era, definitions: Definitions, tmp_path: Path
) -> None:
    data = _annual(era.header, definitions.layouts[era.layout])

    actual, cells = _read_one(tmp_path / f"renamed-{era.period}.csv", data, definitions)

    assert ("annual_main", era.layout, era.period, 3, "audited") == (
        actual.input.publication,
        actual.input.layout,
        actual.input.period,
        actual.input.rows,
        actual.input.status,
    )
    assert 3 * (len(era.header) - 6) == len(cells) == actual.input.cells
    # no column unknown, none absent, no level unknown
    assert actual.findings == []


@pytest.mark.parametrize("era", ANNUAL, ids=lambda era: era.period)
@pytest.mark.parametrize("place", range(3), ids=LEVELS)
def test_annual_cells_stand_for_what_their_level_prints(
    era: Era, place: int, definitions: Definitions, tmp_path: Path
) -> None:
    data = _annual(era.header, definitions.layouts[era.layout])
    org, breakdown = (("England", "Total"), ("00X", "Total"), ("ABC", "Gender | Female"))[place]

    _, cells = _read_one(tmp_path / f"main-{era.period}.csv", data, definitions)

    of_level = cells.filter(pl.col("level") == LEVELS[place])
    found = {
        f"{statistic} {measure}": (org_code, of, row, printed, (status, low, high))
        for statistic, measure, org_code, of, row, printed, status, low, high in of_level.select(
            "statistic", "measure", "org_code", "breakdown", "row", "printed", "status", "low", "high"
        ).iter_rows()
    }
    expected = {
        name: (org, breakdown, place + 2, printed[place], STANDS_FOR[name][place]) for name, printed in INVENTED.items()
    }
    assert expected == {name: found[name] for name in INVENTED}


@pytest.mark.parametrize("era", ANNUAL, ids=lambda era: era.period)
@pytest.mark.parametrize(
    ("printed_level", "level", "org_code", "low", "high"),
    [
        ("England", "england", "England", 470, 470),
        ("Commissioning Region", "region", "00X", 468, 472),
        ("STP", "stp", "00X", 468, 472),
        ("CCG", "ccg", "00X", 468, 472),
        ("ICB", "icb", "00X", 468, 472),
        ("SubICB", "sub_icb", "00X", 468, 472),
        ("Provider", "provider", "00X", 468, 472),
    ],
)
def test_annual_row_is_of_the_level_it_names(
    *,
    era: Era,
    printed_level: str,
    level: str,
    org_code: str,
    low: int,
    high: int,
    definitions: Definitions,
    tmp_path: Path,
) -> None:
    recovered = next(column for column in era.header if column.replace("_", "") == "CountRecovery")
    row = dict.fromkeys(era.header, "NULL") | {"OrgType": printed_level, "OrgCode": "00X", recovered: "470"}

    only, cells = _read_one(tmp_path / f"main-{era.period}.csv", _csv(era.header, [row]), definitions)

    published = cells.filter(pl.col("status") == "published")
    assert only.findings == []
    assert [(level, org_code, "Recovery", low, high)] == published.select(
        "level", "org_code", "measure", "low", "high"
    ).rows()


@pytest.mark.parametrize("era", ANNUAL, ids=lambda era: era.period)
def test_half_width_is_of_the_level_and_not_of_the_digits(era: Era, definitions: Definitions, tmp_path: Path) -> None:
    data = _annual(era.header, definitions.layouts[era.layout])

    _, cells = _read_one(tmp_path / f"main-{era.period}.csv", data, definitions)

    wanted = cells.filter(pl.col("status") == "published").select("level", "statistic", "half_width")
    actual = {(level, statistic): width for level, statistic, width in wanted.iter_rows()}
    # in ten-thousandths; England's mean is printed `21`, the CCG's `21.4`
    expected = {
        ("england", "percentage"): 500,
        ("ccg", "percentage"): 5000,
        ("england", "mean"): 500,
        ("ccg", "mean"): 500,
        ("england", "count"): 0,
        ("provider", "median"): 0,
    }
    assert expected == {key: actual[key] for key in expected}


@pytest.mark.parametrize(
    ("archive", "member", "period"),
    [
        ("main-2021-22.zip", "main.csv", "2021-22"),
        ("main.zip", "main-2021-22.csv", "2021-22"),
        ("psych-ther-ann-rep-csvs-2021-22.zip", "psych-ther-ann-rep-csv-2021-22-main-csv.csv", "2021-22"),
        ("main_2021_22.zip", "Main_2021_22.CSV", "2021-22"),
    ],
)
def test_year_comes_from_the_member_or_the_zip(
    archive: str, member: str, period: str, definitions: Definitions, tmp_path: Path
) -> None:
    data = _zip({member: _annual(headers.ANNUAL_2020_21, definitions.layouts["annual_main/2020-21"])})

    actual, _ = _read_one(tmp_path / archive, data, definitions)

    assert (period, archive, member) == (actual.input.period, actual.input.path, actual.input.member)


def test_columns_decide_where_the_name_says_another_era(definitions: Definitions, tmp_path: Path) -> None:
    data = _annual(headers.ANNUAL_2017_18, definitions.layouts["annual_main/2017-18"])

    actual, _ = _read_one(tmp_path / "monthly-activity-2024-25.csv", data, definitions)

    assert (actual.input.layout, actual.input.period) == ("annual_main/2017-18", "2024-25")


def test_eras_that_share_all_columns_of_a_short_file_are_told_apart_by_the_year(
    definitions: Definitions, tmp_path: Path
) -> None:
    names = ("Count_Recovery", "Percentage_Recovery")
    header = ["OrgType", "OrgCode", "OrgName", "VariableType", "VariableA", "VariableB", *names]
    years = ("2020-21", "2021-22", "2022-23", "2023-24", "2024-25")

    actual = [
        _read_one(
            tmp_path / f"main-{year}.csv", _annual(header, definitions.layouts["annual_main/2020-21"]), definitions
        )[0].input.layout
        for year in years
    ]

    expected = [f"annual_main/{year}" for year in ("2020-21", "2020-21", "2022-23", "2023-24", "2024-25")]
    assert expected == actual


def test_measures_that_a_short_annual_file_lacks_are_one_note(definitions: Definitions, tmp_path: Path) -> None:
    header = [column for column in headers.ANNUAL_2024_25 if column not in {"Sum_ContactDuration", "Count_AtCaseness"}]

    only, _ = _read_one(
        tmp_path / "main-2024-25.csv", _annual(header, definitions.layouts["annual_main/2024-25"]), definitions
    )

    actual = [(finding.code, set(finding.measures)) for finding in only.findings]
    assert [(Code.MEASURES_ABSENT, {"count AtCaseness", "sum ContactDuration"})] == actual


def test_column_that_no_definition_knows_is_one_note(definitions: Definitions, tmp_path: Path) -> None:
    header = [*headers.ANNUAL_2024_25, "Count_Invented"]

    only, _ = _read_one(
        tmp_path / "main-2024-25.csv", _annual(header, definitions.layouts["annual_main/2024-25"]), definitions
    )

    actual = [(finding.code, finding.measures) for finding in only.findings]
    assert actual == [(Code.MEASURE_UNKNOWN, ("Count_Invented",))]


@pytest.mark.parametrize("era", MONTHLY, ids=lambda era: era.period)
@pytest.mark.parametrize(
    ("start", "end", "period"),
    [
        ("01/02/2024", "29/02/2024", "2024-02"),
        ("01/03/2021", "31/03/2021", "2021-03"),
        ("01/05/2025", "31/05/2025", "2025-05"),
        ("2025-06-01", "2025-06-30", "2025-06"),
        ("2026-02-01", "2026-02-28", "2026-02"),
    ],
)
def test_month_comes_from_dates_in_either_form(
    *, era: Era, start: str, end: str, period: str, definitions: Definitions, tmp_path: Path
) -> None:
    data = _monthly(era.header, [("England", "All", "All", "M191", "452")], start, end)

    actual, _ = _read_one(tmp_path / "annual-report-2017-18.csv", data, definitions)

    # the columns of March 2021 are those of the time series, which every other month with them is of
    of_series = era.layout == "monthly_activity/2021-03" and period != "2021-03"
    layout = "monthly_activity/2021-04-series" if of_series else era.layout
    assert ("monthly_activity", layout, period) == (
        actual.input.publication,
        actual.input.layout,
        actual.input.period,
    )
    assert {Code.MEASURES_ABSENT} == {finding.code for finding in actual.findings}


@pytest.mark.parametrize("era", MONTHLY, ids=lambda era: era.period)
@pytest.mark.parametrize(
    ("printed_level", "level", "org_code", "org_name", "low", "high"),
    [
        # both sides of the row are filled in each case, so that the right one must be taken
        ("England", "england", "England", "England", 470, 470),
        ("CommissioningRegion", "region", "ONE", "ONE by name", 468, 472),
        ("CommRegion", "region", "ONE", "ONE by name", 468, 472),
        ("STP", "stp", "ONE", "ONE by name", 468, 472),
        ("CCG", "ccg", "ONE", "ONE by name", 468, 472),
        ("ICB", "icb", "ONE", "ONE by name", 468, 472),
        ("SubICB", "sub_icb", "ONE", "ONE by name", 468, 472),
        ("Provider", "provider", "TWO", "TWO by name", 468, 472),
        ("CCG/Provider", "pair", "ONE/TWO", "ONE by name/TWO by name", 468, 472),
        ("SubICB/Provider", "pair", "ONE/TWO", "ONE by name/TWO by name", 468, 472),
    ],
)
def test_monthly_row_belongs_to_the_organisation_of_its_level(
    *,
    era: Era,
    printed_level: str,
    level: str,
    org_code: str,
    org_name: str,
    low: int,
    high: int,
    definitions: Definitions,
    tmp_path: Path,
) -> None:
    data = _monthly(era.header, [(printed_level, "ONE", "TWO", "M191", "470")], "2025-06-01", "2025-06-30")

    _, cells = _read_one(tmp_path / "activity.csv", data, definitions)

    actual = cells.select("level", "org_code", "org_name", "breakdown", "measure", "statistic", "low", "high").row(0)
    assert (level, org_code, org_name, "Total", "M191", "count", low, high) == actual


def test_every_level_of_every_layout_is_read_without_a_note(definitions: Definitions, tmp_path: Path) -> None:
    read = {}
    for era in MONTHLY:
        levels = definitions.layouts[era.layout].levels
        rows = [(name, "ONE", f"T{number}", "M191", "470") for number, name in enumerate(levels)]
        only, _ = _read_one(tmp_path / "all.csv", _monthly(era.header, rows, "2025-06-01", "2025-06-30"), definitions)
        read[era.layout] = {finding.code for finding in only.findings}

    assert {era.layout: {Code.MEASURES_ABSENT} for era in MONTHLY} == read


@pytest.mark.parametrize("era", MONTHLY, ids=lambda era: era.period)
@pytest.mark.parametrize(
    ("level", "measure", "printed", "cell", "half_width"),
    [
        ("England", "M191", "25012", ("published", 25012, 25012), 0),
        ("England", "M192", "50", ("published", None, None), 500),
        ("Provider", "M191", "5", ("published", 5, 7), 0),
        ("Provider", "M191", "*", ("suppressed", 0, 4), 0),
        ("Provider", "M191", "NULL", ("not_applicable", None, None), 0),
        ("Provider", "M191", "", ("withheld_or_absent", None, None), 0),
        ("Provider", "M192", "50", ("published", None, None), 5000),
        ("Provider", "M192", "*", ("suppressed", None, None), 5000),
        ("Provider", "M050", "21.4", ("published", None, None), 500),
    ],
)
def test_monthly_cell_stands_for_what_its_level_prints(
    *,
    era: Era,
    level: str,
    measure: str,
    printed: str,
    cell: Cell,
    half_width: int,
    definitions: Definitions,
    tmp_path: Path,
) -> None:
    data = _monthly(era.header, [(level, "ONE", "TWO", measure, printed)], "2025-06-01", "2025-06-30")

    _, cells = _read_one(tmp_path / "activity.csv", data, definitions)

    actual = cells.select("printed", "status", "low", "high", "half_width").row(0)
    assert (printed, *cell, half_width) == actual


def test_monthly_rates_a_file_lacks_are_one_note_that_names_what_a_rate_needs(
    definitions: Definitions, tmp_path: Path
) -> None:
    needed = {name.measure for name in definitions.names if name.publication == "monthly_activity"}
    rows = [("England", "All", "All", measure, "10") for measure in sorted(needed - {"M191", "M192"})]

    only, _ = _read_one(
        tmp_path / "activity.csv", _monthly(headers.MONTHLY, rows, "2025-06-01", "2025-06-30"), definitions
    )

    actual = [(finding.code, finding.measures) for finding in only.findings]
    assert actual == [(Code.MEASURES_ABSENT, ("M191", "M192"))]


@pytest.mark.parametrize("era", [*ANNUAL, *MONTHLY], ids=lambda era: era.period)
def test_layout_names_no_column_that_its_published_header_lacks(era: Era, definitions: Definitions) -> None:
    layout = definitions.layouts[era.layout]

    actual = {*layout.identifying, *layout.columns}

    assert set(era.header) == actual


def test_column_names_agree_with_their_statistic(definitions: Definitions) -> None:
    words: dict[Statistic, tuple[str, ...]] = {statistic: (statistic.value.capitalize(),) for statistic in Statistic}
    words[Statistic.STANDARD_DEVIATION] = ("SD", "StdDev")
    words[Statistic.EFFECT_SIZE] = ("Effect",)
    # 2018-19 and 2019-20 print counts under names without a statistic
    unsaid = {"NotPrescribed", "NotStatedKnownInvalid", "PrescribedNotTaking", "PrescribedTaking", "Total"}

    actual = [
        (layout.id, column)
        for layout in definitions.layouts.values()
        for column, (statistic, _) in layout.columns.items()
        if not any(column.startswith(word) or column.endswith(word) for word in words[statistic])
        and column not in unsaid
    ]

    assert actual == []


@pytest.mark.parametrize("era", MONTHLY, ids=lambda era: era.period)
@pytest.mark.parametrize("lacking", headers.MONTHLY[:-1])
def test_monthly_file_without_an_identifying_column_is_no_file_of_its_layout(
    era: Era, lacking: str, definitions: Definitions, tmp_path: Path
) -> None:
    header = [f"X_{column}" if column == lacking else column for column in era.header]
    data = _monthly(header, [("England", "All", "All", "M191", "452")], "2025-06-01", "2025-06-30")

    (only,) = _read(tmp_path / "activity.csv", data, definitions)

    assert only.cells is None
    assert only.input.status == "unknown_layout"
    assert isinstance(only.input.error, InputError)
    assert f"`{lacking}`" in only.input.error.message
