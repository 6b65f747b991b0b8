"""Adding a new year's file without Python; all rows and figures here were invented for the test."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from cli import command
from cli.command import ROOT, Done
from hypothesis import given, settings
from hypothesis import strategies as st
from layouts import headers

from iapt_audit.definitions import load_default, load_with
from iapt_audit.definitions.fields import Faults, Roots
from iapt_audit.definitions.read_layouts import read_layouts
from iapt_audit.errors.base import DefinitionError, DraftError, OutputError
from iapt_audit.ingest.draft_layout import Draft, column_lines, draft, save
from iapt_audit.ingest.layout_difference import differs, guesses
from iapt_audit.model.findings import Code
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from pathlib import Path

SECTION = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## A new year's file")[2]
#: the commands that CONTRIBUTING shows, as they stand there
DRAFT, CHECK, AUDIT = re.findall(r"^\$ iapt-audit (.*)$", SECTION.partition("\n## ")[0], re.MULTILINE)

SOURCE = {'title = ""': 'title = "Invented report, 2025-26"', 'url = ""': 'url = "https://example.org/2025-26"'}

#: England: 452 of 1,003 - 103 = 50.2%; the first trust: 255 of 510 - 5, 50%; the second printed 60% of the same
ANNUAL_ROWS: tuple[dict[str, str], ...] = (
    {"OrgType": "England", "OrgCode": "All", "OrgName": "All", "Count_FinishedCourseTreatment": "1003",
     "Count_NotAtCaseness": "103", "Count_Recovery": "452", "Percentage_Recovery": "50.2"},
    {"OrgType": "Provider", "OrgCode": "INV1", "OrgName": "Invented Trust", "Count_FinishedCourseTreatment": "510",
     "Count_NotAtCaseness": "5", "Count_Recovery": "255", "Percentage_Recovery": "50"},
    {"OrgType": "Provider", "OrgCode": "INV2", "OrgName": "Other Invented Trust",
     "Count_FinishedCourseTreatment": "510", "Count_NotAtCaseness": "5", "Count_Recovery": "255",
     "Percentage_Recovery": "60"},
)  # fmt: skip
MONTHLY_CELLS = {
    "All": {"M076": "1003", "M179": "103", "M191": "452", "M192": "50.2"},
    "INV1": {"M076": "510", "M179": "5", "M191": "255", "M192": "50"},
    "INV2": {"M076": "510", "M179": "5", "M191": "255", "M192": "60"},
}


BASE = load_default().layouts["annual_main/2024-25"]


def run(arguments: str, cwd: Path) -> Done:
    return command.run(*arguments.split(), cwd=cwd)


def csv_text(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def annual(
    renamed: dict[str, str], new: dict[str, str] | None = None, lacking: tuple[str, ...] = (), **changed: str
) -> str:
    """Write a file of the layout of 2024-25 with some columns renamed, lacking or new; cells change in the last row."""
    rows = []
    for number, figures in enumerate(ANNUAL_ROWS):
        row = dict.fromkeys(headers.ANNUAL_2024_25, "NULL") | {"VariableType": "Total"} | figures
        if number == len(ANNUAL_ROWS) - 1:
            row |= changed
        kept = {renamed.get(column, column): cell for column, cell in row.items() if column not in lacking}
        rows.append(kept | (new or {}))
    return csv_text(rows)


def monthly(
    renamed: dict[str, str], level: str = "Provider", month: tuple[str, str] = ("01/04/2026", "30/04/2026")
) -> str:
    rows = []
    for org, cells in MONTHLY_CELLS.items():
        for measure, printed in cells.items():
            values = (*month, "England" if org == "All" else level, "All", "All", org, org, measure, "name", printed)
            row = dict(zip(headers.MONTHLY, values, strict=True))
            rows.append({renamed.get(column, column): cell for column, cell in row.items()})
    return csv_text(rows)


def drafted(folder: Path, name: str, text: str, period: str | None = None) -> Draft:
    (folder / name).write_text(text, encoding="utf-8")
    return draft(folder / name, load_default(), period)


def layout_in(found: Draft) -> dict[str, Any]:
    assert found.text is not None, found.told
    return tomllib.loads(found.text)


def keep(found: Draft, folder: Path, edits: dict[str, str]) -> Path:
    """Save a draft where it belongs, with some lines edited as a person would."""
    assert found.text is not None
    assert found.place is not None
    text = found.text
    for old, new in edits.items():
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)
    path = folder / found.place
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def judged(path: Path, folder: Path) -> tuple[list[str | None], set[tuple[str | None, tuple[str, ...]]]]:
    """Return the layouts of the inputs of an audit, and whose rates are contradicted, by the measures in them."""
    found = audit([path], load_with(folder))
    contradicted = {(each.org_code, each.measures) for each in found.findings if each.code is Code.RATE_CONTRADICTED}
    return [each.layout for each in found.inputs], contradicted


def test_the_steps_of_contributing_add_a_year_and_its_rates_are_judged(tmp_path: Path) -> None:
    new = {"Count_InventedNewMeasure": "20"}
    (tmp_path / "main-2025-26.csv").write_text(annual({"OrgCode": "OrgCodes"}, new), encoding="utf-8")

    before = run("audit main-2025-26.csv", tmp_path)
    draft_done = run(DRAFT, tmp_path)
    unfilled = run(CHECK, tmp_path)
    path = tmp_path / DRAFT.rpartition(" ")[2]
    text = path.read_text(encoding="utf-8")
    for old, filled in SOURCE.items():
        text = text.replace(old, filled)
    path.write_text(text, encoding="utf-8")
    check_done = run(CHECK, tmp_path)
    audit_done = run(f"{AUDIT} --format json", tmp_path)

    assert before.returncode == 3
    assert "`OrgCode` is missing; the file has `OrgCodes`" in before.stderr
    assert (draft_done.returncode, draft_done.stdout) == (0, "")
    assert unfilled.returncode == 3
    assert "source.title: expected text, got an empty one" in unfilled.stderr
    assert "source.url: expected text, got an empty one" in unfilled.stderr
    assert (check_done.returncode, check_done.stderr) == (0, "")
    content = json.loads(audit_done.stdout)
    assert audit_done.returncode == 1
    assert [each["layout"] for each in content["inputs"]] == ["annual_main/2025-26"]
    assert content["summary"]["rates"]["consistent"] == 2
    assert [
        (each["org_code"], each["measures"][0]) for each in content["findings"] if each["code"] == "rate-contradicted"
    ] == [("INV2", "Recovery")]


@pytest.mark.parametrize("value", ["MEASURE_VALUE_ROUNDED", "Measure Value Suppressed", "FIGURE"])
def test_a_month_with_its_value_column_renamed_is_judged_with_its_draft(value: str, tmp_path: Path) -> None:
    found = drafted(tmp_path, "activity.csv", monthly({"MEASURE_VALUE_SUPPRESSED": value}))
    keep(found, tmp_path, SOURCE)

    actual = judged(tmp_path / "activity.csv", tmp_path)

    # the date stands in the rows
    assert found.place == "schemas/monthly_activity/2026-04.toml"
    assert layout_in(found)["extends"] == "2021-01"
    assert layout_in(found)["keys"] == {"value": value}
    assert actual == (["monthly_activity/2026-04"], {("INV2", ("M192", "M191", "M076", "M179"))})


def test_dates_in_the_other_form_and_in_a_renamed_column_date_the_draft(tmp_path: Path) -> None:
    text = monthly({"REPORTING_PERIOD_START": "Reporting Period Start"}, month=("2026-05-01", "2026-05-31"))

    found = drafted(tmp_path, "activity.csv", text)

    assert layout_in(found)["first_period"] == "2026-05"


def test_every_earlier_file_is_still_read_by_its_own_layout(tmp_path: Path) -> None:
    found = drafted(tmp_path, "main-2025-26.csv", annual({"OrgCode": "Org_Code"}, {"Count_InventedNewMeasure": "20"}))
    keep(found, tmp_path, SOURCE)
    (tmp_path / "main-2024-25.csv").write_text(annual({}), encoding="utf-8")

    actual, _ = judged(tmp_path / "main-2024-25.csv", tmp_path)

    assert actual == ["annual_main/2024-25"]


def test_a_column_that_is_spelt_otherwise_keeps_its_measure(tmp_path: Path) -> None:
    found = drafted(tmp_path, "main-2025-26.csv", annual({"Count_Recovery": "COUNT RECOVERY"}))
    keep(found, tmp_path, SOURCE)

    layout = layout_in(found)
    assert layout["drop"] == ["Count_Recovery"]
    assert layout["columns"] == {"COUNT RECOVERY": "count Recovery"}
    assert judged(tmp_path / "main-2025-26.csv", tmp_path)[1] == {
        ("INV2", ("Recovery", "FinishedCourseTreatment", "NotAtCaseness"))
    }


@pytest.mark.parametrize(
    "name",
    [
        "annual_main/2020-21",
        "annual_main/2022-23",
        "annual_main/2023-24",
        "annual_main/2024-25",
        "monthly_activity/2021-03",
    ],
)
def test_the_draft_of_a_past_year_agrees_with_the_layout_that_was_reviewed(name: str, tmp_path: Path) -> None:
    definitions = load_default()
    reviewed = definitions.layouts[name]
    before = {
        layout.id: layout
        for layout in definitions.layouts.values()
        if layout.publication != reviewed.publication or layout.first_period < reviewed.first_period
    }
    row = dict.fromkeys([*reviewed.identifying, *reviewed.columns], "NULL")
    for role in ("period_start", "period_end"):
        if role in reviewed.keys:
            row[reviewed.keys[role]] = "01/03/2021"
    (tmp_path / f"file-{reviewed.first_period}.csv").write_text(csv_text([row]), encoding="utf-8")

    found = draft(tmp_path / f"file-{reviewed.first_period}.csv", replace(definitions, layouts=before), None)
    keep(found, tmp_path, SOURCE)
    for path in (ROOT / "schemas" / reviewed.publication).glob("*.toml"):
        if path.stem in {layout.partition("/")[2] for layout in before}:
            (tmp_path / "schemas" / reviewed.publication / path.name).write_bytes(path.read_bytes())
    faults = Faults()
    again = read_layouts(Roots((tmp_path,), faults), definitions.regimes)[name]

    assert faults.found == []
    assert (again.keys, again.breakdown, again.columns) == (reviewed.keys, reviewed.breakdown, reviewed.columns)


def test_a_column_that_says_the_period_and_one_that_says_nothing_are_drafted_too(tmp_path: Path) -> None:
    layout = load_default().layouts["monthly_activity/2021-01-tidy"]
    row = dict.fromkeys(layout.identifying, "NULL") | {layout.keys["period"]: "2026-04"}
    (said,) = layout.unread

    found = drafted(
        tmp_path, "tidy.csv", csv_text([{f"the_{name}" if name == said else name: row[name] for name in row}])
    )

    assert found.place == "schemas/monthly_activity/2026-04-tidy.toml"
    assert layout_in(found)["extends"] == "2021-01-tidy"
    assert layout_in(found)["unread"] == [f"the_{said}"]


def test_a_name_of_an_earlier_era_keeps_the_measure_it_had(tmp_path: Path) -> None:
    found = drafted(tmp_path, "main-2025-26.csv", annual({"Mean_WaitAccessingServices": "Mean_WaitEnteredTreatment"}))

    assert layout_in(found)["columns"] == {"Mean_WaitEnteredTreatment": "mean WaitAccessingServices"}


def test_a_name_that_is_only_alike_is_taken_for_new_until_a_person_decides(tmp_path: Path) -> None:
    # six months and three months are alike to a computer
    renamed = {"Count_FinishedTreatmentFirst6Months": "Count_FinishedTreatmentFirst3Months"}

    found = drafted(tmp_path, "main-2025-26.csv", annual(renamed))

    assert found.text is not None
    assert layout_in(found)["columns"] == {"Count_FinishedTreatmentFirst3Months": "count FinishedTreatmentFirst3Months"}
    assert (
        "# or, if it is `Count_FinishedTreatmentFirst6Months` renamed: "
        'Count_FinishedTreatmentFirst3Months = "count FinishedTreatmentFirst6Months"' in found.text
    )


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("Count_InventedNew", "count InventedNew"),
        ("CountInventedNew", "count InventedNew"),
        ("count invented new", "count invented_new"),
        ("Percentage_AtCaseness", "percentage AtCaseness"),
        ("percentage_at_caseness", "percentage AtCaseness"),
        ("Median_InventedNew", "median InventedNew"),
        ("Sum_InventedNew", "sum InventedNew"),
        ("MinInventedNew", "minimum InventedNew"),
        ("Max_InventedNew", "maximum InventedNew"),
        ("Maximum_InventedNew", "maximum InventedNew"),
    ],
)
def test_a_new_column_is_guessed_from_what_its_name_begins_with(column: str, expected: str, tmp_path: Path) -> None:
    found = drafted(tmp_path, "main-2025-26.csv", annual({}, {column: "20"}))

    assert layout_in(found)["columns"] == {column: expected}


@pytest.mark.parametrize("column", ["VariableC", "Country", "Summary", "COUNTY", "InventedNew"])
def test_a_name_without_a_statistic_is_a_remark_for_a_person(column: str, tmp_path: Path) -> None:
    found = drafted(tmp_path, "main-2025-26.csv", annual({}, {column: "20"}))

    assert found.text is not None
    assert layout_in(found)["columns"] == {}
    assert f'# {column} = "count {column}"' in found.text


def test_no_two_columns_are_read_as_one_measure(tmp_path: Path) -> None:
    new = {"CountRecovery": "1", "Count_InventedNew": "1", "CountInventedNew": "1"}

    found = drafted(tmp_path, "main-2025-26.csv", annual({}, new))

    assert layout_in(found)["columns"] == {"Count_InventedNew": "count InventedNew"}


@pytest.mark.parametrize(("column", "place"), [("OrgCode", "keys.org_code"), ("VariableB", "keys.breakdown")])
def test_a_key_that_is_nowhere_to_be_seen_must_be_given(column: str, place: str, tmp_path: Path) -> None:
    found = drafted(tmp_path, "main-2025-26.csv", annual({}, lacking=(column,)))
    keep(found, tmp_path, SOURCE)

    with pytest.raises(DefinitionError) as error:
        load_with(tmp_path)

    assert [fault.place for fault in error.value.faults] == [place]


def test_a_month_with_two_keys_nowhere_to_be_seen_is_dated_by_its_name(tmp_path: Path) -> None:
    found = drafted(tmp_path, "activity_apr_2026.csv", monthly({"REPORTING_PERIOD_START": "A", "GROUP_TYPE": "B"}))

    assert found.place == "schemas/monthly_activity/2026-04.toml"
    assert layout_in(found)["keys"] == {"period_start": "", "level": ""}


def test_a_breakdown_column_that_was_renamed_is_drafted_in_its_place(tmp_path: Path) -> None:
    found = drafted(tmp_path, "main-2025-26.csv", annual({"VariableA": "Variable_A"}))

    assert layout_in(found)["keys"] == {"breakdown": ["VariableType", "Variable_A", "VariableB"]}


@pytest.mark.parametrize(
    ("row", "level", "rest"),
    [
        ("annual", '# "Place" = { level = "", regime = "" }', 'level = "icb", regime = "local"'),
        (
            "monthly",
            '# "Place" = { level = "", regime = "", org = "" }',
            'level = "icb", regime = "local", org = "provider"',
        ),
    ],
)
def test_an_unknown_level_is_a_remark_that_is_filled_in(row: str, level: str, rest: str, tmp_path: Path) -> None:
    text = (
        annual({"OrgCode": "Org_Code"}, OrgType="Place")
        if row == "annual"
        else monthly({"MEASURE_VALUE_SUPPRESSED": "VALUE"}, level="Place")
    )
    found = drafted(tmp_path, "main-2025-26.csv", text)
    keep(found, tmp_path, SOURCE | {level: f'"Place" = {{ {rest} }}'})

    _, contradicted = judged(tmp_path / "main-2025-26.csv", tmp_path)

    assert "INV2" in {org for org, _ in contradicted}


def test_an_unknown_sign_is_a_remark_that_is_filled_in(tmp_path: Path) -> None:
    found = drafted(tmp_path, "main-2025-26.csv", annual({"OrgCode": "Org_Code"}, Count_NotAtCaseness="-"))
    assert found.text is not None
    edits = {
        '# suppressed = ["*"]': 'suppressed = ["*", "-"]',
        '# not_applicable = ["NULL"]': 'not_applicable = ["NULL"]',
        "# withheld_or_absent = []": "withheld_or_absent = []",
    }
    keep(found, tmp_path, SOURCE | edits)

    cells = audit([tmp_path / "main-2025-26.csv"], load_with(tmp_path)).cells

    assert '# signs that the layout does not know: "-"' in found.text
    assert cells.filter(pl.col("printed") == "-")["status"].to_list() == ["suppressed"]


@pytest.mark.parametrize(
    "slipped", ["3", "<5", "3*", "-4", "\N{SUPERSCRIPT THREE}", "\N{ROMAN NUMERAL THREE}", "three", "under three"]
)
def test_no_cell_that_may_be_a_figure_is_repeated(slipped: str, tmp_path: Path) -> None:
    text = annual({"OrgCode": "Org_Code"}, {"Count_InventedNew": slipped}, Count_Recovery=slipped)
    clean = annual({"OrgCode": "Org_Code"}, {"Count_InventedNew": "20"})

    actual = drafted(tmp_path, "main-2025-26.csv", text)

    assert actual == drafted(tmp_path, "main-2025-26.csv", clean)


@pytest.mark.parametrize("slipped", ["3", "<5", "*", "-4"])
def test_a_level_that_may_be_a_figure_is_not_repeated(slipped: str, tmp_path: Path) -> None:
    actual = drafted(tmp_path, "main-2025-26.csv", annual({"OrgCode": "Org_Code"}, OrgType=slipped))

    assert actual == drafted(tmp_path, "main-2025-26.csv", annual({"OrgCode": "Org_Code"}))


def test_a_header_that_is_a_row_of_figures_is_not_repeated(tmp_path: Path) -> None:
    found = drafted(tmp_path, "main-2025-26.csv", annual({"OrgCode": "Org_Code"}, {"3": "1", "4.5": "1", "*": "1"}))

    assert found.text is not None
    assert "columns" not in layout_in(found)
    assert not {"3", "4.5", '"*"'} & set(found.text.split())


@pytest.mark.parametrize("text", [annual({}), annual({}, lacking=("Count_Recovery",)), monthly({})])
def test_a_file_of_a_known_layout_needs_no_draft(text: str, tmp_path: Path) -> None:
    found = drafted(tmp_path, "main-2024-25.csv", text)

    assert found.text is None
    assert found.told.startswith("`main-2024-25.csv` is of the layout `")
    assert found.told.endswith("already\nnothing is written")


def test_a_table_that_has_only_the_keys_of_a_layout_is_not_called_known(tmp_path: Path) -> None:
    text = monthly({}).replace("M0", "X0").replace("M1", "X1")

    with pytest.raises(DraftError, match="none of its measures is known"):
        drafted(tmp_path, "activity.csv", text)


def test_a_publication_that_is_not_covered_is_not_drafted_as_another(tmp_path: Path) -> None:
    quarterly = next(each.columns for each in load_default().uncovered if "quarterly" in each.title)
    header, *rows = monthly({}).splitlines()
    lacking = sorted(quarterly - set(header.split(",")))
    text = "\n".join([",".join((header, *lacking)), *(",".join((row, *("x" for _ in lacking))) for row in rows)]) + "\n"

    with pytest.raises(DraftError, match="quarterly"):
        drafted(tmp_path, "activity.csv", text)


def test_a_known_layout_with_an_unknown_level_is_told_where_the_level_belongs(tmp_path: Path) -> None:
    found = drafted(tmp_path, "activity.csv", monthly({}, level="Place"))

    assert found.text is None
    assert "levels that it lacks: `Place`: add them to [levels] of schemas/monthly_activity/2021-01.toml" in found.told


def test_another_column_of_a_long_file_is_told_and_needs_no_draft(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(monthly({}))))

    found = drafted(tmp_path, "activity.csv", csv_text([row | {"NOTE": "1"} for row in rows]))

    assert found.text is None
    assert "not read: `NOTE`" in found.told


@pytest.mark.parametrize(
    ("name", "text", "period", "told"),
    [
        ("other.csv", "date,cases\n2020-01-01,5\n", None, "its columns are those of no layout that we know"),
        ("empty.csv", "", None, "the file is empty"),
        ("main.csv", annual({"OrgCode": "Org_Code"}), None, "no column names the year"),
        ("main.csv", annual({"OrgCode": "Org_Code"}), "2026-04", "expected a period such as 2024-25"),
        ("activity.csv", monthly({"MEASURE_VALUE_SUPPRESSED": "V"}), "2025-26", "expected a period such as 2021-01"),
        ("main-2024-25.csv", annual({"OrgCode": "Org_Code"}), None, "`annual_main/2024-25` is there already"),
        ("main-2016-17.csv", annual({"OrgCode": "Org_Code"}), None, "no layout of `annual_main` begins before 2016-17"),
    ],
)
def test_what_cannot_be_drafted_is_told_with_a_hint(
    name: str, text: str, period: str | None, told: str, tmp_path: Path
) -> None:
    with pytest.raises(DraftError) as error:
        drafted(tmp_path, name, text, period)

    assert told in str(error.value)
    assert "\n\nhint: " in str(error.value)


def test_a_file_with_the_keys_of_a_layout_and_other_measures_is_another_publication(tmp_path: Path) -> None:
    keys = headers.ANNUAL_2024_25
    row = {column: "All" for column in keys if not column.partition("_")[2]} | {"InventedA": "1", "InventedB": "2"}

    with pytest.raises(DraftError, match="few of its measure columns"):
        drafted(tmp_path, "other-2025-26.csv", csv_text([row]))


def test_the_period_can_be_given(tmp_path: Path) -> None:
    found = drafted(tmp_path, "main.csv", annual({"OrgCode": "Org_Code"}), "2025-26")

    assert layout_in(found)["first_period"] == "2025-26"


def test_the_first_table_of_a_zip_that_needs_a_layout_gets_one(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "report-2025-26.zip", "w") as archive:
        archive.writestr("a.csv", "date,cases\n2020-01-01,5\n")
        archive.writestr("b.csv", annual({}))
        archive.writestr("c.csv", annual({"OrgCode": "Org_Code"}))

    found = draft(tmp_path / "report-2025-26.zip", load_default(), None)

    assert found.text is not None
    assert found.text.startswith("# Drafted from the columns of `c.csv`")


def test_without_an_output_the_draft_is_all_of_stdout(tmp_path: Path) -> None:
    (tmp_path / "main-2025-26.csv").write_text(annual({"OrgCode": "Org_Code"}), encoding="utf-8")
    (tmp_path / "main-2024-25.csv").write_text(annual({}), encoding="utf-8")

    new = run("definitions draft main-2025-26.csv", tmp_path)
    known = run("definitions draft main-2024-25.csv -o known.toml", tmp_path)
    other = run("definitions draft gone.csv", tmp_path)

    assert (new.returncode, tomllib.loads(new.stdout)["first_period"]) == (0, "2025-26")
    assert (known.returncode, known.stdout, (tmp_path / "known.toml").exists()) == (0, "", False)
    assert "is of the layout `annual_main/2024-25` already" in known.stderr
    assert (other.returncode, other.stdout) == (3, "")
    assert other.stderr.startswith("error: no layout can be drafted for `gone.csv`: there is no such file or folder")


def test_a_file_that_somebody_may_have_reviewed_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "layout.toml"
    save("reviewed", path)

    with pytest.raises(OutputError, match="already exists"):
        save("a new draft", path)

    assert path.read_text(encoding="utf-8") == "reviewed"


def test_a_draft_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(OutputError, match="cannot be written"):
        save("a draft", tmp_path / "file" / "layout.toml")


@settings(max_examples=40, deadline=None)
@given(names=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12), max_size=4))
def test_whatever_a_column_is_called_the_draft_is_toml_that_names_columns_of_the_file(names: list[str]) -> None:
    columns = dict.fromkeys(f"{prefix}{name}" for name in names for prefix in ("", "Count ", "Count_"))
    table = {**columns, "Count_Recovery": None} | dict.fromkeys(headers.ANNUAL_2024_25)
    renamed = ["Org_Code" if name == "OrgCode" else name for name in table]

    found = guesses(differs(renamed, BASE), [BASE])
    content = tomllib.loads("\n".join(column_lines(found, BASE)))

    assert set(content.get("columns", {})) <= set(columns)
    assert set(content.get("columns", {})) == {guess.column for guess in found if guess.what is not None}
