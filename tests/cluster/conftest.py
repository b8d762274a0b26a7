"""A real SLURM, a study prepared for it, and the table of faults that its tests write."""

import os
from pathlib import Path

import pytest

from tests.cluster.slurm import cluster, missing
from tests.cluster.study import Study, prepare

HEAD = {"": "| what happens | outcome | seen |", "|": "|---|---|---|"}
TABLE = Path(__file__).parent.parent.parent / "docs" / "faults.md"


def pytest_addoption(parser):
    parser.addoption("--repeat", type=int, default=1, help="how often every fault is made to happen")
    parser.addoption("--write-faults", action="store_true", help="write docs/faults.md of what was seen")


def pytest_generate_tests(metafunc):
    if "turn" in metafunc.fixturenames:
        metafunc.parametrize("turn", range(1, metafunc.config.getoption("--repeat", 1) + 1))


@pytest.fixture(scope="session")
def slurm(tmp_path_factory):
    """A SLURM of two nodes for the whole session."""
    give_up = pytest.fail if os.environ.get("PHASEMIX_CLUSTER_REQUIRED") else pytest.skip
    if lacking := missing():
        give_up(f"needs a SLURM of its own: apt-get install {' '.join(lacking)}")
    if os.geteuid() != 0:
        give_up("needs root, to start SLURM's daemons")
    folder = tmp_path_factory.mktemp("slurm")
    with cluster(folder) as running:
        yield running


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A checkout whose corpora are made, and what an undisturbed run on this machine gives."""
    return prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def study(slurm, prepared, tmp_path):
    """A copy of the prepared study, to be run in the cluster."""
    found = Study(prepared, tmp_path / "study", slurm)
    yield found
    found.end()


@pytest.fixture(scope="session")
def faults(request):
    """Collects how often every fault was survived, and its outcome; written into the table if asked to."""
    seen: dict[str, list[str]] = {}
    yield seen
    if request.config.getoption("--write-faults", False):
        rows = {line.split(" | ")[0]: line for line in TABLE.read_text().splitlines()} if TABLE.exists() else HEAD
        rows |= {f"| {name}": f"| {name} | {each[-1]} | {len(each)} × |" for name, each in seen.items()}
        TABLE.write_text("\n".join(rows.values()) + "\n")
