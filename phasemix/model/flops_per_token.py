"""What a model computes for a token, in floating-point operations."""

from phasemix.study.cell import Architecture

BACKWARD = 2  # the backward pass costs twice the forward pass


def forward_flops_per_token(architecture: Architecture, vocabulary: int, context: int) -> int:
    """FLOPs of the forward pass over one token: those of matrix products, a multiplication and an addition each.

    Layers have 12·width² weights, the head vocabulary × width, attention 2·context·width products a
    token and layer; the half of it that causality masks is counted, as is usual.
    """
    width, layers = architecture.width, architecture.layers
    return 2 * (12 * layers * width**2 + vocabulary * width + 2 * layers * context * width)


def training_flops_per_token(architecture: Architecture, vocabulary: int, context: int) -> int:
    """FLOPs of training on one token: the forward and the backward pass."""
    return (1 + BACKWARD) * forward_flops_per_token(architecture, vocabulary, context)


def parameters(architecture: Architecture, vocabulary: int) -> int:
    """All parameters of a model, its biases and layer norms among them."""
    width, layers = architecture.width, architecture.layers
    per_layer = 12 * width**2 + 13 * width
    return layers * per_layer + 2 * width + vocabulary * width * (1 if architecture.tied else 2)
