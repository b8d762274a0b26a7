"""A language model of the Hugging Face hub, or of a folder, that runs here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from phasemix.base.errors import PhasemixError
from phasemix.base.hub import from_cache_alone, why_not

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
        alone = from_cache_alone(name)
        tokenizer = transformers.AutoTokenizer.from_pretrained(name, local_files_only=alone)
        model = transformers.AutoModelForCausalLM.from_pretrained(name, local_files_only=alone, **options)
        return tokenizer, model.eval()
    except Exception as error:  # of the network, of the hub, of the name, of the files
        remedy = "name a folder with the model, or check the network"
        raise PhasemixError(f"--model {name}: cannot be loaded ({why_not(name, error)}); {remedy}") from error
