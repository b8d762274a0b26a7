"""Frequency per token or per step."""

from typing import Any

from phasemix.base.number_text import estimate_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment

SMALL = 0.25  # of what a factor in the ratio does, that the same factor in the batch size may do


@in_each_experiment
def test(ablation: dict[str, Any]) -> Finding:
    """Distances of accuracies between batch sizes at the same frequency per step and per token."""
    more, batch, pairs = ablation["more"], ablation["batch"], ablation["frequency"]
    if not pairs:
        return TOO_SMALL
    token, step = (sum(row[name] for row in pairs) / len(pairs) for name in ("per_token", "per_step"))
    measured = (
        f"between batch sizes, accuracies are {100 * token:.1f} points apart at the same frequency per token and"
        f" {100 * step:.1f} at the same frequency per step"
    )
    if more["low"] is None:
        return Finding(f"{measured}; one seed has no interval", "not tested")
    measured += f": {_percent(more, '+.1f')} points more"
    known = batch["high"] is not None  # the ratio does something
    if known:
        measured += f"; the batch size itself does {_percent(batch, '.0f')} % of what the same factor in the ratio does"
    if more["low"] > 0:
        return Finding(measured, "reproduced" if known and batch["high"] <= SMALL else "partly")
    return Finding(measured, "not reproduced" if more["high"] < 0 else "not tested")


def _percent(estimate: dict[str, float], form: str) -> str:
    return estimate_text(*(100 * estimate[name] for name in ("value", "low", "high")), form=form)


CLAIM = Claim(
    id="A-Fig 11 (per token)",
    statement="It is a fact's frequency per token that decides, not its frequency per optimizer step.",
    published="batch 256, 512 and 1024 at r = .2, .4 and .8; read off the figure, no numbers given",
    criterion=(
        "Pairs of cells with different batch sizes, in all of which a fact is shown as often: the mean distance of"
        " accuracies at the same product of ratio and batch (the same frequency per step), less that at the same ratio"
        " (per token), with Student's interval over seeds; and the latter as a share of the mean distance between"
        " ratios that are as far apart, at the same batch. Reproduced if the difference lies above 0 and the share, by"
        f" its interval, is {SMALL:g} or less: frequency per token decides, and the batch size itself hardly matters."
        " Partly if only the difference lies above 0; not reproduced if it lies below; not tested if it holds 0 or with"
        " one seed."
    ),
    history=(
        "Written on 2026-11-29, before any run of the study. On 2026-11-30, still before, ratios were given as many"
        " exposures instead of as many tokens, as paper A does, and it may be reproduced wholly: with as many tokens,"
        " the same frequency per token was also the same number of exposures; and after 14 cells of 39k at r = .2 were"
        " seen, the size was changed to 31k. After a review on the same day, when 8 cells of 31k at r = .2 were known,"
        " what the batch size itself does was added to the rule."
    ),
    kinds=("ablation",),
    test=test,
)
