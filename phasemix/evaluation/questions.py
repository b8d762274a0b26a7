"""Questions to a model: a prompt, and the answer that it must continue with, token by token."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from phasemix.base.seeds import generator
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.study.cell import Counted


@dataclass(frozen=True)
class Question:
    """One question of a task.

    Attributes:
        prompt: what the model reads after an end-of-text.
        answer: what it must go on with; begins with the space that separates both, where there is one.
        subject: the number of the person, or whatever is asked about.
        attribute: what is asked of it; empty where a task asks one thing only.
        template: the number of the wording.
        shown: whether training shows this wording.
        final: the part of the answer that counts, where the answer is worked out; empty: all of it.
    """

    prompt: str
    answer: str
    subject: int
    attribute: str
    template: int
    shown: bool
    final: str = ""


@dataclass(frozen=True)
class Questions:
    """Tokenised questions: ``ids`` is end-of-text + prompt + answer, the answer its last ``lengths`` ids."""

    asked: list[Question]
    ids: list[list[int]]
    lengths: list[int]


def make_questions(asked: Sequence[Question], tokenizer: Tokenizer) -> Questions:
    """Tokenise questions; every prompt follows an end-of-text, as a document's first sentence does.

    Raises:
        ValueError: the tokenizer joins the end of a prompt with the start of its answer.
    """
    prompts = tokenizer.encode([one.prompt for one in asked])
    wholes = tokenizer.encode([one.prompt + one.answer for one in asked])
    ids, lengths = [], []
    for one, prompt, whole in zip(asked, prompts, wholes, strict=True):
        if whole[: len(prompt)] != prompt:
            raise ValueError(f"the tokenizer joins the end of {one.prompt!r} with {one.answer!r}")
        ids.append([tokenizer.end_of_text, *whole])
        lengths.append(len(whole) - len(prompt))
    return Questions(list(asked), ids, lengths)


def within_a_text(asked: Sequence[Question], tokenizer: Tokenizer) -> Questions | None:
    """The same questions with a space before each prompt, which spells it as training does in the midst of a text.

    Most tokenizers of the hub, GPT-NeoX's among them, spell a first word otherwise. None if this one does not.

    Raises:
        ValueError: see :func:`make_questions`.
    """
    spellings = tokenizer.encode([space + one.prompt for one in asked[:1] for space in ("", " ")])
    if not asked or spellings[0] == spellings[1]:
        return None
    return make_questions([replace(one, prompt=f" {one.prompt}") for one in asked], tokenizer)


def counted(shown: np.ndarray, which: Counted) -> np.ndarray:
    """Which of some questions count as accuracy; ``shown`` and the result are bool of shape (questions,)."""
    return np.ones_like(shown) if which == "all" else shown == (which == "shown")


def sample_subjects(subjects: int, sample: int | None) -> np.ndarray:
    """The numbers of the subjects asked about: all of them, or a ``sample``, always the same ones; shape (n,)."""
    if sample is None or sample >= subjects:
        return np.arange(subjects)
    return np.sort(generator("recall sample", subjects).choice(subjects, size=sample, replace=False))
