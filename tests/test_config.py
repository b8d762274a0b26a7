"""The configuration: every mistake is one line that says where, what and what instead."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.study.config import ConfigError, load
from tests.conftest import read_yaml

FILES = ["config.yaml", "scales/smoke.yaml"]
DEFAULT = read_yaml(FILES[:1])


def message(change, files=FILES[:1]):
    config = copy.deepcopy(read_yaml(files))
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


RECIPE, GRID = "experiments.transition.recipe", "experiments.transition.grid"
WRONG = {
    "web.sorce": ("hub", "unknown key; did you mean 'source'?"),
    f"{RECIPE}.tokns": (1, "unknown key; did you mean 'tokens'?"),
    "models.23k.layres": (1, "unknown key; did you mean 'layers'?"),
    "seed": ("zero", "should be a valid integer"),
    "web.installed_docs.packages.0": ("nmpy", "is not installed"),
    "evaluation.curve.tokens": (100, "at least the context, 128 tokens"),
    "evaluation.bio_tokens": (100, "at least the context, 128 tokens"),
    "experiments.transition.recipe.micro_batch_size": (0, "greater than 0"),
    "web.source": ("hbu", "'installed-docs', 'hub' or 'files'"),
    f"{GRID}.0.ratios.1": (1.5, "must be from 0 to 1"),
    f"{GRID}.0.sizes.0": ("59k", "is no key of models; did you mean '58k'?"),
    f"{GRID}.0.seeds": ([], "at least 1 item"),
    f"{RECIPE}.tokens": (0, "greater than 0"),
    f"{RECIPE}.peak_learning_rate": ("1e-3", "write 1.0e-3"),
    f"{RECIPE}.schedule": ("linear", "'wsd', 'cosine' or 'constant'"),
    "experiments.transition.dataset": ("synbio-5", "is no key of synbio.datasets; did you mean 'synbio-50'?"),
    "synbio.datasets.synbio-50.people": (70_000, "more than the 65536 unique names"),
    "synbio.domains.majors": (101, "must be from 1 to 100"),
    "synbio.domains.birth_years": ([1999, 1900], "in this order"),
    "synbio.heldout_templates": (5, "less than 5"),
    "evaluation.templates": ("heldout", "needs synbio.heldout_templates"),
    "tokenizer.source": ("hub", "needs the section tokenizer.hub"),
    "analysis.critical_accuracy": (True, "valid number"),
    "models.23k.width": (18, "multiple of 2 × heads"),
    "scale": ("a/b", "pattern"),
}


@pytest.mark.parametrize(("key", "wrong"), WRONG.items())
def test_a_mistake_names_file_key_value_and_remedy(key, wrong):
    value, remedy = wrong
    found = message(put(key, value))
    assert found.startswith("config.yaml: ")
    assert key.rpartition(".")[0] in found
    assert remedy in found
    if not isinstance(value, list | bool) and key != "models.23k.width":
        assert f"{key} = {value!r}" in found


def test_too_little_web_text_for_seen_less_than_once_is_arithmetic():
    found = message(put(f"{RECIPE}.tokens", 2_048_000 * 2))
    assert "experiments.transition.grid.0.ratios.0 = 0.025: needs (1 − 0.025) × 4,096,000 tokens of web text" in found
    assert f"in whole segments {round(0.975 * 63 * 2**16):,}" in found
    assert "web.train_tokens is 2,000,000" in found


def test_the_hub_must_be_asked_for_enough_text():
    def change(config):
        config["web"] |= {"source": "hub", "train_tokens": 10**9}
        config["web"]["hub"] = {"dataset": "a/b", "revision": "0" * 40, "megabytes": 5}

    assert "web.train_tokens = 1000000000: is more than the 5 MB" in message(change)


def test_a_revision_must_be_a_commit():
    hub = {"dataset": "a/b", "revision": "main", "megabytes": 5}
    assert "web.hub.revision = 'main'" in message(put("web.hub", hub))


def test_files_must_exist():
    def change(config):
        config["web"] |= {"source": "files", "files": {"paths": ["no/such/*.txt"]}}

    assert "web.files.paths.0 = 'no/such/*.txt': matches no file" in message(change)


def test_files_must_be_of_a_kind_that_can_be_read():
    def change(config):
        config["web"] |= {"source": "files", "files": {"paths": ["README.md"]}}

    assert "web.files.paths.0 = 'README.md': matches files that are none of .txt" in message(change)


def test_a_missing_key_is_named():
    assert message(lambda config: config.pop("tokenizer")) == "config.yaml: tokenizer: missing: it must be given"


def test_the_overlay_is_blamed_for_its_own_mistakes(tmp_path):
    overlay = tmp_path / "scale.yaml"
    overlay.write_text("scale: mine\nweb: {train_tokens: many}\n")
    files = ["config.yaml", str(overlay)]
    with pytest.raises(ConfigError, match=r"scale\.yaml: web\.train_tokens = 'many'"):
        load(read_yaml(files), files)


def sections(config, path=()):
    """Every path to a mapping whose keys the schema fixes."""
    free = {("models",), ("experiments",), ("synbio", "datasets"), ("laws",)}
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


@pytest.mark.parametrize("scale", ["laptop", "smoke", "paper"])
def test_the_scales_are_valid(scale):
    files = ["config.yaml", f"scales/{scale}.yaml"]
    assert load(read_yaml(files), files).scale == scale


def test_a_cell_in_two_blocks_is_one_cell():
    config = load(DEFAULT)
    cells = config.experiments["transition"].cells
    assert len(cells) == len(set(cells)) == 45
    twice = copy.deepcopy(DEFAULT)
    twice["experiments"]["transition"]["grid"] *= 2
    assert load(twice).experiments["transition"].cells == cells


def test_the_papers_grid():
    files = ["config.yaml", "scales/paper.yaml"]
    config = load(read_yaml(files), files)
    cells = {(c.size, c.ratio) for c in config.experiments["transition"].cells}
    assert {("70M", "0.45"), ("14M", "0.1"), ("410M", "0.4")} <= cells
    assert config.synbio.datasets["synbio-1.28M"].people == 1_280_000
    recipe = config.experiments["transition"].recipe
    assert (recipe.batch_size, recipe.context, recipe.peak_learning_rate, recipe.warmup_steps) == (512, 2048, 1e-3, 160)
    assert recipe.steps == 30_518
