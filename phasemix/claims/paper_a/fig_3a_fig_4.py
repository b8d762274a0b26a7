"""Longer training does not help below the critical ratio."""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Literal

from phasemix.base.number_text import number_text
from phasemix.base.spelling import from_json
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.texts import SLOPES, slopes_text

LONGER = 8  # times the headline's tokens
ROUNDED = 0.99  # of that: tokens are rounded to whole steps
BELOW = 0.5  # of the critical ratio
SEEDS = 2
FLAT = 0.05  # of all bits per doubling of the tokens
Standing = Literal["at the floor", "above the floor", "unclear"]


@in_each_experiment
def test(horizon: dict[str, Any]) -> Finding:
    """The cells far below the critical ratio that were trained for longest, of all sizes."""
    critical = {point["size"]: from_json(point["value"]) for point in horizon["critical_ratios"]}
    critical = {size: ratio for size, ratio in critical.items() if ratio > 0 and isfinite(ratio)}
    longest = {
        (cell["size"], cell["ratio"]): cell
        for cell in horizon["growth"]  # in order of the tokens
        if cell["tokens"] >= ROUNDED * LONGER * horizon["budget"]
        and cell["ratio"] <= BELOW * critical.get(cell["size"], 0)
    }
    cells = list(longest.values())
    if not cells:
        return TOO_SMALL
    texts = [_text(cell, horizon["budget"], critical[cell["size"]]) for cell in cells]
    return Finding("; ".join(texts), _verdict(cells))


def _verdict(cells: list[dict[str, Any]]) -> Verdict:
    standings = [_standing(cell) for cell in cells]
    if set(standings) == {"at the floor"} and all(map(_flat, cells)):
        return "reproduced"
    if "at the floor" in standings:
        return "partly"
    return "not reproduced" if "above the floor" in standings else "not tested"


def _standing(cell: Mapping[str, Any]) -> Standing:
    """Where accuracy stands, by its interval over seeds, or by itself where there is one seed."""
    single = cell["seeds"] < SEEDS
    low, high = (cell["accuracy"] if single else cell[f"accuracy_{end}"] for end in ("low", "high"))
    if high <= cell["floor_high"]:
        return "at the floor"
    return "above the floor" if low > cell["floor_high"] else "unclear"


def _flat(cell: Mapping[str, Any]) -> bool:
    """Whether several seeds show that neither knowledge nor accuracy rises, or could rise much."""
    return all(
        cell[f"{slope}_low"] is not None and cell[f"{slope}_low"] <= 0 and cell[f"{slope}_high"] <= FLAT
        for slope in SLOPES
    )


def _text(cell: Mapping[str, Any], budget: int, critical: float) -> str:
    """Accuracy against the floor and the slope of one cell, and what one seed leaves open."""
    accuracy = f"{100 * cell['accuracy']:.1f} %"
    if cell["accuracy_low"] is not None:
        accuracy += f" ({100 * cell['accuracy_low']:.1f}–{100 * cell['accuracy_high']:.1f})"
    known = number_text(100 * cell["known"], ".1f")
    text = (
        f"{cell['size']} at r = {cell['ratio']:g} (critical {critical:.3g}) after {cell['tokens'] / budget:.3g} ×"
        f" the headline’s tokens, {cell['exposures']:.0f} exposures: {accuracy}, floor {100 * cell['floor']:.1f} % (to"
        f" {100 * cell['floor_high']:.1f}), {known} % of the bits, {slopes_text(cell)}"
    )
    return text if cell["seeds"] >= SEEDS else f"{text}, one seed: another may differ"


CLAIM = Claim(
    id="A-Fig 3a, A-Fig 4",
    statement="Far longer training at a ratio below the critical one does not help.",
    published="r = .2, 512B tokens (about 3000 exposures per person at 70M, 200 at 410M): still near 0",
    criterion=(
        "A size’s critical ratio is where its accuracy after the headline’s tokens crosses the level nearest to 40 %."
        f" At every ratio at or below {BELOW:g} of that, the longest run is read, if it had {LONGER} times the"
        " headline’s tokens or more. (1) The interval of its accuracy over seeds does not pass that of the guessing"
        " floor. (2) The intervals of the slopes, known bits and accuracy per doubling of the tokens since the horizon"
        f" before, hold 0 or lie below, and reach no further than {100 * FLAT:g} points. Reproduced if all cells show"
        " both, so none may have one seed. Partly if (1) holds in some cell; of one seed, accuracy itself stands for"
        " its interval, and that it still rises cannot be excluded. Not reproduced if it holds in none and some cell’s"
        " interval lies above the floor’s."
    ),
    history="Written on 2026-11-28, before any run of the experiment.",
    kinds=("horizon",),
    test=test,
)
