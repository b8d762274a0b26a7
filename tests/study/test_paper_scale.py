"""The scale ``paper`` against both papers, number by number.

Every line of a table names the figure or table that a number is of, the experiment that holds it, how it is read, and
the number as it was published. Numbers that were not published, or are not known to us, are not here.
"""

import math
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tokenizers.pre_tokenizers import ByteLevel

from phasemix.base.errors import PhasemixError
from phasemix.claims.catalogue import claims
from phasemix.experiments.domains.published import SLIMPAJAMA
from phasemix.experiments.transition.published import A_TABLE_1
from phasemix.study.overlays import read_config
from phasemix.tasks.slope.slopes import Slopes
from phasemix.tasks.synbio.values import Values
from phasemix.training.learning_rate_schedules import learning_rate
from phasemix.training.optimizer import EPSILON

FILE = Path("scales/paper.yaml")
STUDY = read_config(FILE, run="all", data=False)
BILLION = 10**9
GPT_NEOX_PIECES = ByteLevel(add_prefix_space=False)
RNG = np.random.default_rng(0)


def along(axis, **where):
    """Of the cells whose axes have these values, those along another axis."""
    return lambda found: {
        key.values[axis] for key in found.cells if all(key.values[name] == value for name, value in where.items())
    }


def recipe(*names):
    """Parts of the recipe."""
    return lambda found: tuple(getattr(found.recipe, name) for name in names)


def families(*, held_out):
    """Of the language models that are asked, and are held out of the fit or not."""
    return lambda found: {each.family for each in found.models.values() if each.held_out == held_out}


def asked(*, held_out):
    """The language models of the hub that are asked, and are held out of the fit or not."""
    return lambda found: {each.hub for each in found.models.values() if each.held_out == held_out}


def dense(name):
    """What the dense source is."""
    return lambda found: getattr(STUDY.sources[found.dense], name)


def base(found):
    """The text that the dense source is mixed into."""
    return STUDY.sources[found.base].hub.dataset


def start(found):
    """The checkpoint that training goes on from."""
    return found.start.hub, found.start.revision


def rise(found):
    """By how much the web loss may rise."""
    return found.recipe.early_stopping.rise


def has(axis, *values, **where):
    """Whether those values are among the cells'."""
    return lambda found: set(values) <= along(axis, **where)(found)


def contest(*names):
    """Whether these are contestants."""
    return lambda found: set(names) <= found.contestants.keys()


def contestant(name):
    """The proportions of a published contestant."""
    return lambda found: tuple(found.contestants[name].options.values())


def task(name, option):
    """An option of a source of problems."""
    return lambda found: getattr(STUDY.sources[found.tasks[name]], option)


def schedule(found):
    """The schedule with its peak."""
    return found.recipe.schedule, found.recipe.peak_learning_rate


SIZES = {"14M", "31M", "50M", "70M", "95M", "120M", "160M", "256M", "410M"}
GENERAL = {"lambada_openai", "arc_easy", "sciq", "piqa", "hellaswag"}
FINEWEB = "HuggingFaceFW/fineweb-edu"
FITTED = {  # the base models of three families
    *(f"meta-llama/Llama-2-{size}-hf" for size in ("7b", "13b", "70b")),
    *(f"Qwen/Qwen2.5-{size}" for size in ("0.5B", "1.5B", "3B", "7B", "14B", "32B", "72B")),
    *(f"google/gemma-2-{size}" for size in ("2b", "9b", "27b")),
}
PAPER_A = [
    ("A-Fig 1", "transition", along("size", ratio=0.2), SIZES),
    ("A-Fig 1", "transition", along("ratio", size="410M"), {0.1, 0.2, 0.3, 0.4}),
    ("A-Fig 1", "transition", along("ratio", size="14M"), {0.1, 0.2, 0.3, 0.4}),
    ("A-Fig 1", "transition", dense("people"), 320_000),
    ("A-Fig 1", "transition", base, FINEWEB),
    ("A-Fig 1", "transition", recipe("tokens"), (32 * BILLION,)),
    ("A-Fig 2", "transition", along("ratio", size="70M"), set(A_TABLE_1["ratio"])),
    ("A-Fig 2", "transition", along("ratio", size="70M"), {0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45}),
    ("A-Fig 2", "transition_410M", along("size"), {"410M"}),
    ("A-Fig 2", "transition_410M", along("ratio"), {0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4}),
    ("A-Fig 2", "transition_410M", dense("people"), 1_280_000),
    ("A-Fig 2", "transition_410M", recipe("tokens"), (32 * BILLION,)),
    ("A-Table 1", "transition", along("seed", size="70M", ratio=0.45), {0, 1, 2}),
    ("A-Table 1", "transition", along("seed", size="70M", ratio=0.1), {0, 1, 2}),
    ("A-Fig 3", "horizon", along("size"), {"70M"}),
    ("A-Fig 3", "horizon", along("ratio"), {0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8}),
    ("A-Fig 3", "horizon", dense("people"), 320_000),
    ("A-Fig 3", "horizon", recipe("tokens"), (32 * BILLION,)),
    ("A-Fig 3", "horizon", lambda found: found.levels, [0.2, 0.4, 0.6]),
    ("A-Fig 3", "horizon", lambda found: (found.fitted_from, found.linear_above), (0.3, 0.4)),
    ("A-Fig 3a", "horizon", lambda found: max(along("tokens", ratio=0.2)(found)), 512 * BILLION),
    ("A-Fig 4", "horizon_410M", lambda found: max(along("tokens", ratio=0.2)(found)), 4 * 32 * BILLION),
    ("A-Fig 4", "horizon_410M", along("size"), {"410M"}),
    ("A-Fig 4", "horizon_410M", along("ratio"), {0.2}),
    ("A-Fig 4", "horizon_410M", dense("people"), 1_280_000),
    ("A-Fig 5", "reasoning_slope", task("slope", "numbers"), 100),
    ("A-Fig 5", "reasoning_slope", task("slope", "heldout"), 1000),
    ("A-Fig 5", "reasoning_slope", lambda found: STUDY.sources[found.host].without, "slope"),
    ("A-Fig 5", "reasoning_slope", lambda found: STUDY.sources[found.host].hub.dataset, "open-web-math/open-web-math"),
    ("A-Fig 5", "reasoning_slope", base, FINEWEB),
    ("A-Fig 5", "reasoning_slope", recipe("tokens", "schedule"), (32 * BILLION, "wsd")),
    ("A-Fig 7a", "threshold", dense("people"), 100 * 100),
    ("A-Fig 7a", "threshold", lambda found: STUDY.sources[found.dense].groups.count, 100),
    ("A-Fig 7a", "threshold", lambda found: STUDY.sources[found.dense].groups.exponent, 1.5),
    ("A-Fig 7a", "threshold", along("ratio"), {0, 0.01}),
    ("A-Fig 7a", "threshold", lambda found: found.threshold_accuracy, 0.8),
    ("A-Fig 7b", "threshold", along("size", ratio=0), SIZES),
    ("A-Fig 7b", "threshold", base, FINEWEB),
    ("A-Fig 7c", "popularity", lambda found: (found.target_accuracy, found.fault_tolerance), (0.6, 5)),
    ("A-Fig 7c", "popqa", lambda found: (found.target_accuracy, found.fault_tolerance, found.shots), (0.6, 5, 15)),
    ("A-Fig 7c", "popqa", asked(held_out=False), FITTED),
    ("A-Fig 13", "popqa", families(held_out=True), {"Llama-2", "Llama-3", "Qwen-2.5", "Gemma-2", "OLMo-2"}),
    ("A-Fig 8a", "strategies", along("subsampling", ratio=0.2), {0.25, 0.5, 0.5625, 0.625, 1}),
    ("A-Fig 8a", "strategies", along("ratio", subsampling=1), {0, 0.1, 0.2, 0.3}),
    ("A-Fig 8a", "strategies", along("size"), {"410M"}),
    ("A-Fig 8a", "strategies", dense("people"), 1_280_000),
    ("A-Fig 8a", "strategies", schedule, ("cosine", 1e-3)),
    ("A-Fig 8b", "continual", dense("people"), 275_000),
    ("A-Fig 8b", "continual", along("compact", ratio=0.1), {0, 0.1, 0.3, 0.6}),
    ("A-Fig 8b", "continual", has("subsampling", 0.5, ratio=0.1), True),
    ("A-Fig 8b", "continual", along("size"), {"410M"}),
    ("A-Fig 8b", "continual", start, ("EleutherAI/pythia-410m", "step100000")),
    ("A-Fig 8b", "continual", schedule, ("constant", 8.7e-5)),
    ("A-Fig 8b", "continual", rise, 0.05),
    ("A-Fig 8c", "continual_synbio", dense("people"), 2_560_000),
    ("A-Fig 8c", "continual_synbio", along("subsampling", ratio=0.2), {0.5, 1}),
    ("A-Fig 8c", "continual_synbio", has("ratio", 0.4), True),
    ("A-Fig 8c", "continual_synbio", along("size"), {"1B"}),
    ("A-Fig 8c", "continual_synbio", start, ("EleutherAI/pythia-1b", "step100000")),
    ("A-Fig 8c", "continual_synbio", schedule, ("constant", 8.7e-5)),
    ("A-Fig 8c", "continual_synbio", rise, 0.03),
    ("A-Tables 3–5", "general_abilities", lambda found: found.shots, 0),
    ("A-Tables 3–5", "general_abilities", lambda found: found.asked, ["strategies", "continual", "continual_synbio"]),
    ("A-Tables 3–5", "general_abilities", lambda found: {*found.tasks}, GENERAL),
    ("A-Fig 9", "transition_2_8B", along("size"), {"2.8B"}),
    ("A-Fig 9", "transition_2_8B", dense("people"), 20_000),
    ("A-Fig 9", "transition_2_8B", lambda found: max(along("ratio")(found)), 0.05),
    ("A-Fig 9", "transition_6_9B", along("size"), {"6.9B"}),
    ("A-Fig 9", "transition_6_9B", dense("people"), 10_000),
    ("A-Fig 9", "transition_6_9B", lambda found: max(along("ratio")(found)), 0.04),
    ("A-Fig 10", "transition", lambda found: found.evaluated(STUDY).loss_tokens, 50_000_000),
    ("A-Fig 11", "ablation", lambda found: (found.size, found.ratios), ("70M", [0.2, 0.4, 0.8])),
    ("A-Fig 11", "ablation", along("batch_size"), {256, 512, 1024}),
    ("A-Fig 11", "ablation", along("peak_learning_rate"), {2.5e-4, 1e-3, 4e-3}),
    ("A-Fig 11", "ablation", along("schedule"), {"cosine", "wsd"}),
    ("A-Fig 11", "ablation", dense("people"), 320_000),
    ("A-Fig 12", "reasoning_maximum", task("maximum", "count"), 30),
    ("A-Fig 12", "reasoning_maximum", task("maximum", "numbers"), 100),
    ("A-Fig 12", "reasoning_maximum", has("ratio", 0.5, size="70M"), True),
    ("A-Fig 12", "reasoning_maximum", recipe("tokens", "schedule"), (32 * BILLION, "wsd")),
]  # fmt: skip
SETTING = ("batch_size", "context", "betas", "weight_decay", "gradient_clip")
PYTHIA = (512, 2048, (0.9, 0.95), 0.1, 1.0)
"""Paper A's batch, and AdamW as in Pythia."""
FROM_SCRATCH = [
    "transition", "transition_410M", "transition_2_8B", "transition_6_9B", "horizon", "horizon_410M", "threshold",
    "people", "ablation", "reasoning_slope", "reasoning_maximum",
]  # fmt: skip
PAPER_B = [
    ("B, data", "domains", lambda found: len(found.domains), 7),
    ("B, data", "pile_domains", lambda found: len(found.domains), 22),
    *(
        (f"B, {part}", name, read, published)
        for name in ("bimix", "pile_bimix", "slimpajama_contest", "pile_contest")
        for part, read, published in (
            ("sequences", recipe("batch_size", "context"), (512, 1024)),
            ("steps", lambda found: found.recipe.steps, 200_000),
            ("optimizer", recipe("betas", "weight_decay"), ((0.9, 0.99), 0.01)),
            ("schedule", schedule, ("exponential", 1e-3)),
            ("evaluations", recipe("evaluation_points"), (20,)),
            ("tokenizer", lambda found: STUDY.tokenizers[found.tokenizer].hub.name, "EleutherAI/gpt-neox-20b"),
        )
    ),
    *(
        (f"B-{part}", name, read, published)
        for name in ("bimix", "pile_bimix")
        for part, read, published in (
            ("Fig 1, 2 (280M)", lambda found: blocks(found.size), (12, 768, 12)),
            ("Fig 3, Table 2", lambda found: found.fitted, ["shannon", "joint", "conditional", "von-neumann"]),
            ("Fig 3, Table 2", lambda found: found.predicted, ["baseline", "doremi"]),
        )
    ),
    ("B-Fig 4", "slimpajama_contest", lambda found: blocks(found.size), (16, 2048, 32)),
    ("B-Fig 4", "pile_contest", lambda found: blocks(found.size), (16, 2048, 32)),
    ("B-Fig 6", "slimpajama_contest", contest("baseline", "doremi", "doge", "bimix"), True),
    ("B-Fig 7", "pile_contest", contest("baseline", "doremi", "regmix-lightgbm", "bimix"), True),
    ("B-Fig 8", "slimpajama_contest", contest("baseline", "data-mixing-laws", "bimix"), True),
    ("B-Fig 8", "pile_contest", contest("baseline", "data-mixing-laws", "bimix"), True),
    ("B-Fig 4, 6, 7", "one_shot_answers", lambda found: found.shots, 1),
    ("B-Fig 4, 6, 7", "one_shot_answers", lambda found: {*found.tasks}, {"webqs", "lambada_openai", "triviaqa"}),
    ("B-Fig 4, 6, 7", "one_shot_answers", lambda found: found.asked, ["slimpajama_contest", "pile_contest"]),
    ("B-Table 5", "domains", lambda found: tuple(found.baseline.values()), SLIMPAJAMA["baseline"]),
    ("B-Table 5", "bimix", lambda found: tuple(found.given["doremi"].values()), SLIMPAJAMA["doremi"]),
    ("B-Table 5", "slimpajama_contest", contestant("baseline"), SLIMPAJAMA["baseline"]),
    ("B-Table 5", "slimpajama_contest", contestant("doremi"), SLIMPAJAMA["doremi"]),
]  # fmt: skip

WHERE = {  # every row of both papers that needs training, and the experiments that are its
    "A-Fig 1": ["transition"],
    "A-Fig 2": ["transition", "transition_410M"],
    "A-Fig 3": ["horizon"],
    "A-Fig 3a": ["horizon", "horizon_410M"],
    "A-Fig 4": ["horizon", "horizon_410M"],
    "A-Fig 5": ["reasoning_slope"],
    "A-Fig 6": ["theory"],
    "A-Fig 7a": ["threshold"],
    "A-Fig 7b": ["threshold"],
    "A-Fig 7c": ["popqa", "popularity"],
    "A-Fig 8a": ["strategies"],
    "A-Fig 8b": ["continual"],
    "A-Fig 8c": ["continual_synbio"],
    "A-Fig 9": ["transition_2_8B", "transition_6_9B"],
    "A-Fig 10": ["transition", "transition_410M"],
    "A-Fig 11": ["ablation"],
    "A-Fig 12": ["reasoning_maximum"],
    "A-Fig 13": ["popqa", "popularity"],
    "A-Fig 14": ["strategies", "continual"],
    "A-Fig 14b": ["continual"],
    "A-Table 1": ["transition"],
    "A-Table 2": ["transition"],
    "A-Table 3a": ["strategies"],
    "A-Table 3": ["strategies", "continual", "continual_synbio"],
    "A-Tables 3–5": ["general_abilities"],
    "A-Thm 4.2": ["theory"],
    "A-Thm 4.3": ["theory"],
    "B-Fig 1": ["bimix", "pile_bimix"],
    "B-Fig 2": ["bimix", "pile_bimix"],
    "B-Fig 3": ["bimix", "pile_bimix"],
    "B-Fig 4": ["slimpajama_contest", "pile_contest", "one_shot_answers"],
    "B-Fig 5": ["bimix", "pile_bimix"],
    "B-Fig 6": ["slimpajama_contest", "one_shot_answers"],
    "B-Fig 7": ["pile_contest", "one_shot_answers"],
    "B-Fig 8": ["slimpajama_contest", "pile_contest"],
    "B-Table 1": ["bimix", "pile_bimix"],
    "B-Table 2": ["bimix", "pile_bimix"],
    "B-Table 3": ["bimix", "pile_bimix"],
    "B-Table 4": ["pile_domains"],
    "B-Table 5": ["domains"],
}
OURS = {"people", "cliff", "regmix", "slimpajama_law", "pile_law"}
"""Experiments that are no figure of either paper."""


def blocks(size):
    """Blocks, width and heads of a size."""
    found = STUDY.models[size]
    return found.layers, found.width, found.heads


@pytest.mark.parametrize(("row", "name", "read", "published"), [*PAPER_A, *PAPER_B])
def test_a_published_number(row, name, read, published):
    assert read(STUDY.experiments[name]) == published, f"{row}: experiments.{name}"


@pytest.mark.parametrize("name", FROM_SCRATCH)
def test_paper_as_setting(name):
    """Section 3: batches of 512 × 2048, AdamW as in Pythia, peak 1e-3, 160 warm-up steps, 10 % of cooldown."""
    found = STUDY.training[name]
    assert recipe(*SETTING)(found) == PYTHIA
    assert EPSILON == 1e-8
    assert (found.recipe.schedule, found.recipe.peak_learning_rate) == ("wsd", 1e-3)
    assert (found.recipe.warmup, found.recipe.cooldown_fraction) == (160, 0.1)
    assert found.start is None


@pytest.mark.parametrize("name", ["strategies", "continual", "continual_synbio"])
def test_paper_as_setting_of_section_6(name):
    assert recipe(*SETTING)(STUDY.training[name]) == PYTHIA
    assert STUDY.sources[STUDY.training[name].base].heldout_fraction > 0


def test_paper_bs_learning_rate_falls_by_ten():
    found = STUDY.training["bimix"].recipe
    assert learning_rate(found.steps, found) == pytest.approx(1e-4)
    assert found.tokens / found.evaluation_points == pytest.approx(5 * BILLION, rel=0.05), "every 5B tokens"


def test_synbio_s_values():
    """A, appendix: 400 × 400 × 1000 names, 28 days × 12 months × 100 years, 200, 300, 100 and 263 values."""
    found = Values()
    years = found.birth_years[1] - found.birth_years[0] + 1
    assert (found.first_names, found.middle_names, found.last_names) == (400, 400, 1000)
    assert (found.birth_days, found.birth_months, years) == (28, 12, 100)
    assert (found.birth_cities, found.universities, found.majors, found.employers) == (200, 300, 100, 263)
    people = [source for name, source in STUDY.sources.items() if name.startswith("synbio") and source.people >= 10_000]
    assert len(people) >= 8
    assert all(source.values == found for source in people)


def test_the_horizons_of_a_fig_3():
    """About 20 at every ratio, each 1.2 times the one before, up to 256B tokens; at r = .2 one of 512B."""
    found = STUDY.training["horizon"]
    for ratio in along("ratio")(found):
        horizons = sorted(along("tokens", ratio=ratio)(found) - {found.recipe.tokens, 512 * BILLION})
        assert len(horizons) == 20
        assert [longer / shorter for shorter, longer in pairwise(horizons)] == pytest.approx([1.2] * 19, rel=0.02)
        published = math.exp(-0.25512 + 1.5137 / ratio) * BILLION  # to reach 40 %, by A's exponential law
        assert horizons[-1] > 2 * published or horizons[-1] == 256 * BILLION
    assert max(along("tokens")(found)) == 16 * found.recipe.tokens


def test_the_exposures_of_a_fig_4():
    """About 3000 a person at 70M and 200 at 410M: the same tokens of a biography follow from both."""
    lengths = [
        0.2 * max(along("tokens")(STUDY.training[name])) / STUDY.sources[STUDY.training[name].dense].people / exposures
        for name, exposures in (("horizon", 3000), ("horizon_410M", 200))
    ]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.1)


def test_the_tokens_of_a_fig_11():
    """A, D.2: until facts have been shown as often at every ratio."""
    found = STUDY.training["ablation"]
    shown = {key.values["ratio"] * found.recipe_of(key).tokens for key in found.cells}
    assert shown == {0.4 * 32 * BILLION}


def test_the_problems_of_a_fig_12():
    """3 million tokens of maxima in OpenWebMath's 14.7 billion, less than .02 %."""
    share = STUDY.training["reasoning_maximum"].share
    assert share * 14.7 * BILLION == pytest.approx(3e6, rel=0.05)
    assert share <= 0.0002


def test_the_problems_of_a_fig_5():
    """Fewer than 3.5 million at r = .4: a problem has at least as many tokens as pieces, which no token crosses."""
    found = STUDY.training["reasoning_slope"]
    slopes = Slopes(STUDY.sources[found.tasks["slope"]].numbers)
    problems = [slopes.write(numbers, wording % 4).text for wording, numbers in enumerate(slopes.draw(2000, RNG))]
    pieces = np.mean([len(GPT_NEOX_PIECES.pre_tokenize_str(text)) for text in problems])
    assert 3.3e6 < 0.4 * found.recipe.tokens * found.share / pieces < 3.5e6


def test_the_law_of_popqa_is_fitted_to_13_models_and_its_judge_is_of_another_family():
    found = STUDY.experiments["popqa"]
    assert len(FITTED) == sum(not each.held_out for each in found.models.values()) == 13
    assert found.judge.hub.split("/")[0] not in {each.hub.split("/")[0] for each in found.models.values()}


@pytest.mark.parametrize("name", ["domains", "pile_domains"])
def test_paper_bs_mixtures_sum_to_one(name):
    study = {"domains": "bimix", "pile_domains": "pile_bimix"}[name]
    for mixture in (STUDY.experiments[name].baseline, STUDY.experiments[study].given["doremi"]):
        assert list(mixture) == STUDY.experiments[name].domains
        assert sum(mixture.values()) == pytest.approx(1, abs=5e-4)


SPLIT = {  # the hub's configurations, and the values of the field that says which domain a row is of
    "domains": {
        (None, f"RedPajama{name}")
        for name in ("ArXiv", "Book", "C4", "CommonCrawl", "Github", "StackExchange", "Wikipedia")
    },
    "pile_domains": {
        (name,)
        for name in (
            "ArXiv", "BookCorpus2", "Books3", "DM Mathematics", "Enron Emails", "EuroParl", "FreeLaw", "Github",
            "Gutenberg (PG-19)", "HackerNews", "NIH ExPorter", "OpenSubtitles", "OpenWebText2", "PhilPapers", "Pile-CC",
            "PubMed Abstracts", "PubMed Central", "StackExchange", "UPSTO Backgrounds", "Ubuntu IRC", "Wikipedia (en)",
            "YoutubeSubtitles",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SPLIT)
def test_every_domain_has_its_own_rows(name):
    sources = [STUDY.sources[domain] for domain in STUDY.experiments[name].domains]
    told = [(source.hub.name, *source.hub.where.values()) for source in sources]
    assert set(told) == SPLIT[name], "no two domains are the same rows, and the hub has all of them"


def test_what_the_hub_gives_is_pinned():
    hub = [source.hub for source in STUDY.sources.values() if getattr(source, "origin", None) == "hub"]
    assert len(hub) > 30
    assert all(re.fullmatch("[0-9a-f]{40}", each.revision) for each in hub)


def test_every_row_of_the_papers_has_an_experiment():
    """Rows are those that claims are about; an experiment trains cells, reads some, or asks models of others."""
    rows = {row for claim in claims() for row in re.findall(r"[AB]-(?:Fig|Table|Thm) [\d.]+[a-c]?", claim.id)}
    assert len(rows) > 30
    assert rows <= WHERE.keys()
    for names in WHERE.values():
        for name in names:
            needed = [STUDY.experiments[each] for each in STUDY.in_order([name])]
            assert any(each.cells or each.model_jobs for each in needed) or name.endswith("domains")
    assert STUDY.experiments.keys() == OURS.union(*WHERE.values())


def test_the_table_has_every_experiment_of_the_papers():
    named = {name for _, name, _, _ in (*PAPER_A, *PAPER_B)}
    assert named | {"theory"} | OURS == STUDY.experiments.keys()


def test_the_people_of_wikibio_are_the_users():
    """They are looked for only if they are read, and not for a plan."""
    with pytest.raises(PhasemixError, match=r"sources\.wikibio-275k\.table = 'wikibio\.parquet': no such file"):
        read_config(FILE, run="continual")
    assert read_config(FILE, run="continual_synbio").running
