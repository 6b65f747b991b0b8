"""
Write what was found as SARIF 2.1.0, which code scanning reads: the rules, and a result a finding.

Source: Static Analysis Results Interchange Format (SARIF) Version 2.1.0 plus errata 01, OASIS, 28 August 2023.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from iapt_audit.integrations.checkout import Where, place_of, place_of_input
from iapt_audit.model.findings import CODES, FAMILIES, Code
from iapt_audit.model.text import printable
from iapt_audit.outputs.documents.json_text import ATTRIBUTION, tool
from iapt_audit.selection.findings import by_weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iapt_audit.model.findings import Finding
    from iapt_audit.model.inputs import Input
    from iapt_audit.outputs.documents.json_text import Json
    from iapt_audit.results import AuditResult


_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#: The name under which the id of a finding goes as a fingerprint; the version changes when ids are made otherwise.
_FINGERPRINT = "iaptAuditFinding/v1"
_RULES = list(Code)


def sarif(audit: AuditResult, paths: Mapping[str, str]) -> str:
    """
    Write the log of an audit.

    A row of a member has no line in its archive, so it is told in words and as a logical location.

    Args:
        audit: What was found.
        paths: The path in the checkout of each input, by the path it is told under (`checkout.in_checkout`).
    """
    made_by = tool(audit.definitions)
    run = {
        "tool": {
            "driver": {
                "name": made_by["name"],
                "version": made_by["version"],
                "shortDescription": {"text": "Does the headline follow from the published counts?"},
                "rules": [_rule(code) for code in _RULES],
            }
        },
        "columnKind": "unicodeCodePoints",
        "artifacts": _artifacts(audit, paths),
        "invocations": [
            {
                "executionSuccessful": audit.is_whole,
                "toolExecutionNotifications": [_failed(each, paths) for each in audit.failed],
            }
        ],
        "results": [_result(each, audit, paths) for each in by_weight(audit.findings, audit.definitions)],
        "properties": {"attribution": ATTRIBUTION, "definitions_sha256": made_by["definitions_sha256"]},
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _rule(code: Code) -> Json:
    severity, title = CODES[code]
    return {
        "id": code.value,
        "name": "".join(part.capitalize() for part in code.value.split("-")),
        "shortDescription": {"text": title},
        "defaultConfiguration": {"level": severity.value},
        "properties": {"tags": [FAMILIES[code].value]},
    }


def _result(finding: Finding, audit: AuditResult, paths: Mapping[str, str]) -> Json:
    places = place_of(finding, audit, paths)
    text = ": ".join(part for part in (finding.about, finding.message) if part)
    if finding.certificate:
        text += f"\n\n{finding.certificate}"
    if places and places[0].member is not None:
        text += f"\n\n{'; '.join(place.words for place in places)}"
    result: Json = {
        "ruleId": finding.code.value,
        "ruleIndex": _RULES.index(finding.code),
        "level": finding.severity.value,
        "message": {"text": printable(text)},
        "locations": [_location(place) for place in places[:1]],
        # how many cells it is of, of which the first are told
        "occurrenceCount": max(finding.count, 1),
        "relatedLocations": [{"id": number, **_location(place)} for number, place in enumerate(places[1:], 1)],
        "fingerprints": {_FINGERPRINT: finding.id},
        # code scanning knows an alert by this one
        "partialFingerprints": {"primaryLocationLineHash": finding.id},
        "properties": {
            name: value
            for name, value in (
                ("rule", finding.rule), ("publication", finding.publication), ("period", finding.period),
                ("level", finding.level), ("org_code", finding.org_code), ("breakdown", finding.breakdown),
                ("measures", list(finding.measures)),
            )
            if value
        },
    }  # fmt: skip
    if finding.waived is not None:
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": printable(finding.waived)}
        ]
    return result


def _location(place: Where) -> Json:
    physical: Json = {"artifactLocation": {"uri": quote(place.path)}}
    location: Json = {"physicalLocation": physical}
    if place.member is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": printable(place.words), "kind": "member"}]
    elif place.row is not None:
        physical["region"] = {"startLine": place.row}
    return location


def _artifacts(audit: AuditResult, paths: Mapping[str, str]) -> list[Json]:
    """Return the files once each: an archive has many members, a table many periods."""
    files: dict[str, Json] = {}
    for each in audit.inputs:
        uri = quote(place_of_input(each, paths).path)
        files.setdefault(uri, {"location": {"uri": uri}})
        if each.sha256 is not None:
            files[uri]["hashes"] = {"sha-256": each.sha256}
        elif each.masked_sha256 is not None:
            # no digest of the file itself; that of what is told of each table in it
            masked = files[uri].setdefault("properties", {}).setdefault("masked_sha256", [])
            masked.append(each.masked_sha256)
    return list(files.values())


def _failed(each: Input, paths: Mapping[str, str]) -> Json:
    error = each.error
    told = each.fault or f"not read: {each.name}"
    return {
        "level": "error",
        "descriptor": {"id": error.code if error is not None else each.status},
        "message": {"text": printable(told)},
        "locations": [_location(place_of_input(each, paths))],
    }
