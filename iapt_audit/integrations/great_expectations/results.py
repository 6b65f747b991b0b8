"""Write findings into the results of Great Expectations, and read them back."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.errors.base import ResultError
from iapt_audit.errors.inputs import InputError
from iapt_audit.model.findings import Code, Finding, FoundCell, Severity
from iapt_audit.outputs.documents.audit import finding_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iapt_audit.integrations.great_expectations.judging import JudgedBatch

#: The row of a file that the first row of its frame stands in: the header is 1.
_FIRST_ROW = 2
_MOST_SHOWN = 50
_MOST_ROWS = 10


def told(judged: JudgedBatch, findings: Sequence[Finding]) -> dict[str, Any]:
    """
    Return what an expectation returns: it fails on an error, and where nothing was judged; it tells notes.

    The result holds `findings` as `audit.json` lists them, and the places of the rows of errors, counted from 0.
    """
    if judged.error is not None:
        error = _error(judged.error)
        # the message may name columns of the table, and an observed value is drawn as it stands
        return {"success": False, "result": {"observed_value": "not audited", "details": {"error": error}}}
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    rows = _rows_of(judged, errors)
    result: dict[str, Any] = {
        "observed_value": _counted(findings),
        "element_count": judged.rows,
        "unexpected_count": len(rows),
        "unexpected_percent": 100 * len(rows) / judged.rows,
        "unexpected_index_list": rows,
        "details": {"findings": [finding_json(finding) for finding in findings]},
    }
    if judged.unjudged is not None:
        result |= {"observed_value": "nothing judged"}
        result["details"] |= {"unjudged": _error(judged.unjudged)}
    return {"success": not errors and judged.unjudged is None, "result": result}


def _rows_of(judged: JudgedBatch, findings: Sequence[Finding]) -> list[int]:
    """Return the places of the rows that findings are of, counted from 0."""
    if judged.places is None:
        return []
    names = [finding.id for finding in findings]
    rows = judged.places.filter(pl.col("id").is_in(names))["row"].unique().sort()
    return [int(row) - _FIRST_ROW for row in rows]


def _error(error: InputError) -> dict[str, str | None]:
    return {"code": error.code, "message": error.message, "hint": error.hint}


def _counted(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    named = [f"{counts[each]:,} {each.value}{'s' if counts[each] > 1 else ''}" for each in Severity if counts[each]]
    return ", ".join(named) or "no finding"


def rows_told(result: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the findings of a result as rows of a table: id, where, rows of the file, message."""
    details = result.get("details") or {}
    told = [
        ("", "", "", f"{error['message']}{hint}")
        for error in (details[name] for name in ("error", "unjudged") if name in details)
        for hint in [f" (hint: {error['hint']})" if error["hint"] else ""]
    ]
    findings = details.get("findings", [])
    shown = [(each["id"], _where(each), _rows(each), each["message"]) for each in findings[:_MOST_SHOWN]]
    left = len(findings) - len(shown)
    return [*told, *shown, *([("", "", "", f"and {left:,} more")] if left else [])]


def _where(finding: Mapping[str, Any]) -> str:
    named = (finding["level"], finding["org_code"], finding["org_name"], finding["breakdown"])
    return " ".join(dict.fromkeys(each for each in named if each))


def _rows(finding: Mapping[str, Any]) -> str:
    rows = sorted({cell["row"] for cell in finding["cells"]})
    left = max(len(rows), finding.get("count", 0)) - min(len(rows), _MOST_ROWS)
    more = f" and {left:,} more" if left and finding.get("count", 0) > len(finding["cells"]) else ""
    more = more or (f" and {len(rows) - _MOST_ROWS:,} more" if len(rows) > _MOST_ROWS else "")
    return ", ".join(str(row) for row in rows[:_MOST_ROWS]) + more


def findings_of(result: Any) -> tuple[Finding, ...]:  # noqa: ANN401 - a checkpoint's result, or one suite's or expectation's
    """
    Read the result of a checkpoint back as findings: those, with the ids, that `audit` gives for the same file.

    Args:
        result: What `Checkpoint.run` returns, or the result of one suite, as an object or as it is stored (a dict).

    Returns:
        The findings by id. Their cells name the batch as `batch`, and the rows of the file, the header being 1.

    Raises:
        InputError: If the batch could not be audited; the reason is the audit's.
        ResultError: If the result holds no expectation of ours, or was asked for without details.
    """
    found: dict[str, Finding] = {}
    seen = False
    for each in _results(result):
        if each["expectation_config"]["type"] not in OURS:
            continue
        seen = True
        details = (each.get("result") or {}).get("details")
        if details is None:
            raise ResultError.no_details()
        if "error" in details:
            error = details["error"]
            raise InputError(error["code"], error["message"], error["hint"])
        for finding in details["findings"]:
            found[finding["id"]] = _finding(finding)
    if not seen:
        raise ResultError.other_result()
    return tuple(found[name] for name in sorted(found))


#: The types of our expectations, as results name them.
OURS = frozenset(
    {
        "expect_rate_to_follow_from_counts",
        "expect_parts_to_make_total",
        "expect_counts_to_be_disclosure_controlled",
        "expect_figures_to_be_in_form",
    }
)


def _results(result: Any) -> Iterable[Mapping[str, Any]]:  # noqa: ANN401 - as `findings_of`
    """Return the results of single expectations, as they are stored."""
    suites = getattr(result, "run_results", None)
    if suites is not None:
        return [each for suite in suites.values() for each in _results(suite)]
    stored = result if isinstance(result, dict) else result.to_json_dict()
    results: list[Mapping[str, Any]] = stored.get("results", [stored])
    return results


def _finding(stored: Mapping[str, Any]) -> Finding:
    """Make a finding of its entry in `audit.json`; what a later version adds is left out."""
    known = {field.name for field in fields(Finding)}
    values = {name: value for name, value in stored.items() if name in known}
    cells = tuple(FoundCell(**cell) for cell in values["cells"])
    answers = tuple(tuple(answer) for answer in values["answers"])
    texts: dict[str, Any] = {name: tuple(values[name]) for name in ("measures", "rules")}
    texts["waived_for"] = tuple((each["org_code"], each["reason"]) for each in values.get("waived_for", []))
    return Finding(**{**values, **texts, "code": Code(values["code"]), "cells": cells, "answers": answers})
