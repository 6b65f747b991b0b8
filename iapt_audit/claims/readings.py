"""Work out what a measure is over a population at a place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from iapt_audit.claims.known_figures import KnownFigure, Trust
from iapt_audit.claims.measures import ClaimedMeasure, subject_of
from iapt_audit.definitions.quoted_figures import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
    from iapt_audit.definitions import Definitions
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
        """Say whether only one value is possible."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class ClaimReading:
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


def counts(formula: Sum, book: KnownFigures, place: FigurePlace) -> list[tuple[Span, KnownFigure, tuple[str, ...]]]:
    """Give what a signed sum of counts can be, once for each run that has all its terms."""
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
    """What is divided by what, over which population; `cohort` says whether both are of the same referrals."""

    measure: str
    population: str
    numerator: Sum
    denominator: Sum
    cohort: str


def read_share(subject: ClaimedMeasure, population: str, book: KnownFigures, place: FigurePlace) -> list[ClaimReading]:
    """Give the readings of a share over a population: of each run that has both counts, else across two runs."""
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


def _the_others(reading: ClaimReading) -> ClaimReading:
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


def read_number(subject: ClaimedMeasure, book: KnownFigures, place: FigurePlace) -> list[ClaimReading]:
    """Give the readings of a number of referrals, or of a figure that is published without counts."""
    definitions = book.definitions
    if subject.count is None:
        return [_published(subject.measure, each, definitions) for each in _printed(subject, book, place)]
    return [
        ClaimReading(
            measure=subject.measure, population="", numerator=span, denominator=None, by_counts=span, by_print=None,
            printed=first.printed if len(subject.count.terms) == 1 else None, cohort="same", run="same",
            slack=_slack(first.trust, "same", "same", definitions), suppressed=first.suppressed, sources=sources,
        )
        for span, first, sources in counts(subject.count, book, place)
    ]  # fmt: skip


def _cohort(subject: ClaimedMeasure, population: str, definitions: Definitions) -> str:
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


def _printed(subject: ClaimedMeasure, book: KnownFigures, place: FigurePlace) -> list[KnownFigure]:
    if not subject.printed:
        return []
    return [each for each in book.known(subject.printed, place) if not each.whole]


def _same_run(names: Iterable[str], book: KnownFigures, place: FigurePlace) -> list[dict[str, KnownFigure]]:
    """Give for each run that counts all of some concepts the figure of each."""
    wanted = list(dict.fromkeys(names))
    of_run: dict[object, dict[str, KnownFigure]] = {}
    for name in wanted:
        for each in book.known(name, place):
            if each.whole:
                of_run.setdefault(each.run, {}).setdefault(name, each)
    return [chosen for chosen in of_run.values() if len(chosen) == len(wanted)]


def _of_counts(
    share: _Share, chosen: dict[str, KnownFigure], printed: list[KnownFigure], definitions: Definitions
) -> ClaimReading | None:
    numerator = _sum(share.numerator, [chosen[name] for name in share.numerator.names])
    denominator = _sum(share.denominator, [chosen[name] for name in share.denominator.names])
    if denominator.high <= 0:
        return None
    run = next(iter(chosen.values())).run
    beside = next((each for each in printed if each.run == run), None)
    worst = max(each.trust for each in chosen.values())
    return ClaimReading(
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
        cohort="same",
        run="same",
        slack=_slack(each.trust, "same", "same", definitions),
        suppressed=False,
        sources=(each.source,),
    )


def _across_runs(share: _Share, book: KnownFigures, place: FigurePlace) -> ClaimReading | None:
    tops, bottoms = counts(share.numerator, book, place), counts(share.denominator, book, place)
    if not tops or not bottoms:
        return None
    (numerator, first, sources), (denominator, second, more) = tops[0], bottoms[0]
    if denominator.high <= 0:
        return None
    return ClaimReading(
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
