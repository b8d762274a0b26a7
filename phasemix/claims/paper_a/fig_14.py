"""The strategies keep general abilities."""

from typing import Any

from phasemix.base.number_text import row_text
from phasemix.claims.answers import at_most, verdict_of
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import Row, along, place, without

ACCEPTABLE = 0.05  # nats


@in_each_experiment
def test(strategies: dict[str, Any]) -> Finding:
    """The web loss with the most accurate of every strategy, over web text alone and over the same ratio without."""
    measured, answers = [], []
    for plain in without(strategies["means"]):
        for axis, name in (("subsampling", "ρ"), ("compact", "τ")):
            others = [row for row in along(strategies["means"], plain, axis) if row["web_rise"] is not None]
            if plain["ratio"] and others:
                best = max(others, key=lambda row: float(row["accuracy"]))
                more = f" ({_nats(best, 'web_more')} over the same ratio without)"
                measured.append(f"{place(plain)} with {name} = {best[axis]:g}: {_nats(best, 'web_rise')} nats{more}")
                answers.append(at_most(best["web_rise_low"], best["web_rise_high"], ACCEPTABLE))
    if not measured:
        return TOO_SMALL
    verdict = verdict_of(answers, needed=len(answers))
    return Finding("; ".join(measured), "partly" if verdict == "reproduced" else verdict)


def _nats(row: Row, name: str) -> str:
    return row_text(row, name, "+.3f", scale=1)


CLAIM = Claim(
    id="A-Fig 14",
    statement=(
        "Under subsampling and compact mixing, web loss and downstream accuracy stay within the acceptable range."
    ),
    published="web loss +.019 to +.021 (410M, from scratch); below +.05 (410M) and +.03 (1B) in continual training",
    criterion=(
        "The web loss with the best ρ and with the best τ, less that of web text alone, as paper A has it; what the"
        " strategy itself costs, over the same ratio without, stands beside it. Partly reproduced if the interval ends"
        f" at {ACCEPTABLE:g} nats or below for all, as downstream accuracy is not measured, or for some; not"
        " reproduced if it lies above for all; not tested otherwise, or with one seed."
    ),
    history=(
        "Written on 2026-11-29, before any run of the study. On 2026-11-30, after a review, web text alone took"
        " the place of the same ratio without a strategy."
    ),
    kinds=("strategies",),
    test=test,
)
