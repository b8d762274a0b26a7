# Mixing laws on runs that others published.

from phasemix.experiments.published_runs.spec import COMPARISONS, TABLES

PUBLISHED_RUNS = [f"{LAYOUT.results}/published_runs/{table}.csv" for table in TABLES]


rule published_runs:
    output:
        PUBLISHED_RUNS,
    log:
        LAYOUT.log("published_runs"),
    benchmark:
        LAYOUT.benchmark("published_runs")
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime="10m",
    params:
        code=code("published_runs", "phasemix.experiments.published_runs.regmix"),
        folder=lambda wildcards, output: os.path.dirname(output[0]),
    message:
        "bring RegMix's runs into the format of runs"
    shell:
        run("published_runs") + "--out {params.folder} > {log} 2>&1"


rule published_comparison:
    input:
        runs=PUBLISHED_RUNS,
    output:
        table=report(
            f"{LAYOUT.tables('{experiment}')}/{{comparison}}.csv",
            category="Published runs",
            labels={"comparison": "{comparison}"},
        ),
        notes=f"{LAYOUT.tables('{experiment}')}/{{comparison}}.notes.json",
    log:
        LAYOUT.log("published_comparison", "{experiment}", "{comparison}"),
    benchmark:
        LAYOUT.benchmark("published_comparison", "{experiment}", "{comparison}")
    wildcard_constraints:
        experiment=ANY_OF(of_kind("published_runs")) or "none",
        comparison=ANY_OF(COMPARISONS),
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="1h",
    params:
        code=code(
            "published_comparison",
            "phasemix.experiments.published_runs.comparisons",
            *map(law_module, LAW_NAMES),
        ),
        folds=lambda wildcards: experiment_of(wildcards).folds,
        seed=study.seed,
    message:
        "compare mixing laws on RegMix's runs: {wildcards.comparison}"
    shell:
        run("published_comparison")
        + "--comparison {wildcards.comparison} --runs {input.runs} --folds {params.folds}"
        " --seed {params.seed} --table {output.table} --notes {output.notes} > {log} 2>&1"
