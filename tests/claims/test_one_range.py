"""One rate has one range in every output, and no sentence to paste says other than the verdict above it."""

from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from claims.given import BOOK, DEFINITIONS, MONTH, asked, told, written
from hypothesis import given, settings
from hypothesis import strategies as st
from properties.publisher import SMALLEST, Disclosure, publish, true_counts
from rich.console import Console

from iapt_audit.claims.fit import Fit, fit
from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
from iapt_audit.claims.readings import Span
from iapt_audit.claims.trace import trace
from iapt_audit.definitions.vocabulary import Relation
from iapt_audit.judging.explain import RateQuery
from iapt_audit.model.columns import Level
from iapt_audit.model.text import decimal_text, range_text
from iapt_audit.outputs.documents.audit import document
from iapt_audit.outputs.documents.claims import claims_document, trace_document
from iapt_audit.outputs.documents.json_text import to_json
from iapt_audit.outputs.views.audit_markdown import headline_csv
from iapt_audit.outputs.views.claims import claim_screen
from iapt_audit.outputs.views.organisation import organisation_screen
from iapt_audit.pipeline import audit, audit_facts, explain_rate
from iapt_audit.report.organisation import drawn_rate, subjects
from iapt_audit.selection.narrow import select

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iapt_audit.claims.verdicts import JudgedClaim

OUTCOMES = ("recovery", "reliable_recovery", "reliable_improvement")
OFFICIAL = {name: DEFINITIONS.rates[name] for name in OUTCOMES}
SIZES = (30, 120, 700)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    return lambda: tmp_path_factory.mktemp("written")


def shown(part: object) -> str:
    """Print something to a wide terminal, in one line."""
    console = Console(file=io.StringIO(), width=400, no_color=True)
    console.print(part)
    return re.sub(r"\s+", " ", console.file.getvalue())  # type: ignore[attr-defined]


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.sampled_from(SIZES))
def test_every_output_gives_a_rate_the_same_range(seed: int, size: int, folders: Callable[[], Path]) -> None:
    random = np.random.default_rng(seed)
    paths = written(
        folders(),
        {MONTH: [publish(f"P{number:02d}", true_counts(random, size), Disclosure.LOCAL) for number in range(3)]},
    )
    found = audit(paths, DEFINITIONS)
    book = KnownFigures.of(DEFINITIONS, found, cited=False)
    headline = json.loads(to_json(document(found)))["headline"]
    table = list(csv.DictReader(io.StringIO(headline_csv(found))))
    compared = 0
    for figures in subjects(found, [Level.PROVIDER]):
        screen = shown(organisation_screen(found, select(found, org=figures.code)))
        for measure in OUTCOMES:
            for row in figures.rows(measure):
                low, high = row["low"], row["high"]
                ends, text = (decimal_text(low), decimal_text(high)), range_text(low, high)
                entry, line = (
                    next(each for each in rows if (each["org_code"], each["measure"]) == (figures.code, measure))
                    for rows in (headline, table)
                )
                judged = asked("50%", measure, MONTH, book=book, org=figures.code)
                reading = claims_document([judged], DEFINITIONS)["claims"][0]["readings"][0]
                query = RateQuery(figures.code, MONTH, measure)
                (explanation,) = explain_rate(query, paths, DEFINITIONS)[1]

                assert (entry["low"], entry["high"]) == (line["low"], line["high"]) == ends
                assert (reading["low"], reading["high"]) == ends
                # a standard near by may ask for more decimals of the audit, and an exact rate has those that decide
                if high - low > 1 and f"{text}%" == drawn_rate(row, DEFINITIONS)["rate"]:
                    assert f"{text}%" in screen
                    assert f"{text}%" in judged.message
                    assert judged.true_sentence.partition(": ")[2].startswith(f"{text}% of")
                    assert f" {text} " in shown(claim_screen(judged, DEFINITIONS))
                    if row["printed"] is not None:
                        assert f"{text}%" in " ".join(explanation.steps)
                printed = row["printed"]
                if printed is not None:
                    traced = trace_document(
                        trace(told(f"{printed}%"), FigurePlace(MONTH, "provider", figures.code), book), DEFINITIONS
                    )
                    same = [
                        each for each in traced["matches"]
                        if each["measure"] == measure and each["value"] == printed
                    ]  # fmt: skip
                    assert [(each["low"], each["high"]) for each in same] == [ends] * len(same)
                compared += 1

    assert compared > 0


def test_the_cited_figures_have_one_range_too() -> None:
    rows = audit_facts(DEFINITIONS).headline.filter(measure="recovery").to_dicts()

    assert len(rows) > 12
    for row in rows:
        judged = asked("99.9%", "recovery", row["period"])
        told_of = {step.reading.population: step.reading for step in judged.steps}
        names = ("finished", "ended", "entered_treatment", "referred")
        ranges = [("finished_at_caseness", row["low"], row["high"])]
        ranges += [(each, row[f"{each}_low"], row[f"{each}_high"]) for each in names]
        for name, low, high in ranges:
            if low is not None and name in told_of:
                span = told_of[name].span
                assert (span.low * 10_000 // 1, -(-span.high * 10_000 // 1)) == (low, high), (row["period"], name)


#: How each relation is told to be, so that all of them are drawn.
RELATIONS = {"is": "equal", "about": "about", "nearly": "below", "just_over": "above", "at_least": "at_least",
             "more_than": "more_than", "at_most": "at_most", "less_than": "less_than"}  # fmt: skip
_SAID = re.compile(r"(?P<low>[0-9.]+)(?: to (?P<high>[0-9.]+))?% of referrals that finished")


def said(sentence: str) -> tuple[Span, bool]:
    """Read a sentence as anybody would: what it says of the official population, and whether as one value."""
    found = _SAID.search(sentence)
    assert found is not None, sentence
    low = Fraction(found["low"])
    if found["high"]:
        return Span(low, Fraction(found["high"])), False
    return Span(low, low), True


def says_otherwise(judged: JudgedClaim, relation: str) -> bool:
    """Return whether the sentence below a verdict, read by itself, gives another one."""
    if not judged.true_sentence or "only after rounding" in judged.message:
        return False
    if judged.cause == "other_run":
        # it turns on which run is meant, and the sentence gives both
        return "By another run" not in judged.true_sentence
    span, is_value = said(judged.true_sentence)
    figure = told(judged.claim.figure)
    if is_value and relation == "equal" and not figure.vague:
        # a value that is rounded further than the figure does not deny it
        half = Fraction(1, 2 * 10 ** len(judged.true_sentence.partition("%")[0].partition(".")[2]))
        span = Span(span.low - half, span.high + half)
    reads = fit(Relation(relation), figure, span, DEFINITIONS.lexicon)
    return {
        "consistent": reads is Fit.NO,
        "contradicted": reads is Fit.YES,
        "not_checkable": reads is not Fit.MAYBE,
    }[judged.verdict.value]


@settings(max_examples=4, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    size=st.sampled_from(SIZES),
    off=st.sampled_from(["-8", "-3", "-0.6", "-0.1", "0", "0.1", "0.6", "3", "8"]),
)
def test_no_sentence_to_paste_says_other_than_its_verdict(
    seed: int, size: int, off: str, folders: Callable[[], Path]
) -> None:
    random = np.random.default_rng(seed)
    counts = {f"P{number:02d}": true_counts(random, size) for number in range(3)}
    paths = written(folders(), {MONTH: [publish(code, one, Disclosure.LOCAL) for code, one in counts.items()]})
    book = KnownFigures.of(DEFINITIONS, audit(paths, DEFINITIONS), cited=False)
    judged = []
    for code, one in counts.items():
        if one["M191"] < SMALLEST or one["M076"] <= one["M179"]:
            continue
        rate = Fraction(100 * one["M191"], one["M076"] - one["M179"]) + Fraction(off)
        for digits in (0, 1):
            figure = f"{float(round(max(rate, Fraction(0)), digits)):.{digits}f}%"
            judged += [
                (asked(figure, "recovery", MONTH, book=book, org=code, comparison=comparison,
                       population="finished_at_caseness"), relation)
                for comparison, relation in RELATIONS.items()
            ]  # fmt: skip

    wrong = [
        (each.claim.comparison, each.claim.figure, each.verdict.value, each.cause, each.true_sentence)
        for each, relation in judged
        if says_otherwise(each, relation)
    ]
    assert wrong == []


@pytest.mark.parametrize("comparison", RELATIONS)
@pytest.mark.parametrize("period", ["2012-13", "2014-15", "2016-17", "2022-23", "2024-25", "2024-12", "2026-02"])
def test_no_sentence_of_england_says_other_than_its_verdict(period: str, comparison: str) -> None:
    wrong = []
    for figure in ("50%", "50.0%", "49.9%", "50.5%", "44.8%", "44.9%", "49.3%", "42.8%", "half", "a third"):
        each = asked(figure, "recovery", period, comparison=comparison, population="finished_at_caseness")
        if says_otherwise(each, RELATIONS[comparison]):
            wrong.append((figure, each.verdict.value, each.cause, each.true_sentence))

    assert wrong == []


def test_no_share_of_another_cohort_stands_without_its_remark() -> None:
    for period in [f"{year}-{year - 1999:02d}" for year in range(2012, 2025)]:
        for population in ("referred", "entered_treatment", "finished"):
            found = asked("18.3%", "recovery", period, population=population, book=BOOK)
            for text in (found.message, found.true_sentence):
                shares = [part for part in re.split(r"(?<=[.;]) ", text) if "eferrals received" in part and "%" in part]
                assert all("different referrals" in part for part in shares), text


def test_the_reader_of_sentences_is_not_blind() -> None:
    judged = asked("51%", "recovery", "2020-21", comparison="more_than")

    assert not says_otherwise(judged, "more_than")
    assert says_otherwise(judged, "less_than")
