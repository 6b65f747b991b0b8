"""Read the rules between counts: sums and orders that every organisation's figures keep to."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from iapt_audit.columns import Statistic
from iapt_audit.definitions.rules import Holds, Identity
from iapt_audit.definitions.tables import near_miss, once
from iapt_audit.expressions import ExpressionError, parse_comparison

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from iapt_audit.definitions.model import Source
    from iapt_audit.definitions.tables import Roots, Table
    from iapt_audit.expressions import Comparison

    Measures = Mapping[str, Mapping[str, Statistic]]

_HOLDS: tuple[Holds, ...] = get_args(Holds)


def read_identities(roots: Roots, measures: Measures, taken: Collection[str]) -> tuple[Identity, ...]:
    """
    Read the sums and orders of `checks/identities/`, one file a publication.

    Args:
        roots: The folders of definitions.
        measures: The measures of each publication.
        taken: The ids of other rules, which no identity may have.
    """
    identities: dict[str, Identity] = {}
    for table, publication, source in _files(roots, measures):
        known = measures.get(publication, {})
        for entry in table.tables("identity"):
            name, title = entry.text("id"), entry.text("title")
            holds, rule = _holds(entry), _rule(entry, publication, known)
            construction = entry.text("construction")
            own = entry.source() if "source" in entry.values else source
            once({*identities, *taken}, entry, name)
            entry.close()
            if rule is not None:
                identities[name] = Identity(name, title, publication, holds, rule, construction, own, table.file)
        table.close()
    return tuple(identities.values())


def _files(roots: Roots, measures: Measures) -> Iterator[tuple[Table, str, Source]]:
    """Give each file with its publication, which is its name."""
    path: Path
    for path, table in roots.tables("checks/identities/*.toml"):
        source = table.source()
        publication = path.stem
        if publication not in measures:
            table.fault("file", f"unknown publication `{publication}`", near_miss(publication, measures))
        yield table, publication, source


def _holds(entry: Table) -> Holds:
    text = entry.choice("holds", _HOLDS)
    return next((word for word in _HOLDS if word == text), _HOLDS[0])


def _rule(entry: Table, publication: str, measures: Mapping[str, Statistic]) -> Comparison | None:
    text = entry.text("rule")
    if not text:
        return None
    try:
        rule = parse_comparison(text)
    except ExpressionError as error:
        entry.fault("rule", str(error))
        return None
    for name in rule.names:
        _count(entry, name, publication, measures)
    for name in rule.left.names:
        if name in rule.right.names:
            entry.fault("rule", f"the measure `{name}` stands on both sides")
    return rule


def _count(entry: Table, name: str, publication: str, measures: Mapping[str, Statistic]) -> None:
    """Note a name that is no count of the publication; one that is not known was told of once."""
    # a wide layout names a figure by its statistic and measure, since the one column is of both
    if not measures or measures.get(name, measures.get(f"{Statistic.COUNT} {name}")) is Statistic.COUNT:
        return
    if name in measures:
        entry.fault("rule", f"expected a count, got `{name}`, a {measures[name]}")
        return
    counts = [known.rpartition(" ")[2] for known, statistic in measures.items() if statistic is Statistic.COUNT]
    entry.fault("rule", f"unknown count `{name}` of `{publication}`", near_miss(name, counts))
