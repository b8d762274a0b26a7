"""The theory against studies that were made of it, with known constants, and of laws that break it."""

import copy
import json

import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_csv
from phasemix.experiments.theory import measured, section, tables
from phasemix.study.mistakes import ConfigError
from phasemix.study.overlays import load
from tests.conftest import merged
from tests.experiments.theories import CALIBRATION, SIZES, TRUTH, compare, of_exposures, write_theory

PREDICT = [{"sizes": ["23k", "58k", "166k"], "people": [300]}]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("theory")
    found, options = write_theory(folder, predict=PREDICT)
    return folder, found, options


def test_the_constants_of_the_theory_are_recovered(study):
    _, found, _ = study
    theory = found.theory
    assert theory["people"] == {"entropy": 25.0, "tokens": pytest.approx(60)}
    for name, true in (("irreducible", TRUTH.irreducible), ("factor", TRUTH.factor), ("exponent", TRUTH.exponent)):
        _, low, high = theory["web"][name]
        assert low <= true <= high
    value, low, high = theory["bits_per_parameter"]
    assert value == pytest.approx(TRUTH.bits, rel=0.05)
    assert low <= TRUTH.bits <= high


def test_critical_ratios_are_predicted_at_other_sizes_and_with_other_people(study):
    _, found, _ = study
    points = found.predictions[found.predictions["standing"] == "on"]
    assert len(points) == 11
    others = points[~points["calibration"]]
    assert others["error"].abs().max() < 0.1
    assert (others["error_low"] <= others["error"]).all()
    assert (others["error"] <= others["error_high"]).all()
    truth = [float(TRUTH.critical_ratio(row.parameters, row.people)) for row in others.itertuples()]
    assert others["predicted"].to_numpy() == pytest.approx(truth, rel=0.05)
    [calibration] = points[points["calibration"]].to_dict("records")
    assert (calibration["size"], calibration["people"]) == ("39k", 150)
    assert calibration["error"] == pytest.approx(0, abs=1e-9)


def test_what_is_not_measured_is_predicted_all_the_same(study):
    _, found, _ = study
    waiting = found.predictions[found.predictions["standing"].isna()]
    assert list(zip(waiting["size"], waiting["people"])) == [("23k", 300), ("166k", 300)]  # 58k is measured
    assert waiting["measured"].isna().all()
    assert waiting["error"].isna().all()
    assert (waiting["predicted_low"] < waiting["predicted"]).all()
    assert (waiting["predicted"] < waiting["predicted_high"]).all()


def test_measuring_a_point_changes_no_prediction(study):
    folder, after, _ = study
    sizes = [{"sizes": list(SIZES), "people": [75, 150, 300, 600]}]
    before, _ = compare(folder, ["transition"], predict=sizes, into="before")
    columns = ["predicted", "predicted_low", "predicted_high"]
    where = ["size", "people"]
    drawn = before.predictions.set_index(where)[columns]
    assert before.predictions["measured"].isna().sum() == 15
    now = after.predictions.set_index(where)[columns]
    pd.testing.assert_frame_equal(drawn.loc[now.index], now)


def test_a_point_off_its_grid_counts_from_its_end(tmp_path):
    def late(parameters, people, ratio):
        return 0.02 if parameters == SIZES["166k"] else float(TRUTH.known(parameters, people, ratio))

    found, options = write_theory(tmp_path, late, people=())
    [row] = found.predictions[found.predictions["size"] == "166k"].to_dict("records")
    assert row["standing"] == "above"
    assert row["error"] == pytest.approx(row["predicted"] / 0.8 - 1)
    assert section.values(tmp_path / "theory", options)["ratios"][-1][-1].startswith("at least −9")
    below = found.sizes[found.sizes["standing"] == "below"]
    assert len(below)
    assert below["error"].isna().any()  # the prediction is below the grid too


def test_slopes_are_those_of_the_learner_and_not_of_the_plain_law(study):
    _, found, _ = study
    rows = found.exponents.set_index(["of", "along"])
    people = rows.loc[[("ratio", "people")]]
    assert people["size"].tolist() == ["58k", "106k"]
    assert (people["above_law_low"] > 0).all()  # facts take capacity from themselves
    assert people["above_predicted"].abs().max() < 0.1
    along = rows.loc[[("ratio", "size")]]
    assert along["law"].to_numpy() == pytest.approx(-1.43, abs=0.15)
    [frequency] = rows.loc[[("size", "frequency")]].to_dict("records")
    assert frequency["law"] == pytest.approx(-1 / 1.43, abs=0.1)


def test_every_cell_has_its_prediction(study):
    folder, found, _ = study
    assert (found.known["predicted"] - found.known["known"]).abs().mean() < 0.05
    findings = read_json(folder / "theory/findings.json")
    assert json.loads(json.dumps(findings, allow_nan=False)) == findings
    assert findings["known"]["cells"] == (len(SIZES) - 1) * 15 + 2 * 3 * 15
    assert findings["known"]["difference"] < 0.05
    assert findings["most_bits"]["people"] == 600
    curves = found.learner.groupby(["size", "people"])["known"]
    assert (curves.max() == 1).all()
    assert (curves.min() == 0).all()
    assert found.capacity["ratio"].nunique() == 6


def test_the_section_says_what_was_known_when(study):
    folder, found, options = study
    values = section.values(folder / "theory", options)
    assert values["waiting"] == 2
    assert [row[3] for row in values["ratios"]].count("not yet") == 2
    assert values["ratios"][-1][0] == ""
    assert "0.4" in dict(values["constants"])["bits per parameter"]
    assert [row[-1] for row in values["ratios"]].count("calibration") == 1
    assert len(values["exponents"]) == len(found.exponents)


def test_a_law_without_capacity_is_not_predicted(tmp_path):
    found, _ = write_theory(tmp_path, of_exposures)
    others = found.predictions[~found.predictions["calibration"]]
    assert (others["error"].abs() > 0.25).mean() > 0.5


def test_a_calibration_off_its_grid_is_refused(tmp_path):
    with pytest.raises(PhasemixError, match="39k with 150 people is off its grid of ratios"):
        write_theory(tmp_path, lambda *_: 0.1, people=())


def test_a_calibration_without_a_critical_ratio_is_refused(tmp_path):
    with pytest.raises(PhasemixError, match="39k with 150 people has too few ratios"):
        write_theory(tmp_path, people=(), sizes={"58k": 58_000})


def test_web_losses_are_of_the_longest_runs_that_read_one_source():
    rows = [
        {"size": "a", "parameters": 1, "ratio": 0, "tokens": 2, "diverged": False, "loss.web": 3.0, "mix.web": 1},
        {"size": "a", "parameters": 1, "ratio": 0, "tokens": 1, "diverged": False, "loss.web": 4.0, "mix.web": 1},
        {"size": "b", "parameters": 2, "ratio": 0, "tokens": 2, "diverged": True, "loss.web": 2.0, "mix.web": 1},
        {"size": "b", "parameters": 2, "ratio": 0.5, "tokens": 2, "diverged": False, "loss.web": 5.0, "mix.web": 0.5},
    ]
    assert measured.web_losses(pd.DataFrame(rows))["loss"].tolist() == [3.0]
    with pytest.raises(PhasemixError, match="the web loss is not known"):
        measured.web_losses(pd.DataFrame(rows[3:]))


def test_people_of_other_kinds_are_refused(study, tmp_path):
    folder, _, options = study
    cells = pd.read_csv(folder / "people/cells.csv")
    entropies = [name for name in cells if name.startswith("entropy.") and name.count(".") == 1]
    write_csv(tmp_path / "cells.csv", cells.assign(**dict.fromkeys(entropies, 31.0)))
    for name in ("people.csv", "persons.parquet"):
        (tmp_path / name).write_bytes((folder / "people" / name).read_bytes())
    changed = options | {"reads": options["reads"] | {"people": str(tmp_path)}}
    with pytest.raises(PhasemixError, match=r"25\.0 bits each in transition and 31\.0 in people"):
        tables.write(None, changed, tmp_path)


# --- configuration ---

ALONE = {"sizes": ["23k", "39k", "58k", "106k"], "ratios": [0.0, 0.3], "seeds": [0, 1]}


def config(change=lambda experiments: None):
    found = copy.deepcopy(merged("config.yaml"))
    found["sources"]["synbio-120"]["people"] = 150
    transition = found["experiments"]["transition"]
    alone = copy.deepcopy(transition) | {"grid": [copy.deepcopy(ALONE)]}
    theory = {"kind": "theory", "web": "alone", "measured": ["transition"]}
    theory |= {"calibration": {"size": "39k", "people": 150}, "predict": [{"sizes": ["58k"], "people": [400]}]}
    others = {name: found["experiments"][name] for name in ("transition", "regmix")}
    found["experiments"] = others | {"alone": alone, "theory": theory}
    found["run"] = ["theory"]
    change(found["experiments"])
    return found


def test_the_experiments_that_are_read_come_first():
    study = load(config())
    assert list(study.needed) == ["alone", "transition", "theory"]
    assert study.experiments["theory"].options == {
        "web": "alone",
        "measured": ["transition"],
        "calibration": {"size": "39k", "people": 150},
        "predict": [{"sizes": ["58k"], "people": [400]}],
    }
    assert CALIBRATION == {"size": "39k", "people": 150}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda e: e["theory"].update(web="aloen"), "names none of the experiments; did you mean 'alone'?"),
        (lambda e: e["theory"].update(measured=["transitoin"]), "measured.0 = 'transitoin': names none of the experim"),
        (lambda e: e["theory"].update(measured=["regmix"]), "is of kind published_runs; it must be transition or peop"),
        (lambda e: e["theory"].update(web="transition"), "each with 2 seeds or more; it has none"),
        (lambda e: e["alone"]["grid"][0].update(seeds=[0]), "it has 106k with 1, 23k with 1, 39k with 1, 58k with 1"),
        (lambda e: e["theory"]["calibration"].update(people=51), "no experiment of measured has cells of 39k with 51"),
        (
            lambda e: e["theory"]["calibration"].update(size="40k"),
            "no experiment of measured has cells of 40k with 150",
        ),
        (
            lambda e: e["theory"]["predict"][0].update(sizes=["166k"]),
            "predict.0.sizes.0 = '166k': is no size of the web",
        ),
    ],
)
def test_a_mistake_is_one_line(change, words):
    with pytest.raises(ConfigError) as error:
        load(config(change), ["config.yaml"])
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_where_it_is_not_run_what_it_reads_may_be_anything():
    found = config(lambda experiments: experiments["alone"]["grid"][0].update(seeds=[0]))
    assert list(load(found | {"run": ["transition"]}).needed) == ["transition"]
