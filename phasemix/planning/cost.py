"""What jobs cost on given hardware: seconds, memory, disk.

Speed is what finished cells of the same size reached on the same kind of device; for sizes not far from it, the
FLOPs a second of the nearest measured one; for all others, the peak times the utilisation of the configuration.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

from phasemix.base.files import read_json
from phasemix.model.flops_per_token import parameters, training_flops_per_token
from phasemix.model.memory import activation_bytes
from phasemix.planning.jobs import FLOPS_PER_PARAMETER, MODEL_STAGES, Job, JobKey, Stage, questions, vocabulary
from phasemix.planning.spec import Allocation, Hardware
from phasemix.planning.text_cost import SUBJECT_BYTES, TOKENS_PER_DOCUMENT, TextCost, text_costs
from phasemix.study.cell_key import CellKey
from phasemix.study.config import Config

ASSUMED = "peak × utilisation"  # the source of a speed that was not measured
SAMPLE = 5  # finished cells of a size that are read
ALIKE = 3.0  # times larger or smaller, a model uses a device about as well
START_SECONDS = {"cpu": 5.0, "gpu": 60.0}  # of a process: libraries, data, the compiled step
SLACK = 1.5  # of the time that is asked for
LEAST_MINUTES = 10
BYTES_PER_TOKEN = 4  # of text, roughly

ANSWERING: tuple[Stage, ...] = ("evaluate", "ask")  # the stages in which a finished model answers

WEIGHT_BYTES = 4  # a parameter of a finished model
OTHERS_WEIGHT_BYTES = {"cpu": 4, "gpu": 2}  # a parameter of a model of others: in float32, in bfloat16
CHECKPOINT_BYTES = 16  # a parameter: weights, their last good copy, AdamW's two moments; in float32
KEPT_CHECKPOINTS = 3  # two, and one that is being written

BASE_MEGABYTES = {"cpu": 900, "gpu": 3500}  # libraries, and Snakemake's own processes in a cluster's job
DOCUMENT_BYTES = 24  # where it lies, and its place in the order
COMPRESSION = 0.4  # of text in Parquet
ANSWER_BYTES = 2  # of a question that was asked


@dataclass(frozen=True)
class Speed:
    """FLOPs a second of one device in training, and where the number comes from."""

    flops_per_second: float
    source: str


class Costs:
    """The costs of a study's jobs.

    Args:
        config: the study, with its hardware.
        measured: tokens a second and device by experiment and size (:func:`measured_speeds`).
    """

    def __init__(self, config: Config, measured: Mapping[tuple[str, str], float]) -> None:
        self._config = config
        self._measured: dict[str, list[float]] = {}
        for (experiment, size), tokens_per_second in measured.items():
            if size in config.models:
                flops = self.flops_per_token(experiment, size)
                self._measured.setdefault(size, []).append(tokens_per_second * flops)

    def flops_per_token(self, experiment: str, size: str) -> int:
        """FLOPs of training on one token; of a model of others, those of the forward pass."""
        if size not in self._config.models:
            return FLOPS_PER_PARAMETER * self.parameters(size)
        found = self._config.training[experiment]
        return training_flops_per_token(
            self._config.models[size], vocabulary(self._config, found), found.recipe.context
        )

    def parameters(self, size: str) -> int:
        """All parameters of a size, with the largest tokenizer that it is trained with; or of a model of others."""
        return self._parameters[size]

    @cached_property
    def _parameters(self) -> dict[str, int]:
        entries: dict[str, int] = {}
        for experiment in self._config.training.values():
            for size in {cell.size for cell in experiment.cells}:
                entries[size] = max(entries.get(size, 0), vocabulary(self._config, experiment))
        sizes = {size: parameters(self._config.models[size], count) for size, count in entries.items()}
        jobs = [job for experiment in self._config.experiments.values() for job in experiment.model_jobs]
        return sizes | {job.model: round(job.parameters) for job in jobs}

    def speed(self, size: str) -> Speed:
        """How fast one device trains a size."""
        away = {one: abs(math.log(self.parameters(one) / self.parameters(size))) for one in self._measured}
        nearest = min(away, key=away.__getitem__, default=None)
        if nearest is None or away[nearest] > math.log(ALIKE):
            hardware = self._config.hardware
            return Speed(hardware.peak_teraflops * 1e12 * hardware.utilisation, ASSUMED)
        found = median(self._measured[nearest])
        return Speed(found, "measured" if nearest == size else f"as measured for {nearest}")

    def seconds(self, key: JobKey, job: Job) -> float:
        """How long a job runs on the devices that its cell is given; it is evaluated on one of them."""
        hardware, size = self._config.hardware, key.cell.size
        devices = self.devices(key)
        rate = self.speed(size).flops_per_second
        return START_SECONDS[hardware.device] + job.training / (rate * devices) + job.evaluating / rate

    def devices(self, key: JobKey) -> int:
        """The devices that a job holds."""
        return allocation(self._config.hardware, key.stage, key.cell.size).all_devices

    def device_hours(self, key: JobKey, job: Job) -> float:
        """The GPU-hours, or core-hours, of a job: its time on each of the devices that it holds."""
        return self.seconds(key, job) * self.devices(key) / 3600

    def runtime(self, key: JobKey, job: Job, attempt: int) -> int:
        """The minutes to ask for, no more than the longest job may have: what is left goes on from a checkpoint."""
        return self._minutes(attempt * (LEAST_MINUTES + SLACK * self.seconds(key, job) / 60))

    def memory(self, key: JobKey, attempt: int) -> int:
        """The megabytes of main memory to ask for, no more than the largest job may have."""
        config = self._config
        if key.stage in MODEL_STAGES:
            device = config.hardware.device
            weights = OTHERS_WEIGHT_BYTES[device] * self.parameters(key.cell.size)
            return self._asked(attempt * (BASE_MEGABYTES[device] + weights / 2**20))
        experiment = config.training[key.experiment]
        architecture, recipe = config.models[key.cell.size], experiment.recipe_of(key.cell)
        given = allocation(config.hardware, key.stage, key.cell.size)
        kept = WEIGHT_BYTES if key.stage in ANSWERING else CHECKPOINT_BYTES
        # Twice what is read or written; of a sharded cell the first process gathers it, of others each holds it.
        state = 2 * kept * self.parameters(key.cell.size) / (given.devices if given.shard else 1)
        data = sum(self._held_bytes(source) for source in experiment.mixture(key.cell).sources)
        activations = 0
        if config.hardware.device == "cpu":
            rows = min(recipe.micro_batch_size or recipe.batch_size, math.ceil(recipe.batch_size / given.all_devices))
            per_token = activation_bytes(architecture.layers, architecture.width, vocabulary(config, experiment))
            activations = rows * recipe.context * per_token
        used = BASE_MEGABYTES[config.hardware.device] + (state + data + activations) / 2**20
        return self._asked(attempt * given.devices * used)

    def _held_bytes(self, source: str) -> float:
        """The memory that a source's subjects, as objects, and the places of its documents take in training."""
        found = self._config.source(source)
        return SUBJECT_BYTES * found.subjects + DOCUMENT_BYTES * (found.least_tokens or 0) / TOKENS_PER_DOCUMENT

    def text_memory(self, source: str | None, attempt: int) -> int:
        """The megabytes to ask for to gather or tokenise a source; without one, to make a tokenizer."""
        found = self.text.get(source) if source else None
        return self._asked(attempt * (1200 + (found.megabytes if found else 0)))

    def text_minutes(self, source: str | None, attempt: int) -> int:
        """The minutes to ask for to gather or tokenise a source, no more than the longest job may have."""
        found = self.text.get(source) if source else None
        return self._minutes(attempt * (30 + SLACK * (found.seconds if found else 0) / 60))

    def _minutes(self, asked: float) -> int:
        longest = self._config.hardware.longest_job
        return math.ceil(min(asked, 60 * longest) if longest else asked)

    def _asked(self, megabytes: float) -> int:
        asked, largest = 100 * math.ceil(SLACK * megabytes / 100), self._config.hardware.largest_memory
        return min(asked, round(1000 * largest)) if largest else asked

    def disk(self, devices: int) -> dict[str, float]:
        """The bytes that a study needs, by what for, while the largest cells are trained on so many devices."""
        config = self._config
        found = {"text": 0.0, "tokens": 0.0, "hub models": 0.0, "models": 0.0, "trunks": 0.0, "answers": 0.0}
        jobs = [job for experiment in config.needed.values() for job in experiment.model_jobs]
        fetched = {job.hub: job.parameters for job in jobs if job.hub is not None}
        found["hub models"] = OTHERS_WEIGHT_BYTES["gpu"] * sum(fetched.values())
        for name in config.read:
            found["text"] += config.source(name).corpus_bytes * COMPRESSION
        for tokenizer, name in self.tokenised:
            width = 2 if config.tokenizers[tokenizer].vocabulary <= 2**16 else 4
            found["tokens"] += (config.source(name).least_tokens or 0) * width
        states = []
        for name in config.needed:
            experiment = config.training.get(name)
            if experiment is None:
                continue
            subjects = experiment.evaluated(config).subjects
            for cell in experiment.cells:
                answers = questions(config, experiment.mixture(cell).sources, subjects)
                state = CHECKPOINT_BYTES * self.parameters(cell.size)
                found["models"] += WEIGHT_BYTES * self.parameters(cell.size)
                found["trunks"] += state if cell.horizon is not None else 0
                found["answers"] += ANSWER_BYTES * answers
                states.append((state, config.hardware.allocation(cell.size).all_devices))
        unfinished = 0
        for state, held in sorted(states, reverse=True):
            if held <= devices:
                devices -= held
                unfinished += state
        return found | {"checkpoints": float(KEPT_CHECKPOINTS * unfinished)}

    @property
    def tokenised(self) -> set[tuple[str, str]]:
        """The sources that the study reads, each with its tokenizer."""
        config = self._config
        return {
            (experiment.tokenizer, source)
            for name, experiment in config.training.items()
            if name in config.needed
            for source in experiment.sources
        }

    @cached_property
    def text(self) -> dict[str, TextCost]:
        """What every source costs before any cell can start."""
        return text_costs(self._config, self.tokenised)


def allocation(hardware: Hardware, stage: Stage, size: str) -> Allocation:
    """What a job of a cell is given: its model answers on one device of those that train it.

    A language model of others is one process on one node, which spreads the model over all its GPUs.
    """
    found, one = hardware.allocation(size), {"nodes": 1, "devices": 1, "shard": False}
    if stage in ANSWERING or (stage in MODEL_STAGES and hardware.device == "cpu"):
        return found.model_copy(update=one)
    return found.model_copy(update={"nodes": 1, "shard": False}) if stage in MODEL_STAGES else found


def measured_speeds(config: Config, results: Path) -> dict[tuple[str, str], float]:
    """Tokens a second and device that finished cells reached, by experiment and size: the median of some of them.

    Evaluating is left out. Runs on another kind of device or model of GPU do not count: they may have been copied here.
    """
    found = {}
    for name, experiment in config.training.items():
        by_size: dict[str, list[CellKey]] = {}
        for cell in experiment.cells:
            by_size.setdefault(cell.size, []).append(cell)
        for size, cells in by_size.items():
            speeds: list[float] = []
            for cell in cells:
                speed = _measured_speed(config.hardware, size, results / "runs" / name / cell.format())
                if speed is not None:
                    speeds.append(speed)
                if len(speeds) == SAMPLE:
                    break
            if speeds:
                found[name, size] = median(speeds)
    return found


def _measured_speed(hardware: Hardware, size: str, run: Path) -> float | None:
    """Tokens a second and device of a run; None if it is not finished, or was trained on something else."""
    try:
        manifest = read_json(run / "manifest.json")
        seconds = manifest["seconds"] - manifest["evaluation_seconds"]
        speed = float(manifest["trained_tokens"] / seconds / manifest["processes"])
        gpus = manifest["gpus"]
    except (OSError, ValueError, KeyError, ZeroDivisionError):
        return None  # not there, of an older version, or just being replaced
    return speed if speed > 0 and _same_device(hardware, size, gpus) else None


def _same_device(hardware: Hardware, size: str, gpus: list[str]) -> bool:
    """Whether a run saw what a size is given here: no GPU, or some by PyTorch's names, as "NVIDIA A100-SXM4-80GB"."""
    if hardware.device == "cpu":
        return not gpus
    model = hardware.allocation(size).model or ""
    return bool(gpus) and _letters(model) in _letters(gpus[0])


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))
