"""AdamW as Pythia uses it, over all parameters at once.

Matrices decay, and vectors (biases and layer norms) do not. The parameters of a whole model become views of two flat
tensors, one of each. Clipping, the update, and summing gradients over devices are then one operation each instead of
one a parameter, which is what small models spend their time on.
"""

from collections.abc import Iterable
from itertools import chain

import torch
from torch import nn

from phasemix.study.cell import Recipe

EPSILON = 1e-8


def flatten(model: nn.Module) -> list[nn.Parameter]:
    """Turn the model's parameters and their gradients (now 0) into views of two flat ones, which are returned."""
    return [_flat(group) for group in by_decay(model.parameters())]


def by_decay(parameters: Iterable[nn.Parameter]) -> list[list[nn.Parameter]]:
    """Matrices, which decay, and vectors, which do not."""
    found = list(parameters)
    return [[p for p in found if p.ndim >= 2], [p for p in found if p.ndim < 2]]


def _flat(parameters: list[nn.Parameter]) -> nn.Parameter:
    sizes = [parameter.numel() for parameter in parameters]
    flat = nn.Parameter(torch.cat([parameter.detach().flatten() for parameter in parameters]))
    flat.grad = torch.zeros_like(flat)
    views = zip(parameters, torch.split(flat.detach(), sizes), torch.split(flat.grad, sizes), strict=True)
    for parameter, values, gradients in views:
        parameter.data = values.view_as(parameter)
        parameter.grad = gradients.view_as(parameter)
    return flat


class AdamW:
    """AdamW on matrices, with weight decay, and on vectors, without; each is one flat tensor, or shards of several.

    The kernel of PyTorch's own, without its class: that imports PyTorch's compiler, two seconds of every cell.

    Attributes:
        moments: of the gradients, by name: tensors in groups like the parameters'.
        updates: how many were made, a tensor for each group, as the kernel takes it.
    """

    def __init__(self, groups: list[list[nn.Parameter]], recipe: Recipe) -> None:
        self._groups = groups
        self._decays = (recipe.weight_decay, 0.0)
        self._clip = recipe.gradient_clip
        self._first_beta, self._second_beta = recipe.betas
        self.moments = {
            name: [[torch.zeros_like(p, requires_grad=False) for p in group] for group in groups]
            for name in ("means", "squares")
        }
        self.updates = [torch.zeros((), device=group[0].device) for group in groups]

    @torch.no_grad()
    def update(self, rate: float) -> None:
        """One update from the summed gradients, at learning rate ``rate``, their norm clipped; gradients become 0."""
        nn.utils.clip_grad_norm_(list(chain(*self._groups)), self._clip)
        for group, decay, means, squares, updates in zip(
            self._groups, self._decays, *self.moments.values(), self.updates, strict=True
        ):
            gradients = [parameter.grad for parameter in group if parameter.grad is not None]
            updates.add_(1)
            torch._fused_adamw_(
                group, gradients, means, squares, [], [updates] * len(group),
                lr=rate, beta1=self._first_beta, beta2=self._second_beta, weight_decay=decay, eps=EPSILON,
                amsgrad=False, maximize=False,
            )  # fmt: skip
            for gradient in gradients:
                gradient.zero_()
