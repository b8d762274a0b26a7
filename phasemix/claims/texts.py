"""Numbers of findings in words, as claims say what was measured."""

from collections.abc import Mapping, Sequence
from typing import Any

from phasemix.base.number_text import estimate_text, number_text
from phasemix.claims.claim import Finding, Verdict


def percent(cell: Mapping[str, Any]) -> str:
    """An accuracy with its interval, such as ``61.0 % (55.2–67.1)``."""
    return f"{100 * cell['accuracy']:.1f} % ({100 * cell['low']:.1f}–{100 * cell['high']:.1f})"


def shape_text(line: Mapping[str, Any]) -> str:
    """How a line rises, and how much better a threshold than a curve predicts what was held out."""
    numbers = (1000 * line[name] for name in ("advantage", "low", "high"))
    advantage = estimate_text(*numbers, form="+.0f", unit=" thousandths of a nat")
    return (
        f"sigmoid with slope {line['sigmoid_slope']:.1f}, power law with exponent {line['power_slope']:.1f}; held out,"
        f" a threshold predicts better by {advantage}"
    )


def agreed(found: Sequence[Finding]) -> Finding:
    """One finding of several: the verdict of all that could test it, and partly if these differ."""
    verdicts = {each.verdict for each in found} - {"not tested"}
    verdict: Verdict = "partly" if len(verdicts) > 1 else (verdicts or {"not tested"}).pop()
    return Finding("; ".join(each.measured for each in found), verdict)


def points(share: float) -> str:
    """A difference of shares in per cent points, such as ``−3.3``."""
    return number_text(100 * share, "+.1f")


SLOPES = {"slope": "of the bits", "accuracy_slope": "of accuracy"}
"""The slopes of a cell between its horizons (:func:`phasemix.analysis.growth.growth`), and what each is of."""


def slopes_text(cell: Mapping[str, Any]) -> str:
    """What a cell learns per doubling of the tokens, such as ``+0.2 points (−0.4 to +0.8) of accuracy``."""
    texts = []
    for slope, words in SLOPES.items():
        if cell[slope] is not None:
            low, high = cell[f"{slope}_low"], cell[f"{slope}_high"]
            interval = "" if low is None else f" ({points(low)} to {points(high)})"
            texts.append(f"{points(cell[slope])} points{interval} {words}")
    return f"per doubling of the tokens {' and '.join(texts)}" if texts else "no slope"
