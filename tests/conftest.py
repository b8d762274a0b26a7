"""Small real things that many tests share: people, a tokenizer, the corpora and the tokens of three sources."""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads of two processes that wait for each other on two cores

from functools import cache, reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import settings

from phasemix.base.files import checksums_of, write_checksums
from phasemix.base.seeds import generator
from phasemix.corpora.documents import sample_documents, write_documents
from phasemix.corpora.make_tokenizer import save_tokenizer, train_tokenizer
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.study.cell import Architecture, Cell, Curve, Recipe
from phasemix.study.mixture import MixtureSpec, mixed_at
from phasemix.study.yaml_files import merge, read_yaml
from phasemix.tasks.synbio.people import SynBio, draw_people, write_people
from phasemix.tasks.synbio.pieces import Biographies
from phasemix.tasks.synbio.task import SynBioTask
from phasemix.tasks.synbio.values import Values
from phasemix.tasks.task import Task
from phasemix.training.train_cell import Data

settings.register_profile("phasemix", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("phasemix")
torch.set_num_threads(1)

ROOT = Path(__file__).parent.parent
SMALL = Values(
    first_names=10, middle_names=10, last_names=10, birth_cities=12, universities=12, majors=12, employers=12
)
PEOPLE = 20
TEXT = {"task": "text", "repeat": False}
SYNBIO = {"task": "synbio", "values": SMALL.model_dump(mode="json"), "groups": None}
SYNBIO |= {"subsampling": 1, "heldout_templates": 0}


def words(count: int, *seed: str) -> list[str]:
    """Documents of invented sentences, all different."""
    vocabulary = np.array("the a model law of data text with mixing and ratio loss learns fact below above".split())
    rng = generator(*seed) if seed else np.random.default_rng(0)
    return [f"{i}: " + " ".join(rng.choice(vocabulary, size=int(rng.integers(5, 60)))) + "." for i in range(count)]


@pytest.fixture(scope="session")
def synbio() -> SynBio:
    return SynBio(draw_people(PEOPLE, SMALL, seed=0))


@pytest.fixture(scope="session")
def data(tmp_path_factory, synbio) -> Data:
    """What cells read, as the first stages leave it: the sources ``web`` and ``notes`` (text) and ``synbio``."""
    folder = tmp_path_factory.mktemp("data")
    found = Data(folder / "corpora", folder / "tokens", folder / "tokenizer")
    for name, texts in (("web", words(2000)), ("notes", words(60, "notes"))):
        write_documents(texts, 0.1, found.corpora / name / "documents.parquet")
    write_people(found.corpora / "synbio" / "people.parquet", synbio.people)
    sample = [*sample_documents(found.corpora / "web" / "documents.parquet", 0.1, 0)]
    sample += synbio.biographies(np.tile(np.arange(PEOPLE), 30), generator("sample"))
    save_tokenizer(train_tokenizer(sample, 400), found.tokenizer)
    tokenizer = Tokenizer(found.tokenizer)
    for name, task in (("web", Task), ("notes", Task), ("synbio", SynBioTask)):
        corpus = found.corpora / name
        write_checksums(checksums_of(corpus), sorted(corpus.iterdir()))
        assert task.write_tokens(corpus, tokenizer, found.tokens / name) == []
    return found


@pytest.fixture(scope="session")
def tokenizer(data) -> Tokenizer:
    return Tokenizer(data.tokenizer)


@pytest.fixture(scope="session")
def biographies(data, synbio, tokenizer) -> Biographies:
    return Biographies(data.tokens / "synbio", synbio, tokenizer)


def small_cell(
    ratio: float = 0.5, recipe: dict[str, Any] | None = None, synbio: dict[str, Any] | None = None, **changes: Any
) -> Cell:
    """A cell that trains in half a second: ``ratio`` of ``synbio`` in ``web``, unless ``changes`` say otherwise."""
    defaults = {"tokens": 60 * 4 * 32, "batch_size": 4, "context": 32, "peak_learning_rate": 1e-2, "warmup_steps": 5}
    defaults |= {"evaluation_points": 4}
    cell = {
        "size": "tiny",
        "architecture": Architecture(layers=1, width=16, heads=2, tied=True),
        "mixture": mixed_at(ratio, "synbio", "web"),
        "sources": {"synbio": SYNBIO | (synbio or {}), "web": TEXT},
        "seed": 0,
        "root_seed": 0,
        "recipe": Recipe(**(defaults | (recipe or {}))),
        "curve": Curve(subjects=5, loss_tokens=200),
    }
    return Cell(**(cell | changes))


def three_sources(mixture: MixtureSpec, **changes: Any) -> Cell:
    """A small cell on ``synbio``, ``web`` and ``notes``, a short text that repeats."""
    return small_cell(
        mixture=mixture, sources={"synbio": SYNBIO, "web": TEXT, "notes": TEXT | {"repeat": True}}, **changes
    )


@cache
def _file(name: str) -> dict[str, Any]:
    return read_yaml(ROOT / name)


def merged(*files: str) -> dict[str, Any]:
    """The configuration files of the checkout, merged."""
    return reduce(merge, map(_file, files))
