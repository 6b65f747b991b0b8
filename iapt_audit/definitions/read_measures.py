"""Read what must hold: measures and their names, rates, standards."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from iapt_audit.definitions.expressions import ExpressionError, Sum, parse_sum
from iapt_audit.definitions.fields import FieldTable, near_miss, once, period_of, statistic_of
from iapt_audit.definitions.model import Concept, Gap, MeasureName, Population, Rate, Series, Share, Standard
from iapt_audit.definitions.source import Source
from iapt_audit.definitions.vocabulary import Cohort, Headline
from iapt_audit.model.columns import Statistic

#: How a rate is told for every organisation.
#: How far off a rate may be that is not of one cohort and one run.
FACTORS = ("other_cohort_factor", "other_run_factor")
DIRECTIONS = ("at_least", "at_most")
_RATE_STATISTICS = (Statistic.PERCENTAGE.value, Statistic.MEAN.value)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from iapt_audit.definitions.fields import Roots
    from iapt_audit.definitions.model import Layout


def read_measures(roots: Roots, layouts: Mapping[str, Layout]) -> dict[str, dict[str, Statistic]]:
    """Return the measures of each publication: those listed in a file of its name, or those of its layouts' columns."""
    measures: dict[str, dict[str, Statistic]] = {}
    for layout in layouts.values():
        known = measures.setdefault(layout.publication, {})
        for statistic, measure in layout.columns.values():
            known[f"{statistic} {measure}"] = statistic
    for publication, known in measures.items():
        rows = roots.rows(f"checks/measures/{publication}.csv", ("measure", "statistic", "name", "listed"))
        for table, row in rows:
            if row["measure"] in known:
                table.fault("measure", f"the measure `{row['measure']}` is given twice")
            known[row["measure"]] = statistic_of(table, row["statistic"], "statistic")
    return measures


def read_titles(roots: Roots, publications: Iterable[str]) -> dict[str, str]:
    """Read what the publisher calls each listed measure."""
    return {
        row["measure"]: f"{row['statistic'].capitalize()} {row['name']}"
        for publication in publications
        for _, row in roots.rows(f"checks/measures/{publication}.csv", ("measure", "statistic", "name", "listed"))
    }


def read_concepts(roots: Roots) -> dict[str, Concept]:
    """Read the counts that go by other names in each publication."""
    concepts: dict[str, Concept] = {}
    for table, row in roots.rows("checks/measures/concepts.csv", ("concept", "title")):
        once(concepts, table, row["concept"])
        concepts[row["concept"]] = Concept(row["concept"], row["title"])
    return concepts


def read_names(
    roots: Roots, measures: Mapping[str, Mapping[str, Statistic]], concepts: Mapping[str, Concept]
) -> tuple[MeasureName, ...]:
    """Read the one map of measure names across publications."""
    names: list[MeasureName] = []
    places: dict[tuple[str, ...], str] = {}
    for table, row in roots.rows(
        "checks/measures/names.csv", ("concept", "publication", "measure", "statistic", "breakdown")
    ):
        statistic = statistic_of(table, row["statistic"], "statistic")
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


def read_rates(roots: Roots, concepts: Mapping[str, Concept], names: tuple[MeasureName, ...]) -> dict[str, Rate]:
    """Read the published rates and their formulas."""
    figures = {(name.concept, name.statistic) for name in names}
    rates: dict[str, Rate] = {}
    for _, table in roots.tables("checks/measures/rates.toml"):
        source = table.source()
        for entry in table.tables("rate"):
            has_counts = entry.boolean("counts", default=True)
            rate = Rate(
                id=entry.text("id"),
                title=entry.text("title"),
                statistic=_rate_statistic(entry),
                printed=entry.text("printed", "" if has_counts else None),
                numerator=_formula(entry, "numerator", concepts) if has_counts else None,
                denominator=_formula(entry, "denominator", concepts) if has_counts else None,
                of_whom=entry.text("of_whom"),
                did=entry.text("did", "are counted"),
                headline=entry.member("headline", Headline) if "headline" in entry.values else None,
                elsewhere=_elsewhere(entry),
                untried=_untried(entry, names),
                within=entry.boolean("within", default=True),
                source=entry.source() if "source" in entry.values else source,
                file=table.file,
            )
            if rate.printed and (rate.printed, rate.statistic) not in figures:
                message = f"no publication has a {rate.statistic} called `{rate.printed}`"
                known = {concept for concept, statistic in figures if statistic is rate.statistic}
                entry.fault("printed", message, near_miss(rate.printed, known))
            once(rates, entry, rate.id)
            rates[rate.id] = rate
            entry.close()
        table.close()
    return rates


def _untried(entry: FieldTable, names: tuple[MeasureName, ...]) -> tuple[str, ...]:
    """Read the publications on which a formula was not tried."""
    untried, known = entry.texts("untried"), {name.publication for name in names}
    for number, publication in enumerate(untried):
        if publication not in known:
            message = f"no measure has a name in a publication `{publication}`"
            entry.fault(f"untried[{number}]", message, near_miss(publication, known))
    return untried


def _elsewhere(entry: FieldTable) -> dict[str, str]:
    opened = entry.table("elsewhere", required=False)
    entry.asked.add("elsewhere")
    return {name: opened.text(name) for name in opened.names()}


def _rate_statistic(entry: FieldTable) -> Statistic:
    text = entry.choice("statistic", _RATE_STATISTICS, Statistic.PERCENTAGE)
    return Statistic(text) if text in _RATE_STATISTICS else Statistic.PERCENTAGE


def read_populations(roots: Roots, concepts: Mapping[str, Concept]) -> tuple[dict[str, Population], dict[str, Decimal]]:
    """Read of whom a figure can be told, and the factors by which a rate over another cohort or run may be off."""
    populations: dict[str, Population] = {}
    factors = dict.fromkeys(FACTORS, Decimal(1))
    for _, table in roots.tables("checks/measures/populations.toml"):
        table.source()
        factors |= {key: table.decimal(key) for key in FACTORS if key in table.values}
        table.asked.update(FACTORS)
        for entry in table.tables("population"):
            formula = _formula(entry, "formula", concepts)
            name = entry.text("id")
            of_whom, told, short = entry.text("of_whom"), entry.text("told"), entry.text("short")
            phrases, cohort = entry.texts("phrases"), entry.member("cohort", Cohort)
            whole, headline = entry.boolean("whole", default=False), entry.boolean("headline", default=False)
            counted_as = entry.text("counted_as", "")
            if counted_as and counted_as not in populations:
                entry.fault("counted_as", f"expected a population before it, got `{counted_as}`")
            once(populations, entry, name)
            entry.close()
            if formula is not None:
                populations[name] = Population(
                    name, formula, of_whom, told, short, phrases, cohort, whole, headline, counted_as
                )
        table.close()
    return populations, factors


def check_elsewhere(roots: Roots, rates: Mapping[str, Rate], populations: Mapping[str, Population]) -> None:
    """Note the rates that name an unknown population or rate for what they say elsewhere."""
    for rate in rates.values():
        for population, other in rate.elsewhere.items():
            if population not in populations or other not in rates:
                message = f"expected a population and a rate, got `{population}` and `{other}`"
                roots.faults.add(rate.file, f"rate `{rate.id}`.elsewhere", message)


def read_shares(
    roots: Roots, concepts: Mapping[str, Concept], populations: Mapping[str, Population]
) -> dict[str, Share]:
    """Read of which populations each count can be told as a share, the usual one first."""
    shares: dict[str, Share] = {}
    for table, row in roots.rows("checks/measures/shares.csv", ("count", "did", "populations")):
        counted = {*concepts, *populations}
        if row["count"] not in counted:
            table.fault("count", f"unknown concept or population `{row['count']}`", near_miss(row["count"], counted))
        if row["count"] in shares:
            table.fault("count", f"the count `{row['count']}` is given twice")
        named = tuple(row["populations"].split())
        for name in named:
            if name not in populations:
                table.fault("populations", f"unknown population `{name}`", near_miss(name, populations))
        shares[row["count"]] = Share(row["count"], row["did"], named)
    return shares


def read_series(roots: Roots, names: tuple[MeasureName, ...]) -> tuple[Series, ...]:
    """Read which figures are followed over time."""
    known = {name.concept for name in names}
    series: dict[str, Series] = {}
    for _, table in roots.tables("checks/measures/series.toml"):
        table.source()
        for entry in table.tables("series"):
            concept = entry.text("concept")
            if concept and concept not in known:
                entry.fault("concept", f"unknown concept `{concept}`", near_miss(concept, known))
            once(series, entry, concept)
            series[concept] = Series(concept, entry.text("section"), entry.text("title"))
            entry.close()
        table.close()
    return tuple(series.values())


def read_gaps(roots: Roots, rates: Mapping[str, Rate]) -> tuple[Gap, ...]:
    """Read between whom outcomes are compared."""
    gaps: dict[str, Gap] = {}
    for _, table in roots.tables("checks/measures/gaps.toml"):
        table.source()
        for entry in table.tables("gap"):
            gap = Gap(
                id=entry.text("id"),
                title=entry.text("title"),
                prefix=entry.text("prefix"),
                suffix=entry.text("suffix", ""),
                against=entry.text("against", ""),
                leave_out=entry.texts("leave_out"),
                rates=entry.texts("rates"),
            )
            for name in gap.rates:
                if name not in rates:
                    entry.fault("rates", f"unknown rate `{name}`", near_miss(name, rates))
            once(gaps, entry, gap.id)
            gaps[gap.id] = gap
            entry.close()
        table.close()
    return tuple(gaps.values())


def read_addresses(roots: Roots, publications: Collection[str]) -> dict[tuple[str, str], str]:
    """Read where the file of each publication and period was published."""
    addresses: dict[tuple[str, str], str] = {}
    for table, row in roots.rows("checks/catalogue.csv", ("publication", "period", "url", "format", "member")):
        if row["publication"] not in publications:
            name = row["publication"]
            table.fault("publication", f"unknown publication `{name}`", near_miss(name, publications))
        if not row["url"].startswith("https://"):
            table.fault("url", f"expected a web address, got `{row['url']}`")
        addresses[row["publication"], row["period"]] = row["url"]
    return addresses


def _formula(table: FieldTable, key: str, concepts: Mapping[str, Concept]) -> Sum | None:
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


def read_standards(
    roots: Roots, rates: Mapping[str, Rate], concepts: Mapping[str, Concept], populations: Mapping[str, Population]
) -> dict[str, Standard]:
    """Read the levels that rates and counts are held to."""
    standards: dict[str, Standard] = {}
    for _, table in roots.tables("checks/standards/*.toml"):
        for entry in table.tables("standard"):
            rate = _known(entry, "rate", rates)
            count = _known(entry, "count", concepts)
            numbered = "number" in entry.values
            if rate and count:
                entry.fault("rate", "expected a `rate` or a `count`, got both")
            elif (rate and numbered) or (count and not numbered):
                entry.fault("number", "expected a `percentage` for a rate and a `number` for a count")
            reviewed = entry.day("reviewed")
            source = entry.source()
            population = entry.text("population")
            if population and population not in populations:
                entry.fault("population", f"unknown population `{population}`", near_miss(population, populations))
            standard = Standard(
                id=entry.text("id"),
                rate=rate,
                count=count,
                percentage=Decimal(0) if numbered else entry.decimal("percentage"),
                number=entry.integer("number") if numbered else 0,
                direction=entry.choice("direction", DIRECTIONS, DIRECTIONS[0]),
                population=population,
                yearly=entry.boolean("yearly", default=False),
                in_force_from=period_of(entry, "in_force_from"),
                in_force_to=period_of(entry, "in_force_to", required=False) or None,
                title=entry.text("title"),
                question=entry.text("question"),
                confirmed=entry.boolean("confirmed"),
                note=entry.text("note"),
                source=Source(source.title, source.url, reviewed),
                file=table.file,
            )
            once(standards, entry, standard.id)
            standards[standard.id] = standard
            entry.close()
        table.close()
    return standards


def _known(entry: FieldTable, key: str, known: Collection[str]) -> str:
    """Read an id that may be absent."""
    name = entry.text(key, "")
    if name and name not in known:
        entry.fault(key, f"unknown {key} `{name}`", near_miss(name, known))
    return name
