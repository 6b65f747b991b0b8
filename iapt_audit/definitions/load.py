"""Load every definition, or tell every fault of every file at once."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from iapt_audit.bounds import Bounds, Regime, parse_figure
from iapt_audit.columns import Level, Statistic
from iapt_audit.definitions.model import (
    Concept,
    Definitions,
    Fact,
    Facts,
    Layout,
    LevelName,
    MeasureName,
    Rate,
    Source,
    Standard,
)
from iapt_audit.definitions.tables import Faults, Table, near_miss, read_csv, read_toml
from iapt_audit.errors import DefinitionError
from iapt_audit.expressions import ExpressionError, Sum, parse_sum
from iapt_audit.resources import definitions_root

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PERIOD = re.compile(r"\d{4}-\d{2}")
_SHAPE_KEYS = {
    "long": ("level", "commissioner_code", "commissioner_name", "provider_code", "provider_name", "measure", "value"),
    "wide": ("level", "org_code", "org_name"),
}
_OPTIONAL_KEYS = ("period_start", "period_end", "measure_name")
_CELL_STATUSES = ("suppressed", "not_applicable", "withheld_or_absent")
_ORGS = ("commissioner", "provider", "pair")
_FACT_COLUMNS = (
    "period", "measure", "statistic", "printed", "half_width", "use", "population",
    "source_title", "source_url", "source_read", "confidence", "note",
)  # fmt: skip


@cache
def load_default() -> Definitions:
    """Load the definitions that ship with the package, once."""
    return load(definitions_root())


def load(root: Path) -> Definitions:
    """
    Load `schemas/` and `checks/` below a folder.

    Raises:
        DefinitionError: With all faults of all files.
    """
    faults = Faults()
    regimes = _regimes(root, faults)
    layouts = _layouts(root, regimes, faults)
    measures = _measures(root, layouts, faults)
    concepts = _concepts(root, faults)
    facts = _facts(root, regimes, faults)
    names = _names(root, measures | {facts.publication: _fact_measures(facts)}, concepts, faults)
    rates = _rates(root, concepts, names, faults)
    standards = _standards(root, rates, faults)
    if faults.found:
        raise DefinitionError(faults.found)
    return Definitions(regimes, layouts, measures, concepts, names, rates, standards, facts, _sha256_of_all(root))


def _sha256_of_all(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted((*root.glob("schemas/**/*"), *root.glob("checks/**/*"))):
        if path.suffix in {".toml", ".csv"}:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _once(seen: Mapping[str, Any], table: Table, name: str) -> None:
    if name in seen:
        table.fault("id", f"the id `{name}` is given twice")


def _regimes(root: Path, faults: Faults) -> dict[str, Regime]:
    table = read_toml(root / "schemas" / "rounding.toml", "schemas/rounding.toml", faults)
    table.source()
    regimes = {}
    opened = table.table("regimes")
    for name in opened.names():
        entry = opened.table(name)
        suppressed = None
        if "suppressed_high" in entry.values or "suppressed_low" in entry.values:
            suppressed = Bounds(entry.integer("suppressed_low"), entry.integer("suppressed_high"))
        step = entry.integer("count_step")
        if step < 1:
            entry.fault("count_step", f"expected a step of 1 or more, got `{step}`")
        widths, decimals = entry.table("half_width"), entry.table("decimals")
        regimes[name] = Regime(
            id=name,
            title=entry.text("title"),
            count_step=max(step, 1),
            smallest_count=entry.integer("smallest_count"),
            suppressed=suppressed,
            half_width={_statistic(widths, key): widths.decimal(key) for key in widths.values},
            decimals={_statistic(decimals, key): decimals.integer(key) for key in decimals.values},
        )
        entry.close()
    table.close()
    return regimes


def _statistic(table: Table, text: str, key: str | None = None) -> Statistic:
    if text in list(Statistic):
        return Statistic(text)
    known = [statistic.value for statistic in Statistic]
    table.fault(key or text, f"expected a statistic, got `{text}`", near_miss(text, known))
    return Statistic.COUNT


def _layouts(root: Path, regimes: Mapping[str, Regime], faults: Faults) -> dict[str, Layout]:
    layouts: dict[str, Layout] = {}
    for path in sorted((root / "schemas").glob("*/*.toml")):
        name = path.relative_to(root).as_posix()
        table = read_toml(path, name, faults)
        layout = _layout(table, layouts, regimes)
        if layout is None:
            continue
        _once(layouts, table, layout.id)
        if path.parent.name != layout.publication:
            table.fault("publication", f"expected `{path.parent.name}`, the folder's name, got `{layout.publication}`")
        if path.stem != layout.first_period:
            table.fault("first_period", f"expected `{path.stem}`, the file's name, got `{layout.first_period}`")
        layouts[layout.id] = layout
    return layouts


def _layout(table: Table, earlier: Mapping[str, Layout], regimes: Mapping[str, Regime]) -> Layout | None:
    publication = table.text("publication")
    base = None
    extends = table.optional_text("extends")
    if extends:
        base = earlier.get(f"{publication}/{extends}")
        if base is None:
            known = [name.partition("/")[2] for name in earlier if name.startswith(f"{publication}/")]
            table.fault(
                "extends", f"expected an earlier layout of `{publication}`, got `{extends}`", near_miss(extends, known)
            )
            return None
    dropped = table.texts("drop")
    columns = {} if base is None else {column: what for column, what in base.columns.items() if column not in dropped}
    for column in dropped:
        if base is None or column not in base.columns:
            table.fault(
                "drop",
                f"`{column}` is no column of the layout it extends",
                near_miss(column, base.columns if base else ()),
            )
    keys, breakdown = _keys(table, base)
    columns |= _columns(table)
    layout = Layout(
        id=f"{publication}/{_period(table, 'first_period')}",
        publication=publication,
        title=table.text("title"),
        first_period=table.text("first_period"),
        last_period=table.optional_text("last_period"),
        shape=table.choice("shape", tuple(_SHAPE_KEYS), base.shape if base else None),
        period_from=table.choice("period_from", ("columns", "name"), base.period_from if base else "columns"),
        source=table.source(),
        keys=keys,
        breakdown=breakdown,
        statuses=_statuses(table, base),
        levels=_levels(table, base, regimes),
        columns=columns,
    )
    for role in _SHAPE_KEYS.get(layout.shape, ()):
        if role not in keys:
            table.fault(f"keys.{role}", "expected a column name, got nothing")
    roles = (*_SHAPE_KEYS.get(layout.shape, ()), *_OPTIONAL_KEYS)
    for role in keys:
        if role not in roles:
            table.fault(f"keys.{role}", f"unknown key `{role}`", near_miss(role, roles))
    if layout.shape == "wide" and not columns:
        table.fault("columns", "expected the measure columns, got nothing")
    table.close()
    return layout


def _period(table: Table, key: str) -> str:
    text = table.text(key)
    if text and not _PERIOD.fullmatch(text):
        table.fault(key, f"expected a period such as 2024-25 or 2026-02, got `{text}`")
    return text


def _keys(table: Table, base: Layout | None) -> tuple[dict[str, str], tuple[str, ...]]:
    opened = table.table("keys", required=base is None)
    breakdown = opened.texts("breakdown") or (base.breakdown if base else ())
    keys = dict(base.keys) if base else {}
    keys |= {role: opened.text(role) for role in opened.names() if role != "breakdown"}
    return keys, breakdown


def _columns(table: Table) -> dict[str, tuple[Statistic, str]]:
    opened = table.table("columns", required=False)
    columns = {}
    for column in opened.names():
        statistic, _, measure = opened.text(column).partition(" ")
        if not measure:
            opened.fault(column, f'expected a statistic and a measure such as "count Recovery", got `{statistic}`')
        columns[column] = (_statistic(opened, statistic, column), measure)
    return columns


def _statuses(table: Table, base: Layout | None) -> Mapping[str, str]:
    opened = table.table("statuses", required=base is None)
    statuses = {text: status for status in opened.values for text in opened.texts(status)}
    for status in opened.values:
        if status not in _CELL_STATUSES:
            opened.fault(status, f"unknown key `{status}`", near_miss(status, _CELL_STATUSES))
    return statuses or (base.statuses if base else {})


def _levels(table: Table, base: Layout | None, regimes: Mapping[str, Regime]) -> Mapping[str, LevelName]:
    opened = table.table("levels", required=base is None)
    levels = dict(base.levels) if base else {}
    for name in opened.names():
        entry = opened.table(name)
        level = entry.choice("level", [level.value for level in Level])
        org = entry.optional_text("org")
        if org and org not in _ORGS:
            entry.fault("org", f"expected one of {', '.join(_ORGS)}, got `{org}`", near_miss(org, _ORGS))
        regime = entry.choice("regime", tuple(regimes))
        entry.close()
        if level in list(Level):
            levels[name] = LevelName(Level(level), regime, org)
    return levels


def _measures(root: Path, layouts: Mapping[str, Layout], faults: Faults) -> dict[str, dict[str, Statistic]]:
    """Give the measures of each publication: those listed in a file of its name, or those of its layouts' columns."""
    measures: dict[str, dict[str, Statistic]] = {}
    for layout in layouts.values():
        known = measures.setdefault(layout.publication, {})
        for statistic, measure in layout.columns.values():
            known[f"{statistic} {measure}"] = statistic
    for publication, known in measures.items():
        name = f"checks/measures/{publication}.csv"
        if not (root / name).is_file():
            continue
        for line, row in read_csv(root / name, name, ("measure", "statistic", "name", "listed"), faults):
            table = Table(name, f"line {line}", {}, faults)
            if row["measure"] in known:
                table.fault("measure", f"the measure `{row['measure']}` is given twice")
            known[row["measure"]] = _statistic(table, row["statistic"], "statistic")
    return measures


def _fact_measures(facts: Facts) -> dict[str, Statistic]:
    return {fact.measure: fact.statistic for fact in facts.rows}


def _concepts(root: Path, faults: Faults) -> dict[str, Concept]:
    name = "checks/measures/concepts.csv"
    concepts: dict[str, Concept] = {}
    for line, row in read_csv(root / name, name, ("concept", "title"), faults):
        _once(concepts, Table(name, f"line {line}", {}, faults), row["concept"])
        concepts[row["concept"]] = Concept(row["concept"], row["title"])
    return concepts


def _names(
    root: Path, measures: Mapping[str, Mapping[str, Statistic]], concepts: Mapping[str, Concept], faults: Faults
) -> tuple[MeasureName, ...]:
    file = "checks/measures/names.csv"
    names: list[MeasureName] = []
    places: dict[tuple[str, ...], str] = {}
    for line, row in read_csv(
        root / file, file, ("concept", "publication", "measure", "statistic", "breakdown"), faults
    ):
        table = Table(file, f"line {line}", {}, faults)
        statistic = _statistic(table, row["statistic"], "statistic")
        publication = row["publication"]
        known = measures.get(publication)
        if known is None:
            table.fault("publication", f"unknown publication `{publication}`", near_miss(publication, measures))
        elif row["measure"] not in known and f"{statistic} {row['measure']}" not in known:
            plain = [measure.rpartition(" ")[2] for measure in known]
            table.fault(
                "measure", f"unknown measure `{row['measure']}` of `{publication}`", near_miss(row["measure"], plain)
            )
        elif known.get(row["measure"], statistic) != statistic:
            table.fault("statistic", f"expected `{known[row['measure']]}`, as listed, got `{statistic}`")
        if statistic is Statistic.COUNT and row["concept"] not in concepts:
            table.fault("concept", f"unknown concept `{row['concept']}`", near_miss(row["concept"], concepts))
        key = (publication, row["measure"], statistic.value, row["breakdown"])
        if key in places:
            table.fault("measure", f"`{row['measure']}` already stands for `{places[key]}`")
        places[key] = row["concept"]
        names.append(MeasureName(row["concept"], publication, row["measure"], statistic, row["breakdown"] or None))
    return tuple(names)


def _rates(
    root: Path, concepts: Mapping[str, Concept], names: tuple[MeasureName, ...], faults: Faults
) -> dict[str, Rate]:
    file = "checks/measures/rates.toml"
    table = read_toml(root / file, file, faults)
    source = table.source()
    percentages = {name.concept for name in names if name.statistic is Statistic.PERCENTAGE}
    rates: dict[str, Rate] = {}
    for entry in table.tables("rate"):
        has_counts = entry.boolean("counts", default=True)
        rate = Rate(
            id=entry.text("id"),
            title=entry.text("title"),
            percentage=entry.text("percentage"),
            numerator=_formula(entry, "numerator", concepts) if has_counts else None,
            denominator=_formula(entry, "denominator", concepts) if has_counts else None,
            of_whom=entry.text("of_whom"),
            source=source,
            file=file,
        )
        if rate.percentage and rate.percentage not in percentages:
            message = f"no publication has a percentage called `{rate.percentage}`"
            entry.fault("percentage", message, near_miss(rate.percentage, percentages))
        _once(rates, entry, rate.id)
        rates[rate.id] = rate
        entry.close()
    table.close()
    return rates


def _formula(table: Table, key: str, concepts: Mapping[str, Concept]) -> Sum | None:
    text = table.text(key)
    if not text:
        return None
    try:
        formula = parse_sum(text)
    except ExpressionError as error:
        table.fault(key, str(error))
        return None
    for name in formula.names:
        if name not in concepts:
            table.fault(key, f"unknown concept `{name}`", near_miss(name, concepts))
    if formula.terms[0].sign < 0:
        table.fault(key, "expected the first term to be added, got one taken away")
    return formula


def _standards(root: Path, rates: Mapping[str, Rate], faults: Faults) -> dict[str, Standard]:
    standards: dict[str, Standard] = {}
    for path in sorted((root / "checks" / "standards").glob("*.toml")):
        file = path.relative_to(root).as_posix()
        table = read_toml(path, file, faults)
        for entry in table.tables("standard"):
            rate = entry.text("rate")
            if rate and rate not in rates:
                entry.fault("rate", f"unknown rate `{rate}`", near_miss(rate, rates))
            reviewed = entry.day("reviewed")
            source = entry.source()
            standard = Standard(
                id=entry.text("id"),
                rate=rate,
                percentage=entry.decimal("percentage"),
                in_force_from=_period(entry, "in_force_from"),
                in_force_to=entry.optional_text("in_force_to"),
                title=entry.text("title"),
                confirmed=entry.boolean("confirmed"),
                note=entry.text("note"),
                source=Source(source.title, source.url, reviewed),
                file=file,
            )
            _once(standards, entry, standard.id)
            standards[standard.id] = standard
            entry.close()
        table.close()
    return standards


def _facts(root: Path, regimes: Mapping[str, Regime], faults: Faults) -> Facts:
    file, csv_file = "checks/facts/england.toml", "checks/facts/england.csv"
    table = read_toml(root / file, file, faults)
    path = root / csv_file
    if not path.is_file():
        faults.add(csv_file, "file", "expected the cited figures, got nothing")
    facts = Facts(
        publication=table.text("publication"),
        title=table.text("title"),
        regime=table.choice("regime", tuple(regimes)),
        contradict_nothing=frozenset(table.texts("contradict_nothing")),
        source=table.source(),
        rows=tuple(
            _fact(Table(csv_file, f"line {line}", {}, faults), line, row)
            for line, row in read_csv(path, csv_file, _FACT_COLUMNS, faults)
        )
        if path.is_file()
        else (),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        file=csv_file,
    )
    table.close()
    preferred: dict[tuple[str, str], int] = {}
    for fact in facts.rows:
        if fact.judges and (first := preferred.setdefault((fact.period, fact.measure), fact.row)) != fact.row:
            faults.add(
                csv_file, f"line {fact.row}.use", f"line {first} already judges `{fact.measure}` of {fact.period}"
            )
    return facts


def _fact(table: Table, line: int, row: Mapping[str, str]) -> Fact:
    value = parse_figure(row["printed"])
    if value is None:
        table.fault("printed", f"expected digits, perhaps with a decimal part or `million`, got `{row['printed']}`")
    half_width = parse_figure(row["half_width"])
    if half_width is None:
        table.fault("half_width", f"expected a number of 0 or more, got `{row['half_width']}`")
    if not _PERIOD.fullmatch(row["period"]):
        table.fault("period", f"expected a year such as 2024-25, got `{row['period']}`")
    for key in ("use", "source_read"):
        if row[key] not in {"yes", "no"}:
            table.fault(key, f"expected yes or no, got `{row[key]}`")
    for key in ("measure", "source_title", "source_url", "confidence"):
        if not row[key]:
            table.fault(key, "expected text, got nothing")
    return Fact(
        row=line,
        period=row["period"],
        measure=row["measure"],
        statistic=_statistic(table, row["statistic"], "statistic"),
        printed=row["printed"],
        value=value if value is not None else Decimal(0),
        half_width=half_width if half_width is not None else Decimal(0),
        judges=row["use"] == "yes",
        population=row["population"],
        source=Source(row["source_title"], row["source_url"]),
        source_read=row["source_read"] == "yes",
        confidence=row["confidence"],
        note=row["note"],
    )
