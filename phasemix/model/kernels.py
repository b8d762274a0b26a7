"""The four operations that a training step spends its time in, each with its own backward pass.

Large matrix products are taken in ``precision`` (bfloat16 where the hardware multiplies it faster)
and everything between them in float32: autocast and modules in pure bfloat16 lose at small widths
what the products win. The backward passes are written out so that one compiled graph holds the whole step
(:mod:`phasemix.training.engine`), in shapes whose innermost dimension is long enough to vectorise.
"""

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from phasemix.base.cuda import CHUNK_BYTES
from phasemix.corpora.document_packing import IGNORED

DENSE_CONTEXT = 512  # above it, attention weights are not worth keeping for the backward pass
LEAST_CHUNK, MOST_CHUNKS = 256, 64  # rows of logits made at a time, at least; and how often, at most


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, a: Tensor, b: Tensor, precision: torch.dtype) -> Tensor:
        a, b = a.to(precision), b.to(precision)
        ctx.save_for_backward(a, b)
        return a @ b

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None]:
        a, b = ctx.saved_tensors
        gradient = gradient.to(a.dtype)
        return gradient @ b.t(), a.t() @ gradient, None


def product(a: Tensor, b: Tensor, precision: torch.dtype) -> Tensor:
    """The matrix product of ``a`` (n, k) and ``b`` (k, m), taken and returned in ``precision``."""
    return _Product.apply(a, b, precision)


class _Gelu(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, precision: torch.dtype) -> Tensor:
        below = (1 + torch.erf(x * math.sqrt(0.5))) / 2
        slope = below + x * torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)
        ctx.save_for_backward(slope.to(precision))
        return (x * below).to(precision)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (slope,) = ctx.saved_tensors
        return gradient.float() * slope.float(), None


def gelu(x: Tensor, precision: torch.dtype) -> Tensor:
    """The exact GELU of ``x`` (float32, any shape), in ``precision``; only its slope is kept for the backward pass."""
    return _Gelu.apply(x, precision) if torch.is_grad_enabled() else functional.gelu(x).to(precision)


class _DenseAttention(torch.autograd.Function):
    """Queries, keys and values of shape (batch, head width, context)."""

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
        scores = torch.bmm(q.transpose(1, 2), k).float() / math.sqrt(q.shape[1]) + mask
        weights = torch.exp(scores - scores.amax(-1, keepdim=True))
        weights = (weights / weights.sum(-1, keepdim=True)).to(q.dtype)
        mixed = torch.bmm(v, weights.transpose(1, 2))
        ctx.save_for_backward(q, k, v, weights, mixed)
        return mixed

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        q, k, v, weights, mixed = ctx.saved_tensors
        gradient = gradient.to(q.dtype)
        # Σ_j w_ij ∂L/∂w_ij, by way of the output: a sum over the head's width instead of the context.
        centre = (gradient.float() * mixed.float()).sum(1).unsqueeze(2)
        slope = torch.bmm(gradient.transpose(1, 2), v).float()
        scores = (weights.float() * (slope - centre) / math.sqrt(q.shape[1])).to(q.dtype)
        return torch.bmm(k, scores.transpose(1, 2)), torch.bmm(q, scores), torch.bmm(gradient, weights), None


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    """Causal attention; queries, keys, values and result of shape (batch, heads, head width, context).

    ``mask`` (context, context) holds 0 where a row's position may look and −∞ elsewhere. Without
    it, PyTorch's fused attention is used: on a GPU, for contexts above :data:`DENSE_CONTEXT`, and to evaluate.
    """
    if mask is None:
        q, k, v = (x.transpose(2, 3).contiguous() for x in (q, k, v))  # as the fused kernels ask for it
        return functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(2, 3)
    return _DenseAttention.apply(q.flatten(0, 1), k.flatten(0, 1), v.flatten(0, 1), mask).view(q.shape)


class _LinearCrossEntropy(torch.autograd.Function):
    """Gradients are formed in the forward pass, by chunks, so that a small vocabulary's logits stay in the cache."""

    @staticmethod
    def forward(  # noqa: PLR0917 (autograd passes by position)
        ctx: Any, x: Tensor, head: Tensor, targets: Tensor, weights: Tensor, precision: torch.dtype
    ) -> Tensor:
        narrow, head = x.to(precision), head.to(precision)
        entries = torch.arange(len(head), device=x.device)
        rows = chunk_rows(len(head), narrow)
        loss = torch.zeros((), device=x.device)
        head_gradient = torch.zeros(head.shape, device=x.device)
        x_gradients = []
        for part, target, weight in zip(*(torch.split(each, rows) for each in (narrow, targets, weights)), strict=True):
            counted = (target != IGNORED) * weight
            logits = (part @ head.t()).float()
            highest = logits.amax(-1, keepdim=True)
            powers = torch.exp(logits - highest)
            total = powers.sum(-1, keepdim=True)
            hit = torch.gather(logits, 1, target.clamp(min=0).unsqueeze(1))
            loss = loss + ((highest + total.log() - hit).squeeze(1) * counted).sum()
            slope = powers / total - (entries == target.unsqueeze(1)).float()
            slope = (slope * counted.unsqueeze(1)).to(precision)
            x_gradients.append(slope @ head)
            head_gradient = head_gradient + (slope.t() @ part).float()
        ctx.save_for_backward(torch.cat(x_gradients), head_gradient)
        return loss

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None, None, None]:
        x_gradient, head_gradient = ctx.saved_tensors
        return x_gradient.float() * gradient, head_gradient * gradient, None, None, None


def linear_cross_entropy(x: Tensor, head: Tensor, targets: Tensor, weights: Tensor, precision: torch.dtype) -> Tensor:
    """The sum, by ``weights`` (n,), of cross-entropies in nats of ``x`` (n, width) by ``head`` (vocabulary, width).

    ``targets`` (n,) of −100 are left out.
    """
    return _LinearCrossEntropy.apply(x, head, targets, weights, precision)


def chunk_rows(vocabulary: int, x: Tensor) -> int:
    """Rows whose logits, in the type of ``x``, fill a core's level-2 cache (1 MiB), or 256 MiB of a GPU.

    Not so few, however, that the products get thin, or the chunks of ``x`` more than a graph should hold.
    """
    cached = CHUNK_BYTES if x.is_cuda else 2**20
    return max(LEAST_CHUNK, len(x) // MOST_CHUNKS, cached // (vocabulary * x.element_size()))
