"""Read the layouts of files and the rounding of their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.definitions.fields import FieldTable, near_miss, once, period_of, statistic_of
from iapt_audit.definitions.model import Layout, LevelName
from iapt_audit.definitions.rounding import Regime
from iapt_audit.definitions.vocabulary import Shape
from iapt_audit.model.bounds import Bounds
from iapt_audit.model.columns import Level, Statistic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iapt_audit.definitions.fields import Roots

_SHAPE_KEYS = {Shape.LONG: ("level", "measure", "value"), Shape.WIDE: ("level", "org_code", "org_name")}
#: Who a row is of: one organisation, or a commissioner, a provider or the pair of them, as its level says.
_ONE_ORGANISATION = ("org_code", "org_name")
_TWO_SIDES = ("commissioner_code", "commissioner_name", "provider_code", "provider_name")
_OPTIONAL_KEYS = ("period_start", "period_end", "period", "measure_name", "statistic")
_CELL_STATUSES = ("suppressed", "not_applicable", "withheld_or_absent")
_ORGS = ("commissioner", "provider", "pair")


def read_regimes(roots: Roots) -> dict[str, Regime]:
    """Read the rounding regimes."""
    regimes: dict[str, Regime] = {}
    for _, table in roots.tables("schemas/rounding.toml"):
        table.source()
        opened = table.table("regimes")
        for name in opened.names():
            once(regimes, opened, name)
            regimes[name] = _regime(name, opened.table(name))
        table.close()
    return regimes


def _regime(name: str, entry: FieldTable) -> Regime:
    suppressed = None
    if "suppressed_high" in entry.values or "suppressed_low" in entry.values:
        suppressed = Bounds(entry.integer("suppressed_low"), entry.integer("suppressed_high"))
    step = entry.integer("count_step")
    if step < 1:
        entry.fault("count_step", f"expected a step of 1 or more, got `{step}`")
    widths, decimals = entry.table("half_width"), entry.table("decimals")
    regime = Regime(
        id=name,
        title=entry.text("title"),
        count_step=max(step, 1),
        smallest_count=entry.integer("smallest_count"),
        suppressed=suppressed,
        half_width={statistic_of(widths, key): widths.decimal(key) for key in widths.values},
        decimals={statistic_of(decimals, key): decimals.integer(key) for key in decimals.values},
        reach=_reach(entry),
    )
    entry.close()
    return regime


def _reach(entry: FieldTable) -> tuple[int, int] | None:
    if "count_below" not in entry.values and "count_above" not in entry.values:
        return None
    return entry.integer("count_below"), entry.integer("count_above")


def read_layouts(roots: Roots, regimes: Mapping[str, Regime]) -> dict[str, Layout]:
    """Read the layouts; one may extend an earlier one of its publication."""
    layouts: dict[str, Layout] = {}
    for path, table in roots.tables("schemas/*/*.toml"):
        layout = _layout(table, layouts, regimes)
        if layout is None:
            continue
        once(layouts, table, layout.id)
        if path.parent.name != layout.publication:
            table.fault("publication", f"expected `{path.parent.name}`, the folder's name, got `{layout.publication}`")
        named = layout.id.partition("/")[2]
        if path.stem != named:
            table.fault("first_period", f"expected `{path.stem}`, the file's name, got `{named}`")
        layouts[layout.id] = layout
    return layouts


def _layout(table: FieldTable, earlier: Mapping[str, Layout], regimes: Mapping[str, Regime]) -> Layout | None:
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
    form = table.text("form", base.form if base else "")
    named = period_of(table, "first_period")
    layout = Layout(
        id=f"{publication}/{named}-{form}" if form else f"{publication}/{named}",
        publication=publication,
        title=table.text("title"),
        first_period=table.text("first_period"),
        last_period=period_of(table, "last_period", required=False) or None,
        shape=table.member("shape", Shape, base.shape if base else None),
        period_from=table.choice("period_from", ("columns", "name"), base.period_from if base else "columns"),
        source=table.source(),
        keys=keys,
        breakdown=breakdown,
        statuses=_statuses(table, base),
        unassigned=frozenset(table.texts("unassigned")) or (base.unassigned if base else frozenset()),
        levels=_levels(table, base, regimes),
        columns=columns,
        form=form,
        measures=_texts(table, "measures") or (base.measures if base else {}),
        statistics=_statistics(table) or (base.statistics if base else {}),
        # how single measures were rounded is a fact of one era, and not of those that extend it
        regimes=_regimes(table, regimes),
        unread=table.texts("unread") or (base.unread if base else ()),
        many_periods=table.boolean("many_periods", default=base is not None and base.many_periods),
        short_years=table.boolean("short_years", default=base is not None and base.short_years),
    )
    needed = _needed_keys(layout)
    for role in needed:
        if role not in keys:
            table.fault(f"keys.{role}", "expected a column name, got nothing")
    roles = (*needed, *_OPTIONAL_KEYS)
    for role in keys:
        if role not in roles:
            table.fault(f"keys.{role}", f"unknown key `{role}`", near_miss(role, roles))
    if layout.shape is Shape.WIDE and not columns:
        table.fault("columns", "expected the measure columns, got nothing")
    table.close()
    return layout


def _needed_keys(layout: Layout) -> tuple[str, ...]:
    dates = ("period_start", "period_end") if layout.period_from == "columns" else ()
    shape = _SHAPE_KEYS.get(layout.shape, ())
    if layout.shape is not Shape.LONG:
        return (*shape, *dates)
    organisation = _ONE_ORGANISATION if set(_ONE_ORGANISATION) & set(layout.keys) else _TWO_SIDES
    return (*shape, *organisation, *dates)


def _texts(table: FieldTable, key: str) -> dict[str, str]:
    opened = table.table(key, required=False)
    return {name: opened.text(name) for name in opened.names()}


def _statistics(table: FieldTable) -> dict[str, Statistic]:
    opened = table.table("statistics", required=False)
    return {name: statistic_of(opened, opened.text(name), name) for name in opened.names()}


def _regimes(table: FieldTable, regimes: Mapping[str, Regime]) -> dict[str, str]:
    opened = table.table("regimes", required=False)
    return {measure: opened.choice(measure, tuple(regimes)) for measure in opened.names()}


def _keys(table: FieldTable, base: Layout | None) -> tuple[dict[str, str], tuple[str, ...]]:
    opened = table.table("keys", required=base is None)
    breakdown = opened.texts("breakdown") or (base.breakdown if base else ())
    keys = dict(base.keys) if base else {}
    keys |= {role: opened.text(role) for role in opened.names() if role != "breakdown"}
    return keys, breakdown


def _columns(table: FieldTable) -> dict[str, tuple[Statistic, str]]:
    opened = table.table("columns", required=False)
    columns = {}
    for column in opened.names():
        statistic, _, measure = opened.text(column).partition(" ")
        if not measure:
            opened.fault(column, f'expected a statistic and a measure such as "count Recovery", got `{statistic}`')
        columns[column] = (statistic_of(opened, statistic, column), measure)
    return columns


def _statuses(table: FieldTable, base: Layout | None) -> Mapping[str, str]:
    opened = table.table("statuses", required=base is None)
    statuses = {text: status for status in opened.values for text in opened.texts(status)}
    for status in opened.values:
        if status not in _CELL_STATUSES:
            opened.fault(status, f"unknown key `{status}`", near_miss(status, _CELL_STATUSES))
    return statuses or (base.statuses if base else {})


def _levels(table: FieldTable, base: Layout | None, regimes: Mapping[str, Regime]) -> Mapping[str, LevelName]:
    opened = table.table("levels", required=base is None)
    levels = dict(base.levels) if base else {}
    for name in opened.names():
        entry = opened.table(name)
        level = entry.choice("level", [level.value for level in Level])
        org = entry.optional_text("org")
        if org and org not in _ORGS:
            entry.fault("org", f"expected one of {', '.join(_ORGS)}, got `{org}`", near_miss(org, _ORGS))
        regime = entry.choice("regime", tuple(regimes))
        undefined = frozenset(entry.texts("undefined"))
        entry.close()
        if level in list(Level):
            levels[name] = LevelName(Level(level), regime, org, undefined)
    return levels
