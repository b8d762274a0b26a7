"""A language model of the Hugging Face hub, or of a folder, that runs here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from phasemix.base.errors import PhasemixError
from phasemix.base.hub import from_cache_alone, why_not

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def local_model(
    name: str, revision: str | None = None, *, key: str = "--model", **options: Any
) -> tuple[PreTrainedTokenizerBase, PreTrainedModel]:
    """The tokenizer and the causal model of this name, which ``options`` of transformers set up.

    ``revision`` is the hub's; without one, the newest. ``key`` is what the user names the model by, for messages.

    Raises:
        PhasemixError: it cannot be loaded, or transformers is not installed.
    """
    try:
        transformers = import_module("transformers")  # takes seconds
    except ImportError as error:
        raise PhasemixError('a model that runs here needs transformers: pip install "phasemix[workflow]"') from error
    try:
        which = {"revision": revision or "main", "local_files_only": from_cache_alone(name)}
        tokenizer = transformers.AutoTokenizer.from_pretrained(name, **which)
        model = transformers.AutoModelForCausalLM.from_pretrained(name, **which, **options)
        return tokenizer, model.eval()
    except Exception as error:  # of the network, of the hub, of the name, of the files
        remedy = "name a folder with the model, or check the network"
        raise PhasemixError(f"{key} {name}: cannot be loaded ({why_not(name, error)}); {remedy}") from error


def as_chat(tokenizer: PreTrainedTokenizerBase, asked: str) -> str:
    """What a user asks, as the tokenizer's chat template has it, up to where the answer begins."""
    turns = [{"role": "user", "content": asked}]
    return str(tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True))
