"""Word why some figures cannot all be right, so that a person with a pocket calculator can follow."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from iapt_audit.model.columns import SCALE
from iapt_audit.model.text import plain
from iapt_audit.solver.derive import derive

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from iapt_audit.model.bounds import Bounds
    from iapt_audit.solver.conflict import Case, Conflict
    from iapt_audit.solver.derive import DerivationStep


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A printed figure as it is told: its name, its text, its sign.

    `half_width` is that of any other figure than a count, in ten-thousandths; a count has `bounds` instead.
    """

    name: str
    text: str
    sign: str = ""
    half_width: int | None = None
    bounds: Bounds | None = None

    def __str__(self) -> str:
        """
        Say what a figure stands for.

        >>> from iapt_audit.model.bounds import Bounds
        >>> str(Figure("M076", "470", bounds=Bounds(468, 472)))
        'M076 is printed 470, so it is 468 to 472'
        >>> str(Figure("M192", "52", "%", half_width=5000))
        'M192 is printed 52%, so it is at least 51.5% and less than 52.5%'
        >>> str(Figure("M049", "12.5", half_width=0))
        'M049 is 12.5'
        """
        if self.half_width is None:
            if self.bounds is None or self.bounds.exact:
                return f"{self.name} is {self.text}"
            return f"{self.name} is printed {self.text}, so it is {self.bounds}"
        if not self.half_width:
            return f"{self.name} is {self.text}{self.sign}"
        half, value = Decimal(self.half_width) / SCALE, Decimal(self.text)
        low, high = f"{plain(value - half)}{self.sign}", f"{plain(value + half)}{self.sign}"
        return f"{self.name} is printed {self.text}{self.sign}, so it is at least {low} and less than {high}"


def proof(
    conflict: Conflict, figures: Mapping[int, Figure], rules: Mapping[int, str], untold: Container[int] = ()
) -> str:
    """
    Write a conflict out: what the figures stand for, the rules, and what follows from one to the next.

    Args:
        conflict: Rules and figures that cannot all hold.
        figures: How each figure is told, by its number, and every other count that the rules speak of.
        rules: How each rule is told, by its number.
        untold: Counts of which nothing that follows may be told; where something would be, it is only said that no
            numbers satisfy the rules.
    """
    case, steps = conflict.case, derive(conflict.case)
    used = list(conflict.figures)
    if steps is None and not any(each in untold for each in conflict.printed.figures):
        # without the figures that can be spared the bounds creep; with them a few steps mostly do
        case, steps = conflict.printed, derive(conflict.printed)
        used = conflict.printed.known if steps else used
    told = [f"{figures[each]}." for each in used]
    told += [f"({letter}) {rules[each]}." for letter, each in _lettered(conflict.rules).items()]
    if steps is None or any(step.variable in untold for step in steps):
        told.append("No whole numbers within these bounds satisfy all of this; every one was ruled out.")
        return " ".join(told)
    letters = {rule: letter for letter, rule in _lettered(conflict.rules).items()}
    for step in steps:
        side = "at least" if step.is_least else "at most"
        told.append(f"By ({letters[step.rule]}) {figures[step.variable].name} is {side} {step.value:,}.")
    last = steps[-1]
    told.append(f"But it is {_opposite(case, steps)}, so no number is left for {figures[last.variable].name}.")
    return " ".join(told)


def _opposite(case: Case, steps: Sequence[DerivationStep]) -> str:
    """Say what else is known of the variable of the last step, and contradicts it."""
    *before, last = steps
    known = [step.value for step in before if step.variable == last.variable and step.is_least != last.is_least]
    bounds = case.most if last.is_least else case.least
    value = known[-1] if known else int(bounds[last.variable])
    return f"{'at most' if last.is_least else 'at least'} {value:,}"


def _lettered(rules: Sequence[int]) -> dict[str, int]:
    return {chr(ord("a") + place): rule for place, rule in enumerate(rules)}
