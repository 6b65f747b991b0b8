"""Explanations, by the command line as a user meets them; all rows of the files here were written for the test."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl
import pytest
from cli.command import INVENTED, ROOT, is_one_message, run
from properties.publisher import SUPPRESSED, Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import load_default
from iapt_audit.judging.explain import RateQuery, rates_called
from iapt_audit.outputs.views.explanation import explain_measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

JUNE = ("--period", "2025-06")
ANNUAL = (
    "OrgType", "OrgCode", "OrgName", "VariableType", "VariableA", "VariableB", "Count_FinishedCourseTreatment",
    "Count_NotAtCaseness", "Count_Recovery", "Percentage_Recovery",
)  # fmt: skip
EXAMPLE = re.compile(r"(?:For example )?([\d,]+) of ([\d,]+) is ([\d.]+)%, which prints this way: consistent\.")


def month(folder: Path, printed: Mapping[str, str], *, england: bool = False, name: str = "made.csv") -> Path:
    disclosure = Disclosure.ENGLAND if england else Disclosure.LOCAL
    text = monthly_csv([Organisation("England" if england else "X01", disclosure, printed)])
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def year(folder: Path, name: str = "made-2024-25.csv") -> Path:
    rows = [
        ["England", "All", "All", "Total", "NULL", "NULL", "1003", "103", "452", "50.2"],
        ["Provider", "X01", "INVENTED", "Total", "NULL", "NULL", "1000", "5", "490", "49"],
        ["Provider", "X01", "INVENTED", "Gender", "Female", "NULL", "600", "5", "290", "49"],
        ["Provider", "X01", "INVENTED", "Gender", "Male", "NULL", "400", "5", "200", "51"],
        ["Provider", "X02", "INVENTED TOO", "Gender", "Male", "NULL", "400", "5", "200", "61"],
    ]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([ANNUAL, *rows])
    (folder / name).write_text(text.getvalue(), encoding="utf-8")
    return folder / name


def number(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("recovery", ["recovery"]),
        ("M192", ["recovery"]),
        ("M191", ["recovery"]),
        ("recovery_percentage", ["recovery"]),
        ("recovered", ["recovery"]),
        # the annual file calls count and percentage by one name
        ("Recovery", ["recovery"]),
        ("recovery_pct", ["recovery"]),
        ("M141", ["sessions"]),
        ("M076", ["ended_finished", "treated_finished"]),
        ("M206", ["reliable_recovery_white"]),
        ("M179", ["not_at_caseness"]),
        ("recovry", []),
    ],
)
def test_a_rate_goes_by_its_id_and_by_what_a_publication_calls_it(name: str, expected: list[str]) -> None:
    actual = [rate.id for rate in rates_called(name, load_default())]

    assert expected == actual


def test_every_name_of_a_rate_gives_the_same_explanation(tmp_path: Path) -> None:
    paths = [month(tmp_path, {"M076": "1000", "M179": "5", "M191": "490", "M192": "49"})]
    definitions = load_default()
    told = {
        explain_measure(RateQuery("X01", "2025-06", name, "Total"), paths, definitions, cite=False).text
        for name in ("recovery", "M192", "M191", "Recovery", "recovery_percentage")
    }

    assert len(told) == 1
    assert told.pop().startswith("Recovery: INVENTED X01 (X01), 2025-06\n")


def test_an_explanation_shows_formula_bounds_rows_and_arithmetic(tmp_path: Path) -> None:
    path = month(tmp_path, {"M076": "1000", "M179": "5", "M191": "490", "M192": "49"})
    done = run("explain", path, "--org", "X01", *JUNE, "--measure", "recovery")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Recovery = M191 / (M076 - M179)" in done.stdout
    assert "M191 (count) is printed 490, rounded: 488 to 492." in done.stdout
    assert "M179 (count) is printed 5, rounded: 5 to 7." in done.stdout
    assert "M192 (percentage) is printed 49." in done.stdout
    assert "So 488 to 492 of 991 to 997, " in done.stdout
    assert "A printed 49% means at least 48.5% and less than 49.5%." in done.stdout
    # the header is row 1
    assert re.findall(r"    (\S+), row (\d+): (M\d+) \((\w+)\) (\S+)", done.stdout) == [
        ("made.csv", "5", "M192", "percentage", "49"),
        ("made.csv", "4", "M191", "count", "490"),
        ("made.csv", "2", "M076", "count", "1000"),
        ("made.csv", "3", "M179", "count", "5"),
    ]


@pytest.mark.parametrize(
    ("finished", "below", "recovered", "printed"),
    [("1000", "5", "490", "49"), ("50", "5", "20", "47"), ("15", "5", "5", "64"), ("515", "10", "255", "51")],
)
def test_the_example_is_inside_the_bounds_and_prints_so(
    tmp_path: Path, finished: str, below: str, recovered: str, printed: str
) -> None:
    path = month(tmp_path, {"M076": finished, "M179": below, "M191": recovered, "M192": printed})
    told = explain_measure(RateQuery("X01", "2025-06", "recovery", "Total"), [path], load_default(), cite=False).text
    example = EXAMPLE.search(told)

    assert example is not None
    numerator, denominator = number(example[1]), number(example[2])
    exact = Fraction(100 * numerator, denominator)
    finishers, aside = (range(max(5, int(text) - 2), int(text) + 3) for text in (finished, below))

    assert int(printed) - Fraction(1, 2) <= exact < int(printed) + Fraction(1, 2)
    assert max(5, int(recovered) - 2) <= numerator <= int(recovered) + 2
    assert denominator in {all_finished - under for all_finished in finishers for under in aside}
    assert abs(Fraction(example[3]) - exact) <= Fraction(1, 20_000)


def test_exact_counts_are_divided_and_called_no_example(tmp_path: Path) -> None:
    path = month(tmp_path, {"M076": "1003", "M179": "103", "M191": "452", "M192": "50.2"}, england=True)
    done = run("explain", path, *JUNE, "--measure", "M192")

    assert done.returncode == 0
    assert "Recovery: England, 2025-06\n" in done.stdout
    assert "M076 (count) is printed 1003: exactly 1,003." in done.stdout
    # 452 / 900 = 50.2222...
    assert "  452 of 900 is 50.2222%, which prints this way: consistent." in done.stdout
    assert "example" not in done.stdout


def test_counts_without_a_percentage_are_divided(tmp_path: Path) -> None:
    path = month(tmp_path, {"M076": "1003", "M179": "103", "M191": "452"}, england=True)
    told = explain_measure(
        RateQuery("England", "2025-06", "recovery", "Total"), [path], load_default(), cite=False
    ).text

    assert "452 of 900 is 50.2222%." in told


def test_a_quotient_is_not_shown_on_the_other_side_of_its_limit(tmp_path: Path) -> None:
    # 1,000,999 of 2,000,000 is 50.04995 %, which prints as 50.0 because it is under 50.05
    path = month(tmp_path, {"M076": "2000000", "M179": "0", "M191": "1000999", "M192": "50"}, england=True)
    told = explain_measure(
        RateQuery("England", "2025-06", "recovery", "Total"), [path], load_default(), cite=False
    ).text
    example = EXAMPLE.search(told)

    assert example is not None
    assert Fraction(example[3]) < Fraction("50.05")


def test_a_contradicted_rate_is_explained_by_its_certificate() -> None:
    done = run("explain", INVENTED, "--org", "INV02", "--period", "2026-02", "--measure", "recovery")

    assert done.returncode == 0
    # 317 / 581 = 54.561...
    assert "The most they allow is 317 of 581, 54.56%, which is below 59.5%." in done.stdout
    assert "consistent" not in done.stdout


def test_a_finding_is_explained_by_the_id_that_the_audit_gave_it() -> None:
    content = json.loads(run("audit", INVENTED, "--format", "json").stdout)
    (finding,) = (each for each in content["findings"] if each["severity"] == "error")
    done = run("explain", finding["id"], INVENTED)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{finding['id']}  rate-contradicted: {finding['message']}\n")
    assert finding["certificate"] in done.stdout
    assert [int(row) for row in re.findall(r"invented_month\.csv, row (\d+): ", done.stdout)] == [
        cell["row"] for cell in finding["cells"]
    ]


def test_a_finding_that_is_no_rate_is_explained_by_its_message_and_cells(tmp_path: Path) -> None:
    path = month(tmp_path, {"M076": "1000", "M179": "5", "M191": "490", "M192": "490"})
    content = json.loads(run("audit", path, "--format", "json").stdout)
    finding = next(each for each in content["findings"] if each["code"] == "percentage-out-of-range")
    done = run("explain", finding["id"], path, "--cite")

    assert done.returncode == 0
    assert finding["message"] in done.stdout
    assert "made.csv, row 5: M192 (percentage) 490" in done.stdout
    assert hashlib.sha256(path.read_bytes()).hexdigest() in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("0123456789ab", INVENTED), "`0123456789ab`"),
        ((INVENTED, "--org", "INV02", "--period", "2026-02", "--measure", "recovry"), "`recovry`"),
        ((INVENTED, "--org", "INV09", "--period", "2026-02", "--measure", "recovery"), "`INV09`"),
        ((INVENTED, "--org", "INV02", "--period", "2026-03", "--measure", "recovery"), "2026-03"),
        ((INVENTED, "--org", "INV02", "--period", "2026-02", "--measure", "recovery", "--breakdown", "x"), "recovery"),
    ],
    ids=["id", "measure", "organisation", "period", "breakdown"],
)
def test_what_is_not_there_is_told_in_one_message_and_ends_in_two(arguments: tuple[str | Path, ...], told: str) -> None:
    done = run("explain", *arguments)

    assert is_one_message(done, 2)
    assert told in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [(), ("--measure", "recovery"), ("--measure", "recovery", "--period", "2024")],
    ids=["nothing", "no period", "no such period"],
)
def test_a_question_that_is_not_whole_ends_in_two_without_a_traceback(arguments: tuple[str, ...]) -> None:
    done = run("explain", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_read_is_named_and_ends_in_three(tmp_path: Path) -> None:
    # the reader would otherwise believe that the figure was not published
    done = run("explain", tmp_path / "absent.csv", *JUNE, "--measure", "recovery")

    assert done.returncode == 3
    assert "absent.csv" in done.stderr


# M179 is suppressed; M192 binds it to M191 and M076, so all of them hang together.
LEAKING = {"M076": "85", "M179": SUPPRESSED, "M191": "15", "M192": "18", "M180": SUPPRESSED, "M052": "65", "M053": "79"}


@pytest.mark.parametrize("measure", ["recovery", "first_treatment_6_weeks", "not_at_caseness"])
def test_no_example_is_told_of_what_hangs_together_with_a_suppressed_count(tmp_path: Path, measure: str) -> None:
    path = month(tmp_path, LEAKING)
    told = explain_measure(RateQuery("X01", "2025-06", measure, "Total"), [path], load_default(), cite=True).text
    numbers = {number(text) for text in re.findall(r"(?<![\d.])(\d+) to \d+\b(?!\.)", told)}

    assert "For example" not in told
    assert "which prints so" not in told
    # every lower bound told is that of a printed count alone: 83 finished, 79 with 4 off, 13 recovered, 63 seen in time
    assert numbers <= {0, 13, 63, 79, 83}


def test_a_suppressed_count_is_told_as_0_to_4_and_no_narrower(tmp_path: Path) -> None:
    done = run("explain", month(tmp_path, LEAKING), "--org", "X01", *JUNE, "--measure", "recovery")

    assert done.returncode == 0
    assert "M179 (count) is suppressed: 0 to 4." in done.stdout
    assert "So 13 to 17 of 79 to 87, " in done.stdout
    assert "No example is shown" in done.stdout
    assert re.findall(r"row \d+: M179 \(count\) (\S+)", done.stdout) == ["*"]


def test_a_contradiction_over_a_suppressed_count_tells_no_value(tmp_path: Path) -> None:
    path = month(tmp_path, {**LEAKING, "M192": "40"})
    told = explain_measure(RateQuery("X01", "2025-06", "recovery", "Total"), [path], load_default(), cite=False).text
    listed = run("audit", path)

    assert "At most" not in told
    assert "No whole number" not in told
    assert "linked to a suppressed count" in told
    assert "At most" not in listed.stdout


def told_of_a_slip(folder: Path, slip: str) -> dict[str, str]:
    """Gather all that the program says of a file whose recovered count is not put through disclosure control."""
    path = month(folder, {"M076": "85", "M179": "5", "M191": slip, "M192": "9", "M193": "10", "M195": "13"})
    content = json.loads(run("audit", path, "--format", "json").stdout)
    (finding,) = (each for each in content["findings"] if each["code"] == "count-not-disclosure-controlled")
    explained = ("--org", "X01", *JUNE, "--measure")
    told = {
        "json": json.dumps(content),
        "table": run("audit", path, "--out", folder / "out").stdout,
        "audit.json": (folder / "out" / "audit.json").read_text(encoding="utf-8"),
        "screen": run("audit", path, "--org", "X01").stdout,
        "markdown": run("audit", path, "--format", "markdown").stdout,
        "csv": run("audit", path, "--format", "csv").stdout,
        "explain recovery": run("explain", path, *explained, "recovery", "--cite").stdout,
        "explain reliable recovery": run("explain", path, *explained, "reliable_recovery").stdout,
        "explain finding": run("explain", finding["id"], path, "--cite").stdout,
        **{
            table.stem: pl.read_parquet(table).write_ndjson()
            for table in sorted((folder / "out").glob("*.parquet"))
        },
    }  # fmt: skip
    # the checksum of the file is the file's, and says nothing that could be read back
    return {name: text.replace(hashlib.sha256(path.read_bytes()).hexdigest(), "") for name, text in told.items()}


def test_a_small_count_that_slipped_changes_nothing_that_is_told(tmp_path: Path) -> None:
    told = []
    for slip in ("3", "2"):
        (tmp_path / slip).mkdir()
        told.append(told_of_a_slip(tmp_path / slip, slip))

    assert "held back" in told[0]["explain recovery"]
    assert "tell the publisher first" in told[0]["explain recovery"]
    assert all(text for name, text in told[0].items() if name.split()[0] in {"explain", "json", "table", "screen"})
    assert told[0] == told[1]


def test_an_unrounded_count_that_slipped_is_not_repeated(tmp_path: Path) -> None:
    told = told_of_a_slip(tmp_path, "37")

    assert [name for name, text in told.items() if re.search(r"(?<![\w.])37(?![\w.])", text)] == []


def test_a_count_that_is_held_back_has_no_bounds_of_its_own(tmp_path: Path) -> None:
    path = month(tmp_path, {"M076": "85", "M179": "5", "M191": "3", "M192": "9"})
    told = explain_measure(RateQuery("X01", "2025-06", "recovery", "Total"), [path], load_default(), cite=False).text

    # no count is negative: nothing is known of it, and nothing can be divided
    assert "-1" not in told
    assert "It cannot be checked" in told


def test_a_citation_gives_address_rows_checksum_date_and_licence() -> None:
    done = run("explain", INVENTED, "--org", "INV01", "--period", "2026-02", "--measure", "recovery", "--cite")
    address = next(
        row["url"]
        for row in csv.DictReader(
            line
            for line in (ROOT / "checks" / "catalogue.csv").read_text(encoding="utf-8").splitlines()
            if not line.startswith("#")
        )
        if (row["publication"], row["period"]) == ("monthly_activity", "2026-02")
    )
    cited = done.stdout.partition("  Cite:\n")[2]
    (date,) = re.findall(r"    accessed: (\S+)", cited)
    now = datetime.now(UTC)

    assert done.returncode == 0
    assert "    file: invented_month.csv\n" in cited
    assert address in cited
    assert "    rows: 10, 11, 12, 13\n" in cited
    assert f"    sha256: {hashlib.sha256(INVENTED.read_bytes()).hexdigest()}\n" in cited
    assert date in {now.date().isoformat(), (now - timedelta(minutes=5)).date().isoformat()}
    assert "licensed under the Open Government Licence v3.0" in cited


def test_nothing_is_cited_unless_asked_for() -> None:
    done = run("explain", INVENTED, "--org", "INV01", "--period", "2026-02", "--measure", "recovery")

    assert "Cite" not in done.stdout
    assert "sha256" not in done.stdout


def test_a_period_that_is_in_no_list_is_cited_without_an_address(tmp_path: Path) -> None:
    (tmp_path / "made.csv").write_text(
        monthly_csv(
            [Organisation("X01", Disclosure.LOCAL, {"M076": "85", "M179": "5", "M191": "15", "M192": "18"})],
            "2031-01-01",
            "2031-01-31",
        ),
        encoding="utf-8",
    )
    told = explain_measure(
        RateQuery("X01", "2031-01", "M192", "Total"), [tmp_path / "made.csv"], load_default(), cite=True
    ).text

    assert "address: not in our list of addresses" in told
    assert "http" not in told


def test_without_files_the_cited_facts_are_explained_with_their_sources() -> None:
    done = run("explain", "--period", "2024-25", "--measure", "recovery", "--cite")
    facts = load_default().facts
    measures = {"recovery_pct", "recovered", "finished_course", "not_at_caseness"}
    cited = [fact for fact in facts.rows if fact.period == "2024-25" and fact.measure in measures]
    rows = {int(row) for row in re.findall(r"england\.csv, row (\d+): ", done.stdout)}
    used = [fact for fact in cited if fact.row in rows]
    checksum = hashlib.sha256((ROOT / "checks" / "facts" / "england.csv").read_bytes()).hexdigest()

    assert (done.returncode, done.stderr) == (0, "")
    # 321,061 / 635,185 = 50.54605...
    assert "321,061 of 635,185 is 50.5461%, which prints this way: consistent." in done.stdout
    assert len(used) == 4
    assert {f"    address: {fact.source.title}, {fact.source.url}" for fact in used} == {
        line for line in done.stdout.splitlines() if line.startswith("    address: ")
    }
    assert f"    rows: {', '.join(str(row) for row in sorted(rows))}\n" in done.stdout
    assert f"    sha256: {checksum}\n" in done.stdout


@pytest.mark.parametrize(("printed", "ending"), [("8", "which prints this way: consistent."), ("9", "is below 8.95.")])
def test_a_mean_is_explained_without_a_sign(tmp_path: Path, printed: str, ending: str) -> None:
    path = month(tmp_path, {"M076": "1000", "M089": "8001", "M141": printed}, england=True)
    done = run("explain", path, *JUNE, "--measure", "M141")

    assert done.returncode == 0
    assert "%" not in done.stdout
    assert "M089 / M076" in done.stdout
    assert f"A printed {printed} means " in done.stdout
    assert ending in done.stdout
    assert ("8,001 of 1,000 is 8.0010" in done.stdout) is (printed == "8")


def test_a_breakdown_of_an_annual_file_is_explained_with_its_own_row(tmp_path: Path) -> None:
    path = year(tmp_path)
    asked = ("--org", "X01", "--period", "2024-25", "--measure", "Recovery")
    done = run("explain", path, *asked, "--breakdown", "Gender | Female")

    assert done.returncode == 0
    assert "So 288 to 292 of 591 to 597, " in done.stdout
    assert set(re.findall(r"made-2024-25\.csv, row (\d+): ", done.stdout)) == {"4"}
    # of whom is the question: an explanation says that it is of a part
    assert "Gender | Female" in done.stdout


def test_a_finding_of_a_breakdown_is_explained_by_its_id(tmp_path: Path) -> None:
    path = year(tmp_path)
    content = json.loads(run("audit", path, "--format", "json").stdout)
    (finding,) = (each for each in content["findings"] if each["code"] == "rate-contradicted")
    done = run("explain", finding["id"], path)

    assert finding["breakdown"] == "Gender | Male"
    assert done.returncode == 0
    assert "row 6: Recovery (percentage) 61" in done.stdout


def test_a_finding_of_a_file_whose_name_has_no_year_is_explained_with_the_period_given(tmp_path: Path) -> None:
    path = year(tmp_path, "made.csv")
    content = json.loads(run("audit", path, "--period", "2024-25", "--format", "json").stdout)
    (finding,) = (each for each in content["findings"] if each["code"] == "rate-contradicted")
    done = run("explain", finding["id"], path, "--period", "2024-25")

    assert (done.returncode, done.stderr) == (0, "")


def test_a_rate_printed_without_its_counts_is_explained_as_that(tmp_path: Path) -> None:
    path = month(tmp_path, {"M076": "1000", "M206": "48"}, england=True)
    done = run("explain", path, *JUNE, "--measure", "M206")

    assert done.returncode == 0
    assert "its counts are not published" in done.stdout


def test_a_rate_of_nobody_is_explained_as_that(tmp_path: Path) -> None:
    path = month(tmp_path, {"M076": "0", "M179": "0", "M191": "0", "M192": "NULL"}, england=True)
    done = run("explain", path, *JUNE, "--measure", "recovery")

    assert done.returncode == 0
    assert "its denominator is 0" in done.stdout


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ({"M076": "85", "M179": "5", "M191": SUPPRESSED, "M192": SUPPRESSED}, "the percentage is suppressed"),
        ({"M076": "85", "M179": "5", "M191": SUPPRESSED, "M192": "9"}, "the count it is a percentage of is suppressed"),
    ],
)
def test_a_rate_that_cannot_be_checked_says_why(tmp_path: Path, printed: Mapping[str, str], reason: str) -> None:
    path = month(tmp_path, printed)
    told = explain_measure(RateQuery("X01", "2025-06", "recovery", "Total"), [path], load_default(), cite=False).text

    assert f"It cannot be checked: {reason}." in told
    assert "M191 (count) is suppressed: 0 to 4." in told


def test_the_same_rate_in_two_files_is_explained_for_each(tmp_path: Path) -> None:
    paths: Sequence[Path] = [
        month(tmp_path, {"M076": "1000", "M179": "5", "M191": recovered, "M192": "49"}, name=name)
        for name, recovered in (("first.csv", "490"), ("second.csv", "485"))
    ]
    told = explain_measure(RateQuery("X01", "2025-06", "recovery", "Total"), paths, load_default(), cite=False).text
    first, second = told.split("\n\n")

    assert "first.csv, row 4: M191 (count) 490" in first
    assert "second.csv, row 4: M191 (count) 485" in second
