# Evaluation: one job per cell; then the generic tables of every experiment's cells.


rule evaluate:
    input:
        **READ,
        manifest=rules.train.output.manifest,
        model=ancient(rules.train.output.model),
    output:
        answers=f"{LAYOUT.of_cell('evaluations', '{experiment}', '{cell}')}/answers.parquet",
        summary=f"{LAYOUT.of_cell('evaluations', '{experiment}', '{cell}')}/summary.json",
    log:
        LAYOUT.log("evaluate", CELL),
    benchmark:
        LAYOUT.benchmark("evaluate", CELL)
    priority: REQUESTS.first  # short, and people wait to see what a cell has learned
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        **resources_of("evaluate"),
    params:
        **FOLDERS,
        code=code_of_cell("evaluate", "phasemix.evaluation.evaluate_cell"),
        examination=lambda wildcards: experiment_of(wildcards)
        .evaluated(study)
        .examination.model_dump_json(),
        run=lambda wildcards, input: os.path.dirname(input.manifest),
        evaluation=lambda wildcards, output: os.path.dirname(output.summary),
    message:
        "evaluate {wildcards.cell} ({wildcards.experiment})"
    shell:
        run_on_devices("evaluate")
        + "--examination {params.examination:q} --run {params.run} "
        + DATA
        + " --threads {threads} --out {params.evaluation} > {log} 2>&1"


rule cells:
    input:
        summaries=lambda wildcards: FILES.of_cells(
            wildcards.experiment, "evaluations", "summary.json"
        ),
        runs=lambda wildcards: FILES.of_cells(
            wildcards.experiment, "runs", "manifest.json", "metrics.csv"
        ),
        trunks=lambda wildcards: (
            FILES.of_cells(wildcards.experiment, "trunks", "manifest.json")
            if any(cell.horizon for cell in experiment_of(wildcards).cells)
            else []
        ),
    output:
        [f"{LAYOUT.tables('{experiment}')}/{table}" for table in GENERIC],
    log:
        LAYOUT.log("cells", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("cells", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(study.training) or "none",
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime="1h",
    params:
        code=code("cells", "phasemix.experiments.cells_table"),
        cells=lambda wildcards: [
            cell.format() for cell in experiment_of(wildcards).cells
        ],
        results=lambda wildcards: LAYOUT.results,
        tables=lambda wildcards: LAYOUT.tables(wildcards.experiment),
    message:
        "gather the cells of {wildcards.experiment}"
    shell:
        run("cells")
        + "--experiment {wildcards.experiment} --results {params.results} --out {params.tables}"
        " --cells {params.cells} > {log} 2>&1"
