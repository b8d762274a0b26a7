# phasemix: two papers on mixing pre-training data, reproduced as one workflow.
#
#   snakemake                                        the default study, to results/laptop/report.html
#   snakemake --configfile scales/smoke.yaml         another scale
#   snakemake transition | a_fig_2 | tables          one experiment, one figure, all tables
#
# Here: the configuration is checked, the rules are included, the targets are named.

import sys

from snakemake.utils import min_version

from phasemix.config import ConfigError, load
from phasemix.figures import TITLES

min_version("9.20")


configfile: "config.yaml"


try:
    study = load(config, ["config.yaml", *workflow.overwrite_configfiles])
except ConfigError as error:
    sys.exit(f"error: {error}")

RESULTS = f"results/{study.scale}"
TABLES = [
    f"{RESULTS}/tables/{experiment}{table}"
    for experiment in study.experiments
    for table in (".csv", ".accuracy.csv", ".critical.csv", ".a_table_1.csv", ".a_table_2.csv", ".ledger.csv")
]


def figures(experiment="*", figure="*"):
    """The files of figures: of every experiment and every name, or of one."""
    return expand(
        RESULTS + "/figures/{experiment}/{figure}.{format}",
        experiment=study.experiments if experiment == "*" else experiment,
        figure=TITLES if figure == "*" else figure,
        format=["svg", "png"],
    )


wildcard_constraints:
    experiment="|".join(study.experiments),
    figure="|".join(TITLES),


rule all:
    default_target: True
    message:
        "done: {input[0]}"
    input:
        f"{RESULTS}/report.html",
        figures(),
        TABLES,


include: "rules/common.smk"
include: "rules/corpora.smk"
include: "rules/train.smk"
include: "rules/evaluate.smk"
include: "rules/report.smk"


rule tables:
    input:
        TABLES,


for experiment in study.experiments:

    rule:
        name:
            experiment
        input:
            figures(experiment=experiment),
            [table for table in TABLES if table.startswith(f"{RESULTS}/tables/{experiment}.")],


for figure in TITLES:

    rule:
        name:
            figure
        input:
            figures(figure=figure),
