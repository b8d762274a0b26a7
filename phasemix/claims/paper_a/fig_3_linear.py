"""Tokens needed are linear in 1/r at large ratios."""

from collections.abc import Mapping
from typing import Any

from phasemix.base.number_text import estimate_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.texts import agreed

STRAIGHT = 0.1  # bend, about half of:
PAPERS_BEND = 0.18  # of paper A's own exponential law from r = .8 to r = .45


@in_each_experiment
def test(horizon: dict[str, Any]) -> Finding:
    """Whether T bends along 1/r, for every size and level whose line and bend are known."""
    lines = [row for row in horizon["laws"] if row["form"] == "linear" and row["bend"] is not None]
    if not lines:
        return TOO_SMALL
    return agreed([Finding(_text(line), _verdict(line)) for line in lines])


def _verdict(line: Mapping[str, Any]) -> Verdict:
    low, high = line["bend_low"], line["bend_high"]
    farthest = max(-low, high)
    holds = low <= 0 <= high
    if line["slope_low"] <= 0 or (holds and farthest >= PAPERS_BEND):
        return "not tested"
    return "reproduced" if farthest <= STRAIGHT else "partly" if holds else "not reproduced"


def _text(line: Mapping[str, Any]) -> str:
    bend = estimate_text(*(100 * line[name] for name in ("bend", "bend_low", "bend_high")), form="+.0f", unit=" %")
    return (
        f"{line['size']} at {100 * line['level']:g} %: R² {line['r_squared']:.4f} over {line['points']} ratios, bend"
        f" {bend}"
    )


CLAIM = Claim(
    id="A-Fig 3 (above r = .4)",
    statement="Above r = .4, the tokens needed are linear in 1/r.",
    published="70M, T at 20, 40 and 60 %, r up to .8; read off the figure, no numbers given",
    criterion=(
        "R² is near 1 for any few points that rise, so the bend decides: how far the parabola through T lies below its"
        " chord in the middle, as a share of the rise, with Student’s interval, where four ratios or more above .4 have"
        " an attained T. A line has 0; the paper’s own exponential law has"
        f" {100 * PAPERS_BEND:.0f} % between r = .8 and .45. A size and level reproduces the claim if the interval lies"
        f" within ±{100 * STRAIGHT:g} %, partly if it is wider and holds 0, and not otherwise. It can tell nothing if"
        f" it holds 0 and reaches {100 * PAPERS_BEND:.0f} %, or if T is not known to rise. The verdict is that of"
        " all that can tell, and partly if these differ."
    ),
    history="Written on 2026-11-28, before any run of the experiment.",
    kinds=("horizon",),
    test=test,
)
