"""Random subsampling makes facts learnable."""

from typing import Any

from phasemix.claims.answers import verdict_of
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import NEAR_FLOOR, apart, percent, place, unlearned
from phasemix.claims.texts import agreed

GAIN = 0.2  # of accuracy over all facts


@in_each_experiment
def test(strategies: dict[str, Any]) -> Finding:
    """Accuracy over all facts with the best subsampling, where nothing is learned without."""
    lines = unlearned(strategies["means"], "subsampling")
    found = []
    for plain, others in lines:
        best = max(others, key=lambda row: float(row["accuracy"]))
        gain = best["accuracy"] - plain["accuracy"]
        told = "; ".join(f"ρ = {row['subsampling']:g}: {percent(row, 'accuracy')} %" for row in others)
        measured = (
            f"{place(plain)}: {percent(plain, 'accuracy')} % without (guessing {100 * plain['floor']:.0f} %); {told}"
        )
        verdict = verdict_of([apart(plain, best, "accuracy")], needed=1)
        found.append(Finding(measured, "partly" if verdict == "reproduced" and gain < GAIN else verdict))
    return agreed(found) if found else TOO_SMALL


CLAIM = Claim(
    id="A-Fig 8a, A-Table 3a",
    statement="Random subsampling of the dense set at a fixed ratio makes facts learnable.",
    published="410M, r = .2: ρ = 25 / 50 / 56.25 % → 23.5 / 37.5 / 39.8 %; near 0 without",
    criterion=(
        f"Sizes and ratios at which accuracy without subsampling lies within {100 * NEAR_FLOOR:g} points of guessing."
        " Accuracy is over all facts, also those that are never shown. Reproduced if at all of them the best ρ raises"
        f" it by {100 * GAIN:g} points or more and the two intervals do not overlap; partly if by less, or not at all"
        " of them; not reproduced if intervals overlap. Not tested with one seed."
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("strategies",),
    test=test,
)
