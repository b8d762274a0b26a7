"""olmix: a log-linear law, whose best mixture stays near the domains' own proportions."""

from phasemix.search.law_mixer import LawMixer


class Olmix(LawMixer):
    """The best mixture by the law ``log-linear`` with a penalty of λ·KL(mixture ‖ natural), within caps."""

    law = "log-linear"
    kl = 0.05
    assumes = "that losses are log-linear in the proportions, and that the domains' own proportions are not far off"


MIXER = Olmix
