"""Make `disclosure.json`, how many suppressed counts are exposed: the same bytes in give the same bytes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.disclosure.exposure import EXPOSED_COUNTS, EXPOSED_MEANS, FEWEST_BEHIND
from iapt_audit.outputs.documents.audit import input_json
from iapt_audit.outputs.documents.json_text import ATTRIBUTION, SCHEMA_VERSION, tool

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iapt_audit.disclosure.exposure import ExposedRow
    from iapt_audit.outputs.documents.json_text import Json
    from iapt_audit.results import Exposure


def exposed_document(found: Exposure) -> Json:
    """Return the whole of `disclosure.json` (its JSON Schema ships as `disclosure.schema.json`)."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": tool(found.definitions),
        "attribution": ATTRIBUTION,
        "inputs": [input_json(each) for each in found.inputs],
        "fewest_behind": FEWEST_BEHIND,
        "summary": added(found.rows),
        "rows": [dict(row) for row in found.rows],
    }


def added(rows: Iterable[ExposedRow]) -> dict[str, int]:
    """Add rows up."""
    found = list(rows)
    return {
        name: sum(number for row in found if isinstance(number := row[name], int))
        for name in (*EXPOSED_COUNTS, *EXPOSED_MEANS)
    }
