"""Pythia's architecture (GPT-NeoX) at any size.

The module's parameters have the names and shapes of ``transformers``' ``GPTNeoXForCausalLM``, so
that what it saves is loaded by ``AutoModelForCausalLM``; its passes are written on
:mod:`phasemix.model.kernels`, in three respects unlike those of ``transformers``: queries, keys and values are
laid out with the context innermost, the loss never holds all logits, and the large products may be
taken in another precision. A test holds both to the same numbers.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from transformers import GPTNeoXConfig

from phasemix.model.kernels import DENSE_CONTEXT, attention, gelu, linear_cross_entropy, product
from phasemix.study.cell import Architecture

VOCABULARY_MULTIPLE = 128  # GPT-NeoX pads the rows of its embedding to this
INITIAL_DEVIATION = 0.02  # of weights; biases begin at 0


def model_config(architecture: Architecture, vocabulary: int, context: int, end_of_text: int = 0) -> GPTNeoXConfig:
    """The ``transformers`` configuration of a size; the vocabulary is padded to a multiple of 128."""
    return GPTNeoXConfig(
        architectures=["GPTNeoXForCausalLM"],
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
        initializer_range=INITIAL_DEVIATION,
        dtype="float32",
        use_cache=False,
    )


class _Attention(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.query_key_value = nn.Linear(width, 3 * width)
        self.dense = nn.Linear(width, width)


class _Perceptron(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.dense_h_to_4h = nn.Linear(width, 4 * width)
        self.dense_4h_to_h = nn.Linear(4 * width, width)


class _Layer(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.input_layernorm = nn.LayerNorm(width)
        self.post_attention_layernorm = nn.LayerNorm(width)
        self.attention = _Attention(width)
        self.mlp = _Perceptron(width)


class _Trunk(nn.Module):
    def __init__(self, config: GPTNeoXConfig) -> None:
        super().__init__()
        self.embed_in = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList([_Layer(config.hidden_size) for _ in range(config.num_hidden_layers)])
        self.final_layer_norm = nn.LayerNorm(config.hidden_size)


class GPTNeoX(nn.Module):
    """A causal language model; ``config`` is its ``transformers`` configuration."""

    cosines: Tensor
    sines: Tensor
    mask: Tensor

    def __init__(self, config: GPTNeoXConfig) -> None:
        super().__init__()
        self.config = config
        self.gpt_neox = _Trunk(config)
        if not config.tie_word_embeddings:
            self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        context = max(config.max_position_embeddings, DENSE_CONTEXT)  # a question may be longer than training's rows
        rotary = int(config.hidden_size // config.num_attention_heads * config.rope_parameters["partial_rotary_factor"])
        frequencies = config.rope_parameters["rope_theta"] ** (-torch.arange(0, rotary, 2) / rotary)
        angles = frequencies[:, None] * torch.arange(context)
        self.register_buffer("cosines", angles.cos(), persistent=False)  # (rotated pairs, context)
        self.register_buffer("sines", angles.sin(), persistent=False)
        self.register_buffer("mask", torch.full([DENSE_CONTEXT] * 2, -torch.inf).triu(1), persistent=False)

    @property
    def device(self) -> torch.device:
        """Where the parameters are."""
        return self.gpt_neox.embed_in.weight.device

    @property
    def head(self) -> Tensor:
        """The output embedding, (vocabulary, width)."""
        return self.gpt_neox.embed_in.weight if self.config.tie_word_embeddings else self.lm_head.weight

    def hidden_states(self, ids: Tensor, precision: torch.dtype = torch.float32) -> Tensor:
        """What the head reads, (batch, context, width), for ``ids`` (batch, context)."""
        x = self.gpt_neox.embed_in(ids.flatten())
        for layer in cast("Iterable[_Layer]", self.gpt_neox.layers):
            normal = functional.layer_norm(x, x.shape[-1:])
            attended = self._attend(layer, normal, ids.shape, precision)
            wide = _linear(_scaled(normal, layer.post_attention_layernorm), layer.mlp.dense_h_to_4h, precision)
            narrow = product(gelu(wide, precision), layer.mlp.dense_4h_to_h.weight.t(), precision)
            x = x + (attended.float() + narrow.float() + (layer.attention.dense.bias + layer.mlp.dense_4h_to_h.bias))
        return self.gpt_neox.final_layer_norm(x).view(*ids.shape, -1)

    def _attend(self, layer: _Layer, normal: Tensor, shape: torch.Size, precision: torch.dtype) -> Tensor:
        """Attention without its output's bias, (batch × context, width), on normalised states of that shape."""
        batch, context = shape
        heads, width = self.config.num_attention_heads, self.config.hidden_size
        first = layer.attention.query_key_value
        states = _scaled(normal, layer.input_layernorm)
        qkv = product(first.weight, states.t(), precision).float() + first.bias.unsqueeze(1)
        q, k, v = qkv.view(heads, 3, width // heads, batch, context).permute(1, 3, 0, 2, 4)
        fused = states.is_cuda or context > DENSE_CONTEXT or not torch.is_grad_enabled()
        q, k, v = (x.to(precision) for x in (self._rotated(q), self._rotated(k), v))
        mixed = attention(q, k, v, None if fused else self.mask[:context, :context])
        mixed = mixed.reshape(batch, width, context).transpose(0, 1).reshape(width, batch * context)
        return product(mixed.t(), layer.attention.dense.weight.t(), precision)

    def _rotated(self, x: Tensor) -> Tensor:
        """Rotary position embedding of ``x`` (batch, heads, head width, context) on its first part."""
        pairs, context = len(self.cosines), x.shape[-1]
        cosines, sines = self.cosines[:, :context], self.sines[:, :context]
        first, second, rest = torch.split(x, [pairs, pairs, x.shape[2] - 2 * pairs], 2)
        return torch.cat([first * cosines - second * sines, second * cosines + first * sines, rest], 2)

    def logits(self, hidden: Tensor) -> Tensor:
        """Logits (…, vocabulary) of hidden states (…, width), in float32."""
        return functional.linear(hidden, self.head)

    def forward(self, ids: Tensor, targets: Tensor, scale: Tensor, precision: torch.dtype = torch.float32) -> Tensor:
        """``scale`` × the summed cross-entropy in nats of ``targets`` after ``ids``, both (batch, context)."""
        hidden = self.hidden_states(ids, precision).flatten(0, 1)
        return linear_cross_entropy(hidden, self.head, targets.flatten(), scale, precision)


def _scaled(normal: Tensor, norm: nn.LayerNorm) -> Tensor:
    """Normalised states under a layer norm's own scale and shift: both norms of a layer read the same ones."""
    return normal * norm.weight + norm.bias


def _linear(x: Tensor, linear: nn.Linear, precision: torch.dtype) -> Tensor:
    return product(x, linear.weight.t(), precision).float() + linear.bias


def build_model(architecture: Architecture, vocabulary: int, context: int, end_of_text: int = 0) -> GPTNeoX:
    """A freshly initialised model, by PyTorch's global generator: seed it first."""
    model = GPTNeoX(model_config(architecture, vocabulary, context, end_of_text))
    for name, parameter in model.named_parameters():
        if parameter.ndim >= 2:
            nn.init.normal_(parameter, std=INITIAL_DEVIATION)
        elif name.endswith("bias"):
            nn.init.zeros_(parameter)
    return model


def save_model(model: GPTNeoX, folder: Path) -> None:
    """Write ``config.json`` and ``model.safetensors`` as ``AutoModelForCausalLM.from_pretrained`` loads them."""
    folder.mkdir(parents=True, exist_ok=True)
    model.config.save_pretrained(folder)
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def load_model(folder: Path) -> GPTNeoX:
    """The model that :func:`save_model` wrote, on the CPU."""
    model = GPTNeoX(GPTNeoXConfig.from_pretrained(folder))
    model.load_state_dict(load_file(folder / "model.safetensors"))
    return model.eval()
