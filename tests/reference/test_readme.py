"""What the README says of a run is what the kept results hold."""

import re
from pathlib import Path

import pandas as pd
import pytest

from phasemix.base.files import read_json
from phasemix.claims.ledger import write_ledger
from phasemix.reference.keep import index, kept_findings

ROOT = Path(__file__).parent.parent.parent
KEPT = ROOT / "docs/results/laptop/transition"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_links_and_pictures_are_there():
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", README)
    assert any("phase_diagram.png" in target for target in targets)
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_caption_of_the_picture_is_true():
    found = read_json(KEPT / "tables/findings.json")
    runs = pd.read_csv(KEPT / "tables/transition.csv")
    models, people, tokens, floor = re.search(
        r"with which (\d+) small models recall facts about (\d+)\s+invented people, after ([\d.]+) million tokens each."
        r"\s+A blind guesser reaches\s+([\d.]+) %",
        README,
    ).groups()
    own = runs[runs["tokens"] == found["tokens"]]
    assert (int(models), int(people)) == (len(own), own["subjects"].max())
    assert round(float(tokens) * 1e6, -5) == round(found["tokens"], -5)
    assert floor == f"{100 * own['floor'].max():.1f}"


@pytest.mark.parametrize(
    ("experiments", "command"),
    [
        ("transition", r"`make reproduce` \| the headline"),
        *(
            (name, rf"`make reproduce EXPERIMENTS={name}`")
            for name in ("seeds", "sizes", "horizon", "threshold", "people", "strategies", "ablation", "reasoning")
        ),
        *((name, rf"`make reproduce EXPERIMENTS={name}`") for name in ("bimix", "design", "meeting", "mixers")),
        ("pretrained,continual,continual_synbio", r"`make reproduce EXPERIMENTS=continual,continual_synbio`"),
        ("regmix", r"`make reproduce EXPERIMENTS=regmix`"),
    ],
)
def test_the_time_of_experiments_is_that_of_their_jobs(experiments, command):
    """Said in whole minutes; beside these, they need corpora, compilation and Snakemake itself."""
    runs = [read_json(KEPT.parent / name / "run.json") for name in experiments.split(",")]
    [minutes] = re.findall(rf"^\| {command}.*\| (\d+) min[^|]*\|$", README, re.MULTILINE)
    jobs = sum(sum(run["seconds"].values()) / 60 / run["machine"]["cores"] for run in runs)
    assert jobs - 0.5 <= int(minutes) <= 1.5 * jobs + 1


def test_the_error_of_our_law_on_published_runs_is_that_of_its_table():
    table = pd.read_csv(KEPT.parent / "regmix/tables/1B-folds.csv")
    [percent] = re.findall(r"mean relative error of ([\d.]+) %\s+\(8-fold", README)
    mean = table.loc[table["law"] == "transfer", "mean_relative_error"].mean()
    assert float(percent) == round(100 * mean, 2)


def test_what_laws_do_on_mixtures_that_fill_the_simplex_is_what_was_measured():
    found = read_json(KEPT.parent / "design/tables/findings.json")
    law, best = next(iter(found["mixtures"].items()))
    text = " ".join(README.split())
    said = r"predicts unseen ones within ([\d.]+) % \(`(\w+)`; ([\d.]+) % between the corners, ([\d.]+) % in them\)"
    error, name, between, corners = re.search(said, text).groups()
    assert (name, float(error), float(between)) == (
        law,
        round(100 * best["error"], 2),
        round(100 * best["places"]["inner"], 2),
    )
    assert float(corners) == round(100 * best["places"]["corners"], 1)
    six = {setting: round(100 * found["six"][setting]["bimix"], 1) for setting in ("paper B's, one seed", "designed")}
    assert re.search(r"lie close together \(([\d.]+) %, ([\d.]+) % on as many", text).groups() == tuple(
        map(str, six.values())
    )


def test_the_kept_ledger_is_what_claims_say_of_what_is_kept(tmp_path):
    write_ledger(tmp_path / "ledger.csv", kept_findings(KEPT.parent))
    assert (tmp_path / "ledger.csv").read_text() == (KEPT.parent / "ledger.csv").read_text()


def test_the_page_of_kept_results_shows_them_all():
    page = (KEPT.parent / "README.md").read_text(encoding="utf-8")
    assert page == index(KEPT.parent)
    targets = re.findall(r"\]\(([^)]+)\)", page)
    assert [target for target in targets if not (KEPT.parent / target).exists()] == []
    assert sum(target.endswith(".png") for target in targets) == len(list(KEPT.parent.glob("*/figures/*.png")))


@pytest.mark.parametrize("experiment", sorted(path.name for path in (ROOT / "docs/results/laptop").glob("*/")))
def test_every_kept_experiment_says_what_made_it(experiment):
    run = read_json(ROOT / "docs/results/laptop" / experiment / "run.json")
    assert all(re.fullmatch(r"[0-9a-f]{40}", commit) for commit in run["commit"])
    assert run["machine"]["processor"]
