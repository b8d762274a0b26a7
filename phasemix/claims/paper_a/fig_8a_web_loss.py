"""What subsampling costs in web loss."""

from typing import Any

import numpy as np

from phasemix.analysis.seed_intervals import difference_interval
from phasemix.base.number_text import estimate_text
from phasemix.claims.answers import verdict_of
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import place, unlearned

CONFIDENCE = 0.95


@in_each_experiment
def test(strategies: dict[str, Any]) -> Finding:
    """The web loss of the next larger ratio without subsampling, less that of all cells with it."""
    measured, answers = [], []
    for plain, _ in unlearned(strategies["means"], "subsampling"):
        own = [row for row in strategies["cells"] if row["size"] == plain["size"] and row["compact"] == 0]
        few = [row for row in own if row["ratio"] == plain["ratio"] and row["subsampling"] < 1]
        larger = [row for row in own if row["ratio"] > plain["ratio"] and row["subsampling"] == 1]
        if not larger:
            continue
        ratio = min(row["ratio"] for row in larger)
        losses = [
            np.array([row["web_loss"] for row in rows if row["ratio"] in (ratio, plain["ratio"])])
            for rows in (few, larger)
        ]
        more, low, high = difference_interval(losses[0], losses[1], CONFIDENCE)
        if np.isnan(low):
            continue
        answers.append(True if low > 0 else False if high < 0 else None)
        measured.append(
            f"{place(plain)}: at r = {ratio:g} without, the web loss is"
            f" {estimate_text(more, low, high, form='+.3f')} nats higher than with subsampling"
        )
    if not measured:
        return TOO_SMALL
    return Finding("; ".join(measured), verdict_of(answers, needed=len(answers)))


CLAIM = Claim(
    id="A-Fig 8a, A-Table 3a (web loss)",
    statement="Subsampling raises the web loss less than a larger ratio does.",
    published="410M: +.019 to +.021 with ρ = 25 to 62.5 % at r = .2; +.054 at r = .3 without",
    criterion=(
        "The web loss at the next larger ratio without, less that of all cells with subsampling (Welch's interval,"
        f" {100 * CONFIDENCE:g} %). Reproduced if it lies above 0; not reproduced if below; not tested if it holds 0,"
        " or with one seed."
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("strategies",),
    test=test,
)
