"""Turn the files of `schemas/` and `checks/` into frozen, typed objects."""

from iapt_audit.definitions.claim_model import Claim, Speaker, Statement
from iapt_audit.definitions.load import load, load_default, load_register, load_with
from iapt_audit.definitions.model import (
    Comparison,
    Concept,
    Definitions,
    EffectSize,
    Fact,
    Facts,
    Gap,
    Layout,
    LevelName,
    Lexicon,
    MeasureName,
    Population,
    Rate,
    Scale,
    Series,
    Share,
    Standard,
)
from iapt_audit.definitions.read_claims import read_claims, read_register
from iapt_audit.definitions.rule_model import Bands, Cut, Holds, Identity, LevelSum, Parts, Relation, Rows
from iapt_audit.definitions.source import Source

__all__ = [
    "Bands",
    "Claim",
    "Comparison",
    "Concept",
    "Cut",
    "Definitions",
    "EffectSize",
    "Fact",
    "Facts",
    "Gap",
    "Holds",
    "Identity",
    "Layout",
    "LevelName",
    "LevelSum",
    "Lexicon",
    "MeasureName",
    "Parts",
    "Population",
    "Rate",
    "Relation",
    "Rows",
    "Scale",
    "Series",
    "Share",
    "Source",
    "Speaker",
    "Standard",
    "Statement",
    "load",
    "load_default",
    "load_register",
    "load_with",
    "read_claims",
    "read_register",
]
