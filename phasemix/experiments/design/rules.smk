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
        errors=f"{LAYOUT.tables('{experiment}')}/{{question}}.errors.csv",
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
        " --folds {params.folds} --seed {params.seed} --table {output.table} --errors {output.errors}"
        " --notes {output.notes} > {log} 2>&1"


rule design_exponents:
    input:
        runs=f"{LAYOUT.tables('{experiment}')}/runs.csv",
        six=lambda wildcards: f"{LAYOUT.tables(experiment_of(wildcards).six)}/runs.csv",
    output:
        f"{LAYOUT.tables('{experiment}')}/exponents.csv",
    log:
        LAYOUT.log("design_exponents", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("design_exponents", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(of_kind("design")) or "none",
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="10m",
    params:
        code=code(
            "design_exponents",
            "phasemix.experiments.design.exponents",
            law_module("bimix"),
        ),
        points=lambda wildcards: experiment_of(wildcards).points,
        confidence=lambda wildcards: (
            experiment_of(wildcards).analysis or study.analysis
        ).confidence,
        seed=study.seed,
    message:
        "fit BiMix's exponents on {wildcards.experiment} and on paper B's mixtures"
    shell:
        run("design_exponents")
        + "--runs {input.runs} --six {input.six} --points {params.points} --confidence {params.confidence}"
        " --seed {params.seed} --table {output} > {log} 2>&1"
