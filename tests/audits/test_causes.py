"""What is wrong in one way is told once, with all its places; every row and figure here was invented."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from audits.written_tables import LEVEL, MEASURE, PROVIDER, SERVICES, VALUE, changed, month, rows_of, written
from cli.command import run

from iapt_audit import audit
from iapt_audit.definitions import load_default
from iapt_audit.integrations.great_expectations.judging import judge
from iapt_audit.integrations.great_expectations.results import told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audits.written_tables import Row

UNTIL = "2999-12-31"


def _where(wanted: Callable[[Row], bool], change: Callable[[str], str]) -> list[Row]:
    return [{**row, VALUE: change(row[VALUE])} if wanted(row) else row for row in month()]


def _is_local(row: Row) -> bool:
    return row[LEVEL] == "Provider"


def _is_count(row: Row) -> bool:
    return row[MEASURE] != "M192"


#: A month in which many cells are wrong in one way: the rows, the code, how many cells, and what is said of them.
ALIKE: dict[str, tuple[list[Row], str, int, str]] = {
    "a sign of other layouts": (
        _where(lambda row: row[MEASURE] == "M192", lambda _: "tbc"),
        "cell-unparseable", 4, "`tbc` is neither a number nor one of the publisher's symbols: 4 cells, of 1 measure",
    ),
    "a sign that may hold a count": (
        _where(lambda row: _is_local(row) and row[MEASURE] == "M179", lambda _: "[q]"),
        "cell-unparseable", 3, "`[a]` (0 stands for a number, a for a letter) is neither",
    ),
    "less than five": (
        _where(lambda row: _is_local(row) and row[MEASURE] == "M179", lambda _: "<3"),
        "cell-unparseable", 3, "`<0` (0 stands for a number, a for a letter) is neither",
    ),
    "a sign beside percentages": (
        _where(lambda row: row[MEASURE] == "M192", lambda _: "see below"),
        "cell-unparseable", 4, "`see below` is neither",
    ),
    "thousands apart": (
        _where(lambda row: row[MEASURE] in {"M076", "M191"}, lambda figure: f"1,{figure.zfill(3)[-3:]},5"),
        "cell-unparseable", 8, "`0,0` (0 stands for a number, a for a letter) is neither",
    ),
    "percentages with a decimal that is 0": (
        _where(lambda row: _is_local(row) and row[MEASURE] == "M192", lambda figure: f"{figure}.0"),
        "too-many-decimals", 3, "figures are printed with decimals that are all 0: 3 cells, of 1 measure and 3",
    ),
    "percentages not rounded": (
        _where(lambda row: _is_local(row) and not _is_count(row), lambda figure: f"{figure}.2"),
        "too-many-decimals", 3, "figures have more decimals than their level is published with: 3 cells",
    ),
    "a column of negative counts": (
        _where(lambda row: row[MEASURE] == "M191", lambda figure: f"-{figure}"),
        "value-negative", 4, "figures are negative: 4 cells, of 1 measure and 4 organisations",
    ),
    "a column above 100": (
        _where(lambda row: row[MEASURE] == "M192", lambda figure: str(int(float(figure)) + 100)),
        "percentage-out-of-range", 4, "percentages are above 100: 4 cells",
    ),
    "no count rounded": (
        _where(
            lambda row: _is_local(row) and _is_count(row) and row[VALUE].isdecimal(),
            lambda figure: str(int(figure) + 1),
        ),
        "count-not-disclosure-controlled", 8, "8 of 8 local counts (100%) were not rounded or suppressed",
    ),
    "percentages without their counts": (
        _where(lambda row: _is_local(row) and row[MEASURE] == "M191", lambda _: "*"),
        "percentage-without-count", 6, "but its count is suppressed: 3 cells",
    ),
    "counts without their percentages": (
        _where(lambda row: _is_local(row) and row[MEASURE] == "M192", lambda _: "*"),
        "count-without-percentage", 6, "its percentage is suppressed: 3 cells",
    ),
    "most organisations twice": (
        [*month(), *rows_of("Provider", "INV01", SERVICES["INV01"]), *rows_of("Provider", "INV02", SERVICES["INV02"]),
         *rows_of("Provider", "INV03", SERVICES["INV03"])],
        "key-twice", 24, "3 organisations of the file appear twice in it: none of them is judged, 24 of 28 rows (85%)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ALIKE)
def test_what_is_wrong_in_one_way_is_one_finding(kind: str, tmp_path: Path) -> None:
    rows, code, count, said = ALIKE[kind]

    found = audit(written(tmp_path / "month.csv", rows))
    (cause,) = found.findings.filter(pl.col("code") == code).to_dicts()
    places = found.places.filter(pl.col("id") == cause["id"])

    assert said in cause["message"]
    assert (cause["count"], len(places)) == (count, count)
    assert cause["org_code"] is None
    assert cause["period"] == "2026-02"
    assert [cell["row"] for cell in cause["cells"]] == sorted(places["row"])[: len(cause["cells"])]
    assert len(cause["cells"]) <= 10


@pytest.mark.parametrize("kind", ["a sign that may hold a count", "less than five", "no count rounded"])
def test_no_cause_repeats_a_count_that_may_have_slipped(kind: str, tmp_path: Path) -> None:
    rows, code, _, _ = ALIKE[kind]
    slipped = {row[VALUE] for row in rows} - {row[VALUE] for row in month()}
    path = written(tmp_path / "month.csv", rows)

    found = audit(path)
    (cause,) = found.findings.filter(pl.col("code") == code).to_dicts()
    listed = run("audit", path, "--format", "csv", "--table", "places").stdout
    explained = run("explain", cause["id"], path).stdout

    assert found.places.filter(pl.col("code") == code).select("printed", "low", "high").unique().rows() == [(None,) * 3]
    for text in (cause["message"], explained, listed):
        assert not any(f"`{figure}`" in text or f",{figure}," in text for figure in slipped)
    assert "held back" in explained


def test_one_cell_stays_a_finding_of_its_organisation(tmp_path: Path) -> None:
    path = written(
        tmp_path / "month.csv", _where(lambda row: row[PROVIDER] == "INV02" and row[MEASURE] == "M179", lambda _: "3x")
    )

    (one,) = audit(path).findings.filter(pl.col("code") == "cell-unparseable").to_dicts()

    assert (one["org_code"], one["measures"], one["count"]) == ("INV02", ["M179"], 1)
    # as the design makes ids, of what a finding is about: a waiver outlives the change to causes
    about = ["cell-unparseable", "", "monthly_activity", "2026-02", "provider", "INV02", "Total", "count", "M179", "0"]
    assert one["id"] == hashlib.sha256("\x1f".join(about).encode()).hexdigest()[:12]


def test_contradictions_of_several_organisations_stay_theirs(tmp_path: Path) -> None:
    wrong = _where(lambda row: _is_local(row) and row[MEASURE] == "M192", lambda figure: str(int(figure) + 20))

    found = audit(written(tmp_path / "month.csv", wrong)).findings.filter(pl.col("code") == "rate-contradicted")

    assert sorted(found["org_code"]) == ["INV01", "INV02", "INV03"]
    assert found["count"].to_list() == [4, 4, 4]


def test_two_signs_are_two_causes(tmp_path: Path) -> None:
    first = {"INV01", "INV02"}
    rows = _where(lambda row: row[MEASURE] == "M192" and row[PROVIDER] in first, lambda _: "tbc")
    rows = [
        {**row, VALUE: "see below"} if row[MEASURE] == "M192" and row[PROVIDER] not in first else row for row in rows
    ]

    found = audit(written(tmp_path / "month.csv", rows)).findings.filter(pl.col("code") == "cell-unparseable")

    assert sorted(message.split(" is ")[0] for message in found["message"]) == ["`see below`", "`tbc`"]
    assert found["measures"].sort().to_list() == [["M192"], ["M192"]]


def test_a_cause_of_several_periods_of_a_file_is_one(tmp_path: Path) -> None:
    rows = [*month("2026-01"), *month("2026-02")]
    rows = [{**row, VALUE: "see below"} if row[MEASURE] == "M192" else row for row in rows]
    path = written(tmp_path / "months.csv", rows)

    (cause,) = audit(path).findings.filter(pl.col("code") == "cell-unparseable").to_dicts()
    (of_month,) = audit(path, period="2026-02").findings.filter(pl.col("code") == "cell-unparseable").to_dicts()

    assert (cause["period"], cause["count"]) == (None, 8)
    # asked for a month, it is told as far as it is of that month
    assert (of_month["id"], of_month["count"]) == (cause["id"], 4)
    assert {cell["row"] for cell in of_month["cells"]} <= set(range(18, 34))


def _cause(tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    path = written(tmp_path / "month.csv", ALIKE["percentages not rounded"][0])
    content = json.loads(run("audit", path, "--format", "json").stdout)
    (cause,) = (each for each in content["findings"] if each["code"] == "too-many-decimals")
    return path, cause


def test_places_are_a_table_in_parquet_in_csv_and_in_explain(tmp_path: Path) -> None:
    path, cause = _cause(tmp_path)

    run("audit", path, "--out", tmp_path / "out")
    parquet = pl.read_parquet(tmp_path / "out" / "places.parquet").filter(pl.col("id") == cause["id"])
    printed = csv.DictReader(io.StringIO(run("audit", path, "--format", "csv", "--table", "places").stdout))
    listed = [row for row in printed if row["id"] == cause["id"]]
    explained = run("explain", cause["id"], path).stdout

    assert parquet["org_code"].cast(pl.String).to_list() == ["INV01", "INV02", "INV03"]
    assert parquet["period"].cast(pl.String).unique().to_list() == ["2026-02"]
    assert [(row["org_code"], row["row"], row["printed"]) for row in listed] == [
        (code, str(row), f"{figure}.2")
        for code, row, figure in (("INV01", 9, 50), ("INV02", 13, 54), ("INV03", 17, 30))
    ]
    for row, measure in ((9, "M192"), (13, "M192"), (17, "M192")):
        assert f"month.csv, row {row}: " in explained
        assert measure in explained


def test_many_places_are_counted_where_they_are_not_listed(tmp_path: Path) -> None:
    services = {f"INV{number:03d}": {"M192": f"{number % 90}.2"} for number in range(60)}
    path = written(tmp_path / "month.csv", month(services={**SERVICES, **services}))
    (cause,) = audit(path).findings.filter(pl.col("code") == "too-many-decimals").to_dicts()

    explained = run("explain", cause["id"], path).stdout

    assert (cause["count"], len(cause["cells"])) == (60, 10)
    assert explained.count("month.csv, row") == 50
    assert "and 10 more: `iapt-audit audit PATH... --format csv --table places` lists all" in explained


def test_a_table_is_for_csv_only(tmp_path: Path) -> None:
    path, _ = _cause(tmp_path)

    assert run("audit", path, "--table", "places").returncode == 2


def test_every_form_tells_a_cause_once(tmp_path: Path) -> None:
    path, cause = _cause(tmp_path)
    forms = {
        form: run("audit", path, "--format", form).stdout for form in ("table", "markdown", "junit", "sarif", "github")
    }
    (result,) = (each for each in json.loads(forms["sarif"])["runs"][0]["results"] if each["level"] == "error")

    for text in forms.values():
        assert (
            " ".join(text.split()).count(
                "than their level is published with: 3 cells, of 1 measure and 3 organisations"
            )
            == 1
        )
    assert (result["occurrenceCount"], len(result["relatedLocations"])) == (3, 2)
    assert cause["count"] == 3


def test_a_checkpoint_is_given_all_rows_of_a_cause(tmp_path: Path) -> None:
    services = {f"INV{number:03d}": {"M192": f"{number % 90}.2"} for number in range(30)}
    path = written(tmp_path / "month.csv", month(services={**SERVICES, **services}))
    judged = judge(
        pl.read_csv(path, infer_schema=False, empty_string_is_null=False).to_pandas(), "monthly_activity/2021-01",
        load_default(), None,
    )  # fmt: skip

    result = told(judged, [each for each in judged.findings if each.code == "too-many-decimals"])["result"]

    assert result["unexpected_index_list"] == list(range(16, 46))


def _waived(tmp_path: Path, *waivers: tuple[str, str | None]) -> tuple[int, dict[str, Any], dict[str, Any]]:
    """Waive an id, or an organisation's part of it; give the exit code, the cause, what became of the waivers."""
    path, _ = _cause(tmp_path)
    entries = [
        "\n".join(
            ["[[waiver]]", f'id = "{name}"', f'reason = "known, {code or "all"}"', f"until = {UNTIL}"]
            + ([f'org_code = "{code}"'] if code else [])
        )
        for name, code in waivers
    ]
    file = tmp_path / "waivers.toml"
    file.write_text("\n".join(entries), encoding="utf-8")
    done = run("audit", path, "--format", "json", "--waivers", file)
    content = json.loads(done.stdout)
    (found,) = (each for each in content["findings"] if each["code"] == "too-many-decimals")
    return done.returncode, found, content["summary"]["sifted"]


def test_a_cause_is_waived_as_a_whole(tmp_path: Path) -> None:
    _, cause = _cause(tmp_path)

    code, found, _ = _waived(tmp_path, (cause["id"], None))

    assert (code, found["waived"], found["waived_for"]) == (0, "known, all", [])


def test_a_cause_is_waived_for_an_organisation_and_still_counts_for_the_others(tmp_path: Path) -> None:
    _, cause = _cause(tmp_path)

    code, found, sifted = _waived(tmp_path, (cause["id"], "INV01"))

    assert (code, found["waived"]) == (1, None)
    assert found["waived_for"] == [{"org_code": "INV01", "reason": "known, INV01"}]
    assert sifted["unmatched"] == []


def test_a_cause_waived_for_each_of_its_organisations_is_waived(tmp_path: Path) -> None:
    _, cause = _cause(tmp_path)

    code, found, _ = _waived(tmp_path, *((cause["id"], name) for name in SERVICES))

    assert code == 0
    assert found["waived"] == "known, INV01; known, INV02; known, INV03"


def test_a_waiver_for_an_organisation_that_a_cause_is_not_of_is_told(tmp_path: Path) -> None:
    _, cause = _cause(tmp_path)

    code, found, sifted = _waived(tmp_path, (cause["id"], "INV77"))

    assert (code, found["waived"], found["waived_for"]) == (1, None, [])
    assert sifted["unmatched"] == [cause["id"]]


def test_the_screen_of_an_organisation_tells_its_own_part_of_a_cause(tmp_path: Path) -> None:
    path, cause = _cause(tmp_path)
    code = run("audit", path, "--org", "INV02", "--format", "json")
    others = run("audit", path, "--org", "England", "--format", "json")

    (own,) = (each for each in json.loads(code.stdout)["findings"] if each["code"] == "too-many-decimals")

    assert (own["id"], own["count"], [cell["row"] for cell in own["cells"]]) == (cause["id"], 1, [13])
    assert not [each for each in json.loads(others.stdout)["findings"] if each["code"] == "too-many-decimals"]
    assert others.returncode == 0


def test_changing_a_column_leaves_no_cause_behind_on_sound_rows(tmp_path: Path) -> None:
    found = audit(written(tmp_path / "month.csv", changed(month(), VALUE, str)))

    assert not (found.findings["severity"] == "error").any()
    assert found.places.is_empty() or set(found.places["code"]) <= set(found.findings["code"])
