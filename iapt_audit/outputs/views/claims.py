"""Show judged claims and traced figures to a person: at a terminal, as Markdown, as CSV."""

from __future__ import annotations

import csv
import io
import itertools
import textwrap
from collections import Counter
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from iapt_audit.claims.causes import CAUSES, Sameness
from iapt_audit.claims.fit import Fit
from iapt_audit.model.columns import LICENCE_LINE, Verdict
from iapt_audit.model.text import plain_share, printable
from iapt_audit.outputs.documents.claims import claims, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from iapt_audit.claims.trace import Traced
    from iapt_audit.claims.verdicts import JudgedClaim
    from iapt_audit.definitions import Definitions

VERDICTS = {
    Verdict.CONSISTENT: "consistent",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.NOT_CHECKABLE: "not checkable",
}
_ABOUT = (
    "A verdict is about a published figure and its wording, never about what anyone meant. A consistent claim fits the "
    "figures for the population that is shown."
)
#: The columns of the table of claims.
_WIDTHS = (("speaker", 22), ("period", 7), ("claim", 38), ("figure", 11), ("verdict", 13), ("why", 18))
_OURS = "claim, in our words"
#: How far a page was read, as a reader is told.
PAGE_READ = {
    "all": "the whole page",
    "to_a_place": "part of the page",
    "beginning": "at least the beginning of the page",
    "not_read": "not its page",
}
_GAP = "  "
_WIDTH = 120
_COLUMNS = (
    "id", "speaker", "date", "text", "in_our_words", "figure", "measure", "population", "period", "level", "org_code",
    "comparison", "verdict", "cause", "slip", "true_of", "true_sentence", "message",
)  # fmt: skip
_PLAINNESS = (
    "a headline rate, as published",
    "published",
    "a share of the same referrals",
    "across cohorts or runs",
    "the share of everyone else",
)


def claim_screen(judged: JudgedClaim, definitions: Definitions) -> Group:
    """Lay out one judged claim: verdict, arithmetic, every population, and the sentence that the figures support."""
    claim, statement = judged.claim, judged.claim.statement
    parts: list[RenderableType] = []
    if statement is not None:
        parts.append(
            Text(printable(f"{claim.id}  {statement.speaker.name}, {statement.date}: {statement.source.title}"))
        )
        parts.append(Text(printable(f"  {statement.source.url}")))
        parts.append(Text(printable(f"  read: {statement.read} ({PAGE_READ[statement.page_read]})")))
    if claim.text:
        parts += [Text(printable(f"In our words: {claim.text}" if claim.in_our_words else claim.text)), Text()]
    parts.append(Text(f"{VERDICTS[judged.verdict].upper()}: {CAUSES[judged.cause]}"))
    parts += [Text(printable(judged.message)), Text()]
    told = [step for step in judged.steps if step.reading.population]
    if len({step.reading.population for step in told}) > 1:
        from iapt_audit.outputs.wording import OF_WHOM_SIGNS

        parts += [_populations(judged, definitions), Text(OF_WHOM_SIGNS), Text()]
    if judged.true_sentence:
        parts += [Text("What the figures do support:"), Text(f"  {printable(judged.true_sentence)}"), Text()]
    sources = list(dict.fromkeys(source for step in judged.steps for source in step.reading.sources))
    if sources:
        parts.append(Text("From:"))
        parts += [Text(printable(f"  {source}")) for source in sources[:6]]
        parts.append(Text())
    if claim.note:
        parts += [Text(printable(f"Note: {claim.note}")), Text()]
    parts.append(Text(LICENCE_LINE, style="dim"))
    return Group(*parts)


def _populations(judged: JudgedClaim, definitions: Definitions) -> Table:
    from iapt_audit.claims.wording import value_text, whole
    from iapt_audit.definitions.quoted_figures import parse_quoted_figure

    table = Table(title="Over every population", box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for name in ("of", "counts", "%", "fits"):
        table.add_column(name, justify="right" if name in {"counts", "%"} else "left")
    figure = judged.claim.figure
    told = parse_quoted_figure(figure, definitions.lexicon.words) if figure else None
    for step in judged.steps:
        reading = step.reading
        if not reading.population:
            continue
        population = definitions.populations[reading.population]
        both = reading.numerator is not None and reading.denominator is not None
        counts = f"{whole(reading.numerator)} / {whole(reading.denominator)}" if both else "-"  # type: ignore[arg-type]
        mark = "~" if reading.run is Sameness.OTHER else ""
        dagger = " †" if reading.cohort is Sameness.OTHER else ""
        table.add_row(
            f"{population.short}{dagger}",
            counts,
            f"{mark}{value_text(reading, told, fits=step.agrees == 'yes')}",
            step.agrees,
        )
    for name in judged.unread:
        table.add_row(definitions.populations[name].short if name else "", "-", "-", "not in the figures here")
    return table


def claims_text(judged: Sequence[JudgedClaim], *, hidden: int) -> str:
    """
    Lay out many judged claims as lines of text, with how many there are of each verdict and cause.

    A terminal table of so many rows takes longer than judging them.

    Args:
        judged: The claims to show.
        hidden: How many are kept back, since their wording was not read at its source.
    """
    heads = tuple(_OURS if name == "claim" and _ours(judged) else name for name, _ in _WIDTHS)
    lines = [*_cells(heads), "─" * (sum(width for _, width in _WIDTHS) + len(_GAP) * (len(_WIDTHS) - 1))]
    for each in judged:
        statement = each.claim.statement
        speaker = f"{statement.speaker.name}, {statement.date[:4]}" if statement else ""
        why = each.cause.replace("_", " ") + (f" ({each.slip.replace('_', ' ')})" if each.slip else "")
        lines += _cells((speaker, each.claim.period, each.claim.text, each.claim.figure, VERDICTS[each.verdict], why))
    told = [line for text in _summary(judged, hidden) for line in _folded(text)]
    return "\n".join([*lines, "", *told, "", *_folded(LICENCE_LINE)]) + "\n"


def _ours(judged: Sequence[JudgedClaim]) -> bool:
    return any(each.claim.in_our_words for each in judged)


def _cells(cells: Sequence[str]) -> list[str]:
    """Fold the cells of a row to their columns."""
    folded = [textwrap.wrap(printable(cell), width) or [""] for cell, (_, width) in zip(cells, _WIDTHS, strict=True)]
    return [
        _GAP.join(part.ljust(width) for part, (_, width) in zip(row, _WIDTHS, strict=True)).rstrip()
        for row in itertools.zip_longest(*folded, fillvalue="")
    ]


def _folded(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent="    " if text.startswith(" ") else "") or [""]


def _summary(judged: Sequence[JudgedClaim], hidden: int) -> list[str]:
    by_verdict = counted(judged)
    causes = Counter((each.verdict, each.cause) for each in judged)
    if not judged:
        return ["No claim in the register matches; remove a filter to see more."]
    lines = [f"{len(judged):,} claim{'s' if len(judged) != 1 else ''}"]
    for verdict in Verdict:
        listed = "; ".join(
            f"{count:,} {cause.replace('_', ' ')}"
            for (of, cause), count in sorted(causes.items(), key=lambda item: -item[1])
            if of is verdict
        )
        if by_verdict[verdict.value]:
            lines.append(f"  {by_verdict[verdict.value]:>5,} {VERDICTS[verdict]}: {listed}")
    if hidden:
        lines.append(f"{hidden:,} more whose wording has not been checked at the source: --unchecked shows them")
    return [*lines, _ABOUT]


def claims_markdown(judged: Sequence[JudgedClaim], *, hidden: int) -> str:
    """Write judged claims as Markdown: a table, then each contradicted one with its arithmetic."""
    from iapt_audit.outputs.views.markup import markdown_table

    rows = [
        (
            f"{each.claim.statement.speaker.name}, {each.claim.statement.date}" if each.claim.statement else "",
            each.claim.period,
            each.claim.text or each.claim.figure,
            each.claim.figure,
            VERDICTS[each.verdict],
            CAUSES[each.cause],
            each.true_sentence,
        )
        for each in judged
    ]
    claim = _OURS if _ours(judged) else "claim"
    heads = ("speaker", "period", claim, "figure", "verdict", "why", "what the figures support")
    told = [each for each in judged if each.verdict is Verdict.CONTRADICTED or len(judged) == 1]
    blocks = [markdown_table(heads, rows)]
    blocks += [
        f"{'In our words: ' if each.claim.in_our_words and each.claim.text else ''}"
        f"**{printable(each.claim.text or each.claim.figure)}** {printable(each.message)}"
        for each in told
    ]
    blocks += [" \n".join(line.strip() for line in _summary(judged, hidden)), LICENCE_LINE]
    return "\n\n".join(blocks) + "\n"


def claims_csv(judged: Sequence[JudgedClaim]) -> str:
    """Write judged claims as CSV; text that a spreadsheet would take for a formula is quoted with an apostrophe."""
    from iapt_audit.outputs.views.markup import safe

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS, "source_url", "wording_checked", "page_read"])
    for each in claims(judged):
        source = each["source"] or {}
        writer.writerow(
            [safe(each[name]) for name in _COLUMNS]
            + [safe(source.get("url")), source.get("wording_checked"), source.get("page_read")]
        )
    return out.getvalue()


def register_lines(judged: Sequence[JudgedClaim]) -> list[str]:
    """Say in a few lines how many public claims there are of each verdict, and how to see them."""
    told = [f"The register of public claims, on these figures: {_summary(judged, 0)[0]}", *_summary(judged, 0)[1:-1]]
    hint = (
        "`iapt-audit claims` lists them, `iapt-audit judge` judges one of your own, `iapt-audit trace` finds what a "
        "figure is of."
    )
    return [*told, hint, ""]


def trace_screen(traced: Traced) -> Group:
    """Lay out what a figure is a figure of, the plainest first."""
    parts: list[RenderableType] = []
    about = f"{traced.place.org}, {traced.place.period}"
    if not traced.matches:
        parts.append(Text(f"{traced.told.text}: nothing published for {about} prints as this."))
    for match in traced.matches:
        may = "" if match.agrees is Fit.YES else " (possible, given rounding)"
        slip = f" [one slip away: {match.slip}]" if match.slip else ""
        parts.append(Text(printable(f"{match.text}{may}{slip}")))
        parts.append(
            Text(printable(f"    {match.measure}: {_PLAINNESS[match.plainness]}. {match.source}"), style="dim")
        )
    parts += [
        Text(),
        Text(
            f"{traced.tried:,} published figures and shares of {about} were tried; about "
            f"{plain_share(traced.by_chance)} would print so by chance alone."
        ),
        Text(LICENCE_LINE, style="dim"),
    ]
    return Group(*parts)


def trace_markdown(traced: Traced) -> str:
    """Write what a figure is a figure of as Markdown."""
    from iapt_audit.outputs.views.markup import markdown_table

    rows = [
        (match.text, match.agrees, match.slip or "", _PLAINNESS[match.plainness], match.source)
        for match in traced.matches
    ]
    table = markdown_table(("what matches", "fits", "slip", "how it is described", "from"), rows)
    told = (
        f"{traced.told.text}, {traced.place.org}, {traced.place.period}: {traced.tried:,} tried, about "
        f"{plain_share(traced.by_chance)} by chance."
    )
    return f"{told}\n\n{table}\n\n{LICENCE_LINE}\n"
