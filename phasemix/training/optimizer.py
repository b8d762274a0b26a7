"""AdamW as Pythia uses it, over all parameters at once.

The parameters of a model become views of two flat tensors: matrices, which decay, and vectors
(biases and layer norms), which do not. Clipping, the update, and summing gradients over devices are then
one operation each instead of one a parameter, which is what small models spend their time on.
"""

import torch
from torch import nn

from phasemix.study.cell import Recipe

BETAS = (0.9, 0.95)  # Pythia's
EPSILON = 1e-8


def flatten(model: nn.Module) -> list[nn.Parameter]:
    """Turn the model's parameters and their gradients (now 0) into views of two flat ones, which are returned."""
    parameters = list(model.parameters())
    groups = ([p for p in parameters if p.ndim >= 2], [p for p in parameters if p.ndim < 2])
    return [_flat(group) for group in groups]


def _flat(parameters: list[nn.Parameter]) -> nn.Parameter:
    sizes = [parameter.numel() for parameter in parameters]
    flat = nn.Parameter(torch.cat([parameter.detach().flatten() for parameter in parameters]))
    flat.grad = torch.zeros_like(flat)
    views = zip(parameters, torch.split(flat.detach(), sizes), torch.split(flat.grad, sizes), strict=True)
    for parameter, values, gradients in views:
        parameter.data = values.view_as(parameter)
        parameter.grad = gradients.view_as(parameter)
    return flat


def make_optimizer(flats: list[nn.Parameter], recipe: Recipe) -> torch.optim.AdamW:
    """AdamW on what :func:`flatten` returns: weight decay on the matrices only."""
    groups = [
        {"params": [flat], "weight_decay": decay} for flat, decay in zip(flats, (recipe.weight_decay, 0.0), strict=True)
    ]
    return torch.optim.AdamW(groups, lr=recipe.peak_learning_rate, betas=BETAS, eps=EPSILON, fused=True)


def update(optimizer: torch.optim.AdamW, flats: list[nn.Parameter], rate: float, clip: float) -> None:
    """One update from the summed gradients, at learning rate ``rate``, their norm clipped; gradients become 0."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    nn.utils.clip_grad_norm_(flats, clip)
    optimizer.step()
    optimizer.zero_grad(set_to_none=False)
