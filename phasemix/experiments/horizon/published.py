"""What paper A published of T at 40 % accuracy, Pythia 70M on SynBio-320k, in billions of tokens (A-Fig 3).

C is printed without its logarithm (:mod:`phasemix.analysis.horizon_laws`).
"""

from dataclasses import dataclass

from phasemix.analysis.horizon_laws import Form


@dataclass(frozen=True)
class PublishedLaw:
    """A fit: log A or log C, B or D, and R² of log T, as they are printed, and the ratios that it was fitted to."""

    texts: tuple[str, str, str]
    ratios: str


LAWS: dict[Form, PublishedLaw] = {
    "exponential": PublishedLaw(("−.25512", "1.5137", ".9980"), "r ≥ .3"),
    "power": PublishedLaw((".098158", "3.83878", ".9853"), "r = .3, .4, .45, .5, .55"),
}
EXTRAPOLATED: list[tuple[Form, float, str]] = [
    ("power", 0.25, "> 2.9×"),
    ("power", 0.2, "> 1.9×"),
    ("exponential", 0.25, "> 2×"),
]
"""Form, ratio, and measured over predicted T; none was attained in the tokens that A trained for."""
