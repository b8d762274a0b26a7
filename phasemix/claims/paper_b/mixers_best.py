"""Whether any mixer beats what costs nothing."""

from typing import Any

from phasemix.base.number_text import row_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment

FREE, UNIFORM = "free", "uniform"


@in_each_experiment
def test(contest: dict[str, Any]) -> Finding:
    """The claim where all have the same tokens."""
    return best_against_plain(contest["means"][FREE], contest["baseline"])


def best_against_plain(rows: list[dict[str, Any]], baseline: str) -> Finding:
    """The least mean loss of all that search against the baseline's and that of equal proportions, by intervals."""
    told = {row["contestant"]: row for row in rows if row["seeds"] > 1 and row["loss_low"] is not None}
    searchers = [row for row in told.values() if row["searches"]]
    if baseline not in told or UNIFORM not in told or not searchers:
        return TOO_SMALL
    best = min(searchers, key=lambda row: row["loss"])
    beaten = {name: best["loss_high"] < told[name]["loss_low"] for name in (baseline, UNIFORM)}
    shown = [best, told[baseline], told[UNIFORM]]
    measured = ", ".join(f"{row['contestant']} {row_text(row, 'loss', '.3f', scale=1)}" for row in shown) + " nats"
    if all(beaten.values()):
        return Finding(measured, "reproduced")
    return Finding(measured, "partly" if beaten[UNIFORM] else "not reproduced")


CRITERION = (
    "Mean losses over domains of larger models: the best of all mixers that choose by runs, or by what they measure on"
    " the way, against both. Reproduced if its interval lies below theirs, partly if below that of equal proportions"
    " alone. That it is the best of many favours it a little: intervals are not widened for that, and are of"
    " the mixtures of one search. Not tested where these have fewer than two seeds."
)
CLAIM = Claim(
    id="B-Mixers (best)",
    statement="A mixture that is searched for beats the collection's own proportions, and equal ones.",
    published="B: less loss than the baseline with its law's mixture; Aioli: no mixer always beats equal proportions",
    criterion=f"In the contest of mixers, all tokens theirs whatever the search cost. {CRITERION}",
    history="Written on 2026-11-30, before any run of the contest.",
    kinds=("mixers",),
    test=test,
)
