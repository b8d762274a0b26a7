"""The engine's operations against PyTorch's own, in values and gradients."""

import math

import pytest
import torch
from torch.nn import functional

from phasemix.model.kernels import attention, chunk_rows, gelu, linear_cross_entropy, product

F32, BF16 = torch.float32, torch.bfloat16
TOLERANCE = {F32: 2e-6, BF16: 0.02}  # of the norm


def compare(ours, reference, *shapes, precision=F32, scale=1.0):
    """Values and all gradients of two functions of random tensors agree."""
    generator = torch.Generator().manual_seed(0)
    leaves = [(torch.randn(shape, generator=generator) * scale).requires_grad_() for shape in shapes]
    copies = [leaf.detach().clone().requires_grad_() for leaf in leaves]
    found, expected = ours(*leaves).float(), reference(*copies)
    weights = torch.randn(expected.shape, generator=generator)
    (found * weights).sum().backward()
    (expected * weights).sum().backward()
    for a, b in ((found, expected), *((x.grad, y.grad) for x, y in zip(leaves, copies, strict=True))):
        assert a.shape == b.shape
        assert (a - b).norm() <= TOLERANCE[precision] * b.norm()


@pytest.mark.parametrize("precision", [F32, BF16])
def test_product(precision):
    compare(lambda a, b: product(a, b, precision), lambda a, b: a @ b, (7, 24), (24, 5), precision=precision)


@pytest.mark.parametrize("precision", [F32, BF16])
def test_gelu(precision):
    compare(lambda x: gelu(x, precision), functional.gelu, (50, 8), precision=precision, scale=2.0)


def causal(q, k, v):
    q, k, v = (x.transpose(2, 3) for x in (q, k, v))
    return functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(2, 3)


@pytest.mark.parametrize("dense", [True, False])
def test_attention(dense):
    mask = torch.full((19, 19), -torch.inf).triu(1) if dense else None
    compare(lambda q, k, v: attention(q, k, v, mask), causal, *[(3, 2, 8, 19)] * 3)


def test_without_a_mask_pytorchs_fused_kernel_is_taken(monkeypatch):
    """It is passed over for tensors whose innermost dimension is not contiguous, and then keeps all weights."""
    chosen = []
    real = functional.scaled_dot_product_attention

    def watching(q, k, v, **options):
        chosen.append(torch._fused_sdp_choice(q, k, v, **options))
        return real(q, k, v, **options)

    monkeypatch.setattr(functional, "scaled_dot_product_attention", watching)
    attention(*torch.randn(3, 2, 2, 16, 64), None)
    assert chosen == [1]  # flash; 0 would be the plain one


def test_attention_worked_out_by_hand():
    """One head of width 1: the second position looks at keys 0 and ln 3 with query 1, so by 1 to 3."""
    q, k, v = torch.tensor([1.0, 1.0]), torch.tensor([0.0, math.log(3.0)]), torch.tensor([8.0, 4.0])
    mask = torch.tensor([[0.0, -torch.inf], [0.0, 0.0]])
    mixed = attention(*(x.view(1, 1, 1, 2) for x in (q, k, v)), mask)
    assert mixed.flatten().tolist() == pytest.approx([8.0, 8.0 / 4 + 4.0 * 3 / 4])


TARGETS = torch.tensor([3, -100, 0, 9, 9, -100, 1])


def reference_loss(x, head):
    return functional.cross_entropy(x @ head.t(), TARGETS, reduction="sum") / 10


@pytest.mark.parametrize("precision", [F32, BF16])
def test_linear_cross_entropy_leaves_ignored_targets_out(precision):
    def ours(x, head):
        return linear_cross_entropy(x, head, TARGETS, torch.full((7,), 0.1), precision)

    compare(ours, reference_loss, (7, 16), (10, 16), precision=precision)


def test_linear_cross_entropy_in_chunks_is_the_same(monkeypatch):
    monkeypatch.setattr("phasemix.model.kernels.chunk_rows", lambda *_: 3)  # 7 rows: the last chunk is smaller
    compare(
        lambda x, h: linear_cross_entropy(x, h, TARGETS, torch.full((7,), 0.1), F32), reference_loss, (7, 16), (10, 16)
    )


def test_linear_cross_entropy_worked_out_by_hand():
    x, head = torch.tensor([[1.0]]), torch.tensor([[0.0], [math.log(3.0)]])
    loss = linear_cross_entropy(x, head, torch.tensor([1]), torch.ones(1), F32)
    assert loss.item() == pytest.approx(-math.log(3 / 4))


def test_huge_logits_stay_finite():
    x = torch.full((2, 4), 1e4)
    head = torch.eye(4) * torch.tensor([1.0, -1.0, 2.0, 0.0])
    loss = linear_cross_entropy(x, head, torch.tensor([2, 2]), torch.full((2,), 0.5), F32)
    assert loss.item() == pytest.approx(0.0)


def test_chunks_of_logits_fill_a_mebibyte():
    assert chunk_rows(1024, torch.zeros(1, dtype=BF16)) == 512
    assert chunk_rows(1024, torch.zeros(1)) == 256
    assert chunk_rows(50_304, torch.zeros(1)) == 256  # not fewer, or the products get thin
    assert chunk_rows(50_304, torch.zeros(512 * 2048, 1)) == 512 * 2048 // 64  # nor more than 64 chunks
