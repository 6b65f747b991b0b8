"""What a page shows is what audit.json says, whatever the files hold."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from report.pages import Shown, read_page

from iapt_audit.definitions import load_default
from iapt_audit.errors.base import NotFoundError, OutputError
from iapt_audit.outputs.documents.audit import document
from iapt_audit.outputs.documents.json_text import to_json
from iapt_audit.outputs.wording import STANDINGS
from iapt_audit.pipeline import audit, audit_facts
from iapt_audit.report import report_page, write_report
from iapt_audit.report.funnel_plots import funnels
from iapt_audit.report.organisation import LEVELS

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.results import AuditResult

DEFINITIONS = load_default()
ORDER = ["the-answer", "of-whom", "who-meets-it", "what-is-wrong", "claims", "how-we-know"]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def told(found: AuditResult) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(to_json(document(found)))
    return content


@pytest.fixture(scope="module")
def month(root: Path) -> AuditResult:
    return audit([root / "examples" / "invented_month.csv"], DEFINITIONS)


@pytest.fixture(scope="module")
def facts() -> AuditResult:
    return audit_facts(DEFINITIONS)


@pytest.fixture(scope="module")
def month_page(month: AuditResult) -> Shown:
    return read_page(report_page(month))


@pytest.fixture(scope="module")
def facts_page(facts: AuditResult) -> Shown:
    return read_page(report_page(facts))


def changed(root: Path, folder: Path, *changes: tuple[str, str]) -> AuditResult:
    """Audit the invented month with some text replaced."""
    text = (root / "examples" / "invented_month.csv").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "invented_month.csv"
    path.write_text(text, encoding="utf-8")
    return audit([path], DEFINITIONS)


def close(shown: float, text: str) -> bool:
    return Decimal(str(shown)) == Decimal(text)


def test_the_parts_stand_in_their_order_and_begin_with_words(facts_page: Shown) -> None:
    parts = [given["id"] for tag, given in facts_page.elements if tag == "section"]

    assert parts == ORDER
    assert facts_page.text.index("Do at least half recover?") < facts_page.text.index("Does the headline hold?")


def test_recovery_by_year_shows_the_bounds_and_standings_of_audit_json(facts: AuditResult, facts_page: Shown) -> None:
    expected = {row["period"]: row for row in told(facts)["headline"] if row["measure"] == "recovery"}
    shown = {row["period"]: row for row in facts_page.rows("recovery-by-year")}

    assert len(expected) == 13
    assert shown.keys() == expected.keys()
    for period, row in expected.items():
        assert close(shown[period]["low"], row["low"])
        assert close(shown[period]["high"], row["high"])
        assert shown[period]["standing"] == STANDINGS[row["standing"]]
        assert shown[period]["printed"] == (row["printed"] or "-")


def test_of_whom_shows_every_denominator_of_audit_json_and_its_holes(facts: AuditResult, facts_page: Shown) -> None:
    shorts = {each.id: each.short for each in DEFINITIONS.denominators.values()}
    shown = {(row["period"], row["of"]): row for row in facts_page.rows("recovery-of-whom")}
    holes = 0
    for row in told(facts)["headline"]:
        if row["measure"] != "recovery":
            continue
        for each in row["denominators"]:
            drawn = shown.pop((row["period"], shorts[each["denominator"]]))
            assert drawn["cohort"] == ("the same referrals" if each["cohort"] == "same" else "other referrals")
            if each["low"] is None:
                holes += 1
                assert (drawn["low"], drawn["high"], drawn["note"]) == (None, None, "not published")
            else:
                assert close(drawn["low"], each["low"])
                assert close(drawn["high"], each["high"])

    assert not shown
    assert holes == 3


def test_the_funnel_shows_each_organisation_of_audit_json(month: AuditResult, month_page: Shown) -> None:
    expected = {
        f"{row['org_name']} ({row['org_code']})": row
        for row in told(month)["headline"]
        if row["measure"] == "recovery" and row["level"] == "provider"
    }
    drawn = {row["organisation"]: row for row in month_page.rows("recovery-funnel") if row["drawn"] == "row"}
    # with so few referrals a rate could be almost anything
    tiny = expected.pop("INVENTED SERVICE FOUR (INV04)")

    assert tiny["denominators"][0]["high"] == "100.0000"
    assert drawn.keys() == expected.keys()
    for name, row in expected.items():
        assert close(drawn[name]["low"], row["low"])
        assert close(drawn[name]["high"], row["high"])
        assert drawn[name]["standing"] == STANDINGS[row["standing"]]
    limits = {row["which"] for row in month_page.rows("recovery-funnel") if row["drawn"] == "limit"}
    assert {"95% by chance", "99.8% by chance"} <= limits


def test_standings_are_counted_as_in_audit_json(month: AuditResult, month_page: Shown) -> None:
    (expected,) = (
        row for row in told(month)["organisations"] if row["level"] == "provider" and row["standard"] == "recovery_50"
    )
    shown = {row["standing"]: row["number"] for row in month_page.rows("recovery-standings-by-month")}

    assert shown == {text: expected[standing.value] for standing, text in STANDINGS.items()}


def test_a_month_that_is_not_in_the_files_keeps_its_place_among_the_standings(root: Path, tmp_path: Path) -> None:
    text = (root / "examples" / "invented_month.csv").read_text(encoding="utf-8")
    for month, last in (("2026-02", "28/02/2026"), ("2026-04", "30/04/2026")):
        content = text.replace("28/02/2026", last).replace("01/02/2026", f"01{last[2:]}")
        (tmp_path / f"month-{month}.csv").write_text(content, encoding="utf-8")

    page = read_page(report_page(audit([tmp_path], DEFINITIONS)))
    numbers: dict[str, set[int | None]] = {}
    for row in page.rows("recovery-standings-by-month"):
        numbers.setdefault(row["period"], set()).add(row["number"])

    assert list(numbers) == ["2026-02", "2026-03", "2026-04"]
    assert numbers["2026-03"] == {None}
    assert None not in numbers["2026-02"] | numbers["2026-04"]


@pytest.mark.parametrize("spread", [True, False])
def test_the_key_of_a_funnel_names_the_limits_that_are_drawn(root: Path, tmp_path: Path, *, spread: bool) -> None:
    alike = [("Count_Recovery,15", "Count_Recovery,40"), ("Recovery,19", "Recovery,48"), ("Recovery,60", "Recovery,51")]
    alike += [("Count_Recovery,315", "Count_Recovery,300")]
    (picture,) = funnels(changed(root, tmp_path, *([] if spread else alike)), DEFINITIONS.standards["recovery_50"])
    drawn = set(picture.figures["which"].drop_nulls())
    keys = [
        layer["encoding"]["strokeDash"]["scale"]["domain"]
        for layer in picture.spec["layer"]
        if "detail" in layer["encoding"]
    ]

    assert [set(key) for key in keys] == [{*drawn, "standard: 50%"}]
    assert ("95% with the usual spread" in drawn) is spread


def test_power_and_claims_are_those_of_audit_json(facts: AuditResult, facts_page: Shown) -> None:
    content = told(facts)
    noticed = [row["note"] for row in facts_page.rows("power")]
    claims = sum(row["number"] for row in facts_page.rows("claims-by-verdict"))

    assert noticed == [f"{int(Decimal(share) * 100)}%" for share in content["summary"]["power"].values()]
    assert claims == len(content["claims"]) == len(facts_page.tables["claims-table"])
    wrong = [row for row in facts_page.tables["claims-table"] if row[0] == "contradicted"]
    assert len(wrong) == content["summary"]["claims"]["contradicted"]


def test_a_finding_stands_with_its_row_and_its_proof(month_page: Shown) -> None:
    (row,) = month_page.tables["findings"]

    assert row[0] == "error"
    assert "invented_month.csv, rows 18, 19, 20, 21" in row[6]
    assert "317 of 581, 54.56%" in row[7]


def test_every_picture_has_a_finding_alt_text_source_licence_and_table(month_page: Shown, facts_page: Shown) -> None:
    for page in (month_page, facts_page):
        alts = [given["aria-label"] for tag, given in page.elements if given.get("role") == "img"]
        assert len(alts) == len(page.pictures) > 5
        assert all(alt and re.search(r"\d", alt) for alt in alts)
        assert page.text.count("Open Government Licence v3.0") >= len(page.pictures)
        for name in page.pictures:
            assert page.tables[f"{name}-figures"], name


def test_the_table_under_a_picture_holds_the_figures_that_it_draws(month_page: Shown) -> None:
    drawn = [
        [row["organisation"], row["sizes"], row["printed"], row["rate"], row["standing"], row["short"]]
        for row in month_page.rows("recovery-funnel")
        if row["drawn"] == "row"
    ]

    assert month_page.tables["recovery-funnel-figures"] == drawn


@pytest.mark.parametrize("name", ["month_page", "facts_page"])
def test_a_page_asks_no_host_for_anything(name: str, request: pytest.FixtureRequest) -> None:
    page: Shown = request.getfixturevalue(name)
    loaded = [each for each in page.references if not (each[0] == "a" and each[1] == "href")]
    links = [target for tag, attribute, target in page.references if tag == "a" and attribute == "href"]

    assert loaded == [("link", "href", "data:,")]
    assert links
    assert all(target.startswith(("#", "https://", "http://")) for target in links)


def test_a_hostile_name_is_text_wherever_it_stands(root: Path, tmp_path: Path) -> None:
    name = HOSTILE.replace('"', '""')
    found = changed(root, tmp_path, ("INVENTED SERVICE TWO", f'"{name}"'))
    whole = report_page(found)
    page = read_page(whole)

    assert HOSTILE not in whole
    assert not [given for tag, given in page.elements if tag == "img" or any(key.startswith("on") for key in given)]
    assert any(HOSTILE in row[4] for row in page.tables["findings"])
    assert any(HOSTILE in row["organisation"] for row in page.rows("recovery-funnel") if row["drawn"] == "row")
    own = read_page(report_page(found, org="INV02"))
    assert HOSTILE in own.text


def test_five_thousand_findings_are_cut_and_counted(month: AuditResult) -> None:
    (one,) = (each for each in month.findings if each.severity == "error")
    many = tuple(replace(one, id=f"{number:012x}") for number in range(5_000))
    found = replace(month, published=replace(month.published, findings=many))
    page = read_page(report_page(found))

    assert len(page.tables["findings"]) == 500
    assert "4,500 more are in audit.json" in page.text
    assert "5,000 errors were found" in page.text


def test_an_organisation_with_everything_suppressed_has_a_page_that_says_so(root: Path, tmp_path: Path) -> None:
    text = (root / "examples" / "invented_month.csv").read_text(encoding="utf-8")
    lines = [re.sub(r",[^,]*$", ",*", line) if ",INV03," in line else line for line in text.splitlines()]
    (tmp_path / "invented_month.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = audit([tmp_path / "invented_month.csv"], DEFINITIONS)
    page = read_page(report_page(found))

    assert not any("INV03" in row["organisation"] for row in page.rows("recovery-funnel") if row["drawn"] == "row")
    own = read_page(report_page(found, org="INV03"))
    (row,) = own.rows("recovery-by-month")
    assert (row["low"], row["high"], row["printed"], row["standing"]) == (0.0, 100.0, "-", "cannot be determined")


def test_what_a_slipped_small_count_is_changes_nothing_on_the_page(root: Path, tmp_path: Path) -> None:
    # the file prints a count of 3, or of 2, where the publisher would have suppressed it
    pages = []
    for slipped in ("3", "2"):
        (tmp_path / slipped).mkdir()
        old = ",INV03,INVENTED SERVICE THREE,M179,Count_NotAtCaseness,*"
        found = changed(root, tmp_path / slipped, (old, old[:-1] + slipped))
        assert any(each.code == "count-not-disclosure-controlled" for each in found.findings)
        page = report_page(found)
        pages.append(page.replace(found.inputs[0].sha256 or "", "-"))

    assert pages[0] == pages[1]


def test_files_without_england_or_without_claims_give_a_page(root: Path, tmp_path: Path) -> None:
    text = (root / "examples" / "invented_month.csv").read_text(encoding="utf-8")
    (tmp_path / "below.csv").write_text(
        "\n".join(line for line in text.splitlines() if ",England," not in line) + "\n", encoding="utf-8"
    )
    page = read_page(report_page(audit([tmp_path / "below.csv"], DEFINITIONS)))

    assert "The files have no figure for England that a standard applies to." in page.text
    assert "The register has no claim that these figures can test." in page.text
    assert page.rows("recovery-funnel")


def test_an_unknown_organisation_and_a_folder_that_cannot_be_written_are_told(
    month: AuditResult, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(NotFoundError, match="no organisation has the code `XYZ`"):
        report_page(month, org="XYZ")
    with pytest.raises(OutputError):
        write_report(month, tmp_path / "file" / "report.html")


def test_the_same_files_give_the_same_page(month: AuditResult, root: Path) -> None:
    again = audit([root / "examples" / "invented_month.csv"], DEFINITIONS)

    assert report_page(month) == report_page(again)


def test_every_level_has_a_name_for_many() -> None:
    assert {level.value for level in LEVELS} == {"region", "stp", "icb", "ccg", "sub_icb", "provider", "pair"}
