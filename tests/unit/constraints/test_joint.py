"""What is written down of a file: each constraint by its rule, its measures and the figure that makes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import polars as pl
import pytest
from audits.test_told_together import AGES, annual, row
from properties.publisher import SUPPRESSED, UNDEFINED, Disclosure, Organisation, monthly_csv

from iapt_audit.constraints import joint as joint_module
from iapt_audit.constraints.context import Context
from iapt_audit.constraints.joint import Compiler, signed
from iapt_audit.definitions import load_default
from iapt_audit.definitions.expressions import parse_comparison
from iapt_audit.ingest.ingest import ingest
from iapt_audit.judging.rates import judge_rates
from iapt_audit.model.inputs import Part
from iapt_audit.read import Place
from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.linear import NO_FIGURE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from iapt_audit.constraints.joint import Joint
    from iapt_audit.definitions import Holds
    from iapt_audit.solver.linear import Linear

DEFINITIONS = load_default()


class Said(NamedTuple):
    rule: str
    factors: dict[str, int]
    low: int | None
    high: int | None
    figure: str | None = None


def context_of(path: Path) -> Context:
    (found,) = ingest(Place(path, path.name), DEFINITIONS, None)
    assert found.cells is not None
    part = Part(0, found.input.publication or "", found.input.period or "")
    return Context(found.cells.with_columns(file=pl.lit(0, dtype=pl.UInt16)), (found.input,), (part,), DEFINITIONS)


def compiled(path: Path, holds: Holds = "always") -> tuple[Context, Joint]:
    context = context_of(path)
    return context, Compiler(context, judge_rates(context).found).compile(range(1), holds)


def said(context: Context, joint: Joint, linear: Linear) -> list[Said]:
    """Write constraints out, each variable by its measure."""
    measures = context.cells["measure"].cast(pl.String).to_list()
    written = []
    for at in range(len(linear)):
        terms = slice(linear.start[at], linear.start[at] + linear.length[at])
        names = [measures[joint.first_cell + each] for each in linear.variable[terms]]
        figure = int(linear.figure[at])
        written.append(
            Said(
                joint.rule(int(linear.rule[at])).id,
                dict(zip(names, linear.coefficient[terms].tolist(), strict=True)),
                int(linear.low[at]) if linear.low[at] > -UNBOUNDED else None,
                int(linear.high[at]) if linear.high[at] < UNBOUNDED else None,
                measures[joint.first_cell + figure] if figure != NO_FIGURE else None,
            )
        )
    return written


def monthly(folder: Path, *organisations: Mapping[str, str], holds: Holds = "always") -> list[Said]:
    path = folder / "month.csv"
    some = [Organisation("X01", Disclosure.LOCAL, printed) for printed in organisations]
    path.write_text(monthly_csv(some), encoding="utf-8")
    context, joint = compiled(path, holds)
    return said(context, joint, joint.linear)


SUM = "first_treatments_by_wait"
PARTS = {"M031": "100", "M032": "40", "M033": "30", "M034": "20", "M035": "10"}
FACTORS = {"M031": 1, "M032": -1, "M033": -1, "M034": -1, "M035": -1}


def without(measure: str) -> dict[str, int]:
    return {name: factor for name, factor in FACTORS.items() if name != measure}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", Said(SUM, FACTORS, 0, 0)),
        # a suppressed part has bounds of its own
        (SUPPRESSED, Said(SUM, FACTORS, 0, 0)),
        # one that has no number can be anything from 0 up
        (UNDEFINED, Said(SUM, without("M035"), 0, None)),
        ("what", Said(SUM, without("M035"), 0, None)),
        ("-5", Said(SUM, without("M035"), 0, None)),
        # nor is one used that slipped past the publisher's rounding
        ("7", Said(SUM, without("M035"), 0, None)),
    ],
)
def test_a_sum_is_written_with_what_is_known_of_its_parts(text: str, expected: Said, tmp_path: Path) -> None:
    assert [each for each in monthly(tmp_path, PARTS | {"M035": text}) if each.rule == SUM] == [expected]


def test_a_sum_whose_whole_is_missing_says_only_that_no_count_is_under_nothing(tmp_path: Path) -> None:
    (one,) = (each for each in monthly(tmp_path, {**PARTS, "M031": UNDEFINED}) if each.rule == SUM)

    assert one == Said(SUM, without("M031"), None, 0)


def test_a_key_that_stands_twice_is_in_no_constraint(tmp_path: Path) -> None:
    written = monthly(tmp_path, PARTS, {"M035": "10"})

    assert [each for each in written if each.rule == SUM] == [Said(SUM, without("M035"), 0, None)]


def test_a_rate_is_written_with_its_order_and_what_its_figure_says(tmp_path: Path) -> None:
    printed = {"M191": "10", "M076": "20", "M179": SUPPRESSED, "M192": "55"}
    written = [each for each in monthly(tmp_path, printed) if each.rule == "recovery"]

    assert written == [
        # 54.5% or more, less than 55.5%
        Said("recovery", {"M191": 1_000_000, "M076": -545_000, "M179": 545_000}, 0, None, "M192"),
        Said("recovery", {"M191": 1_000_000, "M076": -555_000, "M179": 555_000}, None, -1, "M192"),
        Said("recovery", {"M191": 1, "M076": -1, "M179": 1}, None, 0),
    ]


def test_that_there_is_somebody_is_what_a_printed_percentage_says(tmp_path: Path) -> None:
    """A wrong percentage of nobody must not keep them there when it is set aside."""
    printed = {"M191": "5", "M076": "10", "M179": "10", "M192": "55"}
    written = [each for each in monthly(tmp_path, printed) if each.rule == "recovery"]

    assert Said("recovery", {"M076": 1, "M179": -1}, 1, None, "M192") in written
    assert [each.figure for each in written if each.low == 1] == ["M192"]


def test_a_rate_is_written_only_where_it_is_printed(tmp_path: Path) -> None:
    written = monthly(tmp_path, {"M191": "10", "M076": "20", "M179": "5"})

    assert {each.rule for each in written} == {
        "recovered_and_not_at_caseness_among_finished",
        "caseness_among_finished",
    }


def test_bands_are_written_as_far_as_all_their_counts_are_there(tmp_path: Path) -> None:
    bands = {"M076": "100", "M052": "40", "M054": "75", "M050": "60.5", "M051": "50"}
    written = [each for each in monthly(tmp_path, bands) if each.rule == "waits_of_finished"]
    nearly = [each for each in monthly(tmp_path, bands, holds="nearly") if each.rule == "mean_wait_of_finished"]
    # over 42 days 43 at least, over 126 days 127: 43 M076 - 43 M052 + 84 M076 - 84 M054 is at most 60.55 M076
    mean = Said("mean_wait_of_finished", {"M076": -664_500, "M052": 430_000, "M054": 840_000}, 0, None, "M050")
    # half at most are within 42 days, half at least within 126
    median = [
        Said("waits_of_finished", {"M076": 1, "M052": -2}, 0, None, "M051"),
        Said("waits_of_finished", {"M076": -1, "M054": 2}, 0, None, "M051"),
    ]

    assert (nearly, written) == ([mean], median)
    assert [each for each in monthly(tmp_path, {**bands, "M054": UNDEFINED}) if each.rule == "waits_of_finished"] == []
    # a mean of 127 days or more is no less than any band begins with
    assert [
        each
        for each in monthly(tmp_path, {**bands, "M050": "127.5", "M051": UNDEFINED}, holds="nearly")
        if each.rule == "mean_wait_of_finished"
    ] == []


def test_the_sum_of_sessions_lies_between_the_fewest_and_the_most_of_a_course(tmp_path: Path) -> None:
    printed = {"M076": "100", "M089": "500", "M141": "5", "M143": "20", "M144": "2"}
    written = [each for each in monthly(tmp_path, printed) if each.rule == "sessions_of_finished"]

    assert written == [
        Said("sessions_of_finished", {"M076": -2, "M089": 1}, 0, None, "M144"),
        Said("sessions_of_finished", {"M076": 20, "M089": -1}, 0, None, "M143"),
    ]


@pytest.mark.parametrize(
    ("holds", "high", "words", "signs"),
    [("always", 0, "no more than", [-1, 1, 1]), ("nearly", 0, "no less than", [-1, -1, 1])],
)
def test_the_parts_of_a_breakdown_go_across_its_rows_in_one_system(
    holds: Holds, high: int, words: str, signs: list[int], tmp_path: Path
) -> None:
    """More than the whole is proof; less may mean a row that the file lacks."""
    context, joint = compiled(annual(tmp_path, *AGES), holds)
    parts = said(context, joint, joint.across)

    assert [(each.rule, each.low, each.high) for each in parts] == [("annual_parts_age", None, high)]
    assert sorted(joint.across.coefficient.tolist()) == signs
    assert set(joint.whole.system.tolist()) == {0}
    told = joint.rule(int(joint.across.rule[0])).told
    assert told.startswith(f"FinishedCourseTreatment: rows of Age Group sum to {words} Total")


def test_a_part_that_has_no_number_leaves_the_others_no_more_than_the_whole(tmp_path: Path) -> None:
    context, joint = compiled(annual(tmp_path, *AGES[:2], row("Age Group", "26 and over", Recovery="5")))
    (one,) = said(context, joint, joint.across)

    assert (one.low, one.high) == (None, 0)
    assert sorted(joint.across.coefficient.tolist()) == [-1, 1]


def test_neighbours_of_one_publication_are_written_down_at_once_until_they_are_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = context_of(annual(tmp_path, *AGES))
    size, (part,) = len(context.cells), context.parts
    parts = (*[part] * 3, replace(part, publication="another"), part)
    cells = pl.concat([context.cells.with_columns(file=pl.lit(at, dtype=pl.UInt16)) for at in range(len(parts))])

    def runs(most: int) -> list[tuple[int, int]]:
        monkeypatch.setattr(joint_module, "_AT_ONCE", most)
        return [(each.start, each.stop) for each in Compiler(replace(context, cells=cells, parts=parts), []).runs]

    assert runs(3 * size) == [(0, 3), (3, 4), (4, 5)]
    assert runs(3 * size - 1) == [(0, 2), (2, 3), (3, 4), (4, 5)]
    assert runs(1) == [(at, at + 1) for at in range(5)]
    assert list(Compiler(replace(context, cells=cells.clear(), parts=()), []).runs) == []


@pytest.mark.parametrize(
    ("text", "names", "signs"),
    [("a = b + c", ["a", "b", "c"], [1, -1, -1]), ("a <= b - c", ["a", "b", "c"], [1, -1, 1])],
)
def test_a_comparison_is_brought_to_one_side(text: str, names: list[str], signs: list[int]) -> None:
    found, factors = signed(parse_comparison(text))

    assert (found, factors.tolist()) == (names, signs)
