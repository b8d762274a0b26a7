# Corpora: of every source its corpus and its tokens, and the tokenizers. Later stages depend on the small checksums
# beside each folder, which Snakemake compares by content; the data themselves are `ancient`, so that
# touching or copying them reruns nothing. All are cached between workflows where $SNAKEMAKE_OUTPUT_CACHE names
# a folder, so no parameter may name this study's.

TRAINED = [name for name, each in study.tokenizers.items() if each.origin == "train"]
TEXT_RESOURCES = dict(
    mem_mb=lambda wildcards, attempt: REQUESTS.costs.text_memory(
        wildcards.get("source"), attempt
    ),
    runtime=lambda wildcards, attempt: REQUESTS.costs.text_minutes(
        wildcards.get("source"), attempt
    ),
)
FROM_HUB = [name for name in study.tokenizers if name not in TRAINED]


rule corpus:
    input:
        files=lambda wildcards: source_of(wildcards).inputs,
        relatives_checksums=lambda wildcards: FILES.relatives(
            wildcards.source, ".checksums.json"
        ),
        relatives=ancient(lambda wildcards: FILES.relatives(wildcards.source)),
    output:
        folder=directory(LAYOUT.corpus("{source}")),
        checksums=LAYOUT.corpus("{source}") + ".checksums.json",
    log:
        LAYOUT.log("corpus", "{source}"),
    cache: True
    priority: 10**6 + 1
    conda:
        "../envs/conda.yaml"
    threads: text_cores_of
    resources:
        **TEXT_RESOURCES,
        cpus_per_task=text_cores_of,
    params:
        code=lambda wildcards: code("corpus", corpus_module(source_of(wildcards).task)),
        options=lambda wildcards: json.dumps(source_of(wildcards).corpus),
        seed=lambda wildcards: study.seed if source_of(wildcards).seeded else 0,
    message:
        "make the corpus of {wildcards.source}"
    shell:
        run("corpus")
        + "--options {params.options:q} --inputs {input.files:q} --relatives {input.relatives:q} --seed {params.seed} --threads {resources.cpus_per_task} --out {output.folder} > {log} 2>&1"


rule train_tokenizer:
    input:
        checksums=lambda wildcards: FILES.sampled_corpora(
            wildcards.tokenizer, ".checksums.json"
        ),
        corpora=ancient(lambda wildcards: FILES.sampled_corpora(wildcards.tokenizer)),
    output:
        folder=directory(LAYOUT.tokenizer("{tokenizer}")),
        checksums=LAYOUT.tokenizer("{tokenizer}") + ".checksums.json",
    log:
        LAYOUT.log("train_tokenizer", "{tokenizer}"),
    wildcard_constraints:
        tokenizer=ANY_OF(TRAINED) or "none",
    cache: True
    priority: 10**6 + 1
    conda:
        "../envs/conda.yaml"
    threads: text_cores_of
    resources:
        **TEXT_RESOURCES,
        cpus_per_task=text_cores_of,
    params:
        code=lambda wildcards: code(
            "tokenizer",
            "phasemix.corpora.make_tokenizer",
            *(
                corpus_module(study.sources[source].task)
                for source in study.tokenizers[wildcards.tokenizer].sources
            ),
        ),
        options=lambda wildcards: study.tokenizers[wildcards.tokenizer].options,
        sources=lambda wildcards: json.dumps(
            {
                source: study.sources[source].sampled
                for source in study.tokenizers[wildcards.tokenizer].sources
            }
        ),
        seed=study.seed,
    message:
        "train the tokenizer {wildcards.tokenizer}"
    shell:
        run("tokenizer")
        + "--origin train --options {params.options:q} --sources {params.sources:q} --corpora {input.corpora:q}"
        " --seed {params.seed} --threads {resources.cpus_per_task} --out {output.folder} > {log} 2>&1"


rule hub_tokenizer:
    output:
        folder=directory(LAYOUT.tokenizer("{tokenizer}")),
        checksums=LAYOUT.tokenizer("{tokenizer}") + ".checksums.json",
    log:
        LAYOUT.log("hub_tokenizer", "{tokenizer}"),
    wildcard_constraints:
        tokenizer=ANY_OF(FROM_HUB) or "none",
    cache: True
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        **TEXT_RESOURCES,
    params:
        code=code("tokenizer", "phasemix.corpora.make_tokenizer"),
        options=lambda wildcards: study.tokenizers[wildcards.tokenizer].options,
    message:
        "take the tokenizer {wildcards.tokenizer} from the hub"
    shell:
        run("tokenizer")
        + "--origin hub --options {params.options:q} --threads {threads} --out {output.folder} > {log} 2>&1"


rule tokens:
    input:
        corpus_checksums=LAYOUT.corpus("{source}") + ".checksums.json",
        corpus=ancient(LAYOUT.corpus("{source}")),
        tokenizer_checksums=LAYOUT.tokenizer("{tokenizer}") + ".checksums.json",
        tokenizer=ancient(LAYOUT.tokenizer("{tokenizer}")),
    output:
        folder=directory(LAYOUT.tokens("{tokenizer}", "{source}")),
        checksums=LAYOUT.tokens("{tokenizer}", "{source}") + ".checksums.json",
    log:
        LAYOUT.log("tokens", "{tokenizer}", "{source}"),
    cache: True
    priority: 10**6 + 1
    conda:
        "../envs/conda.yaml"
    threads: text_cores_of
    resources:
        **TEXT_RESOURCES,
        cpus_per_task=text_cores_of,
        # What must be there, as resources and not parameters: asking for more or fewer changes no token.
        train_tokens=lambda wildcards: FILES.tokens_needed(wildcards.source)[0],
        heldout_tokens=lambda wildcards: FILES.tokens_needed(wildcards.source)[1],
    params:
        code=lambda wildcards: code("tokens", task_module(source_of(wildcards).task)),
        task=lambda wildcards: source_of(wildcards).task,
    message:
        "tokenise {wildcards.source} by {wildcards.tokenizer}"
    shell:
        run("tokens")
        + "--task {params.task} --corpus {input.corpus} --tokenizer {input.tokenizer}"
        " --train-tokens {resources.train_tokens} --heldout-tokens {resources.heldout_tokens}"
        " --threads {resources.cpus_per_task} --out {output.folder} > {log} 2>&1"
