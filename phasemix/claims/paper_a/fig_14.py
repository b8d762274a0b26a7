"""The strategies keep general abilities."""

from typing import Any

from phasemix.base.number_text import estimate_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import Row, along, place, without

ACCEPTABLE = 0.05  # nats


@in_each_experiment
def test(strategies: dict[str, Any]) -> Finding:
    """The rise of the web loss with the most accurate of every strategy, and with none."""
    measured, within = [], []
    for plain in without(strategies["means"]):
        for axis, name in (("subsampling", "ρ"), ("compact", "τ")):
            others = [row for row in along(strategies["means"], plain, axis) if row["web_rise_low"] is not None]
            if plain["ratio"] and others:
                best = max(others, key=lambda row: float(row["accuracy"]))
                measured.append(
                    f"{place(plain)} with {name} = {best[axis]:g}: {_rise(best)} nats, {_rise(plain)} without"
                )
                within.append(bool(best["web_rise_high"] <= ACCEPTABLE))
    if not measured:
        return TOO_SMALL
    return Finding("; ".join(measured), "partly" if all(within) else "not reproduced")


def _rise(row: Row) -> str:
    return estimate_text(row["web_rise"], row["web_rise_low"], row["web_rise_high"], form="+.3f")


CLAIM = Claim(
    id="A-Fig 14",
    statement=(
        "Under subsampling and compact mixing, web loss and downstream accuracy stay within the acceptable range."
    ),
    published="web loss +.019 to +.021 (410M, from scratch); below +.05 (410M) and +.03 (1B) in continual training",
    criterion=(
        "The rise of the web loss over runs of as many tokens of web text alone, with the best ρ and the best τ."
        f" Partly reproduced if both intervals end at {ACCEPTABLE:g} nats or below, as downstream accuracy is not"
        " measured; not reproduced otherwise. Not tested with one seed."
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("strategies",),
    test=test,
)
