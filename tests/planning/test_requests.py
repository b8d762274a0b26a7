"""What jobs ask for, by stage and size."""

import copy
from types import SimpleNamespace

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.planning.cost import Costs
from phasemix.planning.requests import Requests
from phasemix.study.overlays import load
from tests.conftest import merged

GPUS = {"device": "gpu", "peak_teraflops": 312, "utilisation": 0.3}
SMALL, LARGE = "size=70M/ratio=0.1/seed=0", "size=410M/ratio=0.1/seed=0"


def requests(scale="paper", **hardware):
    config = copy.deepcopy(merged("config.yaml", f"scales/{scale}.yaml"))
    config["hardware"] |= hardware
    found = load(config)
    return Requests(found, Costs(found, {}))


def of(value, cell):
    return value(SimpleNamespace(cell=cell)) if callable(value) else value


def test_on_cpus_every_job_asks_for_a_core():
    found = requests("smoke").devices("train")
    assert found == {
        "gpu": None, "gpu_model": None, "gres": None, "gpus_per_node": 0, "nodes": 1, "devices": 1,
        "shard": 0, "cpus_per_task": 1, "mpi": None, "tasks": None, "tasks_per_gpu": None, "step": 0,
    }  # fmt: skip
    assert requests("smoke").threads("train") == 1


def test_gpus_are_asked_for_by_size():
    found = requests(**GPUS, model="a100", cells={"410M": {"devices": 8}}).devices("train")
    assert (of(found["gpu"], SMALL), of(found["gpu"], LARGE)) == (1, 8)
    assert found["gpu_model"] == "a100"
    assert found["gres"] is None
    assert of(found["cpus_per_task"], LARGE) == of(found["gpus_per_node"], LARGE) == 8


def test_several_nodes_are_asked_for_as_mpi_programs_ask():
    found = requests(**GPUS, model="a100", cells={"410M": {"nodes": 2, "devices": 4}}).devices("train")
    assert [of(found[name], LARGE) for name in ("gpu", "gres", "nodes", "mpi", "tasks", "tasks_per_gpu")] == [
        None, "gpu:a100:4", 2, "srun", 2, 0,
    ]  # fmt: skip
    assert [of(found[name], SMALL) for name in ("gpu", "gres", "nodes", "mpi", "tasks", "tasks_per_gpu")] == [
        1, None, 1, None, None, None,
    ]  # fmt: skip


def test_a_sharded_size_is_held_once_a_node_and_evaluated_whole_on_one_device():
    memory = {}
    for shard in (False, True):
        found = requests(**GPUS, cells={"410M": {"devices": 8, "shard": shard}})
        assert of(found.devices("train")["shard"], LARGE) == int(shard)
        assert of(found.devices("train")["shard"], SMALL) == 0
        assert of(found.devices("evaluate")["shard"], LARGE) == 0
        memory[shard] = found.megabytes("train", "transition", LARGE, 1)
    state = 2 * 16 * requests(**GPUS).costs.parameters("410M") / 2**20
    assert memory[False] - memory[True] == pytest.approx(1.5 * 7 * state, rel=0.01)
    with pytest.raises(PhasemixError, match=r"hardware.cells.410M: .*shard: needs several devices"):
        requests(**GPUS, cells={"410M": {"shard": True}})


def test_evaluating_asks_for_one_device():
    found = requests(**GPUS, cells={"410M": {"nodes": 2, "devices": 4}})
    assert found.devices("evaluate")["gpu"] == 1
    assert found.devices("evaluate")["nodes"] == 1
    assert found.threads("evaluate") == 1


def test_what_is_asked_for_is_what_costs_say():
    found = requests(**GPUS)
    assert found.minutes("train", "transition", LARGE, 1) > found.minutes("train", "transition", SMALL, 1) > 10
    first, second = (found.megabytes("train", "transition", SMALL, attempt) for attempt in (1, 2))
    assert second == pytest.approx(2 * first, abs=100)
    assert requests(**GPUS, steps=True).devices("train")["step"] == 1


def test_the_longest_job_has_the_highest_rank_also_of_experiments_that_do_not_run():
    found = requests("laptop")
    large, small = (f"size={size}/ratio=0.5/seed=0/tokens=8100000" for size in ("58k", "23k"))
    ranks = [found.rank("train", "transition", cell) for cell in (large, small)]
    assert ranks[0] > ranks[1] > found.rank("evaluate", "transition", large)
    longest = found.rank("trunk", "horizon", "size=31k/ratio=0.2/seed=0/tokens=8100000")
    assert found.first > longest > found.rank("trunk", "transition", large) > ranks[0]
    with pytest.raises(KeyError):
        found.rank("trunk", "transition", "size=236k/ratio=0.2/seed=0")
