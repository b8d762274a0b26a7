"""Sizes of our own models, inferred from the answers of a study of the threshold frequency."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from phasemix.base.files import read_json, write_csv
from phasemix.claims.paper_a import fig_7c_fig_13
from phasemix.experiments.popularity import findings, section
from phasemix.experiments.popularity.figures import a_fig_7c, a_fig_13
from phasemix.experiments.popularity.tables import Tables, write
from phasemix.experiments.threshold.tables import answers_table
from phasemix.popularity.answers_table import to_answers
from phasemix.report.figure_style import save, set_theme
from tests.popularity.worlds import answers_of
from tests.study.test_config import message, put

SIZES = {"23k": 3e8, "31k": 8e8, "39k": 2e9, "58k": 6e9, "106k": 2e10}  # by which thresholds are made


def made_up(folder, scatter=0.2, sizes=SIZES):
    """The answers of two seeds of every size, and the tables made of them; returns the options."""
    rng = np.random.default_rng(1)
    parts = [
        answers_of({f"{size} seed {seed}": parameters}, rng, scatter=scatter)
        for size, parameters in sizes.items()
        for seed in range(2)
    ]
    write_csv(folder / "threshold/answers.csv", pd.concat(parts))
    options = {"measured": "threshold", "reads": {"threshold": str(folder / "threshold")}}
    options |= {"target_accuracy": 0.6, "fault_tolerance": 5, "confidence": 0.95}
    (folder / "popularity").mkdir()
    write(None, options, folder / "popularity")
    return options


@pytest.fixture
def study(tmp_path):
    return tmp_path / "popularity", made_up(tmp_path)


def judge(found):
    return fig_7c_fig_13.CLAIM.judged({"popularity": {"made_up": found}})


def test_a_threshold_study_hands_its_answers_over():
    """Four people in two groups; the rarer one is shown a third as often."""
    place = {"size": "58k", "ratio": 0.3, "seed": 1}
    people = pd.DataFrame(
        place | {"person": person, "attribute": name, "asked": 5, "correct": person + 1}
        for person in range(4)
        for name in ("major", "employer")
    )
    groups = pd.DataFrame(
        place | {"group": group, "parameters": 58_240, "frequency": often} for group, often in ((1, 0.06), (2, 0.02))
    )
    found = answers_table(people, groups, together=2)
    assert found["model"].unique().tolist() == ["58k seed 1"]
    assert found["popularity"].tolist() == [0.06, 0.06, 0.02, 0.02]
    assert found["correct"].tolist() == [2, 4, 6, 8]
    assert to_answers(found)["asked"].tolist() == [10] * 4


def test_every_size_is_inferred_from_the_others(study):
    folder, options = study
    found = findings.measure(folder, options)
    assert len(found["inferred"]) == 10
    assert sum(row["inside"] for row in found["inferred"]) >= 8
    assert found["slope"]["high"] < 0
    assert judge(found).verdict == "partly", "PopQA was not asked"
    assert "models of 5 sizes, each inferred from the other sizes" in judge(found).measured


def test_sizes_that_are_missed_or_told_too_vaguely(study):
    folder, options = study
    found = findings.measure(folder, options)
    missed = [row | {"inside": 0.0 if i < 3 else 1.0} for i, row in enumerate(found["inferred"])]
    assert judge(found | {"inferred": missed}).verdict == "not reproduced"
    assert "missed: 300M, 800M" in judge(found | {"inferred": missed}).measured
    bent = found | {"bend": {"value": 0.2, "low": 0.1, "high": 0.3}}
    assert judge(bent).verdict == "not reproduced"
    vague = [row | {"low": row["low"] / 10, "high": row["high"] * 10} for row in found["inferred"]]
    assert judge(found | {"inferred": vague}).verdict == "not reproduced"


def test_a_slope_that_is_open_tests_nothing(study):
    folder, options = study
    found = findings.measure(folder, options)
    unknown = found | {"slope": {"value": -0.5, "low": -1.2, "high": 0.2}}
    assert judge(unknown).verdict == "not tested"
    assert "too few to exclude a bend" not in judge(found | {"bend": {"value": 0, "low": -0.01, "high": 0.01}}).measured
    vague = judge(found | {"bend": {"value": 0, "low": -5, "high": 5}})
    assert vague.measured.endswith("these sizes are too few to exclude a bend that matters")


def test_too_few_sizes_test_nothing(tmp_path):
    options = made_up(tmp_path, sizes=dict(list(SIZES.items())[:2]))
    found = findings.measure(tmp_path / "popularity", options)
    assert found["slope"] is None
    assert judge(found).verdict == "not tested"
    assert read_json(tmp_path / "popularity/law.json") is None
    said = section.values(tmp_path / "popularity", options)
    assert said["slope"] is None
    tables = Tables.read(tmp_path / "popularity", options)
    set_theme()
    for module in (a_fig_7c, a_fig_13):
        module.draw(tables)
    plt.close("all")


def test_the_section_and_the_figures(study, tmp_path):
    folder, options = study
    said = section.values(folder, options)
    assert said["tested"] == 10
    assert said["models"][0][0] == "23k seed 0"
    assert said["models"][0][6] in {"yes", "no"}
    tables = Tables.read(folder, options)
    set_theme()
    for module in (a_fig_7c, a_fig_13):
        save(module.draw(tables), tmp_path / "figure.png")
        assert (tmp_path / "figure.png").stat().st_size > 5000
    plt.close("all")


def test_models_that_know_nothing(tmp_path):
    """As those of the smoke scale: no thresholds, and figures that say so."""
    options = made_up(tmp_path)
    answers = pd.read_csv(tmp_path / "threshold/answers.csv").assign(correct=0)
    write_csv(tmp_path / "threshold/answers.csv", answers)
    write(None, options, tmp_path / "popularity")
    assert judge(findings.measure(tmp_path / "popularity", options)).verdict == "not tested"
    assert section.values(tmp_path / "popularity", options)["models"][0][2] == "above all"
    set_theme()
    for module in (a_fig_7c, a_fig_13):
        save(module.draw(Tables.read(tmp_path / "popularity", options)), tmp_path / "figure.png")
    plt.close("all")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("measured", "transition", "is of kind transition; it must be threshold"),
        ("measured", "nothing", "names none of the experiments"),
        ("target_accuracy", 1.5, "target_accuracy"),
    ],
)
def test_mistakes_are_named(key, value, words):
    assert words in message(put(f"experiments.popularity.{key}", value))
