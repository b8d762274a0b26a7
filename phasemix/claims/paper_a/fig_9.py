"""The transition in ratio at larger sizes."""

from math import isfinite
from typing import Any

from phasemix.base.spelling import from_json, parameters_text
from phasemix.claims.answers import all_of, at_least, at_most, cliff, verdict_of
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.texts import shape_text

LARGE = 2e9  # parameters
FAR = 2.0  # times below, and times above, the critical ratio
ACCURATE = 0.6


@in_each_experiment
def test(transition: dict[str, Any]) -> Finding:
    """Accuracies below and above the critical ratio, and the shape between them, of every large size."""
    texts, sizes = [], []
    for point in transition["critical_ratios"]:
        critical = from_json(point["value"])
        if point["parameters"] < LARGE or not isfinite(critical) or critical == 0:
            continue
        cells = [cell for cell in transition["growth"] if cell["size"] == point["size"]]
        cells = [cell for cell in cells if cell["tokens"] == transition["tokens"]]
        low = [cell for cell in cells if cell["ratio"] <= critical / FAR]
        high = [cell for cell in cells if critical < cell["ratio"] <= critical * FAR]
        shapes = [line for line in transition["shapes"] if (line["along"], line["size"]) == ("ratio", point["size"])]
        if not (low and high):
            continue
        below, above = low[-1], high[-1]
        on_the_floor = at_most(below["accuracy_low"], below["accuracy_high"], below["floor_high"])
        recalled = at_least(above["accuracy_low"], above["accuracy_high"], ACCURATE)
        sizes.append(all_of([on_the_floor, recalled, cliff(shapes[0]) if shapes else None]))
        told = "; ".join(_told(cell) for cell in (below, above))
        shape = f"; {shape_text(shapes[0])}" if shapes else ""
        texts.append(f"{parameters_text(point['parameters'])} (critical r = {critical:.3g}): {told}{shape}")
    return Finding("; ".join(texts), verdict_of(sizes, 1)) if texts else TOO_SMALL


def _told(cell: dict[str, Any]) -> str:
    seeds = "one seed" if cell["seeds"] == 1 else f"{cell['seeds']} seeds"
    interval = ""
    if cell["accuracy_low"] is not None:
        interval = f" ({100 * cell['accuracy_low']:.1f}–{100 * cell['accuracy_high']:.1f})"
    return f"at r = {cell['ratio']:g} {100 * cell['accuracy']:.1f} %{interval}, {seeds}"


CLAIM = Claim(
    id="A-Fig 9",
    statement="The transition in mixing ratio also occurs at 2.8B and 6.9B.",
    published="SynBio-20k up to r = .05; SynBio-10k up to r = .04",
    criterion=(
        f"Of a size of {LARGE / 1e9:g} billion parameters or more whose critical ratio lies on the grid: (1) at half of"
        " it or less, the interval of accuracy over seeds does not pass that of the guessing floor; (2) at a ratio up"
        f" to {FAR:g} times the critical one, it lies at {100 * ACCURATE:g} % or above; (3) a threshold predicts"
        " held-out ratios better than all curves. Reproduced if a size shows all three, not reproduced if every size"
        " fails in one, not tested otherwise: with one seed, as paper A has, no interval is known."
    ),
    history="Written on 2026-11-30; no model of these sizes has been trained.",
    kinds=("transition",),
    test=test,
)
