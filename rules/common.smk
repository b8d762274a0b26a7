# What all rules share: the folders of the stages, and the source files that results depend on.

import json
import os

from phasemix.analysis import CLAIMS
from phasemix.tasks.synbio.people import DOMAINS
from phasemix.figures import CAPTIONS, TITLES
from phasemix.study.grid import CELL_PATH, CellKey
from phasemix.planning.cost import Costs, allocation, measured_speeds
from phasemix.planning.jobs import JobKey, jobs, tails
from phasemix.published.spec import COMPARISONS, TABLES as PUBLISHED_TABLES
from phasemix.report import BASE, PAGE, PUBLISHED_PAGE, STYLE
from phasemix.base.sources import sources as absolute_sources

RESULTS = f"results/{study.scale}"
CORPORA = f"{RESULTS}/corpora"
TOKENS = f"{RESULTS}/tokens"
RUNS = f"{RESULTS}/runs"
TRUNKS = f"{RESULTS}/trunks"
COMPILED = "results/compiled"  # training steps, for all scales
EVALUATIONS = f"{RESULTS}/evaluations"
STUDY_TABLES = f"{RESULTS}/tables"
FIGURE_FILES = f"{RESULTS}/figures"
PUBLISHED = f"{RESULTS}/published"
LAWS = f"{RESULTS}/laws"
LOGS = f"{RESULTS}/logs"
BENCHMARKS = f"{RESULTS}/benchmarks"

DOMAIN_LISTS = [os.path.relpath(path) for path in sorted(DOMAINS.glob("*.txt"))]
CELL = f"{{experiment}}/{CELL_PATH}"
HORIZONS = [name for name, each in study.experiments.items() if each.horizons]
TRANSITIONS = [name for name in study.experiments if name not in HORIZONS]
JOBS = jobs(study)
TAILS = tails(JOBS)
RANKS = {flops: rank for rank, flops in enumerate(sorted(set(TAILS.values())), 1)}
COSTS = Costs(study, measured_speeds(study, Path(RESULTS)))


def sources(*modules):
    """The source files that define a result. Snakemake compares them by content, not by time."""
    return [os.path.relpath(path) for path in absolute_sources(*modules)]


def script(name):
    """The thin entry point of a rule."""
    return os.path.relpath(os.path.join(workflow.basedir, "scripts", f"{name}.py"))


START = f"python -IS {script('launch')}"  # how every rule starts its script
LAUNCH = (
    START
    + " --nodes {resources.nodes} --devices {resources.devices} --threads {resources.cpus_per_task}"
    " --megabytes {resources.mem_mb} --gpus {resources.gpus_a_node} --step {resources.step}"
)  # where a cell's devices are


def cells(experiment, folder, file):
    """The path of ``file`` for every cell of an experiment, below ``folder``."""
    return [
        f"{folder}/{experiment}/{cell.path}/{file}"
        for cell in study.experiments[experiment].cells
    ]


def people_of(experiment, file):
    """A file of the people that an experiment is about."""
    return f"{CORPORA}/people/{study.experiments[experiment].dataset}/{file}"


def biographies_of(experiment, file):
    """A file of the tokenised biographies of the people that an experiment is about."""
    return f"{TOKENS}/biographies/{study.experiments[experiment].dataset}/{file}"


def branches_off(file):
    """A function: a file of the trunk that a run branches off, if its horizon is one of several."""

    def trunk(wildcards):
        path = f"{TRUNKS}/{CELL}/{file}".format(**wildcards)
        return path if wildcards.horizon else []

    return trunk


def goes_on_from(file):
    """A function: a file of the trunk that a trunk goes on from, if there is a shorter horizon."""

    def trunk(wildcards):
        experiment = study.experiments[wildcards.experiment]
        before = experiment.horizon_before(wildcards.horizon)
        path = f"{TRUNKS}/{CELL}/{file}".format(**{**wildcards, "horizon": before})
        return path if before else []

    return trunk


def job_of(stage, wildcards):
    """The job of a stage of the cell with these wildcards."""
    cell = CellKey(wildcards.size, wildcards.ratio, wildcards.seed, wildcards.horizon)
    return JobKey(stage, wildcards.experiment, cell)


def priority_of(stage):
    """A function: the rank of a job by all that is left to do when it starts, the longest first."""
    return lambda wildcards: RANKS[TAILS[job_of(stage, wildcards)]]


CORPORA_RESOURCES = dict(
    mem_mb=lambda wildcards, attempt: COSTS.corpora_memory(attempt),
    runtime=lambda wildcards, attempt: COSTS.corpora_minutes(attempt),
)


def by_size(value, stage="train"):
    """What follows from the devices of a cell: a constant if all sizes have the same, which is faster to plan."""

    def of(size):
        return value(allocation(study.hardware, stage, size))

    sizes = {key.cell.size for key in JOBS}
    return (
        of(min(sizes))
        if len({of(size) for size in sizes}) == 1
        else lambda wildcards: of(wildcards.size)
    )


def resources_of(stage):
    """What a job of one cell asks for: time and memory, more at every attempt, and the devices of its size.

    None asks for nothing. The names are those of the SLURM plugin; ``devices``, ``gpus_a_node`` and
    ``step`` are for scripts/launch.py. Cells on several nodes start their own steps, as MPI programs do, and ask for
    GPUs by node. ``cpus_per_task`` is given because threads are cut to the cores of the machine that submits.
    """
    gpus = study.hardware.device == "gpu"

    def runtime(wildcards, attempt):
        key = job_of(stage, wildcards)
        return COSTS.runtime(key, JOBS[key], attempt)

    def mem_mb(wildcards, attempt):
        return COSTS.memory(job_of(stage, wildcards), attempt)

    return dict(
        runtime=runtime,
        mem_mb=mem_mb,
        gpu=by_size(
            lambda given: given.devices if gpus and given.nodes == 1 else None, stage
        ),
        gpu_model=by_size(
            lambda given: given.model if gpus and given.nodes == 1 else None, stage
        ),
        gres=by_size(
            lambda given: given.gres if gpus and given.nodes > 1 else None, stage
        ),
        gpus_a_node=by_size(lambda given: given.devices if gpus else 0, stage),
        nodes=by_size(lambda given: given.nodes, stage),
        devices=by_size(lambda given: given.devices, stage),
        cpus_per_task=by_size(lambda given: given.devices, stage),
        mpi=by_size(lambda given: "srun" if given.nodes > 1 else None, stage),
        tasks=by_size(lambda given: given.nodes if given.nodes > 1 else None, stage),
        tasks_per_gpu=by_size(lambda given: 0 if given.nodes > 1 else None, stage),
        step=int(study.hardware.steps),
    )


def trunks(experiment, file):
    """The path of ``file`` for every link of the trunks of an experiment."""
    return cells(experiment, TRUNKS, file)


def figures(experiments, names):
    """The files of figures."""
    return expand(
        f"{FIGURE_FILES}/{{experiment}}/{{name}}.{{format}}",
        experiment=experiments,
        name=names,
        format=["svg", "png"],
    )


def tables(experiments):
    """The files of tables."""
    return expand(
        f"{STUDY_TABLES}/{{experiment}}{{table}}.csv",
        experiment=experiments,
        table=["", ".accuracy", ".critical", ".a_table_1", ".a_table_2", ".ledger"],
    )


def horizon_tables(experiments):
    """The files of the tables of experiments with horizons."""
    return expand(
        f"{STUDY_TABLES}/{{experiment}}.{{table}}",
        experiment=experiments,
        table=["csv", "facts.json"],
    )


def laws_of(tables):
    """What is made of the user's tables of runs."""
    return expand(
        f"{LAWS}/{{table}}.{{part}}",
        table=tables,
        part=["comparison.csv", "law.json", "optimum.json"],
    )
