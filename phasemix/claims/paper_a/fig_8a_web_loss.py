"""What subsampling costs in web loss."""

from typing import Any

from phasemix.base.number_text import estimate_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.strategy_rows import Row, apart, place, unlearned, without


@in_each_experiment
def test(strategies: dict[str, Any]) -> Finding:
    """The rise of the web loss with subsampling, and at the next larger ratio without."""
    means = strategies["means"]
    measured, verdicts = [], set()
    for plain, others in unlearned(means, "subsampling"):
        larger = [row for row in without(means, size=plain["size"]) if row["ratio"] > plain["ratio"]]
        if not larger or any(row["web_rise_low"] is None for row in [*others, *larger]):
            continue
        next_one = min(larger, key=lambda row: float(row["ratio"]))
        dearest = max(others, key=lambda row: float(row["web_rise"]))
        measured.append(
            f"{place(plain)}: at most {_rise(dearest)} nats (ρ = {dearest['subsampling']:g}); at r ="
            f" {next_one['ratio']:g} without, {_rise(next_one)}"
        )
        verdict: Verdict = "reproduced" if apart(dearest, next_one, "web_rise") else "partly"
        verdicts.add(verdict if dearest["web_rise"] < next_one["web_rise"] else "not reproduced")
    if not measured:
        return TOO_SMALL
    return Finding("; ".join(measured), verdicts.pop() if len(verdicts) == 1 else "partly")


def _rise(row: Row) -> str:
    return estimate_text(row["web_rise"], row["web_rise_low"], row["web_rise_high"], form="+.3f")


CLAIM = Claim(
    id="A-Fig 8a, A-Table 3a (web loss)",
    statement="Subsampling raises the web loss less than a larger ratio does.",
    published="410M: +.019 to +.021 with ρ = 25 to 62.5 % at r = .2; +.054 at r = .3 without",
    criterion=(
        "The rise over runs of as many tokens of web text alone (Welch's interval). Reproduced if with every ρ it is"
        " less than at the next larger ratio without, and the intervals do not overlap; partly if less, but they do;"
        " not reproduced otherwise. Not tested with one seed."
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("strategies",),
    test=test,
)
