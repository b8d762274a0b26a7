"""`make reproduce` as people see it, in a folder with a space and an accent: its cheapest rules, in a fresh copy."""

import subprocess

import pytest

from tests.conftest import ROOT
from tests.workflow.checkout import copy_checkout, edit, inside, snakemake, without_environment

PEOPLE = "results/smoke/corpora/synbio-120.checksums.json"
TOKENIZER = "results/smoke/tokenizers/laptop.checksums.json"


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "my étude"
    folder.mkdir()
    copy_checkout(folder)
    without_environment(folder)
    return folder


def make(folder, *arguments):
    environment = {key: value for key, value in inside(folder).items() if key != "PYTHONPATH"}
    line = ["make", *arguments, "SCALE=smoke"]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_jobs_in_such_a_folder_say_nothing_and_find_the_package(checkout):
    done = make(checkout, "reproduce", f"TARGET={PEOPLE}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    log = "results/smoke/logs/snakemake.log"
    first, last = done.stdout.splitlines()
    assert first == f"1 job, 0 cells; Snakemake's log is {log}"
    assert last.startswith("done in ")
    assert last.endswith(PEOPLE)
    assert (checkout / PEOPLE).exists()
    assert "not a valid identifier" not in (checkout / log).read_text()
    assert (checkout / "results/smoke/logs/corpus/synbio-120.log").read_text() == ""
    again = make(checkout, "reproduce", f"TARGET={PEOPLE}")
    assert (again.stdout, again.stderr) == (f"nothing is left to be done for {PEOPLE}\n", "")
    for target in ("plan", "status"):
        told = make(checkout, target)
        assert (told.returncode, told.stderr) == (0, "")
    (checkout / PEOPLE).unlink()
    plain = snakemake(checkout, PEOPLE, "--configfile", "scales/smoke.yaml", "--cores", "1")
    assert "not a valid identifier" not in plain.stdout + plain.stderr


def test_a_failure_ends_with_its_one_line_and_its_log(checkout):
    edit(checkout / "scripts/corpus.py", "def main() -> None:", "def main() -> None:\n    sys.exit('error: in vain')")
    edit(checkout / "scripts/corpus.py", "import argparse", "import argparse\nimport sys")
    done = make(checkout, "reproduce", f"TARGET={PEOPLE}")
    words = "make the corpus of synbio-120: in vain (log: results/smoke/logs/corpus/synbio-120.log)"
    assert done.returncode != 0
    assert done.stdout.splitlines()[1:] == [f"failed: {words}"]
    ours = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert ours == [f"error: {words}"]


def test_a_mistake_in_the_configuration_is_one_line(checkout):
    edit(checkout / "scales/smoke.yaml", "sources:", "sourcess:")
    done = make(checkout, "reproduce")
    ours = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(ours) == 1
    assert ours[0].startswith("error: scales/smoke.yaml: sourcess: unknown key")


@pytest.mark.parametrize(
    ("profile", "config"),
    [
        ({}, ["run=all"]),
        (
            {"config": {"hardware_file": "profiles/gpu/hardware.yaml"}},
            ["hardware_file=profiles/gpu/hardware.yaml", "run=all"],
        ),
    ],
)
def test_chosen_experiments_leave_a_profile_its_configuration(profile, config, monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from argparse import Namespace

    from scripts.reproduce import command

    args = Namespace(targets=["all"], scale="a.yaml", profile="b", cores="all", experiments="all")
    line = command(args, profile)
    assert line[line.index("--config") + 1 :] == config
