# What every kind of experiment has, for each kind in the same way: its own tables and findings, its figures, its section.


for kind in kinds():
    if module_of(kind, "tables"):

        rule:
            name:
                f"tables_{kind}"
            input:
                generic=lambda wildcards: generic_tables(wildcards.experiment),
                answers=lambda wildcards: cells_of(
                    wildcards.experiment, "evaluations", "answers.parquet"
                ),
            output:
                [
                    f"{LAYOUT.tables('{experiment}')}/{table}"
                    for table in kind_spec(kind).tables
                ],
            log:
                LAYOUT.log("tables", "{experiment}"),
            benchmark:
                LAYOUT.benchmark("tables", "{experiment}")
            wildcard_constraints:
                experiment=ANY_OF(of_kind(kind)) or "none",
            conda:
                "../envs/conda.yaml"
            threads: 1
            resources:
                mem_mb=4000,
                runtime="1h",
            params:
                code=code(
                    "tables",
                    *(
                        f"phasemix.experiments.{kind}.{part}"
                        for part in ("tables", "findings")
                    ),
                ),
                kind=kind,
                options=options_of,
                cells=lambda wildcards: [
                    cell.format() for cell in experiment_of(wildcards).cells
                ],
                results=lambda wildcards: LAYOUT.results,
                tables=lambda wildcards: LAYOUT.tables(wildcards.experiment),
            message:
                "analyse {wildcards.experiment}"
            shell:
                run("tables")
                + "--kind {params.kind} --experiment {wildcards.experiment} --results {params.results}"
                " --cells {params.cells} --options {params.options:q} --out {params.tables} > {log} 2>&1"

    for figure, title in figures(kind).items():

        rule:
            name:
                f"draw_{kind}_{figure}"
            input:
                lambda wildcards: tables_of(wildcards.experiment),
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
                experiment=ANY_OF(of_kind(kind)) or "none",
            localrule: True
            conda:
                "../envs/conda.yaml"
            threads: 1
            resources:
                mem_mb=2000,
                runtime="10m",
            params:
                code=code(
                    "draw",
                    f"phasemix.experiments.{kind}.tables",
                    f"phasemix.experiments.{kind}.figures.{figure}",
                ),
                kind=kind,
                figure=figure,
                options=options_of,
                tables=lambda wildcards: LAYOUT.tables(wildcards.experiment),
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
            tables=lambda wildcards: tables_of(wildcards.experiment),
            figures=lambda wildcards: figures_of(wildcards.experiment),
            templates=sections_inputs(kind, ["*.html", "*.rst"]),
            shared=TEMPLATES,
        output:
            LAYOUT.section("{experiment}"),
        log:
            LAYOUT.log("section", "{experiment}"),
        benchmark:
            LAYOUT.benchmark("section", "{experiment}")
        wildcard_constraints:
            experiment=ANY_OF(of_kind(kind)) or "none",
        localrule: True
        conda:
            "../envs/conda.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime="10m",
        params:
            code=code(
                "section",
                "phasemix.report.section",
                f"phasemix.experiments.{kind}.section",
            ),
            kind=kind,
            options=options_of,
            tables=lambda wildcards: LAYOUT.tables(wildcards.experiment),
            figures=lambda wildcards: os.path.dirname(
                LAYOUT.figure(wildcards.experiment, "any")
            ),
        message:
            "write the section of {wildcards.experiment}"
        shell:
            run("section")
            + "--kind {params.kind} --experiment {wildcards.experiment} --tables {params.tables}"
            " --figures {params.figures} --options {params.options:q} --out {output} > {log} 2>&1"
