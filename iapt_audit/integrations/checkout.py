"""Say where findings stand: in which input, and where that is in a checkout."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iapt_audit import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from iapt_audit.model.findings import Finding
    from iapt_audit.model.inputs import Input
    from iapt_audit.results import AuditResult


@dataclass(frozen=True, slots=True)
class Where:
    """The path of a file, in a checkout where it is in one; the member of an archive; and the row, where it is one."""

    path: str
    member: str | None = None
    row: int | None = None

    @property
    def words(self) -> str:
        """Say it in words."""
        row = f", row {self.row}" if self.row is not None else ""
        return f"{self.path}{f': {self.member}' if self.member else ''}{row}"


def in_checkout(arguments: Sequence[read.Source], root: Path) -> dict[str, str]:
    """
    Return for each input, by the path that it is told under, its path below a folder.

    Inputs that are not below it, and those told under one path, are left out: their path says nothing of a checkout.
    """
    top = root.resolve()
    found: dict[str, str] = {}
    places = [place for place in read.find(arguments) if isinstance(place, read.Place)]
    times = Counter(place.shown for place in places)
    for place in places:
        # not resolved as a whole: a link in a checkout stands where it stands
        path = (place.path.parent.resolve() / place.path.name) if place.path.name else place.path
        if times[place.shown] == 1 and path.is_relative_to(top):
            found[place.shown] = read.shown(path.relative_to(top).as_posix())
    return found


def root_of_checkout(environment: Mapping[str, str], here: Path) -> Path:
    """Return the folder of the checkout that a runner says it works in, if this is in it; else this."""
    named = environment.get("GITHUB_WORKSPACE", "")
    if named and here.resolve().is_relative_to(os.path.realpath(named)):
        return here.__class__(named)
    return here


def inputs_of(finding: Finding, audit: AuditResult) -> list[int]:
    """Return the numbers of the inputs that a finding is of; none if it is of no one of them."""
    if finding.cells:
        named = {(cell.path, cell.member) for cell in finding.cells}
        there = [number for number, each in enumerate(audit.inputs) if (each.path, each.member) in named]
        # a file of several periods is as many inputs
        return [n for n in there if audit.inputs[n].period == finding.period] or there
    of_period = (finding.publication, finding.period)
    return [n for n, each in enumerate(audit.inputs) if (each.publication, each.period) == of_period]


def place_of(finding: Finding, audit: AuditResult, paths: Mapping[str, str]) -> list[Where]:
    """Return the places of a finding: its cells, or the one input that it is of."""
    cells = [Where(paths.get(each.path, each.path), each.member, each.row) for each in finding.cells]
    if cells:
        return list(dict.fromkeys(cells))
    of = inputs_of(finding, audit)
    return [place_of_input(audit.inputs[of[0]], paths)] if len(of) == 1 else []


def place_of_input(each: Input, paths: Mapping[str, str]) -> Where:
    """Return the place of an input as a whole."""
    return Where(paths.get(each.path, each.path), each.member)
