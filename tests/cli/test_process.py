"""What only a process of its own shows: pipes, signals, and that the other tests see of a command what a user sees."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from cli.command import INVENTED, ROOT, TIMEOUT, process, run

if TYPE_CHECKING:
    from pathlib import Path

#: Ends the command when it has begun to read: that needs a module that nothing needs before.
INTERRUPTED = """
import os, signal, sys, threading, time
from iapt_audit.cli import main

def interrupt():
    while "iapt_audit.ingest.ingest" not in sys.modules:
        time.sleep(0.001)
    os.kill(os.getpid(), signal.SIGINT)

assert "iapt_audit.ingest.ingest" not in sys.modules
threading.Thread(target=interrupt, daemon=True).start()
main()
"""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("demo", "--format", "markdown"), 0),
        (("audit", INVENTED, "--format", "json"), 1),
        (("audit", INVENTED, "--org", "INV02"), 1),
        (("judge", "--figure", "50%"), 2),
        (("definitions", "show", "recovry"), 2),
        (("audit", "absent.csv"), 3),
    ],
    ids=lambda value: " ".join(str(each) for each in value[:2]) if isinstance(value, tuple) else str(value),
)
def test_a_command_says_in_this_process_what_it_says_in_one_of_its_own(
    arguments: tuple[str | Path, ...], code: int, tmp_path: Path
) -> None:
    here, own = run(*arguments, cwd=tmp_path), process(*arguments, cwd=tmp_path)

    assert here.returncode == own.returncode == code
    assert here.stdout == own.stdout
    # where it is called as a module, it says so
    assert here.stderr == own.stderr.replace("python -m iapt_audit", "iapt-audit")


@pytest.mark.parametrize("form", ["json", "table"])
def test_a_reader_who_has_seen_enough_ends_a_command_without_a_word(form: str) -> None:
    command = [sys.executable, "-m", "iapt_audit", "audit", str(INVENTED), "--format", form]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as begun:
        assert begun.stdout is not None
        assert begun.stderr is not None
        begun.stdout.close()
        said = begun.stderr.read()

    assert (begun.wait(TIMEOUT), said) == (0, b"")


def test_an_interrupted_command_ends_in_130_and_says_no_more_than_that() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, "audit", str(INVENTED)],
        check=False, capture_output=True, text=True, timeout=TIMEOUT,
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")
