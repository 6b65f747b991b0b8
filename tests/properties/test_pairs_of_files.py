"""
The attacker of digests and texts: holds a file but for one hidden figure, and every output made of the true one.

Two files that differ in hidden figures must give the same outputs, byte for byte, in every form; then nothing that is
put out helps to tell which of the two it was. All rows are invented.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from cli.command import run
from properties.publisher import SUPPRESSED, Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import load_default
from iapt_audit.outputs.documents.audit import document
from iapt_audit.outputs.documents.json_text import to_json
from iapt_audit.outputs.documents.versions import versions_document
from iapt_audit.pipeline import audit, compare

if TYPE_CHECKING:
    from pathlib import Path

DEFINITIONS = load_default()
COUNTS = {
    "M001": "80", "M031": "70", "M052": "50", "M054": "60", "M056": "100", "M075": "20", "M076": "60", "M153": "15",
    "M179": SUPPRESSED, "M180": SUPPRESSED, "M185": "40", "M186": "67", "M187": "15", "M191": "30", "M192": "53",
    "M193": "25", "M195": "44",
}  # fmt: skip
#: A service that is right, and one with a wrong percentage, so that there is something to prove.
RIGHT = {**COUNTS, "M179": "10", "M180": "17", "M192": "60", "M195": "50"}
WRONG = {**RIGHT, "M186": "90"}


def rows(code: str, printed: dict[str, str], *, lacks: str = "") -> str:
    """Write the rows of an organisation under no header."""
    told = {measure: text for measure, text in printed.items() if measure != lacks}
    return monthly_csv([Organisation(code, Disclosure.LOCAL, told)]).partition("\n")[2]


HEADER = monthly_csv([])
FRAME = rows("RIGHT", RIGHT) + rows("WRONG", WRONG)


@dataclass(frozen=True, slots=True)
class Hidden:
    """
    Figures that slipped in an organisation, two files of them, which differ in what no output may tell.

    `again` is printed in a second row of the measure that it names; `lacks` names a row that is not there.
    """

    one: dict[str, str]
    other: dict[str, str]
    lacks: str = ""
    again: str = ""

    def rows(self, code: str, *, first: bool) -> str:
        printed = self.one if first else self.other
        again = printed.get("again", "")
        figures = {measure: text for measure, text in printed.items() if measure != "again"}
        text = rows(code, {**COUNTS, **figures}, lacks=self.lacks)
        return text + (rows(code, {self.again: again}) if self.again else "")


HIDDEN = {
    "a small count": Hidden({"M179": "3"}, {"M179": "4"}),
    "a count of nobody": Hidden({"M179": "0"}, {"M179": "1"}),
    "a count that was not rounded": Hidden({"M001": "1234567"}, {"M001": "1234568"}),
    "a text that is no number": Hidden({"M179": "3x"}, {"M179": "4x"}),
    "a small count under a printed percentage": Hidden({"M179": "3", "M180": "5"}, {"M179": "2", "M180": "5"}),
    "a percentage over a suppressed count": Hidden({"M180": "5"}, {"M180": "7"}),
    "a percentage over a small count": Hidden({"M179": "3", "M180": "5"}, {"M179": "3", "M180": "6"}),
    "a percentage without the row of its count": Hidden({"M180": "5"}, {"M180": "6"}, lacks="M179"),
    "a percentage over a text": Hidden({"M179": "x", "M180": "5"}, {"M179": "x", "M180": "6"}),
    "a percentage over an empty cell": Hidden({"M179": "", "M180": "5"}, {"M179": "", "M180": "6"}),
    "a count whose percentage is suppressed": Hidden(
        {"M191": "30", "M192": SUPPRESSED}, {"M191": "35", "M192": SUPPRESSED}
    ),
    "a mean over a suppressed count": Hidden(
        {"M076": SUPPRESSED, "M089": "10", "M141": "3.3"}, {"M076": SUPPRESSED, "M089": "10", "M141": "5"}
    ),
    "a mean over a small count": Hidden(
        {"M076": "3", "M089": "10", "M141": "3.3"}, {"M076": "3", "M089": "10", "M141": "5"}
    ),
    "a most over a suppressed count": Hidden({"M076": SUPPRESSED, "M143": "4"}, {"M076": SUPPRESSED, "M143": "9"}),
    "a count that stands twice": Hidden(
        {"M179": "3", "again": "3"}, {"M179": "3", "again": "4"}, again="M179"
    ),
    "a percentage that stands twice": Hidden(
        {"M180": "5", "again": "5"}, {"M180": "5", "again": "6"}, again="M180"
    ),
    "a percentage under a count that stands twice": Hidden(
        {"M180": "5", "again": "10"}, {"M180": "6", "again": "10"}, again="M179"
    ),
    "a measure that nobody knows": Hidden({"M9999": "3"}, {"M9999": "4"}),
}  # fmt: skip
CODES = {name: f"INV{number:02}" for number, name in enumerate(HIDDEN)}
#: The publisher's own file once it is put right: what the attacker has anyway.
CORRECTED = HEADER + FRAME + "".join(rows(code, COUNTS) for code in CODES.values())


def of_kind(name: str, *, first: bool) -> str:
    return HEADER + FRAME + HIDDEN[name].rows(CODES[name], first=first)


def of_all(*, first: bool) -> str:
    """Write a file in which every organisation has something else that slipped."""
    return HEADER + FRAME + "".join(each.rows(CODES[name], first=first) for name, each in HIDDEN.items())


def with_column(text: str) -> str:
    lines = (HEADER + FRAME).splitlines()
    return "".join(f"{line},{'REMARK' if number == 0 else text}\n" for number, line in enumerate(lines))


#: Files that are not read as a whole: what is not read may hold a small count too.
UNREAD = {
    "a level": tuple(HEADER + FRAME + f"2025-06-01,2025-06-30,Village,All,All,V1,V,M179,M179,{n}\n" for n in "34"),
    "no level": tuple(HEADER + FRAME + f"2025-06-01,2025-06-30, ,All,All,V1,V,M179,M179,{n}\n" for n in "34"),
    "a column": (with_column("3"), with_column("4")),
    "all of it": ("a,b\n1,3\n", "a,b\n1,4\n"),
}


def documents(text: str, before: str, folder: Path) -> list[str]:
    """Give `audit.json` of a file, and `diff.json` to and from others."""
    places = [folder / name for name in ("file.csv", "before.csv", "corrected.csv")]
    for place, content in zip(places, (text, before, CORRECTED), strict=True):
        place.write_text(content, encoding="utf-8")
    file, first, corrected = places
    compared = [compare(*pair, DEFINITIONS) for pair in ((file, corrected), (corrected, file), (first, file))]
    audits = [audit(given, DEFINITIONS) for given in ([file], [file, corrected])]
    return [to_json(document(each)) for each in audits] + [to_json(versions_document(each)) for each in compared]


@pytest.mark.parametrize("name", HIDDEN)
def test_two_files_that_differ_in_a_hidden_figure_give_the_same_documents(name: str, tmp_path: Path) -> None:
    one, other = (of_kind(name, first=first) for first in (True, False))
    assert one != other

    assert documents(one, one, tmp_path) == documents(other, one, tmp_path)


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_not_read_is_in_no_digest(name: str, tmp_path: Path) -> None:
    one, other = UNREAD[name]
    file = tmp_path / "file.csv"
    found = []
    for text in (one, other):
        file.write_text(text, encoding="utf-8")
        found.append(to_json(document(audit([file], DEFINITIONS))))

    assert one != other
    assert found[0] == found[1]
    assert json.loads(found[0])["inputs"][0]["sha256"] is None


ASKED_OF = ["--org", CODES["a percentage over a suppressed count"], "--period", "2025-06"]
SMALL = ["--org", CODES["a small count"], "--period", "2025-06"]
CLAIM = ["judge", *ASKED_OF, "--measure", "not_at_caseness", "--figure", "5%", "--data", "{file}"]
ASKED = {
    **{
        f"audit {form}": ["audit", "{file}", "--format", form]
        for form in ("table", "markdown", "csv", "junit", "sarif")
    },
    "audit github": ["audit", "{file}", "--format", "github"],
    "audit of an organisation": ["audit", "{file}", "--org", CODES["a percentage over a suppressed count"]],
    "audit out": ["audit", "{file}", "--out", "{out}"],
    **{f"judge {form}": [*CLAIM, "--format", form] for form in ("table", "json", "markdown", "csv", "junit", "github")},
    "judge claimreview": ["judge", "--file", "{claim}", "--data", "{file}", "--format", "claimreview"],
    "judge a count": ["judge", *SMALL, "--measure", "not_at_caseness", "--figure", "3", "--data", "{file}"],
    "claims": ["claims", "--data", "{file}", "--format", "claimreview"],
    "trace": ["trace", "5%", *ASKED_OF, "--data", "{file}", "--format", "json"],
    "trace a count": ["trace", "3", *SMALL, "--data", "{file}"],
    "explain": ["explain", *ASKED_OF, "--measure", "not_at_caseness", "{file}", "--cite"],
    "explain beside it": ["explain", *SMALL, "--measure", "recovery", "{file}", "--cite"],
    **{f"diff {form}": ["diff", "{corrected}", "{file}", "--format", form] for form in ("table", "markdown", "csv")},
    "disclosure": ["disclosure", "{file}"],
    "report": ["report", "{file}", "-o", "{out}/page.html"],
    "site": ["report", "{file}", "--site", "{out}"],
}


#: The claim of the command line above, as somebody's.
SAID = f"""
[speaker]
name = "Nobody"
kind = "press"
[[statement]]
id = "nobody_2025"
date = "2025-08-20"
wording_checked = true
read = "written for the test"
page_read = "all"
[statement.source]
title = "Made for the test"
url = "https://example.org/"
[[statement.claim]]
id = "not_at_caseness"
text = "5% were not at caseness."
figure = "5%"
measure = "not_at_caseness"
level = "provider"
org = "{ASKED_OF[1]}"
period = "2025-06"
"""


def told(text: str, folder: Path) -> dict[str, object]:
    """Run every command on a file, and give all that each puts out."""
    found: dict[str, object] = {}
    for name, content in (("file.csv", text), ("corrected.csv", CORRECTED), ("claim.toml", SAID)):
        (folder / name).write_text(content, encoding="utf-8")
    for name, asked in ASKED.items():
        out = folder / name.replace(" ", "-")
        out.mkdir(exist_ok=True)
        places = {name: folder / f"{name}.csv" for name in ("file", "corrected")} | {
            "claim": folder / "claim.toml",
            "out": out,
        }
        result = run(*(each.format(**places) for each in asked))
        assert result.returncode in {0, 1, 3}, result
        written = {path.name: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
        found[name] = (result.returncode, result.stdout, result.stderr, written)
    return found


def test_two_files_that_differ_in_every_hidden_figure_give_the_same_in_every_form(tmp_path: Path) -> None:
    one, other = (told(of_all(first=first), tmp_path) for first in (True, False))

    assert [name for name in ASKED if one[name] != other[name]] == []


def test_two_files_that_differ_in_a_printed_figure_do_not_give_the_same(tmp_path: Path) -> None:
    """The comparison is not blind, neither to a figure nor to a digest."""
    one, other = (HEADER + FRAME + rows("INV00", {**COUNTS, "M187": text}) for text in ("15", "10"))

    for before, after in zip(documents(one, one, tmp_path), documents(other, one, tmp_path), strict=True):
        assert before != after
