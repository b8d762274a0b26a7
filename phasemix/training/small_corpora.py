"""Small corpora like the laptop's, for measuring and for checking a GPU."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from phasemix.base.files import checksums_of, write_checksums
from phasemix.corpora.documents import sample_documents, write_documents
from phasemix.corpora.make_tokenizer import save_tokenizer, train_tokenizer
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.corpora.tokens import write_tokens
from phasemix.tasks.synbio import corpus as synbio_corpus
from phasemix.tasks.synbio.people import draw_people, write_people
from phasemix.tasks.synbio.pieces import write_pieces
from phasemix.tasks.synbio.values import Values, words
from phasemix.training.train_cell import Data

SMALL = Values(
    first_names=32, middle_names=32, last_names=64, birth_cities=32, universities=32, majors=32, employers=32
)
VOCABULARY = 1024
DENSE, BASE = "synbio", "web"
SOURCES: dict[str, dict[str, Any]] = {
    DENSE: {"task": "synbio", "groups": None, "subsampling": 1, "heldout_templates": 0},
    BASE: {"task": "text", "repeat": False},
}
"""What cells are told of the sources, in the order of their mixtures."""


def documents() -> Iterator[str]:
    """Some 5 MB of text in documents as long as documentation strings are."""
    rng = np.random.default_rng(0)
    vocabulary = np.array([word.lower() for name in ("majors", "employers", "last_names") for word in words(name)])
    for _ in range(6000):
        yield " ".join(rng.choice(vocabulary, size=int(rng.integers(15, 200)))) + "."


def data_in(folder: Path) -> Data:
    """Where :func:`write_corpora` puts what cells read."""
    return Data(folder / "corpora", folder / "tokens", folder / "tokenizer")


def write_corpora(folder: Path, people: int, values: Values = SMALL) -> Data:
    """Make all that a cell reads in ``folder``, about ``people`` people drawn from ``values``."""
    data = data_in(folder)
    web, synbio = data.corpora / BASE, data.corpora / DENSE
    facts = write_documents(documents(), 0.03, web / "documents.parquet")
    write_checksums(checksums_of(web), [web / "documents.parquet"], **facts)
    drawn = draw_people(people, values, seed=0)
    write_people(synbio / "people.parquet", drawn)
    write_checksums(checksums_of(synbio), [synbio / "people.parquet"], people=people)
    options = {"values": values.model_dump()}

    def sample() -> Iterator[str]:
        yield from sample_documents(web / "documents.parquet", 0.4, 0)
        yield from synbio_corpus.sample(options, synbio, 1.6, 0)

    save_tokenizer(train_tokenizer(sample(), VOCABULARY), data.tokenizer)
    tokenizer = Tokenizer(data.tokenizer)
    write_tokens(web / "documents.parquet", tokenizer, data.tokens / BASE)
    write_pieces(drawn, tokenizer, data.tokens / DENSE)
    return data
