"""Judge the figures of each organisation and period together: all its counts, printed rates and identities at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.constraints.joint import Compiler
from iapt_audit.judging.proof import Figure, proof
from iapt_audit.model.bounds import Bounds
from iapt_audit.model.columns import SCALE, Statistic
from iapt_audit.model.findings import Code
from iapt_audit.model.tally import Tally
from iapt_audit.model.text import listing
from iapt_audit.solver.conflict import Case, conflicts, impossible_by_one_figure
from iapt_audit.solver.decide import decide_narrowed
from iapt_audit.solver.dense import UNBOUNDED
from iapt_audit.solver.propagate import propagate, propagate_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iapt_audit.arrays import Ints, Truths
    from iapt_audit.constraints.context import Context
    from iapt_audit.constraints.joint import Joint
    from iapt_audit.constraints.rates import Candidates, CellArrays
    from iapt_audit.model.findings import Finding
    from iapt_audit.solver.conflict import Conflict
    from iapt_audit.solver.propagate import Propagated


@dataclass(frozen=True, slots=True)
class Proven:
    """
    What follows from all figures of each organisation and period together.

    `ruled` marks the groups of which a rule was tried on a published count. `broken` are the cells of figures that
    contradict each other. `tighter` are published counts whose bounds the other
    published figures narrow, with their `least` and `most`; nothing that a suppressed cell had a part in is among them.
    It is for verdicts only: no output shows it.
    """

    findings: list[Finding]
    tally: Tally
    ruled: Truths
    tighter: Ints
    least: Ints
    most: Ints
    broken: Ints

    def together(self, arrays: CellArrays) -> CellArrays:
        """Return the cells with the tighter bounds."""
        low, high = arrays.low.copy(), arrays.high.copy()
        low[self.tighter], high[self.tighter] = self.least, self.most
        return replace(arrays, low=low, high=high)


def judge_systems(context: Context, found: Sequence[Candidates]) -> Proven:
    """
    Judge every system: one organisation's figures of one period and breakdown.

    Args:
        context: The cells and definitions.
        found: The groups of each rate that is printed.
    """
    compiler = Compiler(context, found)
    runs = [_judge(compiler, files) for files in compiler.runs]
    return Proven(
        findings=[finding for each in runs for finding in each.findings],
        tally=sum((each.tally for each in runs), Tally()),
        ruled=np.logical_or.reduce([np.zeros(len(context.located.groups), dtype=bool), *(each.ruled for each in runs)]),
        tighter=_joined([each.tighter for each in runs]),
        least=_joined([each.least for each in runs]),
        most=_joined([each.most for each in runs]),
        broken=_joined([each.broken for each in runs]),
    )


def _judge(compiler: Compiler, files: range) -> Proven:
    """Judge the systems of some files at once."""
    context, arrays = compiler.context, compiler.context.arrays
    joint = compiler.compile(files, "always")
    here = slice(joint.first_cell, joint.first_cell + joint.cells)
    least, most, suppressed = arrays.low[here], arrays.high[here], arrays.suppressed[here]
    # most counts are as printed, and most suppressed ones are small
    start = np.where(suppressed, least, arrays.value[here] // SCALE)
    # many cells are in no rule: the others are counted anew
    ruled = joint.ruled
    used = np.flatnonzero(ruled)
    few = joint.counted_by(used)
    by_published, by_all = _narrowed(few, suppressed[used], least[used], most[used])
    decided = decide_narrowed(by_all, len(joint.linear.systems), start[used])
    impossible = [(joint.linear, system) for system in decided.impossible]
    if len(joint.across):
        further = propagate_on(by_all.called(joint.together), few.across).impossible
        more = np.setdiff1d(further, joint.together[decided.impossible])
        whole = joint.whole if len(more) else joint.linear
        impossible += [(whole, system) for system in more]
    # file by file: findings about the same thing are told apart by their order
    file = context.located.groups["file"].to_numpy()
    impossible.sort(key=lambda each: int(file[each[1]]))
    findings: list[Finding] = []
    contradicted: list[Ints] = []
    # what is wrong in one rate and its own counts, and in nothing else, is told by `judge_rates`
    told_by_rates = impossible_by_one_figure(
        joint.linear.take(np.isin(joint.linear.system, decided.impossible)),
        least,
        most,
        start,
        lambda rule: joint.rule(rule).id in context.definitions.rates,
    )
    one_rate = set(told_by_rates.tolist())
    for linear, system in impossible:
        if linear is joint.linear and int(system) in one_rate:
            continue
        case, old = Case.of_system(int(system), linear, least, most, start)
        case = replace(case, weight=_weight(context, old + joint.first_cell))
        told = _ConflictWriter(context, joint, old + joint.first_cell)
        found = conflicts(case, told.is_told)
        findings += [told.finding(each) for each in found if not told.is_told(each)]
        contradicted += [told.cells[list(each.figures)] for each in found if not told.is_told(each)]
    published = (least >= 0) & ~suppressed
    tally = Tally(
        decided.narrowed,
        decided.searched,
        decided.solved,
        len(impossible),
        len(decided.undecided),
        len(decided.unsolved),
        int(published.sum()),
        int((published & ruled).sum()),
    )
    # what contradicts itself says nothing of anything it hangs together with
    apart = joint.together[np.array([system for _, system in impossible], dtype=np.int64)]
    low, high = _tighter(few, by_published.called(joint.together).without(apart), suppressed[used])
    moved = np.flatnonzero((low > least[used]) | (high < most[used]))
    tighter = used[moved] + joint.first_cell
    tried = np.zeros(len(file), dtype=bool)
    tried[context.cells["group"].gather(np.flatnonzero(published & ruled) + joint.first_cell).to_numpy()] = True
    return Proven(findings, tally, tried, tighter, low[moved], high[moved], _joined(contradicted))


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _weight(context: Context, cells: Ints) -> Ints:
    """Return how readily each of some cells is taken for the wrong one."""
    weights = context.definitions.weights
    is_count = (context.cells["statistic"].gather(cells) == Statistic.COUNT).fill_null(value=False).to_numpy()
    of_kind: Ints = np.where(is_count, weights.count, weights.rate)
    weight: Ints = np.where(context.arrays.suppressed[cells], weights.suppressed, of_kind)
    return weight


def _narrowed(joint: Joint, suppressed: Truths, least: Ints, most: Ints) -> tuple[Propagated, Propagated]:
    """Narrow the groups of a file as if there were no rule on a suppressed count, and from there by all rules."""
    linear = joint.linear
    hides = linear.any_term(suppressed[linear.variable])
    by_published = propagate(linear.take(~hides), least, most)
    return by_published, propagate_on(by_published, linear.take(hides))


def _tighter(joint: Joint, narrowed: Propagated, suppressed: Truths) -> tuple[Ints, Ints]:
    """
    Return the bounds that all published counts leave each other, from breakdown to breakdown too.

    There is no rule on a suppressed one in it, and what contradicts itself says nothing.
    """
    across = joint.across
    told = propagate_on(narrowed, across.take(~across.any_term(suppressed[across.variable])))
    if not len(told.impossible):
        return told.least, told.most
    whole = joint.whole
    void = whole.variable[np.isin(whole.system, told.impossible)[whole.constraint]]
    least, most = told.least.copy(), told.most.copy()
    least[void], most[void] = 0, UNBOUNDED
    return least, most


@dataclass(frozen=True, slots=True)
class _ConflictWriter:
    """Words the conflicts of one system; `cells` are the cells of its figures."""

    context: Context
    joint: Joint
    cells: Ints

    def is_told(self, conflict: Conflict) -> bool:
        """Return whether a conflict is one rate with its own counts: that is a finding of `judge_rates`."""
        rules = [self.joint.rule(each).id for each in conflict.rules]
        return len(rules) == 1 and rules[0] in self.context.definitions.rates

    def finding(self, conflict: Conflict) -> Finding:
        """Word a conflict; of one with a suppressed cell no value is told."""
        rules = list(dict.fromkeys(self.joint.rule(each).id for each in conflict.rules))
        # the finding is placed by its first cell: one that could be the wrong one
        doubted = dict.fromkeys(each for answer in conflict.answers for each in answer)
        cells = [int(self.cells[each]) for each in dict.fromkeys((*doubted, *conflict.figures))]
        alone = len(conflict.rules) == 1
        code = Code.IDENTITY_CONTRADICTED if alone else Code.FIGURES_CONTRADICTED
        one = self.context.finding(code, "", cells)
        names = self._names(conflict)
        answers = tuple(tuple(names[each] for each in answer) for answer in conflict.answers)
        listed = listing([names[each] for each in conflict.figures])
        opening = f"{self.joint.rule(conflict.rules[0]).title}: the" if alone else "The"
        return replace(
            one,
            message=f"{opening} figures printed for {listed} cannot all be right; {_blamed(answers)}",
            rule=rules[0],
            rules=tuple(rules),
            answers=answers,
            certificate=self._certificate(conflict, names),
        )

    def _names(self, conflict: Conflict) -> dict[int, str]:
        """Name the figures of a conflict: by measure, and by row of a breakdown where they are in more than one."""
        numbers = sorted({*conflict.figures, *conflict.case.given.variable.tolist()})
        rows = self.context.cells[[int(self.cells[each]) for each in numbers]]
        measures, breakdowns = (rows[name].cast(pl.String).to_list() for name in ("measure", "breakdown"))
        statistics = rows["statistic"].cast(pl.String).to_list()
        # a wide file calls a count and its percentage alike
        alike = len(set(zip(measures, breakdowns, strict=True))) < len(numbers)
        names = {}
        for number, measure, breakdown, statistic in zip(numbers, measures, breakdowns, statistics, strict=True):
            name = f"{statistic} {measure}" if alike else measure
            names[number] = f"{name} of `{breakdown}`" if len(set(breakdowns)) > 1 else name
        return names

    def _certificate(self, conflict: Conflict, names: Mapping[int, str]) -> str:
        suppressed = self.context.arrays.suppressed
        hidden = [names[each] for each in conflict.figures if suppressed[self.cells[each]]]
        rules = {each: self.joint.rule(each).told for each in conflict.rules}
        if hidden:
            figures = listing([names[each] for each in conflict.figures])
            return (
                f"With {listing(hidden)} suppressed, no whole numbers that print as the figures of {figures} "
                f"satisfy all of: {'; '.join(dict.fromkeys(rules.values()))}."
            )
        # a suppressed count that the conflict does without is still in its rules
        untold = {number for number in names if suppressed[self.cells[number]]}
        return proof(conflict, {number: self._figure(number, name) for number, name in names.items()}, rules, untold)

    def _figure(self, number: int, name: str) -> Figure:
        cell = int(self.cells[number])
        row = self.context.cells.row(cell, named=True)
        arrays = self.context.arrays
        text = str(row["printed"]).strip()
        if row["statistic"] == Statistic.COUNT:
            return Figure(name, text, bounds=Bounds(int(arrays.low[cell]), int(arrays.high[cell])))
        sign = "%" if row["statistic"] == Statistic.PERCENTAGE else ""
        return Figure(name, text, sign, int(arrays.half_width[cell]))


def _blamed(answers: Sequence[Sequence[str]]) -> str:
    """
    Say what could be wrong, and no more.

    >>> _blamed([["M191"], ["M192"]])
    'if one figure is wrong, it is M191 or M192'
    >>> _blamed([["M191", "M192"]])
    'at least two figures are wrong, for example M191 and M192'
    >>> _blamed([])
    'one or two of them being wrong is not enough'
    """
    if not answers:
        # one of them and one that only another conflict has may still be all that is wrong
        return "one or two of them being wrong is not enough"
    if all(len(each) == 1 for each in answers):
        names = [each for answer in answers for each in answer]
        return f"if one figure is wrong, it is {' or '.join(names)}"
    return f"at least two figures are wrong, for example {listing(answers[0])}"
