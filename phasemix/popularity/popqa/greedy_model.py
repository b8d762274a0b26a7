"""A language model that goes on with prompts by its likeliest tokens, a line each."""

from collections.abc import Sequence
from typing import Any

import torch
from transformers import GenerationConfig, StoppingCriteria, StoppingCriteriaList

from phasemix.base.cuda import available
from phasemix.base.errors import PhasemixError
from phasemix.popularity.popqa.alias_match import first_line
from phasemix.search.local_model import as_chat, local_model


def precision() -> str:
    """Of weights and products here: ``bfloat16`` where PyTorch sees a GPU, ``float32`` elsewhere."""
    return "bfloat16" if available() else "float32"


class GreedyModel:
    """A causal model of the hub, or of a folder, on all GPUs of this job, or on its CPUs.

    What its authors set up for generation, such as sampling or a penalty on repetition, is left out, but for the tokens
    that end a text.

    Args:
        name: on the hub, or a folder.
        key: the key of the configuration that names it, for messages.
        revision: on the hub.

    Raises:
        PhasemixError: it cannot be loaded, or its weights do not fit the GPUs.
    """

    def __init__(self, name: str, *, key: str, revision: str | None = None) -> None:
        options: dict[str, Any] = {"dtype": getattr(torch, precision())}
        options |= {"device_map": "auto"} if available() else {}
        self._tokenizer, self._model = local_model(name, revision, key=key, **options)
        self._name = name
        if {"cpu", "disk"} & {str(each) for each in getattr(self._model, "hf_device_map", {}).values()}:
            raise PhasemixError(f"{key} {name}: does not fit the GPUs of its job; give it more in hardware.cells")
        if self._tokenizer.pad_token is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        own: Any = self._model.generation_config
        self._model.generation_config = GenerationConfig(
            do_sample=False,
            bos_token_id=own.bos_token_id,
            eos_token_id=own.eos_token_id,
            pad_token_id=self._tokenizer.pad_token_id,
        )

    @torch.no_grad()
    def lines(self, prompts: Sequence[str], most: int, *, as_turns: bool = False) -> list[str]:
        """The first line, that is not empty, of what the model goes on with after each prompt.

        Prompts are padded to the left, and none is cut. A continuation ends with that line, with the model's own end of
        a text, or after ``most`` tokens.

        Args:
            prompts: a batch.
            most: tokens that a continuation may have.
            as_turns: whether prompts are a user's turns in a chat, where the model has a template for that.

        Raises:
            PhasemixError: a prompt and its continuation are longer than the model's context, or the batch does not fit
                the memory of the GPUs.
        """
        in_chat = as_turns and self._tokenizer.chat_template is not None
        batch = self._tokenizer(
            [as_chat(self._tokenizer, prompt) for prompt in prompts] if in_chat else list(prompts),
            add_special_tokens=not in_chat,  # the template has them
            padding=True,
            padding_side="left",
            return_tensors="pt",
        )
        width = batch["input_ids"].shape[1]
        context = getattr(self._model.config, "max_position_embeddings", None)
        if context and width + most > context:
            raise PhasemixError(
                f"{self._name}: a prompt of {width} tokens and an answer of {most} are longer than its context,"
                f" {context}; take fewer shots"
            )
        try:
            found = self._model.generate(
                input_ids=batch["input_ids"].to(self._model.device),
                attention_mask=batch["attention_mask"].to(self._model.device),
                max_new_tokens=most,
                stopping_criteria=StoppingCriteriaList([_EndOfLine(self._tokenizer, width)]),
            )
        except torch.OutOfMemoryError as error:
            raise PhasemixError(
                f"{self._name}: {len(prompts)} prompts at a time do not fit the memory; lower batch_size"
            ) from error
        texts = self._tokenizer.batch_decode(found[:, width:], skip_special_tokens=True)
        return [first_line(text) for text in texts]


class _EndOfLine(StoppingCriteria):  # type: ignore[misc]  # transformers has no types
    """Ends a continuation with its first line that is not empty; ``start`` is where continuations begin."""

    def __init__(self, tokenizer: Any, start: int) -> None:
        self._tokenizer, self._start = tokenizer, start

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:  # noqa: ARG002 (its face)
        texts = self._tokenizer.batch_decode(input_ids[:, self._start :], skip_special_tokens=True)
        return torch.tensor(["\n" in text.lstrip() for text in texts], device=input_ids.device)
