"""How compact knowledge mixing raises frequency."""

from itertools import pairwise
from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.strategy_rows import along, place, without

PUBLISHED = {0.1: 2, 0.3: 3, 0.6: 4}  # by τ, times as often
NEAR = 0.25


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
    named = [(PUBLISHED[one["compact"]], one) for _, others in lines for one in others if one["compact"] in PUBLISHED]
    near = bool(named) and all(abs(one["frequency"] / times - 1) <= NEAR for times, one in named)
    return Finding("; ".join(measured), "reproduced" if rises and near else "partly" if rises else "not reproduced")


CLAIM = Claim(
    id="A-Fig 8b (frequency)",
    statement="Compact tuples raise the frequency of each fact at an unchanged ratio.",
    published="about 2 × at τ = .1, 3 × at τ = .3, 4 × at τ = .6",
    criterion=(
        "Exposures of a person per token, in texts and tuples together, counted in training. Reproduced if they rise"
        f" with every larger τ and lie within {100 * NEAR:g} % of the published multiples; partly if they rise: how"
        " far is a matter of how long a text is beside a tuple, which is not A's where the texts are invented; not"
        " reproduced otherwise."
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("continual",),
    test=test,
)
