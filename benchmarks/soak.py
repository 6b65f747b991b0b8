"""
Soak the audit in damaged files: take good ones, flip bytes, swap cells, cut and repeat lines, and audit each.

    python benchmarks/soak.py DATA N [--seed 1] [--rows 3000]

Each audit is that of the command line, to JSON, in a process that has the modules loaded already; a table is first cut
to some rows, whole organisations as they come, so that N can be large. Prints how many ended in which way. A traceback,
an exit code that is none of the command line's, invalid output, or an audit of more than 60 seconds is a failure, and
its file is kept in `build/soak/`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "build" / "soak"
MOST_SECONDS = 60
#: What the command line may end with; 70 is its own fault.
USUAL_CODES = {0, 1, 3}
UNREAD = 3
_HEADER_BYTES = 400


@dataclass(frozen=True, slots=True)
class Source:
    """A published file as it lies, and the text of its table if it is a zip of one."""

    path: Path
    member: str | None
    whole: bytes
    lines: list[bytes]


def source(path: Path, rows: int) -> Source:
    """Open a file, and cut its table to some rows."""
    whole = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            member = archive.namelist()[0]
            text = archive.read(member)
    else:
        member, text = None, whole if path.suffix == ".csv" else b""
    return Source(path, member, whole, text.splitlines(keepends=True)[: rows + 1])


def _one_in(many: int, chance: random.Random) -> bool:
    return chance.randrange(many) == 0


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Flip a few bits, anywhere or in the first bytes."""
    changed = bytearray(data)
    reach = min(_HEADER_BYTES, len(changed)) if _one_in(3, chance) else len(changed)
    for _ in range(chance.choice([1, 3, 10, 100])):
        changed[chance.randrange(reach)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(data: bytes, chance: random.Random) -> bytes:
    """Cut the end off, or a piece out."""
    first, second = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:second] if _one_in(2, chance) else data[:first] + data[second:]


def cells_swapped(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """Swap cells of two rows, or of one; the header's too."""
    lines = list(lines)
    for _ in range(chance.choice([1, 5, 50])):
        here, there = (chance.randrange(0 if _one_in(20, chance) else 1, len(lines)) for _ in range(2))
        one, other = (lines[at].rstrip(b"\r\n").split(b",") for at in (here, there))
        left, right = chance.randrange(len(one)), chance.randrange(len(other))
        if here == there:
            one[left], one[right] = one[right], one[left]
            other = one
        else:
            one[left], other[right] = other[right], one[left]
        lines[here], lines[there] = b",".join(one) + b"\n", b",".join(other) + b"\n"
    return lines


def lines_cut(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """Leave lines out, repeat some, turn some round, or end one early."""
    lines = list(lines)
    for _ in range(chance.choice([1, 5, 50])):
        at = chance.randrange(0 if _one_in(20, chance) else 1, len(lines))
        how = chance.choice(["out", "twice", "early", "elsewhere"])
        if how == "out" and lines[2:]:
            del lines[at]
        elif how == "twice":
            lines.insert(at, lines[at])
        elif how == "early":
            lines[at] = lines[at][: chance.randrange(len(lines[at]))] + b"\n"
        else:
            lines.insert(chance.randrange(len(lines)), lines.pop(at))
    return lines


def figures_changed(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """Put odd figures in the place of some in the last column or any other."""
    odd = [
        b"*",
        b"",
        b"NULL",
        b"-5",
        b"3",
        b"0",
        b"101",
        b"1e9",
        b"999999999",
        b"9999999999999",
        b"50.25",
        b"nan",
        b"=1+1",
    ]
    lines = list(lines)
    for _ in range(chance.choice([1, 10, 200])):
        at = chance.randrange(1, len(lines))
        fields = lines[at].rstrip(b"\r\n").split(b",")
        fields[-1 if _one_in(2, chance) else chance.randrange(len(fields))] = chance.choice(odd)
        lines[at] = b",".join(fields) + b"\n"
    return lines


LINEWISE: dict[str, Callable[[list[bytes], random.Random], list[bytes]]] = {
    "cells swapped": cells_swapped,
    "lines cut": lines_cut,
    "figures changed": figures_changed,
}
BYTEWISE: dict[str, Callable[[bytes, random.Random], bytes]] = {"bytes flipped": flipped, "cut": cut}


def damaged(good: Source, chance: random.Random) -> tuple[str, bytes, str]:
    """Return how a file is damaged, its bytes, and the ending of its name."""
    if not good.lines or _one_in(10, chance):
        how = chance.choice(list(BYTEWISE))
        return f"{how}, packed", BYTEWISE[how](good.whole, chance), good.path.suffix
    how = chance.choice([*LINEWISE, *BYTEWISE])
    if how in LINEWISE:
        data = b"".join(LINEWISE[how](good.lines, chance))
    else:
        data = BYTEWISE[how](b"".join(good.lines), chance)
    if good.member is None or _one_in(2, chance):
        return how, data, ".csv"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(good.member, data)
    return how, packed.getvalue(), ".zip"


def audits(line: Connection) -> None:
    """Audit one file after the other, as the command line does, and tell how each ended."""
    from typer.testing import CliRunner

    from iapt_audit.cli import app

    runner = CliRunner()
    for path in iter(line.recv, None):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            done = runner.invoke(app, ["audit", path, "--format", "json"])
        line.send(_ending(done.exit_code, done.stdout, done.stderr, done.exception))


def _ending(code: int, stdout: str, stderr: str, error: BaseException | None) -> tuple[str, str]:
    """Return the way an audit ended, and what to say of it if it is a failure."""
    if error is not None and not isinstance(error, SystemExit):
        return "traceback", "".join(traceback.format_exception(error))
    if code not in USUAL_CODES or "Traceback" in stderr:
        return f"exit code {code}", stderr
    content = json.loads(stdout)
    told = [each["error"]["code"] for each in content["inputs"] if each["error"]]
    if (code == UNREAD) != bool(told):
        return "told otherwise than it ended", stderr
    if len(stderr.splitlines()) != len(told):
        return "more or fewer lines than inputs that were not read", stderr
    errors = content["summary"]["findings"]["error"]
    return (f"3: {', '.join(sorted(set(told)))}" if told else "1: errors found" if errors else "0: no error found"), ""


class Auditor:
    """A process that audits, begun anew when it hangs or dies."""

    def __init__(self) -> None:
        """Begin it."""
        self.context = multiprocessing.get_context("spawn")
        self._begin()

    def _begin(self) -> None:
        self.line, there = self.context.Pipe()
        self.process = self.context.Process(target=audits, args=(there,), daemon=True)
        self.process.start()
        there.close()

    def close(self) -> None:
        """Let it end."""
        self.line.send(None)
        self.process.join()

    def audit(self, path: Path, *, most: float = MOST_SECONDS) -> tuple[str, str]:
        """Return how the audit of a file ended, and what to say of it if it is a failure."""
        self.line.send(str(path))
        try:
            if self.line.poll(most):
                ending: tuple[str, str] = self.line.recv()
                return ending
            ending = "hang", f"more than {most} seconds"
        except (EOFError, OSError):
            ending = "the process died", "no word of it"
        self.process.kill()
        self.process.join()
        self._begin()
        return ending


def main() -> int:
    """Damage and audit files, and count how the audits ended."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument("data", type=Path, help="a published file or a folder of them")
    parser.add_argument("n", type=int, help="how many damaged files to audit")
    parser.add_argument("--seed", type=int, default=1, help="where chance begins (default 1)")
    parser.add_argument("--rows", type=int, default=3000, help="rows that a table is cut to (default 3000)")
    options = parser.parse_args()
    paths = [options.data] if options.data.is_file() else sorted(options.data.rglob("*"))
    sources = [source(path, options.rows) for path in paths if path.suffix in {".csv", ".zip", ".xlsx", ".parquet"}]
    chance = random.Random(options.seed)  # noqa: S311 - nothing is kept secret by it
    ended: Counter[str] = Counter()
    damages: Counter[str] = Counter()
    failures = 0
    slowest = 0.0
    auditor = Auditor()
    with tempfile.TemporaryDirectory() as folder:
        # the start of the process is not counted to the first audit
        auditor.audit(ROOT / "examples" / "invented_month.csv", most=600)
        began = time.perf_counter()
        for number in range(options.n):
            good = chance.choice(sources)
            how, data, suffix = damaged(good, chance)
            path = Path(folder) / f"{good.path.name.partition('.')[0]}{suffix}"
            path.write_bytes(data)
            start = time.perf_counter()
            ending, failure = auditor.audit(path)
            slowest = max(slowest, time.perf_counter() - start)
            ended[ending] += 1
            damages[how] += 1
            path.unlink()
            if failure:
                failures += 1
                KEPT.mkdir(parents=True, exist_ok=True)
                (KEPT / f"{options.seed}-{number}{suffix}").write_bytes(data)
                print(f"{number}: {how}: {ending}\n{failure}", file=sys.stderr, flush=True)
        took = time.perf_counter() - began
        auditor.close()
    print(f"{options.n:,} damaged files of {len(sources)} in {took:,.0f} s, the slowest {slowest:.1f} s")
    for title, counted in (("damaged by", damages), ("ended in", ended)):
        print(f"\n{title}")
        for name, count in counted.most_common():
            print(f"{count:>6,}  {name}")
    print(f"\n{failures:,} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
