# A designed set of runs: what mixing laws are asked about it.

from phasemix.experiments.design.spec import QUESTIONS


rule design_question:
    input:
        runs=f"{LAYOUT.tables('{experiment}')}/runs.csv",
        six=lambda wildcards: f"{LAYOUT.tables(experiment_of(wildcards).six)}/runs.csv",
    output:
        table=report(
            f"{LAYOUT.tables('{experiment}')}/{{question}}.csv",
            category="{experiment}",
            labels={"question": "{question}"},
        ),
        notes=f"{LAYOUT.tables('{experiment}')}/{{question}}.notes.json",
    log:
        LAYOUT.log("design_question", "{experiment}", "{question}"),
    benchmark:
        LAYOUT.benchmark("design_question", "{experiment}", "{question}")
    wildcard_constraints:
        experiment=ANY_OF(of_kind("design")) or "none",
        question=ANY_OF(QUESTIONS),
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="4h",
    params:
        code=code(
            "design_question",
            "phasemix.experiments.design.questions",
            *map(law_module, LAW_NAMES),
        ),
        points=lambda wildcards: experiment_of(wildcards).points,
        folds=lambda wildcards: experiment_of(wildcards).folds,
        seed=study.seed,
    message:
        "compare mixing laws on {wildcards.experiment}: {wildcards.question}"
    shell:
        run("design_question")
        + "--question {wildcards.question} --runs {input.runs} --six {input.six} --points {params.points}"
        " --folds {params.folds} --seed {params.seed} --table {output.table} --notes {output.notes} > {log} 2>&1"
