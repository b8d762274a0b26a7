# Training: one job per compiled step, per cell, and per link of a trunk that cells of different horizons share. A
# killed job goes on from its checkpoints, in a folder that Snakemake does not know and so does not delete.

STEPS = steps(study)
STEP = f"{LAYOUT.results}/steps/{{step}}.json"


def data_of(wildcards, ending=""):
    """The folders that the cells of an experiment read, or what stands beside them."""
    experiment = experiment_of(wildcards)
    folders = [LAYOUT.tokenizer(experiment.tokenizer)]
    for source in experiment.sources:
        folders += [LAYOUT.corpus(source), LAYOUT.tokens(experiment.tokenizer, source)]
    return [folder + ending for folder in folders]


def step_for(wildcards):
    """The compiled step that a cell waits for, if there is one."""
    step = step_of(study, experiment_of(wildcards), CellKey.parse(wildcards.cell))
    return STEP.format(step=step.name) if step else []


def branches_off(file):
    """A function: a file of the trunk that a run branches off, if its horizon is one of several."""

    def trunk(wildcards):
        cell = CellKey.parse(wildcards.cell)
        return [] if cell.horizon is None else f"{LAYOUT.of_cell('trunks', wildcards.experiment, cell)}/{file}"

    return trunk


def goes_on_from(file):
    """A function: a file of the trunk that a trunk goes on from, if there is a shorter horizon."""

    def trunk(wildcards):
        before = experiment_of(wildcards).trunk_before(CellKey.parse(wildcards.cell))
        return f"{LAYOUT.of_cell('trunks', wildcards.experiment, before)}/{file}" if before else []

    return trunk


def code_of_cell(name, *modules):
    """A function: the code that defines a cell's results, its own tasks' among it, and no other's."""

    def code_of(wildcards):
        experiment = experiment_of(wildcards)
        tasks = [study.sources[source].task for source in experiment.sources]
        return code(name, *modules, *cell_modules(tasks, experiment.mixture(CellKey.parse(wildcards.cell))))

    return code_of


READ = dict(
    checksums=lambda wildcards: data_of(wildcards, ".checksums.json"),
    data=ancient(data_of),
)
FOLDERS = dict(
    corpora=os.path.dirname(LAYOUT.corpus("any")),
    tokens=lambda wildcards: os.path.dirname(LAYOUT.tokens(experiment_of(wildcards).tokenizer, "any")),
    tokenizer=lambda wildcards: LAYOUT.tokenizer(experiment_of(wildcards).tokenizer),
)
DATA = "--corpora {params.corpora} --tokens {params.tokens} --tokenizer {params.tokenizer}"
OF_A_CELL = dict(
    **FOLDERS,
    code=code_of_cell("train"),
    cell=lambda wildcards: study.cell(wildcards.experiment, CellKey.parse(wildcards.cell)).model_dump_json(),
    start=lambda wildcards, input: f"--start {input.start}" if input.start else "",
)
TRAIN = (
    run_on_devices("train")
    + "--cell {params.cell:q} "
    + DATA
    + f" --checkpoints {{params.checkpoints}} --compiled {COMPILED} {{params.start}} {{params.out}} > {{log}} 2>&1"
)


rule compile:
    output:
        ensure(STEP, non_empty=True),
    log:
        LAYOUT.log("compile", "{step}"),
    wildcard_constraints:
        step=ANY_OF(STEPS) or "none",
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=3000,
        runtime="30m",
    priority: 10**6
    params:
        code=code("compile", "phasemix.training.engine"),
        step=lambda wildcards: STEPS[wildcards.step][0].model_dump_json(),
        size=lambda wildcards: STEPS[wildcards.step][1],
    message:
        "compile the training step of {params.size}"
    shell:
        run("compile") + f"--step {{params.step:q}} --compiled {COMPILED} --out {{output}} > {{log}} 2>&1"


rule train:
    input:
        **READ,
        step=ancient(step_for),
        start_checksums=branches_off("checksums.json"),
        start=ancient(branches_off("state.pt")),
    output:
        model=directory(f"{LAYOUT.of_cell('runs', '{experiment}', '{cell}')}/model"),
        metrics=f"{LAYOUT.of_cell('runs', '{experiment}', '{cell}')}/metrics.csv",
        manifest=f"{LAYOUT.of_cell('runs', '{experiment}', '{cell}')}/manifest.json",
    log:
        LAYOUT.log("train", CELL),
    benchmark:
        LAYOUT.benchmark("train", CELL)
    priority: lambda wildcards: REQUESTS.rank("train", *wildcards)
    conda:
        "../envs/conda.yaml"
    threads: REQUESTS.threads("train")
    resources:
        **resources_of("train"),
    params:
        **OF_A_CELL,
        checkpoints=LAYOUT.of_cell("checkpoints", "{experiment}", "{cell}"),
        out=lambda wildcards, output: f"--out {os.path.dirname(output.manifest)}",
    message:
        "train {wildcards.cell} ({wildcards.experiment})"
    shell:
        TRAIN


rule trunk:
    input:
        **READ,
        step=ancient(step_for),
        start_checksums=goes_on_from("checksums.json"),
        start=ancient(goes_on_from("state.pt")),
    output:
        state=f"{LAYOUT.of_cell('trunks', '{experiment}', '{cell}')}/state.pt",
        checksums=f"{LAYOUT.of_cell('trunks', '{experiment}', '{cell}')}/checksums.json",
        manifest=f"{LAYOUT.of_cell('trunks', '{experiment}', '{cell}')}/manifest.json",
    log:
        LAYOUT.log("trunk", CELL),
    benchmark:
        LAYOUT.benchmark("trunk", CELL)
    priority: lambda wildcards: REQUESTS.rank("trunk", *wildcards)
    conda:
        "../envs/conda.yaml"
    threads: REQUESTS.threads("trunk")
    resources:
        **resources_of("trunk"),
    params:
        **OF_A_CELL,
        checkpoints=LAYOUT.of_cell("checkpoints/trunks", "{experiment}", "{cell}"),
        out=lambda wildcards, output: f"--trunk {os.path.dirname(output.manifest)}",
    message:
        "train the trunk of {wildcards.cell} ({wildcards.experiment})"
    shell:
        TRAIN
