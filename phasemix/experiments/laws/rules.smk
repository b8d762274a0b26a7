# Mixing laws on a table of runs: what `phasemix laws` and `phasemix mix` do by hand.

LAWS = {name: study.experiments[name] for name in of_kind("laws")}


rule laws_compare:
    input:
        runs=lambda wildcards: LAWS[wildcards.experiment].table_of_runs(LAYOUT),
    output:
        report(
            f"{LAYOUT.tables('{experiment}')}/comparison.csv",
            category="Mixing laws",
            labels={"table": "{experiment}"},
        ),
    log:
        LAYOUT.log("laws_compare", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("laws_compare", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(LAWS) or "none",
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime="2h",
    params:
        code=lambda wildcards: code(
            "run_phasemix",
            *LAWS[wildcards.experiment].code_of("laws_compare"),
        ),
        options=lambda wildcards: LAWS[wildcards.experiment].comparison_options,
        seed=study.seed,
    message:
        "compare mixing laws on {input.runs}"
    shell:
        run("run_phasemix")
        + "laws compare {input.runs} {params.options} --seed {params.seed} --out {output} > {log} 2>&1"


rule laws_fit:
    input:
        runs=lambda wildcards: LAWS[wildcards.experiment].table_of_runs(LAYOUT),
    output:
        f"{LAYOUT.tables('{experiment}')}/law.json",
    log:
        LAYOUT.log("laws_fit", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("laws_fit", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(LAWS) or "none",
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime="2h",
    params:
        code=lambda wildcards: code(
            "run_phasemix",
            *LAWS[wildcards.experiment].code_of("laws_fit"),
        ),
        law=lambda wildcards: LAWS[wildcards.experiment].law,
        seed=study.seed,
    message:
        "fit {params.law} on {input.runs}"
    shell:
        run("run_phasemix")
        + "laws fit {input.runs} --law {params.law} --seed {params.seed} --out {output} > {log} 2>&1"


rule mix_optimise:
    input:
        law=rules.laws_fit.output,
    output:
        f"{LAYOUT.tables('{experiment}')}/optimum.json",
    log:
        LAYOUT.log("mix_optimise", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("mix_optimise", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(LAWS) or "none",
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime="4h",
    params:
        code=lambda wildcards: code(
            "run_phasemix",
            *LAWS[wildcards.experiment].code_of("mix_optimise"),
        ),
        options=lambda wildcards: LAWS[wildcards.experiment].optimum_options,
        seed=study.seed,
    message:
        "the best mixture for {wildcards.experiment}"
    shell:
        run("run_phasemix")
        + "mix optimise {input.law} {params.options} --seed {params.seed} --out {output} > {log} 2>&1"
