"""What the jobs of a study's cells ask for: time, memory, devices, and their rank."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from phasemix.planning.cost import Costs, allocation
from phasemix.planning.jobs import MODEL_STAGES, JobKey, Stage, jobs, tails
from phasemix.planning.spec import Allocation
from phasemix.study.cell_key import CellKey
from phasemix.study.config import Config


class Requests:
    """The requests of every job of a study, also of experiments that it does not run by itself.

    Args:
        config: the study.
        costs: of its jobs.
    """

    def __init__(self, config: Config, costs: Costs) -> None:
        self._config = config
        self.costs = costs

    @cached_property
    def _jobs(self) -> dict[JobKey, Any]:
        return dict(jobs(self._config, self._config.experiments))

    @cached_property
    def _tails(self) -> dict[JobKey, int]:
        return tails(self._jobs)

    @cached_property
    def _ranks(self) -> dict[int, int]:
        return {flops: rank for rank, flops in enumerate(sorted(set(self._tails.values())), 1)}

    def rank(self, stage: Stage, experiment: str, cell: str) -> int:
        """A job's place by all that is left to do when it starts, the longest the highest."""
        return self._ranks[self._tails[self._key(stage, experiment, cell)]]

    @property
    def first(self) -> int:
        """A rank above all others: of jobs that many cells wait for."""
        return len(self._ranks) + 1

    def minutes(self, stage: Stage, experiment: str, cell: str, attempt: int, by: str = "") -> int:
        """The minutes that a job asks for, more at every attempt; ``by`` as in its key."""
        key = self._key(stage, experiment, cell, by)
        return self.costs.runtime(key, self._jobs[key], attempt)

    def megabytes(self, stage: Stage, experiment: str, cell: str, attempt: int) -> int:
        """The megabytes that a job asks for, more at every attempt."""
        return self.costs.memory(self._key(stage, experiment, cell), attempt)

    def devices(self, stage: Stage) -> dict[str, Any]:
        """The devices that jobs of a stage ask for, by the names of Snakemake's plugin for SLURM.

        A cell is the name of a model, where jobs are those of language models of others.

        Each is a value, or a function of a job's wildcards where sizes differ; None asks for nothing. ``devices``,
        ``gpus_per_node`` and ``step`` are for scripts/launch.py, ``shard`` for scripts/train.py. Cells on several
        nodes start their own steps, as MPI programs do, and ask for GPUs by node. ``cpus_per_task`` is given because
        threads are cut to the cores of the machine that submits.
        """
        gpus = self._config.hardware.device == "gpu"
        of = self._by_size
        return {
            "gpu": of(stage, lambda given: given.devices if gpus and given.nodes == 1 else None),
            "gpu_model": of(stage, lambda given: given.model if gpus and given.nodes == 1 else None),
            "gres": of(stage, lambda given: given.gres if gpus and given.nodes > 1 else None),
            "gpus_per_node": of(stage, lambda given: given.devices if gpus else 0),
            "nodes": of(stage, lambda given: given.nodes),
            "devices": 1 if stage in MODEL_STAGES else of(stage, lambda given: given.devices),
            "shard": of(stage, lambda given: int(given.shard)),
            "cpus_per_task": of(stage, lambda given: given.devices),
            "mpi": of(stage, lambda given: "srun" if given.nodes > 1 else None),
            "tasks": of(stage, lambda given: given.nodes if given.nodes > 1 else None),
            "tasks_per_gpu": of(stage, lambda given: 0 if given.nodes > 1 else None),
            "step": int(self._config.hardware.steps),
        }

    def processes(self, size: str) -> int:
        """The processes on CPUs that train a size together; 0 on GPUs, for which nothing is compiled ahead."""
        hardware = self._config.hardware
        return 0 if hardware.device == "gpu" else hardware.allocation(size).all_devices

    def threads(self, stage: Stage) -> Any:
        """The threads of a stage's jobs: one for each of a node's devices; as :meth:`devices`."""
        return self._by_size(stage, lambda given: given.devices)

    def _by_size(self, stage: Stage, value: Callable[[Allocation], Any]) -> Any:
        """What follows from the devices of a job: a constant if all sizes have the same, which is faster to plan."""
        sizes = {key.cell.size for key in self._jobs if key.stage == stage}
        found = {size: value(allocation(self._config.hardware, stage, size)) for size in sizes}
        if len(set(found.values())) == 1:
            return next(iter(found.values()))
        if stage in MODEL_STAGES:
            return lambda wildcards: found[self._key(stage, wildcards.experiment, wildcards.model).cell.size]
        return lambda wildcards: found[CellKey.parse(wildcards.cell).size]

    @cached_property
    def _of_models(self) -> dict[tuple[Stage, str, str], JobKey]:
        """The jobs of language models of others, by stage, experiment and who is asked."""
        jobs = (key for key in self._jobs if key.stage in MODEL_STAGES)
        return {(key.stage, key.experiment, str(key.cell.values["model"])): key for key in jobs}

    def _key(self, stage: Stage, experiment: str, cell: str, by: str = "") -> JobKey:
        if stage in MODEL_STAGES:
            return self._of_models[stage, experiment, cell]
        return JobKey(stage, experiment, CellKey.parse(cell), by)
