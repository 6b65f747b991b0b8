"""Say figures in words that a newspaper could print."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from iapt_audit.extras import how_to_install
from iapt_audit.model.columns import SCALE_DIGITS, Standing
from iapt_audit.model.periods import is_year
from iapt_audit.model.text import beside, plain, range_text, told_apart
from iapt_audit.outputs.queries import over_denominators

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.definitions import Definitions, Rate, Standard
    from iapt_audit.definitions.waivers import Waiver
    from iapt_audit.model.inputs import Input
    from iapt_audit.results import AuditResult

#: So many inputs of which nothing was judged are named, more are counted.
_MOST_UNJUDGED = 3

#: Standings in plain words.
STANDINGS = {
    Standing.MET: "met",
    Standing.MET_ONLY_AFTER_ROUNDING: "met only after rounding",
    Standing.NOT_MET: "not met",
    Standing.UNDECIDED: "cannot be determined",
}

#: What the signs of `shares` and of the columns mean.
OF_WHOM_SIGNS = (
    "† different referrals: those that entered treatment or were referred in the period, not those that ended in it. "
    "~ about: one of the two counts comes from another run or source. - the count is not in these files."
)


def rate_text(row: dict[str, Any], standard: Decimal | None) -> str:
    """
    Write what is known of a headline rate: the exact rate, or its range.

    Neither is rounded across the standard.
    """
    limits = [] if standard is None else [standard]
    if row["exact_numerator"] is not None:
        return f"{beside(Decimal(100 * row['exact_numerator']) / Decimal(row['exact_denominator']), limits)}%"
    return f"{range_text(row['low'], row['high'], limits)}%"


def short_text(low: int, high: int) -> str:
    """
    Say how many referrals a rate is short of its standard, or over it.

    >>> short_text(8, 8), short_text(-3468, -3468), short_text(0, 0), short_text(-3, 5), short_text(2, 9)
    ('8 short', '3,468 over', 'exactly met', '3 over to 5 short', '2 to 9 short')
    """
    if low == high:
        return "exactly met" if low == 0 else f"{abs(low):,} {'short' if low > 0 else 'over'}"
    if low >= 0:
        return f"{low:,} to {high:,} short"
    if high <= 0:
        return f"{-high:,} to {-low:,} over"
    return f"{-low:,} over to {high:,} short"


def headline_sentence(rows: Sequence[dict[str, Any]], rate: Rate, standard: Standard) -> str:
    """
    Say of the latest of England's figures whether a standard is met, of whom, and with which counts.

    Args:
        rows: England's rows of the headline for one standard, in the order of their periods.
        rate: The rate they are of.
        standard: The standard they are held to.
    """
    latest = rows[-1]
    standing = Standing(latest["standing"])
    told = {
        Standing.MET: "Yes",
        Standing.MET_ONLY_AFTER_ROUNDING: "Only after rounding",
        Standing.NOT_MET: "No",
        Standing.UNDECIDED: "That cannot be determined",
    }[standing]
    but = "but only of" if standing is Standing.MET else "counting only"
    sentence = (
        f"{standard.question} {told} in {latest['period']}, {but} {rate.of_whom}: {_counts(latest, rate)} "
        f"({rate_text(latest, standard.percentage)}), {_needed(latest, standard)}."
    )
    if latest["contradicted"]:
        sentence += f" England's printed {latest['printed']}% is contradicted by these counts."
    if len(rows) > 1:
        sentence += f" The standard was met in {_record(rows)}."
    return sentence


def _record(rows: Sequence[dict[str, Any]]) -> str:
    """Count the periods in which a standard was met, years and months apart: the years hold many of the months."""
    told = []
    for years, noun in ((True, "year"), (False, "month")):
        kind = sorted((row for row in rows if is_year(row["period"]) is years), key=lambda row: str(row["period"]))
        if not kind:
            continue
        met = sum(row["standing"] == Standing.MET for row in kind)
        ends = kind[0]["period"] if len(kind) == 1 else f"{kind[0]['period']} to {kind[-1]['period']}"
        told.append(f"{met} of the {len(kind)} {noun}{'s' if len(kind) > 1 else ''} here ({ends})")
    return " and in ".join(told)


def _counts(row: dict[str, Any], rate: Rate) -> str:
    if row["exact_numerator"] is None:
        return f"the share that {rate.did} is not known exactly"
    return f"{row['exact_numerator']:,} of {row['exact_denominator']:,} {rate.did}"


def _needed(row: dict[str, Any], standard: Standard) -> str:
    low, high = row["short_low"], row["short_high"]
    needs = f"the {plain(standard.percentage)}% standard"
    if low != high:
        return f"{short_text(low, high)} against {needs}"
    if low == 0:
        return f"exactly as many as {needs} requires"
    return f"{abs(low):,} {'fewer' if low > 0 else 'more'} than {needs} requires"


def shares(row: dict[str, Any], definitions: Definitions, standard: Decimal) -> list[str]:
    """
    Write a headline rate over every denominator, with one decimal or the bounds where they differ there.

    `~` marks a count of another run, `-` a hole; the rate over its own denominator is not rounded across the standard.
    """
    own = str(definitions.rates[row["measure"]].denominator)
    told = []
    for each in over_denominators(row, definitions):
        if each["low"] is None:
            told.append("-")
            continue
        limits = [standard] if str(definitions.denominators[each["denominator"]].formula) == own else []
        low, high = (int(Decimal(each[side]).scaleb(SCALE_DIGITS)) for side in ("low", "high"))
        told.append(f"{'~' if each['run'] == 'other' else ''}{range_text(low, high, limits)}")
    return told


def gap_texts(rows: Sequence[dict[str, Any]], against: str) -> dict[str, tuple[str, str]]:
    """
    Write the rate of each group and its points from what it is set against, so that they agree as written.

    Args:
        rows: Rows of `judging.gaps.GAPS` of one place and measure.
        against: The group that the others are set against; empty for all.

    Returns:
        The two texts by group; `-` for the points of the group that the others are set against.
    """
    told: dict[str, tuple[str, str]] = {}
    beside: list[str] = []
    for row in rows:
        if row["group"] == against:
            continue
        other = (row["high"] - row["points_high"], row["low"] - row["points_low"])
        apart = told_apart((row["low"], row["high"]), other)
        told[row["group"]] = (apart.one, apart.points)
        beside.append(apart.other)
    for row in rows:
        if row["group"] == against:
            told[against] = (max([range_text(row["low"], row["high"]), *beside], key=len), "-")
    return told


def sifted_lines(audit: AuditResult) -> list[str]:
    """Say what was not looked at and what became of the waivers: a clean bill is one of what was looked at."""
    told, lines = audit.sifted, []
    if told.only:
        lines.append(f"Only checked: {', '.join(told.only)}. The other rules were not.")
    if told.skip:
        lines.append(f"Not checked: {', '.join(told.skip)}. The absence of findings says nothing about these.")
    if told.left_out:
        lines.append(f"{told.left_out:,} finding{'s' if told.left_out != 1 else ''} left out as a result.")
    lines += [f"The waiver for {_waiver(each)} expired on {each.until} and no longer counts." for each in told.expired]
    lines += [f"The waiver for {_waiver(each)} matches no finding in these inputs." for each in told.unmatched]
    return lines


def proof_sentence(proof: dict[str, Any]) -> str:
    """
    Say how much was proven of all figures together, and of what nothing could be; nothing where no rule applied.

    >>> systems = dict.fromkeys(("narrowed", "solved", "contradicted", "undecided"), 0) | {"searched": 180}
    >>> counts = {"published": 2000, "in_rules": 1900}
    >>> told = proof_sentence({"systems": systems, "counts": counts, "standings_decided_together": 2})
    >>> for sentence in told.split(". "):
    ...     print(sentence)
    In 180 of 180 cases the figures of an organisation, period and breakdown can be right together
    A rule or a rate covers 95% of the published counts; a wrong count among the others would go unnoticed
    2 standings that a rate's own figures leave open are decided by the other figures.
    >>> systems |= {"searched": 177, "solved": 3, "undecided": 3, "unsolved": 2}
    >>> told = proof_sentence({"systems": systems, "counts": counts, "standings_decided_together": 0})
    >>> print(told.split(". ")[1])
    3 are undecided, 2 of them because the extra `solver` is not installed (pip install "iapt-audit[solver]")
    """
    systems, counts = proof["systems"], proof["counts"]
    every = systems["narrowed"] + systems["searched"] + systems["solved"]
    if not every:
        return ""
    possible = every - systems["contradicted"] - systems["undecided"]
    told = [
        f"In {possible:,} of {every:,} cases the figures of an organisation, period and breakdown can be right together"
    ]
    if systems["undecided"]:
        unsolved = systems.get("unsolved", 0)
        want = (
            f", {unsolved:,} of them because the extra `solver` is not installed ({how_to_install('solver')})"
            if unsolved
            else ""
        )
        told.append(f"{systems['undecided']:,} {'are' if systems['undecided'] > 1 else 'is'} undecided{want}")
    # where all is suppressed no count is published, and there is no share to tell
    if counts["published"]:
        share = 100 * counts["in_rules"] // counts["published"]
        told.append(
            f"A rule or a rate covers {share}% of the published counts; a wrong count among the others would go "
            "unnoticed"
        )
    decided = proof["standings_decided_together"]
    if decided:
        verb = "are" if decided > 1 else "is"
        told.append(
            f"{decided:,} standing{'s' if decided > 1 else ''} that a rate's own figures leave open {verb} decided by "
            "the other figures"
        )
    return ". ".join(told) + "."


def _waiver(each: Waiver) -> str:
    return f"{each.id} for {each.org_code}" if each.org_code else each.id


def unjudged_sentence(audit: AuditResult) -> str:
    """Say of which inputs no figure was judged, and why; nothing if something was judged of each that was read."""
    found = audit.unjudged
    if not found:
        return ""
    many = len(audit.inputs)
    which = "the input" if many == 1 else f"{len(found):,} of {many:,} inputs"
    told = "; ".join(_unjudged(each) for each in found[:_MOST_UNJUDGED])
    more = f"; and {len(found) - _MOST_UNJUDGED:,} more" if len(found) > _MOST_UNJUDGED else ""
    return f"No figure in {which} could be judged, which is not a clean bill. {told}{more}."


def _unjudged(each: Input) -> str:
    period = f" ({each.period})" if each.period else ""
    return f"{each.name}{period}: {each.outcome}"


def power_sentence(power: dict[str, str]) -> str:
    """
    Say how often the check would have noticed a wrong percentage; nothing where none was judged.

    >>> power_sentence({"1": "0.4166", "2": "0.6270"})
    'Share of wrong percentages this check would catch: 1 point out, 41%; 2 points out, 62%.'
    """
    if not power:
        return ""
    caught = "; ".join(
        f"{points} point{'s' if points != '1' else ''} out, {int(Decimal(share) * 100)}%"
        for points, share in power.items()
    )
    return f"Share of wrong percentages this check would catch: {caught}."
