"""RegMix with linear regression."""

from phasemix.search.regmix import RegMix


class RegMixLinear(RegMix):
    """The mean of the sampled mixtures that a linear regression says are best."""

    law = "regmix-linear"
    assumes = "that losses are linear in the proportions, and that mixtures rank alike at all sizes"


MIXER = RegMixLinear
