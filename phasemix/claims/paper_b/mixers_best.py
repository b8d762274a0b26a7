"""Whether any mixer beats what costs nothing."""

from typing import Any

from phasemix.base.number_text import row_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment

FREE, UNIFORM = "free", "uniform"


@in_each_experiment
def test(contest: dict[str, Any]) -> Finding:
    """The least mean loss of any mixer against the baseline's and that of equal proportions, by intervals."""
    rows = contest["means"][FREE]
    means = {row["contestant"]: row for row in rows}
    plain = {name: means[name] for name in (contest["baseline"], UNIFORM) if name in means}
    others = [row for row in rows if row["contestant"] not in plain]
    if len(plain) < 2 or not others or any(row["loss_low"] is None for row in rows):
        return TOO_SMALL
    best = min(others, key=lambda row: row["loss"])
    beaten = [best["loss_high"] < row["loss_low"] for row in plain.values()]
    told = [(best["contestant"], best), *plain.items()]
    measured = ", ".join(f"{name} {row_text(row, 'loss', '.3f', scale=1)}" for name, row in told) + " nats"
    if all(beaten):
        return Finding(measured, "reproduced")
    return Finding(measured, "partly" if any(beaten) else "not reproduced")


CLAIM = Claim(
    id="B-Mixers (best)",
    statement="A mixture that is searched for beats the collection's own proportions, and equal ones.",
    published="B: less loss than the baseline with its law's mixture; Aioli: no mixer always beats equal proportions",
    criterion=(
        "In the contest of mixers, mean losses over domains of larger models, all tokens theirs: the best of all mixers"
        " but these two against both. Reproduced if its interval lies below theirs, partly if below one. That it is the"
        " best of many favours it a little: intervals are not widened for that. Not tested with one seed."
    ),
    history="Written on 2026-11-30, before any run of the contest.",
    kinds=("mixers",),
    test=test,
)
