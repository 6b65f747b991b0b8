"""What the printed figures give away, counted as a publisher does it: all rows here were written for the tests."""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from cli.command import run, valid
from properties.publisher import Disclosure, Organisation, monthly_csv, publish, true_counts

from iapt_audit.constraints.context import Context
from iapt_audit.constraints.joint import Compiler
from iapt_audit.definitions import load_default
from iapt_audit.definitions.resources import disclosure_schema
from iapt_audit.disclosure.exposure import EXPOSED_COUNTS, EXPOSED_KEY, EXPOSED_MEANS
from iapt_audit.ingest.ingest import ingest
from iapt_audit.judging.exposure import find_exposed
from iapt_audit.model.inputs import Part
from iapt_audit.outputs.documents.exposure import exposed_document
from iapt_audit.outputs.documents.json_text import to_json
from iapt_audit.outputs.views.exposure import exposed_csv, exposed_markdown
from iapt_audit.pipeline import Counting, expose
from iapt_audit.read import Place
from iapt_audit.solver.decide import possible
from iapt_audit.solver.excluded_values import NARROWING, THOROUGH

if TYPE_CHECKING:
    from iapt_audit.definitions import Definitions
    from iapt_audit.results import Exposure
    from iapt_audit.solver.linear import Linear

ROOT = Path(__file__).parents[2]
DEFINITIONS = load_default()
#: One printed rate of each: not at caseness are not all of 0 to 4, or all of them, or one.
NARROWED = {"M076": "20", "M179": "*", "M191": "10", "M192": "80"}
FREE = {"M076": "40", "M179": "*", "M191": "20", "M192": "50"}


def local(code: str, printed: dict[str, str]) -> Organisation:
    return Organisation(code, Disclosure.LOCAL, printed)


def services(printed: dict[str, str], count: int, name: str = "INV") -> list[Organisation]:
    return [local(f"{name}{number:03}", printed) for number in range(count)]


def written(folder: Path, name: str, organisations: list[Organisation], **period: str) -> Path:
    path = folder / name
    path.write_text(monthly_csv(organisations, **period), encoding="utf-8")
    return path


def possible_not_at_caseness(printed: dict[str, str]) -> set[int]:
    """Try every true count that prints so: which of 0 to 4 not at caseness are among them?"""
    finished, recovered, rate = (int(printed[measure]) for measure in ("M076", "M191", "M192"))

    def true(count: int) -> range:
        return range(5, 8) if count == 5 else range(count - 2, count + 3)

    return {
        none
        for n, d, none in itertools.product(true(recovered), true(finished), range(5))
        if d - none > 0 and n + none <= d and (2 * rate - 1) * (d - none) <= 200 * n < (2 * rate + 1) * (d - none)
    }


def context_of(path: Path, definitions: Definitions = DEFINITIONS) -> Context:
    """Read a file as an audit does."""
    found = [each for each in ingest(Place(path, path.name), definitions, None) if each.cells is not None]
    (one,) = found
    assert one.cells is not None
    part = Part(0, one.input.publication or "", one.input.period or "")
    return Context(one.cells.with_columns(file=pl.lit(0, pl.UInt16)), (one.input,), (part,), definitions)


def test_of_one_rate_the_counts_are_those_of_trying_every_true_count(tmp_path: Path) -> None:
    kinds = [
        {"M076": str(finished), "M179": "*", "M191": str(recovered), "M192": str(rate)}
        for finished in (10, 15, 20, 45)
        for recovered in range(5, finished, 5)
        for rate in range(101)
    ]
    kinds = [printed for printed in kinds if possible_not_at_caseness(printed)]
    path = written(tmp_path, "month.csv", [local(f"I{at:04}", printed) for at, printed in enumerate(kinds)])
    found = find_exposed(context_of(path), THOROUGH).sort(pl.col("org_code").cast(pl.String))
    truth = [len(possible_not_at_caseness(printed)) for printed in kinds]

    assert len(kinds) > 100
    assert (found["narrowed"] > 0).to_list() == [left < 5 for left in truth]
    assert (found["pinned"] > 0).to_list() == [left == 1 for left in truth]
    assert not found["undecided"].any()
    assert {1, 5} < set(truth)


@pytest.mark.parametrize("seed", range(4))
def test_of_many_rules_the_counts_are_those_of_deciding_every_value_by_itself(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    drawn = [true_counts(random, int(random.integers(6, 40))) for _ in range(6)]
    path = written(tmp_path, "m.csv", [publish(f"INV{at}", each, Disclosure.LOCAL) for at, each in enumerate(drawn)])
    context = context_of(path)
    found = find_exposed(context, THOROUGH)
    rates = [context.candidates(rate, printed_only=True) for rate in DEFINITIONS.rates.values()]
    whole = Compiler(context, rates).compile(range(1), "always").whole
    counts = (context.cells["statistic"] == "count").fill_null(value=False).to_numpy()
    suppressed = np.flatnonzero(context.arrays.suppressed & counts)
    left = [_left(int(cell), context, whole) for cell in suppressed]

    assert len(left) > 10
    assert (found["narrowed"] > 0).to_list() == [each < 5 for each in left]
    assert (found["pinned"] > 0).to_list() == [each == 1 for each in left]
    assert not found["undecided"].any()
    assert (found["hidden"] == (found["candidates"] & (found["narrowed"] == 0))).all()
    # and with less effort fewer, never more
    fewer = find_exposed(context, NARROWING)
    for name in ("narrowed", "pinned"):
        assert ((fewer[name] > 0) <= (found[name] > 0)).all()


def test_a_count_that_narrowing_clears_hides_no_other(tmp_path: Path) -> None:
    # recovered and not at caseness are at most 12 + 4, and 16 to 17 finished, for the two kinds of them are 8 or more
    cleared = {"M076": "15", "M179": "*", "M191": "10", "M273": "10", "M274": "10"}
    path = written(tmp_path, "m.csv", services(cleared, 40))
    found = find_exposed(context_of(path), THOROUGH)

    assert found.select("in_rule", "candidates", "hidden").unique().rows() == [(True, False, False)]
    assert told(expose([path], DEFINITIONS)) == [("provider", "M179", None, 40, 40, 40, 0, 0, 0)]


def _left(cell: int, context: Context, whole: Linear) -> int:
    """Count the values of a suppressed count with which the rest of the figures is possible."""
    number = 0
    mine = whole.take(whole.system == whole.system[whole.any_term(whole.variable == cell)].max(initial=-1))
    for value in range(5):
        least, most = context.arrays.low.copy(), context.arrays.high.copy()
        least[cell] = most[cell] = value
        number += possible(mine, least, most, least)
    return number


@pytest.mark.parametrize("month", ["feb_2026", "jan_2026"])
def test_a_published_month_is_decided_to_the_last_count_and_most_of_it_told(shared_data: Path, month: str) -> None:
    (path,) = (shared_data / "monthly").glob(f"*{month}*")
    found = expose([path], DEFINITIONS, how=Counting(thorough=True))
    total = exposed_document(found)["summary"]

    assert total["undecided"] == 0
    assert total["untold"] < total["in_rule"] / 3
    assert 0 < total["pinned"] < total["narrowed"] < total["in_rule"] / 4


def test_two_printed_rates_alone_narrow_a_third_of_the_published_counts_not_at_caseness(shared_data: Path) -> None:
    files = sorted((shared_data / "monthly").iterdir())
    definitions = replace(DEFINITIONS, identities=(), bands=(), parts=(), rows=())
    definitions = replace(
        definitions, rates={name: DEFINITIONS.rates[name] for name in ("recovery", "reliable_recovery")}
    )
    found = pl.concat([find_exposed(context_of(path, definitions), THOROUGH) for path in files])
    of_rates = found.filter(pl.col("measure") == "M179")
    numbers = [len(of_rates), int(of_rates["in_rule"].sum())]
    numbers += [int((of_rates[name] > 0).sum()) for name in ("narrowed", "pinned")]

    assert (len(files), numbers) == (54, [2170, 1601, 567, 53])
    assert not found["undecided"].any()


def told(found: Exposure) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in (*EXPOSED_KEY[1:], *EXPOSED_COUNTS)) for row in found.rows]


def test_the_numbers_are_summed_over_files_by_level_and_measure(tmp_path: Path) -> None:
    assert 1 < len(possible_not_at_caseness(NARROWED)) < 5
    assert len(possible_not_at_caseness(FREE)) == 5
    both = [*services(NARROWED, 12), *services(FREE, 25, "FRE")]
    written(tmp_path, "june.csv", both)
    written(tmp_path, "july.csv", both[:-3], start="2025-07-01", end="2025-07-31")

    assert told(expose([tmp_path], DEFINITIONS)) == [("provider", "M179", None, 71, 71, 0, 24, 0, 0)]
    apart = expose([tmp_path], DEFINITIONS, how=Counting(by_period=True))
    assert told(apart) == [
        ("provider", "M179", "2025-06", 37, 37, 0, 12, 0, 0),
        ("provider", "M179", "2025-07", 34, 34, 0, 12, 0, 0),
    ]


def test_a_count_that_two_files_of_a_period_hold_is_counted_once_and_the_last_tells(tmp_path: Path) -> None:
    first, last = services(NARROWED, 40), services(FREE, 40)
    written(tmp_path, "a.csv", first)
    written(tmp_path, "b.csv", last)

    assert told(expose([tmp_path], DEFINITIONS)) == [("provider", "M179", None, 40, 40, 0, 0, 0, 0)]


def test_a_file_that_contradicts_itself_proves_nothing(tmp_path: Path) -> None:
    wrong = {**NARROWED, "M192": "20"}
    assert not possible_not_at_caseness(wrong)
    path = written(tmp_path, "month.csv", services(wrong, 40))

    assert find_exposed(context_of(path), THOROUGH)["narrowed"].sum() == 0


@pytest.mark.parametrize("by_period", [False, True])
def test_nothing_leaves_but_numbers(tmp_path: Path, *, by_period: bool) -> None:
    random = np.random.default_rng(7)
    secret = [
        replace(publish(f"QZX{number:03}", true_counts(random, int(random.integers(6, 40))), Disclosure.LOCAL))
        for number in range(80)
    ]
    path = written(tmp_path, "month.csv", secret)
    found = expose([path], DEFINITIONS, how=Counting(by_period=by_period))
    printed = run("disclosure", path, *(["--by-period"] if by_period else []))
    content = exposed_document(found)
    texts = [exposed_csv(found), exposed_markdown(found), to_json(content), printed.stdout, printed.stderr]

    assert sum(row["narrowed"] for row in content["rows"]) > 10
    for text in texts:
        assert "QZX" not in text
        assert "INVENTED" not in text
    assert [set(row) for row in content["rows"]] == [{*EXPOSED_KEY, *EXPOSED_COUNTS, *EXPOSED_MEANS}] * len(
        content["rows"]
    )
    # the keys are publications, levels, measures and periods, and all else is a sum over many counts
    for row in content["rows"]:
        assert (row["publication"], row["level"]) == ("monthly_activity", "provider")
        assert row["measure"] is None or re.fullmatch(r"M\d+", row["measure"])
        assert row["period"] == ("2025-06" if by_period else None)
        assert all(isinstance(row[name], int) for name in (*EXPOSED_COUNTS, *EXPOSED_MEANS))
        if row["narrowed"]:
            assert row["in_rule"] - row["untold"] - row["narrowed"] >= 10
        if row["pinned"]:
            assert row["narrowed"] - row["pinned"] >= 10
    # the same bytes in give the same bytes out
    assert to_json(exposed_document(expose([path], DEFINITIONS, how=Counting(by_period=by_period)))) == texts[2]


def test_every_format_says_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, "month.csv", [*services(NARROWED, 20), *services(FREE, 25, "FRE")])
    as_json, as_csv, as_table, as_markdown = (
        run("disclosure", path, "--format", form) for form in ("json", "csv", "table", "markdown")
    )

    assert [each.returncode for each in (as_json, as_csv, as_table, as_markdown)] == [0] * 4
    assert {each.stderr for each in (as_json, as_csv, as_table, as_markdown)} == {""}
    content = valid(as_json.stdout, disclosure_schema())
    (row,) = content["rows"]
    assert {name: row[name] for name in EXPOSED_COUNTS} == dict(zip(EXPOSED_COUNTS, (45, 45, 0, 20, 0, 0), strict=True))
    assert content["summary"] == {name: row[name] for name in (*EXPOSED_COUNTS, *EXPOSED_MEANS)}
    assert sum(row[name] for name in EXPOSED_MEANS if name.startswith("narrowed")) == 20
    (line,) = csv.DictReader(io.StringIO(as_csv.stdout))
    assert line == {name: "" if value is None else str(value) for name, value in row.items()}
    for text in (as_table.stdout, as_markdown.stdout):
        assert "45 counts are suppressed, 45 of them in a rule." in text
        assert "The printed figures narrow 20 of them, and pin 0 of these." in text
        assert "Not endorsed" in text
    assert re.search(r"monthly_activity, provider +45 +45 +0 +20 +0 +0", as_table.stdout)
    assert "| monthly_activity, provider | 45 | 45 | 0 | 20 | 0 | 0 |" in as_markdown.stdout


def test_of_too_few_no_number_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "month.csv", services(NARROWED, 40))
    done = run("disclosure", path)

    assert done.returncode == 0
    assert "40 counts are withheld" in done.stdout
    assert "narrow 40" not in done.stdout
    assert valid(run("disclosure", path, "--format", "json").stdout, disclosure_schema())["summary"]["narrowed"] == 0


def test_a_file_without_a_suppressed_count_has_nothing_to_tell(tmp_path: Path) -> None:
    path = written(tmp_path, "month.csv", [local("INV01", {"M076": "600", "M179": "20", "M191": "300", "M192": "52"})])
    done = run("disclosure", path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("No count is suppressed.")
    assert valid(run("disclosure", path, "--format", "json").stdout, disclosure_schema())["rows"] == []


def test_what_cannot_be_read_gives_exit_3_and_the_rest_is_counted(tmp_path: Path) -> None:
    written(tmp_path, "month.csv", services(FREE, 40))
    (tmp_path / "other.csv").write_text("no,such,layout\n1,2,3\n", encoding="utf-8")
    done = run("disclosure", tmp_path)

    assert done.returncode == 3
    assert "40 counts are suppressed" in done.stdout
    assert "other.csv" in done.stderr


def test_a_folder_without_a_file_gives_exit_3(tmp_path: Path) -> None:
    done = run("disclosure", tmp_path)

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error: ")


@pytest.mark.parametrize("wrong", [["--period", "soon"], ["--format", "xml"], []])
def test_a_wrong_command_gives_exit_2(tmp_path: Path, wrong: list[str]) -> None:
    given: list[str | Path] = [tmp_path, *wrong] if wrong else []
    done = run("disclosure", *given)

    assert done.returncode == 2
