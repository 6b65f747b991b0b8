"""The project that `export gx` writes opens, asks no host for anything, and its Data Docs open offline."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import great_expectations as gx
import pandas as pd
import pytest
from cli.command import run as command

from iapt_audit.definitions import Definitions, load_default, load_with
from iapt_audit.errors.base import OutputError, ResultError
from iapt_audit.errors.inputs import InputError
from iapt_audit.integrations.great_expectations import ExpectRateToFollowFromCounts, findings_of, run
from iapt_audit.integrations.great_expectations.project import write_project
from iapt_audit.integrations.great_expectations.suites import suite_name
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from great_expectations.checkpoint.checkpoint import CheckpointResult
    from great_expectations.data_context import FileDataContext
    from integrations.great_expectations.conftest import Exported

ROOT = Path(__file__).parents[3]
INVENTED = ROOT / "examples" / "invented_month.csv"
#: What makes a browser fetch, apart from links that a reader follows.
_FETCHES = ("src", "srcset", "data", "poster", "action", "background")
#: A name from a file that would load something if it were not escaped.
HOSTILE = "<img src=https://example.invalid/x.png><script src='https://example.invalid/y.js'></script>"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.read_csv(INVENTED, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def result(frame: pd.DataFrame, context: FileDataContext) -> CheckpointResult:
    named = frame.assign(ORG_NAME2=frame["ORG_NAME2"].replace("INVENTED SERVICE TWO", HOSTILE))
    found = run(context, named)
    context.build_data_docs()
    return found


def test_there_is_a_suite_and_a_checkpoint_for_every_layout(definitions: Definitions, context: FileDataContext) -> None:
    expected = sorted(suite_name(layout) for layout in definitions.layouts)

    suites = sorted(each.name for each in context.suites.all())
    checkpoints = sorted(each.name for each in context.checkpoints.all())

    assert expected == suites == checkpoints


def test_opening_the_project_is_enough_to_have_the_expectations(project: Path) -> None:
    code = (
        "import great_expectations as gx; "
        f"context = gx.get_context(mode='file', context_root_dir={str(project)!r}); "
        "print(len(context.suites.get('annual_main-2024-25').expectations))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)

    assert done.stderr == ""
    assert int(done.stdout) > 50


def test_a_result_reads_back_the_same_from_its_object_and_its_store(
    result: CheckpointResult, project: Path, definitions: Definitions
) -> None:
    expected = audit([INVENTED], definitions).findings
    stored = max((project / "uncommitted" / "validations").rglob("*.json"), key=lambda path: path.stat().st_mtime)

    back = findings_of(result)

    assert [each.id for each in expected] == [each.id for each in back]
    assert findings_of(json.loads(stored.read_text(encoding="utf-8"))) == back


def test_nothing_is_sent_and_no_progress_is_drawn(
    frame: pd.DataFrame, project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("a host was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    context = gx.get_context(mode="file", context_root_dir=project)
    run(context, frame)
    config = (project / "great_expectations.yml").read_text(encoding="utf-8")

    assert tuple(capfd.readouterr()) == ("", "")
    assert "analytics_enabled: false" in config


class _Loaded(HTMLParser):
    """Gathers what a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self.loads += [f"{tag} {name}={given[name]}" for name in _FETCHES if given.get(name)]
        if tag in {"script", "iframe", "object", "embed", "img", "base"}:
            self.loads.append(tag)
        if tag == "link" and not given.get("href", "").startswith("data:"):
            self.loads.append(f"link {given.get('href')}")


def test_no_page_of_the_docs_loads_anything(result: CheckpointResult, project: Path) -> None:
    assert not result.success
    pages = [path for path in (project / "uncommitted" / "data_docs").rglob("*") if path.is_file()]
    loaded = {}
    for path in pages:
        text = path.read_text(encoding="utf-8")
        parser = _Loaded()
        parser.feed(text)
        found = [*parser.loads, *re.findall(r"url\([^)]*\)|@import[^;]*", text)]
        if found or not parser.policy.startswith("default-src 'none';"):
            loaded[path.name] = found

    assert {path.suffix for path in pages} == {".html"}
    assert len(pages) > 30
    assert loaded == {}


def test_the_docs_show_findings_and_escape_what_they_quote(result: CheckpointResult, project: Path) -> None:
    (broken,) = (each for each in findings_of(result) if each.code == "rate-contradicted")
    pages = [path.read_text(encoding="utf-8") for path in (project / "uncommitted").rglob("validations/**/*.html")]

    (page,) = (text for text in pages if "example.invalid" in text)

    assert broken.id in page
    assert broken.message in page
    assert "&lt;img src=https://example.invalid/x.png&gt;" in page
    assert "Contains public sector information" in page


def test_the_index_links_to_every_suite_and_result_that_is_there(result: CheckpointResult, project: Path) -> None:
    assert result.run_results
    site = project / "uncommitted" / "data_docs" / "local_site"
    index = (site / "index.html").read_text(encoding="utf-8")

    links = set(re.findall(r'href="([^"#]+)"', index)) - {"data:,"}

    assert [link for link in links if not (site / link).is_file()] == []
    assert sum(link.startswith("expectations/") for link in links) == len(load_default().layouts)
    assert sum(link.startswith("validations/") for link in links) >= 1


def test_results_without_details_or_of_others_are_refused(frame: pd.DataFrame, context: FileDataContext) -> None:
    source = context.data_sources.add_pandas("of another")
    batch = (
        source.add_dataframe_asset("table")
        .add_batch_definition_whole_dataframe("whole")
        .get_batch({"dataframe": frame})
    )
    bare = batch.validate(
        ExpectRateToFollowFromCounts(layout="monthly_activity/2021-01", rule="recovery"), result_format="BOOLEAN_ONLY"
    )
    other = batch.validate(gx.expectations.ExpectColumnToExist(column="GROUP_TYPE"))
    context.data_sources.delete("of another")

    with pytest.raises(ResultError, match="BOOLEAN_ONLY"):
        findings_of(bare)
    with pytest.raises(ResultError, match="none of the expectations of iapt-audit"):
        findings_of(other)
    with pytest.raises(ResultError):
        findings_of({"results": []})


def test_a_frame_that_could_not_be_audited_reads_back_as_the_reason(context: FileDataContext) -> None:
    checkpoint = context.checkpoints.get("monthly_activity-2021-01")

    result = checkpoint.run(batch_parameters={"dataframe": pd.DataFrame({"a": ["3"]})})

    with pytest.raises(InputError) as refused:
        findings_of(result)
    assert refused.value.code == "unknown_layout"


def test_the_command_writes_a_project_and_says_so_on_stderr_alone(exported: Exported) -> None:
    folder, done, beside = exported

    assert (done.returncode, done.stdout) == (0, "")
    assert f"{len(load_default().layouts)} suites and checkpoints written to {folder}\n" == done.stderr
    assert (folder / "great_expectations.yml").is_file()
    assert beside == ["project"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    done = command("export", "gx", tmp_path)

    assert done.returncode == OutputError.exit_code
    assert "already exists and will not be overwritten" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_without_the_extra_the_command_says_how_to_install_it(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['great_expectations'] = None; "
        f"sys.argv = ['iapt-audit', 'export', 'gx', {str(tmp_path / 'project')!r}]; "
        "from iapt_audit.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)

    assert done.returncode == 2
    assert done.stderr == 'error: Great Expectations needs the extra `gx`: pip install "iapt-audit[gx]"\n'


def test_definitions_of_your_own_are_loaded_by_the_expectations(tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "schemas" / "monthly_activity").mkdir(parents=True)
    shipped = (ROOT / "schemas" / "monthly_activity" / "2021-03.toml").read_text(encoding="utf-8")
    renamed = shipped.replace('"2021-03"', '"2026-02"').replace('"MEASURE_VALUE"', '"INVENTED_VALUE"')
    (own / "schemas" / "monthly_activity" / "2026-02.toml").write_text(renamed, encoding="utf-8")
    definitions = load_with(own)
    write_project(tmp_path / "project", definitions, own)
    frame = pd.read_csv(INVENTED, dtype=str).rename(columns={"MEASURE_VALUE_SUPPRESSED": "INVENTED_VALUE"})

    result = run(gx.get_context(mode="file", context_root_dir=tmp_path / "project"), frame, definitions=definitions)

    assert "rate-contradicted" in {each.code for each in findings_of(result)}
