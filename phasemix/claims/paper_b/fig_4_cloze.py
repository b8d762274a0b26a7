"""Held-out words in the place of downstream tasks."""

from typing import Any

from phasemix.base.number_text import row_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment

FREE, MIXER, TRAINED = "free", "bimix", ("doremi", "doge")


@in_each_experiment
def test(contest: dict[str, Any]) -> Finding:
    """The law's mixture against the baseline's and those of mixers that train, by intervals of cloze accuracy."""
    means = {row["contestant"]: row for row in contest["means"][FREE]}
    others = [contest["baseline"], *(name for name in TRAINED if name in means)]
    if MIXER not in means or len(others) < 2:
        return TOO_SMALL
    if any(means[name]["cloze_low"] is None or means[name]["seeds"] < 2 for name in (MIXER, *others)):
        return TOO_SMALL
    own = means[MIXER]
    beaten = [own["cloze_low"] > means[name]["cloze_high"] for name in others]
    measured = ", ".join(f"{name} {row_text(means[name], 'cloze', '.1f')}" for name in (MIXER, *others)) + " % of words"
    if all(beaten):
        return Finding(measured, "reproduced")
    return Finding(measured, "partly" if beaten[0] else "not reproduced")


CLAIM = Claim(
    id="B-Fig 4 (words)",
    statement="Models trained on the law's best mixture do better on tasks than those on the mixtures of others.",
    published="ahead of Baseline, DoReMi and DoGE on one-shot tasks at 1B",
    criterion=(
        "In the contest of mixers, as small models do no tasks: the share of the last words of held-out texts that a"
        " model goes on with, all domains of text alike. Reproduced if the interval of the law's best mixture lies"
        " above those of the baseline, of DoReMi and of DoGE, partly if above the baseline's. Not tested with one seed."
    ),
    history="Written on 2026-11-30, before any run of the contest.",
    kinds=("mixers",),
    test=test,
)
