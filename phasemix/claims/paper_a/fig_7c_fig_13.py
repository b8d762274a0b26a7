"""Model size against threshold popularity."""

from functools import partial
from math import log
from typing import Any

from phasemix.base.number_text import estimate_text
from phasemix.base.spelling import parameters_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Findings, Verdict, in_each_experiment

SIZES = 4  # that are left out in turn
INSIDE = 0.8  # of all models
BEST: dict[str, Verdict] = {"popqa": "reproduced", "popularity": "partly"}
"""The best verdict that each kind can give: our own models were not asked PopQA."""


def test(findings: Findings) -> Finding:
    """What models of the hub show where they were asked PopQA; else, or if they test nothing, what our own show."""
    found = {
        kind: in_each_experiment(partial(_of_one_study, best))({kind: findings[kind]})
        for kind, best in BEST.items()
        if kind in findings
    }
    if len(found) == 1:
        return next(iter(found.values()))
    measured = f"models of the hub: {found['popqa'].measured}; our own: {found['popularity'].measured}"
    tested = [each.verdict for each in found.values() if each.verdict != "not tested"]
    return Finding(measured, tested[0] if tested else "not tested")


def _of_one_study(best: Verdict, popularity: dict[str, Any]) -> Finding:
    """The slope, and how often the size of a model that was left out lies in its interval."""
    models = [row for row in popularity["inferred"] if row["inside"] is not None]
    sizes = {row["parameters"] for row in models}
    if popularity["slope"] is None or len(sizes) < SIZES:
        return TOO_SMALL
    slope, bend = popularity["slope"], popularity["bend"]
    inside = sum(row["inside"] for row in models)
    widths = sorted(row["high"] / row["low"] for row in models)
    width, all_sizes = widths[len(widths) // 2], max(sizes) / min(sizes)
    missed = sorted({row["parameters"] for row in models if not row["inside"]})
    measured = (
        f"log size over log popularity: {_text(slope)}, bend {_text(bend)}; of {len(models)} models of {len(sizes)}"
        f" sizes, each inferred from the other sizes, {inside:.0f} lie in their interval, which spans a factor of"
        f" {width:.1f} in the middle, where all sizes span {all_sizes:.1f}"
    )
    measured += f"; missed: {', '.join(map(parameters_text, missed))}" if missed else ""
    if _may_turn(slope["value"], bend, models):
        measured += "; these sizes are too few to exclude a bend that matters"
    if slope["low"] <= 0 <= slope["high"]:
        return Finding(measured, "not tested")
    straight = bend["low"] <= 0 <= bend["high"]
    if slope["high"] < 0 and straight and inside >= INSIDE * len(models) and width < all_sizes:
        return Finding(measured, best)
    return Finding(measured, "not reproduced")


def _may_turn(slope: float, bend: dict[str, float], models: list[dict[str, Any]]) -> bool:
    """Whether the slope of a line with some bend of the interval, here or there among the models, has another sign."""
    logs = [log(row["threshold"]) for row in models]
    reach = max(abs(one - sum(logs) / len(logs)) for one in logs)
    return 2 * reach * max(-bend["low"], bend["high"]) > abs(slope)


def _text(estimate: dict[str, Any]) -> str:
    if estimate["low"] is None:
        return "not known"
    return estimate_text(estimate["value"], estimate["low"], estimate["high"], form="+.2f")


CLAIM = Claim(
    id="A-Fig 7c, A-Fig 13",
    statement="The logarithm of model size is linear in the logarithm of the threshold popularity of PopQA facts.",
    published="inferred sizes of GPT-3.5-Turbo 61B, GPT-4 514B, GPT-4o 226B, GPT-4o-mini 24B",
    criterion=(
        f"Of models of the hub that were asked PopQA, {SIZES} sizes or more, each left out in turn. Reproduced if the"
        " slope's interval lies below 0, that of the bend of a parabola holds 0, the true size lies in the interval"
        f" of {100 * INSIDE:g} % of the models or more, and the middle interval spans a smaller factor than all sizes"
        " do; not tested if the slope's interval holds 0; not reproduced otherwise. Whether a bend as large as its"
        " interval allows would turn the line is said beside it. Where no model of the hub tests it, the same of our"
        " own models over facts of known frequency, which reproduce it partly at best, as they were not asked PopQA."
    ),
    history=(
        "Written on 2026-11-29, with the threshold frequencies of these models known from A-Fig 7a. On 2026-11-30,"
        " after a review, an open slope was made not tested, and what a bend may do is said. Then kind popqa was added,"
        " with the same rule, before it had been run on any model of the hub."
    ),
    kinds=tuple(BEST),
    test=test,
    any_kind=True,
)
