"""An ablation: its cells, means, frequency per token against per step, the claims, and what the report says."""

from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from phasemix.claims.paper_a import fig_11, fig_11_per_token
from phasemix.experiments.ablation import findings, section
from phasemix.experiments.ablation.figures import a_fig_11
from phasemix.experiments.ablation.tables import Tables, frequency, write_from
from phasemix.report.figure_style import save, set_theme
from phasemix.study.overlays import load
from tests.conftest import merged
from tests.study.test_config import message, put

USUAL = {"batch_size": 16, "peak_learning_rate": 0.008, "schedule": "wsd"}
OPTIONS = {"dense": "facts", "base": "web", "usual": USUAL, "confidence": 0.95}
RATIOS = (0.125, 0.25, 0.5)
VARIANTS = [{}, {"batch_size": 8}, {"batch_size": 32}, {"peak_learning_rate": 0.002}, {"schedule": "cosine"}]


def per_token(ratio, recipe):
    return 0.05 + 0.9 / (1 + (0.25 / ratio) ** 4)


def per_step(ratio, recipe):
    return per_token(ratio * recipe["batch_size"] / 16, recipe)


def cells_of(accuracy=per_token, seeds=3, diverged=()):
    """The generic table of cells; seeds scatter by a point."""
    rng = np.random.default_rng(0)
    rows = []
    for variant, ratio, seed in product(VARIANTS, RATIOS, range(seeds)):
        recipe = USUAL | variant
        lost = variant in diverged
        row = {"size": "39k", "ratio": ratio, **recipe, "seed": seed, "diverged": lost, "epochs.facts": 75}
        row |= {"accuracy.facts": np.nan if lost else accuracy(ratio, recipe) + 0.01 * rng.normal()}
        rows.append(row | {"floor.facts": 0.05, "loss.web": 2.8 + 0.3 * ratio})
    return pd.DataFrame(rows)


@pytest.fixture
def told(tmp_path):
    """A function: the tables of a study, and its findings."""

    def of(**study):
        write_from(cells_of(**study), OPTIONS, tmp_path)
        return Tables.read(tmp_path, OPTIONS), findings.measure(tmp_path, OPTIONS)

    return of


def judge(claim, found):
    return claim.CLAIM.judged({"ablation": {"made_up": found}})


def test_one_part_of_the_recipe_is_changed_at_a_time():
    config = load(merged("config.yaml") | {"run": ["ablation"]})
    spec = config.training["ablation"]
    recipes = {(r.batch_size, r.peak_learning_rate, r.schedule) for r in map(spec.recipe_of, spec.cells)}
    others = {(8, 0.008, "wsd"), (32, 0.008, "wsd"), (16, 0.002, "wsd"), (16, 0.032, "wsd"), (16, 0.008, "cosine")}
    assert recipes == {(16, 0.008, "wsd")} | others
    assert len(spec.cells) == len(set(spec.cells)) == 6 * 3 * 3
    for key in spec.cells:
        recipe = spec.recipe_of(key)
        ratio = dict(key.pairs)["ratio"]
        assert recipe.tokens * ratio == pytest.approx(spec.recipe.tokens * 0.2), "as many exposures"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("size", "39m", "names none of the models"),
        ("ratios.0", 0.0, "must be above 0 and at most 1"),
        ("ratios", [0.4, 0.2], "must rise, as the recipe's tokens are those of the first"),
        ("base", "synbio-120", "is the dense source itself"),
        ("varied.schedule", ["linear"], "schedule"),
        ("varied", {}, "names nothing to vary: give other values of batch_size, peak_learning_rate, schedule"),
        ("varied.batch_size", [8, 16], "is the recipe's own: give another"),
    ],
)
def test_mistakes_are_named(key, value, words):
    found = message(put(f"experiments.ablation.{key}", value))
    assert found.startswith(f"config.yaml: experiments.ablation.{key.partition('.')[0]}")
    assert words in found


def test_too_few_tokens_at_a_large_ratio_are_named():
    found = message(put("experiments.ablation.recipe.tokens", 400_000))
    assert "experiments.ablation: 31k, ratio 0.4, batch_size 16" in found
    assert "tokens 200000 make 98 steps of 16 × 128 tokens, not more than the 160 warm-up steps" in found


def test_distances_by_hand():
    """Two batches, two ratios: accuracies .1 and .5 with 16, .3 and .9 with 32; r = .5 with 16 is r = .25 with 32.

    A third ratio is four times as large as the smallest, which no two batches are.
    """
    place = {"axis": "", "seed": 0, "diverged": False}
    cells = pd.DataFrame(
        place | {"ratio": ratio, "batch_size": batch, "accuracy": accuracy}
        for ratio, batch, accuracy in ((0.25, 16, 0.1), (0.5, 16, 0.5), (0.25, 32, 0.3), (0.5, 32, 0.9))
    )
    [row] = frequency(cells).to_dict("records")
    pairs = {"token_pairs": 2, "step_pairs": 1, "ratio_pairs": 2}
    assert row == pytest.approx({"seed": 0, "per_token": 0.3, "per_step": 0.2, "per_ratio": 0.5, **pairs})
    far = pd.DataFrame([place | {"ratio": 1.0, "batch_size": 16, "accuracy": 1.0}])
    [more] = frequency(pd.concat([cells, far])).to_dict("records")
    assert more["ratio_pairs"] == 3, "r = .5 and 1, not r = .25 and 1"
    assert frequency(cells[cells["batch_size"] == 16]).empty


def test_means_and_variants(told):
    tables, _ = told()
    assert [value for value, _ in tables.variants("batch_size")] == ["8", "16", "32"]
    assert [value for value, _ in tables.variants("schedule")] == ["cosine", "wsd"]
    own = tables.means[(tables.means["axis"] == "") & (tables.means["ratio"] == 0.25)].iloc[0]
    assert own["seeds"] == 3
    assert own["accuracy_low"] < 0.5 < own["accuracy_high"]
    assert own["exposures"] == pytest.approx(75)


def test_what_decides_per_token_is_told_from_what_decides_per_step(told):
    _, found = told()
    assert judge(fig_11, found).verdict == "reproduced"
    judged = judge(fig_11_per_token, found)
    assert judged.verdict == "reproduced"
    assert "points more" in judged.measured
    assert found["batch"]["high"] < 0.1
    _, other = told(accuracy=per_step)
    assert judge(fig_11_per_token, other).verdict == "not reproduced"


@pytest.mark.parametrize(("power", "verdict"), [(-0.05, "reproduced"), (-0.3, "partly"), (-1, "partly")])
def test_what_the_batch_itself_does_may_not_pass_for_frequency_per_token(told, power, verdict):
    """Fewer steps teach less: then pairs of the same frequency per step are further apart, whatever decides."""
    _, found = told(accuracy=lambda ratio, recipe: per_token(ratio * (recipe["batch_size"] / 16) ** power, recipe))
    assert judge(fig_11_per_token, found).verdict == verdict


def test_neither_decides_alone(told):
    _, found = told(accuracy=lambda ratio, recipe: per_token(ratio * (recipe["batch_size"] / 16) ** 0.5, recipe))
    more = found["more"]
    assert judge(fig_11_per_token, found | {"more": more | {"low": -0.01, "high": 0.01}}).verdict == "not tested"


def test_variants_that_learn_nothing_or_diverge(told):
    slow = {"peak_learning_rate": 0.002}

    def learned(ratio, recipe):
        return 0.05 if recipe["peak_learning_rate"] == 0.002 else per_token(ratio, recipe)

    _, found = told(accuracy=learned)
    assert judge(fig_11, found).verdict == "partly"
    tables, found = told(diverged=[slow])
    assert judge(fig_11, found).verdict == "partly"
    assert "peak learning rate 0.002 – and – %" in judge(fig_11, found).measured
    assert (
        tables.means.set_index(["axis", "value"]).loc[("peak_learning_rate", "0.002"), "diverged"].tolist() == [3] * 3
    )
    _, found = told(accuracy=lambda ratio, recipe: 0.05 if recipe != USUAL else per_token(ratio, recipe))
    assert judge(fig_11, found).verdict == "not reproduced"
    _, found = told(accuracy=lambda ratio, recipe: 0.05 if recipe == USUAL else per_token(ratio, recipe))
    judged = judge(fig_11, found)
    assert judged.verdict == "not tested", "there is no trend to keep"
    assert judged.measured.endswith("with the recipe itself it does not surely rise")


def test_one_seed_tests_nothing(told):
    _, found = told(seeds=1)
    for claim in (fig_11, fig_11_per_token):
        judged = judge(claim, found)
        assert judged.verdict == "not tested"
        assert judged.measured.endswith("; one seed has no interval")


@pytest.mark.parametrize("study", [{}, {"seeds": 1}, {"diverged": [{"peak_learning_rate": 0.002}]}])
def test_the_section_and_the_figure(told, tmp_path, study):
    tables, _ = told(**study)
    said = section.values(tmp_path, OPTIONS)
    assert len(said["means"]) == len(VARIANTS) * len(RATIOS)
    assert said["frequency"][0][0] == "0"
    assert said["more"].startswith("+")
    assert said["means"][0][:3] == ["the recipe", "–", ".125"]
    set_theme()
    save(a_fig_11.draw(tables), tmp_path / "a_fig_11.png")
    assert (tmp_path / "a_fig_11.png").stat().st_size > 5000
    plt.close("all")
