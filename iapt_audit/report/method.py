"""Tell how it is known: the inputs, what could not be checked, the method, the command that repeats it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.about import __version__
from iapt_audit.constraints.rates import REASONS
from iapt_audit.outputs.summary import summary
from iapt_audit.report.elements import DataTable, Section

if TYPE_CHECKING:
    from iapt_audit.results import AuditResult

_METHOD = (
    (
        "Every printed cell stands for a set of whole numbers: below England counts are rounded to the nearest 5 and "
        "those under 5 are suppressed, percentages are rounded. A percentage is consistent if some numbers that print "
        "this way give it, contradicted if none do, which is a proof, and not checkable if its counts are missing."
    ),
    (
        "All figures of an organisation and period are checked against each other in the same way: sums, orders, and "
        "several percentages of one count. No tolerance is used, and no rate is averaged: counts are added up and "
        "divided once."
    ),
    (
        "A standard is met if every count that the figures allow meets it, not met if none does, met only after "
        "rounding if the printed percentage says so and the counts do not, and otherwise it cannot be determined."
    ),
    (
        "A suppressed count could be anything from 0 to 4. Nothing on this page narrows it further: figures that are "
        "linked to one are shown as printed."
    ),
)
_NO_ADVICE = (
    "None of this tells a person about their own chances. These are rates of referrals that ended in a period, of "
    "people who differ in what troubles them and how severely, and in what else was going on; a rate says nothing of "
    "what would have happened without treatment, and a place with a lower one may see people in greater need. Ask "
    "the service, or a GP."
)


def how_we_know(audit: AuditResult, command: str) -> Section:
    """
    Return the part on inputs and method.

    Args:
        audit: What was found.
        command: The command that repeats it.
    """
    counted = summary(audit)
    reasons = [
        (REASONS[reason], number)
        for reason, number in sorted(counted["not_checkable"].items(), key=lambda item: -item[1])
    ]
    cells = [(name.replace("_", " "), number) for name, number in counted["cells"].items()]
    inputs = [
        (
            each.name,
            each.period,
            each.outcome,
            each.rows,
            each.cells,
            each.sha256 or (f"{each.masked_sha256} (masked)" if each.masked_sha256 else None),
        )
        for each in audit.inputs
    ]
    unread, unjudged = len(audit.unread), len(audit.unjudged)
    judged = len(audit.inputs) - unread - unjudged
    opening = f"{judged:,} input{'s were' if judged != 1 else ' was'} audited"
    opening += f", nothing was judged of {unjudged:,}" if unjudged else ""
    opening += f", and {unread:,} could not be read." if unread else "."
    grids = [
        DataTable("inputs", "Inputs", ("file", "period", "status", "rows", "cells", "sha256"), inputs, search=True),
        DataTable("cells", "Cells by what they say", ("cells", "number"), cells),
    ]
    if reasons:
        grids.append(
            DataTable("not-checkable", "Percentages that cannot be checked, and why", ("reason", "number"), reasons)
        )
    made = f"iapt-audit {__version__}, definitions {audit.definitions.sha256[:12]}; the same files give the same page:"
    return Section(
        "how-we-know",
        "How do we know?",
        [opening, *_METHOD],
        (),
        grids,
        (_NO_ADVICE, made),
        command,
    )
