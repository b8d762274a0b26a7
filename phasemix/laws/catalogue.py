"""All laws by name, in the order of tables."""

from phasemix.laws.additive import Additive
from phasemix.laws.autoscale import AutoScale
from phasemix.laws.bimix import BiMix
from phasemix.laws.bimix_power import BiMixPower
from phasemix.laws.exponential import Exponential
from phasemix.laws.joint import Joint
from phasemix.laws.kriging import Kriging
from phasemix.laws.law import Law
from phasemix.laws.log_linear import LogLinear
from phasemix.laws.nested import Nested
from phasemix.laws.regmix_lightgbm import RegMixLightGBM
from phasemix.laws.regmix_linear import RegMixLinear
from phasemix.laws.step_law import StepLaw
from phasemix.laws.transfer import Transfer

LAWS: dict[str, Law] = {
    law.name: law
    for law in (
        BiMix(),
        Nested(BiMixPower()),
        StepLaw(),
        Nested(Exponential()),
        Nested(LogLinear()),
        Nested(RegMixLinear()),
        RegMixLightGBM(),
        AutoScale(),
        Additive(),
        Joint(),
        Transfer(),
        Kriging(),
    )
}
