"""The claims on the threshold frequency: every verdict can be reached, from findings of made-up studies alone."""

import numpy as np
import pytest

from phasemix.claims.paper_a import fig_7_slopes, fig_7a, fig_7b, theory_threshold_frequency
from phasemix.experiments.threshold import findings
from phasemix.experiments.threshold.fits import fits
from tests.experiments.made_up import RESAMPLING, THRESHOLD_OPTIONS, thresholds, web_losses, write_threshold

CLAIMS = (fig_7a, fig_7_slopes, fig_7b, theory_threshold_frequency)


def found(runs=None, web=None):
    """Findings of thresholds and losses; without others, those of slope −1.4 and α = .4, the same in both counts."""
    runs = thresholds(non_embedding=0.5) if runs is None else runs
    web = web_losses(non_embedding=0.5) if web is None else web
    standing = {name: int((runs["crossing_standing"] == name).sum()) for name in ("on", "above", "below")}
    laws = fits(runs, web, **RESAMPLING)
    return {"level": 0.8, "confidence": 0.95, "runs": {"crossing": standing, "threshold": standing}, "fits": laws}


def judge(claim, runs=None, web=None):
    return claim.CLAIM.judged({"threshold": {"made_up": found(runs, web)}})


def of(**options):
    return thresholds(**{"non_embedding": 0.5} | options)


def losses(**options):
    return web_losses(**{"non_embedding": 0.5} | options)


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_follows_the_theory_reproduces_every_claim(claim):
    finding = judge(claim)
    assert finding.verdict == "reproduced"
    assert "all parameters: " in finding.measured
    assert "without embeddings: " in finding.measured
    assert finding.measured.endswith("0 of 15 runs lie off the groups")


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("sizes", [("58k",), ("23k", "58k", "236k")])
def test_a_few_sizes_test_nothing(claim, sizes):
    assert judge(claim, of(sizes=sizes)).verdict == "not tested"


@pytest.mark.parametrize("claim", CLAIMS)
def test_sizes_off_the_groups_do_not_count(claim):
    assert judge(claim, of(off=["23k", "39k"])).verdict == "not tested"


@pytest.mark.parametrize("claim", [fig_7_slopes, fig_7b, theory_threshold_frequency])
def test_without_the_loss_of_the_base_alone_nothing_is_predicted(claim):
    assert judge(claim, web=losses(seeds=1)).verdict == "not tested"


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_slope_that_may_be_anything_tests_nothing(claim):
    finding = judge(claim, of(noise=2.0, rng_seed=4))
    assert finding.verdict == "not tested"
    assert "(−3.59 to 0.80)" in finding.measured


@pytest.mark.parametrize("claim", CLAIMS)
def test_counts_that_disagree_make_it_partly(claim):
    """Without embeddings, sizes lie further apart, so that the slope is smaller there."""
    embedded = of()
    embedded["non_embedding"] = embedded["parameters"] ** 3.0
    finding = judge(claim, embedded)
    assert finding.verdict == ("reproduced" if claim is fig_7a else "partly")


def test_a_power_law_is_straight():
    assert judge(fig_7a, of(bend=-0.4, noise=0.01)).verdict == "partly"
    assert judge(fig_7a, of(off=["236k"], noise=0.01)).verdict == "partly"  # four sizes
    exponential = of()
    exponential["crossing"] = np.exp(-exponential["parameters"] / 30_000)
    assert judge(fig_7a, exponential).verdict == "partly"


def test_a_power_law_falls():
    assert judge(fig_7a, of(slope=0.0)).verdict == "not reproduced"
    assert judge(fig_7a, of(slope=1.0)).verdict == "not reproduced"
    level = of().assign(crossing=0.01)
    assert judge(fig_7a, level).verdict == "not reproduced"


def test_slopes_agree_if_their_difference_is_known_to_be_small():
    assert judge(fig_7_slopes, of(noise=0.5, rng_seed=3)).verdict == "partly"  # a wide interval that holds 0
    assert judge(fig_7_slopes, of(slope=-1.25, noise=0.01)).verdict == "partly"  # near 0 and not 0
    assert judge(fig_7_slopes, of(slope=-2.2)).verdict == "not reproduced"
    assert "difference −0.8" in judge(fig_7_slopes, of(slope=-2.2)).measured


def test_the_exponent_is_more_than_one_and_follows_from_a_law():
    assert judge(fig_7b, of(slope=-1.0), losses(exponent=0.1)).verdict == "partly"  # 1 would do
    assert judge(fig_7b, web=losses(between=0.002)).verdict == "partly"  # sizes off the law
    assert judge(fig_7b, of(noise=0.5, rng_seed=3)).verdict == "partly"
    assert judge(fig_7b, of(slope=-2.2)).verdict == "not reproduced"


def test_the_theory_needs_the_power_and_its_exponent():
    assert judge(theory_threshold_frequency, of(slope=-2.2)).verdict == "partly"  # a power of another exponent
    assert judge(theory_threshold_frequency, of(slope=0.0)).verdict == "not reproduced"
    assert judge(theory_threshold_frequency, of(bend=-0.4, noise=0.01)).verdict == "partly"


def test_findings_of_tables_are_what_the_claims_read(tmp_path):
    measured = findings.measure(write_threshold(tmp_path), THRESHOLD_OPTIONS)
    for claim in CLAIMS:
        finding = claim.CLAIM.judged({"threshold": {"made_up": measured}})
        assert finding.verdict != "not tested"
        assert finding.measured
