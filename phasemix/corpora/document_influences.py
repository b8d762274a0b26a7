"""How much documents of a source help, and how often that has them read.

Format: a JSON file, by source an object of two lists of equal length: ``documents``, numbers of documents of its
training split, rising; ``influences`` of these, higher where training on them lowers the loss more
(:mod:`phasemix.domains.influence`). A source that is not there has its documents drawn at random.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json


@dataclass(frozen=True)
class DocumentInfluences:
    """The influences (n,) of documents, by their numbers (n,)."""

    documents: np.ndarray
    influences: np.ndarray

    @classmethod
    def read(cls, path: Path) -> dict[str, Self]:
        """Those of a file, by source.

        Raises:
            PhasemixError: it is not there, or in another format.
        """
        try:
            found: Any = read_json(path)
            return {
                name: cls(np.array(own["documents"], dtype=np.int64), np.array(own["influences"], dtype=float))
                for name, own in found.items()
            }
        except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
            raise PhasemixError(f"{path}: holds no documents with influences by source: {error}") from error

    def drawn(self, lengths: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Numbers of documents as they are read, at least as many tokens as there are; int64 of shape (n,).

        Documents are drawn one after another, over and over, each with a probability in proportion to how far its
        influence lies above the least one (DUET's own weights); those whose influence is not known are not drawn.

        Args:
            lengths: the tokens of every document, shape (documents,).
            rng: what draws.

        Raises:
            PhasemixError: the influence of no document is known.
        """
        known = self.documents < len(lengths)
        documents, weights = self.documents[known], self.influences[known]
        if not len(documents):
            raise PhasemixError("the influence of no document that is read is known")
        weights = weights - weights.min()
        weights = weights / weights.sum() if weights.any() else np.full(len(weights), 1 / len(weights))
        mean = float(weights @ lengths[documents])
        found = [np.zeros(0, dtype=np.int64)]
        missing = int(lengths.sum())
        while missing > 0:
            more = rng.choice(documents, size=int(missing / mean) + 1, p=weights)
            found.append(more)
            missing -= int(lengths[more].sum())
        return np.concatenate(found)
