"""Extrapolation in steps, the worst domains."""

from typing import Any

from phasemix.claims.claim import Claim, Finding, in_each_experiment

MOST = 0.01


@in_each_experiment
def test(bimix: dict[str, Any]) -> Finding:
    """The worst domain's error of the last step by mixture."""
    found = {name: each["worst"] for name, each in bimix["extrapolation"].items()}
    measured = ", ".join(f"{name} {100 * worst:.2f} %" for name, worst in found.items())
    small = sum(worst <= MOST for worst in found.values())
    if small == len(found):
        return Finding(measured, "reproduced")
    return Finding(measured, "partly" if 2 * small >= len(found) else "not reproduced")


CLAIM = Claim(
    id="B-Table 1 (worst domain)",
    statement="It does so in every domain: the largest error stays below 1 %.",
    published="Pile: Baseline .43 %, DoReMi .95 %, CE .67 %; SlimPajama: .29 %, .24 %, .31 %",
    criterion=(
        f"As B-Table 1, of the worst domain of every run, meaned over seeds: {100 * MOST:g} % or less. Reproduced if"
        " for every mixture, partly if for half of them."
    ),
    history="Written on 2026-11-29, before any run of the study.",
    kinds=("bimix",),
    test=test,
)
