# Downstream tasks: the requests of an experiment's tasks, made once; what every model answers; the tables of all.

DOWNSTREAM = {name: study.experiments[name] for name in of_kind("downstream")}
DOWNSTREAM_QUESTIONS = f"{LAYOUT.results}/questions/{{experiment}}"
DOWNSTREAM_ANSWERS = (
    f"{LAYOUT.results}/downstream/{{experiment}}/{{asked}}/{{cell}}.json"
)


rule downstream_questions:
    input:
        lambda wildcards: DOWNSTREAM[wildcards.experiment].files,
    output:
        requests=directory(f"{DOWNSTREAM_QUESTIONS}/requests"),
        questions=f"{DOWNSTREAM_QUESTIONS}/questions.json",
    log:
        LAYOUT.log("downstream_questions", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("downstream_questions", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(DOWNSTREAM) or "none",
    priority: 10**6 + 2  # so that what cannot be had is said at once
    localrule: True  # it fetches datasets, which nodes of a cluster often cannot
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime="2h",
    params:
        code=code("downstream_questions", "phasemix.evaluation.downstream"),
        asked=lambda wildcards: (
            DOWNSTREAM[wildcards.experiment].task_list.model_dump_json()
        ),
        out=lambda wildcards, output: os.path.dirname(output.questions),
    message:
        "make the questions of {wildcards.experiment}"
    shell:
        run("downstream_questions")
        + "--asked {params.asked:q} --out {params.out} > {log} 2>&1"


rule downstream_answers:
    input:
        questions=rules.downstream_questions.output.questions,
        requests=ancient(rules.downstream_questions.output.requests),
        manifest=lambda wildcards: (
            f"{LAYOUT.of_cell('runs', wildcards.asked, wildcards.cell)}/manifest.json"
        ),
        model=ancient(
            lambda wildcards: (
                f"{LAYOUT.of_cell('runs', wildcards.asked, wildcards.cell)}/model"
            )
        ),
    output:
        DOWNSTREAM_ANSWERS,
    log:
        LAYOUT.log("downstream_answers", "{experiment}", "{asked}", "{cell}"),
    benchmark:
        LAYOUT.benchmark("downstream_answers", "{experiment}", "{asked}", "{cell}")
    wildcard_constraints:
        experiment=ANY_OF(DOWNSTREAM) or "none",
        asked=ANY_OF(study.training) or "none",
    priority: REQUESTS.first
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        **REQUESTS.devices("ask"),
        runtime=lambda wildcards, attempt: REQUESTS.minutes(
            "ask", wildcards.asked, wildcards.cell, attempt, wildcards.experiment
        ),
        mem_mb=lambda wildcards, attempt: REQUESTS.megabytes(
            "ask", wildcards.asked, wildcards.cell, attempt
        ),
    params:
        code=code("downstream_answers", "phasemix.evaluation.downstream"),
        asked=lambda wildcards: (
            DOWNSTREAM[wildcards.experiment].task_list.model_dump_json()
        ),
        run=lambda wildcards, input: os.path.dirname(input.manifest),
        questions=lambda wildcards, input: os.path.dirname(input.questions),
    message:
        "ask {wildcards.cell} ({wildcards.asked}) for {wildcards.experiment}"
    shell:
        run_on_devices("downstream_answers")
        + "--experiment {wildcards.asked} --cell {wildcards.cell} --run {params.run} --questions {params.questions}"
        " --asked {params.asked:q} --threads {threads} --out {output} > {log} 2>&1"


rule downstream_tables:
    input:
        lambda wildcards: [
            DOWNSTREAM_ANSWERS.format(
                experiment=wildcards.experiment, asked=name, cell=cell.format()
            )
            for name, cell in DOWNSTREAM[wildcards.experiment].models(study)
        ],
    output:
        [
            f"{LAYOUT.tables('{experiment}')}/{table}"
            for table in spec_of("downstream").tables
        ],
    log:
        LAYOUT.log("downstream_tables", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("downstream_tables", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(DOWNSTREAM) or "none",
    localrule: True
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="10m",
    params:
        code=code("downstream_tables", "phasemix.experiments.downstream.tables"),
        confidence=lambda wildcards: (
            DOWNSTREAM[wildcards.experiment].analysis or study.analysis
        ).confidence,
        tables=LAYOUT.tables("{experiment}"),
    message:
        "gather the answers of {wildcards.experiment}"
    shell:
        run("downstream_tables")
        + "--answers {input} --confidence {params.confidence} --out {params.tables} > {log} 2>&1"
