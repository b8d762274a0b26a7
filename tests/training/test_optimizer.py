"""Pythia's AdamW on flat parameters against PyTorch's on separate ones."""

import pytest
import torch
from torch import nn

from phasemix.study.cell import Recipe
from phasemix.training.optimizer import EPSILON, AdamW, flatten

RECIPE = Recipe(tokens=2000, batch_size=1, context=2, weight_decay=0.3, gradient_clip=0.5)


def networks():
    torch.manual_seed(0)
    ours = nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.Linear(4, 2))
    theirs = nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.Linear(4, 2))
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def groups_of(network):
    return [[flat] for flat in flatten(network)]


def test_flattening_keeps_values_and_names_and_shares_memory():
    ours, theirs = networks()
    flats = flatten(ours)
    assert [flat.numel() for flat in flats] == [3 * 4 + 4 * 2, 4 + 4 + 4 + 2]
    for (name, a), (other, b) in zip(ours.named_parameters(), theirs.named_parameters(), strict=True):
        assert name == other
        assert torch.equal(a, b)
    with torch.no_grad():
        flats[0].fill_(7.0)
    assert ours[0].weight.eq(7.0).all()
    assert ours[2].weight.eq(7.0).all()
    ours[1].weight.grad.add_(1.0)
    assert flats[1].grad.sum() == 4


def gradients(*networks, step):
    """Fill the gradients of networks, the same ones in each."""
    x = torch.randn(6, 3, generator=torch.Generator().manual_seed(step))
    for network in networks:
        (network(x) ** 2).sum().backward()


@pytest.mark.parametrize("betas", [(0.9, 0.95), (0.8, 0.99)])
def test_updates_are_those_of_torch_with_decay_on_matrices_only(betas):
    ours, theirs = networks()
    optimizer = AdamW(groups_of(ours), RECIPE.model_copy(update={"betas": betas}))
    groups = [
        {"params": [p for p in theirs.parameters() if p.ndim >= 2], "weight_decay": 0.3},
        {"params": [p for p in theirs.parameters() if p.ndim < 2], "weight_decay": 0.0},
    ]
    reference = torch.optim.AdamW(groups, betas=betas, eps=EPSILON)
    for step in range(5):
        gradients(ours, theirs, step=step)
        rate = 0.1 / (step + 1)
        optimizer.update(rate)
        nn.utils.clip_grad_norm_(theirs.parameters(), RECIPE.gradient_clip)
        for group in reference.param_groups:
            group["lr"] = rate
        reference.step()
        reference.zero_grad()
        assert all(parameter.grad.eq(0).all() for parameter in ours.parameters())
        for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert torch.allclose(a, b, rtol=1e-5, atol=1e-6)


def test_updates_are_bit_for_bit_those_of_torchs_fused_kernel():
    ours, theirs = networks()
    flats, other_flats = flatten(ours), flatten(theirs)
    optimizer = AdamW([[flat] for flat in flats], RECIPE)
    groups = [{"params": [flat], "weight_decay": decay} for flat, decay in zip(other_flats, (0.3, 0.0))]
    reference = torch.optim.AdamW(groups, betas=RECIPE.betas, eps=EPSILON, fused=True)
    for step in range(30):
        gradients(ours, theirs, step=step)
        rate = 0.1 / (step + 1)
        optimizer.update(rate)
        nn.utils.clip_grad_norm_(other_flats, RECIPE.gradient_clip)
        for group in reference.param_groups:
            group["lr"] = rate
        reference.step()
        reference.zero_grad(set_to_none=False)
        assert all(map(torch.equal, flats, other_flats))


def test_it_goes_on_from_its_state_bit_for_bit():
    ours, theirs = networks()
    first, second = AdamW(groups_of(ours), RECIPE), AdamW(groups_of(theirs), RECIPE)
    for step in range(3):
        gradients(ours, step=step)
        first.update(0.1)
    with torch.no_grad():
        for a, b in zip(theirs.parameters(), ours.parameters(), strict=True):
            a.copy_(b)
        for name, groups in first.moments.items():
            for [a], [b] in zip(second.moments[name], groups, strict=True):
                a.copy_(b)
    second.updates = [updates.clone() for updates in first.updates]
    gradients(ours, theirs, step=3)
    first.update(0.05)
    second.update(0.05)
    assert all(map(torch.equal, ours.parameters(), theirs.parameters()))
