"""The rules between counts: what ships, and what is told when one of them is broken; broken rows were invented."""

import re
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from iapt_audit.audit import audit_facts
from iapt_audit.definitions import load, load_default
from iapt_audit.document import document
from iapt_audit.errors import DefinitionError, Fault
from iapt_audit.resources import definitions_root

MONTHLY = "checks/identities/monthly_activity.toml"


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
    """Give the place of the entry in which some text first stands, as faults name it."""
    before = (root / file).read_text(encoding="utf-8").partition(text)[0]
    kind = re.findall(r"(?m)^\[\[(\w+)\]\]$", before)
    return f"{kind[-1]}[{kind.count(kind[-1]) - 1}]"


def _faults(root: Path) -> list[Fault]:
    with pytest.raises(DefinitionError) as caught:
        load(root)
    return caught.value.faults


def test_identities_load_by_publication_and_by_how_sure_they_are() -> None:
    actual = Counter((each.publication, each.holds) for each in load_default().identities)

    assert actual == {("monthly_activity", "always"): 91, ("monthly_activity", "nearly"): 6}


def test_every_identity_has_its_source_and_says_why_it_follows() -> None:
    actual = [
        each.id
        for each in load_default().identities
        if not (each.title and each.construction and each.source.title and each.source.url and each.source.reviewed)
    ]

    assert actual == []


def test_an_id_stands_for_one_rule_only() -> None:
    definitions = load_default()
    ids = [*definitions.rates, *definitions.standards, *(each.id for each in definitions.identities)]

    assert sorted(set(ids)) == sorted(ids)


def test_no_rule_is_given_twice_under_other_ids() -> None:
    written = Counter((each.publication, str(each.rule)) for each in load_default().identities)

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
