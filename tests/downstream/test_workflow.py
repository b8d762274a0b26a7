"""The rules of downstream tasks, in a copy of the checkout whose models were trained elsewhere."""

import shutil
import subprocess
import time

import pandas as pd
import pytest

from phasemix.base.files import read_json
from phasemix.study.cell_key import CellKey
from tests.downstream.conftest import QUESTIONS, write_tasks
from tests.workflow.checkout import SMOKE, SNAKEMAKE, copy_checkout, edit, inside, jobs, kill, snakemake

CELLS = [CellKey.of(size=size, ratio=0.3, seed=0).format() for size in ("23k", "39k")]
ABILITIES = """
  abilities:
    kind: downstream
    asked: [transition]
    sizes: [23k, 39k]
    tasks: { words: acc, last_word: acc }
    shots: 0
    include: tasks
"""
OWN = ["questions", "answers", "tables"]
RULES = [f"downstream_{rule}" for rule in OWN]
RULES += ["findings_downstream", "draw_downstream_task_accuracies", "section_downstream"]


@pytest.fixture
def checkout(tmp_path, runs, monkeypatch):
    """It has two finished runs, and task files of a user."""
    folder = copy_checkout(tmp_path / "checkout")
    edit(folder / "scales/smoke.yaml", "\nexperiments:\n", f"\nexperiments:{ABILITIES}")
    edit(folder / "scales/smoke.yaml", "ratios: [0.1, 0.3, 0.6]", "ratios: [0.3]")
    monkeypatch.chdir(folder)
    write_tasks(folder / "tasks")
    for cell, run in zip(CELLS, runs):
        shutil.copytree(run, folder / "results/smoke/runs/transition" / cell)
    return folder


def test_a_workflow_that_is_killed_between_models_goes_on_and_asks_nobody_twice(checkout):
    """Then nothing is left to do, and a new question is asked of all."""
    arguments = ["abilities", "--cores", "1", "--allowed-rules", "abilities", *RULES, *SMOKE]
    answers = [checkout / f"results/smoke/downstream/abilities/transition/{cell}.json" for cell in CELLS]
    process = subprocess.Popen([*SNAKEMAKE, *arguments], cwd=checkout, env=inside(checkout), stderr=subprocess.DEVNULL)
    logs = [checkout / f"results/smoke/logs/downstream_answers/abilities/transition/{cell}.log" for cell in CELLS]
    while not all(path.exists() for path in logs) and process.poll() is None:
        time.sleep(0.05)
    kill(process)
    done = [path for path in answers if path.exists()]
    assert len(done) == 1
    before = done[0].stat().st_mtime_ns
    snakemake(checkout, "--unlock", *arguments)
    snakemake(checkout, *arguments)
    assert done[0].stat().st_mtime_ns == before
    folder = checkout / "results/smoke/tables/abilities"
    table = pd.read_csv(folder / "answers.csv", dtype={"size": str})
    assert table["size"].tolist() == ["23k"] * 3 + ["39k"] * 3
    assert table["task"].tolist() == ["words", "last_word", "mean"] * 2
    assert table["questions"].tolist() == [len(QUESTIONS), len(QUESTIONS), 2 * len(QUESTIONS)] * 2
    found = read_json(folder / "findings.json")
    assert [model["accuracy"] for model in found["models"]] == table[table["task"] == "mean"]["accuracy"].tolist()
    assert '<h2 id="abilities">' in (checkout / "results/smoke/sections/abilities.html").read_text()
    assert jobs(checkout, *arguments) == {}
    write_tasks(checkout / "tasks", QUESTIONS[1:])
    planned = jobs(checkout, *arguments)
    assert planned["downstream_questions"] == 1
    assert planned["downstream_answers"] == 2
