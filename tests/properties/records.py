"""
Records as the publisher's constructions allow them, and the counts that those constructions make of them.

Written apart from the program, from the metadata of the monthly statistics. A field is tied to another only where its
definition ties it: caseness, recovery and reliable change are classifications, a last score is the second of a pair,
a second treatment has a first before it. All else is drawn by itself: dates that nothing puts in order, a flag beside a
count, several complaints, staff of one appointment. Every record is invented.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np

#: The days of a month, counted from its first.
PERIOD = range(31)
END = PERIOD[-1]
SOURCES = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17, 18, 287, 345)
REASONS = (57, 58, 59, 60, 61, 62, 63, 66, 69, 70, 71, 72, 340, 341, 342, 344)
ATTENDANCE = {2: 83, 3: 84, 4: 85, 5: 86, 6: 87, 7: 88}
MEDIA = (1001, 1002, 1004, 1005, 1006, 1007, 1008, 1018, 1019, 1020)
MEDIUM_UNKNOWN = 1009
THERAPIES = (90, 91, 92, 97, 98, 99, 103, 104, 110, 346)
OTHER_HIGH_INTENSITY = 108
STAFF = (1014, 1015, 1016, 1017)


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment of the month; `staff` are the kinds that the other tables give for its activities."""

    attendance: int | None
    planned: bool
    medium: int
    therapies: frozenset[int]
    staff: frozenset[int]

    @property
    def took_place(self) -> bool:
        return self.attendance in {5, 6} or not self.planned


@dataclass(frozen=True, slots=True)
class Complaint:
    """A presenting complaint with the scores of its own measure."""

    has_measure: bool
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral; days are counted from the first of the month, None where there is no date."""

    received: int
    source: int | None
    ended: int | None
    reason: int
    assessed: int | None
    treated: int | None
    treated_again: int | None
    treated_last: int | None
    contacts: int
    treatments: int
    finished: bool
    integrated: bool
    integrated_contact: int | None
    caseness: str
    change: str
    recovered: bool
    phq: tuple[bool, bool]
    gad: tuple[bool, bool]
    complaints: tuple[Complaint, ...]
    used: int | None
    stage: tuple[str, str]
    appointments: tuple[Appointment, ...] = field(default=())
    internet: int = 0


def draw(random: np.random.Generator) -> Referral:
    """Draw a record."""

    def day(chance: float = 0.7) -> int | None:
        return int(random.integers(-200, 45)) if random.random() < chance else None

    def some(chance: float = 0.5) -> bool:
        return bool(random.random() < chance)

    def pair() -> tuple[bool, bool]:
        first = some(0.9)
        return first, first and some(0.8)

    treated = day()
    finished = some(0.6)
    phq, gad = pair(), pair()
    complaints = tuple(Complaint(some(), *pair()) for _ in range(int(random.integers(0, 3))))
    # the measure that was used is that of a complaint, or GAD-7
    used = int(random.integers(len(complaints))) if complaints and some() else None
    last = complaints[used].last if used is not None else gad[1]
    paired = finished and phq[1] and last
    caseness = str(random.choice(["at", "not", "unknown"])) if finished else "unknown"
    appointments = tuple(
        Appointment(
            None if some(0.1) else int(random.integers(2, 8)),
            some(0.8),
            int(random.choice([*MEDIA, MEDIUM_UNKNOWN])),
            frozenset(int(each) for each in random.choice([*THERAPIES, OTHER_HIGH_INTENSITY], int(random.integers(3)))),
            frozenset(int(each) for each in random.choice(STAFF, int(random.integers(3)))),
        )
        for _ in range(int(random.integers(0, 4)))
    )
    return Referral(
        received=int(random.integers(-200, 35)),
        source=int(random.choice(SOURCES)) if some(0.9) else None,
        ended=day(0.6),
        reason=int(random.choice(REASONS)),
        assessed=day(),
        treated=treated,
        treated_again=day() if treated is not None else None,
        treated_last=day(),
        contacts=int(random.integers(3)),
        treatments=int(random.integers(4)),
        finished=finished,
        integrated=some(0.3),
        integrated_contact=day(0.2),
        caseness=caseness,
        change=str(random.choice(["better", "same", "worse"])) if paired else "unknown",
        recovered=caseness == "at" and paired and some(),
        phq=phq,
        gad=gad,
        complaints=complaints,
        used=used,
        stage=(str(random.choice(["high", "low", "none"])), str(random.choice(["high", "low", "none"]))),
        appointments=appointments,
        internet=int(random.integers(3)),
    )


def measured(records: Iterable[Referral]) -> Mapping[str, int]:
    """Count the measures of some records, 0 where none is."""
    counts: Counter[str] = Counter()
    for record in records:
        for number in _of(record):
            counts[f"M{number:03}"] += 1
        counts["M089"] += record.treatments if record.finished and record.ended in PERIOD else 0
    return counts


def _of(one: Referral) -> list[int]:
    """Return the measures that count a record, each as often as it does."""
    found = [*_referred(one), *_treated(one), *_waiting(one)]
    if one.ended in PERIOD:
        found += _ended(one)
        if one.finished:
            found += _finished(one)
    if one.integrated_contact in PERIOD:
        found += [271, 272]
    for each in one.appointments:
        found += _appointment(each)
    return found + [343, OTHER_HIGH_INTENSITY] * one.internet


def _referred(one: Referral) -> list[int]:
    if one.received not in PERIOD:
        return []
    return [1, *([one.source] if one.source is not None else [])]


def _cuts(wait: int, cuts: Mapping[int, tuple[int, int | None]]) -> list[int]:
    """Return the measures whose least and greatest wait a wait is between."""
    return [number for number, (low, high) in cuts.items() if wait >= low and (high is None or wait <= high)]


_EVER = -(10**6)


def _treated(one: Referral) -> list[int]:
    found = []
    if one.assessed in PERIOD and one.assessed is not None:
        wait = one.assessed - one.received
        found += [23, *_cuts(wait, {24: (_EVER, 28), 25: (29, 56), 26: (57, 90), 27: (91, None)})]
    if one.treated in PERIOD and one.treated is not None:
        wait = one.treated - one.received
        cuts = {32: (_EVER, 28), 33: (29, 56), 34: (57, 90), 35: (91, None), 36: (_EVER, 42), 37: (_EVER, 126)}
        found += [31, *_cuts(wait, cuts)]
    if one.treated_again in PERIOD and one.treated_again is not None and one.treated is not None:
        wait = one.treated_again - one.treated
        found += [184, *_cuts(wait, {121: (_EVER, 28), 122: (29, 90), 47: (91, None), 46: (29, None)})]
    return found


def _waiting(one: Referral) -> list[int]:
    if one.ended is not None:
        return []
    found, waited = [], END - one.received
    if one.assessed is None:
        found += [29, *_cuts(waited, {30: (91, None)})]
    if one.treated is None:
        cuts = {39: 14, 40: 28, 41: 42, 42: 84, 43: 126}
        found += [38, *_cuts(waited, {number: (_EVER, most) for number, most in cuts.items()})]
        found += _cuts(waited, {44: (127, None), 45: (91, None)})
    if one.treated_last is not None and END - one.treated_last <= 60:
        found.append(19)
    return found


def _ended(one: Referral) -> list[int]:
    found = [56, one.reason]
    found += [28] if one.assessed is None else []
    found += [153] if one.treated is None else []
    found += [73] if one.contacts == 0 else []
    found += [74] if one.treatments == 0 and one.contacts > 0 else []
    found += [75] if one.treatments == 1 else []
    found += [76] if one.finished else []
    return found


def _finished(one: Referral) -> list[int]:
    found = (
        _cuts((one.treated or 0) - one.received, {52: (_EVER, 42), 54: (_EVER, 126)}) if one.treated is not None else []
    )
    side = (273, 275, 276, 277) if one.integrated else (274, 283, 284, 285)
    found.append(side[0])
    found += {"at": [side[1]], "not": [179, side[2]]}.get(one.caseness, [])
    found += [191, side[3]] if one.recovered else []
    found += {"better": [185], "same": [187], "worse": [189]}.get(one.change, [])
    found += [193] if one.recovered and one.change == "better" else []
    found.append({(True, False): 199, (False, False): 200}.get(one.phq, 201))
    found += sorted(_anxiety(one))
    last = one.complaints[one.used].last if one.used is not None else one.gad[1]
    found += [202] if one.phq[1] and last else []
    # one complaint is chosen for these two
    if one.complaints and one.complaints[0].has_measure:
        found += [203, *([204] if one.used == 0 and one.complaints[0].last else [])]
    found += [212, 217, 222, 227, 232] if one.gad[1] else []
    high, low = one.stage[0] == "high", one.stage[0] == "low"
    found += [352] * high + [353] * low
    found += [354] * (high and one.stage[1] == "low") + [355] * (low and one.stage[1] == "high")
    return found


def _anxiety(one: Referral) -> set[int]:
    """Return each of the three counts of the anxiety measure that some complaint of a record puts it in, once."""
    found = set()
    for each in one.complaints or (Complaint(has_measure=False, first=False, last=False),):
        first = one.gad[0] or (each.has_measure and each.first)
        last = one.gad[1] or (each.has_measure and each.last)
        found |= ({198} if last else set()) | ({196} if first and not last else set()) | (set() if first else {197})
    return found


def _appointment(each: Appointment) -> list[int]:
    found = [82, *([ATTENDANCE[each.attendance]] if each.attendance in ATTENDANCE else [])]
    if each.took_place:
        found += [each.medium, *sorted(each.staff), *sorted(each.therapies)]
    return found
