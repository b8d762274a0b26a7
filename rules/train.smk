# Training: one job a cell, and one a link of a trunk that cells of different horizons share. A killed
# job goes on from its checkpoints, in a folder that Snakemake does not know and so does not delete.

TRAINING = dict(
    script=script("train"),
    sources=sources("phasemix.training.train_cell"),
    tokens_checksums=rules.web_tokens.output.checksums,
    tokens=ancient(rules.web_tokens.output.train),
    biographies_checksums=lambda wildcards: biographies_of(
        wildcards.experiment, "checksums.json"
    ),
    biographies=ancient(
        lambda wildcards: biographies_of(wildcards.experiment, "ids.bin")
    ),
    people_checksums=lambda wildcards: people_of(
        wildcards.experiment, "checksums.json"
    ),
    people=ancient(lambda wildcards: people_of(wildcards.experiment, "people.parquet")),
    tokenizer_checksums=TOKENIZER.checksums,
    tokenizer=ancient(TOKENIZER.tokenizer),
)
OF_A_CELL = dict(
    cell=lambda wildcards: study.cell(**wildcards).model_dump_json(),
    web=lambda wildcards, input: os.path.dirname(input.tokens),
    biographies=lambda wildcards, input: os.path.dirname(input.biographies),
    start=lambda wildcards, input: f"--start {input.start}" if input.start else "",
)
TRAIN = (
    LAUNCH
    + " {input.script} --cell {params.cell:q} --web {params.web} --biographies {params.biographies}"
    " --people {input.people} --tokenizer {input.tokenizer} --checkpoints {params.checkpoints}"
    f" --compiled {COMPILED} {{params.start}} {{params.out}} > {{log}} 2>&1"
)


rule train:
    input:
        **TRAINING,
        start_checksums=branches_off("checksums.json"),
        start=ancient(branches_off("state.pt")),
    output:
        model=directory(f"{RUNS}/{CELL}/model"),
        metrics=f"{RUNS}/{CELL}/metrics.csv",
        manifest=f"{RUNS}/{CELL}/manifest.json",
    log:
        f"{LOGS}/train/{CELL}.log",
    benchmark:
        f"{BENCHMARKS}/train/{CELL}.tsv"
    priority: priority_of("train")
    conda:
        "../envs/conda.yaml"
    threads: by_size(lambda given: given.devices)
    resources:
        **resources_of("train"),
    params:
        **OF_A_CELL,
        checkpoints=f"{RESULTS}/checkpoints/{CELL}",
        out=lambda wildcards, output: f"--out {os.path.dirname(output.manifest)}",
    message:
        "train {wildcards.size} at r = {wildcards.ratio}, seed {wildcards.seed} ({wildcards.experiment}{wildcards.horizon})"
    shell:
        TRAIN


rule trunk:
    input:
        **TRAINING,
        start_checksums=goes_on_from("checksums.json"),
        start=ancient(goes_on_from("state.pt")),
    output:
        state=f"{TRUNKS}/{CELL}/state.pt",
        checksums=f"{TRUNKS}/{CELL}/checksums.json",
        manifest=f"{TRUNKS}/{CELL}/manifest.json",
    log:
        f"{LOGS}/trunk/{CELL}.log",
    benchmark:
        f"{BENCHMARKS}/trunk/{CELL}.tsv"
    priority: priority_of("trunk")
    conda:
        "../envs/conda.yaml"
    threads: by_size(lambda given: given.devices)
    resources:
        **resources_of("trunk"),
    params:
        **OF_A_CELL,
        checkpoints=f"{RESULTS}/checkpoints/trunks/{CELL}",
        out=lambda wildcards, output: f"--trunk {os.path.dirname(output.manifest)}",
    message:
        "train the trunk of {wildcards.size} at r = {wildcards.ratio}, seed {wildcards.seed} ({wildcards.experiment}{wildcards.horizon})"
    shell:
        TRAIN
