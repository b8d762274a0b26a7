"""The tables of a study of horizons, what it found, and what its section says."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from phasemix.base.files import write_csv
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.horizon import findings, section, tables
from phasemix.experiments.horizon.laws import held_out_table, laws_table, tokens_tables
from phasemix.experiments.horizon.spec import Spec
from tests.experiments.made_up import (
    HORIZON_OPTIONS,
    TOKENS,
    cells_of,
    horizons_table,
    learned_after,
    write_horizons,
)

HORIZONS = tuple(round(TOKENS * 1.2**i) for i in range(16))
RATIOS = [0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6, 0.8]
LAWS = {"fitted_from": 0.3, "linear_above": 0.4, "confidence": 0.95}


def needed(ratio):
    return 385 * math.exp(0.75 / ratio)


def laws_of(ratios=RATIOS, **options):
    """T, laws and predictions of a study with this T at 40 %."""
    made = horizons_table(learned_after(needed), sizes=["20k"], ratios=ratios, tokens=HORIZONS, **options)
    tokens, by_seed = tokens_tables(made, [0.4])
    held_out = held_out_table(tokens, LAWS["fitted_from"], LAWS["confidence"])
    return tokens, by_seed, laws_table(tokens, **LAWS), held_out


def spec(**options):
    recipe = {"tokens": 30_000, "batch_size": 10, "context": 100, "warmup_steps": 2}
    grid = [{"sizes": ["20k"], "ratios": [0.2], "seeds": [0], "tokens": [30_000, 240_000]}]
    given = {"kind": "horizon", "dense": "facts", "base": "text", "tokenizer": "laptop", "recipe": recipe, "grid": grid}
    return Spec.model_validate(given | options)


def test_the_budget_is_that_of_the_recipe_in_whole_steps_unless_it_is_given():
    assert spec().options["budget"] == 30_000
    assert spec(budget=20_400).options["budget"] == 20_000
    assert spec(levels=[0.6, 0.4, 0.6]).options["levels"] == [0.4, 0.6]
    assert spec().options | LAWS == spec().options | {"confidence": 0.95}


def test_t_is_where_the_mean_over_seeds_crosses_the_level():
    tokens, by_seed, _, _ = laws_of(seeds=3, spread=0.1)
    tokens = tokens.set_index("ratio")
    assert tokens["standing"].to_dict() == dict(zip(RATIOS, ["censored"] * 2 + ["attained"] * 5 + ["before"]))
    assert (tokens.loc[0.1, "tokens"], tokens.loc[0.8, "tokens"]) == (HORIZONS[-1], HORIZONS[0])
    for ratio in RATIOS[2:7]:
        assert tokens.loc[ratio, "tokens"] == pytest.approx(needed(ratio), rel=0.03)
    of_seeds = by_seed[by_seed["ratio"] == 0.3].set_index("seed")["tokens"]
    assert of_seeds[2] < tokens.loc[0.3, "tokens"] < of_seeds[0]
    assert tokens.loc[0.3, "log_sd"] == pytest.approx(np.log(of_seeds).std())
    assert tokens["log_sd"].isna().to_dict() == {ratio: ratio in {0.1, 0.2, 0.8} for ratio in RATIOS}


def test_one_seed_and_seeds_that_lack_a_horizon_have_no_spread():
    assert laws_of()[1].empty
    made = horizons_table(sizes=["20k"], ratios=[0.4], seeds=2)
    tokens, by_seed = tokens_tables(made[(made["seed"] == 0) | (made["tokens"] > 1000)], [0.4])
    assert by_seed.empty
    assert tokens["seeds"].tolist() == [1]


def test_ratios_of_which_every_run_diverged_have_no_t():
    made = horizons_table(sizes=["20k"], ratios=[0.2, 0.4], lost={("20k", 0.2, t) for t in (1000, 2000, 4000)})
    assert tokens_tables(made, [0.4])[0]["ratio"].tolist() == [0.4]


def test_the_laws_are_fitted_in_billions_of_tokens():
    _, _, laws, _ = laws_of()
    laws = laws.set_index("form")
    exponential = laws.loc["exponential"]
    assert exponential["slope"] == pytest.approx(0.75, abs=0.03)
    assert exponential["intercept"] == pytest.approx(math.log(385 / 1e9), abs=0.1)
    assert exponential["slope_low"] < 0.75 < exponential["slope_high"]
    assert exponential["points"] == 5  # .3 to .6
    assert exponential["log_error"] < laws.loc["power", "log_error"]
    assert laws.loc["power", "bend_low"] > 0
    assert "linear" not in laws.index  # .5 and .6 alone
    _, _, laws, _ = laws_of(ratios=[0.45, 0.5, 0.55, 0.6])
    assert laws["form"].tolist() == ["exponential", "power", "linear"]
    assert laws["points"].tolist() == [4, 4, 4]


def test_every_fitted_ratio_is_left_out_and_every_smaller_one_extrapolated_to():
    _, _, _, held_out = laws_of()
    for _, of_law in held_out.groupby("form"):
        by_how = of_law.groupby("how")["ratio"].apply(list).to_dict()
        assert by_how == {"left out": [0.3, 0.35, 0.4, 0.5, 0.6], "extrapolated": [0.1, 0.2]}
    power = held_out[(held_out["form"] == "power") & (held_out["how"] == "extrapolated")].set_index("ratio")
    assert power.loc[0.2, "standing"] == "censored"
    assert power.loc[0.2, "quotient"] == pytest.approx(HORIZONS[-1] / power.loc[0.2, "predicted"])
    assert power.loc[0.2, "outside"] == "above"
    assert pd.isna(power.loc[0.1, "outside"])  # the bound is below the prediction


def test_intervals_of_extrapolated_ratios_hold_together():
    """One ratio has the interval of the confidence, two of them wider ones."""
    two, one = (laws_of(ratios=ratios)[3] for ratios in (RATIOS, RATIOS[1:]))
    two, one = (each[(each["ratio"] == 0.2) & (each["form"] == "power")].iloc[0] for each in (two, one))
    assert two["predicted"] == one["predicted"]
    assert two["low"] < one["low"]
    assert two["high"] > one["high"]


def test_laws_of_too_few_ratios_are_left_out_and_the_section_says_so(tmp_path):
    write_horizons(tmp_path, ratios=[0.2, 0.4], sizes=["10k"])
    values = section.values(tmp_path, HORIZON_OPTIONS)
    assert not values["laws"]
    assert not values["held_out"]
    assert [text.partition(":")[0] for text in values["left_out"]] == list(section.FORMS.values())
    assert values["left_out"][0].endswith(": 10k at 20 %, 10k at 40 %, 10k at 60 %")
    assert "10k, 60 %: not reached by the longest horizon at r = 0.2, 0.4" in values["censored"]


def test_the_section_spells_t_and_its_bounds(tmp_path):
    options = {"sizes": ["20k"], "ratios": RATIOS, "tokens": HORIZONS, "seeds": 2, "spread": 0.05}
    write_horizons(tmp_path, accuracy=learned_after(needed), **options)
    values = section.values(tmp_path, HORIZON_OPTIONS)
    rows = {row[1]: row for row in values["t_rows"]}
    assert rows["0.1"] == ["20k", "0.1", "2", "> 15.4k", "> 15.4k", "> 15.4k"]
    assert rows["0.3"][4].endswith(" %)")
    assert values["times"] == "15.4"
    assert [row[2] for row in values["laws"][:3]] == ["A·exp(B/r)"] * 3
    [bound] = [row for row in values["held_out"] if row[1:5] == ["40 %", "C·r^−D", "0.2", "extrapolated"]]
    assert bound[5] == "> 15.4k"
    assert bound[7].startswith("> ")
    assert values["growth"]


def test_findings_are_json_with_null_for_what_is_missing(tmp_path):
    write_horizons(tmp_path, accuracy=learned_after(needed), sizes=["20k"], ratios=RATIOS, tokens=HORIZONS)
    found = findings.measure(tmp_path, HORIZON_OPTIONS)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["level"] == 0.4
    assert found["critical_ratios"] == [{"size": "20k", "parameters": 20_000, "value": pytest.approx(0.79, abs=0.01)}]
    assert found["growth"][0]["slope"] is None
    assert {row["form"] for row in found["laws"] if row["level"] == 0.4} == {"exponential", "power"}
    assert found["seed_tokens"] == []


def test_what_is_infinite_is_null(tmp_path):
    write_horizons(tmp_path)
    table = pd.read_csv(tmp_path / "held_out.csv")
    row = dict.fromkeys(table, 1.0) | {"size": "10k", "predicted": math.inf, "high": math.inf}
    write_csv(tmp_path / "held_out.csv", pd.DataFrame([row]))
    [found] = findings.measure(tmp_path, HORIZON_OPTIONS)["held_out"]
    assert (found["predicted"], found["high"], found["low"]) == (None, None, 1.0)


def test_without_cells_of_the_budget_no_ratio_is_critical(tmp_path):
    write_horizons(tmp_path, tokens=(2000, 4000))
    assert findings.measure(tmp_path, HORIZON_OPTIONS)["critical_ratios"] == []


def test_the_table_is_made_from_the_cells(tmp_path):
    table = horizons_table(seeds=2)
    write_csv(tmp_path / "cells.csv", cells_of(table).sample(frac=1, random_state=0))
    tables.write(Cells([], tmp_path, tmp_path, tmp_path), HORIZON_OPTIONS, tmp_path)
    order = ["parameters", "ratio", "seed", "tokens"]
    expected = table.sort_values(order, ignore_index=True)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "horizons.csv"), expected)


def test_accuracies_are_means_over_the_seeds_that_did_not_diverge(tmp_path):
    options = {"ratios": [0.2], "tokens": (100, 200), "seeds": 2}
    made = horizons_table(sizes=["10k", "20k"], lost={("20k", 0.2, 100), ("20k", 0.2, 200)}, **options)
    made = made[(made["tokens"] == 200) <= (made["seed"] == 0)].reset_index(drop=True)
    made.loc[:2, "accuracy"] = [0.1, 0.3, 0.5]
    tables.write_from(made, HORIZON_OPTIONS, tmp_path)
    [first, second] = findings.measure(tmp_path, HORIZON_OPTIONS)["accuracies"]
    assert (first["accuracy"], first["lowest"], first["highest"], first["seeds"]) == (pytest.approx(0.2), 0.1, 0.3, 2)
    assert (second["tokens"], second["accuracy"], second["seeds"]) == (200, 0.5, 1)
    rows = section.accuracy_rows(tables.Tables.read(tmp_path, HORIZON_OPTIONS))
    assert rows == [["10k", "0.2", "20.0", "50.0"], ["20k", "0.2", "–", "–"]]


def test_a_horizon_at_which_everything_diverged_still_has_its_column(tmp_path):
    write_horizons(tmp_path, sizes=["10k"], ratios=[0.2, 0.4], lost={("10k", 0.2, 4000), ("10k", 0.4, 4000)})
    values = section.values(tmp_path, HORIZON_OPTIONS)
    assert values["columns"] == ["1,000", "2,000", "4,000"]
    assert [row[-1] for row in values["rows"]] == ["–", "–"]
