"""
Write a layout as a data contract: its columns, and the checks as rules of quality that name the command to run.

The rules say what holds and point to iapt-audit; no arithmetic is written out a second time.

Source: Open Data Contract Standard (ODCS) 3.1.0, Bitol, bitol.io.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from iapt_audit.model.columns import LICENCE_LINE
from iapt_audit.model.findings import CODES, FAMILIES, Code, Family, Severity
from iapt_audit.outputs.documents.json_text import tool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.definitions import Definitions, Layout, Source
    from iapt_audit.outputs.documents.json_text import Json


_API_VERSION = "v3.1.0"
_ENGINE = "iapt-audit"
#: What the standard calls the kinds of our checks.
_DIMENSIONS = {
    Family.RATES: "consistency",
    Family.IDENTITIES: "consistency",
    Family.DISCLOSURE: "conformity",
    Family.KEYS: "uniqueness",
    Family.FORMAT: "conformity",
    Family.SERIES: "consistency",
}
#: Findings about several inputs at once are none of a single table.
_OF_SEVERAL = (Code.INPUT_TWICE, Code.PERIOD_TWICE, Code.REVISED)
#: Told rule by rule.
_BY_RULE = (Code.RATE_CONTRADICTED, Code.IDENTITY_CONTRADICTED, Code.SUM_MISSED)


def contract(layout: Layout, definitions: Definitions) -> str:
    """
    Write the contract of a layout as YAML.

    Args:
        layout: The layout.
        definitions: The rates and rules of its publication.
    """
    made_by = tool(definitions)
    content = {
        "kind": "DataContract",
        "apiVersion": _API_VERSION,
        "id": f"{_ENGINE}/{layout.id}",
        "name": layout.title,
        "version": made_by["version"],
        "status": "active",
        "description": {
            "purpose": "Published figures of NHS Talking Therapies, as their publisher lays them out",
            "limitations": "Below England a count is rounded to the nearest 5, and suppressed below 5: never null, "
            "never 0",
            "usage": LICENCE_LINE,
        },
        "authoritativeDefinitions": _sources(layout.source),
        "schema": [
            {
                "name": _identifier(layout.id),
                "physicalName": layout.id,
                "physicalType": "file",
                "logicalType": "object",
                "description": layout.title,
                "properties": [_property(column, layout) for column in (*layout.identifying, *layout.columns)],
                "quality": [*_rates(layout, definitions), *_rules(layout, definitions), *_codes()],
            }
        ],
        "customProperties": [{"property": "definitionsSha256", "value": made_by["definitions_sha256"]}],
    }
    return "\n".join(_yaml(content, 0)) + "\n"


def _property(column: str, layout: Layout) -> Json:
    """Return a column: published figures are text, since signs stand among them."""
    role = next((role for role, name in layout.keys.items() if name == column), "")
    statistic, measure = layout.columns.get(column, ("", ""))
    said = f"{statistic} {measure}" if measure else role.replace("_", " ") or "part of the breakdown"
    return {
        "name": column,
        "logicalType": "string",
        "physicalType": "text",
        "required": column in layout.identifying,
        "description": said,
    }


def _rates(layout: Layout, definitions: Definitions) -> Iterator[Json]:
    concepts = {name.concept for name in definitions.names if name.publication == layout.publication}
    for rate in definitions.rates.values():
        if rate.printed in concepts and rate.numerator:
            said = f"{rate.title}: what is printed follows from {rate.numerator} / ({rate.denominator})"
            yield _quality(Code.RATE_CONTRADICTED, rate.id, said, rate.id, rate.source)


def _rules(layout: Layout, definitions: Definitions) -> Iterator[Json]:
    for rule in definitions.between:
        if rule.publication == layout.publication:
            code = Code.IDENTITY_CONTRADICTED if rule.holds == "always" else Code.SUM_MISSED
            yield _quality(code, rule.id, f"{rule.title}: {rule.definition}", code.value, rule.source)


def _codes() -> Iterator[Json]:
    for code, (_, title) in CODES.items():
        if code not in _OF_SEVERAL and code not in _BY_RULE:
            yield _quality(code, code.value, f"not found: {title}", code.value, None)


def _quality(code: Code, name: str, said: str, only: str, source: Source | None) -> Json:
    severity = CODES[code][0]
    quality: Json = {
        "id": _identifier(name),
        "name": name,
        "description": said,
        "dimension": _DIMENSIONS[FAMILIES[code]],
        "severity": "info" if severity is Severity.NOTE else severity.value,
        "type": "custom",
        "engine": _ENGINE,
        "implementation": {"command": f"iapt-audit audit FILE --only {only}", "code": code.value, "rule": name},
    }
    if source is not None:
        quality["authoritativeDefinitions"] = _sources(source)
    return quality


def _sources(source: Source) -> list[Json]:
    return [{"type": "canonicalUrl", "url": source.url, "description": source.title}]


def _identifier(name: str) -> str:
    """
    Write a name as the standard takes it.

    >>> _identifier("monthly_activity/2021-01")
    'monthly_activity_2021-01'
    """
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)


def _yaml(value: Json, depth: int) -> Iterator[str]:
    """Write lines of YAML: keys and lists in blocks, and every value as JSON writes it, which YAML reads as it is."""
    pad = "  " * depth
    for key, each in value.items():
        if isinstance(each, dict):
            yield f"{pad}{key}:"
            yield from _yaml(each, depth + 1)
        elif isinstance(each, list):
            yield f"{pad}{key}:"
            for entry in each:
                first, *others = _yaml(entry, depth + 1)
                yield f"{pad}- {first.strip()}"
                yield from others
        else:
            yield f"{pad}{key}: {json.dumps(each, ensure_ascii=False)}"
