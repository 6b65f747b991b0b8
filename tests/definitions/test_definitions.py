"""The shipped definitions, and what is told when one of them is broken; broken rows were invented for the test."""

import re
import shutil
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from properties.publisher import Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import Definitions, Fact, Source, Standard, load, load_default
from iapt_audit.definitions.resources import definitions_root
from iapt_audit.errors.base import DefinitionError, Fault
from iapt_audit.model.findings import Code
from iapt_audit.pipeline import audit, audit_facts
from iapt_audit.results import AuditResult

RATES = "checks/measures/rates.toml"
CONCEPTS = "checks/measures/concepts.csv"
NAMES = "checks/measures/names.csv"
MONTHLY = "checks/measures/monthly_activity.csv"
FACTS = "checks/facts/england.csv"
FACTS_TOML = "checks/facts/england.toml"
REGISTER_FACTS = "checks/facts/register.csv"
POPULATIONS = "checks/measures/populations.toml"
SHARES = "checks/measures/shares.csv"
COMPARISONS = "checks/lexicon/comparisons.toml"
FRACTIONS = "checks/lexicon/fractions.csv"
NUMBERS = "checks/lexicon/numbers.csv"
ACCESS = "checks/standards/access.toml"
RECOVERY = "checks/standards/recovery.toml"
ROUNDING = "schemas/rounding.toml"
ANNUAL_2017 = "schemas/annual_main/2017-18.toml"
ANNUAL_2022 = "schemas/annual_main/2022-23.toml"
ANNUAL_2024 = "schemas/annual_main/2024-25.toml"

#: a standard is looked at again once a year
REVIEW_EVERY = timedelta(days=366)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("schemas", "checks"):
        shutil.copytree(definitions_root() / folder, tmp_path / folder)
    return tmp_path


def _edit(root: Path, file: str, old: str, new: str) -> None:
    """Replace the first place of some text; with nothing to replace, add at the end."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")


def _faults(root: Path) -> list[Fault]:
    with pytest.raises(DefinitionError) as caught:
        load(root)
    return caught.value.faults


def _place(root: Path, file: str, place: str) -> str:
    """Fill in the number of the last line, of the last but one, and of the last rate."""
    text = (root / file).read_text(encoding="utf-8")
    lines = text.count("\n")
    return place.format(last=lines, before=lines - 1, last_rate=text.count("[[rate]]") - 1)


def _fact_row(**changed: str) -> str:
    row = {
        "period": "2024-25",
        "breakdown": "",
        "measure": "invented",
        "statistic": "count",
        "printed": "1460",
        "half_width": "0",
        "use": "yes",
        "population": "nobody",
        "source_title": "Made for the test",
        "source_url": "https://example.org/",
        "source_read": "yes",
        "confidence": "publisher",
        "note": "",
    }
    return ",".join(f'"{text}"' for text in (row | changed).values()) + "\n"


# the shipped definitions


def test_shipped_definitions_load_and_hold_something_of_each_kind() -> None:
    actual = load_default()

    kinds = (
        "regimes", "layouts", "measures", "concepts", "names", "rates", "populations", "denominators", "shares",
        "standards",
    )  # fmt: skip
    assert [kind for kind in kinds if not getattr(actual, kind)] == []
    assert actual.facts.rows
    assert actual.register_facts.rows
    assert actual.lexicon.comparisons
    assert actual.lexicon.words.fractions
    assert actual.lexicon.words.numbers


def test_a_copy_elsewhere_loads_to_the_same_definitions(copy: Path) -> None:
    assert replace(load_default(), folders=(copy,)) == load(copy)


def test_any_change_of_a_definition_changes_the_checksum(copy: Path) -> None:
    _edit(copy, CONCEPTS, "referrals received", "referrals that were received")

    assert load_default().sha256 != load(copy).sha256


def _sources(definitions: Definitions) -> list[tuple[str, Source]]:
    return [
        *((layout.id, layout.source) for layout in definitions.layouts.values()),
        *((rate.id, rate.source) for rate in definitions.rates.values()),
        *((standard.id, standard.source) for standard in definitions.standards.values()),
        *((facts.file, facts.source) for facts in (definitions.facts, definitions.register_facts)),
        *(
            (f"{facts.file}, line {fact.row}", fact.source)
            for facts in (definitions.facts, definitions.register_facts)
            for fact in facts.rows
        ),
    ]


def test_every_definition_has_a_source_with_a_title_and_an_address() -> None:
    address = re.compile(r"https?://[^\s/]+\.[^\s]+")

    actual = [
        name for name, source in _sources(load_default()) if not source.title or not address.fullmatch(source.url)
    ]

    assert actual == []


def test_every_layout_rate_and_standard_was_reviewed_and_not_in_the_future() -> None:
    # a day ahead is still today somewhere
    latest = datetime.now(tz=UTC).date() + timedelta(days=1)
    definitions = load_default()
    reviewed = {
        each.id: each.source.reviewed
        for kind in (definitions.layouts, definitions.rates, definitions.standards)
        for each in kind.values()
    }

    assert [name for name, day in reviewed.items() if day is None or day > latest] == []


def _warn_of_stale(standards: Iterable[Standard], today: date) -> None:
    for standard in standards:
        reviewed = standard.source.reviewed
        if reviewed is not None and today - reviewed > REVIEW_EVERY:
            warnings.warn(f"the standard `{standard.id}` was last reviewed on {reviewed}", UserWarning, stacklevel=2)


def test_standard_that_was_not_reviewed_for_a_year_is_a_warning_in_the_summary() -> None:
    # the calendar alone must break no build, so the warning is shown and is no error here
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        _warn_of_stale(load_default().standards.values(), datetime.now(tz=UTC).date())


@pytest.mark.parametrize(("days", "stale"), [(0, False), (366, False), (367, True), (4000, True)])
def test_every_standard_is_stale_after_a_year(days: int, *, stale: bool) -> None:
    standards = load_default().standards.values()
    told = []
    for standard in standards:
        assert standard.source.reviewed is not None
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            _warn_of_stale([standard], standard.source.reviewed + timedelta(days=days))
        told.append([str(warning.message) for warning in caught])

    assert told == [
        [f"the standard `{each.id}` was last reviewed on {each.source.reviewed}"] if stale else [] for each in standards
    ]


def test_ids_are_those_the_objects_carry() -> None:
    definitions = load_default()

    actual = [
        (key, each.id)
        for kind in (
            definitions.regimes,
            definitions.layouts,
            definitions.concepts,
            definitions.rates,
            definitions.populations,
            definitions.standards,
            definitions.lexicon.comparisons,
        )
        for key, each in kind.items()
        if key != each.id
    ]

    assert actual == []


def test_an_id_stands_once_in_the_files_that_ship() -> None:
    files = [definitions_root() / RATES, *sorted((definitions_root() / "checks/standards").glob("*.toml"))]
    ids = [found for file in files for found in re.findall(r'(?m)^id = "(.*)"$', file.read_text(encoding="utf-8"))]

    assert sorted(set(ids)) == sorted(ids)
    assert {*load_default().rates, *load_default().standards} == set(ids)


def test_every_concept_is_named_by_some_publication_and_every_name_has_its_concept() -> None:
    definitions = load_default()
    named = {name.concept for name in definitions.names if name.statistic == "count"}

    # an estimate from outside these publications: it stands in none of them, and says so
    assert definitions.populations["prevalence"].cohort == "outside"
    assert set(definitions.concepts) == named | {"prevalence"}
    assert "prevalence" not in named


def test_every_figure_of_a_rate_is_printed_somewhere_and_every_percentage_has_a_rate() -> None:
    definitions = load_default()
    named = {(name.concept, name.statistic) for name in definitions.names}
    judged = {(rate.printed, rate.statistic) for rate in definitions.rates.values() if rate.printed}

    assert set() == judged - named
    assert set() == {each for each in named - judged if each[1] == "percentage"}


def test_the_rates_that_nobody_prints_are_these_five_and_each_has_its_counts() -> None:
    definitions = load_default()
    unprinted = {rate.id: rate for rate in definitions.rates.values() if not rate.printed}
    named = {name.concept for name in definitions.names if name.statistic == "count"}

    assert {
        "entered_6_weeks",
        "entered_18_weeks",
        "finished_second_treatment_over_28_days",
        "dna",
        "paired_scores",
    } == set(unprinted)
    formulas = [formula for rate in unprinted.values() for formula in (rate.numerator, rate.denominator)]
    assert [formula for formula in formulas if formula is None or not set(formula.names) <= named] == []


def test_the_standings_told_are_of_half_three_in_four_and_nineteen_in_twenty() -> None:
    actual = {(each.rate, each.level) for each in load_default().standards.values() if each.headline}

    assert {
        ("recovery", "at least 50%"),
        ("first_treatment_6_weeks", "at least 75%"),
        ("first_treatment_18_weeks", "at least 95%"),
    } == actual


def test_the_standards_are_these_twenty_three_of_which_nine_are_confirmed() -> None:
    standards = load_default().standards
    actual = {
        name: (each.rate or each.count, each.level, each.population, each.in_force_from, each.in_force_to)
        for name, each in standards.items()
    }

    assert actual == {
        "access_15_by_march_2015": ("", "at least 15%", "prevalence", "2014-04", "2015-03"),
        "access_15": ("", "at least 15%", "prevalence", "2015-04", "2017-03"),
        "access_16_8": ("", "at least 16.8%", "prevalence", "2017-04", "2018-03"),
        "access_19": ("", "at least 19%", "prevalence", "2018-04", "2019-03"),
        "access_22": ("", "at least 22%", "prevalence", "2019-04", "2020-03"),
        "access_25": ("", "at least 25%", "prevalence", "2020-04", "2021-03"),
        "access_1500000": ("entered_treatment", "at least 1,500,000", "entered_treatment", "2020-04", "2021-03"),
        "access_1900000": ("entered_treatment", "at least 1,900,000", "entered_treatment", "2023-04", "2024-03"),
        "completions_700000": ("finished", "at least 700,000", "finished", "2024-04", "2025-03"),
        "completions_805000": ("finished", "at least 805,000", "finished", "2026-04", "2027-03"),
        "completions_915000": ("finished", "at least 915,000", "finished", "2028-04", "2029-03"),
        "completions_extra_384000": ("", "at least 384,000", "finished", "2024-04", "2029-03"),
        "first_treatment_6_weeks_75": ("first_treatment_6_weeks", "at least 75%", "finished", "2015-04", None),
        "first_treatment_18_weeks_95": ("first_treatment_18_weeks", "at least 95%", "finished", "2015-04", None),
        "recovery_50": ("recovery", "at least 50%", "finished_at_caseness", "2008-10", None),
        "reliable_recovery_48": ("reliable_recovery", "at least 48%", "finished_at_caseness", "2024-04", "2026-03"),
        "reliable_recovery_51": ("reliable_recovery", "at least 51%", "finished_at_caseness", "2026-04", "2027-03"),
        "reliable_recovery_53": ("reliable_recovery", "at least 53%", "finished_at_caseness", "2028-04", None),
        "reliable_improvement_67": ("reliable_improvement", "at least 67%", "finished", "2024-04", "2026-03"),
        "reliable_improvement_69": ("reliable_improvement", "at least 69%", "finished", "2026-04", "2027-03"),
        "early_aim_recovery_50": ("", "at least 50%", "finished", "2011-04", "2015-03"),
        "early_aim_improvement_90": ("", "at least 90%", "finished", "2011-04", "2015-03"),
        "second_treatment_over_90_days_10": (
            "second_treatment_over_90_days", "at most 10%", "second_treatment", "2018-06", None,
        ),
    }  # fmt: skip
    assert {
        "access_15_by_march_2015",
        "access_15",
        "access_1900000",
        "completions_915000",
        "completions_extra_384000",
        "early_aim_recovery_50",
        "first_treatment_6_weeks_75",
        "first_treatment_18_weeks_95",
        "recovery_50",
    } == {name for name, each in standards.items() if each.confirmed}
    assert {
        "first_treatment_6_weeks_75",
        "first_treatment_18_weeks_95",
        "recovery_50",
        "second_treatment_over_90_days_10",
        "completions_extra_384000",
        "early_aim_recovery_50",
        "early_aim_improvement_90",
    } == {name for name, each in standards.items() if not each.yearly}


@pytest.mark.parametrize(
    ("rate", "publication", "numerator", "denominator"),
    [
        ("recovery", "monthly_activity", "M191", "M076 - M179"),
        ("reliable_recovery", "monthly_activity", "M193", "M076 - M179"),
        ("reliable_improvement", "monthly_activity", "M185", "M076"),
        ("first_treatment_6_weeks", "monthly_activity", "M052", "M076"),
        ("first_treatment_18_weeks", "monthly_activity", "M054", "M076"),
        ("recovery", "annual_main", "Recovery", "FinishedCourseTreatment - NotAtCaseness"),
        ("reliable_recovery", "annual_main", "ReliableRecovery", "FinishedCourseTreatment - NotAtCaseness"),
        ("reliable_improvement", "annual_main", "Improvement", "FinishedCourseTreatment"),
        ("recovery", "england_facts", "recovered", "finished_course - not_at_caseness"),
    ],
)
def test_rate_is_worked_out_as_the_publisher_does(
    rate: str, publication: str, numerator: str, denominator: str
) -> None:
    definitions = load_default()
    called = {
        name.concept: name.measure
        for name in definitions.names
        if name.publication == publication and name.statistic == "count"
    }
    defined = definitions.rates[rate]

    actual = [
        re.sub(r"[a-z]\w*", lambda found: called[found.group()], str(formula))
        for formula in (defined.numerator, defined.denominator)
    ]

    assert [numerator, denominator] == actual


# broken definitions


@dataclass(frozen=True, slots=True)
class Broken:
    """One change to one shipped file, and the fault that must be told; `alone` says that it is the only one."""

    file: str
    old: str
    new: str
    place: str
    message: str
    hint: str | None = None
    alone: bool = True


BROKEN = {
    "unknown key of a layout": Broken(
        ANNUAL_2024,
        'title = "Annual report, main file"',
        'title = "Annual report, main file"\nlast_periode = "2024-25"',
        "last_periode",
        "unknown key `last_periode`",
        "did you mean `last_period`?",
    ),
    "unknown key of a standard": Broken(
        RECOVERY,
        'rate = "recovery"',
        'rate = "recovery"\nin_force_too = "2024-25"',
        "standard[0].in_force_too",
        "unknown key `in_force_too`",
        "did you mean `in_force_to`?",
    ),
    "unknown key with nothing near": Broken(
        RECOVERY, 'rate = "recovery"', 'rate = "recovery"\nzzz = 1', "standard[0].zzz", "unknown key `zzz`"
    ),
    "unknown key of a source": Broken(
        ANNUAL_2024,
        "reviewed = ",
        "reviewd = ",
        "source.reviewd",
        "unknown key `reviewd`",
        "did you mean `reviewed`?",
        # that the date is then missing may be told too
        alone=False,
    ),
    "unknown key of a level": Broken(
        ANNUAL_2017,
        '"STP" = { level = "stp"',
        '"STP" = { orgg = "pair", level = "stp"',
        "levels.STP.orgg",
        "unknown key `orgg`",
        "did you mean `org`?",
    ),
    "unknown role of a column": Broken(
        ANNUAL_2017,
        'org_name = "OrgName"',
        'org_nam = "OrgName"',
        "keys.org_nam",
        "unknown key `org_nam`",
        "did you mean `org_name`?",
        alone=False,
    ),
    "role without a column": Broken(
        ANNUAL_2017,
        'org_name = "OrgName"',
        "",
        "keys.org_name",
        "expected a column name, got nothing",
        alone=False,
    ),
    "unknown cell status": Broken(
        ANNUAL_2017,
        'suppressed = ["*"]',
        'supressed = ["*"]',
        "statuses.supressed",
        "unknown key `supressed`",
        "did you mean `suppressed`?",
    ),
    "no source": Broken(
        ANNUAL_2024, "[source]", "[sauce]", "source", "expected a table, got nothing", alone=False
    ),
    "no source of a standard": Broken(
        RECOVERY, "[standard.source]", "[standard.sauce]", "standard[0].source", "expected a table, got nothing",
        alone=False,
    ),
    "source without an address": Broken(
        FACTS_TOML,
        'url = "https://',
        'url = "see https://',
        "source.url",
        "expected a web address, got `see https://digital.nhs.uk/data-and-information/publications/statistical/"
        "psychological-therapies-annual-reports-on-the-use-of-iapt-services`",
    ),
    "standard never reviewed": Broken(
        RECOVERY, "reviewed = ", "# reviewed = ", "standard[0].reviewed", "expected a date, got nothing"
    ),
    "review date as text": Broken(
        RECOVERY, "reviewed = 2026-11-24", 'reviewed = "2026-11-24"', "standard[0].reviewed",
        "expected a date, got `2026-11-24`",
    ),
    "title empty": Broken(RECOVERY, 'title = "At least', 'title = " "\nnot_it = "', "standard[0].title",
        "expected text, got an empty one", alone=False),
    "rate twice": Broken(
        RATES,
        "",
        '\n[[rate]]\nid = "recovery"\ntitle = "Again"\nprinted = "recovery_percentage"\nnumerator = "recovered"\n'
        'denominator = "finished"\nof_whom = "nobody"\n',
        "rate[{last_rate}].id",
        "the id `recovery` is given twice",
    ),
    "standard twice": Broken(
        "checks/standards/first_treatment.toml",
        'id = "first_treatment_18_weeks_95"',
        'id = "first_treatment_6_weeks_75"',
        "standard[1].id",
        "the id `first_treatment_6_weeks_75` is given twice",
    ),
    "concept twice": Broken(
        CONCEPTS, "", "recovered,again\n", "line {last}.id", "the id `recovered` is given twice"
    ),
    "measure twice": Broken(
        MONTHLY, "", "M191,count,Again,listed\n", "line {last}.measure", "the measure `M191` is given twice"
    ),
    "name twice": Broken(
        NAMES, "", "finished,monthly_activity,M191,count,\n", "line {last}.measure",
        "`M191` already stands for `recovered`",
    ),
    "name of an unknown publication": Broken(
        NAMES, "", "recovered,monthly_activty,M191,count,\n", "line {last}.publication",
        "unknown publication `monthly_activty`", "did you mean `monthly_activity`?",
    ),
    "name of an unknown measure": Broken(
        NAMES, "", "recovered,annual_main,Recoverry,count,\n", "line {last}.measure",
        "unknown measure `Recoverry` of `annual_main`", "did you mean `Recovery`?",
    ),
    "name of an unknown concept": Broken(
        NAMES, "", "recoverd,monthly_activity,M001,count,M\n", "line {last}.concept",
        "unknown concept `recoverd`", "did you mean `recovered`?",
    ),
    "name with another statistic than listed": Broken(
        NAMES, "", "recovered,monthly_activity,M192,count,M\n", "line {last}.statistic",
        "expected `percentage`, as listed, got `count`",
    ),
    "formula of an unknown concept": Broken(
        RATES, 'numerator = "recovered"', 'numerator = "recoverd"', "rate[0].numerator",
        "unknown concept `recoverd`", "did you mean `recovered`?",
    ),
    "formula of a measure instead of a concept": Broken(
        RATES, 'numerator = "recovered"', 'numerator = "M191"', "rate[0].numerator", "unknown concept `M191`",
    ),
    "formula that is Python": Broken(
        RATES, 'numerator = "recovered"', """numerator = '__import__("os").abort()'""", "rate[0].numerator",
        "expected a name at character 1, got `_`",
    ),
    "formula that calls": Broken(
        RATES, 'numerator = "recovered"', 'numerator = "exit()"', "rate[0].numerator",
        "expected `+` or `-` at character 5, got `(`",
    ),
    "formula with a number": Broken(
        RATES, 'numerator = "recovered"', 'numerator = "recovered - 1"', "rate[0].numerator",
        "expected a name at character 13, got `1`",
    ),
    "formula that compares": Broken(
        RATES, 'numerator = "recovered"', 'numerator = "recovered <= finished"', "rate[0].numerator",
        "expected a sum, got a comparison",
    ),
    "formula with a name twice": Broken(
        RATES, 'numerator = "recovered"', 'numerator = "recovered + recovered"', "rate[0].numerator",
        "the name `recovered` stands twice",
    ),
    "formula that begins with a minus": Broken(
        RATES, 'numerator = "recovered"', 'numerator = "-recovered"', "rate[0].numerator",
        "expected the first term to be added, got one taken away",
    ),
    "rate without a formula": Broken(
        RATES, 'numerator = "recovered"', "", "rate[0].numerator", "expected text, got nothing"
    ),
    "rate of a percentage that nobody prints": Broken(
        RATES, '"recovery_percentage"', '"recovery_percentge"', "rate[0].printed",
        "no publication has a percentage called `recovery_percentge`", "did you mean `recovery_percentage`?",
    ),
    "rate of an unknown statistic": Broken(
        RATES, 'printed = "recovery_percentage"', 'printed = "recovery_percentage"\nstatistic = "percentge"',
        "rate[0].statistic", "expected one of `percentage`, `mean`, got `percentge`", "did you mean `percentage`?",
        alone=False,
    ),
    "standard of an unknown rate": Broken(
        RECOVERY, 'rate = "recovery"', 'rate = "recovry"', "standard[0].rate", "unknown rate `recovry`",
        "did you mean `recovery`?",
    ),
    "standard since no period": Broken(
        RECOVERY, 'in_force_from = "2008-10"', 'in_force_from = "2008"', "standard[0].in_force_from",
        "expected a period such as 2024-25 or 2026-02, got `2008`",
    ),
    "standard until no period": Broken(
        RECOVERY, 'in_force_from = "2008-10"', 'in_force_from = "2008-10"\nin_force_to = "soon"',
        "standard[0].in_force_to", "expected a period such as 2024-25 or 2026-02, got `soon`",
    ),
    "percentage of a standard as a number": Broken(
        RECOVERY, 'percentage = "50"', "percentage = 50", "standard[0].percentage", "expected text, got `50`"
    ),
    "percentage of a standard in words": Broken(
        RECOVERY, 'percentage = "50"', 'percentage = "half"', "standard[0].percentage",
        'expected a number in quotes such as "0.05", got `half`',
    ),
    "percentage of a standard not a number": Broken(
        RECOVERY, 'percentage = "50"', 'percentage = "NaN"', "standard[0].percentage",
        "expected a number of 0 or more, got `NaN`",
    ),
    "true or false in quotes": Broken(
        RECOVERY, "confirmed = true", 'confirmed = "true"', "standard[0].confirmed",
        "expected true or false, got `true`",
    ),
    "half-width as a number": Broken(
        ROUNDING, 'percentage = "0.05"', "percentage = 0.05", "regimes.england.half_width.percentage",
        "expected text, got `0.05`",
    ),
    "half-width below nothing": Broken(
        ROUNDING, 'percentage = "0.05"', 'percentage = "-0.05"', "regimes.england.half_width.percentage",
        "expected a number of 0 or more, got `-0.05`",
    ),
    "half-width of an unknown statistic": Broken(
        ROUNDING, 'percentage = "0.05"', 'percentge = "0.05"', "regimes.england.half_width.percentge",
        "expected a statistic, got `percentge`", "did you mean `percentage`?",
    ),
    "step of nothing": Broken(
        ROUNDING, "count_step = 1", "count_step = 0", "regimes.england.count_step",
        "expected a step of 1 or more, got `0`",
    ),
    "whole number that is true": Broken(
        ROUNDING, "smallest_count = 0", "smallest_count = true", "regimes.england.smallest_count",
        "expected a whole number, got `True`",
    ),
    "level of an unknown regime": Broken(
        ANNUAL_2017, '"stp", regime = "local"', '"stp", regime = "locl"', "levels.STP.regime",
        "expected one of `england`, `england_tens`, `england_tens_of_two`, `local`, `local_one_decimal`, got `locl`",
        "did you mean `local`?",
    ),
    "level that is none": Broken(
        ANNUAL_2017, 'level = "stp"', 'level = "sttp"', "levels.STP.level",
        "expected one of `england`, `region`, `stp`, `icb`, `ccg`, `sub_icb`, `provider`, `pair`, got `sttp`",
        "did you mean `stp`?",
    ),
    "column of an unknown statistic": Broken(
        ANNUAL_2024, '"count FinishedCourseTreatment_with_EmpSup"', '"cuont FinishedCourseTreatment_with_EmpSup"',
        "columns.Count_FinishedCourseTreatment_with_EmpSup", "expected a statistic, got `cuont`",
        "did you mean `count`?",
    ),
    "column without a measure": Broken(
        ANNUAL_2024, '"count FinishedCourseTreatment_with_EmpSup"', '"count"',
        "columns.Count_FinishedCourseTreatment_with_EmpSup",
        'expected a statistic and a measure such as "count Recovery", got `count`',
    ),
    "measure of an unknown statistic": Broken(
        MONTHLY, "", "M9998,cuont,Invented,listed\n", "line {last}.statistic", "expected a statistic, got `cuont`",
        "did you mean `count`?",
    ),
    "extends an unknown layout": Broken(
        ANNUAL_2024, 'extends = "2023-24"', 'extends = "2023-42"', "extends",
        "expected an earlier layout of `annual_main`, got `2023-42`", "did you mean `2023-24`?", alone=False,
    ),
    "extends a later layout": Broken(
        ANNUAL_2022, 'extends = "2020-21"', 'extends = "2024-25"', "extends",
        "expected an earlier layout of `annual_main`, got `2024-25`", "did you mean `2020-21`?", alone=False,
    ),
    "drops an unknown column": Broken(
        ANNUAL_2022, 'drop = ["Count_FirstTreatment"', 'drop = ["Count_FristTreatment"', "drop",
        "`Count_FristTreatment` is no column of the layout it extends", "did you mean `Count_FirstTreatment`?",
        alone=False,
    ),
    "drops a number": Broken(
        ANNUAL_2022, 'drop = ["Count_FirstTreatment"', 'drop = [1, "Count_FirstTreatment"', "drop[0]",
        "expected text, got `1`",
    ),
    "layout in a file of another period": Broken(
        ANNUAL_2024, 'first_period = "2024-25"', 'first_period = "2024-26"', "first_period",
        "expected `2024-25`, the file's name, got `2024-26`",
    ),
    "layout in a folder of another publication": Broken(
        "schemas/monthly_activity/2021-01.toml", '"monthly_activity"', '"monthly_activty"', "publication",
        "expected `monthly_activity`, the folder's name, got `monthly_activty`", alone=False,
    ),
    "shape that is none": Broken(
        ANNUAL_2017, 'shape = "wide"', 'shape = "wid"', "shape", "expected one of `long`, `wide`, got `wid`",
        "did you mean `wide`?", alone=False,
    ),
    "unknown column of a CSV file": Broken(
        CONCEPTS, "concept,title", "concept,titel", "header", "unknown column `titel`", "did you mean `title`?",
        alone=False,
    ),
    "column that a CSV file lacks": Broken(
        CONCEPTS, "concept,title", "concept,zzz", "header", "expected the column `title`, got nothing", alone=False,
    ),
    "column of a CSV file twice": Broken(
        CONCEPTS, "concept,title", "concept,title,title", "header", "the column `title` is given twice", alone=False,
    ),
    "row with too few fields": Broken(
        CONCEPTS, "", "recovered\n", "line {last}", "expected 2 fields, got 1"
    ),
    "fact with a thousands comma": Broken(
        FACTS, "", _fact_row(printed="1,460"), "line {last}.printed",
        "expected digits, perhaps with a decimal part or `million`, got `1,460`",
    ),
    "fact with digits of another script": Broken(
        FACTS, "", _fact_row(printed="\N{FULLWIDTH DIGIT ONE}"), "line {last}.printed",
        "expected digits, perhaps with a decimal part or `million`, got `\N{FULLWIDTH DIGIT ONE}`",
    ),
    "fact with a half-width below nothing": Broken(
        FACTS, "", _fact_row(half_width="-1"), "line {last}.half_width", "expected a number of 0 or more, got `-1`"
    ),
    "fact that is perhaps used": Broken(
        FACTS, "", _fact_row(use="maybe"), "line {last}.use", "expected yes or no, got `maybe`"
    ),
    "fact of no year": Broken(
        FACTS, "", _fact_row(period="2024/25"), "line {last}.period",
        "expected a year such as 2024-25, got `2024/25`",
    ),
    "fact without an address": Broken(
        FACTS, "", _fact_row(source_url=""), "line {last}.source_url", "expected text, got nothing"
    ),
    "fact with no web address": Broken(
        FACTS, "", _fact_row(source_url="in the archive"), "line {last}.source_url",
        "expected a web address, got `in the archive`",
    ),
    "fact of an unknown statistic": Broken(
        FACTS, "", _fact_row(statistic="cuont"), "line {last}.statistic", "expected a statistic, got `cuont`",
        "did you mean `count`?",
    ),
    "two facts that judge the same measure and year": Broken(
        FACTS, "", _fact_row() + _fact_row(printed="1461"), "line {last}.use",
        "line {before} already judges `invented` of 2024-25",
    ),
    "two facts that judge the same row of a breakdown": Broken(
        REGISTER_FACTS, "", _fact_row(breakdown="Gender | Male") + _fact_row(breakdown="Gender | Male", printed="1461"),
        "line {last}.use", "line {before} already judges `invented` of 2024-25",
    ),
    "fact of the register that is perhaps used": Broken(
        REGISTER_FACTS, "", _fact_row(use="maybe"), "line {last}.use", "expected yes or no, got `maybe`"
    ),
    "fact without the column of the breakdown": Broken(
        FACTS, "period,breakdown,", "period,brakedown,", "header",
        "expected the column `breakdown`, got nothing", "did you mean `brakedown`?", alone=False,
    ),
    "standard of a rate and a count": Broken(
        RECOVERY, 'rate = "recovery"', 'rate = "recovery"\ncount = "recovered"', "standard[0].rate",
        "expected a `rate` or a `count`, got both",
    ),
    "standard of an unknown count": Broken(
        ACCESS, 'count = "entered_treatment"', 'count = "entered_treatmnt"', "standard[6].count",
        "unknown count `entered_treatmnt`", "did you mean `entered_treatment`?",
    ),
    "standard with a percentage and a number": Broken(
        ACCESS, "number = 1500000", 'number = 1500000\npercentage = "25"', "standard[6].percentage",
        "unknown key `percentage`", alone=False,
    ),
    "number of a standard in quotes": Broken(
        ACCESS, "number = 1500000", 'number = "1500000"', "standard[6].number",
        "expected a whole number, got `1500000`",
    ),
    "number of a standard below nothing": Broken(
        ACCESS, "number = 1500000", "number = -1", "standard[6].number", "expected a number of 0 or more, got `-1`"
    ),
    "standard of an unknown population": Broken(
        RECOVERY, 'population = "finished_at_caseness"', 'population = "finished_at_casness"',
        "standard[0].population", "unknown population `finished_at_casness`", "did you mean `finished_at_caseness`?",
    ),
    "standard in no direction": Broken(
        ACCESS, 'direction = "at_least"', 'direction = "at_lest"', "standard[0].direction",
        "expected one of `at_least`, `at_most`, got `at_lest`", "did you mean `at_least`?",
    ),
    "standard that is perhaps yearly": Broken(
        ACCESS, "yearly = true", 'yearly = "yes"', "standard[0].yearly", "expected true or false, got `yes`"
    ),
    "rate without counts that nobody prints": Broken(
        RATES, 'printed = "reliable_recovery_white_percentage"\n', "", "rate[25].printed", "expected text, got nothing"
    ),
    "rate that says the like elsewhere of an unknown rate": Broken(
        RATES, 'entered_treatment = "entered_6_weeks"', 'entered_treatment = "entered_6_wekes"',
        "rate `first_treatment_6_weeks`.elsewhere",
        "expected a population and a rate, got `entered_treatment` and `entered_6_wekes`",
    ),
    "rate that says the like elsewhere of an unknown population": Broken(
        RATES, 'entered_treatment = "entered_6_weeks"', 'entered_tretment = "entered_6_weeks"',
        "rate `first_treatment_6_weeks`.elsewhere",
        "expected a population and a rate, got `entered_tretment` and `entered_6_weeks`",
    ),
    "population of an unknown concept": Broken(
        POPULATIONS, 'formula = "second_treatment"', 'formula = "second_treatmet"', "population[7].formula",
        "unknown concept `second_treatmet`", "did you mean `second_treatment`?",
    ),
    "population twice": Broken(
        POPULATIONS, 'id = "people_referred"', 'id = "referred"', "population[8].id",
        "the id `referred` is given twice",
    ),
    "population of an unknown cohort": Broken(
        POPULATIONS, 'cohort = "second"', 'cohort = "secnd"', "population[7].cohort",
        "expected one of `ended`, `entered`, `referred`, `second`, `appointment`, `waiting`, `outside`, got `secnd`",
        "did you mean `second`?",
    ),
    "population without words for it in a sentence": Broken(
        POPULATIONS, 'told = "referrals with a second treatment appointment in {period}"\n', "", "population[7].told",
        "expected text, got nothing",
    ),
    "population with an unknown key": Broken(
        POPULATIONS, "headline = true", "hedline = true", "population[0].hedline", "unknown key `hedline`",
        "did you mean `headline`?",
    ),
    "factor as a number": Broken(
        POPULATIONS, 'other_run_factor = "1.025"', "other_run_factor = 1.025", "other_run_factor",
        "expected text, got `1.025`",
    ),
    "share of an unknown count": Broken(
        SHARES, "", "core_recoverd,recovered,finished\n", "line {last}.count",
        "unknown concept or population `core_recoverd`", "did you mean `core_recovered`?",
    ),
    "share of an unknown population": Broken(
        SHARES, "", "core_recovered,recovered,finished enterd_treatment\n", "line {last}.populations",
        "unknown population `enterd_treatment`", "did you mean `entered_treatment`?",
    ),
    "share of a count given twice": Broken(
        SHARES, "", "recovered,recovered,finished\n", "line {last}.count", "the count `recovered` is given twice"
    ),
    "comparison of an unknown kind": Broken(
        COMPARISONS, 'kind = "value"', 'kind = "valu"', "comparison[0].kind",
        "expected one of `value`, `change`, `extreme`, `monotone`, `rank`, `share`, `standing`, `survey`, got `valu`",
        "did you mean `value`?", alone=False,
    ),
    "comparison of an unknown relation": Broken(
        COMPARISONS, 'relation = "equal"', 'relation = "equals"', "comparison[0].relation",
        "expected one of `equal`, `about`, `below`, `above`, `at_least`, `more_than`, `at_most`, `less_than`, "
        "got `equals`",
        "did you mean `equal`?",
    ),
    "comparison that goes nowhere": Broken(
        COMPARISONS, 'sign = "up"', 'sign = "upp"', "comparison[8].sign", "expected one of `up`, `down`, got `upp`",
        "did you mean `up`?",
    ),
    "comparison in an unknown unit": Broken(
        COMPARISONS, 'unit = "points"', 'unit = "pionts"', "comparison[8].unit",
        "expected one of `points`, `percent`, got `pionts`", "did you mean `points`?",
    ),
    "comparison twice": Broken(
        COMPARISONS, 'id = "about"', 'id = "is"', "comparison[1].id", "the id `is` is given twice"
    ),
    "inner limit of a fraction beyond its outer one": Broken(
        COMPARISONS, 'inner = "0.05"', 'inner = "0.11"', "fraction.inner",
        "expected no more than `outer`, 0.10, got `0.11`",
    ),
    "inner limit of a hedge beyond its outer one": Broken(
        COMPARISONS, 'relation = "below"\ninner = "0.05"', 'relation = "below"\ninner = "0.11"', "comparison[2].inner",
        "expected no more than `outer`, 0.10, got `0.11`",
    ),
    "hedge without a reason": Broken(
        COMPARISONS, 'why = "On either side.', 'wy = "On either side.', "comparison[1].why",
        "expected text, got nothing", alone=False,
    ),
    "relation with limits twice": Broken(
        COMPARISONS, 'relation = "above"', 'relation = "below"', "comparison[3].relation",
        "`below` has its limits already",
    ),
    "fraction whose limits leave it out": Broken(
        FRACTIONS, "", "an eighth,1,8,13,20\n", "line {last}.least",
        "expected percentages below and above it, got `13` and `20`",
    ),
    "population counted as one that is not before it": Broken(
        POPULATIONS, 'counted_as = "referred"', 'counted_as = "refered"', "population[8].counted_as",
        "expected a population before it, got `refered`",
    ),
    "fraction whose part is its whole": Broken(
        FRACTIONS, "", "two halves,2,2,40,60\n", "line {last}.part", "expected a part of `2`, got `2`"
    ),
    "fraction whose part is more than its whole": Broken(
        FRACTIONS, "", "three halves,3,2,40,60\n", "line {last}.part", "expected a part of `2`, got `3`"
    ),
    "fraction of nothing": Broken(
        FRACTIONS, "", "no halves,0,2,40,60\n", "line {last}.part", "expected a part of `2`, got `0`"
    ),
    "fraction in words": Broken(
        FRACTIONS, "", "some halves,one,2,40,60\n", "line {last}.part", "expected a whole number, got `one`"
    ),
    "number in words that is none": Broken(
        NUMBERS, "", "several,7.5\n", "line {last}.number", "expected a whole number, got `7.5`"
    ),
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_broken_definition_is_told_with_file_place_message_and_near_miss(broken: Broken, copy: Path) -> None:
    _edit(copy, broken.file, broken.old, broken.new)
    place, message = (_place(copy, broken.file, text) for text in (broken.place, broken.message))

    actual = _faults(copy)

    expected = Fault(broken.file, place, message, broken.hint)
    assert expected in actual
    if broken.alone:
        assert [expected] == actual


@pytest.mark.parametrize(
    "file", [RATES, POPULATIONS, COMPARISONS, RECOVERY, ROUNDING, FACTS_TOML, ANNUAL_2017, ANNUAL_2024]
)
@pytest.mark.parametrize("text", ["\n= [", "\nid = ", '\ntitle = "never closed', "\n[source]\n[source]\n"])
def test_file_that_is_no_toml_is_told(file: str, text: str, copy: Path) -> None:
    _edit(copy, file, "", text)

    actual = [(fault.place, fault.message[:19]) for fault in _faults(copy) if fault.file == file]

    assert ("file", "expected TOML, got ") in actual


@pytest.mark.parametrize(
    "file",
    [
        RATES,
        CONCEPTS,
        NAMES,
        MONTHLY,
        POPULATIONS,
        SHARES,
        COMPARISONS,
        FRACTIONS,
        NUMBERS,
        FACTS,
        REGISTER_FACTS,
        RECOVERY,
        ROUNDING,
    ],
)
def test_file_that_is_no_utf_8_is_told(file: str, copy: Path) -> None:
    (copy / file).write_bytes((copy / file).read_bytes() + b"\n# \xff\n")

    actual = [(fault.place, fault.message[:9]) for fault in _faults(copy) if fault.file == file]

    assert ("file", "expected ") in actual


@pytest.mark.parametrize("text", ['"never closed\n', 'a,"b" c\n'])
def test_file_that_is_no_csv_is_told_with_its_line(text: str, copy: Path) -> None:
    _edit(copy, CONCEPTS, "", text)
    lines = (copy / CONCEPTS).read_text(encoding="utf-8").count("\n")

    actual = [(fault.place, fault.message[:18]) for fault in _faults(copy)]

    assert [(f"line {lines}", "expected CSV, got ")] == actual


@pytest.mark.parametrize(
    "file", [RATES, CONCEPTS, NAMES, MONTHLY, POPULATIONS, FACTS, FACTS_TOML, REGISTER_FACTS, ROUNDING, ANNUAL_2017]
)
def test_file_that_is_not_there_is_told_and_no_other_exception_comes_out(file: str, copy: Path) -> None:
    (copy / file).unlink()

    actual = _faults(copy)

    assert actual


def test_faults_of_two_files_are_told_at_once(copy: Path) -> None:
    _edit(copy, RATES, 'numerator = "recovered"', 'numerator = "recoverd"')
    _edit(copy, RECOVERY, 'rate = "recovery"', 'rate = "recovry"')

    with pytest.raises(DefinitionError) as caught:
        load(copy)

    assert [
        Fault(RATES, "rate[0].numerator", "unknown concept `recoverd`", "did you mean `recovered`?"),
        Fault(RECOVERY, "standard[0].rate", "unknown rate `recovry`", "did you mean `recovery`?"),
    ] == caught.value.faults
    assert str(caught.value) == (
        "2 faults in the definitions\n"
        f"  {RATES}: rate[0].numerator: unknown concept `recoverd` (hint: did you mean `recovered`?)\n"
        f"  {RECOVERY}: standard[0].rate: unknown rate `recovry` (hint: did you mean `recovery`?)"
    )


def test_all_faults_of_one_file_are_told_at_once(copy: Path) -> None:
    _edit(copy, FACTS, "", _fact_row(use="maybe", printed="1,460", period="", confidence=""))
    _edit(copy, FACTS, "", _fact_row(half_width="wide"))

    actual = [(fault.place.partition(".")[0], fault.place.partition(".")[2]) for fault in _faults(copy)]

    before, last = (_place(copy, FACTS, f"line {{{name}}}") for name in ("before", "last"))
    expected = [*((before, key) for key in ("confidence", "period", "printed", "use")), (last, "half_width")]
    assert sorted(expected) == sorted(actual)


def test_facts_of_two_rows_of_a_breakdown_may_both_judge(copy: Path) -> None:
    _edit(copy, REGISTER_FACTS, "", _fact_row(breakdown="Gender | Male") + _fact_row(breakdown="Gender | Female"))

    actual = [fact.breakdown for fact in load(copy).register_facts.rows if fact.measure == "invented"]

    assert actual == ["Gender | Male", "Gender | Female"]


def test_a_fact_of_no_breakdown_is_of_the_total() -> None:
    actual = {fact.breakdown for fact in load_default().facts.rows}

    assert actual == {"Total"}


# standards: which give a standing


def _with(definitions: Definitions, standard: Standard) -> Definitions:
    return replace(definitions, standards={**definitions.standards, standard.id: standard})


def _standings(found: AuditResult) -> set[tuple[str, str]]:
    return set(found.headline.drop_nulls("standing").select("standard", "period").rows())


def test_shipped_standards_that_are_not_confirmed_give_no_standing() -> None:
    definitions = load_default()

    actual = {standard for standard, _ in _standings(audit_facts(definitions))}

    assert actual == {"recovery_50", "first_treatment_6_weeks_75", "first_treatment_18_weeks_95"}
    assert [name for name in actual if not definitions.standards[name].confirmed] == []


@pytest.mark.parametrize(
    ("standard", "period"),
    [
        ("reliable_recovery_48", "2024-25"),
        ("reliable_improvement_67", "2024-25"),
    ],
)
def test_standard_would_give_a_standing_if_it_were_confirmed(standard: str, period: str) -> None:
    # so that the test above is known to be able to fail: England's rates of 2024-25 are in the facts
    definitions = load_default()
    confirmed = replace(definitions.standards[standard], confirmed=True)

    actual = _standings(audit_facts(_with(definitions, confirmed)))

    assert actual - _standings(audit_facts(definitions)) == {(standard, period)}


def test_standard_that_asks_for_at_most_so_much_gives_no_standing_even_if_confirmed() -> None:
    # the same standard, asking for at least so much, gives one: its rate of both years is in the facts
    definitions = load_default()
    at_most = replace(definitions.standards["second_treatment_over_90_days_10"], confirmed=True)
    at_least = replace(
        definitions.standards["reliable_improvement_67"], confirmed=True, rate="recovery", direction="at_least"
    )
    turned = replace(at_least, direction="at_most")

    shipped = _standings(audit_facts(definitions))

    assert _standings(audit_facts(_with(definitions, at_most))) == shipped
    assert _standings(audit_facts(_with(definitions, turned))) == shipped
    assert _standings(audit_facts(_with(definitions, at_least))) - shipped == {("reliable_improvement_67", "2024-25")}


@pytest.mark.parametrize("standard", ["access_1900000", "completions_700000"])
def test_standard_of_a_count_gives_no_standing_even_if_confirmed(standard: str) -> None:
    # both counts stand in the facts of the year that the standard is of
    definitions = load_default()
    of_count = replace(definitions.standards[standard], confirmed=True)

    assert _standings(audit_facts(_with(definitions, of_count))) == _standings(audit_facts(definitions))


@pytest.mark.parametrize(("yearly", "expected"), [(True, set()), (False, {("reliable_recovery_48", "2025-06")})])
def test_yearly_standard_gives_no_standing_in_a_month(
    tmp_path: Path, expected: set[tuple[str, str]], *, yearly: bool
) -> None:
    # 26,457 of 57,359 - 2,687 = 54,672 is 48.39%
    one = Organisation("England", Disclosure.ENGLAND, {"M076": "57359", "M179": "2687", "M193": "26457"})
    (tmp_path / "made.csv").write_text(monthly_csv([one]), encoding="utf-8")
    definitions = load_default()
    standard = replace(definitions.standards["reliable_recovery_48"], confirmed=True, yearly=yearly)

    actual = _standings(audit([tmp_path / "made.csv"], _with(definitions, standard)))

    assert {each for each in actual if each[0] == standard.id} == expected


# England's facts: which row judges


def _alter(
    definitions: Definitions, chosen: Callable[[Fact], bool], value: Callable[[Decimal], Decimal]
) -> Definitions:
    """Print another figure in the rows that are chosen; there must be some."""
    rows = tuple(
        replace(fact, value=value(fact.value), printed=str(value(fact.value))) if chosen(fact) else fact
        for fact in definitions.facts.rows
    )
    assert rows != definitions.facts.rows
    return replace(definitions, facts=replace(definitions.facts, rows=rows))


def _contradicted(found: AuditResult) -> list[tuple[str | None, str | None]]:
    return sorted(
        (finding.period, finding.rule) for finding in found.findings if finding.code is Code.RATE_CONTRADICTED
    )


def _told(found: AuditResult) -> list[object]:
    rates = found.rates.sort(found.rates.columns)
    return [rates.to_dicts(), found.headline.to_dicts(), found.findings]


def test_shipped_facts_contradict_nothing_and_decide_something() -> None:
    actual = audit_facts(load_default())

    assert _contradicted(actual) == []
    # every year from 2013-14 to 2024-25; the rate and the counts of 2012-13 stand on different pages
    checked = actual.rates.filter((actual.rates["rate"] == "recovery") & (actual.rates["verdict"] == "consistent"))
    assert len(checked) == 12


@pytest.mark.parametrize("points", ["-50", "-0.1", "0.1", "40"])
def test_sum_of_months_contradicts_nothing_even_if_altered(points: str) -> None:
    definitions = _alter(
        load_default(),
        lambda fact: fact.confidence == "sum of months" and fact.statistic == "percentage",
        lambda value: max(value + Decimal(points), Decimal(0)),
    )

    actual = audit_facts(definitions)

    assert _contradicted(actual) == []


def test_counts_that_are_sums_of_months_contradict_nothing_even_if_halved() -> None:
    definitions = _alter(
        load_default(),
        lambda fact: fact.confidence == "sum of months" and fact.statistic == "count",
        lambda value: Decimal(int(value) // 2),
    )

    actual = audit_facts(definitions)

    assert _contradicted(actual) == []


def test_altered_sum_of_months_would_be_contradicted_if_such_rows_judged() -> None:
    # so that the tests above are known to be able to fail
    definitions = _alter(
        load_default(),
        lambda fact: fact.confidence == "sum of months" and fact.measure == "first_to_second_gt28d_pct_secondsession",
        lambda value: value - 40,
    )
    judging = replace(definitions, facts=replace(definitions.facts, contradict_nothing=frozenset()))

    actual = audit_facts(judging)

    assert {"second_treatment_over_28_days"} == {rule for _, rule in _contradicted(actual)}


@pytest.mark.parametrize("points", ["-0.1", "0.1"])
@pytest.mark.parametrize("period", [f"20{year}-{year + 1}" for year in range(13, 25)])
def test_recovery_that_is_a_tenth_of_a_point_off_is_contradicted(period: str, points: str) -> None:
    definitions = _alter(
        load_default(),
        lambda fact: fact.period == period and fact.measure == "recovery_pct" and fact.judges,
        lambda value: value + Decimal(points),
    )

    actual = audit_facts(definitions)

    assert [(period, "recovery")] == _contradicted(actual)


def test_altered_row_that_does_not_judge_changes_nothing() -> None:
    definitions = load_default()
    altered = _alter(definitions, lambda fact: not fact.judges, lambda value: value + 1)

    actual = audit_facts(altered)

    assert _told(audit_facts(definitions)) == _told(actual)


def test_figures_of_different_runs_are_never_divided() -> None:
    definitions = load_default()
    moved = tuple(
        replace(fact, source=Source("Elsewhere", "https://example.org/")) if fact.measure == "recovered" else fact
        for fact in definitions.facts.rows
    )

    actual = audit_facts(replace(definitions, facts=replace(definitions.facts, rows=moved)))

    recovery = actual.rates.filter(actual.rates["rate"] == "recovery")
    assert {("not_checkable", "other_run")} == set(recovery.select("verdict", "reason").rows())


def test_facts_are_told_in_the_same_order_every_time() -> None:
    first = audit_facts(load_default())
    again = [audit_facts(load_default()) for _ in range(5)]

    assert [
        first.rates.equals(each.rates) and first.headline.equals(each.headline) and first.findings == each.findings
        for each in again
    ] == [True] * 5
