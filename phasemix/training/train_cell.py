"""One cell of a grid, from its specification to the files of its finished run.

Format of a trunk's folder: ``state.pt``, the state of the run at the end of this link
(:meth:`phasemix.training.loop.Run.state`); ``checksums.json``, its ``step`` and the SHA-256 of its
``weights``, which are the same whenever it is trained; ``manifest.json``, what this link took
(:meth:`Trained.account`).
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from phasemix.base import cuda
from phasemix.base.errors import PhasemixError
from phasemix.base.files import (
    atomic,
    checksums_of,
    locked,
    read_json,
    sha256,
    sha256_of,
    unchanged,
    write_json,
    write_rows,
)
from phasemix.base.provenance import provenance
from phasemix.base.sources import code_of, refuse_edited_code
from phasemix.corpora.document_influences import DocumentInfluences
from phasemix.corpora.mixture import Mixture
from phasemix.corpora.segments import Segments, Shares
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.corpora.tokens import DocumentStream
from phasemix.evaluation.on_the_way import measure
from phasemix.model.flops_per_token import parameters
from phasemix.model.gpt_neox import Dimensions, GPTNeoX, build_model, save_weights
from phasemix.model.memory import STATE_BYTES
from phasemix.study.cell import Cell
from phasemix.tasks.task import SourceSeeds, Task, open_task
from phasemix.training.checkpoints import (
    CHECKPOINT_SECONDS,
    Checkpoints,
    Identity,
    flat,
    load_state,
    save_state,
    without,
    written,
)
from phasemix.training.devices import Devices, devices
from phasemix.training.engine import resolve_precision
from phasemix.training.held import Held
from phasemix.training.loop import Observer, Run, set_up
from phasemix.training.modules import cell_modules
from phasemix.training.start import StartWeights, start_weights
from phasemix.training.steering import steered, steering_checksums
from phasemix.training.whole import Whole

OF_A_HORIZON = ("recipe.tokens", "recipe.cooldown_fraction")  # what distinguishes the runs that share a trunk
METRICS = ("step", "tokens", "learning_rate", "train_loss", "tokens_per_second")


@dataclass(frozen=True)
class Data:
    """What cells read: the folders of corpora and of tokens, each with one folder per source, and a tokenizer's.

    Beside each source's folders stand their checksums.
    """

    corpora: Path
    tokens: Path
    tokenizer: Path

    def checksums(self, sources: list[str]) -> dict[str, str]:
        """The SHA-256 of everything that decides what a run on these sources reads."""
        found = {"tokenizer": sha256(self.tokenizer / "tokenizer.json")}
        for source in sources:
            for what, folder in (("corpus", self.corpora), ("tokens", self.tokens)):
                files = read_json(checksums_of(folder / source))["files"]
                found |= {f"{source}/{what}/{name}": checksum for name, checksum in files.items()}
        return found

    def open(self, cell: Cell) -> dict[str, Task]:
        """The sources of a cell, opened, by name and in order."""
        tokenizer = Tokenizer(self.tokenizer)
        return {
            name: open_task(options, self.corpora / name, self.tokens / name, tokenizer)
            for name, options in cell.sources.items()
        }


@dataclass(frozen=True)
class Trained:
    """A run that has been trained, with what its files say beside it."""

    cell: Cell
    run: Run
    tokenizer: Tokenizer
    identity: Identity
    data: dict[str, str]
    precision: str
    asked: list[str]

    def account(self) -> dict[str, Any]:
        """What training took, and where it comes from."""
        progress = self.run.progress
        return {
            "diverged_at": progress.diverged_at,
            "stopped_at": progress.stopped_at,
            "loss_at_first": progress.loss_at_first,
            "good_step": progress.good_step,
            "trained_tokens": (progress.step - progress.first) * self.cell.recipe.batch_tokens,
            "overhead_tokens": round(progress.overhead_tokens),
            "resumed_from": progress.resumed_from,
            "seconds": round(progress.seconds, 2),
            "evaluation_seconds": round(progress.evaluation_seconds, 2),
            "precision": self.precision,
            "processes": self.run.held.devices.count,
            "micro_batch_size": progress.micro_batch,
            "peak_bytes": cuda.peak_bytes(self.run.held.devices.device),
            "data": self.data,
            **provenance(),
        }


def run_cell(cell: Cell, data: Data, *, run: Path, **how: Any) -> None:
    """Train a cell to its end and write the folder ``run`` (format in :mod:`phasemix.training.loop`).

    Arguments and errors as for :func:`train_cell`.
    """

    def write(trained: Trained) -> None:
        held, progress = trained.run.held, trained.run.progress
        weights = held.by_name()
        if not held.devices.first:
            return
        run.mkdir(parents=True, exist_ok=True)
        with atomic(run / "model") as temporary:
            save_weights(held.model.dimensions, weights, temporary)
            trained.tokenizer.copy(temporary)
        write_rows(run / "metrics.csv", progress.metrics, _columns(cell, trained.asked))
        manifest = {
            "cell": trained.cell.model_dump(mode="json"),
            "cell_hash": _hash(trained.identity),
            "parameters": sum(parameter.numel() for parameter in held.model.parameters()),
            "tokens": progress.step * cell.recipe.batch_tokens,
            "proportions": trained.run.read_proportions,
            "exposures": trained.run.exposures,
            "weights_sha256": sha256(run / "model" / "model.safetensors"),
            **trained.account(),
        }
        write_json(run / "manifest.json", manifest)

    train_cell(cell, data, until=cell.recipe.steps, write=write, **how)


def run_trunk(cell: Cell, data: Data, *, trunk: Path, **how: Any) -> None:
    """Train a cell to the step at which its cooldown begins, and write the folder ``trunk`` (format above).

    Arguments and errors as for :func:`train_cell`.
    """

    def write(trained: Trained) -> None:
        state = trained.run.state()
        if not trained.run.held.devices.first:
            return
        save_state(trunk / "state.pt", without(trained.identity, OF_A_HORIZON), state)
        weights = [sha256_of(tensor.numpy().tobytes()) for tensor in state["weights"]]
        write_json(trunk / "checksums.json", {"step": trained.run.progress.step, "weights": weights})
        write_json(trunk / "manifest.json", trained.account())

    train_cell(cell, data, until=cell.recipe.cooldown_step, write=write, **how)


def train_cell(
    cell: Cell,
    data: Data,
    *,
    until: int,
    write: Callable[[Trained], None],
    checkpoints: Path,
    start: Path | None = None,
    compiled: Path | None = None,
    threads: int = 1,
    shard: bool = False,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
    observers: Callable[[], Sequence[Observer]] = tuple,
) -> None:
    """Train a cell to step ``until`` and write what it leaves.

    Args:
        cell: what to train.
        data: what it reads.
        until: the step at which to stop.
        write: writes the results; called once in all of the run's processes, of which the first writes.
        checkpoints: the folder in which an unfinished run keeps its state; removed at the end.
        start: the ``state.pt`` of the trunk that the run goes on from; None: from a fresh model.
        compiled: the folder of compiled training steps; None runs eagerly.
        threads: CPU threads.
        shard: whether the run's processes share the parameters, which decides memory and no result.
        checkpoint_seconds: least time between checkpoints.
        observers: makes those who are told of every row of metrics; called once, in the first of the processes.

    Raises:
        PhasemixError: the web text does not suffice, another process trains this cell, ``start`` is
            of another configuration, the model does not fit its device, or a checkpoint cannot be written.
    """
    read = [*map(Path, cell.mixture.files), *([cell.start.weights] if cell.start and cell.start.weights else [])]
    set_up(threads)
    with devices() as processes, only_one(checkpoints, processes), unchanged(read):
        processes.share(cell.recipe.batch_size)  # or refuse, before anything is loaded
        cell = cell.model_copy(update={"mixture": cell.mixture.read()})
        precision = resolve_precision(cell.recipe.precision, processes.device)
        cuda.set_products(precision)
        tasks = data.open(cell)
        mixture = make_mixture(cell, tasks)
        checksums = data.checksums(list(cell.sources))
        fresh = start_weights(cell.start, data.tokenizer) if cell.start else None
        # A cell may go on on other hardware, with another build of PyTorch: that is said (Run), not refused.
        decides = {
            "data": checksums,
            "code": code_of(*cell_modules(cell.tasks, cell.mixture)),
            "torch": torch.__version__.partition("+")[0],
        }
        decides |= {"start": fresh.checksum} if fresh else {}
        decides |= steering_checksums(cell.mixture.steering)
        decides |= {"influences": sha256(cell.mixture.influences)} if cell.mixture.influences else {}
        identity = flat(cell.model_dump(mode="json") | decides)
        tokenizer = Tokenizer(data.tokenizer)
        evaluate, asked = measure(tasks, cell.curve, cell.recipe.context)
        run = Run(
            _held(cell, tokenizer, fresh, processes, shard),
            mixture,
            cell.recipe,
            precision=precision,
            compiled=compiled if cell.recipe.compile else None,
            steered=steered(cell, tasks, processes.device),
            observers=observers() if processes.first else (),
        )
        if start is not None:
            run.branch(trunk_state(start, cell, without(identity, OF_A_HORIZON)))
        refuse_edited_code()  # its task and its controller were imported just now
        run.train(until, evaluate, Checkpoints(checkpoints, identity, checkpoint_seconds))
        name = str(precision).removeprefix("torch.")
        with written("the results of this cell"):
            write(Trained(cell, run, tokenizer, identity, checksums, name, asked))
        if processes.first:
            shutil.rmtree(checkpoints, ignore_errors=True)


def _held(cell: Cell, tokenizer: Tokenizer, fresh: StartWeights | None, processes: Devices, shard: bool) -> Held:
    """The model of a cell at its first weights, whole in every process or shared by all.

    Raises:
        PhasemixError: it cannot be shared, or does not fit the GPU.
    """
    dimensions = Dimensions.of(cell.architecture, len(tokenizer), cell.recipe.context, tokenizer.end_of_text)
    torch.manual_seed(cell.named_seed("model"))
    if not shard:
        refuse_too_large(parameters(cell.architecture, dimensions.vocabulary), processes.device)
        return Whole(_first_weights(dimensions, fresh).to(processes.device), processes)
    if processes.count == 1:
        raise PhasemixError(f"shard: {cell.size} is trained by one process; give it more devices (hardware.cells)")
    if cell.mixture.steering:
        raise PhasemixError(f"shard: {cell.size} is steered by a controller, which reads a whole model; train it whole")
    from phasemix.training.sharded import Sharded  # noqa: PLC0415 (takes a second, and few cells need it)

    with nullcontext() if processes.first else torch.device("meta"):
        model = _first_weights(dimensions, fresh)
    return Sharded(model, processes)


def _first_weights(dimensions: Dimensions, fresh: StartWeights | None) -> GPTNeoX:
    model = build_model(dimensions)
    if fresh:
        fresh.put_into(model)
    return model


def refuse_too_large(count: int, device: torch.device) -> None:
    """Make sure that a GPU holds the weights, gradients and moments of so many parameters.

    Raises:
        PhasemixError: it does not.
    """
    memory = cuda.all_bytes(device)
    if memory is not None and STATE_BYTES * count > memory:
        needed, there = (f"{size / 1e9:.0f} GB" for size in (STATE_BYTES * count, memory))
        raise PhasemixError(
            f"weights, gradients and moments of {count:,} parameters take {needed}, and the GPU has {there}: give this"
            " size several devices and shard: true (hardware.cells)"
        )


def trunk_state(path: Path, cell: Cell, identity: Identity) -> dict[str, Any]:
    """The state of a trunk from which a cell can go on.

    Raises:
        PhasemixError: it is missing, damaged or of another configuration, or the cell cools down before it.
    """
    if not path.exists():
        raise PhasemixError(f"{path}: is not there; train the trunk first")
    if cell.recipe.schedule != "wsd":
        raise PhasemixError(f"{path}: runs of schedule {cell.recipe.schedule} share no trunk; the schedule must be wsd")
    state = load_state(path, identity)
    step = state["progress"]["step"]
    if step > cell.recipe.cooldown_step:
        raise PhasemixError(
            f"{path}: stands at step {step}, and this cell cools down from step {cell.recipe.cooldown_step} on;"
            " take the trunk of a shorter horizon"
        )
    return state


def make_mixture(cell: Cell, tasks: dict[str, Task]) -> Mixture:
    """The mixture that a cell reads from its sources.

    Raises:
        PhasemixError: a source that must not repeat does not suffice, or documents are to be drawn by influences that
            are not there, or from a source that has none.
    """
    path = cell.mixture.influences
    influences = DocumentInfluences.read(Path(path)) if path else {}
    streams, places = {}, dict.fromkeys(cell.tasks, 0)
    for name, task in tasks.items():
        kind = cell.sources[name]["task"]
        stream = streams[name] = task.stream(SourceSeeds(cell.named_seed, places[kind]))
        if name in influences:
            if not isinstance(stream, DocumentStream):
                raise PhasemixError(f"{path}: has influences of {name}, which has no documents to draw from")
            stream.prefer(influences[name])
        places[kind] += 1
    return Mixture(
        streams,
        Shares.of(cell.mixture, Segments(cell.recipe.batch_tokens)),
        batches=cell.recipe.steps,
        batch_size=cell.recipe.batch_size,
        context=cell.recipe.context,
        seed=cell.named_seed("mixture"),
    )


def _columns(cell: Cell, asked: list[str]) -> list[str]:
    """The columns of ``metrics.csv``; ``asked`` are those of what sources are asked."""
    by_source = [f"{what}.{source}" for what in ("mix", "loss") for source in cell.sources]
    return [*METRICS, *by_source, *asked]


@contextmanager
def only_one(folder: Path, processes: Devices) -> Iterator[None]:
    """Hold ``folder`` against any other run of the same cell, and make it if need be.

    Raises:
        PhasemixError: another process holds it, or the file system has no locks.
    """
    if not processes.first:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    # Beside the folder, which is removed at the end.
    with locked(folder.with_name(f"{folder.name}.lock"), f"{folder}: another process is training this cell"):
        for half_written in folder.glob(".*.tmp"):  # by a process that was killed
            half_written.unlink()
        yield


def _hash(identity: Identity) -> str:
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()
