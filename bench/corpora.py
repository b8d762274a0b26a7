"""Small corpora like the laptop's, for measuring."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from phasemix.corpora.documents import write_documents
from phasemix.corpora.tokenizer import save_tokenizer, train_tokenizer
from phasemix.corpora.tokenizer_sample import tokenizer_texts
from phasemix.corpora.tokens import write_tokens
from phasemix.tasks.synbio.people import Domains, draw_people, words
from phasemix.tasks.synbio.pieces import write_pieces
from phasemix.training.train_cell import Data

SMALL = Domains(
    first_names=32, middle_names=32, last_names=64, birth_cities=32, universities=32, majors=32, employers=32
)
VOCABULARY = 1024


def documents() -> Iterator[str]:
    """Some 5 MB of text in documents as long as documentation strings are."""
    rng = np.random.default_rng(0)
    vocabulary = np.array([word.lower() for name in ("majors", "employers", "last_names") for word in words(name)])
    for _ in range(6000):
        yield " ".join(rng.choice(vocabulary, size=int(rng.integers(15, 200)))) + "."


def write_corpora(folder: Path, people: int, domains: Domains = SMALL) -> Data:
    """Make all that a cell reads in ``folder``, about ``people`` people drawn from ``domains``."""
    data = Data(folder / "tokens", folder / "biographies", folder / "people.parquet", folder / "tokenizer")
    write_documents(documents(), 0.03, folder / "web.parquet")
    sample = tokenizer_texts(folder / "web.parquet", domains, megabytes=2, web_fraction=0.2, seed=0)
    tokenizer = train_tokenizer(sample, VOCABULARY)
    save_tokenizer(tokenizer, data.tokenizer)
    write_tokens(folder / "web.parquet", tokenizer, data.web)
    table = draw_people(people, domains, seed=0)
    table.to_parquet(data.people, index=False)
    write_pieces(table, tokenizer, data.biographies)
    return data
