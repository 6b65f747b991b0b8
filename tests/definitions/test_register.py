"""The register of claims and what it stands on; broken claims were invented for the test."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iapt_audit.definitions import load_default, read_claims, read_register
from iapt_audit.definitions.claim_model import Claim
from iapt_audit.definitions.read_claims import faults_of
from iapt_audit.definitions.resources import definitions_root
from iapt_audit.errors.base import DefinitionError, Fault
from iapt_audit.model.periods import first_month, is_period

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iapt_audit.definitions import Statement

FILES = sorted((definitions_root() / "checks" / "claims").glob("*.toml"))
REGISTER_FACTS = "checks/facts/register.csv"


@cache
def _raw() -> dict[Path, dict[str, Any]]:
    return {file: tomllib.loads(file.read_text(encoding="utf-8")) for file in FILES}


@cache
def _claims() -> tuple[Claim, ...]:
    return read_register([definitions_root()], load_default())


def _statements() -> list[Statement]:
    return list({claim.statement.id: claim.statement for claim in _claims() if claim.statement is not None}.values())


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


# the shipped claims


def test_every_shipped_claim_loads_and_none_is_lost() -> None:
    written = [
        (statement["id"], claim["id"], claim["text"])
        for raw in _raw().values()
        for statement in raw["statement"]
        for claim in statement["claim"]
    ]

    actual = [(claim.statement.id, claim.id.partition("/")[2], claim.text) for claim in _claims() if claim.statement]

    assert len(actual) > 700
    assert sorted(actual) == sorted(written)


def test_ids_of_statements_and_claims_stand_once_in_all_files() -> None:
    statements = [statement for raw in _raw().values() for statement in raw["statement"]]

    assert _twice(statement["id"] for statement in statements) == []
    assert _twice(f"{statement['id']}/{claim['id']}" for statement in statements for claim in statement["claim"]) == []


def test_ids_are_plain_words() -> None:
    plain = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*/[a-z0-9]+(_[a-z0-9]+)*")

    assert [claim.id for claim in _claims() if not plain.fullmatch(claim.id)] == []


def test_every_file_is_named_by_speaker_and_year_and_its_statements_are_of_that_year() -> None:
    actual = [
        (file.name, statement["date"])
        for file, raw in _raw().items()
        for statement in raw["statement"]
        if statement["date"][:4] != file.stem.rpartition("_")[2]
    ]

    assert actual == []


def _names(slug: str, speaker: str) -> bool:
    """Return whether a slug is made of a speaker's words, in their order, or of the initials."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"['\N{RIGHT SINGLE QUOTATION MARK}]", "", speaker.casefold()))
    initials = "".join(re.findall(r"\b[A-Z]", speaker)).casefold()
    parts = slug.removesuffix("_and_others").split("_")
    rest = iter(words)
    return slug == initials or "".join(parts) == "".join(words) or all(part in rest for part in parts)


@pytest.mark.parametrize(
    ("slug", "speaker", "expected"),
    [
        ("hscic", "Health and Social Care Information Centre", True),
        ("kings_fund", "The King's Fund", True),
        ("wakefield_and_others", "Wakefield, Kellett and Simmonds-Buckley", True),
        ("newcastle_world", "NewcastleWorld", True),
        ("nhs_digital", "NHS England", False),
        ("fund_kings", "The King's Fund", False),
        ("nhs", "Northumbria Healthcare", False),
    ],
)
def test_a_speakers_name_is_known_by_its_words_or_initials(slug: str, speaker: str, *, expected: bool) -> None:
    assert _names(slug, speaker) is expected


def test_every_file_is_named_after_its_speaker() -> None:
    speakers = [(file.stem.rpartition("_")[0], raw["speaker"]["name"]) for file, raw in _raw().items()]

    assert [(slug, speaker) for slug, speaker in speakers if not _names(slug, speaker)] == []


def test_every_statement_is_dated_by_the_calendar_and_not_in_the_future() -> None:
    forms = {4: "%Y", 7: "%Y-%m", 10: "%Y-%m-%d"}
    # a day ahead is still today somewhere
    latest = datetime.now(tz=UTC) + timedelta(days=1)

    dates = {each.id: datetime.strptime(f"{each.date} +0000", f"{forms[len(each.date)]} %z") for each in _statements()}

    assert [name for name, date in dates.items() if date > latest or date.year < 2008] == []


def test_every_statement_has_an_address_without_gaps() -> None:
    address = re.compile(r"https?://[^\s/]+\.[^\s]+")

    actual = [
        each.id
        for each in _statements()
        if not address.fullmatch(each.source.url) or ".." in each.source.url or "…" in each.source.url
    ]

    assert actual == []


def test_every_statement_says_where_it_stands_and_what_was_read() -> None:
    assert [each.id for each in _statements() if not each.read.strip() or not each.place.strip()] == []


def test_every_period_of_a_claim_is_a_month_or_a_year_and_follows_the_one_before() -> None:
    wrong = [
        (claim.id, period)
        for claim in _claims()
        for period in (claim.period, claim.since)
        if period and not is_period(period)
    ]
    backwards = [
        claim.id
        for claim in _claims()
        if claim.since and claim.period and first_month(claim.since) >= first_month(claim.period)
    ]

    assert wrong == []
    assert backwards == []


def test_no_claim_is_of_a_period_that_had_not_begun_when_it_was_made() -> None:
    # a plan is of none of these publications yet
    actual = [
        claim.id
        for claim in _claims()
        if claim.statement is not None
        and claim.period
        and not claim.unpublished
        and first_month(claim.period)[: len(claim.statement.date)] > claim.statement.date
    ]

    assert actual == []


#: What says or hints that somebody meant to. The register says what is so of a figure, never why somebody told it.
INTENT = re.compile(
    r"\b(lie|lies|lied|lying|liars?|misle\w*|deliberate\w*|dishonest\w*|cover(ed|ing|s)?[- ]?up|spin|spun|fraud\w*|"
    r"decei\w*|decept\w*|conceal\w*|hid|hides?|hidden|hiding|knowingly|wilful\w*|intent\w*|intend\w*|cheat\w*|fiddl\w*|"
    r"fudg\w*|massag\w*|whitewash\w*|propaganda|distort\w*|exaggerat\w*|bogus|sham|trick\w*|cherry\W?pick\w*)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "text",
    ["They lied.", "It misleads.", "a cover-up", "Deliberately so", "spin", "fraudulent", "cherry-picked", "Hidden"],
)
def test_word_on_intent_is_seen(text: str) -> None:
    assert INTENT.search(text)


@pytest.mark.parametrize("text", ["believed", "relies", "earlier", "families", "spine", "hiders of a child", "client"])
def test_word_that_only_looks_like_one_on_intent_is_not(text: str) -> None:
    assert not INTENT.search(text)


@pytest.mark.parametrize("field", ["text", "note", "unpublished"])
def test_no_claim_says_anything_of_intent(field: str) -> None:
    found = {claim.id: INTENT.search(getattr(claim, field)) for claim in _claims()}

    assert {name: match[0] for name, match in found.items() if match} == {}


@pytest.mark.parametrize("field", ["place", "read", "correction"])
def test_no_statement_says_anything_of_intent(field: str) -> None:
    found = {each.id: INTENT.search(getattr(each, field)) for each in _statements()}

    assert {name: match[0] for name, match in found.items() if match} == {}


# of whom a figure can be told


def test_every_population_has_phrases_and_no_phrase_means_two() -> None:
    populations = load_default().populations.values()

    assert [each.id for each in populations if not each.phrases] == []
    assert _twice(phrase.casefold().strip() for each in populations for phrase in each.phrases) == []
    assert [phrase for each in populations for phrase in each.phrases if not phrase.strip()] == []
    assert _twice(each.short for each in populations) == []
    assert _twice(each.told for each in populations) == []


def test_every_population_but_the_estimate_from_outside_is_told_with_its_period() -> None:
    actual = {each.id: each.told.count("{period}") for each in load_default().populations.values()}

    assert dict.fromkeys(actual, 1) | {"prevalence": 0} == actual
    # and nothing else is left open
    assert [
        each.id for each in load_default().populations.values() if set(each.told.replace("{period}", "")) & {*"{}"}
    ] == []


def test_the_denominators_are_those_told_of_every_headline_narrowest_first() -> None:
    assert list(load_default().denominators) == [
        "finished_at_caseness",
        "finished",
        "entered_treatment",
        "ended",
        "referred",
    ]


def test_every_count_that_can_be_a_share_is_found_in_some_publication() -> None:
    definitions = load_default()
    named = {name.concept for name in definitions.names if name.statistic == "count"}
    populations = definitions.populations
    # a count is a concept, or a population worked out from some
    concepts = {
        count: populations[count].formula.names if count in populations else (count,) for count in definitions.shares
    }

    assert {count: names for count, names in concepts.items() if not set(names) <= named} == {}


def test_every_share_is_of_some_population_each_once_and_says_what_they_did() -> None:
    shares = load_default().shares.values()

    assert [each.count for each in shares if not each.populations or _twice(each.populations) or not each.did] == []
    assert [each.count for each in shares if each.count in each.populations] == []


def test_no_count_of_england_is_more_than_the_population_it_is_usually_a_share_of() -> None:
    definitions = load_default()
    called = {
        name.measure: name.concept
        for name in definitions.names
        if name.publication == "england_facts" and name.statistic == "count"
    }
    counts: dict[tuple[str, str, str], Fraction] = {}
    for facts in (definitions.facts, definitions.register_facts):
        for fact in facts.rows:
            if fact.judges and fact.measure in called:
                counts[fact.period, fact.breakdown, called[fact.measure]] = Fraction(fact.value)
    # referrals of another period may be among these
    apart = {"ended", "entered_treatment", "second_treatment"}
    compared, more = 0, []
    for (period, breakdown, count), value in counts.items():
        if count not in definitions.shares or count in apart:
            continue
        terms = definitions.populations[definitions.shares[count].populations[0]].formula.terms
        if all((period, breakdown, term.name) in counts for term in terms):
            compared += 1
            if value > sum(term.sign * counts[period, breakdown, term.name] for term in terms):
                more.append((period, breakdown, count))

    assert more == []
    assert compared > 300


# the cited figures that claims are judged on

#: How each printed percentage follows from the counts beside it: what is counted, and of whom, less those taken away.
FOLLOWS = {
    "recovery_pct": ("recovered", ("finished_course", "not_at_caseness")),
    "reliable_recovery_pct": ("reliably_recovered", ("finished_course", "not_at_caseness")),
    "reliable_improvement_pct": ("reliably_improved", ("finished_course",)),
    "first_treatment_wait_lt6wk_pct": ("first_treatment_wait_lt6wk", ("finished_course",)),
    "first_treatment_wait_lt18wk_pct": ("first_treatment_wait_lt18wk", ("finished_course",)),
    "first_to_second_gt28d_pct_secondsession": ("first_to_second_gt28d_secondsession", ("second_treatment",)),
    "first_to_second_gt90d_pct_secondsession": ("first_to_second_gt90d_secondsession", ("second_treatment",)),
    "finished_course_pct_of_ended": ("finished_course", ("ended_referrals",)),
    "self_referral_share": ("self_referrals", ("referrals_received",)),
}


def _follows(tenths: int, numerator: int, denominator: int) -> bool:
    """Return whether a percentage, in tenths, is at most 0.05 from a quotient: all in whole numbers."""
    return 2 * abs(1000 * numerator - tenths * denominator) <= denominator


@pytest.mark.parametrize(
    ("tenths", "numerator", "denominator", "expected"),
    [
        # 46,701 of 108,143 is 43.18%
        (432, 46_701, 108_143, True),
        (431, 46_701, 108_143, False),
        (433, 46_701, 108_143, False),
        # 1 of 2,000 is 0.05%, just between 0.0% and 0.1%
        (0, 1, 2_000, True),
        (1, 1, 2_000, True),
        (2, 1, 2_000, False),
    ],
)
def test_percentage_follows_up_to_half_of_its_last_digit(
    tenths: int, numerator: int, denominator: int, *, expected: bool
) -> None:
    assert _follows(tenths, numerator, denominator) is expected


def _counts() -> dict[tuple[str, str, str], set[int]]:
    counts: dict[tuple[str, str, str], set[int]] = {}
    for fact in load_default().register_facts.rows:
        if fact.statistic == "count":
            counts.setdefault((fact.period, fact.breakdown, fact.measure), set()).add(int(fact.printed))
    return counts


def test_every_printed_percentage_of_the_register_follows_from_the_counts_beside_it() -> None:
    counts = {
        key: count for key, (count, *others) in ((key, sorted(each)) for key, each in _counts().items()) if not others
    }
    percentages = [fact for fact in load_default().register_facts.rows if fact.statistic == "percentage"]

    wrong = []
    for fact in percentages:
        counted, (whole, *less) = FOLLOWS[fact.measure]
        numerator, first, *rest = (counts[fact.period, fact.breakdown, name] for name in (counted, whole, *less))
        whole_part, _, tenth = fact.printed.partition(".")
        if len(tenth) > 1 or not _follows(10 * int(whole_part) + int(tenth or 0), numerator, first - sum(rest)):
            wrong.append((fact.row, fact.period, fact.breakdown, fact.measure, fact.printed))

    assert wrong == []
    assert len(percentages) > 150


def test_two_rows_of_the_register_never_give_one_count_two_ways() -> None:
    assert {key: printed for key, printed in _counts().items() if len(printed) > 1} == {}


def test_every_sum_of_groups_in_the_register_is_the_sum_of_the_rows_beside_it() -> None:
    counts = _counts()
    sums = [
        fact
        for fact in load_default().register_facts.rows
        if fact.confidence == "derived" and fact.breakdown.endswith(" | All")
    ]

    wrong = []
    for fact in sums:
        group = fact.breakdown.removesuffix("All")
        parts = [
            next(iter(printed))
            for (period, breakdown, measure), printed in counts.items()
            if (period, measure) == (fact.period, fact.measure)
            and breakdown.startswith(group)
            and breakdown != fact.breakdown
        ]
        if sum(parts) != int(fact.printed) or f"sum of the {len(parts)} groups" not in fact.note:
            wrong.append((fact.row, fact.printed, parts))

    assert wrong == []
    # five ethnic groups of 2016-17, four counts of each
    assert len(sums) == 20


def test_every_row_of_the_register_has_a_source_an_address_and_its_licence_stands_on_top() -> None:
    facts = load_default().register_facts
    first, _, _ = (definitions_root() / REGISTER_FACTS).read_text(encoding="utf-8").partition("\n")

    assert first.startswith("# Contains public sector information licensed under the Open Government Licence v3.0.")
    address = re.compile(r"https?://[^\s/]+\.[^\s]+")
    wrong = [fact.row for fact in facts.rows if not fact.source.title.strip() or not address.fullmatch(fact.source.url)]
    assert wrong == []
    assert [fact.row for fact in facts.rows if ".." in fact.source.url or not is_period(fact.period)] == []


def test_every_quotient_in_a_note_of_the_register_is_worked_out_rightly() -> None:
    quotient = re.compile(r"([0-9,]+)/([0-9,]+)=([0-9]+)\.([0-9]{2})(?![0-9])")
    found = [
        (fact.row, *(int(each.replace(",", "")) for each in (top, bottom, whole + hundredths)))
        for fact in load_default().register_facts.rows
        for top, bottom, whole, hundredths in quotient.findall(fact.note)
    ]

    assert found
    # to the last of two decimals: 100 of them are one
    assert [row for row, top, bottom, told in found if 2 * abs(10_000 * top - told * bottom) > bottom] == []


# broken claims

INVENTED = "checks/claims/nobody_2024.toml"
SPEAKER = """
[speaker]
name = "Nobody"
kind = "press"
"""
STATEMENT = """
[[statement]]
id = "nobody_2024_made"
date = "2024-11-20"
place = "paragraph 1"
wording_checked = true
read = "written for the test"
page_read = "all"
[statement.source]
title = "Made for the test"
url = "https://example.org/"
"""
CLAIM = """
[[statement.claim]]
id = "recovery"
text = "50.1% recovered in 2023-24."
figure = "50.1%"
measure = "recovery"
population = "finished"
period = "2023-24"
comparison = "is"
"""
CHANGE = """
[[statement.claim]]
id = "more_referrals"
text = "Referrals rose by 3% from 2022-23."
figure = "3%"
measure = "referrals_received"
period = "2023-24"
since = "2022-23"
comparison = "up_percent"
"""
STANDING = """
[[statement.claim]]
id = "half"
text = "The standard of 50% was met in 2023-24."
standard = "recovery_50"
period = "2023-24"
comparison = "met_standard"
"""
SURVEY = """
[[statement.claim]]
id = "against_last_year"
text = "46% of 300 said so, against 40% a year before."
figure = "46%"
against = "40%"
sample = 300
comparison = "differs"
"""
WHOLE = SPEAKER + STATEMENT + CLAIM + CHANGE + STANDING + SURVEY


def _register(root: Path, *texts: str) -> tuple[Claim, ...]:
    """Read a register of our own: the first file as invented above, the others beside it."""
    folder = root / "checks" / "claims"
    folder.mkdir(parents=True)
    for index, text in enumerate(texts):
        name = Path(INVENTED).name if index == 0 else f"nobody_else_{index}_2024.toml"
        (folder / name).write_text(text, encoding="utf-8")
    return read_register([root], load_default())


def _faults(root: Path, *texts: str) -> list[Fault]:
    with pytest.raises(DefinitionError) as caught:
        _register(root, *texts)
    return caught.value.faults


def test_claims_that_are_right_are_read_with_statement_and_speaker(tmp_path: Path) -> None:
    actual = _register(tmp_path, WHOLE)

    assert [claim.id for claim in actual] == [
        "nobody_2024_made/recovery",
        "nobody_2024_made/more_referrals",
        "nobody_2024_made/half",
        "nobody_2024_made/against_last_year",
    ]
    first, change, standing, survey = actual
    assert first.statement is not None
    assert (first.statement.speaker.name, first.statement.speaker.signed, first.statement.wording_checked) == (
        "Nobody",
        False,
        True,
    )
    assert (first.statement.file, first.statement.source.url) == (INVENTED, "https://example.org/")
    assert (first.level, first.org, first.breakdown, first.population) == ("england", "England", "Total", "finished")
    assert (change.since, change.population) == ("2022-23", "")
    assert (standing.standard, standing.figure, standing.measure) == ("recovery_50", "", "")
    assert (survey.against, survey.sample, survey.period) == ("40%", 300, "")


@dataclass(frozen=True, slots=True)
class Broken:
    """One change to the claims above, and the fault that must be told; `alone` says that it is the only one."""

    old: str
    new: str
    place: str
    message: str
    hint: str | None = None
    alone: bool = True


BROKEN = {
    "unknown population": Broken(
        'population = "finished"', 'population = "finishd"', "statement[0].claim[0].population",
        "unknown population `finishd`", "did you mean `finished`?",
    ),
    "unknown measure": Broken(
        'measure = "recovery"', 'measure = "recovry"', "statement[0].claim[0].measure", "unknown measure `recovry`",
        "did you mean `recovery`?",
    ),
    "unknown measure with nothing near": Broken(
        'measure = "recovery"', 'measure = "zzz"', "statement[0].claim[0].measure", "unknown measure `zzz`"
    ),
    "unknown comparison": Broken(
        'comparison = "up_percent"', 'comparison = "up_per_cent"', "statement[0].claim[1].comparison",
        "unknown comparison `up_per_cent`", "did you mean `up_percent`?",
        # that it is none of the closed list may be told too
        alone=False,
    ),
    "unknown standard": Broken(
        'standard = "recovery_50"', 'standard = "recovery_5O"', "statement[0].claim[2].standard",
        "unknown standard `recovery_5O`", "did you mean `recovery_50`?",
    ),
    "figure that is none": Broken(
        'figure = "50.1%"', 'figure = "about half"', "statement[0].claim[0].figure",
        "expected a figure such as 50.8%, 525,000, 1.6 million or 7 in 10, got `about half`",
    ),
    "second figure that is none": Broken(
        'against = "40%"', 'against = "fewer"', "statement[0].claim[3].against",
        "expected a figure such as 50.8%, 525,000, 1.6 million or 7 in 10, got `fewer`",
    ),
    "figure as a number": Broken(
        'figure = "50.1%"', "figure = 50.1", "statement[0].claim[0].figure", "expected text, got `50.1`", alone=False
    ),
    "missing period": Broken(
        'period = "2023-24"\ncomparison = "is"', 'comparison = "is"', "statement[0].claim[0].period",
        "expected a period for `is`, got nothing", "such as 2024-25",
    ),
    "missing period of a standing": Broken(
        'period = "2023-24"\ncomparison = "met_standard"', 'comparison = "met_standard"',
        "statement[0].claim[2].period", "expected a period for `met_standard`, got nothing", "such as 2024-25",
    ),
    "missing figure": Broken(
        'figure = "50.1%"\n', "", "statement[0].claim[0].figure", "expected a figure for `is`, got nothing",
        "such as 50.8%",
    ),
    "missing figure of a change": Broken(
        'figure = "3%"\n', "", "statement[0].claim[1].figure", "expected a figure for `up_percent`, got nothing",
        "such as 50.8%",
    ),
    "missing figure of a survey": Broken(
        'figure = "46%"\n', "", "statement[0].claim[3].figure", "expected a figure for `differs`, got nothing",
        "such as 50.8%",
    ),
    "missing measure": Broken(
        'measure = "recovery"\n', "", "statement[0].claim[0].measure", "expected a measure for `is`, got nothing",
        "such as recovery",
    ),
    "missing standard": Broken(
        'standard = "recovery_50"\n', "", "statement[0].claim[2].standard",
        "expected a standard for `met_standard`, got nothing",
    ),
    "missing text": Broken(
        'text = "50.1% recovered in 2023-24."\n', "", "statement[0].claim[0].text", "expected text, got nothing"
    ),
    "period that is none": Broken(
        'period = "2023-24"', 'period = "2023/24"', "statement[0].claim[0].period",
        "expected a period such as 2024-25 or 2026-02, got `2023/24`",
    ),
    "statement without wording_checked": Broken(
        "wording_checked = true\n", "", "statement[0].wording_checked", "expected true or false, got nothing"
    ),
    "statement whose wording is checked in words": Broken(
        "wording_checked = true", 'wording_checked = "yes"', "statement[0].wording_checked",
        "expected true or false, got `yes`",
    ),
    "statement that does not say what was read": Broken(
        'read = "written for the test"\n', "", "statement[0].read", "expected text, got nothing"
    ),
    "statement that does not say how far its page was read": Broken(
        'page_read = "all"\n', "", "statement[0].page_read", "expected text, got nothing"
    ),
    "statement whose page was read in another way": Broken(
        'page_read = "all"', 'page_read = "begining"', "statement[0].page_read",
        "expected one of `all`, `to_a_place`, `beginning`, `not_read`, got `begining`", "did you mean `beginning`?",
    ),
    "wording that was checked on a page that was not read": Broken(
        'page_read = "all"', 'page_read = "not_read"', "statement[0].page_read",
        "expected how far the page was read, since its wording was checked, got `not_read`",
    ),
    "what the page says elsewhere of an unknown measure": Broken(
        "\n[[statement.claim]]",
        '\n[[statement.elsewhere]]\ntext = "Of whom."\nmeasure = "recovry"\n[[statement.claim]]',
        "statement[0].elsewhere[0].measure", "unknown measure `recovry`", "did you mean `recovery`?",
    ),
    "what the page says elsewhere of an unknown population": Broken(
        "\n[[statement.claim]]",
        '\n[[statement.elsewhere]]\ntext = "Of whom."\npopulation = "finishd"\n[[statement.claim]]',
        "statement[0].elsewhere[0].population", "unknown population `finishd`", "did you mean `finished`?",
    ),
    "what the page says elsewhere without words": Broken(
        "\n[[statement.claim]]", '\n[[statement.elsewhere]]\npopulation = "finished"\n[[statement.claim]]',
        "statement[0].elsewhere[0].text", "expected text, got nothing",
    ),
    "statement of no date": Broken(
        'date = "2024-11-20"', 'date = "20 Nov 2024"', "statement[0].date",
        "expected a day, a month or a year such as 2018-11-20, got `20 Nov 2024`",
    ),
    "statement without a source": Broken(
        "[statement.source]", "[statement.sauce]", "statement[0].source", "expected a table, got nothing", alone=False
    ),
    "statement without an address": Broken(
        'url = "https://', 'url = "in print, https://', "statement[0].source.url",
        "expected a web address, got `in print, https://example.org/`",
    ),
    "speaker of an unknown kind": Broken(
        'kind = "press"', 'kind = "pres"', "speaker.kind",
        "expected one of `publisher`, `government`, `parliament`, `press`, `researchers`, `service`, `charity`, "
        "`campaign`, `company`, got `pres`",
        "did you mean `press`?",
    ),
    "unknown key of a claim": Broken(
        'population = "finished"', 'populaton = "finished"', "statement[0].claim[0].populaton",
        "unknown key `populaton`", "did you mean `population`?",
    ),
    "unknown key of a statement": Broken(
        'place = "paragraph 1"', 'plaice = "paragraph 1"', "statement[0].plaice", "unknown key `plaice`",
        "did you mean `place`?",
    ),
    "unknown key of a speaker": Broken(
        'kind = "press"', 'kind = "press"\nsined = true', "speaker.sined", "unknown key `sined`",
        "did you mean `signed`?",
    ),
    "unknown key of figures on the same page": Broken(
        CHANGE, '[statement.claim.own]\nnumerater = "1"\n' + CHANGE, "statement[0].claim[0].own.numerater",
        "unknown key `numerater`", "did you mean `numerator`?",
    ),
    "claim twice": Broken(
        'id = "more_referrals"', 'id = "recovery"', "statement[0].claim[1].id",
        "the id `nobody_2024_made/recovery` is given twice",
    ),
    "statement twice": Broken(
        "", STATEMENT + CLAIM.replace('id = "recovery"', 'id = "again"'),
        "statement[1].id", "the id `nobody_2024_made` is given twice",
    ),
    "hedge that is none": Broken(
        'period = "2023-24"', 'period = "2023-24"\nhedge = "abuot"', "statement[0].claim[0].hedge",
        "expected one of `about`, `nearly`, `just_over`, `at_least`, `more_than`, `at_most`, `less_than`, got `abuot`",
        "did you mean `about`?",
    ),
    "level that is none": Broken(
        'period = "2023-24"', 'period = "2023-24"\nlevel = "provder"', "statement[0].claim[0].level",
        "expected one of `england`, `region`, `stp`, `icb`, `ccg`, `sub_icb`, `provider`, `pair`, got `provder`",
        "did you mean `provider`?",
    ),
    "sample in words": Broken(
        "sample = 300", 'sample = "300"', "statement[0].claim[3].sample", "expected a whole number, got `300`"
    ),
}  # fmt: skip


def _broken(broken: Broken) -> str:
    assert broken.old in WHOLE
    return WHOLE.replace(broken.old, broken.new, 1) if broken.old else WHOLE + broken.new


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_broken_claim_is_told_with_file_place_message_and_near_miss(broken: Broken, tmp_path: Path) -> None:
    actual = _faults(tmp_path, _broken(broken))

    expected = Fault(INVENTED, broken.place, broken.message, broken.hint)
    assert expected in actual
    if broken.alone:
        assert [expected] == actual


def test_claim_twice_in_two_files_is_told_in_the_later(tmp_path: Path) -> None:
    actual = _faults(tmp_path, SPEAKER + STATEMENT + CLAIM, SPEAKER + STATEMENT + CLAIM)

    later = "checks/claims/nobody_else_1_2024.toml"
    assert actual == [
        Fault(later, "statement[0].claim[0].id", "the id `nobody_2024_made/recovery` is given twice"),
        Fault(later, "statement[0].id", "the id `nobody_2024_made` is given twice"),
    ]


def test_faults_of_two_files_of_claims_are_told_at_once(tmp_path: Path) -> None:
    first = WHOLE.replace('measure = "recovery"', 'measure = "recovry"')
    second = WHOLE.replace("nobody_2024_made", "nobody_else_2024_made").replace('figure = "3%"', 'figure = "more"')

    assert _faults(tmp_path, first, second) == [
        Fault(INVENTED, "statement[0].claim[0].measure", "unknown measure `recovry`", "did you mean `recovery`?"),
        Fault(
            "checks/claims/nobody_else_1_2024.toml",
            "statement[0].claim[1].figure",
            "expected a figure such as 50.8%, 525,000, 1.6 million or 7 in 10, got `more`",
        ),
    ]


def test_claim_that_these_publications_do_not_hold_needs_neither_measure_nor_period(tmp_path: Path) -> None:
    unpublished = """
[[statement.claim]]
id = "waits_of_nine_weeks"
text = "Half wait nine weeks."
figure = "50%"
unpublished = "No median is published."
"""

    (actual,) = _register(tmp_path, SPEAKER + STATEMENT + unpublished)

    assert (actual.measure, actual.period, actual.comparison) == ("", "", "is")
    assert actual.unpublished == "No median is published."


# a file of one's own claims


def test_claims_of_ones_own_need_no_statement(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text((CLAIM + CHANGE).replace("[[statement.claim]]", "[[claim]]"), encoding="utf-8")

    actual = read_claims(file, load_default())

    assert [(claim.id, claim.statement) for claim in actual] == [("recovery", None), ("more_referrals", None)]


def test_claims_of_ones_own_may_stand_in_the_form_of_the_register(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(WHOLE, encoding="utf-8")

    actual = read_claims(file, load_default())

    assert len(actual) == 4
    assert {claim.statement.speaker.name for claim in actual if claim.statement} == {"Nobody"}


OWN = {
    name: broken
    for name, broken in BROKEN.items()
    if broken.place.startswith(("statement[0].claim[0].", "statement[0].claim[1].")) and name != "claim twice"
}


@pytest.mark.parametrize("broken", OWN.values(), ids=list(OWN))
def test_broken_claim_of_ones_own_is_told_in_the_same_words(broken: Broken, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    _, _, claims = _broken(broken).partition(STATEMENT)
    file.write_text(claims.replace("[[statement.claim]]", "[[claim]]").replace("[statement.", "["), encoding="utf-8")

    with pytest.raises(DefinitionError) as caught:
        read_claims(file, load_default())

    expected = Fault(str(file), broken.place.removeprefix("statement[0]."), broken.message, broken.hint)
    assert expected in caught.value.faults
    if broken.alone:
        assert [expected] == caught.value.faults


def test_claim_of_ones_own_given_twice_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text((CLAIM + CLAIM).replace("[[statement.claim]]", "[[claim]]"), encoding="utf-8")

    with pytest.raises(DefinitionError) as caught:
        read_claims(file, load_default())

    assert caught.value.faults == [Fault(str(file), "claim[1].id", "the id `recovery` is given twice")]


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (None, "file", "expected a file of claims, got No such file or directory"),
        (b"", "claim", "expected a list, got nothing"),
        (b"claim = []\n", "claim", "expected at least one `[[claim]]`, got nothing"),
        (b"claim = [1]\n", "claim[0]", "expected a table, got `1`"),
        (b"claims = []\n", "claims", "unknown key `claims`"),
        (b"[[claim]\n", "file", "expected TOML, got "),
        (b"# \xff\n", "file", "expected TOML, got "),
    ],
    ids=["absent", "empty", "no claim", "number", "other key", "broken", "other encoding"],
)
def test_file_without_claims_is_told(content: bytes | None, place: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(DefinitionError) as caught:
        read_claims(file, load_default())

    assert (str(file), place, message) in [
        (fault.file, fault.place, fault.message[: len(message)]) for fault in caught.value.faults
    ]


def test_everything_wrong_with_a_claim_is_told_at_once() -> None:
    claim = Claim("mine", "Made for the test.", "is", figure="most", measure="recovry", population="finishd")

    assert faults_of(claim, load_default()) == [
        ("measure", "unknown measure `recovry`", "did you mean `recovery`?"),
        ("population", "unknown population `finishd`", "did you mean `finished`?"),
        ("figure", "expected a figure such as 50.8%, 525,000, 1.6 million or 7 in 10, got `most`", None),
        ("period", "expected a period for `is`, got nothing", "such as 2024-25"),
    ]


def test_shipped_claims_have_no_fault_of_their_own() -> None:
    assert [claim.id for claim in _claims() if faults_of(claim, load_default())] == []
