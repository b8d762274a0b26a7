"""The law that sees the cliff on tables of other experiments, made up from an optimal learner."""

import numpy as np
import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_csv, write_json
from phasemix.experiments.cliff import comparisons, section
from phasemix.experiments.cliff.cells import groups_of, joined, read_cells, runs_of
from phasemix.experiments.cliff.comparisons import held_out
from phasemix.experiments.cliff.figures import recall_held_out
from phasemix.experiments.cliff.findings import measure
from phasemix.experiments.cliff.tables import Tables, critical, write
from phasemix.laws import load_law
from tests.laws.test_cliff import BITS, known_share

RATIOS = (0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8)
SIZES = {"40k": 40_000, "60k": 60_000, "90k": 90_000}
STEP = 8_000_000


def write_cells(folder, people, kind):
    """Tables of an experiment of such people."""
    rng, rows = np.random.default_rng(0), []
    for size, parameters in SIZES.items():
        for count in people:
            for ratio in RATIOS:
                known = known_share(parameters, count, ratio)
                accuracy = float(np.clip(0.06 + 0.94 * known + 0.02 * rng.normal(), 0, 1))
                loss = {"dense_loss": 0.8 - 0.35 * known, "base_loss": 3.0 + 0.2 * ratio - 1e-6 * parameters}
                loss = {name: value * (1 + 0.005 * rng.normal()) for name, value in loss.items()}
                where = {"size": size, "parameters": parameters, "people": count, "subjects": count}
                where |= {"ratio": ratio, "seed": 0, "tokens": STEP, "diverged": False}
                rows.append(where | {"accuracy": accuracy} | loss)
    table = pd.DataFrame(rows)
    if kind == "people":
        write_csv(folder / "people.csv", table)
    else:
        early = table.assign(tokens=STEP // 2, accuracy=0.0)
        write_csv(folder / "transition.csv", pd.concat([table, early]).drop(columns="people"))
        write_json(folder / "findings.json", {"tokens": STEP})
    write_csv(folder / "cells.csv", pd.DataFrame({"entropy.synbio": [BITS], "entropy.synbio.major": [5.0]}))


def write_groups(folder):
    """Tables of a study of the threshold frequency with two groups of five people."""
    groups = [
        {"size": "40k", "seed": 0, "group": group, "frequency": frequency, "accuracy": accuracy}
        for group, frequency, accuracy in ((1, 0.05, 0.9), (2, 0.01, 0.1))
    ]
    write_csv(folder / "groups.csv", pd.DataFrame(groups))
    cell = {"size": "40k", "ratio": 0.3, "seed": 0, "parameters": 40_000, "tokens": STEP, "diverged": False}
    cell |= {"mix.synbio": 0.3, "mix.web": 0.7, "loss.web": 3.1, "subjects.synbio": 10, "entropy.synbio": BITS}
    write_csv(folder / "cells.csv", pd.DataFrame([cell, cell | {"ratio": 0.0}]))


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    for name, people in (("transition", (120,)), ("people", (240,))):
        write_cells(folder / name, people, name)
    write_groups(folder / "threshold")
    return folder


@pytest.fixture(scope="module")
def options(tables):
    reads = {name: str(tables / name) for name in ("transition", "people", "threshold")}
    chosen = {"measured": ["transition", "people"], "threshold": "threshold", "people": 120, "critical_accuracy": 0.4}
    return {**chosen, "reads": reads, "seed": 0}


@pytest.fixture(scope="module")
def written(tables, options):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparisons, "SMOOTH", ("transfer",))
        write(None, options, tables / "cliff")
    return tables / "cliff"


def test_cells_of_other_experiments_are_runs(tables):
    cells = read_cells({name: tables / name for name in ("transition", "people")}, ["transition", "people"])
    assert len(cells) == 2 * len(SIZES) * len(RATIOS)  # those of half the horizon are left out
    assert (cells["accuracy"] > 0).all()
    runs = runs_of(cells)
    assert runs.domains == ("people", "web")
    assert set(runs.facts[:, 0]) == {120 * BITS, 240 * BITS}
    assert np.isnan(runs.recall[:, 1]).all()


def test_groups_are_domains_of_facts(tables):
    groups = groups_of(tables / "threshold")
    assert groups.domains == ("web", "group-1", "group-2")
    np.testing.assert_allclose(groups.mixture, [[0.7, 0.25, 0.05]])
    assert groups.facts.tolist() == [[0.0, 5 * BITS, 5 * BITS]]
    cells = read_cells({"people": tables / "people"}, ["people"])
    both = joined(runs_of(cells), groups)
    assert both.domains == ("people", "web", "group-1", "group-2")
    assert np.isnan(both.loss[-1, 0])
    assert both.mixture[-1].tolist() == [0.0, 0.7, 0.25, 0.05]
    fit = load_law("cliff").fit(both)
    assert set(fit.recall(both)) == {"people", "group-1", "group-2"}


def test_what_is_held_out(tables):
    cells = read_cells({"transition": tables / "transition"}, ["transition"])
    cases = {(case.kind, case.parameters): case for case in held_out(cells)}
    larger = cases["larger", 90_000]
    assert set(cells.loc[larger.fit, "size"]) == {"40k", "60k"}
    assert ("larger", 60_000) not in cases
    above = cases["above", 40_000]
    assert (cells.loc[above.ask, "accuracy"] >= 0.5).all()
    assert above.fit.sum() + above.ask.sum() == len(cells)


def test_the_law_sees_the_cliff_that_others_do_not(written, options):
    found = Tables.read(written, options)
    errors = found.scores.groupby(["scope", "held_out", "law"])["recall_error"].mean()
    for kind in ("above", "below"):
        assert errors["all", kind, "cliff"] < 0.1
    assert errors["all", "below", "cliff"] < 0.5 * errors["all", "below", "transfer"]
    told = found.critical.query("law == 'cliff' and scope == 'all'").set_index("people")
    assert (told["error"].abs() < 0.25).all()  # measured ones lie between two ratios that are up to a factor of 2 apart
    assert load_law("cliff").name in set(found.predictions["law"])
    assert measure(written, options)["critical"]
    runs = pd.read_csv(written / "runs.csv")
    assert {"facts.people", "recall.people", "mix.web", "loss.people"} <= set(runs.columns)


def test_the_section_and_the_figure(written, options):
    said = section.values(written, options)
    assert any(name == "all cells, far side of the cliff, above" for name, _ in said["verdicts"])
    assert {row[4] for row in said["critical"]} >= {"cliff", "sigmoid"}
    figure = recall_held_out.draw(Tables.read(written, options))
    assert len(figure.axes) == 9


def test_a_critical_ratio_off_the_grid_is_missing():
    cells = pd.DataFrame({"size": "a", "people": 1, "ratio": [0.1, 0.2], "accuracy": [0.1, 0.2]})
    curves = pd.DataFrame(
        {"scope": "all", "law": "cliff", "size": "a", "people": 1, "ratio": [0.1, 0.9], "recall": [0.0, 0.8]}
    )
    row = critical(cells, curves, 0.4).iloc[0]
    assert np.isnan(row["measured"])
    assert row["predicted"] == pytest.approx(0.3)
    assert np.isnan(row["error"])


def test_a_number_of_people_that_nobody_has_is_one_line(options, tmp_path):
    with pytest.raises(PhasemixError, match=r"people: no cell has 7; there are \[120, 240\]"):
        write(None, options | {"people": 7}, tmp_path)
