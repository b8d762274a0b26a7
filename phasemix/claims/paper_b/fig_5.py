"""The entropy mixtures against the baseline."""

from typing import Any

from phasemix.base.number_text import estimate_text, number_text
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.experiments.domains.mixtures import LABELS, PROXIES

BEST = "conditional"


@in_each_experiment
def test(bimix: dict[str, Any]) -> Finding:
    """Mean losses of the entropy mixtures less the baseline's."""
    found = {name: bimix["perplexity"][name] for name in PROXIES if name in bimix["perplexity"]}
    if set(found) != set(PROXIES):
        return TOO_SMALL
    measured = (
        ", ".join(f"{LABELS[name]} {_spelled(each)}" for name, each in found.items()) + " nats less the baseline's"
    )
    lowest = min(found, key=lambda name: found[name]["value"])
    below = [each["high"] is not None and each["high"] < 0 for each in found.values()]
    if all(below) and lowest == BEST:
        return Finding(measured, "reproduced")
    return Finding(measured, "partly" if all(each["value"] < 0 for each in found.values()) else "not reproduced")


def _spelled(each: dict[str, float | None]) -> str:
    value, low, high = each["value"], each["low"], each["high"]
    assert value is not None
    return number_text(value, ".3f") if low is None or high is None else estimate_text(value, low, high, form=".3f")


CLAIM = Claim(
    id="B-Fig 5",
    statement=(
        "The entropy mixtures all have lower average log-perplexity than the baseline; conditional entropy is best."
    ),
    published="read off the figure; no numbers given",
    criterion=(
        "The mean loss over domains at the end of training, less that of the baseline of the same seed, with"
        " Student's interval over seeds. Reproduced if all four intervals lie below 0 and conditional entropy is the"
        " lowest; partly if all four are below the baseline; not reproduced otherwise."
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("bimix",),
    test=test,
)
