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
TEMPLATES = [
    f"phasemix/report/{name}"
    for name in ("base.html", "macros.html", "page.html", "page.css")
]
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
    return [
        f"{LAYOUT.tables(name)}/{table}"
        for table in GENERIC
        if study.experiments[name].cells
    ]


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
STEP = f"{LAYOUT.results}/steps/{{step}}.json"
CORPORA_RESOURCES = dict(
    mem_mb=lambda wildcards, attempt: REQUESTS.costs.corpora_memory(attempt),
    runtime=lambda wildcards, attempt: REQUESTS.costs.corpora_minutes(attempt),
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


def source_of(wildcards):
    """The source with this name."""
    return study.sources[wildcards.source]


def tokens_needed(wildcards):
    """The tokens of training and of held-out text that a source must give."""
    readers = [
        each for each in study.training.values() if wildcards.source in each.sources
    ]
    asked = [each.evaluated(study) for each in readers] or [study.evaluation]
    heldout = max(max(each.loss_tokens, each.curve.loss_tokens) for each in asked)
    return source_of(wildcards).least_tokens or 0, heldout


def sampled_corpora(wildcards, ending=""):
    """The corpora that a tokenizer takes its texts from, or what stands beside them."""
    return [
        LAYOUT.corpus(source) + ending
        for source in study.tokenizers[wildcards.tokenizer].sources
        if study.sources[source].sampled_from_corpus
    ]


def mixture_of(wildcards):
    """What a cell reads."""
    return experiment_of(wildcards).mixture(CellKey.parse(wildcards.cell))


def data_of(wildcards, ending=""):
    """The folders that a cell reads, or what stands beside them."""
    experiment = experiment_of(wildcards)
    folders = [LAYOUT.tokenizer(experiment.tokenizer)]
    for source in mixture_of(wildcards).sources:
        folders += [LAYOUT.corpus(source), LAYOUT.tokens(experiment.tokenizer, source)]
    return [folder + ending for folder in folders]


def step_for(wildcards):
    """The compiled step that a cell waits for, if there is one."""
    step = step_of(study, experiment_of(wildcards), CellKey.parse(wildcards.cell))
    return STEP.format(step=step.name) if step else []


def begins_with(file):
    """A function: a file of the run of this study whose weights a cell begins with, if there is one."""

    def run(wildcards):
        experiment, cell = experiment_of(wildcards), CellKey.parse(wildcards.cell)
        begun = experiment.begins_with(cell, study)
        return f"{LAYOUT.of_cell('runs', *begun)}/{file}" if begun else []

    return run


def weights_elsewhere(experiment):
    """The weights that an experiment's cells begin with, if they are of a run that is not this study's."""
    folder = experiment.start and experiment.start.run
    return f"{folder}/model/model.safetensors" if folder else []


def branches_off(file):
    """A function: a file of the trunk that a run branches off, if its horizon is one of several."""

    def trunk(wildcards):
        cell = CellKey.parse(wildcards.cell)
        return (
            []
            if cell.horizon is None
            else f"{LAYOUT.of_cell('trunks', wildcards.experiment, cell)}/{file}"
        )

    return trunk


def goes_on_from(file):
    """A function: a file of the trunk that a trunk goes on from, if there is a shorter horizon."""

    def trunk(wildcards):
        before = experiment_of(wildcards).trunk_before(CellKey.parse(wildcards.cell))
        return (
            f"{LAYOUT.of_cell('trunks', wildcards.experiment, before)}/{file}"
            if before
            else []
        )

    return trunk


def code_of_cell(name, *modules):
    """A function: the code that defines a cell's results, its own tasks' among it, and no other's."""

    def code_of(wildcards):
        mixture = mixture_of(wildcards)
        tasks = [study.sources[source].task for source in mixture.sources]
        return code(name, *modules, *cell_modules(tasks, mixture))

    return code_of


def options_of(wildcards):
    """What an experiment's tables, findings and section depend on beside its cells, as JSON."""
    experiment = experiment_of(wildcards)
    analysis = experiment.analysis or study.analysis
    shared = {**analysis.model_dump(), "seed": study.seed}
    asked = (
        {"questions": experiment.evaluated(study).questions} if experiment.cells else {}
    )
    return json.dumps({**experiment.options, **asked, **shared})


def sections_inputs(kind, endings):
    """The files of a kind's folder that its section is made of."""
    return [
        os.path.relpath(path)
        for ending in endings
        for path in sorted((KINDS_FOLDER / kind).rglob(ending))
    ]


def runs_of(wildcards):
    """The table of runs: the user's, or that of another experiment."""
    law = experiment_of(wildcards)
    return law.runs or f"{LAYOUT.tables(law.experiment)}/runs.csv"


def code_of_command(command, *laws):
    """The code that defines what a command of phasemix makes of laws."""
    return code(
        "run_phasemix",
        "phasemix.cli",
        f"phasemix.commands.{command}",
        *map(law_module, laws),
    )
