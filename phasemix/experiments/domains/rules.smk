# Domains: word vectors for all of them, what is measured of each, and the tables of all.

DOMAINS = of_kind("domains")
MEASURES = f"{LAYOUT.results}/domains/{{experiment}}"


rule domain_vectors:
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
    output:
        f"{MEASURES}/vectors",
    log:
        LAYOUT.log("domain_vectors", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("domain_vectors", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(DOMAINS) or "none",
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="2h",
    params:
        code=code("domain_vectors", "phasemix.domains.training_texts"),
        corpora=lambda wildcards: [
            LAYOUT.corpus(domain) for domain in experiment_of(wildcards).domains
        ],
        words=lambda wildcards: experiment_of(wildcards).trained_words,
        seed=study.seed,
    message:
        "train word vectors for {wildcards.experiment}"
    shell:
        run("domain_vectors")
        + "--corpora {params.corpora} --words {params.words} --seed {params.seed} --out {output} > {log} 2>&1"


rule domain_measures:
    input:
        checksums=lambda wildcards: FILES.texts(
            [wildcards.source], experiment_of(wildcards).tokenizer, ".checksums.json"
        ),
        texts=ancient(
            lambda wildcards: FILES.texts(
                [wildcards.source], experiment_of(wildcards).tokenizer
            )
        ),
        tokenizer=lambda wildcards: (
            f"{LAYOUT.tokenizer(experiment_of(wildcards).tokenizer)}.checksums.json"
        ),
        vectors=lambda wildcards: experiment_of(wildcards).vectors
        or rules.domain_vectors.output[0],
    output:
        measures=f"{MEASURES}/{{source}}.json",
        sketch=f"{MEASURES}/{{source}}.sketch.npy",
    log:
        LAYOUT.log("domain_measures", "{experiment}", "{source}"),
    benchmark:
        LAYOUT.benchmark("domain_measures", "{experiment}", "{source}")
    wildcard_constraints:
        experiment=ANY_OF(DOMAINS) or "none",
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=lambda wildcards: 10_000 if experiment_of(wildcards).vectors else 2000,
        runtime="8h",
    params:
        code=code("domain_measures", "phasemix.domains.measures"),
        corpus=LAYOUT.corpus("{source}"),
        tokens=lambda wildcards: LAYOUT.tokens(
            experiment_of(wildcards).tokenizer, wildcards.source
        ),
        tokenizer=lambda wildcards: LAYOUT.tokenizer(experiment_of(wildcards).tokenizer),
        words=lambda wildcards: experiment_of(wildcards).sample_words,
        megabytes=lambda wildcards: experiment_of(wildcards).embedded_megabytes,
        seed=study.seed,
    message:
        "measure the domain {wildcards.source}"
    shell:
        run("domain_measures")
        + "--corpus {params.corpus} --tokens {params.tokens} --tokenizer {params.tokenizer} --vectors {input.vectors}"
        " --words {params.words} --megabytes {params.megabytes} --seed {params.seed}"
        " --out {output.measures} --sketch {output.sketch} > {log} 2>&1"


rule domain_tables:
    input:
        measures=lambda wildcards: [
            f"{MEASURES}/{domain}.json" for domain in experiment_of(wildcards).domains
        ],
        sketches=lambda wildcards: [
            f"{MEASURES}/{domain}.sketch.npy"
            for domain in experiment_of(wildcards).domains
        ],
    output:
        [
            f"{LAYOUT.tables('{experiment}')}/{table}"
            for table in spec_of("domains").tables
        ],
    log:
        LAYOUT.log("domain_tables", "{experiment}"),
    benchmark:
        LAYOUT.benchmark("domain_tables", "{experiment}")
    wildcard_constraints:
        experiment=ANY_OF(DOMAINS) or "none",
    localrule: True
    conda:
        "../../../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="30m",
    params:
        code=code("domain_tables", "phasemix.experiments.domains.tables"),
        domains=lambda wildcards: experiment_of(wildcards).domains,
        baseline=lambda wildcards: json.dumps(experiment_of(wildcards).baseline),
        folder=LAYOUT.tables("{experiment}"),
    message:
        "mix the domains of {wildcards.experiment} by their entropies"
    shell:
        run("domain_tables")
        + "--domains {params.domains} --measures {input.measures} --sketches {input.sketches}"
        " --baseline {params.baseline:q} --out {params.folder} > {log} 2>&1"
