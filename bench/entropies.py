"""What measuring domains takes: PYTHONPATH=. python bench/entropies.py.

Seven domains of 20 million tokens in all are made in a temporary folder: documents of some 500 tokens by a law like
Zipf's over a vocabulary of 50,304, and of some 375 words of another such law, with 200,000 different ones in each
domain, as 2 million words of text or code have them, every second its own. Then a fresh process prints the seconds and
the peak memory so far of counting with the entropies of tokens, of training word vectors, of the von Neumann entropies
of all text, and of the shared text. The bar is 60 seconds and 2 GB in all.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # as jobs have them

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from itertools import chain, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np

from phasemix.base.files import checksums_of, write_checksums
from phasemix.base.seeds import generator
from phasemix.corpora.documents import read_documents, write_documents

DOMAINS = [f"domain-{i}" for i in range(7)]
TOKENS = 20_000_000 // len(DOMAINS)
VOCABULARY, WORDS = 50_304, 300_000
TOKENS_PER_DOCUMENT, WORDS_PER_DOCUMENT = 500, 375
LETTERS = np.array(list("etaoinsrhldcumfpgwybvkxjqz"))
BAR_SECONDS, BAR_MEGABYTES = 60, 2000

Result = TypeVar("Result")


def zipf_like(size: int, entries: int, rng: np.random.Generator) -> np.ndarray:
    """Numbers below ``entries``, k with a probability of about 1/(k + 1)."""
    return (entries ** rng.random(size)).astype(np.int64) - 1


def lengths_of(total: int, mean: int, rng: np.random.Generator) -> np.ndarray:
    """Lengths of documents, at least 2, which are ``total`` together."""
    ends = np.cumsum(2 + rng.exponential(mean - 2, size=2 * total // mean).astype(np.int64))
    return np.diff(np.append(ends[ends < total - 1], total), prepend=0)


def write_domain_tokens(folder: Path, rng: np.random.Generator) -> None:
    """A tokens folder as :mod:`phasemix.corpora.tokens` describes it."""
    folder.mkdir(parents=True)
    ids = 1 + zipf_like(TOKENS, VOCABULARY - 1, rng)
    offsets = np.append(0, np.cumsum(lengths_of(TOKENS, TOKENS_PER_DOCUMENT, rng)))
    ids[offsets[1:] - 1] = 0
    ids.astype("<u2").tofile(folder / "train.bin")
    offsets.astype("<i8").tofile(folder / "train.offsets.bin")
    write_checksums(checksums_of(folder), [folder / "train.bin", folder / "train.offsets.bin"], dtype="<u2")


def lexicon(rng: np.random.Generator) -> np.ndarray:
    """Invented words, frequent ones shorter."""
    lengths = rng.poisson(1.5 + 0.5 * np.log1p(np.arange(WORDS))) + 1
    letters = LETTERS[zipf_like(int(lengths.sum()), len(LETTERS), rng)]
    return np.array(["".join(part) for part in np.split(letters, np.cumsum(lengths)[:-1])], dtype=object)


def texts_of(common: np.ndarray, rng: np.random.Generator) -> Iterator[str]:
    """As many documents as the tokens are, in words of which every second is the domain's own."""
    words = common.copy()
    words[1::2] = lexicon(rng)[1::2]
    total = TOKENS * WORDS_PER_DOCUMENT // TOKENS_PER_DOCUMENT
    found = words[zipf_like(total, WORDS, rng)]
    for part in np.split(found, np.cumsum(lengths_of(total, WORDS_PER_DOCUMENT, rng))[:-1]):
        yield " ".join(part)


def make(folder: Path) -> None:
    """Make all domains in ``folder``."""
    common = lexicon(generator("common"))
    for domain in DOMAINS:
        write_domain_tokens(folder / "tokens" / domain, generator(domain, "tokens"))
        texts = texts_of(common, generator(domain, "texts"))
        write_documents(texts, 0.01, folder / "corpora" / domain / "documents.parquet")


def measured(what: str, work: Callable[[], Result]) -> Result:
    """Do it, and print the seconds, and the most memory that the process has used until now."""
    began = time.perf_counter()
    result = work()
    took = time.perf_counter() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<50} {took:6.1f} s, {megabytes:6.0f} MB", flush=True)
    return result


def measure(folder: Path) -> None:
    """Measure all domains, in this process."""
    from phasemix.domains.embedding_entropy import embedding_entropy
    from phasemix.domains.fasttext_vectors import WordVectors, train_vectors
    from phasemix.domains.folder_entropies import entropies_of
    from phasemix.domains.overlap import shared, sketch
    from phasemix.domains.text_blocks import text_blocks

    folders = {domain: folder / "tokens" / domain for domain in DOMAINS}

    def texts(domain: str) -> Iterator[str]:
        found = read_documents(folder / "corpora" / domain / "documents.parquet", heldout=False)
        return chain.from_iterable(found)

    def vectors() -> WordVectors:
        in_turns = chain.from_iterable(zip_longest(*map(texts, DOMAINS)))
        return train_vectors((text for text in in_turns if text), seed=0)

    def everything() -> None:
        tokens = measured("tokens: SE, JE, CE", lambda: [entropies_of(each, VOCABULARY) for each in folders.values()])
        trained = measured("word vectors, trained", vectors)
        spread = measured("samples: VNE", lambda: [embedding_entropy(texts(each), trained) for each in DOMAINS])
        measured("shared text", lambda: shared({name: sketch(text_blocks(folder)) for name, folder in folders.items()}))
        print(tokens[0], spread[0], sep="\n")

    began = time.perf_counter()
    measured("everything", everything)
    held = time.perf_counter() - began <= BAR_SECONDS
    held &= resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 <= BAR_MEGABYTES
    print(f"bar of {BAR_SECONDS} s and {BAR_MEGABYTES:,} MB: {'held' if held else 'MISSED'}")


def main() -> None:
    """Make the domains and measure them, each in a process of its own, so that memory is told apart."""
    start = multiprocessing.get_context("spawn")
    with TemporaryDirectory() as name:
        for work in (make, measure):
            process = start.Process(target=work, args=(Path(name),))
            process.start()
            process.join()
            assert not process.exitcode


if __name__ == "__main__":
    main()
