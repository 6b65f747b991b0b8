"""What is told of figures that contradict each other, from file to exit code; all rows and figures were invented."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from cli.command import run
from layouts import headers
from layouts.test_therapy_outcomes import ENGLAND as THERAPY_ENGLAND
from layouts.test_therapy_outcomes import PROVIDER as THERAPY_PROVIDER
from layouts.written import csv_bytes, write
from properties.publisher import SUPPRESSED, UNDEFINED, Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import load_default
from iapt_audit.model.findings import Code, Family, Finding, Severity
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DEFINITIONS = load_default()
LOCAL, ENGLAND = Disclosure.LOCAL, Disclosure.ENGLAND
TOGETHER = {Code.IDENTITY_CONTRADICTED, Code.FIGURES_CONTRADICTED}


def monthly(folder: Path, printed: Mapping[str, str], disclosure: Disclosure = LOCAL) -> Path:
    text = monthly_csv([Organisation("X01", disclosure, printed)])
    return write(folder / "month.csv", text.encode())


def annual(folder: Path, *rows: Mapping[str, str], england: bool = False) -> Path:
    organisation = {
        "OrgType": "England" if england else "Provider",
        "OrgCode": "All" if england else "X01",
        "OrgName": "Invented",
        "VariableB": "NULL",
    }
    data = csv_bytes(headers.ANNUAL_2023_24, [{**organisation, **row} for row in rows], rest="NULL")
    return write(folder / "annual-2023-24.csv", data)


def row(kind: str, name: str, **counts: str) -> dict[str, str]:
    """Write a row of a breakdown; what is named `percentage_` is one."""
    measures = {
        f"Percentage_{name.removeprefix('percentage_')}" if name.startswith("percentage_") else f"Count_{name}": text
        for name, text in counts.items()
    }
    return {"VariableType": kind, "VariableA": name if name != kind else "NULL", **measures}


def therapy(folder: Path, *rows: Mapping[str, str]) -> Path:
    return write(folder / "ther-based-outcomes2425.csv", csv_bytes(headers.THERAPY_OUTCOMES, rows))


def contradictions(path: Path) -> list[Finding]:
    return [each for each in audit([path], DEFINITIONS).findings if each.code in TOGETHER]


def errors(path: Path) -> list[Code]:
    return [each.code for each in audit([path], DEFINITIONS).findings if each.severity is Severity.ERROR]


def test_a_broken_sum_is_told_with_its_arithmetic(tmp_path: Path) -> None:
    counts = {"M031": "100", "M032": "40", "M033": "30", "M034": "20", "M035": "30"}
    (one,) = contradictions(monthly(tmp_path, counts))

    assert (one.code, one.rule, one.rules) == (
        Code.IDENTITY_CONTRADICTED,
        "first_treatments_by_wait",
        ("first_treatments_by_wait",),
    )
    assert (one.org_code, one.severity) == ("X01", Severity.ERROR)
    assert one.measures == tuple(counts)
    assert one.answers == tuple((name,) for name in counts)
    assert one.message == (
        "First treatments are those of the four lengths of wait together: "
        "the figures printed for M031, M032, M033, M034 and M035 cannot all be right; "
        "if one figure is wrong, it is M031 or M032 or M033 or M034 or M035"
    )
    # 38 + 28 + 18 + 28 = 112
    assert one.certificate == (
        "M031 is printed 100, so it is 98 to 102. M032 is printed 40, so it is 38 to 42. "
        "M033 is printed 30, so it is 28 to 32. M034 is printed 20, so it is 18 to 22. "
        "M035 is printed 30, so it is 28 to 32. "
        "(a) M031 = M032 + M033 + M034 + M035 (First treatments are those of the four lengths of wait together). "
        "By (a) M031 is at least 112. But it is at most 102, so no number is left for M031."
    )
    assert [(cell.measure, cell.printed, cell.row) for cell in one.cells] == [
        (name, text, at) for at, (name, text) in enumerate(counts.items(), 2)
    ]


@pytest.mark.parametrize(
    ("disclosure", "last", "is_wrong"),
    # the parts less the last make 90: exactly 10 is right at England, and 2 to each side of all five figures below it
    [(ENGLAND, "10", False), (ENGLAND, "11", True), (ENGLAND, "9", True), (LOCAL, "20", False), (LOCAL, "25", True)],
)
def test_englands_sum_is_exact_and_a_local_one_as_wide_as_its_rounding(
    tmp_path: Path, *, disclosure: Disclosure, last: str, is_wrong: bool
) -> None:
    counts = {"M031": "100", "M032": "40", "M033": "30", "M034": "20", "M035": last}

    assert bool(contradictions(monthly(tmp_path, counts, disclosure))) == is_wrong


def test_a_broken_order_is_told(tmp_path: Path) -> None:
    (one,) = contradictions(monthly(tmp_path, {"M036": "100", "M037": "50"}))

    assert (one.code, one.rule, one.answers) == (
        Code.IDENTITY_CONTRADICTED,
        "first_treatments_within_6_weeks_are_within_18",
        (("M036",), ("M037",)),
    )
    assert (one.certificate or "").endswith(
        "By (a) M036 is at most 52. But it is at least 98, so no number is left for M036."
    )


#: Each rate fits its counts, 48 to 52 of 86 to 94; but reliable recovery, 58.5% or more, is part of recovery, which is
#: less than 54.5% of the same.
JOINT = {"M191": "50", "M193": "50", "M076": "100", "M179": "10", "M192": "54", "M195": "59"}


def test_a_contradiction_that_no_rule_shows_by_itself_is_told(tmp_path: Path) -> None:
    told = audit([monthly(tmp_path, JOINT)], DEFINITIONS)
    (one,) = (each for each in told.findings if each.severity is Severity.ERROR)

    assert set(told.rates["verdict"].to_list()) == {"consistent"}
    assert one.code == Code.FIGURES_CONTRADICTED
    assert {"recovery", "reliable_recovery"} <= set(one.rules)
    assert {("M192",), ("M195",)} <= set(one.answers)
    assert "cannot all be right; if one figure is wrong, it is" in one.message


def test_a_contradiction_of_two_counts_through_a_third_that_is_not_printed(tmp_path: Path) -> None:
    # M039 <= M040 <= M041 without M040 in the file is no rule, with it anything is
    chain = {"M039": "100", "M040": "75", "M041": "75", "M042": "75", "M043": "100"}

    assert contradictions(monthly(tmp_path, {"M039": "100", "M041": "75"})) == []
    assert [each.measures for each in contradictions(monthly(tmp_path, chain))] == [("M039", "M040")]


def test_a_median_against_the_bands_it_is_of_is_proven_and_a_mean_is_noted(tmp_path: Path) -> None:
    # of 100, half waited 60 days or more, so the mean is 50 x 57 / 100 = 28.5 at least; and with 40 over 126 days more
    bands = {"M031": "100", "M032": "10", "M033": "10", "M034": "30", "M035": "50", "M036": "15", "M037": "60"}
    low = monthly(tmp_path, bands | {"M048": "20.5"}, ENGLAND)
    # a treatment may be dated before the referral, so that a wait can be under 0
    (mean,) = [each for each in audit([low], DEFINITIONS).findings if each.code is Code.SUM_MISSED]
    assert contradictions(low) == []
    (median,) = contradictions(monthly(tmp_path, bands | {"M049": "30"}, ENGLAND))

    assert (mean.rule, median.rule) == ("mean_wait_for_first_treatment", "waits_for_first_treatment")
    assert ("M049",) in median.answers
    assert "M049 is 30." in (median.certificate or "")
    assert "at least half have the median or less" in (median.certificate or "")
    assert "the mean" not in (median.certificate or "")
    assert contradictions(monthly(tmp_path, bands | {"M048": "95.5", "M049": "90.5"}, ENGLAND)) == []


def test_a_mean_beyond_all_bands_accuses_no_count(tmp_path: Path) -> None:
    """Nine digits of days times a million referrals do not fit into 64 bits."""
    bands = {"M031": "1000000", "M032": "10", "M033": "10", "M034": "30", "M035": "999950", "M036": "15", "M037": "60"}

    found = audit([monthly(tmp_path, bands | {"M048": "999999999"}, ENGLAND)], DEFINITIONS).findings

    assert {each.code for each in found}.isdisjoint({*TOGETHER, Code.SUM_MISSED})


def test_sessions_that_no_courses_of_so_many_each_have_are_told(tmp_path: Path) -> None:
    printed = {"M076": "100", "M089": "500", "M141": "5.0", "M143": "20", "M144": "2"}

    assert contradictions(monthly(tmp_path, printed, ENGLAND)) == []
    (most,) = contradictions(monthly(tmp_path, printed | {"M143": "4"}, ENGLAND))
    (fewest,) = contradictions(monthly(tmp_path, printed | {"M144": "6"}, ENGLAND))
    assert (most.rule, fewest.rule) == ("sessions_of_finished",) * 2
    assert ("M143",) in most.answers
    assert ("M144",) in fewest.answers
    # a finished course is a flag, and not the number of its treatments
    assert contradictions(monthly(tmp_path, printed | {"M144": "1"}, ENGLAND)) == []


AGES = (
    row("Total", "Total", FinishedCourseTreatment="100"),
    row("Age Group", "18-25", FinishedCourseTreatment="40"),
    row("Age Group", "26 and over", FinishedCourseTreatment="60"),
)


def test_an_age_row_that_is_off_by_one_at_england_is_told(tmp_path: Path) -> None:
    off = {**AGES[2], "Count_FinishedCourseTreatment": "61"}
    (one,) = contradictions(annual(tmp_path, *AGES[:2], off, england=True))

    assert (one.code, one.rule, one.level) == (Code.IDENTITY_CONTRADICTED, "annual_parts_age", "england")
    assert one.answers == (
        ("FinishedCourseTreatment of `Total`",),
        ("FinishedCourseTreatment of `Age Group | 18-25`",),
        ("FinishedCourseTreatment of `Age Group | 26 and over`",),
    )
    assert contradictions(annual(tmp_path, *AGES, england=True)) == []


def test_parts_below_england_are_told_beyond_their_rounding(tmp_path: Path) -> None:
    def off(count: str) -> list[Finding]:
        return contradictions(annual(tmp_path, *AGES[:2], {**AGES[2], "Count_FinishedCourseTreatment": count}))

    # 98 to 102 of 38 to 42 and 58 to 62: up to 6 off by rounding
    assert [bool(off(count)) for count in ("55", "65", "70")] == [False, False, True]


def test_rows_that_do_not_reach_their_whole_are_a_note_since_the_file_may_lack_one(tmp_path: Path) -> None:
    """Every figure is true; the row of the unknown was left out."""
    path = annual(tmp_path, row("Total", "Total", FinishedCourseTreatment="130"), *AGES[1:])
    (one,) = [each for each in audit([path], DEFINITIONS).findings if each.code is Code.SUM_MISSED]

    assert contradictions(path) == []
    assert (one.rule, one.severity) == ("annual_parts_age", Severity.NOTE)
    assert "missed once, by 24, in 2023-24, which does not prove any figure wrong" in one.message
    assert "a row may be missing from the file" in one.message


def test_rows_of_circumstances_of_which_a_person_can_have_several_prove_nothing(tmp_path: Path) -> None:
    rows = [{**each, "VariableType": "Religion"} for each in AGES[1:]]
    path = annual(tmp_path, row("Total", "Total", FinishedCourseTreatment="50"), *rows)

    assert contradictions(path) == []
    assert [each.rule for each in audit([path], DEFINITIONS).findings if each.code is Code.SUM_MISSED] == [
        "annual_parts_religion"
    ]


def test_an_organisation_that_lacks_a_row_that_others_have_is_not_held_to_the_parts(tmp_path: Path) -> None:
    third = row("Age Group", "Unknown", FinishedCourseTreatment="5")
    others = [{"OrgType": "Provider", "OrgCode": "X02", "OrgName": "Other", **each} for each in (*AGES, third)]
    rows = [*AGES[:2], {**AGES[2], "Count_FinishedCourseTreatment": "90"}, *others]

    assert [each.org_code for each in contradictions(annual(tmp_path, *rows))] == []
    assert [each.org_code for each in contradictions(annual(tmp_path, *rows, third))] == ["X01"]


@pytest.mark.parametrize("missing", [UNDEFINED, "absent"])
def test_without_one_part_only_too_much_is_told(missing: str, tmp_path: Path) -> None:
    def told(total: str) -> list[Finding]:
        counts = {"M031": total, "M032": "40", "M033": "30", "M034": "20", "M035": UNDEFINED}
        if missing == "absent":
            del counts["M035"]
        return contradictions(monthly(tmp_path, counts, ENGLAND))

    assert told("100") == told("90") == []
    assert [each.answers for each in told("89")] == [(("M031",), ("M032",), ("M033",), ("M034",))]


def test_a_key_that_stands_twice_is_in_no_constraint(tmp_path: Path) -> None:
    wrong = {"M036": "100", "M037": "50"}
    text = monthly_csv([Organisation("X01", LOCAL, wrong), Organisation("X01", LOCAL, {"M037": "55"})])
    path = write(tmp_path / "month.csv", text.encode())

    assert contradictions(path) == []
    assert Code.KEY_TWICE in {each.code for each in audit([path], DEFINITIONS).findings}


def test_a_count_and_a_percentage_of_one_name_are_told_apart(tmp_path: Path) -> None:
    # 19 of 34, 20 of 36 ... print 56 of 28 to 35; reliable recovery of more than recovery prints 61
    total = row(
        "Total", "Total", FinishedCourseTreatment="40", NotAtCaseness="10", Recovery="20", ReliableRecovery="20",
        percentage_Recovery="60", percentage_ReliableRecovery="67",
    )  # fmt: skip
    (one,) = contradictions(annual(tmp_path, total))
    names = {name for answer in one.answers for name in answer}

    assert one.code == Code.FIGURES_CONTRADICTED
    assert names == {"percentage Recovery", "percentage ReliableRecovery"}
    assert "(a) percentage Recovery = 100 x Recovery / (FinishedCourseTreatment - NotAtCaseness)" in str(
        one.certificate
    )


def test_table_4_is_proven_too(tmp_path: Path) -> None:
    off = {**THERAPY_ENGLAND, "Count_TherRelRecovery": "453", "Percentage_TherRelRecovery": "50.3"}
    found = contradictions(therapy(tmp_path, off))

    assert (Code.IDENTITY_CONTRADICTED, "therapy_reliably_recovered_among_recovered") in {
        (each.code, each.rule) for each in found
    }
    assert contradictions(therapy(tmp_path, THERAPY_ENGLAND, THERAPY_PROVIDER)) == []


def test_a_rate_that_its_own_counts_contradict_is_told_once(tmp_path: Path) -> None:
    path = monthly(tmp_path, {"M191": "50", "M193": "45", "M076": "110", "M179": "10", "M192": "50", "M195": "50"})

    assert errors(path) == [Code.RATE_CONTRADICTED]


#: M034 is suppressed: M031 = 98 to 102 is not made of 48 to 52, 18 to 22, 0 to 4 and 5 to 7.
HIDDEN = {"M031": "100", "M032": "50", "M033": "20", "M034": SUPPRESSED, "M035": "5"}


def numbers_in(text: str) -> set[int]:
    """Return the numbers of a text that belong to no measure, rule or name."""
    return {int(each) for each in re.findall(r"(?<![\w`|-])\d+(?![\w-])", text)}


def test_of_a_conflict_with_a_suppressed_count_no_figure_is_told(tmp_path: Path) -> None:
    (one,) = contradictions(monthly(tmp_path, HIDDEN))

    assert ("M034",) in one.answers
    assert numbers_in(f"{one.message} {one.certificate}") == set()
    assert (one.certificate or "").startswith(
        "With M034 suppressed, no whole numbers that print as the figures of M031"
    )
    (cell,) = (cell for cell in one.cells if cell.measure == "M034")
    # what the file says of it anyway
    assert (cell.printed, cell.low, cell.high) == (SUPPRESSED, 0, 4)


@pytest.mark.parametrize("suppressed", ["M191", "M179", "M274", "M273"])
def test_no_step_of_a_proof_is_about_a_suppressed_count(suppressed: str, tmp_path: Path) -> None:
    """The conflict does without it, and its rules speak of it."""
    counts = {"M191": "90", "M179": "90", "M076": "50", "M273": "90", "M274": "90"} | {suppressed: SUPPRESSED}
    found = contradictions(monthly(tmp_path, counts))

    assert found
    for one in found:
        assert suppressed not in one.measures
        assert not re.search(rf"{suppressed} (is|stands)|left for {suppressed}", str(one.certificate))


def test_a_chain_through_a_suppressed_count_is_not_spelled_out(tmp_path: Path) -> None:
    # M039 <= M040 <= M041 with M040 suppressed: either order alone says that it is 0 to 4, so all three are told of
    found = contradictions(monthly(tmp_path, {"M039": "100", "M040": SUPPRESSED, "M041": "50"}))

    assert found
    for one in found:
        assert not re.search("printed [0-9]|so it is|at least|at most|less than|no number", f"{one.certificate}")


def test_a_slipped_count_is_in_no_conflict(tmp_path: Path) -> None:
    for text in ("3", "7", "123457"):
        told = audit(
            [monthly(tmp_path, {"M036": text, "M037": "5", "M031": "5", "M052": "10", "M054": "5"})], DEFINITIONS
        )
        written = json.dumps([[one.message, one.certificate, one.answers] for one in told.findings])

        assert text not in {*re.findall(r"\d+", written)} - {"5", "7"} or text == "7"
        assert not any("M036" in one.measures for one in told.findings if one.code in TOGETHER)


def test_a_clean_file_gives_nothing(tmp_path: Path) -> None:
    clean = {"M031": "100", "M032": "40", "M033": "30", "M034": "20", "M035": "10", "M036": "60", "M037": "100"}
    path = monthly(tmp_path, clean | {"M048": "41.5", "M049": "35"})

    assert errors(path) == []
    assert run("audit", path).returncode == 0


def test_a_contradiction_ends_with_1_and_stands_in_the_document(tmp_path: Path) -> None:
    path = monthly(tmp_path, JOINT)
    done = run("audit", path, "--format", "json")
    (one,) = (each for each in json.loads(done.stdout)["findings"] if each["severity"] == "error")

    assert done.returncode == 1
    assert (one["code"], one["severity"]) == ("figures-contradicted", "error")
    assert "M192" in one["message"]
    assert one["certificate"]
    without = run("audit", path, "--skip", Family.IDENTITIES.value)
    assert without.returncode == 0
