"""Paper B's study: tables, findings, figures and section of made-up runs whose law is known."""

import json
import math
from importlib import import_module

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from phasemix.base.files import write_json
from phasemix.base.spelling import parameters_text
from phasemix.experiments.bimix import findings, section
from phasemix.experiments.bimix.coefficients import counts, rank_of_five
from phasemix.experiments.bimix.extrapolation import errors_by_noise, extrapolation, scatter
from phasemix.experiments.bimix.lines import lines, misfit
from phasemix.experiments.bimix.prediction import predictions, scores_of
from phasemix.experiments.bimix.runs import StudyRuns
from phasemix.experiments.bimix.spec import Spec
from phasemix.experiments.bimix.tables import Tables
from phasemix.experiments.experiment import figures, own_tables
from phasemix.fitting.runs import Runs
from phasemix.laws import load_law
from phasemix.report.figure_style import save, set_theme
from phasemix.report.section import section as written_section
from phasemix.study.cell_key import CellKey
from phasemix.study.files import Files
from phasemix.study.mistakes import ConfigError
from phasemix.study.overlays import load
from tests.conftest import merged
from tests.experiments.bimix_runs import (
    DATA,
    DOMAINS,
    FITTED,
    LAW,
    MIXTURES,
    OPTIONS,
    PREDICTED,
    STEPS,
    bimix,
    helped,
    noisy,
    write_runs,
    write_study,
)

SEEDS = 3
SHIFTS = {"shannon": (-0.02, 0.0, 0.02), "baseline": (0.01, 0.01, 0.01)}  # nats, by seed
STUDENT = {0.95: 4.30265273, 0.5: 0.81649658}  # t of 2 degrees of freedom, two-sided


def shifted(mixture, seed, domain, tokens):
    """BiMix with known differences between seeds."""
    return bimix(mixture, seed, domain, tokens) + SHIFTS.get(mixture, (0, 0, 0))[seed]


NOISY = noisy(bimix, 0.003)
STUDIES = {
    "exact": {},
    "seeds": {"loss": NOISY, "seeds": SEEDS},
    "helped": {"loss": noisy(helped, 0.003), "seeds": SEEDS},
    "shifted": {"loss": shifted, "seeds": SEEDS},
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {name: write_study(tmp_path_factory.mktemp(name), **study) for name, study in STUDIES.items()}


@pytest.fixture(scope="module")
def exact(folders):
    return read(folders["exact"])


@pytest.fixture(scope="module")
def seeds(folders):
    return read(folders["seeds"])


def read(folder):
    return Tables.read(folder, OPTIONS)


def last(mixture, domain):
    return bimix(mixture, 0, domain, STEPS[-1])


def average(mixture, tokens=STEPS[-1]):
    """The mean loss over domains, without noise."""
    return np.mean([bimix(mixture, 0, domain, tokens) for domain in DOMAINS])


def test_runs_are_told_by_mixture_and_seed(seeds):
    study = seeds.study
    assert study.runs.domains == study.runs.targets == tuple(DOMAINS)
    assert study.of(["joint"]).sum() == SEEDS * len(STEPS)
    one = study.of(["joint", "uniform"], 2)
    assert set(zip(study.mixture[one], study.seed[one])) == {("joint", 2), ("uniform", 2)}
    assert set(study.runs.run[study.last & one]) == {"166k joint 2", "166k uniform 2"}
    assert study.runs.rows(study.of(["joint"], 0) & study.last).mixture.tolist() == [list(MIXTURES["joint"].values())]
    assert seeds.mixtures == [*PREDICTED, *FITTED]


def test_every_table_that_the_kind_names_is_written(folders):
    written = {path.name for path in folders["exact"].iterdir()} - {"cells.csv", "runs.csv"}
    assert written == set(own_tables("bimix")) - {"findings.json"}


def test_the_last_point_is_predicted_where_the_one_before_it_lies_off(exact):
    table = exact.extrapolation
    assert len(table) == len(MIXTURES) * len(DOMAINS)
    assert (table["error"] < 1e-6).all()
    for row in table.to_dict("records"):
        end = last(row["mixture"], row["domain"])
        before = bimix(row["mixture"], 0, row["domain"], STEPS[-2])
        assert row["loss"] == pytest.approx(end)
        assert row["error_before"] == pytest.approx(before / end - 1)
    assert table["error_before"].min() > 0.005


def test_the_last_point_is_not_fitted(tmp_path):
    """Losses that stop falling at the end are not foreseen, and the law overshoots by what they fell short."""

    def stopping(mixture, seed, domain, tokens):
        return bimix(mixture, seed, domain, min(tokens, STEPS[-2]))

    write_runs(tmp_path, stopping)
    table = extrapolation(StudyRuns.read(tmp_path), PREDICTED)
    assert len(table) == len(PREDICTED) * len(DOMAINS)
    assert (table["error_before"] == 0).all()
    expected = [last(row.mixture, row.domain) for row in table.itertuples()]
    assert table["predicted"].to_numpy() == pytest.approx(np.array(expected), rel=1e-5)
    assert (table["error"] > 0.005).all()


def test_the_last_point_by_a_power_law_by_hand(tmp_path):
    """A line through y₀ to y₃ at equal distances says y₃ + (y₂ − y₀)/2 of the next point."""
    steps = [100_000 * 2**point for point in range(5)]
    write_runs(tmp_path, steps=steps)
    table = extrapolation(StudyRuns.read(tmp_path), ["joint"])
    assert table["domain"].tolist() == DOMAINS
    for row in table.itertuples():
        y = [math.log(bimix("joint", 0, row.domain, step)) for step in steps]
        assert row.error_power == pytest.approx(abs(math.exp(y[3] + (y[2] - y[0]) / 2 - y[4]) - 1))


def test_the_constant_helps_to_predict_where_the_law_has_one(exact):
    assert (exact.extrapolation["error_power"] > 0.001).all()
    found = findings.last_step(pd.DataFrame({"error": [0.1, 0.3], "error_power": [0.2, 0.6]}))
    assert found == pytest.approx({"constant_error": 0.2, "power_error": 0.4})


D = 0.01  # nats


def wavering(scale, other=0.0, seeds=2):
    """Two mixtures of two domains at 8 steps; seeds waver by ± ``scale``·D at the last two, thrice so in domain b.

    Those of mixture y waver by ``other``·D. Seeds lie apart, and waver much more before the last quarter of the steps.
    """
    rows = []
    for mixture, by in (("x", scale), ("y", other)):
        for seed in range(seeds):
            sign = 1 - 2 * seed
            early = [sign * (-1) ** step for step in range(6)]
            for step, waver in enumerate([*early, sign * by * D, -sign * by * D]):
                rows.append((mixture, seed, step, *(1 / (step + 1) + 0.2 * seed + times * waver for times in (1, 3))))
    mixture, seed, step, *log_loss = map(np.array, zip(*rows))
    runs = Runs(
        run=np.array([f"{one} {each}" for one, each in zip(mixture, seed)]),
        domains=("a", "b"),
        mixture=np.where((mixture == "x")[:, None], [0.3, 0.7], [0.6, 0.4]),
        targets=("a", "b"),
        loss=np.exp(np.stack(log_loss, axis=1)),
        step=100.0 * (step + 1),
    )
    return StudyRuns(runs, mixture, seed)


def test_scatter_by_hand():
    """Squares of 4 numbers D have one degree of freedom in x, and those of y one more; 3D in the other domain."""
    assert scatter(wavering(1), ["x"]) == pytest.approx([2 * D, 6 * D])
    assert scatter(wavering(1), ["x", "y"]) == pytest.approx([math.sqrt(2) * D, 3 * math.sqrt(2) * D])


def test_scatter_grows_with_noise_and_needs_two_seeds():
    assert scatter(wavering(0), ["x", "y"]) == pytest.approx([0, 0], abs=1e-12)
    assert scatter(wavering(3), ["x"]) == pytest.approx(3 * scatter(wavering(1), ["x"]))
    assert (scatter(wavering(1, 2), ["x", "y"]) > scatter(wavering(1, 1), ["x", "y"])).all()
    assert np.isnan(scatter(wavering(1, seeds=1), ["x", "y"])).all()


def test_noise_makes_the_step_law_err_as_it_does_where_it_is_the_truth(exact, tmp_path):
    """By more than a law that knew the curves, as its fit errs as well; here losses scatter by .3 % at every step."""
    rng = np.random.default_rng(0)

    def scattered(mixture, seed, domain, tokens):
        return bimix(mixture, seed, domain, tokens) * math.exp(0.003 * rng.standard_normal())

    write_runs(tmp_path, scattered, seeds=SEEDS)
    study = StudyRuns.read(tmp_path)
    found = errors_by_noise(study, list(MIXTURES), 0)
    assert found["known"] == pytest.approx(0.003 * math.sqrt(2 / math.pi), rel=0.2)
    assert 1.05 * found["known"] < found["fitted"] < 2 * found["known"]
    assert found["fitted"] == pytest.approx(extrapolation(study, list(MIXTURES))["error"].mean(), rel=0.25)
    assert all(math.isnan(error) for error in errors_by_noise(exact.study, exact.mixtures, 0).values())


def test_mixtures_that_were_not_fitted_are_predicted_by_the_law_that_holds(exact):
    said = exact.predictions
    assert len(said) == 3 * len(PREDICTED) * len(DOMAINS) * len(STEPS)
    for row in said[said["law"] != "transfer"].to_dict("records"):
        where = (0, row["domain"], row["step"])
        assert row["loss"] == pytest.approx(bimix(row["mixture"], *where))
        geometric = math.prod(bimix(mixture, *where) for mixture in FITTED) ** (1 / len(FITTED))
        expected = geometric if row["law"] == "mean" else row["loss"]
        assert row["predicted"] == pytest.approx(expected, rel=1e-6)


def test_the_law_that_holds_scores_above_no_law(exact):
    wide = exact.scores.pivot_table(index=["mixture", "domain"], columns="law")
    assert (wide["r2_log"]["bimix"] > 1 - 1e-6).all()
    assert (wide["r2_log"]["mean"] < 0.999).all()
    error = wide["mean_relative_error"]
    assert (error["bimix"] < 1e-6).all()
    assert (error["mean"] > 0.001).all()


def test_where_domains_help_each_other_transfer_predicts_better(folders):
    """A mixture among those that were fitted; of one far from them neither law knows enough."""
    found = findings.measure(folders["helped"], OPTIONS)["prediction"]
    of_law, of_transfer = (found[law]["by_mixture"]["uniform"] for law in ("bimix", "transfer"))
    assert of_transfer["mean_relative_error"] < 0.5 * of_law["mean_relative_error"]
    assert found["bimix"]["by_mixture"]["baseline"]["worst"] < 0.99


def test_laws_are_fitted_on_runs_of_the_same_seed(tmp_path):
    """Runs of the second seed all lie 10 % higher, and so do predictions for it."""

    def higher(mixture, seed, domain, tokens):
        return bimix(mixture, seed, domain, tokens) * (1.1 if seed == 1 else 1)

    write_runs(tmp_path, higher, seeds=2)
    said = predictions(StudyRuns.read(tmp_path), FITTED, PREDICTED, seed=0)
    by_seed = said[said["law"] == "bimix"].pivot_table(
        index=["mixture", "domain", "step"], columns="seed", values="predicted"
    )
    assert (by_seed[1] / by_seed[0]).to_numpy() == pytest.approx(1.1, rel=1e-6)


def test_scores_by_hand():
    said = pd.DataFrame({"law": "bimix", "mixture": "uniform", "seed": 0, "domain": ["a"] * 2 + ["b"] * 2})
    said = said.assign(loss=np.exp([0, 2, 0, 2]), predicted=np.exp([0.5, 1.5, 2, 0]))
    first, second = scores_of(said).to_dict("records")
    assert (first["domain"], second["domain"]) == ("a", "b")
    assert first["r2_log"] == pytest.approx(1 - 0.5 / 2)
    assert first["mean_relative_error"] == pytest.approx((math.exp(0.5) - 1 + 1 - math.exp(-0.5)) / 2)
    assert second["r2_log"] == pytest.approx(1 - 8 / 2)


def test_lines_over_proportions_have_the_exponents_of_the_law(exact):
    assert exact.lines["domain"].tolist() == DOMAINS
    for row in exact.lines.to_dict("records"):
        law, shares = LAW[row["domain"]], [mixture[row["domain"]] for mixture in MIXTURES.values()]
        assert row["alpha"] == pytest.approx(law["alpha"])
        assert math.exp(row["intercept"]) == pytest.approx(law["B"] * STEPS[-1] ** -law["beta"] + law["C"])
        assert row["r_squared"] == pytest.approx(1)
        assert (row["least"], row["greatest"]) == (min(shares), max(shares))
    assert exact.lines[["misfit", "misfit_p"]].isna().all(axis=None)  # one seed tells no noise


def bent_line():
    """Of three mixtures at equal distances, 2 seeds each, in no order: proportions, logarithms of losses, and names.

    Means of 0, 3D and 0 lie −D, 2D and −D off their line, which is level at D. Seeds lie ± D off the means of x, ∓ D
    off those of y, and on those of z.
    """
    rows = [("y", 0, -2, 2), ("x", 0, -3, 1), ("z", 0, -1, 0), ("z", 1, -1, 0), ("x", 1, -3, -1), ("y", 1, -2, 4)]
    mixture, seed, log_r, loss = map(np.array, zip(*rows))
    return np.exp(log_r.astype(float)), loss * D, mixture, seed


def test_the_misfit_of_a_line_by_hand():
    """2·(1 + 4 + 1)·D²/1 over 4·D²/(2·1); F of 1 and 2 degrees is the square of Student's t of 2."""
    f, p = misfit(*bent_line())
    assert f == pytest.approx(12 / 2)
    assert p == pytest.approx(1 - math.sqrt(6 / (2 + 6)))


def test_what_a_seed_adds_to_all_mixtures_alike_is_no_noise_of_the_misfit():
    share, log_loss, mixture, seed = bent_line()
    assert misfit(share, log_loss + 0.5 * seed, mixture, seed) == pytest.approx(misfit(*bent_line()))
    one = log_loss + 0.5 * D * (seed == 1) * (mixture == "x")
    assert misfit(share, one, mixture, seed)[0] != pytest.approx(6, rel=0.01)


@pytest.mark.parametrize(
    "kept",
    [
        lambda mixture, seed: seed == 0,
        lambda mixture, seed: (mixture != "y") | (seed == 0),
        lambda mixture, seed: mixture != "z",  # no line can miss two
    ],
)
def test_one_seed_or_a_missing_run_tells_no_misfit(kept):
    *_, mixture, seed = bent_line()
    assert np.isnan(misfit(*(column[kept(mixture, seed)] for column in bent_line()))).all()


def test_lines_tell_their_misfit_and_how_straight_they_are_without_the_baseline(tmp_path):
    """All lie on the line but the baseline, whose losses are twice as high."""

    def twice(mixture, seed, domain, tokens):
        return NOISY(mixture, seed, domain, tokens) * (2 if mixture == "baseline" else 1)

    write_runs(tmp_path, twice, seeds=2)
    study = StudyRuns.read(tmp_path)
    for domain, row in zip(DOMAINS, lines(study, MIXTURES).to_dict("records")):
        own = study.runs.mixture[study.last, DOMAINS.index(domain)]
        loss = study.runs.loss[study.last, DOMAINS.index(domain)]
        others = study.mixture[study.last] != "baseline"
        for column, which in (("r_squared", others | True), ("r_squared_without_baseline", others)):
            assert row[column] == pytest.approx(np.corrcoef(np.log(own[which]), np.log(loss[which]))[0, 1] ** 2)
        assert row["r_squared"] < 0.9 < row["r_squared_without_baseline"]
        expected = misfit(own, np.log(loss), study.mixture[study.last], study.seed[study.last])
        assert (row["misfit"], row["misfit_p"]) == expected
        assert row["misfit_p"] < 0.001


def test_the_misfit_is_that_of_noise_if_the_law_holds_and_not_if_domains_help_each_other(folders, seeds):
    assert (seeds.lines["misfit_p"] > 0.05 / len(DOMAINS)).all()
    bent = read(folders["helped"]).lines
    assert (bent["misfit"] > 20).all()
    assert (bent["misfit_p"] < 0.001 / len(DOMAINS)).all()


def test_the_fitted_law_is_the_true_one(exact):
    found = exact.parameters.pivot_table(index="domain", columns="parameter", values="value").loc[DOMAINS]
    expected = pd.DataFrame(LAW).T[found.columns]
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert exact.parameters["identified"].all()
    assert len(exact.parameters) == 4 * len(DOMAINS)


def test_intervals_of_exponents_hold_the_true_ones_where_seeds_differ(seeds):
    table = seeds.parameters.query("parameter == 'alpha'").set_index("domain")
    for domain, law in LAW.items():
        assert table["low"][domain] < law["alpha"] < table["high"][domain] < law["alpha"] + 0.03


def test_intervals_of_parameters_are_of_the_confidence_of_the_options(folders, tmp_path):
    """Those of 50 % lie within those of 95 %, which are at least as much wider as a normal number's."""
    narrow = write_study(tmp_path, NOISY, SEEDS, options=OPTIONS | {"confidence": 0.5})
    half, usual = (read(folder).parameters.query("parameter == 'alpha'") for folder in (narrow, folders["seeds"]))
    assert half["value"].tolist() == usual["value"].tolist()
    ratio = np.log(usual["high"] / usual["low"]) / np.log(half["high"] / half["low"])
    assert ratio.between(1.96 / 0.6745, 5).all()


@pytest.mark.parametrize("m", [3, 4])
def test_numbers_that_laws_need(m):
    domains = tuple("abcd"[:m])
    table = counts(domains)
    found = {row["law"]: row for row in table.to_dict("records")}
    assert found["bimix"] == {"law": "bimix", "per_domain": 4, "in_all": 4 * m, "each_step": False}
    assert found["exponential"] == {"law": "exponential", "per_domain": m + 1, "in_all": m * (m + 1), "each_step": True}
    assert found["transfer"]["per_domain"] == 3 + m + 3
    assert not {"step-law", "kriging", "regmix-lightgbm"} & set(found)  # these are no formulas of a mixture
    assert table["each_step"].tolist() == sorted(table["each_step"])


@pytest.mark.parametrize("name", ["exact", "seeds", "helped"])
def test_a_number_of_five_cannot_be_told(folders, name):
    table = read(folders[name]).parameters
    assert (table["rank"] == 4).all()
    assert (table["least"] < 1e-10).all()


def test_a_fitted_constant_of_0_has_ranks_all_the_same(tmp_path):
    """Losses that fall ever more steeply on log-log axes have no constant, so two more numbers cannot be told."""

    def steep(mixture, seed, domain, tokens):
        return MIXTURES[mixture][domain] ** -0.1 * (300 * tokens**-0.2 - 1)

    write_runs(tmp_path, steep)
    law = load_law("bimix").fit(StudyRuns.read(tmp_path).runs, 0)
    assert (law.parameters().query("parameter == 'C'")["value"] == 0).all()
    assert rank_of_five(law) == [{"domain": domain, "rank": 3, "least": 0.0} for domain in DOMAINS]


def test_perplexity_is_the_mean_over_domains(exact):
    table = exact.perplexity
    assert len(table) == len(MIXTURES) * len(STEPS)
    expected = [average(row.mixture, row.step) for row in table.itertuples()]
    assert table["loss"].to_numpy() == pytest.approx(np.array(expected))


@pytest.mark.parametrize("confidence", STUDENT)
def test_differences_of_perplexity_have_students_interval(folders, confidence):
    found = findings.measure(folders["shifted"], OPTIONS | {"confidence": confidence})["perplexity"]
    assert set(found) == set(MIXTURES) - {"baseline"}
    spans = {name: {key: each[key] for key in ("value", "low", "high")} for name, each in found.items()}
    value = average("shannon") - average("baseline") - 0.01
    half = STUDENT[confidence] * 0.02 / math.sqrt(SEEDS)
    assert spans["shannon"] == pytest.approx({"value": value, "low": value - half, "high": value + half})
    value = average("joint") - average("baseline") - 0.01  # seeds do not differ
    assert spans["joint"] == pytest.approx({"value": value, "low": value, "high": value})


def test_entropy_mixtures_are_compared_with_conditional_entropy(folders):
    found = findings.measure(folders["shifted"], OPTIONS)["order"]
    assert list(found) == FITTED
    value, half = average("shannon") - average("conditional"), STUDENT[0.95] * 0.02 / math.sqrt(SEEDS)
    assert found["shannon"] == pytest.approx({"value": value, "low": value - half, "high": value + half})
    assert found["conditional"] == {"value": 0, "low": 0, "high": 0}


def test_losses_at_the_end_are_those_of_every_mixture_and_seed(folders):
    last_of = findings.last_losses(read(folders["shifted"]).study)
    assert last_of.columns.tolist() == DOMAINS
    assert len(last_of) == SEEDS * len(MIXTURES)
    assert last_of.loc[("shannon", 2), "code"] == pytest.approx(last("shannon", "code") + 0.02)


def test_differences_by_domain_and_by_natural_weights_by_hand():
    """Domain a falls by 1 and 3 in two seeds and b rises by 1 in both; a is a tenth of the baseline."""
    index = pd.MultiIndex.from_product([["baseline", "x"], [0, 1]], names=["mixture", "seed"])
    table = pd.DataFrame({"a": [5.0, 6, 4, 3], "b": [2.0, 2, 3, 3]}, index=index)
    found = findings.perplexity(table, np.array([0.1, 0.9]), 0.95)
    assert list(found) == ["x"]
    assert found["x"]["value"] == pytest.approx(-0.5)
    assert found["x"]["by_domain"] == pytest.approx({"a": -2, "b": 1})
    assert found["x"]["natural"] == pytest.approx(-0.2 + 0.9)


def test_natural_weights_are_the_baselines_proportions(exact):
    assert findings.weights_of(exact.study, "baseline").tolist() == list(MIXTURES["baseline"].values())


def test_differences_are_those_of_the_same_seed(tmp_path):
    """What a seed adds to all mixtures alike makes no interval wide."""

    def shared(mixture, seed, domain, tokens):
        return bimix(mixture, seed, domain, tokens) + 0.3 * seed

    write_runs(tmp_path, shared, seeds=2)
    found = findings.perplexity(findings.last_losses(StudyRuns.read(tmp_path)), np.full(4, 0.25), 0.95)["uniform"]
    assert found["high"] - found["low"] < 1e-9
    assert found["value"] == pytest.approx(average("uniform") - average("baseline"))


def test_errors_of_the_last_step_are_means_over_seeds():
    rows = [("x", 0, 0.1, 0.5), ("x", 0, 0.3, 0.1), ("x", 1, 0.6, 0.2), ("x", 1, 0.2, 0.2), ("y", 0, 0.4, 0.3)]
    table = pd.DataFrame(rows, columns=["mixture", "seed", "error", "error_before"])
    found = findings.extrapolation(table)
    assert found["x"] == pytest.approx({"mean": 0.3, "worst": 0.45, "mean_before": 0.25, "worst_before": 0.35})
    assert found["y"] == pytest.approx({"mean": 0.4, "worst": 0.4, "mean_before": 0.3, "worst_before": 0.3})


def test_what_was_predicted_in_numbers():
    rows = [
        ("x", 0, "a", 0.9, 0.01), ("x", 1, "a", 0.7, 0.02), ("x", 0, "b", 0.1, 0.03), ("x", 1, "b", 0.5, 0.04),
        ("y", 0, "a", 1.0, 0.05), ("y", 1, "a", 1.0, 0.06), ("y", 0, "b", 0.6, 0.07), ("y", 1, "b", 0.6, 0.04),
    ]  # fmt: skip
    columns = ["mixture", "seed", "domain", "r2_log", "mean_relative_error"]
    found = findings.prediction(pd.DataFrame(rows, columns=columns))
    by_mixture = found.pop("by_mixture")
    assert [each.pop("worst_domain") for each in by_mixture.values()] == ["b", "b"]
    assert by_mixture["x"] == pytest.approx({"median": 0.55, "mean": 0.55, "worst": 0.3, "mean_relative_error": 0.025})
    assert by_mixture["y"] == pytest.approx({"median": 0.8, "mean": 0.8, "worst": 0.6, "mean_relative_error": 0.055})
    assert found == pytest.approx({"median": 0.65, "mean_relative_error": 0.04})


def test_how_far_a_mixture_lies_outside_the_fitted_ones(exact):
    """Of forum the baseline has .02, the fitted ones .10 or more; the entropy mixtures hold equal proportions."""
    study = exact.study
    assert findings.outside(study, FITTED, "baseline") == {"domain": "forum", "factor": pytest.approx(0.10 / 0.02)}
    assert findings.outside(study, FITTED, "uniform")["factor"] == 1
    assert findings.outside(study, ["joint", "uniform"], "uniform")["factor"] == 1  # one of them
    above = {"domain": "forum", "factor": pytest.approx(0.20 / 0.13)}  # more than wiki's .30/.20
    assert findings.outside(study, ["joint", "conditional"], "shannon") == above
    assert findings.outside(study, FITTED, "doremi") == {"domain": None, "factor": None}


def test_a_predicted_run_that_diverged_is_left_out(tmp_path):
    folder = write_study(tmp_path, NOISY, seeds=2, diverged=[("uniform", 1)])
    tables, found = read(folder), findings.measure(folder, OPTIONS)
    for table in (tables.extrapolation, tables.predictions, tables.perplexity):
        assert set(table.loc[table["mixture"] == "uniform", "seed"]) == {0}
        assert set(table.loc[table["mixture"] == "baseline", "seed"]) == {0, 1}
    assert tables.lines["misfit"].isna().all()
    told = found["perplexity"]["uniform"]
    difference = tables.perplexity.query("seed == 0 and step == step.max()").set_index("mixture")["loss"]
    assert told["value"] == pytest.approx(difference["uniform"] - difference["baseline"])
    assert told["low"] is None
    assert found["perplexity"]["joint"]["low"] is not None
    assert written_section("bimix", "mine", tables=folder, figures=[], options=OPTIONS)


def test_a_predicted_mixture_whose_only_run_diverged_is_left_out(tmp_path):
    folder = write_study(tmp_path, diverged=[("uniform", 0)])
    found = findings.measure(folder, OPTIONS)
    assert list(found["extrapolation"]) == ["baseline", *FITTED]
    assert list(found["prediction"]["bimix"]["by_mixture"]) == ["baseline"]
    assert found["outside"]["uniform"] == {"domain": None, "factor": None}
    assert "uniform" not in found["perplexity"]
    figure = draw("b_fig_3", read(folder))
    assert figure.axes[0].get_title(loc="left") == "wiki: R² 1.00"
    plt.close(figure)


@pytest.mark.parametrize("name", ["exact", "seeds"])
def test_findings_are_numbers_and_words_that_json_can_hold(folders, name):
    found = findings.measure(folders[name], OPTIONS)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert list(found["extrapolation"]) == [*PREDICTED, *FITTED]
    assert list(found["prediction"]) == ["bimix", "transfer", "mean"]
    assert list(found["prediction"]["mean"]["by_mixture"]) == PREDICTED
    assert [row["domain"] for row in found["lines"]] == DOMAINS
    assert (found["domains"], found["ranks"]) == (4, dict.fromkeys(DOMAINS, 4))
    assert found["steps"]["constant"] == pytest.approx(1)
    assert 0.9 < found["steps"]["power"] < 0.999  # a straight line leaves the bend
    assert found["steps"]["constant_error"] < 0.1 * found["steps"]["power_error"]
    assert found["outside"]["baseline"]["domain"] == "forum"
    assert (found["errors_by_noise"]["fitted"] is None) == (name == "exact")
    told = found["perplexity"]["uniform"]
    assert list(told["by_domain"]) == DOMAINS
    assert np.mean(list(told["by_domain"].values())) == pytest.approx(told["value"])
    by_weight = zip(MIXTURES["baseline"].values(), told["by_domain"].values())
    assert told["natural"] == pytest.approx(sum(share * less for share, less in by_weight))
    assert (told["low"] is None) == (told["high"] is None) == (name == "exact")


def draw(name, tables):
    set_theme()
    return import_module(f"phasemix.experiments.bimix.figures.{name}").draw(tables)


def legend(figure):
    [found] = figure.legends
    return [text.get_text() for text in found.get_texts()]


@pytest.fixture(scope="module")
def drawn(seeds, tmp_path_factory):
    """All figures of a study, as the section takes them; everyone says what it shows."""
    folder = tmp_path_factory.mktemp("figures")
    for name in figures("bimix"):
        figure = draw(name, seeds)
        below = "the domain's proportion" if name == "b_fig_2" else "training tokens"
        assert (figure.get_supxlabel() or figure.axes[0].get_xlabel()) == below
        assert "nats per token" in (figure.get_supylabel() or figure.axes[0].get_ylabel())
        titles = [axes.get_title(loc="left").split(":")[0] for axes in figure.axes if axes.get_visible()]
        assert titles == ([""] if name == "b_fig_5" else DOMAINS)
        save(figure, folder / f"{name}.svg")
        plt.close(figure)
    return sorted(folder.iterdir())


def test_curves_over_steps_go_through_the_points_of_the_first_seed(seeds):
    figure = draw("b_fig_1", seeds)
    panels = figure.axes[: len(DOMAINS)]
    for axes, domain in zip(panels, DOMAINS):
        assert len(axes.lines) == 2 * len(MIXTURES)
        for mixture, points, curve in zip(seeds.mixtures, axes.lines[::2], axes.lines[1::2]):
            assert points.get_xdata().tolist() == STEPS
            assert points.get_ydata()[-1] == pytest.approx(NOISY(mixture, 0, domain, STEPS[-1]))
            assert curve.get_ydata() == pytest.approx(points.get_ydata())
            assert (points.get_linestyle(), curve.get_linestyle()) == ("None", "-")
    assert legend(figure) == ["baseline", "uniform", "SE", "JE", "CE", "VNE"]
    plt.close(figure)


def test_lines_over_proportions_are_drawn_at_a_few_steps(exact, seeds):
    figure = draw("b_fig_2", exact)
    shown = [STEPS[i] for i in (2, 3, 5, 9)]
    assert legend(figure) == [parameters_text(step) for step in shown]
    for axes, domain in zip(figure.axes, DOMAINS):
        assert axes.get_title(loc="left") == f"{domain}: R² 1.00"
        assert len(axes.lines) == 2 * len(shown)
        for step, points, line in zip(shown, axes.lines[::2], axes.lines[1::2]):
            assert sorted(points.get_xdata()) == sorted(mixture[domain] for mixture in MIXTURES.values())
            x, y = np.log(line.get_data())
            assert np.diff(y) / np.diff(x) == pytest.approx(-LAW[domain]["alpha"])
            assert max(points.get_ydata()) == pytest.approx(max(bimix(name, 0, domain, step) for name in MIXTURES))
    plt.close(figure)
    figure = draw("b_fig_2", seeds)
    assert {len(line.get_xdata()) for line in figure.axes[0].lines[::2]} == {SEEDS * len(MIXTURES)}
    plt.close(figure)


def test_predicted_mixtures_are_drawn_with_two_laws(exact, seeds):
    figure = draw("b_fig_3", exact)
    for axes, domain in zip(figure.axes, DOMAINS):
        assert len(axes.lines) == 3 * len(PREDICTED)  # two laws, and what was measured
        for mixture, law, points in zip(PREDICTED, axes.lines[::3], axes.lines[2::3]):
            measured = np.array([bimix(mixture, 0, domain, step) for step in STEPS])
            assert points.get_ydata() == pytest.approx(measured)
            assert law.get_ydata() == pytest.approx(measured, rel=1e-6)
        assert axes.get_title(loc="left") == f"{domain}: R² 1.00, 1.00"  # of each mixture
    assert legend(figure) == ["baseline", "uniform", "bimix", "transfer"]
    plt.close(figure)
    figure = draw("b_fig_3", seeds)
    assert {len(line.get_xdata()) for line in figure.axes[0].lines} == {len(STEPS)}  # of one seed
    plt.close(figure)


def test_perplexity_is_drawn_from_a_quarter_of_the_training_on(seeds):
    figure = draw("b_fig_5", seeds)
    [axes] = figure.axes
    assert len(axes.lines) == 2 * len(MIXTURES)  # means over seeds, and a dot a seed
    table = seeds.perplexity
    for mixture, line, dots in zip(seeds.mixtures, axes.lines[::2], axes.lines[1::2]):
        assert list(line.get_xdata()) == [step for step in STEPS if step >= STEPS[-1] / 4]
        end = table[(table["mixture"] == mixture) & (table["step"] == STEPS[-1])]["loss"]
        assert sorted(dots.get_ydata()) == sorted(end)
        assert line.get_ydata()[-1] == pytest.approx(end.mean())
    assert legend(figure) == ["baseline", "uniform", "SE", "JE", "CE", "VNE"]
    plt.close(figure)


def test_the_section_shows_figures_and_tables(folders, drawn):
    html = written_section("bimix", "mine", tables=folders["seeds"], figures=drawn, options=OPTIONS)
    assert html.count("<figure") == html.count("data:image/svg+xml;base64,") == 4
    assert "trained on 6 mixtures of 4 domains with 3 seeds each and evaluated at\n10 points" in html
    assert "mixtures SE, JE, CE, VNE and asked about baseline and uniform" in html
    assert "Equal proportions stand where paper B has DoReMi" in html
    assert ".9748" in html  # B-Table 2
    assert "a law that knew these curves would err by about 0.00 %" in html
    assert "natural weights" in html
    assert '<th scope="row">forum</th><td>0.100–0.300</td><td>0.020, 0.250</td><td>5.0</td>' in html
    other = OPTIONS | {"predicted": ["baseline"]}
    html = written_section("bimix", "mine", tables=folders["seeds"], figures=[], options=other)
    assert "DoReMi’s mixture" not in html
    assert "<figure" not in html


def test_the_section_says_what_was_measured(folders, exact, seeds):
    said = section.values(folders["exact"], OPTIONS)
    before = exact.extrapolation.query("mixture == 'uniform'")["error_before"]
    of_law = ["uniform", "0.00 (0.00–0.00)", "0.00 (0.00–0.00)"]
    assert [row[:3] for row in said["extrapolation"]][1] == of_law
    assert said["extrapolation"][1][4:] == [f"{100 * before.mean():.2f}", f"{100 * before.max():.2f}"]
    assert [row[:2] for row in said["prediction"][:2]] == [["BiMix", "baseline"], ["BiMix", "uniform"]]
    assert {tuple(row[2:]) for row in said["prediction"][:2]} == {("1.000",) * 3}
    assert len(said["domains"]) == len(DOMAINS) * len(PREDICTED)
    assert all(row[2] == "1.000" and row[5] == "0.00" for row in said["domains"])
    ranked = sorted(MIXTURES, key=average)
    assert [row[1] for row in said["perplexity"]] == [f"{average(mixture):.3f}" for mixture in ranked]
    assert {row[0]: row[2] for row in said["perplexity"]}["baseline"] == "–"
    uniform = next(row for row in said["perplexity"] if row[0] == "uniform")
    parts = {domain: last("uniform", domain) - last("baseline", domain) for domain in DOMAINS}
    natural = sum(MIXTURES["baseline"][domain] * less for domain, less in parts.items())
    numbers = (average("uniform") - average("baseline"), natural, *parts.values())
    assert uniform[2:] == [f"{number:+.3f}".replace("-", "−") for number in numbers]
    assert (said["names"], said["noise"]) == (DOMAINS, {"known": None, "fitted": None})
    most = [max(mixture[domain] for mixture in MIXTURES.values()) * STEPS[-1] / DATA for domain in DOMAINS]
    assert [row[:1] + row[4:] for row in said["spread"]] == [[d, f"{each:.2f}"] for d, each in zip(DOMAINS, most)]
    assert said["spread"][0][1:4] == ["0.100–0.300", "0.500, 0.250", f"{0.5 / 0.3:.1f}"]
    assert said["spread"][1][3] == "1.0"
    row = said["parameters"][0]
    assert row[:2] == ["wiki", "0.12 (0.12 to 0.12)"]
    assert row[-3:] == ["0.120", "1.000", "–"]
    assert ["bimix", "4", "16", "all steps"] in said["counts"]
    assert ["exponential", "5", "20", "each step"] in said["counts"]
    told = section.values(folders["seeds"], OPTIONS)
    assert all("(p = " in row[-1] for row in told["parameters"])
    assert sum(" to " in row[2] for row in told["perplexity"]) == len(MIXTURES) - 1


def study_with(**changes):
    """The default study of paper B alone, with changes of its section."""
    config = json.loads(json.dumps(merged("config.yaml")))
    config["experiments"] = {name: config["experiments"][name] for name in ("domains", "bimix")}
    config["experiments"]["bimix"] |= changes
    config["run"] = ["bimix"]
    return config


SIX = study_with()["experiments"]["bimix"]["domains"]
DOREMI = {"docstrings": 0.21, "code": 0.3, "tests": 0.2, "headers": 0.14, "stubs": 0.1, "metadata": 0.048}
NAMES = "baseline, uniform, shannon, joint, conditional, von-neumann"
EVERY = "docstrings, code, tests, headers, stubs, metadata"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"size": "167k"}, "size = '167k': names none of the models; did you mean '166k'?"),
        ({"measured": "laws"}, "measured = 'laws': is no experiment of kind domains"),
        ({"domains": SIX[::-1]}, f"domains: must be those of domains, in its order: {EVERY}"),
        ({"domains": SIX[:-1]}, f"domains: must be those of domains, in its order: {EVERY}"),
        ({"tokenizer": "laptop"}, "tokenizer = 'laptop': must be that of domains, domains"),
        ({"fitted": ["joint", "entropy"]}, f"fitted.1 = 'entropy': is no mixture; there are {NAMES}"),
        ({"predicted": ["doremi", "baseline"]}, f"predicted.0 = 'doremi': is no mixture; there are {NAMES}"),
        ({"predicted": ["baseline", "joint"]}, "predicted: and fitted name a mixture twice"),
        ({"fitted": ["joint", "joint"]}, "predicted: and fitted name a mixture twice"),
        ({"predicted": ["uniform"]}, "predicted: must name baseline, with which the others are compared"),
        ({"given": {"my": dict.fromkeys(SIX[1:], 0.2)}}, f"given.my: must give a proportion for each of {EVERY}"),
        ({"given": {"mine": dict(reversed(DOREMI.items()))}}, "given.mine: must give a proportion for each of docstr"),
        ({"given": {"mine": dict.fromkeys(SIX, 0.2)}}, "given.mine: must sum to 1, not to 1.2000"),
        ({"given": {"mine": DOREMI | {"code": 0}}}, "given.mine.code = 0: input should be greater than 0"),
        ({"given": {"joint": DOREMI}}, "given.joint: has the name of a mixture that domains makes"),
        ({"given": {"my own": DOREMI}}, "given.my own: is no key that can stand here"),
        ({"seeds": []}, "seeds: list should have at least 1 item"),
        ({"fitted": ["joint"]}, "fitted: list should have at least 2 items"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_key_and_what_would_do(changes, problem):
    with pytest.raises(ConfigError) as error:
        load(study_with(**changes))
    found = str(error.value)
    assert "\n" not in found
    assert f"experiments.bimix.{problem}" in found


def test_a_seed_that_stands_twice_is_one_cell_of_each_mixture():
    twice, once = (load(study_with(seeds=seeds)).experiments["bimix"].cells for seeds in ([0, 1, 1], [0, 1]))
    assert twice == once
    assert len(once) == 6 * 2


def test_a_given_mixture_is_known_by_its_name_and_sums_to_one():
    study = load(study_with(given={"doremi": DOREMI}, predicted=["baseline", "doremi"]))
    found = study.experiments["bimix"]
    mixture = found.mixture(CellKey.of(size="166k", mixture="doremi", seed=0))
    assert mixture.file is None
    assert mixture.sources == tuple(SIX)
    assert math.fsum(mixture.proportions.values()) == pytest.approx(1, abs=1e-12)
    total = sum(DOREMI.values())
    assert total == pytest.approx(0.998)
    assert mixture.proportions == pytest.approx({name: share / total for name, share in DOREMI.items()})


def test_other_mixtures_are_read_from_the_experiment_that_measured_the_domains(tmp_path):
    study = load(study_with())
    found = study.experiments["bimix"]
    assert isinstance(found, Spec)
    assert len(found.cells) == len(set(found.cells)) == 6 * 3
    key = CellKey.of(size="166k", mixture="von-neumann", seed=2)
    assert key in found.cells
    mixture = found.mixture(key)
    assert mixture.file == "{results}/tables/domains/mixtures/von-neumann.json"
    placed = "results/laptop/tables/domains/mixtures/von-neumann.json"
    assert mixture.placed("results/laptop", "bimix").file == study.cell("bimix", key).mixture.file == placed
    assert Files(study).beginning("bimix", key) == [placed]
    assert placed in Files(study).tables_read("bimix")
    assert found.needs == ["domains"]
    shares = {name: (i + 1) / 21 for i, name in enumerate(SIX)}
    write_json(tmp_path / "tables/domains/mixtures/von-neumann.json", dict(reversed(shares.items())))
    read = mixture.placed(str(tmp_path), "bimix").read()
    assert list(read.proportions.items()) == list(shares.items())


def test_its_options_are_what_tables_and_section_ask_for():
    study = load(study_with())
    options = json.loads(Files(study).options("bimix"))
    assert set(OPTIONS) <= set(options)
    assert options["predicted"] == ["baseline", "uniform"]
    assert options["fitted"] == ["shannon", "joint", "conditional", "von-neumann"]
