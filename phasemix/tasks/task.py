"""The face of a task to training and evaluation, and what tasks made of plain documents share.

Formats: a source's **corpus** folder holds what its task's ``corpus.py`` writes, here ``documents.parquet``
(:mod:`phasemix.corpora.documents`); its **tokens** folder what :meth:`Task.write_tokens` writes, here that of
:mod:`phasemix.corpora.tokens`. Beside both stand their checksums.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from phasemix.corpora.stream import Stream
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.corpora.tokens import DocumentStream, heldout_tokens, write_tokens
from phasemix.evaluation.questions import Question
from phasemix.tasks.source import task_module

SeedOf = Callable[..., int]
"""From names to a seed, as :meth:`phasemix.study.cell.Cell.named_seed`."""


class SourceSeeds:
    """The seeds of one source of a cell, by name.

    ``place`` is 0 for the first source of a task in the mixture, 1 for the second, and so on, so that they differ.
    """

    def __init__(self, seed_of: SeedOf, place: int) -> None:
        self._seed_of = seed_of
        self._place = place

    def __call__(self, name: str) -> int:
        """The seed of this name."""
        return self._seed_of(name, self._place) if self._place else self._seed_of(name)


class Task:
    """A source of training text, opened: its stream, its held-out text, its questions.

    The methods here are those of plain documents that nothing is asked about; a task overrides what is otherwise.

    Args:
        options: what :attr:`phasemix.tasks.source.Source.training` says.
        corpus: the folder of its corpus.
        tokens: the folder of its tokens.
        tokenizer: with which they were made.
    """

    def __init__(self, options: Mapping[str, Any], corpus: Path, tokens: Path, tokenizer: Tokenizer) -> None:
        self.options = options
        self.corpus = corpus
        self.tokens = tokens
        self.tokenizer = tokenizer

    @classmethod
    def write_tokens(cls, corpus: Path, tokenizer: Tokenizer, folder: Path) -> list[str]:
        """Tokenise the corpus into ``folder``; returns what people should know of it."""
        write_tokens(corpus / "documents.parquet", tokenizer, folder)
        return []

    def stream(self, seeds: SourceSeeds) -> Stream:
        """What training reads."""
        repeat, read_tokens = bool(self.options.get("repeat")), self.options.get("read_tokens")
        return DocumentStream(self.tokens, seeds("web order"), repeat=repeat, read_tokens=read_tokens)

    def heldout(self, tokens: int) -> np.ndarray:
        """Ids of text that training never reads, ``tokens`` + 1 of them, shape (tokens + 1,).

        Raises:
            PhasemixError: there are fewer.
        """
        return heldout_tokens(self.tokens, tokens)

    def heldout_texts(self, first: int) -> Iterator[str]:  # noqa: ARG002 (others need it)
        """The documents that training never reads, but those that begin in its ``first`` held-out tokens.

        None where texts say what questions ask.
        """
        return iter(())

    def questions(self, subjects: int | None) -> Sequence[Question]:  # noqa: ARG002 (others need it)
        """Everything that can be asked, about all subjects or a sample of so many, always the same ones."""
        return []

    @property
    def subjects(self) -> int:
        """How many subjects can be asked about."""
        return 0

    def final_answer(self, text: str) -> str | None:  # noqa: ARG002 (others need it)
        """The final answer that a worked answer comes to, where questions have one; None if it comes to none."""
        return None

    @property
    def guesses(self) -> Mapping[str, str]:
        """Of every attribute that is asked for: the answer that is most common in training.

        Nothing if the questions are about everybody in training, so that they say so themselves.
        """
        return {}

    @property
    def entropies(self) -> Mapping[str, float]:
        """Of every attribute that is asked for: the entropy of its answers in bits, before a subject is known.

        Nothing if the task knows none: then no bits are counted.
        """
        return {}


def open_task(options: Mapping[str, Any], corpus: Path, tokens: Path, tokenizer: Tokenizer) -> Task:
    """The task that ``options`` name, opened."""
    found: Task = import_module(task_module(options["task"])).TASK(options, corpus, tokens, tokenizer)
    return found
