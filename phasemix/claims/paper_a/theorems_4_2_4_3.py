"""The learner of bounded capacity."""

from typing import Any

from phasemix.base.number_text import number_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.predictions import NEAR, compared, error_text, far, near

SIZES, PEOPLE = 3, 2  # beside those of the calibration


@in_each_experiment
def test(theory: dict[str, Any]) -> Finding:
    """Critical ratios that one constant predicts, at other sizes and other numbers of people."""
    calibration, points = theory["calibration"], compared(theory["ratios"], theory["calibration"])
    if not points:
        return TOO_SMALL
    met = [point for point in points if near(point)]
    sizes = {point["size"] for point in met} - {calibration["size"]}
    people = {point["people"] for point in met} - {calibration["people"]}
    named = "; ".join(f"{point['size']} with {point['people']}: {error_text(point)}" for point in points)
    difference = theory["known"]["difference"]
    measured = (
        f"{theory['bits_per_parameter'][0]:.2f} bits per parameter, set at {calibration['size']} with"
        f" {calibration['people']} people, predict {len(met)} of {len(points)} other ratios"
        f" at which half of all bits are known within {100 * NEAR:g} %, at {len(sizes)} other sizes and"
        f" {len(people)} other numbers of people: {named}"
    )
    least, median, most = theory["web_excess"]
    least_text, median_text, most_text = (number_text(excess, "+.2f") for excess in (least, median, most))
    measured += (
        f"; the web loss, which the theory gives as well, is {least_text} to {most_text} nats above it"
        f" (median {median_text})"
    )
    if difference is not None:
        measured += f"; the share known in a cell is off by {100 * difference:.0f} points in the mean"
    verdict: Verdict = "not reproduced"
    if len(sizes) >= SIZES and len(people) >= PEOPLE and not any(map(far, points)):
        verdict = "reproduced"
    elif len(met) >= len(points) / 2:
        verdict = "partly"
    return Finding(measured, verdict)


CLAIM = Claim(
    id="A-Thm 4.2, A-Thm 4.3",
    statement=(
        "A learner of bounded capacity solves a knapsack; facts are learned all or none as capacity or ratio grows."
    ),
    published="r_thres ~ 1 / (p · M^(α+1))",
    criterion=(
        "With the web loss of web-only runs and one constant, the bits per parameter, set by the critical"
        " ratio of one size and one number of people (where half of all bits are known), the learner predicts the other"
        " critical ratios. A point off its grid counts as the end of the grid, and not at all if the"
        f" prediction is beyond that end too. Reproduced if predictions are within {100 * NEAR:g} % at"
        f" {SIZES} or more other sizes and {PEOPLE} or more other numbers of people, and no point is off"
        f" by more than {100 * NEAR:g} % with the whole interval of its error; partly if half of the points or more are"
        f" within {100 * NEAR:g} %."
    ),
    history="Written on 2026-11-28, before any run of the experiment.",
    kinds=("theory",),
    test=test,
)
