"""The configuration: every mistake is one line that says where, what and what instead."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError
from phasemix.study.mistakes import ConfigError
from phasemix.study.overlays import load, read_config
from tests.conftest import merged

FILES = ["config.yaml", "scales/smoke.yaml"]
DEFAULT = merged(FILES[0])


def unshared(config):
    """A copy in which no section is another's, as anchors of YAML make them."""
    return json.loads(json.dumps(config))


def message(*changes, files=FILES[:1]):
    config = unshared(merged(*files))
    for change in changes:
        change(config)
    with pytest.raises(ConfigError) as error:
        load(config, files)
    assert "\n" not in str(error.value)
    return str(error.value)


def put(path, value):
    """A change that sets the key at ``path``: "a.b.0", or a tuple of keys."""
    if isinstance(path, str):
        path = [int(part) if part.isdigit() else part for part in path.split(".")]

    def change(config):
        *parents, key = path
        for parent in parents:
            config = config[parent]
        config[key] = value

    return change


def only(*names):
    """A change that leaves these experiments alone."""

    def change(config):
        config["experiments"] = {name: config["experiments"][name] for name in names}

    return change


RECIPE, GRID = "experiments.transition.recipe", "experiments.transition.grid"
LINKS = "experiments.horizon.grid.0.tokens"
WRONG = {
    # keys and values that the types refuse
    "sources.web.orign": ("hub", "unknown key; did you mean 'origin'?"),
    f"{RECIPE}.tokns": (1, "unknown key; did you mean 'tokens'?"),
    "models.23k.layres": (1, "unknown key; did you mean 'layers'?"),
    "experiments.transition.critical_acuracy": (0.4, "unknown key; did you mean 'critical_accuracy'?"),
    "experiments.transition.start": ({"rn": "x"}, "start.rn = 'x': unknown key; did you mean 'run'?"),
    "seed": ("zero", "should be a valid integer"),
    "experiments.people.dense.many": ("web", "dense.many = 'web': is no key that can stand here: input should"),
    f"{RECIPE}.micro_batch_size": (0, "greater than 0"),
    f"{RECIPE}.context": (1, "greater than or equal to 2"),
    f"{RECIPE}.tokens": (0, "greater than 0"),
    f"{RECIPE}.peak_learning_rate": ("1e-3", "write 1.0e-3"),
    f"{RECIPE}.schedule": ("linear", "'wsd', 'cosine', 'exponential' or 'constant'"),
    "sources.web.origin": ("hbu", "'installed', 'hub' or 'files'"),
    "sources.synbio-120.heldout_templates": (5, "less than 5"),
    f"{GRID}.0.seeds": ([], "at least 1 item"),
    "experiments.transition.critical_accuracy": (True, "valid number"),
    "models.23k.width": (18, "multiple of 2 × heads"),
    "scale": ("a/b", "must begin with a letter or digit and hold only"),
    # names of folders
    "sources.web.task": ("txt", "is not known; did you mean 'text'? allowed: maximum, slope"),
    "experiments.transition.kind": ("transiton", "is not known; did you mean 'transition'? allowed: ablation, bimix, "),
    "sources.synbio-120.task": (7, "is not known; allowed: maximum, slope"),
    # what a source says of itself
    "sources.web.installed.packages.0": ("nmpy", "is not installed"),
    "sources.synbio-120.people": (70_000, "more than the 4096 unique names"),
    "sources.synbio-120.values.majors": (101, "must be from 1 to 100"),
    "sources.synbio-120.values.employers": (0, "must be from 1 to 263"),
    "sources.synbio-120.values.birth_years": ([1999, 1900], "in this order"),
    "sources.synbio-120.groups": ({"count": 7, "exponent": 1.5}, "groups.count = 7: must divide the 120 people evenly"),
    "sources.metadata.installed.packages": (["numpy", "nmpy"], "installed.packages.1 = 'nmpy': is not installed"),
    "sources.code.installed.part": ("tets", "'docstrings', 'code', 'tests', 'headers', 'stubs' or 'metadata'"),
    f"{RECIPE}.betas": ([0.9, 1.0], "less than 1"),
    # tokenizers
    "tokenizers.laptop.origin": ("hub", "needs the section hub"),
    "tokenizers.laptop.train.shares": ({"web": 0.2, "synbio-5": 0.8}, "names none of the sources; did you mean"),
    "tokenizers.laptop.train.shares.web": (0.3, "shares: must sum to 1"),
    # hardware
    "hardware.cells": ({"59k": {"devices": 2}}, "hardware.cells.59k: names none of the models; did you mean '58k'?"),
    "hardware.cells.23k": ({"devices": 3}, "gives 3 devices, which cannot share the batch of transition, 16 rows"),
    "hardware_file": ("no.yaml", "no such file"),
    # experiments
    "experiments.transition.dense": ("synbio-1200", "names none of the sources; did you mean 'synbio-120'?"),
    "experiments.transition.base": ("synbio-120", "is the dense source itself"),
    "experiments.transition.tokenizer": ("lapto", "names none of the tokenizers; did you mean 'laptop'?"),
    f"{GRID}.0.ratios.1": (1.5, "must be from 0 to 1"),
    f"{GRID}.0.sizes.0": ("59k", "names none of the models; did you mean '58k'?"),
    "experiments.horizon.grid": (
        [{"sizes": ["23k"], "ratios": [0.2], "seeds": [0]}],
        "must be given: the horizons, tokens to train every cell for",
    ),
    f"{LINKS}.0": (0, "greater than 0"),
    "experiments.regmix.folds": (0, "greater than 0"),
    # evaluations
    "evaluation.curve.loss_tokens": (100, "at least the context, 128 tokens"),
    "evaluation.loss_tokens": (100, "at least the context, 128 tokens"),
    "evaluation.questions": ("heldout", "needs a source with wordings that training never shows (heldout_templates)"),
    "evaluation.curve.questions": ("heldout", "needs a source with wordings that training never shows"),
    "experiments.transition.evaluation": (
        {"curve": {"loss_tokens": 100}}, "experiments.transition.evaluation.curve.loss_tokens = 100: must be at least",
    ),
}  # fmt: skip
TOLD_ELSEWHERE = {"tokenizers.laptop.train.shares.web", "models.23k.width"}
TOLD_ELSEWHERE |= {"hardware.cells.23k"}


@pytest.mark.parametrize(("key", "wrong"), WRONG.items())
def test_a_mistake_names_file_key_value_and_remedy(key, wrong):
    value, remedy = wrong
    found = message(put(key, value))
    assert found.startswith("config.yaml: ")
    assert key.rpartition(".")[0] in found
    assert remedy in found
    if not isinstance(value, list | dict | bool) and key not in TOLD_ELSEWHERE:
        assert f"{key} = {value!r}" in found


def test_horizons_need_a_schedule_with_a_trunk_and_a_cooldown_behind_the_warm_up():
    cell = "config.yaml: experiments.horizon: 31k, ratio 0.4, seed 0, tokens "
    found = message(put("experiments.horizon.recipe.schedule", "cosine"))
    assert found == f"{cell}1,450,000 has the schedule cosine, and runs of it share no trunk"
    found = message(put(LINKS, [400_000, 1_400_000]))
    assert found == f"{cell}400,000 has its cooldown within the warm-up steps"
    found = message(put("experiments.horizon.recipe.warmup_fraction", 0.02))
    assert found == (
        f"{cell}1,450,000 shares its warm-up with other horizons, so it needs warmup_steps: it is no fraction of each"
    )


def test_held_out_wordings_may_be_asked_for_where_a_source_holds_some_out():
    config = copy.deepcopy(DEFAULT)
    heldout = put("evaluation.questions", "heldout"), put("sources.synbio-120.heldout_templates", 2)
    for change in (*heldout, only("transition", "horizon")):
        change(config)
    assert load(config).evaluation.questions == "heldout"


def test_a_seed_that_no_integer_of_a_machine_holds_is_refused_by_name():
    assert message(put("seed", 10**25)).startswith("config.yaml: seed = 10000000000000000000000000: ")
    assert load(DEFAULT | {"seed": 2**63 - 1}).seed == 2**63 - 1


@pytest.mark.parametrize(
    ("run", "problem"),
    [
        (["transitoin"], "'transitoin' names none of the experiments; did you mean 'transition'?"),
        ("transition,transitoin", "'transitoin' names none of the experiments; did you mean 'transition'?"),
        (["transition", "transition"], "names an experiment twice"),
        (5, "must be all, or names of experiments"),
        ([1], "must be all, or names of experiments"),
        (None, "must be all, or names of experiments"),
    ],
)
def test_what_the_study_runs_is_named_by_experiments(run, problem):
    found = message(put("run", run))
    assert found.startswith("config.yaml: run")
    assert problem in found


def test_names_may_be_joined_as_a_command_line_gives_them():
    assert list(load(DEFAULT | {"run": "transition, horizon"}).running) == ["transition", "horizon"]
    assert list(load(DEFAULT | {"run": "all"}).running) == list(DEFAULT["experiments"])
    assert list(load(DEFAULT | {"run": []}).running) == []


def test_too_little_text_for_seen_once_each_is_arithmetic():
    once = put("sources.web.repeat", False), put("sources.web.train_tokens", 2_000_000)
    grid = [{"sizes": ["23k"], "ratios": [0.025], "seeds": [0]}]
    changes = [*once, only("transition", "horizon"), put(GRID, grid), put(f"{RECIPE}.tokens", 2_048_000 * 2)]
    found = message(*changes)
    assert found.startswith(
        "config.yaml: experiments.transition: 23k, ratio 0.025, seed 0: of 4,096,000 tokens in whole "
    )
    assert f"in whole segments {round(0.975 * 63 * 2**16):,} are of web, seen once each" in found
    assert "sources.web.train_tokens is 2,000,000" in found
    other = unshared(DEFAULT)
    short = put("experiments.horizon.grid", [grid[0] | {"tokens": [1_000_000]}])
    for change in (*changes, short, put("run", ["horizon"])):
        change(other)
    assert list(load(other).running) == ["horizon"]  # what is not run needs none


def test_text_that_repeats_always_suffices():
    config = copy.deepcopy(DEFAULT)
    put("sources.web.train_tokens", 100_000)(config)
    assert load(config).source("web").repeats


def test_the_hub_must_be_asked_for_enough_text():
    def change(config):
        config["sources"]["web"] |= {"origin": "hub", "train_tokens": 10**9}
        config["sources"]["web"]["hub"] = {"dataset": "a/b", "revision": "0" * 40, "megabytes": 5}

    assert "sources.web.train_tokens = 1000000000: is more than the 5 MB" in message(change)


def test_a_revision_must_be_a_commit():
    hub = {"dataset": "a/b", "revision": "main", "megabytes": 5}
    assert "sources.web.hub.revision = 'main'" in message(put("sources.web.hub", hub))
    start = {"hub": "EleutherAI/pythia-14m", "revision": "main"}
    found = message(put("experiments.transition.start", start))
    assert "transition.start.revision = 'main': must be a full commit hash, or a step" in found


@pytest.mark.parametrize(
    ("start", "problem"),
    [
        ({}, "start needs one of run, a folder; experiment, a name; hub, the name of a model"),
        ({"run": "a", "experiment": "b"}, "start needs one of run"),
        (
            {"run": "a", "hub": "b", "revision": "0" * 40},
            "start needs one of run, a folder; experiment, a name; hub, the name of a model",
        ),
        ({"hub": "b"}, "is pinned by revision"),
        ({"run": "a", "revision": "0" * 40}, "is pinned by revision"),
    ],
)
def test_a_run_starts_from_one_place(start, problem):
    found = message(put("experiments.transition.start", start))
    assert found.startswith("config.yaml: experiments.transition.start: ")
    assert problem in found


@pytest.mark.parametrize(
    ("start", "problem"),
    [
        ("horizons", "is no experiment that trains cells; did you mean 'horizon'?"),
        ("regmix", "is no experiment that trains cells"),
        ("horizon", "has 0 cells of size 23k and seed 0; it must have one"),
        ("transition", "has 2 cells of size 23k and seed 0; it must have one"),
    ],
)
def test_cells_start_from_those_of_an_experiment_that_has_one_for_each(start, problem):
    grid = put(GRID, [{"sizes": ["23k"], "ratios": [0.2, 0.4], "seeds": [0]}])
    found = message(grid, put("experiments.transition.start", {"experiment": start}))
    assert found.startswith(f"config.yaml: experiments.transition.start.experiment = {start!r}: {problem}")


MIXTURES = {
    "kind": "mixtures",
    "tokenizer": "laptop",
    "recipe": {"tokens": 200_000, "batch_size": 16, "context": 128, "warmup_steps": 8},
    "sizes": ["23k"],
    "seeds": [0],
}
EVEN = {"synbio-120": 0.5, "web": 0.5}


@pytest.mark.parametrize(
    ("mixture", "problem"),
    [
        ({"phases": [{"proportions": {"web": 0.5}}]}, "the proportions of web sum to 0.5, not to 1"),
        (
            {"phases": [{"proportions": EVEN, "until": 30_000}, {"proportions": EVEN}]},
            "23k, mixture odd, seed 0: a phase of its mixture has no place: mixtures change every 65,536 tokens",
        ),
        ({"phases": [{"proportions": EVEN, "until": 300_000}, {"proportions": EVEN}]}, "a phase of its mixture has no"),
        (
            {"phases": [{"proportions": EVEN}], "steering": {"controller": "exponential", "every_tokens": 10}},
            "steering.controller = 'exponential': is no controller; there are ado, aioli, doge, doremi, exponentiated-",
        ),
        (
            {"phases": [{"proportions": EVEN}], "steering": {"controller": "doremi", "every_tokens": 10}},
            "steering.reference: is missing, which the controller doremi needs",
        ),
        (
            {
                "phases": [{"proportions": EVEN}],
                "steering": {"controller": "doge", "every_tokens": 10, "graph": "graph.json"},
            },
            "steering.graph = 'graph.json': is not used by the controller doge; leave it out",
        ),
        (
            {
                "phases": [{"proportions": EVEN}],
                "steering": {"controller": "exponentiated-gradient", "every_tokens": 10, "options": {"rat": 1.0}},
            },
            "steering.options: do not fit the controller exponentiated-gradient: ",
        ),
    ],
)
def test_mixtures_that_no_run_could_read_are_refused(mixture, problem):
    found = message(put("experiments.odd", MIXTURES | {"mixtures": {"odd": mixture}}), put("run", ["odd"]))
    assert found.startswith("config.yaml: experiments.odd")
    assert problem in found


def test_a_steered_mixture_may_need_all_its_tokens_of_any_source():
    steering = {"controller": "exponentiated-gradient", "every_tokens": 65_536}
    mixtures = {"steered": {"phases": [{"proportions": EVEN}], "steering": steering}}
    less = put("sources.web.train_tokens", 150_000), put("sources.web.repeat", False)
    only = put("run", ["odd"])
    found = message(put("experiments.odd", MIXTURES | {"mixtures": mixtures}), *less, only)
    assert "of 200,704 tokens in whole segments 262,144 may be of web, seen once each" in found


def test_experiments_must_not_wait_for_each_other():
    def change(config):
        one = {"sizes": ["58k"], "ratios": [0.4], "seeds": [0]}
        for name, other in (("transition", "horizon"), ("horizon", "transition")):
            config["experiments"][name] |= {"grid": [one], "start": {"experiment": other}}
        config["experiments"]["horizon"] |= {"kind": "transition", "critical_accuracy": 0.4}

    alone = message(only("transition", "horizon"), change)
    assert alone == "config.yaml: experiments.transition: needs its own results"


def test_files_must_exist():
    def change(config):
        config["sources"]["web"] |= {"origin": "files", "files": {"paths": ["no/such/*.txt"]}}

    assert "sources.web.files.paths.0 = 'no/such/*.txt': matches no file" in message(change)


def test_a_pin_is_of_a_file_that_is_read():
    def change(config):
        config["sources"]["web"] |= {
            "origin": "files",
            "files": {"paths": ["envs/lock.txt"], "sha256": {"envs/other.txt": "0" * 64}},
        }

    found = message(change)
    assert found.startswith("config.yaml: sources.web.files.sha256.envs/other.txt")
    assert found.endswith("is none of the files of paths")


def test_files_must_be_of_a_kind_that_can_be_read():
    def change(config):
        config["sources"]["web"] |= {"origin": "files", "files": {"paths": ["README.md"]}}

    assert "sources.web.files.paths.0 = 'README.md': matches files that are none of .txt" in message(change)


@pytest.mark.parametrize("key", ["tokenizers", "sources", "evaluation"])
def test_a_missing_key_is_named(key):
    assert message(lambda config: config.pop(key)) == f"config.yaml: {key}: missing: it must be given"


@pytest.mark.parametrize(("section", "tag"), [("sources.web", "task"), ("experiments.transition", "kind")])
def test_an_entry_without_its_kind_is_named(section, tag):
    first, second = section.split(".")
    found = message(lambda config: config[first][second].pop(tag))
    assert found == f"config.yaml: {section}.{tag}: missing: it must be given"


def overlaid(tmp_path, text):
    """The error of an overlay of this text."""
    overlay = tmp_path / "scale.yaml"
    overlay.write_text(text)
    with pytest.raises(PhasemixError) as error:
        read_config(overlay)
    assert "\n" not in str(error.value)
    return str(error.value).removeprefix(f"{tmp_path}/")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sources: { web: { train_tokens: many } }", "sources.web.train_tokens = 'many'"),
        ("experiments: { transition: null }", "experiments.transition: is left out here by null, but run names it"),
        ("sources: { web: null }", "sources.web: must be a section of keys; an overlay cannot remove it by null"),
        ("models: { 23k: null }", "models.23k: must be a section of keys; an overlay cannot remove it by null"),
        ("analysis: null", "analysis: must be a section of keys; an overlay cannot remove it by null"),
        ("experiments: { mine: { kind: transition } }", "experiments.mine.tokenizer: missing: it must be given"),
        ("run: [transition]\nrun: all", "line 2: the key 'run' stands already on line 1; remove one"),
        ("run: [transition", "line 2: is no YAML"),
    ],
)
def test_the_overlay_is_blamed_for_its_own_mistakes(tmp_path, text, problem):
    assert overlaid(tmp_path, text).startswith(f"scale.yaml: {problem}")


def test_the_base_is_blamed_for_what_the_overlay_leaves_alone(tmp_path):
    base = tmp_path / "base.yaml"
    base.write_text(Path("config.yaml").read_text().replace("seed: 0 #", "seed: minus #"))
    (tmp_path / "scale.yaml").write_text("scale: mine")
    with pytest.raises(ConfigError, match=rf"{base}: seed = 'minus'"):
        read_config(tmp_path / "scale.yaml", base=base)


def test_the_hardware_of_a_profile_lies_between_the_base_and_the_overlay(tmp_path):
    """As Snakemake lays them: the profile names its file, and the overlay still has the last word."""
    (tmp_path / "hardware.yaml").write_text("hardware: { price: 2.5, utilisation: 0.1 }")
    (tmp_path / "config.yaml").write_text(f"config: {{ hardware_file: {tmp_path / 'hardware.yaml'} }}")
    (tmp_path / "scale.yaml").write_text("scale: mine\nhardware: { utilisation: 0.2 }")
    found = read_config(tmp_path / "scale.yaml", profile=tmp_path, run="horizon")
    assert (found.hardware.price, found.hardware.utilisation) == (2.5, 0.2)
    assert list(found.running) == ["horizon"]
    assert read_config(tmp_path / "scale.yaml").hardware.price is None


def sections(config, path=()):
    """Every path to a mapping whose keys the schema fixes."""
    free = {("models",), ("experiments",), ("sources",), ("tokenizers",), ("hardware", "cells")}
    free |= {("experiments", "people", "dense"), ("experiments", "reasoning", "tasks")}
    free |= {("tokenizers", name, "train", "shares") for name in DEFAULT["tokenizers"]}
    if isinstance(config, dict):
        if path not in free:
            yield path
        for key, value in config.items():
            yield from sections(value, (*path, key))


@given(st.data())
def test_an_unknown_key_anywhere_is_refused_by_name(data):
    path = data.draw(st.sampled_from(sorted(path for path in sections(DEFAULT) if at(DEFAULT, path))))
    key = data.draw(st.from_regex(r"[a-z]{3,12}_x", fullmatch=True))
    found = message(put((*path, key), 1))
    assert f"{'.'.join([*path, key])} = 1: unknown key" in found
    assert "allowed: " in found


JUNK = st.one_of(st.none(), st.integers(-5, 0), st.text(max_size=3), st.booleans(), st.just([]), st.just({}))


def at(config, path):
    for part in path:
        config = config[part]
    return config


@given(st.data())
def test_junk_in_any_place_is_one_line_or_valid(data):
    path = data.draw(st.sampled_from(sorted(path for path in sections(DEFAULT) if at(DEFAULT, path))))
    key = data.draw(st.sampled_from(sorted(at(DEFAULT, path))))
    config = copy.deepcopy(DEFAULT)
    put((*path, key), data.draw(JUNK))(config)
    try:
        load(config, FILES[:1])
    except ConfigError as error:
        assert "\n" not in str(error)
        assert str(error).startswith("config.yaml: ")


@pytest.mark.parametrize("scale", ["laptop", "one-gpu", "paper", "smoke"])
def test_the_scales_are_valid(scale):
    assert read_config(Path(f"scales/{scale}.yaml")).scale == scale


def test_a_cell_in_two_blocks_is_one_cell():
    config = load(DEFAULT)
    cells = config.experiments["transition"].cells
    assert len(cells) == len(set(cells))
    twice = copy.deepcopy(DEFAULT)
    twice["experiments"]["transition"]["grid"] *= 2
    assert load(twice).experiments["transition"].cells == cells
