"""Language models that paraphrase: one that runs here, or one behind an endpoint."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from phasemix.search.endpoint import Endpoint
from phasemix.search.local_model import as_chat, local_model
from phasemix.wikibio.stage import check_pinned, identity

SECONDS = 1800  # that an endpoint may take for an answer, with all others of a batch in its queue
FIRST_SECONDS = 10  # and for the first one, a word
TRIES = 8  # with pauses of four minutes in all, in which a server is up again


class Paraphraser(Protocol):
    """Answers requests for paraphrases."""

    @property
    def stamp(self) -> dict[str, Any]:
        """What tells this model from others."""

    def answers(self, requests: Sequence[str], versions: int, seed: int) -> list[str]:
        """What the model says to each request for so many ``versions``; empty where it can say nothing.

        Answers are sampled; ``seed`` decides them.
        """


class LocalParaphraser:
    """A causal model of the hub, or in a folder, on the GPU if there is one.

    The same requests, seed and hardware give the same answers.

    Args:
        name: of the hub, or a folder.
        revision: of the hub, a full commit hash.

    Raises:
        PhasemixError: it cannot be loaded, has no revision, or transformers is not installed.
    """

    def __init__(self, name: str, revision: str | None) -> None:
        folder = Path(name)
        if not folder.is_dir():
            check_pinned("--model", name, "model", revision)
        self.stamp: dict[str, Any] = {"model": name, "revision": revision}
        if folder.is_dir():
            files = sorted(file for file in folder.iterdir() if file.is_file())
            self.stamp = {"model": folder.name, "files": {file.name: identity(file) for file in files}}
        self._tokenizer, model = local_model(name, revision, dtype="auto")
        self._torch = import_module("torch")  # which is slow, and there by now
        self._model: Any = model.to("cuda" if import_module("phasemix.base.cuda").available() else "cpu")

    def answers(self, requests: Sequence[str], versions: int, seed: int) -> list[str]:
        """See :meth:`Paraphraser.answers`; an answer is at most ``versions`` times as long as the longest request."""
        encoded = [self._encode(request) for request in requests]
        room = getattr(self._model.config, "max_position_embeddings", None) or float("inf")
        fitting = [i for i, ids in enumerate(encoded) if len(ids) < room]
        found = [""] * len(requests)
        if not fitting:
            return found
        longest = max(len(encoded[i]) for i in fitting)
        ids = self._torch.zeros(len(fitting), longest, dtype=self._torch.long)  # what pads is not attended to
        mask = self._torch.zeros_like(ids)
        for row, i in enumerate(fitting):
            ids[row, longest - len(encoded[i]) :] = self._torch.tensor(encoded[i])
            mask[row, longest - len(encoded[i]) :] = 1
        self._torch.manual_seed(seed)
        with self._torch.no_grad():
            made = self._model.generate(
                ids.to(self._model.device),
                attention_mask=mask.to(self._model.device),
                do_sample=True,
                max_new_tokens=int(min(versions * longest, room - longest)),
                pad_token_id=self._tokenizer.pad_token_id or self._tokenizer.eos_token_id or 0,
            )
        for row, i in enumerate(fitting):
            found[i] = str(self._tokenizer.decode(made[row, longest:], skip_special_tokens=True))
        return found

    def _encode(self, request: str) -> list[int]:
        """A request as token ids; a chat template holds all special tokens."""
        if self._tokenizer.chat_template is None:
            return list(self._tokenizer(request)["input_ids"])
        return list(self._tokenizer(as_chat(self._tokenizer, request), add_special_tokens=False)["input_ids"])


class EndpointParaphraser:
    """A model behind an endpoint (:class:`phasemix.search.endpoint.Endpoint`), which is asked all of a batch at once.

    Whether a seed gives the same answers again depends on the endpoint.

    Raises:
        PhasemixError: it does not answer.
    """

    def __init__(self, name: str, url: str) -> None:
        self.stamp = {"model": name, "endpoint": True}
        Endpoint(name, url, FIRST_SECONDS).answer("Say yes.", max_tokens=1)
        self._endpoint = Endpoint(name, url, SECONDS, TRIES)

    def answers(self, requests: Sequence[str], versions: int, seed: int) -> list[str]:  # noqa: ARG002 (others need it)
        """See :meth:`Paraphraser.answers`.

        Raises:
            PhasemixError: the endpoint does not answer.
        """
        with ThreadPoolExecutor(max(1, len(requests))) as threads:
            return list(threads.map(self._answer, requests, count(seed)))

    def _answer(self, request: str, seed: int) -> str:
        return self._endpoint.answer(request, seed=seed)
