"""
Write what was found as workflow commands of GitHub Actions, which show it beside the lines of the files.

A name in a published file is anybody's text, so all of it is escaped, and every line that is written is a command of
ours: no text can begin one. No figure of a cell but a printed percentage is repeated; the certificate stays in the log.

Source: "Workflow commands for GitHub Actions", docs.github.com; limits and escapes as in `actions/toolkit`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iapt_audit.integrations.checkout import Where, place_of, place_of_input
from iapt_audit.model.columns import Verdict
from iapt_audit.model.findings import CODES, Severity
from iapt_audit.model.text import printable
from iapt_audit.selection.findings import by_weight

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.results import AuditResult

#: GitHub shows so many annotations of each kind that a step makes, and drops the others without a word.
MOST = 10
#: A step's summary may have a mebibyte; what other commands add to it needs room too.
MOST_SUMMARY_BYTES = 1_000_000
#: An annotation is cut off by GitHub at 4,096 characters or so.
_LONGEST = 2_000
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_TOOL = "iapt-audit"


def annotate(audit: AuditResult, paths: Mapping[str, str]) -> str:
    """
    Write a command a finding, the gravest first, as many as are shown of each severity; and how many there are.

    Args:
        audit: What was found. Waived findings are counted and not shown.
        paths: The path in the checkout of each input, by the path it is told under (`checkout.in_checkout`).
    """
    lines: dict[Severity, list[str]] = {severity: [] for severity in Severity}
    for each in audit.failed:
        if each.fault is not None:
            title = f"{_TOOL}: not {'judged' if each.is_read else 'read'}"
            told = each.fault.removeprefix("not read: ")
            lines[Severity.ERROR].append(command("error", told, place_of_input(each, paths), title))
    waived = 0
    for finding in by_weight(audit.findings, audit.definitions):
        if finding.waived is not None:
            waived += 1
            continue
        where = next(iter(place_of(finding, audit, paths)), None)
        told = ": ".join(part for part in (finding.about, finding.message) if part)
        text = f"{told} ({finding.id})"
        title = f"{_TOOL}: {finding.code.value}: {CODES[finding.code][1]}"
        lines[finding.severity].append(command(_COMMANDS[finding.severity], text, where, title))
    return _written(lines, waived, f"in {len(audit.inputs):,} input{'s' if len(audit.inputs) != 1 else ''}")


def annotate_claims(judged: Sequence[JudgedClaim], path: str | None) -> str:
    """
    Write a command a contradicted claim, and how many there are of each verdict.

    Args:
        judged: The claims.
        path: The file they stand in, if they do.
    """
    where = Where(path) if path is not None else None
    lines: dict[Severity, list[str]] = {severity: [] for severity in Severity}
    for each in sorted(judged, key=lambda each: each.claim.id):
        if each.verdict is Verdict.CONTRADICTED:
            ours = "in our words " if each.claim.in_our_words else ""
            said = f"{ours}`{each.claim.text}`: " if each.claim.text else ""
            told = f"{each.claim.id}: {said}{each.message} {each.true_sentence}".strip()
            lines[Severity.ERROR].append(command("error", told, where, f"{_TOOL}: claim contradicted"))
    counted = Counter(each.verdict for each in judged)
    verdicts = ", ".join(f"{counted[verdict]:,} {verdict.value.replace('_', ' ')}" for verdict in Verdict)
    return _written(lines, 0, f"in {len(judged):,} claim{'s' if len(judged) != 1 else ''}: {verdicts}")


def command(name: str, text: str, where: Where | None, title: str) -> str:
    r"""
    Write one command.

    >>> command("error", "50%\nof::warning::all", Where("a,b.csv", None, 21), "a: b")
    '::error file=a%2Cb.csv,line=21,title=a%3A b::50%25%0Aof::warning::all'
    """
    properties = {}
    if where is not None:
        properties["file"] = where.path
        # the row of a member is no line of its archive
        if where.row is not None and where.member is None:
            properties["line"] = str(where.row)
        elif where.row is not None:
            text = f"{text} ({where.words})"
    properties["title"] = title
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {written}::{_data(_cut(text))}"


def within_limit(summary: str) -> str:
    r"""
    Cut a step's summary off where GitHub would refuse it, at a line's end, and say so.

    >>> within_limit("a\n"), within_limit("a\n" + "b" * 2_000_000).splitlines()[0]
    ('a\n', 'a')
    """
    data = summary.encode()
    if len(data) <= MOST_SUMMARY_BYTES:
        return summary
    kept = data[:MOST_SUMMARY_BYTES].rpartition(b"\n")[0].decode("utf-8", "ignore")
    return f"{kept}\n\nThis is cut off: GitHub shows no more.\n"


def _written(lines: Mapping[Severity, list[str]], waived: int, among: str) -> str:
    # the total is a notice too, and comes first so that it is not dropped
    room = {severity: MOST - (severity is Severity.NOTE) for severity in Severity}
    shown = [line for severity in Severity for line in lines[severity][: room[severity]]]
    counts = ", ".join(
        f"{len(lines[severity]):,} {severity.value}{'s' if len(lines[severity]) != 1 else ''}" for severity in Severity
    )
    hidden = sum(map(len, lines.values())) - len(shown)
    told = f"{counts} {among}"
    told += f"; {hidden:,} not shown here" if hidden else ""
    told += f"; {waived:,} waived" if waived else ""
    return "\n".join([command("notice", told, None, _TOOL), *shown]) + "\n"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
