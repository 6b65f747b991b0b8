"""Data contracts, held against the schema of the standard."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from cli.command import run

from iapt_audit.definitions import load_default
from iapt_audit.integrations.odcs import contract

if TYPE_CHECKING:
    from pathlib import Path

LAYOUTS = load_default().layouts


@cache
def contract_of(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(contract(LAYOUTS[name], load_default()), yaml.CSafeLoader)
    schema = json.loads((files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft201909Validator(schema).validate(content)
    return content


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_makes_a_valid_contract_of_its_columns(name: str) -> None:
    layout = LAYOUTS[name]
    (table,) = contract_of(name)["schema"]

    assert [each["name"] for each in table["properties"]] == [*layout.identifying, *layout.columns]
    assert [each["name"] for each in table["properties"] if each["required"]] == list(layout.identifying)
    ids = [each["id"] for each in table["quality"]]
    assert len(ids) == len(set(ids))


def test_the_rules_are_those_of_the_publication_and_name_a_command_that_is_one(tmp_path: Path) -> None:
    (table,) = contract_of("monthly_activity/2021-01")["schema"]
    quality = {each["name"]: each for each in table["quality"]}
    rules = {each.id for each in load_default().between if each.publication == "monthly_activity"}

    assert rules <= set(quality)
    assert "M191" not in quality["recovery"]["description"]
    assert quality["recovery"]["implementation"]["command"] == "iapt-audit audit FILE --only recovery"
    assert quality["recovery"]["severity"] == "error"
    # no file is there: that, and no unknown name, is what each says
    for command in sorted({each["implementation"]["command"] for each in quality.values()})[:3]:
        done = run(*command.split()[1:], tmp_path / "absent.csv")

        assert (done.returncode, "there is no such file" in done.stderr) == (3, True), done.stderr


def test_every_name_that_a_rule_gives_its_command_is_known() -> None:
    from iapt_audit.selection.findings import check_names

    names = {
        quality["implementation"]["command"].rpartition(" ")[2]
        for layout in LAYOUTS
        for quality in contract_of(layout)["schema"][0]["quality"]
    }

    assert len(names) > 20
    check_names(names, load_default())
