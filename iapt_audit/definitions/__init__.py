"""Turn the files of `schemas/` and `checks/` into frozen, typed objects."""

from iapt_audit.definitions.claim_model import Claim, Speaker, Statement
from iapt_audit.definitions.load import load, load_default, load_register, load_with
from iapt_audit.definitions.model import (
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
    Wording,
)
from iapt_audit.definitions.read_claims import read_claims, read_register
from iapt_audit.definitions.rule_model import Bands, Cut, Holds, Identity, LevelSum, Parts, Relation, RowRule
from iapt_audit.definitions.source import Source

__all__ = [
    "Bands",
    "Claim",
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
    "RowRule",
    "Scale",
    "Series",
    "Share",
    "Source",
    "Speaker",
    "Standard",
    "Statement",
    "Wording",
    "load",
    "load_default",
    "load_register",
    "load_with",
    "read_claims",
    "read_register",
]
