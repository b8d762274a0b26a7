"""How much documents of a source help, and the order in which that has them read.

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

    def order(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """The numbers of ``count`` documents in the order in which they are read, int64 of shape (count,).

        Documents are drawn one after another, each with a probability in proportion to how far its influence lies
        above the least one (DUET's own weights), and after all these those whose influence is not known.
        """
        known = self.documents < count
        documents, weights = self.documents[known], self.influences[known]
        weights = weights - weights.min(initial=np.inf)
        weights = weights if weights.any() else np.ones_like(weights)
        # Whose exponential time at its rate comes first is drawn in proportion to the rates; a rate of 0 never comes.
        times = rng.exponential(size=count)
        late = np.ones(count, dtype=bool)
        late[documents] = False
        with np.errstate(divide="ignore"):
            times[documents] /= weights
        return np.lexsort((times, late))
