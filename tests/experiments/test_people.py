"""A study of the number of people: its configuration, tables, findings and section, from made-up results."""

import copy
import json
import math
import shutil

import pandas as pd
import pytest

from phasemix.base.files import read_json, write_csv, write_json, write_parquet
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.people import findings, section, tables
from phasemix.experiments.people.spec import Spec
from phasemix.study.cell_key import CellKey
from phasemix.study.mistakes import ConfigError
from phasemix.study.overlays import load
from tests.conftest import merged
from tests.experiments.made_up import (
    FLOOR,
    knapsack_study,
    people_cells_of,
    people_options,
    write_people,
    write_results,
)

SIZES = {"20k": 20_000, "40k": 40_000}
COUNTS = [25, 50, 100, 200, 400]
RATIOS = [0.1, 0.2, 0.4]


def steep(parameters, people, ratio, power=4.0):
    """Half is known where r = .2 · N / 100 · 20,000 / P."""
    threshold = 0.2 * people / 100 * 20_000 / parameters
    return 1 / (1 + (threshold / ratio) ** power)


def studies(known=steep, counts=COUNTS, **options):
    options = {"ratios": RATIOS, **options}
    return {count: knapsack_study(known, SIZES, count, rng_seed=count, **options) for count in counts}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people")
    options = write_people(folder, studies())
    return folder, options, read_json(folder / "findings.json")


def test_tables_are_made_from_cells_and_answers(tmp_path):
    made = studies(counts=[25, 50], ratios=[0.1, 0.2], diverged={("10k", 0.2, 1)})
    keys = []
    cells = Cells(keys, *(tmp_path / stage / "people" for stage in ("runs", "evaluations", "trunks")))
    for count, (table, persons) in made.items():
        alone = write_results(tmp_path / str(count), "people", table, persons)
        for key in alone.keys:
            own = CellKey.of(size=key.size, people=count, ratio=dict(key.pairs)["ratio"], seed=key.seed)
            shutil.copytree(alone.evaluation(key), cells.evaluation(own))
            answers = pd.read_parquet(alone.evaluation(key) / "answers.parquet").assign(source=f"facts-{count}")
            write_parquet(cells.evaluation(own) / "answers.parquet", answers)
            summary = read_json(alone.evaluation(key) / "summary.json")
            summary["entropy"] = {f"facts-{count}": summary["entropy"]["facts"]}
            write_json(cells.evaluation(own) / "summary.json", summary)
            keys.append(own)
    folder, options = tmp_path / "tables", people_options(made)
    write_csv(folder / "cells.csv", people_cells_of({count: table for count, (table, _) in made.items()}))
    tables.write(cells, options, folder)
    people = pd.read_csv(folder / "people.csv")
    assert len(people) == 16
    assert people["people"].tolist() == sorted(people["people"].tolist()[:8]) * 2
    expected = pd.concat([table for table, _ in made.values()])
    order = ["parameters", "people", "ratio", "seed"]
    pd.testing.assert_series_equal(
        people.sort_values(order)["known"].reset_index(drop=True),
        expected.sort_values(order)["known"].reset_index(drop=True),
    )
    persons = pd.read_parquet(folder / "persons.parquet")
    assert persons.groupby("people")["person"].nunique().to_dict() == {25: 25, 50: 50}
    assert not len(persons[(persons["ratio"] == 0.2) & (persons["seed"] == 1)])
    shares = pd.read_csv(folder / "shares.csv")
    lone = shares[shares["ratio"] == 0.2]
    assert (lone["seeds"] == 1).all()
    assert (lone["accuracy_low"] < lone["accuracy"]).all()
    assert (lone["accuracy"] <= lone["accuracy_high"]).all()


def test_critical_numbers_of_people_are_where_accuracy_falls_through(study):
    _, _, found = study
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["people"] == COUNTS
    points = {(point["size"], point["ratio"]): point["value"] for point in found["critical_people"]}
    at_40_percent = 1.5**0.25  # of the N where half is known
    assert points["20k", 0.1] == pytest.approx(50 * at_40_percent, rel=0.1)
    assert points["20k", 0.2] == pytest.approx(100 * at_40_percent, rel=0.1)
    assert points["40k", 0.2] == pytest.approx(200 * at_40_percent, rel=0.1)
    assert points["40k", 0.4] == "above the grid"
    for point in found["critical_people"]:
        if isinstance(point["high"], float):
            assert point["low"] <= point["value"] <= point["high"]


def test_few_people_may_be_too_many():
    shares = tables.shares_by_people(
        *(pd.concat(each) for each in zip(*studies(lambda *_: 0.1, counts=[25, 50]).values())),
        "accuracy",
        bootstrap=10,
        confidence=0.95,
        seed=0,
    )
    found = tables.critical_people(shares, 0.4)
    assert (found["value"] == 0).all()
    assert (found["standing"] == "below").all()


def test_critical_ratios_of_every_size_and_number_of_people(study):
    _, _, found = study
    points = {
        (point["size"], point["people"]): point for point in found["critical_ratios"] if point["share"] == "known"
    }
    assert len(points) == len(SIZES) * len(COUNTS)
    assert points["20k", 100]["value"] == pytest.approx(0.2, rel=0.05)
    assert points["20k", 100]["level"] == 0.5
    assert points["40k", 50]["value"] == "below the grid"
    assert points["20k", 400]["value"] == "above the grid"


def test_two_ratios_are_too_few_for_a_critical_one(tmp_path):
    write_people(tmp_path, studies(counts=[25, 50], ratios=[0.1, 0.2]))
    assert read_json(tmp_path / "findings.json")["critical_ratios"] == []


def saturating(parameters, people, ratio):
    return 1 - math.exp(-100 / people * ratio / 0.2)


@pytest.mark.parametrize(("share", "sign"), [(lambda *cell: steep(*cell, power=6), 1), (saturating, -1)])
def test_a_cliff_along_1_over_n_is_told_from_a_curve(tmp_path, share, sign):
    close = [25, 36, 50, 71, 100, 141, 200, 283]  # or a steep cliff falls between two, where any curve may jump
    write_people(tmp_path, studies(share, counts=close))
    rows = read_json(tmp_path / "findings.json")["shapes"]
    assert rows
    assert all(sign * row["advantage"] > 0 for row in rows)
    if sign > 0:
        places = {(row["size"], row["ratio"]): 1 / row["sigmoid_place"] for row in rows}
        assert places["20k", 0.2] == pytest.approx(100, rel=0.1)


def test_the_section_names_every_critical_point(study):
    folder, options, found = study
    values = section.values(folder, options)
    assert len(values["critical_people"]) == len(found["critical_people"])
    assert len(values["known_ratios"]) == len(values["accuracy_ratios"]) == 10
    assert ["40k", ".4", "above the grid"] in [row[:3] for row in values["critical_people"]]
    assert dict(values["setting"])["numbers of people"] == "25, 50, 100, 200, 400"
    assert dict(values["setting"])["left out"].startswith("no run")
    assert findings.measure(folder, options) == found


def test_floors_are_those_of_each_number_of_people(study):
    folder, options, _ = study
    floors = tables.Tables.read(folder, options).floors
    assert floors.to_dict() == dict.fromkeys(COUNTS, FLOOR)


# --- configuration ---


def config(change=lambda people: None):
    found = copy.deepcopy(merged("config.yaml"))
    people = copy.deepcopy(found["experiments"]["transition"]) | {
        "kind": "people",
        "dense": {50: "synbio-50", 100: "synbio-100"},
        "grid": [{"sizes": ["23k", "58k"], "people": [50, 100], "ratios": [0.2, 0.4], "seeds": [0, 1]}],
    }
    people["recipe"].pop("start", None)
    for count in (50, 100):
        found["sources"][f"synbio-{count}"] = copy.deepcopy(found["sources"]["synbio-120"]) | {"people": count}
    found["experiments"] = {"transition": found["experiments"]["transition"], "people": people}
    found["run"] = ["people"]
    change(people)
    return found


def test_cells_read_the_source_of_their_number_of_people():
    study = load(config())
    people = study.experiments["people"]
    assert isinstance(people, Spec)
    assert len(people.cells) == 16
    assert people.sources == ["synbio-50", "web", "synbio-100"]
    key = CellKey.of(size="58k", people=100, ratio=0.4, seed=1)
    assert study.cell("people", key).mixture.proportions == {"synbio-100": 0.4, "web": 0.6}
    assert people.options["dense"] == {"50": "synbio-50", "100": "synbio-100"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: p["dense"].update({100: "synbio-50"}), "dense.100 = 'synbio-50': has 50 people, not 100"),
        (lambda p: p["dense"].update({100: "synbio-1000"}), "names none of the sources; did you mean 'synbio-100'?"),
        (lambda p: p["grid"][0].update(people=[50, 75]), "dense names no source for; it names 50, 100"),
        (lambda p: p["grid"][0].update(ratios=[0.0, 0.4]), "grid.0.ratios.0 = 0.0: must be above 0 and below 1"),
        (lambda p: p["grid"][0].update(sizes=["59k"]), "names none of the models; did you mean '58k'?"),
        (lambda p: p.update(base="wbe"), "names none of the sources; did you mean 'web'?"),
    ],
)
def test_a_mistake_is_one_line(change, words):
    with pytest.raises(ConfigError) as error:
        load(config(change), ["config.yaml"])
    assert words in str(error.value)
    assert "\n" not in str(error.value)
