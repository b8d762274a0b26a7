# Training: one job per compiled step, per cell, and per link of a trunk that cells of different horizons share. A
# killed job goes on from its checkpoints, in a folder that Snakemake does not know and so does not delete.

STEPS = steps(study)
READ = dict(
    checksums=lambda wildcards: FILES.data(*key_of(wildcards), ".checksums.json"),
    data=ancient(lambda wildcards: FILES.data(*key_of(wildcards))),
)
FOLDERS = dict(
    corpora=lambda wildcards: os.path.dirname(LAYOUT.corpus("any")),
    tokens=lambda wildcards: os.path.dirname(
        LAYOUT.tokens(experiment_of(wildcards).tokenizer, "any")
    ),
    tokenizer=lambda wildcards: LAYOUT.tokenizer(experiment_of(wildcards).tokenizer),
)
DATA = (
    "--corpora {params.corpora} --tokens {params.tokens} --tokenizer {params.tokenizer}"
)
BEGINNING = dict(
    beginning=lambda wildcards: FILES.beginning(*key_of(wildcards)),
    begun=ancient(
        lambda wildcards: FILES.begun_with(*key_of(wildcards))
        + FILES.reference(*key_of(wildcards))
    ),
)
OF_A_CELL = dict(
    **FOLDERS,
    code=code_of_cell("train"),
    cell=lambda wildcards: study.cell(
        wildcards.experiment, CellKey.parse(wildcards.cell)
    ).model_dump_json(),
    start=lambda wildcards, input: f"--start {input.start}" if input.start else "",
)
TRAIN = (
    run_on_devices("train")
    + "--cell {params.cell:q} "
    + DATA
    + f" --checkpoints {{params.checkpoints}} --compiled {COMPILED} --shard {{resources.shard}}"
    + " {params.start} {params.out} > {log} 2>&1"
)


rule compile:
    output:
        ensure(STEP, non_empty=True),
    log:
        LAYOUT.log("compile", "{step}"),
    wildcard_constraints:
        step=ANY_OF(STEPS) or "none",
    priority: 10**6
    localrule: study.hardware.device == "gpu"  # for which there is nothing to compile
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=3000,
        runtime="30m",
        # For what it is compiled, as resources and not parameters: hardware decides no result.
        processes=lambda wildcards: REQUESTS.processes(STEPS[wildcards.step][1]),
    params:
        code=code("compile", "phasemix.training.engine"),
        step=lambda wildcards: STEPS[wildcards.step][0].model_dump_json(),
        size=lambda wildcards: STEPS[wildcards.step][1],
    message:
        "compile the training step of {params.size}"
    shell:
        run("compile")
        + f"--step {{params.step:q}} --processes {{resources.processes}} --compiled {COMPILED} --out {{output}} > {{log}} 2>&1"


rule train:
    input:
        **READ,
        **BEGINNING,
        step=ancient(step_for),
        start_checksums=trunk("checksums.json", branches_off),
        start=ancient(trunk("state.pt", branches_off)),
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
        checkpoints=lambda wildcards: LAYOUT.of_cell("checkpoints", *wildcards),
        out=lambda wildcards, output: f"--out {os.path.dirname(output.manifest)}",
    message:
        "train {wildcards.cell} ({wildcards.experiment})"
    shell:
        TRAIN


rule trunk:
    input:
        **READ,
        **BEGINNING,
        step=ancient(step_for),
        start_checksums=trunk("checksums.json", goes_on_from),
        start=ancient(trunk("state.pt", goes_on_from)),
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
        checkpoints=lambda wildcards: LAYOUT.of_cell("checkpoints/trunks", *wildcards),
        out=lambda wildcards, output: f"--trunk {os.path.dirname(output.manifest)}",
    message:
        "train the trunk of {wildcards.cell} ({wildcards.experiment})"
    shell:
        TRAIN
