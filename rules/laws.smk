# Mixing laws: on runs that others published, and on the user's own tables. What `phasemix laws` and
# `phasemix mix` do by hand.

PUBLISHED_RUNS = expand(f"{PUBLISHED}/runs/{{table}}.csv", table=PUBLISHED_TABLES)


rule published_runs:
    input:
        script=script("published_runs"),
        sources=sources("phasemix.published.regmix"),
    output:
        PUBLISHED_RUNS,
    log:
        f"{LOGS}/published_runs.log",
    benchmark:
        f"{BENCHMARKS}/published_runs.tsv"
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime="10m",
    params:
        folder=lambda wildcards, output: os.path.dirname(output[0]),
    message:
        "bring RegMix's runs into the format of runs"
    shell:
        START + " {input.script} --out {params.folder} > {log} 2>&1"


rule published_comparison:
    input:
        script=script("published_comparison"),
        sources=sources("phasemix.published.comparisons", "phasemix.laws.catalogue"),
        runs=PUBLISHED_RUNS,
    output:
        table=report(
            f"{PUBLISHED}/{{comparison}}.csv",
            category="Published runs",
            labels={"comparison": "{comparison}"},
        ),
        notes=f"{PUBLISHED}/{{comparison}}.notes.json",
    log:
        f"{LOGS}/published/{{comparison}}.log",
    benchmark:
        f"{BENCHMARKS}/published/{{comparison}}.tsv"
    wildcard_constraints:
        comparison="|".join(COMPARISONS),
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="1h",
    params:
        folds=study.published.folds,
        seed=study.seed,
    message:
        "compare mixing laws on RegMix's runs: {wildcards.comparison}"
    shell:
        START
        + " {input.script} --comparison {wildcards.comparison} --runs {input.runs} --folds {params.folds}"
        " --seed {params.seed} --table {output.table} --notes {output.notes} > {log} 2>&1"


rule published_page:
    input:
        script=script("published_page"),
        sources=sources("phasemix.report.published"),
        template=[os.path.relpath(path) for path in (BASE, PUBLISHED_PAGE, STYLE)],
        tables=expand(rules.published_comparison.output.table, comparison=COMPARISONS),
        notes=expand(rules.published_comparison.output.notes, comparison=COMPARISONS),
    output:
        f"{RESULTS}/published.html",
    log:
        f"{LOGS}/published_page.log",
    benchmark:
        f"{BENCHMARKS}/published_page.tsv"
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="10m",
    params:
        tables=lambda wildcards, input: os.path.dirname(input.tables[0]),
        folds=study.published.folds,
    message:
        "write the page of laws on published runs"
    shell:
        START
        + " {input.script} --tables {params.tables} --folds {params.folds} --out {output} > {log} 2>&1"


rule laws_compare:
    input:
        sources=sources("phasemix.cli"),
        runs=lambda wildcards: study.laws[wildcards.table].runs,
    output:
        report(
            f"{LAWS}/{{table}}.comparison.csv",
            category="Mixing laws",
            labels={"table": "{table}"},
        ),
    log:
        f"{LOGS}/laws_compare/{{table}}.log",
    benchmark:
        f"{BENCHMARKS}/laws_compare/{{table}}.tsv"
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime="2h",
    params:
        options=lambda wildcards: study.laws[wildcards.table].comparison_options,
        seed=study.seed,
    message:
        "compare mixing laws on {input.runs}"
    shell:
        START
        + " -m phasemix.cli laws compare {input.runs} {params.options} --seed {params.seed} --out {output} > {log} 2>&1"


rule laws_fit:
    input:
        sources=sources("phasemix.cli"),
        runs=lambda wildcards: study.laws[wildcards.table].runs,
    output:
        f"{LAWS}/{{table}}.law.json",
    log:
        f"{LOGS}/laws_fit/{{table}}.log",
    benchmark:
        f"{BENCHMARKS}/laws_fit/{{table}}.tsv"
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime="2h",
    params:
        law=lambda wildcards: study.laws[wildcards.table].law,
        seed=study.seed,
    message:
        "fit {params.law} on {input.runs}"
    shell:
        START
        + " -m phasemix.cli laws fit {input.runs} --law {params.law} --seed {params.seed} --out {output} > {log} 2>&1"


rule mix_optimise:
    input:
        sources=sources("phasemix.cli", "phasemix.laws.optimisation"),
        law=rules.laws_fit.output,
    output:
        f"{LAWS}/{{table}}.optimum.json",
    log:
        f"{LOGS}/mix_optimise/{{table}}.log",
    benchmark:
        f"{BENCHMARKS}/mix_optimise/{{table}}.tsv"
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime="4h",
    params:
        options=lambda wildcards: study.laws[wildcards.table].optimum_options,
        seed=study.seed,
    message:
        "the best mixture for {wildcards.table}"
    shell:
        START
        + " -m phasemix.cli mix optimise {input.law} {params.options} --seed {params.seed} --out {output} > {log} 2>&1"
