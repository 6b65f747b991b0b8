"""Hold what was said in public: speakers, statements, and the claims in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iapt_audit.definitions.source import Source


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who made a claim: an office or an organisation, or the authors of a signed text."""

    name: str
    kind: str
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """
    One text in which claims were made.

    `place` is where in it they stand; `wording_checked` says that the wording was read at its source, `read` what was
    read of it.
    """

    id: str
    speaker: Speaker
    date: str
    place: str
    wording_checked: bool
    read: str
    correction: str
    source: Source
    file: str


@dataclass(frozen=True, slots=True)
class Claim:
    """
    One figure that somebody told, or one thing said of a series, in our own words; the figure as printed.

    Empty texts stand for what the claim does not name: `population` for one that says of nobody in particular,
    `period` and `measure` for one that these publications do not hold (`unpublished` says why). `against` is the second
    percentage of a comparison, `own_numerator` and `own_denominator` signed sums of figures that stand on the same
    page. `sample` is how many a survey asked, 0 where it does not say. With `period_unsaid` the period is ours, since
    the claim names none.
    """

    id: str
    text: str
    comparison: str
    figure: str = ""
    measure: str = ""
    population: str = ""
    period: str = ""
    since: str = ""
    level: str = "england"
    org: str = "England"
    org_name: str = ""
    breakdown: str = "Total"
    standard: str = ""
    hedge: str = ""
    unit_named: str = ""
    against: str = ""
    sample: int = 0
    own_numerator: str = ""
    own_denominator: str = ""
    unpublished: str = ""
    period_unsaid: bool = False
    note: str = ""
    statement: Statement | None = None
