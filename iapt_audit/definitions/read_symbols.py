"""Read the symbols of others than the publisher, and the publications that are known and not covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.definitions.model import Symbol, Uncovered
from iapt_audit.model.columns import Status

if TYPE_CHECKING:
    from iapt_audit.definitions.fields import Roots

#: A figure that is there, or cannot be read, is no symbol.
_STATUSES = (Status.SUPPRESSED, Status.NOT_APPLICABLE, Status.WITHHELD_OR_ABSENT)


def read_symbols(roots: Roots) -> dict[str, Symbol]:
    """Read `schemas/symbols.toml`; a text of a user's own folder goes before the shipped one."""
    symbols: dict[str, Symbol] = {}
    for _, table in roots.tables("schemas/symbols.toml"):
        table.source()
        own: dict[str, Symbol] = {}
        for entry in table.tables("symbol"):
            symbol = Symbol(
                status=Status(entry.choice("status", tuple(each.value for each in _STATUSES))),
                said=entry.text("said"),
                empties_keys=entry.boolean("empties_keys", default=False),
            )
            for text in entry.texts("texts"):
                if text.casefold() in own:
                    entry.fault("texts", f"the symbol `{text}` is given twice")
                own[text.casefold()] = symbol
            entry.close()
        symbols |= own
        table.close()
    return symbols


def read_uncovered(roots: Roots) -> tuple[Uncovered, ...]:
    """Read `schemas/uncovered.toml`: publications that are named when their files are met, and not judged."""
    found: dict[str, Uncovered] = {}
    for _, table in roots.tables("schemas/uncovered.toml"):
        for entry in table.tables("publication"):
            entry.source()
            one = Uncovered(entry.text("title"), frozenset(entry.texts("columns")))
            found[one.title] = one
            entry.close()
        table.close()
    return tuple(found.values())
