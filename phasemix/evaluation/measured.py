"""What controllers ask of a model on the way: passes over held-out text of every source, which are counted."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from phasemix.controllers.controller import FORWARD, TRAINING
from phasemix.evaluation.validation_loss import ROWS_PER_BATCH, stream_loss, stream_rows, token_losses
from phasemix.model.gpt_neox import GPTNeoX


class HeldOut:
    """Held-out text of every source, and a reference model to compare with.

    Args:
        texts: ids by source, shape (n,) each, read in rows of ``context`` tokens; a rest is left out.
        context: tokens per row.
        reference: the model that excess losses are over; None where nobody asks for them.
    """

    def __init__(self, texts: Mapping[str, np.ndarray], context: int, reference: GPTNeoX | None = None) -> None:
        self._texts = texts
        self._context = context
        self._reference = reference
        self._reference_losses: dict[str, Tensor] | None = None
        self.cost = 0.0  # of all that was asked so far, in tokens of training

    def of(self, model: GPTNeoX) -> "MeasuredModel":
        """What can be measured of a model as it is now."""
        return MeasuredModel(self, model)

    def count(self, part: float) -> None:
        """Count a pass over all texts, which costs ``part`` of training on them."""
        rows = sum((len(ids) - 1) // self._context for ids in self._texts.values())
        self.cost += part * rows * self._context

    def losses(self, model: GPTNeoX) -> dict[str, float]:
        """The loss on every source."""
        self.count(FORWARD)
        return {name: stream_loss(model, ids, self._context) for name, ids in self._texts.items()}

    def token_losses(self, model: GPTNeoX) -> dict[str, Tensor]:
        """The loss of every token of every source."""
        self.count(FORWARD)
        return {
            name: token_losses(model, *stream_rows(ids, self._context, model.device))
            for name, ids in self._texts.items()
        }

    def excess_losses(self, model: GPTNeoX) -> dict[str, float]:
        """The mean over tokens of max(loss − the reference's, 0) on every source; the reference is asked once."""
        if self._reference is None:
            raise ValueError("excess losses need a reference model")
        if self._reference_losses is None:
            self._reference_losses = self.token_losses(self._reference)
        own, reference = self.token_losses(model), self._reference_losses
        return {name: (losses - reference[name]).clamp(min=0).mean().item() for name, losses in own.items()}

    def gradient_products(self, model: GPTNeoX) -> dict[str, dict[str, float]]:
        """⟨∇L_i, ∇L_j⟩ of every two sources."""
        self.count(TRAINING)
        gradients = torch.stack([self._gradient(model, name) for name in self._texts])
        products = (gradients @ gradients.t()).tolist()
        return {name: dict(zip(self._texts, row, strict=True)) for name, row in zip(self._texts, products, strict=True)}

    def _gradient(self, model: GPTNeoX, name: str) -> Tensor:
        """∇L on a source, flat."""
        parameters = list(model.parameters())
        total = [torch.zeros_like(parameter) for parameter in parameters]
        inputs, targets = stream_rows(self._texts[name], self._context, model.device)
        for ids, wanted in zip(*(torch.split(x, ROWS_PER_BATCH) for x in (inputs, targets)), strict=True):
            weights = torch.full(ids.shape, 1 / targets.numel(), device=model.device)
            with torch.enable_grad():
                found = torch.autograd.grad(model(ids, wanted, weights), parameters)
            torch._foreach_add_(total, found)
        return torch.cat([part.flatten() for part in total])


class MeasuredModel:
    """One model as :class:`phasemix.controllers.controller.Measured` has it."""

    def __init__(self, heldout: HeldOut, model: GPTNeoX) -> None:
        self._heldout = heldout
        self._model = model

    def losses(self) -> dict[str, float]:
        """See :meth:`HeldOut.losses`."""
        return self._heldout.losses(self._model)

    def excess_losses(self) -> dict[str, float]:
        """See :meth:`HeldOut.excess_losses`."""
        return self._heldout.excess_losses(self._model)

    def gradient_products(self) -> dict[str, dict[str, float]]:
        """See :meth:`HeldOut.gradient_products`."""
        return self._heldout.gradient_products(self._model)
