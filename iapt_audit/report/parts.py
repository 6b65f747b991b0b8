"""Put the parts of a page in their order: the answer first, then of whom it is true, and how it is known last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.claims.register import on_audit
from iapt_audit.definitions.vocabulary import Headline
from iapt_audit.model.columns import Level, Standing
from iapt_audit.model.periods import in_order
from iapt_audit.model.text import plain
from iapt_audit.outputs.queries import england_rows, organisations, standards_in_order
from iapt_audit.outputs.wording import OF_WHOM_SIGNS, headline_sentence, unjudged_sentence
from iapt_audit.report.claims import claims_part
from iapt_audit.report.elements import Section
from iapt_audit.report.findings import findings_grid, what_is_wrong
from iapt_audit.report.funnel_plots import funnels
from iapt_audit.report.gaps import gaps_of
from iapt_audit.report.method import how_we_know
from iapt_audit.report.of_whom import followed, shares_by_period, waits_of_everyone
from iapt_audit.report.organisation import LEVEL_OF_ONE, LEVELS, called, drawn_rate, england, limit_of, subjects
from iapt_audit.report.rates_over_time import courses, courses_of_all
from iapt_audit.report.standings import standings_by_period
from iapt_audit.selection.findings import by_weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.definitions import Definitions, Rate
    from iapt_audit.model.findings import Finding
    from iapt_audit.report.organisation import OrganisationFigures
    from iapt_audit.results import AuditResult

#: The levels of which each organisation is told by itself; of the others there are too many, or they are pairs.
ALONE = (Level.REGION, Level.STP, Level.ICB, Level.CCG, Level.PROVIDER)
_NONE = "The files have no figure for England that a standard applies to."
_NO_JUDGEMENT = (
    "A difference between organisations is not a judgement of a service: who is referred, deprivation, small "
    "numbers, a "
    "new system, a merger or a late file all move these figures. None of this tells a person about their own chances."
)
_NO_OTHER = "No other figure of England here is held to a standard."


def parts_of(audit: AuditResult, command: str) -> list[Section]:
    """
    Return the parts of a page on some files.

    Args:
        audit: What was found.
        command: The command that repeats it.
    """
    return [
        _answer(audit),
        _of_whom(audit),
        _who_meets(audit),
        what_is_wrong(audit),
        claims_part(audit, on_audit(audit)),
        how_we_know(audit, command),
    ]


def answer_of(audit: AuditResult) -> str:
    """Return the first sentence of a page: the answer, or what was read if there is none."""
    for standard in standards_in_order(audit.definitions):
        rows = england_rows(audit, standard.id)
        if rows:
            return headline_sentence(rows, audit.definitions.rates[standard.rate], standard)
    return unjudged_sentence(audit) or _NONE


def _held(definitions: Definitions) -> list[Rate]:
    """Return the rates that the headline holds to a standard."""
    return [definitions.rates[each.rate] for each in standards_in_order(definitions)]


def held_first(definitions: Definitions) -> Rate:
    """Return the rate that is told first."""
    return _held(definitions)[0]


def _answer(audit: AuditResult) -> Section:
    definitions = audit.definitions
    sentences = [
        headline_sentence(rows, definitions.rates[standard.rate], standard)
        for standard in standards_in_order(definitions)
        if (rows := england_rows(audit, standard.id))
    ]
    whole = england(audit)
    pictures = courses(whole, _held(definitions)) if whole else []
    # the first of them stands above as the answer
    return Section("the-answer", "Does the headline hold?", sentences[1:] or [_NO_OTHER], pictures)


def _of_whom(audit: AuditResult) -> Section:
    whole = england(audit)
    heading = "Of whom is it true?"
    if whole is None:
        return Section("of-whom", heading, [_NONE])
    pictures = []
    for rate in audit.definitions.rates.values():
        if rate.headline is Headline.EVERY_DENOMINATOR:
            pictures += shares_by_period(whole, rate)
    pictures += [*waits_of_everyone(whole), *followed(whole)]
    sentence = (
        "A recovery rate counts referrals that finished a course of treatment and did not start below the clinical "
        "threshold. Here the same recoveries are set against everyone the programme counts, from those who finished to"
        " all who were referred, and the waits of those who finished against the waits of everyone who began."
    )
    return Section("of-whom", heading, [sentence], pictures, (), (OF_WHOM_SIGNS,))


def _who_meets(audit: AuditResult) -> Section:
    definitions = audit.definitions
    heading = "Who meets it?"
    pictures = []
    for standard in standards_in_order(definitions):
        pictures += standings_by_period(audit, standard)
        pictures += funnels(audit, standard)
    every = subjects(audit, ALONE)
    for rate in _held(definitions)[:1]:
        pictures += courses_of_all(every, rate)
    whole = england(audit)
    pictures += gaps_of(whole) if whole else []
    if not pictures:
        return Section(
            "who-meets-it", heading, ["The files hold no figures of organisations below England, or of groups."]
        )
    return Section("who-meets-it", heading, [_standings_sentence(audit)], pictures)


def _standings_sentence(audit: AuditResult) -> str:
    """Count the organisations of the latest year or month by standing."""
    first = standards_in_order(audit.definitions)[0]
    rows = [row for row in organisations(audit) if row["level"] != Level.ENGLAND and row["standard"] == first.id]
    if not rows:
        return "The files hold no organisation below England that is held to a standard."
    latest = max((row["period"] for row in rows), key=in_order)
    told = []
    for row in rows:
        if row["period"] == latest:
            counts = {Standing(name): row[name] for name in Standing}
            told.append(
                f"of {sum(counts.values()):,} {LEVELS[Level(row['level'])]} {counts[Standing.MET]:,} surely met it, "
                f"{counts[Standing.NOT_MET]:,} surely did not, {counts[Standing.MET_ONLY_AFTER_ROUNDING]:,} only after "
                f"rounding, and of {counts[Standing.UNDECIDED] or 'none'} it cannot be determined"
            )
    return (
        f"{first.title}? In {latest}, {'; '.join(told)}. Below England figures are rounded and small ones suppressed, "
        "so that some standings stay open."
    )


def parts_of_one(subject: OrganisationFigures, findings: Sequence[Finding], command: str) -> list[Section]:
    """
    Return the parts of a page on one organisation.

    Args:
        subject: Its figures.
        findings: What was found in its rows, or in its files as a whole.
        command: The command that repeats the page.
    """
    definitions = subject.definitions
    told = [rate for rate in definitions.rates.values() if rate.headline]
    held = _held(definitions)
    others = [rate for rate in told if rate not in held]
    name = called(subject)
    outcomes = [rate for rate in told if rate.headline is Headline.EVERY_DENOMINATOR]
    of_whom = [picture for rate in outcomes[:1] for picture in shares_by_period(subject, rate)]
    ours = by_weight([each for each in findings if each.org_code == subject.code], definitions)
    wrong = [findings_grid("findings", f"What was found in the rows of {name}", ours)] if ours else []
    sentence = (
        f"{len(ours):,} finding{'s' if len(ours) != 1 else ''} in its rows."
        if ours
        else "Nothing was found in its rows that its printed figures prove wrong."
    )
    return [
        Section("the-answer", "Its rates, and the standards", [_how_many(subject)], courses(subject, held)),
        Section(
            "of-whom",
            "Of whom is it true?",
            ["The same outcomes over everyone that is counted, and everyone's waits."],
            [*of_whom, *waits_of_everyone(subject), *followed(subject)],
        ),
        Section("other-rates", "Its other rates", ["Rates without a standard."], courses(subject, others)),
        *(
            [Section("gaps", "Between whom outcomes differ", ["By group."], gaps_of(subject))]
            if len(subject.gaps)
            else []
        ),
        Section(
            "what-is-wrong",
            "What is wrong?",
            [sentence],
            (),
            wrong,
            (_NO_JUDGEMENT,),
            command,
        ),
    ]


def answer_of_one(subject: OrganisationFigures) -> str:
    """Return the first sentence of an organisation's page: its standing against each standard in its latest period."""
    definitions = subject.definitions
    told = []
    for rate in _held(definitions):
        rows = subject.rows(rate.id)
        if rows:
            drawn = drawn_rate(rows[-1], definitions)
            limit = limit_of(rows[-1], definitions)
            against = f", {plain(limit)}% {drawn['standing']}" if limit is not None else ""
            told.append(f"{rate.title.lower()} {drawn['rate']} in {drawn['period']}{against}")
    return f"{called(subject)}: {'; '.join(told) or 'no rate here is held to a standard'}."


def _how_many(subject: OrganisationFigures) -> str:
    periods = sorted({*subject.headline["period"]}, key=in_order)
    return (
        f"{called(subject)}, {LEVEL_OF_ONE[subject.level]}: {len(periods)} period{'s' if len(periods) > 1 else ''} "
        "in these files. Its counts are rounded to the nearest 5, so each rate is drawn from its least to its greatest."
    )
