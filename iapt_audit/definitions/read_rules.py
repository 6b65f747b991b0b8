"""Read the rules between figures: sums, orders, parts of a whole, bands of a mean, and levels of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar, get_args

from iapt_audit.definitions.expressions import ExpressionError, Sum, parse_comparison, parse_sum
from iapt_audit.definitions.fields import near_miss, once, period_of
from iapt_audit.definitions.rule_model import (
    Bands,
    Cut,
    Holds,
    Identity,
    LevelSum,
    Parts,
    Relation,
    RowRule,
    RuleSet,
    Weights,
)
from iapt_audit.definitions.source import Source
from iapt_audit.model.columns import Level, Statistic

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from iapt_audit.definitions.expressions import SumComparison
    from iapt_audit.definitions.fields import FieldTable, Roots

    Measures = Mapping[str, Mapping[str, Statistic]]

_HOLDS: tuple[Holds, ...] = get_args(Holds)
_RELATIONS: tuple[Relation, ...] = get_args(Relation)
_OF: tuple[Literal["total", "branch"], ...] = ("total", "branch")
_COMPARED: tuple[Literal["=", "<="], ...] = ("=", "<=")

_Word = TypeVar("_Word", bound=str)


def read_weights(roots: Roots) -> Weights:
    """Read `checks/blame/weights.toml`; a user's own takes the place of ours, and with none all figures weigh alike."""
    weights = Weights(1, 1, 1, Source("", ""))
    for _, table in roots.tables("checks/blame/weights.toml"):
        source, entry = table.source(), table.table("weights")
        weights = Weights(entry.integer("count"), entry.integer("rate"), entry.integer("suppressed"), source)
        entry.close()
        table.close()
    return weights


class _File(NamedTuple):
    """What every rule of a file has from it."""

    name: str
    publication: str
    measures: Mapping[str, Statistic]
    source: Source


def read_rules(roots: Roots, measures: Measures, taken: Collection[str]) -> RuleSet:
    """
    Read the rules of `checks/identities/`, one file a publication.

    Args:
        roots: The folders of definitions.
        measures: The measures of each publication.
        taken: The ids of other definitions, which no rule may have.
    """
    rules = RuleSet()
    for path, table in roots.tables("checks/identities/*.toml"):
        if path.stem not in measures:
            table.fault("file", f"unknown publication `{path.stem}`", near_miss(path.stem, measures))
        file = _File(table.file, path.stem, measures.get(path.stem, {}), table.source())
        for entry in _entries(table, "identity", rules, taken):
            identity = _identity(entry, file)
            if identity is not None:
                rules.identities[identity.id] = identity
        for entry in _entries(table, "parts", rules, taken):
            parts = _parts(entry, file)
            rules.parts[parts.id] = parts
        for entry in _entries(table, "rows", rules, taken):
            rows = _rows(entry, file)
            rules.rows[rows.id] = rows
        for entry in _entries(table, "bands", rules, taken):
            bands = _bands(entry, file)
            rules.bands[bands.id] = bands
        for entry in _entries(table, "level_sum", rules, taken):
            level_sum = _level_sum(entry, file)
            rules.level_sums[level_sum.id] = level_sum
        table.close()
    return rules


def _entries(table: FieldTable, kind: str, rules: RuleSet, taken: Collection[str]) -> list[FieldTable]:
    """Open the entries of one kind, and note those whose id another rule or definition has."""
    entries = table.tables(kind) if kind in table.values else []
    table.asked.add(kind)
    seen = {*rules.ids, *taken}
    for entry in entries:
        name = entry.text("id")
        once(seen, entry, name)
        seen.add(name)
    return entries


def _head(entry: FieldTable, file: _File) -> tuple[str, str, str, Holds]:
    return entry.text("id"), entry.text("title"), file.publication, _word(entry, "holds", _HOLDS)


def _foot(entry: FieldTable, file: _File) -> tuple[str, Source, str]:
    own = entry.source() if "source" in entry.values else file.source
    entry.asked.add("source")
    return entry.text("construction"), own, file.name


def _word(entry: FieldTable, key: str, words: tuple[_Word, ...], default: str | None = None) -> _Word:
    """Read one of a closed list of words; the first stands in for one that is wrong."""
    text = entry.choice(key, words, default)
    return next((word for word in words if word == text), words[0])


def _identity(entry: FieldTable, file: _File) -> Identity | None:
    head, rule, foot = _head(entry, file), _comparison(entry, file), _foot(entry, file)
    entry.close()
    return Identity(*head, rule, *foot) if rule is not None else None


def _parts(entry: FieldTable, file: _File) -> Parts:
    head, since, breakdown = _head(entry, file), period_of(entry, "first_period"), entry.text("breakdown")
    of, relation = _word(entry, "of", _OF, "total"), _word(entry, "relation", _RELATIONS)
    wholes, leave_out = entry.texts("wholes"), entry.texts("leave_out")
    if of == "branch" and not wholes:
        entry.fault("wholes", "expected the names of the rows that are wholes, got nothing")
    foot = _foot(entry, file)
    entry.close()
    return Parts(*head, since, breakdown, of, relation, wholes, leave_out, *foot)


def _rows(entry: FieldTable, file: _File) -> RowRule:
    head, within = _head(entry, file), _some(entry, "within")
    few, relation, many = _some(entry, "few"), _word(entry, "relation", _COMPARED, "<="), entry.texts("many")
    for row in few:
        if row in many:
            entry.fault("many", f"the row `{row}` stands on both sides")
    foot = _foot(entry, file)
    entry.close()
    return RowRule(*head, within, few, relation, many, *foot)


def _some(entry: FieldTable, key: str) -> tuple[str, ...]:
    """Read a list of texts that may not be empty."""
    found = entry.texts(key)
    if not found:
        entry.fault(key, "expected a list of texts, got nothing")
    return found


def _bands(entry: FieldTable, file: _File) -> Bands:
    head, count = _head(entry, file), _measure(entry, "count", Statistic.COUNT, file)
    mean, median = _measure(entry, "mean", Statistic.MEAN, file), _measure(entry, "median", Statistic.MEDIAN, file)
    maximum = _measure(entry, "maximum", Statistic.MAXIMUM, file)
    minimum = _measure(entry, "minimum", Statistic.MINIMUM, file)
    total = _measure(entry, "total", Statistic.COUNT, file)
    cuts: list[Cut] = []
    for each in entry.tables("cut") if "cut" in entry.values else []:
        cut = Cut(each.integer("up_to"), _sum(each, "count", file))
        if cuts and cut.up_to <= cuts[-1].up_to:
            each.fault("up_to", f"expected more than `{cuts[-1].up_to}`, the one before, got `{cut.up_to}`")
        cuts.append(cut)
        each.close()
    entry.asked.add("cut")
    foot = _foot(entry, file)
    entry.close()
    return Bands(*head, count, mean, median, maximum, minimum, total, tuple(cuts), *foot)


def _measure(entry: FieldTable, key: str, statistic: Statistic, file: _File) -> str:
    """Read a measure of one statistic; only the count must be given."""
    name = entry.text(key, None if key == "count" else "")
    if name:
        _check(entry, key, name, statistic, file)
    return name


def _level_sum(entry: FieldTable, file: _File) -> LevelSum:
    head = _head(entry, file)
    level = Level(_word(entry, "level", tuple(each.value for each in Level if each is not Level.ENGLAND)))
    foot = _foot(entry, file)
    entry.close()
    return LevelSum(*head, level, *foot)


def _sum(entry: FieldTable, key: str, file: _File) -> Sum:
    text = entry.text(key)
    found = Sum(())
    if text:
        try:
            found = parse_sum(text)
        except ExpressionError as error:
            entry.fault(key, str(error))
    for name in found.names:
        _check(entry, key, name, Statistic.COUNT, file)
    return found


def _comparison(entry: FieldTable, file: _File) -> SumComparison | None:
    text = entry.text("rule")
    if not text:
        return None
    try:
        rule = parse_comparison(text)
    except ExpressionError as error:
        entry.fault("rule", str(error))
        return None
    for name in rule.names:
        _check(entry, "rule", name, Statistic.COUNT, file)
    for name in rule.left.names:
        if name in rule.right.names:
            entry.fault("rule", f"the measure `{name}` stands on both sides")
    return rule


def _check(entry: FieldTable, key: str, name: str, statistic: Statistic, file: _File) -> None:
    """Note a name that is no such figure of the publication; a publication that is not known was told of once."""
    known = file.measures
    # a wide layout names a figure by its statistic and measure, since the one column is of both
    if not known or known.get(name, known.get(f"{statistic} {name}")) is statistic:
        return
    if name in known:
        entry.fault(key, f"expected a {statistic}, got `{name}`, a {known[name]}")
        return
    like = [each.rpartition(" ")[2] for each, its in known.items() if its is statistic]
    entry.fault(key, f"unknown {statistic} `{name}` of `{file.publication}`", near_miss(name, like))
