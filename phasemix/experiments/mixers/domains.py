"""What the mixers of a contest may know of its domains.

``domains.csv`` is a table of domains (:mod:`phasemix.search.domains_table`): ``tokens``, and entropies, if the contest
names who measured some.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.files import checksums_of, read_json
from phasemix.base.seeds import named_seed
from phasemix.corpora.stream import Taken
from phasemix.domains.embedding_entropy import embedding_entropy
from phasemix.domains.fasttext_vectors import load_vectors
from phasemix.domains.folder_entropies import entropies_of_blocks
from phasemix.domains.text_blocks import GAP
from phasemix.tasks.task import SourceSeeds, Task

JOINED = 10  # short texts


@dataclass(frozen=True)
class Measured:
    """What an experiment of kind domains left: von Neumann entropies of domains, and the word vectors they are by.

    Attributes:
        entropies: its ``entropies.csv``.
        vectors: the file of word vectors.
        words: of a sample that is embedded.
    """

    entropies: Path
    vectors: Path
    words: int


def domains_table(
    domains: Mapping[str, Task], sizes: Mapping[str, int], vocabulary: int, measured: Measured | None, seed: int
) -> pd.DataFrame:
    """``domains.csv``.

    Entropies of tokens are those of each domain as it is trained on, by the contest's own tokenizer. Von Neumann's, of
    words, is the measured one, or of a domain that was not measured that of its texts, ten in one, as those about
    people are short.

    Args:
        domains: opened, in order, with the tokens of the contest.
        sizes: the tokens of those that are cut, or made without end.
        vocabulary: entries of the tokenizer.
        measured: None if nobody asks for entropies.
        seed: the root of all randomness.

    Raises:
        PhasemixError: a domain is made without end, and nobody says how many tokens count as all of it.
    """
    rows = []
    known: dict[str, float] = {}
    if measured:
        table = pd.read_csv(measured.entropies)
        known = dict(zip(table["domain"].astype(str), table["von-neumann"], strict=True))
    vectors = load_vectors(measured.vectors) if measured and domains.keys() - known.keys() else None
    for domain, task in domains.items():
        row: dict[str, Any] = {"domain": domain, "tokens": _size(domain, task, sizes)}
        if measured:
            taken = task.stream(SourceSeeds(partial(named_seed, seed, "domains"), 0)).take(0, row["tokens"])
            found = entropies_of_blocks([_with_gaps(taken)], vocabulary, domain)
            row |= {name: getattr(found, name) for name in ("shannon", "joint", "conditional")}
            if vectors and domain not in known:
                row["von-neumann"] = embedding_entropy(_texts(taken, task), vectors, measured.words).entropy
            else:
                row["von-neumann"] = known[domain]
        rows.append(row)
    return pd.DataFrame(rows)


def _size(domain: str, task: Task, sizes: Mapping[str, int]) -> int:
    counted = read_json(checksums_of(task.tokens)).get("train_tokens")
    if (size := sizes.get(domain, counted)) is None:
        raise PhasemixError(f"{domain}: is made without end: say in tokens how many count as all of it")
    return int(size if counted is None else min(size, counted))


def _with_gaps(taken: Taken) -> np.ndarray:
    """The ids of documents, with a gap in the place of every one that closes a document."""
    ids = taken.ids.astype(np.int64)
    ids[np.cumsum(taken.lengths)[:-1] - 1] = GAP  # the last document may be cut, and not be closed
    return ids


def _texts(taken: Taken, task: Task) -> Iterator[str]:
    """The texts of documents, ten in one."""
    documents = np.split(taken.ids, np.cumsum(taken.lengths)[:-1])
    for first in range(0, len(documents), JOINED):
        yield " ".join(task.tokenizer.decode(ids[:-1].tolist()) for ids in documents[first : first + JOINED])
