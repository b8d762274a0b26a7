"""Kinds of experiment: found by listing a folder; the cells, mixtures and recipes of a grid."""

import copy

import pytest
from pydantic import ValidationError

from phasemix.base.sources import FOLDER, sources
from phasemix.experiments.experiment import Training, figures, kinds, module_of, rules_of, spec_of
from phasemix.study.cell_key import CellKey
from phasemix.study.overlays import load
from phasemix.tasks.source import spec_of as task_spec
from tests.conftest import merged

SMOKE = merged("config.yaml", "scales/smoke.yaml")


@pytest.fixture(scope="module")
def study():
    return load(SMOKE)


def test_kinds_are_the_folders_with_a_spec():
    assert {"horizon", "laws", "published_runs", "transition"} <= set(kinds())
    assert all(spec_of(kind).model_fields["kind"].annotation.__args__ == (kind,) for kind in kinds())
    assert {kind for kind in kinds() if issubclass(spec_of(kind), Training)} >= {"horizon", "transition"}


def test_the_files_of_a_kind_are_found_by_their_names():
    assert module_of("transition", "spec") == "phasemix.experiments.transition.spec"
    assert module_of("transition", "nothing") is None
    for kind in kinds():
        assert all(path.endswith(f"{kind}/rules.smk") for path in rules_of(kind))


@pytest.mark.parametrize(("kind", "figure"), [(kind, figure) for kind in kinds() for figure in figures(kind)])
def test_a_figure_depends_on_its_own_module_and_on_no_other_figure_nor_on_training(kind, figure):
    found = {str(path.relative_to(FOLDER)) for path in sources(f"phasemix.experiments.{kind}.figures.{figure}")}
    assert f"experiments/{kind}/figures/{figure}.py" in found
    assert not any(f"experiments/{kind}/figures/{other}.py" in found for other in figures(kind) if other != figure)
    assert "training/loop.py" not in found


def test_a_grid_is_the_union_of_its_blocks(study):
    keys = study.experiments["transition"].cells
    assert [key.format() for key in keys[:2]] == ["size=23k/ratio=0.1/seed=0", "size=23k/ratio=0.3/seed=0"]
    assert len(keys) == 6
    assert study.experiments["horizon"].cells == [
        CellKey.of(size="23k", ratio=0.3, seed=0, tokens=tokens) for tokens in (16_384, 32_768, 49_152)
    ]


def test_a_cell_is_the_experiments_recipe_and_mixture_of_its_sources(study):
    key = CellKey.of(size="39k", ratio=0.1, seed=0)
    cell = study.cell("transition", key)
    assert cell.mixture.proportions == {"synbio-120": 0.1, "web": 0.9}
    assert cell.sources == {name: study.sources[name].training for name in ("synbio-120", "web")}
    assert cell.recipe == study.experiments["transition"].recipe
    assert (cell.size, cell.seed, cell.root_seed, cell.architecture) == ("39k", 0, 0, study.models["39k"])
    assert cell.curve == study.evaluation.on_the_way
    assert cell.curve.questions == "all"
    assert cell.tasks == ["synbio", "text"]


def test_a_cell_of_a_horizon_is_trained_for_it_and_begins_at_the_trunk_before(study):
    found = study.experiments["horizon"]
    first, second, _ = found.cells
    assert study.cell("horizon", second).recipe == found.recipe.model_copy(update={"tokens": 32_768})
    assert found.trunk_before(second) == first
    assert found.trunk_before(first) is None


def test_seeds_of_cells_depend_on_the_seed_and_not_on_size_or_mixture(study):
    """So that cells share their streams."""
    one, other = (
        study.cell("transition", CellKey.of(size=size, ratio=ratio, seed=0))
        for size, ratio in (("23k", 0.1), ("39k", 0.6))
    )
    assert one.named_seed("mixture") == other.named_seed("mixture")
    assert one.model_copy(update={"seed": 1}).named_seed("mixture") != one.named_seed("mixture")
    assert one.model_copy(update={"root_seed": 1}).named_seed("mixture") != one.named_seed("mixture")


def test_an_experiment_may_ask_its_cells_otherwise():
    config = copy.deepcopy(SMOKE)
    own = {"subjects": 3, "loss_tokens": 5000, "curve": {"subjects": 2, "loss_tokens": 3000, "questions": "shown"}}
    config["experiments"]["transition"]["evaluation"] = own
    study = load(config)
    assert study.experiments["transition"].evaluated(study).examination.subjects == 3
    assert study.cell("transition", study.experiments["transition"].cells[0]).curve.questions == "shown"
    assert study.cell("horizon", study.experiments["horizon"].cells[0]).curve == study.evaluation.on_the_way


def test_a_training_that_does_not_say_what_its_cells_read_is_told(study):
    bare = Training(kind="bare", tokenizer="laptop", recipe=study.experiments["transition"].recipe)
    with pytest.raises(TypeError, match="experiments of kind bare must say what size=a/seed=0 reads"):
        bare.mixture(CellKey.of(size="a", seed=0))


def test_an_axis_with_the_name_of_a_part_of_the_recipe_says_what_it_is(study):
    bare = Training(kind="bare", tokenizer="laptop", recipe=study.experiments["transition"].recipe)
    key = CellKey.of(size="23k", batch_size=16, peak_learning_rate=1e-3, schedule="cosine", seed=0)
    changes = {"batch_size": 16, "peak_learning_rate": 1e-3, "schedule": "cosine"}
    assert bare.recipe_of(key) == bare.recipe.model_copy(update=changes)
    with pytest.raises(ValidationError, match="not more than the 8 warm-up steps"):
        bare.recipe_of(key.at(tokens=5000))


def test_what_bears_on_training_alone_is_a_part_of_a_cell(study):
    """A source's other options do not make another cell of it."""
    web = SMOKE["sources"]["web"]
    one, other = (task_spec("text")(**web | {"train_tokens": tokens}) for tokens in (5, 6))
    assert one.training == other.training


def test_a_figure_along_an_axis_needs_two_values_of_it():
    study = load(merged("config.yaml"))
    one_size, one_horizon = study.experiments["seeds"].figures, study.experiments["sizes"].figures
    assert {"a_fig_2", "a_fig_4", "a_fig_10"} < set(one_size)
    assert not {"a_fig_1", "phase_diagram"} & set(one_size)
    assert {"a_fig_1", "a_fig_2", "phase_diagram"} < set(one_horizon)
    assert "a_fig_4" not in one_horizon
