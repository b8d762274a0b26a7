"""The jobs of a study, and the order that they give."""

import copy
from pathlib import Path

import pytest

from phasemix.model.flops_per_token import forward_flops_per_token
from phasemix.planning.jobs import Job, JobKey, jobs, tails
from phasemix.study.cell import Recipe
from phasemix.study.cell_key import CellKey
from phasemix.study.overlays import load, read_config
from tests.conftest import merged

LINKS = [16_384, 32_768, 49_152]


@pytest.fixture
def study():
    config = copy.deepcopy(merged("config.yaml", "scales/smoke.yaml"))
    config["experiments"]["horizon"]["grid"][0]["sizes"] = ["23k", "39k"]
    return load(config)


def at(stage, size, tokens):
    return JobKey(stage, "horizon", CellKey.of(size=size, ratio=0.3, seed=0, tokens=tokens))


def test_every_cell_is_trained_and_evaluated_once(study):
    found = jobs(study)
    cells = [(name, cell) for name, each in study.running.items() for cell in each.cells]
    assert [(key.experiment, key.cell) for key in found if key.stage == "train"] == cells
    assert [(key.experiment, key.cell) for key in found if key.stage == "evaluate"] == cells
    assert sum(key.stage == "trunk" for key in found) == 2 * len(LINKS)


def test_no_job_stands_before_the_one_it_waits_for(study):
    seen = set()
    for key, job in jobs(study).items():
        assert job.after is None or job.after in seen
        seen.add(key)


def test_trunk_and_cooldowns_train_each_step_once(study):
    found = jobs(study)
    recipe = study.experiments["horizon"].recipe
    trunk = sum(found[at("trunk", "23k", tokens)].tokens for tokens in LINKS)
    assert trunk + found[at("train", "23k", LINKS[-1])].tokens == recipe.steps * recipe.batch_tokens
    assert found[at("trunk", "23k", LINKS[1])].after == at("trunk", "23k", LINKS[0])
    assert found[at("train", "23k", LINKS[1])].after == at("trunk", "23k", LINKS[1])


def test_the_longest_comes_first(study):
    """The rank of a job is all that is left when it starts: a trunk stands before its branches, long before short."""
    found = tails(jobs(study))
    links = [found[at("trunk", "23k", tokens)] for tokens in LINKS]
    assert links == sorted(links, reverse=True)
    assert found[at("trunk", "39k", LINKS[0])] > links[0]
    for tokens in LINKS:
        assert (
            found[at("trunk", "23k", tokens)] > found[at("train", "23k", tokens)] > found[at("evaluate", "23k", tokens)]
        )
    small, large = (JobKey("train", "transition", CellKey.of(size=size, ratio=0.1, seed=0)) for size in ("23k", "39k"))
    assert found[large] > found[small]


def test_a_fig_3s_horizons_train_3_9_times_fewer_tokens_than_separate_runs():
    """Twenty horizons spaced by 1.2 up to 256 billion tokens: one trunk, twenty cooldowns of a tenth."""
    recipes = [Recipe(tokens=round(256e9 / 1.2**k)) for k in range(20)]
    separate = sum(recipe.steps for recipe in recipes)
    shared = recipes[0].cooldown_step + sum(recipe.steps - recipe.cooldown_step for recipe in recipes)
    assert separate / shared == pytest.approx(3.94, abs=0.01)


def test_what_is_computed_is_flops_of_tokens_and_questions(study):
    """A cell of transition: its training, three points on the way, and at its end 60 people."""
    key = JobKey("train", "transition", CellKey.of(size="23k", ratio=0.1, seed=0))
    found = jobs(study)
    train, evaluate = found[key], found[key._replace(stage="evaluate")]
    forward = forward_flops_per_token(study.models["23k"], 1024, 64)
    assert train.tokens == 49_152
    assert train.training == 3 * forward * 49_152
    assert train.evaluating == 3 * forward * (20 * 25 * 10 + 2 * 2000)
    assert evaluate == Job(0, 0, forward * (20 * 25 * 60 + 2 * 4000), key)


def test_only_experiments_that_train_have_jobs():
    study = read_config(Path("scales/laptop.yaml"), run="regmix")
    assert jobs(study) == {}
    cells = study.experiments["transition"].cells
    assert len(jobs(study, ["transition"])) == 3 * len(cells)  # trunks, runs, evaluations
