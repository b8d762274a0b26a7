"""What the claims on the threshold frequency share: how a power law of size, and two slopes, are judged.

They read one way of counting parameters in the findings of kind ``threshold``
(:mod:`phasemix.experiments.threshold.fits`).
"""

from collections.abc import Callable, Mapping
from typing import Any

from phasemix.base.number_text import estimate_text
from phasemix.claims.claim import TOO_SMALL, Finding, Verdict

MEASURE, OTHER = "crossing", "threshold"  # what verdicts are made of, and what is said beside it
COUNTS = {"all": "all parameters", "non_embedding": "without embeddings"}
FEWEST, ENOUGH = 4, 5  # sizes on the line to say anything, and to say that it is straight
EXPLAINED = 0.9  # R² of the line
MARGIN = 0.25  # of slopes that agree
FLAT, INVERSE = 0.0, -1.0  # slopes; an interval that holds both tells nothing

BOTH_COUNTS = (
    "The rule is applied with all parameters and without embeddings; if its verdicts differ, the claim is partly"
    " reproduced."
)
THRESHOLD = (
    "A size's threshold f is the frequency at which the isotonic regression of accuracy crosses the paper's level, the"
    " geometric mean over seeds. (The paper's own rule, the first group below the level, knows frequencies of groups"
    " only, and finds too shallow a slope where these are far apart; its slope is stated beside the other.) Sizes with"
    f" a run off the groups are left out, and {FEWEST} must be left. The slope is that of log f in log M, with"
    " Student's interval, a size being one point."
)
POWER_LAW = (
    f"(1) The interval of the slope lies below 0. (2) Over {ENOUGH} or more sizes the line explains"
    f" {100 * EXPLAINED:g} % or more of the variance, and no less than an exponential fall does, and the interval of"
    " its bend, how far log f lies above or below its chord in the middle as a share of its fall, holds 0. Reproduced"
    " if both hold, partly if (1) does."
)
AGREEMENT = (
    "The interval of the measured slope less −(α + 1), whose two parts are those of different runs, holds 0 and lies"
    f" within ±{MARGIN:g}, about twice the .131 by which the paper's own two slopes differ"
)
UNDECIDED = "not tested if the interval of the measured slope holds both 0 and −1"


def by_both_counts(threshold: Mapping[str, Any], judge: Callable[[Mapping[str, Any]], Finding]) -> Finding:
    """What ``judge`` finds in the fits by either way of counting parameters; partly if its verdicts differ."""
    found = {words: judge(threshold["fits"][count]) for count, words in COUNTS.items()}
    verdicts = {each.verdict for each in found.values()}
    if "not tested" in verdicts:
        return next(each for each in found.values() if each.verdict == "not tested")
    runs = threshold["runs"][MEASURE]
    measured = [f"{words}: {each.measured}" for words, each in found.items()]
    measured.append(f"{runs['above'] + runs['below']} of {sum(runs.values())} runs lie off the groups")
    return Finding("; ".join(measured), verdicts.pop() if len(verdicts) == 1 else "partly")


def power_law(fits: Mapping[str, Any]) -> Finding:
    """Whether the threshold frequency falls as a power law (:data:`POWER_LAW`); partly if it falls otherwise.

    Not tested if its slope is too uncertain to say.
    """
    law, other = fits[MEASURE], fits[OTHER]
    if law is None or len(law["sizes"]) < FEWEST:
        return TOO_SMALL
    r_squared, exponential, bend = law["line"]["r_squared"], law["exponential_r_squared"], law["bend"]
    straight = (
        len(law["sizes"]) >= ENOUGH
        and r_squared is not None
        and r_squared >= max(EXPLAINED, exponential)
        and bend is not None
        and bend["low"] <= 0 <= bend["high"]
    )
    verdict: Verdict = "reproduced" if straight else "partly"
    if law["slope"]["high"] >= FLAT:
        verdict = "not tested" if _undecided(law) else "not reproduced"
    explained = "" if r_squared is None else f", R² {r_squared:.3f} (exponential fall {exponential:.3f})"
    bent = "" if bend is None else f", bend {spelled(bend)}"
    by_rule = "" if other is None else f", slope by the paper's rule {spelled(other['slope'])}"
    return Finding(
        f"slope {spelled(law['slope'])} over {len(law['sizes'])} sizes{explained}{bent}{by_rule}",
        verdict,
    )


def agreement(fits: Mapping[str, Any]) -> Finding:
    """Whether the measured slope is the predicted one (:data:`AGREEMENT`).

    Partly if the interval of the difference holds 0 and is wider, or lies within the margin beside 0. Not
    tested if the measured slope is too uncertain to say.
    """
    law, web = fits[MEASURE], fits["web"]
    if law is None or web is None or len(law["sizes"]) < FEWEST:
        return TOO_SMALL
    low, high = (law["difference"][end] for end in ("low", "high"))
    holds, narrow = low <= 0 <= high, max(-low, high) <= MARGIN
    measured = (
        f"slope {spelled(law['slope'])}, predicted {spelled(web['slope'])}, difference {spelled(law['difference'])}"
    )
    if _undecided(law):
        return Finding(measured, "not tested")
    return Finding(measured, "reproduced" if holds and narrow else "partly" if holds or narrow else "not reproduced")


def _undecided(law: Mapping[str, Any]) -> bool:
    """Whether a slope may be flat as well as inverse proportion."""
    return bool(law["slope"]["low"] <= INVERSE and law["slope"]["high"] >= FLAT)


def spelled(interval: Mapping[str, float]) -> str:
    """A number with its interval: ``−1.15 (−1.31 to −0.99)``."""
    return estimate_text(*(interval[name] for name in ("value", "low", "high")), form=".2f")
