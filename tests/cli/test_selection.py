"""Findings chosen by rule, waived, and put in order: all rows here were written for the tests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from cli import command
from cli.command import INVENTED, Done, squeezed, valid

from iapt_audit.cli import run_audit
from iapt_audit.definitions import load_default
from iapt_audit.definitions.waivers import read_waivers
from iapt_audit.errors.base import IaptAuditError, WaiverError
from iapt_audit.model.findings import CODES, FAMILIES, Code, Finding, with_ids
from iapt_audit.selection.findings import by_weight, select_findings

if TYPE_CHECKING:
    from pathlib import Path

ID = "aaab5ba7b8af"
DEFINITIONS = load_default()


def waivers(folder: Path, name: str = ID, until: str = "2026-12-31", reason: str = "Asked the publisher") -> Path:
    path = folder / "waivers.toml"
    path.write_text(f'[[waiver]]\nid = "{name}"\nreason = "{reason}"\nuntil = {until}\n', encoding="utf-8")
    return path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path, today: str = "2026-06-01") -> Done:
    monkeypatch.setattr(run_audit, "today", lambda: date.fromisoformat(today))
    return command.run("audit", INVENTED, *arguments)


def test_every_code_has_a_family() -> None:
    assert set(FAMILIES) == set(CODES) == set(Code)


@pytest.mark.parametrize(
    ("options", "codes", "exit_code"),
    [
        ((), ["measures-absent", "rate-contradicted"], 1),
        (("--only", "rates"), ["rate-contradicted"], 1),
        (("--only", "recovery"), ["rate-contradicted"], 1),
        (("--only", "rate-contradicted", "--only", "format"), ["measures-absent", "rate-contradicted"], 1),
        (("--only", "disclosure"), [], 0),
        (("--only", "reliable_recovery"), [], 0),
        (("--skip", "rates"), ["measures-absent"], 0),
        (("--skip", "recovery"), ["measures-absent"], 0),
        (("--skip", "measures-absent"), ["rate-contradicted"], 1),
        (("--only", "rates", "--skip", "recovery"), [], 0),
        (("--only", "identities"), [], 0),
    ],
    ids=str,
)
def test_findings_are_chosen_by_rule_code_or_family(
    options: tuple[str, ...], codes: list[str], exit_code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(monkeypatch, *options, "--format", "json")
    found = valid(done.stdout)

    assert sorted(each["code"] for each in found["findings"]) == codes
    assert done.returncode == exit_code
    assert found["summary"]["sifted"]["left_out"] == 2 - len(codes)


def test_what_was_not_looked_at_is_told_in_every_form(monkeypatch: pytest.MonkeyPatch) -> None:
    for form in ("table", "markdown", "json", "csv"):
        done = run(monkeypatch, "--skip", "rates", "--format", form)
        told = squeezed(done.stdout if form in {"table", "markdown"} else done.stderr)

        assert "Not checked: rates. The absence of findings says nothing about these." in told
        assert "1 finding left out as a result." in told
    for form in ("table", "markdown"):
        assert "Only checked: keys." in squeezed(run(monkeypatch, "--only", "keys", "--format", form).stdout)
        assert "ooked at" not in run(monkeypatch, "--format", form).stdout
    assert "Not checked: rates." in run(monkeypatch, "--skip", "rates", "--org", "INV02").stderr


def test_an_unknown_name_ends_in_two_with_those_near_it_before_a_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(monkeypatch, "--only", "recovry", "--skip", "rate-contradict", "--skip", "xxx")

    assert (done.returncode, done.stdout) == (2, "")
    assert "`recovry` (near: recovery" in done.stderr
    assert "`rate-contradict` (near: rate-contradicted" in done.stderr
    assert "called `xxx`\n" in done.stderr
    assert "the families are rates, identities, disclosure, keys, format, series" in done.stderr


def test_a_waived_finding_does_not_count_and_is_listed_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = waivers(tmp_path)

    assert run(monkeypatch).returncode == 1
    done = run(monkeypatch, "--waivers", path)
    assert done.returncode == 0
    assert "1 error (1 waived)" in done.stdout
    assert "waived: Asked the publisher" in done.stdout
    assert "(waived: Asked the publisher)" in run(monkeypatch, "--waivers", path, "--format", "markdown").stdout
    assert "(waived: Asked the publisher)" in squeezed(run(monkeypatch, "--waivers", path, "--org", "INV02").stdout)
    found = valid(run(monkeypatch, "--waivers", path, "--format", "json").stdout)
    assert {each["id"]: each["waived"] for each in found["findings"]}[ID] == "Asked the publisher"
    assert (found["summary"]["sifted"]["waived"], found["summary"]["findings"]["error"]) == (1, 1)
    # another finding still counts
    assert run(monkeypatch, "--waivers", path, "--fail-on", "note").returncode == 1


@pytest.mark.parametrize(("today", "exit_code"), [("2026-12-30", 0), ("2026-12-31", 0), ("2027-01-01", 1)])
def test_a_waiver_counts_up_to_its_last_day_and_then_is_told(
    today: str, exit_code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(monkeypatch, "--waivers", waivers(tmp_path), today=today)
    told = f"The waiver for {ID} expired on 2026-12-31 and no longer counts."

    assert done.returncode == exit_code
    assert (told in squeezed(done.stdout)) is bool(exit_code)
    assert ("waived:" in done.stdout) is not bool(exit_code)


def test_the_day_changes_nothing_but_what_an_expired_waiver_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = waivers(tmp_path)
    first, second, third = (
        run(monkeypatch, "--waivers", path, "--format", "json", today=day).stdout
        for day in ("2026-01-01", "2026-12-31", "2027-01-01")
    )

    assert first == second != third
    late = valid(third)
    late["summary"]["sifted"] |= {"waived": 1, "expired": []}
    for each in late["findings"]:
        each["waived"] = "Asked the publisher" if each["id"] == ID else None
    assert late == valid(first)


def test_a_waiver_of_no_finding_is_told_but_not_one_of_a_finding_that_was_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = waivers(tmp_path, "0123456789ab")
    assert (
        "The waiver for 0123456789ab matches no finding in these inputs." in run(monkeypatch, "--waivers", path).stdout
    )

    path = waivers(tmp_path)
    for options in (("--skip", "rates"), ("--level", "england"), ("--org", "INV01")):
        done = run(monkeypatch, "--waivers", path, *options)
        assert "of no finding" not in done.stdout + done.stderr


def test_every_fault_of_a_file_of_waivers_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(
        f"""
        [[waiver]]
        id = "short"
        reasn = "x"
        reason = " "
        until = "2026-12-31"
        [[waiver]]
        id = "{ID}"
        reason = "x"
        until = 2026-12-31T10:00:00
        [[waiver]]
        id = "{ID}"
        reason = "x"
        until = 2026-12-31
        [[waivr]]
        """,
        encoding="utf-8",
    )
    with pytest.raises(WaiverError) as raised:
        read_waivers(path)

    places = [(fault.place, fault.hint) for fault in raised.value.faults]
    assert places == [
        ("waiver[0].id", None),
        ("waiver[0].reasn", "did you mean `reason`?"),
        ("waiver[0].reason", None),
        ("waiver[0].until", None),
        ("waiver[1].until", None),
        ("waiver[2].id", None),
        ("waivr", "did you mean `waiver`?"),
    ]
    assert isinstance(raised.value, IaptAuditError)
    done = run(monkeypatch, "--waivers", path)
    assert (done.returncode, done.stdout) == (3, "")
    assert "7 faults in the waivers" in done.stderr


@pytest.mark.parametrize("text", ["", "not = = toml", "waiver = 3"], ids=["empty", "no TOML", "no list"])
def test_a_file_without_waivers_ends_in_three(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(text, encoding="utf-8")

    assert run(monkeypatch, "--waivers", path).returncode == 3
    assert run(monkeypatch, "--waivers", tmp_path / "absent.toml").returncode == 3


def contradiction(rule: str, printed: str, low: str | None, high: str | None) -> Finding:
    return Finding(Code.RATE_CONTRADICTED, "", rule=rule, printed=printed, low=low, high=high, org_code=printed)


def test_findings_are_sorted_by_severity_then_by_how_far_they_move_a_headline_then_by_id() -> None:
    near, far = contradiction("recovery", "60", "53.0", "54.5"), contradiction("recovery", "40", "53.0", "54.5")
    other = contradiction("ended_finished", "99", "1.0", "2.0")
    hidden = contradiction("recovery", "90", None, None)
    note = Finding(Code.MEASURES_ABSENT, "")
    given = with_ids([note, hidden, other, near, far])
    ordered = by_weight(reversed(given), DEFINITIONS)
    last = sorted([each for each in given if each.rule == "ended_finished" or each.printed == "90"], key=lambda x: x.id)

    assert [each.printed for each in ordered[:2]] == ["40", "60"]
    assert ordered[2:4] == last
    assert ordered[4].code is Code.MEASURES_ABSENT


def test_sifting_keeps_the_order() -> None:
    given = with_ids([Finding(Code.KEY_TWICE, ""), Finding(Code.MEASURE_UNKNOWN, ""), Finding(Code.KEY_EMPTY, "")])

    assert select_findings(given, ["keys"], []) == [each for each in given if each.code is not Code.MEASURE_UNKNOWN]
