# The ledger of claims, from what all experiments found; and the page that joins their sections. Both hold, beside the
# experiments that the study runs, those that were run before.

SHOWN = FILES.shown()
LEFT = FILES.left(SHOWN)


rule ledger:
    input:
        [FILES.tables(name) for name in study.running],
    output:
        report(
            LAYOUT.ledger,
            caption="../phasemix/claims/ledger.rst",
            category="Ledger",
            labels={"table": "claims"},
        ),
    log:
        LAYOUT.log("ledger"),
    benchmark:
        LAYOUT.benchmark("ledger")
    localrule: True
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="10m",
    params:
        left=LEFT,
        code=code("ledger", "phasemix.claims.ledger", *claim_modules()),
        experiments=json.dumps(SHOWN),
        tables=lambda wildcards: os.path.dirname(LAYOUT.tables("any")),
    message:
        "judge the claims"
    shell:
        run("ledger")
        + "--experiments {params.experiments:q} --tables {params.tables} --out {output} > {log} 2>&1"


rule report:
    input:
        sections=[LAYOUT.section(name) for name in study.running],
        ledger=rules.ledger.output,
        facts=[table for name in study.running for table in FILES.generic_tables(name)],
        shared=TEMPLATES,
    output:
        LAYOUT.report,
    log:
        LAYOUT.log("report"),
    benchmark:
        LAYOUT.benchmark("report")
    localrule: True
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="10m",
    params:
        left=LEFT,
        code=code("report", "phasemix.report.page"),
        scale=study.scale,
        experiments=list(SHOWN),
        sections=lambda wildcards: os.path.dirname(LAYOUT.section("any")),
        tables=lambda wildcards: os.path.dirname(LAYOUT.tables("any")),
    message:
        "write the report"
    shell:
        run("report")
        + "--scale {params.scale} --experiments {params.experiments} --sections {params.sections}"
        " --tables {params.tables} --ledger {input.ledger} --out {output} > {log} 2>&1"
