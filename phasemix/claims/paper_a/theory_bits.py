"""Bits of knowledge per parameter."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, Verdict, in_each_experiment

ABOUT = (1.5, 2.5)
FACTOR = 2.0  # within which it is partly so


@in_each_experiment
def test(theory: dict[str, Any]) -> Finding:
    """The constant that sets the critical ratio."""
    value, low, high = theory["bits_per_parameter"]
    low, high = (value, value) if low is None else (low, high)
    most = theory["most_bits"]
    verdict: Verdict = "not reproduced"
    if theory["most_shown"] < ABOUT[0]:
        verdict = "not tested"
    elif high >= ABOUT[0] and low <= ABOUT[1]:
        verdict = "reproduced"
    elif 2 / FACTOR <= value <= 2 * FACTOR:
        verdict = "partly"
    return Finding(
        f"{value:.2f} bits per parameter ({low:.2f}–{high:.2f}) give the critical ratio of"
        f" {theory['calibration']['size']}; the most that a model was seen to know of people is"
        f" {most['bits_per_parameter']:.2f} bits per parameter ({most['size']}, r = {most['ratio']:g},"
        f" {most['people']} people), and the most there was to know {theory['most_shown']:.2f}",
        verdict,
    )


CLAIM = Claim(
    id="A-Theory (bits per parameter)",
    statement="A sufficiently trained model holds about 2 bits of knowledge per parameter.",
    published="about 2 bits, as earlier work measured",
    criterion=(
        "The bits per parameter with which the learner of bounded capacity has the critical ratio that"
        f" was measured at the calibration. Reproduced if their interval meets {ABOUT[0]:g}–{ABOUT[1]:g};"
        f" partly if they are within a factor of {FACTOR:g} of 2. Not tested where no model was shown {ABOUT[0]:g} bits"
        " per parameter, as it could not hold what there was not."
    ),
    history=(
        "Written on 2026-11-28, before any run of the experiment; what no model was shown does not count against it"
        " since 2026-11-29, with the first results known."
    ),
    kinds=("theory",),
    test=test,
)
