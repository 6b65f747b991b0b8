"""Tell how a table differs from a layout, and what its new columns probably hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iapt_audit.definitions.vocabulary import Shape
from iapt_audit.ingest import recognise
from iapt_audit.model.columns import Statistic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import polars as pl

    from iapt_audit.definitions import Layout

#: What a measure column's name begins with, and the statistic that it then holds.
_WORDS = {
    **{statistic.value.title().replace("_", ""): statistic for statistic in Statistic},
    "Min": Statistic.MINIMUM,
    "Max": Statistic.MAXIMUM,
    "SD": Statistic.STANDARD_DEVIATION,
}
_ANY_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
#: `CountRecovery` or `Count_Recovery`, but not `Country`
_MEASURE_COLUMN = re.compile(
    rf"(?:(?P<joined>{_ANY_WORD})(?=[A-Z0-9])|(?P<parted>(?i:{_ANY_WORD}))[\s_]+)(?P<measure>.+)"
)
_LONGEST_SIGN = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """
    How the columns of a table differ from a layout.

    `keys` are the layout's identifying columns that the table lacks, each with the column that it has probably become;
    `others` are those that the layout does not know and that are none of these.
    """

    base: Layout
    columns: tuple[str, ...]
    keys: Mapping[str, str | None]
    others: tuple[str, ...]

    @property
    def dropped(self) -> list[str]:
        """Return the layout's measure columns that the table lacks."""
        return [column for column in self.base.columns if column not in self.columns]

    def column(self, role: str) -> str | None:
        """Return the table's column for a role, None if it is not known."""
        column = self.base.keys.get(role)
        return self.keys.get(column, column) if column else None


@dataclass(frozen=True, slots=True)
class Guess:
    """What a new column probably holds, None if nothing can be said; `alike` is a dropped column with a like name."""

    column: str
    what: tuple[Statistic, str] | None
    remark: str
    alike: str | None = None


def differs(columns: Sequence[str], base: Layout) -> Difference:
    """Compare a table with a layout, and say which columns its keys have probably become."""
    lacking = [name for name in base.identifying if name not in columns]
    others = recognise.unknown_columns(columns, [base])
    measures = recognise.same_letters([name for name in base.columns if name not in columns], others).values()
    candidates = [name for name in others if name not in measures and (base.shape is Shape.LONG or not guessed(name))]
    found = recognise.near_misses(lacking, candidates)
    left = [name for name in candidates if name not in found.values() and recognise.looks_like_name(name)]
    unfound = [name for name in lacking if name not in found]
    if base.shape is Shape.LONG and len(left) == len(unfound) == 1:
        # each column of a long layout is a key, so the one that is left is the one that is sought
        found[unfound[0]] = left[0]
    keys = {name: found.get(name) for name in lacking}
    return Difference(base, tuple(columns), keys, tuple(name for name in others if name not in found.values()))


def mostly_known(difference: Difference, family: Sequence[Layout]) -> bool:
    """Return whether at least half of a table's measure columns are those of a publication, however they are spelt."""
    published = [column for layout in family for column in layout.columns]
    there = len(difference.base.columns) - len(difference.dropped)
    spelt = len(recognise.same_letters(difference.others, published))
    return 2 * (there + spelt) >= there + len(difference.others) > 0


def guesses(difference: Difference, family: Sequence[Layout]) -> list[Guess]:
    """Say what each new column of a wide table probably holds; no two are taken for the same measure."""
    base = difference.base
    taken = {what: column for column, what in base.columns.items() if column not in difference.dropped}
    found = []
    for guess in _each_guess(difference, family):
        if guess.what in taken:
            found.append(Guess(guess.column, None, f"`{taken[guess.what]}` is read as the same measure already"))
            continue
        if guess.what is not None:
            taken[guess.what] = guess.column
        found.append(guess)
    return found


def _each_guess(difference: Difference, family: Sequence[Layout]) -> Iterator[Guess]:
    base = difference.base
    others = [name for name in difference.others if recognise.looks_like_name(name)]
    # the layout itself last, so that of eras that say the same it is the one named
    eras = [*(layout for layout in family if layout.id != base.id), base]
    published = {name: (what, layout.id) for layout in eras for name, what in layout.columns.items()}
    measures = {measure for (_, measure), _ in published.values()}
    spelt = recognise.same_letters(others, published)
    misses = recognise.near_misses(difference.dropped, [name for name in others if name not in spelt])
    alike = {new: old for old, new in misses.items()}
    for name in others:
        if name in spelt:
            old = name if name in published else spelt[name]
            what, layout = published[old]
            yield Guess(name, what, f"as `{old}` of `{layout}`")
            continue
        guess, near = guessed(name, measures), alike.get(name)
        if guess is None:
            yield Guess(name, None, "no statistic can be told from the name")
        else:
            same_kind = near is not None and base.columns[near][0] is guess[0]
            yield Guess(name, guess, "guessed from the name", near if same_kind else None)


def guessed(column: str, measures: Collection[str] = ()) -> tuple[Statistic, str] | None:
    """
    Tell a column's statistic and measure from its name, in the spelling of a known measure if it is one.

    >>> guessed("Count_Recovery"), guessed("MeanWait"), guessed("Country")
    ((<Statistic.COUNT: 'count'>, 'Recovery'), (<Statistic.MEAN: 'mean'>, 'Wait'), None)
    """
    found = _MEASURE_COLUMN.fullmatch(column)
    if found is None:
        return None
    word = (found["joined"] or found["parted"]).casefold()
    measure = "_".join(found["measure"].split())
    statistic = next(statistic for name, statistic in _WORDS.items() if name.casefold() == word)
    return statistic, recognise.same_letters([measure], measures).get(measure, measure)


def unknown_levels(table: pl.DataFrame, column: str | None, layout: Layout) -> list[str]:
    """Return the texts of the level column that the layout does not know, if they can be names."""
    if column is None:
        return []
    texts = table[column].unique().sort()
    return [text for text in texts if text not in layout.levels and recognise.looks_like_name(text)]


def unknown_signs(
    table: pl.DataFrame, columns: Sequence[str], layout: Layout, number_words: Collection[str]
) -> list[str]:
    """Return the texts in columns of cells that the layout does not know; none that may be a figure in any writing."""

    def is_sign(text: str) -> bool:
        short = 0 < len(text) <= _LONGEST_SIGN and text not in layout.statuses
        # a count that slipped through may be spelt out
        spelt_out = any(word in number_words for word in text.casefold().split())
        return short and not spelt_out and not any(character.isnumeric() for character in text)

    texts = {text for column in columns for text in table[column].str.strip_chars().unique()}
    return sorted(text for text in texts if is_sign(text))
