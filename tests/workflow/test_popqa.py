"""PopQA through Snakemake, offline: a tiny model in a folder, others that were asked elsewhere, and a tiny judge."""

import os
import shutil

import pandas as pd
import pytest

from phasemix.base.files import read_json
from tests.popularity.popqa.world import asked, judging, knowing, write_dataset
from tests.workflow.checkout import SMOKE, copy_checkout, edit, make_run, plan, snakemake

KNOWN = {"one": 16, "two": 20, "three": 22, "secret": 18}  # popular facts, to models that were asked elsewhere
POPQA = """
  popqa:
    kind: popqa
    dataset: { file: popqa.tsv }
    shots: 3
    max_new_tokens: 8
    judge: { folder: judge, parameters: 500_000 }
    models:
      tiny: { folder: tiny, parameters: 500_000, family: Tiny }
      secret: { answers: secret.csv, parameters: null }
      one: { answers: one.csv, parameters: 2_000_000 }
      two: { answers: two.csv, parameters: 8_000_000 }
      three: { answers: three.csv, parameters: 30_000_000 }
"""
pytestmark = pytest.mark.xdist_group("popqa")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = copy_checkout(tmp_path_factory.mktemp("popqa"))
    questions = asked(write_dataset(folder / "popqa.tsv"))
    knowing(folder / "tiny", questions, above=250.0)  # which 12 facts are
    judging(folder / "judge", questions)
    edit(folder / "scales/smoke.yaml", "experiments:\n", f"experiments:{POPQA}")
    for name, known in KNOWN.items():
        said = [answer if i >= 40 - known else "unsure" for i, answer in enumerate(questions["answer"])]
        pd.DataFrame({"id": questions["id"], "prediction": said}).to_csv(folder / f"{name}.csv", index=False)
    make_run(folder, "EXPERIMENTS=popqa")
    return folder


def test_sizes_are_inferred_from_what_models_said(checkout):
    """12 of 40 known: at least 60 % of the 20 most popular, 16 of 26, 20 of 33, 22 of 36; popularity is 2^(i/4 + 1)."""
    results = checkout / "results/smoke"
    thresholds = pd.read_csv(results / "tables/popqa/thresholds.csv").set_index("model")["threshold"]
    for name, count in {"tiny": 20, "secret": 30, "one": 26, "two": 33, "three": 36}.items():
        assert thresholds[name] == pytest.approx(2 ** ((40 - count) / 4 + 1), rel=1e-3)
    inferred = pd.read_csv(results / "tables/popqa/inferred.csv").set_index("model")
    assert 2e6 < inferred.loc["secret", "size"] < 8e6
    page = (results / "sections/popqa.html").read_text()
    assert page.count("<figure") == 2
    assert "PopQA asks 40 questions" in page
    ledger = pd.read_csv(results / "tables/ledger.csv").set_index("id").loc["A-Fig 7c, A-Fig 13"]
    assert ledger["experiments"] == "popqa"


def test_answers_and_the_judge_s_words_are_kept(checkout):
    results = checkout / "results/smoke"
    answers = pd.read_parquet(results / "asked/popqa/tiny/answers/answers.parquet")
    verdicts = pd.read_parquet(results / "asked/popqa/tiny/verdicts/verdicts.parquet")
    assert verdicts["words"].tolist() == ["Yes" if right else "No." for right in answers["alias_match"]]
    agreement = pd.read_csv(results / "tables/popqa/agreement.csv").set_index("model")
    assert agreement["unclear"].eq(0).all()
    assert agreement["agreement"].eq(1).all()
    assert agreement.loc["tiny", "judged"] == pytest.approx(12 / 40)
    for name, model in (("answers", "tiny"), ("verdicts", "judge")):
        manifest = read_json(results / f"asked/popqa/tiny/{name}/manifest.json")
        assert manifest["model"]["name"] == model
        assert set(manifest["model"]["files"]) >= {"config.json", "model.safetensors"}
    assert not [*results.rglob("*unfinished*")]


def test_what_changes_asks_no_more_than_it_must(checkout):
    config = checkout / "scales/smoke.yaml"
    before = config.read_text()
    os.utime(checkout / "tiny/model.safetensors")
    assert plan(checkout, "popqa", "--config", "run=popqa").keys() == {"reasons"}
    shutil.copytree(checkout / "judge", checkout / "second")
    edit(config, "judge: { folder: judge,", "judge: { folder: second,")
    edit(config, "      secret:", "      other: { folder: tiny, parameters: 9 }\n      secret:")
    found = plan(checkout, "popqa", "--config", "run=popqa")
    assert (found["popqa_ask"], found["popqa_judge"], found["popqa_model"], found["popqa_tables"]) == (1, 6, 2, 1)
    assert not {"popqa_elsewhere", "popqa_questions"} & found.keys()
    config.write_text(before.replace("shots: 3", "shots: 2"))
    assert {"popqa_questions", "popqa_ask", "popqa_elsewhere"} <= plan(checkout, "popqa").keys()
    config.write_text(before)


def test_a_model_that_is_not_given_stops_all_before_any_is_asked(checkout):
    """It is asked for once, as a cluster asks again; all others, which changed shots let answer anew, wait for it."""
    config = checkout / "scales/smoke.yaml"
    before = config.read_text()
    edit(config, "shots: 3", "shots: 2")
    edit(config, "      secret:", "      other: { hub: a/none, revision: main, parameters: 9 }\n      secret:")
    run = ("popqa", "--config", "run=popqa", "--cores", "1", "--keep-going", "--retries", "3", *SMOKE)
    done = snakemake(checkout, *run, "--show-failed-logs", check=False)
    config.write_text(before)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "error: models.other.hub a/none: is not in the cache at revision main" in said
    assert said.count("find out which model other is") == 1
    assert "make their prompts" in said and "ask tiny (popqa)" not in said
