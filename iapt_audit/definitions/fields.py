"""Read TOML and CSV files key by key, collecting every fault with its place instead of stopping at the first."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from iapt_audit.definitions.source import Source
from iapt_audit.errors.base import Fault
from iapt_audit.model.columns import Statistic

Word = TypeVar("Word", bound=StrEnum)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

#: How a month or a financial year is written.
PERIOD = re.compile(r"[0-9]{4}-[0-9]{2}")
_KINDS = {str: "text", int: "a whole number", bool: "true or false", date: "a date", dict: "a table", list: "a list"}


def near_miss(name: str, known: Collection[str]) -> str | None:
    """
    Word a hint with the known name that is nearest, if one is near.

    >>> near_miss("recoverd", ["recovered", "finished"])
    'did you mean `recovered`?'
    """
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"did you mean `{close[0]}`?" if close else None


@dataclass(slots=True)
class Faults:
    """The faults found so far, over all files."""

    found: list[Fault] = field(default_factory=list)

    def add(self, file: str, place: str, message: str, hint: str | None = None) -> None:
        """Note one fault."""
        self.found.append(Fault(file, place, message, hint))


@dataclass(slots=True)
class FieldTable:
    """
    One table of a TOML file, read key by key.

    A reader gives the value, or notes a fault and gives a harmless stand-in, so that reading goes on; `close` notes the
    keys that nobody asked for.
    """

    file: str
    place: str
    values: dict[str, Any]
    faults: Faults
    asked: set[str] = field(default_factory=set)

    def fault(self, key: str, message: str, hint: str | None = None) -> None:
        """Note a fault at one key of this table."""
        self.faults.add(self.file, f"{self.place}.{key}".lstrip("."), message, hint)

    def _get(self, key: str, kind: type, default: object) -> Any:  # noqa: ANN401 - TOML values are of any type
        self.asked.add(key)
        if key not in self.values:
            if default is not None:
                return default
            self.fault(key, f"expected {_KINDS[kind]}, got nothing")
            return None
        value = self.values[key]
        # bool is an int to Python; a definition that says `true` where a number belongs is still wrong
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fault(key, f"expected {_KINDS[kind]}, got `{value}`")
            return None
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Read text; an empty one is a fault."""
        value = self._get(key, str, default)
        if value is not None and not value.strip() and default is None:
            self.fault(key, "expected text, got an empty one")
        return value or ""

    def optional_text(self, key: str) -> str | None:
        """Read text that may be absent."""
        return self.text(key, "") or None

    def integer(self, key: str) -> int:
        """Read a whole number that is not negative."""
        value = self._get(key, int, None)
        if value is not None and value < 0:
            self.fault(key, f"expected a number of 0 or more, got `{value}`")
            return 0
        return value if value is not None else 0

    def boolean(self, key: str, *, default: bool | None = None) -> bool:
        """Read true or false."""
        return bool(self._get(key, bool, default))

    def day(self, key: str) -> date | None:
        """Read a date."""
        value: date | None = self._get(key, date, None)
        return value

    def optional_day(self, key: str) -> date | None:
        """Read a date that may be absent."""
        self.asked.add(key)
        return self.day(key) if key in self.values else None

    def decimal(self, key: str) -> Decimal:
        """Read a decimal number written as text, so that its digits are kept."""
        text = self.text(key)
        try:
            value = Decimal(text)
        except InvalidOperation:
            if text:
                self.fault(key, f'expected a number in quotes such as "0.05", got `{text}`')
            return Decimal(0)
        if not value.is_finite() or value < 0:
            self.fault(key, f"expected a number of 0 or more, got `{text}`")
            return Decimal(0)
        return value

    def choice(self, key: str, known: Collection[str], default: str | None = None) -> str:
        """Read one of a closed list of words."""
        text = self.text(key, default)
        if text and text not in known:
            listed = ", ".join(f"`{name}`" for name in known)
            self.fault(key, f"expected one of {listed}, got `{text}`", near_miss(text, known))
        return text

    def member(self, key: str, words: type[Word], default: Word | None = None) -> Word:
        """Read one of a closed list of words, as what it is; with a fault it is the first of them."""
        text = self.choice(key, [each.value for each in words], default)
        return next((each for each in words if each == text), next(iter(words)))

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts that may be absent."""
        values = self._get(key, list, [])
        if not isinstance(values, list):
            return ()
        for index, value in enumerate(values):
            if not isinstance(value, str):
                self.fault(f"{key}[{index}]", f"expected text, got `{value}`")
        return tuple(value for value in values if isinstance(value, str))

    def table(self, key: str, *, required: bool = True) -> FieldTable:
        """Open a table inside this one."""
        values = self._get(key, dict, None if required else {})
        return FieldTable(self.file, f"{self.place}.{key}".lstrip("."), values or {}, self.faults)

    def tables(self, key: str) -> list[FieldTable]:
        """Open each of a list of tables (`[[key]]`)."""
        values = self._get(key, list, None) or []
        opened = []
        for index, value in enumerate(values):
            if isinstance(value, dict):
                opened.append(FieldTable(self.file, f"{self.place}.{key}[{index}]".lstrip("."), value, self.faults))
            else:
                self.fault(f"{key}[{index}]", f"expected a table, got `{value}`")
        return opened

    def names(self) -> list[str]:
        """Return all keys: for tables whose keys are data."""
        self.asked.update(self.values)
        return list(self.values)

    def source(self) -> Source:
        """Read the table `source`, which every definition has."""
        opened = self.table("source")
        source = Source(opened.text("title"), opened.text("url"), opened.optional_day("reviewed"))
        if source.url and not source.url.startswith(("https://", "http://")):
            opened.fault("url", f"expected a web address, got `{source.url}`")
        opened.close()
        return source

    def close(self) -> None:
        """Note every key that no definition of this kind has."""
        for key in self.values:
            if key not in self.asked:
                self.fault(key, f"unknown key `{key}`", near_miss(key, self.asked))


def once(seen: Collection[str], table: FieldTable, name: str) -> None:
    """Note an id that was given before."""
    if name in seen:
        table.fault("id", f"the id `{name}` is given twice")


def statistic_of(table: FieldTable, text: str, key: str | None = None) -> Statistic:
    """Return the statistic that a text names; `key` is where the text stands."""
    if text in list(Statistic):
        return Statistic(text)
    known = [statistic.value for statistic in Statistic]
    table.fault(key or text, f"expected a statistic, got `{text}`", near_miss(text, known))
    return Statistic.COUNT


def period_of(table: FieldTable, key: str, *, required: bool = True) -> str:
    """Read a month or a financial year; an empty text stands for one that is not given."""
    text = table.text(key) if required else table.text(key, "")
    if text and not PERIOD.fullmatch(text):
        table.fault(key, f"expected a period such as 2024-25 or 2026-02, got `{text}`")
    return text


def read_toml(path: Path, name: str, faults: Faults) -> FieldTable:
    """Open a TOML file as a table; one that cannot be parsed is a fault and an empty table."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        faults.add(name, "file", f"expected TOML, got {error}")
        values = {}
    return FieldTable(name, "", values, faults)


def read_given(path: Path, what: str, faults: Faults) -> FieldTable | None:
    """Open a TOML file that a user names; one that cannot be opened is a fault, and None."""
    try:
        return read_toml(path, str(path), faults)
    except OSError as error:
        faults.add(str(path), "file", f"expected a file of {what}, got {error.strerror or error}")
        return None


def read_csv(path: Path, name: str, columns: Sequence[str], faults: Faults) -> list[tuple[int, dict[str, str]]]:
    """
    Read a CSV file of text, with the line of each row.

    The header must hold just these columns. A line that begins with `#` before the header is a remark.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        faults.add(name, "file", f"expected UTF-8 text, got {error}")
        return []
    skipped = 0
    while text.startswith("#"):
        _, _, text = text.partition("\n")
        skipped += 1
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        header = next(reader, [])
        if sorted(header) != sorted(columns):
            _header_faults(name, header, columns, faults)
            return []
        for row in reader:
            line = reader.line_num + skipped
            if len(row) != len(header):
                faults.add(name, f"line {line}", f"expected {len(header)} fields, got {len(row)}")
                continue
            rows.append((line, dict(zip(header, row, strict=True))))
    except csv.Error as error:
        faults.add(name, f"line {reader.line_num + skipped}", f"expected CSV, got {error}")
    return rows


def _header_faults(name: str, header: Sequence[str], columns: Sequence[str], faults: Faults) -> None:
    for column in header:
        if column not in columns:
            faults.add(name, "header", f"unknown column `{column}`", near_miss(column, columns))
        elif header.count(column) > 1:
            faults.add(name, "header", f"the column `{column}` is given twice")
    for column in columns:
        if column not in header:
            faults.add(name, "header", f"expected the column `{column}`, got nothing", near_miss(column, header))


@dataclass(frozen=True, slots=True)
class Roots:
    """Folders with `schemas/` and `checks/`, read as if they were one: the shipped one first, then a user's."""

    folders: tuple[Path, ...]
    faults: Faults

    def tables(self, pattern: str) -> list[tuple[Path, FieldTable]]:
        """Open every TOML file that a pattern names, in the order of their names."""
        found = [
            (path.relative_to(root), index, path)
            for index, root in enumerate(self.folders)
            for path in root.glob(pattern)
        ]
        return [
            (relative, read_toml(path, self._shown(relative, index), self.faults))
            for relative, index, path in sorted(found, key=lambda each: (each[0].as_posix(), each[1]))
        ]

    def rows(self, name: str, columns: Sequence[str]) -> list[tuple[FieldTable, dict[str, str]]]:
        """Return the rows of a CSV file of every folder that has it, each with an empty table to note its faults in."""
        return [
            (FieldTable(shown, f"line {line}", {}, self.faults), row)
            for index, root in enumerate(self.folders)
            if (root / name).is_file()
            for shown in [self._shown(Path(name), index)]
            for line, row in read_csv(root / name, shown, columns, self.faults)
        ]

    def sha256(self, name: str) -> str:
        """Return the sha256 of a file of the first folder that has it."""
        path = next((root / name for root in self.folders if (root / name).is_file()), None)
        return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""

    def digest(self) -> str:
        """Return the sha256 of all definitions, with their names."""
        digest = hashlib.sha256()
        for root in self.folders:
            for path in sorted((*root.glob("schemas/**/*"), *root.glob("checks/**/*"))):
                if path.suffix in {".toml", ".csv"}:
                    digest.update(path.relative_to(root).as_posix().encode())
                    digest.update(path.read_bytes())
        return digest.hexdigest()

    def _shown(self, relative: Path, index: int) -> str:
        return relative.as_posix() if index == 0 else f"{self.folders[index].name}/{relative.as_posix()}"
