"""Pythia's architecture (GPT-NeoX) at any size, by ``transformers``."""

from typing import Self

from pydantic import Field, PositiveInt, model_validator
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

from phasemix.schema import Schema

VOCABULARY_MULTIPLE = 128  # GPT-NeoX pads the rows of its embedding to this


class Architecture(Schema):
    """What distinguishes one size from another; everything else is Pythia's.

    Pythia has separate input and output embeddings; ``tied`` shares them, which small models need
    to spend their parameters on more than the vocabulary.
    """

    layers: PositiveInt
    width: PositiveInt
    heads: PositiveInt
    tied: bool = False
    rotary_fraction: float = Field(default=0.25, gt=0, le=1)

    @model_validator(mode="after")
    def _heads_divide_width(self) -> Self:
        if self.width % (2 * self.heads):
            raise ValueError(f"width {self.width} must be a multiple of 2 × heads = {2 * self.heads}")
        return self


def model_config(architecture: Architecture, vocabulary: int, context: int) -> GPTNeoXConfig:
    """The ``transformers`` configuration of a size; the vocabulary is padded to a multiple of 128."""
    return GPTNeoXConfig(
        vocab_size=-(-vocabulary // VOCABULARY_MULTIPLE) * VOCABULARY_MULTIPLE,
        hidden_size=architecture.width,
        num_hidden_layers=architecture.layers,
        num_attention_heads=architecture.heads,
        intermediate_size=4 * architecture.width,
        max_position_embeddings=context,
        tie_word_embeddings=architecture.tied,
        rope_parameters={
            "rope_type": "default",
            "rope_theta": 10_000.0,
            "partial_rotary_factor": architecture.rotary_fraction,
        },
        bos_token_id=0,
        eos_token_id=0,
        use_cache=False,
    )


def parameter_count(architecture: Architecture, vocabulary: int) -> int:
    """All parameters of a size, tied embeddings counted once.

    A block of width d holds 12 d² weights, 9 d biases and 4 d of layer norms; then the final norm.
    """
    d = architecture.width
    padded = -(-vocabulary // VOCABULARY_MULTIPLE) * VOCABULARY_MULTIPLE
    embeddings = padded * d * (1 if architecture.tied else 2)
    return embeddings + architecture.layers * (12 * d * d + 13 * d) + 2 * d


def build_model(architecture: Architecture, vocabulary: int, context: int) -> GPTNeoXForCausalLM:
    """A freshly initialised model, by PyTorch's global generator: seed it first."""
    return GPTNeoXForCausalLM(model_config(architecture, vocabulary, context))
