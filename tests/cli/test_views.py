"""One screen on one organisation, narrowed audits, other forms; all rows of the files were written for the test."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from cli.command import INVENTED, Done, is_one_message, run, squeezed, valid
from properties.publisher import SUPPRESSED, Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import load_default
from iapt_audit.outputs.views.audit_markdown import headline_csv, summary_markdown
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FORMULA = "=cmd|' /C calc'!A0"
TITLES = {"Recovery": "recovery", "Reliable improvement": "reliable_improvement",
          "First treatment within 6 weeks": "first_treatment_6_weeks"}  # fmt: skip
PEERS = re.compile(r"(\d+) / (\d+) / (\d+)$")
ANNUAL = (
    "OrgType", "OrgCode", "OrgName", "VariableType", "VariableA", "VariableB", "Count_FinishedCourseTreatment",
    "Count_NotAtCaseness", "Count_Recovery", "Percentage_Recovery",
)  # fmt: skip


def local(code: str, **printed: str) -> Organisation:
    return Organisation(code, Disclosure.LOCAL, printed)


def england(**printed: str) -> Organisation:
    return Organisation("England", Disclosure.ENGLAND, printed)


def half(recovered: str, printed: str) -> dict[str, str]:
    return {"M076": "1000", "M179": "5", "M191": recovered, "M192": printed}


def month(folder: Path, number: int, organisations: Sequence[Organisation], name: str | None = None) -> Path:
    """Write a month of 2025; `name` is what the organisation X01 is called."""
    text = monthly_csv(organisations, f"2025-{number:02}-01", f"2025-{number:02}-{30 if number != 7 else 31}")
    if name is not None:
        rows = [[name if each == "INVENTED X01" else each for each in row] for row in csv.reader(io.StringIO(text))]
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        text = out.getvalue()
    path = folder / f"month-{number:02}.csv"
    path.write_text(text, encoding="utf-8")
    return path


def year(folder: Path, name: str) -> Path:
    rows = [["England", "All", "All", "Total", "NULL", "NULL", "1003", "103", "452", "50.2"]]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([ANNUAL, *rows])
    (folder / name).write_text(text.getvalue(), encoding="utf-8")
    return folder / name


def lines_of(done: Done, start: str) -> list[str]:
    """Return the lines of a table that start so."""
    return [line.strip() for line in done.stdout.splitlines() if line.strip().startswith(f"{start} ")]


def test_one_screen_tells_name_level_period_and_standing() -> None:
    done = run("audit", INVENTED, "--org", "INV01")
    (recovery,) = lines_of(done, "Recovery")

    assert done.returncode == 0
    assert done.stdout.startswith("INVENTED SERVICE ONE (INV01), provider: 1 month from 2026-02 to 2026-02\n")
    assert "Its rates in 2026-02" in done.stdout
    # 338 to 342 of 671 to 679 is 49.78 to 50.97 %, and prints 50: the counts cannot tell
    assert "cannot be determined" in recovery
    assert " 50% " in recovery
    assert "INVENTED SERVICE TWO" not in done.stdout
    assert "not a judgement of a service" in squeezed(done.stdout)


def test_one_screen_shows_the_error_of_its_own_organisation_and_no_others() -> None:
    own, other = (run("audit", INVENTED, "--org", code) for code in ("INV02", "INV01"))

    assert own.returncode == 1
    assert "1 are contradicted" in squeezed(own.stdout) or "1 is contradicted" in squeezed(own.stdout)
    assert "Recovery is printed as 60%" in squeezed(own.stdout)
    assert other.returncode == 0
    assert "printed as 60%" not in squeezed(other.stdout)


def test_peers_are_counted_as_the_document_bounds_them(tmp_path: Path) -> None:
    made = [("X01", "495", "50"), ("X02", "490", "49"), ("X03", "560", "56"), ("X04", "400", "40"),
            ("X05", "495", "50"), ("X06", "600", "60")]  # fmt: skip
    services = [local(code, **half(recovered, printed)) for code, recovered, printed in made]
    # without a percentage its bounds begin under those of X01 and overlap them
    services.append(local("X07", M076="1000", M179="5", M191="495"))
    path = month(tmp_path, 6, services)
    rows = valid(run("audit", path, "--format", "json").stdout)["headline"]
    bounds = {row["org_code"]: (Decimal(row["low"]), Decimal(row["high"])) for row in rows}
    done = run("audit", path, "--org", "X01")
    (line,) = lines_of(done, "Recovery")
    counted = PEERS.search(line)
    low, high = bounds.pop("X01")
    lower = sum(other < low for _, other in bounds.values())
    higher = sum(other > high for other, _ in bounds.values())

    assert counted is not None
    assert (lower, higher, len(bounds) - lower - higher) == tuple(map(int, counted.groups()))
    assert (lower, higher) == (2, 2)
    assert bounds["X07"][0] < low <= bounds["X07"][1]


def test_england_is_no_peer_of_a_service(tmp_path: Path) -> None:
    counts = {"M076": "10100", "M179": "100", "M191": "9000", "M192": "90"}
    path = month(tmp_path, 6, [england(**counts), local("X01", **half("495", "50"))])
    done = run("audit", path, "--org", "X01")
    counted = [PEERS.search(line) for line in lines_of(done, "Recovery")]

    assert [each.groups() for each in counted if each] == [("0", "0", "0")]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ((("450", "45"), ("495", "50"), ("550", "55")), "up beyond rounding"),
        ((("550", "55"), ("495", "50"), ("450", "45")), "down beyond rounding"),
        # 490 and 495 printed as 50 stand for rates that overlap, whatever lies between
        ((("490", "50"), ("600", "60"), ("495", "50")), "cannot be determined"),
    ],
)
def test_three_months_say_whether_a_rate_surely_rose(
    tmp_path: Path, figures: tuple[tuple[str, str], ...], expected: str
) -> None:
    for number, (recovered, printed) in enumerate(figures, start=5):
        end = 31 if number in {5, 7} else 30
        text = monthly_csv(
            [local("X01", **half(recovered, printed))], f"2025-{number:02}-01", f"2025-{number:02}-{end}"
        )
        (tmp_path / f"{number}.csv").write_text(text, encoding="utf-8")
    done = run("audit", tmp_path, "--org", "X01")
    (since,) = lines_of(done, "first to last")

    assert done.returncode == 0
    assert "X01, provider: 3 months from 2025-05 to 2025-07" in done.stdout.replace("(X01)", "X01")
    assert squeezed(since) == f"first to last {expected}"
    assert "From month to month" in done.stdout


def test_the_latest_period_is_the_one_shown(tmp_path: Path) -> None:
    month(tmp_path, 6, [local("X01", **half("495", "50"))])
    month(tmp_path, 7, [local("X01", **half("550", "55"))])
    done = run("audit", tmp_path, "--org", "X01")

    assert "Its rates in 2025-07" in done.stdout


def test_an_exact_rate_on_the_screen_is_rounded_as_the_publisher_rounds(tmp_path: Path) -> None:
    # 1 of 16 is 6.25 %, printed 6.3
    path = month(tmp_path, 6, [england(M076="16", M179="0", M191="1", M192="6.3")])
    done = run("audit", path, "--org", "England")
    (recovery,) = lines_of(done, "Recovery")

    assert re.split(r"\s{2,}", recovery)[1:3] == ["6.3", "6.3%"]


def test_a_rate_just_under_its_standard_is_not_shown_as_the_standard(tmp_path: Path) -> None:
    # 49,985 of 100,000, printed 50.0: met only after rounding
    path = month(tmp_path, 6, [england(M076="100000", M179="0", M191="49985", M192="50")])
    done = run("audit", path, "--org", "England")
    (recovery,) = lines_of(done, "Recovery")

    assert "met only after rounding" in recovery
    assert "50.0%" not in recovery
    assert "49.99%" in recovery or "49.98%" in recovery


def test_a_suppressed_organisation_is_shown_at_face_value() -> None:
    done = run("audit", INVENTED, "--org", "INV03")
    (recovery,) = lines_of(done, "Recovery")

    # the printed 19 by itself, and the counts by themselves: half of 79 less 17, half of 87 less 13
    assert "18.5 to 19.5%" in recovery
    assert "23 to 31 short" in recovery


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_file_of_which_all_is_suppressed_is_told_of(form: str, tmp_path: Path) -> None:
    path = month(tmp_path, 6, [local("X01", **dict.fromkeys(("M076", "M179", "M191", "M192"), SUPPRESSED))])
    done = run("audit", path, "--format", form)

    # nothing was judged, which is never a pass
    assert done.returncode == 3
    assert "no figure was judged" in done.stderr
    assert "In 1 of 1 cases" in " ".join(done.stdout.split())
    assert "% of the published counts" not in done.stdout


def test_an_organisation_without_headline_rates_is_said_to_have_none(tmp_path: Path) -> None:
    path = month(tmp_path, 6, [local("X01", **half("495", "50")), local("X02", M001="100")])
    done = run("audit", path, "--org", "X02")

    assert done.returncode == 0
    assert "The files have no headline rate for this organisation." in done.stdout


@pytest.mark.parametrize(
    ("code", "expected"),
    [("INV0", ["INV01", "INV02", "INV03", "INV04"]), ("INV09", ["INV01", "INV02", "INV03", "INV04"])]
)  # fmt: skip
def test_an_unknown_code_lists_those_that_start_like_it(code: str, expected: list[str]) -> None:
    done = run("audit", INVENTED, "--org", code)

    assert is_one_message(done, 2)
    assert f"`{code}`" in done.stderr
    assert expected == re.findall(r"INV0\d", done.stderr.partition("hint: ")[2])


def test_period_and_level_narrow_what_is_printed(tmp_path: Path) -> None:
    for number in (6, 7):
        month(
            tmp_path,
            number,
            [england(M076="1003", M179="103", M191="452", M192="50.2"), local("X01", **half("495", "50"))],
        )
    content = valid(run("audit", tmp_path, "--period", "2025-07", "--level", "provider", "--format", "json").stdout)
    listed = list(csv.DictReader(io.StringIO(run("audit", tmp_path, "--period", "2025-06", "--format", "csv").stdout)))
    table = run("audit", tmp_path, "--level", "england").stdout

    assert [(row["period"], row["level"], row["org_code"]) for row in content["headline"]] == [
        ("2025-07", "provider", "X01")
    ]
    assert content["summary"]["rates"] == {"consistent": 1, "contradicted": 0, "not_checkable": 0}
    assert sum(content["summary"]["cells"].values()) == 4
    assert {row["level"] for row in content["organisations"]} == {"provider"}
    assert content["series"] == []
    assert [(row["period"], row["level"]) for row in listed] == [("2025-06", "england"), ("2025-06", "provider")]
    assert "England, recovery" in table
    assert "Organisations by standing" not in table


def test_the_organisation_narrows_json_and_csv_too() -> None:
    content = valid(run("audit", INVENTED, "--org", "INV01", "--format", "json").stdout)
    listed = list(csv.DictReader(io.StringIO(run("audit", INVENTED, "--org", "INV01", "--format", "csv").stdout)))

    assert {"INV01"} == {row["org_code"] for row in content["headline"]} == {row["org_code"] for row in listed}
    assert [finding for finding in content["findings"] if finding["severity"] == "error"] == []


@pytest.mark.parametrize(
    ("option", "value", "known"),
    [("--period", "2026-03", ["2026-02"]), ("--period", "2025-26", ["2026-02"]),
     ("--level", "icb", ["england", "provider"])],
)  # fmt: skip
def test_an_unknown_period_or_level_names_the_known_ones(option: str, value: str, known: list[str]) -> None:
    done = run("audit", INVENTED, option, value)

    assert is_one_message(done, 2)
    assert f"`{value}`" in done.stderr
    assert sorted(re.findall(r"england|provider|\d{4}-\d\d", done.stderr.partition("hint: ")[2])) == known


def test_period_is_the_year_of_a_file_whose_name_has_none(tmp_path: Path) -> None:
    path = year(tmp_path, "main.csv")
    content = valid(run("audit", path, "--period", "2024-25", "--format", "json").stdout)
    without = run("audit", path)

    assert [row["period"] for row in content["headline"]] == ["2024-25"]
    assert without.returncode == 3
    assert "--period" in without.stderr


def test_period_does_not_override_the_year_in_a_name(tmp_path: Path) -> None:
    path = year(tmp_path, "main-2023-24.csv")
    right, wrong = (run("audit", path, "--period", period, "--format", "json") for period in ("2023-24", "2024-25"))

    assert [row["period"] for row in valid(right.stdout)["headline"]] == ["2023-24"]
    assert is_one_message(wrong, 2)
    assert "2023-24" in wrong.stderr.partition("hint: ")[2]


def markdown_cells(line: str) -> list[str]:
    """Split a line of a table as Markdown does: a pipe after a backslash is text."""
    assert line.startswith("| ")
    assert line.endswith(" |")
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def markdown_of(folder: Path, name: str, code: str = "X01") -> list[str]:
    """Return the lines of the Markdown of a file that names an organisation, twice so that a finding tells the name."""
    text = monthly_csv([local("X01", **half("495", "50"))] * 2)
    rows = [
        [{"INVENTED X01": name, "X01": code}.get(each, each) for each in row] for row in csv.reader(io.StringIO(text))
    ]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    (folder / "made.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
    found = audit([folder / "made.csv"], load_default())
    return re.split(r"\r\n|\r|\n", summary_markdown(found))


@pytest.mark.parametrize(
    ("name", "code"),
    [("A | B", "X01"), ("A\nB", "X01"), ("A\r\nB", "X01"), ("A\rB", "X01"), ("A", "X|1")],
    ids=["pipe", "newline", "both line ends", "carriage return", "pipe in a code"],
)
def test_a_name_cannot_break_a_table_of_markdown(tmp_path: Path, name: str, code: str) -> None:
    lines = markdown_of(tmp_path, name, code)
    (found,) = (line for line in lines if line.startswith("| error | key-twice |"))

    assert len(markdown_cells(found)) == 6
    assert [line for line in lines if line.startswith("B")] == []


def test_every_line_of_a_markdown_table_has_as_many_cells_as_its_head() -> None:
    done = run("audit", INVENTED, "--format", "markdown")
    blocks = [block.splitlines() for block in done.stdout.split("\n\n") if block.startswith("| ")]

    assert done.returncode == 1
    assert len(blocks) >= 4
    for block in blocks:
        assert {len(markdown_cells(block[0]))} == {len(markdown_cells(line)) for line in block}
        assert set(markdown_cells(block[1])) == {"---"}
    assert "Open Government Licence" in done.stdout


@pytest.mark.parametrize("name", [FORMULA, "+1", "-1", "@SUM(A1)", "\tA", "=1"])
def test_a_name_cannot_start_a_formula_in_csv(tmp_path: Path, name: str) -> None:
    path = month(tmp_path, 6, [local("X01", **half("495", "50"))], name)
    found = audit([path], load_default())
    (row,) = csv.DictReader(io.StringIO(headline_csv(found)))

    # blanks around a name are left out where it is read, a tab among them
    assert row["org_name"] == (f"'{name}" if name == name.strip() else name.strip())
    assert not any(str(cell).startswith(("=", "+", "@", "\t", "\r")) for cell in row.values())


def test_a_code_cannot_start_a_formula_in_csv(tmp_path: Path) -> None:
    path = month(tmp_path, 6, [local(FORMULA, **half("495", "50"))])
    (row,) = csv.DictReader(io.StringIO(run("audit", path, "--format", "csv").stdout))

    assert row["org_code"] == f"'{FORMULA}"


#: A consistent recovery, and a contradicted wait, so that table and screen both name the organisation.
BOTH = {**half("495", "50"), "M052": "800", "M053": "60"}


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "[bold]x[/bold]", "[/]", "[link=https://example.org]x"])
def test_a_name_is_text_in_the_table_and_on_the_screen(tmp_path: Path, name: str) -> None:
    path = month(tmp_path, 6, [local("X01", **BOTH)], name)
    table, screen = run("audit", path), run("audit", path, "--org", "X01")

    assert (table.returncode, screen.returncode) == (1, 1)
    assert f"{name} (X01)" in table.stdout
    assert screen.stdout.startswith(f"{name} (X01), provider")


def test_a_code_is_text_in_the_table_and_on_the_screen(tmp_path: Path) -> None:
    path = month(tmp_path, 6, [local("[red]X", **BOTH)])
    table, screen, unknown = (
        run("audit", path),
        run("audit", path, "--org", "[red]X"),
        run("audit", path, "--org", "[r"),
    )

    assert "([red]X)" in table.stdout
    assert "([red]X)" in screen.stdout
    assert "[red]X" in unknown.stderr


def test_the_screen_shows_what_is_contradicted_where_no_other_rate_is_left(tmp_path: Path) -> None:
    path = month(tmp_path, 6, [local("X01", **half("490", "60"))])
    done = run("audit", path, "--org", "X01")

    # it ends in 1, so it must say why
    assert done.returncode == 1
    assert "INVENTED X01 (X01)" in done.stdout
    assert "Recovery is printed as 60%" in squeezed(done.stdout)


def test_a_name_cannot_send_orders_to_a_terminal(tmp_path: Path) -> None:
    path = month(tmp_path, 6, [local("X01", **BOTH)], "A\x1b[2J\x1b]0;title\x07B")

    assert "\x1b" not in run("audit", path).stdout
    assert "\x1b" not in run("audit", path, "--org", "X01").stdout


def test_rows_of_csv_are_those_of_the_document(tmp_path: Path) -> None:
    organisations = [
        england(M001="9000", M031="7001", M056="8003", M076="1003", M179="103", M191="452", M192="50.2"),
        local("X01", **half("495", "50")),
        local("X02", M076="85", M179=SUPPRESSED, M191="15", M192="19", M185="55", M186="65"),
    ]
    path = month(tmp_path, 6, organisations)
    content = valid(run("audit", path, "--format", "json").stdout)
    listed = list(csv.DictReader(io.StringIO(run("audit", path, "--format", "csv").stdout)))
    expected = [flat(row) for row in content["headline"]]

    assert len(expected) == 4
    assert expected == [{name: row[name] for name in expected[0]} for row in listed]


def flat(row: Mapping[str, Any]) -> dict[str, str]:
    """Write a headline row of the document as the CSV does: an empty text for null."""
    exact, short = row["exact"] or {}, row["short_by"] or {}
    denominators = {each["denominator"]: each for each in row["denominators"]}
    values = {
        **{name: row[name] for name in ("publication", "period", "level", "org_code", "org_name", "measure", "printed",
                                        "low", "high", "standard", "standing")},
        "exact_numerator": exact.get("numerator"),
        "exact_denominator": exact.get("denominator"),
        "short_low": short.get("low"),
        "short_high": short.get("high"),
        **{f"{name}_{side}": denominators.get(name, {}).get(side) for name in load_default().denominators
           for side in ("low", "high")},
    }  # fmt: skip
    return {name: "" if value is None else str(value) for name, value in values.items()}


#: What a reader of each table may rely on.
COLUMNS = {
    "claims": {"id", "text", "verdict", "cause", "slip", "true_sentence", "speaker"},
    "waits": {"publication", "period", "level", "org_code", "measure", "low", "high", "beside", "points_low"},
    "gaps": {"publication", "period", "level", "org_code", "gap", "measure", "group", "against", "low", "points_high"},
    "cells": {"cell", "row", "level", "org_code", "org_name", "breakdown", "measure", "statistic", "printed", "status",
              "low", "high", "path", "member", "publication", "period"},
    "rates": {"rate", "level", "org_code", "breakdown", "cell", "verdict", "reason", "numerator_low", "numerator_high",
              "denominator_low", "denominator_high", "path", "member", "publication", "period"},
    "headline": {"publication", "period", "level", "org_code", "org_name", "measure", "printed", "standard", "standing",
                 "low", "high", "short_low", "short_high", "exact_numerator", "exact_denominator", "finished_low",
                 "finished_high", "referred_other_run"},
    "series": {"level", "org_code", "section", "concept", "measure", "statistic", "printed", "low", "high", "path",
               "publication", "period"},
    "power": {"rate", "publication", "level", "points", "moved", "caught"},
    "places": {"id", "code", "level", "org_code", "measure", "statistic", "printed", "low", "high"},
    "findings": {"id", "code", "rule", "severity", "period", "org_code", "measures", "cells", "message", "certificate"},
}  # fmt: skip


def test_every_table_of_out_is_readable_and_agrees_with_the_document(tmp_path: Path) -> None:
    done = run("audit", INVENTED, "--out", tmp_path / "out")
    content = valid((tmp_path / "out" / "audit.json").read_text(encoding="utf-8"))
    tables = {path.stem: pl.read_parquet(path) for path in (tmp_path / "out").glob("*.parquet")}
    verdicts = Counter(tables["rates"]["verdict"].to_list())
    statuses = Counter(tables["cells"]["status"].to_list())

    assert done.returncode == 1
    assert set(COLUMNS) == set(tables)
    assert {name: missing for name, table in tables.items() if (missing := COLUMNS[name] - set(table.columns))} == {}
    assert {name: count for name, count in content["summary"]["rates"].items() if count} == verdicts
    assert {name: count for name, count in content["summary"]["cells"].items() if count} == statuses
    assert {"invented_month.csv"} == set(tables["cells"]["path"]) == set(tables["rates"]["path"])
    assert [row["standing"] for row in content["headline"]] == tables["headline"]["standing"].to_list()
    # a rate points at the cell of its percentage
    rates = tables["rates"].join(tables["cells"], on="cell", suffix="_of_cell")

    assert {"percentage"} == set(rates["statistic"])
    assert rates["org_code"].to_list() == rates["org_code_of_cell"].to_list()


def test_out_is_written_beside_the_screen_of_one_organisation(tmp_path: Path) -> None:
    done = run("audit", INVENTED, "--org", "INV03", "--out", tmp_path / "out")
    cells = pl.read_parquet(tmp_path / "out" / "cells.parquet")

    assert done.stdout.startswith("INVENTED SERVICE THREE (INV03)")
    assert {"INV03"} == set(cells["org_code"])
    # a rate points at the cell of its percentage, as it stands here
    rates = pl.read_parquet(tmp_path / "out" / "rates.parquet")
    joined = rates.join(cells, on="cell", suffix="_of_cell")
    assert joined.select("statistic", "org_code_of_cell").unique().rows() == [("percentage", "INV03")]
    assert len(joined) == len(rates) > 0
    assert cells.filter(pl.col("status") == "suppressed").select("low", "high").rows() == [(0, 4)]
