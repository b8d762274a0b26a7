"""How many coefficients a law needs."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment

LAW, EXPONENTIAL = "bimix", "exponential"


@in_each_experiment
def test(bimix: dict[str, Any]) -> Finding:
    """Numbers that our fits of both laws have, one redundant number a domain fewer than published."""
    m, found = bimix["domains"], {row["law"]: row for row in bimix["counts"]}
    law, exponential = found[LAW], found[EXPONENTIAL]
    measured = (
        f"by counting, m = {m}: BiMix {law['in_all']} (5m = {5 * m} less a redundant A a domain) for all steps;"
        f" exponential {exponential['in_all']} (m² + 2m = {m * m + 2 * m} less a redundant k a domain) for each step"
    )
    same = law["in_all"] == 5 * m - m and exponential["in_all"] == m * m + 2 * m - m
    alike = not law["each_step"] and exponential["each_step"]
    return Finding(measured, "reproduced" if same and alike else "not reproduced")


CLAIM = Claim(
    id="B-Table 3",
    statement=(
        "For m domains the law needs 5m coefficients for all steps, the exponential law m² + 2m for each target step."
    ),
    published="5m against m² + 2m",
    criterion=(
        "The numbers that our fits of the two laws have, counted by the fits themselves; each law has one number a"
        " domain that cannot be told from others and is fixed (BiMix's A, the exponential law's k). Reproduced if"
        " they are the published ones less m."
    ),
    history="Written on 2026-11-29; counting is no matter of runs.",
    kinds=("bimix",),
    test=test,
)
