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

import math
import os
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
from phasemix.corpora.mixture import IGNORED, Mixture, Position
from phasemix.losses import token_loss
from phasemix.schedules import learning_rate

BETAS = (0.9, 0.95)  # Pythia's AdamW
EPSILON = 1e-8
ROWS = 100  # metric rows a run
CHECKPOINT_SECONDS = 15.0  # between checkpoints, at least
CHECKPOINT_PAUSE = 100  # and at least this many times as long as saving one took
SPARSE_LINES = 10  # progress lines a run, where no terminal shows a bar


def set_deterministic(threads: int) -> None:
    """Make PyTorch give the same bits on every run on this machine with this many threads; call it first."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what determinism on CUDA asks for
    os.environ.setdefault("RAYON_NUM_THREADS", str(threads))  # the tokenizer's threads
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    # A debugging aid that costs 6 % of a small step.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]


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
    repeated: the rows so far are part of every checkpoint. A loss that is not finite ends the run:
    the weights of the last evaluation point are restored. Checkpoints are ``checkpoint_seconds``
    apart, and a hundred times as long as saving one takes; with 0, every step leaves one.

    Returns:
        ``metrics`` (rows), ``diverged_at`` (step or None), ``showings`` (biographies shown),
        ``resumed_from`` (steps at which the run was taken up again), ``seconds`` (of all its parts)
        and ``evaluation_seconds`` (a part of them).
    """
    steps = recipe.steps
    row_steps = _spread(steps, ROWS)
    evaluation_steps = _spread(steps, recipe.evaluation_points)
    optimizer = make_optimizer(model, recipe)
    good = _copy(model.state_dict())
    state: dict[str, Any] = {"step": 0, "metrics": [], "losses": [], "resumed": [], "diverged_at": None}
    state |= {"seconds": 0.0, "evaluation_seconds": 0.0}

    saved = load_checkpoint(checkpoints, cell_hash)
    if saved is not None:
        good, state = _restore(saved, model, optimizer, mixture)
        state["resumed"].append(state["step"])
        print(f"resuming at step {state['step']} of {steps}", file=sys.stderr)

    model.train()
    bar = progress(steps, state["step"])
    began = row_began = time.monotonic()
    row_step = state["step"]
    save_at = began + checkpoint_seconds
    while state["step"] < steps and state["diverged_at"] is None:
        rate = learning_rate(state["step"], recipe)
        loss = optimizer_step(model, optimizer, next(mixture), rate, recipe)
        state["step"] += 1
        state["losses"].append(loss)
        bar.update()

        step = state["step"]
        if not math.isfinite(loss):
            state["diverged_at"] = step
        if step in row_steps or step in evaluation_steps or state["diverged_at"]:
            row_tokens = (step - row_step) * recipe.batch_tokens
            row = {
                "step": step,
                "tokens": step * recipe.batch_tokens,
                "learning_rate": rate,
                "train_loss": sum(state["losses"]) / len(state["losses"]),
                "tokens_per_second": row_tokens / (time.monotonic() - row_began),
            }
            if step in evaluation_steps and not state["diverged_at"]:
                evaluating = time.monotonic()
                found = _evaluate(model, evaluate)
                state["evaluation_seconds"] += time.monotonic() - evaluating
                row |= found
                if all(map(math.isfinite, found.values())):
                    good = _copy(model.state_dict())
                else:
                    state["diverged_at"] = step
            state["metrics"].append(row)
            state["losses"] = []
            row_began, row_step = time.monotonic(), step
        if time.monotonic() >= save_at and step < steps:
            saving = time.monotonic()
            so_far = state | {"seconds": state["seconds"] + saving - began}
            save_checkpoint(checkpoints, cell_hash, step, _everything(model, optimizer, mixture, good, so_far))
            pause = CHECKPOINT_PAUSE * (time.monotonic() - saving)
            save_at = time.monotonic() + (checkpoint_seconds and max(checkpoint_seconds, pause))
    bar.close()
    if state["diverged_at"] is not None:
        model.load_state_dict(good)
    model.eval()
    return {
        "metrics": state["metrics"],
        "diverged_at": state["diverged_at"],
        "showings": mixture.showings,
        "resumed_from": state["resumed"],
        "seconds": state["seconds"] + time.monotonic() - began,
        "evaluation_seconds": state["evaluation_seconds"],
    }


def _everything(
    model: GPTNeoXForCausalLM,
    optimizer: torch.optim.Optimizer,
    mixture: Mixture,
    good: dict[str, torch.Tensor],
    state: dict[str, Any],
) -> dict[str, Any]:
    """What a checkpoint holds; :func:`_restore` takes it back."""
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "position": vars(mixture.position),
        "good": good,
        "state": state,
    }


def _restore(
    saved: dict[str, Any], model: GPTNeoXForCausalLM, optimizer: torch.optim.Optimizer, mixture: Mixture
) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Put a checkpoint back into model, optimizer and mixture; returns its good weights and its state."""
    model.load_state_dict(saved["model"])
    optimizer.load_state_dict(saved["optimizer"])
    mixture.position = Position(**saved["position"])
    return saved["good"], saved["state"]


def _evaluate(
    model: GPTNeoXForCausalLM, evaluate: Callable[[GPTNeoXForCausalLM], dict[str, float]]
) -> dict[str, float]:
    model.eval()
    found = evaluate(model)
    model.train()
    return found


def optimizer_step(
    model: GPTNeoXForCausalLM,
    optimizer: torch.optim.Optimizer,
    batch: tuple[np.ndarray, np.ndarray],
    rate: float,
    recipe: Recipe,
) -> float:
    """One step on a batch of inputs and targets, each of shape (batch_size, context); returns its loss."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    inputs, targets = (torch.from_numpy(ids).to(model.device) for ids in batch)
    counted = (targets != IGNORED).sum()
    rows = recipe.micro_batch_size or recipe.batch_size
    total = 0.0
    for part in (slice(first, first + rows) for first in range(0, recipe.batch_size, rows)):
        with autocast(model.device):
            loss = token_loss(model(inputs[part]).logits, targets[part])
        loss = loss * ((targets[part] != IGNORED).sum() / counted)
        torch.autograd.backward(loss)
        total += loss.item()
    torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.gradient_clip)
    optimizer.step()
    optimizer.zero_grad()
    return total


def autocast(device: torch.device) -> AbstractContextManager[Any]:
    """bfloat16 autocast on a GPU; float32 as it is on a CPU, where casts cost small models more than they save."""
    return torch.autocast("cuda", dtype=torch.bfloat16) if device.type == "cuda" else nullcontext()


def progress(steps: int, done: int) -> "tqdm[Any]":
    """A bar on a terminal; some ten lines in a log."""
    kind = tqdm if sys.stderr.isatty() else _SparseLines
    return kind(total=steps, initial=done, unit="step", mininterval=0.2, dynamic_ncols=True)


class _SparseLines(tqdm):  # type: ignore[type-arg]  # tqdm is generic to type checkers only
    """A progress bar that prints a plain line every tenth of the way."""

    _printed = 0

    def refresh(self, *_: Any, **__: Any) -> None:
        tenth = int(self.n * SPARSE_LINES // (self.total or 1))
        if tenth != self._printed:
            self._printed = tenth
            print(self.format_meter(**{**self.format_dict, "ncols": 0}), file=sys.stderr, flush=True)

    def close(self) -> None:
        self.refresh()
        self.disable = True


def _spread(steps: int, points: int) -> set[int]:
    """The steps of ``points`` points spread evenly over a run, its last step among them."""
    return {round(steps * (i + 1) / points) for i in range(points)} - {0}


def _copy(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().to("cpu", copy=True) for name, tensor in weights.items()}


def metrics_frame(rows: list[dict[str, float]]) -> pd.DataFrame:
    """The rows of ``metrics.csv`` with all of its columns."""
    columns = ["step", "tokens", "learning_rate", "train_loss", "tokens_per_second", "web_loss", "bio_loss", "accuracy"]
    return pd.DataFrame(rows, columns=columns)
