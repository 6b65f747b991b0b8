"""Write published files for the pages that a browser opens; all names and figures in them were invented."""

from __future__ import annotations

from calendar import monthrange
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from layouts import headers
from layouts.written import csv_bytes, write
from properties.publisher import Disclosure, print_count, print_percentage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

Counts = dict[str, int]

ENGLAND, LOCAL = Disclosure.ENGLAND, Disclosure.LOCAL
#: Percentages of a month with their numerator and the counts that their denominator adds and takes away.
RATES = {
    "M192": ("M191", "M076", "M179"),
    "M195": ("M193", "M076", "M179"),
    "M186": ("M185", "M076", None),
    "M053": ("M052", "M076", None),
    "M055": ("M054", "M076", None),
}
DECILES = ("01 Least deprived", *(f"{decile:02}" for decile in range(2, 10)), "10 Most deprived")
#: Names that a careless page would run, close, link to or fall over.
HOSTILE = (
    "<script>alert('name')</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(2)</script>",
    "</title></select></table><h1>OUT</h1>",
    "javascript:alert(3)",
    "{{ 7 * 7 }} ${alert(4)} {% raw %}",
    "<!--<script>",
    "' onmouseover='alert(5)",
    "\u202egnp.exe \u2028 &lt;b&gt;bold&lt;/b&gt; &amp;",
    "W" * 300,
    "__proto__",
    "TRUST, \N{GREEK SMALL LETTER ALPHA}\N{GRINNING FACE} O'BRIEN & SONS",
)
#: Codes of the first of these; the rest have plain ones.
HOSTILE_CODES = ("<b>1</b>", "../../2", "constructor", "a&b", "javascript:5")


def service(random: np.random.Generator, size: int, recovery: float) -> Counts:
    """Draw the true counts of a service that sees about as many people in a period."""
    finished = int(random.integers(size // 2 + 1, size + 2))

    def part(of: int, share: float) -> int:
        return int(random.binomial(of, share))

    below = part(finished, 0.07)
    recovered = part(finished - below, recovery)
    improved = recovered + part(finished - below - recovered, 0.35)
    within_18 = part(finished, 0.98)
    entered = finished * 2 + part(size, 0.5)
    entered_18 = part(entered, 0.96)
    return {
        "M001": entered + part(size, 0.9),
        "M031": entered,
        "M036": part(entered_18, 0.8),
        "M037": entered_18,
        "M052": part(within_18, 0.88),
        "M054": within_18,
        "M056": finished * 2,
        "M076": finished,
        "M179": below,
        "M185": improved,
        "M191": recovered,
        "M193": part(recovered, 0.93),
        "M038": part(size, 0.8),
    }


def printed(counts: Counts, disclosure: Disclosure) -> dict[str, str]:
    """Print counts and their percentages as the publisher does."""
    told = {measure: print_count(count, disclosure) for measure, count in counts.items()}
    for rate, (numerator, whole, less) in RATES.items():
        told[rate] = print_percentage(counts[numerator], counts[whole] - (counts[less] if less else 0), disclosure)
    return told


def together(services: Iterable[Counts]) -> Counts:
    """Add services up."""
    first, *rest = services
    return {measure: sum([number, *(each[measure] for each in rest)]) for measure, number in first.items()}


def month(folder: Path, period: str, rows: Iterable[tuple[str, str, str, Mapping[str, str]]]) -> Path:
    """Write a monthly file of organisations: level, code, name, what is printed by measure."""
    last = monthrange(*map(int, period.split("-")))[1]

    def lines() -> Iterator[dict[str, str]]:
        for level, code, name, told in rows:
            own, other = (code, name), ("All", "All")
            one, two = (other, own) if level == "Provider" else (own, other)
            for measure, value in told.items():
                values = (f"{period}-01", f"{period}-{last}", level, *one, *two, measure, "its name", value)
                yield dict(zip(headers.MONTHLY, values, strict=True))

    return write(folder / f"month-{period}.csv", csv_bytes(headers.MONTHLY, lines()))


def services(folder: Path) -> list[Path]:
    """Write three months, one between them missing, of 24 providers and what they make, and a year with its groups."""
    random = np.random.default_rng(8)
    names = [f"INVENTED SERVICE {number:02}" for number in range(1, 25)]
    sizes = [int(size) for size in np.geomspace(8, 1500, len(names))]
    paths = []
    for period in ("2025-06", "2025-07", "2025-09"):
        each = [
            service(random, size, recovery) for size, recovery in zip(sizes, random.normal(0.5, 0.05, 24), strict=True)
        ]
        halves = (each[::2], each[1::2])
        rows = [("England", "All", "All", printed(together(each), ENGLAND))]
        rows += [
            ("ICB", f"Q0{number}", f"INVENTED BOARD {number}", printed(together(half), LOCAL))
            for number, half in enumerate(halves)
        ]
        rows += [
            ("Provider", f"X{number:02}", name, printed(counts, LOCAL))
            for number, (name, counts) in enumerate(zip(names, each, strict=True), 1)
        ]
        # one printed percentage is five points off, so that there is an error to tell of
        rows[-1][3]["M192"] = str(int(rows[-1][3]["M192"]) + 5)
        paths.append(month(folder, period, rows))
    return [*paths, year(folder)]


def year(folder: Path) -> Path:
    """Write an annual file: England with its groups, and four organisations."""
    random = np.random.default_rng(9)
    draw = partial(service, random)
    names = {
        "M001": "ReferralsReceived", "M031": "AccessingServices", "M056": "EndedReferrals",
        "M076": "FinishedCourseTreatment", "M179": "NotAtCaseness", "M185": "Improvement", "M191": "Recovery",
        "M193": "ReliableRecovery",
    }  # fmt: skip
    percentages = {"M192": "Recovery", "M195": "ReliableRecovery", "M186": "Improvement"}

    def row(  # noqa: PLR0917 -- a row's columns, in their order
        level: str, code: str, name: str, kind: str, group: str, counts: Counts, second: str = "NULL"
    ) -> dict[str, str]:
        told = printed(counts, ENGLAND if level == "England" else LOCAL)
        return {
            "OrgType": level, "OrgCode": code, "OrgName": name,
            "VariableType": kind, "VariableA": group, "VariableB": second,
            **{f"Count_{column}": told[measure] for measure, column in names.items()},
            **{f"Percentage_{column}": told[measure] for measure, column in percentages.items()},
        }  # fmt: skip

    # each part of the whole is of one group of each kind, so that every kind makes the same total
    parts = {
        (decile, gender, ethnic): draw(600, 0.58 - 0.01 * place - 0.03 * (gender == "Male") - shift)
        for place, decile in enumerate(DECILES)
        for gender in ("Female", "Male")
        for ethnic, shift in (("White", 0.0), ("Asian or Asian British", 0.05), ("Mixed", 0.04))
    }
    rows = [row("England", "All", "All", "Total", "NULL", together(parts.values()))]
    for at, kind, second in (
        (0, "Indices of Deprivation Decile", "NULL"),
        (1, "Gender", "NULL"),
        (2, "Ethnic Group", "All"),
    ):
        for group in dict.fromkeys(key[at] for key in parts):
            own = together(counts for key, counts in parts.items() if key[at] == group)
            rows.append(row("England", "All", "All", kind, group, own, second))
    every = list(parts.values())
    rows += [
        row(
            "Provider",
            f"X{20 + number}",
            f"INVENTED SERVICE {20 + number}",
            "Total",
            "NULL",
            together(every[number::5]),
        )
        for number in range(5)
    ]
    return write(folder / "annual-2024-25.csv", csv_bytes(headers.ANNUAL_2024_25, rows, rest="NULL"))


def hostile(folder: Path) -> list[Path]:
    """Write two months of organisations whose names and codes mean harm."""
    paths = []
    for place, period in enumerate(("2025-06", "2025-07")):
        random = np.random.default_rng(place)
        each = [service(random, 600, 0.5) for _ in HOSTILE]
        rows = [("England", "All", "All", printed(together(each), ENGLAND))]
        rows += [
            ("Provider", _code(number), name, printed(counts, LOCAL))
            for number, (name, counts) in enumerate(zip(HOSTILE, each, strict=True))
        ]
        # a finding bears the name of its organisation too
        for line in rows[1:]:
            line[3]["M192"] = str(int(line[3]["M192"]) + 20)
        paths.append(month(folder, period, rows))
    return paths


def _code(number: int) -> str:
    return HOSTILE_CODES[number] if number < len(HOSTILE_CODES) else f"H{number:02}"


def suppressed(folder: Path) -> list[Path]:
    """Write a month in which England is printed, and of two organisations nothing is."""
    random = np.random.default_rng(3)
    counts = service(random, 6000, 0.5)
    stars = dict.fromkeys(printed(counts, LOCAL), "*")
    rows = [
        ("England", "All", "All", printed(counts, ENGLAND)),
        ("Provider", "S01", "SUPPRESSED SERVICE", stars),
        ("Provider", "S02", "SUPPRESSED SERVICE TOO", stars),
    ]
    return [month(folder, "2025-06", rows)]


def nothing_but_stars(folder: Path) -> list[Path]:
    """Write a month of which every figure is suppressed, and England is not in it."""
    random = np.random.default_rng(3)
    stars = dict.fromkeys(printed(service(random, 60, 0.5), LOCAL), "*")
    return [month(folder, "2025-06", [("Provider", "S01", "SUPPRESSED SERVICE", stars)])]


def many_findings(folder: Path, number: int = 600) -> list[Path]:
    """Write a month with so many errors, each of an organisation of its own, beside one without."""
    # 40 of 80 recovered and 70% is printed; what is wrong in one form alone would be one finding
    wrong = {"M076": "100", "M179": "20", "M191": "40", "M192": "70"}
    rows = [("Provider", f"F{at:04}", f"INVENTED {at}", wrong) for at in range(number)]
    good = service(np.random.default_rng(5), 3000, 0.55)
    return [month(folder, "2025-06", [("Provider", "G01", "INVENTED AND GOOD", printed(good, LOCAL)), *rows])]
