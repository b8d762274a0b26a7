"""Raising the ratio in continual training costs web loss first."""

from typing import Any

from phasemix.claims.answers import Answer, verdict_of
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import NEAR_FLOOR, percent, place, without


@in_each_experiment
def test(continual: dict[str, Any]) -> Finding:
    """What is known at the ratios at which every seed stopped early."""
    rows = [row for row in without(continual["means"]) if row["stopped"] == 1 and row["accuracy_low"] is not None]
    if not rows:
        return TOO_SMALL
    answers: list[Answer] = []
    for row in rows:
        near = row["floor"] + NEAR_FLOOR
        answers.append(True if row["accuracy_high"] <= near else False if row["accuracy_low"] > near else None)
    measured = "; ".join(
        f"{place(row)}: stopped after {row['tokens'] / 1e6:.1f}M tokens, as the web loss had risen by"
        f" {continual['rise']:g} nats, with {percent(row, 'accuracy')} % (guessing {100 * row['floor']:.0f} %)"
        for row in rows
    )
    return Finding(measured, verdict_of(answers, needed=len(answers)))


CLAIM = Claim(
    id="A-Fig 8b, A-Fig 8c (early stopping)",
    statement=(
        "In continual training, a larger ratio raises the web loss past what is acceptable before the facts are "
        "learned."
    ),
    published="stopped at +.05 (410M, r = .2, after 20B tokens) and +.03 (1B, r = .4, after 24B tokens)",
    criterion=(
        "Ratios without a strategy at which every seed stopped early. Reproduced if accuracy, by its interval, lies"
        f" within {100 * NEAR_FLOOR:g} points of guessing at all of them; partly at some; not reproduced if it lies"
        " higher at all. Not tested if none stopped, or with one seed."
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("continual",),
    test=test,
)
