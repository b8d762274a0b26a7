"""How compact knowledge mixing raises frequency."""

from itertools import pairwise
from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import along, place, without


@in_each_experiment
def test(continual: dict[str, Any]) -> Finding:
    """How often a person is shown with tuples, as a multiple of that without."""
    lines = [(row, along(continual["means"], row, "compact")) for row in without(continual["means"])]
    lines = [(row, others) for row, others in lines if row["ratio"] > 0 and others]
    if not lines:
        return TOO_SMALL
    measured = [
        f"{place(row)}: " + ", ".join(f"{one['frequency']:.2f} × at τ = {one['compact']:g}" for one in others)
        for row, others in lines
    ]
    rises = all(low["frequency"] < high["frequency"] for row, others in lines for low, high in pairwise([row, *others]))
    return Finding("; ".join(measured), "partly" if rises else "not reproduced")


CLAIM = Claim(
    id="A-Fig 8b (frequency)",
    statement="Compact tuples raise the frequency of each fact at an unchanged ratio.",
    published="about 2 × at τ = .1, 3 × at τ = .3, 4 × at τ = .6",
    criterion=(
        "Exposures of a person per token, in texts and tuples together, counted in training. Partly reproduced if they"
        " rise with every larger τ, not reproduced otherwise. How far they rise follows from how long a text is beside"
        " a tuple, and invented texts were made as long as gives A's multiples; so these cannot confirm them."
    ),
    history=(
        "Written on 2026-11-29, before any run of the study; since a review on 2026-11-30, partly reproduced at most."
    ),
    kinds=("continual",),
    test=test,
)
