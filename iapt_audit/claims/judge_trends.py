"""Judge what is said of a stretch of periods or of a level: highest ever, rose every year, best in the country."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from iapt_audit.claims.sentences import sentence
from iapt_audit.claims.slips import readings_of
from iapt_audit.claims.verdicts import JudgedClaim, ReadingUsed, not_checkable
from iapt_audit.claims.wording import arithmetic, share_text, where, whole
from iapt_audit.model.columns import Level, Verdict
from iapt_audit.model.periods import first_month, is_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
    from iapt_audit.claims.measures import ClaimedMeasure
    from iapt_audit.claims.readings import ClaimReading
    from iapt_audit.definitions import Claim

_MONTHS = 12
_ANOTHER_RUN = "Another run of a year, such as its twelve months added up, can differ by as much."


def stretch(place: FigurePlace, since: str, book: KnownFigures) -> list[str]:
    """Give the periods up to a place's, of its kind: from `since`, or from the first that the figures here hold."""
    known = [each for each in book.periods(years=is_year(place.period)) if each <= place.period]
    return [each for each in known if each >= since]


def gaps(periods: list[str]) -> list[str]:
    """
    Name the holes in a row of periods.

    >>> gaps(["2012-13", "2013-14", "2015-16"]), gaps(["2025-11", "2025-12", "2026-01"])
    (['after 2013-14'], [])
    """
    step = _MONTHS if periods and is_year(periods[0]) else 1
    numbers = [_MONTHS * int(month[:4]) + int(month[5:]) for month in map(first_month, periods)]
    pairs = zip(periods, numbers, numbers[1:], strict=False)
    return [f"after {period}" for period, number, following in pairs if following - number > step]


def _series(claim: Claim, subject: ClaimedMeasure, place: FigurePlace, book: KnownFigures) -> dict[str, ClaimReading]:
    found = {}
    for period in stretch(place, claim.since, book):
        readings = readings_of(subject, claim.population, book, place.at(period))
        if readings:
            found[period] = readings[0]
    return found


def _told(reading: ClaimReading, subject: ClaimedMeasure) -> str:
    if subject.is_share:
        return f"{share_text(reading)}%"
    return whole(reading.numerator) if reading.numerator is not None else str(reading.printed)


def judge_extreme(
    claim: Claim, subject: ClaimedMeasure, place: FigurePlace, sign: int, book: KnownFigures
) -> JudgedClaim:
    """Say whether a period's value is certainly, possibly or never the highest (or lowest) of a stretch."""
    series = _series(claim, subject, place, book)
    here = series.pop(place.period, None)
    word = "highest" if sign > 0 else "lowest"
    if here is None or not series:
        return _nothing(claim, subject, place)
    beyond, level = _beyond(here, series, sign, _runs_apart(subject, place, book))
    nearly = [name for name in level if _past(series[name], here, sign)]
    listed = "; ".join(f"{period} {_told(other, subject)}" for period, other in series.items())
    text = (
        f"{where(place)}: {arithmetic(here, subject, None, book.definitions, place.period)}. "
        f"Before it, as far as the figures here go: {listed}."
    )
    steps = (ReadingUsed(here, "no" if beyond else "maybe" if level else "yes"),)
    true = sentence(subject, place, book)
    if beyond:
        other = max(beyond, key=lambda each: sign * series[each].span.low)
        message = f"{text} It was {'higher' if sign > 0 else 'lower'} in {other}: {_told(series[other], subject)}."
        return JudgedClaim(claim, Verdict.CONTRADICTED, "wrong_figure", message, steps, true_sentence=true)
    if nearly:
        message = f"{text} It was {'higher' if sign > 0 else 'lower'} in {', '.join(nearly)}. {_ANOTHER_RUN}"
        return not_checkable(claim, "other_run", message, steps)
    if level:
        message = f"{text} As rounded or gathered, {', '.join(level)} can be as {word.removesuffix('est')} or not."
        return not_checkable(claim, "rounding", message, steps)
    first = min(series)
    missing = gaps(sorted([*series, place.period]))
    if claim.since and first != claim.since:
        missing = [f"{claim.since}", *missing]
    if missing:
        message = f"{text} It is the {word} of these; the figures here have a hole: {', '.join(missing)}."
        return not_checkable(claim, "missing_periods", message, steps)
    message = f"{text} It is the {word} of the {len(series) + 1} {_kind(place)} from {first}."
    return JudgedClaim(claim, Verdict.CONSISTENT, "exact", message, steps, true_sentence=true)


def _kind(place: FigurePlace) -> str:
    return "years" if is_year(place.period) else "months"


def _beyond(
    here: ClaimReading, others: Mapping[str, ClaimReading], sign: int, apart: Fraction = Fraction(1)
) -> tuple[list[str], list[str]]:
    """
    Give those of some others that are certainly higher (or with a negative sign lower), and those that can be.

    A figure gathered from several runs is certain of nothing; `apart` is by what factor another run can have either.
    """
    beyond = [name for name, other in others.items() if _past(other, here, sign, apart) and _firm(other, here)]
    level = [
        name
        for name, other in others.items()
        if name not in beyond and (other.span.high >= here.span.low if sign > 0 else other.span.low <= here.span.high)
    ]
    return beyond, level


def _past(other: ClaimReading, here: ClaimReading, sign: int, apart: Fraction = Fraction(1)) -> bool:
    """Say whether one value is higher (or lower) than another, even if another run moved each towards the other."""
    if sign > 0:
        return other.span.low / apart > here.span.high * apart
    return other.span.high * apart < here.span.low / apart


def _runs_apart(subject: ClaimedMeasure, place: FigurePlace, book: KnownFigures) -> Fraction:
    """Give by what factor another run can have a value: a year's number is also its months added up."""
    counted = subject.count is not None and not subject.is_share and is_year(place.period)
    return Fraction(book.definitions.other_run_factor) if counted else Fraction(1)


def _firm(*readings: ClaimReading) -> bool:
    return all(reading.slack is not None and reading.slack == 1 for reading in readings)


@dataclass(frozen=True, slots=True)
class _Moves:
    """The periods in which a value surely did not move as said, by less than two runs differ, or perhaps."""

    against: list[str]
    nearly: list[str]
    doubtful: list[str]

    @classmethod
    def of(cls, series: Mapping[str, ClaimReading], sign: int, apart: Fraction) -> _Moves:
        """Look at each step, and at the whole: what ends past an earlier value did not move one way in every step."""
        against: list[str] = []
        nearly: list[str] = []
        doubtful: list[str] = []
        for before, after in itertools.pairwise(series):
            old, new = series[before].span, series[after].span
            moved, never = (
                (new.low > old.high, new.high <= old.low) if sign > 0 else (new.high < old.low, new.low >= old.high)
            )
            if never and _firm(series[before], series[after]):
                sure = apart == 1 or _past(series[before], series[after], sign, apart)
                (against if sure else nearly).append(after)
            elif not moved:
                doubtful.append(after)
        pairs = itertools.combinations(series.values(), 2)
        if any(_past(old, new, sign, apart) and _firm(old, new) for old, new in pairs):
            against, nearly = [each for each in series if each in {*against, *nearly}], []
        return cls(against, nearly, doubtful)

    def agrees(self, period: str) -> str:
        """Say whether a period's value is as said: yes, no or maybe."""
        return "no" if period in self.against else "maybe" if period in {*self.nearly, *self.doubtful} else "yes"


def judge_monotone(
    claim: Claim, subject: ClaimedMeasure, place: FigurePlace, sign: int, book: KnownFigures
) -> JudgedClaim:
    """Say whether a value certainly, possibly or never rose (or fell) in every period of a stretch."""
    series = _series(claim, subject, place, book)
    periods = list(series)
    if place.period not in series or len(periods) <= 1:
        return _nothing(claim, subject, place)
    moves = _Moves.of(series, sign, _runs_apart(subject, place, book))
    listed = "; ".join(f"{period} {_told(reading, subject)}" for period, reading in series.items())
    text = f"{where(place)}: {subject.title.lower()}, {listed}."
    verb = "rise" if sign > 0 else "fall"
    steps = tuple(ReadingUsed(series[period], moves.agrees(period)) for period in periods)
    true = sentence(subject, place, book)
    if moves.against or moves.nearly:
        not_so = f"{text} It did not {verb} in {', '.join([*moves.against, *moves.nearly])}"
        return replace(
            _not_so(claim, moves, not_so, steps), true_sentence=true if moves.against and claim.since else ""
        )
    if moves.doubtful:
        message = f"{text} Whether it did {verb} in {', '.join(moves.doubtful)} is left open."
        return not_checkable(claim, "rounding", message, steps)
    missing = gaps(periods) + ([claim.since] if claim.since and periods[0] != claim.since else [])
    if missing:
        message = f"{text} The figures here have a hole: {', '.join(missing)}."
        return not_checkable(claim, "missing_periods", message, steps)
    message = f"{text} It did {verb} in each of them."
    return JudgedClaim(claim, Verdict.CONSISTENT, "exact", message, steps, true_sentence=true)


def _not_so(claim: Claim, moves: _Moves, text: str, steps: tuple[ReadingUsed, ...]) -> JudgedClaim:
    """Judge a value that did not move as said in some step."""
    if not claim.since:
        return not_checkable(claim, "stretch_unsaid", f"{text}; since when it should have is not said.", steps)
    if not moves.against:
        return not_checkable(claim, "other_run", f"{text}. {_ANOTHER_RUN}", steps)
    return JudgedClaim(claim, Verdict.CONTRADICTED, "wrong_figure", f"{text}.", steps)


def judge_rank(claim: Claim, subject: ClaimedMeasure, place: FigurePlace, sign: int, book: KnownFigures) -> JudgedClaim:
    """Say whether an organisation certainly, possibly or never has the highest value of its level."""
    if place.level == Level.ENGLAND:
        return _nothing(claim, subject, place)
    codes = book.organisations(place.period, place.level)
    values: dict[str, ClaimReading] = {}
    for code in codes:
        readings = readings_of(subject, claim.population, book, type(place)(place.period, place.level, code))
        if readings:
            values[code] = readings[0]
    here = values.pop(place.org, None)
    if here is None or not values:
        return _nothing(claim, subject, place)
    above, level = _beyond(here, values, sign, _runs_apart(subject, place, book))
    side, other_side = ("higher", "lower") if sign > 0 else ("lower", "higher")
    text = (
        f"{where(place)}: {arithmetic(here, subject, None, book.definitions, place.period)}. "
        f"The files hold a figure of {len(values) + 1} of {len(codes)} organisations of the level {place.level}."
    )
    steps = (ReadingUsed(here, "no" if above else "maybe" if level else "yes"),)
    true = sentence(subject, place, book)
    if above:
        message = f"{text} At least {len(above)} of them surely had a {side} one."
        return JudgedClaim(claim, Verdict.CONTRADICTED, "wrong_figure", message, steps, true_sentence=true)
    if level:
        message = f"{text} As rounded, {len(level)} others can have been as {side.removesuffix('er')} or not."
        return not_checkable(claim, "rounding", message, steps)
    if len(values) + 1 < len(codes):
        message = f"{text} Of the others the figure is suppressed or missing."
        return not_checkable(claim, "missing_organisations", message, steps)
    message = f"{text} All others had a {other_side} one."
    return JudgedClaim(claim, Verdict.CONSISTENT, "exact", message, steps, true_sentence=true)


def _nothing(claim: Claim, subject: ClaimedMeasure, place: FigurePlace) -> JudgedClaim:
    text = f"{where(place)}: the figures here hold too little of {subject.title.lower()} to tell."
    return not_checkable(claim, "not_in_figures", text)
