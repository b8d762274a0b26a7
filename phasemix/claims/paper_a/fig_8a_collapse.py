"""Too large a subsample is not learned."""

from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.strategy_rows import apart, percent, place, unlearned

SHARP = 1.25  # between the ρ at which most of the gain is there and the ρ at which most is gone
MOST = 0.75  # of the gain


@in_each_experiment
def test(strategies: dict[str, Any]) -> Finding:
    """How accuracy over all facts falls beyond the best subsampling."""
    lines = unlearned(strategies["means"], "subsampling")
    measured, verdicts = [], set()
    for plain, others in lines:
        best = max(others, key=lambda row: float(row["accuracy"]))
        if not apart(plain, best, "accuracy"):
            continue
        beyond = [row for row in [*others, plain] if row["subsampling"] >= best["subsampling"]]
        gain = best["accuracy"] - plain["accuracy"]
        kept = [row for row in beyond if row["accuracy"] >= plain["accuracy"] + MOST * gain]
        lost = [row for row in beyond if row["accuracy"] <= plain["accuracy"] + (1 - MOST) * gain]
        last, first = kept[-1]["subsampling"], lost[0]["subsampling"]
        measured.append(
            f"{place(plain)}: {percent(best, 'accuracy')} % at ρ = {best['subsampling']:g}, then "
            + ", ".join(f"{percent(row, 'accuracy')} % at {row['subsampling']:g}" for row in beyond[1:])
            + f"; of the gain three quarters are there at ρ = {last:g}, and a quarter or less at {first:g},"
            f" {first / last:.2f} times as much"
        )
        verdict: Verdict = "reproduced" if first / last <= SHARP else "partly"
        verdicts.add(verdict)
    if not measured:
        return TOO_SMALL
    return Finding("; ".join(measured), verdicts.pop() if len(verdicts) == 1 else "partly")


CLAIM = Claim(
    id="A-Fig 8a, A-Table 3a (collapse)",
    statement="When too much of the dense set is kept, accuracy collapses again.",
    published="410M, r = .2: 39.8 % at ρ = 56.25 %, near 0 at ρ = 62.5 %: 1.11 times as much",
    criterion=(
        "Where subsampling helps at all, from the best ρ upwards: from the last ρ that has three quarters of the gain"
        f" to the first that has a quarter or less. Reproduced if that is {SHARP:g} times as much or less, a collapse;"
        " partly if it falls more gently."
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("strategies",),
    test=test,
)
