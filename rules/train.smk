# Training: one job a cell. A killed job goes on from its checkpoints, in a folder that Snakemake
# does not know and so does not delete; they are stamped with the cell's hash.


rule train:
    input:
        script=script("train"),
        sources=sources("phasemix.runs"),
        tokens_checksums=rules.web_tokens.output.checksums,
        tokens=ancient(rules.web_tokens.output.train),
        people_checksums=lambda wildcards: people_of(
            wildcards.experiment, "checksums.json"
        ),
        people=ancient(
            lambda wildcards: people_of(wildcards.experiment, "people.parquet")
        ),
        tokenizer_checksums=TOKENIZER.checksums,
        tokenizer=ancient(TOKENIZER.tokenizer),
    output:
        model=directory(f"{RUNS}/{CELL}/model"),
        metrics=f"{RUNS}/{CELL}/metrics.csv",
        manifest=f"{RUNS}/{CELL}/manifest.json",
    log:
        f"{LOGS}/train/{CELL}.log",
    benchmark:
        f"{BENCHMARKS}/train/{CELL}.tsv"
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="24h",
    params:
        cell=lambda wildcards: study.cell(**wildcards).model_dump_json(),
        web=lambda wildcards, input: os.path.dirname(input.tokens),
        checkpoints=f"{RESULTS}/checkpoints/{CELL}",
        run=lambda wildcards, output: os.path.dirname(output.manifest),
    message:
        "train {wildcards.size} at r = {wildcards.ratio}, seed {wildcards.seed} ({wildcards.experiment})"
    shell:
        "python {input.script} --cell {params.cell:q} --web {params.web} --people {input.people}"
        " --tokenizer {input.tokenizer} --checkpoints {params.checkpoints} --threads {threads}"
        " --out {params.run} > {log} 2>&1"
