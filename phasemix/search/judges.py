"""Language models that say how useful a text is (MEDU, arXiv 2501.11747): one here, or one behind an endpoint."""

import re
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol

from phasemix.base.errors import PhasemixError
from phasemix.search.endpoint import Endpoint
from phasemix.search.local_model import as_chat, local_model

WORDS = {"great": 1.0, "good": 0.75, "okay": 0.5, "poor": 0.25, "useless": 0.0}
"""What a model may say of a text, and the utility that this is: MEDU's five classes, evenly spaced."""
LONGEST = 4000  # characters of a text that are shown
SECONDS = 60  # that an endpoint may take for an answer


class Judge(Protocol):
    """Says how useful texts are."""

    def utilities(self, texts: Sequence[str], purpose: str) -> list[float]:
        """The utility of every text for a purpose, from 0 to 1."""


def question(text: str, purpose: str) -> str:
    """What a model is asked about a text."""
    words = ", ".join(word.capitalize() for word in WORDS)
    return (
        f"How useful is the following text to train a language model that shall be good at {purpose}?\n\n"
        f"<text>\n{text[:LONGEST]}\n</text>\n\nAnswer with one word of these: {words}.\nAnswer:"
    )


class LocalJudge:
    """A causal model of the hub, or in a folder: the answer is the word that it holds for the most likely one.

    Raises:
        PhasemixError: the model cannot be loaded, or transformers is not installed.
    """

    def __init__(self, name: str) -> None:
        self._tokenizer, self._model = local_model(name)
        self._torch = import_module("torch")  # which is slow, and there by now

    def utilities(self, texts: Sequence[str], purpose: str) -> list[float]:
        """See :meth:`Judge.utilities`; nothing is drawn, so that the same texts give the same utilities."""
        return [self._utility(self._prompt(question(text, purpose))) for text in texts]

    def _prompt(self, asked: str) -> str:
        if self._tokenizer.chat_template is None:
            return asked
        return as_chat(self._tokenizer, asked.removesuffix("\nAnswer:"))

    def _utility(self, prompt: str) -> float:
        likely = {word: self._log_likelihood(prompt, f" {word.capitalize()}") for word in WORDS}
        return WORDS[max(likely, key=lambda word: likely[word])]

    def _log_likelihood(self, prompt: str, answer: str) -> float:
        """The mean logarithm of the probability of an answer's tokens."""
        context = self._tokenizer(prompt, add_special_tokens=False)["input_ids"]
        own = self._tokenizer(answer, add_special_tokens=False)["input_ids"]
        most = getattr(self._model.config, "max_position_embeddings", None) or len(context) + len(own)
        ids = self._torch.tensor([(context + own)[-most:]])
        with self._torch.no_grad():
            logits = self._model(ids).logits[0, -len(own) - 1 : -1].log_softmax(-1)
        return float(logits[range(len(own)), own].mean())


class EndpointJudge:
    """A model behind an endpoint that speaks OpenAI's protocol (:class:`phasemix.search.endpoint.Endpoint`)."""

    def __init__(self, name: str, url: str) -> None:
        self._name, self._endpoint = name, Endpoint(name, url, SECONDS)

    def utilities(self, texts: Sequence[str], purpose: str) -> list[float]:
        """See :meth:`Judge.utilities`.

        Raises:
            PhasemixError: the endpoint does not answer, or with none of the words.
        """
        return [self._utility(question(text, purpose)) for text in texts]

    def _utility(self, asked: str) -> float:
        said = self._endpoint.answer(asked, max_tokens=8, temperature=0)
        words = [word for word in re.findall(r"[a-z]+", said.lower()) if word in WORDS]
        if not words:
            raise PhasemixError(f"{self._name} answers {said!r}, and not one of {', '.join(WORDS)}")
        return WORDS[words[0]]
