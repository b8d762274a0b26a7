# Evaluation: one job a cell; then the tables of every experiment, its critical points and its ledger.


rule evaluate:
    input:
        script=script("evaluate"),
        sources=sources("phasemix.evaluation.evaluate_cell"),
        manifest=rules.train.output.manifest,
        model=ancient(rules.train.output.model),
        tokens_checksums=rules.web_tokens.output.checksums,
        tokens=ancient(rules.web_tokens.output.heldout),
        people_checksums=lambda wildcards: people_of(
            wildcards.experiment, "checksums.json"
        ),
        people=ancient(
            lambda wildcards: people_of(wildcards.experiment, "people.parquet")
        ),
    output:
        recall=f"{EVALUATIONS}/{CELL}/recall.parquet",
        summary=f"{EVALUATIONS}/{CELL}/summary.json",
    log:
        f"{LOGS}/evaluate/{CELL}.log",
    benchmark:
        f"{BENCHMARKS}/evaluate/{CELL}.tsv"
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        **resources_of("evaluate"),
    params:
        examination=study.examination.model_dump_json(),
        run=lambda wildcards, input: os.path.dirname(input.manifest),
        web=lambda wildcards, input: os.path.dirname(input.tokens),
        evaluation=lambda wildcards, output: os.path.dirname(output.summary),
    message:
        "evaluate {wildcards.size} at r = {wildcards.ratio}, seed {wildcards.seed} ({wildcards.experiment}{wildcards.horizon})"
    shell:
        LAUNCH
        + " {input.script} --examination {params.examination:q} --run {params.run} --web {params.web}"
        " --people {input.people} --threads {threads} --out {params.evaluation} > {log} 2>&1"


rule study_tables:
    input:
        script=script("study_tables"),
        sources=sources("phasemix.analysis.tables"),
        summaries=lambda wildcards: cells(
            wildcards.experiment, EVALUATIONS, "summary.json"
        ),
        recalls=lambda wildcards: cells(
            wildcards.experiment, EVALUATIONS, "recall.parquet"
        ),
        manifests=lambda wildcards: cells(wildcards.experiment, RUNS, "manifest.json"),
    output:
        transition=f"{STUDY_TABLES}/{{experiment}}.csv",
        people=f"{STUDY_TABLES}/{{experiment}}.people.parquet",
        curves=f"{STUDY_TABLES}/{{experiment}}.curves.csv",
        a_table_1=report(
            f"{STUDY_TABLES}/{{experiment}}.a_table_1.csv",
            caption="../phasemix/analysis/a_table_1.rst",
            category="Paper A",
            subcategory="{experiment}",
            labels={"table": "A-Table 1"},
        ),
        a_table_2=report(
            f"{STUDY_TABLES}/{{experiment}}.a_table_2.csv",
            caption="../phasemix/analysis/a_table_2.rst",
            category="Paper A",
            subcategory="{experiment}",
            labels={"table": "A-Table 2"},
        ),
        facts=f"{STUDY_TABLES}/{{experiment}}.facts.json",
    log:
        f"{LOGS}/study_tables/{{experiment}}.log",
    benchmark:
        f"{BENCHMARKS}/study_tables/{{experiment}}.tsv"
    wildcard_constraints:
        experiment="|".join(TRANSITIONS) or "none",
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime="1h",
    params:
        templates=study.evaluation.templates,
        evaluations=f"{EVALUATIONS}/{{experiment}}",
        runs=f"{RUNS}/{{experiment}}",
        grid=lambda wildcards: study.experiments[
            wildcards.experiment
        ].grid.model_dump_json(),
        tables=lambda wildcards, output: os.path.dirname(output.transition),
    message:
        "gather the cells of {wildcards.experiment}"
    shell:
        START
        + " {input.script} --experiment {wildcards.experiment} --evaluations {params.evaluations} --runs {params.runs}"
        " --grid {params.grid:q} --templates {params.templates} --out {params.tables} > {log} 2>&1"


rule horizon_table:
    input:
        script=script("horizon_table"),
        sources=sources("phasemix.analysis.tables"),
        summaries=lambda wildcards: cells(
            wildcards.experiment, EVALUATIONS, "summary.json"
        ),
        manifests=lambda wildcards: cells(wildcards.experiment, RUNS, "manifest.json"),
        trunks=lambda wildcards: trunks(wildcards.experiment, "manifest.json"),
    output:
        table=f"{STUDY_TABLES}/{{experiment}}.csv",
        facts=f"{STUDY_TABLES}/{{experiment}}.facts.json",
    log:
        f"{LOGS}/horizon_table/{{experiment}}.log",
    benchmark:
        f"{BENCHMARKS}/horizon_table/{{experiment}}.tsv"
    wildcard_constraints:
        experiment="|".join(HORIZONS) or "none",
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="1h",
    params:
        evaluations=f"{EVALUATIONS}/{{experiment}}",
        runs=f"{RUNS}/{{experiment}}",
        trunks=f"{TRUNKS}/{{experiment}}",
        grid=lambda wildcards: study.experiments[
            wildcards.experiment
        ].grid.model_dump_json(),
        horizons=lambda wildcards: study.experiments[wildcards.experiment].horizons,
    message:
        "gather the horizons of {wildcards.experiment}"
    shell:
        START
        + " {input.script} --evaluations {params.evaluations} --runs {params.runs} --trunks {params.trunks}"
        " --grid {params.grid:q} --horizons {params.horizons} --table {output.table} --facts {output.facts}"
        " > {log} 2>&1"


rule critical:
    input:
        script=script("critical"),
        sources=sources("phasemix.analysis.claims"),
        claims=os.path.relpath(CLAIMS),
        transition=rules.study_tables.output.transition,
        people=rules.study_tables.output.people,
    output:
        accuracy=f"{STUDY_TABLES}/{{experiment}}.accuracy.csv",
        critical=f"{STUDY_TABLES}/{{experiment}}.critical.csv",
        ledger=report(
            f"{STUDY_TABLES}/{{experiment}}.ledger.csv",
            caption="../phasemix/analysis/ledger.rst",
            category="Ledger",
            subcategory="{experiment}",
            labels={"table": "ledger of claims"},
        ),
    log:
        f"{LOGS}/critical/{{experiment}}.log",
    benchmark:
        f"{BENCHMARKS}/critical/{{experiment}}.tsv"
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime="1h",
    params:
        analysis=study.analysis.model_dump_json(),
        seed=study.seed,
    message:
        "critical points and ledger of {wildcards.experiment}"
    shell:
        START
        + " {input.script} --transition {input.transition} --people {input.people}"
        " --analysis {params.analysis:q} --seed {params.seed} --accuracy {output.accuracy}"
        " --critical {output.critical} --ledger {output.ledger} > {log} 2>&1"
