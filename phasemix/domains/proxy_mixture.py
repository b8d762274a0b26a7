"""From measures of domains to a mixture of them."""

import math
from collections.abc import Mapping

from phasemix.base.errors import PhasemixError


def exp_normalised(entropies: Mapping[str, float]) -> dict[str, float]:
    """The mixture r_i = exp(H_i) / Σ_j exp(H_j) of BiMix (arXiv 2405.14908, the entropy proxies of tables 4 and 5).

    Args:
        entropies: H_i of each domain, in nats and of any magnitude: they are taken relative to the greatest.

    Raises:
        PhasemixError: there is no domain, or an entropy is not finite.
    """
    if not entropies:
        raise PhasemixError("a mixture needs at least one domain")
    for domain, entropy in entropies.items():
        if not math.isfinite(entropy):
            raise PhasemixError(f"{domain}: its entropy is {entropy}, and a proportion needs a finite one")
    greatest = max(entropies.values())
    weights = {domain: math.exp(entropy - greatest) for domain, entropy in entropies.items()}
    total = math.fsum(weights.values())
    return {domain: weight / total for domain, weight in weights.items()}
