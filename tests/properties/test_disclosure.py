"""
The attacker: what our outputs tell of a suppressed count must be no more than the file tells.

The attacker is written apart from the program. They know the publisher's rounding, that a numerator is part of its
denominator, and what the program put out; they try every combination of true counts.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from properties.publisher import (
    PERCENTAGES,
    SMALLEST,
    SUPPRESSED,
    UNDEFINED,
    Disclosure,
    Organisation,
    Terms,
    monthly_csv,
    publish,
    true_counts,
)

from iapt_audit import disclosure
from iapt_audit.constraints.context import Context
from iapt_audit.definitions import load_default
from iapt_audit.ingest.ingest import ingest
from iapt_audit.judging.standings import judge_standings
from iapt_audit.model.columns import SCALE
from iapt_audit.model.inputs import Part
from iapt_audit.pipeline import audit
from iapt_audit.read import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from iapt_audit.results import AuditResult

    Grid = NDArray[np.int64]
    Truths = NDArray[np.bool_]

DEFINITIONS = load_default()
#: The counts that more than one rate shares: tried in every combination. The others meet only through these.
SHARED = ("M056", "M075", "M076", "M153", "M179")
APART = ("M052", "M054", "M185", "M189", "M191", "M193")
STANDARDS = {"recovery_50": 50, "first_treatment_6_weeks_75": 75, "first_treatment_18_weeks_95": 95}
#: Of whom a recovery is told, in the counts that the attacker tries.
OVER: dict[str, Terms] = {
    "finished_at_caseness": (("M076", 1), ("M179", -1)),
    "finished": (("M076", 1),),
    "ended": (("M056", 1),),
}
#: The ids of the shipped rates, by the measure of their percentage.
RATE_OF = {
    "M053": "first_treatment_6_weeks",
    "M055": "first_treatment_18_weeks",
    "M077": "ended_before_treatment",
    "M078": "ended_treated_once",
    "M079": "ended_finished",
    "M080": "ended_treated",
    "M081": "treated_finished",
    "M288": "treated_once",
    "M180": "not_at_caseness",
    "M186": "reliable_improvement",
    "M1010": "reliable_deterioration",
    "M192": "recovery",
    "M195": "reliable_recovery",
}
HALF = Fraction(1, 2)
SUPPRESSED_COUNTS = range(SMALLEST)


@dataclass(frozen=True)
class Statement:
    """
    Something said of a rate: low <= 100 n / d <= high (or < high), or of the shortfall, or of n or d themselves.

    `times_n` x n + `times_d` x d <= `most`, in whole numbers; `over` is d where it is not the percentage's own.
    """

    percentage: str
    times_n: int
    times_d: int
    most: int
    over: Terms = ()


class Attacker:
    """Holds, for one organisation, every combination of true counts, and strikes out what is contradicted."""

    def __init__(self, printed: Mapping[str, str]) -> None:
        self.printed = printed
        self.at = {measure: np.arange(*bounds(printed[measure])) for measure in (*SHARED, *APART)}
        axes = np.meshgrid(*(self.at[measure] for measure in SHARED), indexing="ij")
        self.shared: dict[str, Grid] = {measure: axis.reshape(-1) for measure, axis in zip(SHARED, axes, strict=True)}
        self.fits: Truths = np.ones(axes[0].size, dtype=bool)
        #: for a count of its own, which of its values fit each combination of the shared ones
        self.fits_apart: dict[str, Truths] = {
            measure: np.ones((len(self.at[measure]), axes[0].size), dtype=bool) for measure in APART
        }

    def hear(self, statements: Iterable[Statement]) -> None:
        """Strike out what the statements exclude."""
        for one in statements:
            numerator, denominator = PERCENTAGES[one.percentage]
            whole = self._sum(one.over or denominator)
            # a rate over another denominator is told of those who are there: over nobody it says nothing
            nobody = (whole <= 0) if one.over else np.zeros(len(whole), dtype=bool)
            if numerator[0][0] in SHARED:
                self.fits &= (one.times_n * self._sum(numerator) + one.times_d * whole <= one.most) | nobody
            else:
                value = self.at[numerator[0][0]][:, None]
                self.fits_apart[numerator[0][0]] &= (
                    one.times_n * value + one.times_d * whole[None, :] <= one.most
                ) | nobody[None, :]

    def _sum(self, terms: Terms) -> Grid:
        added: Grid = np.zeros_like(self.shared["M076"])
        for measure, sign in terms:
            added = added + sign * self.shared[measure]
        return added

    def left(self) -> dict[str, set[int]]:
        """Return the values that each suppressed count can still have."""
        fits = self.fits.copy()
        for apart in self.fits_apart.values():
            fits &= apart.any(axis=0)
        values = {}
        for measure in (*SHARED, *APART):
            if self.printed[measure] != SUPPRESSED:
                continue
            if measure in SHARED:
                values[measure] = {int(value) for value in np.unique(self.shared[measure][fits])}
            else:
                possible = (self.fits_apart[measure] & fits[None, :]).any(axis=1)
                values[measure] = {int(value) for value in self.at[measure][possible]}
        return values


def bounds(text: str) -> tuple[int, int]:
    """Return the first true count that prints so, and the first after it that does not."""
    if text == SUPPRESSED:
        return 0, SMALLEST
    return max(int(text) - 2, SMALLEST), int(text) + 3


def between(percentage: str, low: Fraction, high: Fraction, *, ends_below: bool, over: Terms = ()) -> list[Statement]:
    """Say that a rate is at least low, and at most high or under it."""
    return [
        Statement(percentage, -100 * low.denominator, low.numerator, 0, over),
        Statement(percentage, 100 * high.denominator, -high.numerator, -1 if ends_below else 0, over),
    ]


def order() -> list[Statement]:
    """Say what the rules say: each numerator is part of its denominator."""
    return [Statement(percentage, 1, -1, 0) for percentage in PERCENTAGES]


def percentages(printed: Mapping[str, str]) -> list[Statement]:
    """Say what the printed percentages say, and that a suppressed one has a numerator under 5."""
    said = []
    for percentage in PERCENTAGES:
        text = printed.get(percentage, UNDEFINED)
        if text == SUPPRESSED:
            said.append(Statement(percentage, 1, 0, SMALLEST - 1))
        elif text != UNDEFINED:
            said += between(percentage, int(text) - HALF, int(text) + HALF, ends_below=True)
            said.append(Statement(percentage, -1, 0, -SMALLEST))
    return said


def told_of_a_standard(
    row: Mapping[str, int | str | None], percentage: str, reads: tuple[Fraction, Fraction], side: str
) -> list[Statement]:
    """Say what standing and shortfall say, less what the printed percentage says by itself."""
    standard = STANDARDS[str(row["standard"])]
    standing = row[f"{side}standing"]
    # short of the standard: ceil(standard d / 100) - n is at least short_low and at most short_high
    said = [
        Statement(percentage, 100, -standard, 99 - 100 * int(row[f"{side}short_low"] or 0)),
        Statement(percentage, -100, standard, 100 * int(row[f"{side}short_high"] or 0)),
    ]
    if standing == "met" and reads[0] < standard:
        said.append(Statement(percentage, -100, standard, 0))
    if standing in {"not_met", "met_only_after_rounding"} and reads[1] > standard:
        said.append(Statement(percentage, 100, -standard, -1))
    return said


def told_of_standings(rows: Iterable[Mapping[str, int | str | None]], *, side: str = "") -> list[Statement]:
    """
    Say what the headline rows say, less what the printed percentage says by itself.

    Args:
        rows: Of one organisation.
        side: What the names of the columns begin with.
    """
    said: list[Statement] = []
    for row in rows:
        (percentage,) = (measure for measure, rate in RATE_OF.items() if rate == row["measure"])
        printed = row["printed"]
        known = printed is not None and printed not in {SUPPRESSED, UNDEFINED}
        reads_low, reads_high = (int(str(printed)) - HALF, int(str(printed)) + HALF) if known else (-HALF, 100 + HALF)
        low, high = (Fraction(int(row[f"{side}{name}"] or 0), SCALE) for name in ("low", "high"))
        if low > reads_low:
            said.append(between(percentage, low, high, ends_below=False)[0])
        if high < reads_high:
            said.append(between(percentage, low, high, ends_below=False)[1])
        for name, terms in OVER.items():
            if row[f"{name}_low"] is not None:
                ends = (Fraction(int(row[f"{name}_{end}"] or 0), SCALE) for end in ("low", "high"))
                said += between(percentage, *ends, ends_below=False, over=terms)
        if row["standard"] is not None:
            said += told_of_a_standard(row, percentage, (reads_low, reads_high), side)
        for name, of_n, of_d in (("numerator", 1, 0), ("denominator", 0, 1)):
            exact = row[f"exact_{name}"]
            least, most = (row[f"{name}_{end}"] if exact is None else exact for end in ("low", "high"))
            said.append(Statement(percentage, -of_n, -of_d, -int(least or 0)))
            said.append(Statement(percentage, of_n, of_d, int(most or 0)))
    return said


def told_of_rates(rates: pl.DataFrame) -> list[Statement]:
    """Say what the rows of the rates say of numerators and denominators."""
    said = []
    assert set(RATE_OF) == set(PERCENTAGES)
    for percentage, rate in RATE_OF.items():
        for row in rates.filter(pl.col("rate") == rate).to_dicts():
            for name, of_n, of_d in (("numerator", 1, 0), ("denominator", 0, 1)):
                low, high = row[f"{name}_low"], row[f"{name}_high"]
                if low is not None:
                    said.append(Statement(percentage, -of_n, -of_d, -low))
                    said.append(Statement(percentage, of_n, of_d, high))
    return said


def told_of_cells(told: AuditResult, code: str) -> list[Statement]:
    """Say what the cells, and the cells of the findings, say of single counts."""
    said: list[Statement] = []
    spans = [
        (str(row["measure"]), row["low"], row["high"])
        for row in told.cells.filter(pl.col("org_code") == code).to_dicts()
    ]
    spans += [
        (cell.measure, cell.low, cell.high) for one in told.findings if one.org_code == code for cell in one.cells
    ]
    for measure, low, high in spans:
        for percentage, (numerator, _) in PERCENTAGES.items():
            if low is not None and numerator == ((measure, 1),):
                said += [Statement(percentage, -1, 0, -low), Statement(percentage, 1, 0, high)]
    return said


def everything_told(told: AuditResult, code: str) -> list[Statement]:
    """Gather all that is numeric in the outputs about one organisation, but for the printed percentages themselves."""
    headline = told.headline.filter(pl.col("org_code") == code)
    return [
        *told_of_standings(headline.to_dicts()),
        *told_of_rates(told.rates.filter(pl.col("org_code") == code)),
        *told_of_cells(told, code),
    ]


def written(organisations: Iterable[Organisation], folder: Path) -> Path:
    """Write a monthly file."""
    path = folder / "written_for_the_test.csv"
    path.write_text(monthly_csv(organisations), encoding="utf-8")
    return path


def learnt(
    printed: Mapping[str, str], before: Sequence[Statement], outputs: Sequence[Statement]
) -> dict[str, set[int]]:
    """Return the values of suppressed counts that were possible before the outputs and are not after."""
    attacker = Attacker(printed)
    attacker.hear(before)
    possible = attacker.left()
    attacker.hear(outputs)
    return {measure: lost for measure, after in attacker.left().items() if (lost := possible[measure] - after)}


def small_organisations(seed: int, how_many: int) -> list[Organisation]:
    """
    Draw small services in which something is suppressed, and some percentages are not in the file.

    A percentage can be absent: its measure was first published later, or the file is an extract.
    """
    random = np.random.default_rng(seed)
    drawn: list[Organisation] = []
    while len(drawn) < how_many:
        counts = true_counts(random, int(random.integers(8, 45)))
        if random.integers(2):
            counts["M179"] = min(int(random.integers(5)), counts["M076"])
            counts["M191"] = min(counts["M191"] + int(random.integers(9)), counts["M076"] - counts["M179"])
        one = publish(f"P{len(drawn):04d}", counts, Disclosure.LOCAL)
        absent = set(random.permutation(sorted(PERCENTAGES))[: max(int(random.integers(-6, 7)), 0)])
        kept = {measure: text for measure, text in one.printed.items() if measure not in absent}
        if SUPPRESSED in [kept[measure] for measure in (*SHARED, *APART)]:
            drawn.append(replace(one, printed=kept))
    return drawn


def ungated(path: Path) -> pl.DataFrame:
    """Work the standings out as the audit does, and stop before the gate: for showing that the attacker can see."""
    (found,) = ingest(Place(path, path.name), DEFINITIONS, None)
    assert found.cells is not None
    part = Part(0, found.input.publication or "", found.input.period or "")
    context = Context(found.cells.with_columns(file=pl.lit(0, dtype=pl.UInt16)), (found.input,), (part,), DEFINITIONS)
    return judge_standings(context, np.zeros(len(found.cells), dtype=bool), context.arrays)


@pytest.mark.parametrize("seed", range(4))
def test_the_attacker_learns_nothing_from_our_outputs_beside_the_counts(seed: int, tmp_path: Path) -> None:
    organisations = small_organisations(seed, 90)
    told = audit([written(organisations, tmp_path)], DEFINITIONS)
    lost = {
        one.code: gone
        for one in organisations
        if (gone := learnt(one.printed, order(), everything_told(told, one.code)))
    }

    assert lost == {}


@pytest.mark.parametrize("seed", range(4, 6))
def test_our_outputs_exclude_nothing_that_the_file_does_not(seed: int, tmp_path: Path) -> None:
    organisations = small_organisations(seed, 90)
    told = audit([written(organisations, tmp_path)], DEFINITIONS)
    lost, pinned = {}, 0
    for one in organisations:
        before = [*order(), *percentages(one.printed)]
        attacker = Attacker(one.printed)
        attacker.hear(before)
        pinned += sum(len(left) == 1 for left in attacker.left().values())
        if gone := learnt(one.printed, before, everything_told(told, one.code)):
            lost[one.code] = gone

    assert lost == {}
    # the file itself gives some suppressed counts away; it is there that ours must not repeat them
    assert pinned > 10


#: 8..12 recovered of 18..22 less 0..4, printed 69%: only 9 of 13 and 11 of 16 print so (12 of 17 is 70.6%), and 18 less
#: 2 is 16, so not at caseness is at least 2.
PINNED = Organisation(
    "PIN",
    Disclosure.LOCAL,
    {
        "M052": "20", "M053": "100", "M054": "20", "M055": "100", "M056": "40", "M075": "10", "M076": "20",
        "M153": "10", "M077": "25", "M078": "25", "M079": "50", "M080": "75", "M081": "67", "M288": "33", "M179": "*",
        "M180": "*", "M185": "10", "M186": "50", "M189": "*", "M1010": "*", "M191": "10", "M192": "69", "M193": "*",
        "M195": "*",
    },
)  # fmt: skip


def test_the_attacker_is_not_blind(tmp_path: Path) -> None:
    """What is worked out inside would give a suppressed count away; what goes out does not."""
    path = written([PINNED], tmp_path)
    inside = ungated(path).to_dicts()
    outside = everything_told(audit([path], DEFINITIONS), "PIN")

    assert {0, 1} <= learnt(PINNED.printed, order(), told_of_standings(inside, side="exact_"))["M179"]
    assert learnt(PINNED.printed, order(), outside) == {}


def test_the_attacker_learns_from_a_good_part_of_what_is_held_back(tmp_path: Path) -> None:
    organisations = small_organisations(0, 90)
    frame = ungated(written(organisations, tmp_path))
    seeing = [
        one.code
        for one in organisations
        if learnt(
            one.printed,
            order(),
            told_of_standings(frame.filter(pl.col("org_code") == one.code).to_dicts(), side="exact_"),
        )
    ]

    assert len(seeing) > 5


#: 13 of 14 or 14 of 15 finished within 6 weeks print 93%, so finished, 13..17 as printed, is 14 or 15. Finished is part
#: of ended, 13..17, less ended before treatment, which is suppressed: it would be at most 3.
NARROWED = {"M052": "15", "M053": "93", "M054": "15", "M056": "15", "M076": "15", "M153": SUPPRESSED}
BESIDE = {"M179": "5", "M185": "10", "M189": "5", "M191": "5", "M193": "5"}
TIES = {
    "a printed rate": {"M075": SUPPRESSED, "M081": "88"},
    "an order alone, its percentage not in the file": {"M075": SUPPRESSED},
    "an order alone, its percentage suppressed": {"M075": SUPPRESSED, "M288": SUPPRESSED, "M077": SUPPRESSED},
}


@pytest.mark.parametrize("ties", TIES.values(), ids=TIES)
def test_a_suppressed_count_is_kept_whatever_ties_it_to_a_headline(ties: dict[str, str], tmp_path: Path) -> None:
    one = Organisation("TIED", Disclosure.LOCAL, {**NARROWED, **BESIDE, **ties})
    path = written([one], tmp_path)

    assert [each.code for each in audit([path], DEFINITIONS).findings if each.code.value == "rate-contradicted"] == []
    assert 4 in learnt(one.printed, order(), told_of_standings(ungated(path).to_dicts(), side="exact_"))["M153"]
    assert learnt(one.printed, order(), everything_told(audit([path], DEFINITIONS), one.code)) == {}


def test_entanglement_goes_on_until_nothing_is_added() -> None:
    # cells in a chain 0 - 1 - 2 - 3 - 4, its rules given from the far end; 5 and 6 hang together and with nothing else
    suppressed = np.array([True, False, False, False, False, False, False])
    groups = [np.array([pair]) for pair in ([5, 6], [3, 4], [2, 3], [1, 2], [0, 1])]

    assert disclosure.entangled(suppressed, groups).tolist() == [True] * 5 + [False] * 2


def test_a_suppressed_count_that_is_in_no_rate_ties_nothing() -> None:
    suppressed = np.array([True, False, False])

    assert not disclosure.entangled(suppressed, [np.array([[1, 2]])]).any()


def test_nothing_is_told_exactly_of_a_rate_that_hangs_together_with_a_suppressed_count(tmp_path: Path) -> None:
    rows = audit([written([PINNED], tmp_path)], DEFINITIONS).headline.to_dicts()

    assert set(STANDARDS) <= {row["standard"] for row in rows}
    for row in rows:
        if row["printed"] == SUPPRESSED or row["printed"] is None:
            continue
        # the printed percentage by itself, in whole points and a half
        assert int(row["low"]) % (SCALE // 2) == int(row["high"]) % (SCALE // 2) == 0
        assert row["entangled"] is True
        assert row["exact_numerator"] is row["exact_denominator"] is None


def text_of(told: AuditResult) -> str:
    """Write out everything that an audit gives, as text."""
    frames = (told.cells, told.rates.drop("cell", "file"), told.headline)
    rows = [frame.drop("row", strict=False).cast(pl.String).to_dicts() for frame in frames]
    findings = [
        astuple(replace(one, id="", cells=tuple(replace(cell, row=0) for cell in one.cells))) for one in told.findings
    ]
    return json.dumps([rows, findings], default=str)


def slipped(measure: str, text: str, tmp_path: Path) -> AuditResult:
    """Audit a file in which one count did not go through disclosure control, and a percentage is wrong."""
    one = replace(PINNED, printed={**PINNED.printed, measure: text})
    other = replace(PINNED, code="OTHER", printed={**PINNED.printed, "M186": "90"})
    return audit([written([one, other], tmp_path)], DEFINITIONS)


@pytest.mark.parametrize("text", ["3", "7", "0", "4.0", "3x", "-3", "<3", "123457", "123457.5", "12345678901"])
@pytest.mark.parametrize("measure", ["M191", "M076", "M179", "M001"])
def test_a_count_that_slipped_is_never_repeated(measure: str, text: str, tmp_path: Path) -> None:
    told = slipped(measure, text, tmp_path)
    cell = told.cells.filter((pl.col("measure") == measure) & (pl.col("org_code") == "PIN")).to_dicts()[0]
    about = [one for one in told.findings if one.org_code == "PIN" and measure in one.measures]
    found = [each for one in about for each in one.cells if each.measure == measure]
    figures = {
        value
        for one in about
        for value in (one.printed if one.measures[0] == measure else None, one.low, one.high, one.certificate)
    }
    messages = {one.message for one in about}

    assert [cell[name] for name in ("printed", "value", "low", "high")] == [None] * 4
    assert found
    assert {(None, None, None)} == {(each.printed, each.low, each.high) for each in found}
    assert {None} == figures
    assert not any(character.isdigit() for message in messages for character in message)


@pytest.mark.parametrize("text", ["123457", "123457.5", "98765432109"])
@pytest.mark.parametrize("measure", ["M191", "M076", "M153", "M001"])
def test_a_count_that_slipped_stands_nowhere_in_the_text_of_the_outputs(
    measure: str, text: str, tmp_path: Path
) -> None:
    whole = text_of(slipped(measure, text, tmp_path))

    assert text[:6] not in whole.replace(",", "")
    # and the text is that of the whole audit
    assert "rate-contradicted" in whole


@pytest.mark.parametrize("text", ["3", "3x", "123457"])
def test_a_slipped_count_that_stands_twice_is_never_repeated(text: str, tmp_path: Path) -> None:
    one = replace(PINNED, printed={**PINNED.printed, "M191": text})
    told = audit([written([one, one], tmp_path)], DEFINITIONS)
    cells = told.cells.filter(pl.col("measure") == "M191").to_dicts()
    found = [each for finding in told.findings for each in finding.cells if each.measure == "M191"]

    assert [cell["printed"] for cell in cells] == [None, None]
    assert {None} == {each.printed for each in found}


def test_the_defect_itself_is_told_with_its_place(tmp_path: Path) -> None:
    told = slipped("M191", "3", tmp_path)
    (one,) = [each for each in told.findings if each.code.value == "count-not-disclosure-controlled"]
    row = 2 + list(PINNED.printed).index("M191")

    assert ("PIN", ("M191",), row) == (one.org_code, one.measures, one.cells[0].row)


def test_a_measure_that_no_definition_knows_is_shown_alike_whatever_else_slipped(tmp_path: Path) -> None:
    """The gate looks at a cell, and not at its neighbours."""
    one = replace(PINNED, printed={**PINNED.printed, "M9999": "60"})
    with_slip = replace(one, printed={**one.printed, "M191": "3"})
    shown = []
    for each in (one, with_slip):
        told = audit([written([each], tmp_path)], DEFINITIONS)
        shown.append(told.cells.filter(pl.col("measure") == "M9999")["printed"].to_list())

    assert shown[0] == shown[1]
