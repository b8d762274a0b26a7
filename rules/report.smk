# Figures and the report, from tables alone.


for name in TITLES:

    rule:
        name:
            f"draw_{name}"
        input:
            script=script("figure"),
            sources=sources(f"phasemix.figures.{name}"),
            transition=rules.study_tables.output.transition,
            curves=rules.study_tables.output.curves,
            accuracy=rules.critical.output.accuracy,
            critical=rules.critical.output.critical,
        output:
            svg=report(
                f"{FIGURE_FILES}/{{experiment}}/{name}.svg",
                caption=f"../phasemix/figures/{name}.rst",
                category="Paper A",
                subcategory="{experiment}",
                labels={"figure": TITLES[name]},
            ),
            png=f"{FIGURE_FILES}/{{experiment}}/{name}.png",
        log:
            f"{LOGS}/figures/{{experiment}}/{name}.log",
        benchmark:
            f"{BENCHMARKS}/figures/{{experiment}}/{name}.tsv"
        localrule: True
        conda:
            "../envs/conda.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime="10m",
        params:
            name=name,
        message:
            f"draw {name} of {{wildcards.experiment}}"
        shell:
            START
            + " {input.script} --name {params.name} --transition {input.transition} --curves {input.curves}"
            " --accuracy {input.accuracy} --critical {input.critical} --out {output} > {log} 2>&1"


rule report:
    input:
        script=script("report"),
        sources=sources("phasemix.report.page"),
        template=[os.path.relpath(path) for path in (BASE, PAGE, STYLE)],
        captions=[os.path.relpath(path) for path in CAPTIONS.values()],
        figures=figures(TRANSITIONS, TITLES),
        tables=tables(TRANSITIONS),
        facts=expand(rules.study_tables.output.facts, experiment=TRANSITIONS),
        horizons=horizon_tables(HORIZONS),
    output:
        f"{RESULTS}/report.html",
    log:
        f"{LOGS}/report.log",
    benchmark:
        f"{BENCHMARKS}/report.tsv"
    localrule: True
    conda:
        "../envs/conda.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime="10m",
    params:
        scale=study.scale,
        experiments=TRANSITIONS,
        horizons=HORIZONS,
        datasets=json.dumps(
            {
                name: experiment.dataset
                for name, experiment in study.experiments.items()
            }
        ),
        tables=lambda wildcards: STUDY_TABLES,
        figures=lambda wildcards: FIGURE_FILES,
    message:
        "write the report"
    shell:
        START
        + " {input.script} --scale {params.scale} --experiments {params.experiments} --horizons {params.horizons}"
        " --datasets {params.datasets:q} --tables {params.tables} --figures {params.figures} --out {output} > {log} 2>&1"
