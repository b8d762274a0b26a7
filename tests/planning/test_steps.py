"""Which compiled steps a study waits for."""

import copy

import pytest

from phasemix.planning.steps import step_of, steps
from phasemix.study.cell_key import CellKey
from phasemix.study.overlays import load
from tests.conftest import merged

KEY = CellKey.of(size="23k", ratio=0.3, seed=0)


def study(scale="smoke", **changes):
    config = copy.deepcopy(merged("config.yaml", f"scales/{scale}.yaml"))
    for path, value in changes.items():
        *parents, key = path.split("__")
        section = config
        for parent in parents:
            section = section[parent]
        section[key] = value
    return load(config)


def step(config, experiment="horizon", key=KEY):
    return step_of(config, experiment, key)


def test_a_step_is_of_a_models_shape_and_of_the_rows_computed_at_a_time():
    config = study()
    found = step(config)
    assert (found.architecture, found.vocabulary, found.context) == (config.models["23k"], 1024, 64)
    assert (found.rows(1), found.rows(4), found.rows(3), found.precision) == (8, 2, 3, "auto")
    few = step(study(experiments__horizon__recipe__micro_batch_size=3))
    assert (few.rows(1), few.rows(4)) == (3, 2)
    assert few.name != found.name


@pytest.mark.parametrize("hardware", [{"hardware__device": "gpu"}, {"hardware__cells": {"23k": {"devices": 4}}}])
def test_hardware_decides_no_step_that_a_cell_waits_for(hardware):
    """It would be trained again."""
    assert step(study(**hardware)) == step(study())


def test_cells_of_one_shape_share_their_step():
    config = study(experiments__transition__recipe__compile=True)
    found = steps(config)
    assert {size for _, size in found.values()} == {"23k", "39k"}
    assert step(config, "transition") == step(config, "horizon")
    assert all(name == one.name for name, (one, _) in found.items())


def test_nothing_is_compiled_ahead_where_cells_do_not_use_it():
    config = study(experiments__horizon__recipe__compile=False)
    assert step(config) is None
    assert steps(config) == {}


def test_with_a_tokenizer_of_the_hub_the_first_cell_compiles():
    """Its entries are not known before it is there."""
    config = study("paper")
    assert step(config, "transition", CellKey.of(size="70M", ratio=0.1, seed=0)) is None
