"""What paper A published of the threshold frequency and of the web loss, with sizes in millions of parameters."""

from phasemix.analysis.power_law_fits import SizeLaw

SLOPE = -1.152
"""Of the logarithm of the threshold frequency in that of the size (A-Fig 7a)."""
WEB = SizeLaw(irreducible=1.769, factor=4.952, exponent=0.283)
"""FineWeb-Edu's validation loss, in nats per token (A-Fig 7b)."""
PREDICTED_SLOPE = -(WEB.exponent + 1)
