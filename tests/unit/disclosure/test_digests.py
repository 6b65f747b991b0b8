"""Which digest of an input is told; all rows are invented."""

from __future__ import annotations

import hashlib
import json
import zipfile
from importlib.resources import files
from typing import TYPE_CHECKING

import jsonschema
import polars as pl
import pytest
from properties.publisher import SUPPRESSED, Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import load_default
from iapt_audit.disclosure.digests import DIGESTED
from iapt_audit.integrations.sarif import sarif
from iapt_audit.outputs.documents.audit import document
from iapt_audit.outputs.documents.json_text import to_json
from iapt_audit.outputs.documents.versions import versions_document
from iapt_audit.pipeline import audit, compare
from iapt_audit.read import Held

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DEFINITIONS = load_default()
SOUND = {"M076": "60", "M179": SUPPRESSED, "M191": "30", "M192": "53"}


def write(path: Path, *services: Mapping[str, str], start: str = "2025-06-01", end: str = "2025-06-30") -> Path:
    told = [Organisation(f"INV{number}", Disclosure.LOCAL, printed) for number, printed in enumerate(services)]
    path.write_text(monthly_csv(told, start, end), encoding="utf-8")
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_digest_of_a_file_is_told_where_nothing_is_held_back(tmp_path: Path) -> None:
    path = write(tmp_path / "month.csv", SOUND)
    (one,) = audit([path], DEFINITIONS).inputs

    assert (one.sha256, one.masked_sha256) == (digest(path), None)


@pytest.mark.parametrize("slipped", [{"M179": "3"}, {"M180": "5"}, {"M192": SUPPRESSED}, {"M001": "81"}, {"M9": "80"}])
def test_with_a_figure_that_is_held_back_only_the_masked_digest_is_told(
    slipped: dict[str, str], tmp_path: Path
) -> None:
    path = write(tmp_path / "month.csv", {**SOUND, **slipped})
    (one,) = audit([path], DEFINITIONS).inputs

    assert one.sha256 is None
    assert one.masked_sha256 is not None


def test_a_masked_digest_is_that_of_the_cells_that_are_told(tmp_path: Path) -> None:
    """Written out by hand, as the README says."""
    found = audit([write(tmp_path / "month.csv", {**SOUND, "M179": "3"}, SOUND)], DEFINITIONS)
    rows = [DIGESTED, *([text or "" for text in row] for row in found.cells.select(DIGESTED).cast(pl.String).rows())]
    text = "".join(",".join(f'"{field}"' for field in row) + "\n" for row in rows)

    assert found.inputs[0].masked_sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert '"M179","count","published",""' in text


def test_a_table_in_memory_has_its_digest_under_the_same_rule() -> None:
    rows = [line.split(",") for line in monthly_csv([Organisation("INV", Disclosure.LOCAL, SOUND)]).splitlines()]
    table = pl.DataFrame(rows[1:], schema=rows[0], orient="row")
    slipped = table.with_columns(pl.col(rows[0][-1]).replace(SUPPRESSED, "3"))

    told = [audit([Held("frame", each)], DEFINITIONS).inputs[0] for each in (table, slipped)]

    assert [(each.sha256 is None, each.masked_sha256 is None) for each in told] == [(False, True), (True, False)]


def test_the_members_of_an_archive_share_its_digest_and_its_silence(tmp_path: Path) -> None:
    path = tmp_path / "months.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(write(tmp_path / "june.csv", SOUND), "june.csv")
        archive.write(
            write(tmp_path / "july.csv", {**SOUND, "M179": "3"}, start="2025-07-01", end="2025-07-31"), "july.csv"
        )
    found = audit([path], DEFINITIONS).inputs

    assert {each.sha256 for each in found} == {None}
    assert len({each.masked_sha256 for each in found} - {None}) == 2


def test_a_file_given_twice_follows_the_first(tmp_path: Path) -> None:
    one, two = (write(tmp_path / f"{name}.csv", {**SOUND, "M179": "3"}) for name in ("one", "two"))
    sound = [write(tmp_path / f"{name}.csv", SOUND, start="2025-07-01", end="2025-07-31") for name in ("three", "four")]
    found = audit([one, two, *sound], DEFINITIONS).inputs

    assert [each.sha256 for each in found] == [None, None, digest(sound[0]), digest(sound[1])]


def test_of_two_files_of_a_period_the_one_that_prints_what_the_other_suppresses_has_no_digest(tmp_path: Path) -> None:
    old = write(tmp_path / "old.csv", {**SOUND, "M179": "5"})
    new = write(tmp_path / "new.csv", SOUND)
    before, after = audit([old, new], DEFINITIONS).inputs

    assert (before.sha256, before.masked_sha256) == (None, None)
    assert after.sha256 == digest(new)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({**SOUND, "M002": "80"}, {**SOUND, "M002": "85"}, (True, True)),
        # an earlier figure that hangs together with a suppressed count
        (SOUND, {**SOUND, "M191": "35"}, (False, True)),
        ({**SOUND, "M179": "5"}, SOUND, (False, True)),
        (SOUND, {**SOUND, "M179": "5"}, (True, False)),
        ({**SOUND, "M179": "3"}, SOUND, (False, True)),
    ],
)
def test_a_version_of_which_a_changed_figure_is_not_told_has_no_digest(
    old: dict[str, str], new: dict[str, str], told: tuple[bool, bool], tmp_path: Path
) -> None:
    apart = {"M001": "80"}
    paths = write(tmp_path / "old.csv", old, apart), write(tmp_path / "new.csv", new, apart)
    document = versions_document(compare(*paths, DEFINITIONS))

    assert (
        tuple(document[side][0]["sha256"] == digest(path) for side, path in zip(("old", "new"), paths, strict=True))
        == told
    )
    hidden = {None: set(), "old": {"old"}, "new": {"new"}, "both": {"old", "new"}}
    silent = set().union(*(hidden[change["hidden"]] for change in document["changes"]))
    assert {side for side in ("old", "new") if document[side][0]["sha256"] is None} >= silent
    jsonschema.validate(document, json.loads((files("iapt_audit") / "diff.schema.json").read_text(encoding="utf-8")))


def test_audit_json_with_a_masked_digest_keeps_to_its_schema(tmp_path: Path) -> None:
    found = audit([write(tmp_path / "month.csv", {**SOUND, "M179": "3"})], DEFINITIONS)
    schema = json.loads((files("iapt_audit") / "audit.schema.json").read_text(encoding="utf-8"))

    jsonschema.validate(json.loads(to_json(document(found))), schema)


def test_code_scanning_is_told_no_digest_of_a_file_that_holds_something_back(tmp_path: Path) -> None:
    path = write(tmp_path / "month.csv", {**SOUND, "M179": "3"})
    found = audit([path], DEFINITIONS)
    (artifact,) = json.loads(sarif(found, {}))["runs"][0]["artifacts"]

    assert "hashes" not in artifact
    assert artifact["properties"] == {"masked_sha256": [found.inputs[0].masked_sha256]}
