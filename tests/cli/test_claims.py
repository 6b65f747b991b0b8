"""The commands that judge, list and trace claims as a user meets them, in a process of their own."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from cli.command import INVENTED, once, run, validator

from iapt_audit.definitions.resources import audit_schema

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {
    "id", "text", "period", "level", "org_code", "comparison", "verdict", "cause", "slip", "figure", "readings",
    "unread", "true_sentence", "speaker", "date", "source", "message",
}  # fmt: skip
READING_KEYS = {"measure", "population", "numerator", "denominator", "value", "low", "high", "agrees", "from"}
RECOVERY = ("--measure", "recovery", "--period", "2017-18")
CONSISTENT = ("--figure", "50.8%", *RECOVERY, "--population", "finished_at_caseness")
CONTRADICTED = ("--figure", "50.8%", *RECOVERY, "--population", "finished")
NOT_CHECKABLE = ("--figure", "50.8%", "--measure", "recovery", "--period", "1999-00")
#: An order to a terminal, markup of three kinds, and formulas.
HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07",
    "[bold red]x[/bold red]",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "| a | b |",
)


@cache
def schema_of_claims() -> str:
    schema = json.loads(audit_schema().read_text(encoding="utf-8"))
    return json.dumps({"$defs": schema["$defs"], **schema["properties"]["claims"]})


def claims_of(text: str) -> list[dict[str, Any]]:
    content: dict[str, Any] = json.loads(text)
    assert set(content) == {"schema_version", "tool", "attribution", "claims"}
    validator(schema_of_claims()).validate(content["claims"])
    return list(content["claims"])


def written(folder: Path, text: str) -> Path:
    path = folder / "claims.toml"
    path.write_text(text, encoding="utf-8")
    return path


def claim(name: str, figure: str, population: str, **more: str) -> str:
    given = {"id": name, "text": f"{figure} recovered", "figure": figure, "measure": "recovery", "period": "2017-18",
             "population": population, "comparison": "is"} | more  # fmt: skip
    lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in given.items() if value)
    return f"[[claim]]\n{lines}\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("judge", *CONSISTENT), 0),
        (("judge", *CONTRADICTED), 1),
        (("judge", *CONTRADICTED, "--fail-on", "note"), 1),
        (("judge", *CONTRADICTED, "--fail-on", "never"), 0),
        (("judge", *NOT_CHECKABLE), 0),
        (("judge", "--figure", "50.8%", *RECOVERY, "--org", "RKE"), 0),
        (("trace", "18.3%", "--period", "2017-18"), 0),
        (("trace", "99.97%", "--period", "2017-18"), 0),
        (("claims", "--verdict", "contradicted"), 0),
        (("claims", "--verdict", "contradicted", "--fail-on", "error"), 1),
        (("claims", "--verdict", "consistent", "--fail-on", "error"), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_the_exit_code_says_whether_a_claim_is_contradicted(arguments: tuple[str, ...], expected: int) -> None:
    done = once(*arguments)

    assert (expected, "") == (done.returncode, done.stderr)
    assert done.stdout.strip()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("judge",), "expected a figure"),
        (("judge", "--figure", "50%"), "expected a measure"),
        (("judge", "--figure", "lots", *RECOVERY), "expected a figure such as 50.8%"),
        (("judge", "--figure", "9" * 5000 + "%", *RECOVERY), "expected a figure such as"),
        (("judge", "--figure", "50%", "--measure", "recovry", "--period", "2017-18"), "did you mean `recovery`"),
        (("judge", "--figure", "50%", *RECOVERY, "--population", "finishd"), "did you mean `finished`"),
        (("judge", "--figure", "50%", *RECOVERY, "--comparison", "abot"), "did you mean `about`"),
        (("judge", "--figure", "50%", *RECOVERY, "--level", "provder"), "did you mean `provider`"),
        (("judge", "--figure", "50%", "--measure", "recovery", "--period", "2017"), "expected a period"),
        (("judge", "--figure", "50%", *RECOVERY, "--since", "soon"), "expected a period"),
        (("judge", "--comparison", "met-standard", "--period", "2017-18"), "expected a standard"),
        (("judge", "--figure", "50%", *RECOVERY, "--sample", "-1"), "--sample"),
        (("judge", "--figure", "50%", *RECOVERY, "--format", "xml"), "--format"),
        (("trace", "lots", "--period", "2017-18"), "expected a figure such as 50.8%"),
        (("trace", "9" * 5000, "--period", "2017-18"), "expected a figure such as"),
        (("trace", "18.3%", "--period", "2017"), "expected a period"),
        (("trace", "18.3%"), "--period"),
        (("trace", "18.3%", "--period", "2017-18", "--org", "RKE"), "no organisation with the code `RKE`"),
        (("trace", "18.3%", "--period", "2017-18", "--format", "csv"), "--format"),
        (("claims", "--verdict", "contradictd"), "did you mean `contradicted`"),
        (("claims", "--cause", "wrong_populaton"), "did you mean `wrong_population`"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_what_is_not_understood_ends_in_two_with_what_was_expected(arguments: tuple[str, ...], told: str) -> None:
    done = run(*arguments)
    said = re.sub(r"[│╭╰─╮╯\s]+", " ", done.stderr)

    assert done.returncode == 2
    assert done.stdout == ""
    assert told in said
    assert "Traceback" not in said


def test_a_claim_whose_row_of_a_breakdown_is_misspelt_is_told_the_nearest() -> None:
    done = run("judge", "--figure", "56.2%", "--measure", "recovery", "--period", "2024-25", "--breakdown",
               "Indices of Deprivation Decile | 01 Least depived")  # fmt: skip

    assert done.returncode == 2
    assert "01 Least deprived" in done.stderr


def test_figures_that_cannot_be_read_end_in_three_and_no_verdict_stands_before_that(tmp_path: Path) -> None:
    (tmp_path / "page.csv").write_bytes(b"<html></html>")
    judged = run("judge", *CONTRADICTED, "--data", tmp_path)
    listed = run("claims", "--year", "2017-18", "--data", tmp_path / "absent.csv")
    found = run("trace", "18.3%", "--period", "2017-18", "--data", tmp_path / "page.csv")

    assert [judged.returncode, listed.returncode, found.returncode] == [3, 3, 3]
    assert judged.stdout == ""
    assert judged.stderr.startswith("error: not read: page.csv: this is a web page")
    assert "there is no such file" in listed.stderr


def test_a_service_is_judged_on_the_files_given() -> None:
    done = run("judge", "--figure", "99%", "--measure", "recovery", "--period", "2026-02", "--org", "inv02", "--data",
               INVENTED, "--format", "json")  # fmt: skip
    (found,) = claims_of(done.stdout)

    assert done.returncode == 1
    assert (found["org_code"], found["verdict"]) == ("INV02", "contradicted")
    assert found["readings"][0]["from"][0].startswith("invented_month.csv, row ")
    # it is told of the level that the organisation is of
    assert found["level"] == "provider"


def test_a_judged_claim_is_told_with_arithmetic_every_population_and_what_is_true() -> None:
    said = " ".join(once("judge", *CONTRADICTED).stdout.split())

    assert said.startswith("CONTRADICTED: the figure belongs to a different population from the one named")
    assert "263,295 of 554,709 referrals that finished a course in 2017-18 recovered: 47.47%" in said
    for row in ("finished 263,295 / 554,709 47.47 no", "finished and at caseness 263,295 / 517,942 50.83 yes",
                "referred † 263,295 / 1,439,957 18.28 no"):  # fmt: skip
        assert row in said
    assert "50.8% of referrals that finished a course in 2017-18 and did not start below caseness recovered" in said
    assert "https://files.digital.nhs.uk/" in said
    assert "Open Government Licence" in said


def test_json_has_the_keys_of_the_document_and_counts_as_whole_numbers() -> None:
    (found,) = claims_of(once("judge", *CONTRADICTED, "--format", "json").stdout)
    first = found["readings"][0]

    assert set(found) >= KEYS
    assert set(first) >= READING_KEYS
    assert (found["figure"], found["population"], found["true_of"]) == ("50.8%", "finished", "finished_at_caseness")
    assert (first["numerator"], first["denominator"]) == (263_295, 554_709)
    assert (first["low"], first["high"]) == ("47.4654", "47.4655")
    assert (found["speaker"], found["source"]) == (None, None)


def test_the_register_as_json_is_sorted_sourced_and_complete() -> None:
    shown = claims_of(once("claims", "--format", "json").stdout)
    whole = claims_of(once("claims", "--unchecked", "--format", "json").stdout)

    assert [each["id"] for each in whole] == sorted({each["id"] for each in whole})
    assert 100 < len(shown) < len(whole)
    assert all(each["source"]["wording_checked"] for each in shown)
    assert {each["cause"] for each in whole if not each["source"]["wording_checked"]} == {"wording_not_read"}
    for each in whole:
        assert set(each) >= KEYS
        assert each["speaker"]
        assert each["source"]["url"].startswith("http")


def test_the_register_is_narrowed_as_asked() -> None:
    def ids(*arguments: str) -> list[dict[str, Any]]:
        return claims_of(once("claims", *arguments, "--format", "json").stdout)

    assert {each["speaker"] for each in ids("--speaker", "nhs digital")} == {"NHS Digital"}
    assert all(each["date"].startswith("2018") for each in ids("--year", "2018"))
    assert {each["period"] for each in ids("--year", "2017-18")} == {"2017-18"}
    assert {each["verdict"] for each in ids("--verdict", "not-checkable")} == {"not_checkable"}
    assert {each["cause"] for each in ids("--cause", "wrong_population")} == {"wrong_population"}
    assert ids("--speaker", "nobody of this name") == []


@pytest.mark.parametrize("output", ["table", "markdown", "csv", "claimreview"])
def test_a_search_without_a_result_is_no_fault(output: str) -> None:
    done = run("claims", "--speaker", "nobody of this name", "--format", output)

    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_kept_back_is_counted_and_how_to_see_it_is_said() -> None:
    said = " ".join(once("claims").stdout.split())
    hidden = int(re.findall(r"(\d+) more whose wording has not been checked at the source", said)[0])
    shown, whole = (claims_of(once("claims", *more, "--format", "json").stdout) for more in ((), ("--unchecked",)))

    assert hidden == len(whole) - len(shown)
    assert "--unchecked shows them" in said
    assert "more whose wording" not in once("claims", "--unchecked").stdout
    assert "never about what anyone meant" in said


def test_markdown_has_a_table_and_the_arithmetic() -> None:
    done = once("judge", *CONTRADICTED, "--format", "markdown")
    lines = done.stdout.splitlines()

    assert lines[0].startswith("| speaker | period | claim |")
    assert "| 50.8% | contradicted |" in lines[2]
    assert "263,295 of 554,709" in done.stdout


def test_csv_has_a_row_for_each_claim_and_no_cell_that_starts_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(once("claims", "--unchecked", "--format", "csv").stdout)))
    whole = claims_of(once("claims", "--unchecked", "--format", "json").stdout)

    assert rows[0][:4] == ["id", "speaker", "date", "text"]
    assert [row[0] for row in rows[1:]] == [each["id"] for each in whole]
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_claimreview_rates_what_is_decided_and_only_names_what_is_not() -> None:
    reviews = json.loads(once("claims", "--format", "claimreview").stdout)
    by_name: dict[str, set[int | None]] = {}
    for each in reviews:
        assert (each["@context"], each["@type"]) == ("https://schema.org", "ClaimReview")
        assert each["itemReviewed"]["appearance"]["url"].startswith("http")
        assert each["reviewRating"]["ratingExplanation"]
        by_name.setdefault(each["reviewRating"]["alternateName"], set()).add(each["reviewRating"].get("ratingValue"))

    assert by_name == {
        "Contradicted by the published figures": {1},
        "The figure of another population than the one named": {None},
        "Not checkable on the published figures": {None},
        "Consistent with the published figures": {3},
    }


def test_claimreview_gives_a_figure_that_is_right_of_others_no_worst_rating() -> None:
    reviews = json.loads(
        once("claims", "--cause", "wrong_population", "--verdict", "contradicted", "--format", "claimreview").stdout
    )

    assert reviews
    for each in reviews:
        assert set(each["reviewRating"]) == {"@type", "alternateName", "ratingExplanation"}


@pytest.mark.parametrize("asked", [CONSISTENT, CONTRADICTED, NOT_CHECKABLE], ids=["fits", "does not", "open"])
def test_a_claim_without_a_source_has_no_claimreview_and_is_told_what_is_missing(asked: tuple[str, ...]) -> None:
    done = run("judge", *asked, "--format", "claimreview")

    assert (done.returncode, done.stdout) == (2, "")
    for name in ("`speaker`", "`date`", "`source`", "`claim`", "--file"):
        assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_of_claims_without_a_source_has_no_claimreview(tmp_path: Path) -> None:
    path = written(tmp_path, claim("one", "50.8%", "finished_at_caseness") + claim("two", "47.5%", "finished"))
    done = run("judge", "--file", path, "--format", "claimreview")

    assert (done.returncode, done.stdout) == (2, "")
    assert "`one`, `two`" in done.stderr


def test_a_file_with_its_sources_has_a_claimreview_of_each(tmp_path: Path) -> None:
    done = run("judge", "--file", written(tmp_path, SOURCED), "--format", "claimreview")

    assert [each["claimReviewed"] for each in json.loads(done.stdout)] == ["In our words: 50.8% recovered."]


SOURCED = """
[speaker]
name = "Nobody"
kind = "press"
[[statement]]
id = "nobody_2018"
date = "2018-11-20"
wording_checked = true
read = "written for the test"
page_read = "all"
[statement.source]
title = "Made for the test"
url = "https://example.org/"
[[statement.claim]]
id = "recovery"
text = "50.8% recovered."
figure = "50.8%"
measure = "recovery"
population = "finished"
period = "2017-18"
"""


@pytest.mark.parametrize("output", ["table", "markdown", "csv", "json", "claimreview", "junit", "github"])
def test_every_form_says_that_the_texts_of_the_register_are_ours(output: str) -> None:
    said = once("claims", "--speaker", "Pulse", "--format", output).stdout.casefold()

    assert "in our words" in said or '"in_our_words": true' in said or "in_our_words" in said.splitlines()[0]


@pytest.mark.parametrize("output", ["table", "markdown", "json", "junit", "github"])
def test_no_form_says_that_the_texts_of_somebodys_own_claims_are_ours(output: str, tmp_path: Path) -> None:
    path = written(tmp_path, claim("one", "50.8%", "finished") + claim("two", "55.5%", "finished"))
    said = run("judge", "--file", path, "--format", output).stdout.casefold()

    assert "in our words" not in said
    assert '"in_our_words": true' not in said


def test_one_claim_in_full_says_that_it_is_in_our_words_and_how_far_its_page_was_read(tmp_path: Path) -> None:
    said = run("judge", "--file", written(tmp_path, SOURCED)).stdout

    assert "In our words: 50.8% recovered." in said
    assert "read: written for the test (the whole page)" in said


def test_a_trace_tells_what_was_tried_and_what_chance_would_give() -> None:
    said = " ".join(once("trace", "18.3%", "--period", "2017-18").stdout.split())
    content = json.loads(run("trace", "18.3%", "--period", "2017-18", "--format", "json").stdout)
    nothing = " ".join(once("trace", "99.97%", "--period", "2017-18").stdout.split())

    assert said.startswith("263,295 of 1,439,957 referrals received in 2017-18 recovered: 18.28%")
    assert re.search(r"\d+ published figures and shares of England, 2017-18 were tried; about 0\.\d+ would", said)
    assert set(content) >= {"schema_version", "tool", "attribution", "figure", "period", "matches"}
    assert [match["population"] for match in content["matches"]] == ["referred"]
    assert "nothing published for England, 2017-18 prints as this" in nothing
    assert "| 263,295 of 1,439,957" in run("trace", "18.3%", "--period", "2017-18", "--format", "markdown").stdout


def test_a_file_of_one_claim_is_judged_in_full_and_of_several_as_a_table(tmp_path: Path) -> None:
    one = run("judge", "--file", written(tmp_path, claim("one", "50.8%", "finished_at_caseness")))
    several = run(
        "judge",
        "--file",
        written(tmp_path, claim("one", "50.8%", "finished_at_caseness") + claim("two", "50.8%", "finished")),
    )

    assert (one.returncode, several.returncode) == (0, 1)
    assert "Over every population" in one.stdout
    assert "2 claims" in several.stdout
    assert "1 contradicted: 1 wrong population" in " ".join(several.stdout.split())


def test_a_file_of_claims_as_json_keeps_their_ids(tmp_path: Path) -> None:
    path = written(tmp_path, claim("two", "50.8%", "finished") + claim("one", "18.3%", "referred"))
    found = claims_of(run("judge", "--file", path, "--format", "json").stdout)

    assert [(each["id"], each["verdict"]) for each in found] == [("one", "consistent"), ("two", "contradicted")]


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = claim("one", "lots", "finishd") + claim("two", "50%", "finished", measure="recovry", odd="x")
    text += claim("two", "50%", "finished", comparison="iss", period="2017") + '[[claim]]\ntext = "no id"\n'
    done = run("judge", "--file", written(tmp_path, text))

    assert done.returncode == 3
    assert done.stdout == ""
    for told in ("`lots`", "`finishd`", "`recovry`", "`odd`", "`iss`", "`2017`", "claim[3].id", "two"):
        assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "No such file"),
        (b"", "claim: expected"),
        (b"claim = 5\n", "claim"),
        (b"[[claim]]\n", "claim[0]"),
        (b"claim = [1, 2]\n", "claim"),
        (b"this is no TOML", "claims.toml"),
        (b"\xff\xfe\x00", "claims.toml"),
        (b"\x00" * 100, "claims.toml"),
        (b'[[statement]]\nid = "x"\n', "speaker"),
        (b"a." * 20_000 + b"a = 1", "claims.toml"),
        (b"a = " + b"[" * 5_000, "claims.toml"),
    ],
    ids=["absent", "empty", "a number", "nothing in it", "numbers", "words", "bytes", "zeros", "no speaker", "deep",
         "nested"],
)  # fmt: skip
def test_a_file_that_is_none_of_claims_ends_in_three_without_a_traceback(
    content: bytes | None, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "claims.toml"
    if content is not None:
        path.write_bytes(content)
    done = run("judge", "--file", path)

    assert done.returncode == 3
    assert done.stdout == ""
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "on its own account" not in done.stderr


@pytest.mark.parametrize("output", ["table", "json", "markdown", "csv"])
def test_hostile_text_in_a_file_is_shown_and_obeyed_by_nobody(output: str, tmp_path: Path) -> None:
    claims = [
        claim(f"{text}{number}", "50.8%", "finished", text=text, note=text, **more)
        for text in HOSTILE
        for number, more in enumerate(({}, {"org_name": text, "org": text, "level": "ccg"}))
    ]
    done = run("judge", "--file", written(tmp_path, "".join(claims)), "--format", output)

    assert (done.returncode, done.stderr) == (1, "")
    assert not {character for character in done.stdout if not character.isprintable()} - {"\n"}
    if output == "json":
        assert set(HOSTILE) == {each["text"] for each in claims_of(done.stdout)}
    if output == "csv":
        rows = list(csv.reader(io.StringIO(done.stdout)))
        assert len(rows) == 1 + 2 * len(HOSTILE)
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("output", ["table", "markdown"])
def test_hostile_text_of_one_claim_is_shown_as_it_stands(output: str, tmp_path: Path) -> None:
    done = run("judge", "--file", written(tmp_path, claim("one", "51%", "", text="".join(HOSTILE))), "--format", output)

    assert "[bold red]x[/bold red]" in done.stdout.replace("\n", "")
    assert not {character for character in done.stdout if not character.isprintable()} - {"\n"}


@pytest.mark.parametrize("option", ["--figure", "--org", "--breakdown", "--measure", "--comparison", "--standard"])
def test_hostile_options_are_answered_and_obeyed_by_nobody(option: str) -> None:
    options = {"--figure": "50%", "--measure": "recovery", "--period": "2017-18"} | {option: "".join(HOSTILE)}
    done = run("judge", *(part for pair in options.items() for part in pair))

    assert done.returncode in {0, 2}
    assert not {character for character in done.stdout + done.stderr if not character.isprintable()} - {"\n"}
    assert "Traceback" not in done.stderr
    assert "on its own account" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("judge", *CONTRADICTED, "--format", "json"),
        ("claims", "--unchecked", "--format", "json"),
        ("claims", "--format", "csv"),
        ("trace", "7", "--period", "2017-18", "--format", "json"),
    ],
    ids=" ".join,
)
def test_the_same_question_has_the_same_bytes_for_an_answer(arguments: tuple[str, ...]) -> None:
    first, second = run(*arguments).stdout, run(*arguments).stdout

    assert first == second
    assert "NaN" not in first


@pytest.mark.parametrize("command", ["judge", "claims", "trace"])
def test_each_command_says_what_it_is_for_with_an_example(command: str) -> None:
    done = run(command, "--help")

    assert done.returncode == 0
    assert f"iapt-audit {command}" in done.stdout


def test_no_colour_reaches_a_pipe() -> None:
    for arguments in (("judge", *CONTRADICTED), ("claims",), ("trace", "18.3%", "--period", "2017-18")):
        assert "\x1b" not in once(*arguments).stdout
