# phasemix: two papers on mixing pre-training data, reproduced as one workflow.
#
#   snakemake                                        the default study, to results/laptop/report.html
#   snakemake --configfile scales/smoke.yaml         another scale
#   snakemake --config run=all                       all experiments, or run=name,name
#   snakemake transition | all_tables                one experiment alone, the tables of all
#
# Here the configuration is checked, the rules are included, the targets are named.

import fcntl
import os
import sys
from pathlib import Path

from snakemake.utils import min_version

from phasemix.base.errors import PhasemixError
from phasemix.base.sources import SNAPSHOT
from phasemix.experiments.experiment import kinds, rules_of
from phasemix.observers import wanted_trackers
from phasemix.planning.plan import check_budget, make_plan
from phasemix.study.overlays import load
from phasemix.study.snapshot import take_snapshot
from phasemix.study.yaml_files import read_yaml

min_version("9.20")

files = ["config.yaml", *map(os.path.relpath, workflow.overwrite_configfiles)]
try:
    read_yaml(Path("config.yaml"))
except PhasemixError as error:
    sys.exit(f"error: {error}")


configfile: "config.yaml"


if config.get("hardware_file"):
    files.insert(1, config["hardware_file"])

    configfile: config["hardware_file"]


try:
    study = load(config, files)
    snapshot = take_snapshot(study)
    wanted_trackers()
except PhasemixError as error:
    sys.exit(f"error: {error}")


envvars:
    SNAPSHOT,


include: "rules/common.smk"


rule all:
    default_target: True
    input:
        LAYOUT.report if study.running else [],
    message:
        "done: {input}"


include: "rules/corpora.smk"
include: "rules/train.smk"
include: "rules/evaluate.smk"
include: "rules/experiments.smk"
include: "rules/report.smk"


for kind in kinds():
    for file in rules_of(kind):

        include: file


rule all_tables:
    input:
        [FILES.tables(name) for name in study.running],


taken = {rule.name for rule in workflow.rules}
if clash := taken & set(study.experiments):
    sys.exit(f"error: experiments.{min(clash)}: is the name of a rule; choose another")


for name in study.experiments:

    rule:
        name:
            name
        input:
            FILES.figures(name),
            FILES.tables(name),
            LAYOUT.section(name),


held = []  # files, as long as this process lives


onstart:
    # Held until this process ends, however it does: `make run` asks for it before it clears up.
    held.append(open(".snakemake/running.lock", "w"))
    fcntl.flock(held[0], fcntl.LOCK_EX | fcntl.LOCK_NB)
    planned = {job.rule.name for job in workflow.dag.needrun_jobs()}
    if planned & {"train", "trunk", "popqa_ask", "popqa_judge"}:
        try:
            check_budget(study, make_plan(study, Path(LAYOUT.results)))
        except PhasemixError as error:
            sys.exit(f"error: {error}")
