"""The rules between counts: what ships, and what is told when one of them is broken; broken rows were invented."""

import re
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from iapt_audit.definitions import Bands, Definitions, Identity, LevelSum, Parts, RowRule, load, load_default
from iapt_audit.definitions.resources import definitions_root
from iapt_audit.errors.base import DefinitionError, Fault
from iapt_audit.outputs.documents.audit import document
from iapt_audit.pipeline import audit_facts

MONTHLY = "checks/identities/monthly_activity.toml"
ANNUAL = "checks/identities/annual_main.toml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("schemas", "checks"):
        shutil.copytree(definitions_root() / folder, tmp_path / folder)
    return tmp_path


def _edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _entry(root: Path, file: str, text: str) -> str:
    """Return the place of the entry in which some text first stands, as faults name it."""
    before = (root / file).read_text(encoding="utf-8").partition(text)[0]
    kind = re.findall(r"(?m)^\[\[(\w+)\]\]$", before)
    return f"{kind[-1]}[{kind.count(kind[-1]) - 1}]"


def _faults(root: Path) -> list[Fault]:
    with pytest.raises(DefinitionError) as caught:
        load(root)
    return caught.value.faults


def test_identities_load_by_publication_and_by_how_sure_they_are() -> None:
    actual = Counter((each.publication, each.holds) for each in load_default().identities)

    assert actual == {
        ("monthly_activity", "always"): 85,
        ("monthly_activity", "nearly"): 25,
        ("annual_main", "always"): 6,
        ("therapy_outcomes", "always"): 4,
        ("therapy_outcomes", "nearly"): 1,
    }


def test_the_other_kinds_of_rule_load_by_publication() -> None:
    definitions = load_default()

    assert Counter((each.publication, each.relation) for each in definitions.parts) == {
        ("annual_main", "sum"): 13,
        ("annual_main", "at_least"): 3,
        ("annual_main", "each"): 3,
        ("annual_main", "at_most"): 1,
    }
    assert Counter((each.publication, each.relation) for each in definitions.rows) == {
        ("annual_main", "<="): 5,
        ("annual_main", "="): 1,
        ("therapy_outcomes", "<="): 1,
        ("therapy_outcomes", "="): 1,
    }
    assert [(each.count, each.mean, each.median, len(each.cuts), each.holds) for each in definitions.bands] == [
        ("M031", "", "M049", 5, "always"),
        ("M031", "M048", "", 5, "nearly"),
        ("M076", "", "M051", 2, "always"),
        ("M076", "M050", "", 2, "nearly"),
        ("M076", "M141", "M142", 0, "always"),
    ]
    assert Counter(each.publication for each in definitions.level_sums) == dict.fromkeys(
        ("monthly_activity", "annual_main", "therapy_outcomes"), 6
    )


def _all(definitions: Definitions) -> tuple[Identity | Parts | RowRule | Bands | LevelSum, ...]:
    return (
        *definitions.identities,
        *definitions.parts,
        *definitions.rows,
        *definitions.bands,
        *definitions.level_sums,
    )


def test_every_identity_has_its_source_and_says_why_it_follows() -> None:
    actual = [
        each.id
        for each in _all(load_default())
        if not (each.title and each.construction and each.source.title and each.source.url and each.source.reviewed)
    ]

    assert actual == []


def test_an_id_stands_for_one_rule_only() -> None:
    definitions = load_default()
    ids = [*definitions.rates, *definitions.standards, *(each.id for each in _all(definitions))]

    assert sorted(set(ids)) == sorted(ids)


def test_no_rule_is_given_twice_under_other_ids() -> None:
    written = Counter((each.publication, each.definition) for each in _all(load_default()))

    assert [rule for rule, times in written.items() if times > 1] == []


def test_no_sum_is_asserted_that_the_publisher_s_figures_do_not_keep_to() -> None:
    # the unpaired are in no outcome, some are of neither case, some sources and attendance codes are in no count
    asserted = {
        frozenset((side.names[0], other.names))
        for each in load_default().identities
        if each.rule.relation == "="
        for side, other in ((each.rule.left, each.rule.right), (each.rule.right, each.rule.left))
        if len(side.names) == 1
    }

    for whole, parts in (
        ("M076", ("M185", "M187", "M189")),
        ("M076", ("M275", "M283", "M179")),
        ("M001", tuple(f"M{number:03}" for number in range(2, 19) if number not in {15, 16})),
        ("M082", ("M083", "M084", "M085", "M086", "M087", "M088")),
    ):
        assert frozenset((whole, parts)) not in asserted


def test_the_rules_of_the_audit_hold_every_identity_with_its_title_and_how_sure_it_is() -> None:
    definitions = load_default()
    told = document(audit_facts(definitions))["rules"]

    assert [each.title for each in definitions.identities] == [
        told[each.id]["title"] for each in definitions.identities
    ]
    assert told["first_treatments_by_wait"]["definition"] == "M031 = M032 + M033 + M034 + M035"
    assert told["first_treatments_by_wait"]["severity"] == "error"
    assert told["ended_by_treatments"]["severity"] == "note"


# the rows of a breakdown


def _parts(name: str) -> Parts:
    return next(each for each in load_default().parts if each.id == name)


COMPLAINTS = (
    "Total",
    "Presenting Complaint | All ADSM | Total",
    "Presenting Complaint | Anxiety | All",
    "Presenting Complaint | Anxiety | Agoraphobia",
    "Presenting Complaint | Anxiety | Social phobias",
    "Presenting Complaint | Depression",
    "Presenting Complaint | Unexplained | Fatigue",
    "Presenting Complaint | Unexplained | Bowel",
    "Gender | Female",
)


def test_parts_take_the_row_of_all_of_a_branch_or_else_each_of_its_rows() -> None:
    actual = _parts("annual_parts_complaint").groups(COMPLAINTS)

    parts = (
        "Presenting Complaint | Anxiety | All",
        "Presenting Complaint | Depression",
        "Presenting Complaint | Unexplained | Bowel",
        "Presenting Complaint | Unexplained | Fatigue",
    )
    assert actual == (("Total", parts),)


def test_details_are_parts_of_the_row_of_all_of_their_branch() -> None:
    actual = _parts("annual_parts_complaint_details").groups(COMPLAINTS)

    parts = ("Presenting Complaint | Anxiety | Agoraphobia", "Presenting Complaint | Anxiety | Social phobias")
    assert actual == (("Presenting Complaint | Anxiety | All", parts),)


def test_parts_that_a_file_does_not_have_are_no_group() -> None:
    assert _parts("annual_parts_religion").groups(COMPLAINTS) == ()


def test_rows_are_named_in_full_for_each_text_they_begin_with_and_without_others_are_of_the_total() -> None:
    rows = {each.id: each for each in load_default().rows}

    waits = rows["annual_waits_28_days_within_6_weeks"].cases()
    assert waits[1] == (
        ("Waiting Time | Accessing services | <=28 days",),
        ("Waiting Time | Accessing services | <6 weeks",),
    )
    assert {many for _, many in rows["annual_waits_among_finished"].cases()} == {("Total",)}


# broken rules


@dataclass(frozen=True, slots=True)
class Broken:
    """
    One change to one shipped file, and the fault that must be told, the only one.

    `place` is a key of the entry that is changed, or one of the file if it begins with a stroke.
    """

    old: str
    new: str
    place: str
    message: str
    hint: str | None = None
    file: str = MONTHLY


FIRST = 'rule = "M023 = M024 + M025 + M026 + M027"'
SECOND = 'rule = "M031 = M032 + M033 + M034 + M035"'

BROKEN = {
    "unknown measure": Broken(
        FIRST, 'rule = "M023 = M024 + M9999"', "rule", "unknown count `M9999` of `monthly_activity`",
        "did you mean `M199`?",
    ),
    "measure that is no count": Broken(
        FIRST, 'rule = "M023 = M024 + M192"', "rule", "expected a count, got `M192`, a percentage"
    ),
    "measure on both sides": Broken(
        FIRST, 'rule = "M023 = M024 + M023"', "rule", "the measure `M023` stands on both sides"
    ),
    "measure twice": Broken(
        FIRST, 'rule = "M023 = M024 + M024"', "rule", "the name `M024` stands twice"
    ),
    "no comparison": Broken(FIRST, 'rule = "M023"', "rule", "expected one `=` or `<=`, got 0"),
    "a number": Broken(
        FIRST, 'rule = "M023 = 2"', "rule", "expected a name at character 8, got `2`"
    ),
    "Python": Broken(
        FIRST, """rule = "M023 = __import__('os')" """, "rule",
        "expected a name at character 8, got `_`",
    ),
    "no rule": Broken(FIRST, "", "rule", "expected text, got nothing"),
    "id twice": Broken(
        'id = "first_treatments_by_wait"', 'id = "first_assessments_by_wait"', "id",
        "the id `first_assessments_by_wait` is given twice",
    ),
    "id of a rate": Broken(
        'id = "first_treatments_by_wait"', 'id = "recovery"', "id", "the id `recovery` is given twice"
    ),
    "id of a standard": Broken(
        'id = "first_treatments_by_wait"', 'id = "recovery_50"', "id",
        "the id `recovery_50` is given twice",
    ),
    "sure in an unknown way": Broken(
        'holds = "always"', 'holds = "alwais"', "holds",
        "expected one of `always`, `nearly`, got `alwais`", "did you mean `always`?",
    ),
    "no construction": Broken(
        'construction = "The four', 'construction = ""\n# "The four', "construction",
        "expected text, got an empty one",
    ),
    "unknown key": Broken(
        'holds = "always"', 'holds = "always"\ntitel = "again"', "titel", "unknown key `titel`",
        "did you mean `title`?",
    ),
    "id of a rule of another kind": Broken(
        'id = "annual_parts_age"', 'id = "annual_waits_among_finished"', "/rows[0].id",
        "the id `annual_waits_among_finished` is given twice", file=ANNUAL,
    ),
    "parts in an unknown relation": Broken(
        'relation = "at_most"', 'relation = "at_mots"', "relation",
        "expected one of `sum`, `at_most`, `at_least`, `each`, got `at_mots`", "did you mean `at_most`?", file=ANNUAL,
    ),
    "parts of an unknown whole": Broken(
        'of = "branch"', 'of = "brunch"', "of", "expected one of `total`, `branch`, got `brunch`",
        "did you mean `branch`?", file=ANNUAL,
    ),
    "parts of a branch without the names of its wholes": Broken(
        'of = "branch"\nwholes = ["All"]', 'of = "branch"', "wholes",
        "expected the names of the rows that are wholes, got nothing", file=ANNUAL,
    ),
    "parts since no period": Broken(
        'first_period = "2017-18"', 'first_period = "2017"', "first_period",
        "expected a period such as 2024-25 or 2026-02, got `2017`", file=ANNUAL,
    ),
    "rows of nothing": Broken(
        'few = ["<=28 days"]', "few = []", "few", "expected a list of texts, got nothing", file=ANNUAL
    ),
    "row on both sides": Broken(
        'many = ["<6 weeks"]', 'many = ["<=28 days"]', "many", "the row `<=28 days` stands on both sides", file=ANNUAL
    ),
    "bands of a mean that is none": Broken(
        'median = "M049"', 'mean = "M049"', "mean", "expected a mean, got `M049`, a median"
    ),
    "bands without a count": Broken(
        'count = "M031"\n', "", "count", "expected text, got nothing"
    ),
    "bands that go down": Broken(
        "up_to = 42", "up_to = 28", "/bands[0].cut[1].up_to", "expected more than `28`, the one before, got `28`"
    ),
    "band of an unknown count": Broken(
        'count = "M036" }', 'count = "M036 + M9999" }', "/bands[0].cut[1].count",
        "unknown count `M9999` of `monthly_activity`", "did you mean `M199`?",
    ),
    "band that compares": Broken(
        'count = "M036" }', 'count = "M036 <= M037" }', "/bands[0].cut[1].count", "expected a sum, got a comparison"
    ),
    "sum of an unknown level": Broken(
        'level = "provider"', 'level = "providor"', "level",
        "expected one of `region`, `stp`, `icb`, `ccg`, `sub_icb`, `provider`, `pair`, got `providor`",
        "did you mean `provider`?",
    ),
    "unknown table": Broken(
        "[[identity]]", "[[identty]]\n[[identity]]", "/identty", "unknown key `identty`", "did you mean `identity`?"
    ),
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_broken_rule_is_told_with_file_place_message_and_near_miss(broken: Broken, copy: Path) -> None:
    place = broken.place.removeprefix("/")
    if place == broken.place:
        place = f"{_entry(copy, broken.file, broken.old)}.{place}"
    _edit(copy, broken.file, broken.old, broken.new)

    actual = _faults(copy)

    assert [Fault(broken.file, place, broken.message, broken.hint)] == actual


def test_file_named_for_an_unknown_publication_is_told_once(copy: Path) -> None:
    (copy / MONTHLY).rename(copy / "checks/identities/monthly_activty.toml")

    actual = _faults(copy)

    message = "unknown publication `monthly_activty`"
    expected = Fault("checks/identities/monthly_activty.toml", "file", message, "did you mean `monthly_activity`?")
    assert [expected] == actual


def test_faults_of_several_rules_are_told_at_once(copy: Path) -> None:
    places = [f"{_entry(copy, MONTHLY, text)}.rule" for text in (FIRST, SECOND)]
    _edit(copy, MONTHLY, FIRST, 'rule = "M023"')
    _edit(copy, MONTHLY, SECOND, 'rule = "M9999 = M032"')

    assert places == [fault.place for fault in _faults(copy)]


def test_rules_of_a_user_are_added_to_those_that_ship(tmp_path: Path) -> None:
    own = tmp_path / MONTHLY
    own.parent.mkdir(parents=True)
    own.write_text(
        '[source]\ntitle = "Made for the test"\nurl = "https://example.org/"\n'
        '[[identity]]\nid = "own"\ntitle = "Self-referrals are referrals"\nholds = "nearly"\nrule = "M002 <= M001"\n'
        'construction = "Invented"\n',
        encoding="utf-8",
    )

    actual = load(definitions_root(), tmp_path).identities

    assert len(actual) == len(load_default().identities) + 1
    assert [each.source.url for each in actual if each.id == "own"] == ["https://example.org/"]


def test_a_suppressed_count_is_the_last_to_be_doubted() -> None:
    weights = load_default().weights

    assert weights.suppressed > weights.count
    assert weights.suppressed > weights.rate
    assert weights.source.url


def test_a_weight_below_0_is_a_fault(copy: Path) -> None:
    _edit(copy, "checks/blame/weights.toml", "count = 1", "count = -1")

    with pytest.raises(DefinitionError) as raised:
        load(copy)

    assert [fault.message for fault in raised.value.faults] == ["expected a number of 0 or more, got `-1`"]
