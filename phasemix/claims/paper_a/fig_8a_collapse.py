"""Too large a subsample is not learned."""

from typing import Any

from phasemix.claims.answers import Answer, verdict_of
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import Row, apart, percent, place, unlearned

SHARP = 1.25  # between the ρ at which most of the gain is there and the ρ at which most is gone
MOST = 0.75  # of the gain


@in_each_experiment
def test(strategies: dict[str, Any]) -> Finding:
    """How accuracy over all facts falls beyond the best subsampling."""
    lines = unlearned(strategies["means"], "subsampling")
    measured: list[str] = []
    answers: list[Answer] = []
    for plain, others in lines:
        best = max(others, key=lambda row: float(row["accuracy"]))
        helps = apart(plain, best, "accuracy")
        if helps is False:
            continue
        if best["accuracy"] <= plain["accuracy"]:  # with one seed, that does not say that it never helps
            answers.append(None)
            measured.append(f"{place(plain)}: {percent(plain, 'accuracy')} % without, and no ρ has more")
            continue
        beyond = [row for row in [*others, plain] if row["subsampling"] >= best["subsampling"]]
        gain = best["accuracy"] - plain["accuracy"]
        high, low = (plain["accuracy"] + share * gain for share in (MOST, 1 - MOST))
        last = max(row["subsampling"] for row in beyond if row["accuracy"] >= high)
        first = min(row["subsampling"] for row in beyond if row["subsampling"] > last and row["accuracy"] <= low)
        answers.append(_sharp(beyond, last, first, (high, low)) if helps else None)
        measured.append(
            f"{place(plain)}: {percent(best, 'accuracy')} % at ρ = {best['subsampling']:g}, then "
            + ", ".join(f"{percent(row, 'accuracy')} % at {row['subsampling']:g}" for row in beyond[1:])
            + f"; three quarters of the gain are there at ρ = {last:g}, and a quarter or less at {first:g},"
            f" {first / last:.2f} times as much"
        )
    if not measured:
        return TOO_SMALL
    return Finding("; ".join(measured), verdict_of(answers, needed=len(answers)))


def _sharp(beyond: list[Row], last: float, first: float, ends: tuple[float, float]) -> Answer:
    """Whether the fall is sharp; not if it surely takes longer; open where the grid or the seeds do not tell."""
    high, low = ends
    at = {row["subsampling"]: row for row in beyond}
    if first / last <= SHARP:
        return True if apart(at[first], at[last], "accuracy") else None
    below = [row["subsampling"] for row in beyond if row["accuracy_high"] < high]
    above = [row["subsampling"] for row in beyond if row["accuracy_low"] > low]
    return False if below and above and max(above) / min(below) > SHARP else None


CLAIM = Claim(
    id="A-Fig 8a, A-Table 3a (collapse)",
    statement="When too much of the dense set is kept, accuracy collapses again.",
    published="410M, r = .2: 39.8 % at ρ = 56.25 %, near 0 at ρ = 62.5 %: 1.11 times as much",
    criterion=(
        "Where subsampling helps at all, from the best ρ upwards: from the last ρ that has three quarters of the gain"
        f" to the next that has a quarter or less. Reproduced if that is {SHARP:g} times as much or less and the"
        " intervals of the two do not overlap, a collapse;"
        " not reproduced if accuracy, by its intervals, is surely below three quarters and surely above a quarter"
        " over a wider range; not tested where the grid or the seeds do not tell."
    ),
    history=(
        "Written on 2026-11-29, before any run of the study. On 2026-11-30, still before, a review made the two"
        " intervals not overlap."
    ),
    kinds=("strategies",),
    test=test,
)
