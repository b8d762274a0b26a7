# phasemix: two papers on mixing pre-training data, reproduced as one workflow.
#
#   snakemake                                        the default study, to results/laptop/report.html
#   snakemake --configfile scales/smoke.yaml         another scale
#   snakemake transition | a_fig_2 | all_tables      one experiment, one figure, all tables
#   snakemake published | laws                       mixing laws: on published runs, on your own
#
# Here the configuration is checked, the rules are included, the targets are named.

import fcntl
import os
import sys
from pathlib import Path

from snakemake.utils import min_version

from phasemix.study.config import ConfigError, load
from phasemix.base.errors import PhasemixError
from phasemix.figures import TITLES
from phasemix.planning.plan import check_budget, make_plan

min_version("9.20")


configfile: "config.yaml"


files = ["config.yaml", *map(os.path.relpath, workflow.overwrite_configfiles)]
if config.get("hardware_file"):
    files.insert(1, config["hardware_file"])

    configfile: config["hardware_file"]


try:
    study = load(config, files)
except ConfigError as error:
    sys.exit(f"error: {error}")


include: "rules/common.smk"
include: "rules/laws.smk"


wildcard_constraints:
    experiment="|".join(study.experiments),
    seed=r"\d+",
    horizon=r"(/tokens=\d+)?",
    table="|".join(study.laws) or "none",


rule all:
    default_target: True
    input:
        figures(TRANSITIONS, TITLES),
        tables(TRANSITIONS),
        horizon_tables(HORIZONS),
        laws_of(study.laws),
        report=f"{RESULTS}/report.html",
    message:
        "done: {input.report}"


include: "rules/corpora.smk"
include: "rules/train.smk"
include: "rules/evaluate.smk"
include: "rules/report.smk"


taken = {rule.name for rule in workflow.rules} | {
    "all_tables",
    "published",
    "laws",
    *TITLES,
}
if clash := taken & set(study.experiments):
    sys.exit(f"error: experiments.{min(clash)}: is the name of a rule; choose another")


held = []  # files, as long as this process lives


onstart:
    # Held until this process ends, however it does: `make run` asks for it before it clears up.
    held.append(open(".snakemake/running.lock", "w"))
    fcntl.flock(held[0], fcntl.LOCK_EX | fcntl.LOCK_NB)
    if {job.rule.name for job in workflow.dag.needrun_jobs()} & {"train", "trunk"}:
        try:
            check_budget(study, make_plan(study, Path(RESULTS)))
        except PhasemixError as error:
            sys.exit(f"error: {error}")


rule all_tables:
    input:
        tables(TRANSITIONS),
        horizon_tables(HORIZONS),


rule published:
    input:
        rules.published_page.output,


rule laws:
    input:
        laws_of(study.laws),


for experiment in TRANSITIONS:

    rule:
        name:
            experiment
        input:
            figures([experiment], TITLES),
            tables([experiment]),


for experiment in HORIZONS:

    rule:
        name:
            experiment
        input:
            horizon_tables([experiment]),


for figure in TITLES:

    rule:
        name:
            figure
        input:
            figures(TRANSITIONS, [figure]),
