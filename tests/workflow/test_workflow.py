"""The workflow end to end, as a user runs it: a copy of the checkout, Snakemake's own commands.

One smoke study is run; the other tests ask Snakemake what it would do after a change.
"""

import re
import shutil
import subprocess
import time

import pandas as pd
import pytest

from phasemix.base.files import read_json, sha256
from phasemix.experiments.experiment import figures
from tests.patience import PATIENCE
from tests.workflow.checkout import SMOKE, SNAKEMAKE, edit, inside, jobs, kill, plan, snakemake, without_environment

pytestmark = pytest.mark.xdist_group("workflow")

A_FIG_1 = "phasemix/experiments/transition/figures/a_fig_1.py"
EVALUATED = {"evaluate", "cells", "tables_transition", "tables_horizon"}


TITLES = {name: title for name, title in figures("transition").items() if name != "a_fig_4"}  # which is of horizons
DRAWN = {
    kind: {f"draw_{kind}_{figure}": 1 for figure in names}
    for kind, names in {"transition": TITLES, "horizon": figures("horizon")}.items()
}
PAGES = {"findings_transition": 1, **DRAWN["transition"], "section_transition": 1, "ledger": 1, "report": 1}
HORIZON_PAGES = {"cells": 1, "tables_horizon": 1, "findings_horizon": 1, **DRAWN["horizon"], "section_horizon": 1}
HORIZON_PAGES |= {"ledger": 1, "report": 1}


def test_the_study_leaves_report_figures_and_tables(finished):
    results = finished / "results" / "smoke"
    page = (results / "report.html").read_text()
    assert all(title in page for title in TITLES.values())
    for name in TITLES:
        assert (results / f"figures/transition/{name}.svg").stat().st_size > 5000
        assert (results / f"figures/transition/{name}.png").read_bytes()[:4] == b"\x89PNG"
    table = pd.read_csv(results / "tables/transition/transition.csv")
    assert {"size", "ratio", "seed", "accuracy", "accuracy_birth_date", "floor", "dense_loss", "base_loss"} < set(table)
    assert len(table) == 6
    assert not table["diverged"].any()
    assert (table["exposures"] > 0).all()


def test_nothing_is_left_to_do(finished):
    assert jobs(finished) == {}


def test_moving_copying_and_touching_retrain_nothing(changed):
    """The copy has other modification times and another place; then every file is touched as well."""
    assert jobs(changed) == {}
    for path in changed.rglob("*"):
        if path.is_file() and ".snakemake" not in path.parts:
            path.touch()
    assert jobs(changed) == {}


@pytest.mark.parametrize("hardware", ["device: gpu", "cells: { 23k: { devices: 2 } }", "longest_job: 2"])
def test_other_hardware_reruns_nothing(changed, hardware):
    """The cells of horizons wait for a compiled step, which is of the hardware."""
    with (changed / "scales/smoke.yaml").open("a") as file:
        file.write(f"hardware: {{ {hardware} }}\n")
    assert jobs(changed) == {}


def test_a_new_ratio_plans_its_own_cells_and_what_depends_on_them(changed):
    edit(changed / "scales/smoke.yaml", "ratios: [0.1, 0.3, 0.6]", "ratios: [0.1, 0.3, 0.45, 0.6]")
    found = plan(changed)
    expected = {"train": 2, "evaluate": 2, "cells": 1, "tables_transition": 1, **PAGES}
    assert {rule: count for rule, count in found.items() if rule not in ("reasons", "all")} == expected
    assert set(re.findall(r"Job \d+: train (\S+) ", found["reasons"])) == {
        "size=23k/ratio=0.45/seed=0",
        "size=39k/ratio=0.45/seed=0",
    }


def test_a_longer_horizon_trains_its_own_link_and_branch_alone(changed):
    """At the end of the trunk: everything before it is kept."""
    edit(
        changed / "scales/smoke.yaml",
        "tokens: [16_384, 32_768, 49_152]",
        "tokens: [16_384, 32_768, 49_152, 57_344]",
    )
    assert jobs(changed) == {"trunk": 1, "train": 1, "evaluate": 1, **HORIZON_PAGES}


def test_a_horizon_in_between_trains_what_comes_after_it_again(changed):
    edit(
        changed / "scales/smoke.yaml",
        "tokens: [16_384, 32_768, 49_152]",
        "tokens: [16_384, 24_576, 32_768, 49_152]",
    )
    assert jobs(changed) == {"trunk": 3, "train": 3, "evaluate": 3, **HORIZON_PAGES}


def test_horizons_share_their_trunk(finished):
    results = finished / "results/smoke"
    table = pd.read_csv(results / "tables/horizon/cells.csv")
    assert table["tokens"].tolist() == [16_384, 32_768, 49_152]
    facts = read_json(results / "tables/horizon/facts.json")
    assert facts["tokens"] == 16_384 + 32_768 + 49_152
    assert facts["trained_tokens"] < 0.6 * facts["tokens"]
    page = (results / "report.html").read_text()
    assert f"{facts['trained_tokens']:,} tokens were trained, where separate runs would have trained" in page


def test_a_figures_style_retrains_nothing(changed):
    edit(changed / A_FIG_1, "linewidth=1.2", "linewidth=1.3")
    assert jobs(changed) == {"draw_transition_a_fig_1": 1, "section_transition": 1, "report": 1}


def test_editing_the_training_code_retrains_and_says_why(changed):
    edit(changed / "phasemix/training/optimizer.py", "EPSILON = 1e-8", "EPSILON = 1e-7")
    found = plan(changed)
    assert (found["train"], found["trunk"]) == (9, 3)
    assert "corpus" not in found
    assert re.search(r"Job \d+: train .*\nReason: Params have changed since last execution", found["reasons"])


def test_editing_the_evaluation_retrains_nothing(changed):
    edit(changed / "phasemix/evaluation/evaluate_cell.py", "began = time.monotonic()", "began  = time.monotonic()")
    found = jobs(changed)
    assert found["evaluate"] == 9
    assert "train" not in found


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("bootstrap: 50", "bootstrap: 60", {"tables_transition", "tables_horizon"}),
        ("  loss_tokens: 4_000", "  loss_tokens: 4_500", EVALUATED),
        ("train_tokens: 70_000", "train_tokens: 71_000", set()),
        ("  subjects: 60\n", "  subjects: 20\n", EVALUATED),
        ("scale: smoke", "scale: smoke\nmodels: { tiny: { layers: 1, width: 8, heads: 1 } }", set()),
    ],
)
def test_a_changed_key_reruns_what_reads_it(changed, old, new, rules):
    edit(changed / "scales/smoke.yaml", old, new)
    assert set(jobs(changed)) - set(PAGES) - (set(HORIZON_PAGES) - {"cells", "tables_horizon"}) == rules


def test_one_figure_or_experiment_can_be_asked_for_by_name(changed):
    (changed / "results/smoke/figures/transition/a_fig_2.svg").unlink()
    (changed / "results/smoke/figures/transition/a_fig_1.svg").unlink()
    assert jobs(changed, "results/smoke/figures/transition/a_fig_2.svg") == {"draw_transition_a_fig_2": 1}
    assert jobs(changed, "transition") == {
        "draw_transition_a_fig_1": 1,
        "draw_transition_a_fig_2": 1,
        "section_transition": 1,
        "transition": 1,
    }


def test_a_mistake_in_the_configuration_is_one_line_before_anything(changed, tmp_path):
    before = sorted(str(path) for path in (changed / "results").rglob("*"))
    edit(changed / "scales/smoke.yaml", "tokenizers:", "tokenizer:")
    done = snakemake(changed, *SMOKE, check=False)
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if "unknown key" in line or "Traceback" in line]
    assert lines == [
        next(line for line in lines if line.startswith("error: scales/smoke.yaml: tokenizer: unknown key"))
    ]
    assert sorted(str(path) for path in (changed / "results").rglob("*")) == before


def test_snakemakes_own_report_has_captions_and_categories(finished, tmp_path):
    snakemake(finished, *SMOKE, "--report", str(tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text()
    assert "A-Fig 2: the transition in mixing ratio" in page
    assert "Recall accuracy against mixing ratio, one line per model size" in page
    assert "what was measured, the verdict, and the rule behind the verdict" in page


def test_the_papers_grid_plans_on_a_cluster(finished):
    """A GPU a cell but for the large sizes, with time and memory that follow from the size."""
    paper = ["--configfile", "scales/paper.yaml", "--workflow-profile", "profiles/slurm", "--dry-run"]
    target = "results/paper/runs/transition/size={}/ratio=0.1/seed=0/manifest.json"
    for size, devices in (("14M", 1), ("410M", 8)):
        done = snakemake(finished, target.format(size), *paper, "--printshellcmds")
        launched = re.search(r"launch\.py (.*?) scripts/train\.py", done.stdout + done.stderr)
        assert f"--nodes 1 --devices {devices} --threads {devices} " in launched[1]
        assert f"--gpus {devices} --step 0" in launched[1]
    done = snakemake(finished, *paper, "--quiet", "rules")
    transition, bimix = 56 + 7, 6 * 2  # cells of both blocks; mixtures × seeds, for each of two collections
    assert re.search(rf"^train +{transition + 2 * bimix}$", done.stdout + done.stderr, re.MULTILINE)


def test_two_calls_at_once_are_refused(changed):
    without_environment(changed)
    held = subprocess.Popen(["flock", ".reproduce.lock", "sleep", "30"], cwd=changed)
    time.sleep(0.5)
    command = ["make", "reproduce", "SCALE=smoke"]
    done = subprocess.run(command, cwd=changed, capture_output=True, text=True, check=False)
    held.kill()
    held.wait()
    assert done.returncode != 0
    assert "error: another make reproduce, or a job it left, is running in this folder" in done.stderr


def test_a_snakemake_that_runs_is_not_cleared_away(changed):
    """`make run` removes locks and cancels jobs that a killed Snakemake left, but not those of one that lives."""
    edit(changed / A_FIG_1, "linewidth=1.2", "linewidth=1.3")
    edit(changed / "scripts/report.py", "    args = parser", "    import time; time.sleep(15)\n    args = parser")
    (changed / ".snakemake/running.lock").unlink()
    process = subprocess.Popen([*SNAKEMAKE, *SMOKE], cwd=changed, env=inside(changed), stderr=subprocess.DEVNULL)
    while not (changed / ".snakemake/running.lock").exists():
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(1)
    done = subprocess.run(
        ["make", "run", "SCALE=smoke"], cwd=changed, env=inside(changed), capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "error: a snakemake is running in this folder" in done.stderr
    assert process.poll() is None
    kill(process)


def test_an_experiment_cannot_have_a_rules_name(changed):
    edit(changed / "config.yaml", "  transition:", "  train:")
    edit(changed / "scales/smoke.yaml", "  transition:", "  train:")
    edit(changed / "scales/smoke.yaml", "run: [transition", "run: [train")
    done = snakemake(changed, *SMOKE, check=False)
    assert "error: experiments.train: is the name of a rule" in done.stderr


def test_killed_in_mid_cell_and_run_again_ends_in_the_same_weights(changed):
    """SIGKILL to Snakemake and its job while a cell trains; the next call finishes it from its checkpoint."""
    cell = "transition/size=39k/ratio=0.3/seed=0"
    weights = f"results/smoke/runs/{cell}/model/model.safetensors"
    whole = sha256(changed / weights)
    shutil.rmtree(changed / f"results/smoke/runs/{cell}")
    environment = inside(changed) | {"PHASEMIX_CHECKPOINT_SECONDS": "0"}
    manifest = f"results/smoke/runs/{cell}/manifest.json"
    process = subprocess.Popen(
        [*SNAKEMAKE, manifest, *SMOKE],
        cwd=changed,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    checkpoints = changed / f"results/smoke/checkpoints/{cell}"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if max((int(path.stem[5:]) for path in checkpoints.glob("step-*.pt")), default=0) >= 20:
            break
        time.sleep(0.01)
    kill(process)
    assert list(checkpoints.glob("step-*.pt"))
    assert not (changed / manifest).exists()
    done = subprocess.run(  # the lock that Snakemake left is no obstacle to `make reproduce`
        ["make", "run", "SCALE=smoke", f"TARGET={manifest}"],
        cwd=changed,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert sha256(changed / weights) == whole
    assert '"resumed_from": []' not in (changed / manifest).read_text()
    steps = pd.read_csv(changed / f"results/smoke/runs/{cell}/metrics.csv")["step"]
    assert steps.is_unique
    assert steps.is_monotonic_increasing
