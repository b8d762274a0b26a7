"""RegMix with gradient-boosted trees."""

from phasemix.search.regmix import RegMix


class RegMixLightGBM(RegMix):
    """The mean of the sampled mixtures that boosted trees say are best."""

    law = "regmix-lightgbm"
    assumes = (
        "that mixtures rank alike at all sizes; a leaf holds 20 losses or more, so that few runs make coarse trees"
    )


MIXER = RegMixLightGBM
