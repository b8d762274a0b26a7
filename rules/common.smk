# What all rules share: which files they read and make, what jobs ask for, how scripts are called.

import json

from phasemix.claims.catalogue import claim_modules
from phasemix.experiments.experiment import (
    FINDINGS,
    drawn_by,
    figures,
    module_of,
    spec_of,
    templates,
    writes_tables,
    written_by,
)
from phasemix.laws import NAMES as LAW_NAMES
from phasemix.laws import module_of as law_module
from phasemix.planning.cost import Costs, measured_speeds
from phasemix.planning.requests import Requests
from phasemix.planning.steps import step_of, steps
from phasemix.planning.text_cost import text_cores
from phasemix.study.cell_key import PATTERN, CellKey
from phasemix.study.files import GENERIC, Files
from phasemix.study.layout import COMPILED
from phasemix.tasks.source import corpus_module, task_module
from phasemix.training.modules import cell_modules

FILES = Files(study)
LAYOUT = FILES.layout
REQUESTS = Requests(study, Costs(study, measured_speeds(study, Path(LAYOUT.results))))
TEMPLATES = sorted(map(str, Path("phasemix/report").glob("*.[ch]*[ls]")))
ANY_OF = "|".join  # of names, as a wildcard's constraint
CELL = "{experiment}/{cell}"
STEP = f"{LAYOUT.results}/steps/{{step}}.json"


wildcard_constraints:
    experiment=ANY_OF(study.experiments) or "none",
    cell=PATTERN,
    source=ANY_OF(study.sources),
    tokenizer=ANY_OF(study.tokenizers) or "none",


def code(name, *modules):
    """What a job is told of its code: as a parameter, so that an edit reruns what it defines, and says so."""
    return snapshot.code(f"scripts/{name}.py", *modules)


def run(name):
    """The beginning of a rule's command: a script, which starts if its code is what the rule's parameter says."""
    return f"python -IS scripts/launch.py --code {{params.code}} scripts/{name}.py "


def run_on_devices(name):
    """The same for jobs of cells, which run where their devices are."""
    return (
        "python -IS scripts/launch.py --nodes {resources.nodes} --devices {resources.devices}"
        " --threads {resources.cpus_per_task} --megabytes {resources.mem_mb} --gpus {resources.gpus_per_node}"
        f" --step {{resources.step}} --code {{params.code}} scripts/{name}.py "
    )


def resources_of(stage):
    """What the jobs of a stage ask for: time and memory, more at every attempt, and the devices of their sizes."""
    return dict(
        runtime=lambda wildcards, attempt: REQUESTS.minutes(stage, *wildcards, attempt),
        mem_mb=lambda wildcards, attempt: REQUESTS.megabytes(
            stage, *wildcards, attempt
        ),
        **REQUESTS.devices(stage),
    )


def experiment_of(wildcards):
    """The experiment with this name."""
    return study.experiments[wildcards.experiment]


def source_of(wildcards):
    """The source with this name."""
    return study.sources[wildcards.source]


def text_cores_of(wildcards):
    """The cores of a job of text: half of this machine's, as the others compile steps meanwhile; or what is asked for.

    That is where jobs are submitted, here as in the job. They are given as cpus_per_task, too, because threads are cut
    to the cores of the machine that submits.
    """
    source = source_of(wildcards) if "source" in wildcards.keys() else None
    if source and not source.parallel:
        return 1
    if workflow.remote_exec or not workflow.local_exec:
        return text_cores(source, study.hardware) if source else 2
    return max(1, workflow.resource_settings.cores // 2)


def key_of(wildcards):
    """The experiment and the cell with these names."""
    return wildcards.experiment, CellKey.parse(wildcards.cell)


def of_kind(kind):
    """The names of the experiments of a kind."""
    return [name for name, each in study.experiments.items() if each.kind == kind]


def code_of_cell(name, *modules):
    """A function: the code that defines a cell's results, that of its own tasks among it, and of no other's."""

    def code_of(wildcards):
        mixture = experiment_of(wildcards).mixture(CellKey.parse(wildcards.cell))
        tasks = [study.sources[source].task for source in mixture.sources]
        return code(name, *modules, *cell_modules(tasks, mixture))

    return code_of


def step_for(wildcards):
    """The compiled step that a cell waits for, if there is one."""
    step = step_of(study, *key_of(wildcards))
    return STEP.format(step=step.name) if step else []


def trunk(file, horizon):
    """A function: a file of a trunk, that of the cell which ``horizon`` gives for an experiment and a cell."""

    def found(wildcards):
        name, cell = key_of(wildcards)
        at = horizon(study.experiments[name], cell)
        return f"{LAYOUT.of_cell('trunks', name, at)}/{file}" if at else []

    return found


def branches_off(experiment, cell):
    """A run branches off its own trunk, if its horizon is one of several."""
    return cell if cell.horizon is not None else None


def goes_on_from(experiment, cell):
    """A trunk goes on from that of the horizon before."""
    return experiment.trunk_before(cell)
