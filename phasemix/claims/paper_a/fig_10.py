"""The transition in a continuous measure."""

from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.texts import shape_text


@in_each_experiment
def test(transition: dict[str, Any]) -> Finding:
    """Whether the bits that are known rise along the ratios as at a threshold, size by size."""
    lines = [line for line in transition["shapes"] if (line["share"], line["along"]) == ("known", "ratio")]
    if not lines:
        return TOO_SMALL
    hits = sum(line["low"] > 0 for line in lines)
    verdict: Verdict = "not reproduced" if not hits else "reproduced" if hits == len(lines) else "partly"
    return Finding("; ".join(f"{line['size']}: {shape_text(line)}" for line in lines), verdict)


CLAIM = Claim(
    id="A-Fig 10",
    statement="The transition also shows in a continuous metric, the validation loss on the biographies.",
    published="read off the figure; no numbers given",
    criterion=(
        "The metric is the bits known of a person: the entropy of the values less the loss on their tokens; most of the"
        " loss on whole biographies is that of the sentences around the values. At a size whose share of known bits"
        " crosses a half on the grid, a threshold should predict held-out ratios better than a power law and than"
        " saturation, by an interval above 0. Reproduced if it does at every such size, partly if at some."
    ),
    history=(
        "Until 2026-11-28 the rule asked where the loss on whole biographies falls fastest, and the claim was not"
        " reproduced by it. This rule was written before any run of the present grid, with its probes known."
    ),
    kinds=("transition",),
    test=test,
)
