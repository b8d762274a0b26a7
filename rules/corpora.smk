# Corpora: web text, people, tokenizer, tokens, pieces of biographies. Later stages depend on each stage's small
# checksums.json, which Snakemake compares by content; the data themselves are `ancient`, so that
# touching or copying them reruns nothing. All are cached between workflows where $SNAKEMAKE_OUTPUT_CACHE names
# a folder, so no parameter may name this study's.


rule web_text:
    input:
        script=script("web_text"),
        sources=sources("phasemix.tasks.text.sources_of_text"),
        files=study.web.inputs,
    output:
        text=f"{CORPORA}/web/web.parquet",
        checksums=f"{CORPORA}/web/checksums.json",
    log:
        f"{LOGS}/web_text.log",
    cache: True
    conda:
        "../envs/conda.yaml"
    threads: 2
    resources:
        **CORPORA_RESOURCES,
    params:
        source=study.web.source,
        versions=study.web.versions,
        options=study.web.options,
        heldout_fraction=study.web.heldout_fraction,
    message:
        "gather the web text ({params.source})"
    shell:
        START + " {input.script} --source {params.source} --options {params.options:q}"
        " --heldout-fraction {params.heldout_fraction}"
        " --out {output.text} --checksums {output.checksums} > {log} 2>&1"


rule people:
    input:
        script=script("people"),
        sources=sources("phasemix.tasks.synbio.people"),
        lists=DOMAIN_LISTS,
    output:
        people=f"{CORPORA}/people/{{dataset}}/people.parquet",
        checksums=f"{CORPORA}/people/{{dataset}}/checksums.json",
    log:
        f"{LOGS}/people.{{dataset}}.log",
    wildcard_constraints:
        dataset="|".join(study.synbio.datasets),
    cache: True
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        **CORPORA_RESOURCES,
    params:
        people=lambda wildcards: study.synbio.datasets[wildcards.dataset].people,
        domains=study.synbio.domains.model_dump_json(),
        seed=study.seed,
    message:
        "draw the people of {wildcards.dataset}"
    shell:
        START
        + " {input.script} --people {params.people} --domains {params.domains:q} --seed {params.seed}"
        " --out {output.people} --checksums {output.checksums} > {log} 2>&1"


rule train_tokenizer:
    input:
        script=script("tokenizer"),
        sources=sources(
            "phasemix.corpora.tokenizer", "phasemix.corpora.tokenizer_sample"
        ),
        checksums=rules.web_text.output.checksums,
        web=ancient(rules.web_text.output.text),
        lists=DOMAIN_LISTS,
    output:
        tokenizer=directory(f"{CORPORA}/trained-tokenizer"),
        checksums=f"{CORPORA}/trained-tokenizer.checksums.json",
    log:
        f"{LOGS}/train_tokenizer.log",
    cache: True
    conda:
        "../envs/conda.yaml"
    threads: 2
    resources:
        **CORPORA_RESOURCES,
    params:
        options=study.tokenizer.options,
        domains=study.synbio.domains.model_dump_json(),
        seed=study.seed,
    message:
        "train a tokenizer of {study.tokenizer.train.vocabulary} entries"
    shell:
        START
        + " {input.script} --source train --options {params.options:q} --web {input.web}"
        " --domains {params.domains:q} --seed {params.seed}"
        " --out {output.tokenizer} --checksums {output.checksums} > {log} 2>&1"


rule hub_tokenizer:
    input:
        script=script("tokenizer"),
        sources=sources("phasemix.corpora.tokenizer"),
    output:
        tokenizer=directory(f"{CORPORA}/hub-tokenizer"),
        checksums=f"{CORPORA}/hub-tokenizer.checksums.json",
    log:
        f"{LOGS}/hub_tokenizer.log",
    cache: True
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        **CORPORA_RESOURCES,
    params:
        options=study.tokenizer.options,
    message:
        "take the tokenizer from the hub"
    shell:
        START + " {input.script} --source hub --options {params.options:q}"
        " --out {output.tokenizer} --checksums {output.checksums} > {log} 2>&1"


TOKENIZER = (
    rules.train_tokenizer if study.tokenizer.source == "train" else rules.hub_tokenizer
).output


rule web_tokens:
    input:
        script=script("web_tokens"),
        sources=sources("phasemix.corpora.tokens"),
        web_checksums=rules.web_text.output.checksums,
        web=ancient(rules.web_text.output.text),
        tokenizer_checksums=TOKENIZER.checksums,
        tokenizer=ancient(TOKENIZER.tokenizer),
    output:
        train=f"{TOKENS}/web/train.bin",
        offsets=f"{TOKENS}/web/train.offsets.bin",
        heldout=f"{TOKENS}/web/heldout.bin",
        checksums=f"{TOKENS}/web/checksums.json",
    log:
        f"{LOGS}/web_tokens.log",
    cache: True
    conda:
        "../envs/conda.yaml"
    threads: 2
    resources:
        **CORPORA_RESOURCES,
        # What must be there, as resources and not params: asking for more or fewer changes no token.
        train_tokens=study.web.train_tokens,
        heldout_tokens=study.evaluation.web_tokens,
    message:
        "tokenise the web text"
    shell:
        START + " {input.script} --web {input.web} --tokenizer {input.tokenizer}"
        " --train-tokens {resources.train_tokens} --heldout-tokens {resources.heldout_tokens}"
        " --out $(dirname {output.checksums}) > {log} 2>&1"


rule biography_tokens:
    input:
        script=script("biography_tokens"),
        sources=sources("phasemix.tasks.synbio.pieces"),
        people_checksums=rules.people.output.checksums,
        people=ancient(rules.people.output.people),
        tokenizer_checksums=TOKENIZER.checksums,
        tokenizer=ancient(TOKENIZER.tokenizer),
    output:
        ids=f"{TOKENS}/biographies/{{dataset}}/ids.bin",
        offsets=f"{TOKENS}/biographies/{{dataset}}/offsets.bin",
        values=f"{TOKENS}/biographies/{{dataset}}/values.bin",
        checksums=f"{TOKENS}/biographies/{{dataset}}/checksums.json",
    log:
        f"{LOGS}/biography_tokens.{{dataset}}.log",
    wildcard_constraints:
        dataset="|".join(study.synbio.datasets),
    cache: True
    conda:
        "../envs/conda.yaml"
    threads: 2
    resources:
        **CORPORA_RESOURCES,
    message:
        "tokenise the biographies of {wildcards.dataset} in pieces, and prove them"
    shell:
        START + " {input.script} --people {input.people} --tokenizer {input.tokenizer}"
        " --out $(dirname {output.checksums}) > {log} 2>&1"
