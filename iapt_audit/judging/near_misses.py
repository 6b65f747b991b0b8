"""Note where a rule that should hold, and of which small misses are real, is missed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from iapt_audit.constraints.joint import Compiler
from iapt_audit.model.findings import Code, Finding
from iapt_audit.model.text import listing
from iapt_audit.solver.dense import UNBOUNDED

if TYPE_CHECKING:
    from iapt_audit.arrays import Ints
    from iapt_audit.constraints.context import Context
    from iapt_audit.definitions import Bands, Identity, LevelSum, Parts, RowRule


#: So many periods are named, more are counted.
_FEW = 6
#: Why rows that add up to less than their whole prove nothing.
_ROW_MISSING = "The rows add up to less than the whole: a row may be missing from the file"


def near_misses(context: Context) -> list[Finding]:
    """Note the rules that should hold and are missed: how often, and by how much; a note a rule, of no organisation."""
    compiler = Compiler(context, [])
    seen: dict[str, _Missed] = {}
    file = context.located.groups["file"]
    for files in compiler.runs:
        joint = compiler.compile(files, "nearly")
        here = slice(joint.first_cell, joint.first_cell + joint.cells)
        for linear in (joint.linear, joint.across):
            lowest, highest = linear.reach(context.arrays.low[here], context.arrays.high[here])
            over = np.maximum(_beyond(lowest, linear.high), _beyond(-highest, -linear.low))
            for at in np.flatnonzero(over > 0):
                rule = joint.rule(int(linear.rule[at]))
                part = context.parts[file[rule.group]]
                missed = seen.setdefault(rule.id, _Missed(part.publication))
                missed.periods.append(part.period)
                missed.by.append(int(over[at]))
    rules = {rule.id: rule for rule in context.definitions.between}
    return [
        Finding(Code.SUM_MISSED, _told(rules[name], missed), publication=missed.publication, rule=name)
        for name, missed in seen.items()
    ]


def _told(rule: Identity | Parts | RowRule | Bands | LevelSum, missed: _Missed) -> str:
    """Say of a rule how often it is missed, and why that proves nothing."""
    # of a rule that always holds only the side that a missing row can miss is looked at here
    why = _ROW_MISSING if rule.holds == "always" else rule.construction
    return f"{rule.title}: {missed.told}, which does not prove any figure wrong. {why}"


@dataclass(frozen=True, slots=True)
class _Missed:
    """Where a rule that should hold was missed: the period of each miss, and its size."""

    publication: str
    periods: list[str] = field(default_factory=list)
    by: list[int] = field(default_factory=list)

    @property
    def told(self) -> str:
        times = "once" if len(self.by) == 1 else f"{len(self.by):,} times"
        size = f"{max(self.by):,}" if min(self.by) == max(self.by) else f"{min(self.by):,} to {max(self.by):,}"
        periods = list(dict.fromkeys(self.periods))
        when = listing(periods) if len(periods) <= _FEW else f"{len(periods)} periods"
        return f"missed {times}, by {size}, in {when}"


def _beyond(value: Ints, limit: Ints) -> Ints:
    """Return by how much values are over a limit, 0 where there is none."""
    beyond: Ints = np.where(np.abs(limit) == UNBOUNDED, 0, value - limit)
    return beyond
