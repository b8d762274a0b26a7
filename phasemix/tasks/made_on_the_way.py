"""What tasks share whose texts are made, worded and tokenised on the way: their tokens folder is empty."""

from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from phasemix.base.files import checksums_of, write_checksums
from phasemix.base.seeds import generator
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.tasks.task import Task


class MadeOnTheWay(Task):
    """A task that is :class:`phasemix.corpora.exposures.Texts` itself.

    Class attributes:
        validation: the name of the seed of its held-out text.
    """

    validation: ClassVar[str]

    @classmethod
    def write_tokens(cls, corpus: Path, tokenizer: Tokenizer, folder: Path) -> list[str]:  # noqa: ARG003 (others need them)
        """Write nothing but the checksums."""
        folder.mkdir(parents=True, exist_ok=True)
        write_checksums(checksums_of(folder), [])
        return []

    @abstractmethod
    def draw(self, n: int, rng: np.random.Generator) -> Any:
        """See :meth:`phasemix.corpora.exposures.Texts.draw`."""

    @abstractmethod
    def encode(self, subjects: np.ndarray, draws: Any) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`phasemix.corpora.exposures.Texts.encode`."""

    @abstractmethod
    def draw_validation(self, rng: np.random.Generator) -> tuple[np.ndarray, Any]:
        """Subjects of held-out texts, and what chance decides about each."""

    def heldout(self, tokens: int) -> np.ndarray:
        """Texts that no run has, always the same; shape (tokens + 1,)."""
        rng, found = generator(self.validation), [np.zeros(0, dtype=np.int64)]
        while sum(map(len, found)) <= tokens:
            found.append(self.encode(*self.draw_validation(rng))[0])
        return np.concatenate(found)[: tokens + 1]
