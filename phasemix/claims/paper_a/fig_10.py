"""The transition in the validation loss."""

from bisect import bisect_left
from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment


@in_each_experiment
def test(transition: dict[str, Any]) -> Finding:
    """Where the loss on the dense source falls fastest, against the critical ratio, size by size."""
    found, hits = [], 0
    for line in transition["loss_falls"]:
        ratios, falls = line["ratios"], line["falls"]
        steepest = falls.index(max(falls))
        critical = bisect_left(ratios, line["critical_ratio"]) - 1
        hits += abs(steepest - critical) <= 1
        found.append(
            f"{line['size']}: steepest from r = {ratios[steepest]:g} to {ratios[steepest + 1]:g}"
            f" ({falls[steepest]:.2f} nats per unit of ln r), critical r = {line['critical_ratio']:.3g}"
        )
    if not found:
        return TOO_SMALL
    verdict: Verdict = "not reproduced" if not hits else "reproduced" if hits == len(found) else "partly"
    return Finding("; ".join(found), verdict)


CLAIM = Claim(
    id="A-Fig 10",
    statement="The transition also shows in a continuous metric, the validation loss on the biographies.",
    published="read off the figure; no numbers given",
    criterion=(
        "At every size whose critical ratio lies on the grid, the loss on the dense source should fall fastest, per"
        " unit of ln r, next to the critical ratio: in its interval of the grid or a neighbouring one. Reproduced if it"
        " does at every such size, partly if at some. A loss that falls smoothly as a power of r would fall fastest at"
        " the smallest ratios."
    ),
    kinds=("transition",),
    test=test,
)
