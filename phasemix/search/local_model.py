"""A language model of the Hugging Face hub, or of a folder, that runs here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from phasemix.base.errors import PhasemixError, one_line

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def local_model(name: str, **options: Any) -> tuple[PreTrainedTokenizerBase, PreTrainedModel]:
    """The tokenizer and the causal model of this name, which ``options`` of transformers set up.

    Raises:
        PhasemixError: it cannot be loaded, or transformers is not installed.
    """
    try:
        transformers = import_module("transformers")  # takes seconds
    except ImportError as error:
        raise PhasemixError('a model that runs here needs transformers: pip install "phasemix[workflow]"') from error
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(name)
        return tokenizer, transformers.AutoModelForCausalLM.from_pretrained(name, **options).eval()
    except Exception as error:  # of the network, of the hub, of the name, of the files
        remedy = "name a folder with the model, or check the network"
        raise PhasemixError(f"--model {name}: cannot be loaded ({one_line(error)}); {remedy}") from error
