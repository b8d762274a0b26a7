"""The strategies keep general abilities in continual training."""

from typing import Any

from phasemix.base.number_text import row_text
from phasemix.claims.answers import at_most, verdict_of
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import LETTERS, along, place, without


@in_each_experiment
def test(continual: dict[str, Any]) -> Finding:
    """The rise of the web loss with the most accurate of every strategy."""
    measured, answers = [], []
    for plain in without(continual["means"]):
        for axis, letter in LETTERS.items():
            others = [row for row in along(continual["means"], plain, axis) if row["rise"] is not None]
            if plain["ratio"] and others:
                best = max(others, key=lambda row: float(row["accuracy"]))
                nats, over = (row_text(best, name, "+.3f", scale=1) for name in ("rise", "web_rise"))
                over = f" ({over} over as much web text alone)" if best["web_rise"] is not None else ""
                early = f", {best['stopped'] * best['seeds']:.0f} of {best['seeds']} seeds stopped early"
                measured.append(
                    f"{place(plain)} with {letter} = {best[axis]:g}: {nats} nats{over}"
                    + (early if best["stopped"] else "")
                )
                within = at_most(best["rise_low"], best["rise_high"], continual["rise"])
                answers.append(False if best["stopped"] and best["rise_low"] is not None else within)
    if not measured:
        return TOO_SMALL
    verdict = verdict_of(answers, needed=len(answers))
    return Finding("; ".join(measured), "partly" if verdict == "reproduced" else verdict)


CLAIM = Claim(
    id="A-Fig 14b, c",
    statement="In continual training, both strategies keep web loss and downstream accuracy acceptable.",
    published="below +.05 (410M) and +.03 (1B) over the weights that training began with",
    criterion=(
        "With the best ρ and with the best τ, the web loss over that of the weights that training began with, as it"
        " is read on the way, which is also what stopping looks at: so this asks above all whether seeds stopped."
        " Beside it stands how far the loss lies above runs that go on with web text alone, whose own loss falls too,"
        " as the learning rate is lower than before. Partly reproduced if no seed did and the interval ends below the"
        " rise at which training stops, for all (downstream accuracy is not measured) or for some; not reproduced if"
        " seeds stopped or it lies above, for all; not tested otherwise, or with one seed."
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("continual",),
    test=test,
)
