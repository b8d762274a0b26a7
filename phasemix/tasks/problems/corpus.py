"""The corpora of problems: those that are held out.

Format of a corpus folder: ``heldout.npy``: the numbers of the problems that training never shows, int64 of shape
(problems, k).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from phasemix.base.files import write_array
from phasemix.base.seeds import generator
from phasemix.tasks.problems.problem import Problems

HELDOUT = "heldout.npy"
SAMPLED = 1000  # problems drawn at a time for tokenizers


def write_heldout(problems: Problems, count: int, folder: Path, seed: int) -> dict[str, Any]:
    """Draw the problems that are held out, different in more than their order; returns what checksums say beside."""
    rng = generator(seed, "held-out problems")
    found: dict[bytes, np.ndarray] = {}
    while len(found) < count:
        drawn = problems.draw(count, rng)
        for numbers, same in zip(drawn, problems.in_one_order(drawn), strict=True):
            found.setdefault(same.tobytes(), numbers)
    write_array(folder / HELDOUT, np.stack(list(found.values())[:count]))
    return {"heldout": count}


def read_heldout(folder: Path) -> np.ndarray:
    """The numbers of the problems that are held out, int64 of shape (problems, k)."""
    return np.asarray(np.load(folder / HELDOUT))


def sample_texts(problems: Problems, megabytes: float, *seed: str | int) -> Iterator[str]:
    """About ``megabytes`` (10⁶ bytes) of problems for tokenizers."""
    rng, written = generator(*seed, "tokenizer problems"), 0
    while written < megabytes * 1e6:
        wordings = rng.integers(problems.wordings, size=SAMPLED)
        for numbers, wording in zip(problems.draw(SAMPLED, rng), wordings.tolist(), strict=True):
            text = problems.write(numbers, wording).text
            written += len(text)
            yield text
