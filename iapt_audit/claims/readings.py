"""Work out what a measure is over a population at a place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from iapt_audit.claims.causes import Sameness
from iapt_audit.claims.known_figures import KnownFigure, Trust
from iapt_audit.claims.measures import ClaimedMeasure, subject_of
from iapt_audit.definitions.quoted_figures import Unit
from iapt_audit.judging.ranges import range_of
from iapt_audit.model.columns import SCALE, TOTAL, Level
from iapt_audit.model.periods import is_year, moved

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
    from iapt_audit.definitions import Definitions, Rate
    from iapt_audit.definitions.expressions import Sum

_HUNDRED = 100
_ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the greatest value that something can have; `below` if it stays under the greatest."""

    low: Fraction
    high: Fraction
    below: bool = False

    @property
    def exact(self) -> bool:
        """Return whether only one value is possible."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class ClaimReading:
    """
    What a measure can be over a population, as one source has it.

    `by_counts` and `by_print` say it each on its own: what the counts allow, and what the printed figure stands for.
    `together` is the range of the rate (`judging.ranges`), which takes the two together where no suppressed count hangs
    together with it; None where only one of the two is known. `slack` is the factor by which a figure must be off
    before the reading proves it wrong, None if it never does. `superseded` marks a version that a later one replaced.
    """

    measure: str
    population: str
    numerator: Span | None
    denominator: Span | None
    by_counts: Span | None
    by_print: Span | None
    printed: str | None
    cohort: Sameness
    run: Sameness
    slack: Fraction | None
    suppressed: bool
    sources: tuple[str, ...]
    together: Span | None = None
    superseded: bool = False

    @property
    def span(self) -> Span:
        """Return the one range that is told of it, everywhere."""
        spans = [span for span in (self.together, self.by_counts, self.by_print) if span is not None]
        return spans[0]

    @property
    def exact(self) -> Fraction | None:
        """Return the one value that is possible, if it is one."""
        return self.span.low if self.span.exact else None


def counts(formula: Sum, book: KnownFigures, place: FigurePlace) -> list[tuple[Span, KnownFigure, tuple[str, ...]]]:
    """Return what a signed sum of counts can be, once for each run that has all its terms."""
    choices = [[each for each in book.known(name, place) if each.whole] for name in formula.names]
    return [
        (_sum(formula, chosen), chosen[0], tuple(each.source for each in chosen))
        for chosen in product(*choices)
        if len({each.run for each in chosen}) == 1
    ]


def _sum(formula: Sum, chosen: Sequence[KnownFigure]) -> Span:
    low = high = Fraction(0)
    for term, each in zip(formula.terms, chosen, strict=True):
        low += each.low if term.sign > 0 else -each.high
        high += each.high if term.sign > 0 else -each.low
    return Span(max(low, Fraction(0)), max(high, Fraction(0)))


@dataclass(frozen=True, slots=True)
class _Share:
    """
    What is divided by what, over which population, where.

    `cohort` says whether both are of the same referrals; if they are not, `factor` is how far off a figure must be to
    be wrong of them, None if no such factor holds there. `rate` is the rate that is defined just so, if there is one.
    """

    measure: str
    population: str
    numerator: Sum
    denominator: Sum
    cohort: Sameness
    factor: Fraction | None
    rate: Rate | None
    place: FigurePlace
    book: KnownFigures

    def slack(self, trust: Trust, run: Sameness) -> Fraction | None:
        """Return the factor by which a figure must be off before it is wrong, None if it never is."""
        definitions = self.book.definitions
        if self.cohort is Sameness.SAME or trust is Trust.SUPERSEDED:
            return _slack(trust, run, definitions)
        if self.factor is None or trust is not Trust.ESTIMATED:
            return self.factor
        # a sum of months stands in for the year's own count, from which it differs by no more than this
        return self.factor * Fraction(definitions.other_run_factor)


def read_share(subject: ClaimedMeasure, population: str, book: KnownFigures, place: FigurePlace) -> list[ClaimReading]:
    """Return the readings of a share over a population: of each run that has both counts, else across two runs."""
    key = (subject, population, place)
    if key not in book.worked_out:
        book.worked_out[key] = _read_share(subject, population, book, place)
    found: list[ClaimReading] = book.worked_out[key]
    return found


def _read_share(subject: ClaimedMeasure, population: str, book: KnownFigures, place: FigurePlace) -> list[ClaimReading]:
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
    share = _share(subject, population, formula, book, place)
    printed = _printed(subject, book, place) if official else []
    together = _same_run((*subject.numerator.names, *formula.names), book, place)
    counted = [(reading, _worst(chosen)) for chosen in together if (reading := _of_counts(share, chosen, printed))]
    used = {each.run for chosen in together for each in chosen.values()}
    readings = [reading for reading, trust in counted if trust < Trust.ESTIMATED]
    readings += [_of_print(share, each, definitions) for each in printed if each.run not in used]
    readings.sort(key=lambda reading: reading.superseded)
    if not any(reading.exact is not None for reading in readings):
        across = _across_runs(share)
        readings += [across] if across is not None else []
    # a sum of months and a version that was replaced prove nothing, so they come last and hide nothing
    readings += [reading for reading, trust in counted if trust >= Trust.ESTIMATED]
    return [_the_others(reading) for reading in readings] if subject.complement else readings


def _share(subject: ClaimedMeasure, population: str, formula: Sum, book: KnownFigures, place: FigurePlace) -> _Share:
    definitions = book.definitions
    numerator = subject.numerator
    if numerator is None:
        message = f"`{subject.measure}` is no share"
        raise ValueError(message)
    cohort = _cohort(subject, population, definitions)
    factor = _other_cohort_factor((numerator, formula), book, place) if cohort == Sameness.OTHER else None
    rate = next(
        (each for each in definitions.rates.values() if each.numerator == numerator and each.denominator == formula),
        None,
    )
    return _Share(subject.measure, population, numerator, formula, cohort, factor, rate, place, book)


def _worst(chosen: Mapping[str, KnownFigure]) -> Trust:
    return max(each.trust for each in chosen.values())


def _the_others(reading: ClaimReading) -> ClaimReading:
    """Turn a share into that of the others; it is nowhere printed."""
    rest = None
    if reading.numerator is not None and reading.denominator is not None:
        rest = Span(
            max(reading.denominator.low - reading.numerator.high, Fraction(0)),
            max(reading.denominator.high - reading.numerator.low, Fraction(0)),
        )
    return replace(
        reading, numerator=rest, by_counts=_left(reading.by_counts), by_print=None, printed=None,
        together=_left(reading.span),
    )  # fmt: skip


def _left(span: Span | None) -> Span | None:
    if span is None:
        return None
    return Span(max(_HUNDRED - span.high, Fraction(0)), max(_HUNDRED - span.low, Fraction(0)))


def read_number(subject: ClaimedMeasure, book: KnownFigures, place: FigurePlace) -> list[ClaimReading]:
    """Return the readings of a number of referrals, or of a figure that is published without counts."""
    definitions = book.definitions
    if subject.count is None:
        return [_published(subject.measure, each, definitions) for each in _printed(subject, book, place)]
    return [
        ClaimReading(
            measure=subject.measure, population="", numerator=span, denominator=None, by_counts=span, by_print=None,
            printed=first.printed if len(subject.count.terms) == 1 else None, cohort=Sameness.SAME, run=Sameness.SAME,
            slack=_slack(first.trust, Sameness.SAME, definitions), suppressed=first.suppressed, sources=sources,
            superseded=first.trust is Trust.SUPERSEDED,
        )
        for span, first, sources in counts(subject.count, book, place)
    ]  # fmt: skip


def _cohort(subject: ClaimedMeasure, population: str, definitions: Definitions) -> Sameness:
    """Return whether those that are counted, and those that they are counted among, are of one cohort."""
    counted = next(
        (each for each in definitions.populations.values() if each.formula == subject.numerator),
        definitions.populations.get(subject.official),
    )
    other = definitions.populations.get(population)
    return (
        Sameness.OTHER
        if counted is not None and other is not None and counted.cohort != other.cohort
        else Sameness.SAME
    )


def _other_cohort_factor(formulas: tuple[Sum, Sum], book: KnownFigures, place: FigurePlace) -> Fraction | None:
    """
    Return the factor by which the rate of other referrals can be off, None where it need not hold.

    It comes from England's years, whose numbers change little from one to the next. In one service, in one month, or
    between years of which one has half as many again, a backlog can make the ratio anything.
    """
    if place.level != Level.ENGLAND or place.breakdown != TOTAL or not is_year(place.period):
        return None
    factor = Fraction(book.definitions.other_cohort_factor)
    steady = [
        _steady(formulas, factor, book, (place, place.at(moved(place.period, step))))
        for step in (-1, 1)
    ]  # fmt: skip
    return factor if True in steady and False not in steady else None


def _steady(
    formulas: tuple[Sum, Sum], factor: Fraction, book: KnownFigures, years: tuple[FigurePlace, FigurePlace]
) -> bool | None:
    """Return whether both counts change by less than a factor between two years, None where one is not known."""
    changes = []
    for formula in formulas:
        both = [counts(formula, book, year) for year in years]
        if not all(both):
            return None
        spans = [found[0][0] for found in both]
        least, most = min(span.low for span in spans), max(span.high for span in spans)
        changes.append(most < factor * least)
    return all(changes)


def _slack(trust: Trust, run: Sameness, definitions: Definitions) -> Fraction | None:
    if trust >= Trust.ESTIMATED:
        return None
    if run is Sameness.OTHER or trust is Trust.QUOTED:
        return Fraction(definitions.other_run_factor)
    return _ONE


def _printed(subject: ClaimedMeasure, book: KnownFigures, place: FigurePlace) -> list[KnownFigure]:
    if not subject.printed:
        return []
    return [each for each in book.known(subject.printed, place) if not each.whole]


def _same_run(names: Iterable[str], book: KnownFigures, place: FigurePlace) -> list[dict[str, KnownFigure]]:
    """Return for each run that counts all of some concepts the figure of each."""
    wanted = list(dict.fromkeys(names))
    of_run: dict[object, dict[str, KnownFigure]] = {}
    for name in wanted:
        for each in book.known(name, place):
            if each.whole:
                of_run.setdefault(each.run, {}).setdefault(name, each)
    return [chosen for chosen in of_run.values() if len(chosen) == len(wanted)]


def _of_counts(share: _Share, chosen: dict[str, KnownFigure], printed: list[KnownFigure]) -> ClaimReading | None:
    numerator = _sum(share.numerator, [chosen[name] for name in share.numerator.names])
    denominator = _sum(share.denominator, [chosen[name] for name in share.denominator.names])
    if denominator.high <= 0:
        return None
    run = next(iter(chosen.values())).run
    beside = next((each for each in printed if each.run == run), None)
    reading = ClaimReading(
        measure=share.measure,
        population=share.population,
        numerator=numerator,
        denominator=denominator,
        by_counts=_ratio(numerator, denominator, share.cohort),
        by_print=Span(beside.low, beside.high, below=True) if beside else None,
        printed=beside.printed if beside else None,
        cohort=share.cohort,
        run=Sameness.SAME,
        slack=share.slack(_worst(chosen), Sameness.SAME),
        suppressed=any(each.suppressed for each in chosen.values()),
        sources=tuple(dict.fromkeys(each.source for each in (*chosen.values(), *([beside] if beside else [])))),
        superseded=_worst(chosen) is Trust.SUPERSEDED,
    )
    return replace(reading, together=_range(share, reading, run, beside))


def _range(share: _Share, reading: ClaimReading, run: Hashable, beside: KnownFigure | None) -> Span | None:
    """Return the range of a rate as the audit of its file has it, or as the same function has it for cited figures."""
    counted = reading.by_counts
    if counted is None or counted.exact or share.cohort is Sameness.OTHER:
        return counted
    told = share.book.range_of(share.rate.id, run, share.place) if share.rate is not None else None
    if told is None and beside is not None and reading.numerator is not None and reading.denominator is not None:
        if share.book.of_a_file(run):
            # what the audit does not tell of it hangs on a cell that is not as it should be
            return reading.by_print
        told = range_of(
            (int(reading.numerator.low), int(reading.numerator.high)),
            (int(reading.denominator.low), int(reading.denominator.high)),
            (int(beside.low * SCALE), int(beside.high * SCALE)),
        )
    return counted if told is None else Span(Fraction(told[0], SCALE), Fraction(told[1], SCALE))


def _ratio(numerator: Span, denominator: Span, cohort: Sameness) -> Span:
    """Divide: a part of the same referrals is no more than the whole."""
    low = _HUNDRED * numerator.low / max(denominator.high, _ONE)
    high = _HUNDRED * numerator.high / max(denominator.low, _ONE)
    return Span(low, min(high, Fraction(_HUNDRED)) if cohort == Sameness.SAME else high)


def _of_print(share: _Share, each: KnownFigure, definitions: Definitions) -> ClaimReading:
    return replace(_published(share.measure, each, definitions), population=share.population, cohort=share.cohort)


def _published(measure: str, each: KnownFigure, definitions: Definitions) -> ClaimReading:
    return ClaimReading(
        measure=measure,
        population="",
        numerator=None,
        denominator=None,
        by_counts=None,
        by_print=Span(each.low, each.high, below=True),
        printed=each.printed,
        cohort=Sameness.SAME,
        run=Sameness.SAME,
        slack=_slack(each.trust, Sameness.SAME, definitions),
        suppressed=False,
        sources=(each.source,),
        superseded=each.trust is Trust.SUPERSEDED,
    )


def _across_runs(share: _Share) -> ClaimReading | None:
    tops, bottoms = (counts(formula, share.book, share.place) for formula in (share.numerator, share.denominator))
    if not tops or not bottoms:
        return None
    (numerator, first, sources), (denominator, second, more) = tops[0], bottoms[0]
    if denominator.high <= 0 or first.run == second.run:
        return None
    return ClaimReading(
        measure=share.measure,
        population=share.population,
        numerator=numerator,
        denominator=denominator,
        by_counts=_ratio(numerator, denominator, Sameness.OTHER),
        by_print=None,
        printed=None,
        cohort=share.cohort,
        run=Sameness.OTHER,
        slack=share.slack(max(first.trust, second.trust), Sameness.OTHER),
        suppressed=first.suppressed or second.suppressed,
        sources=(*sources, *more),
    )
