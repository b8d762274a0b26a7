"""The environment mends itself: tried on a small project with the real set-up scripts and a lock of two packages."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("environment")  # one worker, so that one environment serves all
ROOT = Path(__file__).parent.parent
MORE_ITERTOOLS = "11.2.1"
PROJECT = '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "phasemix"\nversion = "0"\n'


def setup(folder, extras=""):
    command = ["bash", "envs/setup.sh"]
    base = Path(getattr(sys, "_base_executable", sys.executable)).parent
    environment = {"PATH": f"{folder}/.venv/bin:{base}:/usr/bin:/bin"}  # as in an activated shell
    environment |= {"EXTRAS": extras} if extras else {}
    environment |= {key: value for key, value in os.environ.items() if key.startswith("PIP_")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "envs", folder / "envs")
    (folder / "pyproject.toml").write_text(PROJECT)
    lock = f"setuptools=={version('setuptools')}\ntqdm=={version('tqdm')}\n"
    (folder / "envs" / "lock.txt").write_text(lock)
    done = setup(folder)
    assert done.returncode == 0, done.stderr
    return folder


def python(folder, code):
    return subprocess.run([folder / ".venv/bin/python", "-c", code], capture_output=True, check=False).returncode == 0


def test_a_whole_environment_is_left_alone(project):
    marker = project / ".venv" / "marker"
    marker.touch()
    assert setup(project).stderr == ""
    assert marker.exists()
    assert python(project, "import tqdm")


def test_an_environment_in_use_is_not_remade(project):
    stamp = project / ".venv" / "phasemix.stamp"
    sealed = stamp.read_text()
    stamp.write_text("another lock")
    with subprocess.Popen(["flock", ".reproduce.lock", "sleep", "60"], cwd=project) as study:
        while subprocess.run(["flock", "-n", ".reproduce.lock", "true"], cwd=project, check=False).returncode == 0:
            assert study.poll() is None
        done = setup(project)
        subprocess.run(["pkill", "-P", str(study.pid)], check=True)
    assert done.returncode == 1
    assert done.stderr.startswith("error: the environment is not that of envs/lock.txt, and a study runs with it")
    stamp.write_text(sealed)
    assert setup(project).stderr == ""


def test_an_extra_is_added(project):
    unknown = setup(project, "tracker")
    assert unknown.returncode == 1
    assert unknown.stderr.startswith("error: EXTRAS=tracker: there is no such extra; there are: ")
    (project / "envs" / "site.txt").write_text(f"more-itertools=={MORE_ITERTOOLS}\n")
    assert "adding to .venv: site" in setup(project, "site").stderr
    assert python(project, "import more_itertools, tqdm")
    assert setup(project).stderr == ""


def whole(project):
    check = [project / ".venv/bin/python", "envs/check.py"]
    return subprocess.run(check, cwd=project, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("damage", ["half-made", "package missing", "another lock"])
def test_a_damaged_environment_is_noticed(project, damage):
    [package] = (project / ".venv").rglob("tqdm-*.dist-info")
    lock = project / "envs" / "lock.txt"
    damaged = {"half-made": project / ".venv" / "phasemix.stamp", "package missing": package, "another lock": lock}[
        damage
    ]
    aside = damaged.rename(project / "aside")
    if damage == "another lock":
        lock.write_text("# another\n" + aside.read_text())
    assert not whole(project)
    aside.replace(damaged)
    assert whole(project)


def test_a_damaged_environment_is_made_anew_and_tried_again_where_that_failed(project):
    (project / ".venv/bin/python").unlink()
    lock = project / "envs" / "lock.txt"
    good = lock.read_text()
    lock.write_text(good + "no-such-package-anywhere==1.0\n")
    failed = setup(project)
    assert failed.returncode == 1
    assert "error: the environment could not be made" in failed.stderr
    lock.write_text(good)
    done = setup(project)
    assert "setting up .venv" in done.stderr
    assert done.returncode == 0
    assert python(project, "import tqdm, more_itertools"), "an extra that was asked for once is there again"
    assert setup(project).stderr == ""


def pinned(file):
    """Versions by package."""
    found = re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "envs" / file).read_text(), re.MULTILINE)
    return {name.lower().replace("_", "-"): version for name, version in found}


def test_the_locks_pin_every_direct_dependency():
    lock = pinned("lock.txt")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    lists = {path.stem: pinned(path.name) for path in (ROOT / "envs").glob("*.txt") if path.stem != "lock"}
    beside = {extra: extras.pop(extra) for extra in lists}
    direct = [*project["dependencies"], *(name for names in extras.values() for name in names)]
    assert len(direct) > 15
    assert {package(name) for name in direct} <= lock.keys()
    assert beside.keys() >= {"docs", "downstream", "trackers"}
    for extra, names in beside.items():
        assert {package(name) for name in names} <= lock.keys() | lists[extra].keys()
        assert not lock.keys() & lists[extra].keys(), "an extra goes on top of the lock"
    assert lock["torch"] == "2.13.0"


def package(requirement):
    return re.split(r"[<>=]", requirement)[0].replace("_", "-").lower()
