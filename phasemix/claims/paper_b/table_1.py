"""Extrapolation in steps."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment

MOST = 0.003


@in_each_experiment
def test(bimix: dict[str, Any]) -> Finding:
    """Mean errors of the last step by mixture, against those of taking the loss before for the last."""
    found = bimix["extrapolation"]
    good = sum(each["mean"] <= MOST and each["mean"] < each["mean_before"] for each in found.values())
    each = ", ".join(
        f"{name} {100 * one['mean']:.2f} % ({100 * one['mean_before']:.2f})" for name, one in found.items()
    )
    measured = f"{each}; in brackets the change since the point before, which is the error of no law at all"
    known, fitted = (bimix["errors_by_noise"][name] for name in ("known", "fitted"))
    if known is not None:
        mean = sum(one["mean"] for one in found.values()) / len(found)
        measured += (
            f"; the mean of all is {100 * mean:.2f} %; as the weights of a run scatter around their way, a law that"
            f" knew every run's mean curve would err by {100 * known:.2f} %, and the step law by {100 * fitted:.2f} %"
            " if it were the truth"
        )
    if good == len(found):
        return Finding(measured, "reproduced")
    return Finding(measured, "partly" if 2 * good >= len(found) else "not reproduced")


CLAIM = Claim(
    id="B-Table 1",
    statement="The law predicts the loss at the last step from the points before it.",
    published="mean relative error .16–.19 %",
    criterion=(
        "The step law of every run is fitted without its last point. The mean relative error over domains, meaned"
        f" over seeds, must be {100 * MOST:g} % or less, and less than that of taking the loss one point before for"
        " the last. Reproduced if both hold for every mixture; partly if for half of them."
    ),
    history="Written on 2026-11-29, before any run of the study; .3 % was asked for before that.",
    kinds=("bimix",),
    test=test,
)
