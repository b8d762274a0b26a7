"""Frequency per token or per step."""

from typing import Any

from phasemix.base.number_text import estimate_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment


@in_each_experiment
def test(ablation: dict[str, Any]) -> Finding:
    """How much further apart accuracies are at the same frequency per step than at the same frequency per token."""
    more, pairs = ablation["more"], ablation["frequency"]
    if more["low"] is None:
        return TOO_SMALL
    token, step = (sum(row[name] for row in pairs) / len(pairs) for name in ("per_token", "per_step"))
    measured = (
        f"between batch sizes, accuracies are {100 * token:.1f} points apart at the same frequency per token and"
        f" {100 * step:.1f} at the same frequency per step:"
        f" {estimate_text(100 * more['value'], 100 * more['low'], 100 * more['high'], form='+.1f')} points more"
    )
    if more["low"] > 0:
        return Finding(measured, "reproduced")
    return Finding(measured, "not reproduced" if more["high"] < 0 else "not tested")


CLAIM = Claim(
    id="A-Fig 11 (per token)",
    statement="It is a fact's frequency per token that decides, not its frequency per optimizer step.",
    published="batch 256, 512 and 1024 at r = .2, .4 and .8; read off the figure, no numbers given",
    criterion=(
        "Pairs of cells with different batch sizes, in all of which a fact is shown as often: the mean distance of"
        " accuracies at the same product of ratio and batch (the same frequency per step), less that at the same ratio"
        " (per token), with Student's interval over seeds. Reproduced if it lies above 0, not reproduced if below, not"
        " tested if it holds 0 or with one seed."
    ),
    history=(
        "Written on 2026-11-29, before any run of the study. On 2026-11-30, still before, ratios were given as many"
        " exposures instead of as many tokens, as paper A does, and it may be reproduced wholly: with as many tokens,"
        " the same frequency per token was also the same number of exposures."
    ),
    kinds=("ablation",),
    test=test,
)
