"""Results know the source files that define them: a module, and what it imports."""

import pytest

from phasemix.base.sources import DECIDE_NOTHING, FOLDER, code_of, fingerprint, sources
from tests.base.imports import loaded_by
from tests.conftest import ROOT

TRAINING = "phasemix.training.train_cell"
DEFINE_RESULTS = [
    TRAINING,
    "phasemix.tasks.synbio.task",
    "phasemix.tasks.text.task",
    "phasemix.tasks.synbio.corpus",
    "phasemix.tasks.text.corpus",
    "phasemix.controllers.exponentiated_gradient",
    "phasemix.evaluation.evaluate_cell",
    "phasemix.experiments.cells_table",
]


def modules(*names):
    return {str(path.relative_to(FOLDER)) for path in sources(*names)}


def test_training_depends_on_what_it_imports_and_on_nothing_else():
    found = modules(TRAINING)
    assert {"training/loop.py", "corpora/mixture.py", "evaluation/answers.py", "base/seeds.py"} <= found
    assert not found & {"study/config.py", "evaluation/evaluate_cell.py", "tasks/text/texts.py"}
    assert not any(path.startswith(("analysis", "figures", "report", "experiments", "planning")) for path in found)


def test_a_cell_does_not_depend_on_other_tasks_and_controllers_nor_on_how_corpora_are_made():
    assert not any(path.startswith(("tasks/synbio", "tasks/text")) for path in modules(TRAINING))
    assert "controllers/exponentiated_gradient.py" not in modules(TRAINING)
    assert not any(path.startswith("tasks/text") for path in modules("phasemix.tasks.synbio.task"))
    assert not any(path.startswith("tasks/synbio") for path in modules("phasemix.tasks.text.task"))
    for task in ("synbio", "text"):
        assert f"tasks/{task}/corpus.py" not in modules(f"phasemix.tasks.{task}.task")


@pytest.fixture(scope="module")
def loaded():
    return loaded_by(*DEFINE_RESULTS)


@pytest.mark.parametrize("module", DEFINE_RESULTS)
def test_what_python_imports_is_what_sources_lists(loaded, module):
    found = {name for name in loaded[module] if name.split(".")[0] == "phasemix"}
    names = (f"phasemix/{path}".removesuffix(".py").removesuffix("/__init__") for path in modules(module))
    assert module in found
    assert found - DECIDE_NOTHING <= {name.replace("/", ".") for name in names}


def test_training_and_planning_load_no_library_that_they_do_not_need(loaded):
    """Each takes a second or more, in every job of every cell."""
    slow = {"pandas", "transformers", "datasets", "scipy", "sklearn", "snakemake"}
    for module in DEFINE_RESULTS[:3]:
        assert not loaded[module] & slow, module


def test_unknown_modules_are_refused():
    with pytest.raises(ModuleNotFoundError):
        sources("phasemix.nothing")


def test_a_fingerprint_is_that_of_the_script_and_of_every_source(tmp_path):
    """Another content of any of them is another fingerprint."""
    same = dict.fromkeys([ROOT / "scripts/train.py", *sources(TRAINING)], "0")
    own = fingerprint("scripts/train.py", TRAINING, checksum=same.__getitem__)
    others = {fingerprint("scripts/train.py", TRAINING, checksum=(same | {path: "1"}).__getitem__) for path in same}
    assert len(others | {own}) == len(same) + 1
    assert set(code_of(TRAINING)) == modules(TRAINING)
