"""Load every definition, or tell every fault of every file at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from iapt_audit.definitions.checks import (
    read_addresses,
    read_concepts,
    read_denominators,
    read_measures,
    read_names,
    read_rates,
    read_series,
    read_standards,
    read_titles,
)
from iapt_audit.definitions.cited import read_facts
from iapt_audit.definitions.layouts import read_layouts, read_regimes
from iapt_audit.definitions.model import Definitions
from iapt_audit.definitions.tables import Faults, Roots
from iapt_audit.errors import DefinitionError, Fault
from iapt_audit.resources import definitions_root

if TYPE_CHECKING:
    from pathlib import Path


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
    measures = read_measures(roots, layouts)
    titles = read_titles(roots, measures)
    concepts = read_concepts(roots)
    facts = read_facts(roots, regimes)
    cited = {facts.publication: {fact.measure: fact.statistic for fact in facts.rows}}
    names = read_names(roots, measures | cited, concepts)
    rates = read_rates(roots, concepts, names)
    denominators = read_denominators(roots, concepts)
    series = read_series(roots, names)
    standards = read_standards(roots, rates)
    addresses = read_addresses(roots, measures)
    if roots.faults.found:
        raise DefinitionError(roots.faults.found)
    return Definitions(
        regimes=regimes,
        layouts=layouts,
        measures=measures,
        measure_titles=titles,
        concepts=concepts,
        names=names,
        rates=rates,
        denominators=denominators,
        series=series,
        standards=standards,
        facts=facts,
        addresses=addresses,
        sha256=roots.digest(),
    )
