"""A kind whose cells differ in what they read and how they are trained, and begin with another experiment's weights."""

from textwrap import dedent

import pandas as pd
import pytest

from phasemix.base.files import read_json
from tests.workflow.checkout import edit, make_run, plan

pytestmark = pytest.mark.xdist_group("workflow")

KIND = "phasemix/experiments/dummy_axes"
SPEC = '''
    """The configuration of a kind that varies the dense source and the batch."""

    from functools import cached_property
    from typing import Literal

    from phasemix.experiments.experiment import Training
    from phasemix.study.cell_key import CellKey
    from phasemix.study.mixture import MixtureSpec, mixed_at


    class Spec(Training):
        """Every dense source at every batch size."""

        kind: Literal["dummy_axes"]
        dense: list[str]
        batch_sizes: list[int]

        @cached_property
        def cells(self) -> list[CellKey]:
            return [
                CellKey.of(size="23k", dense=dense, batch_size=rows, seed=0)
                for dense in self.dense
                for rows in self.batch_sizes
            ]

        def mixture(self, key: CellKey) -> MixtureSpec:
            return mixed_at(0.3, str(key.values["dense"]), "web")
    '''
PEOPLE = "  synbio-20: {task: synbio, people: 20}\n"
EXPERIMENT = """\
  bases:
    kind: mixtures
    tokenizer: laptop
    recipe: {tokens: 16_384, batch_size: 16, context: 64, peak_learning_rate: 8.0e-3, warmup_steps: 2, compile: false}
    sizes: [23k]
    seeds: [0]
    mixtures: {web: {phases: [{proportions: {web: 1.0}}]}}
  axes:
    kind: dummy_axes
    tokenizer: laptop
    recipe: {tokens: 16_384, batch_size: 16, context: 64, peak_learning_rate: 8.0e-3, warmup_steps: 2, compile: false}
    start: {experiment: bases}
    dense: [synbio-120]
    batch_sizes: [8, 16]
"""
IN_A_FILE = "chosen: {file: chosen.json, phases: [{proportions: {synbio-120: 0.5, web: 0.5}}]}"
TABLE = "results/smoke/tables/axes/cells.csv"


@pytest.fixture
def added(changed):
    folder = changed / KIND
    folder.mkdir()
    (folder / "__init__.py").write_text('"""A dummy."""\n')
    (folder / "spec.py").write_text(dedent(SPEC).lstrip())
    edit(changed / "scales/smoke.yaml", "experiments:\n", f"experiments:\n{EXPERIMENT}")
    return changed


def planned(folder, *targets):
    found = plan(folder, *targets)
    return {rule: count for rule, count in found.items() if rule in ("corpus", "tokens", "train", "evaluate")}


def test_cells_have_recipes_sources_and_weights_of_their_own(added):
    assert planned(added, TABLE) == {"train": 3, "evaluate": 2}
    make_run(added, f"TARGET={TABLE} bases")
    section = (added / "results/smoke/sections/bases.html").read_text()
    assert "1 model was trained, each on one of the mixtures below, made of web; none" in section
    table = pd.read_csv(added / TABLE)
    assert table[["dense", "batch_size", "tokens"]].to_numpy().tolist() == [
        ["synbio-120", 8, 16_384],
        ["synbio-120", 16, 16_384],
    ]
    runs = added / "results/smoke/runs"
    begun = read_json(runs / "bases/size=23k/mixture=web/seed=0/manifest.json")
    for rows in (8, 16):
        manifest = read_json(runs / f"axes/size=23k/dense=synbio-120/batch_size={rows}/seed=0/manifest.json")
        assert manifest["cell"]["recipe"]["batch_size"] == rows
        assert manifest["cell"]["start"]["run"] == "results/smoke/runs/bases/size=23k/mixture=web/seed=0"
        assert manifest["weights_sha256"] != begun["weights_sha256"]
    assert planned(added, TABLE) == {}
    # Another source of other cells trains nothing again.
    edit(added / "scales/smoke.yaml", "sources:\n", f"sources:\n{PEOPLE}")
    edit(added / "scales/smoke.yaml", "dense: [synbio-120]", "dense: [synbio-120, synbio-20]")
    assert planned(added, TABLE) == {"corpus": 1, "tokens": 1, "train": 2, "evaluate": 2}
    # Other weights to begin with train all of them, and nothing else.
    edit(added / "scales/smoke.yaml", "web: 1.0}}]}}", "synbio-120: 0.1, web: 0.9}}]}}")
    assert planned(added, TABLE) == {"corpus": 1, "tokens": 1, "train": 5, "evaluate": 4}


def test_a_mixture_in_a_file_trains_again_when_its_proportions_change(added):
    chosen = added / "chosen.json"
    edit(added / "scales/smoke.yaml", "web: {phases: [{proportions: {web: 1.0}}]}", IN_A_FILE)
    chosen.write_text('{"web": 0.75, "synbio-120": 0.25}')
    manifest = "results/smoke/runs/bases/size=23k/mixture=chosen/seed=0/manifest.json"
    make_run(added, f"TARGET={manifest}")
    found = read_json(added / manifest)
    assert found["proportions"] == {"synbio-120": 0.25, "web": 0.75}
    assert found["cell"]["mixture"]["file"] is None
    chosen.touch()
    assert planned(added, manifest) == {}
    chosen.write_text('{"web": 0.7, "synbio-120": 0.3}')
    assert planned(added, manifest) == {"train": 1}


OURS = """\
  ours:
    kind: laws
    experiment: transition
    law: bimix
    compare: [bimix]
    folds: 3
    optimise: {bootstrap: 2}
"""


def test_laws_are_fitted_on_runs_of_the_workflow(changed):
    edit(changed / "scales/smoke.yaml", "experiments:\n", f"experiments:\n{OURS}")
    make_run(changed, "TARGET=ours")
    results = changed / "results/smoke"
    assert set(pd.read_csv(results / "tables/ours/comparison.csv")["law"]) == {"bimix"}
    mixture = {row["domain"]: row["proportion"] for row in read_json(results / "tables/ours/optimum.json")["mixture"]}
    assert mixture.keys() == {"synbio-120", "web"}
    assert "Mixing laws on the runs of transition" in (results / "sections/ours.html").read_text()
