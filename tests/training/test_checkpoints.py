"""Checkpoints on disk, and what tells those of one run from those of another."""

import torch

from phasemix.training.checkpoints import Checkpoints, differences, flat
from tests.conftest import small_cell


def test_checkpoints_round_trip_and_only_the_newest_two_stay(tmp_path):
    store = Checkpoints(tmp_path, {"ratio": "0.1"})
    for step in (1, 2, 10):
        store.save(step, {"step": step, "tensor": torch.arange(step)})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-000000002.pt", "step-000000010.pt"]
    state = store.load()
    assert state["step"] == 10
    assert torch.equal(state["tensor"], torch.arange(10))
    assert Checkpoints(tmp_path, {"ratio": "0.2"}).load() is None
    assert Checkpoints(tmp_path / "nothing", {"ratio": "0.1"}).load() is None


def test_identities_are_flat_and_their_differences_named():
    a = flat({"recipe": {"tokens": 5, "schedule": "wsd"}, "code": {"x.py": "0" * 64}, "seed": 0})
    assert a == {"recipe.tokens": "5", "recipe.schedule": "wsd", "code.x.py": "0" * 64, "seed": "0"}
    b = a | {"recipe.tokens": "6", "code.x.py": "1" * 64}
    assert differences(a, b) == "code.x.py 00000000…, here 11111111…; recipe.tokens 5, here 6"
    assert flat({"phases": [{"until": 7}, 8], "none": []}) == {"phases.0.until": "7", "phases.1": "8"}
    many = {str(i): str(i) for i in range(5)}
    assert differences(many, {}) == "0 0, here none; 1 1, here none; 2 2, here none; and 2 more"
    assert differences(a, dict(reversed(a.items()))) == ""


def test_checkpoints_of_another_configuration_do_not_crowd_out_ones_own(tmp_path):
    """Passed over at steps 490 and 500, they must not be taken for newer ones than those of steps 10 and 20."""
    for step in (490, 500):
        Checkpoints(tmp_path, {"ratio": "0.1"}).save(step, {"step": step})
    own = Checkpoints(tmp_path, {"ratio": "0.2"})
    assert own.load() is None
    for step in (10, 20, 30):
        own.save(step, {"step": step})
        assert own.load() == {"step": step}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-000000020.pt", "step-000000030.pt"]


def test_cells_of_other_proportions_are_told_apart_by_source():
    one, other = (flat(small_cell(ratio).model_dump(mode="json")) for ratio in (0.25, 0.5))
    assert differences(one, other) == (
        "mixture.phases.0.proportions.synbio 0.25, here 0.5; mixture.phases.0.proportions.web 0.75, here 0.5"
    )
