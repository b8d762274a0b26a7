"""AdamW as Pythia uses it, over all parameters at once.

The parameters of a model become views of two flat tensors: matrices, which decay, and vectors
(biases and layer norms), which do not. Clipping, the update, and summing gradients over devices are then
one operation each instead of one a parameter, which is what small models spend their time on.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from phasemix.study.cell import Recipe

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


class AdamW:
    """AdamW on what :func:`flatten` returns, with weight decay on the matrices only.

    The kernel of PyTorch's own, without its class: that imports PyTorch's compiler, two seconds of every cell.
    """

    def __init__(self, flats: list[nn.Parameter], recipe: Recipe) -> None:
        self._flats = flats
        self._decays = (recipe.weight_decay, 0.0)
        self._clip = recipe.gradient_clip
        self._first_beta, self._second_beta = recipe.betas
        self._means = [torch.zeros_like(flat, requires_grad=False) for flat in flats]
        self._squares = [torch.zeros_like(flat, requires_grad=False) for flat in flats]
        self._steps = [torch.zeros((), device=flat.device) for flat in flats]

    @torch.no_grad()
    def update(self, rate: float) -> None:
        """One update from the summed gradients, at learning rate ``rate``, their norm clipped; gradients become 0."""
        nn.utils.clip_grad_norm_(self._flats, self._clip)
        for flat, decay, mean, square, step in zip(
            self._flats, self._decays, self._means, self._squares, self._steps, strict=True
        ):
            assert flat.grad is not None
            step.add_(1)
            torch._fused_adamw_(
                [flat], [flat.grad], [mean], [square], [], [step],
                lr=rate, beta1=self._first_beta, beta2=self._second_beta, weight_decay=decay, eps=EPSILON,
                amsgrad=False, maximize=False,
            )  # fmt: skip
            flat.grad.zero_()

    @property
    def state(self) -> dict[str, list[Tensor]]:
        """Its moments and how many updates it made; setting it goes there."""
        return {"means": self._means, "squares": self._squares, "steps": self._steps}

    @state.setter
    def state(self, state: Mapping[str, list[Tensor]]) -> None:
        for name, own in self.state.items():
            for tensor, values in zip(own, state[name], strict=True):
                tensor.copy_(values)
