"""A study of PopQA: its configuration, its price, and from answers to sizes, texts, figures and verdicts."""

import copy
import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from phasemix.base.files import write_json, write_parquet
from phasemix.claims.paper_a import fig_7c_fig_13
from phasemix.experiments.popqa import findings, section
from phasemix.experiments.popqa.figures import a_fig_7c, a_fig_13
from phasemix.experiments.popqa.spec import QUESTIONS
from phasemix.experiments.popqa.tables import Tables, gather
from phasemix.planning.cost import START_SECONDS, Costs
from phasemix.planning.jobs import jobs
from phasemix.planning.plan import describe, make_plan
from phasemix.planning.requests import Requests
from phasemix.popularity.answers_table import read_answers
from phasemix.popularity.popqa.judge import write_verdicts
from phasemix.report.figure_style import save, set_theme
from phasemix.study.mistakes import ConfigError
from phasemix.study.overlays import load
from tests.conftest import merged
from tests.popularity.worlds import answers_of
from tests.study.test_config import message, put

COMMIT = "0" * 40
STUDY = {
    "kind": "popqa",
    "dataset": {"hub": "akariasai/PopQA", "revision": COMMIT},
    "models": {
        "small": {"hub": "a/small", "revision": COMMIT, "parameters": 1e9, "family": "A"},
        "large": {"hub": "a/large", "revision": "main", "parameters": 70e9, "family": "A", "held_out": True},
    },
    "judge": {"hub": "a/judge", "revision": COMMIT, "parameters": 7e9},
}
SIZES = {"a-1": 3e8, "a-2": 2e9, "a-3": 1.5e10, "b-1": 7e8, "b-2": 5e9, "b-3": 4e10, "o-1": 1e9, "o-2": 7e9}
SIZES |= {"gpt": 6e10}


def study(**hardware):
    config = copy.deepcopy(merged("config.yaml")) | {"experiments": {"popqa": STUDY}, "run": ["popqa"]}
    config["hardware"] |= hardware
    return load(config)


def about(name):
    known = None if name == "gpt" else SIZES[name]
    return {"parameters": known, "family": name[0].upper(), "held_out": name[0] == "o"}


@pytest.fixture
def made_up(tmp_path):
    """A function: tables of answers of models of known sizes and families, o- held out, gpt of unknown size."""

    def of(verdicts=None, judge=None, sizes=SIZES):
        rng = np.random.default_rng(2)
        answers, judged = [], []
        for name, size in sizes.items():
            table = answers_of({name: size}, rng, scatter=0.1)
            ids = pd.DataFrame({"id": [str(i) for i in range(len(table))]})
            own = ids.assign(popularity=table["popularity"], prediction="x", alias_match=table["correct"] == 1)
            answers.append(tmp_path / name / "answers.parquet")
            write_parquet(answers[-1], own)
            if verdicts:
                judged.append(tmp_path / name / "verdicts.parquet")
                write_verdicts(judged[-1], own, verdicts(own["alias_match"]))
        options = {"models": {name: about(name) for name in sizes}, "judge": judge, "shots": 15}
        options |= {"target_accuracy": 0.6, "fault_tolerance": 5, "confidence": 0.95}
        folder = tmp_path / "tables"
        folder.mkdir(exist_ok=True)
        gather(folder, answers, judged, json.loads(json.dumps(options)))
        return folder, options

    return of


def judge(found, own=None):
    return fig_7c_fig_13.CLAIM.judged({"popqa": {"hub": found}} | ({"popularity": {"laptop": own}} if own else {}))


def test_sizes_follow_from_answers_and_models_held_out_are_in_no_fit(made_up):
    folder, options = made_up()
    tables = Tables.read(folder, options)
    assert tables.found.law.sizes == 6
    inferred = tables.found.inferred.set_index("model")
    assert inferred.loc[["o-1", "o-2"], "held_out"].eq(1).all()
    assert inferred.loc[["o-1", "o-2"], "inside"].eq(1).all()
    assert np.isnan(inferred.loc["gpt", "parameters"])
    assert inferred.loc["gpt", "low"] < SIZES["gpt"] < inferred.loc["gpt", "high"]
    answers = read_answers(folder / "answers.parquet")
    assert answers.groupby("model")["family"].first().to_dict() == {name: name[0].upper() for name in SIZES}


def test_popqa_reproduces_the_claim_and_decides_over_our_own_models(made_up):
    folder, options = made_up()
    found = findings.measure(folder, options)
    assert judge(found).verdict == "reproduced"
    assert "of 8 models of 8 sizes" in judge(found).measured
    missed = found | {"inferred": [row | {"inside": row["inside"] and 0.0} for row in found["inferred"]]}
    both = judge(missed, own=found)
    assert both.verdict == "not reproduced"
    assert both.measured.startswith("models of the hub: log size over log popularity: ")
    assert "; our own: log size over" in both.measured
    assert judge(found | {"slope": None}, own=found).verdict == "partly"
    assert judge(found | {"slope": None}).verdict == "not tested"
    assert fig_7c_fig_13.CLAIM.judged({}).measured == "no experiment of kind popqa or popularity was run"


def test_a_judge_decides_and_what_it_leaves_open_is_counted(made_up):
    """It says no to the first right answer, yes to the first wrong one, and is unclear of the second right one."""

    def words(right):
        said = ["Yes" if each else "No" for each in right]
        rights, wrongs = np.flatnonzero(right), np.flatnonzero(~right)
        said[rights[0]], said[wrongs[0]], said[rights[1]] = "No.", "yes", "It depends"
        return said

    folder, options = made_up(words, judge="a/judge", sizes={"a-1": 3e8})
    found = findings.measure(folder, options)
    [row] = found["agreement"]
    count = row["questions"]
    assert row["unclear"] == 1
    assert row["agreement"] == pytest.approx(1 - 2 / (count - 1))
    assert row["judged"] == pytest.approx(row["alias_match"] - 1 / count)
    answers = read_answers(folder / "answers.parquet")
    assert answers["correct"].sum() == round(row["judged"] * count)
    assert section.values(folder, options)["agreement"][0][4] == "1"


def test_the_section_and_the_figures(made_up, tmp_path):
    folder, options = made_up()
    said = section.values(folder, options)
    assert said["held_out"] == ["o-1", "o-2"]
    assert said["agreement"] == []
    assert said["tested"] == 8
    tables = Tables.read(folder, options)
    set_theme()
    for module in (a_fig_7c, a_fig_13):
        figure = module.draw(tables)
        labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
        assert labels == ["A", "B", "O, held out"]
        save(figure, tmp_path / "figure.png")
        assert (tmp_path / "figure.png").stat().st_size > 5000
    plt.close("all")


def test_every_model_is_asked_and_judged_in_jobs_with_a_price():
    """Of 1B, 2 FLOPs a parameter and token; 16 examples of 22 tokens and a line of 10 for each question."""
    config = study(device="gpu", peak_teraflops=100, utilisation=0.5, cells={"large": {"devices": 4}}, counts=[4])
    found = jobs(config)
    assert [(key.stage, key.cell.format()) for key in found] == [
        ("answer", "size=small/model=small"),
        ("judge", "size=judge/model=small"),
        ("answer", "size=large/model=large"),
        ("judge", "size=judge/model=large"),
    ]
    ask, verdict, large, _ = found
    assert found[ask].flops == 2 * 1e9 * QUESTIONS * (16 * 22 + 10)
    assert found[verdict].after == ask
    costs = Costs(config, {})
    assert costs.seconds(ask, found[ask]) == pytest.approx(START_SECONDS["gpu"] + found[ask].flops / 50e12)
    assert costs.devices(large) == 4
    assert costs.device_hours(large, found[large]) == pytest.approx(4 * costs.seconds(large, found[large]) / 3600)
    assert costs.memory(large, 1) == pytest.approx(1.5 * (3500 + 2 * 70e9 / 2**20), rel=0.01)
    assert costs.disk(4)["hub models"] == 2 * (1e9 + 70e9 + 7e9)


def test_jobs_ask_for_the_gpus_of_their_model_and_are_one_process_each():
    config = study(device="gpu", model="a100", cells={"large": {"devices": 4}})
    found = Requests(config, Costs(config, {}))

    class Of:
        experiment, model = "popqa", "large"

    devices = found.devices("answer")
    assert devices["gpu"](Of) == devices["gpus_per_node"](Of) == 4
    assert (devices["gpu_model"], devices["nodes"], devices["devices"]) == ("a100", 1, 1)
    assert found.devices("judge")["gpu"] == 1
    assert found.minutes("answer", "popqa", "large", 1) > found.minutes("answer", "popqa", "small", 1)
    assert found.rank("answer", "popqa", "large") > found.rank("judge", "popqa", "large")


def test_the_plan_has_a_row_for_every_model_and_knows_which_are_done(tmp_path):
    config = study()
    for folder in ("small/answers", "small/verdicts"):
        write_json(tmp_path / "asked/popqa" / folder / "manifest.json", {})
    plan = make_plan(config, tmp_path)
    assert [(row["size"], row["cells"], row["done"]) for row in plan.rows] == [
        ("small", 1, 1), ("judge", 2, 1), ("large", 1, 0),
    ]  # fmt: skip
    assert plan.totals["left_device_hours"] < plan.totals["device_hours"]
    assert "large" in describe(config, plan)


def test_the_hardware_of_a_model_may_be_named_and_no_other():
    assert study(cells={"judge": {"devices": 2}}).hardware.allocation("judge").devices == 2
    with pytest.raises(ConfigError, match=r"hardware\.cells\.larger: names none of the models; did you mean 'large'"):
        study(cells={"larger": {"devices": 2}})


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("dataset", {"file": "none.tsv"}, "experiments.popqa.dataset.file = 'none.tsv': no such file"),
        ("dataset", {}, "dataset: needs one of hub, the name of a dataset, and file"),
        ("dataset.revision", "main", "dataset.revision = 'main': must be a full commit hash"),
        ("models.small.revision", "master", "models.small.revision = 'master': must be a full commit hash, 40 digits"),
        ("models.small.revision", None, "a model of the hub has a revision, and no other has"),
        ("models.small.folder", "here", "models.small: needs one of hub, folder, answers"),
        ("models.small.parameters", None, "models.small: a model that answers here needs its parameters"),
        ("models.gpt", {"answers": "none.csv", "parameters": None}, "models.gpt.answers = 'none.csv': no such file"),
        ("models.own", {"folder": "none", "parameters": 1e9}, "models.own.folder = 'none': holds no model"),
        ("judge", {"folder": "none", "parameters": 1e9}, "judge.folder = 'none': holds no model"),
        ("models.judge", {"answers": "a.csv", "parameters": None}, "models.judge: is the judge's name"),
        ("models.410M", {"answers": "a.csv", "parameters": None}, "models.410M: is the name of a size"),
        ("models.7", {"answers": "a.csv", "parameters": None}, "models.7: is a number; choose a name"),
        ("judge.hub", "a/large", "judge: is the model models.large, and would judge itself; choose another"),
        ("target_accuracy", 1.5, "target_accuracy"),
    ],
)
def test_mistakes_are_named(path, value, words):
    def add(config):
        config["experiments"]["popqa"] = copy.deepcopy(STUDY)
        config["run"] = ["popqa"]

    assert words in message(add, put(("experiments", "popqa", *path.split(".")), value))


def test_a_judge_in_the_folder_of_a_model_is_refused():
    def add(config):
        own = {"folder": "models/own", "parameters": 1e9}
        models = STUDY["models"] | {"own": own | {"folder": "./models/own"}}
        config["experiments"]["popqa"] = copy.deepcopy(STUDY) | {"models": models, "judge": own}
        config["run"] = ["popqa"]

    assert "popqa.judge" in (said := message(add)) and "is the model models.own, and would judge itself" in said
