"""The claims on horizons: every verdict can be reached, from findings of made-up studies alone."""

import math

import numpy as np
import pytest

from phasemix.analysis.bend import bend
from phasemix.claims.paper_a import fig_3, fig_3_linear, fig_3a_fig_4
from phasemix.experiments.horizon.findings import measure
from tests.experiments.made_up import FLOOR, HORIZON_OPTIONS, TOKENS, learned_after, write_horizons

HORIZONS = tuple(round(TOKENS * 1.2**i) for i in range(16))  # to 15 times the budget
RATIOS = [0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8]
CLAIMS = (fig_3, fig_3_linear, fig_3a_fig_4)


@pytest.fixture
def judge(tmp_path):
    """A function: the finding of a claim's test on a made-up study, in which T at 40 % is ``needed(ratio)``."""

    def of(claim, needed=None, **options):
        made = {"sizes": ["20k"], "ratios": RATIOS, "tokens": HORIZONS, **options}
        if needed is not None:
            made["accuracy"] = learned_after(needed)
        write_horizons(tmp_path, **made)
        return claim.CLAIM.judged({"horizon": {"made_up": measure(tmp_path, HORIZON_OPTIONS)}})

    return of


def scattered(needed, by=0.02):
    """The same with an error of T at every ratio that has no trend."""
    return lambda ratio: needed(ratio) * math.exp(by * np.random.default_rng(round(1000 * ratio)).standard_normal())


def exponential(ratio):
    return 385 * math.exp(0.75 / ratio)


def power(ratio):
    return 1100 * (ratio / 0.8) ** -1.6


def between(ratio):
    """Faster than a power law and slower than an exponential."""
    return 150 * math.exp(1.6 / ratio**0.5)


def line(ratio):
    return 4000 / ratio - 3200


def faster(ratio):
    return 900 * math.exp((0.3 / ratio) ** 2)


def test_an_exponential_underpredicted_by_a_power_law_reproduces(judge):
    found = judge(fig_3, scattered(exponential))
    assert found.verdict == "reproduced"
    assert "(above its interval) the power law" in found.measured
    assert "R² of log T" in found.measured
    assert judge(fig_3, scattered(faster, 0.005)).verdict == "reproduced"


def test_a_power_law_does_not(judge):
    assert judge(fig_3, scattered(power, 0.01)).verdict == "not reproduced"


def test_what_is_between_the_laws_is_partly(judge):
    assert judge(fig_3, between).verdict == "partly"


def test_laws_that_are_not_sure_tell_nothing(judge):
    assert judge(fig_3, scattered(exponential, 0.3)).verdict == "not tested"
    assert judge(fig_3, exponential, ratios=[0.2, 0.4, 0.5]).verdict == "not tested"  # two ratios to fit to
    assert judge(fig_3, exponential, ratios=[r for r in RATIOS if r >= 0.3]).verdict == "not tested"


def test_a_bound_below_the_prediction_tells_nothing(judge):
    few = {"tokens": HORIZONS[:8], "ratios": [r for r in RATIOS if r != 0.25]}
    assert judge(fig_3, scattered(exponential), **few).verdict == "not tested"


def test_sizes_that_differ_are_partly(judge):
    laws = {"20k": learned_after(scattered(exponential)), "40k": learned_after(scattered(power, 0.01))}
    found = judge(fig_3, accuracy=lambda size, *rest: laws[size](size, *rest), sizes=["20k", "40k"])
    assert found.verdict == "partly"
    assert "20k: B" in found.measured
    assert "40k: B" in found.measured


def test_the_papers_own_law_bends_as_the_claim_says():
    x = 1 / np.array([0.45, 0.5, 0.55, 0.6, 0.7, 0.8])
    assert bend(x, np.exp(1.5137 * x), 0.95)[0] == pytest.approx(fig_3_linear.PAPERS_BEND, abs=0.005)


def test_a_line_above_four_tenths_is_found(judge):
    found = judge(fig_3_linear, line)
    assert found.verdict == "reproduced"
    assert "bend" in found.measured


def test_a_curve_is_no_line(judge):
    assert judge(fig_3_linear, lambda ratio: 40 * math.exp(2.6 / ratio)).verdict == "not reproduced"


def test_a_slight_curve_is_a_line_and_one_that_is_not_sure_partly(judge):
    assert judge(fig_3_linear, lambda ratio: line(ratio) + 250 * (1 / ratio - 1.8) ** 2).verdict == "reproduced"
    assert judge(fig_3_linear, scattered(line, 0.016)).verdict == "partly"


def test_few_or_scattered_points_do_not_tell_a_line(judge):
    assert judge(fig_3_linear, line, ratios=[0.3, 0.4, 0.5, 0.6, 0.7]).verdict == "not tested"
    assert judge(fig_3_linear, scattered(line, 0.3)).verdict == "not tested"


def cliff(size, ratio, tokens):
    """At r = .2 and above everything is known, below nothing, however long training is."""
    return 0.95 if ratio >= 0.2 else FLOOR


def slow(size, ratio, tokens):
    """Below the critical ratio the same, only later."""
    return 0.95 if ratio * tokens >= 0.2 * TOKENS else FLOOR


LONG = {"ratios": [0.05, 0.1, 0.2, 0.4], "tokens": (1000, 4000, 8000), "seeds": 3}


def test_nothing_learned_below_the_critical_ratio_reproduces(judge):
    found = judge(fig_3a_fig_4, accuracy=cliff, **LONG)
    assert found.verdict == "reproduced"
    assert "after 8 × the headline’s tokens, 800 exposures" in found.measured
    assert "r = 0.05" in found.measured


def test_what_is_learned_with_more_tokens_does_not(judge):
    assert judge(fig_3a_fig_4, accuracy=slow, **LONG).verdict == "not reproduced"
    some = LONG | {"ratios": [0.02, 0.05, 0.15, 0.2]}
    assert judge(fig_3a_fig_4, accuracy=slow, **some).verdict == "partly"  # .02 is still at the floor


def test_one_seed_is_partly_at_best(judge):
    found = judge(fig_3a_fig_4, accuracy=cliff, **LONG | {"seeds": 1})
    assert found.verdict == "partly"
    assert "one seed" in found.measured
    assert judge(fig_3a_fig_4, accuracy=slow, **LONG | {"seeds": 1}).verdict == "not reproduced"


def still_rising(size, ratio, tokens):
    """Below the critical ratio accuracy is within the floor's interval, and what is known grows."""
    return 0.95 if ratio >= 0.2 else FLOOR + 0.004 * math.log2(tokens / TOKENS)


def test_knowledge_that_still_rises_at_the_floor_is_partly(judge):
    assert judge(fig_3a_fig_4, accuracy=still_rising, **LONG).verdict == "partly"


def test_seeds_that_differ_too_much_tell_nothing(judge):
    def uncertain(size, ratio, tokens):
        return 0.95 if ratio >= 0.2 else 1.5 * FLOOR

    assert judge(fig_3a_fig_4, accuracy=uncertain, **LONG, spread=0.4).verdict == "not tested"


def test_cells_must_be_long_and_far_below_a_known_critical_ratio(judge):
    assert judge(fig_3a_fig_4, accuracy=cliff, **LONG | {"tokens": (1000, 4000)}).verdict == "not tested"
    assert judge(fig_3a_fig_4, accuracy=cliff, **LONG | {"tokens": (2000, 8000)}).verdict == "not tested"
    assert judge(fig_3a_fig_4, accuracy=cliff, **LONG | {"ratios": [0.15, 0.2]}).verdict == "not tested"
    assert judge(fig_3a_fig_4, accuracy=cliff, **LONG | {"ratios": [0.05, 0.1]}).verdict == "not tested"


@pytest.mark.parametrize("claim", CLAIMS)
def test_claims_state_their_rule_and_when_it_was_made(claim):
    assert claim.CLAIM.history == "Written on 2026-11-28, before any run of the experiment."
