"""Read the words that a sentence in plain English is read with."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from iapt_audit.definitions.fields import Faults, Roots, once
from iapt_audit.definitions.sentence_model import Event, Phrase, SentenceLexicon, WordKind
from iapt_audit.definitions.vocabulary import ComparisonKind
from iapt_audit.errors.base import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iapt_audit.definitions.fields import FieldTable
    from iapt_audit.definitions.model import Definitions

_LOADED: dict[str, SentenceLexicon] = {}
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)*|%")
#: Measures that are no id of the measures of a claim, since the event has none.
_KINDS = tuple(kind.value for kind in WordKind)


def plain_words(text: str) -> tuple[str, ...]:
    """
    Return the words of a phrase as a sentence is split into them: small letters, hyphens as blanks.

    >>> plain_words("Self-referrals, the patients' own")
    ('self', 'referrals', 'the', 'patients', 'own')
    """
    return tuple(_WORD.findall(text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")))


def load_sentence_lexicon(definitions: Definitions) -> SentenceLexicon:
    """
    Load the words for sentences, once for some definitions; they are apart, since most commands do not need them.

    Raises:
        DefinitionError: With all faults of all files.
    """
    if definitions.sha256 not in _LOADED:
        _LOADED[definitions.sha256] = _read(definitions)
    return _LOADED[definitions.sha256]


def _read(definitions: Definitions) -> SentenceLexicon:
    roots = Roots(definitions.folders, Faults())
    events: dict[str, Event] = {}
    found = [
        *_events(roots, definitions, events),
        *_kinds(roots),
        *_pairs(roots, "outside", "reason", WordKind.OUTSIDE),
        *_pairs(roots, "rows", "row", WordKind.ROW),
        *_comparisons(definitions),
    ]
    if roots.faults.found:
        raise DefinitionError(roots.faults.found)
    by_first: dict[str, dict[tuple[str, ...], Phrase]] = defaultdict(dict)
    for phrase in found:
        # what means something goes before what changes nothing
        by_first[phrase.words[0]].setdefault(phrase.words, phrase)
    phrases = {
        first: tuple(sorted(group.values(), key=lambda each: (-len(each.words), each.words)))
        for first, group in by_first.items()
    }
    return SentenceLexicon(phrases, events)


def _events(roots: Roots, definitions: Definitions, events: dict[str, Event]) -> Iterator[Phrase]:
    from iapt_audit.definitions.read_claims import measures

    known = measures(definitions)
    for _, table in roots.tables("checks/lexicon/events.toml"):
        table.source()
        for entry in table.tables("event"):
            event = _event(entry, known, definitions.populations)
            once(events, entry, event.id)
            events[event.id] = event
            yield from _phrases(entry, WordKind.EVENT, event.id)
            entry.close()
        table.close()


def _event(entry: FieldTable, known: set[str], populations: Mapping[str, object]) -> Event:
    event = Event(
        id=entry.text("id"),
        rank=entry.integer("rank"),
        share=entry.text("share", ""),
        number=entry.text("number", ""),
        mean=entry.text("mean", ""),
        population=entry.text("population", ""),
    )
    for key, name in (("share", event.share), ("number", event.number), ("mean", event.mean)):
        if name and name not in known:
            entry.fault(key, f"unknown measure `{name}`")
    if event.population and event.population not in populations:
        entry.fault("population", f"unknown population `{event.population}`")
    return event


def _kinds(roots: Roots) -> Iterator[Phrase]:
    for _, table in roots.tables("checks/lexicon/words.toml"):
        table.source()
        for entry in table.tables("words"):
            kind = WordKind(entry.choice("kind", _KINDS) or WordKind.NOTHING)
            yield from _phrases(entry, kind, "")
            entry.close()
        table.close()


def _phrases(entry: FieldTable, kind: WordKind, value: str) -> Iterator[Phrase]:
    for text in entry.texts("words"):
        words = plain_words(text)
        if words:
            yield Phrase(words, kind, value)
        else:
            entry.fault("words", f"expected words, got `{text}`")


def _pairs(roots: Roots, name: str, key: str, kind: WordKind) -> Iterator[Phrase]:
    for table, row in roots.rows(f"checks/lexicon/{name}.csv", ("words", key)):
        words = plain_words(row["words"])
        if words:
            yield Phrase(words, kind, row[key])
        else:
            table.fault("words", f"expected words, got `{row['words']}`")


def _comparisons(definitions: Definitions) -> Iterator[Phrase]:
    for comparison in definitions.lexicon.comparisons.values():
        if comparison.kind is ComparisonKind.VALUE:
            for text in comparison.words:
                yield Phrase(plain_words(text), WordKind.COMPARISON, comparison.id)
