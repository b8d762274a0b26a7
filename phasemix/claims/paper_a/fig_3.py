"""Tokens needed grow faster than a power law."""

import math
from collections.abc import Mapping
from typing import Any

from phasemix.analysis.horizon_laws import SIGNS, HeldOut
from phasemix.analysis.tokens_to_accuracy import TokensToAccuracy
from phasemix.base.spelling import parameters_text
from phasemix.claims.claim import Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.texts import agreed

Rows = list[Mapping[str, Any]]
STEP = 1.2  # from one horizon to the next in paper A, by which T must be off a prediction
SMALLER_MISSING = "no T or bound at a smaller ratio, or fewer than three ratios to fit the laws to"


@in_each_experiment
def test(horizon: dict[str, Any]) -> Finding:
    """What T at the ratios below those of the fits says of both laws, size by size."""
    rows = [row for row in horizon["held_out"] if (row["how"], row["level"]) == ("extrapolated", horizon["level"])]
    sizes = list(dict.fromkeys(row["size"] for row in rows))
    if not sizes:
        return Finding(SMALLER_MISSING, "not tested")
    found = []
    for size in sizes:
        power, exponential = (
            [row for row in rows if (row["size"], row["form"]) == (size, form)] for form in ("power", "exponential")
        )
        fits = {row["form"]: row for row in horizon["laws"] if (row["size"], row["level"]) == (size, horizon["level"])}
        found.append(Finding(f"{size}: {_text(power, exponential, fits)}", _verdict(power, exponential)))
    return agreed(found)


def _verdict(power: Rows, exponential: Rows) -> Verdict:
    """The verdict on one size; the two lists are of the same ratios."""
    underpredicts = any(map(_above, power)) and not any(map(_below, power))
    slower = any(map(_below, exponential))
    if underpredicts:
        return "partly" if slower else "reproduced"
    return "not reproduced" if slower or any(map(_below, power)) else "not tested"


def _above(row: Mapping[str, Any]) -> bool:
    return row["outside"] == "above" and row["quotient"] >= STEP


def _below(row: Mapping[str, Any]) -> bool:
    return row["outside"] == "below" and row["quotient"] <= 1 / STEP


def _text(power: Rows, exponential: Rows, fits: Mapping[str, Mapping[str, Any]]) -> str:
    """T over both predictions at every smaller ratio, and how the laws fit the others."""
    each = [
        f"r = {of_power['ratio']:g}: T {_bound(of_power)}, {_against(of_power)} the power law and"
        f" {_against(of_exponential)} the exponential one"
        for of_power, of_exponential in zip(power, exponential, strict=True)
    ]
    law = fits["exponential"]
    return (
        f"B = {law['slope']:.2f} ({law['slope_low']:.2f} to {law['slope_high']:.2f}), R² of log T"
        f" {_number(law['r_squared'])}, power law {_number(fits['power']['r_squared'])}, over {law['points']} ratios;"
        f" {'; '.join(each)}"
    )


def _bound(row: Mapping[str, Any]) -> str:
    return f"{SIGNS[row['standing']]}{parameters_text(row['measured'])}"


def _against(row: Mapping[str, Any]) -> str:
    """Measured over predicted T, and on which side of the interval it lies."""
    low, high = (math.nan if row[end] is None else row[end] for end in ("low", "high"))
    predicted = math.inf if row["predicted"] is None else row["predicted"]
    compared = HeldOut(row["ratio"], TokensToAccuracy(row["measured"], row["standing"]), predicted, low, high)
    return f"{compared.text} ({row['outside'] or 'not outside'} its interval)"


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.4f}"


CLAIM = Claim(
    id="A-Fig 3",
    statement="As r falls, the tokens needed grow like exp(B/r) or faster: a power law of r underpredicts them.",
    published="T at 40 %: log A = −.255, B = 1.514 (R² .998); measured / power law > 2.9 at r = .25, > 1.9 at r = .2",
    criterion=(
        "T is taken at the accuracy nearest to 40 %. Both laws are fitted to the same larger ratios and say where T at"
        " the smaller ones should lie, by intervals that hold all these together (Student’s, Bonferroni). T is off if"
        " it, or all that its bound leaves open, lies outside, and by a factor of"
        f" {STEP:g} or more from the prediction. (1) The power law underpredicts: T is off above at one smaller ratio"
        " or more and off below at none. (2) T is off below the exponential law at none. A size reproduces the claim if"
        " both hold, partly if (1) does alone, and not if T is off below either law without (1). Without any of these,"
        " a size can tell nothing. The verdict is that of the sizes that can tell, and partly if these differ."
    ),
    history="Written on 2026-11-28, before any run of the experiment.",
    kinds=("horizon",),
    test=test,
)
