"""General abilities under the strategies."""

from collections.abc import Sequence
from typing import Any

from phasemix.claims.answers import Answer, all_of
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.downstream_rows import WIDENED, groups, is_above, lead, points

HARM = 0.02
AXES = ("experiment", "size", "ratio", "subsampling", "compact")


@in_each_experiment
def test(downstream: dict[str, Any]) -> Finding:
    """How far every model with a strategy drops below those without it, and without facts, of its size."""
    models = groups(downstream["models"], *AXES)
    measured, answers = [], []
    for (experiment, size, ratio, shown, compact), own in models.items():
        if (shown, compact) == (1, 0):
            continue
        without = {"no strategy": (ratio, 1, 0), "no facts": (0, 1, 0)}
        drops = {
            what: lead(models[experiment, size, *place], own, downstream["confidence"])
            for what, place in without.items()
            if (experiment, size, *place) in models
        }
        if not drops:
            continue
        harmed = [is_above(drop, HARM) for drop in drops.values()]
        answers.append(all_of(None if each is None else not each for each in harmed))
        dose = f"ρ = {shown:g}" if shown != 1 else f"τ = {compact:g}"
        told = ", ".join(f"{points(drop)} from {what}" for what, drop in drops.items())
        measured.append(f"{size} at r = {ratio:g}, {dose}: {told}")
    if not measured:
        return TOO_SMALL
    told = f"drops of the mean over {', '.join(downstream['tasks'])}, in points: {'; '.join(measured)}"
    return Finding(told, _verdict(answers))


def _verdict(harmless: Sequence[Answer]) -> Verdict:
    """Of a claim that nothing does harm: one dose that certainly does is a counterexample."""
    if False in harmless:
        return "not reproduced"
    if True in harmless:
        return "partly" if None in harmless else "reproduced"
    return "not tested"


CLAIM = Claim(
    id="A-Tables 3–5",
    statement="Subsampling and compact mixing do not harm general abilities.",
    published="a drop of more than 2 % counts as harm",
    criterion=(
        "How far the mean accuracy over tasks drops with a strategy: from the same size and ratio without one, and from"
        " the same size without any facts, where these are there. Not reproduced if at any dose a whole interval lies"
        f" above {100 * HARM:g} points, as one certain harm is a counterexample; otherwise reproduced if at every dose"
        f" the whole intervals lie there or below, partly if at some, not tested if at none. {WIDENED}"
    ),
    history=(
        "Written on 2026-11-30, before any model was asked. On the same day, still before that, one certain harm became"
        " enough for not reproduced; before, every dose had to do harm."
    ),
    kinds=("downstream",),
    test=test,
)
