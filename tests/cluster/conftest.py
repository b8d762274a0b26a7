"""A real SLURM, a study prepared for it, and the table of faults that its tests write."""

import os
from pathlib import Path

import pytest
from filelock import FileLock

from tests.cluster.slurm import cluster, missing
from tests.cluster.study import Study, prepare

TITLE = "# Faults on a cluster, and what comes of them"
HEAD = (TITLE, "", "| what happens | outcome | seen |", "|---|---|---|")
TABLE = Path(__file__).parent.parent.parent / "docs" / "faults.md"


def pytest_addoption(parser):
    parser.addoption("--repeat", type=int, default=1, help="how often every fault is made to happen")
    parser.addoption("--write-faults", action="store_true", help="write docs/faults.md of what was seen")


def pytest_generate_tests(metafunc):
    if "turn" in metafunc.fixturenames:
        metafunc.parametrize("turn", range(1, metafunc.config.getoption("--repeat", 1) + 1))


def pytest_terminal_summary(terminalreporter, config):
    """Write the table if asked to: how often this run saw every fault survived, and its outcome."""
    if config.getoption("--write-faults", False):
        seen: dict[str, list[str]] = {}
        for report in terminalreporter.getreports("passed"):
            for name, outcome in report.user_properties if report.when == "call" else ():
                seen.setdefault(name, []).append(outcome)
        rows = [f"| {name} | {each[-1]} | {len(each)} × |" for name, each in seen.items()]
        TABLE.write_text("\n".join([*HEAD, *rows]) + "\n")


@pytest.fixture(scope="session")
def slurm(tmp_path_factory):
    """A SLURM of two nodes for the whole session of a worker."""
    give_up = pytest.fail if os.environ.get("PHASEMIX_CLUSTER_REQUIRED") else pytest.skip
    if lacking := missing():
        give_up(f"needs a SLURM of its own: apt-get install {' '.join(lacking)}")
    if os.geteuid() != 0:
        give_up("needs root, to start SLURM's daemons")
    folder = tmp_path_factory.mktemp("slurm")
    with cluster(folder) as running:
        yield running


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, worker_id):
    """A checkout whose corpora are made, and what an undisturbed run on this machine gives; for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "prepared"
    with FileLock(f"{folder}.lock"):
        return folder if folder.exists() else prepare(folder)


@pytest.fixture
def study(slurm, prepared, tmp_path):
    """A copy of the prepared study, to be run in the cluster."""
    found = Study(prepared, tmp_path / "study", slurm)
    yield found
    found.end()
