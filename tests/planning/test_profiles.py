"""The profiles: which rules' jobs go where on a cluster."""

import re

from phasemix.study.yaml_files import read_yaml
from tests.conftest import ROOT

CALL = "run_on_devices("
RULE = re.compile(r"^rule (\w+):[^\n]*\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
CONSTANT = re.compile(r"^([A-Z_]+) = (.*?)(?=^\S(?<!\)))", re.MULTILINE | re.DOTALL)


def on_devices():
    """The rules whose shell runs where devices are, be it by a constant that their file shares."""
    for file in (*ROOT.glob("rules/*.smk"), *ROOT.glob("phasemix/experiments/*/rules.smk")):
        text = file.read_text()
        calls = [CALL, *(f" {name}\n" for name, value in CONSTANT.findall(text) if CALL in value)]
        yield from (name for name, body in RULE.findall(text) if any(call in body for call in calls))


def test_every_rule_that_runs_on_devices_has_their_partition():
    rules = set(on_devices())
    assert rules >= {"train", "trunk", "evaluate", "popqa_ask"}
    given = read_yaml(ROOT / "profiles/slurm/config.yaml")["set-resources"]
    assert rules - given.keys() == set()
    assert {given[name]["slurm_partition"] for name in rules} == {"gpu"}
