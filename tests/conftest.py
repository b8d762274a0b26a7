"""Small real things that many tests share: people, biographies, a tokenizer, tokenised web text."""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from hypothesis import settings
from snakemake.utils import update_config

from phasemix.corpora.documents import write_documents
from phasemix.corpora.tokenizer import save_tokenizer, train_tokenizer
from phasemix.corpora.tokenizer_sample import tokenizer_texts
from phasemix.corpora.tokens import write_tokens
from phasemix.study.cell import Architecture, Cell, Curve, Recipe
from phasemix.tasks.synbio.people import Domains, SynBio, draw_people
from phasemix.tasks.synbio.pieces import Biographies, write_pieces
from phasemix.training.train_cell import Data

settings.register_profile("phasemix", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("phasemix")
torch.set_num_threads(1)

SMALL = Domains(
    first_names=10, middle_names=10, last_names=10, birth_cities=12, universities=12, majors=12, employers=12
)


@pytest.fixture(scope="session")
def synbio():
    return SynBio(draw_people(20, SMALL, seed=0))


@pytest.fixture(scope="session")
def corpora(tmp_path_factory, synbio) -> Path:
    """A folder with web.parquet, people.parquet, tokenizer/, tokens/, biographies/, as the first stages leave them."""
    folder = tmp_path_factory.mktemp("corpora")
    words = np.array("the a model law of data text with mixing and ratio loss learns fact below above".split())
    rng = np.random.default_rng(0)
    texts = [f"{i}: " + " ".join(rng.choice(words, size=int(rng.integers(5, 60)))) + "." for i in range(2000)]
    write_documents(texts, 0.1, folder / "web.parquet")
    synbio.people.to_parquet(folder / "people.parquet", index=False)
    sample = tokenizer_texts(folder / "web.parquet", SMALL, megabytes=0.3, web_fraction=0.3, seed=0)
    tokenizer = train_tokenizer(sample, 400)
    save_tokenizer(tokenizer, folder / "tokenizer")
    write_tokens(folder / "web.parquet", tokenizer, folder / "tokens")
    assert write_pieces(synbio.people, tokenizer, folder / "biographies")["exact"]
    return folder


def data_in(corpora: Path) -> Data:
    """What a cell reads, as the fixture ``corpora`` leaves it."""
    names = {"web": "tokens", "biographies": "biographies", "people": "people.parquet", "tokenizer": "tokenizer"}
    return Data(**{name: corpora / file for name, file in names.items()})


@pytest.fixture(scope="session")
def tokenizer(corpora):
    from phasemix.corpora.tokenizer import load_tokenizer

    return load_tokenizer(corpora / "tokenizer")


@pytest.fixture(scope="session")
def biographies(corpora, synbio, tokenizer):
    return Biographies(corpora / "biographies", synbio, tokenizer)


def read_yaml(files):
    """YAML files merged as Snakemake merges configurations."""
    merged = {}
    for file in files:
        update_config(merged, yaml.safe_load(Path(file).read_text()))
    return merged


def small_cell(**changes) -> Cell:
    recipe = {"tokens": 60 * 4 * 32, "batch_size": 4, "context": 32, "peak_learning_rate": 1e-2, "warmup_steps": 5}
    recipe |= {"evaluation_points": 4} | changes.pop("recipe", {})
    defaults = {
        "size": "tiny",
        "architecture": Architecture(layers=1, width=16, heads=2, tied=True),
        "ratio": 0.5,
        "seed": 0,
        "root_seed": 0,
        "heldout_templates": 0,
        "recipe": Recipe(**recipe),
        "curve": Curve(people=5, tokens=200),
    }
    return Cell(**(defaults | changes))
