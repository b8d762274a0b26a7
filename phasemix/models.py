"""Pythia's architecture (GPT-NeoX) at any size, by ``transformers``."""

from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

from phasemix.cell import Architecture

VOCABULARY_MULTIPLE = 128  # GPT-NeoX pads the rows of its embedding to this


def model_config(architecture: Architecture, vocabulary: int, context: int, end_of_text: int = 0) -> GPTNeoXConfig:
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
        bos_token_id=end_of_text,
        eos_token_id=end_of_text,
        use_cache=False,
    )


def build_model(architecture: Architecture, vocabulary: int, context: int, end_of_text: int = 0) -> GPTNeoXForCausalLM:
    """A freshly initialised model, by PyTorch's global generator: seed it first."""
    return GPTNeoXForCausalLM(model_config(architecture, vocabulary, context, end_of_text))
