"""The law that sees the cliff: capacity allocation with domains of facts, learned from a critical point on."""

from typing import ClassVar

from phasemix.fitting.capacity_law import CapacityLaw


class Cliff(CapacityLaw):
    """Broad domains, and domains of facts; see :mod:`phasemix.fitting.capacity_formula`."""

    equation = "capacity-allocation, and of facts L_i = E + V (1 − q_i) + A (s r_i)^−a, q_i their share that is known"
    source = "phasemix; capacity allocation (arXiv 2606.08167) with facts as in theorem 4.2 of arXiv 2505.18091"
    facts: ClassVar[bool] = True


LAW = Cliff()
