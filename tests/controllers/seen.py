"""What controllers see, made up."""

from phasemix.controllers.controller import Seen


class Measured:
    """Measurements that are given."""

    def __init__(self, losses=None, excess=None, products=None):
        self._losses, self._excess, self._products = losses, excess, products

    def losses(self):
        return self._losses

    def excess_losses(self):
        return self._excess

    def gradient_products(self):
        return self._products


def seen(proportions, losses=None, *, tokens=0, rate=0.01, excess=None, products=None):
    return Seen(tokens, proportions, rate, Measured(losses, excess, products))
