# PopQA: its questions with their prompts, which model exactly each is, its answers, what the judge says, the tables. A
# killed job goes on from the batches that it has, in a folder beside its own that Snakemake does not know.

from phasemix.experiments.popqa.files import StudyFiles
from phasemix.experiments.popqa.spec import JUDGE

POPQA = {
    name: StudyFiles(LAYOUT, name, study.experiments[name]) for name in of_kind("popqa")
}
OF_MODEL = LAYOUT.asked("{experiment}", "{model}")
POPQA_QUESTIONS = f"{LAYOUT.asked('{experiment}', 'questions')}.parquet"
POPQA_MODELS = f"{LAYOUT.asked('{experiment}', 'models')}.given"


ASKED_HERE, ELSEWHERE, MODELS = (
    ANY_OF({name for each in POPQA.values() for name in getattr(each.study, part)})
    or "none"
    for part in ("asked", "elsewhere", "models")
)


rule popqa_questions:
    input:
        file=lambda wildcards: experiment_of(wildcards).dataset.file or [],
    output:
        POPQA_QUESTIONS,
    log:
        LAYOUT.log("popqa_questions", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("popqa_questions", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(POPQA) or "none",
    priority: 10**6 + 1
    localrule: True  # clusters' nodes often reach no hub
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="30m",
    params:
        code=code(
            "popqa_questions",
            "phasemix.popularity.popqa.questions",
            "phasemix.popularity.popqa.prompts",
        ),
        dataset=lambda wildcards: experiment_of(wildcards).dataset.model_dump_json(),
        shots=lambda wildcards: experiment_of(wildcards).shots,
        seed=study.seed,
    message:
        "read the questions of {wildcards.experiment} and make their prompts"
    shell:
        run("popqa_questions")
        + "--dataset {params.dataset:q} --shots {params.shots} --seed {params.seed} --out {output} > {log} 2>&1"


rule popqa_model:
    input:
        files=lambda wildcards: experiment_of(wildcards).asked[wildcards.model].files,
    output:
        f"{OF_MODEL}/model.json",
    log:
        LAYOUT.log("popqa_model", "{experiment}", "{model}"),
    wildcard_constraints:
        experiment=ANY_OF(POPQA) or "none",
        model=ASKED_HERE,
    priority: 10**6 + 1
    retries: 0  # what is not given now is not given a minute later
    localrule: True
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime="30m",
    params:
        code=code("popqa_model", "phasemix.popularity.popqa.model_file"),
        place=lambda wildcards: experiment_of(wildcards).asked[wildcards.model].place,
        key=lambda wildcards: experiment_of(wildcards).key_of(wildcards.model),
    message:
        "find out which model {wildcards.model} is ({wildcards.experiment})"
    shell:
        run("popqa_model")
        + "{params.place} --key {params.key} --out {output} > {log} 2>&1"


rule popqa_models:  # a model that is not given to the user is known before any other is asked
    input:
        lambda wildcards: [
            f"{LAYOUT.asked(wildcards.experiment, name)}/model.json"
            for name in experiment_of(wildcards).asked
        ],
    output:
        touch(POPQA_MODELS),  # a file of its own, so that another model in the study asks none of the others again
    wildcard_constraints:
        experiment=ANY_OF(POPQA) or "none",
    priority: 10**6
    localrule: True
    message:
        "all models of {wildcards.experiment} are given"


rule popqa_ask:
    input:
        questions=POPQA_QUESTIONS,
        model=f"{OF_MODEL}/model.json",
        given=ancient(POPQA_MODELS),
    output:
        answers=f"{OF_MODEL}/answers/answers.parquet",
        manifest=f"{OF_MODEL}/answers/manifest.json",
    log:
        LAYOUT.log("popqa_ask", "{experiment}", "{model}"),
    benchmark:
        LAYOUT.benchmark("popqa_ask", "{experiment}", "{model}")
    wildcard_constraints:
        experiment=ANY_OF(POPQA) or "none",
        model=ASKED_HERE,
    priority: lambda wildcards: REQUESTS.rank("answer", *wildcards)
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        **resources_of("answer"),
    params:
        code=code(
            "popqa_ask",
            "phasemix.popularity.popqa.answers",
            "phasemix.popularity.popqa.said",
        ),
        key=lambda wildcards: experiment_of(wildcards).key_of(wildcards.model),
        batch_size=lambda wildcards: experiment_of(wildcards).batch_size,
        max_new_tokens=lambda wildcards: experiment_of(wildcards).max_new_tokens,
        out=lambda wildcards, output: os.path.dirname(output.manifest),
    message:
        "ask {wildcards.model} ({wildcards.experiment})"
    shell:
        run_on_devices("popqa_ask")
        + "--questions {input.questions} --model {input.model} --key {params.key} --batch-size {params.batch_size}"
        " --max-new-tokens {params.max_new_tokens} --threads {threads} --out {params.out} > {log} 2>&1"


rule popqa_elsewhere:
    input:
        questions=POPQA_QUESTIONS,
        answers=lambda wildcards: experiment_of(wildcards).elsewhere[wildcards.model],
    output:
        f"{OF_MODEL}/elsewhere.parquet",
    log:
        LAYOUT.log("popqa_elsewhere", "{experiment}", "{model}"),
    wildcard_constraints:
        experiment=ANY_OF(POPQA) or "none",
        model=ELSEWHERE,
    priority: 10**6
    localrule: True
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime="10m",
    params:
        code=code("popqa_elsewhere", "phasemix.popularity.popqa.answers"),
        key=lambda wildcards: experiment_of(wildcards).key_of(wildcards.model),
    message:
        "read the answers of {wildcards.model} ({wildcards.experiment})"
    shell:
        run("popqa_elsewhere")
        + "--questions {input.questions} --answers {input.answers:q} --key {params.key} --out {output} > {log} 2>&1"


rule popqa_judge:
    input:
        questions=POPQA_QUESTIONS,
        answers=lambda wildcards: POPQA[wildcards.experiment].answers(wildcards.model),
        judge=f"{LAYOUT.asked('{experiment}', JUDGE)}/model.json",
        given=ancient(POPQA_MODELS),
    output:
        verdicts=f"{OF_MODEL}/verdicts/verdicts.parquet",
        manifest=f"{OF_MODEL}/verdicts/manifest.json",
    log:
        LAYOUT.log("popqa_judge", "{experiment}", "{model}"),
    benchmark:
        LAYOUT.benchmark("popqa_judge", "{experiment}", "{model}")
    wildcard_constraints:
        experiment=ANY_OF(POPQA) or "none",
        model=MODELS,
    priority: lambda wildcards: REQUESTS.rank("judge", *wildcards)
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        **resources_of("judge"),
    params:
        code=code(
            "popqa_judge",
            "phasemix.popularity.popqa.judge",
            "phasemix.popularity.popqa.said",
        ),
        batch_size=lambda wildcards: experiment_of(wildcards).batch_size,
        out=lambda wildcards, output: os.path.dirname(output.manifest),
    message:
        "judge the answers of {wildcards.model} ({wildcards.experiment})"
    shell:
        run_on_devices("popqa_judge")
        + f"--key {JUDGE}"
        + " --questions {input.questions} --answers {input.answers} --judge {input.judge} --batch-size {params.batch_size}"
        " --threads {threads} --out {params.out} > {log} 2>&1"


rule popqa_tables:
    input:
        questions=POPQA_QUESTIONS,
        answers=lambda wildcards: POPQA[wildcards.experiment].all_answers,
        verdicts=lambda wildcards: POPQA[wildcards.experiment].all_verdicts,
    output:
        [
            f"{LAYOUT.tables('{experiment}')}/{table}"
            for table in spec_of("popqa").tables
        ],
    log:
        LAYOUT.log("popqa_tables", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("popqa_tables", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(POPQA) or "none",
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime="30m",
    params:
        **ANALYSIS,
        code=code("popqa_tables", "phasemix.experiments.popqa.tables"),
    message:
        "infer the sizes of the models of {wildcards.experiment}"
    shell:
        run("popqa_tables")
        + "--answers {input.answers} --verdicts {input.verdicts} --options {params.options:q} --out {params.tables}"
        " > {log} 2>&1"
