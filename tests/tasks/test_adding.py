"""A task, a kind of experiment and a controller are added as files: nothing else is edited, and no cell changes."""

import json
import os
import shutil
import subprocess
import sys
from textwrap import dedent

import pytest

from phasemix.base.files import read_json, sha256
from phasemix.base.sources import SNAPSHOT
from phasemix.controllers.controller import controllers
from phasemix.tasks.source import tasks
from tests.conftest import ROOT, small_cell

FILES = {
    "phasemix/tasks/dummy/__init__.py": '"""Counting: the simplest text about which something can be asked."""\n',
    "phasemix/tasks/dummy/spec.py": '''
        """The options of counting."""

        from typing import Any, Literal

        from phasemix.tasks.source import Source


        class Spec(Source):
            """Numbers in words, up to ``numbers``."""

            task: Literal["dummy"]
            numbers: int = 100

            @property
            def corpus(self) -> dict[str, Any]:
                return self.model_dump(mode="json")

            @property
            def least_tokens(self) -> None:
                return

            @property
            def subjects(self) -> int:
                return 5

            @property
            def questions_per_subject(self) -> int:
                return 1

            @property
            def corpus_bytes(self) -> float:
                return 20.0 * self.numbers
        ''',
    "phasemix/tasks/dummy/corpus.py": '''
        """The corpus of counting."""

        from phasemix.corpora.documents import sample_documents, write_documents


        def write(options, folder, seed, threads, relatives):
            texts = (f"after {i} comes {i + 1}." for i in range(options["numbers"]))
            return write_documents(texts, 0.2, folder / "documents.parquet")


        def sample(options, corpus, megabytes, *seed):
            return sample_documents(corpus / "documents.parquet", megabytes, *seed)
        ''',
    "phasemix/tasks/dummy/task.py": '''
        """Counting as training and evaluation need it."""

        from phasemix.corpora.tokens import DocumentStream
        from phasemix.evaluation.questions import Question
        from phasemix.tasks.task import Task


        class Dummy(Task):
            """Counting, over and over."""

            def stream(self, seeds):
                return DocumentStream(self.tokens, seeds("counting"), repeat=True)

            def questions(self, subjects):
                return [Question(f"after {i} comes", f" {i + 1}", i, "", 0, True) for i in range(subjects or 5)]

            @property
            def entropies(self):
                return {"": 5.0}


        TASK = Dummy
        ''',
    "phasemix/controllers/dummy_controller.py": '''
        """A controller that swaps the proportions."""

        from phasemix.controllers.controller import Controller


        class Swapping(Controller):
            """It swaps them."""

            def proportions(self, seen):
                return dict(zip(seen.proportions, reversed(seen.proportions.values()), strict=True))


        CONTROLLER = Swapping
        ''',
    "phasemix/experiments/dummy_kind/__init__.py": '"""Cells of counting."""\n',
    "phasemix/experiments/dummy_kind/spec.py": '''
        """The configuration of cells of counting, steered."""

        from typing import Literal

        from phasemix.experiments.experiment import Training
        from phasemix.study.cell_key import CellKey
        from phasemix.study.mixture import MixtureSpec, Steering


        class Spec(Training):
            """Two sources, swapped on the way."""

            kind: Literal["dummy_kind"]
            first: str
            second: str
            parts: list[float]

            @property
            def cells(self):
                return [CellKey.of(size="23k", part=part, seed=0) for part in self.parts]

            @property
            def sources(self):
                return [self.first, self.second]

            def mixture(self, key):
                part = key.values["part"]
                steering = Steering(controller="dummy-controller", every_tokens=1)
                return MixtureSpec.constant({self.first: part, self.second: 1 - part}, steering)
        ''',
}  # fmt: skip
FINGERPRINTS = """
import json, sys
from pathlib import Path
from phasemix.study.overlays import read_config
from phasemix.study.snapshot import take_snapshot
from phasemix.training.modules import cell_modules
config = read_config(Path("scales/smoke.yaml"))
snapshot = take_snapshot(config)
found = {}
for name, experiment in config.training.items():
    for key in experiment.cells:
        cell = config.cell(name, key)
        modules = cell_modules(cell.tasks, cell.mixture)
        found[f"{name}/{key.format()}"] = [
            cell.model_dump_json(), snapshot.code("scripts/train.py", *modules),
            snapshot.code("scripts/evaluate.py", "phasemix.evaluation.evaluate_cell", *modules),
        ]
print(json.dumps(found))
"""
OVERLAY = """
scale: counting
run: [counting]
sources:
  web: { repeat: true }
  count: { task: dummy, numbers: 300 }
experiments:
  counting:
    kind: dummy_kind
    first: count
    second: web
    tokenizer: laptop
    recipe: { tokens: 40_960, batch_size: 4, context: 32, warmup_steps: 5, evaluation_points: 2, compile: false }
    parts: [0.25]
    evaluation: { loss_tokens: 100, curve: { loss_tokens: 50, subjects: 3 } }
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what is needed of the checkout."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("phasemix", "scripts", "scales"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config.yaml", "envs/lock.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    return folder


def python(checkout, *line):
    """Run Python in the copy; what it printed."""
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    environment.pop(SNAPSHOT, None)
    done = subprocess.run(
        [sys.executable, *map(str, line)], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def extended(checkout):
    """The fingerprints of all cells before, and the copy with the files added."""
    before = json.loads(python(checkout, "-c", FINGERPRINTS))
    for name, text in FILES.items():
        (checkout / name).parent.mkdir(exist_ok=True)
        (checkout / name).write_text(dedent(text).lstrip())
    (checkout / "scales" / "counting.yaml").write_text(OVERLAY)
    return before, checkout


def test_no_cell_that_was_there_changes(extended):
    before, checkout = extended
    after = json.loads(python(checkout, "-c", FINGERPRINTS))
    assert len(before) > 20
    assert after == before


SCRIPTS = """
import json, runpy, sys
for line in json.loads(sys.argv[1]):
    sys.argv = line
    runpy.run_path(line[0], run_name="__main__")
"""
DESCRIBE = """
import json
from pathlib import Path
from phasemix.experiments.experiment import kinds
from phasemix.controllers.controller import controllers
from phasemix.study.overlays import read_config
from phasemix.tasks.source import tasks
from phasemix.training.modules import cell_modules
config = read_config(Path("scales/counting.yaml"))
[key] = config.running["counting"].cells
cell = config.cell("counting", key)
examination = config.training["counting"].evaluated(config).examination.model_dump_json()
print(json.dumps({
    "tasks": tasks(), "kinds": kinds(), "controllers": controllers(), "key": key.format(),
    "modules": cell_modules(cell.tasks, cell.mixture), "cell": cell.model_dump_json(), "examination": examination,
    "corpus": config.sources["count"].corpus,
}))
"""


def test_what_was_added_is_found_configured_trained_and_asked(extended, data, tmp_path):
    """By the scripts, as the workflow calls them."""
    _, checkout = extended
    found = json.loads(python(checkout, "-c", DESCRIBE))
    assert found["tasks"] == sorted([*tasks(), "dummy"])
    assert found["controllers"] == sorted([*controllers(), "dummy-controller"])
    assert "dummy_kind" in found["kinds"]
    assert found["key"] == "size=23k/part=0.25/seed=0"
    added = ["phasemix.tasks.dummy.task", "phasemix.tasks.text.task", "phasemix.controllers.dummy_controller"]
    assert found["modules"] == ["phasemix.training.train_cell", *added]
    corpora, tokens = tmp_path / "corpora", tmp_path / "tokens"
    for folder, real in ((corpora, data.corpora), (tokens, data.tokens)):
        folder.mkdir()
        for name in ("web", "web.checksums.json"):
            (folder / name).symlink_to(real / name)
    run, evaluation, corpus = tmp_path / "run", tmp_path / "evaluation", corpora / "count"
    read = ["--corpora", corpora, "--tokens", tokens, "--tokenizer", data.tokenizer]
    lines = [
        ["corpus", "--options", json.dumps(found["corpus"]), "--seed", 0, "--out", corpus],
        ["tokens", "--task", "dummy", "--corpus", corpus, "--tokenizer", data.tokenizer, "--out", tokens / "count"],
        ["train", "--cell", found["cell"], *read, "--checkpoints", tmp_path / "checkpoints", "--out", run],
        ["evaluate", "--examination", found["examination"], *read, "--run", run, "--out", evaluation],
    ]
    python(checkout, "-c", SCRIPTS, json.dumps([[f"scripts/{name}.py", *map(str, rest)] for name, *rest in lines]))
    manifest, summary = read_json(run / "manifest.json"), read_json(evaluation / "summary.json")
    assert manifest["proportions"] == {"count": 0.75, "web": 0.25}  # as the controller said at the start
    assert manifest["exposures"]["count"] > 2
    assert manifest["data"]["count/corpus/documents.parquet"] == sha256(corpora / "count" / "documents.parquet")
    assert summary["accuracy"].keys() == summary["floor"].keys() == {"count"}
    assert summary["floor"]["count"] == 1 / 5
    assert summary["loss"].keys() == {"count", "web"}
    header = (run / "metrics.csv").read_text().splitlines()[0]
    assert header.endswith("mix.count,mix.web,loss.count,loss.web,accuracy.count,knowledge.count")


def test_a_task_that_is_not_there_is_named_with_what_is(checkout):
    """In the checkout as it is, not in the extended copy."""
    from phasemix.study.mistakes import ConfigError
    from phasemix.study.overlays import load
    from tests.conftest import merged

    config = merged("config.yaml")
    with pytest.raises(ConfigError, match=r"sources\.count\.task = 'dummy': is not known; allowed: maximum, "):
        load(config | {"sources": config["sources"] | {"count": {"task": "dummy"}}})
    assert small_cell().tasks == ["synbio", "text"]
