"""
Measure the audit's time and memory, by stage and by size, as ratios to a bare polars read of the same bytes.

Every measurement is a process of its own, so that its peak memory is its own, and every round measures the bare read
and the audit one after the other, so that a ratio compares what ran under the same load. See README.md beside this one.
"""

from __future__ import annotations

import argparse
import calendar
import importlib.metadata
import inspect
import json
import os
import platform
import resource
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

# The process that starts the others imports nothing heavy and holds no data: on Linux a child's peak memory begins at
# what its parent held when it started it.
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl

Json = dict[str, Any]

#: What is timed: a stage, and the name that the audit calls it by (module:attribute).
PROBES = {
    "definitions": "iapt_audit.definitions:load_default",
    "open": "iapt_audit.read:open_all",
    "parse": "iapt_audit.read:tables",
    "normalise": "iapt_audit.ingest.normalise:normalise",
    "slipped": "iapt_audit.pipeline:hold_back_slipped",
    "units": "iapt_audit.pipeline:read_units",
    "defects": "iapt_audit.pipeline:defects",
    "rates": "iapt_audit.pipeline:judge_rates",
    "standings": "iapt_audit.pipeline:judge_standings",
    "series": "iapt_audit.pipeline:follow",
    "power": "iapt_audit.pipeline:power",
    "arrays": "iapt_audit.constraints.rates:CellArrays.of",
    "locate": "iapt_audit.constraints.context:locate",
    "gather": "iapt_audit.constraints.rates:candidates",
    "alike": "iapt_audit.constraints.rates:alike",
    "compile": "iapt_audit.constraints.rates:compile_rate",
    "systems": "iapt_audit.pipeline:judge_systems",
    "levels": "iapt_audit.pipeline:judge_levels",
    "near misses": "iapt_audit.pipeline:near_misses",
    "coverage": "iapt_audit.pipeline:cover",
    "write down": "iapt_audit.constraints.joint:Compiler.compile",
    "narrow": "iapt_audit.judging.systems:propagate",
    "narrow on": "iapt_audit.judging.systems:propagate_on",
    "search": "iapt_audit.solver.decide:search",
    "solve": "iapt_audit.solver.two_variables:possible",
    "entangled": "iapt_audit.disclosure:entangled",
    "publish": "iapt_audit.disclosure:publish",
    "document": "iapt_audit.outputs.documents.audit:document",
    "to_json": "iapt_audit.outputs.documents.json_text:to_json",
}
REST = "rest"
MIB = 1 << 20
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
_LEAST_STARTS = 5


class BenchmarkError(Exception):
    """The benchmark no longer fits the code it measures, or a process that it started has failed."""


# --- the clock ---


def _now() -> tuple[float, float, int]:
    return time.perf_counter(), time.process_time(), _peak()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_UNIT


@dataclass(slots=True)
class Spent:
    """What one stage took by itself, without the stages that it called."""

    seconds: float = 0.0
    cpu: float = 0.0
    peak: int = 0


@dataclass(slots=True)
class Clock:
    """Return every moment, and every rise of the process's peak memory, to the innermost stage under way."""

    path: list[str] = field(default_factory=list)
    spent: dict[tuple[str, ...], Spent] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    last: tuple[float, float, int] = field(default_factory=_now)

    def mark(self) -> None:
        """Return what has passed since the last mark to the innermost stage."""
        now = _now()
        spent = self.spent.setdefault(tuple(self.path) or (REST,), Spent())
        spent.seconds += now[0] - self.last[0]
        spent.cpu += now[1] - self.last[1]
        spent.peak += now[2] - self.last[2]
        self.last = now

    @contextmanager
    def within(self, stage: str) -> Iterator[None]:
        """Count what happens inside to a stage."""
        self.mark()
        self.path.append(stage)
        self.called.add(stage)
        try:
            yield
        finally:
            self.mark()
            self.path.pop()


def _probe(clock: Clock, stage: str, place: str) -> None:
    """Put a timed function in the place of the one that the audit calls."""
    module, _, names = place.partition(":")
    *owners, name = names.split(".")
    try:
        owner: object = importlib.import_module(module)
        for each in owners:
            owner = getattr(owner, each)
        function: Callable[..., Any] = getattr(owner, name)
    except (ImportError, AttributeError) as error:
        message = f"stage `{stage}`: `{place}` is gone ({error}): bring PROBES in {Path(__file__).name} up to date"
        raise BenchmarkError(message) from None
    timed = _timed(clock, stage, function)
    # a method of an instance stays one; what is called on the class is given back as it was found
    bound = inspect.ismethod(function) or not owners
    setattr(owner, name, staticmethod(timed) if owners and bound else timed)


def _timed(clock: Clock, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: object, **kwargs: object) -> object:
        with clock.within(stage):
            return function(*args, **kwargs)

    def iterate(*args: object, **kwargs: object) -> Iterator[object]:
        items = function(*args, **kwargs)
        end = object()
        while True:
            with clock.within(stage):
                item = next(items, end)
            if item is end:
                return
            yield item

    return iterate if inspect.isgeneratorfunction(function) else call


# --- what runs in a process of its own ---


def bare(paths: list[str]) -> Json:
    """Read every CSV file and member as text with polars, and keep the frames; unzipping is not counted."""
    import polars as pl

    frames, seconds, cpu, size = [], 0.0, 0.0, 0
    for _, data in _tables(paths):
        began = _now()
        frames.append(pl.read_csv(data, infer_schema=False))
        ended = _now()
        seconds, cpu, size = seconds + ended[0] - began[0], cpu + ended[1] - began[1], size + len(data)
    return {
        "seconds": seconds,
        "cpu": cpu,
        "peak": _peak(),
        "tables": len(frames),
        "rows": sum(len(frame) for frame in frames),
        "bytes": size,
    }


def audit(paths: list[str]) -> Json:
    """Do all that `iapt-audit audit --format json` does once its modules are imported, with a clock on every stage."""
    definitions = importlib.import_module("iapt_audit.definitions")
    module, made = (importlib.import_module(f"iapt_audit.{name}") for name in ("pipeline", "outputs.documents.audit"))
    written = importlib.import_module("iapt_audit.outputs.documents.json_text")
    clock = Clock()
    for stage, place in PROBES.items():
        _probe(clock, stage, place)
    clock.last = began = _now()
    found = module.audit([Path(path) for path in paths], definitions.load_default(), progress=None)
    content = made.document(found)
    text = written.to_json(content)
    clock.mark()
    ended = clock.last
    if missing := PROBES.keys() - clock.called:
        names = ", ".join(f"`{PROBES[stage]}`" for stage in sorted(missing))
        message = f"the audit never called {names}: bring PROBES in {Path(__file__).name} up to date"
        raise BenchmarkError(message)
    return {
        "seconds": ended[0] - began[0],
        "cpu": ended[1] - began[1],
        "peak": ended[2],
        "cells": sum(each["cells"] for each in content["inputs"]),
        "rates": content["summary"]["rates"],
        "json_bytes": len(text),
        "stages": [
            {"stage": " > ".join(path), "seconds": spent.seconds, "cpu": spent.cpu, "peak": spent.peak}
            for path, spent in clock.spent.items()
        ],
    }


def _tables(paths: list[str]) -> Iterator[tuple[str, bytes]]:
    """Return the name and bytes of every CSV file and of every CSV member of a zip, those below folders too."""
    for given in map(Path, paths):
        for path in sorted(given.rglob("*")) if given.is_dir() else [given]:
            if path.suffix.lower() == ".csv":
                yield path.name, path.read_bytes()
            elif path.suffix.lower() == ".zip":
                with zipfile.ZipFile(path) as archive:
                    for member in sorted(archive.namelist()):
                        if member.lower().endswith(".csv"):
                            # the year of an annual file may stand in either name
                            yield f"{path.stem} {Path(member).name}", archive.read(member)


# --- more of the same data ---

#: How many files are enlarged, by the column that tells their level; with it, the columns that hold the codes.
SCALED = {"GROUP_TYPE": (6, ("ORG_CODE1", "ORG_CODE2")), "OrgType": (1, ("OrgCode",))}


def enlarge(folder: str, sizes: list[int], paths: list[str]) -> Json:
    """
    Write, for each size, a folder of some of the files with every organisation below England so many times.

    The period stays; a copied organisation has a code of its own, so that no key stands twice; England's rows are
    written once.
    """
    import polars as pl

    taken = []
    for level, (count, codes) in SCALED.items():
        alike = [(name, data) for name, data in _tables(paths) if level in _header(data)]
        # spread over the names, so that several eras are in; the last of them if there is to be one
        chosen = {len(alike) - 1 - number * len(alike) // count for number in range(count)} if alike else set()
        for name, data in (alike[place] for place in sorted(chosen)):
            frame = pl.read_csv(data, infer_schema=False)
            taken.append({"name": name, "level": level, "rows": len(frame)})
            for size in sizes:
                target = Path(folder) / str(size) / f"{len(taken):02} {name.removesuffix('.csv')}.csv"
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(b"".join(_copies(frame, level, codes, size)))
    if not taken:
        message = f"no file has a column {' or '.join(SCALED)}: there is nothing to enlarge"
        raise BenchmarkError(message)
    return {"taken": taken}


def _header(data: bytes) -> list[str]:
    first = data.partition(b"\n")[0].decode("utf-8-sig", errors="replace")
    return [name.strip('"\r ') for name in first.split(",")]


def _copies(frame: pl.DataFrame, level: str, codes: tuple[str, ...], size: int) -> Iterator[bytes]:
    import polars as pl

    yield frame.write_csv().encode()
    local = frame.filter(pl.col(level) != "England")
    for copy in range(1, size):
        yield local.with_columns(pl.col(codes) + f"-{copy}").write_csv(include_header=False).encode()


#: The percentages of an invented file, each with its numerator and whether its denominator leaves out those below
#: caseness.
_PERCENTAGES = {
    "M192": ("M191", True),
    "M195": ("M193", True),
    "M186": ("M185", False),
    "M180": ("M179", False),
    "M053": ("M052", False),
    "M055": ("M054", False),
}
_HEADER = (
    "REPORTING_PERIOD_START,REPORTING_PERIOD_END,GROUP_TYPE,ORG_CODE1,ORG_NAME1,ORG_CODE2,ORG_NAME2,"
    "MEASURE_ID,MEASURE_NAME,MEASURE_VALUE_SUPPRESSED"
)
_SUPPRESSED_BELOW = 5
_YEAR = 2025


def invent(folder: str, months: int, organisations: int) -> Json:
    """Write invented monthly files: counts from plain arithmetic, printed as the publisher prints them."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for month in range(1, months + 1):
        last = calendar.monthrange(_YEAR, month)[1]
        dates = f"{_YEAR}-{month:02}-01,{_YEAR}-{month:02}-{last}"
        local = [_invented_counts(number, month) for number in range(organisations)]
        england = {measure: sum(counts[measure] for counts in local) for measure in local[0]}
        lines = [_HEADER]
        for place, counts, tenths in [
            ("England,all,all,all,all", england, True),
            *((f"Provider,all,all,Z{n:05},Invented {n}", counts, False) for n, counts in enumerate(local)),
        ]:
            lines += [f"{dates},{place},{measure},Invented,{text}" for measure, text in _printed(counts, tenths=tenths)]
        (Path(folder) / f"invented-{_YEAR}-{month:02}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {}


def _invented_counts(number: int, month: int) -> dict[str, int]:
    finished = 5 + (number * 37 + month * 11) % 400
    # a third are small services, whose rates leave much open
    finished = finished if number % 3 else 8 + finished % 23
    below = finished * (5 + number % 31) // 100
    recovered = (finished - below) * (40 + (number * 7 + month) % 20) // 100
    within_6_weeks = finished * (70 + number % 30) // 100
    return {
        "M076": finished,
        "M179": below,
        "M191": recovered,
        "M193": recovered * 9 // 10,
        "M185": finished * (60 + number % 15) // 100,
        "M052": within_6_weeks,
        "M054": within_6_weeks + (finished - within_6_weeks) * (number % 19) // 19,
        # for the figures that are followed over time
        "M001": finished * 3,
        "M038": finished // 2,
    }


def _printed(counts: dict[str, int], *, tenths: bool) -> Iterator[tuple[str, str]]:
    """Print England's counts exactly and its percentages to one decimal; others to the nearest 5 and whole."""
    for measure, count in counts.items():
        rounded = "*" if count < _SUPPRESSED_BELOW else str((count + 2) // 5 * 5)
        yield measure, str(count) if tenths else rounded
    for measure, (part, without_below) in _PERCENTAGES.items():
        numerator = counts[part]
        denominator = counts["M076"] - (counts["M179"] if without_below else 0)
        scale = 1000 if tenths else 100
        figure = (2 * scale * numerator + denominator) // (2 * denominator)
        if tenths:
            yield measure, str(figure / 10).removesuffix(".0")
        else:
            yield measure, "*" if numerator < _SUPPRESSED_BELOW else str(figure)


WORKERS: dict[str, Callable[..., Json]] = {"bare": bare, "audit": audit, "enlarge": enlarge, "invent": invent}


# --- rounds of processes ---


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure."""

    paths: list[str]
    invented: tuple[int, int] | None
    rounds: int
    sizes: list[int]


def measure(plan: Plan) -> Json:
    """Make every measurement."""
    with TemporaryDirectory(prefix="iapt-audit-bench-") as folder:
        paths = plan.paths
        if plan.invented:
            paths = [str(Path(folder) / "invented")]
            _run("invent", paths[0], *plan.invented)
        taken = _run("enlarge", folder, plan.sizes, paths)["taken"]
        whole = [_pair(paths, f"whole, round {number + 1}") for number in range(plan.rounds)]
        scaled = {size: [str(Path(folder) / str(size))] for size in plan.sizes}
        scale = [
            {size: _pair(scaled[size], f"x {size}, round {number + 1}") for size in plan.sizes}
            for number in range(plan.rounds)
        ]
        starts = [_starts() for _ in range(max(plan.rounds, _LEAST_STARTS) if plan.rounds > 1 else 1)]
    return {
        "machine": {
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "system": platform.system(),
            "python": platform.python_version(),
            "polars": importlib.metadata.version("polars"),
        },
        "rounds": plan.rounds,
        "invented": plan.invented is not None,
        "data": {name: whole[0][0][name] for name in ("tables", "rows", "bytes")},
        "cells": whole[0][1]["cells"],
        "rates": whole[0][1]["rates"],
        "whole": {
            "bare": _middle([pair[0] for pair in whole]),
            "audit": _middle([pair[1] for pair in whole]) | _ratios([(ours, bare) for bare, ours in whole]),
        },
        "stages": _stages([pair[1] for pair in whole], [pair[0] for pair in whole]),
        "scaled": taken,
        "scale": [_at_size(size, plan.sizes[0], scale) for size in plan.sizes],
        "help": {
            "seconds": median(ours for _, ours in starts),
            "bare_seconds": median(bare for bare, _ in starts),
            "ratio": median(ours / bare for bare, ours in starts),
        },
    }


def _pair(paths: list[str], told: str) -> tuple[Json, Json]:
    """Measure the bare read and the audit, one right after the other."""
    print(told, file=sys.stderr, flush=True)
    return _run("bare", paths), _run("audit", paths)


def _run(worker: str, *arguments: object) -> Json:
    """Run a worker in a fresh process and give its answer."""
    command = [sys.executable, str(Path(__file__).resolve()), "--worker", worker, json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - this very file
    if done.returncode:
        message = f"the process `{worker}` failed: {done.stderr.strip() or f'exit code {done.returncode}'}"
        raise BenchmarkError(message)
    answer: Json = json.loads(done.stdout)
    return answer


def _starts() -> tuple[float, float]:
    """Time the start of bare Python and of `--help`, one right after the other."""
    took = []
    for arguments in (["-c", "pass"], ["-m", "iapt_audit", "--help"]):
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - ourselves
        took.append(time.perf_counter() - began)
    return took[0], took[1]


def _middle(runs: list[Json]) -> Json:
    return {name: median(run[name] for run in runs) for name in ("seconds", "cpu", "peak")}


def _ratios(pairs: list[tuple[Json, Json]]) -> Json:
    """Return the median, least and greatest of the rounds' ratios: those of medians would mix loads."""
    ratios = {name: sorted(one[name] / other[name] for one, other in pairs) for name in ("seconds", "cpu", "peak")}
    return {
        "ratio": median(ratios["seconds"]),
        "ratio_least": ratios["seconds"][0],
        "ratio_most": ratios["seconds"][-1],
        "cpu_ratio": median(ratios["cpu"]),
        "peak_ratio": median(ratios["peak"]),
    }


def _stages(audits: list[Json], bares: list[Json]) -> list[Json]:
    """Return each stage's middle, its share of the whole, and its ratio to the bare read, in the order of the run."""
    by_stage = [{stage["stage"]: stage for stage in run["stages"]} for run in audits]

    def share(name: str, what: str, of: list[Json]) -> float:
        return median(float(stages[name][what] / run[what]) for stages, run in zip(by_stage, of, strict=True))

    return [
        {
            "stage": name,
            **_middle([stages[name] for stages in by_stage]),
            "share": share(name, "seconds", audits),
            "cpu_share": share(name, "cpu", audits),
            "ratio": share(name, "seconds", bares),
        }
        for name in by_stage[0]
    ]


def _at_size(size: int, least: int, scale: list[dict[int, tuple[Json, Json]]]) -> Json:
    bare, ours = scale[0][size]
    return {
        "size": size,
        "bytes": bare["bytes"],
        "cells": ours["cells"],
        **_middle([found[size][1] for found in scale]),
        **_ratios([(found[size][1], found[size][0]) for found in scale]),
        "to_least": _ratios([(found[size][1], found[least][1]) for found in scale]),
        "bare": _middle([found[size][0] for found in scale]),
        "bare_to_least": _ratios([(found[size][0], found[least][0]) for found in scale]),
    }


# --- what is printed ---


def report(found: Json) -> str:
    """Lay the measurements out as Markdown; no path is named."""
    machine, data, start = found["machine"], found["data"], found["help"]
    files = "invented files" if found["invented"] else "published files"
    kinds = [[taken["level"] for taken in found["scaled"]].count(level) for level in SCALED]
    judged = ", ".join(f"{count:,} {verdict.replace('_', ' ')}" for verdict, count in found["rates"].items())
    measured = (
        f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}, polars {machine['polars']}; "
        f"rounds: {found['rounds']}.\n"
        f"{data['tables']} {files}, {data['bytes'] / 1e6:,.1f} MB of CSV, {data['rows']:,} rows, "
        f"{found['cells']:,} cells; rates: {judged}."
    )
    more = f"More data: {kinds[0]} monthly and {kinds[1]} annual files, each organisation below England so many times."
    begun = (
        f"`--help` takes {start['seconds']:.2f} s, {_times(start['ratio'])} times a bare `python -c pass` "
        f"({start['bare_seconds']:.3f} s)."
    )
    tables = (_whole_table(found["whole"]), _stage_table(found["stages"]), more, _scale_table(found["scale"]))
    return "\n\n".join((measured, *tables, begun))


def _whole_table(whole: Json) -> str:
    head = ("what", "seconds", "ratio", "least to most", "CPU seconds", "ratio", "peak MiB", "ratio")
    bare, ours = whole["bare"], whole["audit"]
    rounds = f"{_times(ours['ratio_least'])} to {_times(ours['ratio_most'])}"
    return _table(
        head,
        [
            ("bare polars read", *_figures(bare, dict.fromkeys(("ratio", "cpu_ratio", "peak_ratio"), 1.0), "")),
            ("whole audit, to JSON", *_figures(ours, ours, rounds)),
        ],
    )


def _stage_table(stages: list[Json]) -> str:
    head = ("stage, without those it calls", "seconds", "share", "to bare read", "share of CPU", "raises peak by MiB")
    rows: list[tuple[str, ...]] = [
        (
            stage["stage"],
            f"{stage['seconds']:.3f}",
            f"{stage['share']:.1%}",
            _times(stage["ratio"]),
            f"{stage['cpu_share']:.1%}",
            f"{stage['peak'] / MIB:,.0f}",
        )
        for stage in stages
    ]
    return _table(head, rows)


def _scale_table(scale: list[Json]) -> str:
    to = f"to x {scale[0]['size']}"
    head = ("data", "cells", "seconds", to, "to bare read", "CPU seconds", to, "to bare read")
    rows: list[tuple[str, ...]] = [
        (
            f"x {row['size']}",
            f"{row['cells']:,}",
            f"{row['seconds']:.2f}",
            _times(row["to_least"]["ratio"]),
            _times(row["ratio"]),
            f"{row['cpu']:.2f}",
            _times(row["to_least"]["cpu_ratio"]),
            _times(row["cpu_ratio"]),
            f"{row['peak'] / MIB:,.0f}",
            _times(row["to_least"]["peak_ratio"]),
            _times(row["peak_ratio"]),
        )
        for row in scale
    ]
    return _table((*head, "peak MiB", to, "to bare read"), rows)


def _figures(run: Json, ratios: Json, rounds: str) -> tuple[str, ...]:
    return (
        f"{run['seconds']:.2f}",
        _times(ratios["ratio"]),
        rounds,
        f"{run['cpu']:.2f}",
        _times(ratios["cpu_ratio"]),
        f"{run['peak'] / MIB:,.0f}",
        _times(ratios["peak_ratio"]),
    )


def _times(ratio: float) -> str:
    """
    Write a ratio to two decimals below 10 and one above.

    >>> _times(0.031), _times(1.25), _times(14.38)
    ('0.03', '1.25', '14.4')
    """
    ten = 10
    return f"{ratio:.1f}" if ratio >= ten else f"{ratio:.2f}"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---", *["---:"] * (len(head) - 1)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _numbers(text: str) -> list[int]:
    return sorted({int(each) for each in text.split(",")})


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument("paths", nargs="*", help="published files or folders; where none is there, files are invented")
    parser.add_argument("--rounds", type=int, default=3, help="how often each thing is measured (default 3)")
    parser.add_argument("--sizes", type=_numbers, default="1,2,4,8", help="times the data (default 1,2,4,8)")
    parser.add_argument("--months", type=int, default=6, help="how many files to invent, up to 12 (default 6)")
    parser.add_argument("--organisations", type=int, default=1500, help="how many in an invented file (default 1500)")
    parser.add_argument("--quick", action="store_true", help="one small invented file, once, at 1 and 2 times the data")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--worker", nargs=2, metavar=("NAME", "ARGUMENTS"), help=argparse.SUPPRESS)
    return parser.parse_args(given)


def _plan(options: argparse.Namespace) -> Plan:
    if options.quick:
        return Plan([], (1, 200), 1, [1, 2])
    there = [path for path in options.paths if Path(path).exists()]
    if absent := len(options.paths) - len(there):
        print(f"{absent} of {len(options.paths)} paths are not there", file=sys.stderr)
    invented = None if there else (options.months, options.organisations)
    return Plan(there, invented, options.rounds, options.sizes)


def main() -> int:
    """Run the benchmark, or in a process that it started, one measurement."""
    options = _arguments(sys.argv[1:])
    try:
        if options.worker:
            name, arguments = options.worker
            print(json.dumps(WORKERS[name](*json.loads(arguments))))
            return 0
        found = measure(_plan(options))
    except BenchmarkError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(json.dumps(found, indent=1) if options.json else report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
