"""A short way to ask the engine, for the tests: claims by keyword, judged on the shipped facts or on written files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from properties.publisher import monthly_csv

from iapt_audit.claims.ask import own_claim
from iapt_audit.claims.judge import judge
from iapt_audit.claims.known_figures import KnownFigures
from iapt_audit.definitions import load_default
from iapt_audit.definitions.quoted_figures import QuotedFigure, parse_quoted_figure
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from properties.publisher import Organisation

    from iapt_audit.claims.verdicts import JudgedClaim

DEFINITIONS = load_default()
#: The cited facts of England, as they ship.
BOOK = KnownFigures.of(DEFINITIONS)
#: A month of which the cited facts hold nothing.
MONTH = "2025-06"
LATER = "2025-07"
_LAST_DAY = {MONTH: "30", LATER: "31"}


def asked(figure: str = "", measure: str = "recovery", period: str = "2017-18", **more: Any) -> JudgedClaim:  # noqa: ANN401 - the names of a claim, each of its type
    """Judge what somebody asks; more are further names of a claim, and the `book` to judge it on."""
    book = more.pop("book", BOOK)
    return judge(own_claim(book, figure=figure, measure=measure, period=period, **more), book)


def outcome(judged: JudgedClaim) -> tuple[str, str, str | None]:
    """Return verdict, cause and slip."""
    return judged.verdict.value, judged.cause, judged.slip


def told(text: str) -> QuotedFigure:
    """Read a figure with the shipped words."""
    return parse_quoted_figure(text, DEFINITIONS.lexicon.words)


def written(folder: Path, months: Mapping[str, Sequence[Organisation]]) -> list[Path]:
    """Write a monthly file for each month."""
    paths = []
    for month, organisations in months.items():
        path = folder / f"written_for_the_test_{month}.csv"
        path.write_text(monthly_csv(organisations, f"{month}-01", f"{month}-{_LAST_DAY[month]}"), encoding="utf-8")
        paths.append(path)
    return paths


def book_of(folder: Path, *organisations: Organisation, later: Sequence[Organisation] = ()) -> KnownFigures:
    """Write organisations to a file, audit it, and open a book of it and of nothing else."""
    months = {MONTH: organisations} | ({LATER: later} if later else {})
    return KnownFigures.of(DEFINITIONS, audit(written(folder, months), DEFINITIONS), cited=False)
