"""Make each mutant of tests/mutants.toml in a copy of the checkout and see whether the tests notice."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Mutant:
    """One edit, and the tests that should notice it."""

    name: str
    file: str
    old: str
    new: str
    tests: list[str]


def mutants() -> list[Mutant]:
    """Read the list."""
    listed = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text(encoding="utf-8"))["mutant"]
    return [Mutant(**each) for each in listed]


def noticed(mutant: Mutant) -> tuple[bool, str]:
    """Run the mutant's tests on a copy with its edit; give whether one failed, and which."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
        for name in names.stdout.splitlines():
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, copy / name)
        path = copy / mutant.file
        text = path.read_text(encoding="utf-8")
        if text.count(mutant.old) != 1:
            message = f"`{mutant.name}`: expected its text once in {mutant.file}, got {text.count(mutant.old)}"
            raise ValueError(message)
        path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *mutant.tests]
        environment = {**os.environ, "PYTHONPATH": str(copy), "CI": ""}
        try:
            done = subprocess.run(  # noqa: S603
                command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=_SECONDS
            )
        except subprocess.TimeoutExpired:
            return False, "no answer in time"
        failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        return done.returncode == 1, failed[0].split(" - ")[0] if failed else f"pytest ended with {done.returncode}"


def main() -> int:
    """Try every mutant, some at a time, and print which test killed it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="only mutants with this in their name")
    options = parser.parse_args()
    chosen = [mutant for mutant in mutants() if options.only in mutant.name]
    survived = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for mutant, (killed, by) in zip(chosen, pool.map(noticed, chosen), strict=True):
            survived += not killed
            print(f"{'killed  ' if killed else 'SURVIVED'}  {mutant.name}: {by}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} mutants killed")
    return int(survived > 0)


if __name__ == "__main__":
    sys.exit(main())
