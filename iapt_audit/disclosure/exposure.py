"""Let out how many suppressed counts are narrowed or pinned, never which."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    ExposedPlace = tuple[str, str, str | None, str | None]
    ExposedCount = tuple[tuple[str, str, str, str], Mapping[str, int]]
    ExposedRow = dict[str, str | int | None]


_TWICE = 2


#: Of how many suppressed counts it must at least be open whether they are the ones that a number is about, before the
#: number is told. Twice the least count that the publisher prints: whoever knows some of them, as an organisation knows
#: its own, still has more before him than a printed count of 5 may stand for.
FEWEST_BEHIND = 10


#: They are at least one in so many besides: if nearly all are meant, each is as good as named.
LEAST_SHARE = 10


#: A measure with fewer suppressed counts in a rule is not told by itself: a third of so few is enough to hide in, and a
#: row that is so often withheld tells less than one of several measures.
SMALLEST_ROW = 3 * FEWEST_BEHIND


#: What rows of `publish_exposed` are of; a null measure stands for several, a null period for all.
EXPOSED_KEY = ("publication", "level", "measure", "period")


#: What they count: `untold` are the counts in a rule of which no number may be told, and the last three leave them out.
EXPOSED_COUNTS = ("suppressed", "in_rule", "untold", "narrowed", "pinned", "undecided")


#: What is counted besides, of the narrowed and of the pinned: by which means they were found.
EXPOSED_MEANS = tuple(
    f"{what}_by_{means}" for what in ("narrowed", "pinned") for means in ("narrowing", "supposing", "solving")
)


def publish_exposed(
    counts: Iterable[ExposedCount],
    *,
    by_period: bool = False,
    fewest: int = FEWEST_BEHIND,
    smallest: int = SMALLEST_ROW,
) -> tuple[ExposedRow, ...]:
    """
    Pass the numbers of narrowed and pinned suppressed counts through the gate.

    What is put together is settled by what the file says: in each publication, level and period the measures with few
    suppressed counts in a rule make one row. A choice that looked at how many are narrowed would give them away. Of
    each such row the numbers are told only if they say of no single count that it is narrowed or pinned: there must be
    `fewest` that are open and not narrowed, and, if any is pinned, `fewest` that are narrowed and not pinned. Then any
    one could be exchanged for another, and the numbers would be the same. Else only what the file says is told, and the
    row goes into no sum. Each row is safe by itself and no two overlap, so no sum or difference of rows, of periods or
    of outputs over other files undoes it.

    Args:
        counts: For each publication, level, measure and period the numbers `suppressed`, `in_rule`, `candidates` (open
            or narrowed after narrowing alone), `hidden` (open after it, and not narrowed), `narrowed`, `pinned`,
            `undecided` and `EXPOSED_MEANS`; each key once.
        by_period: Whether to give each period apart, or their sums.
        fewest: How many others.
        smallest: How many suppressed counts in a rule a measure has at least, to be told by itself.

    Returns:
        Rows with `EXPOSED_KEY`, `EXPOSED_COUNTS` and `EXPOSED_MEANS`, sorted by key.
    """
    leaves: dict[ExposedPlace, dict[str, int]] = {}
    for (publication, level, measure, period), numbers in counts:
        # that no rule holds any of a measure, anyone sees from the file
        alone = numbers["in_rule"] >= smallest or not numbers["in_rule"]
        _add(leaves.setdefault((publication, level, measure if alone else None, period), {}), numbers)
    rows: dict[ExposedPlace, dict[str, int]] = {}
    for leaf, numbers in leaves.items():
        place = (*leaf[:-1], leaf[-1] if by_period else None)
        _add(rows.setdefault(place, {}), _gated(numbers, fewest))
    ordered = sorted(rows.items(), key=lambda item: tuple((part is None, part or "") for part in item[0]))
    return tuple({**dict(zip(EXPOSED_KEY, place, strict=True)), **numbers} for place, numbers in ordered)


def _add(total: dict[str, int], numbers: Mapping[str, int]) -> None:
    for name, number in numbers.items():
        total[name] = total.get(name, 0) + number


def _gated(numbers: Mapping[str, int], fewest: int) -> dict[str, int]:
    """Return what may be told of a row by itself."""

    def enough(others: int, meant: int) -> bool:
        return others >= fewest and others * LEAST_SHARE >= meant

    hidden, narrowed, pinned = (numbers[name] for name in ("hidden", "narrowed", "pinned"))
    # with so few candidates it must not even show whether any is narrowed
    many = numbers["candidates"] >= _TWICE * fewest
    is_told = many and enough(hidden, narrowed) and (not pinned or enough(narrowed - pinned, pinned))
    said = {name: numbers[name] for name in ("suppressed", "in_rule")}
    rest = (*EXPOSED_COUNTS[len(said) + 1 :], *EXPOSED_MEANS)
    return {
        **said,
        "untold": 0 if is_told else numbers["in_rule"],
        **{name: numbers[name] if is_told else 0 for name in rest},
    }
