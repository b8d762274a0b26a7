"""Reasoning over sizes and ratios: cells, intervals, critical points, shapes, claims, and what the report says."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from phasemix.claims.paper_a import fig_5, fig_12
from phasemix.experiments.reasoning import findings, section
from phasemix.experiments.reasoning.figures import a_fig_5, a_fig_5_size
from phasemix.experiments.reasoning.tables import Tables, reasoning_cells, write_from
from phasemix.report.figure_style import save, set_theme
from phasemix.study.cell_key import CellKey
from phasemix.study.overlays import load
from tests.conftest import merged
from tests.study.test_config import message, put

SIZES = {f"{count}k": 1000 * count for count in (20, 26, 34, 44, 57, 74, 96, 125)}
RATIOS = (0.04, 0.056, 0.08, 0.11, 0.16, 0.22, 0.31, 0.44, 0.62)
TASKS = {"slope": "slope-20", "maximum": "maximum-8"}
OPTIONS = {"tasks": TASKS, "host": "mathematics", "share": 0.5, "base": "web", "critical_accuracy": 0.4}
OPTIONS |= {"bootstrap": 40, "confidence": 0.95, "seed": 0}
PROBLEMS, FLOOR = 1000, 0.06


def steep(parameters, ratio):
    """A cliff where the ratio times the size is 9,000."""
    return FLOOR + (0.97 - FLOOR) / (1 + (9_000 / (parameters * ratio)) ** 8)


def smooth(parameters, ratio):
    return FLOOR + (0.97 - FLOOR) * (1 - np.exp(-parameters * ratio / 20_000))


def study(accuracy=steep, seeds=3, tasks=("slope", "maximum")):
    """``reasoning.csv``, and every graded answer."""
    rng = np.random.default_rng(0)
    rows, graded = [], []
    for task in tasks:
        for size, parameters in SIZES.items():
            for ratio in RATIOS:
                for seed in range(seeds):
                    right = rng.random(PROBLEMS) < accuracy(parameters, ratio)
                    where = {"size": size, "task": task, "ratio": ratio, "seed": seed}
                    graded.append(pd.DataFrame(where | {"person": range(PROBLEMS), "correct": right * 1, "asked": 1}))
                    row = {"parameters": parameters, **where, "share_seen": 0.04, "accuracy": right.mean()}
                    row |= {"floor": FLOOR, "answer_loss": 1 - right.mean(), "problem_loss": 2.0, "base_loss": 3.0}
                    rows.append(row | {"diverged": False})
    return pd.DataFrame(rows), pd.concat(graded, ignore_index=True)


@pytest.fixture
def told(tmp_path):
    """A function: the folder of a study's tables, and its findings."""

    def of(**world):
        write_from(*study(**world), OPTIONS, tmp_path)
        return tmp_path, findings.measure(tmp_path, OPTIONS)

    return of


def judge(claim, found):
    return claim.CLAIM.judged({"reasoning": {"made_up": found}})


def test_problems_are_a_share_of_the_corpus_that_is_mixed_in():
    spec = load(merged("config.yaml") | {"run": ["reasoning"]}).training["reasoning"]
    key = CellKey.of(size="166k", task="slope", ratio=0.4, seed=0)
    assert key in spec.cells
    assert spec.mixture(key).phases[0].proportions == pytest.approx({"slope-20": 0.2, "mathematics": 0.2, "web": 0.6})
    assert {"slope-20", "maximum-8", "mathematics", "web"} == set(spec.sources)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("tasks.slope", "synbio-120", "holds no problems: its task must be one of reasoning"),
        ("base", "slope-20", "is the host or the base itself"),
        ("host", "web", "is the base itself"),
        ("grid.0.tasks.0", "slopes", "names none of the tasks; allowed: slope, maximum"),
        ("grid.0.sizes.0", "23m", "names none of the models"),
        ("grid.0.ratios.0", 1.0, "must be above 0 and below 1"),
        ("share", 0.0, "share"),
    ],
)
def test_mistakes_are_named(key, value, words):
    found = message(put(f"experiments.reasoning.{key}", value))
    assert found.startswith("config.yaml: experiments.reasoning.")
    assert words in found


def test_cells_by_hand():
    """Every problem was drawn half a time on average: 1 − e^−.5 of all were seen."""
    cell = {
        "size": "58k",
        "parameters": 1,
        "ratio": 0.2,
        "seed": 0,
        "task": "slope",
        "diverged": False,
        "loss.web": 3.0,
    }
    for name in ("epochs", "accuracy", "floor", "answer_loss", "loss"):
        cell[f"{name}.slope-20"] = 0.5
    [row] = reasoning_cells(pd.DataFrame([cell]), OPTIONS).to_dict("records")
    assert row["share_seen"] == pytest.approx(0.3935, abs=1e-4)
    assert row["base_loss"] == 3


def test_a_cliff_in_both_directions_is_found(told):
    _, found = told()
    ratios = {point["size"]: point["value"] for point in found["slope"]["critical_ratios"]}
    assert ratios["44k"] == pytest.approx(9_000 / 44_000, rel=0.12)
    judged = judge(fig_5, found)
    assert judged.verdict == "reproduced"
    assert judged.measured.startswith(
        "slope-20, 50 % of the corpus that is mixed in: at most 4 % of its problems were seen; guessing 6.0 %; "
    )
    assert "along r: " in judged.measured
    assert "along the size: " in judged.measured
    assert judge(fig_12, found).verdict == "reproduced"


def test_a_curve_is_not_taken_for_a_cliff(told):
    _, found = told(accuracy=smooth)
    assert judge(fig_5, found).verdict in {"not reproduced", "not tested"}


def test_a_task_that_was_not_run_is_not_tested(told):
    _, found = told(tasks=("slope",))
    assert judge(fig_12, found).verdict == "not tested"


def test_one_seed_is_a_part(told):
    """As many problems have an interval of their own."""
    _, found = told(seeds=1)
    assert judge(fig_5, found).verdict == "partly"


def test_what_rises_far_above_the_critical_point_only_is_no_cliff(told):
    """At twice the critical point all is known, or a line fails."""
    _, found = told(accuracy=lambda parameters, ratio: min(0.55, steep(parameters, ratio)))
    assert judge(fig_5, found).verdict != "reproduced"


def test_one_direction_alone_or_problems_that_may_be_remembered_are_a_part(told):
    _, found = told()
    assert judge(fig_5, {"slope": found["slope"] | {"critical_sizes": []}}).verdict == "partly"
    assert judge(fig_5, {"slope": found["slope"] | {"share_seen": 0.9}}).verdict == "partly"


@pytest.mark.parametrize("tasks", [("slope", "maximum"), ("maximum",)])
def test_the_section_and_the_figures(told, tmp_path, tasks):
    folder, _ = told(tasks=tasks)
    said = section.values(folder, OPTIONS)
    assert said["settings"][0][1] == "guessing 6.0 %; of all problems that may be shown, 4 % to 4 % were seen"
    assert len(said["cells"]) == len(tasks) * len(SIZES) * len(RATIOS)
    assert {row[0] for row in said["critical"]} == set(tasks)
    tables = Tables.read(folder, OPTIONS)
    set_theme()
    for module in (a_fig_5, a_fig_5_size):
        save(module.draw(tables), tmp_path / "figure.png")
        assert (tmp_path / "figure.png").stat().st_size > 5000
    plt.close("all")
