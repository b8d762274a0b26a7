"""``phasemix mix search``: a plan for any trainer, its runs read back, a mixture; and what it refuses."""

import json

import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.cli import run
from phasemix.search.problem import Scale
from tests.mixers.world import DOMAINS, NAMES, losses, objective

SMALL = ["--size", "1e5", "--tokens", "8e6", "--small-size", "2e4", "--small-tokens", "2e6"]


@pytest.fixture
def domains(tmp_path):
    pd.DataFrame({"domain": NAMES, "tokens": DOMAINS.tokens}).to_csv(tmp_path / "domains.csv", index=False)
    return str(tmp_path / "domains.csv")


def search(domains, tmp_path, *more, mixer="transfer"):
    run(["mix", "search", domains, "--mixer", mixer, *SMALL, "--out", str(tmp_path / "out"), *map(str, more)])


def trained(plan, tmp_path):
    """The table of runs that training the plan would leave, four rows a run."""
    rows = []
    for one in pd.read_csv(plan).to_dict("records"):
        if isinstance(one.get("controller"), str):  # which moves a tenth from the last domain to the first
            one |= {f"mix.{NAMES[0]}": one[f"mix.{NAMES[0]}"] + 0.1, f"mix.{NAMES[-1]}": one[f"mix.{NAMES[-1]}"] - 0.1}
        mixture = [one[f"mix.{name}"] for name in NAMES]
        for part in (0.25, 0.5, 0.75, 1.0):
            scale = Scale(one["size"], part * one["tokens"])
            found = dict(zip((f"loss.{name}" for name in NAMES), losses(mixture, scale), strict=True))
            mixed = {f"mix.{name}": one[f"mix.{name}"] for name in NAMES}
            rows.append({"run": one["run"], "size": one["size"], "step": scale.tokens, **mixed, **found})
    path = tmp_path / "runs.csv"
    before = [pd.read_csv(path)] if path.exists() else []
    pd.concat([*before, pd.DataFrame(rows)]).to_csv(path, index=False)
    return path


def test_from_a_plan_to_a_mixture(domains, tmp_path, capsys):
    search(domains, tmp_path, "--small-runs", 12)
    shown = capsys.readouterr().out
    plan = pd.read_csv(tmp_path / "out/plan.csv")
    assert "transfer asks for 12 runs, which cost 60 % of the target's run" in shown
    assert len(plan) == 12
    assert plan[[f"mix.{name}" for name in NAMES]].sum(axis=1).tolist() == pytest.approx([1] * 12)
    search(domains, tmp_path, "--small-runs", 12, "--runs", trained(tmp_path / "out/plan.csv", tmp_path))
    found = json.loads((tmp_path / "out/mixture.json").read_text())
    assert objective([found["mixture"][name] for name in NAMES]) < 1.789
    assert found["cost"]["of_target"] == pytest.approx(0.6)
    assert found["predicted"].keys() == set(NAMES)
    assert len(found["runs"]) == 12
    shown = capsys.readouterr()
    assert "the search cost 60 % of the target's run" in shown.out
    assert "note: the law says nothing of another size" in shown.err


def test_rounds_follow_each_other(domains, tmp_path, capsys):
    search(domains, tmp_path, "--small-runs", 4, mixer="doremi")
    assert pd.read_csv(tmp_path / "out/plan.csv")["run"].tolist() == ["doremi-reference"]
    assert "1 run, which cost 10 % of the target's run (all 2 rounds: 20 %)" in capsys.readouterr().out
    runs = trained(tmp_path / "out/plan.csv", tmp_path)
    search(domains, tmp_path, "--small-runs", 4, "--runs", runs, mixer="doremi")
    [proxy] = pd.read_csv(tmp_path / "out/plan.csv").to_dict("records")
    assert (proxy["run"], proxy["controller"], proxy["reference"]) == ("doremi-proxy", "doremi", "doremi-reference")
    assert not (tmp_path / "out/mixture.json").exists()
    runs = trained(tmp_path / "out/plan.csv", tmp_path)
    search(domains, tmp_path, "--small-runs", 4, "--runs", runs, mixer="doremi")
    found = json.loads((tmp_path / "out/mixture.json").read_text())
    assert found["mixer"] == "doremi"
    assert list(found["mixture"].values()) == pytest.approx([1 / 3 + 0.1, 1 / 3, 1 / 3 - 0.1])


def test_a_mixer_that_needs_no_runs_chooses_at_once(domains, tmp_path, capsys):
    search(domains, tmp_path, "--epochs", 1, mixer="unimax")
    assert json.loads((tmp_path / "out/mixture.json").read_text())["mixture"]["books"] == pytest.approx(1 / 8)
    assert "cost 0 %" in capsys.readouterr().out
    search(domains, tmp_path, "--option", "warmup=1e6", mixer="ado")
    steering = json.loads((tmp_path / "out/mixture.json").read_text())["steering"]
    assert steering == {"controller": "ado", "options": {"warmup": 1e6}, "reference": None, "graph": None}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda runs: runs.assign(size=4e4), "swarm-centre has size 40000, and the plan says 20000: compare runs of"),
        (
            lambda runs: runs.assign(tokenizer=["a"] * 4 + ["b"] * (len(runs) - 4)),
            "runs with the tokenizers a, b: losses per token of one cannot be compared with those of another",
        ),
    ],
    ids=["another size", "another tokenizer"],
)
def test_runs_that_do_not_fit_the_plan_are_refused(domains, tmp_path, change, line):
    search(domains, tmp_path, "--small-runs", 12)
    path = trained(tmp_path / "out/plan.csv", tmp_path)
    change(pd.read_csv(path)).to_csv(path, index=False)
    with pytest.raises(PhasemixError, match=line):
        search(domains, tmp_path, "--small-runs", 12, "--runs", path)
    assert not (tmp_path / "out/mixture.json").exists()


def planned_runs(tmp_path):
    return pd.read_csv(tmp_path / "out/plan.csv")["run"].tolist()


@pytest.mark.parametrize("how", ["lost", "diverged"])
def test_a_law_asks_again_for_a_run_that_is_missing_and_no_other(domains, tmp_path, how, capsys):
    search(domains, tmp_path, "--small-runs", 12)
    path = trained(tmp_path / "out/plan.csv", tmp_path)
    runs = pd.read_csv(path)
    centre = runs["run"] == "swarm-centre"
    if how == "lost":
        runs = runs[~centre]
    else:
        runs.loc[centre, [f"loss.{name}" for name in NAMES]] = None
    runs.to_csv(path, index=False)
    search(domains, tmp_path, "--small-runs", 12, "--runs", path)
    assert planned_runs(tmp_path) == [{"lost": "swarm-centre", "diverged": "swarm-centre-2"}[how]]
    assert ("left out swarm-centre: without any loss of some domain" in capsys.readouterr().err) == (how == "diverged")
    search(domains, tmp_path, "--small-runs", 11, "--runs", path)
    assert (tmp_path / "out/mixture.json").exists(), "one may be content with those that there are"


def test_a_row_without_a_loss_is_left_out_and_its_domain_is_not(domains, tmp_path, capsys):
    search(domains, tmp_path, "--small-runs", 12)
    path = trained(tmp_path / "out/plan.csv", tmp_path)
    runs = pd.read_csv(path)
    runs.loc[5, f"loss.{NAMES[0]}"] = None
    runs.to_csv(path, index=False)
    search(domains, tmp_path, "--small-runs", 12, "--runs", path)
    assert "note: left out 1 rows that lack a loss" in capsys.readouterr().err
    assert json.loads((tmp_path / "out/mixture.json").read_text())["mixture"][NAMES[0]] > 0.05


def test_a_law_keeps_its_runs_when_a_domain_is_added(domains, tmp_path, capsys):
    """Twelve runs of three domains hold; an equal part of twelve reads the fourth."""
    search(domains, tmp_path, "--small-runs", 12)
    path = trained(tmp_path / "out/plan.csv", tmp_path)
    more = pd.read_csv(domains)
    more = pd.concat([more, pd.DataFrame({"domain": ["new"], "tokens": [10**9]})])
    more.to_csv(domains, index=False)
    search(domains, tmp_path, "--small-runs", 12, "--runs", path)
    assert "no earlier run read new: counted as 0 there" in capsys.readouterr().err
    plan = pd.read_csv(tmp_path / "out/plan.csv")
    assert len(plan) == 3
    assert (plan["mix.new"] > 0.2).all()
    assert not set(plan["run"]) & set(pd.read_csv(path)["run"])
    losses = {f"loss.{name}": 2.0 for name in (*NAMES, "new")}
    mixed = plan[["run", "size", *(f"mix.{name}" for name in (*NAMES, "new"))]].assign(step=plan["tokens"], **losses)
    both = pd.concat([pd.read_csv(path).assign(**{"mix.new": 0}), mixed])
    both.to_csv(path, index=False)
    with pytest.raises(
        PhasemixError, match="the runs have no loss on new: evaluate all of them on it, or give --weight"
    ):
        search(domains, tmp_path, "--small-runs", 12, "--runs", path)
    assert not (tmp_path / "out/mixture.json").exists()


def test_a_law_begins_anew_where_no_run_holds_when_a_domain_is_removed(domains, tmp_path, capsys):
    search(domains, tmp_path, "--small-runs", 12)
    path = trained(tmp_path / "out/plan.csv", tmp_path)
    pd.read_csv(domains).iloc[:2].to_csv(domains, index=False)
    search(domains, tmp_path, "--small-runs", 8, "--runs", path)
    assert f"every run read {NAMES[2]}, which is no domain any more" in capsys.readouterr().err
    assert len(planned_runs(tmp_path)) == 8
    assert not set(planned_runs(tmp_path)) & set(pd.read_csv(path)["run"])


def test_losses_count_by_their_weight(domains, tmp_path):
    found = {}
    for name in NAMES[:2]:
        search(domains, tmp_path, "--small-runs", 12)
        path = trained(tmp_path / "out/plan.csv", tmp_path)
        search(domains, tmp_path, "--small-runs", 12, "--runs", path, "--weight", f"{name}=3")
        found[name] = json.loads((tmp_path / "out/mixture.json").read_text())["mixture"]
        path.unlink()
    first, second = NAMES[:2]
    assert found[first][first] > found[second][first]
    with pytest.raises(PhasemixError, match="--weight book: is no domain; there are"):
        search(domains, tmp_path, "--weight", "book=1")
    nothing = [part for name in NAMES for part in ("--weight", f"{name}=0")]
    with pytest.raises(PhasemixError, match="--weight: all are 0"):
        search(domains, tmp_path, *nothing)


def test_a_loss_of_no_domain_does_not_count(domains, tmp_path):
    search(domains, tmp_path, "--small-runs", 12)
    path = trained(tmp_path / "out/plan.csv", tmp_path)
    search(domains, tmp_path, "--small-runs", 12, "--runs", path)
    plain = json.loads((tmp_path / "out/mixture.json").read_text())
    runs = pd.read_csv(path)
    runs.assign(**{"loss.bench": 9 - 5 * runs[f"mix.{NAMES[0]}"]}).to_csv(path, index=False)
    search(domains, tmp_path, "--small-runs", 12, "--runs", path)
    found = json.loads((tmp_path / "out/mixture.json").read_text())
    assert list(found["mixture"].values()) == pytest.approx(list(plain["mixture"].values()), abs=0.01)
    assert found["weights"] == dict.fromkeys(NAMES, 1.0)
    assert found["predicted_at"] == {"size": 2e4, "tokens": 8e6}, "all runs had one size, and several steps"


def test_a_search_that_costs_more_than_the_target_is_told(domains, tmp_path, capsys):
    run(["mix", "search", domains, "--mixer", "bimix", *SMALL[:4], "--out", str(tmp_path / "out")])
    assert (
        "the search costs more than the target's run: give --small-size and --small-tokens" in capsys.readouterr().err
    )


def test_a_loss_that_earlier_runs_do_not_have_is_left_out(domains, tmp_path, capsys):
    search(domains, tmp_path, "--small-runs", 12)
    path = trained(tmp_path / "out/plan.csv", tmp_path)
    runs = pd.read_csv(path)
    runs.assign(**{"loss.new": [None] * 40 + [2.0] * (len(runs) - 40)}).to_csv(path, index=False)
    search(domains, tmp_path, "--small-runs", 12, "--runs", path)
    assert json.loads((tmp_path / "out/mixture.json").read_text())["predicted"].keys() == set(NAMES)
    assert "note: not every run has loss.new: left out; evaluate the earlier models" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ({"name": ["a", "b"]}, "lacks the column domain"),
        ({"domain": ["a"]}, "has 1 domains; a mixture needs two or more"),
        ({"domain": ["a", "a"]}, "names the domain a twice"),
        ({"domain": ["a", "b"], "tokens": [1, 0]}, "domain b: tokens = 0 must be above 0"),
        ({"domain": ["a", "b"], "tokens": [1, "x"]}, "domain b: tokens = 'x' is not a finite number"),
    ],
)
def test_tables_of_domains_that_are_wrong(tmp_path, table, line):
    pd.DataFrame(table).to_csv(tmp_path / "domains.csv", index=False)
    with pytest.raises(PhasemixError, match=line):
        search(str(tmp_path / "domains.csv"), tmp_path, mixer="uniform")


def test_what_cannot_be_done_is_refused_before_anything_is_trained(domains, tmp_path):
    with pytest.raises(PhasemixError, match=r"0.001 epochs of all domains are .*: allow more epochs or fewer tokens"):
        search(domains, tmp_path, "--epochs", "0.001")
    with pytest.raises(PhasemixError, match=r"autoscale extrapolates to longer runs: the target reads 1e\+06 tokens"):
        search(domains, tmp_path, "--small-runs", 14, "--tokens", "1e6", mixer="autoscale")
    with pytest.raises(SystemExit):
        search(domains, tmp_path, "--small-runs", 0)
    assert not (tmp_path / "out/plan.csv").exists()


@pytest.mark.parametrize(
    ("mixer", "runs", "line"),
    [
        ("additive", 6, "has 7 parameters a domain and needs more rows than that; there are 6; measure losses at 2 or"),
        ("bimix", 12, "needs a column step with more than one value; measure losses at 2 or more steps of every run"),
        ("cliff", 12, "needs a domain of facts: a column facts.<domain> with their bits"),
        (
            "regmix-lightgbm",
            12,
            "needs 40 rows, because a leaf holds 20 at least; there are 12; measure losses at 4 or",
        ),
        ("data-mixing-laws", 3, "has 4 parameters a domain and needs more rows than that; there are 3"),
    ],
)
def test_what_a_law_needs_beside_the_last_losses_is_told_before_anything_is_trained(
    domains, tmp_path, mixer, runs, line, capsys
):
    search(domains, tmp_path, "--small-runs", runs, mixer=mixer)
    law = "exponential" if mixer == "data-mixing-laws" else mixer
    assert f"note: the last losses of the runs are not enough: {law} {line}" in capsys.readouterr().err


def test_a_law_that_needs_no_more_than_the_last_losses_says_nothing(domains, tmp_path, capsys):
    search(domains, tmp_path, "--small-runs", 12)
    assert capsys.readouterr().err == ""


def test_the_last_loss_of_a_run_is_that_of_its_last_step(domains, tmp_path):
    """In whichever order its rows are."""
    found = []
    for backwards in (False, True):
        search(domains, tmp_path, "--small-runs", 14, mixer="autoscale")
        path = trained(tmp_path / "out/plan.csv", tmp_path)
        runs = pd.read_csv(path)
        (runs[::-1] if backwards else runs).to_csv(path, index=False)
        search(domains, tmp_path, "--small-runs", 14, "--runs", path, mixer="autoscale")
        found.append(json.loads((tmp_path / "out/mixture.json").read_text())["mixture"])
        path.unlink()
    assert found[0] == found[1]


def test_a_mixer_that_draws_documents_by_influence_says_so_in_its_plan(domains, tmp_path, capsys):
    search(domains, tmp_path, "--small-runs", 2, mixer="duet")
    said = "in every run after duet-00, the target's too, draw documents by what `phasemix mix influences` says"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("mixer", "option", "line"),
    [
        ("doremi", "rate", "--option rate: write NAME=NUMBER"),
        ("doge", "mu=-1", r"mixer doge: mu must be more than 0, not -1; its options: mu \(0.05\)"),
        ("aioli", "mach=1", r"mixer aioli: .*'mach'; its options: rate \(1\), much \(0.75\)"),
        ("uniform", "much=1", "mixer uniform: .*; its options: none"),
    ],
)
def test_options_that_are_no_numbers_or_do_not_fit(domains, tmp_path, mixer, option, line):
    with pytest.raises(PhasemixError, match=line):
        search(domains, tmp_path, "--option", option, mixer=mixer)


def test_a_file_is_no_folder_to_write_to(domains, tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(PhasemixError, match="out: is a file, and a folder is written"):
        search(domains, tmp_path)


def test_help_says_of_every_mixer_what_it_needs_costs_and_assumes(capsys):
    with pytest.raises(SystemExit):
        run(["mix", "--help"])
    shown = capsys.readouterr().out
    assert "  doremi\n    needs    two small runs that follow each other" in shown
    assert "    options  mu=0.05\n" in shown
    assert shown.count("    assumes  ") == shown.count("    from     ") >= 25
