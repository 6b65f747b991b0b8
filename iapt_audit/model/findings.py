"""Name what can be wrong with a number, and how grave it is."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iapt_audit.arrays import Ints


class Severity(StrEnum):
    """
    How grave a finding is.

    An error is proven from the printed figures or a defect that anyone can see in the file; a warning is a statistical
    judgement about a series; a note is worth knowing.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(StrEnum):
    """The stable codes of findings."""

    RATE_CONTRADICTED = "rate-contradicted"
    FORMULA_MISSED = "formula-missed"
    IDENTITY_CONTRADICTED = "identity-contradicted"
    FIGURES_CONTRADICTED = "figures-contradicted"
    LEVELS_CONTRADICTED = "levels-contradicted"
    LEVEL_INCOMPLETE = "level-incomplete"
    LEVELS_SHORT = "levels-short"
    SUM_MISSED = "sum-missed"
    KEY_TWICE = "key-twice"
    KEY_EMPTY = "key-empty"
    KEY_MENDED = "key-mended"
    CODE_TWO_NAMES = "code-two-names"
    CELL_UNPARSEABLE = "cell-unparseable"
    VALUE_NEGATIVE = "value-negative"
    PERCENTAGE_OUT_OF_RANGE = "percentage-out-of-range"
    TOO_MANY_DECIMALS = "too-many-decimals"
    VALUE_OUT_OF_SCALE = "value-out-of-scale"
    COUNT_NOT_DISCLOSURE_CONTROLLED = "count-not-disclosure-controlled"
    PERCENTAGE_WITHOUT_COUNT = "percentage-without-count"
    COUNT_WITHOUT_PERCENTAGE = "count-without-percentage"
    MEAN_WITHOUT_COUNT = "mean-without-count"
    FIGURES_HELD_BACK = "figures-held-back"
    PERIOD_NOT_WHOLE = "period-not-whole"
    PERIODS_DIFFER = "periods-differ"
    LEVEL_UNKNOWN = "level-unknown"
    MEASURE_UNKNOWN = "measure-unknown"
    MEASURES_ABSENT = "measures-absent"
    PERCENTAGES_AS_SHARES = "percentages-as-shares"
    COUNTS_ROUNDED_FURTHER = "counts-rounded-further"
    FIGURE_MENDED = "figure-mended"
    DATES_MENDED = "dates-mended"
    SYMBOL_NOT_PUBLISHERS = "symbol-not-publishers"
    LINES_LEFT_OUT = "lines-left-out"
    PART_UNJUDGED = "part-unjudged"
    FORM_ONLY = "form-only"
    INPUT_TWICE = "input-twice"
    PERIOD_TWICE = "period-twice"
    REVISED = "revised"


class Family(StrEnum):
    """What kind of check a finding comes from: `--only` and `--skip` name them."""

    RATES = "rates"
    IDENTITIES = "identities"
    DISCLOSURE = "disclosure"
    KEYS = "keys"
    FORMAT = "format"
    SERIES = "series"


#: The one table from code to severity, and what the code says in general.
CODES: dict[Code, tuple[Severity, str]] = {
    Code.RATE_CONTRADICTED: (Severity.ERROR, "No true counts give the printed percentage"),
    Code.FORMULA_MISSED: (
        Severity.NOTE,
        "Percentages that do not follow by a formula not yet tested on published figures in this kind of file",
    ),
    Code.IDENTITY_CONTRADICTED: (Severity.ERROR, "Printed counts break a sum or an order that always holds"),
    Code.FIGURES_CONTRADICTED: (Severity.ERROR, "Printed figures of one organisation and period contradict each other"),
    Code.LEVELS_CONTRADICTED: (Severity.ERROR, "The organisations of a level add up to more than England's count"),
    Code.LEVEL_INCOMPLETE: (Severity.NOTE, "A file that seems to lack some organisations of a level"),
    Code.LEVELS_SHORT: (Severity.NOTE, "The organisations of a level add up to less than England's count"),
    Code.SUM_MISSED: (Severity.NOTE, "A sum or an order that should hold, but is missed somewhere"),
    Code.KEY_TWICE: (Severity.ERROR, "The same cell appears twice in a file"),
    Code.KEY_EMPTY: (Severity.ERROR, "A row does not say whose figures it holds, or what they count"),
    Code.KEY_MENDED: (Severity.NOTE, "Keys with extra spaces or other capitals, read all the same"),
    Code.CODE_TWO_NAMES: (Severity.NOTE, "A code with two names in one file"),
    Code.CELL_UNPARSEABLE: (Severity.ERROR, "A cell is neither a number nor one of the publisher's symbols"),
    Code.VALUE_NEGATIVE: (Severity.ERROR, "A count, percentage or mean is negative"),
    Code.PERCENTAGE_OUT_OF_RANGE: (Severity.ERROR, "A percentage is above 100"),
    Code.TOO_MANY_DECIMALS: (Severity.ERROR, "A figure has more decimals than its level is published with"),
    Code.VALUE_OUT_OF_SCALE: (
        Severity.ERROR,
        "No scores of the questionnaire give the printed mean, standard deviation or effect size",
    ),
    Code.COUNT_NOT_DISCLOSURE_CONTROLLED: (
        Severity.ERROR,
        "A count below England was not put through disclosure control",
    ),
    Code.PERCENTAGE_WITHOUT_COUNT: (Severity.ERROR, "A percentage is printed but its count is withheld"),
    Code.COUNT_WITHOUT_PERCENTAGE: (Severity.ERROR, "A count is printed but its percentage is withheld"),
    Code.MEAN_WITHOUT_COUNT: (
        Severity.ERROR,
        "A mean, median, maximum or minimum is printed but the count it depends on is withheld",
    ),
    Code.FIGURES_HELD_BACK: (
        Severity.NOTE,
        "Figures that are not repeated, because the count they depend on is not printed or slipped through",
    ),
    Code.PERIOD_NOT_WHOLE: (Severity.ERROR, "The period of a row is not a whole month"),
    Code.PERIODS_DIFFER: (Severity.NOTE, "One file holds rows of several periods, each judged separately"),
    Code.LEVEL_UNKNOWN: (Severity.NOTE, "A level that the layout does not list; its rows are not audited"),
    Code.MEASURE_UNKNOWN: (Severity.NOTE, "A measure that the definitions do not list"),
    Code.PERCENTAGES_AS_SHARES: (Severity.ERROR, "A column of percentages is printed as shares of one"),
    Code.COUNTS_ROUNDED_FURTHER: (
        Severity.NOTE,
        "A file whose counts are all rounded further than the publisher's",
    ),
    Code.FIGURE_MENDED: (Severity.NOTE, "Figures written in another way than the publisher's, read all the same"),
    Code.DATES_MENDED: (Severity.NOTE, "Dates written in another way than the publisher's, read all the same"),
    Code.SYMBOL_NOT_PUBLISHERS: (Severity.NOTE, "Symbols that are not the publisher's, read by their usual meaning"),
    Code.LINES_LEFT_OUT: (Severity.NOTE, "Lines beside the table, such as notes, left out"),
    Code.PART_UNJUDGED: (Severity.NOTE, "A level, or organisations, of a file where nothing could be judged"),
    Code.FORM_ONLY: (Severity.NOTE, "A file that no rule covers: only its format was checked"),
    Code.INPUT_TWICE: (Severity.NOTE, "An input given twice, counted once"),
    Code.PERIOD_TWICE: (Severity.NOTE, "Two inputs of one period: both are judged, the later decides the standings"),
    Code.REVISED: (Severity.NOTE, "A year that differs from its twelve months, being a later run"),
    Code.MEASURES_ABSENT: (Severity.NOTE, "Files without some of the measures that others of their kind have"),
}

#: The one table from code to family; every code has one.
FAMILIES: dict[Code, Family] = {
    Code.RATE_CONTRADICTED: Family.RATES,
    Code.FORMULA_MISSED: Family.RATES,
    Code.IDENTITY_CONTRADICTED: Family.IDENTITIES,
    Code.FIGURES_CONTRADICTED: Family.IDENTITIES,
    Code.LEVELS_CONTRADICTED: Family.IDENTITIES,
    Code.LEVEL_INCOMPLETE: Family.IDENTITIES,
    Code.LEVELS_SHORT: Family.IDENTITIES,
    Code.SUM_MISSED: Family.IDENTITIES,
    Code.KEY_TWICE: Family.KEYS,
    Code.KEY_EMPTY: Family.KEYS,
    Code.KEY_MENDED: Family.KEYS,
    Code.CODE_TWO_NAMES: Family.KEYS,
    Code.INPUT_TWICE: Family.KEYS,
    Code.PERIOD_TWICE: Family.KEYS,
    Code.COUNT_NOT_DISCLOSURE_CONTROLLED: Family.DISCLOSURE,
    Code.PERCENTAGE_WITHOUT_COUNT: Family.DISCLOSURE,
    Code.COUNT_WITHOUT_PERCENTAGE: Family.DISCLOSURE,
    Code.MEAN_WITHOUT_COUNT: Family.DISCLOSURE,
    Code.FIGURES_HELD_BACK: Family.DISCLOSURE,
    Code.CELL_UNPARSEABLE: Family.FORMAT,
    Code.VALUE_NEGATIVE: Family.FORMAT,
    Code.PERCENTAGE_OUT_OF_RANGE: Family.FORMAT,
    Code.TOO_MANY_DECIMALS: Family.FORMAT,
    Code.VALUE_OUT_OF_SCALE: Family.FORMAT,
    Code.PERIOD_NOT_WHOLE: Family.FORMAT,
    Code.PERIODS_DIFFER: Family.FORMAT,
    Code.LEVEL_UNKNOWN: Family.FORMAT,
    Code.MEASURE_UNKNOWN: Family.FORMAT,
    Code.MEASURES_ABSENT: Family.FORMAT,
    Code.PERCENTAGES_AS_SHARES: Family.FORMAT,
    Code.COUNTS_ROUNDED_FURTHER: Family.FORMAT,
    Code.FIGURE_MENDED: Family.FORMAT,
    Code.DATES_MENDED: Family.FORMAT,
    Code.SYMBOL_NOT_PUBLISHERS: Family.FORMAT,
    Code.LINES_LEFT_OUT: Family.FORMAT,
    Code.PART_UNJUDGED: Family.FORMAT,
    Code.FORM_ONLY: Family.FORMAT,
    Code.REVISED: Family.SERIES,
}


@dataclass(frozen=True, slots=True)
class FoundCell:
    """A cell that a finding rests on; `printed`, `low` and `high` are None where the gate holds them back."""

    measure: str
    statistic: str
    printed: str | None
    low: int | None
    high: int | None
    path: str
    member: str | None
    row: int


@dataclass(frozen=True, slots=True)
class Finding:
    """
    Something wrong with numbers in one way, or worth knowing of them.

    `cells` are the first of the cells it is of, and `count` says how many there are; all are rows of the table
    `places`, made of `at`, their positions in the tidy frame. What is the same for all of them is told of the finding
    itself, so that one of many organisations names none. `rules` are all rules that a contradiction needs; `answers`
    the smallest sets of measures that could be wrong, one set or another; `waived` is the reason why it does not
    count, and `waived_for` names organisations of it that do not, each with the reason.
    """

    code: Code
    message: str
    publication: str | None = None
    period: str | None = None
    level: str | None = None
    org_code: str | None = None
    org_name: str | None = None
    breakdown: str | None = None
    statistic: str | None = None
    measures: tuple[str, ...] = ()
    cells: tuple[FoundCell, ...] = ()
    printed: str | None = None
    low: str | None = None
    high: str | None = None
    certificate: str | None = None
    rule: str | None = None
    rules: tuple[str, ...] = ()
    answers: tuple[tuple[str, ...], ...] = ()
    waived: str | None = None
    waived_for: tuple[tuple[str, str], ...] = ()
    count: int = 0
    at: Ints | None = field(default=None, compare=False, repr=False)
    id: str = field(default="")

    @property
    def severity(self) -> Severity:
        """Look the severity up by code."""
        return CODES[self.code][0]

    @property
    def organisation(self) -> str | None:
        """Return the organisation by its name and code, or by what there is of them."""
        if self.org_name and self.org_code:
            return f"{self.org_name} ({self.org_code})"
        return self.org_name or self.org_code

    @property
    def about(self) -> str:
        """Say what it is about: publication, period, organisation, row of a breakdown."""
        return ", ".join(part for part in (self.publication, self.period, self.organisation, self.breakdown) if part)

    def place(self, most: int = 1) -> str:
        """Say in which file it is, and in which rows of it, so many at most."""
        if not self.cells:
            return "the file as a whole"
        first = self.cells[0]
        rows = sorted({cell.row for cell in self.cells}) if most > 1 else [first.row]
        more = len(rows) > most or self.count > len(self.cells)
        told = ", ".join(map(str, rows[:most])) + (", ..." if more else "")
        return f"{first.member or first.path}, row{'s' if len(rows) > 1 else ''} {told}"


def with_ids(findings: Iterable[Finding]) -> list[Finding]:
    """
    Return each finding its id and sort them by it.

    The id is made of what the finding is about and not of the values, so that a waiver survives a re-issue; findings
    about the same thing are told apart by their order.

    >>> one, two = with_ids([Finding(Code.KEY_TWICE, "a", org_code="X"), Finding(Code.KEY_TWICE, "b", org_code="X")])
    >>> len(one.id), one.id != two.id
    (12, True)
    """
    seen: Counter[str] = Counter()
    named = []
    for finding in findings:
        about = "\x1f".join(
            part or ""
            for part in (
                finding.code, finding.rule, finding.publication, finding.period, finding.level, finding.org_code,
                finding.breakdown, finding.statistic, ",".join(finding.measures),
            )
        )  # fmt: skip
        ordinal = seen[about]
        seen[about] += 1
        digest = hashlib.sha256(f"{about}\x1f{ordinal}".encode()).hexdigest()
        named.append(replace(finding, id=digest[:12]))
    return sorted(named, key=lambda finding: finding.id)
