"""What a model takes of a device's memory while it is trained."""

STATE_BYTES = 16  # a parameter: its weight, its gradient and AdamW's two moments, in float32
ACTIVATIONS = 30  # numbers that a token leaves for the backward pass, by layer and width


def activation_bytes(layers: int, width: int, vocabulary: int) -> int:
    """What a token leaves for the backward pass at most, all of it in float32; logits and their gradients among it."""
    return 4 * (ACTIVATIONS * layers * width + 2 * vocabulary)
