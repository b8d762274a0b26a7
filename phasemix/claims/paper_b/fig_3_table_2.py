"""Prediction of other mixtures."""

from typing import Any

from phasemix.base.number_text import number_text
from phasemix.claims.claim import Claim, Finding, in_each_experiment

LEAST = 0.95
LAW, NO_LAW, OTHER = "bimix", "mean", "transfer"


@in_each_experiment
def test(bimix: dict[str, Any]) -> Finding:
    """R² of the mixtures that were predicted, against predicting the fitted mixtures' mean."""
    law, no_law, other = (bimix["prediction"][name]["by_mixture"] for name in (LAW, NO_LAW, OTHER))
    measured = "; ".join(
        f"{name} mean R² {_three(one['mean'])}, median {_three(one['median'])}, worst {_three(one['worst'])}, mean"
        f" relative error {_percent(one)} (of the fitted mixtures' mean {_percent(no_law[name])}, of transfer"
        f" {_percent(other[name])})"
        for name, one in law.items()
    )
    far = [f"{name} by {one['factor']:.1f} in {one['domain']}" for name, one in bimix["outside"].items() if _far(one)]
    measured += f"; outside the fitted proportions lie {', '.join(far)}" if far else ""
    better = all(one["mean_relative_error"] < no_law[name]["mean_relative_error"] for name, one in law.items())
    if better and all(one["mean"] >= LEAST for one in law.values()):
        return Finding(measured, "reproduced")
    medians = all(one["median"] >= LEAST for one in law.values())
    return Finding(measured, "partly" if better and medians else "not reproduced")


def _far(one: dict[str, Any]) -> bool:
    return one["factor"] is not None and one["factor"] > 1


def _percent(one: dict[str, Any]) -> str:
    return f"{100 * one['mean_relative_error']:.2f} %"


def _three(value: float) -> str:
    return number_text(value, ".3f")


CLAIM = Claim(
    id="B-Fig 3, B-Table 2",
    statement="Fitted on the entropy mixtures, the law predicts the losses of other mixtures.",
    published="mean R² .974 (Pile), .994 (SlimPajama)",
    criterion=(
        "BiMix is fitted on the runs of the four entropy mixtures at all steps, for each seed, and asked about the"
        " others. Reproduced if, for every mixture, the mean R² over domains and seeds (of logarithms, over steps)"
        f" is {LEAST:g} or more, and the mean relative error is less than that of the fitted mixtures' mean loss at"
        " each step, whatever the proportions, as most of the variance over steps needs no law of mixtures; partly"
        " if the median is so and the error is less; not reproduced otherwise."
    ),
    history=(
        f"Written on 2026-11-29, before any run of the study. A median of {LEAST:g} had been asked for before that; a"
        " probe of one seed and size had given a median of .98 and a mean of .31. When the results were known, a"
        " review made the rule stricter: both conditions must hold for every mixture, where they had to for all"
        " together, as equal proportions lie among the fitted ones."
    ),
    kinds=("bimix",),
    test=test,
)
