"""The attribute that is recalled least."""

from typing import Any

from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment

BIRTH_DATE = "birth_date"


@in_each_experiment
def test(transition: dict[str, Any]) -> Finding:
    """The birth date's mean accuracy against the other attributes'."""
    attributes = transition["attributes"]
    if attributes is None or BIRTH_DATE not in attributes["by_attribute"]:
        return TOO_SMALL
    means = {attribute: found["mean"] for attribute, found in attributes["by_attribute"].items()}
    difference, low, high = (attributes["by_attribute"][BIRTH_DATE][key] for key in ("difference", "low", "high"))
    listed = ", ".join(f"{attribute.replace('_', ' ')} {100 * mean:.1f} %" for attribute, mean in means.items())
    measured = (
        f"{attributes['cells']} cells: {listed}; birth date minus others"
        f" {_points(difference)} points ({_points(low)} to {_points(high)})"
    )
    if min(means, key=means.__getitem__) == BIRTH_DATE and high < 0:
        return Finding(measured, "reproduced")
    return Finding(measured, "partly" if difference < 0 else "not reproduced")


def _points(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", "−")


CLAIM = Claim(
    id="A-Table 2",
    statement="Of the five attributes, the birth date is recalled least.",
    published="birth date lowest",
    criterion=(
        "Over the cells of accuracy 5–95 %, the birth date's mean accuracy minus the mean of the other attributes,"
        " bootstrapped over people. Reproduced if the birth date is the lowest of all and the interval lies below 0;"
        " partly if it is below the mean of the others without being so clearly the lowest."
    ),
    kinds=("transition",),
    test=test,
)
