"""A study of domains: from small corpora and made-up measures to tables, mixtures, figures and section."""

import json
import math
from collections import Counter
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from phasemix.base.files import checksums_of, read_json, sha256, write_checksums
from phasemix.corpora.documents import read_documents, write_documents
from phasemix.corpora.make_tokenizer import save_tokenizer, train_tokenizer
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.domains import fasttext_vectors
from phasemix.domains.fasttext_vectors import WordVectors
from phasemix.domains.measures import measure
from phasemix.domains.training_texts import training_texts
from phasemix.experiments.domains import findings
from phasemix.experiments.domains.published import DOMAINS as PUBLISHED_DOMAINS
from phasemix.experiments.domains.published import SLIMPAJAMA
from phasemix.experiments.domains.spec import Spec
from phasemix.experiments.domains.tables import Tables, chain_rule_error, gather
from phasemix.experiments.experiment import figures
from phasemix.report.figure_style import save, set_theme
from phasemix.report.section import section
from phasemix.study.files import Files
from phasemix.study.mistakes import ConfigError
from phasemix.study.overlays import load
from phasemix.tasks.task import Task
from scripts import domain_measures, domain_tables, domain_vectors
from tests.conftest import merged, words

# Made-up measures: exponentials of these entropies are small whole numbers.

NAMES = ["wiki", "books", "code"]  # in no alphabetical order
TOKENS = {"wiki": 600, "books": 300, "code": 100}
SHANNON = {"wiki": 1, "books": 2, "code": 5}
CONDITIONAL = {"wiki": 3, "books": 2, "code": 1}
NEUMANN = {"wiki": 1, "books": 1, "code": 2}
MIXTURES = {
    "baseline": [0.6, 0.3, 0.1],
    "uniform": [1 / 3, 1 / 3, 1 / 3],
    "shannon": [1 / 8, 2 / 8, 5 / 8],
    "joint": [3 / 12, 4 / 12, 5 / 12],
    "conditional": [3 / 6, 2 / 6, 1 / 6],
    "von-neumann": [1 / 4, 1 / 4, 2 / 4],
}
SKETCHES = {"wiki": [1, 2, 3, 4], "books": [3, 4, 5, 6, 7], "code": [9]}
SHARES = {
    ("wiki", "books"): 2 / 4, ("wiki", "code"): 0, ("books", "wiki"): 2 / 5, ("books", "code"): 0, ("code", "wiki"): 0,
    ("code", "books"): 0,
}  # fmt: skip
OPTIONS = {
    "domains": NAMES, "trained_words": 500_000, "sample_words": 100, "vectors": None, "baseline": None, "seed": 0,
    "confidence": 0.95, "bootstrap": 50,
}  # fmt: skip
GIVEN = {"code": 0.2, "books": 0.3, "wiki": 0.499}  # rounded, and in another order


def measured(name):
    """What is measured of a domain; ``code`` is of no family, and has one sample."""
    whole = name != "code"
    entropies = {"shannon": math.log(SHANNON[name]), "conditional": math.log(CONDITIONAL[name])}
    entropies["conditional_bias"] = -0.0301 if whole else -0.25
    entropies["joint"] = entropies["shannon"] + entropies["conditional"]
    entropies |= {"von-neumann": math.log(NEUMANN[name]), "standard_error": 0.01 if whole else None}
    entropies |= {"bias": -0.002 if whole else None, "samples": 1200 if whole else 1, "empty": 0}
    counted = {"sha256": name * 16, "documents_read": 1020 if whole else None, "near_duplicates": 3 if whole else None}
    counted |= {"near_duplicates_of_relatives": 1 if whole else None, "documents": 1016, "bytes": 4 * TOKENS[name]}
    counted |= {"repetitions": 7 if whole else 0}
    counted |= {"tokens": TOKENS[name], "bytes_per_token": 4.0, "heldout_tokens": 20}
    return {**counted, "entropies": entropies}


def write_tables(folder, baseline=None):
    sketches = {name: np.array([2**64 - 1, *runs], np.uint64) for name, runs in SKETCHES.items()}
    gather({name: measured(name) for name in NAMES}, sketches, baseline, folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_tables(tmp_path_factory.mktemp("tables"))


@pytest.fixture(scope="module")
def tables(folder):
    return Tables.read(folder, OPTIONS)


def test_every_table_that_the_kind_names_is_written(folder):
    written = {str(path.relative_to(folder)) for path in folder.rglob("*.*")}
    assert written == set(Spec.tables)


def test_domains_have_their_counts_and_their_shares_of_all_tokens(tables):
    table = tables.domains.set_index("domain")
    assert table.index.tolist() == NAMES
    assert table["proportion"].to_dict() == pytest.approx({"wiki": 0.6, "books": 0.3, "code": 0.1})
    for name in NAMES:
        counted = {key: value for key, value in measured(name).items() if key != "entropies"}
        row = table.loc[name].drop("proportion").to_dict()
        assert {key: None if pd.isna(value) else value for key, value in row.items()} == counted


def test_overlap_is_told_of_every_ordered_pair(tables):
    table = tables.overlap.set_index(["domain", "other"])
    assert table["share"].to_dict() == SHARES
    assert table["sketched"]["wiki"].tolist() == [4, 4]
    assert table["sketched"]["code"].tolist() == [1, 1]


def test_a_pair_is_compared_below_the_lower_bound_of_the_two(tmp_path):
    bounded = {"wiki": [9, 1, 2, 3, 4], "books": [3, 1, 3], "code": [9, 4, 9]}
    sketches = {name: np.array(each, np.uint64) for name, each in bounded.items()}
    gather({name: measured(name) for name in NAMES}, sketches, None, tmp_path)
    table = Tables.read(tmp_path, OPTIONS).overlap.set_index(["domain", "other"])
    assert table["sketched"].to_list() == [3, 4, 2, 2, 2, 0]
    assert table["share"].to_list() == pytest.approx([2 / 3, 1 / 4, 1, 0, 1 / 2, math.nan], nan_ok=True)


def test_entropies_are_those_that_were_measured(tables):
    table = tables.entropies.set_index("domain")
    assert table["joint"].to_dict() == pytest.approx({"wiki": math.log(3), "books": math.log(4), "code": math.log(5)})
    assert table.loc["wiki"].to_dict() == pytest.approx(measured("wiki")["entropies"])
    assert table["conditional_bias"].tolist() == [-0.0301, -0.0301, -0.25]
    assert np.isnan(table["standard_error"]["code"])


def test_mixtures_are_exponentials_of_entropies_that_sum_to_one(tables):
    found = tables.by_mixture()
    assert found.index.tolist() == NAMES
    assert found.columns.tolist() == list(MIXTURES)
    for name, expected in MIXTURES.items():
        assert found[name].tolist() == pytest.approx(expected)
    np.testing.assert_allclose(found.sum(), 1, rtol=0, atol=1e-12)


def test_files_of_mixtures_are_those_of_the_table(folder, tables):
    for name, rows in tables.mixtures.groupby("mixture"):
        file = read_json(folder / "mixtures" / f"{name}.json")
        assert list(file.items()) == list(zip(rows["domain"], rows["proportion"]))  # to the last bit, in order


def test_a_baseline_that_is_given_is_renormalised_and_changes_no_other_mixture(tmp_path, folder, tables):
    found = Tables.read(write_tables(tmp_path, GIVEN), OPTIONS)
    assert found.by_mixture()["baseline"].tolist() == pytest.approx([0.499 / 0.999, 0.3 / 0.999, 0.2 / 0.999])
    assert found.by_mixture()["baseline"].sum() == pytest.approx(1, abs=1e-12)
    pd.testing.assert_frame_equal(found.domains, tables.domains)
    others = [name for name in MIXTURES if name != "baseline"]
    pd.testing.assert_frame_equal(found.by_mixture()[others], tables.by_mixture()[others])


def test_the_chain_rule_by_hand():
    assert chain_rule_error(MIXTURES) < 1e-15
    mixtures = {"shannon": [0.5, 0.5], "conditional": [0.25, 0.75]}
    assert chain_rule_error(mixtures | {"joint": [0.3, 0.7]}) == pytest.approx(0.05)
    assert chain_rule_error({"shannon": [0.2, 0.8], "conditional": [0.8, 0.2], "joint": [0.4, 0.6]}) == pytest.approx(
        0.1
    )


def test_published_mixtures_obey_the_chain_rule_to_rounding():
    assert {len(mixture) for mixture in SLIMPAJAMA.values()} == {len(PUBLISHED_DOMAINS)}
    for mixture in SLIMPAJAMA.values():
        assert sum(mixture) == pytest.approx(1, abs=7 * 0.5e-4)
    assert chain_rule_error(SLIMPAJAMA) < 1e-4
    assert chain_rule_error(SLIMPAJAMA | {"shannon": SLIMPAJAMA["von-neumann"]}) > 0.1


def test_findings_are_numbers_and_words_that_json_can_hold(folder):
    found = findings.measure(folder, OPTIONS)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["domains"] == NAMES
    assert found["mixtures"]["joint"] == pytest.approx(MIXTURES["joint"])
    assert [row["domain"] for row in found["entropies"]] == NAMES
    assert found["entropies"][2]["standard_error"] is None
    assert found["chain_rule"] < 1e-15


# Figures and the section.


def draw(name, tables):
    set_theme()
    return import_module(f"phasemix.experiments.domains.figures.{name}").draw(tables)


def written(axes):
    return [text.get_text() for text in axes.texts]


def test_mixtures_are_drawn_as_bars_cut_by_domain(tables):
    figure = draw("domain_mixtures", tables)
    [axes] = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["baseline", "uniform", "SE", "JE", "CE", "VNE"]
    assert axes.get_xlabel() == "proportion"
    for place, (domain, bars) in enumerate(zip(NAMES, axes.containers)):
        assert bars.get_label() == domain
        assert [bar.get_width() for bar in bars] == pytest.approx([mixture[place] for mixture in MIXTURES.values()])
        assert [bar.get_x() for bar in bars] == pytest.approx([sum(mixture[:place]) for mixture in MIXTURES.values()])
    assert written(axes)[: len(MIXTURES)] == ["0.60", "0.33", "0.12", "0.25", "0.50", "0.25"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == NAMES
    plt.close(figure)


def test_small_shares_have_no_number(tables):
    mixtures = tables.mixtures.copy()
    mixtures.loc[mixtures["mixture"] == "baseline", "proportion"] = [0.9, 0.059, 0.041]
    figure = draw("domain_mixtures", Tables(tables.domains, tables.overlap, tables.entropies, mixtures))
    assert len(written(figure.axes[0])) == len(NAMES) * len(MIXTURES) - 2
    plt.close(figure)


def test_overlap_is_drawn_in_per_cent(tables):
    figure = draw("domain_overlap", tables)
    [axes] = figure.axes
    assert written(axes) == ["–", "50", "0", "40", "–", "0", "0", "0", "–"]
    for axis in (axes.xaxis, axes.yaxis):
        assert [label.get_text() for label in axis.get_ticklabels()] == NAMES
    assert axes.get_xlabel() == "% of these runs occur in"
    assert axes.get_ylabel() == "runs of 13 tokens of"
    plt.close(figure)


def test_a_domain_with_an_empty_sketch_is_drawn_and_told_all_the_same(tmp_path):
    sketches = {name: np.array([2**64 - 1, *SKETCHES[name]], np.uint64) for name in ("wiki", "books")}
    sketches["code"] = np.array([2**64 - 1], np.uint64)
    gather({name: measured(name) for name in NAMES}, sketches, None, tmp_path)
    figure = draw("domain_overlap", Tables.read(tmp_path, OPTIONS))
    assert written(figure.axes[0]) == ["–", "50", "0", "40", "–", "0", "–", "–", "–"]
    plt.close(figure)
    assert "<td>0.4167</td>" in rendered(tmp_path)


def rendered(tables_folder, options=OPTIONS, drawn=()):
    return section("domains", "mine", tables=tables_folder, figures=drawn, options=options)


def test_the_section_shows_domains_figures_and_both_kinds_of_mixtures(folder, tables, tmp_path):
    for name in figures("domains"):
        save(draw(name, tables), tmp_path / f"{name}.svg")
    plt.close("all")
    html = rendered(folder, drawn=sorted(tmp_path.iterdir()))
    assert html.count("<figure") == html.count("data:image/svg+xml;base64,") == 2
    for name in NAMES:
        assert f'<th scope="row">{name}</th>' in html
    assert "<td>3 + 1 of 1,020</td>" in html
    assert "<td>7</td>" in html
    assert "<td>0.4167</td>" in html  # code by joint entropy
    assert "SlimPajama (B-Table 5)" in html
    assert '<th scope="row">CommonCrawl</th><td>0.5203</td><td>0.5518</td><td>0.1863</td>' in html
    assert "0.0000 ± 0.0100" in html  # wiki's von Neumann entropy
    assert "few samples is at most 0.0020" in html
    assert ">bias of CE</th>" in html
    assert "<td>1.0986</td><td>−0.0301</td><td>0.0000 ± 0.0100</td>" in html  # wiki's conditional entropy of ln 3
    assert "trained on 500,000 words of the domains" in html
    assert "its SE, CE and JE hang together as the definitions say" in html
    assert "that of the whole collection" not in html


def test_the_section_says_where_the_baseline_and_the_vectors_are_from(folder):
    html = rendered(folder, OPTIONS | {"baseline": GIVEN, "vectors": "cc.en.300.bin"})
    assert "is that of the whole collection, as the configuration gives it" in html
    assert "<code>cc.en.300.bin</code>" in html
    assert "trained on 500,000 words" not in html


def test_a_domain_of_no_family_has_no_number_of_near_duplicates(folder):
    [row] = [row for row in rendered(folder).split("<tr>") if "codecode" in row]
    assert "<td>–</td>" in row


# Real documents and tokens.


@pytest.fixture(scope="module")
def corpora(tmp_path_factory):
    """Corpora with their tokens; half of the second one's documents are the first one's too."""
    at = tmp_path_factory.mktemp("corpora")
    first, second = words(300, "first"), words(150, "second")
    texts = {
        "first": first,
        "second": [*second, *first[:150]],
        "third": [f"third {text}" for text in words(200, "third")],
    }
    texts["short"] = words(12, "short")
    save_tokenizer(train_tokenizer([*first, *second], 320), at / "tokenizer")
    for name, documents in texts.items():
        facts = write_documents(documents, 0.2, at / name / "documents.parquet")
        if name == "first":
            facts |= {"documents_read": 310, "near_duplicates": 10, "near_duplicates_of_relatives": 0}
        write_checksums(checksums_of(at / name), [at / name / "documents.parquet"], **facts)
        Task.write_tokens(at / name, Tokenizer(at / "tokenizer"), at / "tokens" / name)
    return at


def texts_of(corpora, name, *, heldout=False):
    return [text for texts in read_documents(corpora / name / "documents.parquet", heldout) for text in texts]


def entropy(counts):
    total = sum(counts.values())
    return -sum(count / total * math.log(count / total) for count in counts.values())


def plain_vectors(**of_words):
    """Vectors of these words; others have none."""
    from gensim.models import KeyedVectors

    vectors = KeyedVectors(len(next(iter(of_words.values()))))
    vectors.add_vectors(list(of_words), list(of_words.values()))
    return WordVectors(vectors)


def test_a_domain_is_measured_from_its_training_text(corpora):
    tokenizer, vectors = Tokenizer(corpora / "tokenizer"), plain_vectors(the=[1, 0, 0], a=[0, 1, 0], model=[0, 0, 1])
    found = measure(
        corpora / "first", corpora / "tokens" / "first", len(tokenizer), vectors, words=5, megabytes=1, seed=0
    )
    texts = texts_of(corpora, "first")
    ids = tokenizer.encode(texts)
    assert found["documents"] == len(texts) < 300
    assert found["bytes"] == sum(len(text.encode()) for text in texts)
    assert found["tokens"] == sum(map(len, ids))
    assert found["bytes_per_token"] == pytest.approx(found["bytes"] / found["tokens"])
    heldout = tokenizer.encode_documents(texts_of(corpora, "first", heldout=True))
    assert found["heldout_tokens"] == sum(map(len, heldout)) > 0
    assert found["sha256"] == sha256(corpora / "first" / "documents.parquet")
    numbers = {name: found[name] for name in ("documents_read", "near_duplicates", "near_duplicates_of_relatives")}
    assert list(numbers.values()) == [310, 10, 0]
    assert found["repetitions"] == 0
    entropies = found["entropies"]
    assert entropies["shannon"] == pytest.approx(entropy(Counter(token for each in ids for token in each)))
    joint = entropy(Counter(pair for each in ids for pair in pairwise(each)))
    assert entropies["joint"] == pytest.approx(joint)
    before = entropy(Counter(token for each in ids for token in each[:-1]))
    assert entropies["conditional"] == pytest.approx(joint - before)
    pairs, firsts = [pair for each in ids for pair in pairwise(each)], {token for each in ids for token in each[:-1]}
    assert entropies["conditional_bias"] == pytest.approx(-(len(set(pairs)) - len(firsts)) / (2 * len(pairs)))
    assert 0 < entropies["von-neumann"] < math.log(3)
    assert entropies["standard_error"] > 0
    assert entropies["empty"] > 0  # samples without any of the three words


def test_the_samples_of_two_directions_have_an_entropy_by_hand(tmp_path, corpora):
    """One sample in four lies across: −¼ ln ¼ − ¾ ln ¾; two others have no embedding."""
    texts = [f"left {number} left left" for number in range(30)] + [
        f"right {number} right right" for number in range(10)
    ]
    texts += ["nothing is known here", "nothing else is known"]
    facts = write_documents(texts, 1e-9, tmp_path / "made" / "documents.parquet")
    write_checksums(checksums_of(tmp_path / "made"), [tmp_path / "made" / "documents.parquet"], **facts)
    tokenizer = Tokenizer(corpora / "tokenizer")
    Task.write_tokens(tmp_path / "made", tokenizer, tmp_path / "tokens")
    given = (tmp_path / "made", tmp_path / "tokens", len(tokenizer), plain_vectors(left=[3, 0], right=[0, 2]))
    found = measure(*given, words=4, megabytes=1, seed=0)
    assert found["documents_read"] is None
    entropies = found["entropies"]
    assert (entropies["samples"], entropies["empty"]) == (40, 2)
    assert entropies["von-neumann"] == pytest.approx(entropy({"left": 30, "right": 10}))
    half = measure(*given, words=4, megabytes=facts["bytes"] / 2e6, seed=0)
    assert 10 < half["entropies"]["samples"] < 30
    assert half["entropies"]["shannon"] == entropies["shannon"]  # tokens are all counted


def words_in(texts):
    return sum(len(text.split()) for text in texts)


def test_vectors_are_trained_on_as_many_words_of_every_domain(corpora):
    found = list(training_texts([corpora / "first", corpora / "third"], 1000, 0))
    thirds = [text.startswith("third") for text in found]
    for name, of_third in (("first", False), ("third", True)):
        own = [text for text, third in zip(found, thirds) if third == of_third]
        assert words_in(own) == 500
        assert set(own[:-1]) <= set(texts_of(corpora, name))  # the last one is cut


def test_texts_of_domains_come_in_turn_and_a_short_domain_gives_all_it_has(corpora):
    found = list(training_texts([corpora / "short", corpora / "first"], 2000, 0))
    short, first = texts_of(corpora, "short"), texts_of(corpora, "first")
    count = len(short)
    assert 2 * count < len(found)
    assert found[: 2 * count : 2] == short  # and nothing of its held-out text
    assert set(found[1 : 2 * count : 2]) | set(found[2 * count : -1]) <= set(first)
    assert words_in(found) == words_in(short) + 1000


def test_texts_for_vectors_are_those_of_their_seed(corpora):
    def of(seed):
        return list(training_texts([corpora / "first", corpora / "second"], 400, seed))

    assert of(0) == of(0) != of(1)


# The scripts, one after another.


def run(monkeypatch, script, *options):
    monkeypatch.setattr("sys.argv", [script.__name__, *map(str, options)])
    script.main()


def study(monkeypatch, corpora, out):
    """All three scripts; returns the folder of the tables."""
    names = ["first", "second"]
    folders, words_and_seed = [corpora / name for name in names], ("--words", 2000, "--seed", 0)
    run(monkeypatch, domain_vectors, "--corpora", *folders, *words_and_seed, "--out", out / "vectors")
    measures, sketches = ([out / f"{name}.{ending}" for name in names] for ending in ("json", "sketch.npy"))
    for name, corpus, measures_file, sketch in zip(names, folders, measures, sketches):
        given = ["--corpus", corpus, "--tokens", corpora / "tokens" / name, "--tokenizer", corpora / "tokenizer"]
        given += ["--vectors", out / "vectors", "--words", 20, "--megabytes", 1, "--seed", 0]
        run(monkeypatch, domain_measures, *given, "--out", measures_file, "--sketch", sketch)
    given = ["--domains", *names, "--measures", *measures, "--sketches", *sketches, "--baseline", "null"]
    run(monkeypatch, domain_tables, *given, "--out", out / "tables")
    given[-1] = json.dumps({"first": 0.25, "second": 0.75})
    run(monkeypatch, domain_tables, *given, "--out", out / "given")
    return out / "tables"


@pytest.fixture
def small_vectors(monkeypatch):
    """Little memory for n-grams, and 20 dimensions."""
    monkeypatch.setattr(fasttext_vectors, "BUCKETS", 500)
    monkeypatch.setattr(fasttext_vectors, "DIMENSIONS", 20)


def test_the_scripts_measure_domains_and_mix_them_twice_alike(monkeypatch, small_vectors, corpora, tmp_path):
    found = Tables.read(study(monkeypatch, corpora, tmp_path / "one"), {})
    domains = found.domains.set_index("domain")
    tokens = {
        name: sum(map(len, Tokenizer(corpora / "tokenizer").encode(texts_of(corpora, name)))) for name in domains.index
    }
    assert domains["tokens"].to_dict() == tokens
    assert domains["proportion"]["first"] == pytest.approx(tokens["first"] / sum(tokens.values()))
    share = found.overlap.set_index(["domain", "other"])["share"]
    assert 0.3 < share["second", "first"] < 0.7  # half of its documents
    assert found.overlap["sketched"].min() > 30
    entropies = found.entropies.set_index("domain")
    assert (entropies["samples"] > 100).all()
    weights = np.exp(entropies["von-neumann"])
    assert found.by_mixture()["von-neumann"].tolist() == pytest.approx((weights / weights.sum()).tolist())
    assert findings.measure(tmp_path / "one" / "tables", {})["chain_rule"] < 5e-3  # the ends of documents
    assert read_json(tmp_path / "one/given/mixtures/baseline.json") == {"first": 0.25, "second": 0.75}
    study(monkeypatch, corpora, tmp_path / "two")
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert len(files) == 1 + 4 + 2 * len(Spec.tables)
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


# The configuration.


def study_with(**changes):
    """The default study of domains alone, with changes of its section."""
    config = json.loads(json.dumps(merged("config.yaml")))
    config["experiments"] = {"domains": config["experiments"]["domains"] | changes}
    config["run"] = ["domains"]
    return config


SIX = study_with()["experiments"]["domains"]["domains"]
EVERY = "docstrings, code, tests, headers, stubs, metadata"
WRONG = [
    ({"tokenizer": "domain"}, "tokenizer = 'domain': names none of the tokenizers; did you mean 'domains'?"),
    ({"domains": ["code", "test"]}, "domains.1 = 'test': names none of the sources; did you mean 'tests'?"),
    ({"domains": ["synbio-60", "code"]}, "domains.0 = 'synbio-60': is no plain text, which alone can be measured; mix"),
    ({"domains": ["code", "tests", "code"]}, "domains: names a domain twice"),
    ({"domains": ["code"]}, "domains: list should have at least 2 items"),
    (
        {"baseline": dict.fromkeys(SIX[1:], 0.2)},
        f"baseline: must give a proportion for each of {EVERY}, and no other",
    ),
    (
        {"baseline": dict.fromkeys([*SIX, "web"], 1 / 7)},
        f"baseline: must give a proportion for each of {EVERY}, and no other",
    ),
    ({"baseline": dict.fromkeys(SIX, 0.2)}, "baseline: must sum to 1, not to 1.2000"),
    ({"baseline": dict.fromkeys(SIX, 0.2) | {"code": 0}}, "baseline.code = 0: input should be greater than 0"),
    ({"sample_words": 0}, "sample_words = 0: input should be greater than 0"),
]


@pytest.mark.parametrize(("changes", "problem"), WRONG)
def test_a_mistake_names_its_key_and_what_would_do(changes, problem):
    with pytest.raises(ConfigError) as error:
        load(study_with(**changes))
    found = str(error.value)
    assert "\n" not in found
    assert f"experiments.domains.{problem}" in found


def test_a_baseline_may_be_rounded():
    rounded = dict.fromkeys(SIX, 0.167)
    study = load(study_with(baseline=rounded))
    assert study.experiments["domains"].options["baseline"] == rounded


def test_a_study_of_domains_trains_nothing_and_says_what_its_section_needs():
    study = load(study_with())
    found = study.experiments["domains"]
    assert found.cells == found.needs == []
    assert found.sources == found.domains
    assert set(OPTIONS) <= set(json.loads(Files(study).options("domains")))
    named = [Path(path).name for path in Files(study).tables("domains")]
    assert named[:4] == ["domains.csv", "overlap.csv", "entropies.csv", "mixtures.csv"]
    assert named[4:] == [f"{name}.json" for name in (*MIXTURES, "findings")]
