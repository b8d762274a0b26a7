"""Which experiments a study runs, and what is said of a configuration that cannot be read."""

import subprocess

import pytest

from phasemix.study.overlays import read_config
from tests.workflow.checkout import ROOT, SMOKE, copy_checkout, edit, inside, plan, snakemake, without_environment

pytestmark = pytest.mark.xdist_group("choosing")


@pytest.fixture
def checkout(tmp_path):
    return copy_checkout(tmp_path)


def sections(folder, *arguments):
    """The sections that a dry run plans, by kind."""
    return {name.removeprefix("section_") for name in plan(folder, *arguments) if name.startswith("section_")}


def test_a_command_chooses_experiments_and_a_scale_has_its_own(checkout):
    assert sections(checkout) == {"transition", "horizon"}
    assert sections(checkout, "--config", "run=horizon") == {"horizon"}
    assert sections(checkout, "--config", "run=regmix,transition") == {"published_runs", "transition"}
    everything = {
        one.kind for one in read_config(ROOT / "scales/smoke.yaml", base=ROOT / "config.yaml").experiments.values()
    }
    assert {"transition", "bimix", "strategies"} <= everything
    assert sections(checkout, "--config", "run=all") == everything
    found = plan(checkout, "--config", "run=horizon")
    assert (found["train"], found["trunk"]) == (3, 3)


def test_an_experiment_that_is_not_there_is_one_line(checkout):
    done = snakemake(checkout, *SMOKE, "--config", "run=horizn", check=False)
    assert done.returncode != 0
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert "horizn" in line
    assert "did you mean 'horizon'?" in line
    assert "Traceback" not in done.stderr


def test_a_tracker_that_is_not_there_is_one_line(checkout, monkeypatch):
    monkeypatch.setenv("PHASEMIX_TRACKERS", "wand")
    done = snakemake(checkout, *SMOKE, "--dry-run", check=False)
    assert done.returncode != 0
    assert "error: PHASEMIX_TRACKERS: no tracker is named 'wand'; there are" in done.stderr
    assert "Traceback" not in done.stderr


def test_laws_are_planned_on_the_runs_that_another_experiment_trains(checkout):
    smoke = checkout / "scales/smoke.yaml"
    edit(smoke, "run: [transition, horizon]", "run: [ours]")
    ours = "  ours: { kind: laws, experiment: transition, law: bimix-power, folds: 3 }\n"
    edit(smoke, "experiments:\n", f"experiments:\n{ours}")
    found = plan(checkout)
    assert {"train": 6, "laws_compare": 1, "laws_fit": 1}.items() <= found.items()
    assert "trunk" not in found


@pytest.mark.parametrize("file", ["config.yaml", "scales/smoke.yaml"])
@pytest.mark.parametrize(
    ("text", "line"), [("seed: [1\nrun: 2\n", 2), ("seed: 1\nseed: 2\n", 2)], ids=["broken", "a key twice"]
)
def test_a_broken_file_is_named_with_its_line(checkout, file, text, line):
    """Through make; plain Snakemake reads a file that is given to it before the Snakefile can."""
    without_environment(checkout)
    (checkout / file).write_text(text)
    run = ["make", "reproduce", "SCALE=smoke"]
    done = subprocess.run(run, cwd=checkout, env=inside(checkout), capture_output=True, text=True, check=False)
    assert done.returncode != 0
    (said,) = [each for each in done.stderr.splitlines() if not each.startswith("make")]
    assert said.startswith(f"error: {file}: ")
    assert f"line {line}" in said
    if file == "config.yaml":
        plain = snakemake(checkout, check=False)
        assert plain.returncode != 0
        assert said in plain.stderr.splitlines()
