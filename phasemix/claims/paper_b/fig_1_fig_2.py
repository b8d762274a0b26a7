"""The shape of the law."""

from typing import Any

from phasemix.base.number_text import number_text
from phasemix.claims.claim import Claim, Finding, in_each_experiment

STRAIGHT, BENT = 0.9, 0.99  # R² of the lines over proportions, and of the curves over steps
LEAST_P = 0.05


@in_each_experiment
def test(bimix: dict[str, Any]) -> Finding:
    """Curves over steps, and lines over proportions by domain."""
    curves, lines = bimix["steps"], bimix["lines"]
    bent = curves["constant"] >= BENT and curves["constant_error"] < curves["power_error"]
    straight = [line["domain"] for line in lines if line["r_squared"] >= STRAIGHT and line["alpha"] > 0]
    told = all(line["misfit_p"] is not None for line in lines)
    rejected = [line["domain"] for line in lines if told and line["misfit_p"] < LEAST_P / len(lines)]
    each = ", ".join(
        f"{line['domain']} {line['r_squared']:.2f} ({number_text(line['r_squared_without_baseline'], '.2f')})"
        for line in lines
    )
    fits = f"a straight line is rejected in {', '.join(rejected) or 'no domain'}" if told else "no seeds tell a misfit"
    measured = (
        f"over steps R² {curves['constant']:.4f} (median), {curves['power']:.4f} without the constant, and the last"
        f" step predicted within {100 * curves['constant_error']:.2f} and {100 * curves['power_error']:.2f} %; over"
        f" proportions R² {each}, in brackets without the baseline; {fits}"
    )
    if not bent or 2 * len(straight) < len(lines):
        return Finding(measured, "not reproduced")
    holds = len(straight) == len(lines) and told and not rejected
    return Finding(measured, "reproduced" if holds else "partly")


CLAIM = Claim(
    id="B-Fig 1, B-Fig 2",
    statement="A domain's loss is a power law of its proportion and a power law with a constant of the steps.",
    published="straight and bent lines on log-log axes",
    criterion=(
        f"(1) Over steps, B/s^β + C has an R² (of logarithms) of {BENT:g} or more in the median run and domain, and,"
        " fitted without the last step, predicts that better than a power law without constant. (2) At the last"
        " step, over all mixtures and seeds, the line of ln L over the logarithm of the domain's own proportion"
        f" falls and has an R² of {STRAIGHT:g} or more. (3) The mixtures' means scatter around it no more than seeds"
        f" explain (F test of lack of fit, seeds as blocks, {LEAST_P:g} over all domains). Reproduced if all hold in"
        " every domain; partly if (1) holds and (2) in half of the domains; not reproduced otherwise."
    ),
    history=(
        "Written on 2026-11-29, before any run of the study. When the results were known, a review made two rules"
        " stricter: the constant must help to predict, where it had only to fit better; and seeds are blocks in the"
        " F test."
    ),
    kinds=("bimix",),
    test=test,
)
