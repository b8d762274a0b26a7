"""What subsampling costs in web loss."""

from typing import Any

import numpy as np

from phasemix.analysis.seed_intervals import difference_interval
from phasemix.base.number_text import row_text
from phasemix.claims.answers import verdict_of
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import place, unlearned

CONFIDENCE = 0.95


@in_each_experiment
def test(strategies: dict[str, Any]) -> Finding:
    """The web loss of the next larger ratio without subsampling, less the mean of every seed with it."""
    measured, answers = [], []
    for plain, _ in unlearned(strategies["means"], "subsampling"):
        own = [row for row in strategies["cells"] if row["size"] == plain["size"] and row["compact"] == 0]
        few = [row for row in own if row["ratio"] == plain["ratio"] and row["subsampling"] < 1]
        larger = [row for row in own if row["ratio"] > plain["ratio"] and row["subsampling"] == 1]
        if not larger:
            continue
        ratio = min(row["ratio"] for row in larger)
        at_larger = np.array([row["web_loss"] for row in larger if row["ratio"] == ratio])
        more, low, high = difference_interval(_by_seed(few), at_larger, CONFIDENCE)
        answers.append(True if low > 0 else False if high < 0 else None)  # open with one seed, which has no ends
        difference = row_text({"more": more, "more_low": low, "more_high": high}, "more", "+.3f", scale=1)
        measured.append(
            f"{place(plain)}: at r = {ratio:g} without, the web loss is {difference} nats higher than with subsampling"
        )
    if not measured:
        return TOO_SMALL
    return Finding("; ".join(measured), verdict_of(answers, needed=len(answers)))


def _by_seed(cells: list[dict[str, Any]]) -> np.ndarray:
    """The mean web loss of every seed: cells of one seed read the same web text."""
    seeds = sorted({row["seed"] for row in cells})
    return np.array([np.mean([row["web_loss"] for row in cells if row["seed"] == seed]) for seed in seeds])


CLAIM = Claim(
    id="A-Fig 8a, A-Table 3a (web loss)",
    statement="Subsampling raises the web loss less than a larger ratio does.",
    published="410M: +.019 to +.021 with ρ = 25 to 62.5 % at r = .2; +.054 at r = .3 without",
    criterion=(
        "The web loss at the next larger ratio without, less that with subsampling, of every seed the mean over ρ"
        f" (Welch's interval, {100 * CONFIDENCE:g} %). Reproduced if it lies above 0; not reproduced if below; not"
        " tested if it holds 0, or with one seed."
    ),
    history=(
        "Written on 2026-11-29, before any run of the study. On 2026-11-30, still before, a review had seeds counted"
        " once and not at every ρ."
    ),
    kinds=("strategies",),
    test=test,
)
