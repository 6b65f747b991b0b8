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
class Elsewhere:
    """
    What a page says elsewhere that bears on of whom, or of what, its figures are told.

    `measure` is what it bears on, empty for all; `population` what it names by that, empty where that is not plain.
    """

    text: str
    measure: str = ""
    population: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """
    One text in which claims were made.

    `place` is where in it they stand; `wording_checked` says that the wording was read at its source, `read` what was
    read of it in words, `page_read` how far: all, to_a_place, beginning, not_read. `elsewhere` is what it says further
    up or down of whom its figures are told.
    """

    id: str
    speaker: Speaker
    date: str
    place: str
    wording_checked: bool
    read: str
    page_read: str
    correction: str
    source: Source
    file: str
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """
    One figure that somebody told, or one thing said of a series, in our own words; the figure as printed.

    Empty texts stand for what the claim does not name: `population` for one that says of nobody in particular,
    `period` and `measure` for one that these publications do not hold (`unpublished` says why). `against` is the second
    percentage of a comparison, `own_numerator` and `own_denominator` signed sums of figures that stand on the same
    page. `sample` is how many a survey asked, 0 where it does not say. With `period_unsaid` the period is ours, since
    the claim does not name it, and with `target_unsaid` the standard is. `otherwise` says how else its wording can be
    meant, so that the figures prove nothing against it.
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
    target_unsaid: bool = False
    otherwise: str = ""
    note: str = ""
    statement: Statement | None = None

    @property
    def in_our_words(self) -> bool:
        """Return whether the text is our paraphrase: that of a statement is, what somebody asks is not."""
        return self.statement is not None
