# What all rules share: where files lie, what jobs ask for, how scripts are called.

import json

from phasemix.claims.catalogue import claim_modules
from phasemix.experiments.experiment import KINDS_FOLDER, figures, module_of
from phasemix.experiments.experiment import spec_of as kind_spec
from phasemix.laws import NAMES as LAW_NAMES
from phasemix.laws import module_of as law_module
from phasemix.planning.cost import Costs, measured_speeds
from phasemix.planning.requests import Requests
from phasemix.planning.steps import step_of, steps
from phasemix.study.cell_key import PATTERN, CellKey
from phasemix.study.layout import COMPILED, Layout
from phasemix.tasks.source import corpus_module, task_module
from phasemix.training.modules import cell_modules

LAYOUT = Layout(study.scale)
REQUESTS = Requests(study, Costs(study, measured_speeds(study, Path(LAYOUT.results))))
TEMPLATES = [f"phasemix/report/{name}" for name in ("base.html", "macros.html", "page.html", "page.css")]
ANY_OF = "|".join  # of names, as a wildcard's constraint


wildcard_constraints:
    experiment=ANY_OF(study.experiments) or "none",
    cell=PATTERN,
    source=ANY_OF(study.sources),
    tokenizer=ANY_OF(study.tokenizers) or "none",


def script(name):
    """The thin entry point of a rule."""
    return f"scripts/{name}.py"


def code(name, *modules):
    """What a job is told of its code: as a parameter, so that an edit reruns what it defines, and says so."""
    return snapshot.code(script(name), *modules)


def law_modules():
    """The modules of all laws."""
    return [law_module(name) for name in LAW_NAMES]


def run(name):
    """The beginning of a rule's command: a script, which starts if its code is what the rule's parameter says."""
    return f"python -IS {script('launch')} --code {{params.code}} {script(name)} "


def run_on_devices(name):
    """The same for jobs of cells, which run where their devices are."""
    return (
        f"python -IS {script('launch')} --nodes {{resources.nodes}} --devices {{resources.devices}}"
        " --threads {resources.cpus_per_task} --megabytes {resources.mem_mb} --gpus {resources.gpus_per_node}"
        f" --step {{resources.step}} --code {{params.code}} {script(name)} "
    )


def experiment_of(wildcards):
    """The experiment with this name."""
    return study.experiments[wildcards.experiment]


def cells_of(name, stage, *files):
    """These files of every cell of an experiment in a stage."""
    return [
        f"{LAYOUT.of_cell(stage, name, cell)}/{file}"
        for cell in study.experiments[name].cells
        for file in files
    ]


def generic_tables(name):
    """The tables of an experiment's cells that every kind has."""
    return [f"{LAYOUT.tables(name)}/{table}" for table in GENERIC if study.experiments[name].cells]


def tables_of(name):
    """All tables of an experiment."""
    own = [f"{LAYOUT.tables(name)}/{table}" for table in study.experiments[name].tables]
    return generic_tables(name) + own


def figures_of(name):
    """The files of an experiment's figures."""
    return [
        f"{LAYOUT.figure(name, figure)}.{ending}"
        for figure in figures(study.experiments[name].kind)
        for ending in ("svg", "png")
    ]


def of_kind(kind):
    """The names of the experiments of a kind."""
    return [name for name, each in study.experiments.items() if each.kind == kind]


GENERIC = ("cells.csv", "curves.csv", "runs.csv", "facts.json")
CELL = "{experiment}/{cell}"
CORPORA_RESOURCES = dict(
    mem_mb=lambda wildcards, attempt: REQUESTS.costs.corpora_memory(attempt),
    runtime=lambda wildcards, attempt: REQUESTS.costs.corpora_minutes(attempt),
)


def resources_of(stage):
    """What the jobs of a stage ask for: time and memory, more at every attempt, and the devices of their sizes."""
    return dict(
        runtime=lambda wildcards, attempt: REQUESTS.minutes(stage, *wildcards, attempt),
        mem_mb=lambda wildcards, attempt: REQUESTS.megabytes(stage, *wildcards, attempt),
        **REQUESTS.devices(stage),
    )
