"""The command that writes pages, a site, and charts alone."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

import pytest
from cli.command import run
from report.pages import read_page

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.results import AuditResult


def test_a_page_is_written_and_shows_the_command(root: Path, tmp_path: Path) -> None:
    path = root / "examples" / "invented_month.csv"
    done = run("report", path, "-o", "out/page.html", "--skip", "series", cwd=tmp_path)
    page = (tmp_path / "out" / "page.html").read_text(encoding="utf-8")

    assert done.returncode == 1
    assert "written to out/page.html" in done.stderr
    assert "-o out/page.html --skip series" in read_page(page).text
    assert "Not checked: series" in read_page(page).text


def test_without_a_path_it_is_of_the_cited_facts_and_without_a_name_it_is_report_html(tmp_path: Path) -> None:
    done = run("report", cwd=tmp_path)

    assert done.returncode == 0
    assert "Do at least half recover? Yes in 2024-25" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_site_has_a_page_for_each_organisation_and_shares_its_script(root: Path, tmp_path: Path) -> None:
    done = run("report", root / "examples" / "invented_month.csv", "--site", "site", cwd=tmp_path)
    index = read_page((tmp_path / "site" / "index.html").read_text(encoding="utf-8"))
    links = [target for tag, _, target in index.references if tag == "a" and target.startswith("organisations/")]
    script = (tmp_path / "site" / "report.js").read_text(encoding="utf-8")

    assert done.returncode == 1
    assert len(links) == 4 == len(index.tables["pages"])
    assert not (tmp_path / "report.html").exists()
    for link in links:
        page = tmp_path / "site" / link
        shown = read_page(page.read_text(encoding="utf-8"))
        assert page.stat().st_size < 300_000
        assert ("script", "src", "../report.js") in shown.references
        assert shown.pictures
        # each chart's specification is in the script that all share
        assert all(f'"{told["spec"]}":' in script for told in shown.pictures.values())
    (row,) = (row for row in index.tables["pages"] if row[1] == "INV02")
    assert row[-1] == "met"


def test_codes_that_no_file_can_be_called_get_names_that_one_can(root: Path, tmp_path: Path) -> None:
    text = (root / "examples" / "invented_month.csv").read_text(encoding="utf-8")
    text = text.replace(",INV01,", ",../../x,").replace(",INV02,", ",X,").replace(",INV03,", ",x.,")
    (tmp_path / "named.csv").write_text(text, encoding="utf-8")
    run("report", "named.csv", "--site", "a/site", cwd=tmp_path)
    names = sorted(path.name for path in (tmp_path / "a" / "site" / "organisations").iterdir())

    assert names == ["provider-inv04.html", "provider-x-2.html", "provider-x-3.html", "provider-x.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "named.csv"]


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_each_chart_is_written_alone_with_its_figures(form: str, begins: bytes, root: Path, tmp_path: Path) -> None:
    path = root / "examples" / "invented_month.csv"
    run("report", path, "--charts", "charts", "--image-format", form, cwd=tmp_path)
    images = sorted((tmp_path / "charts").glob(f"*.{form}"))
    specs = sorted((tmp_path / "charts").glob("*.vl.json"))

    assert len(images) == len(specs) > 5
    assert all(image.read_bytes().startswith(begins) for image in images)
    for spec in specs:
        told = json.loads(spec.read_text(encoding="utf-8"))
        words = " ".join(told["title"]["subtitle"])
        assert "Open Government Licence v3.0" in words
        assert "Source: NHS England" in words
        assert told["datasets"]["figures"]
        assert told["description"]


def test_the_page_of_one_organisation_is_about_it(root: Path, tmp_path: Path) -> None:
    path = root / "examples" / "invented_month.csv"
    done = run("report", path, "--org", "inv02", "-o", "own.html", cwd=tmp_path)
    shown = read_page((tmp_path / "own.html").read_text(encoding="utf-8"))
    lost = run("report", path, "--org", "XYZ", cwd=tmp_path)

    assert done.returncode == 1
    assert "INVENTED SERVICE TWO (INV02)" in shown.text
    assert "INVENTED SERVICE ONE" not in shown.text
    assert lost.returncode == 2
    assert "no organisation has the code `XYZ`" in lost.stderr


def test_what_cannot_be_read_is_named_and_no_page_is_made_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    done = run("report", "other.csv", cwd=tmp_path)

    assert done.returncode == 3
    assert "not read: other.csv" in done.stderr
    assert not (tmp_path / "report.html").exists()


def test_the_page_of_all_published_files_is_small_and_shows_their_figures(shared_data: Path) -> None:
    from iapt_audit.definitions import load_default
    from iapt_audit.pipeline import audit
    from iapt_audit.report import report_page

    found: AuditResult = audit([shared_data / "annual"], load_default())
    page = report_page(found)
    shown = read_page(page)

    assert len(page) < 6_000_000
    drawn = {row["group"]: row for row in shown.rows("gap-deprivation") if row["choice"] == "recovery"}
    assert (drawn["01 Least deprived"]["rate"], drawn["10 Most deprived"]["rate"]) == ("56.217", "42.8")


def test_the_gallery_says_what_the_figures_say_now(root: Path) -> None:
    from iapt_audit.definitions import load_default
    from iapt_audit.pipeline import audit_facts
    from iapt_audit.report import pieces
    from iapt_audit.report.images import standalone

    _, _, parts = pieces(audit_facts(load_default()), "iapt-audit report")
    pictures = {picture.id: picture for part in parts for picture in part.pictures}
    shown = set(re.findall(r"docs/gallery/([a-z0-9-]+)\.svg", (root / "README.md").read_text(encoding="utf-8")))
    drawn = {path.stem for path in (root / "docs" / "gallery").iterdir()}

    assert shown == drawn
    for name in drawn:
        svg = html.unescape((root / "docs" / "gallery" / f"{name}.svg").read_text(encoding="utf-8"))
        # `make gallery` draws them again
        for line in [*standalone(pictures[name])["title"]["text"], *standalone(pictures[name])["title"]["subtitle"]]:
            assert f">{line}<" in svg
