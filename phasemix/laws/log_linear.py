"""The log-linear law, as olmix fits it."""

from phasemix.fitting.nested import Nested
from phasemix.laws.exponential import Exponential


class LogLinear(Exponential):
    """L = c + exp(Σ_j t_j r_j), c > 0: on the simplex the exponential law, fitted with another threshold."""

    equation = "L_i = exp(ln c) + exp(Σ_j t_j r_j)"
    source = "Olmix, arXiv 2602.12237; Huber's loss, δ = .02"
    huber = 0.02
    positive_floor = True


LAW = Nested(LogLinear())
