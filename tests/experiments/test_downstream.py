"""Downstream tasks without their library: tables, section, figure, claims, price, and what is wrong before any work."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_json
from phasemix.claims.paper_a import tables_3_to_5
from phasemix.claims.paper_b import fig_4_fig_6_fig_7
from phasemix.experiments.downstream import findings, section
from phasemix.experiments.downstream.figures import task_accuracies
from phasemix.experiments.downstream.tables import Tables, write_tables
from phasemix.planning.jobs import JobKey, jobs
from phasemix.planning.plan import make_plan
from phasemix.report.figure_style import save, set_theme
from phasemix.study.cell_key import CellKey
from phasemix.study.overlays import load
from tests.conftest import merged
from tests.study.test_config import message, put

TASKS = {"words": "acc", "facts": "exact_match"}
OPTIONS = {"asked": ["strategies"], "tasks": TASKS, "shots": 0, "confidence": 0.95}


def answers(folder, accuracies, questions=400, experiment="strategies", diverged=()):
    """A file for every cell, from its spelling to its accuracy, which both tasks share."""
    paths = []
    for number, (cell, accuracy) in enumerate(accuracies.items()):
        error = (accuracy * (1 - accuracy) / (questions - 1)) ** 0.5
        one = {"questions": questions, "accuracy": accuracy, "standard_error": error}
        tasks = {} if cell in diverged else {task: {"metric": metric, **one} for task, metric in TASKS.items()}
        path = folder / f"{experiment}-{number}.json"
        head = {"experiment": experiment, "cell": cell, "parameters": 58_000}
        write_json(path, {**head, "diverged": cell in diverged, "tasks": tasks})
        paths.append(path)
    return paths


def measured(folder, *paths):
    write_tables([path for part in paths for path in part], 0.95, folder)
    return findings.measure(folder, OPTIONS)


def strategies(drop=0.0, seeds=2, without=0.5, doses=()):
    """Accuracies without facts, with them, and with half of the people, lower by ``drop``; seeds differ by .002.

    ``doses`` are accuracies by the fraction of people.
    """
    places = {"ratio=0/subsampling=1": 0.0, "ratio=0.2/subsampling=1": 0.0, "ratio=0.2/subsampling=0.5": drop}
    places |= {f"ratio=0.2/subsampling={dose}": without - accuracy for dose, accuracy in dict(doses).items()}
    return {
        f"size=58k/{place}/compact=0/seed={seed}": without - less + 0.002 * seed
        for place, less in places.items()
        for seed in range(seeds)
    }


def contest(seeds=2, **accuracies):
    return {
        f"size=58k/contestant={name.replace('_', '-')}/budget=free/seed={seed}": accuracy + 0.002 * seed
        for name, accuracy in accuracies.items()
        for seed in range(seeds)
    }


def judge(claim, found):
    return claim.CLAIM.judged({"downstream": {"abilities": found}})


def test_tables_worked_out_by_hand(tmp_path):
    """Two seeds of one model: .50 and .52 of 101 questions of either task."""
    cells = {"size=58k/ratio=0.2/seed=0": 0.5, "size=58k/ratio=0.2/seed=1": 0.52, "size=58k/ratio=0.4/seed=0": 0.1}
    paths = answers(tmp_path, cells, questions=101, diverged=["size=58k/ratio=0.4/seed=0"])
    found = measured(tmp_path, paths)
    assert [model["accuracy"] for model in found["models"]] == pytest.approx([0.5, 0.52])
    means = pd.read_csv(tmp_path / "means.csv").set_index("task")
    assert means.index.tolist() == ["words", "facts", "mean"], "what diverged is left out"
    assert means["seeds"].tolist() == [2, 2, 2]
    assert means["questions"].tolist() == [101, 101, 202]
    assert means["accuracy"].tolist() == pytest.approx([0.51] * 3)
    assert means.loc["words", "accuracy_high"] == pytest.approx(0.51 + 12.7062 * 0.01, abs=1e-5)
    one = (0.05 + (0.52 * 0.48 / 100) ** 0.5) / 2
    assert means.loc["words", "standard_error"] == pytest.approx(one)
    assert means.loc["mean", "standard_error"] == pytest.approx(one / 2**0.5), "two tasks of different questions"
    with pytest.raises(PhasemixError, match="every model that was asked diverged"):
        write_tables(paths[2:], 0.95, tmp_path)


def test_experiments_with_other_axes_stand_in_one_table_and_figure(tmp_path):
    paths = answers(tmp_path, strategies(seeds=1)), answers(tmp_path, contest(bimix=0.6), experiment="contest")
    measured(tmp_path, *paths)
    tables = Tables.read(tmp_path, OPTIONS)
    assert tables.axes == ["experiment", "size", "ratio", "subsampling", "compact", "contestant", "budget"]
    values = section.values(tmp_path, OPTIONS)
    assert values["rows"][2][:7] == ["strategies", "58k", "0.2", "0.5", "0", "–", "–"]
    assert values["rows"][2][7:] == ["58k", "1", "50.0 ± 2.5", "50.0 ± 2.5", "50.0 ± 1.8"]
    assert values["rows"][3][-1].startswith("60.1 (")
    assert values["models"] == 5
    set_theme()
    figure = task_accuracies.draw(tables)
    assert [axes.get_title("left") for axes in figure.axes if axes.get_visible()] == ["words", "facts", "mean"]
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert labels[::-1][2] == "strategies, r = 0.2, ρ = 0.5, τ = 0"
    save(figure, tmp_path / "figure.svg")
    plt.close(figure)


def test_strategies_that_cost_nothing_that_cost_much_and_that_nobody_can_tell(tmp_path):
    def found(questions=40_000, **changes):
        return judge(tables_3_to_5, measured(tmp_path, answers(tmp_path, strategies(**changes), questions)))

    kept = found()
    assert kept.verdict == "reproduced"
    assert "58k at r = 0.2, ρ = 0.5: +0.0 (" in kept.measured
    assert "from no strategy" in kept.measured and "from no facts" in kept.measured
    assert found(drop=0.05).verdict == "not reproduced"
    assert found(drop=0.02).verdict == "not tested"
    assert found(questions=400).verdict == "not tested", "400 questions tell no two points"
    assert found(seeds=1).verdict == "not tested"
    doses = {0.5: 0.5, 0.25: 0.5}  # by ρ, the accuracy
    assert found(doses=doses).verdict == "reproduced"
    assert found(doses=doses | {0.25: 0.48}).verdict == "partly", "of one dose nobody can tell"
    assert found(doses=doses | {0.25: 0.45}).verdict == "not reproduced", "one certain harm is a counterexample"
    assert found(doses={0.5: 0.48, 0.25: 0.45}).verdict == "not reproduced"
    apart = {cell: value for cell, value in strategies().items() if "subsampling=1" in cell}
    assert judge(tables_3_to_5, measured(tmp_path, answers(tmp_path, apart))).measured.startswith(
        "the grid has nothing"
    )


@pytest.mark.parametrize(
    ("verdict", "accuracies"),
    [
        ("reproduced", {"natural": 0.5, "doremi": 0.51, "doge": 0.52, "bimix": 0.56}),
        ("reproduced", {"baseline": 0.5, "doremi": 0.51, "regmix_lightgbm": 0.56, "bimix": 0.56}),
        ("partly", {"natural": 0.5, "doremi": 0.51, "regmix_lightgbm": 0.6, "bimix": 0.56}),
        ("partly", {"natural": 0.5, "doremi": 0.56, "bimix": 0.56}),
        ("not reproduced", {"natural": 0.6, "doremi": 0.51, "bimix": 0.56}),
        ("not tested", {"natural": 0.56, "doremi": 0.51, "bimix": 0.56}),
        ("not tested", {"natural": 0.5, "doremi": 0.51, "bimix": 0.56, "seeds": 1}),
        ("not tested", {"natural": 0.5, "bimix": 0.56}),
    ],
)
def test_the_laws_mixture_against_others(verdict, accuracies, tmp_path):
    found = measured(tmp_path, answers(tmp_path, contest(**accuracies), 40_000, "contest"))
    assert judge(fig_4_fig_6_fig_7, found).verdict == verdict
    assert judge(tables_3_to_5, found).verdict == "not tested"


ABILITIES = {"kind": "downstream", "asked": ["strategies"], "tasks": TASKS, "shots": 0, "tokens": 1_000_000}


def test_a_plan_has_a_job_for_every_model_that_is_asked(monkeypatch, tmp_path):
    """It waits for the model, reads so many tokens, and is done when its answers are there."""
    config = merged("config.yaml", "scales/smoke.yaml")
    asked = ABILITIES | {"asked": ["transition", "strategies"], "sizes": ["23k"]}
    config = config | {"run": ["abilities"], "experiments": config["experiments"] | {"abilities": asked}}
    monkeypatch.setattr("phasemix.experiments.downstream.spec.Spec.missing", lambda self: iter(()))
    study = load(config, ["config.yaml", "scales/smoke.yaml"])
    found = {key: job for key, job in jobs(study).items() if key.stage == "ask"}
    assert len(found) == 3 + 4
    cell = CellKey.of(size="23k", ratio=0.3, seed=0)
    key = JobKey("ask", "transition", cell, "abilities")
    assert found[key].after == JobKey("train", "transition", cell)
    evaluating = jobs(study)[JobKey("evaluate", "transition", cell)]
    assert found[key].flops / evaluating.flops == pytest.approx(1_000_000 / (2 * 4000 + 20 * 60 * 25), rel=0.1)
    write_json(tmp_path / "downstream/abilities/transition" / f"{cell.format()}.json", {})
    rows = {(row["experiment"], row["size"]): row for row in make_plan(study, tmp_path).rows}
    assert (rows["abilities", "23k"]["cells"], rows["abilities", "23k"]["done"]) == (7, 1)
    assert rows["abilities", "23k"]["device_hours"] > 0
    assert make_plan(study, tmp_path).totals["cells"] == 6 + 4


def test_what_is_wrong_is_said_before_anything_is_run(monkeypatch):
    def said(**changes):
        return message(put("experiments.abilities", ABILITIES | changes), put("run", ["abilities"]))

    monkeypatch.setattr("phasemix.experiments.downstream.spec.is_installed", lambda: False)
    assert said().endswith("are asked by lm_eval, which is not installed: make environment EXTRAS=downstream")
    assert "abilities.asked.0 = 'strategeis': names none of the experiments; did you mean 'strategies'?" in said(
        asked=["strategeis"]
    )
    assert "abilities.asked.0 = 'domains': is of kind domains, which trains no models" in said(asked=["domains"])
    assert "abilities.asked: names an experiment twice" in said(asked=["strategies", "strategies"])
    assert "abilities.sizes.0 = '70M': is the size of no model that is asked" in said(sizes=["70M"])
    assert "abilities.seeds.0 = 9: is the seed of no model that is asked" in said(seeds=[9])
    assert "abilities.shots" in said(shots=-1)
    assert "abilities.tasks" in said(tasks={})
