"""A factor of the law that cannot be identified."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment

ROUNDING = 1e-10


@in_each_experiment
def test(bimix: dict[str, Any]) -> Finding:
    """The rank of the law's Jacobian in all five numbers, at the fits."""
    ranks, least = bimix["ranks"], bimix["least"]
    each = ", ".join(f"{name} {rank}" for name, rank in ranks.items())
    measured = (
        f"by algebra, and so at our fits: rank of the Jacobian in five numbers: {each}; least singular value at most"
        f" {least:.0e} of the greatest"
    )
    return Finding(measured, "reproduced" if max(ranks.values()) < 5 and least < ROUNDING else "not reproduced")


CLAIM = Claim(
    id="B-Law (factor A)",
    statement="Of the law's coefficients, A_i cannot be identified apart from B_i and C_i.",
    published="L_i = (A_i / r_i^α_i) · (B_i / s^β_i + C_i); all five are fitted",
    criterion=(
        "The Jacobian of the law in all five numbers, at the fitted law of every domain and over all runs, has a"
        f" rank below five: its least singular value is below {ROUNDING:g} of the greatest. That follows from the"
        " formula, in which only A·B and A·C occur; so our fits fix A = 1."
    ),
    history="Written on 2026-11-29; the claim is ours.",
    kinds=("bimix",),
    test=test,
)
