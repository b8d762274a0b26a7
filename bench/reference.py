"""What the engine is compared with: plain PyTorch loops over the model of ``transformers``, in float32."""

import numpy as np
import torch
from torch.nn import functional
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

from phasemix.model.gpt_neox import GPTNeoX
from phasemix.study.cell import Recipe
from phasemix.training.learning_rate_schedules import learning_rate
from phasemix.training.optimizer import EPSILON


def reference_model(model: GPTNeoX) -> GPTNeoXForCausalLM:
    """The same weights in the model of ``transformers``."""
    reference = GPTNeoXForCausalLM(GPTNeoXConfig.from_dict(model.dimensions.transformers))
    missing, unexpected = reference.load_state_dict(model.state_dict(), strict=False)
    assert set(missing) <= {"lm_head.weight"}  # tied
    assert not unexpected
    return reference


class ReferenceLoop:
    """One optimizer step after another as PyTorch's own documentation writes it."""

    def __init__(self, model: GPTNeoXForCausalLM, recipe: Recipe) -> None:
        self.model = model.train()
        self._recipe = recipe
        decayed = [p for p in model.parameters() if p.ndim >= 2]
        others = [p for p in model.parameters() if p.ndim < 2]
        groups = [
            {"params": decayed, "weight_decay": recipe.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ]
        self._optimizer = torch.optim.AdamW(groups, betas=recipe.betas, eps=EPSILON)
        self._done = 0

    def step(self, batch: tuple[np.ndarray, np.ndarray]) -> float:
        """Train on a batch of inputs and targets; returns its mean loss."""
        inputs, targets = (torch.from_numpy(ids).to(self.model.device) for ids in batch)
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate(self._done, self._recipe)
        loss = functional.cross_entropy(self.model(inputs).logits.flatten(0, 1), targets.flatten())
        self._optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self._recipe.gradient_clip)
        self._optimizer.step()
        self._done += 1
        return loss.item()
