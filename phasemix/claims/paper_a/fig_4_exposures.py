"""Equal exposures at different ratios."""

from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment

SEEDS = 2
EXPOSURES = 100  # fewer may be too few at any ratio


@in_each_experiment
def test(transition: dict[str, Any]) -> Finding:
    """Pairs of cells of one size and equal exposures, at two ratios."""
    pairs = [pair for pair in transition["exposures"] if pair["seeds"] >= SEEDS and pair["exposures"] >= EXPOSURES]
    if not pairs:
        return TOO_SMALL
    more = [pair for pair in pairs if pair["more_low"] > 0]
    less = [pair for pair in pairs if pair["more_high"] < 0]
    widest = max(pairs, key=lambda pair: pair["more"])
    measured = (
        f"of {len(pairs)} pairs of equal exposures, more is recalled at the higher ratio in {len(more)}, at the lower"
        f" one in {len(less)}; most apart: {widest['size']} after {widest['exposures']:.0f} exposures recalls"
        f" {100 * widest['accuracy_low']:.0f} % at r = {widest['ratio_low']:g} and"
        f" {100 * widest['accuracy_high']:.0f} % at r = {widest['ratio_high']:g} ({100 * widest['more_low']:.0f} to"
        f" {100 * widest['more_high']:.0f} points apart)"
    )
    verdict: Verdict = "not reproduced"
    if more:
        verdict = "reproduced" if len(more) >= len(pairs) / 2 and not less else "partly"
    return Finding(measured, verdict)


CLAIM = Claim(
    id="A-Fig 4 (equal exposures)",
    statement=(
        "The same number of exposures at two ratios does not give the same accuracy: it is frequency that decides."
    ),
    published=(
        "r = .2 stays near 0 after exposures with which larger ratios are learned; read off the figure, no numbers "
        "given"
    ),
    criterion=(
        f"Pairs of cells of one size with {EXPOSURES} or more exposures, the same within 5 %, at two ratios, each with"
        f" {SEEDS} or more seeds: how much higher the accuracy is at the higher ratio, which has had fewer tokens."
        " Reproduced if its interval lies above 0 in at least half of the pairs and below 0 in none; partly if above 0"
        " in some."
    ),
    history=(
        "Written on 2026-11-28 before any run of the present grid, with its probes known, of known bits; of accuracy,"
        " of which the claim is, since 2026-11-29, after a review."
    ),
    kinds=("transition",),
    test=test,
)
