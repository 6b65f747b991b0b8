"""Every command in every form on consoles that lack most characters; figures and names were invented for the test."""

from __future__ import annotations

import ast
import io
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from enum import Enum
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from typer.main import get_command

from iapt_audit import cli

ROOT = Path(__file__).parents[2]
MONTH, AGAIN = (ROOT / "examples" / f"invented_month{end}.csv" for end in ("", "_reissued"))
#: Characters that neither ASCII nor cp1252 has, one beyond 16 bits, and some that cp1252 has.
NAME = "SERVICÉ – † 界 😀"
NEAR = "SERVICE - ^ ? ?"

#: What each command is given besides its form; `month`, `again` and `new` are files.
GIVEN = {
    "audit": "audit {month}",
    "demo": "demo",
    "explain": "explain {month} --period 2026-02 --org INV02 --measure recovery --cite",
    "judge": "judge --figure 60% --measure recovery --period 2026-02 --org INV02 --data {month}",
    "claims": "claims --speaker Acorn",
    "trace": "trace 50.8% --period 2017-18",
    "diff": "diff {month} {again}",
    "disclosure": "disclosure {month}",
    "report": "report {month} -o page.html",
    "definitions check": "definitions check",
    "definitions list": "definitions list",
    "definitions show": "definitions show recovery",
    "definitions draft": "definitions draft {new} --period 2026-05",
    "export odcs": "export odcs annual_main/2024-25",
    "export gx": "export gx suites",
}
#: The forms that can escape a character, so that nothing is lost.
ESCAPED = {"json", "sarif", "junit", "claimreview"}
#: What a command refuses, though its option has it.
REFUSED = {("trace", form) for form in ("csv", "claimreview", "junit", "github")} | {
    # nobody is named who said it
    ("judge", "claimreview")
}
#: Not tried: they print one line on where they wrote to, and take seconds.
SLOW = {"export gx", "report"}


def commands() -> dict[str, Any]:
    """Every command of the command line, by its name."""
    found: dict[str, Any] = {}
    for name, command in get_command(cli.app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found |= {f"{name} {each}": sub for each, sub in inner.items()} if inner else {name: command}
    return found


def forms() -> list[tuple[str, str]]:
    """Every command with each form of its output."""
    found: list[tuple[str, str]] = []
    for name, command in commands().items():
        hints = get_type_hints(command.callback).values()
        kinds = [kind for kind in hints if isinstance(kind, type) and issubclass(kind, Enum)]
        members = [[str(each.value) for each in kind] for kind in kinds]
        choices = next((values for values in members if "table" in values), [""])
        found += [(name, form) for form in choices]
    return found


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """The invented months with a name that is hard to write, and a file that no layout is of."""
    paths = {name: tmp_path / f"{name}.csv" for name in ("month", "again", "new")}
    for name, path in (("month", MONTH), ("again", AGAIN)):
        text = path.read_text(encoding="utf-8").replace("INVENTED SERVICE TWO", NAME)
        assert NAME in text
        paths[name].write_text(text, encoding="utf-8")
    head, _, rows = paths["month"].read_text(encoding="utf-8").partition("\n")
    paths["new"].write_text(f"{head},{NAME}\n" + "".join(f"{row},1\n" for row in rows.splitlines()), encoding="utf-8")
    return paths


#: The forms of `demo` are made as those of `audit` are.
TRIED = [each for each in forms() if each[0] not in SLOW and (each[0] != "demo" or each[1] == "table")]


class Console(io.TextIOWrapper):
    """A stream as Python makes it for a console or a pipe of some encoding."""

    def __init__(self, encoding: str) -> None:
        self.bytes = io.BytesIO()
        super().__init__(self.bytes, encoding=encoding, errors="strict", write_through=True)


def run(arguments: str, encoding: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, bytes, bytes]:
    """Run the command line as it is run from a console of an encoding."""
    out, err = Console(encoding), Console(encoding)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(sys, "argv", ["iapt-audit", *arguments.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0), out.bytes.getvalue(), err.bytes.getvalue()


def read(form: str, text: bytes) -> object:
    """Read what was printed as a tool of its form would."""
    if form == "junit":
        return [(each.tag, each.attrib, each.text) for each in ET.fromstring(text).iter()]  # noqa: S314 - our own
    return json.loads(text)


def test_every_command_is_tried() -> None:
    assert GIVEN.keys() == commands().keys()


@pytest.mark.parametrize(("name", "form"), TRIED)
def test_every_form_is_printed_on_a_console_of_ascii(
    name: str, form: str, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = GIVEN[name].format(**files) + (f" --format {form}" if form else "")

    code, out, err = run(arguments, "ascii", monkeypatch)

    assert code in ({2} if (name, form) in REFUSED else {0, 1}), err
    assert (out or err).decode("ascii").strip()
    if name == "audit" and form not in {*ESCAPED, "markdown"}:
        assert NEAR in out.decode("ascii")


@pytest.mark.parametrize("form", ["table", "json", "csv", "junit", "sarif", "github"])
def test_what_a_tool_reads_is_the_same_from_every_console(
    form: str, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = f"audit {files['month']} --format {form}"
    told = {encoding: run(arguments, encoding, monkeypatch)[1] for encoding in ("ascii", "cp1252", "utf-8")}

    assert NAME in told["utf-8"].decode() or form in ESCAPED
    if form in ESCAPED:
        assert read(form, told["ascii"]) == read(form, told["cp1252"]) == read(form, told["utf-8"])
    elif form == "github":
        # its reader takes it as UTF-8, wherever it was printed
        assert told["cp1252"] == told["ascii"]
    else:
        assert NEAR in told["ascii"].decode("ascii")
        assert NAME[:11] in told["cp1252"].decode("cp1252")


def test_files_are_utf_8_whatever_the_console_and_the_locale_are(files: dict[str, Path], tmp_path: Path) -> None:
    env = os.environ | {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "iapt_audit", "audit", files["month"].name, "--out", "out"]
    done = subprocess.run(command, check=False, capture_output=True, cwd=tmp_path, env=env)

    assert (done.returncode, done.stderr.decode("ascii").strip()) == (1, "written to out")
    assert NEAR in done.stdout.decode("ascii")
    for name in ("audit.json", "report.html"):
        assert NAME in (tmp_path / "out" / name).read_bytes().decode("utf-8")


def test_every_text_is_written_as_utf_8_with_the_same_ends_of_lines_on_every_system() -> None:
    calls = [
        (path.name, call)
        for path in (ROOT / "iapt_audit").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "write_text"
    ]

    assert calls
    for name, call in calls:
        given = {each.arg: getattr(each.value, "value", None) for each in call.keywords}
        assert given == {"encoding": "utf-8", "newline": "\n"}, f"{name}, line {call.lineno}"
