# What all rules share: the folders of the stages, and the source files that results depend on.

import json
import os

from phasemix.analysis import CLAIMS
from phasemix.corpora.synbio import DOMAINS
from phasemix.figures import CAPTIONS, TITLES
from phasemix.grid import CELL_PATH
from phasemix.order import priorities
from phasemix.published.spec import COMPARISONS, TABLES as PUBLISHED_TABLES
from phasemix.report import PAGE, PUBLISHED_PAGE, STYLE
from phasemix.sources import sources as absolute_sources

RESULTS = f"results/{study.scale}"
CORPORA = f"{RESULTS}/corpora"
TOKENS = f"{RESULTS}/tokens"
RUNS = f"{RESULTS}/runs"
TRUNKS = f"{RESULTS}/trunks"
COMPILED = "results/compiled"  # training steps, for all scales
EVALUATIONS = f"{RESULTS}/evaluations"
STUDY_TABLES = f"{RESULTS}/tables"
FIGURE_FILES = f"{RESULTS}/figures"
PUBLISHED = f"{RESULTS}/published"
LAWS = f"{RESULTS}/laws"
LOGS = f"{RESULTS}/logs"
BENCHMARKS = f"{RESULTS}/benchmarks"

DOMAIN_LISTS = [os.path.relpath(path) for path in sorted(DOMAINS.glob("*.txt"))]
CELL = f"{{experiment}}/{CELL_PATH}"
HORIZONS = [name for name, each in study.experiments.items() if each.horizons]
TRANSITIONS = [name for name in study.experiments if name not in HORIZONS]
PRIORITIES = priorities(study)


def sources(*modules):
    """The source files that define a result. Snakemake compares them by content, not by time."""
    return [os.path.relpath(path) for path in absolute_sources(*modules)]


def script(name):
    """The thin entry point of a rule."""
    return os.path.relpath(os.path.join(workflow.basedir, "scripts", f"{name}.py"))


def cells(experiment, folder, file):
    """The path of ``file`` for every cell of an experiment, below ``folder``."""
    return [
        f"{folder}/{experiment}/{cell.path}/{file}"
        for cell in study.experiments[experiment].cells
    ]


def people_of(experiment, file):
    """A file of the people that an experiment is about."""
    return f"{CORPORA}/people/{study.experiments[experiment].dataset}/{file}"


def biographies_of(experiment, file):
    """A file of the tokenised biographies of the people that an experiment is about."""
    return f"{TOKENS}/biographies/{study.experiments[experiment].dataset}/{file}"


def branches_off(file):
    """A function: a file of the trunk that a run branches off, if its horizon is one of several."""

    def trunk(wildcards):
        path = f"{TRUNKS}/{CELL}/{file}".format(**wildcards)
        return path if wildcards.horizon else []

    return trunk


def goes_on_from(file):
    """A function: a file of the trunk that a trunk goes on from, if there is a shorter horizon."""

    def trunk(wildcards):
        experiment = study.experiments[wildcards.experiment]
        before = experiment.horizon_before(wildcards.horizon)
        path = f"{TRUNKS}/{CELL}/{file}".format(**{**wildcards, "horizon": before})
        return path if before else []

    return trunk


def train_priority(wildcards):
    """Longest first."""
    return PRIORITIES[wildcards.experiment, wildcards.size, wildcards.horizon]


def trunk_priority(wildcards):
    """Longest first; all longer horizons wait for a trunk."""
    return PRIORITIES[wildcards.experiment, wildcards.size, "trunk"]


def trunks(experiment, file):
    """The path of ``file`` for every link of the trunks of an experiment."""
    return cells(experiment, TRUNKS, file)


def figures(experiments, names):
    """The files of figures."""
    return expand(
        f"{FIGURE_FILES}/{{experiment}}/{{name}}.{{format}}",
        experiment=experiments,
        name=names,
        format=["svg", "png"],
    )


def tables(experiments):
    """The files of tables."""
    return expand(
        f"{STUDY_TABLES}/{{experiment}}{{table}}.csv",
        experiment=experiments,
        table=["", ".accuracy", ".critical", ".a_table_1", ".a_table_2", ".ledger"],
    )


def horizon_tables(experiments):
    """The files of the tables of experiments with horizons."""
    return expand(
        f"{STUDY_TABLES}/{{experiment}}.{{table}}",
        experiment=experiments,
        table=["csv", "facts.json"],
    )


def laws_of(tables):
    """What is made of the user's tables of runs."""
    return expand(
        f"{LAWS}/{{table}}.{{part}}",
        table=tables,
        part=["comparison.csv", "law.json", "optimum.json"],
    )
