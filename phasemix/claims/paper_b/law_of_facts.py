"""Whether the power law holds for facts, across their critical ratio."""

from typing import Any

from phasemix.claims.answers import verdict_of
from phasemix.claims.claim import Claim, Finding, in_each_experiment

MOST = 0.01


@in_each_experiment
def test(meeting: dict[str, Any]) -> Finding:
    """BiMix's signed errors of the loss on facts at the ratios around every size's critical one."""
    found = {size: each for size, each in meeting["sizes"].items() if each["critical"] is not None}
    if not found:
        return Finding("no size crosses its critical ratio on the grid", "not tested")
    told, kept = [], []
    for size, each in found.items():
        ends = [each["at"][name] for name in ("below", "above")]
        words = " and ".join(f"{100 * end['off']:+.1f} % at r = {end['ratio']:g}" for end in ends).replace("-", "−")
        told.append(f"{size}: critical r {each['critical']:.2f}; {words}")
        kept.append(max(abs(end["off"]) for end in ends) <= MOST)
    measured = f"BiMix, fitted to each size, lies off the loss on facts by: {'; '.join(told)}"
    return Finding(measured, verdict_of(kept, needed=len(kept)))


CLAIM = Claim(
    id="B-Law (facts)",
    statement="A domain's loss is a power law of its proportion, also where the domain is facts (paper A's).",
    published="nothing: paper B has no facts, paper A no law of losses",
    criterion=(
        f"BiMix, fitted to all ratios of a size, lies within {100 * MOST:g} % of the loss on facts at the two ratios of"
        " the grid around the critical one. Reproduced if so at every size, partly if at some. One seed: single"
        " runs of text scatter by .6 to 1.2 % (experiment bimix)."
    ),
    history="The claim is ours. Written on 2026-11-29, after the run that is kept, whose residuals were known.",
    kinds=("meeting",),
    test=test,
)
