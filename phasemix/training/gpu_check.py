"""Whether a machine's GPU trains as it should: short real cells, what they show, what to do where it falls short.

Every cell is trained by ``scripts/train.py``, as a study trains it. Each of :func:`checks` is a line for people.
"""

import csv
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Any, Protocol

import torch

from phasemix.base import cuda
from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.base.provenance import processor
from phasemix.model.flops_per_token import training_flops_per_token
from phasemix.study.cell import Architecture, Cell, Curve, Recipe
from phasemix.study.mixture import mixed_at
from phasemix.training.engine import EAGERLY
from phasemix.training.train_cell import Data

STEPS = 200  # of the small cell
COMPARED = 40  # of them are compared: later, rounding has grown
TOLERANCES = {"float32": 1e-3, "bfloat16": 2e-2}  # of losses relative to the CPU's in float32
KILLED_AT = 20  # or soon after
GOOD_SHARE = 0.3  # of the peak, which the profiles begin with
ALMOST = 0.9  # of the highest throughput is as good


class Started(Protocol):
    """A training that was started."""

    def wait(self) -> int:
        """Its exit code, when it has ended."""

    def alive(self) -> bool:
        """Whether it runs."""

    def kill(self) -> None:
        """End it at once, and wait until it is gone."""


Start = Callable[[list[str], Path, int, bool], Started]
"""Start ``scripts/train.py`` with arguments, a log, so many processes, and whether it must not see a GPU."""


@dataclass(frozen=True)
class Line:
    """What one check found; ``good`` is None where nothing is judged, and ``advice`` says what to do."""

    name: str
    found: str
    good: bool | None = None
    advice: str = ""


@dataclass(frozen=True)
class Training:
    """A cell that was trained: its folder, and what it said."""

    folder: Path
    said: str

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What its run says of itself."""
        return read_json(self.folder / "run" / "manifest.json")

    @cached_property
    def _rows(self) -> list[dict[str, str]]:
        with (self.folder / "run" / "metrics.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def vocabulary(self) -> int:
        """The rows of its embedding."""
        return int(read_json(self.folder / "run" / "model" / "config.json")["vocab_size"])

    @property
    def losses(self) -> list[float]:
        """Those of the first steps."""
        return [float(row["train_loss"]) for row in self._rows if int(row["step"]) <= COMPARED]

    @property
    def tokens_per_second(self) -> float:
        """The median of the second half of its rows, when all is compiled and warm."""
        rows = self._rows[len(self._rows) // 2 :]
        return median(float(row["tokens_per_second"]) for row in rows)

    @property
    def why_eager(self) -> str | None:
        """Why its step was not compiled, if it was not."""
        found = (line.partition(EAGERLY) for line in self.said.splitlines())
        return next((reason for _, words, reason in found if words), None)

    def away_from(self, other: "Training") -> float:
        """The greatest relative difference of losses."""
        return max(abs(own / loss - 1) for own, loss in zip(self.losses, other.losses, strict=True))


def small_cell(sources: dict[str, Any], dense: str, base: str) -> Cell:
    """A cell of laptop size, of two sources as cells are told of them, which one process trains in seconds."""
    recipe = {"tokens": STEPS * 16 * 128, "batch_size": 16, "context": 128, "warmup_steps": 20, "evaluation_points": 1}
    architecture = Architecture(layers=2, width=32, heads=2, tied=True, rotary_fraction=0.5)
    return _cell("58k", architecture, 0.3, recipe | {"precision": "float32"}, (sources, dense, base))


def large_cell(sources: dict[str, Any], dense: str, base: str, steps: int = 30) -> Cell:
    """A cell that keeps a GPU busy: Pythia's 160M with a small vocabulary, in micro-batches as paper A's."""
    recipe = {"tokens": steps * 64 * 2048, "batch_size": 64, "micro_batch_size": 8, "warmup_steps": 5}
    architecture = Architecture(layers=12, width=768, heads=12)
    return _cell("160M", architecture, 1.0, recipe | {"evaluation_points": 1}, (sources, dense, base))


def _cell(
    size: str, architecture: Architecture, ratio: float, recipe: dict[str, Any], texts: tuple[dict[str, Any], str, str]
) -> Cell:
    sources, dense, base = texts
    return Cell(
        size=size, architecture=architecture, mixture=mixed_at(ratio, dense, base), sources=sources, seed=0,
        root_seed=0, recipe=Recipe(**recipe), curve=Curve(subjects=5, loss_tokens=4000),
    )  # fmt: skip


class GpuCheck:
    """The checks of one machine.

    Args:
        start: starts trainings.
        data: what cells read.
        folder: for what they leave.
        device: on which they are trained, and what is compared with the CPU.
        small, large: cells whose losses are compared, and whose speed is measured.
        together: how many small cells to train at once.
    """

    def __init__(
        self, start: Start, data: Data, folder: Path, *,
        device: torch.device, small: Cell, large: Cell, together: Sequence[int],
    ) -> None:  # fmt: skip
        self._start = start
        self._data = data
        self._folder = folder
        self._device = device
        self._small, self._large = small, large
        self._together = together

    def checks(self) -> Iterator[Line]:
        """All lines, each as soon as it is known.

        Raises:
            PhasemixError: a cell could not be trained.
        """
        yield Line("device", describe(self._device))
        on_cpu = self._train("cpu", self._small, cpu=True)
        trained = self._train("float32", self._small)
        bfloat16 = self._train("bfloat16", with_recipe(self._small, precision="bfloat16"))
        for name, training in (("float32", trained), ("bfloat16", bfloat16)):
            yield _equality(f"{name} equals the CPU", training.away_from(on_cpu), TOLERANCES[name])
        yield self._resume(trained)
        if self._device.type == "cpu" or torch.cuda.device_count() > 1:
            sharded = self._train("sharded", self._small, processes=2, more=("--shard", "1"))
            yield _equality("two that share parameters", sharded.away_from(trained), TOLERANCES["float32"])
        else:
            yield Line("two that share parameters", "not tried: that needs two GPUs")
        large = self._train("large", self._large)
        yield self._compiled(large)
        yield self._memory(large)
        yield self._speed(large)
        yield self._at_once()

    def _arguments(self, cell: Cell, folder: Path, more: Sequence[str]) -> list[str]:
        places = vars(self._data) | {"checkpoints": folder / "checkpoints", "out": folder / "run"}
        if self._device.type == "cuda":  # a CPU would take half a minute
            places["compiled"] = self._folder / "compiled"
        line = [part for name, place in places.items() for part in (f"--{name}", str(place))]
        return ["--cell", cell.model_dump_json(), *line, *more]

    def _begin(
        self, name: str, cell: Cell, *, processes: int = 1, cpu: bool = False, more: Sequence[str] = ()
    ) -> Started:
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        hidden = cpu or self._device.type == "cpu"
        return self._start(self._arguments(cell, folder, more), folder / "log", processes, hidden)

    def _end(self, name: str, started: Started) -> Training:
        code, folder = started.wait(), self._folder / name
        said = (folder / "log").read_text(encoding="utf-8")
        if code != 0:
            raise PhasemixError(f"the cell {name!r} of this check failed: {(said.splitlines() or ['?'])[-1]}")
        return Training(folder, said)

    def _train(self, name: str, cell: Cell, **how: Any) -> Training:
        return self._end(name, self._begin(name, cell, **how))

    def _resume(self, whole: Training) -> Line:
        """A run that is killed and started again, against one that was not."""
        name, every_step = "resumed", ("--checkpoint-seconds", "0")
        started = self._begin(name, self._small, more=every_step)
        while started.alive() and _newest(self._folder / name / "checkpoints") < KILLED_AT:
            time.sleep(0.001)
        started.kill()
        again = self._train(name, self._small, more=every_step)
        if not again.manifest["resumed_from"]:
            return Line(name, "the cell ended before it could be killed", False, "start the check again")
        found = f"killed after step {again.manifest['resumed_from'][0]} and started again: "
        if again.manifest["weights_sha256"] == whole.manifest["weights_sha256"]:
            return Line(name, found + "the same weights, bit for bit", True)
        line = _equality(name, again.away_from(whole), TOLERANCES["float32"])
        return replace(line, found=f"{found}not the same bits; {line.found}")

    def _speed(self, large: Training) -> Line:
        name, rate = f"speed of {self._large.size}", large.tokens_per_second
        architecture, context = self._large.architecture, self._large.recipe.context
        flops = rate * training_flops_per_token(architecture, large.vocabulary, context)
        peak = cuda.peak_teraflops(device_name(self._device))
        found = f"{rate:,.0f} tokens/s, {flops / 1e12:.3g} TFLOP/s in {large.manifest['precision']}"
        if peak is None:
            return Line(name, f"{found}; the share of this device's peak is unknown")
        share = flops / 1e12 / peak
        advice = "" if share >= GOOD_SHARE else "raise micro_batch_size while the memory has room; see the line before"
        return Line(name, f"{found}, {share:.0%} of its peak of {peak}", share >= GOOD_SHARE, advice)

    def _compiled(self, large: Training) -> Line:
        if self._device.type == "cpu":
            return Line("compiled step", "not tried: that takes a CPU half a minute")
        if large.why_eager is None:
            return Line("compiled step", "by torch.compile", True)
        advice = "install a C++ compiler (apt-get install g++) and the Triton of this PyTorch, which pip brings"
        return Line("compiled step", f"none, and training is slower: {large.why_eager}", False, advice)

    def _memory(self, large: Training) -> Line:
        name, recipe = f"memory of {self._large.size}", self._large.recipe
        peak, there = large.manifest["peak_bytes"], cuda.all_bytes(self._device)
        rows, asked = large.manifest["micro_batch_size"], recipe.micro_batch_size or recipe.batch_size
        found = f"{peak / 1e9:.1f} GB" if peak else "unknown"
        found += (f" of {there / 1e9:.0f}" if there else "") + f" with micro-batches of {rows} rows"
        if rows == asked:
            return Line(name, found)
        return Line(name, f"{found}, as {asked} did not fit", None, "see who else uses this GPU: nvidia-smi")

    def _at_once(self) -> Line:
        cell, found = with_recipe(self._small, precision="auto"), {}
        for count in self._together:
            names = [f"{count}-{number}" for number in range(count)]
            started = {name: self._begin(name, cell) for name in names}
            found[count] = sum(self._end(name, each).tokens_per_second for name, each in started.items())
        line = at_once(found)
        return line if self._device.type == "cuda" else replace(line, advice="")


def with_recipe(cell: Cell, **changes: Any) -> Cell:
    """The same cell, trained otherwise."""
    return cell.model_copy(update={"recipe": cell.recipe.model_copy(update=changes)})


def device_name(device: torch.device) -> str:
    """The name of a GPU, or of the CPU."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else processor()


def describe(device: torch.device) -> str:
    """A device, its driver, and what PyTorch was built for."""
    memory = cuda.all_bytes(device)
    parts = [device_name(device), f"PyTorch {torch.__version__}"]
    if memory is not None:
        parts += [f"CUDA {torch.version.cuda}", f"driver {cuda.driver()}", f"{memory / 1e9:.0f} GB"]
    return ", ".join(parts)


def at_once(found: dict[int, float]) -> Line:
    """What small cells reach together on one GPU, in tokens a second by how many they are."""
    rates = ", ".join(f"{count}: {rate:,.0f}" for count, rate in found.items())
    best = next(count for count, rate in found.items() if rate >= ALMOST * max(found.values()))
    advice = f"where all cells are small, set gpu: {best} in profiles/gpu/config.yaml, and start NVIDIA's MPS"
    advice = f"{advice} (nvidia-cuda-mps-control -d)" if best > 1 else ""
    return Line("small cells at once", f"tokens/s together, by how many: {rates}", advice=advice)


def _equality(name: str, away: float, tolerance: float) -> Line:
    found = f"losses of {COMPARED} steps differ by {away:.1e} at most, of {tolerance:g} allowed"
    if away <= tolerance:
        return Line(name, found, True)
    advice = "this PyTorch computes otherwise than it should: try the version that envs/lock.txt pins, and report it"
    return Line(name, found, False, advice)


def _newest(checkpoints: Path) -> int:
    """The step of the newest checkpoint; 0 if there is none."""
    return max((int(path.stem.removeprefix("step-")) for path in checkpoints.glob("step-*.pt")), default=0)
