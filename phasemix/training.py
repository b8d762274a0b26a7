"""Training one cell of a grid: one model, one mixing ratio, one seed.

Reads top to bottom: the cell's specification, the optimizer, the loop with its evaluation points
and checkpoints, and the files that a finished run leaves.

Format of a run's folder:

- ``model/``: ``model.safetensors``, ``config.json`` and the tokenizer's files, as
  ``AutoModelForCausalLM.from_pretrained`` and ``AutoTokenizer.from_pretrained`` load them;
- ``metrics.csv``: a row every hundredth of the run, with ``step``, ``tokens``, ``learning_rate``,
  ``train_loss`` (mean since the row before), ``tokens_per_second``, and at evaluation points
  ``web_loss``, ``bio_loss`` and ``accuracy``;
- ``manifest.json``: what was run, on what, from what, how long, and how it ended.
"""

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm
from transformers import GPTNeoXForCausalLM

from phasemix.cell import Recipe
from phasemix.checkpoints import load_checkpoint, save_checkpoint
from phasemix.corpora.mixture import Mixture, Position
from phasemix.losses import token_loss
from phasemix.schedules import learning_rate

BETAS = (0.9, 0.95)  # Pythia's AdamW
EPSILON = 1e-8
ROWS = 100  # metric rows a run
CHECKPOINT_SECONDS = 15.0  # between checkpoints, at least
CHECKPOINT_PAUSE = 100  # and at least this many times as long as saving one took
SPARSE_LINES = 10  # progress lines a run, where no terminal shows a bar


def set_deterministic(threads: int) -> None:
    """Make PyTorch give the same bits on every run on this machine with this many threads."""
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)


def make_optimizer(model: GPTNeoXForCausalLM, recipe: Recipe) -> torch.optim.AdamW:
    """AdamW as Pythia uses it: no weight decay on biases and layer norms."""
    parameters = list(model.parameters())
    groups = [
        {"params": [p for p in parameters if p.ndim >= 2], "weight_decay": recipe.weight_decay},
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.peak_learning_rate, betas=BETAS, eps=EPSILON, fused=True)


def train(
    model: GPTNeoXForCausalLM,
    mixture: Mixture,
    recipe: Recipe,
    evaluate: Callable[[GPTNeoXForCausalLM], dict[str, float]],
    *,
    checkpoints: Path,
    cell_hash: str,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> dict[str, Any]:
    """Train ``model`` in place on the whole mixture, resuming from ``checkpoints`` if it can.

    A killed run that is started again ends in bitwise the same weights, and rows are never
    repeated: the rows so far are part of every checkpoint. A loss that is
    not finite ends the run: the weights of the last evaluation point are restored.

    Returns:
        ``metrics`` (rows), ``diverged_at`` (step or None), ``showings`` (biographies shown),
        ``resumed_from`` (steps at which the run was taken up again), ``seconds`` (of all its parts).
    """
    steps = recipe.steps
    batch_tokens = recipe.batch_size * recipe.context
    row_steps = sorted({round(steps * (i + 1) / ROWS) for i in range(ROWS)} - {0})
    evaluation_steps = {round(steps * (i + 1) / recipe.evaluation_points) for i in range(recipe.evaluation_points)}
    optimizer = make_optimizer(model, recipe)
    precision = autocast(model.device)
    good = _copy(model.state_dict())
    state: dict[str, Any] = {"step": 0, "metrics": [], "loss_sum": 0.0, "loss_steps": 0, "seconds": 0.0, "resumed": []}

    saved = load_checkpoint(checkpoints, cell_hash)
    if saved is not None:
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        mixture.position = Position(**saved["position"])
        good = saved["good"]
        state = saved["state"]
        state["resumed"].append(state["step"])
        print(f"resuming at step {state['step']} of {steps}", file=sys.stderr)

    model.train()
    bar = progress(steps, state["step"])
    began = time.monotonic()
    save_at = began + checkpoint_seconds
    row_began, row_step = began, state["step"]
    diverged_at = None
    while state["step"] < steps:
        rate = learning_rate(
            state["step"],
            steps,
            schedule=recipe.schedule,
            peak=recipe.peak_learning_rate,
            warmup=recipe.warmup_steps,
            cooldown=recipe.cooldown_fraction,
        )
        for group in optimizer.param_groups:
            group["lr"] = rate
        inputs, targets = (torch.from_numpy(ids).to(model.device) for ids in next(mixture))
        with precision:
            loss = token_loss(model(inputs).logits, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.gradient_clip)
        optimizer.step()
        optimizer.zero_grad()
        state["step"] += 1
        state["loss_sum"] += loss.item()
        state["loss_steps"] += 1
        bar.update()

        if not np.isfinite(state["loss_sum"]):
            diverged_at = state["step"]
            model.load_state_dict(good)
        if diverged_at or state["step"] in row_steps or state["step"] in evaluation_steps:
            row = {
                "step": state["step"],
                "tokens": state["step"] * batch_tokens,
                "learning_rate": rate,
                "train_loss": state["loss_sum"] / state["loss_steps"],
                "tokens_per_second": (state["step"] - row_step) * batch_tokens / (time.monotonic() - row_began),
            }
            if state["step"] in evaluation_steps and not diverged_at:
                model.eval()
                row |= evaluate(model)
                model.train()
                good = _copy(model.state_dict())
            state["metrics"].append(row)
            state["loss_sum"], state["loss_steps"] = 0.0, 0
            bar.set_postfix(loss=f"{row['train_loss']:.3f}", refresh=False)
            row_began, row_step = time.monotonic(), state["step"]
        if diverged_at:
            break
        if time.monotonic() >= save_at and state["step"] < steps:
            began_saving = time.monotonic()
            save_checkpoint(
                checkpoints,
                cell_hash,
                state["step"],
                {
                    "model": model.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "position": vars(mixture.position),
                    "good": good,
                    "state": state | {"seconds": state["seconds"] + time.monotonic() - began},
                },
            )
            save_at = time.monotonic() + max(checkpoint_seconds, CHECKPOINT_PAUSE * (time.monotonic() - began_saving))
    bar.close()
    model.eval()
    return {
        "metrics": state["metrics"],
        "diverged_at": diverged_at,
        "showings": mixture.position.showing,
        "resumed_from": state["resumed"],
        "seconds": state["seconds"] + time.monotonic() - began,
    }


def autocast(device: torch.device) -> AbstractContextManager:
    """bfloat16 autocast on a GPU; float32 as it is on a CPU, where casts cost small models more than they save."""
    return torch.autocast("cuda", dtype=torch.bfloat16) if device.type == "cuda" else nullcontext()


def progress(steps: int, done: int) -> tqdm:
    """A bar on a terminal; some ten lines in a log."""
    if sys.stderr.isatty():
        return tqdm(total=steps, initial=done, unit="step", dynamic_ncols=True)
    return _SparseLines(total=steps, initial=done, unit="step", miniters=1, mininterval=0, disable=False)


class _SparseLines(tqdm):
    """A progress bar that prints a plain line every tenth of the way."""

    def display(self, *_: Any, **__: Any) -> bool:
        share = self.n * SPARSE_LINES // self.total
        if share != getattr(self, "_share", 0):
            self._share = share
            print(self.format_meter(**{**self.format_dict, "ncols": 0}), file=sys.stderr, flush=True)
        return True


def _copy(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().to("cpu", copy=True) for name, tensor in weights.items()}


def metrics_frame(rows: list[dict[str, float]]) -> pd.DataFrame:
    """The rows of ``metrics.csv`` with all of its columns."""
    columns = ["step", "tokens", "learning_rate", "train_loss", "tokens_per_second", "web_loss", "bio_loss", "accuracy"]
    return pd.DataFrame(rows, columns=columns)
