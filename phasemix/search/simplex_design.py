"""Mixtures that fill the simplex evenly, from its corners inwards."""

import math

CORNER = "corner-"


def simplex_design(domains: list[str], count: int, corner: float, least: float) -> dict[str, list[float]]:
    """``count`` mixtures by name, proportions in the order of ``domains``; the first ones are the most telling.

    First stands the centre, then a corner per domain, in which it has the proportion ``corner`` and the others share
    the rest equally; then points of a sequence that fills the simplex evenly, whatever their number: the additive
    recurrence of the generalised golden ratio (Roberts 2018, "The unreasonable effectiveness of quasirandom
    sequences"), turned into a uniform distribution on the simplex by −ln u, normalised. Every proportion is ``least``
    or more, because at 0 a power law has no value.
    """
    m = len(domains)
    found = {"centre": [1 / m] * m}
    for i, domain in enumerate(domains):
        found[f"{CORNER}{domain}"] = [corner if j == i else (1 - corner) / (m - 1) for j in range(m)]
    steps = _recurrence(m)
    for number in range(1, count - len(found) + 1):
        exponential = [-math.log((0.5 + number * step) % 1) for step in steps]
        total = math.fsum(exponential)
        found[f"inner-{number:02d}"] = [least + (1 - m * least) * value / total for value in exponential]
    return dict(list(found.items())[:count])


def _recurrence(dimensions: int) -> list[float]:
    """The steps of the sequence: powers of 1/φ, φ being the root of φ^(d + 1) = φ + 1."""
    phi = 2.0
    for _ in range(60):
        phi = (1 + phi) ** (1 / (dimensions + 1))
    return [phi ** -(i + 1) for i in range(dimensions)]
