"""Work out what a measure is over a population at a place, and whether a told figure fits it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from iapt_audit.claims.book import Known, Trust
from iapt_audit.claims.subject import Subject, subject_of
from iapt_audit.told import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iapt_audit.claims.book import Book, Place
    from iapt_audit.definitions import Definitions, Lexicon
    from iapt_audit.expressions import Sum
    from iapt_audit.told import Told

_HUNDRED = 100
_ONE = Fraction(1)


class Fit(StrEnum):
    """Whether a figure fits all that a reading can be, none of it, or some."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"
    UNKNOWN = "unknown"


class How(StrEnum):
    """How a figure fits: it is the published one, a rounding of it, or told with a hedge."""

    EXACT = "exact"
    ROUNDED = "rounded"
    HEDGED = "hedged"


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the greatest value that something can have; `below` if it stays under the greatest."""

    low: Fraction
    high: Fraction
    below: bool = False

    @property
    def exact(self) -> bool:
        """Say whether only one value is possible."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What a measure can be over a population, as one source has it.

    `by_counts` and `by_print` say it each on its own: what the counts allow, and what the printed figure stands for;
    the two are never combined, so that nothing is told of a suppressed count that the file does not tell. `slack` is
    the factor by which a figure must be off before the reading proves it wrong, None if it never does.
    """

    measure: str
    population: str
    numerator: Span | None
    denominator: Span | None
    by_counts: Span | None
    by_print: Span | None
    printed: str | None
    cohort: str
    run: str
    slack: Fraction | None
    suppressed: bool
    sources: tuple[str, ...]

    @property
    def span(self) -> Span:
        """Give the narrower of what the counts and the printed figure say."""
        spans = [span for span in (self.by_counts, self.by_print) if span is not None]
        return min(spans, key=lambda each: each.high - each.low)

    @property
    def exact(self) -> Fraction | None:
        """Give the one value that is possible, if it is one."""
        return self.span.low if self.span.exact else None


def counts(formula: Sum, book: Book, place: Place) -> list[tuple[Span, Known, tuple[str, ...]]]:
    """Give what a signed sum of counts can be, once for each run that has all its terms."""
    choices = [[each for each in book.known(name, place) if each.whole] for name in formula.names]
    return [
        (_sum(formula, chosen), chosen[0], tuple(each.source for each in chosen))
        for chosen in product(*choices)
        if len({each.run for each in chosen}) == 1
    ]


def _sum(formula: Sum, chosen: Sequence[Known]) -> Span:
    low = high = Fraction(0)
    for term, each in zip(formula.terms, chosen, strict=True):
        low += each.low if term.sign > 0 else -each.high
        high += each.high if term.sign > 0 else -each.low
    return Span(max(low, Fraction(0)), max(high, Fraction(0)))


@dataclass(frozen=True, slots=True)
class _Share:
    """What is divided by what, over which population; `cohort` says whether both are of the same referrals."""

    measure: str
    population: str
    numerator: Sum
    denominator: Sum
    cohort: str


def read_share(subject: Subject, population: str, book: Book, place: Place) -> list[Reading]:
    """Give the readings of a share over a population: of each run that has both counts, else across two runs."""
    key = (subject, population, place)
    if key not in book.worked_out:
        book.worked_out[key] = _read_share(subject, population, book, place)
    found: list[Reading] = book.worked_out[key]
    return found


def _read_share(subject: Subject, population: str, book: Book, place: Place) -> list[Reading]:
    definitions = book.definitions
    if population in dict(subject.elsewhere):
        other = subject_of(dict(subject.elsewhere)[population], Unit.PERCENTAGE, definitions)
        return read_share(replace(other, complement=subject.complement), population, book, place)
    if subject.numerator is None or (population and population not in subject.populations):
        return []
    official = population == subject.official
    formula = definitions.populations[population].formula if population else subject.denominator
    if formula is None:
        return []
    share = _Share(subject.measure, population, subject.numerator, formula, _cohort(subject, population, definitions))
    printed = _printed(subject, book, place) if official else []
    together = _same_run((*subject.numerator.names, *formula.names), book, place)
    counted = [_of_counts(share, chosen, printed, definitions) for chosen in together]
    readings = [reading for reading in counted if reading is not None]
    used = {each.run for chosen in together for each in chosen.values()}
    readings += [_of_print(share, each, definitions) for each in printed if each.run not in used]
    if not any(reading.exact is not None for reading in readings):
        across = _across_runs(share, book, place)
        readings += [across] if across is not None else []
    return [_the_others(reading) for reading in readings] if subject.complement else readings


def _the_others(reading: Reading) -> Reading:
    """Turn a share into that of the others."""
    if reading.numerator is None or reading.denominator is None:
        return reading
    rest = Span(
        max(reading.denominator.low - reading.numerator.high, Fraction(0)),
        max(reading.denominator.high - reading.numerator.low, Fraction(0)),
    )
    return replace(reading, numerator=rest, by_counts=_left(reading.by_counts), by_print=None, printed=None)


def _left(span: Span | None) -> Span | None:
    if span is None:
        return None
    return Span(max(_HUNDRED - span.high, Fraction(0)), max(_HUNDRED - span.low, Fraction(0)))


def read_number(subject: Subject, book: Book, place: Place) -> list[Reading]:
    """Give the readings of a number of referrals, or of a figure that is published without counts."""
    definitions = book.definitions
    if subject.count is None:
        return [_published(subject.measure, each, definitions) for each in _printed(subject, book, place)]
    return [
        Reading(
            measure=subject.measure, population="", numerator=span, denominator=None, by_counts=span, by_print=None,
            printed=first.printed if len(subject.count.terms) == 1 else None, cohort="same", run="same",
            slack=_slack(first.trust, "same", "same", definitions), suppressed=first.suppressed, sources=sources,
        )
        for span, first, sources in counts(subject.count, book, place)
    ]  # fmt: skip


def _cohort(subject: Subject, population: str, definitions: Definitions) -> str:
    own = definitions.populations.get(subject.official)
    other = definitions.populations.get(population)
    return "other" if own is not None and other is not None and own.cohort != other.cohort else "same"


def _slack(trust: Trust, cohort: str, run: str, definitions: Definitions) -> Fraction | None:
    if trust is Trust.ESTIMATED:
        return None
    if cohort == "other":
        return Fraction(definitions.other_cohort_factor)
    if run == "other" or trust is Trust.QUOTED:
        return Fraction(definitions.other_run_factor)
    return _ONE


def _printed(subject: Subject, book: Book, place: Place) -> list[Known]:
    if not subject.printed:
        return []
    return [each for each in book.known(subject.printed, place) if not each.whole]


def _same_run(names: Iterable[str], book: Book, place: Place) -> list[dict[str, Known]]:
    """Give for each run that counts all of some concepts the figure of each."""
    wanted = list(dict.fromkeys(names))
    of_run: dict[object, dict[str, Known]] = {}
    for name in wanted:
        for each in book.known(name, place):
            if each.whole:
                of_run.setdefault(each.run, {}).setdefault(name, each)
    return [chosen for chosen in of_run.values() if len(chosen) == len(wanted)]


def _of_counts(
    share: _Share, chosen: dict[str, Known], printed: list[Known], definitions: Definitions
) -> Reading | None:
    numerator = _sum(share.numerator, [chosen[name] for name in share.numerator.names])
    denominator = _sum(share.denominator, [chosen[name] for name in share.denominator.names])
    if denominator.high <= 0:
        return None
    run = next(iter(chosen.values())).run
    beside = next((each for each in printed if each.run == run), None)
    worst = max(each.trust for each in chosen.values())
    return Reading(
        measure=share.measure,
        population=share.population,
        numerator=numerator,
        denominator=denominator,
        by_counts=_ratio(numerator, denominator, share.cohort),
        by_print=Span(beside.low, beside.high, below=True) if beside else None,
        printed=beside.printed if beside else None,
        cohort=share.cohort,
        run="same",
        slack=_slack(worst, share.cohort, "same", definitions),
        suppressed=any(each.suppressed for each in chosen.values()),
        sources=tuple(dict.fromkeys(each.source for each in (*chosen.values(), *([beside] if beside else [])))),
    )


def _ratio(numerator: Span, denominator: Span, cohort: str) -> Span:
    """Divide: a part of the same referrals is no more than the whole."""
    low = _HUNDRED * numerator.low / max(denominator.high, _ONE)
    high = _HUNDRED * numerator.high / max(denominator.low, _ONE)
    return Span(low, min(high, Fraction(_HUNDRED)) if cohort == "same" else high)


def _of_print(share: _Share, each: Known, definitions: Definitions) -> Reading:
    return replace(_published(share.measure, each, definitions), population=share.population, cohort=share.cohort)


def _published(measure: str, each: Known, definitions: Definitions) -> Reading:
    return Reading(
        measure=measure,
        population="",
        numerator=None,
        denominator=None,
        by_counts=None,
        by_print=Span(each.low, each.high, below=True),
        printed=each.printed,
        cohort="same",
        run="same",
        slack=_slack(each.trust, "same", "same", definitions),
        suppressed=False,
        sources=(each.source,),
    )


def _across_runs(share: _Share, book: Book, place: Place) -> Reading | None:
    tops, bottoms = counts(share.numerator, book, place), counts(share.denominator, book, place)
    if not tops or not bottoms:
        return None
    (numerator, first, sources), (denominator, second, more) = tops[0], bottoms[0]
    if denominator.high <= 0:
        return None
    return Reading(
        measure=share.measure,
        population=share.population,
        numerator=numerator,
        denominator=denominator,
        by_counts=_ratio(numerator, denominator, "other"),
        by_print=None,
        printed=None,
        cohort=share.cohort,
        run="other",
        slack=_slack(max(first.trust, second.trust), share.cohort, "other", book.definitions),
        suppressed=first.suppressed or second.suppressed,
        sources=(*sources, *more),
    )


def fit(relation: str, told: Told, span: Span, lexicon: Lexicon) -> Fit:
    """
    Say whether a figure told so fits all that a span allows, none of it, or some.

    A plain figure fits what is rounded to it, either way at a tie. One told with "about" fits within a share of itself,
    and does not beyond a larger one; in between it cannot be told.
    """
    value = told.value
    near, far = abs(value) * Fraction(lexicon.near), abs(value) * Fraction(lexicon.far)
    if relation == "equal" and told.vague:
        relation = "about"
    if relation == "equal":
        return inside(span, Span(told.low, told.high))
    if relation in {"about", "below"}:
        top = value + told.half_width if relation == "below" else value + max(near, told.half_width)
        wide = Span(min(value - far, told.low), max(value + (near if relation == "below" else far), told.high))
        inner = inside(span, Span(value - max(near, told.half_width), top))
        if inner is Fit.YES:
            return inner
        return Fit.NO if inside(span, wide) is Fit.NO else Fit.MAYBE
    sure, never = {
        "at_least": (span.low >= value, span.high < value),
        "more_than": (span.low > value, span.high <= value),
        "at_most": (span.high <= value, span.low > value),
        "less_than": (span.high < value, span.low >= value),
    }[relation]
    return Fit.YES if sure else Fit.NO if never else Fit.MAYBE


def inside(span: Span, target: Span) -> Fit:
    """Say whether all, none or some of a span lies within another."""
    if target.low <= span.low and span.high <= target.high:
        return Fit.YES
    # a printed figure stays under its upper end: at a tie it was rounded up
    under = span.high < target.low or (span.below and span.high == target.low)
    return Fit.NO if under or span.low > target.high else Fit.MAYBE


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a figure fits what is known over one population, how, and the readings behind it."""

    fit: Fit
    how: How | None
    readings: tuple[Reading, ...]
    why_not: str | None = None
    after_rounding: bool = False
    other_run: bool = False

    @property
    def agrees(self) -> str:
        """Say whether the figure fits as it stands, whatever the readings can prove: yes, no or maybe."""
        return Fit.NO.value if self.why_not in {"other_cohort", "other_run"} else self.fit.value

    @property
    def best(self) -> Reading | None:
        """Give the reading that is told: the first, which is the preferred one."""
        return self.readings[0] if self.readings else None


def answer(relation: str, told: Told, readings: Sequence[Reading], lexicon: Lexicon) -> Answer:
    """
    Hold a figure against every reading: one that fits is enough, and only if all firmly do not is it wrong.

    A figure at least so high fits a printed one that reads so, even where the counts are short of it: that is told.
    """
    if not readings:
        return Answer(Fit.UNKNOWN, None, ())
    # a whole percentage is a rounding wherever it is published more exactly
    published = (
        relation == "equal"
        and bool(told.decimals)
        and any(other.slack == 1 and is_printed(told, other) for other in readings)
    )
    readings = _without_coarser(readings)
    each = [(reading, _fit_reading(relation, told, reading, lexicon)) for reading in readings]
    for reading, found in each:
        if found is Fit.YES:
            ordered = (reading, *(other for other in readings if other is not reading))
            # it fits a sum or a quotation, and not what the publisher gives for the whole
            other_run = reading.slack != 1 and any(other.slack == 1 for other in readings)
            how = How.EXACT if published else _how(relation, told, reading)
            return Answer(Fit.YES, How.ROUNDED if other_run and how is How.EXACT else how, ordered, other_run=other_run)
    if relation in {"at_least", "at_most"}:
        for reading, found in each:
            if found is Fit.NO and _reads_so(relation, told, reading):
                return Answer(Fit.YES, How.ROUNDED, tuple(readings), after_rounding=True)
    # what is proven by the publisher's own figures stands, whatever a sum or a quotation leaves open
    firm = [(reading, found) for reading, found in each if reading.slack == 1]
    firm = firm or [(reading, found) for reading, found in each if reading.slack is not None] or each
    if all(found is Fit.NO for _, found in firm):
        return Answer(Fit.NO, None, (firm[0][0], *(reading for reading in readings if reading is not firm[0][0])))
    reading = next(reading for reading, found in firm if found is not Fit.NO)
    return Answer(Fit.MAYBE, None, tuple(readings), _why(relation, told, reading, lexicon))


def _without_coarser(readings: Sequence[Reading]) -> list[Reading]:
    """Leave out a reading of which another has the one exact value inside: it is a rounding of that."""
    exact = [reading.exact for reading in readings if reading.exact is not None and reading.slack is not None]
    return [
        reading
        for reading in readings
        if reading.exact is not None or not any(reading.span.low <= value <= reading.span.high for value in exact)
    ] or list(readings)


def _fit_reading(relation: str, told: Told, reading: Reading, lexicon: Lexicon) -> Fit:
    spans = [span for span in (reading.by_counts, reading.by_print) if span is not None]
    if relation == "equal" and is_printed(told, reading) and not _against_itself(reading):
        return Fit.YES
    found = [fit(relation, told, span, lexicon) for span in spans]
    if _against_itself(reading):
        # neither the printed figure nor the counts prove anything, unless both say the same
        return Fit.NO if reading.slack is not None and set(found) == {Fit.NO} else Fit.MAYBE
    if Fit.YES in found and Fit.NO not in found:
        return Fit.YES
    if reading.slack is None:
        return Fit.MAYBE
    loose = [
        fit(relation, told, Span(span.low / reading.slack, span.high * reading.slack, span.below), lexicon)
        for span in spans
    ]
    return Fit.NO if Fit.NO in loose else Fit.MAYBE


def _against_itself(reading: Reading) -> bool:
    """Say whether a printed figure and the counts beside it have no value in common: then neither proves anything."""
    if reading.by_counts is None or reading.by_print is None:
        return False
    return inside(reading.by_counts, reading.by_print) is Fit.NO


def is_printed(told: Told, reading: Reading) -> bool:
    """Say whether a figure is the published one, as exactly told."""
    if reading.printed is None:
        return False
    try:
        published = Fraction(reading.printed.replace(",", ""))
    except ValueError:
        return False
    if reading.by_print is None:
        return published == told.value and reading.by_counts is not None and not told.decimals
    half = (reading.by_print.high - reading.by_print.low) / 2
    # a figure told more exactly than it was published is another one, and one told less exactly a rounding of it
    return published == told.value and told.half_width == half


def _reads_so(relation: str, told: Told, reading: Reading) -> bool:
    if reading.by_print is None or reading.printed is None:
        return False
    published = (reading.by_print.low + reading.by_print.high) / 2
    return published >= told.value if relation == "at_least" else published <= told.value


def _how(relation: str, told: Told, reading: Reading) -> How:
    if relation != "equal" or told.vague:
        return How.HEDGED
    if is_printed(told, reading) or (reading.exact is not None and reading.exact == told.value):
        return How.EXACT
    return How.ROUNDED


def _why(relation: str, told: Told, reading: Reading, lexicon: Lexicon) -> str:
    """Say why a reading can neither confirm a figure nor prove it wrong."""
    if _against_itself(reading):
        return "figures_disagree"
    if reading.slack != 1 and fit(relation, told, reading.span, lexicon) is Fit.NO:
        return "other_cohort" if reading.cohort == "other" else "other_run"
    if (relation in {"about", "below"} or told.vague) and reading.span.exact:
        return "how_near_unsaid"
    return "suppression" if reading.suppressed else "rounding"
