"""Studies of the threshold frequency: tables, laws and findings of made-up studies whose laws are known."""

import copy
import json
import math

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.experiments.threshold import findings, section, tables
from phasemix.experiments.threshold.fits import difference, fits
from phasemix.experiments.threshold.spec import Spec
from phasemix.study.checks import problems
from phasemix.study.config import Config
from phasemix.study.overlays import load
from phasemix.tasks.synbio.groups import Groups
from tests.conftest import merged
from tests.experiments.made_up import (
    GROUPS,
    RATIO,
    RESAMPLING,
    THRESHOLD_OPTIONS,
    WIDTHS,
    threshold_runs,
    threshold_study,
    thresholds,
    web_losses,
    write_threshold,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_threshold(tmp_path_factory.mktemp("study"), diverged={("58k", RATIO, 1), ("39k", 0.0, 2)})


def read(folder):
    return tables.Tables.read(folder, THRESHOLD_OPTIONS)


def test_groups_have_their_frequency_exposures_accuracy_and_bits(folder):
    people = threshold_study()[1]
    run = read(folder).groups.query("size == '39k' and seed == 2").set_index("group")
    proportions = Groups(**GROUPS).proportions
    assert run.index.tolist() == list(range(1, 21))
    assert run["frequency"].to_numpy() == pytest.approx(RATIO * np.array(proportions) / 10)  # 10 people in each
    assert run["exposures"].mean() == pytest.approx(1000 * RATIO)
    assert run["exposures"][1] / run["exposures"][4] == pytest.approx(4**1.5)
    own = people[(people["size"] == "39k") & (people["seed"] == 2) & (people["ratio"] == RATIO)]
    third = own[own["person"].between(20, 29)]
    assert run["accuracy"][3] == pytest.approx(third["correct"].sum() / third["asked"].sum())
    assert run["known"][3] == pytest.approx(third["knowledge"].sum() / third["entropy"].sum())


def test_runs_that_diverged_are_left_out_and_parameters_are_counted_in_both_ways(folder):
    found = read(folder)
    assert len(found.thresholds) == len(found.web) == 3 * len(WIDTHS) - 1
    assert found.sizes == list(WIDTHS)
    counts = threshold_runs(seeds=1).set_index("size")
    assert set(found.web["non_embedding"]) == set(counts["non_embedding"])
    assert counts.loc["23k"].to_dict() == {"parameters": 22_976, "non_embedding": 22_976 - 1024 * 16, "seed": 0}
    losses = web_losses().set_index(["size", "seed"])["loss"]
    assert found.web.set_index(["size", "seed"])["loss"].to_dict() == pytest.approx(losses.drop(("39k", 2)).to_dict())


def test_the_crossing_recovers_a_slope_that_the_rule_finds_too_shallow(tmp_path):
    found = read(write_threshold(tmp_path)).fits["all"]
    assert found["threshold"]["slope"]["value"] == pytest.approx(-1.16, abs=0.01)
    assert found["crossing"]["slope"]["value"] == pytest.approx(-1.44, abs=0.01)
    assert found["crossing"]["slope"]["low"] <= -1.4 <= found["crossing"]["slope"]["high"]


def test_the_threshold_is_the_first_group_below_the_level_and_the_crossing_lies_before_it():
    groups = pd.DataFrame({"group": [1, 2, 3, 4], "frequency": [8.0, 4.0, 2.0, 1.0]})
    groups = groups.assign(size="a", parameters=5, non_embedding=3, ratio=0.1, seed=0)

    def of(*accuracy):
        [row] = tables.thresholds_table(groups.assign(accuracy=accuracy), 0.8).to_dict("records")
        return tuple(
            row[name] for name in ("threshold", "threshold_standing", "group", "crossing", "crossing_standing")
        )

    assert of(1.0, 0.9, 0.7, 0.0) == (2, "on", 3, pytest.approx(2 * math.sqrt(2)), "on")
    assert of(0.7, 0.6, 0.7, 0.0) == (8, "above", 1, 8, "above")
    assert of(0.9, 0.9, 0.9, 0.9) == (1, "below", 4, 1, "below")


def test_the_laws_of_a_study_are_recovered_in_both_counts():
    found = fits(thresholds(slope=-1.4, non_embedding=0.5), web_losses(exponent=0.4, non_embedding=0.5), **RESAMPLING)
    for laws in found.values():
        assert laws["threshold"] == laws["crossing"]
        assert laws["threshold"]["slope"]["low"] <= -1.4 <= laws["threshold"]["slope"]["high"]
        assert laws["threshold"]["line"]["points"] == len(WIDTHS)  # a size is a point
        assert laws["web"]["exponent"]["low"] <= 0.4 <= laws["web"]["exponent"]["high"]
        assert laws["web"]["slope"]["value"] == -(laws["web"]["exponent"]["value"] + 1)
        assert laws["threshold"]["difference"]["low"] <= 0 <= laws["threshold"]["difference"]["high"]
    assert found["all"]["web"]["irreducible"]["value"] == pytest.approx(2, abs=0.02)
    assert found["all"]["web"]["r_squared"] > 0.999
    halved = [found[count]["web"]["factor"]["value"] for count in ("all", "non_embedding")]
    assert halved[0] / halved[1] == pytest.approx(2 ** found["all"]["web"]["exponent"]["value"], rel=0.01)


@pytest.mark.parametrize("bend", [0.0, -0.3, 0.3])
def test_the_bend_of_a_curve_is_recovered(bend):
    """Of b·log² M over a width w, the parabola's middle lies b·w²/4 below its chord; the fall is that of the line."""
    runs = thresholds(bend=bend, noise=0.01)
    curved = fits(runs, web_losses(), **RESAMPLING)["all"]["threshold"]
    width = np.log(runs["parameters"].max() / runs["parameters"].min())
    assert curved["bend"]["value"] == pytest.approx(bend * width / 4 / curved["slope"]["value"], abs=0.01)
    assert (curved["bend"]["low"] <= 0 <= curved["bend"]["high"]) == (bend == 0)


def test_an_exponential_fall_is_explained_better_by_one():
    runs = thresholds()
    runs["threshold"] = np.exp(-runs["parameters"] / 50_000)
    law = fits(runs, web_losses(), **RESAMPLING)["all"]["threshold"]
    assert law["exponential_r_squared"] == pytest.approx(1)
    assert law["line"]["r_squared"] < 0.95


def test_intervals_of_the_slope_hold_it_as_often_as_they_say_where_sizes_differ_too():
    """95 % intervals in 100 studies: deviations that the seeds of a size share do not make them too narrow."""
    hits = 0
    for trial in range(100):
        runs = thresholds(noise=0.02, rng_seed=trial)
        shared = dict(zip(WIDTHS, 0.2 * np.random.default_rng(1000 + trial).standard_normal(len(WIDTHS))))
        runs["threshold"] *= np.exp(runs["size"].map(shared))
        slope = fits(runs, web_losses(sizes=["58k"]), **RESAMPLING)["all"]["threshold"]["slope"]
        hits += slope["low"] <= -1.4 <= slope["high"]
    assert 90 <= hits <= 99


def test_a_size_with_one_run_off_the_groups_is_left_out_whole():
    law = fits(thresholds(off=["23k"]), web_losses(), **RESAMPLING)["all"]["threshold"]
    assert (law["sizes"], law["left_out"]) == (["39k", "58k", "106k", "236k"], ["23k"])
    assert law["line"]["points"] == 4


def test_what_cannot_be_fitted_is_null():
    few = fits(thresholds(sizes=("23k", "58k")), web_losses(sizes=("23k", "58k")), **RESAMPLING)
    assert few == dict.fromkeys(("all", "non_embedding"), dict.fromkeys(("threshold", "crossing", "web")))
    one_seed = fits(thresholds(), web_losses(seeds=1), **RESAMPLING)["all"]
    assert one_seed["web"] is None
    assert one_seed["threshold"]["difference"] is None
    assert (
        fits(thresholds(sizes=("23k", "58k", "236k")), web_losses(), **RESAMPLING)["all"]["threshold"]["bend"] is None
    )
    flat = thresholds().assign(threshold=0.01)
    assert fits(flat, web_losses(), **RESAMPLING)["all"]["threshold"]["line"]["r_squared"] is None


def test_the_interval_of_a_difference_by_hand():
    one = {"value": -1.0, "low": -1.3, "high": -0.8}
    other = {"value": -1.2, "low": -1.5, "high": -0.8}
    found = difference(one, other)
    assert found == pytest.approx({"value": 0.2, "low": 0.2 - 0.5, "high": 0.2 + math.hypot(0.2, 0.3)})


def test_findings_are_numbers_and_words_that_json_can_hold(folder):
    found = findings.measure(folder, THRESHOLD_OPTIONS)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["seeds"] == dict(zip(WIDTHS, (3, 3, 2, 3, 3)))
    assert found["runs"] == {name: {"on": 14, "above": 0, "below": 0} for name in ("threshold", "crossing")}
    assert found["fits"] == read_json(folder / "fits.json")


def test_the_section_says_what_is_censored_and_what_was_published(tmp_path):
    said = section.values(write_threshold(tmp_path, at=0.0006, noise=0.15), THRESHOLD_OPTIONS)
    assert said["thresholds"][-1][1].count("< 1.03 (20)") == 2
    assert said["censored"] == ["first group not learned: 236k", "crossing: 236k"]
    rows = {row[0]: row[1:] for row in said["fits"]}
    assert rows["slope, first group not learned"][0] == "−1.152"
    assert rows["slope less predicted, first group not learned"][0] == "0.131"
    assert rows["web loss: α"][0] == "0.283"
    assert all("–" not in row for row in rows["slope, crossing"][1:])
    assert len(said["losses"]) == len(WIDTHS)


def test_a_study_too_small_to_fit_has_a_section(tmp_path):
    few = section.values(write_threshold(tmp_path, sizes=("23k", "58k"), seeds=1), THRESHOLD_OPTIONS)
    assert few["censored"][0].endswith("fewer than three sizes have all runs on the groups")
    assert {tuple(row[2:]) for row in few["fits"]} == {("–", "–")}


def test_a_study_whose_runs_with_facts_all_diverged_is_a_mistake_in_one_line(tmp_path):
    lost = {(size, RATIO, 0) for size in WIDTHS}
    with pytest.raises(PhasemixError, match=r"^no run at a ratio above 0 is left: all diverged"):
        write_threshold(tmp_path, seeds=1, diverged=lost)


SMOKE = merged("config.yaml", "scales/smoke.yaml")


def study_with(groups=True, **changes):
    config = copy.deepcopy(SMOKE)
    grown = config["experiments"]["transition"]
    taken = {name: grown[name] for name in ("dense", "base", "tokenizer", "recipe")}
    block = {"sizes": ["23k", "39k"], "ratios": [0, 0.1], "seeds": [0, 1]} | changes
    config["experiments"] = {"threshold": {"kind": "threshold", "grid": [block], **taken}}
    config["run"] = ["threshold"]
    config["sources"]["web"]["train_tokens"] = 70_000  # at ratio 0 everything is of it
    if groups:
        config["sources"][grown["dense"]]["groups"] = {"count": 5, "exponent": 1.5}
    return config


def test_a_study_is_a_grid_at_0_and_at_one_ratio():
    found = load(study_with()).experiments["threshold"]
    assert isinstance(found, Spec)
    assert len(found.cells) == 8
    assert found.options["threshold_accuracy"] == 0.8


@pytest.mark.parametrize(
    ("options", "key", "problem"),
    [
        (
            {"groups": False},
            ("dense",),
            "has no groups of different frequency: give sources.synbio-120 a section groups",
        ),
        ({"ratios": [0]}, ("grid",), "must have one ratio above 0"),
        ({"ratios": [0, 0.1, 0.2]}, ("grid",), "must have one ratio above 0"),
        ({"tokens": [16_384]}, ("grid", 0, "tokens"), "must be left out"),
    ],
)
def test_mistakes_in_one_line(options, key, problem):
    config = Config.model_validate(study_with(**options))
    found = dict(problems(config))
    assert found["experiments", "threshold", *key].startswith(problem)


@pytest.mark.parametrize("level", [0, 1])
def test_the_level_is_an_accuracy_that_can_be_crossed(level):
    options = study_with()["experiments"]["threshold"] | {"threshold_accuracy": level}
    with pytest.raises(ValidationError, match="threshold_accuracy"):
        Spec.model_validate(options)
