"""Compact knowledge mixing makes more facts learnable."""

from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.strategy_rows import apart, percent, place, unlearned

TIMES = 2  # the facts learned without
GAIN = 0.05  # of accuracy


@in_each_experiment
def test(strategies: dict[str, Any]) -> Finding:
    """Accuracy above guessing with tuples, as a multiple of that without."""
    lines = unlearned(strategies["means"], "compact")
    if not lines:
        return TOO_SMALL
    measured, verdicts = [], set()
    for plain, others in lines:
        best = max(others, key=lambda row: float(row["accuracy"]))
        told = "; ".join(f"τ = {row['compact']:g}: {percent(row, 'accuracy')} %" for row in others)
        above, without = (row["accuracy"] - row["floor"] for row in (best, plain))
        times = (
            f", {above / without:.1f} times as much above guessing" if without > 0 else ", above guessing from nothing"
        )
        measured.append(f"{place(plain)}: {percent(plain, 'accuracy')} % without; {told}{times if above > 0 else ''}")
        verdict: Verdict = "not reproduced"
        if apart(plain, best, "accuracy"):
            enough = above >= TIMES * max(without, 0) and above - without >= GAIN
            verdict = "reproduced" if enough else "partly"
        verdicts.add(verdict)
    return Finding("; ".join(measured), verdicts.pop() if len(verdicts) == 1 else "partly")


CLAIM = Claim(
    id="A-Fig 8b",
    statement="Compact knowledge mixing makes more facts learnable at the same ratio.",
    published="410M, r = .1, in continual training: 4 × the facts at τ = .1, 20 × at τ = .3",
    criterion=(
        "From scratch, where nothing is learned without: accuracy at the best τ, asked as biographies put it."
        f" Reproduced if it has {TIMES} times as much above guessing or more, {100 * GAIN:g} points more at least, and"
        " the intervals do not overlap; partly if less; not reproduced if they overlap. Not tested with one seed."
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("strategies",),
    test=test,
)
