"""A contest of mixers: its cells and what they cost, what small runs tell, its tables, its claims."""

import json

import numpy as np
import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_json
from phasemix.claims.paper_b.fig_4_cloze import CLAIM as WORDS
from phasemix.claims.paper_b.fig_8 import CLAIM as FIG_8
from phasemix.claims.paper_b.mixers_best import CLAIM as BEST
from phasemix.claims.paper_b.mixers_paid import CLAIM as PAID
from phasemix.corpora.documents import read_documents
from phasemix.domains.fasttext_vectors import train_vectors
from phasemix.domains.folder_entropies import entropies_of
from phasemix.experiments.mixers.domains import Measured, domains_table
from phasemix.experiments.mixers.search import runs_of
from phasemix.experiments.mixers.section import values
from phasemix.experiments.mixers.tables import Tables, gather
from phasemix.search.mixer import Trial
from phasemix.search.problem import Scale
from phasemix.study.overlays import load
from phasemix.tasks.task import open_task
from tests.conftest import SYNBIO, TEXT, merged

DOMAINS = ["web", "code", "synbio-120"]
CONTEST = {
    "kind": "mixers",
    "domains": DOMAINS,
    "tokens": {"synbio-120": 300_000},
    "tokenizer": "meeting",
    "size": "106k",
    "seeds": [0, 1],
    "small": {"size": "23k", "tokens": 1_000_000, "runs": 14, "token_cost": 0.238},
    "epochs": 4,
    "every_tokens": 131_072,
    "loss_tokens": 2048,
    "evaluation": {"heldout_from": 4096, "loss_tokens": 8192, "curve": {"loss_tokens": 4096}},
    "recipe": {"tokens": 8_000_000, "batch_size": 16, "context": 128, "warmup_steps": 20, "schedule": "exponential"},
    "contestants": {
        "natural": {},
        "uniform": {},
        "bimix": {},
        "transfer": {},
        "doremi": {},
        "ado": {},
        "two-phase": {},
        "duet": {},
        "weighed": {"mixer": "uniform", "sample_weights": {"strategy": "linupper"}},
    },
}


def study(**changes):
    config = json.loads(json.dumps(merged("config.yaml")))
    config["experiments"]["contest"] = CONTEST | changes
    config["run"] = ["contest"]
    return load(config)


def spec(**changes):
    return study(**changes).experiments["contest"]


def formats(cells):
    return [key.format() for key in cells]


def test_mixers_that_fit_laws_share_their_small_runs():
    found = formats(spec().cells)
    assert sum("trial=swarm" in key for key in found) == 14
    assert sum("trial=duet" in key for key in found) == 14
    assert sum("trial=alone" in key for key in found) == 3
    assert [key for key in found if "doremi" in key] == [
        "size=23k/trial=doremi-reference/seed=0",
        "size=23k/trial=doremi-proxy/seed=0",
        "size=106k/contestant=doremi/budget=free/seed=0",
        "size=106k/contestant=doremi/budget=free/seed=1",
        "size=106k/contestant=doremi/budget=charged/seed=0",
        "size=106k/contestant=doremi/budget=charged/seed=1",
    ]
    assert not [key for key in found if "natural/budget=charged" in key]


def test_a_contestant_that_is_added_adds_its_own_cells_and_changes_no_other():
    before, more = study(), {"additive": {}, "utilimax": {}, "ado-slow": {"mixer": "ado", "options": {"own": 0.05}}}
    after = study(contestants=more | CONTEST["contestants"])
    old, new = (each.experiments["contest"] for each in (before, after))
    assert set(old.cells) < set(new.cells)
    added = [key for key in formats(new.cells) if key not in formats(old.cells)]
    assert all("contestant=" in key for key in added)  # their small runs are there
    for key in old.cells:
        assert before.cell("contest", key) == after.cell("contest", key)


def test_what_a_search_costs_in_tokens_of_the_target():
    """14 runs of a million tokens at .238, evaluated three times; ADO's 61 passes over 3 × 2,048 tokens, forwards."""
    contest = spec()
    assert contest.search_tokens("natural") == 0
    looking = 3 * 3 * 4096 / 3  # points, domains, tokens of each, and what a pass forwards costs
    assert contest.search_tokens("bimix") == pytest.approx(14 * (1e6 + looking) * 0.238)
    assert contest.search_tokens("ado") == pytest.approx(8e6 / 131_072 * 3 * 2048 / 3)
    assert contest.search_tokens("weighed") == 0
    gradients = 1000 * 128 * 3  # of the beginnings of a thousand documents of three domains
    assert contest.search_tokens("duet") == pytest.approx(0.238 * (14 * (1e6 + looking) + gradients))
    proxy = 7e6 / 131_072 * 3 * 2048 / 3
    assert contest.search_tokens("doremi") == pytest.approx(0.238 * (14e6 + looking + proxy))
    [charged] = [key for key in contest.cells if key.format().endswith("contestant=bimix/budget=charged/seed=0")]
    assert contest.recipe_of(charged).tokens == round(8e6 - contest.search_tokens("bimix"))


def test_what_cells_read():
    config = study()
    contest = config.experiments["contest"]
    cells = {key.format(): config.cell("contest", key) for key in contest.cells}
    swarm = cells["size=23k/trial=swarm-inner-03/seed=0"].mixture
    assert swarm.file == "results/laptop/mixers/contest/rounds/swarm-centre.json#swarm-inner-03"
    proxy = cells["size=23k/trial=doremi-proxy/seed=0"]
    assert proxy.mixture.steering.reference == "results/laptop/runs/contest/size=23k/trial=doremi-reference/seed=0"
    assert proxy.recipe.tokens == 7e6
    target = cells["size=106k/contestant=two-phase/budget=free/seed=1"].mixture
    assert target.file == "results/laptop/mixers/contest/choices/two-phase.json#proportions"
    assert [phase.until for phase in target.phases] == [73 * 65_536, None]
    assert cells["size=106k/contestant=ado/budget=free/seed=0"].mixture.steering.controller == "ado"
    told = "results/laptop/mixers/contest/influences/duet-00.json"
    asked = ["size=23k/trial=duet-01/seed=0", "size=106k/contestant=duet/budget=free/seed=0"]
    assert [cells[name].mixture.influences for name in asked] == [told, told]
    assert told in cells[asked[0]].mixture.files
    assert cells["size=23k/trial=duet-00/seed=0"].mixture.influences is None, "whose model tells them"
    assert cells["size=106k/contestant=bimix/budget=free/seed=0"].mixture.influences is None
    assert cells["size=106k/contestant=weighed/budget=free/seed=0"].recipe.sample_weights.strategy == "linupper"


def test_domains_that_are_made_small_are_small_in_every_cell():
    config = study(tokens={"code": 70_000, "synbio-120": 300_000})
    for key in config.experiments["contest"].cells:
        sources = config.cell("contest", key).sources
        assert sources["code"]["read_tokens"] == 70_000
        assert not any("read_tokens" in sources[name] for name in ("web", "synbio-120"))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"contestants": {"natural": {}, "doremy": {}}}, "no mixer is named 'doremy'. Did you mean doremi?"),
        ({"contestants": {"natural": {}, "utilimax": {"options": {"x": 1}}}}, "the options do not fit the mixer"),
        ({"contestants": {"natural": {}, "ado": {"options": {"memry": 1}}}}, "the options do not fit the mixer ado"),
        ({"contestants": {"natural": {}, "autoscale": {}}, "small": CONTEST["small"] | {"runs": 9}}, "autoscale needs"),
        (
            {"contestants": {"natural": {}, "duet": {}, "brave": {"mixer": "duet", "options": {"courage": 9}}}},
            "has other options than duet, and both would share the runs of the mixer duet",
        ),
        ({"baseline": "nature"}, "is no contestant"),
        (
            {"evaluation": CONTEST["evaluation"] | {"heldout_from": 4000}},
            r"evaluation\.heldout_from = 4000: must be 4096 or more: so many held-out tokens are what searches see",
        ),
        ({"tokens": {"books": 1}}, "is none of the domains"),
        ({"tokens": {"code": 10**9}}, "is more than sources.code.train_tokens, 15,000,000"),
        ({"small": CONTEST["small"] | {"token_cost": 0.5}}, "must be 0.238: that is what a token of 23k costs beside"),
    ],
)
def test_contests_that_cannot_be_held(changes, problem):
    with pytest.raises(PhasemixError, match=problem):
        study(**changes)


def small_run(folder, name, mixture, losses):
    """A run's files, evaluated on the way at two points, and its evaluation."""
    run, evaluation = folder / "runs" / name, folder / "evaluations" / name
    write_json(run / "manifest.json", {"proportions": dict(zip(DOMAINS, mixture, strict=True)), "diverged_at": None})
    rows = [
        {
            "step": step,
            "tokens": 1000 * step,
            **{f"loss.{domain}": loss for domain, loss in zip(DOMAINS, each, strict=True)},
        }
        for step, each in losses.items()
    ]
    pd.DataFrame([{"step": 1, "tokens": 1000}, *rows]).to_csv(run / "metrics.csv", index=False)
    told = {"entropy": {"synbio-120": {"": 25.0}}, "subjects": {"synbio-120": 120}}
    write_json(evaluation / "summary.json", told | {"accuracy": {"synbio-120": {"": 0.4}}})
    return run, evaluation


def test_what_small_runs_measured(tmp_path):
    losses = {5: (3.0, 2.0, 4.0), 10: (2.5, 1.5, 3.5)}
    folders = [small_run(tmp_path, name, (0.5, 0.3, 0.2), losses) for name in ("one", "two")]
    searched = spec().searched
    trials = [[Trial("one", Scale(1, 1))], [Trial("two", Scale(1, 1))]]
    runs = runs_of(trials, *zip(*folders, strict=True), searched)
    assert runs.run.tolist() == ["one", "one", "two", "two"]
    assert runs.step.tolist() == [5000, 10_000] * 2
    assert runs.loss[1].tolist() == [2.5, 1.5, 3.5]
    assert runs.size.tolist() == [0.238] * 4
    assert runs.facts[0].tolist() == [0, 0, 3000]
    np.testing.assert_array_equal(runs.recall[:2], [[np.nan] * 3, [np.nan, np.nan, 0.4]])
    assert runs_of([], [], [], searched) is None


@pytest.fixture
def opened(data, tokenizer):
    """Text cut to 3,000 tokens, text that is read whole, and facts."""
    options = {"web": TEXT | {"repeat": True, "read_tokens": 3000}, "notes": TEXT, "synbio": SYNBIO}
    return {name: open_task(own, data.corpora / name, data.tokens / name, tokenizer) for name, own in options.items()}


def test_what_is_known_of_domains(opened, tokenizer):
    found = domains_table(opened, {"web": 3000, "synbio": 2000}, len(tokenizer), None, 0)
    notes = len(np.fromfile(opened["notes"].tokens / "train.bin", dtype="<u2"))
    assert found.to_dict("list") == {"domain": ["web", "notes", "synbio"], "tokens": [3000, notes, 2000]}
    with pytest.raises(PhasemixError, match="synbio: is made without end: say in tokens how many count as all of it"):
        domains_table(opened, {"web": 3000}, len(tokenizer), None, 0)


def test_entropies_are_of_what_is_trained_on_by_the_contests_tokenizer(opened, tokenizer, data, tmp_path):
    """Those of text that is read whole are those of its folder; facts are embedded by the vectors of the others."""
    vectors = tmp_path / "vectors"
    texts = (
        text for part in read_documents(data.corpora / "web" / "documents.parquet", heldout=False) for text in part
    )
    train_vectors(texts, 0).write(vectors)
    entropies = {"domain": ["web", "notes"], "shannon": [1.0, 1.0], "von-neumann": [2.0, 3.0]}
    pd.DataFrame(entropies).to_csv(tmp_path / "entropies.csv", index=False)
    measured = Measured(tmp_path / "entropies.csv", vectors, words=20)
    found = domains_table(opened, {"web": 3000, "synbio": 2000}, len(tokenizer), measured, 0).set_index("domain")
    whole = entropies_of(data.tokens / "notes", len(tokenizer))
    ours = found.loc["notes", ["shannon", "joint", "conditional"]].tolist()
    assert ours == pytest.approx([whole.shannon, whole.joint, whole.conditional], rel=1e-3)
    assert found.loc["synbio", "conditional"] < found.loc["web", "conditional"], "biographies are repetitive"
    assert found["von-neumann"].tolist()[:2] == [2, 3]
    assert found.loc["synbio", "von-neumann"] > 0


LOSSES = {"natural": (3.0, 3.2), "uniform": (2.9, 3.1), "bimix": (2.4, 2.5)}
OPTIONS = {
    "domains": ["a", "b"],
    "baseline": "natural",
    "size": "106k",
    "small": {"size": "23k", "tokens": 1000, "runs": 5, "token_cost": 0.2},
    "contestants": {name: {"mixer": None, "options": {}, "sample_weights": None} for name in LOSSES},
    "search_tokens": {"natural": 0, "uniform": 0, "bimix": 500},
    "searchers": ["bimix"],
    "seeds": [0, 1],
    "seen_tokens": 4096,
    "target_tokens": 1000,
    "confidence": 0.95,
}


@pytest.fixture
def folder(tmp_path):
    """A contest of three on two domains: a has these losses with either seed, b one nat less."""
    cells, curves = [], []
    for contestant, pair in LOSSES.items():
        for budget in ("free", "charged")[: 1 + (contestant == "bimix")]:
            for seed, loss in enumerate(pair):
                at = {"contestant": contestant, "budget": budget, "seed": seed}
                end = loss + 0.1 * (budget == "charged")
                cell = {"tokens": 1000 if budget == "free" else 500, "diverged": False, "parameters": 106_000}
                found = {"loss.a": end, "loss.b": end - 1, "accuracy.a": 0.2 + 0.1 * seed, "accuracy.a.city": 1.0}
                found |= {"cloze.a": 0.1, "cloze.b": 0.3 + 0.1 * seed}
                cells.append(at | cell | found | {"mix.a": 0.6, "mix.b": 0.4})
                for tokens in (500, 1000):
                    above = 1 - tokens / 1000
                    curves.append(at | {"tokens": tokens, "loss.a": end + above, "loss.b": end - 1 + above})
    cells.append({"trial": "swarm-centre", "seed": 0, "tokens": 100, "diverged": False, "loss.a": 5.0, "loss.b": 4.0})
    pd.DataFrame(cells).to_csv(tmp_path / "cells.csv", index=False)
    pd.DataFrame(curves).to_csv(tmp_path / "curves.csv", index=False)
    pd.DataFrame({"domain": ["a", "b"], "tokens": [300, 800]}).to_csv(tmp_path / "domains.csv", index=False)
    choices = {}
    for name in LOSSES:
        predicted = {"a": 2.6, "b": 1.6} if name == "bimix" else {}
        phases = [{"until": 1000, "proportions": {"a": 0.6, "b": 0.4}}]
        choices[name] = tmp_path / f"{name}.json"
        equal = {domain: loss + 0.2 for domain, loss in predicted.items()}
        write_json(choices[name], {"phases": phases, "predicted": predicted, "predicted_equal": equal})
    gather(tmp_path, choices, OPTIONS)
    return tmp_path


def test_the_tables_by_hand(folder):
    tables = Tables.read(folder, OPTIONS)
    contest = tables.contest.set_index(["contestant", "budget", "seed"])
    assert contest.loc["natural", "free", 0]["loss"] == pytest.approx(2.5)
    assert contest.loc["bimix", "free", 0]["to_baseline"] == 500, "2.4 at half of the way: 1.9 + .5"
    assert contest.loc["bimix", "charged", 1]["to_baseline"] == 500
    means = tables.means.set_index(["contestant", "budget"])
    assert means.loc[("natural", "free"), "loss"] == pytest.approx(2.6)
    assert means.loc[("bimix", "free"), "worst"] == pytest.approx(2.45 - 3.1), "the mean of seeds first"
    half = means.loc[("natural", "free"), "loss_high"] - 2.6
    unshared = np.sqrt(4 * 2 * 0.025**2 / 3)  # seeds differ by .2 twice and by .1 twice, of which .15 is shared
    assert half == pytest.approx(3.1824463 * unshared / np.sqrt(2))
    assert means.loc[("bimix", "free"), "gain"] == pytest.approx(0.65)
    assert means.loc[("bimix", "free"), "cloze"] == pytest.approx((0.2 + 0.25) / 2)
    assert means.loc[("bimix", "charged"), "gain"] == pytest.approx(0.55)
    assert np.isnan(means.loc[("natural", "free"), "gain"])
    assert means.loc["bimix"]["search"].tolist() == [0.5, 0.5]
    charged = tables.of_budget("charged")
    assert charged["contestant"].tolist() == ["bimix", "uniform", "natural"], "who pays nothing counts there as well"
    assert charged["loss"].tolist() == pytest.approx([2.05, 2.5, 2.6])
    free = tables.of_budget("free")
    assert free["contestant"].tolist() == ["bimix", "uniform", "natural"]
    assert free[["rank", "rank_best", "rank_worst"]].to_numpy().tolist() == [[1, 1, 1], [2, 2, 3], [3, 2, 3]]
    choices = tables.choices.set_index(["contestant", "domain"])
    assert choices.loc[("uniform", "a"), "epochs"] == pytest.approx(0.6 * 1000 / 300)
    assert tables.predicted["trained"].tolist() == pytest.approx([2.45, 1.45])
    assert tables.predicted["predicted_gain"].tolist() == pytest.approx([0.2, 0.2])
    assert tables.predicted["trained_gain"].tolist() == pytest.approx([3.0 - 2.45, 2.0 - 1.45])


def test_the_section_of_the_report(folder):
    found = values(folder, OPTIONS)
    assert [row[:2] for row in found["ranks"]] == [
        ["bimix", "1 (1–1)"],
        ["uniform", "2 (2–3)"],
        ["natural", "3 (2–3)"],
    ]
    assert found["first"] == {"name": "bimix", "others": 2, "alike": 0}
    assert found["diverged"] == []
    assert found["ranks"][0][-1] == "50"
    assert found["mixers"][0][0] == "bimix"
    assert found["predicted"] == [["bimix", "2.100", "1.950", "+0.200", "+0.550"]]


def findings(free, baseline="natural", tokens=1000):
    rows = [
        {"contestant": name, "loss": loss, "loss_low": loss - 0.05, "loss_high": loss + 0.05, "seeds": 2}
        | {"searches": name not in ("natural", "uniform", "unimax")}
        | {"to_baseline": to, "tokens": tokens, "cloze": 1 / loss, "cloze_low": 1 / loss - 0.01}
        | {"cloze_high": 1 / loss + 0.01}
        for name, (loss, to) in free.items()
    ]
    return {"mixers": {"contest": {"baseline": baseline, "means": {"free": rows, "charged": rows}}}}


@pytest.mark.parametrize(
    ("bimix", "verdict"),
    [
        ((2.5, 400), "reproduced"),
        ((2.5, 700), "partly"),
        ((2.5, None), "not reproduced"),
        ((3.5, 1000), "not reproduced"),
    ],
)
def test_steps_to_the_baselines_loss(bimix, verdict):
    assert FIG_8.judged(findings({"natural": (3.0, 1000), "bimix": bimix})).verdict == verdict


@pytest.mark.parametrize(("best", "verdict"), [(2.5, "reproduced"), (2.83, "not reproduced"), (3.2, "not reproduced")])
def test_the_best_of_all_against_what_costs_nothing(best, verdict):
    found = findings({"natural": (3.0, None), "uniform": (2.92, None), "transfer": (best, None), "duet": (4.0, None)})
    assert BEST.judged(found).verdict == PAID.judged(found).verdict == verdict


def test_equal_proportions_alone_are_beaten_in_part():
    found = findings({"natural": (2.6, None), "uniform": (3.0, None), "transfer": (2.65, None)})
    assert BEST.judged(found).verdict == "partly"


def test_who_does_not_search_does_not_count_nor_who_has_one_seed():
    found = findings({"natural": (3.0, None), "uniform": (2.9, None), "unimax": (2.0, None), "transfer": (2.89, None)})
    assert BEST.judged(found).verdict == "not reproduced"
    found["mixers"]["contest"]["means"]["free"][3]["seeds"] = 1
    assert BEST.judged(found).verdict == "not tested"


@pytest.mark.parametrize(
    ("bimix", "verdict"), [(2.0, "reproduced"), (2.4, "partly"), (2.9, "not reproduced"), (4.0, "not reproduced")]
)
def test_held_out_words_against_the_baseline_and_mixers_that_train(bimix, verdict):
    """Of 1 in so many words, each within a hundredth."""
    others = {"natural": (3.0, None), "doremi": (3.5, None), "doge": (2.3, None)}
    assert WORDS.judged(findings(others | {"bimix": (bimix, None)})).verdict == verdict
    assert WORDS.judged(findings({"natural": (3.0, None), "bimix": (bimix, None)})).verdict == "not tested"


def test_without_equal_proportions_nothing_is_tested():
    assert BEST.judged(findings({"natural": (3.0, None), "duet": (2.0, None)})).verdict == "not tested"
