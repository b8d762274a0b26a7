# A contest of mixers: what is known of the domains, the mixtures of every round of small runs, what each chooses.

from phasemix.experiments.mixers.files import ContestFiles, of_any_contest
from phasemix.experiments.mixers.spec import (
    choice_file,
    graph_file,
    influences_file,
    round_file,
)
from phasemix.mixers import module_of as mixer_module
from phasemix.tasks.source import task_module

CONTESTS = {
    name: ContestFiles(LAYOUT, name, study.experiments[name])
    for name in of_kind("mixers")
}


rule mixers_domains:
    input:
        checksums=lambda wildcards: FILES.texts(
            experiment_of(wildcards).domains,
            experiment_of(wildcards).tokenizer,
            ".checksums.json",
        ),
        texts=ancient(
            lambda wildcards: FILES.texts(
                experiment_of(wildcards).domains, experiment_of(wildcards).tokenizer
            )
        ),
        tokenizer=lambda wildcards: (
            f"{LAYOUT.tokenizer(experiment_of(wildcards).tokenizer)}.checksums.json"
        ),
        entropies=lambda wildcards: [
            f"{LAYOUT.tables(name)}/entropies.csv"
            for name in experiment_of(wildcards).reads
        ],
        vectors=lambda wildcards: [
            study.experiments[name].vectors
            or rules.domain_vectors.output[0].format(experiment=name)
            for name in experiment_of(wildcards).reads
        ],
    output:
        f"{LAYOUT.tables('{experiment}')}/domains.csv",
    log:
        LAYOUT.log("mixers_domains", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("mixers_domains", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(CONTESTS) or "none",
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=3000,
        runtime="30m",
    params:
        **FOLDERS,
        code=lambda wildcards: code(
            "mixers_domains",
            "phasemix.experiments.mixers.domains",
            *(
                task_module(study.sources[name].task)
                for name in experiment_of(wildcards).domains
            ),
        ),
        sources=lambda wildcards: json.dumps(
            experiment_of(wildcards).options_of(study.sources)
        ),
        sizes=lambda wildcards: json.dumps(experiment_of(wildcards).tokens),
        measured=lambda wildcards, input: (
            f"--entropies {input.entropies} --vectors {input.vectors} --words"
            f" {study.experiments[experiment_of(wildcards).measured].sample_words}"
            if input.entropies
            else ""
        ),
        seed=study.seed,
    message:
        "count and measure the domains of {wildcards.experiment}"
    shell:
        run("mixers_domains")
        + "--sources {params.sources:q} "
        + DATA
        + " --sizes {params.sizes:q} {params.measured} --seed {params.seed} --out {output} > {log} 2>&1"


rule mixers_round:
    input:
        domains=rules.mixers_domains.output[0],
        measured=lambda wildcards: CONTESTS[wildcards.experiment].measured(
            *CONTESTS[wildcards.experiment].asker(wildcards.first)
        ),
    output:
        of_any_contest(LAYOUT, round_file("{first}")),
    log:
        LAYOUT.log("mixers_round", "{experiment}", "{first}"),
    wildcard_constraints:
        experiment=ANY_OF(CONTESTS) or "none",
        first=ANY_OF(
            {
                trials[0].name
                for each in CONTESTS.values()
                for rounds in each.contest.rounds.values()
                for trials in rounds
            }
        )
        or "none",
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="30m",
        # No parameter, for whoever asks for a first round, its runs are the same.
        mixer=lambda wildcards: experiment_of(wildcards).mixer_name(
            CONTESTS[wildcards.experiment].asker(wildcards.first)[0]
        ),
    params:
        code=lambda wildcards: code(
            "mixers_round",
            "phasemix.experiments.mixers.search",
            type(
                experiment_of(wildcards).mixer(
                    CONTESTS[wildcards.experiment].asker(wildcards.first)[0]
                )
            ).mixtures.__module__,
        ),
        search=lambda wildcards: experiment_of(wildcards).searched.model_dump_json(),
        options=lambda wildcards: CONTESTS[wildcards.experiment].options(
            *CONTESTS[wildcards.experiment].asker(wildcards.first)
        ),
        number=lambda wildcards: (
            CONTESTS[wildcards.experiment].asker(wildcards.first)[1]
        ),
        runs=lambda wildcards: CONTESTS[wildcards.experiment].trials(
            "runs", *CONTESTS[wildcards.experiment].asker(wildcards.first)
        ),
        evaluations=lambda wildcards: CONTESTS[wildcards.experiment].trials(
            "evaluations", *CONTESTS[wildcards.experiment].asker(wildcards.first)
        ),
        seed=study.seed,
    message:
        "mix the runs from {wildcards.first} on ({wildcards.experiment})"
    shell:
        run("mixers_round")
        + "--search {params.search:q} --mixer {resources.mixer} --options {params.options:q} --round {params.number}"
        " --domains {input.domains} --runs {params.runs} --evaluations {params.evaluations} --seed {params.seed}"
        " --out {output} > {log} 2>&1"


rule mixers_influences:
    input:
        manifest=lambda wildcards: (
            f"{CONTESTS[wildcards.experiment].trial('runs', wildcards.first)}/manifest.json"
        ),
        model=ancient(
            lambda wildcards: (
                f"{CONTESTS[wildcards.experiment].trial('runs', wildcards.first)}/model"
            )
        ),
        checksums=lambda wildcards: FILES.texts(
            experiment_of(wildcards).domains,
            experiment_of(wildcards).tokenizer,
            ".checksums.json",
        ),
    output:
        of_any_contest(LAYOUT, influences_file("{first}")),
    log:
        LAYOUT.log("mixers_influences", "{experiment}", "{first}"),
    benchmark:
        LAYOUT.benchmark("mixers_influences", "{experiment}", "{first}")
    wildcard_constraints:
        experiment=ANY_OF(CONTESTS) or "none",
        first=ANY_OF(
            {
                mixer.influences
                for each in CONTESTS.values()
                for mixer in map(each.contest.mixer, each.contest.contestants)
                if mixer.influences
            }
        )
        or "none",
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=12000,
        runtime="1h",
    params:
        code=code("mixers_influences", "phasemix.experiments.mixers.influences"),
        domains=lambda wildcards: experiment_of(wildcards).domains,
        tokens=lambda wildcards: [
            LAYOUT.tokens(experiment_of(wildcards).tokenizer, domain)
            for domain in experiment_of(wildcards).domains
        ],
        sizes=lambda wildcards: json.dumps(experiment_of(wildcards).tokens),
        documents=lambda wildcards: experiment_of(wildcards).influences,
        heldout=lambda wildcards: experiment_of(wildcards)
        .evaluated(study)
        .curve.loss_tokens,
        context=lambda wildcards: experiment_of(wildcards).recipe.context,
        seed=study.seed,
    message:
        "find how influential documents are for {wildcards.first} ({wildcards.experiment})"
    shell:
        run("mixers_influences")
        + "--model {input.model} --domains {params.domains} --tokens {params.tokens} --sizes {params.sizes:q}"
        " --documents {params.documents} --heldout {params.heldout} --context {params.context} --seed {params.seed} --out {output} > {log} 2>&1"


rule mixers_choice:
    input:
        domains=rules.mixers_domains.output[0],
        measured=lambda wildcards: CONTESTS[wildcards.experiment].measured(
            wildcards.contestant
        ),
    output:
        choice=of_any_contest(LAYOUT, choice_file("{contestant}")),
        graph=of_any_contest(LAYOUT, graph_file("{contestant}")),
    log:
        LAYOUT.log("mixers_choice", "{experiment}", "{contestant}"),
    wildcard_constraints:
        experiment=ANY_OF(CONTESTS) or "none",
        contestant=ANY_OF(
            {name for each in CONTESTS.values() for name in each.contest.contestants}
        )
        or "none",
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=3000,
        runtime="2h",
    params:
        code=lambda wildcards: code(
            "mixers_choice",
            "phasemix.experiments.mixers.search",
            mixer_module(experiment_of(wildcards).mixer_name(wildcards.contestant)),
        ),
        search=lambda wildcards: experiment_of(wildcards).searched.model_dump_json(),
        mixer=lambda wildcards: experiment_of(wildcards).mixer_name(
            wildcards.contestant
        ),
        options=lambda wildcards: CONTESTS[wildcards.experiment].options(
            wildcards.contestant
        ),
        runs=lambda wildcards: CONTESTS[wildcards.experiment].trials(
            "runs", wildcards.contestant
        ),
        evaluations=lambda wildcards: CONTESTS[wildcards.experiment].trials(
            "evaluations", wildcards.contestant
        ),
        seed=study.seed,
    message:
        "choose the mixture of {wildcards.contestant} ({wildcards.experiment})"
    shell:
        run("mixers_choice")
        + "--search {params.search:q} --mixer {params.mixer} --options {params.options:q} --domains {input.domains}"
        " --runs {params.runs} --evaluations {params.evaluations} --seed {params.seed} --graph {output.graph} --out {output.choice}"
        " > {log} 2>&1"


rule mixers_tables:
    input:
        generic=lambda wildcards: FILES.generic_tables(wildcards.experiment),
        domains=rules.mixers_domains.output[0],
        choices=lambda wildcards: [
            CONTESTS[wildcards.experiment].path(choice_file, name)
            for name in experiment_of(wildcards).contestants
        ],
    output:
        [
            f"{LAYOUT.tables('{experiment}')}/{table}"
            for table in spec_of("mixers").tables
            if table != "domains.csv"
        ],
    log:
        LAYOUT.log("mixers_tables", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("mixers_tables", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(CONTESTS) or "none",
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="30m",
    params:
        **ANALYSIS,
        code=code("mixers_tables", "phasemix.experiments.mixers.tables"),
    message:
        "tell how the contest {wildcards.experiment} went"
    shell:
        run("mixers_tables")
        + "--choices {input.choices} --options {params.options:q} --out {params.tables} > {log} 2>&1"
