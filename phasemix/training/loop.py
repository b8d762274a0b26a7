"""Training one cell of a grid: one model, one mixing ratio, one seed.

The loop, its evaluation points and checkpoints, from any state of a run to another:

- a whole run goes from a fresh model to its last step;
- runs that differ only in their horizon share a trunk (WSD's constant learning rate): a trunk's link
  goes from the one before it to the step where a horizon's cooldown begins, and that horizon's run
  branches off there.

Format of a run's folder:

- ``model/``: ``model.safetensors``, ``config.json`` and the tokenizer's files, as
  ``AutoModelForCausalLM.from_pretrained`` and ``AutoTokenizer.from_pretrained`` load them;
- ``metrics.csv``: a row every hundredth of the run, with ``step``, ``tokens``, ``learning_rate``,
  ``train_loss`` (mean since the row before), ``tokens_per_second``, the proportions ``mix.<source>`` of this
  step's batch, and at evaluation points ``loss.<source>`` and, of sources that are asked, ``accuracy.<source>`` and
  ``knowledge.<source>`` (bits about a subject);
- ``manifest.json``: what was run, on what, from what, how long, and how it ended.
"""

import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import torch

from phasemix.base.errors import PhasemixError, one_line, warn
from phasemix.controllers.controller import FORWARD, Seen
from phasemix.corpora.mixture import Mixture
from phasemix.model.gpt_neox import GPTNeoX
from phasemix.study.cell import Recipe
from phasemix.training.accumulation import Accumulation, Weigh
from phasemix.training.checkpoints import Checkpoints
from phasemix.training.heartbeat import Heartbeat
from phasemix.training.held import Held
from phasemix.training.learning_rate_schedules import learning_rate
from phasemix.training.memory import keep_freed_blocks
from phasemix.training.optimizer import AdamW
from phasemix.training.progress import progress
from phasemix.training.sample_weights import sample_weights
from phasemix.training.steering import Steered
from phasemix.training.stopping import Stopping

ROWS = 100  # metric rows of a run
STOP, SAVE, GO_ON = range(3)  # what a process wants after a step; all do the least that any of them wants

Evaluate = Callable[[GPTNeoX], dict[str, float]]
"""From a model to what an evaluation point measures, by column of ``metrics.csv``."""


class Observer(Protocol):
    """Somebody who watches a run, such as a tracker of experiments; nothing that it does changes the run."""

    def row(self, row: dict[str, float]) -> None:
        """Take note of a row of metrics."""

    def end(self) -> None:
        """Take note that the run is over, was stopped, or failed."""


@dataclass
class Progress:
    """How far a run is and what it has recorded; a part of every checkpoint."""

    first: int = 0  # the step it began at: 0, or that of its trunk
    step: int = 0
    micro_batch: int = 0  # its rows, now
    metrics: list[dict[str, float]] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)  # since the last row of metrics
    resumed_from: list[int] = field(default_factory=list)
    steered_at: int | None = None  # the step at which a controller was asked last
    overhead_tokens: float = 0.0  # what steering and weighing samples cost beside, in tokens of training
    good_step: int = 0  # the last evaluation point, whose weights a diverged run keeps
    diverged_at: int | None = None
    loss_at_first: float | None = None  # that early stopping looks at
    stopped_at: int | None = None  # the step at which it ended the run
    seconds: float = 0.0
    evaluation_seconds: float = 0.0

    @property
    def ended(self) -> bool:
        """Whether the run has ended before its last step."""
        return self.diverged_at is not None or self.stopped_at is not None


def set_up(threads: int) -> None:
    """Make PyTorch give the same bits on every run on this machine with this many threads; call it first."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what determinism on CUDA asks for
    os.environ.setdefault("RAYON_NUM_THREADS", str(threads))  # the tokenizer's threads
    torch.set_num_threads(threads)
    keep_freed_blocks()
    torch.set_deterministic_debug_mode("error")  # use_deterministic_algorithms, without importing the compiler
    # A debugging aid that costs 6 % of a small step.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]


class Run:
    """One run in progress: a model, its optimizer, its data, and how far it is.

    Args:
        held: the fresh model, trained in place, and the processes that train it together.
        mixture: the stream it reads.
        recipe: how it is trained.
        precision: of the large products.
        compiled: the folder of compiled steps; None runs eagerly.
        steered: what steers the mixture on the way; None: nothing does.
        observers: who is told of every row of metrics, in the first process.
    """

    def __init__(
        self,
        held: Held,
        mixture: Mixture,
        recipe: Recipe,
        *,
        precision: torch.dtype = torch.float32,
        compiled: Path | None = None,
        steered: Steered | None = None,
        observers: Sequence[Observer] = (),
    ) -> None:
        devices = held.devices
        share = devices.share(recipe.batch_size)
        self._most_rows = min(share.stop - share.start, held.most_rows or recipe.batch_size)
        self._computed_by = {"processes": devices.count, "device": devices.device.type}
        self._computed_by |= {"threads": torch.get_num_threads(), "compiled": compiled is not None}
        self._computed_by |= {"precision": str(precision).removeprefix("torch."), "torch": str(torch.__version__)}
        self._computed_by |= {"held": type(held).__name__.lower()}
        self.held = held
        self.progress = Progress(micro_batch=min(recipe.micro_batch_size or recipe.batch_size, self._most_rows))
        self._mixture = mixture
        self._recipe = recipe
        self._devices = devices
        self._steered = steered
        self._observers = observers if devices.first else ()
        self._optimizer = AdamW(held.groups, recipe)
        self._accumulation = Accumulation(held, rows=self.progress.micro_batch, precision=precision, compiled=compiled)
        self._proportions = mixture.proportions  # of the last batch
        self._good = held.copy()

    @property
    def exposures(self) -> dict[str, float]:
        """How often every document of a source has been seen so far, on average."""
        return self._mixture.exposures

    @property
    def read_proportions(self) -> dict[str, float]:
        """Each source's proportion of the tokens read so far, to within a segment."""
        return self._mixture.read_proportions

    def state(self) -> dict[str, Any]:
        """Everything that the run needs to go on, for saving at once; :meth:`restore` takes it back.

        Call it in all processes: tensors are whole in the first alone (:meth:`phasemix.training.held.Held.flats`).
        """
        flats = self.held.flats
        moments = {name: flats(groups) for name, groups in self._optimizer.moments.items()}
        return {
            "weights": flats(self.held.groups),
            "good": flats(self._good),
            "optimizer": moments | {"steps": self._optimizer.updates},
            "mixture": self._mixture.state,
            "controller": self._steered.controller.state if self._steered else None,
            "progress": asdict(self.progress),
            "computed_by": self._computed_by,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what :meth:`state` returned."""
        fill, moments = self.held.fill, state["optimizer"]
        fill(self.held.groups, state["weights"])
        fill(self._good, state["good"])
        for name, groups in self._optimizer.moments.items():
            fill(groups, moments[name])
        for own, saved in zip(self._optimizer.updates, moments["steps"], strict=True):
            own.copy_(saved)
        self._mixture.state = state["mixture"]
        if self._steered:
            self._steered.controller.state = state["controller"]
        self.progress = Progress(**state["progress"])
        self.progress.micro_batch = min(self.progress.micro_batch, self._most_rows)
        self._accumulation.rows = self.progress.micro_batch
        if state["computed_by"] != self._computed_by:
            was = ", ".join(f"{name} {value}" for name, value in state["computed_by"].items())
            self._say(f"begun with {was}: from here on equal to rounding, not bit for bit")

    def branch(self, state: dict[str, Any]) -> None:
        """Begin where the run of which this is the state stands, on an account of time of one's own."""
        self.restore(state)
        self.progress.first = self.progress.step
        self.progress.resumed_from = []
        self.progress.seconds = self.progress.evaluation_seconds = 0.0

    def train(self, until: int, evaluate: Evaluate, checkpoints: Checkpoints) -> None:
        """Train to step ``until``, going on from the newest checkpoint if there is one.

        A killed run that is started again ends in bitwise the same weights, and rows are never repeated: those so far
        are part of every checkpoint. A loss that is not finite ends the run: the weights of the last evaluation point
        are restored. Early stopping ends it with its weights as they are. If one of its processes gets SIGTERM, a
        checkpoint is saved before all of them end.

        Raises:
            PhasemixError: a checkpoint cannot be written, its processes found different ones, or SIGTERM stopped the
                run.
        """
        saved = checkpoints.load()
        # Before restoring: there, processes that share the parameters wait for each other.
        self._devices.agree(saved["progress"]["step"] if saved else self.progress.step)
        if saved is not None:
            self.restore(saved)
            self.progress.resumed_from.append(self.progress.step)
            self._say(f"resuming at step {self.progress.step} of {until}")
        now = self.progress
        row_steps = _spread(now.first, until, ROWS, self._recipe.steps)
        evaluation_steps = _spread(now.first, until, self._recipe.evaluation_points, self._recipe.steps)
        silent = not self._devices.first
        began = time.monotonic()
        heartbeat = Heartbeat(checkpoints.folder, now.step, until, silent)
        # The bar is closed before anything is said of how the loop ended: its last line is not the last of all.
        with Stopping() as stopping, heartbeat, self._observed(), progress(until, now.step, silent) as bar:
            self._accumulation.prepare()
            bar.unpause()
            row_began = time.monotonic()
            row_step, before = now.step, now.seconds
            self._look_at_first(evaluate)
            while now.step < until and not now.ended:
                self.step()
                bar.update()
                if now.step in row_steps or now.step in evaluation_steps or now.diverged_at:
                    row = self._row((now.step - row_step) / (time.monotonic() - row_began))
                    if now.step in evaluation_steps and not now.diverged_at:
                        row |= self._evaluate(evaluate)
                    now.metrics.append(row)
                    self._tell("row", row)
                    row_began, row_step = time.monotonic(), now.step
                now.seconds = before + time.monotonic() - began
                if now.step < until and not now.stopped_at:
                    self._keep(until, checkpoints, heartbeat, stopping.asked)
        now.seconds = before + time.monotonic() - began
        if now.stopped_at is not None:
            self._say(f"stopped early at step {now.stopped_at}")
        if now.diverged_at is not None:
            self._say(f"the loss is not finite at step {now.diverged_at}: the weights of step {now.good_step} are kept")
            self._restore_good()

    @torch.no_grad()
    def _restore_good(self) -> None:
        """Put back the weights of the last good evaluation point; each process has kept its own part of them."""
        for own, good in zip(chain(*self.held.groups), chain(*self._good), strict=True):
            own.copy_(good)

    def _look_at_first(self, evaluate: Evaluate) -> None:
        """Note the loss that early stopping compares with, if this run may stop early and did not note it before."""
        stopping = self._recipe.early_stopping
        if stopping and self.progress.loss_at_first is None:
            began = time.monotonic()
            with self.held.readable():
                self.progress.loss_at_first = evaluate(self.held.model)[f"loss.{stopping.source}"]
            self.progress.evaluation_seconds += time.monotonic() - began

    @contextmanager
    def _observed(self) -> Iterator[None]:
        """Tell the observers when the block ends, however it does."""
        try:
            yield
        finally:
            self._tell("end")

    def _tell(self, what: str, *about: Any) -> None:
        """Call this method of all observers; one that fails is warned of, and changes nothing."""
        for observer in self._observers:
            try:
                getattr(observer, what)(*about)
            except Exception as error:  # of whatever it tracks with
                warn(f"an observer of this run failed: {one_line(error)}")

    def _keep(self, until: int, checkpoints: Checkpoints, heartbeat: Heartbeat, asked: bool) -> None:
        """After a step: tell of it, save it if it is time to, and stop if any process was ``asked`` to."""
        step = self.progress.step
        due = self._devices.first and checkpoints.due
        agreed = self._devices.least(STOP if asked else SAVE if due else GO_ON)  # all do the same after this step
        heartbeat.reached(step)
        if agreed != GO_ON:
            state = self.state()
            if self._devices.first:
                checkpoints.save(step, state)
        if agreed == STOP:
            raise PhasemixError(f"stopped by SIGTERM after step {step} of {until}, which is saved")

    def step(self) -> None:
        """One optimizer step on the next batch."""
        now, recipe = self.progress, self._recipe
        self._steer()
        self._proportions = self._mixture.proportions
        weigh = self._weigh
        loss = self._accumulation(next(self._mixture), weigh)
        now.overhead_tokens += FORWARD * recipe.batch_tokens if weigh else 0
        self._optimizer.update(learning_rate(now.step, recipe))
        now.step += 1
        now.micro_batch = self._accumulation.rows
        now.losses.append(loss)
        if not math.isfinite(loss):
            now.diverged_at = now.step

    @property
    def _weigh(self) -> Weigh | None:
        """What weighs the rows of the next batch; None where all count alike."""
        chosen, step = self._recipe.sample_weights, self.progress.step
        if chosen is None or step < chosen.equal_steps:
            return None
        return lambda losses: sample_weights(losses, chosen, step, self._recipe.steps)

    def _steer(self) -> None:
        """Ask the controller for new proportions, if there is one and it is time to."""
        steered, mixture, now = self._steered, self._mixture, self.progress
        if steered and mixture.at_a_segment and mixture.segment % steered.segments == 0 and now.steered_at != now.step:
            tokens = now.step * self._recipe.batch_tokens
            rate, began = learning_rate(now.step, self._recipe), steered.heldout.cost
            seen = Seen(tokens, mixture.proportions, rate, steered.heldout.of(self.held.model))
            mixture.steer(steered.controller.proportions(seen))
            now.steered_at = now.step
            now.overhead_tokens += steered.heldout.cost - began

    def _row(self, steps_per_second: float) -> dict[str, float]:
        """The row of metrics of this step, without what evaluating finds."""
        now, recipe = self.progress, self._recipe
        losses, now.losses = now.losses, []
        return {
            "step": now.step,
            "tokens": now.step * recipe.batch_tokens,
            "learning_rate": learning_rate(now.step - 1, recipe),
            "train_loss": sum(losses) / len(losses),
            "tokens_per_second": steps_per_second * recipe.batch_tokens,
            **{f"mix.{name}": proportion for name, proportion in self._proportions.items()},
        }

    def _evaluate(self, evaluate: Evaluate) -> dict[str, float]:
        """What evaluating finds; the weights are good ones if all of it is finite."""
        now, began = self.progress, time.monotonic()
        with self.held.readable():
            found = evaluate(self.held.model)
        now.evaluation_seconds += time.monotonic() - began
        if all(map(math.isfinite, found.values())):
            self._good, now.good_step = self.held.copy(), now.step
        else:
            now.diverged_at = now.step
        stopping = self._recipe.early_stopping
        if stopping and now.loss_at_first is not None:
            rise = found[f"loss.{stopping.source}"] - now.loss_at_first
            now.stopped_at = now.step if rise >= stopping.rise and now.step < self._recipe.steps else None
        return found

    def _say(self, line: str) -> None:
        if self._devices.first:
            print(line, file=sys.stderr)


def _spread(first: int, last: int, points: int, steps: int) -> set[int]:
    """Steps spread evenly from ``first`` to ``last``, its last among them, ``points`` to a run of ``steps``."""
    count = max(1, round(points * (last - first) / steps))
    return {first + round((last - first) * (i + 1) / count) for i in range(count)} - {first}
