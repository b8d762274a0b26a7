"""Language models that say how useful a text is (MEDU, arXiv 2501.11747): one here, or one behind an endpoint."""

import json
import os
import re
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol
from urllib.request import Request, urlopen

from phasemix.base.errors import PhasemixError, one_line
from phasemix.search.local_model import local_model

WORDS = {"great": 1.0, "good": 0.75, "okay": 0.5, "poor": 0.25, "useless": 0.0}
"""What a model may say of a text, and the utility that this is: MEDU's five classes, evenly spaced."""
KEY = "PHASEMIX_API_KEY"
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
        turns = [{"role": "user", "content": asked.removesuffix("\nAnswer:")}]
        return str(self._tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True))

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
    """A model behind an endpoint that speaks OpenAI's protocol, such as ``http://localhost:8000/v1``.

    The key, where it wants one, is read from ``PHASEMIX_API_KEY``.
    """

    def __init__(self, name: str, url: str) -> None:
        self._name, self._url = name, f"{url.rstrip('/')}/chat/completions"
        key = os.environ.get(KEY)
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})

    def utilities(self, texts: Sequence[str], purpose: str) -> list[float]:
        """See :meth:`Judge.utilities`.

        Raises:
            PhasemixError: the endpoint does not answer, or with none of the words.
        """
        return [self._utility(question(text, purpose)) for text in texts]

    def _utility(self, asked: str) -> float:
        body = {
            "model": self._name,
            "messages": [{"role": "user", "content": asked}],
            "max_tokens": 8,
            "temperature": 0,
        }
        request = Request(self._url, json.dumps(body).encode(), self._headers)  # noqa: S310 (the user names it)
        try:
            with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 (the user names it)
                said = str(json.load(answer)["choices"][0]["message"]["content"])
        except Exception as error:  # of the network, of the server, of the key
            remedy = f"is {KEY} set?"
            raise PhasemixError(f"--endpoint: {self._url} does not answer ({one_line(error)}); {remedy}") from error
        words = [word for word in re.findall(r"[a-z]+", said.lower()) if word in WORDS]
        if not words:
            raise PhasemixError(f"{self._name} answers {said!r}, and not one of {', '.join(WORDS)}")
        return WORDS[words[0]]
