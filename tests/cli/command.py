"""
Run the command line: inside this process, which takes a tenth of the time, or in one of its own.

`test_process.py` sees to it that both say the same.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import jsonschema
from typer.main import get_command

from iapt_audit import cli
from iapt_audit.definitions.resources import audit_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

Done = subprocess.CompletedProcess[str]

ROOT = Path(__file__).parents[2]
INVENTED = ROOT / "examples" / "invented_month.csv"
#: A hang, not a slow machine, takes this long.
TIMEOUT = 180


def run(*arguments: object, cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> Done:
    """
    Return what a command prints on a pipe, and its exit code.

    `environment` is set besides what is, apart from what a runner of GitHub sets.
    """
    argv = ["iapt-audit", *map(str, arguments)]
    out, err = _Pipe("strict"), _Pipe("backslashreplace")
    code: object = 0
    with (
        mock.patch.object(cli, "app", _built()),
        mock.patch.object(sys, "argv", argv),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
        mock.patch.dict(os.environ, _variables(environment), clear=True),
        contextlib.chdir(cwd),
        _no_longer_than(TIMEOUT),
    ):
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
    assert code is None or isinstance(code, int)
    return Done(argv, code or 0, out.text(), err.text())


def process(
    *arguments: object, cwd: Path = ROOT, environment: Mapping[str, str] | None = None, through: Sequence[str] = ()
) -> Done:
    """
    Return the same of a process of its own, which another may begin: `through` are the words that it is called by.
    """
    command = [*through, sys.executable, "-m", "iapt_audit", *map(str, arguments)]
    env = _variables(environment) | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, cwd=cwd, env=env, timeout=TIMEOUT
    )


@cache
def once(*arguments: object) -> Done:
    """Return what a command prints whose inputs do not change while tests run; it runs the first time only."""
    return run(*arguments)


def valid(text: str, schema: Traversable | None = None) -> dict[str, Any]:
    """Read a document and hold it against its schema: that of `audit.json`, if no other is given."""
    content: dict[str, Any] = json.loads(text)
    validator((schema or audit_schema()).read_text(encoding="utf-8")).validate(content)
    return content


@cache
def validator(schema: str) -> jsonschema.Validator:
    """Return what holds a document against a schema, which is itself held against the schema of schemas once."""
    content = json.loads(schema)
    kind = jsonschema.validators.validator_for(content)
    kind.check_schema(content)
    return kind(content)


def squeezed(text: str) -> str:
    """Return words as they follow each other, whatever lines they are folded into."""
    return " ".join(text.split())


def is_one_message(done: Done, code: int) -> bool:
    """Return whether a command printed nothing but one error with a hint at most, and ended so."""
    first, *rest = done.stderr.rstrip("\n").split("\n\n")
    return (
        done.returncode == code
        and done.stdout == ""
        and first.startswith("error: ")
        and done.stderr.count("error: ") == 1
        and len(rest) <= 1
        and all(each.startswith("hint: ") for each in rest)
        and "Traceback" not in done.stderr
    )


def _variables(environment: Mapping[str, str] | None) -> dict[str, str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    return outside | dict(environment or {})


@cache
def _built() -> Callable[..., object]:
    """Build the commands and their options once; the application would at each call, which takes longer than most."""
    return get_command(cli.app)


class HungError(BaseException):
    """A command goes on and on; no part of it may take this for a fault of its own."""


@contextlib.contextmanager
def _no_longer_than(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        message = f"no end after {seconds} seconds"
        raise HungError(message)

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class _Pipe(io.TextIOWrapper):
    """What a process writes to, which is no terminal."""

    def __init__(self, errors: str) -> None:
        self._bytes = io.BytesIO()
        super().__init__(self._bytes, encoding="utf-8", errors=errors, write_through=True)

    def text(self) -> str:
        """Return what was written, with the line ends that `subprocess` makes of any."""
        return io.TextIOWrapper(io.BytesIO(self._bytes.getvalue()), encoding="utf-8").read()
