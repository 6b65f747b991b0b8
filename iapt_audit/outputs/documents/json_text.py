"""Write documents as JSON, and say in each what made it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iapt_audit.about import __version__
from iapt_audit.model.columns import LICENCE_LINE

if TYPE_CHECKING:
    from iapt_audit.definitions import Definitions


SCHEMA_VERSION = "1"


ATTRIBUTION = LICENCE_LINE


Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of which each entry is written as JSON already."""

    entries: list[str]


def to_json(content: Json) -> str:
    """
    Write a document, one entry of a list a line; a number that is no JSON number is our own fault and raises.

    >>> print(to_json({"a": 1, "rows": [{"b": 2}, {"b": 3}]}), end="")
    {
     "a": 1,
     "rows": [
      {"b": 2},
      {"b": 3}
     ]
    }
    """
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    parts = []
    for name, value in content.items():
        entries = value.entries if isinstance(value, Lines) else value
        if isinstance(entries, list) and entries:
            each_written = entries if isinstance(value, Lines) else map(encode, entries)
            written = "[\n  " + ",\n  ".join(each_written) + "\n ]"
        else:
            written = encode(entries)
        parts.append(f" {encode(name)}: {written}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def tool(definitions: Definitions) -> Json:
    """Say which tool and which definitions made a document."""
    return {"name": "iapt-audit", "version": __version__, "definitions_sha256": definitions.sha256}
