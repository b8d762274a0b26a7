"""A contest of mixers through Snakemake: searches by rounds, targets on what was chosen, one more contestant."""

import pandas as pd
import pytest

from phasemix.base.files import read_json
from tests.workflow.checkout import copy_checkout, edit, jobs, make_run

CONTEST = """  contest:
    kind: mixers
    domains: [docstrings, code, tests]
    tokenizer: domains
    size: 39k
    seeds: [0, 1]
    small: { size: 23k, tokens: 8_192, runs: 4, token_cost: 0.62 }
    epochs: 4
    every_tokens: 8_192
    loss_tokens: 512
    contestants:
      natural: {}
      uniform: {}
      doremi: {}
      skill-it: {}
      linupper: { mixer: uniform, sample_weights: { strategy: linupper } }
    recipe: { <<: *recipe, tokens: 65_536, schedule: exponential }
    evaluation: { loss_tokens: 1_000, curve: { loss_tokens: 1_000 } }
"""
CELL = "size=39k/contestant={}/budget={}/seed=0"
pytestmark = pytest.mark.xdist_group("contest")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy in which a small contest is finished."""
    folder = copy_checkout(tmp_path_factory.mktemp("contest"))
    edit(folder / "scales/smoke.yaml", "  mixers: null", CONTEST + "  mixers: null")
    make_run(folder, "EXPERIMENTS=contest")
    return folder


def test_every_contestant_searches_trains_and_is_told(checkout):
    results = checkout / "results/smoke"
    means = pd.read_csv(results / "tables/contest/means.csv").set_index(["contestant", "budget"])
    assert set(means.xs("free", level="budget").index) == {"natural", "uniform", "doremi", "skill-it", "linupper"}
    assert set(means.xs("charged", level="budget").index) == {"doremi", "skill-it", "linupper"}
    free = means.xs("free", level="budget")
    assert sorted(free["rank"]) == [1, 2, 3, 4, 5]
    assert free["loss_low"].lt(free["loss"]).all()
    page = (results / "sections/contest.html").read_text()
    assert all(name in page for name in ("doremi", "skill-it", "linupper"))
    ledger = pd.read_csv(results / "tables/ledger.csv").set_index("id")
    assert ledger.loc["B-Mixers (best)", "measured"].count("nats") == 1
    assert ledger.loc["B-Mixers (best)", "verdict"] in ("reproduced", "partly", "not reproduced")


def test_what_a_search_cost_is_paid_from_the_tokens_of_a_charged_run(checkout):
    runs = checkout / "results/smoke/runs/contest"
    means = pd.read_csv(checkout / "results/smoke/tables/contest/means.csv").set_index(["contestant", "budget"])
    for name in ("doremi", "skill-it", "linupper"):
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
