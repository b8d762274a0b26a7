"""Capacity allocation: domains share a bounded capacity, and a power of their own data lowers their losses."""

from typing import ClassVar

from phasemix.fitting.capacity_law import CapacityLaw


class CapacityAllocation(CapacityLaw):
    """All domains are broad; see :mod:`phasemix.fitting.capacity_formula`."""

    equation = (
        "L_i = c_i x_i^−b_i + A_i (s r_i)^−a_i + E_i, x minimising Σ r_i c_i x_i^−b_i, Σ x_i = N + (K−1) H, x_i ≥ H"
    )
    source = "Explaining Data Mixing Scaling Laws, arXiv 2606.08167"
    facts: ClassVar[bool] = False


LAW = CapacityAllocation()
