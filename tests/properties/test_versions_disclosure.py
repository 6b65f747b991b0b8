"""
The attacker of two versions: holds the newer file and what `diff` prints, and wants a count suppressed in it.

They are given the best case: that no true count behind a suppressed cell changed between the versions, so that an
earlier figure speaks of it too. Written apart from the program, on an exact integer solver. All counts are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from ortools.sat.python import cp_model
from properties.publisher import (
    COUNTS,
    PERCENTAGES,
    SMALLEST,
    SUPPRESSED,
    UNDEFINED,
    Disclosure,
    Organisation,
    half_up,
    monthly_csv,
    publish,
    total,
    true_counts,
)
from properties.test_disclosure import RATE_OF, STANDARDS

from iapt_audit.definitions import load_default
from iapt_audit.model.columns import HUNDRED_PERCENT, SCALE
from iapt_audit.outputs.documents.versions import versions_document
from iapt_audit.pipeline import compare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

DEFINITIONS = load_default()
#: Beyond any count of these services.
LARGE = 2_000
MEASURE_OF = {rate: measure for measure, rate in RATE_OF.items()}


@dataclass(frozen=True)
class Service:
    """A service as printed in both versions; its suppressed counts are truly the same in both."""

    old: Organisation
    new: Organisation


def ordered(counts: Mapping[str, int]) -> bool:
    """Return whether every numerator is part of its denominator."""
    return all(0 <= total(n, counts) <= total(d, counts) for n, d in PERCENTAGES.values()) and min(counts.values()) >= 0


def services(seed: int, how_many: int) -> list[Service]:
    """
    Draw services with something suppressed in the newer version.

    In the older some counts differ; some small ones were not suppressed there, and are printed with their percentages.
    """
    random = np.random.default_rng(seed)
    drawn: list[Service] = []
    while len(drawn) < how_many:
        counts = true_counts(random, int(random.integers(8, 40)))
        if not ordered(counts):
            continue
        code = f"P{len(drawn):04d}"
        new = publish(code, counts, Disclosure.LOCAL)
        small = [measure for measure in COUNTS if new.printed[measure] == SUPPRESSED]
        if not small:
            continue
        before = dict(counts)
        for measure in random.permutation([measure for measure in COUNTS if measure not in small])[:4]:
            # by so little that often only a percentage prints otherwise, or by more
            far = int(random.choice([1, 2, 9]))
            moved = {**before, measure: max(before[measure] + int(random.integers(-far, far + 1)), 0)}
            if ordered(moved):
                before = moved
        old = publish(code, before, Disclosure.LOCAL)
        printed = dict(old.printed)
        for measure in small:
            if random.integers(3) == 0:
                printed[measure] = str(half_up(before[measure], 5) * 5)
                for percentage, (numerator, denominator) in PERCENTAGES.items():
                    if numerator == ((measure, 1),) and total(denominator, before):
                        printed[percentage] = str(half_up(100 * before[measure], total(denominator, before)))
        drawn.append(Service(replace(old, printed=printed), new))
    return drawn


class Attacker:
    """Two systems of whole numbers, one a version; the counts suppressed in the newer are the same in both."""

    def __init__(self, new: Mapping[str, str]) -> None:
        self.model = cp_model.CpModel()
        self.hidden = [measure for measure in COUNTS if new[measure] == SUPPRESSED]
        self.new = {measure: self._count(f"new {measure}", *bounds(new[measure])) for measure in COUNTS}
        self.old = {
            measure: self.new[measure] if measure in self.hidden else self._count(f"old {measure}", 0, LARGE)
            for measure in COUNTS
        }
        for counts in (self.new, self.old):
            for numerator, denominator in PERCENTAGES.values():
                self.model.add(self._sum(numerator, counts) <= self._sum(denominator, counts))
        self.percentages(new, self.new)

    def _count(self, name: str, low: int, high: int) -> cp_model.IntVar:
        return self.model.new_int_var(low, high, name)

    @staticmethod
    def _sum(terms: Sequence[tuple[str, int]], counts: Mapping[str, Any]) -> Any:  # noqa: ANN401 - ortools' own kinds
        return sum(sign * counts[measure] for measure, sign in terms)

    def percentages(self, printed: Mapping[str, str], counts: Mapping[str, Any]) -> None:
        """Hear printed percentages: p stands for p - 1/2 up to, not including, p + 1/2; suppressed is under 5."""
        for percentage, (n, d) in PERCENTAGES.items():
            text = printed.get(percentage, UNDEFINED)
            if text == SUPPRESSED:
                self.model.add(self._sum(n, counts) < SMALLEST)
            elif text != UNDEFINED:
                self.model.add((2 * int(text) - 1) * self._sum(d, counts) <= 200 * self._sum(n, counts))
                self.model.add((2 * int(text) + 1) * self._sum(d, counts) > 200 * self._sum(n, counts))

    def hear(self, document: Mapping[str, Any], code: str, new: Mapping[str, str]) -> None:
        """Hear a whole `diff.json`: what is not listed is the same in both."""
        listed = {row["measure"]: row["old"] for row in document["changes"] if row["org_code"] == code}
        before = {measure: text for measure, text in {**new, **listed}.items() if text is not None}
        for measure in COUNTS:
            text = before.get(measure, UNDEFINED)
            if text == SUPPRESSED:
                self.model.add(self.old[measure] < SMALLEST)
            elif text != UNDEFINED:
                # printed with or without suppression
                self.model.add_linear_constraint(self.old[measure], int(text) - 2, int(text) + 2)
        self.percentages({name: text for name, text in before.items() if name in PERCENTAGES}, self.old)
        for row in document["headline"]:
            if row["org_code"] == code and row["measure"] in MEASURE_OF:
                for side, counts in (("old", self.old), ("new", self.new)):
                    if row[side] is not None:
                        self._rate(row[side], row, counts)

    def _rate(self, told: Mapping[str, Any], row: Mapping[str, Any], counts: Mapping[str, Any]) -> None:
        n, d = (self._sum(terms, counts) for terms in PERCENTAGES[MEASURE_OF[row["measure"]]])
        if told["printed_contradicted"]:
            return
        low, high = (int(told[end].replace(".", "")) for end in ("low", "high"))
        self.model.add(low * d <= HUNDRED_PERCENT * n)
        self.model.add(high * d >= HUNDRED_PERCENT * n)
        if told["exact"] is not None:
            self.model.add(n == told["exact"]["numerator"])
            self.model.add(d == told["exact"]["denominator"])
        if told["standing"] == "met":
            self.model.add(100 * n >= STANDARDS[row["standard"]] * d)
        if told["standing"] in {"not_met", "met_only_after_rounding"}:
            self.model.add(100 * n < STANDARDS[row["standard"]] * d)

    def left(self) -> dict[str, set[int]]:
        """Return the values that each suppressed count can still have."""
        return {
            measure: {value for value in range(SMALLEST) if self._can_be(measure, value)} for measure in self.hidden
        }

    def _can_be(self, measure: str, value: int) -> bool:
        model = self.model.clone()
        model.add(model.get_int_var_from_proto_index(self.new[measure].index) == value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(model)
        assert status in {cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE}
        return status != cp_model.INFEASIBLE


def bounds(text: str) -> tuple[int, int]:
    """Return the least and greatest true count that is printed so."""
    return (0, SMALLEST - 1) if text == SUPPRESSED else (max(int(text) - 2, SMALLEST), int(text) + 2)


def told_of(drawn: Sequence[Service], folder: Path) -> dict[str, Any]:
    paths = []
    for side in ("old", "new"):
        paths.append(folder / f"{side}.csv")
        text = monthly_csv([getattr(each, side) for each in drawn])
        paths[-1].write_text(text, encoding="utf-8")
    return versions_document(compare(paths[0], paths[1], DEFINITIONS))


def ungated(drawn: Sequence[Service]) -> dict[str, Any]:
    """Tell every earlier text, as a plain comparison of the two files would."""
    rows = [
        {"org_code": each.new.code, "measure": measure, "old": each.old.printed[measure]}
        for each in drawn
        for measure, text in each.new.printed.items()
        if each.old.printed[measure] != text
    ]
    return {"changes": rows, "headline": []}


def learnt(drawn: Sequence[Service], document: Mapping[str, Any]) -> dict[str, dict[str, set[int]]]:
    """Return by service the values of suppressed counts that the newer file leaves open and the document excludes."""
    found = {}
    for each in drawn:
        attacker = Attacker(each.new.printed)
        possible = attacker.left()
        attacker.hear(document, each.new.code, each.new.printed)
        gone = {measure: lost for measure, left in attacker.left().items() if (lost := possible[measure] - left)}
        if gone:
            found[each.new.code] = gone
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_newer_file_and_the_diff_say_no_more_of_a_suppressed_count_than_the_file(seed: int, tmp_path: Path) -> None:
    drawn = services(seed, 20)
    document = told_of(drawn, tmp_path)

    assert len(document["changes"]) > 40
    assert learnt(drawn, document) == {}


def test_the_attacker_of_two_versions_is_not_blind() -> None:
    drawn = services(0, 20)

    assert len(learnt(drawn, ungated(drawn))) > 5


def test_no_text_of_a_cell_that_a_version_suppresses_is_in_the_document(tmp_path: Path) -> None:
    """A count and a percentage found nowhere else, suppressed in one of the versions."""
    counts = {"M076": "600", "M179": "20", "M056": "1000", "M191": "300", "M192": "52", "M187": "123455", "M186": "87"}
    shown = Organisation("INV01", Disclosure.LOCAL, counts)
    hidden = replace(shown, printed={**counts, "M187": SUPPRESSED, "M186": SUPPRESSED})
    for pair in (Service(shown, hidden), Service(hidden, shown)):
        document = told_of([pair], tmp_path)
        told = {text for row in document["changes"] for text in (row["old"], row["new"])}

        assert told == {SUPPRESSED, None}
        assert "123455" not in str(document)
        assert document["headline"] == []
        assert SCALE * 100 == HUNDRED_PERCENT
