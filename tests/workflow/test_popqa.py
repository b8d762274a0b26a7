"""PopQA through Snakemake, offline: a tiny model in a folder, others that were asked elsewhere, and a judge."""

import json
import os

import pandas as pd
import pytest

from phasemix.base.files import read_json
from tests.popularity.popqa.world import asked, knowing, write_dataset
from tests.workflow.checkout import copy_checkout, edit, make_run, plan

ELSEWHERE = {"one": (2e6, 16), "two": (8e6, 20), "three": (3e7, 22)}  # parameters, and how many popular facts are known
POPQA = """
  popqa:
    kind: popqa
    dataset: { file: popqa.tsv }
    shots: 3
    max_new_tokens: 8
    judge: null
    models:
      tiny: { folder: tiny, parameters: 500_000, family: Tiny }
      secret: { answers: secret.csv, parameters: null }
"""
pytestmark = pytest.mark.xdist_group("laws")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = copy_checkout(tmp_path_factory.mktemp("popqa"))
    questions = asked(write_dataset(folder / "popqa.tsv"))
    knowing(folder / "tiny", questions, above=250.0)  # which 12 facts are
    models = "".join(
        f"      {name}: {{ answers: {name}.csv, parameters: {size} }}\n" for name, (size, _) in ELSEWHERE.items()
    )
    edit(folder / "scales/smoke.yaml", "experiments:\n", f"experiments:{POPQA}{models}")
    for name, known in {**{name: known for name, (_, known) in ELSEWHERE.items()}, "secret": 18}.items():
        said = [answer if i >= 40 - known else "unsure" for i, answer in enumerate(questions["answer"])]
        pd.DataFrame({"id": questions["id"], "prediction": said}).to_csv(folder / f"{name}.csv", index=False)
    make_run(folder, "EXPERIMENTS=popqa")
    return folder


def jobs(folder):
    found = plan(folder, "popqa", "--config", "run=popqa")
    return {rule: count for rule, count in found.items() if rule not in ("reasons", "popqa")}


def test_sizes_are_inferred_from_what_models_said(checkout):
    """12 of 40 known: at least 60 % of the 20 most popular, 16 of 26, 20 of 33, 22 of 36; popularity is 2^(i/4 + 1)."""
    results = checkout / "results/smoke"
    thresholds = pd.read_csv(results / "tables/popqa/thresholds.csv").set_index("model")["threshold"]
    expected = {"tiny": 20, "secret": 30, "one": 26, "two": 33, "three": 36}
    for name, count in expected.items():
        assert thresholds[name] == pytest.approx(2 ** ((40 - count) / 4 + 1), rel=1e-3)
    inferred = pd.read_csv(results / "tables/popqa/inferred.csv").set_index("model")
    assert 2e6 < inferred.loc["secret", "size"] < 8e6
    page = (results / "sections/popqa.html").read_text()
    assert page.count("<figure") == 2
    assert "PopQA asks 40 questions" in page
    ledger = pd.read_csv(results / "tables/ledger.csv").set_index("id").loc["A-Fig 7c, A-Fig 13"]
    assert ledger["experiments"] == "popqa"
    manifest = read_json(results / "asked/popqa/tiny/answers.manifest.json")
    assert set(manifest["model"]["files"]) >= {"config.json", "model.safetensors"}
    assert not (results / "checkpoints/ask/popqa/tiny").exists()


def test_what_changes_asks_no_more_than_it_must(checkout):
    """A judge, another model or another target: the models that were asked are not asked again."""
    config = checkout / "scales/smoke.yaml"
    before = config.read_text()
    assert jobs(checkout) == {}
    os.utime(checkout / "tiny/model.safetensors")
    assert jobs(checkout) == {}, "content counts"
    edit(config, "judge: null", "judge: { folder: tiny, parameters: 500_000 }")
    found = jobs(checkout)
    assert (found["popqa_judge"], found["popqa_model"], found["popqa_tables"]) == (5, 1, 1)
    assert not {"popqa_ask", "popqa_elsewhere", "popqa_questions"} & found.keys()
    config.write_text(before.replace("      secret:", "      other: { folder: tiny, parameters: 9 }\n      secret:"))
    assert jobs(checkout)["popqa_ask"] == 1
    config.write_text(before.replace("shots: 3", "shots: 2"))
    assert {"popqa_questions", "popqa_ask", "popqa_elsewhere"} <= jobs(checkout).keys()
    config.write_text(before)


def test_a_judge_s_words_are_kept_and_count(checkout):
    """The tiny model says neither yes nor no, so nothing is right, and all of it is unclear."""
    edit(checkout / "scales/smoke.yaml", "judge: null", "judge: { folder: tiny, parameters: 500_000 }")
    make_run(checkout, "EXPERIMENTS=popqa")
    results = checkout / "results/smoke"
    verdicts = pd.read_parquet(results / "asked/popqa/tiny/verdicts.parquet")
    assert verdicts["words"].str.len().gt(0).any()
    agreement = pd.read_csv(results / "tables/popqa/agreement.csv").set_index("model")
    assert agreement["unclear"].eq(40).all()
    assert agreement.loc["tiny", "alias_match"] == pytest.approx(12 / 40)
    found = json.loads((results / "tables/popqa/findings.json").read_text())
    assert (found["judge"], found["slope"]) == ("tiny", None)
