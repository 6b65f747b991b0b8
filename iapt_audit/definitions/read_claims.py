"""Read claims: the register of what was said, by whom and where, or a file of somebody's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.definitions.claim_model import Claim, Elsewhere, Speaker, Statement
from iapt_audit.definitions.fields import Faults, Roots, near_miss, once, period_of, read_given
from iapt_audit.definitions.quoted_figures import parse_quoted_figure
from iapt_audit.definitions.vocabulary import ComparisonKind
from iapt_audit.errors.base import ClaimError, DefinitionError
from iapt_audit.model.columns import ENGLAND, TOTAL, Level

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from iapt_audit.definitions.fields import FieldTable
    from iapt_audit.definitions.model import Definitions

KINDS = (
    "publisher", "government", "parliament", "press", "researchers", "service", "charity", "campaign", "company",
)  # fmt: skip
#: How far a page was read: to its end, to a place that `read` names, an unknown part of it, or not at all.
PAGE_READ = ("all", "to_a_place", "beginning", "not_read")
#: The parts of a claim's id: its statement and itself.
ID_SEPARATOR = "/"
_DATE_PARTS = (4, 7, 10)
_HEDGES = ("about", "nearly", "just_over", "at_least", "more_than", "at_most", "less_than")


def read_register(folders: Sequence[Path], definitions: Definitions) -> tuple[Claim, ...]:
    """
    Read every file of `checks/claims/`.

    Raises:
        DefinitionError: With all faults of all files.
    """
    roots = Roots(tuple(folders), Faults())
    statements: dict[str, Statement] = {}
    claims: dict[str, Claim] = {}
    for _, table in roots.tables("checks/claims/*.toml"):
        _read_statements(table, definitions, statements, claims)
        table.close()
    if roots.faults.found:
        raise DefinitionError(roots.faults.found)
    return tuple(claims.values())


def read_claims(path: Path, definitions: Definitions) -> tuple[Claim, ...]:
    """
    Read a file of one's own claims (`[[claim]]`), or one in the form of the register.

    Raises:
        DefinitionError: With all faults of the file, or if it cannot be read.
    """
    faults = Faults()
    table = read_given(path, "claims", faults)
    if table is None:
        raise DefinitionError(faults.found)
    claims: dict[str, Claim] = {}
    if "statement" in table.values:
        _read_statements(table, definitions, {}, claims)
    else:
        for each in table.tables("claim"):
            claim = _claim(each, definitions, None)
            once(claims, each, claim.id)
            claims[claim.id] = claim
    table.close()
    if not claims and not faults.found:
        faults.add(str(path), "claim", "expected at least one `[[claim]]`, got nothing")
    if faults.found:
        raise DefinitionError(faults.found)
    return tuple(claims.values())


def _read_statements(
    table: FieldTable, definitions: Definitions, statements: dict[str, Statement], claims: dict[str, Claim]
) -> None:
    """Add the statements and claims of a file in the form of the register to those read so far."""
    speaker = _speaker(table.table("speaker"))
    for entry in table.tables("statement"):
        statement = _statement(entry, speaker, definitions)
        once(statements, entry, statement.id)
        statements[statement.id] = statement
        for each in entry.tables("claim"):
            claim = _claim(each, definitions, statement)
            once(claims, each, claim.id)
            claims[claim.id] = claim
        entry.close()


def _speaker(table: FieldTable) -> Speaker:
    speaker = Speaker(table.text("name"), table.choice("kind", KINDS), table.boolean("signed", default=False))
    table.close()
    return speaker


def _statement(entry: FieldTable, speaker: Speaker, definitions: Definitions) -> Statement:
    date = entry.text("date")
    if date and (len(date) not in _DATE_PARTS or not date.replace("-", "").isdecimal()):
        entry.fault("date", f"expected a day, a month or a year such as 2018-11-20, got `{date}`")
    wording_checked = entry.boolean("wording_checked")
    page_read = entry.choice("page_read", PAGE_READ)
    if wording_checked and page_read == "not_read":
        entry.fault("page_read", "expected how far the page was read, since its wording was checked, got `not_read`")
    elsewhere = entry.tables("elsewhere") if "elsewhere" in entry.values else []
    return Statement(
        id=entry.text("id"),
        speaker=speaker,
        date=date,
        place=entry.text("place", ""),
        wording_checked=wording_checked,
        read=entry.text("read"),
        page_read=page_read,
        correction=entry.text("correction", ""),
        source=entry.source(),
        file=entry.file,
        elsewhere=tuple(_elsewhere(each, definitions) for each in elsewhere),
    )


def _elsewhere(entry: FieldTable, definitions: Definitions) -> Elsewhere:
    found = Elsewhere(entry.text("text"), entry.text("measure", ""), entry.text("population", ""))
    known = (
        ("measure", found.measure, measures(definitions)),
        ("population", found.population, definitions.populations),
    )
    for key, name, names in known:
        if name and name not in names:
            entry.fault(key, f"unknown {key} `{name}`", near_miss(name, names))
    entry.close()
    return found


def _claim(entry: FieldTable, definitions: Definitions, statement: Statement | None) -> Claim:
    name = entry.text("id")
    own = entry.table("own", required=False)
    entry.asked.add("own")
    comparisons = definitions.lexicon.comparisons
    claim = Claim(
        id=f"{statement.id}{ID_SEPARATOR}{name}" if statement else name,
        text=entry.text("text"),
        comparison=entry.choice("comparison", comparisons, "is"),
        figure=entry.text("figure", ""),
        measure=entry.text("measure", ""),
        population=entry.text("population", ""),
        period=period_of(entry, "period", required=False),
        since=period_of(entry, "since", required=False),
        level=entry.choice("level", tuple(Level), Level.ENGLAND),
        org=entry.text("org", ENGLAND),
        org_name=entry.text("org_name", ""),
        breakdown=entry.text("breakdown", TOTAL),
        standard=entry.text("standard", ""),
        hedge=entry.choice("hedge", _HEDGES, ""),
        unit_named=entry.text("unit_named", ""),
        against=entry.text("against", ""),
        sample=entry.integer("sample") if "sample" in entry.values else 0,
        own_numerator=own.text("numerator", ""),
        own_denominator=own.text("denominator", ""),
        unpublished=entry.text("unpublished", ""),
        period_unsaid=entry.boolean("period_unsaid", default=False),
        target_unsaid=entry.boolean("target_unsaid", default=False),
        otherwise=entry.text("otherwise", ""),
        note=entry.text("note", ""),
        statement=statement,
    )
    own.close()
    entry.close()
    for fault in faults_of(claim, definitions):
        entry.fault(*fault)
    return claim


def faults_of(claim: Claim, definitions: Definitions) -> list[tuple[str, str, str | None]]:
    """Return what is wrong with a claim: the key, what was expected and got, and the near miss."""
    found: list[tuple[str, str, str | None]] = []

    def known(key: str, name: str, names: Collection[str]) -> None:
        if name and name not in names:
            found.append((key, f"unknown {key} `{name}`", near_miss(name, names)))

    known("measure", claim.measure, measures(definitions))
    known("population", claim.population, definitions.populations)
    known("standard", claim.standard, definitions.standards)
    found += [*_unread_figures(claim, definitions)]
    comparison = definitions.lexicon.comparisons.get(claim.comparison)
    if comparison is None:
        known("comparison", claim.comparison, definitions.lexicon.comparisons)
        return found
    if claim.unpublished:
        return found
    needs: list[tuple[str, str]] = [] if comparison.kind is ComparisonKind.SURVEY else [("period", claim.period)]
    if comparison.kind in {
        ComparisonKind.VALUE,
        ComparisonKind.CHANGE,
        ComparisonKind.EXTREME,
        ComparisonKind.MONOTONE,
        ComparisonKind.RANK,
    }:
        needs.append(("measure", claim.measure))
    if comparison.kind in {ComparisonKind.SHARE, ComparisonKind.STANDING}:
        needs.append(("standard", claim.standard))
    if (
        comparison.kind in {ComparisonKind.VALUE, ComparisonKind.CHANGE, ComparisonKind.SURVEY}
        or comparison.id == "number_meeting"
    ):
        needs.append(("figure", claim.figure))
    examples = {"period": "such as 2024-25", "figure": "such as 50.8%", "measure": "such as recovery"}
    found += [
        (key, f"expected a {key} for `{comparison.id}`, got nothing", examples.get(key))
        for key, value in needs
        if not value
    ]
    return found


def _unread_figures(claim: Claim, definitions: Definitions) -> Iterator[tuple[str, str, str | None]]:
    for key, text in (("figure", claim.figure), ("against", claim.against)):
        if text:
            try:
                parse_quoted_figure(text, definitions.lexicon.words)
            except ClaimError as error:
                yield key, str(error).partition("\n")[0], None


def measures(definitions: Definitions) -> set[str]:
    """
    Return every id that a claim can name as its measure: rates, counts, populations, and figures as printed.

    With `not_` before it a count or a rate stands for the others.
    """
    return {
        *definitions.rates,
        *(f"not_{name}" for name in (*definitions.shares, *definitions.rates)),
        *definitions.concepts,
        *definitions.populations,
        *(name.concept for name in definitions.names),
        "access",
    }
