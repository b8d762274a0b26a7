"""Claims on the theory: every verdict can be reached, from studies made of it and of laws that break it."""

import copy

import pytest

from phasemix.base.files import read_json
from phasemix.claims.paper_a import (
    fig_6,
    theorems_4_2_4_3,
    theory_bits,
    theory_critical_ratio,
    theory_critical_size,
)
from tests.experiments.theories import of_exposures, truth, write_theory

CLAIMS = [theorems_4_2_4_3, fig_6, theory_critical_size, theory_critical_ratio]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A function: the findings of a study in which so much is known."""
    made = {}

    def of(known=truth, **options):
        name = repr((known, options))
        if name not in made:
            folder = tmp_path_factory.mktemp("theory")
            write_theory(folder, known, **options)
            made[name] = read_json(folder / "theory/findings.json")
        return copy.deepcopy(made[name])

    return of


def judge(claim, findings):
    return claim.CLAIM.judged({"theory": {"made_up": findings}})


def test_a_study_made_of_the_theory_is_predicted(found):
    judged = judge(theorems_4_2_4_3, found())
    assert judged.verdict == "reproduced"
    assert "predict 10 of 10 other ratios at which half of all bits are known within 25 %" in judged.measured
    assert judge(fig_6, found()).verdict == "reproduced"


def test_a_law_without_capacity_is_not(found):
    assert judge(theorems_4_2_4_3, found(of_exposures)).verdict == "not reproduced"
    assert judge(fig_6, found(of_exposures)).verdict == "not tested"  # no size is critical


def test_other_sizes_alone_are_a_part(found):
    judged = judge(theorems_4_2_4_3, found(people=()))
    assert judged.verdict == "partly"
    assert "4 other sizes and 0 other numbers of people" in judged.measured


def test_one_point_that_is_surely_off_is_a_part(found):
    findings = found()
    findings["ratios"][0] |= {"error": 0.5, "error_low": 0.4, "error_high": 0.6}
    assert judge(theorems_4_2_4_3, findings).verdict == "partly"
    findings["ratios"][0] |= {"error_low": 0.2}
    assert judge(theorems_4_2_4_3, findings).verdict == "reproduced"


def test_the_step_must_move_and_stand_where_it_is_predicted(found):
    findings = found()
    for row in findings["sizes"]:
        if row["error"] is not None:
            row |= {"error": 0.5, "error_low": 0.4, "error_high": 0.6}
    assert judge(fig_6, findings).verdict == "partly"
    findings["sizes"][0] |= {"measured": "below the grid", "low": "below the grid", "high": "below the grid"}
    assert judge(fig_6, findings).verdict == "not reproduced"


@pytest.mark.parametrize("claim", [theory_critical_ratio, theory_critical_size])
def test_slopes_are_those_of_the_learner(claim, found):
    """A world made of the theory has them; the law itself, of the first bits, it has not."""
    findings = found()
    assert judge(claim, findings).verdict == "reproduced"
    assert any(not row["above_law_low"] <= 0 <= row["above_law_high"] for row in findings["exponents"])
    for row in findings["exponents"]:
        row |= {"above_predicted_low": 0.2, "above_predicted_high": 0.3}
    assert judge(claim, findings).verdict == "partly"
    for row in findings["exponents"]:
        row |= {"high": 0.1}
    assert judge(claim, findings).verdict == "not reproduced"
    for row in findings["exponents"]:
        row |= {"places": 2}
    assert judge(claim, findings).verdict == "not tested"


@pytest.mark.parametrize(
    ("bits", "verdict"),
    [([2.1, 1.9, 2.3], "reproduced"), ([3.0, 2.8, 3.2], "partly"), ([0.4, 0.39, 0.41], "not reproduced")],
)
def test_bits_per_parameter(found, bits, verdict):
    judged = judge(theory_bits, found() | {"bits_per_parameter": bits, "most_shown": 2.5})
    assert judged.verdict == verdict
    assert "the most there was to know 2.50" in judged.measured


def test_bits_without_an_interval(found):
    findings = found() | {"bits_per_parameter": [2.0, None, None], "most_shown": 2.5}
    assert judge(theory_bits, findings).verdict == "reproduced"


def test_a_model_cannot_hold_more_than_it_was_shown(found):
    assert found()["most_shown"] == pytest.approx(600 * 25 / 58_000)
    assert judge(theory_bits, found()).verdict == "not tested"


@pytest.mark.parametrize("claim", CLAIMS)
def test_nothing_beside_the_calibration_shows_nothing(claim, found):
    assert judge(claim, found(people=(), sizes={"39k": 39_000})).verdict == "not tested"


@pytest.mark.parametrize("claim", [*CLAIMS, theory_bits])
def test_when_rules_were_made_is_told(claim):
    assert claim.CLAIM.history.startswith("Written on 2026-11-28, before any run of the experiment")
