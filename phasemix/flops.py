"""What training costs in floating-point operations."""

from phasemix.cell import Architecture

BACKWARD = 2  # the backward pass costs twice the forward pass


def training_flops(architecture: Architecture, vocabulary: int, context: int) -> int:
    """Model FLOPs of training on one token: those of matrix products, a multiplication and an addition each.

    Layers have 12·width² weights, the head vocabulary × width, attention 2·context·width products a
    token and layer; the half of it that causality masks is counted, as is usual.
    """
    width, layers = architecture.width, architecture.layers
    products = 12 * layers * width**2 + vocabulary * width + 2 * layers * context * width
    return 2 * products * (1 + BACKWARD)
