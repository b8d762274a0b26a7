"""A contest of mixers through Snakemake: killed and gone on with, searches by rounds, targets on what was chosen."""

import subprocess
import time

import numpy as np
import pandas as pd
import pytest

from phasemix.base.files import read_json
from phasemix.corpora.tokens import TrainingDocuments
from tests.patience import PATIENCE
from tests.workflow.checkout import copy_checkout, edit, inside, jobs, kill, make_run

CONTEST = """  contest:
    kind: mixers
    domains: [docstrings, code, tests]
    tokenizer: domains
    size: 39k
    seeds: [0, 1]
    tokens: { tests: 10_000 }
    small: { size: 23k, tokens: 8_192, runs: 3, points: 2, token_cost: 0.62 }
    epochs: 4
    every_tokens: 8_192
    loss_tokens: 512
    influences: 20
    contestants:
      natural: {}
      uniform: {}
      doremi: {}
      skill-it: {}
      duet: {}
      linupper: { mixer: uniform, sample_weights: { strategy: linupper } }
    recipe: { <<: *recipe, tokens: 65_536, schedule: exponential }
    evaluation: { heldout_from: 512, loss_tokens: 1_000, cloze: 5, curve: { loss_tokens: 512 } }
"""
CELL = "size=39k/contestant={}/budget={}/seed=0"
FIRST = "size=23k/trial=duet-00/seed=0/manifest.json"
SECOND = "size=23k/trial=duet-01/seed=0/manifest.json"
SEARCHERS = ("doremi", "skill-it", "duet")

pytestmark = pytest.mark.xdist_group("contest")


def trained(folder):
    """When each cell that is there was finished, by its manifest."""
    runs = folder / "results/smoke/runs/contest"
    return {str(path.relative_to(runs)): path.stat().st_mtime for path in runs.rglob("manifest.json")}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A copy in which a small contest is finished that was killed in the midst of a search, and what was there then."""
    folder = copy_checkout(tmp_path_factory.mktemp("contest"))
    edit(folder / "scales/smoke.yaml", "  mixers: null", CONTEST + "  mixers: null")
    command = ["make", "run", "SCALE=smoke", "EXPERIMENTS=contest"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=folder, env=inside(folder), **quiet)
    deadline = time.monotonic() + PATIENCE
    while SECOND not in trained(folder) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    kill(process)
    before = trained(folder)
    make_run(folder, "EXPERIMENTS=contest")
    return folder, before


@pytest.fixture
def checkout(kept):
    return kept[0]


def test_a_contest_that_was_killed_goes_on(kept):
    folder, before = kept
    after = trained(folder)
    # Snakemake has surely noted what the second round read, and what was finished some seconds before the end.
    done = {FIRST} | {name for name, when in before.items() if when < max(before.values()) - 5}
    assert len(before) < len(after)
    assert {name for name in done if after[name] != before[name]} == set()


def test_documents_are_drawn_by_influence_from_domains_as_small_as_they_are_made(checkout):
    results = checkout / "results/smoke"
    told = read_json(results / "mixers/contest/influences/duet-00.json")
    text = TrainingDocuments(results / "tokens/domains/tests")
    few = text.first(10_000)
    assert few < 20 < text.count
    assert {name: len(own["documents"]) for name, own in told.items()} == {"docstrings": 20, "code": 20, "tests": few}
    assert told["tests"]["documents"] == list(range(few))
    assert all(np.isfinite(own["influences"]).all() and np.std(own["influences"]) > 0 for own in told.values())
    run = read_json(results / "runs/contest" / CELL.format("duet", "free") / "manifest.json")
    assert run["cell"]["mixture"]["influences"] == "results/smoke/mixers/contest/influences/duet-00.json"
    held = read_json(results / "runs/contest" / CELL.format("uniform", "free") / "manifest.json")
    assert held["exposures"]["tests"] == pytest.approx(65_536 / 3 / 10_000, rel=0.1)


def test_every_contestant_searches_trains_and_is_told(checkout):
    results = checkout / "results/smoke"
    means = pd.read_csv(results / "tables/contest/means.csv").set_index(["contestant", "budget"])
    free = means.xs("free", level="budget")
    assert set(free.index) == {"natural", "uniform", "linupper", *SEARCHERS}
    assert set(means.xs("charged", level="budget").index) == set(free.index)
    assert free.index[free["searches"]].tolist() == [name for name in free.index if name in SEARCHERS]
    assert sorted(free["rank"]) == [1, 2, 3, 4, 5, 6]
    assert free["loss_low"].lt(free["loss"]).all()
    assert free["cloze"].between(0, 1).all()
    page = (results / "sections/contest.html").read_text()
    assert all(name in page for name in SEARCHERS)
    ledger = pd.read_csv(results / "tables/ledger.csv").set_index("id")
    assert ledger.loc["B-Mixers (best)", "measured"].count("nats") == 1
    assert ledger.loc["B-Mixers (best)", "verdict"] in ("reproduced", "partly", "not reproduced")


def test_what_a_search_cost_is_paid_from_the_tokens_of_a_charged_run(checkout):
    runs = checkout / "results/smoke/runs/contest"
    means = pd.read_csv(checkout / "results/smoke/tables/contest/means.csv").set_index(["contestant", "budget"])
    for name in SEARCHERS:
        free = read_json(runs / CELL.format(name, "free") / "manifest.json")
        charged = read_json(runs / CELL.format(name, "charged") / "manifest.json")
        left = free["tokens"] * (1 - means.loc[(name, "charged"), "search"])
        assert charged["tokens"] == pytest.approx(left, abs=512)  # whole batches of eight contexts of 64


def test_a_run_reads_what_its_mixer_chose(checkout):
    results = checkout / "results/smoke"
    choice = read_json(results / "mixers/contest/choices/doremi.json")
    run = read_json(results / "runs/contest" / CELL.format("doremi", "free") / "manifest.json")
    [chosen] = choice["proportions"]
    assert run["proportions"] == pytest.approx(chosen, abs=0.02)


def test_one_more_contestant_trains_its_own_cells_alone(checkout):
    assert jobs(checkout, "--config", "run=contest") == {}
    scale = checkout / "scales/smoke.yaml"
    before = scale.read_text()
    edit(scale, "      doremi: {}\n", "      doremi: {}\n      unimax: {}\n      doge: {}\n")
    try:
        found = jobs(checkout, "--config", "run=contest")
    finally:
        scale.write_text(before)
    own = 2 + 1 + 2 + 2  # unimax's seeds, doge's proxy, its seeds with all tokens and with those that are left
    assert found["train"] == found["evaluate"] == own
    assert found["mixers_choice"] == 2
    assert found["mixers_round"] == 1
