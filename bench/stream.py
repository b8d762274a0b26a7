"""How fast the stream of training is made, in one thread: PYTHONPATH=. python bench/stream.py.

Prints the tokens a second of splicing biographies and, measured in the same run, of rendering and
tokenising them; then those of whole mixtures, and milliseconds a batch of 2,048 tokens.
"""

import os

os.environ["RAYON_NUM_THREADS"] = "1"  # the tokenizer's threads
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from phasemix.base.seeds import generator
from phasemix.corpora.exposures import EXPOSURES_PER_DRAW, Exposures
from phasemix.corpora.mixture import Mixture
from phasemix.corpora.segments import Segments, Shares
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.corpora.tokens import DocumentStream
from phasemix.study.mixture import mixed_at
from phasemix.tasks.synbio.orders import EqualOrder
from phasemix.tasks.synbio.people import SynBio, read_people
from phasemix.tasks.synbio.pieces import Biographies
from phasemix.tasks.synbio.values import Values
from phasemix.training.small_corpora import BASE, DENSE, SMALL, write_corpora

BATCH, CONTEXT, BATCHES = 16, 128, 640  # the laptop's recipe
SETS = {50: SMALL, 100_000: Values()}
RATIOS = (0.025, 0.3, 0.6)
REPEATS = 5


def seconds(work: Callable[[], object]) -> float:
    """The least time that ``work`` takes in some repetitions."""
    found = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def biographies_alone(biographies: Biographies, tokenizer: Tokenizer) -> None:
    """Print what splicing and tokenising the same biographies takes, their drawing included."""
    synbio = biographies.synbio
    persons = generator("persons").integers(len(synbio), size=EXPOSURES_PER_DRAW)
    splicing = seconds(lambda: biographies.encode(persons, synbio.draw(len(persons), generator("draws"))))
    tokenising = seconds(lambda: tokenizer.encode_documents(synbio.biographies(persons, generator("draws"))))
    tokens = len(biographies.encode(persons, synbio.draw(len(persons), generator("draws")))[0])
    print(
        f"{len(synbio):>7,} people: splicing {tokens / splicing / 1e6:6.1f} M tokens/s,"
        f" rendering and tokenising {tokens / tokenising / 1e6:.2f} M, {tokenising / splicing:.0f} ×"
    )


def whole_stream(web: DocumentStream, biographies: Biographies, ratio: float) -> None:
    """Print what all batches of a run at ``ratio`` take, in whole segments."""
    segments = Segments(BATCH * CONTEXT)
    assert BATCHES % segments.batches == 0
    sizes = {"batches": BATCHES, "batch_size": BATCH, "context": CONTEXT}

    def run() -> None:
        exposures = Exposures(biographies, EqualOrder(len(biographies.synbio), 0), 0)
        shares = Shares.of(mixed_at(ratio, DENSE, BASE), segments)
        mixture = Mixture({DENSE: exposures, BASE: web}, shares, seed=0, **sizes)
        for _ in range(BATCHES):
            next(mixture)

    took = seconds(run)
    print(
        f"{'':>8}r = {ratio:<5g} {BATCHES * BATCH * CONTEXT / took / 1e6:6.1f} M tokens/s,"
        f" {1000 * took / BATCHES:.3f} ms a batch of {BATCH * CONTEXT:,} tokens"
    )


def main() -> None:
    """Make small corpora, then measure."""
    for people, values in SETS.items():
        with TemporaryDirectory() as name:
            began = time.perf_counter()
            data = write_corpora(Path(name), people, values)
            print(f"{people:>7,} people: corpora made, pieces proven, in {time.perf_counter() - began:.1f} s")
            tokenizer = Tokenizer(data.tokenizer)
            synbio = SynBio(read_people(data.corpora / DENSE / "people.parquet"))
            biographies = Biographies(data.tokens / DENSE, synbio, tokenizer)
            biographies_alone(biographies, tokenizer)
            for ratio in RATIOS:
                whole_stream(DocumentStream(data.tokens / BASE, 0), biographies, ratio)


if __name__ == "__main__":
    main()
