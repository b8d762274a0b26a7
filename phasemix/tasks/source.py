"""What a study says of a source of training text: the part of the configuration that every task refines.

A task is a folder here, found by its name:

- ``spec.py`` holds ``Spec``, a :class:`Source`: its options, light to import;
- ``corpus.py`` makes its corpus: ``write(options, folder, seed, threads, relatives)``, with the options of
  :attr:`Source.corpus` and the corpora of its family that come before it, returns facts for its checksums;
  ``sample(options, corpus, megabytes, *seed)``, with those of :attr:`Source.sampled`, yields texts to train a
  tokenizer on;
- ``task.py`` holds ``TASK``, a :class:`phasemix.tasks.task.Task`: what training and evaluation need of it.

A cell's identity holds the source files of ``task.py`` of its own tasks; how a corpus is made, and other
tasks, do not enter.
"""

from abc import abstractmethod
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from phasemix.base.schema import Schema

Problem = tuple[tuple[str | int, ...], str]
"""A key below that of the section which is checked, and what is wrong with its value."""


class Source(Schema):
    """A source by its options. What decides its corpus, what training, and what nothing, are told apart here."""

    task: str
    parallel: ClassVar[bool] = False
    """Whether making its corpus and its tokens is quicker on several cores."""
    seeded: ClassVar[bool] = True
    """Whether the root seed bears on its corpus; where it does not, studies of other seeds share it."""

    @property
    @abstractmethod
    def corpus(self) -> dict[str, Any]:
        """The options that decide the corpus, as JSON."""

    @property
    def sampled_from_corpus(self) -> bool:
        """Whether texts for a tokenizer are taken from the corpus, or drawn as it is."""
        return True

    @property
    def sampled(self) -> dict[str, Any]:
        """The options that decide the texts for a tokenizer, as JSON, beside the corpus if they are taken from it."""
        return {"task": self.task}

    @property
    def training(self) -> dict[str, Any]:
        """The options that bear on training, as JSON; with ``task``."""
        return {"task": self.task}

    @property
    def inputs(self) -> list[str]:
        """The user's files that the corpus is made of."""
        return []

    @property
    def family_name(self) -> str | None:
        """What it shares with the sources that it is to have no text in common with."""
        return None

    @property
    @abstractmethod
    def least_tokens(self) -> int | None:
        """The tokens of training text that the corpus must give; None if it is made on the way and never ends."""

    @property
    def shards(self) -> int:
        """The shards that it is gathered and tokenised in, several at once."""
        return 1

    @property
    def repeats(self) -> bool:
        """Whether a run may read its text more than once."""
        return False

    @property
    def subjects(self) -> int:
        """How many people, or whatever the task's questions are about, there are; 0: nothing can be asked."""
        return 0

    @property
    def questions_per_subject(self) -> int:
        """How many questions each of them has."""
        return 0

    @property
    def about(self) -> dict[str, Any] | None:
        """What decides whom or what its texts are about, as JSON: two sources with the same are about the same."""
        return None

    @property
    def subsamples(self) -> bool:
        """Whether a cell may show a part of its subjects only, by ``subsampling`` among the options of training."""
        return False

    @property
    def cuts(self) -> bool:
        """Whether a cell may read a part of its text only, by ``read_tokens`` among the options of training."""
        return False

    @property
    def shows_wordings(self) -> bool:
        """Whether some questions are worded as training words them."""
        return True

    @property
    def holds_out_wordings(self) -> bool:
        """Whether some questions are worded as training never words them."""
        return False

    @property
    @abstractmethod
    def corpus_bytes(self) -> float:
        """About how many bytes of text are gathered, for planning."""

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the options that their types cannot say."""
        yield from ()

    def reads_problems(self) -> Iterator[Problem]:
        """What is wrong with the user's files; asked of sources that something which runs reads."""
        yield from ()


@cache
def tasks() -> list[str]:
    """The names of all tasks."""
    return sorted(path.parent.name for path in Path(__file__).parent.glob("*/spec.py"))


@cache
def spec_of(task: str) -> type[Source]:
    """The options of a task."""
    found: type[Source] = import_module(f"phasemix.tasks.{task}.spec").Spec
    return found


def corpus_module(task: str) -> str:
    """The module that makes a task's corpora."""
    return f"phasemix.tasks.{task}.corpus"


def task_module(task: str) -> str:
    """The module that training and evaluation need of a task."""
    return f"phasemix.tasks.{task}.task"
