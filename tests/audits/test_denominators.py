"""One numerator over every published denominator; all rows of the files here were written for the test."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from cli.command import valid
from properties.publisher import SUPPRESSED, Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import load_default
from iapt_audit.outputs.documents.audit import document
from iapt_audit.outputs.documents.json_text import to_json
from iapt_audit.pipeline import audit, audit_facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from iapt_audit.results import AuditResult

Row = dict[str, Any]

DEFINITIONS = load_default()
NAMES = ["finished_at_caseness", "finished", "entered_treatment", "ended", "referred"]
COHORTS = {"finished_at_caseness": "same", "finished": "same", "entered_treatment": "other", "ended": "same",
           "referred": "other"}  # fmt: skip
#: England's counts of 2024-25 as cited: recovered, then each denominator.
RECOVERED = 321_061
CITED = {"finished_at_caseness": 670_419 - 35_234, "finished": 670_419, "entered_treatment": 1_196_618,
         "ended": 1_746_265, "referred": 1_813_432}  # fmt: skip

#: The columns of an annual file that the rates of the test need.
ANNUAL = (
    "OrgType", "OrgCode", "OrgName", "VariableType", "VariableA", "VariableB", "Count_ReferralsReceived",
    "Count_FinishedCourseTreatment", "Count_NotAtCaseness", "Count_Recovery", "Percentage_Recovery",
    "Count_ReliableRecovery", "Percentage_ReliableRecovery", "Count_Improvement",
)  # fmt: skip


def headline(found: AuditResult) -> dict[tuple[str, str, str], Row]:
    content = valid(to_json(document(found)))
    return {(row["period"], row["org_code"], row["measure"]): row for row in content["headline"]}


@cache
def facts() -> dict[tuple[str, str, str], Row]:
    return headline(audit_facts(DEFINITIONS))


def monthly(folder: Path, code: str, disclosure: Disclosure, printed: Mapping[str, str]) -> dict[str, dict[str, Row]]:
    """Audit one organisation's month, and give each rate's denominators by name."""
    (folder / "made.csv").write_text(monthly_csv([Organisation(code, disclosure, printed)]), encoding="utf-8")
    rows = headline(audit([folder / "made.csv"], DEFINITIONS))
    return {measure: told(row) for (_, _, measure), row in rows.items()}


def told(row: Row) -> dict[str, Row]:
    return {each["denominator"]: each for each in row["denominators"]}


def outward(low: Fraction, high: Fraction) -> tuple[str, str]:
    """Write two percentages with four decimals, rounded down and up."""
    down, up = low * 10_000 // 1, -(-high * 10_000 // 1)
    return tuple(f"{int(units) // 10_000}.{int(units) % 10_000:04d}" for units in (down, up))  # type: ignore[return-value]


def over(numerator: range, denominator: range) -> tuple[str, str]:
    return outward(Fraction(100 * numerator[0], denominator[-1]), Fraction(100 * numerator[-1], denominator[0]))


def ends(each: Row) -> tuple[str | None, str | None]:
    return each["low"], each["high"]


def annual_csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([ANNUAL, *rows])
    return text.getvalue()


def test_recovery_of_2024_25_is_told_over_every_denominator() -> None:
    actual = told(facts()["2024-25", "England", "recovery"])

    assert list(actual) == NAMES
    for name, count in CITED.items():
        exact = Fraction(100 * RECOVERED, count)

        assert outward(exact, exact) == ends(actual[name])
    assert [each["low"] for each in actual.values()] == ["50.5460", "47.8896", "26.8307", "18.3855", "17.7046"]


def test_what_comes_from_the_sums_of_months_is_said_to_be_of_another_run() -> None:
    actual = told(facts()["2024-25", "England", "recovery"])

    assert {name: each["run"] for name, each in actual.items()} == {
        "finished_at_caseness": "same",
        "finished": "same",
        "entered_treatment": "other",
        "ended": "other",
        "referred": "same",
    }


def test_the_cohort_says_which_denominators_are_of_other_referrals() -> None:
    actual = {name: each["cohort"] for name, each in told(facts()["2024-25", "England", "recovery"]).items()}

    assert actual == COHORTS


def test_each_denominator_says_in_words_of_whom_it_is() -> None:
    rules = document(audit_facts(DEFINITIONS))["rules"]
    actual = {name: rules[name]["title"] for name in NAMES}

    assert len(set(actual.values())) == len(NAMES)
    assert "caseness" in actual["finished_at_caseness"]
    assert "ended" in actual["ended"]
    assert "received" in actual["referred"]


def test_a_denominator_that_no_source_holds_is_null_and_not_0() -> None:
    holes = []
    cited = {(fact.period, fact.measure) for fact in DEFINITIONS.facts.rows}
    measures = {"entered_treatment": "entered_treatment", "ended": "ended_referrals", "referred": "referrals_received"}
    for (period, _, measure), row in facts().items():
        if measure == "recovery":
            for name, fact in measures.items():
                each = told(row)[name]
                if (period, fact) not in cited:
                    holes.append((period, name))

                    assert ends(each) == (None, None)
                    assert each["run"] == "same"
                assert (each["low"] is None) is (each["high"] is None)

    assert holes


def test_one_monthly_file_gives_all_five_from_one_run(tmp_path: Path) -> None:
    counts = {"M001": "9000", "M031": "7001", "M056": "8003", "M076": "1003", "M179": "103", "M191": "452"}
    actual = monthly(tmp_path, "England", Disclosure.ENGLAND, {**counts, "M192": "50.2"})["recovery"]
    expected = {"finished_at_caseness": 900, "finished": 1003, "entered_treatment": 7001, "ended": 8003,
                "referred": 9000}  # fmt: skip

    for name, count in expected.items():
        exact = Fraction(45_200, count)

        assert outward(exact, exact) == ends(actual[name])
    assert {"same"} == {each["run"] for each in actual.values()}
    assert {name: each["cohort"] for name, each in actual.items()} == COHORTS


def test_rounded_counts_give_bounds_over_every_denominator(tmp_path: Path) -> None:
    counts = {"M001": "900", "M031": "700", "M056": "800", "M076": "100", "M179": "5", "M191": "45"}
    actual = monthly(tmp_path, "X01", Disclosure.LOCAL, {**counts, "M192": "48"})["recovery"]
    recovered = range(43, 48)
    expected = {
        "finished": over(recovered, range(98, 103)),
        "entered_treatment": over(recovered, range(698, 703)),
        "ended": over(recovered, range(798, 803)),
        "referred": over(recovered, range(898, 903)),
        # with the printed percentage, 47.5 to 48.5: 91 to 97 were at caseness; 44/91 = 48.35, 47/97 = 48.45, 46/95
        # = 48.42; 46/96 = 47.92, 45/94 = 47.87, 44/92 = 47.83; the rest lies between or prints otherwise
        "finished_at_caseness": outward(
            min(_printed_48()),
            max(_printed_48()),
        ),
    }

    assert expected == {name: ends(each) for name, each in actual.items()}


def _printed_48() -> list[Fraction]:
    rates = [Fraction(100 * n, d) for n in range(43, 48) for d in range(98 - 7, 102 - 5 + 1)]
    return [rate for rate in rates if Fraction("47.5") <= rate < Fraction("48.5")]


def test_a_suppressed_recovered_count_gives_bounds_from_0(tmp_path: Path) -> None:
    counts = {"M001": "900", "M031": "700", "M056": "800", "M076": "100", "M179": "5", "M191": SUPPRESSED}
    actual = monthly(tmp_path, "X01", Disclosure.LOCAL, {**counts, "M192": SUPPRESSED})["recovery"]
    recovered = range(5)

    assert {name: ends(each) for name, each in actual.items()} == {
        "finished_at_caseness": over(recovered, range(91, 98)),
        "finished": over(recovered, range(98, 103)),
        "entered_treatment": over(recovered, range(698, 703)),
        "ended": over(recovered, range(798, 803)),
        "referred": over(recovered, range(898, 903)),
    }


def test_no_share_of_a_whole_is_over_a_hundred(tmp_path: Path) -> None:
    # 5 to 7 recovered of 5 to 7 that finished and of as many that ended: who recovered is one of them
    counts = {"M056": "5", "M076": "5", "M179": SUPPRESSED, "M191": "5", "M192": "100"}
    actual = monthly(tmp_path, "X01", Disclosure.LOCAL, counts)["recovery"]
    same = {name: each["high"] for name, each in actual.items() if each["cohort"] == "same"}

    assert same == {"finished_at_caseness": "100.0000", "finished": "100.0000", "ended": "100.0000"}


def test_a_month_without_a_denominator_leaves_a_hole(tmp_path: Path) -> None:
    counts = {"M031": "7001", "M076": "1003", "M179": "103", "M191": "452", "M192": "50.2"}
    actual = monthly(tmp_path, "England", Disclosure.ENGLAND, counts)["recovery"]

    assert [name for name, each in actual.items() if each["low"] is None] == ["ended", "referred"]


@pytest.mark.parametrize("sign", ["NULL", "", "about 800"])
def test_a_denominator_that_is_no_number_leaves_a_hole(tmp_path: Path, sign: str) -> None:
    counts = {"M001": sign, "M031": "700", "M056": "800", "M076": "100", "M179": "5", "M191": "45", "M192": "48"}
    actual = monthly(tmp_path, "X01", Disclosure.LOCAL, counts)["recovery"]

    assert [name for name, each in actual.items() if each["low"] is None] == ["referred"]


def test_the_annual_file_of_fourteen_columns_has_holes_for_entered_and_ended(tmp_path: Path) -> None:
    total = ["Total", "NULL", "NULL"]
    england = ["England", "All", "All", *total, "9000", "1003", "103", "452", "50.2", "450", "50", "700"]
    provider = ["Provider", "X01", "INVENTED", *total, "900", "100", "5", "45", "48", "45", "48", "65"]
    (tmp_path / "made-2024-25.csv").write_text(annual_csv([england, provider]), encoding="utf-8")
    rows = headline(audit([tmp_path / "made-2024-25.csv"], DEFINITIONS))

    assert len(ANNUAL) == 14
    for code in ("England", "X01"):
        for measure in ("recovery", "reliable_recovery"):
            actual = told(rows["2024-25", code, measure])

            assert [name for name, each in actual.items() if each["low"] is None] == ["entered_treatment", "ended"]
            assert {"same"} == {each["run"] for each in actual.values()}
    exact = Fraction(45_200, 9000)

    assert outward(exact, exact) == ends(told(rows["2024-25", "England", "recovery"])["referred"])


def test_a_month_takes_no_denominator_from_the_cited_year(tmp_path: Path) -> None:
    # a figure of the publisher's own file is divided by nothing from elsewhere
    total = ["Total", "NULL", "NULL"]
    rows = [["England", "All", "All", *total, "9000", "1003", "103", "452", "50.2", "450", "50", "700"]]
    month = {"M031": "7001", "M056": "8003"}
    (tmp_path / "made-2024-25.csv").write_text(annual_csv(rows), encoding="utf-8")
    (tmp_path / "month.csv").write_text(
        monthly_csv([Organisation("England", Disclosure.ENGLAND, month)]), encoding="utf-8"
    )
    actual = told(headline(audit([tmp_path], DEFINITIONS))["2024-25", "England", "recovery"])

    assert (None, None) == ends(actual["ended"]) == ends(actual["entered_treatment"])


def test_a_rate_that_is_told_over_its_own_denominator_tells_only_that(tmp_path: Path) -> None:
    counts = {"M001": "9000", "M031": "7001", "M056": "8003", "M076": "1000", "M179": "103", "M184": "500"}
    rates = {"M052": "800", "M053": "80", "M054": "990", "M055": "99", "M047": "120", "M126": "24"}
    actual = monthly(tmp_path, "England", Disclosure.ENGLAND, counts | rates)

    assert {name: list(each) for name, each in actual.items()} == {
        "first_treatment_6_weeks": ["finished"],
        "first_treatment_18_weeks": ["finished"],
        "second_treatment_over_90_days": ["second_treatment"],
    }
    assert ends(actual["first_treatment_6_weeks"]["finished"]) == ("80.0000", "80.0000")
    assert ends(actual["second_treatment_over_90_days"]["second_treatment"]) == ("24.0000", "24.0000")


def test_a_rate_over_its_own_denominator_has_no_other_in_the_table_either(tmp_path: Path) -> None:
    counts = {
        "M001": "9000",
        "M031": "7001",
        "M056": "8003",
        "M076": "1000",
        "M179": "103",
        "M052": "800",
        "M053": "80",
    }
    text = monthly_csv([Organisation("England", Disclosure.ENGLAND, counts)])
    (tmp_path / "made.csv").write_text(text, encoding="utf-8")
    (row,) = audit([tmp_path / "made.csv"], DEFINITIONS).headline.iter_rows(named=True)

    assert {row[f"{name}_{side}"] for name in NAMES for side in ("low", "high")} == {None}


def test_reliable_improvement_is_of_all_that_finished_and_told_over_the_others_too(tmp_path: Path) -> None:
    counts = {"M001": "9000", "M031": "7001", "M056": "8003", "M076": "1000", "M179": "200", "M185": "700"}
    actual = monthly(tmp_path, "England", Disclosure.ENGLAND, {**counts, "M186": "70"})["reliable_improvement"]

    assert list(actual) == NAMES
    assert ends(actual["finished"]) == ("70.0000", "70.0000")
    assert ends(actual["finished_at_caseness"]) == ("87.5000", "87.5000")
