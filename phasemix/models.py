"""Pythia's architecture (GPT-NeoX) at any size, by ``transformers``."""

from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

from phasemix.cell import Architecture

VOCABULARY_MULTIPLE = 128  # GPT-NeoX pads the rows of its embedding to this


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
