"""Load every definition, or tell every fault of every file at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from iapt_audit.definitions.fields import Faults, Roots
from iapt_audit.definitions.model import Definitions
from iapt_audit.definitions.read_claims import read_register
from iapt_audit.definitions.read_facts import REGISTER, read_facts
from iapt_audit.definitions.read_layouts import read_layouts, read_regimes
from iapt_audit.definitions.read_lexicon import read_lexicon
from iapt_audit.definitions.read_measures import (
    check_elsewhere,
    read_addresses,
    read_concepts,
    read_gaps,
    read_measures,
    read_names,
    read_populations,
    read_rates,
    read_series,
    read_shares,
    read_standards,
    read_titles,
)
from iapt_audit.definitions.read_rules import read_rules, read_weights
from iapt_audit.definitions.read_scales import read_scales
from iapt_audit.definitions.read_symbols import read_symbols, read_uncovered
from iapt_audit.definitions.resources import definitions_root
from iapt_audit.errors.base import DefinitionError, Fault

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.definitions.claim_model import Claim


_REGISTERS: dict[str, tuple[Claim, ...]] = {}


def load_register(definitions: Definitions) -> tuple[Claim, ...]:
    """
    Load the register of claims of some definitions, once; it is apart, since most of an audit does not need it.

    Raises:
        DefinitionError: With all faults of all its files.
    """
    if definitions.sha256 not in _REGISTERS:
        _REGISTERS[definitions.sha256] = read_register(definitions.folders, definitions)
    return _REGISTERS[definitions.sha256]


@cache
def load_default() -> Definitions:
    """Load the definitions that ship with the package, once."""
    return load(definitions_root())


def load_with(folder: Path) -> Definitions:
    """
    Load the shipped definitions and add those of a user's folder.

    Raises:
        DefinitionError: With all faults of all files, or if the folder has neither `schemas/` nor `checks/`.
    """
    if not (folder / "schemas").is_dir() and not (folder / "checks").is_dir():
        message = "expected a folder with `schemas/` or `checks/`, got neither"
        raise DefinitionError([Fault(str(folder), "folder", message)])
    return load(definitions_root(), folder)


def load(*folders: Path) -> Definitions:
    """
    Load `schemas/` and `checks/` below some folders, as if they were one.

    Raises:
        DefinitionError: With all faults of all files.
    """
    roots = Roots(folders, Faults())
    regimes = read_regimes(roots)
    layouts = read_layouts(roots, regimes)
    symbols, uncovered = read_symbols(roots), read_uncovered(roots)
    measures = read_measures(roots, layouts)
    titles = read_titles(roots, measures)
    concepts = read_concepts(roots)
    facts = read_facts(roots, regimes)
    register_facts = read_facts(roots, regimes, REGISTER)
    cited = {facts.publication: {fact.measure: fact.statistic for fact in (*facts.rows, *register_facts.rows)}}
    names = read_names(roots, measures | cited, concepts)
    rates = read_rates(roots, concepts, names)
    populations, factors = read_populations(roots, concepts)
    shares = read_shares(roots, concepts, populations)
    check_elsewhere(roots, rates, populations)
    series = read_series(roots, names)
    gaps = read_gaps(roots, rates)
    scales, effect_sizes = read_scales(roots, measures)
    standards = read_standards(roots, rates, concepts, populations)
    rules = read_rules(roots, measures, {*rates, *standards})
    weights = read_weights(roots)
    addresses = read_addresses(roots, measures)
    lexicon = read_lexicon(roots)
    if roots.faults.found:
        raise DefinitionError(roots.faults.found)
    return Definitions(
        regimes=regimes,
        layouts=layouts,
        symbols=symbols,
        uncovered=uncovered,
        measures=measures,
        measure_titles=titles,
        concepts=concepts,
        names=names,
        rates=rates,
        populations=populations,
        denominators={name: population for name, population in populations.items() if population.headline},
        other_cohort_factor=factors["other_cohort_factor"],
        other_run_factor=factors["other_run_factor"],
        shares=shares,
        series=series,
        gaps=gaps,
        scales=scales,
        effect_sizes=effect_sizes,
        standards=standards,
        identities=tuple(rules.identities.values()),
        parts=tuple(rules.parts.values()),
        rows=tuple(rules.rows.values()),
        bands=tuple(rules.bands.values()),
        level_sums=tuple(rules.level_sums.values()),
        weights=weights,
        lexicon=lexicon,
        facts=facts,
        register_facts=register_facts,
        addresses=addresses,
        folders=folders,
        sha256=roots.digest(),
    )
