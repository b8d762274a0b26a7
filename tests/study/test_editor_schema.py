"""The JSON schema that editors read: it takes every file of ours, and finds mistakes where they stand."""

import json
import sys
from copy import deepcopy
from pathlib import Path

import jsonschema
import pytest

from phasemix.study.config import Config
from phasemix.study.editor_schema import editor_schema
from phasemix.study.meanings import BESIDE, meaning
from phasemix.study.yaml_files import read_yaml
from scripts import schema as schema_script

ROOT = Path(__file__).parent.parent.parent
FILES = ["config.yaml", *(f"scales/{path.name}" for path in sorted((ROOT / "scales").glob("*.yaml")))]
HARDWARE = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "profiles").glob("*/hardware.yaml"))]


@pytest.fixture(scope="module")
def validator():
    schema = editor_schema()
    found = jsonschema.validators.validator_for(schema)
    found.check_schema(schema)
    return found(schema)


def read(name):
    """A file as JSON has it, whose keys are texts."""
    return json.loads(json.dumps(read_yaml(ROOT / name)))


def mistakes(validator, config):
    return [".".join(map(str, error.path)) for error in validator.iter_errors(config)]


@pytest.mark.parametrize("name", [*FILES, *HARDWARE])
def test_our_own_files_are_right(validator, name):
    assert mistakes(validator, read(name)) == []


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("experiments.transition.recipe.token", 3),
        ("experiments.transition.recipe.betas", [0.9]),
        ("experiments.transition.recipe.betas", [0.9, "high"]),
        ("experiments.transition.kind", "transitions"),
        ("experiments.horizon.grid", [{"sizes": ["23k"], "ratio": [0.5]}]),
        ("sources.web", None),
        ("sources.web.origin", "web"),
        ("sources.synbio-120.values.majors", 2.5),
        ("hardware.cells", {"23k": {"device": 2}}),
    ],
)
def test_a_mistake_is_found_where_it_stands(validator, where, value):
    config = deepcopy(read("config.yaml"))
    *sections, key = where.split(".")
    section = config
    for name in sections:
        section = section[name]
    section[key] = value
    found = mistakes(validator, config)
    assert found
    assert all(one.startswith(".".join(sections)) for one in found)


def test_an_overlay_holds_only_what_differs(validator):
    overlay = {"experiments": {"seeds": None, "transition": {"recipe": {"tokens": 1_000_000}}}}
    assert mistakes(validator, overlay) == []
    overlay["experiments"]["transition"]["recipe"]["tokens"] = "1e6"
    assert mistakes(validator, overlay) != []
    assert mistakes(validator, {"experiments": {"transition": {"recipes": {}}}}) == ["experiments.transition"]


def test_the_script_writes_it(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["schema.py", "--out", str(tmp_path / "config.schema.json")])
    schema_script.main()
    assert json.loads((tmp_path / "config.schema.json").read_text()) == json.loads(json.dumps(editor_schema()))


def test_every_key_has_a_meaning_and_a_default_where_the_class_has_one():
    schema = editor_schema()
    for name, section in {**schema["$defs"], "the root": schema}.items():
        assert section["description"], name
        for key, words in section["properties"].items():
            assert words["description"], f"{name}.{key}"
    recipe = schema["$defs"]["Recipe"]["properties"]
    assert (recipe["batch_size"]["default"], "default" in recipe["tokens"]) == (512, False)
    assert schema["$defs"]["HubData"]["properties"]["where"]["default"] == {}


def test_the_meaning_of_a_key_is_that_of_the_nearest_class():
    assert meaning(Config, "seed") == "the root of all randomness."
    with pytest.raises(LookupError, match="Config: the docstring lacks nonsense"):
        meaning(Config, "nonsense")


def test_no_meaning_is_said_twice():
    """What stands beside a class stands neither in its docstring, nor is it the meaning of no key."""
    for schema, meanings in BESIDE.items():
        assert meanings.keys() <= schema.model_fields.keys()
        own = (schema.__doc__ or "").partition("Attributes:")[2]
        assert not [key for key in meanings if f" {key}: " in own]
