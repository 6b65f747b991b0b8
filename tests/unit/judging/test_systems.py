from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from audits.test_told_together import AGES, DEFINITIONS, JOINT, annual
from properties.publisher import SUPPRESSED, Disclosure, Organisation, monthly_csv
from unit.constraints.test_joint import context_of

from iapt_audit.constraints import joint as joint_module
from iapt_audit.judging.rates import judge_rates
from iapt_audit.judging.systems import Proven, judge_systems
from iapt_audit.outputs.documents.audit import document
from iapt_audit.outputs.documents.json_text import to_json
from iapt_audit.pipeline import audit
from iapt_audit.solver import decide as decide_module
from iapt_audit.solver.cp_sat import UndecidedError, _cp_model
from iapt_audit.solver.search import Searched, components

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from unit.solver.drawn import Ints

    from iapt_audit.constraints.context import Context
    from iapt_audit.solver.linear import Linear


def proven(path: Path) -> tuple[Context, Proven]:
    context = context_of(path)
    return context, judge_systems(context, judge_rates(context).found)


def monthly(folder: Path, *organisations: Mapping[str, str]) -> tuple[Context, Proven]:
    path = folder / "month.csv"
    some = [Organisation(f"X{at}", Disclosure.LOCAL, printed) for at, printed in enumerate(organisations)]
    path.write_text(monthly_csv(some), encoding="utf-8")
    return proven(path)


def tighter(context: Context, found: Proven) -> dict[str, tuple[int, int]]:
    names = context.cells["measure"].to_list()
    pairs = zip(found.least.tolist(), found.most.tolist(), strict=True)
    return dict(zip([names[at] for at in found.tighter], pairs, strict=True))


#: 98 to 102 are the parts 48 to 52 and 43 to 47: so 98 to 99, and the parts 51 to 52 and 46 to 47.
TIGHT = {"M076": "100", "M273": "50", "M274": "45"}


def test_published_counts_narrow_each_other(tmp_path: Path) -> None:
    assert tighter(*monthly(tmp_path, TIGHT)) == {"M076": (98, 99), "M273": (51, 52), "M274": (46, 47)}


@pytest.mark.parametrize("hidden", TIGHT)
def test_no_rule_that_a_suppressed_count_is_in_narrows_anything(hidden: str, tmp_path: Path) -> None:
    # inside, 0 to 4 would narrow the others: 50 = 45 + 0 to 4 says 48 to 51
    printed = {"M076": "50", "M273": "45", "M274": "45"} | {"M076": "50"} | {hidden: SUPPRESSED}

    assert tighter(*monthly(tmp_path, printed)) == {}


def test_no_part_of_a_whole_that_is_suppressed_narrows_it(tmp_path: Path) -> None:
    def told(*counts: str) -> dict[str, tuple[int, int]]:
        rows = [{**each, "Count_FinishedCourseTreatment": text} for each, text in zip(AGES, counts, strict=True)]
        return tighter(*proven(annual(tmp_path, *rows)))

    # 98 to 102 of 93 to 97 and, inside, 0 to 4: so at most 101
    assert told("100", "95", "*") == {}
    # of 93 to 97 and 8 to 12, which are no more than the whole: so at least 101
    assert told("100", "95", "10") != {}


def test_a_suppressed_part_keeps_the_other_parts_from_being_narrowed_too(tmp_path: Path) -> None:
    def told(*counts: str) -> dict[str, tuple[int, int]]:
        ages = [*AGES, {**AGES[2], "VariableA": "Unknown"}]
        rows = [{**each, "Count_FinishedCourseTreatment": text} for each, text in zip(ages, counts, strict=False)]
        return tighter(*proven(annual(tmp_path, *rows)))

    # 58 to 62 and 43 to 47 are no more than 98 to 102: so at most 59 and 44, and at least 101
    assert told("100", "60", "45") != {}
    # the same with 0 to 4 more, which is in the rule
    assert told("100", "60", "45", "*") == {}


def test_what_contradicts_itself_narrows_nothing(tmp_path: Path) -> None:
    context, found = monthly(tmp_path, JOINT | TIGHT, TIGHT)

    assert {context.cells["org_code"][int(at)] for at in found.tighter} == {"X1"}


def test_what_a_breakdown_row_contradicts_narrows_nothing_of_its_organisation(tmp_path: Path) -> None:
    wrong = {**AGES[1], "Count_Recovery": "60", "Count_NotAtCaseness": "40"}
    off = {**AGES[2], "Count_FinishedCourseTreatment": "65"}
    context, found = proven(annual(tmp_path, AGES[0], AGES[1], off))
    assert "FinishedCourseTreatment" in tighter(context, found)

    assert tighter(*proven(annual(tmp_path, AGES[0], wrong, off))) == {}


def test_bounds_told_together_are_those_that_were_narrowed(tmp_path: Path) -> None:
    context, found = monthly(tmp_path, TIGHT)
    together = found.together(context.arrays)

    assert (together.low.tolist(), together.high.tolist()) == ([98, 51, 46], [99, 52, 47])
    # and the file's own are as they were
    assert (context.arrays.low.tolist(), context.arrays.high.tolist()) == ([98, 48, 43], [102, 52, 47])


def test_systems_are_counted_by_how_they_were_decided(tmp_path: Path) -> None:
    _, found = monthly(tmp_path, TIGHT, JOINT, {"M036": "10", "M037": "100"})
    tally = found.tally

    assert tally.contradicted == len(found.findings) == 1
    assert tally.undecided == 0
    # the last has no rule that its bounds could break, and is decided by them
    assert tally.narrowed + tally.searched + tally.solved == 3


def test_what_is_too_hard_to_tell_is_counted_and_never_accused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def settles_nothing(given: Linear, least: Ints, most: Ints, start: Ints) -> Searched:
        return Searched(start, replace(given, system=components(given, least, most)))

    def refuses(*_: object) -> None:
        raise UndecidedError

    monkeypatch.setattr(decide_module, "search", settles_nothing)
    monkeypatch.setattr(decide_module, "solution", refuses)
    _, found = monthly(tmp_path, TIGHT)

    assert (found.tally.undecided, found.tally.contradicted, found.findings) == (1, 0, [])
    assert found.tally.unsolved == 0


def test_a_system_left_to_a_solver_that_is_not_installed_is_undecided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settles_nothing(given: Linear, least: Ints, most: Ints, start: Ints) -> Searched:
        return Searched(start, replace(given, system=components(given, least, most)))

    monkeypatch.setattr(decide_module, "search", settles_nothing)
    for name in ("ortools", "ortools.sat", "ortools.sat.python"):
        monkeypatch.setitem(sys.modules, name, None)
    _cp_model.cache_clear()
    _, found = monthly(tmp_path, TIGHT)

    assert (found.tally.undecided, found.tally.unsolved) == (1, 1)
    assert (found.tally.contradicted, found.findings) == (0, [])


def test_files_judged_at_once_are_judged_as_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"M031": "100", "M032": "40", "M033": "30", "M034": "20", "M035": "30"}
    for month, printed in enumerate((JOINT, wrong, TIGHT | wrong), start=4):
        text = monthly_csv(
            [Organisation("X1", Disclosure.LOCAL, printed)], f"2025-{month:02}-01", f"2025-{month:02}-28"
        )
        (tmp_path / f"month-{month}.csv").write_text(text, encoding="utf-8")
    # the second and third are of the same period, and the rules across breakdowns are broken in both
    annual(tmp_path, *AGES)
    for name, count in (("again", "30"), ("and again", "20")):
        (tmp_path / name).mkdir()
        annual(tmp_path / name, *AGES[:2], {**AGES[2], "Count_FinishedCourseTreatment": count})

    def told() -> str:
        return to_json(document(audit([tmp_path], DEFINITIONS)))

    at_once = told()
    monkeypatch.setattr(joint_module, "_AT_ONCE", 1)

    assert at_once == told()
    assert at_once.count('"figures-contradicted"') + at_once.count('"identity-contradicted"') > 4


def test_nothing_in_nothing_out(tmp_path: Path) -> None:
    _, found = monthly(tmp_path, {"M001": "100"})

    assert (found.findings, found.tighter.tolist()) == ([], [])
