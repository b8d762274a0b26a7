# What every kind of experiment has, for each kind in the same way: tables, findings, figures, a section.


ANALYSIS = dict(
    options=lambda wildcards: FILES.options(wildcards.experiment),
    tables=lambda wildcards: LAYOUT.tables(wildcards.experiment),
)


for kind in kinds():
    names = ANY_OF(of_kind(kind)) or "none"

    if writes_tables(kind):

        rule:
            name:
                f"tables_{kind}"
            input:
                generic=lambda wildcards: FILES.generic_tables(wildcards.experiment),
                answers=lambda wildcards: FILES.of_cells(
                    wildcards.experiment, "evaluations", "answers.parquet"
                ),
                read=lambda wildcards: FILES.tables_read(wildcards.experiment),
            output:
                [
                    f"{LAYOUT.tables('{experiment}')}/{table}"
                    for table in spec_of(kind).tables
                ],
            log:
                LAYOUT.log("tables", "{experiment}"),
            benchmark:
                LAYOUT.benchmark("tables", "{experiment}")
            wildcard_constraints:
                experiment=names,
            conda:
                "../envs/conda.yaml"
            threads: 1
            resources:
                mem_mb=4000,
                runtime="1h",
            params:
                **ANALYSIS,
                code=code("tables", module_of(kind, "tables")),
                kind=kind,
                cells=lambda wildcards: [
                    cell.format() for cell in experiment_of(wildcards).cells
                ],
                results=lambda wildcards: LAYOUT.results,
            message:
                "analyse {wildcards.experiment}"
            shell:
                run("tables")
                + "--kind {params.kind} --experiment {wildcards.experiment} --results {params.results}"
                " --cells {params.cells} --options {params.options:q} --out {params.tables} > {log} 2>&1"

    if module_of(kind, "findings"):

        rule:
            name:
                f"findings_{kind}"
            input:
                generic=lambda wildcards: FILES.generic_tables(wildcards.experiment),
                read=lambda wildcards: FILES.tables_read(wildcards.experiment),
                own=[
                    f"{LAYOUT.tables('{experiment}')}/{table}"
                    for table in spec_of(kind).tables
                ],
            output:
                f"{LAYOUT.tables('{experiment}')}/{FINDINGS}",
            log:
                LAYOUT.log("findings", "{experiment}"),
            benchmark:
                LAYOUT.benchmark("findings", "{experiment}")
            wildcard_constraints:
                experiment=names,
            localrule: True
            conda:
                "../envs/conda.yaml"
            threads: 1
            resources:
                mem_mb=2000,
                runtime="10m",
            params:
                **ANALYSIS,
                code=code("findings", module_of(kind, "findings")),
                kind=kind,
            message:
                "say what {wildcards.experiment} found"
            shell:
                run("findings")
                + "--kind {params.kind} --tables {params.tables} --options {params.options:q}"
                " --out {output} > {log} 2>&1"

    for figure, title in figures(kind).items():

        rule:
            name:
                f"draw_{kind}_{figure}"
            input:
                lambda wildcards: FILES.tables(wildcards.experiment),
                lambda wildcards: FILES.tables_read(wildcards.experiment),
            output:
                svg=report(
                    f"{LAYOUT.figure('{experiment}', figure)}.svg",
                    caption=f"../phasemix/experiments/{kind}/figures/{figure}.rst",
                    category="{experiment}",
                    labels={"figure": title},
                ),
                png=f"{LAYOUT.figure('{experiment}', figure)}.png",
            log:
                LAYOUT.log("draw", "{experiment}", figure),
            benchmark:
                LAYOUT.benchmark("draw", "{experiment}", figure)
            wildcard_constraints:
                experiment=names,
            localrule: True
            conda:
                "../envs/conda.yaml"
            threads: 1
            resources:
                mem_mb=2000,
                runtime="10m",
            params:
                **ANALYSIS,
                code=code("draw", *drawn_by(kind, figure)),
                kind=kind,
                figure=figure,
                figures=lambda wildcards, output: os.path.dirname(output.svg),
            message:
                f"draw {figure} of {{wildcards.experiment}}"
            shell:
                run("draw")
                + "--kind {params.kind} --figure {params.figure} --tables {params.tables}"
                " --options {params.options:q} --out {params.figures} > {log} 2>&1"

    rule:
        name:
            f"section_{kind}"
        input:
            tables=lambda wildcards: FILES.tables(wildcards.experiment),
            read=lambda wildcards: FILES.tables_read(wildcards.experiment),
            figures=lambda wildcards: FILES.figures(wildcards.experiment),
            templates=[os.path.relpath(path) for path in templates(kind)],
            shared=TEMPLATES,
        output:
            LAYOUT.section("{experiment}"),
        log:
            LAYOUT.log("section", "{experiment}"),
        benchmark:
            LAYOUT.benchmark("section", "{experiment}")
        wildcard_constraints:
            experiment=names,
        localrule: True
        conda:
            "../envs/conda.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime="10m",
        params:
            **ANALYSIS,
            code=code("section", *written_by(kind)),
            kind=kind,
            chosen=lambda wildcards: json.dumps(experiment_of(wildcards).chosen),
            figures=lambda wildcards, input: [
                name for name in input.figures if name.endswith(".svg")
            ],
        message:
            "write the section of {wildcards.experiment}"
        shell:
            run("section")
            + "--kind {params.kind} --experiment {wildcards.experiment} --tables {params.tables}"
            " --figures {params.figures} --options {params.options:q} --chosen {params.chosen:q}"
            " --out {output} > {log} 2>&1"
