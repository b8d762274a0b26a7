"""Pythia's architecture (GPT-NeoX) at any size.

The module's parameters have the names and shapes of ``transformers``' ``GPTNeoXForCausalLM``, so
that what it saves is loaded by ``AutoModelForCausalLM``, and back; its passes are written on
:mod:`phasemix.model.kernels`, in three respects unlike those of ``transformers``: queries, keys and values are
laid out with the context innermost, the loss never holds all logits, and the large products may be
taken in another precision. A test holds both to the same numbers.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from phasemix.base.cuda import fuses_attention
from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_json
from phasemix.model.kernels import DENSE_CONTEXT, attention, gelu, linear_cross_entropy, product
from phasemix.study.cell import Architecture

VOCABULARY_MULTIPLE = 128  # GPT-NeoX pads the rows of its embedding to this
OUTPUTS = ("attention.dense.weight", "mlp.dense_4h_to_h.weight")  # the matrices that write to the residual stream
ROTARY_BASE = 10_000.0
LAYER_NORM_EPSILON = 1e-5  # PyTorch's own
COMPUTED_AS_PYTHIA = (
    "use_parallel_residual", "intermediate_size", "hidden_act", "layer_norm_eps", "attention_bias", "rope_type",
    "rope_theta",
)  # fmt: skip


@dataclass(frozen=True)
class Dimensions:
    """What is built: an architecture with its vocabulary (padded to a multiple of 128) and the longest context."""

    layers: int
    width: int
    heads: int
    tied: bool
    rotary_fraction: float
    vocabulary: int
    context: int
    end_of_text: int = 0

    @classmethod
    def of(cls, architecture: Architecture, vocabulary: int, context: int, end_of_text: int = 0) -> Self:
        """The dimensions of a size with a tokenizer of ``vocabulary`` entries, for rows of ``context`` tokens."""
        padded = -(-vocabulary // VOCABULARY_MULTIPLE) * VOCABULARY_MULTIPLE
        return cls(**architecture.model_dump(), vocabulary=padded, context=context, end_of_text=end_of_text)

    @property
    def transformers(self) -> dict[str, Any]:
        """The content of ``config.json`` of ``transformers``' GPT-NeoX."""
        return {
            "architectures": ["GPTNeoXForCausalLM"],
            "model_type": "gpt_neox",
            "vocab_size": self.vocabulary,
            "hidden_size": self.width,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "intermediate_size": 4 * self.width,
            "max_position_embeddings": self.context,
            "tie_word_embeddings": self.tied,
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": ROTARY_BASE,
                "partial_rotary_factor": self.rotary_fraction,
            },
            "hidden_act": "gelu",
            "attention_bias": True,
            "use_parallel_residual": True,
            "layer_norm_eps": LAYER_NORM_EPSILON,
            "initializer_range": 0.02,  # as Pythia's files say; it was initialised otherwise (build_model)
            "bos_token_id": self.end_of_text,
            "eos_token_id": self.end_of_text,
            "dtype": "float32",
            "use_cache": False,
        }

    @classmethod
    def read(cls, config: dict[str, Any]) -> Self:
        """The dimensions that a ``config.json`` of GPT-NeoX states; Pythia's own, of older versions, among them.

        Raises:
            PhasemixError: it is of another architecture.
        """
        older = {"partial_rotary_factor": config.get("rotary_pct", 0.25), "rope_theta": config.get("rotary_emb_base")}
        stated = older | config | (config.get("rope_parameters") or {})
        if stated.get("model_type") != "gpt_neox":
            raise PhasemixError(f"config.json: a model of type {stated.get('model_type')!r} is no GPT-NeoX")
        found = cls(
            layers=stated["num_hidden_layers"],
            width=stated["hidden_size"],
            heads=stated["num_attention_heads"],
            tied=stated.get("tie_word_embeddings", False),
            rotary_fraction=stated["partial_rotary_factor"],
            vocabulary=stated["vocab_size"],
            context=stated["max_position_embeddings"],
            end_of_text=stated.get("eos_token_id") or 0,
        )
        ours = found.transformers | found.transformers["rope_parameters"]
        for name in COMPUTED_AS_PYTHIA:
            if stated.get(name) not in (None, ours[name]):
                raise PhasemixError(
                    f"config.json: {name} is {stated[name]!r}; only Pythia's, {ours[name]!r}, is computed"
                )
        return found

    @property
    def text(self) -> str:
        """All of it, as a name for what is made of it."""
        return json.dumps(asdict(self), sort_keys=True)


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


@dataclass(frozen=True)
class _Places:
    """What all layers read of the places of tokens: ``shape`` (batch, context) of ids, and the model's buffers."""

    shape: torch.Size
    cosines: Tensor
    sines: Tensor
    mask: Tensor


class _Layer(nn.Module):
    """One layer; its weights are read in its own forward pass alone, where sharded ones are gathered."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.input_layernorm = nn.LayerNorm(width)
        self.post_attention_layernorm = nn.LayerNorm(width)
        self.attention = _Attention(width)
        self.mlp = _Perceptron(width)

    def forward(self, x: Tensor, places: _Places, precision: torch.dtype) -> Tensor:
        """The residual stream after this layer, (batch × context, width), of that before it."""
        normal = functional.layer_norm(x, x.shape[-1:])
        attended = self._attend(normal, places, precision)
        wide = _linear(_scaled(normal, self.post_attention_layernorm), self.mlp.dense_h_to_4h, precision)
        narrow = product(gelu(wide, precision), self.mlp.dense_4h_to_h.weight.t(), precision)
        return x + (attended.float() + narrow.float() + (self.attention.dense.bias + self.mlp.dense_4h_to_h.bias))

    def _attend(self, normal: Tensor, places: _Places, precision: torch.dtype) -> Tensor:
        """Attention without its output's bias, (batch × context, width), on normalised states."""
        batch, context = places.shape
        width = normal.shape[-1]
        first = self.attention.query_key_value
        states = _scaled(normal, self.input_layernorm)
        qkv = product(first.weight, states.t(), precision).float() + first.bias.unsqueeze(1)
        q, k, v = qkv.view(self.heads, 3, width // self.heads, batch, context).permute(1, 3, 0, 2, 4)
        fused = fuses_attention(states) or context > DENSE_CONTEXT or not torch.is_grad_enabled()
        q, k, v = (x.to(precision) for x in (_rotated(q, places), _rotated(k, places), v))
        mixed = attention(q, k, v, None if fused else places.mask[:context, :context])
        mixed = mixed.reshape(batch, width, context).transpose(0, 1).reshape(width, batch * context)
        return product(mixed.t(), self.attention.dense.weight.t(), precision)


def _rotated(x: Tensor, places: _Places) -> Tensor:
    """Rotary position embedding of ``x`` (batch, heads, head width, context) on its first part."""
    pairs, context = len(places.cosines), x.shape[-1]
    cosines, sines = places.cosines[:, :context], places.sines[:, :context]
    first, second, rest = torch.split(x, [pairs, pairs, x.shape[2] - 2 * pairs], 2)
    return torch.cat([first * cosines - second * sines, second * cosines + first * sines, rest], 2)


class _Body(nn.Module):
    def __init__(self, dimensions: Dimensions) -> None:
        super().__init__()
        self.embed_in = nn.Embedding(dimensions.vocabulary, dimensions.width)
        self.layers = nn.ModuleList([_Layer(dimensions.width, dimensions.heads) for _ in range(dimensions.layers)])
        self.final_layer_norm = nn.LayerNorm(dimensions.width)


class GPTNeoX(nn.Module):
    """A causal language model of the given dimensions."""

    cosines: Tensor
    sines: Tensor
    mask: Tensor

    def __init__(self, dimensions: Dimensions) -> None:
        super().__init__()
        self.dimensions = dimensions
        self.gpt_neox = _Body(dimensions)
        if not dimensions.tied:
            self.lm_head = nn.Linear(dimensions.width, dimensions.vocabulary, bias=False)
        context = max(dimensions.context, DENSE_CONTEXT)  # a question may be longer than training's rows
        rotary = int(dimensions.width // dimensions.heads * dimensions.rotary_fraction)
        frequencies = ROTARY_BASE ** (-torch.arange(0, rotary, 2) / rotary)
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
        return self.gpt_neox.embed_in.weight if self.dimensions.tied else self.lm_head.weight

    def hidden_states(self, ids: Tensor, precision: torch.dtype = torch.float32) -> Tensor:
        """What the head reads, (batch, context, width), for ``ids`` (batch, context)."""
        x = self.gpt_neox.embed_in(ids.flatten())
        places = _Places(ids.shape, self.cosines, self.sines, self.mask)
        for layer in self.gpt_neox.layers:
            x = layer(x, places, precision)
        return self.gpt_neox.final_layer_norm(x).view(*ids.shape, -1)

    def logits(self, hidden: Tensor) -> Tensor:
        """Logits (…, vocabulary) of hidden states (…, width), in float32."""
        return functional.linear(hidden, self.head)

    def forward(self, ids: Tensor, targets: Tensor, weights: Tensor, precision: torch.dtype = torch.float32) -> Tensor:
        """The sum of the cross-entropies in nats of ``targets`` after ``ids`` by ``weights``, all (batch, context)."""
        hidden = self.hidden_states(ids, precision).flatten(0, 1)
        return linear_cross_entropy(hidden, self.head, targets.flatten(), weights.flatten(), precision)


def _scaled(normal: Tensor, norm: nn.LayerNorm) -> Tensor:
    """Normalised states under a layer norm's own scale and shift: both norms of a layer read the same ones."""
    return normal * norm.weight + norm.bias


def _linear(x: Tensor, linear: nn.Linear, precision: torch.dtype) -> Tensor:
    return product(x, linear.weight.t(), precision).float() + linear.bias


def build_model(dimensions: Dimensions) -> GPTNeoX:
    """A model initialised as Pythia's were, by PyTorch's global generator: seed it first.

    Matrices have a standard deviation of √(2 / (5·width)) (``small_init`` of GPT-NeoX, after Nguyen and Salazar,
    1910.05895), those that write to the residual stream 2 / (layers·√width) (its ``wang_init``); biases are 0.
    """
    model = GPTNeoX(dimensions)
    small, wang = math.sqrt(2 / (5 * dimensions.width)), 2 / (dimensions.layers * math.sqrt(dimensions.width))
    for name, parameter in model.named_parameters():
        if parameter.ndim >= 2:
            nn.init.normal_(parameter, std=wang if name.endswith(OUTPUTS) else small)
        elif name.endswith("bias"):
            nn.init.zeros_(parameter)
    return model


def save_weights(dimensions: Dimensions, weights: Mapping[str, Tensor], folder: Path) -> None:
    """Write ``config.json`` and ``model.safetensors`` as ``AutoModelForCausalLM.from_pretrained`` loads them.

    ``weights`` are a model's by name, on the CPU.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "config.json", dimensions.transformers)
    contiguous = {name: tensor.contiguous() for name, tensor in weights.items()}
    save_file(contiguous, folder / "model.safetensors", metadata={"format": "pt"})


def load_model(folder: Path) -> GPTNeoX:
    """The model in a folder, as :func:`save_weights` or ``transformers`` writes it, on the CPU."""
    model = GPTNeoX(Dimensions.read(read_json(folder / "config.json")))
    names = model.state_dict().keys()
    # Older files also hold buffers, which are the architecture's and not learned.
    model.load_state_dict(
        {name: tensor for name, tensor in read_weights(folder / "model.safetensors").items() if name in names}
    )
    return model.eval()


def read_weights(file: Path) -> dict[str, Tensor]:
    """The tensors in a file of weights by name, a ``.safetensors`` or one of PyTorch's.

    ``transformers`` saves the head under Pythia's name for it.
    """
    if file.suffix == ".safetensors":
        found = load_file(file)
    else:
        found = torch.load(file, map_location="cpu", weights_only=True)
    return {name.replace("embed_out", "lm_head"): tensor for name, tensor in found.items()}
