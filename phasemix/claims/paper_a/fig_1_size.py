"""The transition in model size."""

from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.texts import percent, shape_text

LEARNED = 0.6  # paper A's "past 60 %"


@in_each_experiment
def test(transition: dict[str, Any]) -> Finding:
    """Ratios at which accuracy goes from the floor to past 60 % along the sizes, and the shape of that."""
    if len(transition["sizes"]) < 2:
        return TOO_SMALL
    floors = {(cell["size"], cell["ratio"]): cell["floor_high"] for cell in transition["growth"]}
    found, jumps, steep = [], 0, 0
    for ratio in transition["ratios"]:
        line = [cell for cell in transition["accuracies"] if cell["ratio"] == ratio]
        below = [cell for cell in line if cell["high"] <= floors[cell["size"], ratio]]
        above = [cell for cell in line if cell["low"] >= LEARNED]
        if not (below and above):
            continue
        jumps += 1
        shape = [
            one
            for one in transition["shapes"]
            if (one["share"], one["along"], one["ratio"]) == ("accuracy", "size", ratio)
        ]
        steep += any(one["low"] > 0 for one in shape)
        found.append(
            f"r = {ratio:g}: {below[-1]['size']} {percent(below[-1])} → {above[0]['size']} {percent(above[0])},"
            f" {shape_text(shape[0]) if shape else 'too few sizes for its shape'}"
        )
    verdict: Verdict = "reproduced" if steep >= 2 else "partly" if jumps else "not reproduced"
    return Finding("; ".join(found) or "no ratio goes from the floor past 60 %", verdict)


CLAIM = Claim(
    id="A-Fig 1 (size)",
    statement=(
        "At a fixed mixing ratio, accuracy stays near 0 below a critical model size and jumps past 60 % above it."
    ),
    published="sizes 14M–410M, r = .1 to .4, SynBio-320k, 32B tokens",
    criterion=(
        "At a ratio, the interval of the accuracy of one size does not pass that of the guessing floor, that of a"
        f" larger size lies above {100 * LEARNED:g} %, and a threshold predicts held-out sizes better than a power law"
        " and than saturation, by an interval above 0. Reproduced if two or more ratios show all three; partly if"
        " some ratio goes from the floor past 60 %."
    ),
    history=(
        "Until 2026-11-28 the rule asked for accuracy ≤ 5 % at one size and ≥ 60 % at one up to 8 times larger, which"
        " smooth curves pass. This rule was written before any run of the present grid, with its probes known."
    ),
    kinds=("transition",),
    test=test,
)
